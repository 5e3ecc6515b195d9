"""What a client is answered where the service itself composes it; answers of questions are in `schemas`."""

from typing import Annotated, Any, Literal, Union

from pydantic import BaseModel, ConfigDict, Field, RootModel, create_model
from pydantic.fields import FieldInfo

from schemas.base import Id, Time
from schemas.change import Reversing
from schemas.node import MODELS
from schemas.vocabulary import KINDS, ArgumentBasis, Attack, Kind, Op, Relation
from service.models.composed import Composed


class Answered(BaseModel):
    """What an answer is described by; the answer itself is written without it."""

    model_config = ConfigDict(use_attribute_docstrings=True)


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


_MAY_BE_MISSING: Any = Field(default=None, json_schema_extra=_without_default)


class Counts(Answered):
    """How many nodes of each kind."""

    actors: int
    """Actors."""
    motives: int
    """Motives."""
    statements: int
    """Statements."""
    arguments: int
    """Arguments."""
    sources: int
    """Sources."""
    assertions: int
    """Assertions."""


class MapRead(Answered):
    """A map without its nodes, with how many of them it has."""

    id: Id
    """Id of the map."""
    title: str
    """What it is called."""
    question: str
    """The question that it answers."""
    description: str
    """What it is about."""
    weights: dict[str, Any] | None
    """What grades count for in it, as in the defaults of an evaluation; null where it says nothing of that."""
    revision: int
    """Grows by one at every change."""
    created_at: Time
    """When it was made."""
    created_by: str
    """Who made it."""
    updated_at: Time
    """When it was last changed."""
    updated_by: str
    """Who changed it last."""
    counts: Counts
    """How many nodes of each kind."""


class MapItem(MapRead):
    """A map in a list."""

    deleted_at: Time = _MAY_BE_MISSING
    """Of a deleted one: when that was."""
    deleted_by: str = _MAY_BE_MISSING
    """Of a deleted one: by whom."""
    kept_until: Time = _MAY_BE_MISSING
    """Of a deleted one: until when it can be brought back."""


class MapList(Answered):
    """A page of maps."""

    items: list[MapItem]
    """In the order of ids; of deleted ones the last one first."""
    total: int
    """How many there are in all."""
    next: str | None
    """Cursor of the next page; null at the end."""


class WriteNote(Answered):
    """Something that a write did to what was sent."""

    id: Id
    """The node."""
    pointer: str
    """Where in the node (RFC 6901)."""
    detail: str
    """What was done."""


class Written(Answered):
    """What a write did, beside what it answers."""

    revision: int
    """The map's revision after the write."""
    created: list[Id]
    """Ids of all nodes that were made, in order."""
    updated: list[Id]
    """Ids of all nodes that were changed, in order."""
    deleted: list[Id]
    """Ids of all nodes that went, those that a cascade took along too, in order."""
    orphaned: list[Id]
    """Statements that had an assertion and were left without one, in order."""
    notes: list[WriteNote]
    """What became of what was sent, such as a text that was composed anew."""


class DeleteResult(Written):
    """What a delete took out."""


class ReversalResult(Written):
    """What was taken back."""

    act: Reversing
    """What was done."""
    reverted: int
    """The change that was undone, done again or reverted, or the revision behind which everything was."""
    sentence: str
    """What was done, in plain words."""
    dry_run: bool
    """Whether nothing was written."""


class BatchItem(Answered):
    """What one operation of a batch did."""

    op: Op
    """What was done."""
    kind: Kind
    """Kind of the node."""
    id: Id
    """The node."""


class BatchResult(Written):
    """What a batch did, or, as a dry run, would do."""

    dry_run: bool
    """Whether nothing was written."""
    results: list[BatchItem]
    """One for each operation, in order."""


class SearchItem(Answered):
    """A node whose texts match."""

    map: Id
    """The map that it is in."""
    id: Id
    """The node."""
    kind: Kind
    """Its kind."""
    text: str
    """What the node is called or says."""
    snippet: str
    """The text around the first word that matches."""
    score: float
    """From 0 to 1; the first of an answer has the highest."""
    field: str
    """Where it was found: a field of the node, or `id`."""


SearchReason = Literal["limit", "budget"]


class SearchAnswer(Answered):
    """What a search finds, best first."""

    items: list[SearchItem]
    """Called so, by the id, beginning so, names and texts, wordings and quotes, notes; then the shortest text."""
    total: int
    """Nodes on all pages."""
    next: str | None
    """Cursor of the next page; null at the end."""
    complete: bool
    """Whether these are all."""
    reason: SearchReason | None
    """Why they are not all: `limit`, there is a next page; `budget`, more may match than one search compares."""


class Health(Answered):
    """The process lives."""

    alive: bool
    """Always true."""
    version: str
    """Version of the service."""


class StoreState(Answered):
    """What a store says of itself."""

    name: str
    """`sqlite` or `neo4j`."""
    version: str
    """Version of the database."""
    schema_version: int
    """Number of the last migration that was applied."""


class Readiness(Answered):
    """The store answers."""

    ready: bool
    """Always true; where the store does not answer the status is 503."""
    store: StoreState
    """What the store says of itself."""


class Capabilities(Answered):
    """What this service is and what it takes."""

    version: str
    """Version of the service."""
    store: StoreState | None
    """What the store said when it was opened."""
    limits: dict[str, float]
    """Bounds by name; each is a setting, except `page_limit`; a rate or a quota of 0 is no bound."""
    formats: list[str]
    """Formats that answers come in."""
    semantics: list[str]
    """Semantics that maps can be evaluated under."""
    require_if_match: bool
    """Whether a change without If-Match is refused."""


class LinkRead(Answered):
    """One link of a node."""

    relation: Relation
    """What the link says."""
    source: Id
    """Where it starts."""
    target: Id
    """Where it ends."""
    position: int = _MAY_BE_MISSING
    """Place in a chain of actors, from 0; only there."""
    role: str = _MAY_BE_MISSING
    """Of `concerns`: the part that the statement plays for the motive."""
    basis: str = _MAY_BE_MISSING
    """Of `concerns`: whether the text says so."""


class SimilarNode(Answered):
    """A node that is nearly the same as one that was written."""

    id: Id
    """The node that is there."""
    text: str
    """What it is called or says."""
    score: float
    """1 for the same."""


_DERIVED: dict[Kind, dict[str, Any]] = {
    "argument": {
        "attack": (Attack | None, Field(description="Of an opposing one: what sort of attack it is.")),
        "basis": (ArgumentBasis, Field(description="Whether a text marks the step, or it is the analyst's own.")),
    },
}


def _read_model(kind: Kind) -> type[BaseModel]:
    """A node as it is read: every field is there, and what is derived of an argument."""
    fields: dict[str, Any] = {name: _always(f) for name, f in MODELS[kind].model_fields.items()}
    fields["kind"] = (Literal[kind], Field(description="Kind of the node."))
    fields |= _DERIVED.get(kind, {})
    return create_model(f"{kind.capitalize()}Read", __base__=Composed, __doc__=MODELS[kind].__doc__, **fields)


def _always(field: FieldInfo) -> tuple[Any, Any]:
    annotation = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return annotation, Field(description=field.description)


READS: dict[Kind, type[BaseModel]] = {kind: _read_model(kind) for kind in KINDS}
"""A node as it is read, by kind."""
_SIMILAR: dict[str, Any] = {
    "similar": (list[SimilarNode], Field(description="What is nearly the same already; nothing is merged.")),
    "similar_complete": (bool, Field(description="Whether every statement was compared.")),
}


def _list(kind: Kind) -> type[BaseModel]:
    several: Any = list[READS[kind]]  # type: ignore[valid-type]
    fields: dict[str, Any] = {
        "items": (several, Field(description="In the order that was asked for.")),
        "total": (int, Field(description="How many there are in all.")),
        "next": (str | None, Field(description="Cursor of the next page; null at the end.")),
    }
    return create_model(f"{kind.capitalize()}List", __base__=Composed, __doc__=f"A page of {kind}s.", **fields)


def _result(kind: Kind) -> type[BaseModel]:
    fields: dict[str, Any] = {name: (f.annotation, f) for name, f in Written.model_fields.items()}
    more = _SIMILAR if kind in ("statement", "argument") else {}
    doc = f"The {kind} as it is after the write, with what the write did."
    name = f"{kind.capitalize()}WriteResult"
    return create_model(name, __base__=(READS[kind], Composed), __doc__=doc, **fields, **more)


LISTS: dict[Kind, type[BaseModel]] = {kind: _list(kind) for kind in KINDS}
RESULTS: dict[Kind, type[BaseModel]] = {kind: _result(kind) for kind in KINDS}
"""What a create and a change answer, by kind."""


def _linked(kind: Kind) -> type[BaseModel]:
    links = (list[LinkRead], Field(description="Every link that the node has in the view."))
    doc = f"The {kind} with its links."
    return create_model(f"{kind.capitalize()}Linked", __base__=(READS[kind], Composed), __doc__=doc, links=links)


_Linked: Any = Annotated[Union[tuple(_linked(kind) for kind in KINDS)], Field(discriminator="kind")]  # noqa: UP007


class NodeRead(RootModel[_Linked]):
    """A node of whatever kind with its links."""
