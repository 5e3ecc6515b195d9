"""Argument paths: the ways along the direction of reasoning from starts to ends, best first, in a total order."""

from itertools import chain
from typing import Any

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paths.constraints import Constraints
from graph.paths.edge_costs import PASSED_ON, WeakestPremises, credence
from graph.paths.endpoints import numbers_of, refuse_unknown, with_pointers
from graph.paths.k_shortest import KeyPath, ShortestPaths, UnbranchedPath
from graph.paths.query_plan import QueryPlan
from graph.paths.search_graph import STEPS, SortKey, SortKeys, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.derived import basis_of
from schemas.path import Path, PathCounts, PathReason, PathsAnswer, PathStep
from schemas.query import PathsQuery
from schemas.vocabulary import CONFIDENCE_RANK, Confidence, Stance

_USUAL = StepBudget()
_NOTHING: frozenset[SortKey] = frozenset()


def paths(
    graph: ArgumentGraph, query: PathsQuery, budget: StepBudget | None = None, *, whole: ArgumentGraph | None = None
) -> PathsAnswer:
    """The argument paths that the query asks for in this snapshot, which the query's view has narrowed already.

    A path has at least one step, so none leads from a node to itself. Starts and ends stand for what
    `stands_for` says, and so do `via` (one of the nodes that it stands for must be visited) and `avoid` (none
    may be). A path may pass one end on its way to another. It may end in an argument, through an undercut or a
    backing of it or through one of its premises.

    `whole` is the same revision without the view's filters: an id that only it has is no fault, and an empty
    answer tells by it `filtered` from `not_connected`. Raises `Refused` for an id that neither has.
    """
    budget = budget or _USUAL
    unknown: list[str] = []
    plan = _plan(graph, query, unknown)
    if unknown:
        named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
        refuse_unknown((graph, whole or graph), chain.from_iterable(with_pointers(name, ids) for name, ids in named))
    found, reason = _first(plan, Allowance(budget), query)
    if not found and reason is None:
        reason = _why_none(graph, query, budget, whole)
    rendering = PathRendering(graph, search_graph(graph).keys)
    items = tuple([rendering.path(path) for path in found])
    opposing = sum([item.polarity == "opposing" for item in items])
    complete = reason is None or reason in ("not_connected", "filtered")
    counts = PathCounts(len(items) - opposing, opposing)
    return PathsAnswer(graph.map, graph.revision, complete, reason, counts, items)


def _plan(graph: ArgumentGraph, query: PathsQuery, unknown: list[str] | None = None) -> QueryPlan:
    keys = search_graph(graph).keys
    kind, number, key = graph.kind, keys.number, keys.key

    def keys_of(ids: tuple[str, ...]) -> list[SortKey]:
        return [key(n) for n in numbers_of(graph, ids, unknown)]

    avoided = frozenset(keys_of(query.avoid)) if query.avoid else _NOTHING
    # None where no starts or ends are named.
    starts = tuple([k for k in keys_of(query.from_) if k not in avoided]) if query.from_ else None
    ends = tuple([k for k in keys_of(query.to) if k not in avoided]) if query.to else None
    arguments = [k for k in (*(starts or ()), *(ends or ())) if kind(number(k)) == ARGUMENT]
    constraints = None
    if query.polarity or query.via or avoided or arguments:
        constraints = Constraints(
            opposing=None if query.polarity is None else query.polarity == "opposing",
            visits=tuple(frozenset(keys_of((node_id,))) for node_id in query.via),
            avoided=avoided,
            starts=frozenset(arguments).intersection(starts or ()),
            ends=frozenset(arguments).intersection(ends or ()),
        )
    return QueryPlan(graph, starts, ends, constraints)


def _first(plan: QueryPlan, allowance: Allowance, query: PathsQuery) -> tuple[list[KeyPath], PathReason | None]:
    """The first paths, and why they are not all."""
    found: dict[KeyPath, None] = {}
    try:
        reason = None if query.order == "length" else _by_strength(found, plan.by_strength(allowance), query)
        if reason in (None, "max_length"):  # what has no strength comes last, by length
            reason = _by_length(found, plan.by_length(allowance), query) or reason
    except OutOfSteps:  # while the search was made ready
        reason = "budget"
    return list(found), reason


def _by_length(
    found: dict[KeyPath, None], search: ShortestPaths | UnbranchedPath, query: PathsQuery
) -> PathReason | None:
    """Take the paths that are not there yet; why there are more."""
    try:
        for length, path in search:
            if length > query.max_length:
                return "max_length"
            if path not in found:
                if len(found) == query.limit:
                    return "limit"
                found[path] = None
    except OutOfSteps:
        if search.bound > query.max_length:
            return "max_length"
        return "limit" if len(found) == query.limit else "budget"
    return None


def _by_strength(found: dict[KeyPath, None], search: ShortestPaths, query: PathsQuery) -> PathReason | None:
    """Take the paths that have any strength; why there are more."""
    try:
        for cost, path in search:
            if cost & STEPS > query.max_length:
                search.longest = query.max_length
            elif len(found) == query.limit:
                return "limit"
            else:
                found[path] = None
    except OutOfSteps:
        return "limit" if len(found) == query.limit else "budget"
    return None if search.longest > query.max_length else "max_length"


def _why_none(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget, whole: ArgumentGraph | None) -> PathReason:
    """Whether there is a path without the question's constraints, or without the view."""
    bare = query.model_copy(update={"polarity": None, "via": (), "avoid": ()})
    others = [graph] if bare != query else []
    if whole is not None and whole is not graph:
        others.append(whole)
    return "filtered" if any(_leads(other, bare, budget) for other in others) else "not_connected"


def _leads(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget) -> bool:
    """Whether there is any path, or none can be ruled out within the budget."""
    try:
        return any(True for _ in _plan(graph, query).by_length(Allowance(budget)))
    except OutOfSteps:
        return True


_CONFIDENCE: dict[int, Confidence] = {rank: name for name, rank in CONFIDENCE_RANK.items()}
_Rendered = tuple[PathStep, bool, bool, float, float]
"""A step, whether it opposes, whether it leads to an argument, and how much strength it lets through and passes on."""


class PathRendering:
    """Renders paths of sort keys as paths of ids; a step that several of them share is rendered once."""

    def __init__(self, graph: ArgumentGraph, keys: SortKeys) -> None:
        self._graph = graph
        self._weakest = WeakestPremises(graph)
        self._keys = keys
        self._steps: dict[tuple[SortKey, SortKey, SortKey], _Rendered] = {}

    def path(self, path: KeyPath) -> Path:
        """The path with its steps, its polarity and its strength. O(nodes on it)."""
        graph, rendered = self._graph, self._steps
        ids = self._keys.ids(path)
        start = self._keys.number(path[0])
        on_argument = graph.kind(start) == ARGUMENT
        strength = 1.0 if on_argument else credence(graph, start)
        steps = []
        opposing, at, last = False, 0, len(path) - 1
        while at < last:
            origin = at
            argument = at if on_argument else at + 1
            at = at + 1 if on_argument else min(at + 2, last)
            hop = path[origin], path[argument], path[at]
            known = rendered.get(hop)
            if known is None:
                known = rendered[hop] = self._step(ids[origin], ids[argument], ids[at], *hop)
            step, turns, on_argument, most, part = known
            steps.append(step)
            opposing ^= turns
            strength = (strength if strength < most else most) * part
        polarity: Stance = "opposing" if opposing else "supporting"
        return Path(ids, polarity, len(steps), float(f"{strength:.12g}"), tuple(steps))

    def _step(self, source: str, name: str, target: str, origin: Any, by: Any, end: Any) -> _Rendered:
        graph, columns, number = self._graph, self._graph.columns, self._keys.number
        if graph.patch.nodes:
            start, argument, reached = number(origin), number(by), number(end)
            rank, sign, kind = graph.confidence(argument), graph.sign(argument), graph.kind(reached)
        else:  # the same without a call for each: sort keys are then numbers of the columns
            start, argument = origin, by
            rank, sign, kind = columns.confidence[by], columns.sign[by], columns.kinds[end]
        opposes = end != by and sign < 0
        stance: Stance = "opposing" if opposes else "supporting"
        step = PathStep(source, name, target, stance, basis_of(graph, name), _CONFIDENCE[rank])
        part = credence(graph, argument) * PASSED_ON[rank]
        return step, opposes, kind == ARGUMENT, self._weakest.other(argument, start), part
