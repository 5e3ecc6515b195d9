"""Argument paths: the ways along the direction of reasoning from starts to ends, best first, in a total order."""

from itertools import chain

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paths.constraints import Terms
from graph.paths.edges import LENGTH, steps_of
from graph.paths.endpoints import each, numbers_of, refuse_unknown
from graph.paths.k_shortest import Way, Ways
from graph.paths.query_plan import Route
from graph.paths.rendering import Telling
from graph.paths.sort_keys import Place
from graph.paths.unbranched import Chain
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from schemas.path import PathCounts, PathReason, PathsAnswer
from schemas.query import PathsQuery

_USUAL = StepBudget()
_NOTHING: frozenset[Place] = frozenset()


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
    route = _route(graph, query, unknown)
    if unknown:
        named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
        refuse_unknown((graph, whole or graph), chain.from_iterable(each(name, ids) for name, ids in named))
    ways, reason = _first(route, Allowance(budget), query)
    if not ways and reason is None:
        reason = _why_none(graph, query, budget, whole)
    telling = Telling(graph, steps_of(graph).places)
    items = tuple([telling.path(way) for way in ways])
    opposing = sum([item.polarity == "opposing" for item in items])
    complete = reason is None or reason in ("not_connected", "filtered")
    counts = PathCounts(len(items) - opposing, opposing)
    return PathsAnswer(graph.map, graph.revision, complete, reason, counts, items)


def _route(graph: ArgumentGraph, query: PathsQuery, unknown: list[str] | None = None) -> Route:
    places = steps_of(graph).places
    kind, number, place = graph.kind, places.number, places.place

    def places_of(ids: tuple[str, ...]) -> list[Place]:
        return [place(n) for n in numbers_of(graph, ids, unknown)]

    avoided = frozenset(places_of(query.avoid)) if query.avoid else _NOTHING
    # None where no starts or ends are named.
    starts = tuple([p for p in places_of(query.from_) if p not in avoided]) if query.from_ else None
    ends = tuple([p for p in places_of(query.to) if p not in avoided]) if query.to else None
    arguments = [p for p in (*(starts or ()), *(ends or ())) if kind(number(p)) == ARGUMENT]
    terms = None
    if query.polarity or query.via or avoided or arguments:
        terms = Terms(
            opposing=None if query.polarity is None else query.polarity == "opposing",
            visits=tuple(frozenset(places_of((node_id,))) for node_id in query.via),
            avoided=avoided,
            starts=frozenset(arguments).intersection(starts or ()),
            ends=frozenset(arguments).intersection(ends or ()),
        )
    return Route(graph, starts, ends, terms)


def _first(route: Route, allowance: Allowance, query: PathsQuery) -> tuple[list[Way], PathReason | None]:
    """The first ways, and why they are not all."""
    found: dict[Way, None] = {}
    if query.order == "length":
        reason = _by_length(found, route.by_length(allowance), query)
        return list(found), reason
    reason = _by_strength(found, route.by_strength(allowance), query)
    if reason in (None, "max_length"):  # what has no strength comes last, by length
        reason = _by_length(found, route.by_length(allowance), query) or reason
    return list(found), reason


def _by_length(found: dict[Way, None], ways: Ways | Chain, query: PathsQuery) -> PathReason | None:
    """Take the ways that are not there yet; why there are more."""
    try:
        for length, way in ways:
            if length > query.max_length:
                return "max_length"
            if way not in found:
                if len(found) == query.limit:
                    return "limit"
                found[way] = None
    except OutOfSteps:
        if ways.bound > query.max_length:
            return "max_length"
        return "limit" if len(found) == query.limit else "budget"
    return None


def _by_strength(found: dict[Way, None], ways: Ways, query: PathsQuery) -> PathReason | None:
    """Take the ways that have any strength; why there are more."""
    try:
        for cost, way in ways:
            if cost & LENGTH > query.max_length:
                ways.longest = query.max_length
            elif len(found) == query.limit:
                return "limit"
            else:
                found[way] = None
    except OutOfSteps:
        return "limit" if len(found) == query.limit else "budget"
    return None if ways.longest > query.max_length else "max_length"


def _why_none(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget, whole: ArgumentGraph | None) -> PathReason:
    """Whether there is a path without the question's terms, or without the view."""
    bare = query.model_copy(update={"polarity": None, "via": (), "avoid": ()})
    others = [graph] if bare != query else []
    if whole is not None and whole is not graph:
        others.append(whole)
    return "filtered" if any(_leads(other, bare, budget) for other in others) else "not_connected"


def _leads(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget) -> bool:
    """Whether there is any path, or none can be ruled out within the budget."""
    try:
        return any(True for _ in _route(graph, query).by_length(Allowance(budget)))
    except OutOfSteps:
        return True
