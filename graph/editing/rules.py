"""The rules of a well-formed map, checked on the nodes that a write touches and on what refers to them."""

from collections.abc import Iterable, Iterator

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.links import Link, links_of
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.node import AnyNode
from schemas.problem import FieldProblem, pointer
from schemas.vocabulary import Kind, Relation

_PREMISE: tuple[Kind, ...] = ("statement", "motive")
_TARGET: tuple[Kind, ...] = ("statement", "motive", "argument")
EXPECTED: dict[Relation, tuple[Kind, ...]] = {
    "premise_of": _PREMISE,
    "targets": _TARGET,
    "of": ("statement", "argument"),
    "found_in": ("source",),
    "cites": ("source",),
    "spoken_by": ("actor",),
    "may_be_spoken_by": ("actor",),
    "may_originate_with": ("actor",),
    "believed_by": ("actor",),
    "concerns": ("motive",),
    "has_motive": ("actor",),
    "affiliated_with": ("actor",),
    "published_by": ("actor",),
    "written_by": ("actor",),
    "cited_in": ("source",),
    "repeats": ("source",),
}
"""Which kinds a reference may name; `same_as` names one of the holder's own kind."""


def faults(graph: ArgumentGraph, node: AnyNode) -> Iterator[FieldProblem]:
    """What is wrong with a node in this snapshot; O(its links)."""
    for link in links_of(node):
        yield from _reference(graph, node, link)
    match node:
        case Argument():
            yield from _argument(node)
        case Assertion():
            yield from _assertion(graph, node)


def holders(graph: ArgumentGraph, node_id: str) -> list[str]:
    """The ids of the nodes that refer to a node, in order."""
    return sorted({link.other(node_id) for link in graph.links_to(node_id)})


def one_of(kinds: Iterable[str]) -> str:
    """Kinds as a phrase: "a statement, a motive or an argument"."""
    named = [f"an {k}" if k[0] in "aeiou" else f"a {k}" for k in kinds]
    return named[0] if len(named) == 1 else f"{', '.join(named[:-1])} or {named[-1]}"


def _reference(graph: ArgumentGraph, node: AnyNode, link: Link) -> Iterator[FieldProblem]:
    other = link.other(node.id)
    if other == node.id and link.relation != "targets":
        yield FieldProblem(link.pointer, f"{node.id!r} refers to itself; name another node")
        return
    allowed = EXPECTED.get(link.relation, (node.kind,))
    number = graph.find(other)
    if number is None:
        yield FieldProblem(link.pointer, f"there is no node {other!r}; create it first or in the same batch")
    elif (found := graph.at(number).kind) not in allowed:
        yield FieldProblem(link.pointer, f"{other!r} is {one_of([found])}; this must name {one_of(allowed)}")


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
    if subject is not None and node.basis is not None and graph.at(subject).kind != "argument":
        yield FieldProblem("/basis", f"only an assertion of an argument has a basis, and {node.of!r} is none")
