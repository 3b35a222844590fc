"""Counters of the rate limits, where there is no Redis."""

from django.db import models


class Counter(models.Model):
    """One window of one limit. The key is an HMAC: no address and no receipt code is in it."""

    key = models.CharField(max_length=255, primary_key=True)
    value = models.BigIntegerField()
    expires = models.FloatField(db_index=True, help_text="Unix time in seconds")

    class Meta:
        verbose_name = "counter"

    def __str__(self) -> str:
        return self.key
