"""The one table: every error has a status, every code a page, and what fails inside tells nothing of it."""

from __future__ import annotations

import inspect
import logging
import re
from collections.abc import Collection, Iterator
from html import escape
from types import ModuleType

import pytest
from starlette.testclient import TestClient

from graph import errors as graph_errors
from graph.errors import OutcomeUnknown, RevisionTaken, StoreUnavailable, StoreUnusable
from graph.maps.port import MapVersion
from service.http import errors as service_errors
from service.http.problems import CODES, STATUS, status_of
from tests.api.conftest import client_of, filled
from tests.support.files import project_texts

_BASES = {"GraphError", "ServiceError", "StoreError"}


def _errors(module: ModuleType) -> Iterator[type[Exception]]:
    for _, found in inspect.getmembers(module, inspect.isclass):
        if issubclass(found, Exception) and found.__module__ == module.__name__:
            yield found


def test_every_error_has_a_status() -> None:
    found = {e for module in (graph_errors, service_errors) for e in _errors(module)}
    assert {e.__name__ for e in found if e not in STATUS} == _BASES
    assert set(STATUS) <= found
    assert status_of(KeyError("x")) == 500


def test_every_code_has_a_page(client: TestClient) -> None:
    found = {e.code for module in (graph_errors, service_errors) for e in _errors(module) if e.__name__ not in _BASES}
    source = "\n".join(
        t for n, t in project_texts().items() if n.startswith(("graph/", "service/")) and n[-3:] == ".py"
    )
    found |= set(re.findall(r"""\bcode=['"](\w+)['"]""", source))
    assert found <= set(CODES)
    for code in CODES:
        page = client.get(f"/docs/problems/{code}")
        assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
        assert escape(CODES[code][0]) in page.text
        assert f"/docs/problems/{code}" in client.get("/docs/problems").text
    assert client.get("/docs/problems/nothing").status_code == 404


def test_the_shape_of_a_problem(client: TestClient) -> None:
    assert client.get("/v1/maps/m/statements?limit=0").json() == {
        "type": "http://127.0.0.1/docs/problems/invalid_parameter",
        "title": "Parameter not valid",
        "status": 422,
        "detail": "limit: must be at least 1, not 0",
        "code": "invalid_parameter",
        "errors": [{"pointer": "/limit", "detail": "must be at least 1, not 0", "code": "out_of_range", "in": "query"}],
    }
    assert client.get("/v1/maps/m/statements/nobody").json() == {
        "type": "http://127.0.0.1/docs/problems/node_not_found",
        "title": "No such node",
        "status": 404,
        "detail": "map 'm' has no statement 'nobody'",
        "code": "node_not_found",
    }


def _fails(client: TestClient, error: Exception, methods: Collection[str]) -> None:
    async def fail(*_: object) -> None:
        raise error

    store = client.app.state.service.store  # type: ignore[attr-defined]
    for name in methods:
        setattr(store, name, fail)


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StoreUnavailable("the store does not answer"), 503, "store_unavailable"),
        (OutcomeUnknown("cut off"), 503, "outcome_unknown"),
        (RevisionTaken("late"), 503, "revision_taken"),
        (StoreUnusable("damaged"), 500, "store_unusable"),
    ],
)
def test_a_store_that_fails(error: Exception, status: int, code: str) -> None:
    with client_of() as client:
        filled(client)
        client.get("/v1/maps/m/statements")
        _fails(client, error, ("version", "maps", "check", "changes", "idempotency_record"))
        for path in ("/v1/maps/m/statements", "/v1/maps/m/paths", "/v1/maps", "/readyz"):
            answer = client.get(path)
            assert (answer.status_code, answer.json()["code"]) == (status, code), path
            assert ("retry-after" in answer.headers) == (status == 503)
        write = client.post("/v1/maps/m/statements", json={"text": "x"}, headers={"Idempotency-Key": "k"})
        assert (write.status_code, write.json()["code"]) == (status, code)
        assert client.get("/healthz").status_code == 200


def test_a_fault_of_the_service_is_told_by_a_number(caplog: pytest.LogCaptureFixture) -> None:
    with client_of() as client:
        filled(client)
        _fails(client, RuntimeError("secret inside"), ("version",))
        with caplog.at_level(logging.ERROR, logger="argumap"):
            answer = client.get("/v1/maps/m/statements")
        assert answer.status_code == 500
        assert answer.headers["content-type"] == "application/problem+json"
        assert "secret" not in answer.text
        assert answer.json()["code"] == "internal"
        [record] = caplog.records
        assert answer.json()["id"] in record.getMessage()
        assert record.exc_info is not None


def test_a_fault_on_the_way_of_a_kept_answer_is_told_too() -> None:
    with client_of() as client:
        filled(client)
        for _ in range(2):
            assert client.get("/v1/maps/m/statements").status_code == 200
        _fails(client, RuntimeError("inside"), ("version",))
        assert client.get("/v1/maps/m/statements").json()["code"] == "internal"


def test_too_much_at_once_is_said() -> None:
    with client_of() as client:
        filled(client)
        work = client.app.state.service.work  # type: ignore[attr-defined]
        work._free = work._bound = 0
        answer = client.get("/v1/maps/m/paths")
        assert (answer.status_code, answer.json()["code"]) == (503, "busy")
        assert answer.headers["retry-after"]


def test_a_head_tells_a_map_from_its_namesake() -> None:
    assert MapVersion(1, "a") != MapVersion(1, "b")
