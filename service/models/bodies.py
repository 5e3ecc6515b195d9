"""What a client sends: the fields of a kind without those that the service writes, in a model for each deed.

`ActorCreate` makes a node, `ActorUpdate` changes one by a merge patch (RFC 7396), and so on for each kind.
"""

from collections.abc import Mapping
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel, Discriminator, Field, Tag, create_model
from pydantic.fields import FieldInfo
from typing_extensions import TypeAliasType

from schemas.base import Format, Id, Record, Text
from schemas.map import MapFields
from schemas.node import MODELS, SERVICE_FIELDS, Locator, client_fields
from schemas.vocabulary import KINDS, ArgumentBasis, Attack, Kind
from service.models.composed import Composed

_AnyTime = Annotated[str, Format("date-time")]
"""A time in any form: clients write it in other forms than it was read in."""
_KEPT = "Set by the service; it may come back as it was read."


def _create_model(kind: Kind) -> type[Record]:
    """The body of a create: an `id` left out is made by the service."""
    fields: dict[str, Any] = {name: (f.annotation, f) for name, f in client_fields(MODELS[kind]).items()}
    fields["id"] = (Id | None, Field(default=None, description="Left out, the service makes one."))
    fields["kind"] = (Literal[kind], Field(default=kind, description="May be said; it follows from the address."))
    return create_model(f"{kind.capitalize()}Create", __base__=Composed, __doc__=MODELS[kind].__doc__, **fields)


def _update_model(name: str, fields: Mapping[str, FieldInfo], more: Mapping[str, Any], doc: str) -> type[Record]:
    made: dict[str, Any] = {n: _left_out(f) for n, f in fields.items()}
    return create_model(name, __base__=Composed, __doc__=doc, **{**more, **made})


def _left_out(field: FieldInfo) -> tuple[Any, Any]:
    """A field of a merge patch: left out it stays, null takes it back to its default where it has one."""
    annotation = _partial(field.annotation)
    plain = Annotated[(annotation, *field.metadata)] if field.metadata else annotation
    described = field.description if field.is_required() else _with_default(field)
    kind: Any = plain if field.is_required() else Union[plain, None]  # noqa: UP007 - of values
    return kind, Field(default=None, description=described, json_schema_extra=_without_default)


def _with_default(field: FieldInfo) -> str:
    said = (field.description or "").strip()
    return f"{said} Null takes it back to its default.".strip()


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


_PARTIAL: dict[type[BaseModel], type[BaseModel]] = {}


def _partial(annotation: Any) -> Any:
    """An object inside of a patch is patched itself, so none of its fields is required; lists are replaced whole."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        made = _PARTIAL.get(annotation)
        if made is None:
            doc = f"A merge patch of a {annotation.__name__.lower()}: what is left out stays."
            made = _update_model(f"{annotation.__name__}Update", annotation.model_fields, {}, doc)
            _PARTIAL[annotation] = made
        return made
    if get_origin(annotation) in (Union, UnionType):
        return Union[tuple(_partial(part) for part in get_args(annotation))]  # noqa: UP007
    return annotation


def _of_service(kind: Kind) -> dict[str, Any]:
    """The fields that only the service sets, which may come back unchanged."""
    fields = {n: f for n, f in MODELS[kind].model_fields.items() if n in SERVICE_FIELDS and n != "kind"}
    kept: Any = Field(default=None, description=_KEPT, json_schema_extra=_without_default)
    made: dict[str, Any] = {n: (_AnyTime if n.endswith("_at") else f.annotation, kept) for n, f in fields.items()}
    if kind == "argument":
        made |= {"attack": (Attack | None, kept), "basis": (ArgumentBasis, kept)}
    same: Any = Literal[kind]
    made["kind"] = (same, Field(default=kind, description="It cannot be changed.", json_schema_extra=_without_default))
    made["id"] = (Id, Field(default=None, description="It cannot be changed.", json_schema_extra=_without_default))
    return made


def _kind_update(kind: Kind) -> type[Record]:
    fields = {n: f for n, f in client_fields(MODELS[kind]).items() if n != "id"}
    doc = f"A merge patch (RFC 7396) of a node of kind {kind}: only what changes."
    return _update_model(f"{kind.capitalize()}Update", fields, _of_service(kind), doc)


CREATES: dict[Kind, type[Record]] = {kind: _create_model(kind) for kind in KINDS}
UPDATES: dict[Kind, type[Record]] = {kind: _kind_update(kind) for kind in KINDS}
MapUpdate = _update_model("MapUpdate", MapFields.model_fields, {}, "A merge patch (RFC 7396) of a map.")


def _is_object(value: Any) -> str:
    return "id" if isinstance(value, str) else "new"


def _or_new(model: type[Record], about: str) -> Any:
    """An id, or what is to be made in its place."""
    new: Any = Annotated[model, Tag("new")]
    either: Any = Union[Annotated[Id, Tag("id")], new]  # noqa: UP007 - of values
    return Annotated[either, Discriminator(_is_object), Field(description=about)]


_INLINE: dict[str, type[Record]] = {}


def _inline(kind: Kind, fields: dict[str, Any]) -> type[Record]:
    """What is made in place of an id: as in a create, its sort filled in where it is left out."""
    if kind not in _INLINE:
        sort = f"{kind}_kind"
        default = {"actor": "person", "source": "article"}[kind]
        about = f"Left out, `{default}`, or of a publisher `outlet`."
        annotation = MODELS[kind].model_fields[sort].annotation
        made: dict[str, Any] = {sort: (annotation, Field(default=default, description=about))}
        for name, one in fields.items():
            made[name] = (one, Field(default=None, description="An id, or what is to be made."))
        base = (CREATES[kind], Composed)
        doc = f"A new {kind}, made on the way."
        _INLINE[kind] = create_model(f"Inline{kind.capitalize()}", __base__=base, __doc__=doc, **made)
    return _INLINE[kind]


_PUBLISHER = _or_new(_inline("actor", {}), "An actor, or a new one.")


def _argument_create() -> type[Record]:
    """An argument in its own fields or in the short form that an analyst types.

    Either `premises`, which may mix ids and new statements, or `text`, which makes the statement that is the
    only premise. Where `source` is given, each new statement gets an assertion there, spoken by the source's
    publisher and behind it by `actor`.
    """
    either = _or_new(CREATES["statement"], "A statement or motive, or a new statement.")
    several: Any = tuple.__class_getitem__((TypeAliasType("Premise", either), ...))
    fields: dict[str, Any] = {
        "text": (Text | None, Field(default=None, description="The new statement that is the only premise.")),
        "premises": (several | None, Field(default=None, min_length=1, description="Ids and new statements.")),
        "statement_id": (Id | None, Field(default=None, description="Id of the statement that `text` makes.")),
        "actor": (
            _or_new(_inline("actor", {}), "An actor, or a new one.") | None,
            Field(default=None, description="Who says the new statements, or a new actor; needs `source`."),
        ),
        "source": (
            _or_new(_inline("source", {"publisher": _PUBLISHER | None}), "A source, or a new one.") | None,
            Field(default=None, description="Where the new statements are found, or a new source."),
        ),
        "locator": (Locator | None, Field(default=None, description="The place in the source; needs `source`.")),
        "mutual": (
            bool,
            Field(default=False, description="Of an opposing one of one premise: make its converse."),
        ),
    }
    base = (CREATES["argument"], Composed)
    return create_model("ArgumentCreate", __base__=base, __doc__=_argument_create.__doc__, **fields)


CREATES["argument"] = _argument_create()
