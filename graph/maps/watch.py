"""The watch: one look at the store, now and then, tells all that listen which maps have changed."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from math import ceil
from random import uniform
from typing import Protocol

from graph.errors import GraphError
from graph.maps.port import MapVersion, Outlook, Store

_log = logging.getLogger("argumap")
PAUSE = 0.5
"""Seconds between two looks at the store: another process is heard of within them."""
_TOGETHER = 0.25
"""Seconds within which waits end together: a service at rest that woke for each of a thousand would do little else."""


class Stopped(Exception):
    """The service ends, and with it every stream."""


class TooManyListeners(Exception):
    """As many listen as may at once."""


Waits = set["asyncio.Future[None]"]


@dataclass
class _Watched:
    version: MapVersion | None
    """Where the map stood at the last look; None where there is none."""
    since: int = 0
    """The number of the last look that was under way when somebody came who knew it better; what it says is older."""
    listeners: int = 0
    waits: Waits = field(default_factory=set)
    """Those who wait for the map to change."""


class Onlooker(Protocol):
    """Wants to know of keys what the watch finds out of maps: one question serves both."""

    def wanted_keys(self) -> Collection[str]:
        """The ids of those that are asked for."""

    def take(self, found: Outlook, asked: Collection[str]) -> None:
        """What a look has found, in which these keys were asked for."""


class Watch:
    """Knows where the maps stand that somebody listens to; nobody listening, nothing is asked.

    However many listen, the store is asked once in `PAUSE` seconds, for all maps together, and at once after a write of
    this process.
    """

    def __init__(self, store: Store, most: int) -> None:
        """At most `most` may listen at once."""
        self._store = store
        self._most = most
        self._watched: dict[str, _Watched] = {}
        self._count = 0
        self._nudged = asyncio.Event()
        self.nudge = self._nudged.set
        """Has the watch look at once: this process has written."""
        self._task: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._looks = 0
        self._onlookers: set[Onlooker] = set()

    @property
    def listeners(self) -> int:
        """How many listen."""
        return self._count

    @contextmanager
    def listening(self, map_id: str, version: MapVersion) -> Iterator[None]:
        """Have a map watched; raises `TooManyListeners` and `Stopped`."""
        if self._is_stopped:
            raise Stopped
        if self._count >= self._most:
            raise TooManyListeners
        watched = self._watched.setdefault(map_id, _Watched(version))
        if watched.version is None or _is_older(watched.version, version):
            watched.since = self._looks
            self._take({map_id: version}, [map_id])
        watched.listeners += 1
        self._count += 1
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._look())
        try:
            yield
        finally:
            watched.listeners -= 1
            self._count -= 1
            if not watched.listeners and self._watched.get(map_id) is watched:
                del self._watched[map_id]

    async def moves(self, map_id: str, seen: MapVersion, seconds: float, waits: Waits) -> MapVersion | None:
        """Wait until the map stands elsewhere than it was seen, about `seconds` at most; where it stands then.

        None where it is no more, and as it was seen where nothing has happened: an exception would cost a thousand who
        wait more than all the rest. The wait is among `waits` meanwhile, and `wake` ends it too. Raises `Stopped` where
        the service ends.
        """
        watched = self._watched[map_id]
        if watched.version == seen and not self._is_stopped:
            loop = asyncio.get_running_loop()
            wait = loop.create_future()
            end = loop.time() + seconds * uniform(0.8, 1)  # those who came together part, so that no end is crowded
            timer = loop.call_at(ceil(end / _TOGETHER) * _TOGETHER, wake, {wait})
            watched.waits.add(wait)
            waits.add(wait)
            try:
                await wait
            finally:
                timer.cancel()
                watched.waits.discard(wait)
                waits.discard(wait)
        if self._is_stopped:
            raise Stopped
        return watched.version

    def tell(self, onlooker: Onlooker) -> None:
        """Have an onlooker told of each look, as long as somebody listens."""
        self._onlookers.add(onlooker)

    def leave(self, onlooker: Onlooker) -> None:
        """Tell it no more."""
        self._onlookers.discard(onlooker)

    async def stop(self) -> None:
        """End every wait, now and from now on."""
        self._is_stopped = True
        for watched in self._watched.values():
            wake(watched.waits)
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    async def _look(self) -> None:
        is_away = False
        while self._watched:
            self._nudged.clear()
            self._looks += 1
            number, asked = self._looks, list(self._watched)
            keys = {key for one in self._onlookers for key in one.wanted_keys()}
            try:
                found = await self._store.standing(asked, keys)
            except GraphError as error:
                if not is_away:
                    _log.warning("the store cannot be asked what has changed: %s", error.detail)
                is_away = True
            else:
                is_away = False
                self._take(
                    found.maps, [one for one in asked if one in self._watched and self._watched[one].since < number]
                )
                for onlooker in list(self._onlookers):
                    onlooker.take(found, keys)
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._nudged.wait()

    def _take(self, found: dict[str, MapVersion], maps: Iterable[str]) -> None:
        for map_id in maps:
            watched = self._watched[map_id]
            version = found.get(map_id)
            if version != watched.version:
                watched.version = version
                wake(watched.waits)


def wake(waits: Waits) -> None:
    """End these waits."""
    for wait in waits:
        if not wait.done():
            wait.set_result(None)


def _is_older(one: MapVersion, other: MapVersion) -> bool:
    return one.created_at == other.created_at and one.revision < other.revision
