"""Folding of words, on their way into the index and of what is asked for."""

from functools import lru_cache
from typing import Any

from modelsearch.query import And, Not, Or, Phrase, PlainText, SearchQuery

from home.text import i_for_y, joined_words, search_words

# More words only deepen the expression tree, until the database refuses it.
MOST_WORDS = 32


def fold_query(query: SearchQuery | str) -> SearchQuery | str:
    """The query with its words folded; "" where no word is left, which searches nothing."""
    if isinstance(query, str):
        return i_for_y(" ".join(search_words(query)[:MOST_WORDS]))
    if isinstance(query, PlainText):
        words = fold_query(query.query_string)
        return PlainText(words, operator=query.operator, boost=query.boost) if words else ""
    if isinstance(query, Phrase):
        words = fold_query(query.query_string)
        return Phrase(words) if words else ""
    if isinstance(query, And | Or):
        parts = [part for part in map(fold_query, query.subqueries) if part]
        return type(query)(parts) if parts else ""
    if isinstance(query, Not):
        part = fold_query(query.subquery)
        return Not(part) if part else ""
    return query


class FoldingSearch:
    """Folds every query on its way into a backend."""

    def _search(self, query_compiler_class: Any, query: Any, model_or_queryset: Any, **kwargs: Any) -> Any:
        return super()._search(  # type: ignore[misc]
            query_compiler_class, fold_query(query), model_or_queryset, **kwargs
        )


class FoldingIndexer:
    """Folds every value on its way into the index."""

    def prepare_value(self, value: Any) -> str:
        return _folded(super().prepare_value(value))  # type: ignore[misc]


# The index asks three times for each field of an object.
@lru_cache(maxsize=512)
def _folded(text: str) -> str:
    # "M'gar" is looked for as "m gar" and as "mgar".
    return i_for_y(" ".join([*search_words(text), *joined_words(text)]))
