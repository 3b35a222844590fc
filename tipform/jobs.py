"""What happens to tips, keys and counters by the clock."""

from django.utils.translation import gettext_lazy as _

from home.jobs import HOUR, MINUTE, Job

from . import counters
from .attachments import waiting
from .box.sent_forms import forget_sent_forms
from .box.withdrawal import erase_leftovers, forget_forms
from .keys.grants import check_keys, end_all_departed

JOBS = [
    Job("purge_counters", HOUR, counters.purge, _("Removing counters that have ended")),
    Job("take_keys_back", MINUTE, end_all_departed, _("Ending the keys of officers who have left")),
    Job("check_keys", HOUR, check_keys, _("Checking that every key was made by this portal")),
    Job("erase_leftovers", HOUR, erase_leftovers, _("Erasing what is left of tips that were taken back")),
    Job("expire_uploads", MINUTE, waiting.expire, _("Erasing files whose form was not sent within a day")),
    Job(
        "forget_forms",
        HOUR,
        forget_forms,
        _("Forgetting forms whose tip was taken back, once they have expired"),
    ),
    Job("forget_sent_forms", MINUTE, forget_sent_forms, _("Ending receipts that may not be shown again")),
]
