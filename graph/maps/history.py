"""The history of a map: which changes its log has, how the map stood around each, and what is to be taken back."""

import re
from collections.abc import AsyncIterator, Collection, Iterator, Sequence
from typing import NamedTuple

import msgspec

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.editing.reverting import revert
from graph.errors import Conflict, NotFound, Refused
from graph.maps.commit_queue import Planner, Prepare
from graph.maps.port import Runner, Store
from graph.maps.replay import without
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import instant_named, just_before, stamp
from schemas.change import Change, Edit, Reversal, Reversing
from schemas.map import MapFields
from schemas.node import MODELS, SERVICE_FIELDS
from schemas.problem import FieldProblem

_TOGETHER = 500
"""Changes that are read from the store at once."""
_LOOKED_AT = 50
"""Changes of an author that are read at once to find the one that he undoes."""
_CHANGE = 30.0
"""Estimated microseconds that a change costs to read or to go through."""


class RevisionSpan(NamedTuple):
    """The changes with `after` < revision <= `until`."""

    after: int
    until: int


class Around(NamedTuple):
    """A change with the map before and after it."""

    change: Change
    before: ArgumentGraph
    after: ArgumentGraph


class History:
    """What the log of each map holds, as far as it goes back."""

    def __init__(self, store: Store, run: Runner) -> None:
        self._store = store
        self._run = run

    # --- reading --------------------------------------------------------------------------------

    async def oldest(self, graph: ArgumentGraph) -> int:
        """The first revision that the log of a map still has; raises `NotFound`."""
        found = await self._store.oldest(graph.map)
        if found is None:
            raise NotFound(f"map {graph.map!r} was deleted meanwhile", code="map_not_found")
        return found

    async def span(self, graph: ArgumentGraph, since: str | None, until: str | None) -> RevisionSpan:
        """The changes behind a revision, or at or after a time, up to another; raises `Refused`."""
        after = 0 if since is None else await self._place(graph, "since", since, begins=True)
        last = graph.revision if until is None else await self._place(graph, "until", until, begins=False)
        return RevisionSpan(after, min(last, graph.revision))

    async def select(
        self,
        graph: ArgumentGraph,
        span: RevisionSpan,
        *,
        by: Collection[str] = (),
        nodes: Collection[str] = (),
        fields: Collection[str] = (),
    ) -> Sequence[int]:
        """The revisions of the changes in a span that are by one of these, and touched one of these nodes and fields.

        Every filter given must pass, a node and a field at one and the same place. Oldest first.
        """
        if not by and not nodes and not fields:
            return range(max(span.after + 1, await self.oldest(graph)), span.until + 1)
        found = await self._store.revisions(graph.map, *span, by=by, nodes=nodes)
        if not fields:
            return found
        kept: list[int] = []
        for start in range(0, len(found), _TOGETHER):
            some = await self._store.changes_at(graph.map, found[start : start + _TOGETHER])
            kept += await self._run(
                lambda some=some: [c.revision for c in some if touches(c, nodes, fields)],  # type: ignore[misc]
                cost=len(some) * _CHANGE,
            )
        return kept

    async def changes(self, graph: ArgumentGraph, revisions: Collection[int]) -> list[Change]:
        """The changes of these revisions, oldest first."""
        return await self._store.changes_at(graph.map, revisions)

    async def change(self, graph: ArgumentGraph, revision: int) -> Change:
        """The change that made a revision; raises `NotFound` where the map has none or has given it up."""
        found = await self._store.changes_at(graph.map, [revision]) if 1 <= revision <= graph.revision else []
        if not found:
            raise await self._no_change(graph, revision)
        return found[0]

    async def around(self, graph: ArgumentGraph, changes: Sequence[Change]) -> AsyncIterator[Around]:
        """Each of these changes, given newest first, with the map before and after it; walked back from a snapshot."""
        for change in changes:
            graph = await self.back(graph, change.revision)
            before = await self._stepped(graph, [change])
            yield Around(change, before, graph)
            graph = before

    async def back(self, graph: ArgumentGraph, revision: int) -> ArgumentGraph:
        """The map at an older revision, derived from a snapshot; raises `NotFound` where the log does not go back."""
        while graph.revision > revision:
            after = max(revision, graph.revision - _TOGETHER)
            log = await self._store.changes(graph.map, after, graph.revision)
            if len(log) != graph.revision - after:
                raise await self._no_change(graph, after + 1)
            graph = await self._stepped(graph, log)
        return graph

    async def _stepped(self, graph: ArgumentGraph, changes: Sequence[Change]) -> ArgumentGraph:
        edits = sum(len(change.edits) for change in changes)
        return await self._run(lambda: without(graph, changes), cost=edits * _CHANGE)

    async def _place(self, graph: ArgumentGraph, name: str, said: str, *, begins: bool) -> int:
        """The revision behind which, or with which, a span begins or ends."""
        if re.fullmatch(r"[0-9]{1,18}", said):
            return int(said)
        instant = instant_named(said, begins=begins)
        if instant is None:
            detail = f"{said!r} is neither a revision number nor a time such as 2026-01-31T12:00:00Z or 2026-01-31"
            raise Refused(f"{name}: {detail}", [FieldProblem(f"/{name}", detail)], code="invalid_parameter")
        try:
            limit = just_before(instant) if begins else instant
        except OverflowError:
            return 0
        return await self._store.revision_at(graph.map, stamp(limit)) or 0

    async def _no_change(self, graph: ArgumentGraph, revision: int) -> NotFound:
        where = f"map {graph.map!r} has revisions 1 to {graph.revision}"
        if 1 <= revision <= graph.revision:
            oldest = await self.oldest(graph)
            where = f"the log of map {graph.map!r} begins with revision {oldest}"
        return NotFound(f"there is no change {revision}; {where}", code="change_not_found")

    # --- taking back ----------------------------------------------------------------------------

    def reverting(self, revision: int, *, since: bool) -> Prepare:
        """Prepares the revert of one change, or of everything behind a revision.

        It raises `NotFound` for a revision that the log does not have, and the planner what `revert` raises.
        """

        async def prepare(graph: ArgumentGraph, pending: Sequence[Change]) -> Planner:
            if not since:
                change = await self._one(graph, pending, revision)
                _refuse_making(change)
                return _planner([change], Reversal("revert", revision))
            if not 1 <= revision <= graph.revision:
                raise await self._no_change(graph, revision)
            stored = await self._store.changes(graph.map, revision, graph.revision - len(pending))
            if len(stored) < graph.revision - len(pending) - revision:
                raise await self._no_change(graph, revision)
            log = [*stored, *(c for c in pending if c.revision > revision)]
            return _planner(log, Reversal("revert", revision, since=True))

        return prepare

    def undoing(self, by: str, act: Reversing) -> Prepare:
        """Prepares the undo of the last change of an author, or the redo of what he undid last.

        It raises `Conflict` where there is nothing to undo or redo, and the planner what `revert` raises.
        """

        async def prepare(graph: ArgumentGraph, pending: Sequence[Change]) -> Planner:
            seen: set[int] = set()
            async for change in self._of_author(graph, pending, by):
                done = change.reversal
                if change.redaction is not None:
                    continue  # nothing of it is left to take back
                if done is None or done.act == "revert":
                    if act == "redo":
                        break
                    if change.revision not in seen and not change.begins:
                        return _planner([change], Reversal("undo", change.revision))
                elif done.revision not in seen:
                    if (done.act == "redo") == (act == "undo"):
                        return _planner([change], Reversal(act, done.revision))
                    seen.add(done.revision)
            raise _nothing(act, by)

        return prepare

    async def _of_author(self, graph: ArgumentGraph, pending: Sequence[Change], by: str) -> AsyncIterator[Change]:
        """The changes of an author, newest first."""
        for change in reversed(pending):
            if change.by == by:
                yield change
        revisions = await self._store.revisions(graph.map, 0, graph.revision - len(pending), by=[by])
        for end in range(len(revisions), 0, -_LOOKED_AT):
            for change in reversed(await self._store.changes_at(graph.map, revisions[max(0, end - _LOOKED_AT) : end])):
                yield change

    async def _one(self, graph: ArgumentGraph, pending: Sequence[Change], revision: int) -> Change:
        for change in pending:
            if change.revision == revision:
                return change
        return await self.change(graph, revision)


def _planner(changes: Sequence[Change], reversal: Reversal) -> Planner:
    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        return revert(graph, changes, provenance, reversal)

    return planned


def _refuse_making(change: Change) -> None:
    if change.redaction is not None:
        detail = f"revision {change.revision} took something out of the map's history, which nothing brings back"
        raise Conflict(detail, [FieldProblem("/revision", detail, in_="path")], code="revert_conflict")
    if change.begins:
        what = "made the map" if change.born is None else "stands for all before it, which is not kept any more"
        more = "delete the map, or revert" if change.born is None else "revert"
        detail = f"revision {change.revision} {what}; {more} everything since it with since=true"
        raise Conflict(detail, [FieldProblem("/revision", detail, in_="path")], code="revert_conflict")


def _nothing(act: Reversing, by: str) -> Conflict:
    if act == "redo":
        return Conflict(f"{by!r} has undone nothing since the last change of their own", code="nothing_to_redo")
    return Conflict(f"no change of {by!r} is left to undo", code="nothing_to_undo")


# --- fields ------------------------------------------------------------------------------------------


def changed_fields(edit: Edit) -> Iterator[tuple[str, bytes | None, bytes | None]]:
    """The fields in which an edit's documents differ, as their JSON before and after; None where one is not there."""
    before, after = (_raw_fields(document) for document in (edit.before, edit.after))
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was != now and name not in _STAMPS:
            yield name, None if was is None else bytes(was), None if now is None else bytes(now)


_STAMPS = frozenset({"id", *SERVICE_FIELDS})
FIELDS = frozenset(name for model in (*MODELS.values(), MapFields) for name in model.model_fields) - _STAMPS
"""The fields in which a change may differ, of nodes of any kind and of what a map says of itself."""


def _raw_fields(document: msgspec.Raw | None) -> dict[str, msgspec.Raw]:
    return {} if document is None else msgspec.json.decode(bytes(document), type=dict[str, msgspec.Raw])


def touches(change: Change, nodes: Collection[str], fields: Collection[str]) -> bool:
    """Whether a change differs in one of these fields, of one of these nodes where some are named."""
    edits = (edit for edit in change.edits if not nodes or (edit.kind != "map" and edit.id in nodes))
    return any(name in fields for edit in edits for name, _, _ in changed_fields(edit))
