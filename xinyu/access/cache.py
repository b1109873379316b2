"""A cache that a dead Redis does not take the platform down with: limits at the door are lost, the door stays open."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("xinyu.cache")


def _calm(name: str, when_down):
    original = getattr(RedisCache, name)

    def method(self, *args, **kwargs):
        try:
            return original(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("cache unavailable for %s: %s", name, error)
            return when_down(args, kwargs)

    return method


class CalmRedisCache(RedisCache):
    """Answers as an empty cache while Redis is away."""

    get = _calm("get", lambda args, kwargs: kwargs.get("default", args[1] if len(args) > 1 else None))
    set = _calm("set", lambda args, kwargs: None)
    add = _calm("add", lambda args, kwargs: True)
    delete = _calm("delete", lambda args, kwargs: False)
    incr = _calm("incr", lambda args, kwargs: 1)
    get_many = _calm("get_many", lambda args, kwargs: {})
    set_many = _calm("set_many", lambda args, kwargs: [])
    has_key = _calm("has_key", lambda args, kwargs: False)
    touch = _calm("touch", lambda args, kwargs: False)
