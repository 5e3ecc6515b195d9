"""The snapshots of maps that are in use: each caught up with its store when it is asked for, older ones on demand."""

import asyncio
import re
from collections import Counter
from datetime import UTC, datetime

from graph.editing.identity import moment
from graph.errors import MapDamaged, NotFound, Refused
from graph.maps.doctor import examine, where
from graph.maps.moments import instant_named, stamp
from graph.maps.past import Past
from graph.maps.port import MapRows, MapVersion, Runner, Store
from graph.maps.replay import cost_of_replay, forward
from graph.maps.snapshot_cache import SnapshotCache, bytes_held
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from graph.snapshot.overlay import compact
from schemas.problem import FieldProblem

_PATCHED_AT_MOST = 20_000
"""Nodes in a snapshot's patch before its columns are built anew."""
_DAMAGES_NAMED = 5
NODE = 2.0
"""Estimated microseconds that a pass over the nodes costs for each of them: building columns, narrowing a view."""


class Snapshots:
    """The newest snapshot of each map in use, and older ones; the store is asked once where a map stands."""

    def __init__(self, store: Store, run: Runner, memory: int) -> None:
        self._store = store
        self._run = run
        self._newest = SnapshotCache(memory)
        self._past = Past(store, run, memory // 4)
        self._locks: dict[str, asyncio.Lock] = {}
        self._seen: dict[str, MapVersion] = {}
        """Where each map stood that a snapshot was made of, the newest; kept when the snapshot goes."""
        self._damages: dict[str, tuple[object, MapDamaged]] = {}
        """What is wrong with maps that could not be loaded, and what it was found by."""
        self._futures: Counter[str] = Counter()
        """How often a map was found set back to a backup: what was remembered of it before is of another history."""

    async def version(self, map_id: str) -> MapVersion:
        """Where a map stands in the store now; raises `NotFound`."""
        version = await self._store.version(map_id)
        if version is None:
            self.forget(map_id)
            raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
        return version

    def cached(self, map_id: str) -> ArgumentGraph | None:
        """The snapshot that is at hand, whether or not another process has written since."""
        return self._newest.get(map_id)

    async def newest(self, map_id: str) -> ArgumentGraph:
        """The snapshot of where the map stands in the store now; raises `NotFound`."""
        version = await self.version(map_id)
        found = self._at(map_id, version)
        if found is not None:
            return found
        async with self._locks.setdefault(map_id, asyncio.Lock()):
            seen = self._seen.get(map_id)
            if seen is not None and seen.revision >= version.revision:
                # Another has caught up or written meanwhile; or the store was set back, which it says again then.
                version = await self.version(map_id)
            found = self._at(map_id, version)
            return found if found is not None else await self._caught_up(map_id, version)

    async def keep(self, graph: ArgumentGraph) -> ArgumentGraph:
        """Have a newer snapshot at hand, without a patch where that has grown large."""
        cached = self._newest.get(graph.map)
        if cached is not None and cached.created_at == graph.created_at and cached.revision > graph.revision:
            return graph  # a reader has caught up further meanwhile
        self._seen[graph.map] = MapVersion(graph.revision, graph.created_at, graph.change)
        if len(graph.patch.nodes) > _PATCHED_AT_MOST:
            before = graph
            graph = await self._run(lambda: _looked_through(compact(before)), cost=graph.size * NODE)
            self._past.forget(graph.map)
        self._newest.put(graph.map, graph)
        return graph

    def forget(self, map_id: str) -> None:
        """Let go of a map that is not there any more."""
        self._newest.drop(map_id)
        self._past.forget(map_id)
        self._locks.pop(map_id, None)
        self._seen.pop(map_id, None)

    async def at(self, map_id: str, as_of: str | None) -> ArgumentGraph:
        """The whole map at a revision or time, the newest where none is given; raises `NotFound`, `Refused`."""
        return await self.earlier(await self.newest(map_id), as_of)

    async def earlier(self, newest: ArgumentGraph, as_of: str | None) -> ArgumentGraph:
        """The whole map at a revision or time, seen from a newest snapshot at hand; raises `Refused`."""
        if as_of is None:
            return newest
        revision = await self._revision(newest, as_of)
        if revision == newest.revision:
            return newest
        return await self._past.at(newest, revision, self._futures[newest.map])

    def _at(self, map_id: str, version: MapVersion) -> ArgumentGraph | None:
        graph = self._newest.get(map_id)
        if graph is None or (graph.revision, graph.created_at, graph.change) != version:
            return None
        return graph

    async def _caught_up(self, map_id: str, version: MapVersion) -> ArgumentGraph:
        graph = self._newest.get(map_id)
        if graph is not None and graph.created_at == version.created_at and graph.revision < version.revision:
            before = graph
            lacking = await self._store.changes(map_id, graph.revision, version.revision)
            if len(lacking) == version.revision - graph.revision and lacking[0].follows == graph.change:
                newer = await self._run(lambda: forward(before, lacking), cost=cost_of_replay(lacking))
                return await self.keep(newer)
        seen = self._seen.get(map_id)
        if seen is not None and not await self._goes_on(map_id, seen, version):
            self.forget(map_id)
            self._futures[map_id] += 1
            await self._store.forget_future()
        try:
            rows = await self._store.load(map_id)
            if rows is None:
                raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
            held = rows
            found = await self._run(lambda: _built(held), cost=len(rows.ids) * NODE)
        except MapDamaged as damage:
            raise await self._named(map_id, version, damage) from damage
        self._past.forget(map_id)
        self._newest.put(map_id, found)
        self._seen[map_id] = MapVersion(found.revision, found.created_at, found.change)
        return found

    async def _named(self, map_id: str, version: MapVersion, damage: MapDamaged) -> MapDamaged:
        """The damage with the names of the nodes that the map's history knows otherwise; looked for once."""
        key = (version, damage.what)
        known = self._damages.get(map_id)
        if known is None or known[0] != key:
            found = await examine(self._store, map_id)
            told = [f"{where(one)} {one.detail}" for one in found[:_DAMAGES_NAMED]]
            more = [f"and {len(found) - _DAMAGES_NAMED} more"] if len(found) > _DAMAGES_NAMED else []
            what = "; ".join([damage.what, *told, *more])
            known = self._damages[map_id] = key, MapDamaged(map_id, what)
        return known[1]

    async def _goes_on(self, map_id: str, seen: MapVersion, version: MapVersion) -> bool:
        """Whether the map, where it stands now, has the history that was seen of it; a restored backup has not."""
        if seen.created_at != version.created_at or seen.revision > version.revision:
            return False
        if seen.revision == version.revision:
            return seen.change == version.change
        then = await self._store.changes(map_id, seen.revision - 1, seen.revision)
        return bool(then) and then[0].uid == seen.change

    async def _revision(self, newest: ArgumentGraph, as_of: str) -> int:
        place = [FieldProblem("/as_of", f"the map has revisions 1 to {newest.revision}")]
        if re.fullmatch(r"[0-9]{1,18}", as_of):
            revision = int(as_of)
            if not 1 <= revision <= newest.revision:
                raise Refused(f"map {newest.map!r} has no revision {revision}", place, code="revision_unknown")
            return revision
        asked = instant_named(as_of)
        if asked is None:
            raise Refused(
                f"{as_of!r} is neither a revision number nor a time such as 2026-01-31T12:00:00Z or 2026-01-31", place,
                code="revision_unknown",
            )  # fmt: skip
        # What will hold then may still change; a change that was stamped by a clock ahead of this one is past already.
        begun = instant_named(as_of, begins=True)
        if begun is not None and begun > max(datetime.now(UTC), moment(newest.header.updated_at) or begun):
            raise Refused(
                f"{as_of} is still to come; leave as_of out for what holds now", place, code="revision_unknown"
            )
        found = await self._store.revision_at(newest.map, stamp(asked))
        if found is None:
            raise Refused(
                f"map {newest.map!r} was made at {newest.created_at}, after {as_of}", place,
                code="revision_unknown",
            )  # fmt: skip
        return found


def _built(rows: MapRows) -> ArgumentGraph:
    return _looked_through(ArgumentGraph(rows.header, Columns.read(rows.ids, rows.kinds, rows.documents, rows.steps)))


def _looked_through(graph: ArgumentGraph) -> ArgumentGraph:
    """The snapshot with what takes a pass over its documents worked out, off the event loop, and remembered."""
    bytes_held(graph)
    _ = graph.columns.merged
    return graph
