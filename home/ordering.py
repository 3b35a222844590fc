"""Lists in Vietnamese order: Đ after D, tones in theirs, capitals no matter; the same on both databases."""

from typing import Any

from django.db.models import CharField, Func, Value
from django.db.models.functions import Collate, Concat

from .text import BOTH_CASES, BY_LETTER, BY_TONE, sort_key


class InVietnamese(Func):
    """`order_by(InVietnamese("name"))`. The order of SQLite, and of many a server, puts Đ after Z."""

    function = "VIETNAMESE_SORT_KEY"
    arity = 1
    output_field = CharField()

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        (name,) = self.get_source_expressions()
        letters, tones = (
            Func(name, Value(BOTH_CASES), Value(ranks), function="TRANSLATE", output_field=CharField())
            for ranks in (BY_LETTER, BY_TONE)
        )
        key = Concat(letters, Value("\x01"), tones, output_field=CharField())
        # By the numbers of the characters, whatever the server's language.
        return compiler.compile(Collate(key, "C"))


def teach_sqlite(connection: Any, **kwargs: Any) -> None:
    """SQLite asks Python. For the signal `connection_created`."""
    if connection.vendor == "sqlite":
        connection.connection.create_function(InVietnamese.function, 1, _key, deterministic=True)


def _key(name: str | None) -> str | None:
    return None if name is None else sort_key(name)
