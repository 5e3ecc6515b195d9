"""Every status that a request can bring about is declared at its operation, and is a problem as declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, NamedTuple

import pytest
from jsonschema import Draft202012Validator
from starlette.testclient import TestClient

from graph.errors import StoreUnavailable
from graph.maps.port import Store
from graph.stores.sqlite import SqliteStore
from service.app import create_app
from service.reference.examples import EXAMPLES
from service.settings import Settings
from tests.support.document import DOCUMENT

SETTINGS: dict[str, Any] = {"store": "sqlite::memory:", "seed": False, "body_limit": 1 << 16, "url_limit": 4096}
PROBLEM = Draft202012Validator(
    {"$ref": "#/components/schemas/Problem", "components": DOCUMENT["components"]},
    format_checker=Draft202012Validator.FORMAT_CHECKER,
)
MAKING = ("create_map", "run_batch", "attach_source_text", "create_key", "create_remark",
          "create_draft", "create_remark_of_draft")  # fmt: skip
OF_NEO4J = {"adopt_hand_edits", "ask_cypher"}
"""What the store of this service, SQLite, cannot do, and says so."""
PATCHING = ("put", "post", "patch", "delete")


class Operation(NamedTuple):
    """An operation as it is declared."""

    name: str
    method: str
    path: str
    declared: Mapping[str, Any]

    @property
    def has_body(self) -> bool:
        return "requestBody" in self.declared

    @property
    def takes_json(self) -> bool:
        return "application/json" in self.declared.get("requestBody", {}).get("content", {})

    @property
    def asks_a_map(self) -> bool:
        return "{map}" in self.path

    def takes(self, header: str) -> bool:
        shared = DOCUMENT["components"]["parameters"]
        several = [shared.get(p.get("$ref", "").rsplit("/", 1)[-1], p) for p in self.declared.get("parameters", ())]
        return header in {p["name"] for p in several}

    def request(self) -> dict[str, Any]:
        """Its example, as the client takes it."""
        example = EXAMPLES.get(self.name, {})
        query = {name: str(v).lower() if isinstance(v, bool) else v for name, v in example.get("query", {}).items()}
        made: dict[str, Any] = {"url": self.path.format(**example.get("path", {})), "params": query, "headers": {}}
        if "text" in example:
            return made | {"content": example["text"], "headers": {"Content-Type": "text/plain"}}
        return made | ({"json": example["body"]} if "body" in example else {})


OPERATIONS = [
    Operation(one["operationId"], method, path, one)
    for path, methods in DOCUMENT["paths"].items()
    for method, one in methods.items()
]


def _raw(content: bytes, media: str = "application/json") -> Callable[[dict[str, Any]], dict[str, Any]]:
    def sent(request: dict[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in request.items() if name != "json"}
        return {**rest, "content": content, "headers": {**request["headers"], "Content-Type": media}}

    return sent


def _header(name: str, value: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: {**request, "headers": {**request["headers"], name: value}}


def _query(**more: str) -> Callable[[dict[str, Any]], dict[str, Any]]:
    return lambda request: {**request, "params": {**request["params"], **more}}


def _large(request: dict[str, Any]) -> dict[str, Any]:
    media = request["headers"].get("Content-Type", "application/json")
    return _raw(b'{"title": "' + b"x" * (1 << 17) + b'"}', media)(request)


def _nowhere(request: dict[str, Any]) -> dict[str, Any]:
    return {**request, "url": request["url"].replace("/old-bridge", "/no-such-map")}


class Probe(NamedTuple):
    """A way to go wrong: the status that it brings, which operations it fits, and what it makes of a request."""

    status: int
    fits: Callable[[Operation], bool]
    change: Callable[[dict[str, Any]], dict[str, Any]]


PROBES = {
    "not JSON": Probe(400, lambda o: o.takes_json, _raw(b"{")),
    "not UTF-8": Probe(400, lambda o: o.has_body and not o.takes_json, _raw(b"caf\xe9", "text/plain")),
    "a foreign page": Probe(403, lambda o: o.method in PATCHING, _header("Origin", "https://elsewhere.example")),
    "no such map": Probe(404, lambda o: o.asks_a_map, _nowhere),
    "another tag": Probe(412, lambda o: o.takes("If-Match"), _header("If-Match", '"77"')),
    "a large body": Probe(413, lambda o: o.has_body, _large),
    "a long address": Probe(414, lambda o: True, _query(q="x" * 5000)),
    "another media type": Probe(415, lambda o: o.has_body, _raw(b"{}", "text/csv")),
    "another host": Probe(421, lambda o: True, _header("Host", "elsewhere.example")),
    "an unknown parameter": Probe(422, lambda o: True, _query(nonsense="1")),
    "an unknown field": Probe(422, lambda o: o.takes_json, _raw(b'{"nonsense": 1}')),
    "an empty text": Probe(422, lambda o: o.has_body and not o.takes_json, _raw(b" ", "text/plain")),
}
CASES = [(name, one) for name, probe in PROBES.items() for one in OPERATIONS if probe.fits(one)]


@contextmanager
def _service(store: SqliteStore | None = None, *, before: str = "", **settings: Any) -> Iterator[TestClient]:
    """A service with the map of the examples, made as far as it is before an operation that makes it."""
    app = create_app(Settings(**{**SETTINGS, **settings}), store, trusting=True)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        more = EXAMPLES.get(before, {}).get("after", ())
        for name in MAKING[: MAKING.index(before)] if before in MAKING else (*MAKING, *more):
            [one] = [one for one in OPERATIONS if one.name == name]
            assert client.request(one.method, **one.request()).is_success
        yield client


@pytest.fixture(scope="module")
def service() -> Iterator[TestClient]:
    with _service() as client:
        yield client


def _refused(client: TestClient, operation: Operation, request: dict[str, Any], status: int) -> None:
    answer = client.request(operation.method, **request)
    assert answer.status_code == status, answer.text[:500]
    assert str(status) in operation.declared["responses"]
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    PROBLEM.validate(problem)
    assert problem["status"] == status
    assert ("retry-after" in answer.headers) == (status == 503)


@pytest.mark.parametrize(("name", "operation"), CASES, ids=[f"{name}-{one.name}" for name, one in CASES])
def test_what_goes_wrong_is_declared(service: TestClient, name: str, operation: Operation) -> None:
    probe = PROBES[name]
    _refused(service, operation, probe.change(operation.request()), probe.status)


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "304" in o.declared["responses"]], ids=lambda o: o.name)
def test_a_read_that_has_a_tag_says_so_and_answers_to_it(service: TestClient, operation: Operation) -> None:
    assert operation.takes("If-None-Match")
    request = operation.request()
    tag = service.request(operation.method, **request).headers["etag"]
    again = service.request(operation.method, **{**request, "headers": {"If-None-Match": tag}})
    assert (again.status_code, again.headers["etag"], again.content) == (304, tag, b"")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda o: o.name)
def test_a_good_answer_has_the_headers_and_the_media_type_that_are_declared(
    service: TestClient, operation: Operation
) -> None:
    if operation.method == "get":
        answer = service.request(operation.method, **operation.request())
    else:
        with _service(before=operation.name) as client:  # which nobody else sees changed
            answer = client.request(operation.method, **operation.request())
    if operation.name in OF_NEO4J:
        assert answer.status_code == 501
        assert "501" in operation.declared["responses"]
        return
    assert answer.is_success, answer.text
    declared = operation.declared["responses"][str(answer.status_code)]
    assert answer.headers["content-type"].split(";")[0] in declared["content"]
    for header in ("ETag", "Location"):
        assert (header in answer.headers) == (header in declared.get("headers", {})), header


@pytest.mark.parametrize("operation", [o for o in OPERATIONS if "428" in o.declared["responses"]], ids=lambda o: o.name)
def test_a_change_without_a_condition_is_refused_where_one_is_asked_for(operation: Operation) -> None:
    with _service(require_if_match=True) as client:
        _refused(client, operation, operation.request(), 428)


class _Failing(SqliteStore):
    """A store that fails from a moment on, whatever it is asked."""

    failure: Exception | None = None

    def __getattribute__(self, name: str) -> Any:
        failure = object.__getattribute__(self, "failure")
        if failure is not None and name in ASKED:
            raise failure
        return super().__getattribute__(name)


ASKED = {name for name in vars(Store) if not name.startswith("_")} - {"open", "close"}
WITHOUT_A_MAP = {"list_maps", "create_map", "search", "check_ready", "list_keys", "create_key", "delete_key"}


@pytest.mark.parametrize(("failure", "status"), [(StoreUnavailable("gone"), 503), (ValueError("inside"), 500)])
def test_a_store_that_is_away_or_fails_is_declared_wherever_it_is_asked(failure: Exception, status: int) -> None:
    store = _Failing(":memory:")
    with _service(store) as client:
        store.failure = failure
        for operation in OPERATIONS:
            if operation.asks_a_map or operation.name in WITHOUT_A_MAP:
                _refused(client, operation, operation.request(), status)
            else:
                assert client.request(operation.method, **operation.request()).is_success, operation.name
        store.failure = None
