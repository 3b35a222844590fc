"""What the service tests do in processes of their own: python steps.py <function>."""

import sys
from concurrent.futures import ThreadPoolExecutor

import django

THREADS, CALLS, LIMIT = 8, 200, 500


def migrate_there_and_back() -> None:
    """All migrations, then our apps' back as far as they go, then forward again."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    call_command("migrate", "tipform", "zero", verbosity=0)
    # 0001 is the user, on which Wagtail's own migrations stand, and theirs do not all go back.
    call_command("migrate", "communes", "0001", verbosity=0)
    call_command("migrate", "home", "zero", verbosity=0)
    left = [
        name
        for name in connection.introspection.table_names()
        if name.startswith(("home_", "communes_", "tipform_")) and not name.startswith("communes_user")
    ]
    assert left == [], left
    call_command("migrate", verbosity=0)
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def count() -> None:
    """Write how many of this process's calls a limit of LIMIT an hour let through."""
    from django.db import close_old_connections, connections
    from django.test import RequestFactory
    from django_ratelimit.core import is_ratelimited

    request = RequestFactory().get("/")

    def calls() -> int:
        allowed = 0
        for _call in range(CALLS):
            allowed += not is_ratelimited(
                request, group="g", key=lambda group, request: "x", rate=f"{LIMIT}/h", increment=True
            )
        close_old_connections()
        connections.close_all()
        return allowed

    with ThreadPoolExecutor(THREADS) as pool:
        sys.stdout.write(str(sum(pool.map(lambda _number: calls(), range(THREADS)))))


if __name__ == "__main__":
    django.setup()
    {"migrate_there_and_back": migrate_there_and_back, "count": count}[sys.argv[1]]()
