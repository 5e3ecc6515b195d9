"""The links of a node: every reference in its fields as a directed, named relation."""

from collections.abc import Iterator
from typing import NamedTuple

from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.motive import Motive
from schemas.node import AnyNode
from schemas.problem import pointer
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Relation


class Link(NamedTuple):
    """One reference, read from the doer to the done."""

    relation: Relation
    source: str
    target: str
    pointer: str
    """Where the reference stands in the document of the node that holds it."""
    position: int | None = None
    """Place in a chain."""
    role: str | None = None
    basis: str | None = None

    def other(self, holder: str) -> str:
        """The end that is referred to, seen from the node that holds the reference."""
        return self.target if self.source == holder else self.source


VITAL: frozenset[Relation] = frozenset({"premise_of", "targets", "of", "found_in", "spoken_by", "has_motive"})
"""Relations without which the node that holds them is void; the others can be taken off it."""


def links_of(node: AnyNode) -> Iterator[Link]:
    """The links that the node's own fields state, in the order of the fields."""
    match node:
        case Argument():
            yield from _each("premise_of", node.premises, node.id, "premises", inward=True)
            yield Link("targets", node.id, node.target, "/target")
        case Assertion():
            yield from _of_assertion(node)
        case Statement():
            for i, c in enumerate(node.concerns):
                place = pointer("concerns", i, "motive")
                yield Link("concerns", node.id, c.motive, place, role=c.role, basis=c.basis)
        case Motive():
            yield Link("has_motive", node.actor, node.id, "/actor")
        case Actor():
            yield from _each("affiliated_with", node.affiliations, node.id, "affiliations")
            yield from _each("same_as", node.same_as, node.id, "same_as")
        case Source():
            yield from _of_source(node)


def _of_assertion(node: Assertion) -> Iterator[Link]:
    yield Link("of", node.id, node.of, "/of")
    yield Link("found_in", node.id, node.source, "/source")
    if node.cited_source is not None:
        yield Link("cites", node.id, node.cited_source, "/cited_source")
    yield from _each("spoken_by", node.chain, node.id, "chain", chain=True)
    if node.belief_holder is not None:
        yield Link("believed_by", node.id, node.belief_holder, "/belief_holder")
    yield from _each("may_be_spoken_by", node.alternative_chain, node.id, "alternative_chain", chain=True)
    yield from _each("may_originate_with", node.probable_origin, node.id, "probable_origin", chain=True)


def _of_source(node: Source) -> Iterator[Link]:
    if node.publisher is not None:
        yield Link("published_by", node.id, node.publisher, "/publisher")
    yield from _each("written_by", node.author, node.id, "author")
    yield from _each("cited_in", node.cited_in, node.id, "cited_in")
    yield from _each("repeats", node.repeats, node.id, "repeats")
    yield from _each("same_as", node.same_as, node.id, "same_as")


def _each(
    relation: Relation,
    ids: tuple[str, ...],
    holder: str,
    field: str,
    *,
    inward: bool = False,
    chain: bool = False,
) -> Iterator[Link]:
    for i, other in enumerate(ids):
        source, target = (other, holder) if inward else (holder, other)
        yield Link(relation, source, target, pointer(field, i), i if chain else None)
