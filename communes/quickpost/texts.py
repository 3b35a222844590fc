"""What the script of the screen says, translated here: scripts have no catalogue of their own."""

from django.utils.translation import gettext as _


def script_texts() -> dict[str, str]:
    return {
        "preparing": _("Preparing the photos…"),
        "checking": _("One moment…"),
        "sending": _("Sending…"),
        "percent": _("Sent {percent} %"),
        "offline": _(
            "The connection is lost. The post is still here: press the button again when it is back."
        ),
        "retrying": _("The connection is back. Sending again…"),
        "failed": _("That did not work. The post is still here: press the button again."),
        "logged_out": _("You have been logged out. The post is kept on this device."),
        "log_in": _("Log in again"),
        "open": _("Open the post"),
        "restored": _("Here is what you had not sent yet, of {when}."),
        "unsaved": _("This browser keeps no drafts. Do not close the page before the post is sent."),
        "too_many": _("A post has ten photos at most. Choose fewer."),
        "unreadable": _("The browser cannot show this photo: it is sent as it is, without blurring."),
        "not_pasted": _(
            "{count} pictures could not be pasted. Press “Take or choose photos” below to add them."
        ),
        "photo": _("Photo {number}"),
        "example": _("For example: handing out helmets"),
        "blur": _("Blur faces, number plates"),
        "remove": _("Remove the picture"),
        "blurred": _("{count} places blurred"),
        "position": _("{x} % from the left, {y} % from the top"),
        "copied": _("Copied. Open Zalo and paste it."),
        "copy_by_hand": _("Hold the text and choose “Copy”."),
    }
