from django.core.cache.backends.locmem import LocMemCache


class CounterCache(LocMemCache):
    def __init__(self, location, params):
        super().__init__("c", params)
