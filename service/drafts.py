"""What a client sends of a node: the fields of its kind without those that the service writes."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal, Optional, Union

from pydantic import Field, create_model
from pydantic.fields import FieldInfo

from schemas.assertion import Locator
from schemas.base import Id, Record, Text
from schemas.map import MapFields
from schemas.node import MODELS, client_fields
from schemas.vocabulary import KINDS, PLURALS, Kind, Op
from service.composed import Composed


def draft_of(kind: Kind) -> type[Record]:
    """The body of a create: an `id` left out is made by the service."""
    fields: dict[str, Any] = {name: (f.annotation, f) for name, f in client_fields(MODELS[kind]).items()}
    fields["id"] = (Id | None, Field(default=None, description="Left out, the service makes one."))
    return create_model(
        f"{kind.capitalize()}Draft", __base__=Composed, __doc__=MODELS[kind].__doc__, **_kind(kind), **fields
    )


def patch_of(name: str, fields: Mapping[str, Any], more: Mapping[str, Any]) -> type[Record]:
    """The body of a change (RFC 7396): only what changes; null takes a field back to its default."""
    made: dict[str, Any] = {n: _or_null(f) for n, f in fields.items() if n != "id"}
    return create_model(name, __base__=Composed, __doc__=patch_of.__doc__, **more, **made)


def _or_null(field: FieldInfo) -> tuple[Any, Any]:
    plain = Annotated[(field.annotation, *field.metadata)] if field.metadata else field.annotation
    return Optional[plain], Field(default=None, description=field.description)  # noqa: UP045 - of a value


def _kind(kind: Kind) -> dict[str, Any]:
    return {"kind": (Literal[kind], Field(default=kind, description="May be said again; it cannot be changed."))}


DRAFTS: dict[Kind, type[Record]] = {kind: draft_of(kind) for kind in KINDS}
PATCHES: dict[Kind, type[Record]] = {
    kind: patch_of(f"{kind.capitalize()}Patch", client_fields(MODELS[kind]), _kind(kind)) for kind in KINDS
}
MapPatch = patch_of("MapPatch", MapFields.model_fields, {})


def _argument_form() -> type[Record]:
    """An argument in its own fields or in the short form that an analyst types.

    Either `premises`, which may mix ids and new statements, or `text`, which makes the statement that is the
    only premise. Where `source` is given, each new statement gets an assertion there, spoken by the source's
    publisher and behind it by `actor`.
    """
    new: Any = DRAFTS["statement"]
    premises: Any = Optional[tuple[Union[Id, new], ...]]  # noqa: UP007, UP045 - of values
    fields: dict[str, Any] = {
        "text": (Text | None, Field(default=None, description="The new statement that is the only premise.")),
        "premises": (premises, Field(default=None, min_length=1, description="Ids and new statements.")),
        "actor": (Id | None, Field(default=None, description="Who says the new statements; needs `source`.")),
        "source": (Id | None, Field(default=None, description="Where the new statements are found.")),
        "locator": (Locator | None, Field(default=None, description="The place in the source; needs `source`.")),
    }
    draft = DRAFTS["argument"]
    return create_model("ArgumentForm", __base__=(draft, Composed), __doc__=_argument_form.__doc__, **fields)


ArgumentForm = _argument_form()


class BatchOperation(Record):
    """One operation of a batch."""

    op: Op
    kind: Literal[(*KINDS, *PLURALS)]  # type: ignore[valid-type]
    """In the plural or in the singular."""
    id: str | None = None
    """May be left out of a create."""
    value: dict[str, Any] | None = None
    """Fields of a create, or the merge patch (RFC 7396) of an update."""
    cascade: bool = False
    """Of a delete: take along what refers to the node."""
    if_version: Annotated[int, Field(ge=1)] | None = None
    """Only if the node is still at this version."""


class Batch(Record):
    """Operations that happen together or not at all; a later one may refer to what an earlier one makes."""

    operations: Annotated[tuple[BatchOperation, ...], Field(min_length=1)]
    dry_run: bool = False
    """Only say what would happen."""
