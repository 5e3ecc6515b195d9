"""Answers that are Structs, as models that the framework can describe; they are encoded without these."""

import ast
import inspect
import textwrap
from functools import cache
from itertools import pairwise
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin, get_type_hints

import msgspec
from pydantic import BaseModel, ConfigDict, Field, create_model

from schemas.base import Format


@cache
def model_of(struct: type[msgspec.Struct]) -> type[BaseModel]:
    """A model of the Struct's name, fields and descriptions: what may be missing is optional, all else required."""
    fields: dict[str, Any] = {}
    omits = struct.__struct_config__.omit_defaults
    hints = get_type_hints(struct, include_extras=True)
    for one in msgspec.structs.fields(struct):
        kind, missing = _described(hints[one.name])
        if omits and one.default is None:
            kind = _without_null(kind)  # what would be null is left out
        required = not missing and (one.required or not omits)
        named: dict[str, Any] = {} if one.encode_name == one.name else {"alias": one.encode_name}
        if about := _documented(struct).get(one.name):
            named["description"] = about  # None would hide a description beside the type
        default = Field(**named) if required else _maybe(named)
        fields[one.name] = (kind, default)
    return create_model(struct.__name__, __config__=ConfigDict(populate_by_name=True), __doc__=struct.__doc__, **fields)


def _maybe(named: dict[str, Any]) -> Any:
    """A field that may be missing; its schema shows no default, since none is meant."""
    return Field(default=None, json_schema_extra=_without_default, **named)


def _without_null(annotation: Any) -> Any:
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return Annotated[(_without_null(parts[0]), *parts[1:])]
    return Union[tuple(p for p in parts if p is not type(None))] if origin in (Union, UnionType) else annotation  # noqa: UP007


def _without_default(schema: dict[str, Any]) -> None:
    schema.pop("default", None)


def _described(annotation: Any) -> tuple[Any, bool]:
    """The annotation with Structs replaced by their models, and whether the field may be missing."""
    if annotation is msgspec.UnsetType:
        return type(None), True
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return model_of(annotation), False
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        inner, missing = _described(parts[0])
        return _with_meta(inner, parts[1:]), missing
    if origin in (Union, UnionType):
        kept = [part for part in parts if part is not msgspec.UnsetType]
        inner = [_described(part)[0] for part in kept]
        return Union[tuple(inner)], len(kept) < len(parts)  # noqa: UP007 - of values
    if origin is tuple and parts[-1:] == (Ellipsis,):
        return tuple.__class_getitem__((_described(parts[0])[0], ...)), False
    if origin in (list, dict):
        return origin.__class_getitem__(tuple(_described(part)[0] for part in parts)), False
    return annotation, False


def _with_meta(annotation: Any, metas: tuple[Any, ...]) -> Any:
    given: dict[str, Any] = {}
    for meta in metas:
        if isinstance(meta, msgspec.Meta):
            given |= {n: v for n in ("description", "ge", "le", "gt", "lt") if (v := getattr(meta, n)) is not None}
    kept: list[Any] = [meta for meta in metas if isinstance(meta, Format)]
    kept += [Field(**given)] if given else []
    return Annotated[(annotation, *kept)] if kept else annotation


@cache
def _documented(struct: type[msgspec.Struct]) -> dict[str, str]:
    """The texts below the fields of a Struct, as its source has them."""
    found: dict[str, str] = {}
    for base in reversed(struct.__mro__):
        if not issubclass(base, msgspec.Struct) or base is msgspec.Struct:
            continue
        body = ast.parse(textwrap.dedent(inspect.getsource(base))).body[0]
        statements = body.body if isinstance(body, ast.ClassDef) else []
        for field, text in pairwise(statements):
            if isinstance(field, ast.AnnAssign) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                found[getattr(field.target, "id", "")] = inspect.cleandoc(str(text.value.value))
    return found
