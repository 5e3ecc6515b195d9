"""The OpenAPI document: every operation as it is declared, with every status that it can have."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic import BaseModel

from schemas.base import ID_PATTERN
from service.http.route import DirectRoute, Operation
from service.http.schemas import Schemas
from service.problems import Problem
from service.wire.answer import encode

_MEANING = {
    304: "The client has these bytes already (If-None-Match).",
    400: "What was sent does not parse.",
    404: "No such map, node or address.",
    409: "An id is taken, or others still refer to what should go.",
    412: "Changed since it was read (If-Match).",
    413: "Larger than a limit.",
    415: "A body of another media type.",
    422: "It parses and is wrong.",
    428: "If-Match is missing, and this service asks for it.",
    500: "A fault of the service; its log has the number that the answer gives.",
    503: "The store is away or too much waits; try again after Retry-After.",
}
_PLACES = {
    "map": "Id of a map.",
    "id": "Id of a node.",
    "code": "Code of a problem.",
}
_KNOWN = {
    "limit": "At most so many items.",
    "max_length": "At most so many links.",
    "direction": "Which way to go from the node.",
    "kinds": "Kinds of node to take.",
    "budget": "At most so many nodes.",
    "to": "Where to go.",
    "from": "Where to start.",
    "order": "What comes first.",
    "format": "How the answer is written.",
    "focus": "Nodes to show with what lies around them.",
    "depth": "How far from there, in links.",
}
"""What parameters mean that say no more of themselves."""
_ETAG = {"description": "Strong tag of these bytes.", "schema": {"type": "string"}}
_LOCATION = {"description": "Where what was made stands.", "schema": {"type": "string"}}
_RETRY = {"description": "Seconds to wait.", "schema": {"type": "integer"}}


EXAMPLES = Path(__file__).parents[1] / "examples.json"
"""An answer for each operation by its id; `python -m scripts.reference_examples` writes it."""


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    examples: dict[str, Any] = msgspec.json.decode(EXAMPLES.read_bytes()) if EXAMPLES.exists() else {}
    routes = [route for route in app.routes if isinstance(route, DirectRoute)]
    operations = [route.operation for route in routes]
    answered = [shape for one in operations for shape in one.answers.values()]
    schemas = Schemas([one.body for one in operations if one.body is not None], [Problem, *answered])
    for route in routes:
        route.openapi_extra = _described(route.operation, schemas, examples.get(route.operation.name))
    made = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=routes,
        tags=app.openapi_tags, license_info=app.license_info,
    )  # fmt: skip
    made.setdefault("components", {})["schemas"] = schemas.components
    made["components"]["responses"] = {str(status): _problem(status) for status in _MEANING if status != 304}
    plain: dict[str, Any] = msgspec.json.decode(encode(made))  # a default may be a tuple, which JSON has not
    return plain


def _described(operation: Operation, schemas: Schemas, answer: Any) -> dict[str, Any]:
    described: dict[str, Any] = {
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation, schemas, answer),
    }
    if operation.body is not None:
        content: dict[str, Any] = {"schema": schemas.reference(operation.body)}
        if "body" in operation.example:
            content["example"] = operation.example["body"]
        described["requestBody"] = {"required": True, "content": dict.fromkeys(operation.media, content)}
    return described


def _parameters(operation: Operation) -> Iterator[dict[str, Any]]:
    example = operation.example
    for name in operation.places:
        schema: dict[str, Any] = {"type": "string", "pattern": ID_PATTERN}
        yield _parameter("path", name, schema, _PLACES[name], example.get("path", {}), required=True)
    for name, schema, required in _fields(operation.query):
        about = schema.pop("description", "") or _KNOWN.get(name, "")
        yield _parameter("query", name, schema, about, example.get("query", {}), required=required)
    for name, about in operation.conditions:
        yield _parameter("header", name, {"type": "string"}, about, {}, required=False)


def _parameter(
    where: str, name: str, schema: dict[str, Any], about: str, example: Mapping[str, Any], *, required: bool
) -> dict[str, Any]:
    made = {"name": name, "in": where, "required": required, "description": about, "schema": schema}
    return {**made, "example": example[name]} if name in example else made


def _fields(query: type[BaseModel]) -> Iterator[tuple[str, dict[str, Any], bool]]:
    whole = query.model_json_schema(by_alias=True)
    for name, schema in whole.get("properties", {}).items():
        yield name, _said_once(schema), name in whole.get("required", ())


def _said_once(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A parameter's schema: null cannot be sent, and a title repeats the name."""
    plain = {k: v for k, v in schema.items() if k != "title" and not (k == "default" and v in (None, []))}
    kinds = [one for one in plain.pop("anyOf", ()) if one.get("type") != "null"]
    return {**plain, **kinds[0]} if len(kinds) == 1 else {**plain, **({"anyOf": kinds} if kinds else {})}


def _responses(operation: Operation, schemas: Schemas, answer: Any) -> dict[str, Any]:
    content = {media: {"schema": schemas.reference(shape)} for media, shape in operation.answers.items()}
    if answer is not None and "application/json" in content:
        content["application/json"]["example"] = answer
    headers = {"ETag": _ETAG} if operation.tagged else {}
    if operation.status == 201:
        headers["Location"] = _LOCATION
    done = {"description": operation.summary, "content": content, **({"headers": headers} if headers else {})}
    told = {str(s): {"$ref": f"#/components/responses/{s}"} for s in operation.refusals}
    same = {"304": {"description": _MEANING[304], "headers": {"ETag": _ETAG}}} if operation.conditional else {}
    return {str(operation.status): done, **same, **told}


def _problem(status: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "description": _MEANING[status],
        "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    return {**made, "headers": {"Retry-After": _RETRY}} if status == 503 else made
