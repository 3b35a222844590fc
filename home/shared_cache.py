"""The cache in Redis, and this process's own memory while Redis does not answer.

What is cached or counted can be made or counted again. So a Redis that died, or hangs, costs a little speed
and counts of each process apart, and no page and no tip.
"""

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)

Result = TypeVar("Result")
# Seconds in which Redis is not asked again, so that one that hangs delays one request in many.
LEFT_ALONE_FOR = 10
# Other processes cannot delete what stands in this one's memory.
REMEMBERED_FOR = 60


class SharedCache(BaseCache):
    """Django's cache over `LOCATION`, a Redis; give it time-outs in OPTIONS."""

    # By address: the threads of a process share what one of them found out.
    _asked_again_at: ClassVar[dict[str, float]] = {}

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._server = server
        self._redis = RedisCache(server, params)
        prefix = params.get("KEY_PREFIX", "")
        own = {"KEY_PREFIX": prefix, "TIMEOUT": REMEMBERED_FOR}
        self._memory = LocMemCache(f"instead of {server} {prefix}", own)

    def _ask(self, question: Callable[[BaseCache], Result]) -> Result:
        if time.monotonic() >= self._asked_again_at.get(self._server, 0):
            try:
                return question(self._redis)
            except (RedisError, OSError) as error:
                self._asked_again_at[self._server] = time.monotonic() + LEFT_ALONE_FOR
                logger.error("Redis (REDIS_URL) does not answer: %s", type(error).__name__)
        return question(self._memory)

    def ping(self) -> None:
        """Raises RedisError or OSError when Redis does not answer at this moment."""
        self._redis.has_key("ping")

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda cache: cache.add(*args, **kwargs))

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._ask(lambda cache: cache.get(*args, **kwargs))

    def set(self, *args: Any, **kwargs: Any) -> None:
        self._ask(lambda cache: cache.set(*args, **kwargs))

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda cache: cache.touch(*args, **kwargs))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda cache: cache.delete(*args, **kwargs))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        return self._ask(lambda cache: cache.get_many(*args, **kwargs))

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        return self._ask(lambda cache: cache.set_many(*args, **kwargs))

    def delete_many(self, *args: Any, **kwargs: Any) -> None:
        self._ask(lambda cache: cache.delete_many(*args, **kwargs))

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        return self._ask(lambda cache: cache.has_key(*args, **kwargs))

    def incr(self, *args: Any, **kwargs: Any) -> int:
        """Raises ValueError for a key that is not there."""
        return self._ask(lambda cache: cache.incr(*args, **kwargs))

    def clear(self) -> None:
        self._ask(lambda cache: cache.clear())
