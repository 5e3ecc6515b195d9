"""The argument paths that an edit makes and breaks: two snapshots asked the same question."""

from collections.abc import Iterable
from itertools import chain

from graph.budgets import StepBudget
from graph.paths.endpoints import is_ground, is_unused, numbers_of, refuse_unknown, with_pointers
from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.view import Views
from schemas.path import Path, PathReason, PathsAnswer, PathStep
from schemas.query import PathsQuery
from schemas.what_if import PathsDifference

_COMPARED = 1000
"""Paths of either side that are compared; the query's own limit is for those that are told."""


def path_difference(
    before: Views, after: Views, query: PathsQuery, budget: StepBudget | None = None
) -> PathsDifference:
    """The paths that only one side has, at most as many of each as the query's limit, in its order.

    Where the search on a side ends before all its paths are found, a path of the other side is looked up on it
    step by step; so what is given is true in any case. Raises `Refused` for an id that neither side has.
    """
    named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
    wholes = (before.view, after.view, after.whole, before.whole)
    refuse_unknown(wholes, chain.from_iterable(with_pointers(name, ids) for name, ids in named))
    wide = query.model_copy(update={"limit": _COMPARED})
    found = [_all(side, other, wide, budget) for side, other in ((before, after), (after, before))]
    gained = _only(found[1], found[0], before.view, query)
    lost = _only(found[0], found[1], after.view, query)
    reason: PathReason | None = next((one.reason for one in found if not one.complete), None)
    if reason is None and max(len(gained), len(lost)) > query.limit:
        reason = "limit"
    return PathsDifference(tuple(gained[: query.limit]), tuple(lost[: query.limit]), reason is None, reason)


def _all(side: Views, other: Views, query: PathsQuery, budget: StepBudget | None) -> PathsAnswer:
    """The paths of one side; what only the other side has is no fault here."""
    ids = (*query.from_, *query.to, *query.via, *query.avoid)
    known = (one for one in (side.whole, other.whole) if all(i in side.view or i in one for i in ids))
    return paths(side.view, query, budget, whole=next(known, side.whole))


def _only(here: PathsAnswer, there: PathsAnswer, graph: ArgumentGraph, query: PathsQuery) -> list[Path]:
    known = {_key(path) for path in there.items}
    fresh = [path for path in here.items if _key(path) not in known]
    if there.complete or there.reason == "max_length":
        return fresh
    return [path for path in fresh if not _has(graph, path, query)]


def _key(path: Path) -> tuple[object, ...]:
    """What makes a path the same path: its nodes and which way each step leans."""
    return path.nodes, tuple(step.stance for step in path.steps)


def _has(graph: ArgumentGraph, path: Path, query: PathsQuery) -> bool:
    return (
        all(_has_step(graph, step) for step in path.steps)
        and _is_end(graph, path.nodes[0], query.from_, is_ground(graph, graph.number(path.nodes[0])))
        and _is_end(graph, path.nodes[-1], query.to, is_unused(graph, graph.number(path.nodes[-1])))
    )


def _has_step(graph: ArgumentGraph, step: PathStep) -> bool:
    origin, argument, end = (graph.find(node_id) for node_id in (step.from_, step.argument, step.to))
    if origin is None or argument is None or end is None:
        return False
    leads = origin == argument or origin in graph.premises(argument)
    if end == argument:
        return leads
    return leads and graph.target(argument) == end and (graph.sign(argument) < 0) == (step.stance == "opposing")


def _is_end(graph: ArgumentGraph, node_id: str, named: Iterable[str], unnamed: bool) -> bool:
    ids = tuple(named)
    return graph.number(node_id) in numbers_of(graph, ids) if ids else unnamed
