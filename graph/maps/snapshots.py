"""The snapshots of maps that are in use: each caught up with its store when it is asked for, older ones on demand.

They are kept up to a bound of bytes. Older revisions are walked back from a newer one, with stations on the way for
whoever comes next.
"""

import asyncio
import re
from collections import Counter, OrderedDict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from itertools import zip_longest
from typing import NamedTuple

from graph.errors import MapDamaged, NotFound, Refused
from graph.maps.doctor import examine, where
from graph.maps.port import MapRows, MapVersion, Runner, Store
from graph.maps.replay import backward, cost_of_replay, forward
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import compact
from graph.snapshot.columns import Columns
from schemas.base import instant_named, moment, stamp
from schemas.change import Change
from schemas.problem import FieldProblem

_PATCHED_AT_MOST = 20_000
"""Nodes in a snapshot's patch before its columns are built anew."""
_PATCHED_AT_LEAST = 100
"""So many may be patched however few the columns have: a map that grows from nothing is built anew at each doubling."""
_DAMAGES_NAMED = 5
NODE = 2.0
"""Estimated microseconds that a pass over the nodes costs for each of them: building columns, narrowing a view."""
_BYTES_PER_NODE = 300
"""Measured beside the documents: id, columns, objects and the table of ids, of one node of a map of millions."""
_STATION = 1_000
"""Revisions from one station to the next: a walk that begins at one takes some hundredths of a second."""
_BYTES_PER_CHANGED = 2_000
"""Of a node in the patch of a snapshot whose columns are those of the newest one."""


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
        if len(graph.patch.nodes) > min(_PATCHED_AT_MOST, max(_PATCHED_AT_LEAST, len(graph.columns))):
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

    def forget_past(self, map_id: str) -> None:
        """Let go of older revisions of a map, which its log may not have any more."""
        self._past.forget(map_id)

    async def at(self, map_id: str, as_of: str | None) -> ArgumentGraph:
        """The whole map at a revision or time, the newest where none is given; raises `NotFound`, `Refused`."""
        return await self.earlier(await self.newest(map_id), as_of)

    async def earlier(self, newest: ArgumentGraph, as_of: str | None) -> ArgumentGraph:
        """The whole map at a revision or time, seen from a newest snapshot at hand; raises `Refused`."""
        if as_of is None:
            return newest
        revision = await self._named_revision(newest, as_of)
        if revision == newest.revision:
            return newest
        if revision is None:
            raise _not_kept(newest, await self._oldest(newest))
        looking = asyncio.create_task(self._check_kept(newest, revision))
        walking = asyncio.create_task(self._past.at(newest, revision, self._futures[newest.map]))
        try:
            await looking
            return await walking
        finally:
            for task in (looking, walking):
                task.cancel()
            await asyncio.gather(looking, walking, return_exceptions=True)

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
            follow = len(lacking) == version.revision - graph.revision and lacking[0].follows == graph.change
            # Behind a redaction nothing is kept of what was read before it.
            if follow and all(change.redaction is None for change in lacking):
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

    async def _check_kept(self, newest: ArgumentGraph, revision: int) -> None:
        """Raise `Refused` where the log does not go so far back, whatever of it is still remembered."""
        oldest = await self._oldest(newest)
        if revision < oldest:
            raise _not_kept(newest, oldest)

    async def _oldest(self, newest: ArgumentGraph) -> int:
        return await self._store.oldest(newest.map) or 1

    async def _named_revision(self, newest: ArgumentGraph, as_of: str) -> int | None:
        """The revision that is asked for; None for a time before all that the log has. Raises `Refused`."""
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
        if found is None and stamp(asked) < newest.created_at:
            raise Refused(
                f"map {newest.map!r} was made at {newest.created_at}, after {as_of}", place,
                code="revision_unknown",
            )  # fmt: skip
        return found


def _not_kept(newest: ArgumentGraph, oldest: int) -> Refused:
    detail = f"map {newest.map!r} keeps its states from revision {oldest} on; what came before is not kept"
    place = [FieldProblem("/as_of", f"the map keeps revisions {oldest} to {newest.revision}")]
    return Refused(f"{detail} (setting ARGUMAP_LOG_DAYS)", place, code="revision_compacted")


def _built(rows: MapRows) -> ArgumentGraph:
    return _looked_through(ArgumentGraph(rows.header, Columns.read(rows.ids, rows.kinds, rows.documents, rows.steps)))


def _looked_through(graph: ArgumentGraph) -> ArgumentGraph:
    """The snapshot with what takes a pass over its documents worked out, off the event loop, and remembered."""
    bytes_held(graph)
    _ = graph.columns.merged
    return graph


# --- the cache ------------------------------------------------------------------------------------


def bytes_held(graph: ArgumentGraph) -> int:
    """Roughly the bytes that a snapshot holds; what it shares with others counts too."""
    columns = graph.columns
    return columns.weight + (len(columns) + len(graph.patch.nodes)) * _BYTES_PER_NODE


class SnapshotCache:
    """Keeps snapshots by key up to a bound of bytes, the least recently used go first; the newest stays even where
    it alone is past it.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._held: OrderedDict[Hashable, tuple[ArgumentGraph, int]] = OrderedDict()
        self._weight = 0

    def get(self, key: Hashable) -> ArgumentGraph | None:
        """The snapshot of a key, which becomes the most recently used."""
        found = self._held.get(key)
        if found is None:
            return None
        self._held.move_to_end(key)
        return found[0]

    def put(self, key: Hashable, graph: ArgumentGraph, size: int | None = None) -> None:
        """Keep a snapshot and let go of the least recently used ones beyond the bound.

        `size` is what it holds where that is not all of its weight, since others hold the rest.
        """
        self.drop(key)
        size = bytes_held(graph) if size is None else size
        self._held[key] = (graph, size)
        self._weight += size
        while self._weight > self._bound and len(self._held) > 1:
            _, (_, gone) = self._held.popitem(last=False)
            self._weight -= gone

    def drop(self, key: Hashable) -> None:
        """Let go of one key."""
        found = self._held.pop(key, None)
        if found is not None:
            self._weight -= found[1]


# --- the past -------------------------------------------------------------------------------------


class _Step(NamedTuple):
    """From the state at one revision to that at another, an older or a newer one."""

    start: int
    end: int


class Past:
    """Snapshots of older revisions, kept up to a bound of bytes.

    A first look far back reads all changes since, a part while the one before is worked on; a later one those from the
    nearest station before or behind it, about 500 at most.
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
            behind = self._nearest(newest, future, revision)
            before = self._nearest_before(newest, future, revision)
            if before is not None and revision - before.revision < behind.revision - revision:
                found = await self._walked(newest, future, before, revision)
            if found is None:
                found = await self._walked(newest, future, behind, revision)
            if found is None:
                raise NotFound(f"map {newest.map!r} was deleted or set back meanwhile", code="map_not_found")
            return found

    async def _walked(
        self, newest: ArgumentGraph, future: int, graph: ArgumentGraph, revision: int
    ) -> ArgumentGraph | None:
        """The state at another revision than that of a snapshot, and those at the stations on the way.

        None where the log does not lead there from it.
        """
        steps = list(_steps(graph.revision, revision))
        reading = asyncio.create_task(self._read(newest, steps[0])) if steps else None
        try:
            for step, following in zip_longest(steps, steps[1:]):
                assert reading is not None
                log = await reading
                # The store reads on while what it gave is worked on.
                reading = asyncio.create_task(self._read(newest, following)) if following else None
                if not _leads(log, graph, step.end):
                    return None
                graph = await self._run(partial(_carried, graph, log, newest), cost=cost_of_replay(log))
                self._keep(newest, future, graph)
            return graph
        finally:
            if reading is not None:
                reading.cancel()
                await asyncio.gather(reading, return_exceptions=True)

    def forget(self, map_id: str) -> None:
        """Let go of all that is kept of a map."""
        for key in self._kept.pop(map_id, {}).values():
            self._held.drop(key)

    async def _read(self, newest: ArgumentGraph, step: _Step) -> list[Change]:
        """The changes that lie between two states, and the one that made the older of them, oldest first."""
        first, last = sorted(step)
        return await self._store.changes(newest.map, first - 1, last)

    def _nearest(self, newest: ArgumentGraph, future: int, revision: int) -> ArgumentGraph:
        """The oldest snapshot at hand that is not older than a revision."""
        kept = self._kept.get(newest.map, {})
        behind = sorted(one for one in kept if one >= revision)
        return next(self._at_hand(newest, future, behind), newest)

    def _nearest_before(self, newest: ArgumentGraph, future: int, revision: int) -> ArgumentGraph | None:
        """The newest snapshot at hand that is older than a revision."""
        kept = self._kept.get(newest.map, {})
        before = sorted((one for one in kept if one < revision), reverse=True)
        return next(self._at_hand(newest, future, before), None)

    def _at_hand(self, newest: ArgumentGraph, future: int, revisions: Iterable[int]) -> Iterator[ArgumentGraph]:
        kept = self._kept.get(newest.map, {})
        for revision in revisions:
            key = _key(newest, future, revision)
            if kept[revision] == key and (found := self._held.get(key)) is not None:
                yield found

    def _keep(self, newest: ArgumentGraph, future: int, graph: ArgumentGraph) -> None:
        key = _key(newest, future, graph.revision)
        shared = graph.columns is newest.columns
        self._held.put(key, graph, len(graph.patch.nodes) * _BYTES_PER_CHANGED if shared else bytes_held(graph))
        self._kept.setdefault(newest.map, {})[graph.revision] = key


def _key(newest: ArgumentGraph, future: int, revision: int) -> tuple[object, ...]:
    return newest.map, newest.created_at, newest.header.redacted, future, revision


def _steps(start: int, end: int) -> Iterator[_Step]:
    """From station to station, and from the last of them that is near to the end."""
    while start != end:
        station = (start - 1) // _STATION * _STATION if start > end else (start // _STATION + 1) * _STATION
        station = end if abs(start - end) <= _STATION else station
        yield _Step(start, station)
        start = station


def _leads(log: Sequence[Change], graph: ArgumentGraph, revision: int) -> bool:
    """Whether a log goes from the change that made a snapshot to the one that made a revision, either way."""
    if len(log) <= abs(graph.revision - revision):
        return False
    own = log[-1] if graph.revision > revision else log[0]
    return own.uid == (graph.change or own.uid)


def _carried(graph: ArgumentGraph, log: Sequence[Change], newest: ArgumentGraph) -> ArgumentGraph:
    """The snapshot at the other end of a log that leads there, as it is seen behind all redactions there were."""
    if graph.revision > log[0].revision:
        return backward(graph, log[1:], log[0])
    then, redacted = forward(graph, log[1:]), newest.header.redacted
    return (
        then
        if then.header.redacted == redacted
        else then.derive(then.header.model_copy(update={"redacted": redacted}), ())
    )
