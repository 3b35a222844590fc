"""The one place that reads the environment. `VARIABLES` is the table the operators' guide shows.

Any variable may come from a file: NAME_FILE=/run/secrets/name. A missing secret stops the start with a
sentence that names it.
"""

import os
from pathlib import Path
from typing import Any

import environ
from django.core.exceptions import ImproperlyConfigured

VARIABLES = {
    "SECRET_KEY": "Signs sessions and forms. Required. 50 random characters.",
    "TIP_KEYRING": "Secrets of the tip box: id:64hex, newest first, commas. Required; never in a backup.",
    "ALLOWED_HOSTS": "Host names the portal answers to, comma-separated. Required.",
    "CSRF_TRUSTED_ORIGINS": "Origins whose forms are accepted, when a proxy changes the host name.",
    "BASE_URL": "The portal's public address, for links in staff mail.",
    "EMAIL_URL": "smtp://user:password@host:587 for notices to staff. Default: none, and no mail is sent.",
    "EMAIL_FROM": "Sender of that mail. Default: the user of EMAIL_URL.",
    "VAPID_PRIVATE_KEY": "Signs what rings phones; manage.py make_vapid_key makes it. Default: none.",
    "VAPID_CONTACT": "Whom push services may ask: mailto:it@example.vn or https://…; needed with the key.",
    "PUSH_SERVICES": "Hosts that ring phones, comma-separated, *.name for all below. Default: four known.",
    "VAR_DIR": "Folder of the embedded database, media and sealed files. Default: var/ in the checkout.",
    "DATABASE_URL": "postgres://user:password@host/name. Default: SQLite in VAR_DIR.",
    "REDIS_URL": "redis://host:6379/0 for the shared cache and the counters. Default: none.",
    "MEDIA_S3_BUCKET": "Bucket of public media. Default: a folder in VAR_DIR.",
    "TIPS_S3_BUCKET": "Bucket of sealed tip files; another one than for media. Default: a folder in VAR_DIR.",
    "S3_ENDPOINT_URL": "Address of the object store. Credentials: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY.",
    "SERVE_MEDIA": "1 lets the portal itself hand out pictures. Default: 1 with MEDIA_S3_BUCKET, or 0.",
    "SECOND_FACTOR_REQUIRED": "0 lets staff in with a password alone. Default: 1.",
    "HSTS_INCLUDE_SUBDOMAINS": "1 extends HTTPS-only to subdomains. Default: 0.",
    "HSTS_PRELOAD": "1 asks browsers to know the host as HTTPS-only beforehand. Default: 0.",
    "TRUSTED_PROXY_COUNT": "Proxies in front that add to X-Forwarded-For. Default: 1.",
    "TIP_UPLOADS_MAX_MB": "MB that files of forms not sent yet may take in all. Default: 2048.",
    "QUICK_EXIT_URL": "Where the quick exit of the tip box leads. Default: the national weather service.",
    "BACKUP_DAYS": "For how many days at most backups are kept; residents are told. Default: 30.",
    "DEMO_PASSWORD": "Demo only: the password of the demo's accounts.",
}

# Seconds that each part outside this process may keep a request waiting, one try each. The one table of them.
TIMEOUTS = {
    "database connection": 5,
    "database unreachable": 10,  # on a connection that stands
    "Redis": 0.5,
    "object store connection": 2,
    "object store": 3,  # each answer; a write is tried twice, and what it left is deleted, twice as well
    "mail": 10,
    "push service": 10,  # half to connect, half for the answer
}


class Env:
    """Reads the variables of the table and nothing else."""

    def __init__(self) -> None:
        self._env = environ.FileAwareEnv()

    def _known(self, name: str) -> str:
        if name not in VARIABLES:
            raise ImproperlyConfigured(f"{name} is not in portal.settings.env.VARIABLES")
        return name

    def text(self, name: str, default: str) -> str:
        return str(self._env.str(self._known(name), default=default))

    def secret(self, name: str) -> str:
        """The secret's text without surrounding space. Raises ImproperlyConfigured when it is missing."""
        value = self.text(name, "").strip()
        if not value:
            raise ImproperlyConfigured(f"Set {name} (or {name}_FILE): {VARIABLES[name]}")
        return value

    def list(self, name: str) -> list[str]:
        return [item.strip() for item in self.text(name, "").split(",") if item.strip()]

    def flag(self, name: str, *, default: bool) -> bool:
        return bool(self._env.bool(self._known(name), default=default))

    def number(self, name: str, default: int) -> int:
        """Raises ImproperlyConfigured, which names the variable, for what is no whole number."""
        try:
            return int(self._env.int(self._known(name), default=default))
        except ValueError:
            raise ImproperlyConfigured(f"{name} is no whole number: {VARIABLES[name]}") from None

    def database(self, sqlite_path: Path) -> dict[str, Any]:
        """Django's DATABASES entry: PostgreSQL from DATABASE_URL, else SQLite for many writers.

        SQLite syncs each commit: with less a power cut could take a tip whose receipt was shown.
        """
        url = self.text("DATABASE_URL", "")
        if url:
            config = dict(self._env.db_url_config(url))
            if config["ENGINE"] == "django.db.backends.postgresql":
                config["OPTIONS"] = {
                    "connect_timeout": TIMEOUTS["database connection"],
                    "tcp_user_timeout": TIMEOUTS["database unreachable"] * 1000,
                    **config.get("OPTIONS", {}),
                }
            return {**config, "CONN_MAX_AGE": 60, "CONN_HEALTH_CHECKS": True}
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": sqlite_path,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL;PRAGMA synchronous=FULL;PRAGMA secure_delete=ON;",
            },
        }

    def mail(self) -> dict[str, Any]:
        """Django's EMAIL_* settings. Without EMAIL_URL no approval waits for, or fails at, a mail server."""
        return dict(self._env.email_url_config(self.text("EMAIL_URL", "dummymail://")))

    def storages(self, *, media_root: Path, tips_root: Path) -> dict[str, dict[str, Any]]:
        """Django's STORAGES: public media, sealed tip files (an alias of its own), static files."""
        storages: dict[str, dict[str, Any]] = {
            "default": {
                "BACKEND": "home.storage.LocalMedia",
                "OPTIONS": {"location": str(media_root)},  # Wagtail puts it into tasks, which take no Path
            },
            "tips": {
                "BACKEND": "home.storage.SyncedFiles",
                "OPTIONS": {
                    "location": tips_root,
                    "base_url": None,
                    "file_permissions_mode": 0o600,
                    "directory_permissions_mode": 0o700,
                },
            },
            "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
        }
        # file_overwrite is True and max_memory_size unlimited unless said otherwise: lost files, lost memory.
        s3 = {
            "endpoint_url": self.text("S3_ENDPOINT_URL", "") or None,
            "default_acl": "private",
            "file_overwrite": False,
            "querystring_auth": True,
            "max_memory_size": 2 * 1024 * 1024,
        }
        for alias, variable, backend in (
            ("default", "MEDIA_S3_BUCKET", "home.object_store.StoredMedia"),
            ("tips", "TIPS_S3_BUCKET", "home.object_store.ObjectStore"),
        ):
            bucket = self.text(variable, "")
            if bucket:
                storages[alias] = {"BACKEND": backend, "OPTIONS": {**s3, "bucket_name": bucket}}
        return storages


env = Env()


def var_dir(base_dir: Path) -> Path:
    """Where the embedded default keeps its data; relative names count from the checkout."""
    return base_dir / os.environ.get("VAR_DIR", "var")
