"""Rows that decide to whom something is sealed carry a MAC of the environment over all that they say.

Who can write to the database but has no environment can change such a row, not its MAC. What was changed so
is not signed again when the portal saves the row later: it stays foreign, and receives nothing.
"""

from typing import Any, Self
from uuid import uuid4

from django.db import models, transaction

from ..signals import in_force_asked, signing

SIGNATURE = ("version", "keyring_id", "mac")


class Signed(models.Model):
    """Saved one by one, through `save`: `QuerySet.update` and `bulk_create` write rows that nobody trusts.

    Each change is a new `version`. The floor above signs it and notes in the audit log that the version of
    before is over, so that a copy of it, put back later, is refused.
    """

    version = models.UUIDField(default=uuid4, editable=False)
    keyring_id = models.CharField(max_length=40, default="", editable=False)
    mac = models.BinaryField(default=b"")

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            stored = None if self._state.adding else self._stored()
            fields = kwargs.get("update_fields")
            if stored is not None and fields is not None:
                # The MAC covers the whole row, also what this save leaves as it is.
                for field in self._meta.concrete_fields:
                    if field.name not in fields:
                        setattr(self, field.attname, getattr(stored, field.attname))
                kwargs["update_fields"] = {*fields, *SIGNATURE}
            signing.send(sender=type(self), row=self, stored=stored)
            super().save(*args, **kwargs)

    def in_force(self) -> bool:
        """Whether the portal wrote the row so, and did not replace or end it since."""
        answers = in_force_asked.send(sender=type(self), row=self)
        return all(stands for _receiver, stands in answers)

    def _stored(self) -> Self | None:
        rows = type(self)._base_manager.select_for_update(of=("self",))
        return rows.filter(pk=self.pk).first()
