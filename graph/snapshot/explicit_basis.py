"""Which arguments a text marks."""

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import basis_of
from schemas.vocabulary import Basis


class Marks:
    """Answers as `graph.snapshot.derived.basis_of`."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph

    def basis(self, argument: str) -> Basis:
        """`explicit` if one of the assertions that carry the argument in this snapshot is, else `inferred`."""
        return basis_of(self._graph, argument)
