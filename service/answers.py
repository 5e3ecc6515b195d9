"""The shapes of the answers that the service itself composes; the reference is made of them."""

from typing import Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model

from schemas.node import MODELS
from schemas.vocabulary import KINDS, Attack, Basis, Kind, Op, Relation
from service.composed import Composed


class Shape(BaseModel):
    """What an answer is described by; the answer itself is written without it."""

    model_config = ConfigDict(use_attribute_docstrings=True, json_schema_serialization_defaults_required=True)


class Counts(Shape):
    """How many nodes of each kind."""

    actors: int
    motives: int
    statements: int
    arguments: int
    sources: int
    assertions: int


class MapItem(Shape):
    """A map without its nodes, with how many of them it has."""

    id: str
    title: str
    question: str
    description: str
    revision: int
    """Grows by one at every change."""
    created_at: str
    created_by: str
    updated_at: str
    updated_by: str
    counts: Counts


class MapList(Shape):
    """A page of maps."""

    items: list[MapItem]
    total: int
    next: str | None
    """Cursor of the next page; null at the end."""


class Deleted(Shape):
    """What a delete took out."""

    revision: int
    deleted: list[str]
    """Ids, in order."""


class BatchResult(Shape):
    """What one operation of a batch did."""

    op: Op
    kind: Kind
    id: str


class BatchDone(Shape):
    """What a batch did, or, as a dry run, would do."""

    revision: int
    """The map's revision now; a dry run does not change it."""
    dry_run: bool
    results: list[BatchResult]
    """One for each operation, in order."""
    deleted: list[str]
    """Ids of all nodes that went, those that a cascade took along too."""


class SearchItem(Shape):
    """A node whose texts match."""

    map: str
    id: str
    kind: Kind
    text: str
    """What the node is called or says."""
    snippet: str
    """The text around the first word that matches."""
    score: float
    """The share of the text that the question is."""


class SearchAnswer(Shape):
    """What a search finds, best first."""

    items: list[SearchItem]
    complete: bool
    reason: Literal["limit"] | None


class Alive(Shape):
    """The process lives."""

    alive: bool
    version: str


class StoreState(Shape):
    """What a store says of itself."""

    name: str
    """`sqlite` or `neo4j`."""
    version: str
    schema_version: int
    """Number of the last migration that was applied."""


class Ready(Shape):
    """The store answers."""

    ready: bool
    store: StoreState


class Capabilities(Shape):
    """What this service is and what it takes."""

    version: str
    store: StoreState | None
    limits: dict[str, float]
    """Bounds by name; each is a setting, except `page_limit`."""
    formats: list[str]
    """Formats that answers come in."""
    semantics: list[str]
    """Semantics that maps can be evaluated under."""
    require_if_match: bool
    """Whether a change without If-Match is refused."""


class LinkItem(BaseModel):
    """One link of a node."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    relation: Relation
    source: str
    target: str
    position: int = 0
    """Place in a chain of actors, from 0; only there."""
    role: str = ""
    """Of `concerns`: the part that the statement plays for the motive."""
    basis: str = ""
    """Of `concerns`: whether the text says so."""


class Similar(Shape):
    """A node that is nearly the same as one that was written."""

    id: str
    text: str
    score: float
    """1 for the same."""


_DERIVED: dict[Kind, dict[str, Any]] = {
    "argument": {"attack": (Attack | None, None), "basis": (Basis, "inferred")},
}


def _node(kind: Kind) -> type[BaseModel]:
    return create_model(
        kind.capitalize(), __base__=(MODELS[kind], Composed), __doc__=MODELS[kind].__doc__, **_DERIVED.get(kind, {})
    )


NODES: dict[Kind, type[BaseModel]] = {kind: _node(kind) for kind in KINDS}
"""A node as it is read: every field, and what is derived of an argument."""
_WRITTEN: dict[str, Any] = {"revision": (int, Field(description="The map's revision after the write."))}
_SIMILAR: dict[str, Any] = {
    "similar": (list[Similar], Field(description="What is nearly the same already; nothing is merged.")),
    "similar_complete": (bool, Field(description="Whether every statement was compared.")),
}
_CREATED: dict[str, Any] = {"created": (list[str], Field(description="Ids of all nodes that were made, in order."))}


def _list(kind: Kind) -> type[BaseModel]:
    following = (str | None, Field(description="Cursor of the next page; null at the end."))
    fields: dict[str, Any] = {"items": (list[NODES[kind]], ...), "total": (int, ...), "next": following}  # type: ignore[valid-type]
    return create_model(f"{kind.capitalize()}List", __base__=Composed, __doc__=f"A page of {kind}s.", **fields)


def _written(kind: Kind, suffix: str, **more: Any) -> type[BaseModel]:
    doc = f"The {kind} as it is after the write."
    return create_model(
        f"{kind.capitalize()}{suffix}", __base__=(NODES[kind], Composed), __doc__=doc, **_WRITTEN, **more
    )


LISTS: dict[Kind, type[BaseModel]] = {kind: _list(kind) for kind in KINDS}
CHANGED: dict[Kind, type[BaseModel]] = {kind: _written(kind, "Changed") for kind in KINDS}
MADE: dict[Kind, type[BaseModel]] = {
    **CHANGED,
    "statement": _written("statement", "Made", **_SIMILAR),
    "argument": _written("argument", "Made", **_CREATED, **_SIMILAR),
}


def _linked(kind: Kind) -> type[BaseModel]:
    links = (list[LinkItem], Field(description="Every link that the node has in the view."))
    doc = f"The {kind} with its links."
    return create_model(f"{kind.capitalize()}Linked", __base__=(NODES[kind], Composed), __doc__=doc, links=links)


class AnyNode(RootModel[Union[tuple(_linked(kind) for kind in KINDS)]]):  # type: ignore[misc]  # noqa: UP007
    """A node of whatever kind with its links."""


ANY_NODE = AnyNode
