"""The rules of a well-formed map, checked on the nodes that a write touches and on what refers to them."""

from collections.abc import Iterable, Iterator

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.links import REFERENCES_OF, Reference
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.node import AnyNode
from schemas.problem import FieldProblem, pointer
from schemas.vocabulary import KINDS


def faults(graph: ArgumentGraph, node: AnyNode) -> Iterator[FieldProblem]:
    """What is wrong with a node in this snapshot; O(its links)."""
    for reference in REFERENCES_OF[node.kind]:
        for i, named in enumerate(reference.ids(node)):
            yield from _reference(graph, node, reference, i, named)
    for name in ("merged", "different_from"):
        for i, other in enumerate(getattr(node, name)):
            if other == node.id:
                yield FieldProblem(pointer(name, i), f"{node.id!r} is this node; name another")
    match node:
        case Argument():
            yield from _argument(node)
        case Assertion():
            yield from _assertion(graph, node)


def one_of(kinds: Iterable[str]) -> str:
    """Kinds as a phrase: "a statement, a motive or an argument"."""
    named = [f"an {k}" if k[0] in "aeiou" else f"a {k}" for k in kinds]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _reference(graph: ArgumentGraph, node: AnyNode, reference: Reference, i: int, named: str) -> Iterator[FieldProblem]:
    if named == node.id and reference.relation != "targets":
        yield FieldProblem(reference.pointer(i), f"{node.id!r} refers to itself; name another node")
        return
    number = graph.find(named)
    if number is None:
        into = graph.merged_into(named)
        remedy = "create it first or in the same batch" if into is None else f"it was merged into {into!r}"
        yield FieldProblem(reference.pointer(i), f"there is no node {named!r}; {remedy}")
    elif (found := KINDS[graph.kind(number)]) not in reference.names:
        yield FieldProblem(
            reference.pointer(i), f"{named!r} is {one_of([found])}; this must name {one_of(reference.names)}"
        )


def _argument(node: Argument) -> Iterator[FieldProblem]:
    seen: set[str] = set()
    for i, premise in enumerate(node.premises):
        if premise in seen:
            yield FieldProblem(pointer("premises", i), f"{premise!r} is named twice; premises are a set")
        seen.add(premise)
    if node.target == node.id:
        yield FieldProblem("/target", "an argument cannot target itself")
    if node.stance == "supporting" and node.target in seen:
        yield FieldProblem("/target", f"an argument cannot support its own premise {node.target!r}; it may oppose it")


def _assertion(graph: ArgumentGraph, node: Assertion) -> Iterator[FieldProblem]:
    subject = graph.find(node.of)
    if subject is not None and node.basis is not None and graph.kind(subject) != ARGUMENT:
        yield FieldProblem("/basis", f"only an assertion of an argument has a basis, and {node.of!r} is none")
