"""The watch: one look at the store, now and then, tells all that listen which maps have changed."""

import asyncio
import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from graph.errors import GraphError
from graph.maps.port import MapVersion, Store

_log = logging.getLogger("argumap")
PAUSE = 0.5
"""Seconds between two looks at the store: another process is heard of within them."""


class Stopped(Exception):
    """The service ends, and with it every stream."""


class TooManyListeners(Exception):
    """As many listen as may at once."""


@dataclass
class _Watched:
    version: MapVersion | None
    """Where the map stood at the last look; None where there is none."""
    since: int = 0
    """The number of the last look that was under way when somebody came who knew it better; what it says is older."""
    listeners: int = 0
    moved: asyncio.Event = field(default_factory=asyncio.Event)
    """Set and replaced when the map has changed."""


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
        self._task: asyncio.Task[None] | None = None
        self._is_stopped = False
        self._looks = 0

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

    async def moves(self, map_id: str, seen: MapVersion, seconds: float) -> MapVersion | None:
        """Wait until the map stands elsewhere than it was seen, `seconds` at most; where it stands then.

        None where it is no more. Raises `TimeoutError` where nothing has happened, `Stopped` where the service ends.
        """
        watched = self._watched[map_id]
        while watched.version == seen:
            if self._is_stopped:
                raise Stopped
            async with asyncio.timeout(seconds):
                await watched.moved.wait()
        if self._is_stopped:
            raise Stopped
        return watched.version

    def nudge(self) -> None:
        """Look at once: this process has written."""
        self._nudged.set()

    async def stop(self) -> None:
        """End every wait, now and from now on."""
        self._is_stopped = True
        for watched in self._watched.values():
            _wake(watched)
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
            try:
                found = await self._store.versions(asked)
            except GraphError as error:
                if not is_away:
                    _log.warning("the store cannot be asked what has changed: %s", error.detail)
                is_away = True
            else:
                is_away = False
                self._take(found, [one for one in asked if one in self._watched and self._watched[one].since < number])
            with suppress(TimeoutError):
                async with asyncio.timeout(PAUSE):
                    await self._nudged.wait()

    def _take(self, found: dict[str, MapVersion], maps: Iterable[str]) -> None:
        for map_id in maps:
            watched = self._watched[map_id]
            version = found.get(map_id)
            if version != watched.version:
                watched.version = version
                _wake(watched)


def _wake(watched: _Watched) -> None:
    moved, watched.moved = watched.moved, asyncio.Event()
    moved.set()


def _is_older(one: MapVersion, other: MapVersion) -> bool:
    return one.created_at == other.created_at and one.revision < other.revision
