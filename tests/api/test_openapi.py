"""The OpenAPI document is well formed, complete and true: what it says is held against the running service."""

from __future__ import annotations

import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import parse_qs

import httpx2
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, reject, settings
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi import checks as openapi_checks
from starlette.testclient import TestClient

from scripts.reference_examples import written
from service.reference.openapi import ANSWERS
from tests.api.conftest import client_of, filled
from tests.support.document import DOCUMENT

OPERATIONS = {
    operation["operationId"]: (method, path, operation)
    for path, methods in DOCUMENT["paths"].items()
    for method, operation in methods.items()
}


def _parameters(operation: dict[str, Any]) -> list[dict[str, Any]]:
    shared = DOCUMENT["components"]["parameters"]
    return [shared[p["$ref"].rsplit("/", 1)[1]] if "$ref" in p else p for p in operation.get("parameters", ())]


def test_the_document_is_well_formed() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    validate(DOCUMENT)
    assert "HTTPValidationError" not in DOCUMENT["components"]["schemas"]
    assert "itemSchema" not in str(DOCUMENT)


def test_each_operation_has_a_name_of_its_own() -> None:
    count = sum(len(methods) for methods in DOCUMENT["paths"].values())
    assert count == len(OPERATIONS)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", name) for name in OPERATIONS)


def test_each_operation_is_told_whole() -> None:
    for name, (method, path, operation) in OPERATIONS.items():
        assert operation["summary"].endswith("."), name
        statuses = set(operation["responses"])
        assert statuses >= {"400", "422", "500"}, name
        assert ("404" in statuses) == ("{" in path), name
        assert ({"413", "415"} <= statuses) == ("requestBody" in operation), name
        told = {p["name"] for p in _parameters(operation) if p["in"] == "path"}
        assert told == set(re.findall(r"{(\w+)}", path)), name
        for parameter in _parameters(operation):
            assert parameter["description"], (name, parameter["name"])
        if method == "get" and path.startswith("/v1/maps/{map}"):
            views = {"as_of", "draft", "sources", "actors", "motives", "basis", "min_confidence", "without"}
            assert views <= {p["name"] for p in _parameters(operation)}, name


def test_each_field_is_described_somewhere() -> None:
    schemas = DOCUMENT["components"]["schemas"]
    assert [name for name, schema in schemas.items() if not schema.get("description")] == []
    fields = ((name, at, one) for name, schema in schemas.items() for at, one in schema.get("properties", {}).items())
    assert [f"{name}.{at}" for name, at, one in fields if not one.get("description") and "$ref" not in one] == []


def test_each_operation_has_an_example() -> None:
    for name, (_, path, operation) in OPERATIONS.items():
        for parameter in _parameters(operation):
            if parameter["in"] == "path":
                assert "example" in parameter, name
        if "requestBody" in operation:
            assert all("example" in one for one in operation["requestBody"]["content"].values()), name
        for media, content in operation["responses"].get("200", operation["responses"].get("201"))["content"].items():
            assert "example" in content or media != "application/json" or path == "/openapi.json", name


def test_the_examples_are_real_answers() -> None:
    """Asked anew they are the same; `python -m scripts.reference_examples` writes them.

    Of a summary and of what the service says of itself only the shape counts: that is tested elsewhere.
    """
    kept, anew = msgspec.json.decode(ANSWERS.read_bytes()), msgspec.json.decode(written())
    assert list(kept) == list(anew)
    for name, answer in anew.items():
        if name.startswith("summarise_") or OPERATIONS[name][2]["tags"] == ["Service"]:
            assert kept[name].keys() == answer.keys()
        else:
            assert kept[name] == answer, f"{name}: run python -m scripts.reference_examples"


SCHEMA = schemathesis.openapi.from_dict(deepcopy(DOCUMENT))
MADE_UP = [one.ok() for one in SCHEMA.get_all_operations()]
CHECKS = [
    not_a_server_error,
    openapi_checks.status_code_conformance,
    openapi_checks.content_type_conformance,
    openapi_checks.response_headers_conformance,
    openapi_checks.response_schema_conformance,
    openapi_checks.negative_data_rejection,
]
THERE = {"actors": "ann", "motives": "food", "statements": "s1", "arguments": "a1", "sources": "paper"}


@pytest.fixture(scope="module")
def live() -> Iterator[TestClient]:
    """One service for all requests that are made up."""
    with client_of() as client:
        assert filled(client).post("/v1/maps/m/nodes/s1/remarks", json={"id": "r", "text": "So?"}).status_code == 201
        operations = [{"op": "create", "kind": "statement", "value": {"text": "The baker is ill."}}]
        draft = {"id": "d", "title": "A baker", "operations": operations}
        assert client.post("/v1/maps/m/drafts", json=draft).status_code == 201
        assert client.post("/v1/maps/m/drafts/d/remarks", json={"id": "r", "text": "So?"}).status_code == 201
        yield client


def _send(client: TestClient, case: Any) -> Any:
    sent = case.as_transport_kwargs(base_url="http://127.0.0.1")
    # A stream of events has no end that the client could come to: what has one is asked for.
    sent["headers"] = {
        name: "application/json" if "event-stream" in str(value) else value for name, value in sent["headers"].items()
    }
    content = sent.pop("data", None)
    return client.request(**sent, **({} if content is None else {"content": content}))


def _is_right_as_sent(case: Any, operation: Any, query: str) -> bool:
    """Whether a query that was made wrong is right on the wire: a number is a text there, and an empty list nothing."""
    changes = getattr(case.meta.phase.data, "mutations", ())
    if not changes or any(one.parameter_location.value != "query" for one in changes):
        return False
    known = {one["name"]: one["schema"] for one in _parameters(operation.definition.raw) if one["in"] == "query"}
    sent = parse_qs(query, keep_blank_values=True)
    return sent.keys() <= known.keys() and all(_may_be(known[name], values) for name, values in sent.items())


def _may_be(schema: dict[str, Any], values: list[str]) -> bool:
    if schema.get("type") == "array":
        return len(values) <= schema.get("maxItems", len(values)) and all(
            _may_be(schema["items"], [value]) for value in values
        )
    plain = {"integer", "number", "boolean"} & {schema.get("type")}
    try:
        read = [msgspec.json.decode(value) if plain else value for value in values]
    except msgspec.DecodeError:
        return False
    return len(read) == 1 and Draft202012Validator({**schema, "components": DOCUMENT["components"]}).is_valid(read[0])


@pytest.mark.parametrize("operation", MADE_UP, ids=lambda one: one.definition.raw["operationId"])
@pytest.mark.filterwarnings("ignore")
def test_what_is_documented_is_what_happens(live: TestClient, operation: Any) -> None:
    """Requests made up from the document, right ones and wrong ones, get answers that the document knows."""

    @settings(
        max_examples=15,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy() | operation.as_strategy(generation_mode=GenerationMode.NEGATIVE))
    def ask(case: Any) -> None:
        if case.method != "DELETE" and "map" in (case.path_parameters or {}):
            place = operation.path.split("/")
            there = THERE.get(place[4] if len(place) > 4 else "", "x1")
            named = {"map": "m", "id": there, "remark": "r", "draft": "d", "revision": 2}
            case.path_parameters = {name: named[name] for name in case.path_parameters}
        try:
            response = _send(live, case)
        except httpx2.InvalidURL:  # longer than the client allows
            reject()
        # A condition that does not hold, or an address that is too long, is a right answer to anything;
        # schemathesis does not know it.
        unheard = response.status_code in {412, 414} or _is_right_as_sent(
            case, operation, response.request.url.query.decode()
        )
        left_out = [openapi_checks.negative_data_rejection] if unheard else []
        # The store of this run is SQLite, which has no Cypher and says so.
        left_out += [not_a_server_error] if response.status_code == 501 else []
        case.validate_response(response, checks=CHECKS, excluded_checks=left_out)

    ask()
