"""After a new key was put in front of TIP_KEYRING: re-make under it whatever the server can."""

from collections.abc import Callable
from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet

from communes.models import MailAddress, PushSubscription, Unit
from home import at_rest
from tipform.audit import rechain
from tipform.keyring import keyring
from tipform.keys.ring import is_genuine, sign
from tipform.keys.signing import SIGNED, resign
from tipform.models import AuditEntry, OfficerKey, RecoveryKey, Tip, UnitKey, WithdrawnMark

from .sign_records import rows_of

PROGRESS_EVERY = 200


def _resign_key(key: Any) -> bool:
    if not is_genuine(key):
        return False
    sign(key)
    key.save(update_fields=["keyring_id", "mac"])
    return True


class Command(BaseCommand):
    help = (
        "Re-sign public keys and audit logs, encrypt addresses of staff anew; "
        "say which keys of the ring are still needed."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        # Each row and each log is done for itself: stop at any moment, and run it again.
        self._resign("units' keys", UnitKey.objects.select_related("unit"), _resign_key)
        self._resign("recovery keys", RecoveryKey.objects.select_related("unit"), _resign_key)
        self._resign("officers' keys", OfficerKey.objects.all(), _resign_key)
        for model in SIGNED:
            self._resign(str(model._meta.label), rows_of(model), resign)
        self._rechain()
        self._encrypt_anew("browsers that ring", PushSubscription.objects.all())
        self._encrypt_anew("addresses of staff", MailAddress.objects.all())
        for key_id in keyring().ids[1:]:
            self._report(key_id)

    def _resign(self, name: str, rows: "QuerySet[Any]", resign: Callable[[Any], bool]) -> None:
        rows = rows.exclude(keyring_id=keyring().primary)
        total, done, foreign = rows.count(), 0, 0
        for number, row in enumerate(rows.iterator(chunk_size=500)):
            self._progress(name, number, total)
            if resign(row):
                done += 1
            else:
                foreign += 1
        self.stdout.write(f"{name}: {done} re-signed, {foreign} left alone: no key of the ring made them")

    def _encrypt_anew(self, name: str, rows: "QuerySet[Any]") -> None:
        done = lost = 0
        for row in rows.iterator(chunk_size=500):
            try:
                rows.filter(pk=row.pk).update(sealed=at_rest.renew(row.sealed))
                done += 1
            except at_rest.Unreadable:
                lost += 1
        self.stdout.write(f"{name}: {done} encrypted anew, {lost} left alone: no key of the ring opens them")

    def _rechain(self) -> None:
        units = Unit.objects.filter(pk__in=AuditEntry.objects.order_by().values("unit"))
        total, done = units.count(), 0
        for number, unit in enumerate(units.order_by("pk")):
            self._progress("audit logs", number, total)
            try:
                done += rechain(unit)
            except ValueError as error:
                self.stderr.write(f"audit log of {unit.full_name} ({unit.uuid}) left alone: {error}")
        self.stdout.write(f"audit logs: {done} re-chained of {total}")

    def _progress(self, what: str, done: int, total: int) -> None:
        if done and done % PROGRESS_EVERY == 0:
            self.stdout.write(f"{what}: {done} of {total} …")
            self.stdout.flush()

    def _report(self, key_id: str) -> None:
        left = {
            "officers who have not logged in since": OfficerKey.objects.filter(
                pepper_id=key_id, superseded__isnull=True
            ),
            "tips whose receipt codes hang on it": Tip.objects.filter(receipt_keyring_id=key_id),
            "forms of tips taken back, for a week": WithdrawnMark.objects.filter(keyring_id=key_id),
        }
        counts = {what: rows.count() for what, rows in left.items()}
        needed = ", ".join(f"{count} {what}" for what, count in counts.items() if count)
        self.stdout.write(
            f"{key_id}: still needed: {needed}" if needed else f"{key_id}: may be taken out now"
        )
