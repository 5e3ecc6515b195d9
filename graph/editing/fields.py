"""The fields that a client writes: merged, checked and made a node."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError

from graph.errors import Refused
from schemas.change import Command, EditNote
from schemas.node import MODELS, SERVICE_FIELDS, AnyNode
from schemas.problem import FieldProblem, explain, pointer
from schemas.quantity import decoded, encoded, no_numbers
from schemas.texts import kept
from schemas.vocabulary import Kind

_RECOMPOSED = "kept in Unicode's composed form (NFC), which looks the same"


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
    fields: dict[str, Any] = decoded(node.dense())
    return {name: value for name, value in fields.items() if name not in SERVICE_FIELDS}


def without_what_is_so(value: Mapping[str, Any], read: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch without the fields that only the service sets, which may come back as they were read.

    `read` has these fields as a read answers them. Raises `Refused` where one of them is said differently.
    """
    differ = [name for name, said in value.items() if name in read and not _is_same(read[name], said)]
    if differ:
        detail = "set by the service; leave it out, or send it as it was read"
        raise Refused("what the service sets cannot be changed", [FieldProblem(pointer(n), detail) for n in differ])
    return {name: said for name, said in value.items() if name not in read}


def _is_same(read: object, said: object) -> bool:
    if type(read) is type(said) and read == said:
        return True
    return isinstance(read, str) and isinstance(said, str) and _is_same_time(read, said)


def _is_same_time(read: str, said: str) -> bool:
    """Whether both are one instant, as precisely as it is said: some clients keep milliseconds, or write +00:00."""
    try:
        known, given = datetime.fromisoformat(read), datetime.fromisoformat(said)
    except ValueError:
        return False
    if known.tzinfo is None or given.tzinfo is None:
        return False
    fraction = re.search(r"\.(\d+)", said)
    step = timedelta(microseconds=10 ** max(0, 6 - len(fraction[1])) if fraction else 10**6)
    return timedelta(0) <= known - given < step


def composed_fields(value: Mapping[str, Any], recomposed: list[str]) -> dict[str, Any]:
    """What a client wrote with every text in Unicode NFC; `recomposed` gains a pointer to each that was not.

    Raises `Refused` for texts that hold what no text may.
    """
    faults: list[FieldProblem] = []
    whole: dict[str, Any] = kept(value, faults, recomposed)
    if faults:
        raise Refused(f"{faults[0].detail} ({faults[0].pointer})", faults, code="unusable_text")
    return whole


def notes_of(node_id: str, recomposed: Iterable[str]) -> tuple[EditNote, ...]:
    """What the writer is told of each text that was composed anew."""
    return tuple(EditNote(node_id, place, _RECOMPOSED) for place in recomposed)


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
    faults = written or no_numbers(fields)
    if faults:
        raise Refused(f"this {kind} is not well formed", faults)
    try:
        return model.read(encoded({**fields, **service}), is_written=True)
    except ValidationError as error:
        raise Refused(f"this {kind} is not well formed", explain(error, model, dict(fields))) from error
