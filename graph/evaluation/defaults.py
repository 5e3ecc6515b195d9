"""What holds where a map says nothing: part of every answer, so that it can be read alone."""

from typing import Any

from graph.evaluation.weights import table_of
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.evaluation import Defaults
from schemas.evaluation_query import Reading

_UNATTACKED: dict[Reading, str] = {
    "weighed": "accepted if it has a ground of its own; rejected (no_ground) if it has none, as motives have none",
    "grounds": "accepted if attributed or the author's; rejected (no_ground) if constructed, as motives are",
    "deductive": "accepted",
    "necessary": "accepted",
}
_STRENGTH = "its weight; what has none of its own starts from its credence, or from `weights.constructed`"
_SENSITIVE = (
    "the labelling asked for, the grounded one or one of the four strengths accepts the node and another rejects it; "
    "a strength above 0.5 accepts, below 0.5 rejects, and says nothing where it does not settle"
)
LABELLED = "grounded"
WEIGHED = "quadratic-energy"
BOTH = f"{LABELLED}, {WEIGHED}"
"""The semantics of an answer that has verdicts and strengths."""


def of_labelling(graph: ArgumentGraph, reading: Reading = "weighed") -> Defaults:
    """The defaults of a verdict."""
    return Defaults(_UNATTACKED[reading], _table(graph), _SENSITIVE)


def of_strength(graph: ArgumentGraph) -> Defaults:
    """The defaults of a strength."""
    return Defaults(_STRENGTH, _table(graph), _SENSITIVE)


def of_both(graph: ArgumentGraph) -> Defaults:
    """The defaults of an answer that has verdicts and strengths."""
    return Defaults(f"{_UNATTACKED['weighed']}; its strength is {_STRENGTH}", _table(graph))


def _table(graph: ArgumentGraph) -> dict[str, Any]:
    return table_of(graph).model_dump()
