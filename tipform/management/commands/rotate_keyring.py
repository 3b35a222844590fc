"""After a new key was put in front of TIP_KEYRING: make under it whatever the server can make anew."""

from typing import Any

from django.core.management.base import BaseCommand
from django.db.models import QuerySet

from communes.models import Unit
from tipform.audit import rechain
from tipform.keys.ring import is_genuine, keyring, sign
from tipform.models import AuditEntry, OfficerKey, RecoveryKey, Tip, UnitKey, WithdrawnMark

PROGRESS_EVERY = 200


class Command(BaseCommand):
    help = "Vouch anew for public keys and audit logs; say which keys of the ring are still needed."

    def handle(self, *args: Any, **options: Any) -> None:
        # Each row and each log is done for itself: stop at any moment, and run it again.
        self._vouch_anew("units' keys", UnitKey.objects.select_related("unit"))
        self._vouch_anew("recovery keys", RecoveryKey.objects.select_related("unit"))
        self._vouch_anew("officers' keys", OfficerKey.objects.all())
        self._chain_anew()
        for key_id in keyring().ids[1:]:
            self._report(key_id)

    def _vouch_anew(self, name: str, keys: "QuerySet[Any]") -> None:
        rows = keys.exclude(keyring_id=keyring().primary)
        total, done, strange = rows.count(), 0, 0
        for number, key in enumerate(rows.iterator(chunk_size=500)):
            self._progress(name, number, total)
            if is_genuine(key):
                sign(key)
                key.save(update_fields=["keyring_id", "mac"])
                done += 1
            else:
                strange += 1
        self.stdout.write(
            f"{name}: {done} vouched for anew, {strange} left alone: no key of the ring made them"
        )

    def _chain_anew(self) -> None:
        units = Unit.objects.filter(pk__in=AuditEntry.objects.order_by().values("unit"))
        total, done = units.count(), 0
        for number, unit in enumerate(units.order_by("pk")):
            self._progress("audit logs", number, total)
            try:
                done += rechain(unit)
            except ValueError as error:
                self.stderr.write(f"audit log of {unit.full_name} ({unit.uuid}) left alone: {error}")
        self.stdout.write(f"audit logs: {done} chained anew of {total}")

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
