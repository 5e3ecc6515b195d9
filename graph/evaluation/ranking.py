"""The ranking of motives by strength, and which neighbours in it every method orders alike."""

from itertools import pairwise
from typing import NamedTuple, get_args

from graph.evaluation.strength.incremental import incremental_strengths
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation_query import Gradual

_DIGITS = 12
_DEFAULT: Gradual = "quadratic-energy"


class Ranked(NamedTuple):
    """A motive in the ranking."""

    id: str
    rank: int
    """1 for the strongest; those of equal strength share one."""
    strength: float
    """By quadratic energy."""
    separable: bool | None
    """Whether all four strengths put it behind the one before it; None of the first."""


def ranking(graph: ArgumentGraph) -> list[Ranked]:
    """The motives of a snapshot, the strongest first, equal ones in the order of their ids."""
    ids = [graph.id(number) for number in graph.numbers("motive")]
    by_method = [_strengths(graph, method, ids) for method in get_args(Gradual)]
    strengths = _strengths(graph, _DEFAULT, ids)
    ids.sort(key=lambda one: (-strengths[one], one))
    first: dict[float, int] = {}
    for rank, one in enumerate(ids, 1):
        first.setdefault(strengths[one], rank)
    separable: list[bool | None] = [None]
    separable += [all(values[a] > values[b] for values in by_method) for a, b in pairwise(ids)]
    return [
        Ranked(one, first[strengths[one]], strengths[one], apart) for one, apart in zip(ids, separable, strict=False)
    ]


def _strengths(graph: ArgumentGraph, method: Gradual, ids: list[str]) -> dict[str, float]:
    found = incremental_strengths(graph, method)
    return {one: round(found.of(graph.number(one)) or 0.0, _DIGITS) for one in ids}
