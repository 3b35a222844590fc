from collections.abc import Iterator

import pytest

from tests.journeys.conftest import served_demo


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Another one than the other journeys': the crawl leaves nothing as it was."""
    yield from served_demo(tmp_path_factory)
