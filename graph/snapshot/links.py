"""The links of a node: every reference in its fields as a directed, named relation."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import msgspec

from schemas.node import AnyNode
from schemas.problem import pointer
from schemas.vocabulary import KINDS, RELATIONS, Kind, Relation

_PREMISE: tuple[Kind, ...] = ("statement", "motive")
_TARGET: tuple[Kind, ...] = ("statement", "motive", "argument")


class Reference(NamedTuple):
    """A field that refers to other nodes: all that is known of it stands here and nowhere else."""

    relation: Relation
    holder: Kind
    """The kind of node that has the field."""
    field: str
    names: tuple[Kind, ...]
    """The kinds of node that it may name."""
    many: bool = False
    distinct: bool = False
    """Whether the rules forbid it to name one node twice."""
    inner: str | None = None
    """Of a list of records: which of their fields names the node."""
    inward: bool = False
    """Whether the relation is read from the named node to the holder."""
    chain: bool = False
    """Whether the order of the named nodes says something."""
    vital: bool = False
    """Whether the holder is void without it; any other reference can be taken off."""

    def ids(self, holder: object) -> Sequence[str]:
        """The ids that a node, or the shape of one, names here, in the order of the field."""
        value = getattr(holder, self.field)
        if not value:
            return ()
        if self.inner is not None:
            return [getattr(item, self.inner) for item in value]
        return value if self.many else (value,)

    def pointer(self, i: int) -> str:
        """Where the reference of a place in the order of `ids` stands in the holder's document."""
        place = [self.field, *([i] if self.many else []), *([] if self.inner is None else [self.inner])]
        return pointer(*place)


REFERENCES: tuple[Reference, ...] = (
    Reference("premise_of", "argument", "premises", _PREMISE, many=True, distinct=True, inward=True, vital=True),
    Reference("targets", "argument", "target", _TARGET, vital=True),
    Reference("of", "assertion", "of", ("statement", "argument"), vital=True),
    Reference("found_in", "assertion", "source", ("source",), vital=True),
    Reference("cites", "assertion", "cited_source", ("source",)),
    Reference("spoken_by", "assertion", "chain", ("actor",), many=True, chain=True, vital=True),
    Reference("believed_by", "assertion", "belief_holder", ("actor",)),
    Reference("may_be_spoken_by", "assertion", "alternative_chain", ("actor",), many=True, chain=True),
    Reference("may_originate_with", "assertion", "probable_origin", ("actor",), many=True, chain=True),
    Reference("concerns", "statement", "concerns", ("motive",), many=True, inner="motive"),
    Reference("about", "statement", "about", ("actor",), many=True),
    Reference("has_motive", "motive", "actor", ("actor",), inward=True, vital=True),
    Reference("affiliated_with", "actor", "affiliations", ("actor",), many=True),
    Reference("same_as", "actor", "same_as", ("actor",), many=True),
    Reference("published_by", "source", "publisher", ("actor",)),
    Reference("written_by", "source", "author", ("actor",), many=True),
    Reference("cited_in", "source", "cited_in", ("source",), many=True),
    Reference("repeats", "source", "repeats", ("source",), many=True),
    Reference("same_as", "source", "same_as", ("source",), many=True),
)
"""Every field of the domain that refers to a node; of one kind in the order of its fields."""
REFERENCES_OF: dict[Kind, tuple[Reference, ...]] = {
    kind: tuple(reference for reference in REFERENCES if reference.holder == kind) for kind in KINDS
}
HOLDERS_OF: dict[Relation, frozenset[Kind]] = {
    relation: frozenset(one.holder for one in REFERENCES if one.relation == relation) for relation in RELATIONS
}
"""The kinds of node that state a relation."""
VITAL: frozenset[Relation] = frozenset(reference.relation for reference in REFERENCES if reference.vital)
RELATION_CODE: dict[Relation, int] = {relation: code for code, relation in enumerate(RELATIONS)}


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


class _Record(msgspec.Struct, gc=False):
    """An item of a list that says more than which node it names."""

    motive: str = ""
    role: str | None = None
    basis: str | None = "explicit"


def _shape(kind: Kind) -> type[msgspec.Struct]:
    fields: list[Any] = [("id", str)]
    for reference in REFERENCES_OF[kind]:
        if reference.inner is not None:
            fields.append((reference.field, tuple[_Record, ...], ()))
        elif reference.many:
            fields.append((reference.field, tuple[str, ...], ()))
        else:
            fields.append((reference.field, str | None, None))
    if kind == "assertion":
        fields.append(("basis", str | None, None))
    if kind == "statement":
        fields.append(("origin", str | None, None))
    return msgspec.defstruct(f"{kind.capitalize()}Shape", fields, gc=False)


SHAPES: dict[Kind, type[msgspec.Struct]] = {kind: _shape(kind) for kind in KINDS}
"""Of each kind the part of its documents that refers to other nodes, or says how: a tenth of the time to decode."""
_DECODERS = {kind: msgspec.json.Decoder(shape) for kind, shape in SHAPES.items()}


def shape_of(kind: Kind, document: bytes) -> msgspec.Struct:
    """The referring part of a stored document."""
    return _DECODERS[kind].decode(document)


def links_of(node: AnyNode) -> Iterator[Link]:
    """The links that the node's own fields state, in the order of the fields."""
    return links_in(node.kind, node)


def links_in(kind: Kind, holder: Any) -> Iterator[Link]:
    """The links of a node, or of its shape, in the order of its fields."""
    for reference in REFERENCES_OF[kind]:
        for i, other in enumerate(reference.ids(holder)):
            source, target = (other, holder.id) if reference.inward else (holder.id, other)
            item = None if reference.inner is None else getattr(holder, reference.field)[i]
            yield Link(
                reference.relation,
                source,
                target,
                reference.pointer(i),
                i if reference.chain else None,
                None if item is None else item.role,
                None if item is None else item.basis,
            )
