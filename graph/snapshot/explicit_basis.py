"""Which arguments a text marks, answered without decoding the assertions one by one."""

import msgspec

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT, KIND_CODE, Columns
from schemas.assertion import Assertion
from schemas.vocabulary import Basis

_KEY = "marks"


class _Reading(msgspec.Struct):
    of: str
    basis: Basis | None = None


class Marks:
    """Answers as `graph.snapshot.derived.basis_of`, O(its assertions) after O(assertions) once for the columns."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._held = _marks(graph.columns)
        self._gained = graph.patch.gained

    def basis(self, argument: str) -> Basis:
        """`explicit` if one of the assertions that carry the argument in this snapshot is, else `inferred`."""
        changed = self._graph.patch.nodes
        for number, is_explicit in self._held.get(argument, ()):
            if _marked(changed[number], argument) if number in changed else is_explicit:
                return "explicit"
        if self._gained:
            for link in self._gained.get(argument, ()):
                if _marked(self._graph.node(link.source), argument):
                    return "explicit"
        return "inferred"


def _marked(node: object, argument: str) -> bool:
    return isinstance(node, Assertion) and node.of == argument and node.basis == "explicit"


def _marks(columns: Columns) -> dict[str, list[tuple[int, bool]]]:
    """For each argument of the columns its assertions, and whether each is explicit."""
    kept = columns.memo.get(_KEY)
    if isinstance(kept, dict):
        return kept
    numbers = columns.of_kind(KIND_CODE["assertion"])
    documents = b"[" + b",".join([columns.documents[n] for n in numbers]) + b"]"
    found: dict[str, list[tuple[int, bool]]] = {}
    for number, reading in zip(numbers, msgspec.json.decode(documents, type=list[_Reading]), strict=True):
        if columns.kinds[columns.index[reading.of]] == ARGUMENT:
            found.setdefault(reading.of, []).append((number, reading.basis == "explicit"))
    columns.memo[_KEY] = found
    return found
