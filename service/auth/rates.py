"""How often each principal may ask: a bucket of requests that fills again as time goes."""

import time
from collections import OrderedDict
from math import ceil

from graph.errors import TooManyRequests

_PRINCIPALS = 10_000
"""Of whom is remembered what they have left; the longest silent is forgotten, whose bucket is full anyway."""


class Rates:
    """Takes a request from its principal's bucket; O(1)."""

    def __init__(self, per_second: float) -> None:
        """`per_second` requests on the average, twice as many at once; 0 lets all through."""
        self._rate = per_second
        self._most = max(1.0, 2 * per_second)
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, client: str) -> None:
        """Count a request; raises `TooManyRequests`."""
        if not self._rate:
            return
        now = time.monotonic()
        left, at = self._left.pop(client, (self._most, now))
        left = min(self._most, left + (now - at) * self._rate)
        self._left[client] = (max(0.0, left - 1), now) if left >= 1 else (left, now)
        if len(self._left) > _PRINCIPALS:
            self._left.popitem(last=False)
        if left < 1:
            seconds = ceil((1 - left) / self._rate)
            raise TooManyRequests(
                f"you ask more often than {self._rate:g} times a second (setting ARGUMAP_RATE); "
                f"try again in {seconds} s",
                seconds=seconds,
            )
