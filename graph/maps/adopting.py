"""What somebody changed in a database by hand, taken into a map as an ordinary change."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from graph.editing.editor import Provenance, own_fields
from graph.editing.planning import Plan, plan, rename
from graph.errors import GraphError, MapDamaged, NotSupported, OutcomeUnknown, Refused, RevisionTaken, StoreUnavailable
from graph.maps.by_hand import HandConflict, HandEdit, HandStore, HandWork, Taken
from graph.maps.commit_queue import has_happened
from graph.maps.doctor import expected_of
from graph.maps.expected import Expected
from graph.maps.port import Runner, Store, run_here
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns
from graph.snapshot.relations import KIND_CODE
from schemas.base import new_id, now
from schemas.change import Change, Command, JsonObject

AUTHOR = "cypher"
"""Who is said to have made what was found in a database: nobody knows more."""
_ATTEMPTS = 20
_NODE = 4.0
"""Estimated microseconds that a pass over the map costs for each node."""
_REPAIR = "`argumap repair` takes it back"


@dataclass
class Adoption:
    """What became of the changes made by hand."""

    map: str
    created: list[str] = field(default_factory=list)
    updated: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    conflicts: list[HandConflict] = field(default_factory=list)
    """Where there are any nothing is taken in, unless what fits was asked for."""
    revision: int | None = None
    """The revision that took them in; None where nothing was written."""


async def adopt(
    store: Store,
    map_id: str,
    *,
    cascade: bool = False,
    fitting: bool = False,
    dry_run: bool = False,
    run: Runner = run_here,
) -> Adoption:
    """Take what was changed by hand into the map as one change by `cypher`, by the rules that hold for everybody.

    All or nothing: a node that breaks a rule is a conflict, and then nothing is taken in, unless `fitting` asks for
    what fits; the others stay in the database as they are. With `cascade` a node deleted by hand takes along what
    needs it. Reads all of the map and its history, and works on them by the runner. Raises `NotFound`, `NotSupported`
    where nobody writes into the store by hand, and `MapDamaged` where the history itself is damaged.
    """
    hands = store.hands
    if hands is None:
        raise NotSupported("nobody writes into an SQLite store by hand; what is wrong there `argumap repair` mends")
    for _ in range(_ATTEMPTS):
        expected = await expected_of(store, map_id, run)
        if expected.findings:
            one = expected.findings[0]
            raise MapDamaged(map_id, f"its history contradicts itself at node {one.node!r}: {one.detail}")
        try:
            return await _adopted(store, hands, expected, _Wanted(cascade, fitting, dry_run), run)
        except RevisionTaken:  # somebody has written meanwhile, through the service or by hand
            continue
    raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")


class _Wanted(NamedTuple):
    cascade: bool
    fitting: bool
    dry_run: bool


async def _adopted(store: Store, hands: HandStore, expected: Expected, wanted: _Wanted, run: Runner) -> Adoption:
    work = await hands.look(expected)

    def planning() -> tuple[ArgumentGraph, Plan, list[HandEdit], list[HandConflict]]:
        graph = _graph(expected)
        return graph, *_planned(graph, work, cascade=wanted.cascade)

    graph, planned, taken, conflicts = await run(planning, cost=_NODE * len(expected.nodes))
    found = Adoption(expected.header.id, planned.created, planned.updated, planned.deleted, conflicts)
    if wanted.dry_run or not planned.edits or (conflicts and not wanted.fitting):
        return found
    change = _change(planned, graph)
    made = {edit.id: edit.element for edit in taken if edit.element is not None}
    expected.follow([change])
    try:
        await hands.commit(planned.graph.header, change, made, Taken(work, {edit.id for edit in taken}, expected))
    except OutcomeUnknown as error:
        if not await has_happened(store, change):
            raise StoreUnavailable("the connection was cut before anything was taken in; try again") from error
    found.revision = change.revision
    return found


def _graph(expected: Expected) -> ArgumentGraph:
    """The map as its history gives it, whatever hands did to the database."""
    ids = sorted(expected.nodes)
    kinds = bytes(KIND_CODE[expected.nodes[i][0]] for i in ids)
    return ArgumentGraph(expected.header, Columns.read(ids, kinds, [expected.nodes[i][1] for i in ids]))


def _planned(graph: ArgumentGraph, work: HandWork, *, cascade: bool) -> tuple[Plan, list[HandEdit], list[HandConflict]]:
    """What the edits would do, those of them that break no rule, and what is in the way of the others."""
    conflicts = list(work.conflicts)
    amiss = {conflict.node for conflict in conflicts}
    edits = [edit for edit in work.edits if edit.id not in amiss]
    provenance = Provenance(AUTHOR, max(now(), graph.header.updated_at), new_id("change"))
    while True:
        commands = list(_commands(graph, edits, cascade=cascade))
        try:
            planned = plan(graph, [command for _, command in commands], provenance)
            return _renamed(planned, work.header, provenance, conflicts), edits, conflicts
        except GraphError as error:
            faulty = _faulty(error)
            told = {commands[place][0].id: detail for place, detail in faulty.items() if place < len(commands)}
            if not told:
                raise
            conflicts += [
                HandConflict(node, f"{detail}; mend it by hand, or {_REPAIR}") for node, detail in told.items()
            ]
            edits = [edit for edit in edits if edit.id not in told]


def _renamed(planned: Plan, patch: JsonObject, provenance: Provenance, conflicts: list[HandConflict]) -> Plan:
    """The plan, and what a hand made the map say of itself as part of the same change."""
    if not patch:
        return planned
    try:
        named = rename(planned.graph, patch, provenance)
    except GraphError as error:
        conflicts.append(HandConflict(None, f"{error.detail}; mend it by hand, or {_REPAIR}"))
        return planned
    if not named.edits or not planned.edits:
        return replace(named if named.edits else planned, results=planned.results)
    header = named.graph.header.model_copy(update={"revision": planned.graph.revision})
    return replace(planned, graph=named.graph.derive(header, ()), edits=(*planned.edits, *named.edits))


def _faulty(error: GraphError) -> dict[int, str]:
    """The commands that an error concerns, each with what is wrong with it."""
    if error.command is not None and not (isinstance(error, Refused) and error.problems):
        return {error.command: error.detail}
    places = error.commands or ((error.command,) * len(error.problems) if error.command is not None else ())
    found: dict[int, str] = {}
    for place, problem in zip(places, error.problems, strict=True):
        found.setdefault(place, f"{problem.pointer.strip('/')} {problem.detail}".strip())
    return found


def _commands(graph: ArgumentGraph, edits: Sequence[HandEdit], *, cascade: bool) -> Iterator[tuple[HandEdit, Command]]:
    """A command for each edit: what comes first, so that others may name it; what goes last."""
    for edit in edits:
        if edit.fields is not None and edit.id not in graph:
            yield edit, Command(op="create", kind=edit.kind, id=edit.id, value=edit.fields)
    for edit in edits:
        if edit.fields is not None and edit.id in graph:
            patch = difference(own_fields(graph.node(edit.id)), edit.fields)
            yield edit, Command(op="update", kind=edit.kind, id=edit.id, value=patch)
    for edit in edits:
        if edit.fields is None:
            yield edit, Command(op="delete", kind=edit.kind, id=edit.id, cascade=cascade)


def difference(was: Mapping[str, Any], now_: Mapping[str, Any]) -> JsonObject:
    """The merge patch (RFC 7396) that makes one object the other."""
    patch: JsonObject = dict.fromkeys(was.keys() - now_.keys())
    for name, value in now_.items():
        if name not in was:
            patch[name] = value
        elif isinstance(value, Mapping) and isinstance(was[name], Mapping):
            if inner := difference(was[name], value):
                patch[name] = inner
        elif value != was[name]:
            patch[name] = value
    return patch


def _change(planned: Plan, graph: ArgumentGraph) -> Change:
    header = planned.graph.header
    return Change(
        graph.map, header.revision, header.change, header.updated_at, AUTHOR, planned.edits, follows=graph.change
    )
