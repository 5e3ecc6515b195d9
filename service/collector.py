"""Python's cyclic garbage collector under a service: it never goes through the whole heap while somebody waits.

A full collection is one call that lets no other thread run, the event loop's neither, for as long as it takes to look
at every object: a tenth of a second after the imports alone, more while a question holds a large structure. What these
questions make goes by reference counts, so a full one is made only when no work is under way.
"""

import asyncio
import gc
import logging
from collections.abc import Callable
from time import monotonic, thread_time

_log = logging.getLogger("argumap")
_YOUNG, _MIDDLE = 1_000, 10
"""Objects after which the youngest are looked at, and how often before those that outlived it are."""
_NEVER = 1 << 30
_SHARE = 1_000
"""A full collection is followed by a pause of so many times what it took."""
_LEAST, _MOST = 5.0, 300.0
"""Seconds between two full collections where nothing is under way, and after which one is made although work is."""
_LONG = 0.1
_WORTH = 10
"""Looks at the middle generation, one after some ten thousand objects more, before a full collection is worth it."""


def settle() -> None:
    """Look through what the start has made, once, and leave it alone from then on; full collections are no longer made
    by themselves. Called when the process is ready, before it serves.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(_YOUNG, _MIDDLE, _NEVER)


async def collect_at_rest(is_at_rest: Callable[[], bool]) -> None:
    """Make a full collection now and then while nothing is under way, until it is cancelled."""
    last, pause = monotonic(), _LEAST
    while True:
        await asyncio.sleep(_LEAST)
        waited = monotonic() - last
        worth = gc.get_count()[2] >= _WORTH
        if waited >= _MOST or (waited >= pause and worth and is_at_rest()):
            begun = thread_time()
            gc.collect()
            took = thread_time() - begun
            if took > _LONG:
                _log.info("a full collection of garbage held everybody up for %d ms", round(1000 * took))
            last, pause = monotonic(), max(_LEAST, took * _SHARE)
