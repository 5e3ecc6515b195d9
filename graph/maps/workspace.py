"""The workspace: the two doors to all maps, one to read a view of a map and one to write to it."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import msgspec

from graph.editing.editor import Provenance, composed_fields, notes_of
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, plan
from graph.errors import Conflict, NotFound, OutcomeUnknown, Refused, RevisionTaken, StoreUnavailable
from graph.maps.commit_queue import CommitQueue, WriteRequest, WriteResult, change_of, has_happened, replayed
from graph.maps.drafts import Drafts
from graph.maps.history import History
from graph.maps.port import DeletedMap, Deletion, MapVersion, Runner, Store, run_here
from graph.maps.redaction import Redaction
from graph.maps.replay import base_entry, empty
from graph.maps.snapshots import NODE, SnapshotCache, Snapshots, bytes_held
from graph.maps.source_texts import SourceTexts
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Hypothetical, Views, narrow
from schemas.base import new_id, now, stamp
from schemas.change import Change, Command, Edit, Redacted, encode_change
from schemas.map import MapCreate, MapFields, MapHeader
from schemas.problem import FieldProblem, pointer
from schemas.query import ViewQuery
from schemas.vocabulary import KINDS, Kind

_ATTEMPTS = 20
_ALWAYS = "9999-12-31T23:59:59.999999Z"
_VIEW_IDS: dict[str, Kind | None] = {
    "sources": "source",
    "actors": "actor",
    "motives": "motive",
    "without": None,
}


class Workspace:
    """Reads ask `views`, writes go through `write`; everything else here is about whole maps.

    Reads are fresh: each first asks the store, once, where the map stands and applies the changes it lacks. What may
    take long (planning, cascades, narrowing, history) goes through the runner with an estimate of its cost.
    """

    def __init__(self, store: Store, *, memory: int = 2 << 30, run: Runner = run_here) -> None:
        """`memory` bounds the bytes of the snapshots kept; `run` keeps heavy work off the event loop."""
        self.store = store
        self.texts = SourceTexts(store)
        self._run = run
        self._snapshots = Snapshots(store, run, memory)
        self._views = SnapshotCache(memory // 4)
        self._queues: dict[str, CommitQueue] = {}
        self.history = History(store, run)
        self.drafts = Drafts(store, run, self._snapshots, memory // 16)

    # --- reading --------------------------------------------------------------------------------

    async def version(self, map_id: str) -> MapVersion:
        """Where a map stands in the store now; raises `NotFound`."""
        return await self._snapshots.version(map_id)

    async def view(self, map_id: str, query: ViewQuery) -> ArgumentGraph:
        """The map as the query sees it. Raises `NotFound`, and `Refused` for ids and revisions that never were."""
        return (await self.views(map_id, query)).view

    async def views(self, map_id: str, query: ViewQuery) -> Views:
        """The map as the query sees it and the whole of it, at one revision; raises what `view` does."""
        return await self.views_of(await self._snapshots.newest(map_id), query)

    async def views_of(self, newest: ArgumentGraph, query: ViewQuery) -> Views:
        """The same from a newest snapshot at hand: several views of one question are then of one moment."""
        whole = await self._whole(newest, query)
        return Views(await self._narrowed(whole, query), whole)

    async def _whole(self, newest: ArgumentGraph, query: ViewQuery) -> ArgumentGraph:
        if query.draft is None:
            return await self._snapshots.earlier(newest, query.as_of)
        if query.as_of is not None:
            detail = "a draft is seen at the revision that it is of; leave as_of out"
            raise Refused(f"as_of: {detail}", [FieldProblem("/as_of", detail, in_="query")], code="invalid_parameter")
        return (await self.drafts.seen(newest, query.draft)).after

    async def at(self, map_id: str, as_of: str | None = None) -> ArgumentGraph:
        """The whole map at a revision or time, the newest where none is given."""
        return await self._snapshots.at(map_id, as_of)

    async def _narrowed(self, graph: ArgumentGraph, query: ViewQuery) -> ArgumentGraph:
        if not query.narrows:
            return graph
        await self._check_ids(graph, query)  # each time: what was known of the log need not be in it any more
        stands = (graph.map, graph.created_at, graph.header.redacted, graph.revision, graph.change)
        key = (*stands, query.filters())
        view = self._views.get(key)
        if view is None:
            view = await self._run(lambda: _weighed(narrow(graph, query)), cost=graph.size * NODE)
            self._views.put(key, view)
        return view

    async def _check_ids(self, graph: ArgumentGraph, query: ViewQuery) -> None:
        asked = {name: getattr(query, name) for name in _VIEW_IDS}
        missing = {i for ids in asked.values() for i in ids if i not in graph}
        known = await self.store.known(graph.map, missing) if missing else set()
        problems = []
        for name, kind in _VIEW_IDS.items():
            for place, node_id in enumerate(asked[name]):
                number = graph.find(node_id)
                found = None if number is None else KINDS[graph.kind(number)]
                if found is None and node_id not in known:
                    detail = f"map {graph.map!r} never had a node {node_id!r}"
                elif found is not None and kind is not None and found != kind:
                    detail = f"{node_id!r} is of kind {found}; {name} takes ids of kind {kind}"
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
            queue = self._queues[map_id] = CommitQueue(map_id, self.store, self._snapshots, self._run)
        try:
            return await queue.write(request)
        except NotFound as error:
            if error.name == "map_not_found":  # no queue stays for a name that is no map's
                self._queues.pop(map_id, None)
            raise

    async def dry_run(self, map_id: str, request: WriteRequest) -> tuple[ArgumentGraph, Plan]:
        """The newest revision, and what a request would do to it; nothing is written. Raises what the write would."""
        graph = await self._snapshots.newest(map_id)
        provenance = Provenance(request.by, now())
        planner = request.plan if request.prepare is None else await request.prepare(graph, ())
        planned = await self._run(lambda: planner(graph, provenance), cost=request.cost(graph))
        if self.store.weigh is not None and planned.edits:  # as the store asks when it is written
            stamped = Provenance(provenance.by, provenance.at, new_id("change"))
            more = await self._run(
                lambda: len(encode_change(change_of(planned, request, stamped, graph.change)[0])),
                cost=request.cost(graph),
            )
            kept = await self.store.kept(map_id) or 0
            self.store.weigh(map_id, kept, kept + more)
        return graph, planned

    async def what_if(
        self, map_id: str, query: ViewQuery, commands: Sequence[Command], by: str, without: Sequence[str] = ()
    ) -> Hypothetical:
        """A map as the query sees it, without and with edits that are never stored; both sides are narrowed alike.

        `without` takes nodes out of the second side after its edits, with what falls with them, as a view's does.
        Raises what `views` and `graph.editing.planning.plan` raise. A filter may name what the edits make.
        """
        graph = await self._whole(await self._snapshots.newest(map_id), query)
        provenance = Provenance(by, now())
        planned = await self._run(lambda: plan(graph, commands, provenance), cost=cost_of(graph, commands))
        lacking = query.model_copy(update={"without": (*query.without, *without)})
        taken = ViewQuery(without=tuple(without))
        await self._check_ids(planned.graph, query.model_copy(update={"without": tuple(without)}))
        await self._check_ids(planned.graph, query)

        def both() -> Hypothetical:
            whole = narrow(planned.graph, taken)
            after = Views(narrow(planned.graph, lacking), whole)
            return Hypothetical(Views(narrow(graph, query), graph), after, planned.orphaned)

        return await self._run(both, cost=3 * graph.size * NODE if query.narrows or without else 0.0)

    async def redact(self, map_id: str, redaction: Redaction, by: str) -> MapVersion:
        """Take nodes and texts out of a map and all its history, as a change of its own that cannot be taken back.

        Raises `NotFound`, and `Refused` for nodes that the map never had. Where there is nothing to take out nothing
        is changed. A redaction that is `dry` only finds what would go; the answer is then where the map stands.
        """
        for _ in range(_ATTEMPTS):
            graph = await self._snapshots.newest(map_id)
            await self._check_known(graph, redaction)
            told = Redacted(tuple(sorted(redaction.nodes)), len(redaction.texts))
            at, revision = max(now(), graph.header.updated_at), graph.revision + 1
            change = Change(map_id, revision, new_id("change"), at, by, (), None, graph.change, redaction=told)
            stamped = {"revision": revision, "updated_at": at, "updated_by": by, "change": change.uid}
            header = graph.header.model_copy(update={**stamped, "redacted": revision})
            try:
                await self.store.redact(header, change, redaction)
            except RevisionTaken:
                continue
            except OutcomeUnknown:
                if not await has_happened(self.store, change):
                    continue
            if redaction.dry:
                return MapVersion(graph.revision, graph.created_at, graph.change)
            self._forget(map_id)
            return MapVersion(revision, graph.created_at, change.uid)
        raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")

    async def _check_known(self, graph: ArgumentGraph, redaction: Redaction) -> None:
        missing = {one for one in redaction.nodes if one not in graph}
        known = await self.store.known(graph.map, missing) if missing else set()
        unknown = [
            FieldProblem("/nodes", f"map {graph.map!r} never had a node {one!r}") for one in sorted(missing - known)
        ]
        if unknown:
            raise Refused(unknown[0].detail, unknown, code="unknown_id")

    # --- maps -----------------------------------------------------------------------------------

    async def create(self, draft: MapCreate, request: WriteRequest) -> WriteResult:
        """Make a map, with its first nodes where the request plans some, as its revision 1; raises `Conflict`."""
        if request.key is not None and (before := await replayed(self.store, request.key)) is not None:
            return before
        provenance = Provenance(request.by, now(), new_id("change"))
        recomposed: list[str] = []
        named = composed_fields(draft.model_dump(include=set(MapFields.model_fields)), recomposed)
        blank = _header(draft.id or new_id("map"), named, provenance)
        nothing = empty(blank)
        planned = await self._run(lambda: request.plan(nothing, provenance), cost=request.cost(nothing))
        graph = planned.graph.derive(blank.model_copy(update={"revision": 1, "change": provenance.change}), ())
        naming = Edit("map", graph.map, None, msgspec.Raw(msgspec.json.encode(named)))
        notes = (*notes_of(graph.map, recomposed), *planned.notes)
        whole = Plan(graph, (naming, *planned.edits), planned.results, planned.orphaned, notes)
        change, answer = change_of(whole, request, provenance, "")
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
        await self._snapshots.keep(graph)
        return WriteResult(answer, 1)

    async def delete(
        self, map_id: str, check: Callable[[MapVersion], None] | None = None, *, by: str = "", days: int = 0
    ) -> MapVersion:
        """Delete a map with all its history and say where it stood; raises `NotFound`, and what `check` raises.

        With `days` it can be brought back for so long. What `check` let through is what is deleted: where another
        writes meanwhile it is asked again.
        """
        for _ in range(_ATTEMPTS):
            version = await self.version(map_id)
            if check is not None:
                check(version)
            today = datetime.now(UTC)
            kept = Deletion(stamp(today), by, stamp(today + timedelta(days=days))) if days else None
            with suppress(RevisionTaken):
                dropped = await self.store.drop(map_id, None if check is None else version, kept=kept)
                self._forget(map_id)
                if not dropped:
                    raise NotFound(f"there is no map {map_id!r}", code="map_not_found")
                return version
        raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")

    async def deleted(self) -> list[DeletedMap]:
        """The maps that can be brought back, the one that was deleted last first."""
        time = now()
        return [one for one in await self.store.deleted() if one.deletion.until > time]

    async def restore(self, map_id: str, by: str | None = None) -> DeletedMap:
        """Bring back the map of an id that was deleted last, as it was, with its history.

        With `by` only one that this author deleted. Raises `NotFound`, and `Conflict` where there is a map of the id.
        """
        for one in await self.deleted():
            if one.header.id == map_id and by in (None, one.deletion.by):
                try:
                    restored = await self.store.restore(map_id, one.deletion.at)
                except RevisionTaken as error:
                    detail = f"there is a map {map_id!r} already; delete it before the deleted one is brought back"
                    raise Conflict(detail, code="id_taken") from error
                if restored:
                    self._forget(map_id)
                    return one
        raise NotFound(f"there is no map {map_id!r}, nor a deleted one that can be brought back", code="map_not_found")

    async def compact(self, map_id: str, time: str) -> bool:
        """Let go of what the log of a map has of before a time; whether anything went. Raises `NotFound`.

        Every state from then on can be looked at as before: the one that held at that time is kept whole.
        """
        newest = await self._snapshots.newest(map_id)
        revision, oldest = await self.store.revision_at(map_id, time), await self.store.oldest(map_id)
        if revision is None or oldest is None or revision <= oldest:
            return False
        graph = await self._snapshots.earlier(newest, str(revision))
        found = await self.store.changes_at(map_id, [revision])
        if not found:
            return False
        base = await self._run(lambda: base_entry(graph, found[0]), cost=graph.size * NODE)
        done = await self.store.compact(map_id, base)
        self._snapshots.forget_past(map_id)
        return done

    async def purge(self, map_id: str | None = None) -> int:
        """Delete for good the deleted maps whose time is over, or all of one id; how many maps."""
        return await self.store.purge(now() if map_id is None else _ALWAYS, map_id)

    def _forget(self, map_id: str) -> None:
        self._snapshots.forget(map_id)
        self._queues.pop(map_id, None)


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


def _weighed(graph: ArgumentGraph) -> ArgumentGraph:
    """The snapshot, whose weight is remembered from here on: adding it up is no work for the event loop."""
    bytes_held(graph)
    return graph
