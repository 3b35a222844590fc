"""Files that went up ahead of their form. They wait for a day at most; their key is in the form alone."""

import uuid

from django.db import models
from django.utils import timezone


class WaitingUpload(models.Model):
    """One such file. Its name, its type and its key are kept by the browser and not here."""

    uuid = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    # By this whoever has the key is known (`tipform.attachments.waiting`).
    key_mac = models.BinaryField()
    length = models.PositiveIntegerField(help_text="Bytes, as announced")
    received = models.PositiveIntegerField(default=0, help_text="Bytes that have arrived, from the start")
    created = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        verbose_name = "waiting upload"

    def __str__(self) -> str:
        return self.uuid.hex

    @property
    def is_whole(self) -> bool:
        return self.received == self.length


class WaitingPiece(models.Model):
    """What one request brought of it, a sealed object. Its row comes first, so that none is forgotten."""

    upload = models.ForeignKey(WaitingUpload, models.CASCADE, related_name="pieces")
    start = models.PositiveIntegerField()
    # 0 until the piece counts: of several that begin at one place only one does.
    size = models.PositiveIntegerField(default=0)
    object_name = models.CharField(max_length=120)

    class Meta:
        verbose_name = "piece of a waiting upload"
        ordering = ("start",)

    def __str__(self) -> str:
        return f"{self.upload_id}: {self.start}"
