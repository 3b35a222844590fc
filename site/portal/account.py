"""Wagtail's account page, without what staff here cannot use."""

from wagtail.admin.views import account


def leave_out_panels() -> None:
    # An officer's face would lie in the public media folder.
    account.AvatarSettingsPanel.is_active = lambda panel: False
    # What Wagtail would mail about is told by the portal's own notices, which have a page of choices.
    account.NotificationsSettingsPanel.is_active = lambda panel: False
