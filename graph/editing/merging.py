"""Merging: which nodes may be the same, and one node of two that are.

What stays is chosen field by field; references move, and the other id leads on.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any, NamedTuple

from pydantic.fields import FieldInfo

from graph.budgets import Allowance, OutOfSteps, StepBudget, page_of, question_of
from graph.editing.editor import Provenance, own_fields
from graph.editing.planning import Plan, plan
from graph.errors import Conflict, GraphError, Refused
from graph.search.near_duplicates import alike_texts, initials
from graph.search.words import folded
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT
from graph.snapshot.relations import KIND_CODE, REFERENCES_OF, RELATIONS_TO, Number, Reference
from schemas.change import Command, EditNote, JsonObject
from schemas.duplicate import Duplicate, DuplicatesAnswer, DuplicateSign
from schemas.node import MODELS, Actor, AnyNode, Argument, Motive, Source, Statement, client_fields
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.query import DuplicatesQuery, ViewQuery
from schemas.vocabulary import KINDS, Choice, Kind, Relation

Choices = Mapping[str, Choice]
_NOTHING: tuple[object, ...] = (None, "", [], {})
_UNITED = frozenset({"tags", "aliases", "external_ids"})
"""Fields beside references whose values may stand side by side."""
_OF_MERGES = frozenset({"id", "merged", "different_from"})
"""Fields that a merge sets by itself."""
_BETWEEN = 20
_ACTOR, _SOURCE, _ASSERTION = KIND_CODE["actor"], KIND_CODE["source"], KIND_CODE["assertion"]
_ENDS: dict[str, Relation] = {"argument": "targets", "assertion": "of"}
COMPARISONS = StepBudget(2_000_000)
"""Pairs of texts that one question compares: a few seconds."""
_INITIALS = 0.9
"""A name and its initials are nearly as good as one."""


class Merging(NamedTuple):
    """What a merge does."""

    plan: Plan
    fields: dict[str, Choice]
    """Each field that the two said differently, with whose value the node has now."""


def merge(graph: ArgumentGraph, keep: str, drop: str, choices: Choices, provenance: Provenance) -> Merging:
    """Merge `drop` into `keep`, two nodes of one kind: what names the one names the other, whose id answers for both.

    A field is taken from the node that `choices` names. Left open, it is that of `keep`, or that of `drop` where
    `keep` says nothing; sets of ids, tags, aliases and external ids have those of `both`. Raises `Refused` for ids
    and choices that cannot be, and `Conflict` where an argument leads from one to the other.
    """
    kept, dropped = _two(graph, keep, drop)
    _refuse_between(graph, kept, dropped)
    values, fields = _fields(kept, dropped, choices)
    patch = {name: _replacing(own_fields(kept).get(name), value) for name, value in values.items()}
    commands = [Command(op="update", kind=kept.kind, id=keep, value=patch)]
    commands += _moves(graph, kept, dropped)
    commands.append(Command(op="delete", kind=dropped.kind, id=drop))
    try:
        planned = plan(graph, commands, provenance)
    except GraphError as error:
        raise _placed(error, commands) from error
    notes = (*planned.notes, *_notes(graph, kept, dropped, planned))
    return Merging(Plan(planned.graph, planned.edits, planned.results, planned.orphaned, notes), fields)


def _placed(error: GraphError, commands: Sequence[Command]) -> GraphError:
    """The error with its faults where the request has what led to them."""
    places = error.commands or (error.command or 0,) * len(error.problems)
    error.problems = tuple(
        p.at("/fields" + p.pointer) if i == 0 else FieldProblem("/drop", f"{commands[i].id}: {p.detail}", p.code)
        for i, p in zip(places, error.problems)
    )
    return error


def tell_apart(graph: ArgumentGraph, one: str, other: str, provenance: Provenance) -> Plan:
    """Keep the judgement that two nodes are not the same: each names the other. Raises `Refused`."""
    first, second = _two(graph, one, other)
    commands = [
        Command(op="update", kind=a.kind, id=a.id, value={"different_from": [*a.different_from, b.id]})
        for a, b in ((first, second), (second, first))
        if b.id not in a.different_from
    ]
    return plan(graph, commands, provenance)


def _two(graph: ArgumentGraph, keep: str, drop: str) -> tuple[AnyNode, AnyNode]:
    faults = []
    for name, node_id in (("keep", keep), ("drop", drop)):
        if node_id not in graph:
            into = graph.merged_into(node_id)
            told = f"it was merged into {into!r}" if into is not None else "name a node of the map"
            faults.append(FieldProblem(pointer(name), f"there is no node {node_id!r}; {told}"))
    if faults:
        raise Refused(faults[0].detail, faults, code="unknown_id")
    if keep == drop:
        raise Refused("a node cannot be merged into itself", [FieldProblem("/drop", "name another node than keep")])
    kept, dropped = graph.node(keep), graph.node(drop)
    if kept.kind != dropped.kind:
        detail = f"{keep!r} is of kind {kept.kind} and {drop!r} of kind {dropped.kind}; only nodes of one kind merge"
        raise Refused(detail, [FieldProblem("/drop", detail)], code="wrong_kind")
    return kept, dropped


def _refuse_between(graph: ArgumentGraph, kept: AnyNode, dropped: AnyNode) -> None:
    """Refuse what would make an argument its own end, or one step of two different ones."""
    if isinstance(kept, Argument) and isinstance(dropped, Argument):
        if kept.id == dropped.target or dropped.id == kept.target:
            raise Conflict(f"{kept.id!r} and {dropped.id!r} bear on one another; they are not the same step")
        if (kept.target, kept.stance) != (dropped.target, dropped.stance):
            raise Conflict(
                f"{kept.id!r} is {kept.stance} {kept.target!r} and {dropped.id!r} {dropped.stance} {dropped.target!r}: "
                "they are different steps; change one of them first, or merge their targets",
                [FieldProblem("/drop", "another target or stance than keep")],
            )
    between = arguments_between(graph, graph.number(kept.id), graph.number(dropped.id))
    if between:
        named = sorted(map(graph.id, between))[:_BETWEEN]
        raise Conflict(
            f"{', '.join(named)} leads from one of {kept.id!r} and {dropped.id!r} to the other, and would lead from a "
            "node to itself; delete or change it first",
            [FieldProblem("", f"{one} leads from one to the other") for one in named],
        )


# --- the fields --------------------------------------------------------------------------------------


def _fields(kept: AnyNode, dropped: AnyNode, choices: Choices) -> tuple[dict[str, Any], dict[str, Choice]]:
    """The values of the fields that differ, and whose they are."""
    model = client_fields(MODELS[kept.kind])
    mine, theirs = own_fields(kept), own_fields(dropped)
    united = _united(kept.kind)
    _check(choices, model, united, kept.kind)
    likes = {reference.field for reference in REFERENCES_OF[kept.kind] if kept.kind in reference.names}
    values: dict[str, Any] = {}
    chosen: dict[str, Choice] = {}
    for name, field in model.items():
        if name in _OF_MERGES:
            continue
        default = _default(name, field)
        a, b = mine.get(name, default), theirs.get(name, default)
        if name in likes:  # neither names the other any more
            a, b = _without(a, kept.id, dropped.id), _without(b, kept.id, dropped.id)
        if a == b:
            choice: Choice = "keep"
        else:
            choice = choices.get(name) or ("both" if name in united else "drop" if a in _NOTHING else "keep")
            if choice == "both" and b in _NOTHING:
                choice = "keep"
            chosen[name] = choice
        value = a if choice == "keep" else b if choice == "drop" else _union(a, b)
        if value != mine.get(name, default):
            values[name] = value
    ids = dict.fromkeys([*kept.merged, *dropped.merged, dropped.id])
    values["merged"] = [one for one in ids if one != kept.id]
    values["different_from"] = _without(_union(kept.different_from, dropped.different_from), kept.id, dropped.id)
    return values, chosen


def _check(choices: Choices, model: Mapping[str, Any], united: frozenset[str], kind: Kind) -> None:
    open_to_choice = [name for name in model if name not in _OF_MERGES]
    faults = [
        FieldProblem(pointer("fields", name), f"no field of {kind}s to choose; {did_you_mean(name, open_to_choice)}")
        for name in choices
        if name not in open_to_choice
    ]
    several = ", ".join(sorted(united - _OF_MERGES))
    faults += [
        FieldProblem(pointer("fields", name), f"has one value; choose keep or drop. Both can be had of {several}")
        for name, choice in choices.items()
        if choice == "both" and name in open_to_choice and name not in united and name != "note"
    ]
    if faults:
        raise Refused(f"{faults[0].pointer}: {faults[0].detail}", faults)


def _united(kind: Kind) -> frozenset[str]:
    """Fields that are sets: ids whose order says nothing, and words beside one another."""
    sets = {r.field for r in REFERENCES_OF[kind] if r.many and not r.chain and r.relation != "premise_of"}
    return frozenset(sets | (_UNITED & set(MODELS[kind].model_fields)))


def _default(name: str, field: FieldInfo) -> Any:
    """What a field says that is left out; nothing, of an origin that follows from the assertions."""
    default = None if field.is_required() or name == "origin" else field.get_default(call_default_factory=True)
    return list(default) if isinstance(default, tuple) else default


def _union(a: Any, b: Any) -> Any:
    if isinstance(a, str) or isinstance(b, str):
        return "\n\n".join(text for text in dict.fromkeys((a, b)) if text)
    if isinstance(a, Mapping) or isinstance(b, Mapping):
        return {**(b or {}), **(a or {})}
    return [*(a or ()), *(one for one in b or () if one not in (a or ()))]


def _without(value: Any, *ids: str) -> Any:
    """A list of ids without these; any other value as it is."""
    return [one for one in value if one not in ids] if isinstance(value, list) else value


def _replacing(held: Any, value: Any) -> Any:
    """What to set a field to in a merge patch, so that it has this value and nothing of what it held."""
    if value in _NOTHING:
        return None
    if isinstance(value, Mapping) and isinstance(held, Mapping):
        gone: JsonObject = {name: None for name in held if name not in value}
        return gone | {name: _replacing(held.get(name), one) for name, one in value.items()}
    return value


# --- the references ----------------------------------------------------------------------------------


def _moves(graph: ArgumentGraph, kept: AnyNode, dropped: AnyNode) -> list[Command]:
    """A command for each other node that names the dropped one, which lets it name the other."""
    number = graph.number(dropped.id)
    holders = {holder for relation in RELATIONS_TO[dropped.kind] for holder in graph.referrers(relation, number)}
    judged = [graph.find(one) for one in dropped.different_from]
    holders |= {n for n in judged if n is not None and dropped.id in graph.at(n).different_from}
    found = []
    for holder in sorted(map(graph.id, holders)):
        if holder not in (kept.id, dropped.id):
            node = graph.node(holder)
            found.append(Command(op="update", kind=node.kind, id=holder, value=_moved(node, dropped.id, kept.id)))
    return found


def _moved(node: AnyNode, old: str, new: str) -> JsonObject:
    fields = own_fields(node)
    patch: JsonObject = {
        reference.field: _renamed(reference, fields[reference.field], old, new)
        for reference in REFERENCES_OF[node.kind]
        if old in reference.ids(node)
    }
    if old in node.different_from:
        patch["different_from"] = _each_once(new if one == old else one for one in node.different_from)
    return patch


def _renamed(reference: Reference, value: Any, old: str, new: str) -> Any:
    if not reference.many:
        return new
    if reference.inner is not None:
        inner = reference.inner
        return _each_once({**one, inner: new} if one[inner] == old else one for one in value)
    named = [new if one == old else one for one in value]
    if reference.chain:  # the order says something, and the same actor may come again later
        return [one for i, one in enumerate(named) if i == 0 or one != named[i - 1]]
    return _each_once(named)


def _each_once(values: Iterable[Any]) -> list[Any]:
    found: list[Any] = []
    for one in values:
        if one not in found:
            found.append(one)
    return found


# --- what the writer should know -----------------------------------------------------------------------


def _notes(graph: ArgumentGraph, kept: AnyNode, dropped: AnyNode, planned: Plan) -> Sequence[EditNote]:
    """Places that now count in a text which may be another."""
    if not isinstance(kept, Source) or not isinstance(dropped, Source) or kept.sha256 == dropped.sha256:
        return ()
    detail = f"counts in the text of {dropped.id!r}, which is another than that of {kept.id!r}"
    moved = [graph.id(n) for n in graph.referrers("found_in", graph.number(dropped.id))]
    nodes = [planned.graph.node(one) for one in sorted(moved)]
    return [EditNote(node.id, "/locator", detail) for node in nodes if getattr(node, "locator", None) is not None]


# --- which may be the same ----------------------------------------------------------------------------


class _Place(NamedTuple):
    """Where a pair stands among others."""

    unlike: float
    keep: str
    drop: str


class _Pairs:
    """Pairs of nodes as they are found, each once, by its best sign."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self.best: dict[tuple[Number, Number], tuple[float, DuplicateSign]] = {}

    def add(self, one: Number, other: Number, score: float, sign: DuplicateSign) -> None:
        if one != other:
            pair = (min(one, other), max(one, other))
            self.best[pair] = max(self.best.get(pair, (0.0, sign)), (score, sign), key=lambda found: found[0])

    def told(self) -> list[Duplicate]:
        """What is left of them as they are answered, in order."""
        graph = self._graph
        found = [
            self._told(one, other, score, sign)
            for (one, other), (score, sign) in self.best.items()
            if not are_told_apart(graph, graph.id(one), graph.id(other)) and not arguments_between(graph, one, other)
        ]
        return sorted(found, key=_place)

    def _told(self, one: Number, other: Number, score: float, sign: DuplicateSign) -> Duplicate:
        graph = self._graph
        keep, drop = sorted((one, other), key=lambda number: (-_named(graph, number), graph.id(number)))
        return Duplicate(KINDS[graph.kind(one)], graph.id(keep), graph.id(drop), round(score, 3), sign)


def duplicates(
    graph: ArgumentGraph, query: DuplicatesQuery, codes: frozenset[int], budget: StepBudget, *, view: ViewQuery
) -> DuplicatesAnswer:
    """Pairs of nodes of some kinds, by their codes, that may be the same, a page of them; raises `Refused`."""
    found, whole = _Pairs(graph), True
    work = (_marked, _equal_steps, _equal_passages, _alike_statements, _alike_motives, _alike_names, _alike_titles)
    allowance = Allowance(budget)
    try:
        for look in work:
            look(graph, codes, found, allowance)
    except OutOfSteps:
        whole = False
    question = question_of(graph.map, view, query)
    page = page_of(found.told(), _place, _Place, question=question, limit=query.limit, cursor=query.cursor)
    return DuplicatesAnswer(
        map=graph.map,
        revision=graph.revision,
        complete=whole,
        reason=None if whole else "budget",
        items=tuple(page.items),
        total=page.total,
        next=page.next,
    )


def _place(one: Duplicate) -> _Place:
    return _Place(round(1 - one.score, 3), one.keep, one.drop)


def _named(graph: ArgumentGraph, number: Number) -> int:
    """How many links name a node."""
    return sum(len(graph.referrers(relation, number)) for relation in RELATIONS_TO[KINDS[graph.kind(number)]])


def arguments_between(graph: ArgumentGraph, one: Number, other: Number) -> set[Number]:
    """Arguments that lead from one of two nodes to the other: what argues with it says something else."""
    ends = ((one, other), (other, one))
    return {a for premise, target in ends for a in graph.outgoing(premise) if graph.target(a) == target}


# --- the same by what tells such nodes apart --------------------------------------------------------


def same_after(before: ArgumentGraph, planned: Plan) -> list[tuple[str, str]]:
    """Arguments and assertions that a plan has made equal to another by moving their ends, as pairs of ids."""
    after = planned.graph
    changed = {e.id: e.kind for e in planned.edits if e.kind in _ENDS and e.after is not None}
    ends = {(kind, end) for one, kind in changed.items() for end in after.references(_ENDS[kind], after.number(one))}
    found = []
    for kind, end in ends:
        alike: defaultdict[Hashable, list[str]] = defaultdict(list)
        for number in after.referrers(_ENDS[kind], end):
            alike[_key(after.at(number))].append(after.id(number))
        for first, *others in map(sorted, alike.values()):
            pairs = [(first, other) for other in others if first in changed or other in changed]
            found += [pair for pair in pairs if not _was_same(before, *pair) and not are_told_apart(after, *pair)]
    return sorted(found)


def are_told_apart(graph: ArgumentGraph, one: str, other: str) -> bool:
    """Whether two nodes were judged not to be the same."""
    return other in graph.node(one).different_from or one in graph.node(other).different_from


def _key(node: AnyNode) -> Hashable:
    """What is equal of two arguments that are the same step, or of two assertions of the same place."""
    if isinstance(node, Argument):
        return frozenset(node.premises), node.target, node.stance
    fields = own_fields(node)
    return tuple(repr(fields.get(name)) for name in ("of", "source", "cited_source", "chain", "locator", "basis"))


def _was_same(before: ArgumentGraph, one: str, other: str) -> bool:
    return one in before and other in before and _key(before.node(one)) == _key(before.node(other))


def _marked(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    for number in _of(graph, codes & {_ACTOR, _SOURCE}, allowance):
        for other in map(graph.find, getattr(graph.at(number), "same_as", ())):
            if other is not None:
                found.add(number, other, 1.0, "marked")


def _equal_steps(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    def key(number: Number) -> Hashable:
        return frozenset(graph.premises(number)), graph.target(number), graph.sign(number)

    _equal(graph, _of(graph, codes & {ARGUMENT}, allowance), key, found)


def _equal_passages(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    _equal(graph, _of(graph, codes & {_ASSERTION}, allowance), lambda number: _key(graph.at(number)), found)


def _equal(graph: ArgumentGraph, numbers: Iterator[Number], key: Callable[[Number], Hashable], found: _Pairs) -> None:
    firsts: dict[Hashable, Number] = {}
    for number in numbers:
        found.add(firsts.setdefault(key(number), number), number, 1.0, "equal")


def _of(graph: ArgumentGraph, codes: frozenset[int], allowance: Allowance) -> Iterator[Number]:
    for number in chain.from_iterable(graph.numbers(KINDS[code]) for code in sorted(codes)):
        allowance.spend(1)
        yield number


# --- alike by their words ---------------------------------------------------------------------------


def _alike_statements(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    _alike(graph, codes & {STATEMENT}, found, allowance)


def _alike_motives(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    _alike(graph, codes & {MOTIVE}, found, allowance)


def _alike_titles(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    _alike(graph, codes & {_SOURCE}, found, allowance)


def _alike_names(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    called: defaultdict[str, set[Number]] = defaultdict(set)
    for number in _of(graph, codes & {_ACTOR}, allowance):
        for name in _said(graph.at(number)):
            called[folded(name)].add(number)
    for number in _of(graph, codes & {_ACTOR}, allowance):
        for name in _said(graph.at(number)):
            for other in called.get(initials(name), ()):
                found.add(number, other, _INITIALS, "initials")
    _alike(graph, codes & {_ACTOR}, found, allowance)


def _alike(graph: ArgumentGraph, codes: frozenset[int], found: _Pairs, allowance: Allowance) -> None:
    said = [(number, text) for number in _of(graph, codes, allowance) for text in _said(graph.at(number))]
    for one, other, score in alike_texts([text for _, text in said], allowance):
        found.add(said[one][0], said[other][0], score, "text")


def _said(node: AnyNode) -> tuple[str, ...]:
    """What a node says or is called, each of which may make it the same as another."""
    match node:
        case Statement() | Motive():
            return (node.text,)
        case Actor():
            return tuple([name.removeprefix("The ") for name in (node.name, *node.aliases)])
        case Source():
            return (node.title,)
        case _:
            return ()
