"""The fields that a client writes: merged, checked and made a node."""

from collections.abc import Mapping
from typing import Any

import msgspec
from pydantic import ValidationError

from graph.errors import Refused
from schemas.change import Command
from schemas.node import MODELS, SERVICE_FIELDS, AnyNode
from schemas.problem import FieldProblem, explain, pointer
from schemas.vocabulary import Kind


def merge_patch(target: Mapping[str, Any], patch: Mapping[str, Any]) -> dict[str, Any]:
    """Apply a JSON merge patch (RFC 7396) to an object."""
    merged = dict(target)
    for name, value in patch.items():
        if value is None:
            merged.pop(name, None)
        elif isinstance(value, Mapping):
            inner = merged.get(name)
            merged[name] = merge_patch(inner if isinstance(inner, Mapping) else {}, value)
        else:
            merged[name] = value
    return merged


def own_fields(node: AnyNode) -> dict[str, Any]:
    """What a client has written of a node, without the fields that are at their default."""
    fields: dict[str, Any] = msgspec.json.decode(node.dense())
    return {name: value for name, value in fields.items() if name not in SERVICE_FIELDS}


def agreed_id(command: Command, value: dict[str, Any]) -> str | None:
    """The id that command and value name; they must agree, and so must the kind."""
    inner = value.pop("id", None)
    kind = value.pop("kind", command.kind)
    if kind != command.kind:
        raise Refused("the kind cannot be changed", [FieldProblem("/kind", f"this is {command.kind}")])
    if inner is not None and command.id is not None and inner != command.id:
        raise Refused("an id cannot be changed", [FieldProblem("/id", f"this is {command.id!r}")])
    if command.op == "update":
        value["id"] = command.id
    return command.id if command.id is not None else inner


def validated(kind: Kind, fields: Mapping[str, Any], service: Mapping[str, Any]) -> AnyNode:
    """The node of these fields; raises `Refused` with every fault and its place."""
    model = MODELS[kind]
    written = [
        FieldProblem(pointer(n), "written by the service; leave it out") for n in sorted(set(fields) & set(service))
    ]
    if written:
        raise Refused(f"this {kind} is not well formed", written)
    try:
        return model.read(msgspec.json.encode({**fields, **service}))
    except ValidationError as error:
        raise Refused(f"this {kind} is not well formed", explain(error, model)) from error
