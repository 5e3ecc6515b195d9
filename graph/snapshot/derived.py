"""What nodes have that is derived from the snapshot and never stored: basis, attack, who is committed."""

from graph.snapshot.adjacency import NONE
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import STATEMENT
from graph.snapshot.relations import KIND_CODE
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.vocabulary import ArgumentBasis, Attack, Relation

_ASSERTION, _ACTOR, _SOURCE = KIND_CODE["assertion"], KIND_CODE["actor"], KIND_CODE["source"]
_IN_A_SOURCE: tuple[Relation, ...] = ("found_in", "cites")


def committed(assertion: Assertion) -> str | None:
    """The actor committed to an assertion: the last of its chain, or None where nobody is named."""
    return assertion.chain[-1] if assertion.chain else None


def speaker_of(graph: ArgumentGraph, assertion: int) -> int:
    """The number of the actor committed to an assertion, NONE where nobody is named."""
    chain = graph.references("spoken_by", assertion)
    return chain[-1] if chain else NONE


def basis_of(graph: ArgumentGraph, argument: str) -> ArgumentBasis:
    """What the assertions that carry the argument in this snapshot say of it.

    `explicit` if one of them is, else `inferred`; `own`, the analyst's own step, if there is none.
    """
    carrying = graph.referrers("of", graph.number(argument))
    if not carrying:
        return "own"
    return "explicit" if any(map(graph.is_explicit, carrying)) else "inferred"


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
    number = graph.number(node_id)
    kind = graph.kind(number)
    if kind == _ASSERTION:
        held = [number]
    elif kind == _ACTOR:
        held = [a for a in graph.referrers("spoken_by", number) if speaker_of(graph, a) == number]
    elif kind == _SOURCE:
        held = [a for relation in _IN_A_SOURCE for a in graph.referrers(relation, number)]
    else:
        return [node_id]
    subjects = {n for a in held for n in graph.references("of", a) if graph.alive(n)}
    return sorted(graph.id(n) for n in subjects if kind == _ASSERTION or graph.kind(n) == STATEMENT)
