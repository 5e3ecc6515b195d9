"""Every read of the service in all its forms, walked out of its OpenAPI document, put to a hostile map."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, NamedTuple

from tests.support.hostile import COMMON, START

VALUES: dict[str, Any] = {
    "from": START,
    "to": "centre",
    "target": "centre",
    "id": "centre",
    "q": "matter говорят",
    "code": "not_found",
    "revision": 1,
    "remark": "remark-1",
    "draft": "draft-1",
}
"""A value for each parameter that some read requires. One that is missing here is asked for by name."""
_WITHOUT = {"without": "copy"}
"""A filter that leaves nearly all: the narrowing is then as much work as it can be."""
_LEFT_ALONE = {"cursor", "as_of", "basis", "min_confidence", "ids", "draft"}
_FIELDS_OF_LISTS = {"id", "created_by", "updated_by", "tags"}
"""Filters that the lists of nodes have, and nothing else has all of them."""


class Read(NamedTuple):
    """One form of a read."""

    operation: str
    form: str
    """What is particular about it."""
    path: str
    query: dict[str, Any]


def reads(document: dict[str, Any], map_id: str) -> Iterator[Read]:
    """Every read, as it is asked most simply, narrowed, at its widest, and with each of its choices."""
    for path, item in document["paths"].items():
        operation = item.get("get")
        if operation is not None:
            shared = [*item.get("parameters", ()), *operation.get("parameters", ())]
            yield from _forms(operation["operationId"], path, [_resolved(document, one) for one in shared], map_id)


def _forms(name: str, path: str, parameters: list[dict[str, Any]], map_id: str) -> Iterator[Read]:
    asked = {one["name"]: _schema(one) for one in parameters if one["in"] == "query"}
    required = {one["name"]: _value(name, one["name"]) for one in parameters if one["in"] == "query" and _must(one)}
    for place in _places(name, path, map_id):
        yield Read(name, "plain", place, required)
    place = next(iter(_places(name, path, map_id)))
    if "without" in asked:
        yield Read(name, "narrowed", place, {**required, **_WITHOUT})
        yield Read(name, "earlier", place, {**required, "as_of": "1"})
    widest = {one: schema["maximum"] for one, schema in asked.items() if "maximum" in schema and one != "as_of"}
    if widest:
        yield Read(name, "widest", place, {**required, **widest})
    if "q" in asked and "q" not in required:
        yield Read(name, "words", place, {**required, "q": VALUES["q"]})
    if "focus" in asked:
        yield Read(name, "focus", place, {**required, "focus": "centre", **widest})
    is_list_of_nodes = set(asked) >= _FIELDS_OF_LISTS
    for one, schema in asked.items():
        # Of the orders and of each filter of a list one value stands for all.
        for value in _choices(schema)[-1:] if one == "sort" or is_list_of_nodes else _choices(schema):
            if one not in _LEFT_ALONE:
                yield Read(name, f"{one}={value}", place, {**required, one: value})


def _places(name: str, path: str, map_id: str) -> Iterator[str]:
    """The address; of an operation on a node of any kind one address for each of those with many links."""
    if "/nodes/{id}" in path:
        for kind in ("statement", "actor", "source"):
            yield path.replace("{map}", map_id).replace("{id}", COMMON[kind])
        return
    kind = path.split("/")[4].removesuffix("s") if path.count("/") > 3 else ""
    filled = path.replace("{map}", map_id).replace("{id}", COMMON.get(kind, "centre"))
    yield re.sub(r"{(\w+)}", lambda part: str(_value(name, part[1])), filled)


def _value(operation: str, name: str) -> Any:
    assert name in VALUES, f"{operation} requires {name}: give it a value in tests/support/operations.py"
    return VALUES[name]


def _must(parameter: dict[str, Any]) -> bool:
    return bool(parameter.get("required", False))


def _schema(parameter: dict[str, Any]) -> dict[str, Any]:
    """The schema of one value: of the items where there may be several, of what is not null where it may be left."""
    schema: dict[str, Any] = parameter.get("schema", {})
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            schema = {**option, **{k: v for k, v in schema.items() if k != "anyOf"}}
    return {**schema, **schema["items"]} if "items" in schema else schema


def _choices(schema: dict[str, Any]) -> list[str]:
    choices: list[str] = schema.get("enum", [])
    return choices


def _resolved(document: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    found: Any = given
    if "$ref" in given:
        found = document
        for part in given["$ref"].removeprefix("#/").split("/"):
            found = found[part]
    schema = found.get("schema", {})
    if "$ref" in schema or any("$ref" in option for option in [*schema.get("anyOf", ()), schema.get("items", {})]):
        found = {**found, "schema": _inlined(document, schema)}
    return dict(found)


def _inlined(document: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A schema with the components that it or its parts refer to."""
    if "$ref" in schema:
        return _inlined(document, _resolved(document, {"$ref": schema["$ref"]}))
    whole = dict(schema)
    if "anyOf" in whole:
        whole["anyOf"] = [_inlined(document, option) for option in whole["anyOf"]]
    if "items" in whole:
        whole["items"] = _inlined(document, whole["items"])
    return whole
