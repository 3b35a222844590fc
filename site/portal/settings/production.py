"""A real installation: `base` as it stands, and no demo in it."""

from django.core.exceptions import ImproperlyConfigured

from .base import *

if not ALLOWED_HOSTS:
    raise ImproperlyConfigured("Set ALLOWED_HOSTS: the host names the portal answers to, comma-separated")
