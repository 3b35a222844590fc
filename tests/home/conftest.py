from typing import Any

import pytest

from home.models import InfoPage


@pytest.fixture
def no_starter_pages(unit: Any) -> None:
    """What is found is what a test wrote; the pages that every unit starts with are gone."""
    for page in InfoPage.objects.all():
        page.delete()
