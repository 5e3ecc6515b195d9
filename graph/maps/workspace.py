"""The workspace: the two doors to all maps, one to read a view of a map and one to write to it."""

import asyncio
import re
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime

import msgspec

from graph.editing.editor import Provenance
from graph.editing.identity import moment, new_id, now
from graph.editing.planning import Plan, plan
from graph.errors import Conflict, NotFound, OutcomeUnknown, Refused, RevisionTaken, StoreUnavailable
from graph.maps.cache import SnapshotCache
from graph.maps.commit_queue import CommitQueue, WriteRequest, WriteResult, change_of, has_happened, replayed
from graph.maps.port import MapRows, MapVersion, Store
from graph.maps.replay import backward, empty, forward
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from graph.snapshot.overlay import compact
from graph.snapshot.view import Views, narrow
from schemas.base import TIME_PATTERN
from schemas.change import Command, Edit
from schemas.map import MapCreate, MapFields, MapHeader
from schemas.problem import FieldProblem, pointer
from schemas.query import ViewQuery
from schemas.vocabulary import Kind

_PATCHED_AT_MOST = 20_000
"""Nodes in a snapshot's patch before its columns are built anew."""
_REPLAYED_ON_THE_LOOP = 200
"""Edits; another process may have made a hundred thousand of them."""
_ATTEMPTS = 20
_VIEW_IDS: dict[str, Kind | None] = {
    "sources": "source",
    "actors": "actor",
    "motives": "motive",
    "without": None,
}


class Workspace:
    """Reads ask `view`, writes go through `write`; everything else here is about whole maps.

    Reads are fresh: each first asks the store where the map stands and applies the changes it lacks.
    """

    def __init__(self, store: Store, *, memory: int = 2 << 30) -> None:
        """`memory` bounds the bytes of the snapshots kept."""
        self.store = store
        self._snapshots = SnapshotCache(memory)
        self._views = SnapshotCache(memory // 4)
        self._locks: dict[str, asyncio.Lock] = {}
        self._queues: dict[str, CommitQueue] = {}

    # --- reading --------------------------------------------------------------------------------

    async def version(self, map_id: str) -> MapVersion:
        """Where a map stands in the store now; raises `NotFound`."""
        version = await self.store.version(map_id)
        if version is None:
            self._forget(map_id)
            raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
        return version

    async def view(self, map_id: str, query: ViewQuery) -> ArgumentGraph:
        """The map as the query sees it. Raises `NotFound`, and `Refused` for ids and revisions that never were."""
        return (await self.views(map_id, query)).view

    async def views(self, map_id: str, query: ViewQuery) -> Views:
        """The map as the query sees it and the whole of it, at one revision; raises what `view` does."""
        whole = await self.at(map_id, query.as_of)
        return Views(await self._narrowed(map_id, whole, query), whole)

    async def _narrowed(self, map_id: str, graph: ArgumentGraph, query: ViewQuery) -> ArgumentGraph:
        if not query.narrows:
            return graph
        key = (map_id, graph.created_at, graph.revision, query.filters())
        view = self._views.get(key)
        if view is None:
            await self._check_ids(graph, query)
            view = await asyncio.to_thread(narrow, graph, query)
            self._views.put(key, view)
        return view

    async def at(self, map_id: str, as_of: str | None = None) -> ArgumentGraph:
        """The whole map at a revision or time, the newest where none is given."""
        newest = await self._newest(map_id)
        if as_of is None:
            return newest
        revision = await self._revision(newest, as_of)
        if revision == newest.revision:
            return newest
        key = (map_id, newest.created_at, revision)
        graph = self._views.get(key)
        if graph is None:
            log = await self.store.changes(map_id, revision - 1, newest.revision)
            if len(log) <= newest.revision - revision:
                raise NotFound(f"map {map_id!r} was deleted meanwhile", code="map_not_found")
            graph = await asyncio.to_thread(backward, newest, log[1:], log[0])
            self._views.put(key, graph)
        return graph

    async def _newest(self, map_id: str) -> ArgumentGraph:
        version = await self.version(map_id)
        found = self._cached(map_id, version)
        if found is not None:
            return found
        async with self._locks.setdefault(map_id, asyncio.Lock()):
            version = await self.version(map_id)
            found = self._cached(map_id, version)
            return found if found is not None else await self._caught_up(map_id, version)

    def _cached(self, map_id: str, version: MapVersion) -> ArgumentGraph | None:
        graph = self._snapshots.get(map_id)
        if graph is None or graph.created_at != version.created_at or graph.revision < version.revision:
            return None
        return graph

    async def _caught_up(self, map_id: str, version: MapVersion) -> ArgumentGraph:
        graph = self._snapshots.get(map_id)
        if graph is not None and graph.created_at == version.created_at:
            lacking = await self.store.changes(map_id, graph.revision, version.revision)
            if len(lacking) == version.revision - graph.revision:
                many = sum(len(change.edits) for change in lacking) > _REPLAYED_ON_THE_LOOP
                newer = await asyncio.to_thread(forward, graph, lacking) if many else forward(graph, lacking)
                return await self._keep_compact(newer)
        rows = await self.store.load(map_id)
        if rows is None:
            raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
        return self._keep(await asyncio.to_thread(_built, rows))

    def _keep(self, graph: ArgumentGraph) -> ArgumentGraph:
        self._snapshots.put(graph.map, graph)
        return graph

    def _forget(self, map_id: str) -> None:
        self._snapshots.drop(map_id)
        self._locks.pop(map_id, None)
        self._queues.pop(map_id, None)

    async def _revision(self, newest: ArgumentGraph, as_of: str) -> int:
        place = [FieldProblem("/as_of", f"the map has revisions 1 to {newest.revision}")]
        if re.fullmatch(r"[0-9]{1,18}", as_of):
            revision = int(as_of)
            if not 1 <= revision <= newest.revision:
                raise Refused(f"map {newest.map!r} has no revision {revision}", place, code="revision_unknown")
            return revision
        asked = moment(as_of) if re.fullmatch(TIME_PATTERN, as_of) else None
        if asked is None:
            raise Refused(
                f"{as_of!r} is neither a revision number nor a time such as 2026-01-31T12:00:00Z", place,
                code="revision_unknown",
            )  # fmt: skip
        # What will hold then may still change; a change that was stamped by a clock ahead of this one is past already.
        if asked > max(datetime.now(UTC), moment(newest.header.updated_at) or asked):
            raise Refused(
                f"{as_of} is still to come; leave as_of out for what holds now", place, code="revision_unknown"
            )
        found = await self.store.revision_at(newest.map, as_of)
        if found is None:
            raise Refused(
                f"map {newest.map!r} was made at {newest.created_at}, after {as_of}", place,
                code="revision_unknown",
            )  # fmt: skip
        return found

    async def _check_ids(self, graph: ArgumentGraph, query: ViewQuery) -> None:
        asked = {name: getattr(query, name) for name in _VIEW_IDS}
        missing = {i for ids in asked.values() for i in ids if i not in graph}
        known = await self.store.known(graph.map, missing) if missing else set()
        problems = []
        for name, kind in _VIEW_IDS.items():
            for place, node_id in enumerate(asked[name]):
                number = graph.find(node_id)
                if number is None and node_id not in known:
                    detail = f"map {graph.map!r} never had a node {node_id!r}"
                elif number is not None and kind is not None and graph.at(number).kind != kind:
                    detail = f"{node_id!r} is of kind {graph.at(number).kind}; {name} takes ids of kind {kind}"
                else:
                    continue
                problems.append(FieldProblem(pointer(name, place), detail))
        if problems:
            raise Refused(problems[0].detail, problems, code="unknown_id")

    # --- writing --------------------------------------------------------------------------------

    async def write(self, map_id: str, request: WriteRequest) -> WriteResult:
        """Carry out a request on the newest revision; the answer comes when it is durable.

        Raises what `graph.editing.planning.plan` raises, `NotFound` for the map, and store errors.
        """
        queue = self._queues.get(map_id)
        if queue is None:
            await self.version(map_id)
            # Another may have come this far meanwhile: all writers of a map share one queue.
            queue = self._queues.setdefault(
                map_id, CommitQueue(self.store, lambda: self._newest(map_id), self._keep_compact)
            )
        return await queue.write(request)

    async def dry_run(self, map_id: str, commands: Sequence[Command], by: str) -> Plan:
        """What commands would do to the newest revision; nothing is written."""
        return plan(await self._newest(map_id), commands, Provenance(by, now()))

    async def what_if(self, map_id: str, query: ViewQuery, commands: Sequence[Command], by: str) -> tuple[Views, Views]:
        """A map as the query sees it, without and with edits that are never stored; both sides are narrowed alike.

        Raises what `view` and `graph.editing.planning.plan` raise. A filter may name what the edits make.
        """
        graph = await self.at(map_id, query.as_of)
        planned = await asyncio.to_thread(plan, graph, commands, Provenance(by, now()))
        await self._check_ids(planned.graph, query)
        before, after = await asyncio.to_thread(lambda: [narrow(one, query) for one in (graph, planned.graph)])
        return Views(before, graph), Views(after, planned.graph)

    async def _keep_compact(self, graph: ArgumentGraph) -> ArgumentGraph:
        if len(graph.patch.nodes) > _PATCHED_AT_MOST:
            graph = await asyncio.to_thread(compact, graph)
        return self._keep(graph)

    # --- maps -----------------------------------------------------------------------------------

    async def create(self, draft: MapCreate, request: WriteRequest) -> WriteResult:
        """Make a map, with its first nodes where the request plans some, as its revision 1; raises `Conflict`."""
        if request.key is not None and (before := await replayed(self.store, request.key)) is not None:
            return before
        provenance = Provenance(request.by, now())
        named = draft.model_dump(include=set(MapFields.model_fields))
        blank = _header(draft.id or new_id("map"), named, provenance)
        planned = await request.tried(lambda: request.plan(empty(blank), provenance))
        graph = planned.graph.derive(blank.model_copy(update={"revision": 1}), ())
        naming = Edit("map", graph.map, None, msgspec.Raw(msgspec.json.encode(named)))
        whole = Plan(graph, (naming, *planned.edits), planned.results)
        change, answer = change_of(whole, request, provenance)
        try:
            await self.store.commit(graph.header, [change])
        except RevisionTaken as error:
            if request.key is not None and (before := await replayed(self.store, request.key)) is not None:
                return before  # the same request came twice at once, and the other was faster
            raise Conflict(
                f"there is a map {graph.map!r} already; choose another id",
                [FieldProblem("/id", "taken")],
                code="id_taken",
            ) from error
        except OutcomeUnknown as error:
            if not await has_happened(self.store, change):
                raise StoreUnavailable("the connection was cut before the map was made; try again") from error
        return WriteResult(answer, 1)

    async def delete(self, map_id: str, check: Callable[[MapVersion], None] | None = None) -> MapVersion:
        """Delete a map with all its history and say where it stood; raises `NotFound`, and what `check` raises.

        What `check` let through is what is deleted: where another writes meanwhile it is asked again.
        """
        for _ in range(_ATTEMPTS):
            version = await self.version(map_id)
            if check is not None:
                check(version)
            with suppress(RevisionTaken):
                dropped = await self.store.drop(map_id, None if check is None else version)
                self._forget(map_id)
                if not dropped:
                    raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
                return version
        raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")


def _header(map_id: str, named: dict[str, str], provenance: Provenance) -> MapHeader:
    """The header of a map before its first change: revision 0, which no stored map has."""
    stamped = {
        "created_at": provenance.at,
        "created_by": provenance.by,
        "updated_at": provenance.at,
        "updated_by": provenance.by,
    }
    header = MapHeader.model_validate({**named, **stamped, "id": map_id, "revision": 1})
    return header.model_copy(update={"revision": 0})


def _built(rows: MapRows) -> ArgumentGraph:
    return ArgumentGraph(rows.header, Columns.read(rows.ids, rows.kinds, rows.documents, rows.steps))
