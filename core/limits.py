"""How often in a minute one person may do what costs the server much. Counted in the cache, which forgets by itself."""

import logging

from django.core.cache import cache
from redis.exceptions import RedisError

from core import clock

log = logging.getLogger("portal.limits")
MINUTE = 60


def is_too_often(what: str, who: int, *, limit: int) -> bool:
    """Count once more, and say whether that is more than ``limit`` in this minute; 0 is no limit."""
    if not limit:
        return False
    key = f"limit:{what}:{who}:{int(clock.now().timestamp()) // MINUTE}"
    try:
        cache.add(key, 0, timeout=2 * MINUTE)
        count = cache.incr(key)
    except (
        RedisError,
        OSError,
        ValueError,
    ) as error:  # a cache that is away or full keeps nobody from working
        log.warning("%s of user %s was not counted: %s", what, who, error)
        return False
    if count == limit + 1:
        log.warning("user %s went over the limit of %s a minute: %s", who, limit, what)
    return count > limit


def seconds_left() -> int:
    """Until the next minute begins."""
    return MINUTE - int(clock.now().timestamp()) % MINUTE
