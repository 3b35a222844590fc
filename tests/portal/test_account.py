"""The account page offers staff what they can use here, and nothing else."""

from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from wagtail.users.models import UserProfile

pytestmark = pytest.mark.django_db


def account_page(user: Any) -> str:
    client = Client()
    client.force_login(user)
    return client.get(reverse("wagtailadmin_account")).content.decode()


def test_nobody_is_asked_for_mail_here(editor: Any, officer: Any, unit_editor: Any) -> None:
    """The page of the bell does, and lets each confirm his address."""
    for user in (editor, officer, unit_editor):
        page = account_page(user)
        assert "name_email-first_name" in page
        assert "theme-theme" in page
        assert "name_email-email" not in page
        assert "_notifications" not in page


def test_no_officers_face_gets_into_the_public_folder(officer: Any, own_files: Path) -> None:
    assert "avatar-avatar" not in account_page(officer)
    client = Client()
    client.force_login(officer)
    data = {
        "name_email-first_name": "Hiền",
        "name_email-last_name": "Trần",
        "theme-theme": "dark",
        "theme-contrast": "system",
        "theme-density": "default",
        "locale-preferred_language": "vi",
        "avatar-avatar": SimpleUploadedFile("mat.gif", GIF, content_type="image/gif"),
    }
    response = client.post(reverse("wagtailadmin_account"), data)
    assert response.status_code == 302
    profile = UserProfile.objects.get(user=officer)
    assert profile.theme == "dark"
    assert not profile.avatar
    assert not list(own_files.rglob("*.*"))


GIF = bytes.fromhex("47494638396101000100800000000000ffffff2c00000000010001000002024401003b")
