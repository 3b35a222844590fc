"""Wagtail's account page, without what staff here cannot use."""

from wagtail.admin.views import account


def leave_out_panels() -> None:
    # An officer's face would lie in the public media folder.
    account.AvatarSettingsPanel.is_active = lambda panel: False
    # All notifications are mails.
    has_choices = account.NotificationsSettingsPanel.is_active
    account.NotificationsSettingsPanel.is_active = lambda panel: (
        account.email_management_enabled() and has_choices(panel)
    )
