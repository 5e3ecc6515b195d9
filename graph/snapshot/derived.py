"""What nodes have that is derived from the snapshot and never stored: basis, attack, who is committed."""

from collections.abc import Iterable

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import KIND_CODE
from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Attack, Basis


def committed(assertion: Assertion) -> str | None:
    """The actor committed to an assertion: the last of its chain, or None where nobody is named."""
    return assertion.chain[-1] if assertion.chain else None


def basis_of(graph: ArgumentGraph, argument: str) -> Basis:
    """`explicit` if one of the assertions that carry the argument in this snapshot is, else `inferred`."""
    marked = any(a.basis == "explicit" for a in graph.assertions_of(argument))
    return "explicit" if marked else "inferred"


def attack_of(graph: ArgumentGraph, argument: Argument) -> Attack | None:
    """How an opposing argument attacks; None for a supporting one."""
    if argument.stance == "supporting":
        return None
    target = graph.number(argument.target)
    if graph.kind(target) == KIND_CODE["argument"]:
        return "undercut"
    supported = any(graph.sign(a) > 0 for a in graph.incoming(target))
    return "rebut" if supported or graph.kind(target) == KIND_CODE["motive"] else "undermine"


def stands_for(graph: ArgumentGraph, node_id: str) -> list[str]:
    """What a node stands for as an end of a path, in a total order.

    An assertion stands for what it asserts, an actor for the statements that it is committed to, a source
    for the statements that are found in it or cite it; any other node for itself. Raises `NotFound`.
    """
    match graph.node(node_id):
        case Assertion() as assertion:
            return [assertion.of] if assertion.of in graph else []
        case Actor():
            spoken = {link.source for link in graph.links_to(node_id) if link.relation == "spoken_by"}
            return _statements(graph, (a for a in spoken if _is_committed(graph, a, node_id)))
        case Source():
            held = {link.source for link in graph.links_to(node_id) if link.relation in ("found_in", "cites")}
            return _statements(graph, held)
        case _:
            return [node_id]


def _is_committed(graph: ArgumentGraph, assertion: str, actor: str) -> bool:
    node = graph.node(assertion)
    return isinstance(node, Assertion) and committed(node) == actor


def _statements(graph: ArgumentGraph, assertions: Iterable[str]) -> list[str]:
    subjects = {node.of for a in assertions if isinstance(node := graph.node(a), Assertion)}
    return sorted(s for s in subjects if s in graph and isinstance(graph.node(s), Statement))
