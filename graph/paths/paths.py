"""Argument paths: the ways along the direction of reasoning from starts to ends, best first, in a total order."""

from itertools import chain
from typing import Any

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paging import question_of
from graph.paths.constraints import Constraints
from graph.paths.edge_costs import PASSED_ON, WeakestPremises, credence
from graph.paths.endpoints import numbers_of, refuse_unknown, with_pointers
from graph.paths.enumeration import page_of_paths
from graph.paths.k_shortest import KeyPath
from graph.paths.query_plan import QueryPlan
from graph.paths.search_graph import SortKey, SortKeys, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.derived import basis_of
from schemas.path import Path, PathCounts, PathReason, PathsAnswer, PathStep
from schemas.query import PathsQuery, ViewQuery
from schemas.vocabulary import CONFIDENCE_RANK, Confidence, Stance

_USUAL = StepBudget()
_NOTHING: frozenset[SortKey] = frozenset()


def paths(
    graph: ArgumentGraph,
    query: PathsQuery,
    budget: StepBudget | None = None,
    *,
    whole: ArgumentGraph | None = None,
    view: ViewQuery | None = None,
) -> PathsAnswer:
    """The argument paths that the query asks for in this snapshot, which the query's view has narrowed already.

    A path has at least one step, so none leads from a node to itself. Starts and ends stand for what
    `stands_for` says, and so do `via` (one of the nodes that it stands for must be visited) and `avoid` (none
    may be). A path may pass one end on its way to another. It may end in an argument, through an undercut or a
    backing of it or through one of its premises.

    `whole` is the same revision without the view's filters: an id that only it has is no fault, and an empty
    answer tells by it `filtered` from `not_connected`. `view` is what narrowed the snapshot: a cursor belongs to it.
    Raises `Refused` for an id that neither snapshot has, and for a cursor of another question.
    """
    budget = budget or _USUAL
    unknown: list[str] = []
    plan = _plan(graph, query, unknown)
    if unknown:
        named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
        refuse_unknown((graph, whole or graph), chain.from_iterable(with_pointers(name, ids) for name, ids in named))
    page = page_of_paths(plan, query, budget, lambda: question_of(graph.map, view, query))
    reason = page.reason
    if not page.paths and reason is None and query.cursor is None:
        reason = _why_none(graph, query, budget, whole)
    rendering = PathRendering(graph, search_graph(graph).keys)
    items = tuple([rendering.path(path) for path in page.paths])
    opposing = sum([item.polarity == "opposing" for item in items])
    complete = reason is None or reason in ("not_connected", "filtered")
    counts = PathCounts(len(items) - opposing, opposing)
    return PathsAnswer(graph.map, graph.revision, complete, reason, counts, items, page.next)


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
