"""The OpenAPI document: what the framework makes of the path functions, with shared parts named and examples put in."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from schemas.query import ViewQuery
from service.http.routing import SECURITY, StrictRoute
from service.models.responses import MEANING, PROBLEM
from service.reference.clients import for_clients
from service.reference.examples import EXAMPLES

ANSWERS = Path(__file__).parent / "examples.json"
"""An answer for each operation by its id; `python -m scripts.reference_examples` writes it."""
_METHODS = ("get", "post", "put", "patch", "delete")
_MERGE_PATCH = "application/merge-patch+json"

_IF_NONE_MATCH = {
    "name": "If-None-Match",
    "in": "header",
    "required": False,
    "description": "ETags that the client has; 304 where one of them still holds.",
    "schema": {"type": "string"},
}
"""Every read that has a tag heeds it; named here once, since a parameter costs each request its share."""


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document."""
    made = get_openapi(
        title=app.title, version=app.version, summary=app.summary, description=app.description, routes=app.routes,
        tags=app.openapi_tags, license_info=app.license_info, separate_input_output_schemas=False,
        servers=[{"url": "/", "description": "The service that gives this document."}],
    )  # fmt: skip
    components = made.setdefault("components", {})
    components["schemas"] |= _problem_schemas()
    answers = msgspec.json.decode(ANSWERS.read_bytes()) if ANSWERS.exists() else {}
    of_view = {r.name for r in app.state.routes if isinstance(r, StrictRoute) and r.is_of_view}
    of_nodes = {r.name for r in app.state.routes if r.path.startswith("/v1/maps/{map}/") and "{id}" in r.path}
    for operation in _operations(made):
        if operation["operationId"] in of_view:
            operation["parameters"] = [*operation.get("parameters", ()), *_view_parameters()]
            _tell_of_labels(operation, components["schemas"])
        _tell_of_keys(operation)
        _name_problems(operation)
        _take_merge_patches(operation)
        if "304" in operation["responses"]:
            operation.setdefault("parameters", []).append(_IF_NONE_MATCH)
        if operation["operationId"] in of_nodes:
            operation["responses"]["308"] = {"$ref": "#/components/responses/308"}
        _put_examples(operation, answers.get(operation["operationId"]))
    components["responses"] = {str(status): _problem_response(status) for status in MEANING if status != 304}
    _drop(components["schemas"])
    return for_clients(made)


_LABELS = {
    "type": "object",
    "additionalProperties": {"type": "string"},
    "description": "Only with `labels=true`: what to print for every id in the answer.",
}


def _tell_of_labels(operation: dict[str, Any], schemas: dict[str, Any]) -> None:
    """The field that every answer about a view has when it is asked for."""
    content = operation["responses"]["200"].get("content", {}).get("application/json", {})
    waiting = [content.get("schema", {})]
    while waiting:
        schema = waiting.pop()
        waiting += schema.get("oneOf", []) + schema.get("anyOf", [])
        named = schemas.get(schema.get("$ref", "").rpartition("/")[2])
        if named is not None:
            waiting += named.get("oneOf", []) + named.get("anyOf", [])
            if "properties" in named:
                named["properties"].setdefault("labels", _LABELS)


def _view_parameters() -> list[dict[str, Any]]:
    """The parameters that every view of a map has."""
    schema = ViewQuery.model_json_schema()
    return [
        {"name": name, "in": "query", "required": False, "description": one.pop("description"), "schema": one}
        for name, one in schema["properties"].items()
    ]


def _operations(made: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for methods in made["paths"].values():
        for method, operation in methods.items():
            if method in _METHODS:
                yield operation


def _problem_schemas() -> dict[str, Any]:
    whole = PROBLEM.model_json_schema(ref_template="#/components/schemas/{model}", mode="serialization")
    return {**whole.pop("$defs", {}), "Problem": whole}


def _problem_response(status: int) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    made: dict[str, Any] = {"description": MEANING[status], "content": content}
    if status == 308:
        schema = {"type": "string", "format": "uri-reference"}
        made["headers"] = {"Location": {"description": "The same address of the other node.", "schema": schema}}
    if status in (429, 503):
        made["headers"] = {"Retry-After": {"description": "Seconds to wait.", "schema": {"type": "integer"}}}
    return made


def _tell_of_keys(operation: dict[str, Any]) -> None:
    """Which keys may use it; the scheme itself is the whole document's, since a service without keys asks for none."""
    scopes = [scope for one in operation.pop("security") for scope in one[SECURITY]]
    operation["x-key-scope"] = scopes[0] if scopes else None
    for status in (401, 403, 429) if scopes else ():
        operation["responses"].setdefault(str(status), _problem_response(status))


def _name_problems(operation: dict[str, Any]) -> None:
    """A problem stands in an operation as a reference; the framework's own shape of a 422 goes."""
    for status in operation["responses"]:
        if int(status) >= 400:
            operation["responses"][status] = {"$ref": f"#/components/responses/{status}"}


def _take_merge_patches(operation: dict[str, Any]) -> None:
    content = operation.get("requestBody", {}).get("content", {})
    if operation["operationId"].startswith("change_") and "application/json" in content:
        content[_MERGE_PATCH] = content["application/json"]


def _put_examples(operation: dict[str, Any], answer: Any) -> None:
    example = EXAMPLES.get(operation["operationId"], {})
    for parameter in operation.get("parameters", ()):
        given = example.get("path" if parameter["in"] == "path" else "query", {})
        if parameter["name"] in given:
            parameter["example"] = given[parameter["name"]]
    sent = example.get("body", example.get("text"))
    if sent is not None:
        for content in operation["requestBody"]["content"].values():
            content["example"] = sent
    good = next(iter(sorted(operation["responses"])))
    content = operation["responses"][good].get("content", {})
    if answer is not None and "application/json" in content:
        content["application/json"]["example"] = answer


def _drop(schemas: dict[str, Any]) -> None:
    """The framework's own models of a fault are nowhere answered."""
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
