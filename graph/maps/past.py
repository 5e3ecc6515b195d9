"""Older revisions of maps: walked back from a newer one, with stations on the way for whoever comes next."""

import asyncio

from graph.errors import NotFound
from graph.maps.port import Runner, Store
from graph.maps.replay import backward, cost_of_replay
from graph.maps.snapshot_cache import SnapshotCache, bytes_held
from graph.snapshot.argument_graph import ArgumentGraph

_STATION = 1_000
"""Revisions from one station to the next: a walk that begins at one takes some hundredths of a second."""
_BYTES_PER_CHANGED = 2_000
"""Of a node in the patch of a snapshot whose columns are those of the newest one."""


class Past:
    """Snapshots of older revisions, kept up to a bound of bytes.

    A first look far back reads all changes since; a later one those from the nearest station, 1,000 at most.
    """

    def __init__(self, store: Store, run: Runner, memory: int) -> None:
        self._store = store
        self._run = run
        self._held = SnapshotCache(memory)
        self._kept: dict[str, dict[int, tuple[object, ...]]] = {}
        """Of each map the revisions that are or were kept, with their keys."""
        self._locks: dict[str, asyncio.Lock] = {}

    async def at(self, newest: ArgumentGraph, revision: int, future: int) -> ArgumentGraph:
        """The map at an older revision; `future` tells a history from one that a backup has set back.

        Raises `NotFound` where the map was deleted or set back meanwhile, or its log does not go so far back.
        """
        found = self._held.get(_key(newest, future, revision))
        if found is not None:
            return found
        async with self._locks.setdefault(newest.map, asyncio.Lock()):
            graph = self._nearest(newest, future, revision)
            while graph.revision > revision:
                is_near = graph.revision - revision <= _STATION
                station = revision if is_near else (graph.revision - 1) // _STATION * _STATION
                graph = await self._stepped(newest, graph, station)
                self._keep(newest, future, graph)
            return graph

    def forget(self, map_id: str) -> None:
        """Let go of all that is kept of a map."""
        for key in self._kept.pop(map_id, {}).values():
            self._held.drop(key)

    async def _stepped(self, newest: ArgumentGraph, graph: ArgumentGraph, revision: int) -> ArgumentGraph:
        log = await self._store.changes(newest.map, revision - 1, graph.revision)
        if len(log) <= graph.revision - revision or log[-1].uid != (graph.change or log[-1].uid):
            raise NotFound(f"map {newest.map!r} was deleted or set back meanwhile", code="map_not_found")
        return await self._run(lambda: backward(graph, log[1:], log[0]), cost=cost_of_replay(log))

    def _nearest(self, newest: ArgumentGraph, future: int, revision: int) -> ArgumentGraph:
        """The oldest snapshot at hand that is not older than a revision."""
        for station, key in sorted(self._kept.get(newest.map, {}).items()):
            if station >= revision and key == _key(newest, future, station):
                found = self._held.get(key)
                if found is not None:
                    return found
        return newest

    def _keep(self, newest: ArgumentGraph, future: int, graph: ArgumentGraph) -> None:
        key = _key(newest, future, graph.revision)
        shared = graph.columns is newest.columns
        self._held.put(key, graph, len(graph.patch.nodes) * _BYTES_PER_CHANGED if shared else bytes_held(graph))
        self._kept.setdefault(newest.map, {})[graph.revision] = key


def _key(newest: ArgumentGraph, future: int, revision: int) -> tuple[object, ...]:
    return newest.map, newest.created_at, future, revision
