"""Looks up the node that a question is about, and refuses what cannot be evaluated."""

from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT
from graph.snapshot.relations import Number
from schemas.problem import FieldProblem
from schemas.vocabulary import KINDS


def asked(graph: ArgumentGraph, node_id: str, place: str) -> Number:
    """The number of a motive, statement or argument; raises `Refused` with the place of the id in the question."""
    number = graph.find(node_id)
    if number is None:
        detail = f"map {graph.map!r} has no node {node_id!r} in this view"
        raise Refused(detail, [FieldProblem(place, detail)], code="unknown_id")
    if graph.kind(number) not in (MOTIVE, STATEMENT, ARGUMENT):
        kind = KINDS[graph.kind(number)]
        detail = f"{node_id!r} is of kind {kind}; only motives, statements and arguments are evaluated"
        raise Refused(detail, [FieldProblem(place, detail)], code="wrong_kind")
    return number
