"""Spans of requests: what they are called, what hangs together, what they never hold, and what they never hold up."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.http import telemetry
from service.settings import Settings, SettingsError
from tests.api.conftest import client_of, filled
from tests.api.serving import Served
from tests.support.files import ROOT
from tests.support.neo4j import Neo4jAddress
from tests.support.spans import SpanCollector, TakenSpan
from tests.support.stores import PATIENCE
from tests.support.waiting import until

TRACE, CALLER = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
PARENT = {"traceparent": f"00-{TRACE}-{CALLER}-01"}
CREATE = {"op": "create", "kind": "statement"}
CANARY = "zanzibarcanary"
PATHS = "/v1/maps/m/paths?from=s1&to=food"
EXPORTER = "opentelemetry.exporter.otlp.proto.http.trace_exporter"


@pytest.fixture
def collector(monkeypatch: pytest.MonkeyPatch) -> Iterator[SpanCollector]:
    """A collector that the variables of this process name."""
    with SpanCollector() as started:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", started.url)
        yield started


def spans_of(collector: SpanCollector, ask: Callable[[TestClient], object], **settings: Any) -> list[TakenSpan]:
    """The spans of the requests that are made of a service with a small map; what made the map is left out."""
    with client_of(traces=True, **settings) as client:
        ask(filled(client))
    return collector.server_spans()[2:]


def test_a_request_goes_on_in_the_trace_of_whoever_asks(collector: SpanCollector) -> None:
    headers = {**PARENT, "X-Request-Id": "mine-1"}
    [asked] = spans_of(collector, lambda client: client.get(PATHS, headers=headers))
    assert (asked.name, asked.trace, asked.parent) == ("GET /v1/maps/{map}/paths", TRACE, CALLER)
    assert asked.status == "UNSET"
    assert asked.attributes == {
        "http.request.method": "GET",
        "http.route": "/v1/maps/{map}/paths",
        "http.response.status_code": 200,
        "http.response.header.x-request-id": ["mine-1"],
        "network.protocol.version": "1.1",
        "url.scheme": "http",
    }
    assert (asked.resource["service.name"], asked.resource["service.version"]) == ("argumap", "0.1.0")


def test_what_a_map_keeps_is_bounded_where_spans_are_made_too(collector: SpanCollector) -> None:
    node = {"text": "x" * 6_000}
    with client_of(traces=True, quota_map_kept_bytes=6_000) as client:
        filled(client)
        for answer in (
            client.post("/v1/maps/m/statements", json=node),
            client.post("/v1/maps/m/nodes/s1/remarks", json=node),
            client.post("/v1/maps/m/batch", json={"operations": [CREATE | {"value": node}], "dry_run": True}),
        ):
            assert answer.json()["code"] == "quota_reached"


def test_calls_of_the_store_and_pieces_of_work_hang_below_it(collector: SpanCollector) -> None:
    [asked] = spans_of(collector, lambda client: client.get(PATHS, headers=PARENT))
    below = collector.under(asked)
    assert {one.trace for one in below} == {TRACE}
    stores = [one for one in below if one.kind == "CLIENT"]
    assert {one.name for one in stores} >= {"version", "keys.is_set_up"}
    for one in stores:
        assert one.attributes == {"db.system.name": "sqlite", "db.operation.name": one.name}
    [work] = [one for one in below if one.kind == "INTERNAL"]
    assert work.name == "work thread"
    assert work.attributes["argumap.work.place"] == "thread"
    assert work.attributes["argumap.work.cpu_seconds"] > 0
    assert work.attributes["argumap.work.queue_seconds"] > 0


def test_a_question_in_the_language_of_the_database_is_told_without_its_words(
    collector: SpanCollector, neo4j_address: Neo4jAddress
) -> None:
    told = neo4j_address
    given = {"store": told.uri, "neo4j_user": told.user, "neo4j_password": told.password, "store_timeout": PATIENCE}
    question = {"statement": f"MATCH (n:Statement) WHERE n.text <> '{CANARY}' RETURN count(n)"}
    answers: list[int] = []
    asked, *_ = spans_of(
        collector,
        lambda client: answers.append(client.post("/v1/maps/m/cypher", json=question).status_code),
        **given,
        cypher=True,
    )
    assert answers == [200]
    [call] = [one for one in collector.under(asked) if one.name == "questions.ask"]
    assert call.attributes == {"db.system.name": "neo4j", "db.operation.name": "questions.ask"}
    assert CANARY.encode() not in b"".join(collector.bodies)


def test_a_kept_answer_is_called_as_the_one_that_was_worked_out(collector: SpanCollector) -> None:
    def ask(client: TestClient) -> None:
        tag = client.get("/v1/maps/m/statements/s1").headers["etag"]
        client.get("/v1/maps/m/statements/s1")
        client.get("/v1/maps/m/statements/s1", headers={"If-None-Match": tag})
        client.head("/v1/maps/m/statements/s1")

    asked = spans_of(collector, ask)
    told = [(one.name.split()[0], one.attributes["http.response.status_code"]) for one in asked]
    assert told == [("GET", 200), ("GET", 200), ("GET", 304), ("HEAD", 200)]
    assert {one.name.split()[1] for one in asked} == {"/v1/maps/{map}/statements/{id}"}


def test_what_is_not_there_is_no_error_of_the_service(collector: SpanCollector) -> None:
    def ask(client: TestClient) -> None:
        client.get("/v1/maps/m/statements/none")
        client.get(f"/nowhere/{CANARY}")
        client.request("BREW", "/v1/maps")

    node, nowhere, other = spans_of(collector, ask)
    assert node.name == "GET /v1/maps/{map}/statements/{id}"
    assert nowhere.name == "GET"
    assert "http.route" not in nowhere.attributes
    assert (other.name.split()[0], other.attributes["http.request.method"]) == ("HTTP", "_OTHER")
    assert [one.attributes["http.response.status_code"] for one in (node, nowhere, other)] == [404, 404, 405]
    assert {one.status for one in (node, nowhere, other)} == {"UNSET"}
    assert not [one for one in (node, nowhere, other) if "error.type" in one.attributes]


def test_a_fault_of_the_service_is_an_error_without_its_words(
    collector: SpanCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> None:
        raise RuntimeError(CANARY)

    with client_of(traces=True) as client:
        monkeypatch.setattr(client.app.state.service.store, "count_maps", fails)  # type: ignore[attr-defined]
        assert client.get("/v1/maps").status_code == 500
    [asked] = collector.server_spans()
    assert (asked.name, asked.status, asked.attributes["http.response.status_code"]) == ("GET /v1/maps", "ERROR", 500)
    assert asked.attributes["error.type"] == "500"
    assert CANARY.encode() not in b"".join(collector.bodies)


def test_a_page_of_another_origin_may_go_on_with_its_trace() -> None:
    given = {"cors_origins": ("https://page.example",)}
    asked = {
        "Origin": "https://page.example",
        "Access-Control-Request-Method": "GET",
        "Access-Control-Request-Headers": "traceparent",
    }
    answers = [client_of(**given, traces=on).options("/v1/maps", headers=asked).status_code for on in (True, False)]
    assert answers == [200, 400]


def test_variables_of_the_standard_are_heeded(collector: SpanCollector, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_SERVICE_NAME", "maps of ours")
    monkeypatch.setenv("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=try")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", "x-tenant=ours")
    [asked] = spans_of(collector, lambda client: client.get("/v1/maps"))
    assert asked.resource["service.name"] == "maps of ours"
    assert asked.resource["deployment.environment.name"] == "try"
    assert collector.headers[0]["x-tenant"] == "ours"


@pytest.mark.parametrize(
    ("name", "value"),
    [("OTEL_TRACES_SAMPLER", "always_off"), ("OTEL_TRACES_EXPORTER", "none"), ("OTEL_SDK_DISABLED", "true")],
)
def test_variables_of_the_standard_switch_spans_off(
    collector: SpanCollector, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    assert spans_of(collector, lambda client: client.get("/v1/maps")) == []
    assert collector.bodies == []


def test_no_span_is_made_and_nothing_loaded_where_none_was_asked_for(collector: SpanCollector) -> None:
    with client_of() as client:
        filled(client).get(PATHS, headers=PARENT)
    assert collector.bodies == []
    program = (
        "import sys; from service.app import create_app; from service.settings import Settings; "
        "create_app(Settings(store='sqlite::memory:')); "
        "print([one for one in ('opentelemetry.sdk', 'service.http.telemetry', 'requests') if one in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_without_the_extra_the_service_says_what_to_install(tmp_path: Path) -> None:
    """The packages of the extra are hidden from the process as where they are not installed."""
    program = (
        "import sys; sys.modules.update(dict.fromkeys(['opentelemetry.sdk', 'opentelemetry.exporter'])); "
        "from service.cli import main; main()"
    )
    command = [sys.executable, "-c", program, "serve", "--port", "0", "--store", f"sqlite:{tmp_path / 'x.db'}"]
    done = subprocess.run([*command, "--traces", "1"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "ARGUMAP_TRACES needs the extra: pip install 'argumap[otel]'" in done.stderr


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "http/json", "http/protobuf"),
        ("OTEL_TRACES_EXPORTER", "console", "otlp or none"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector:4318", "https://collector.example:4318"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://[::1", "https://collector.example:4318"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "5000", "OTEL_BSP_"),
    ],
)
def test_a_variable_that_cannot_be_heeded_ends_the_start(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, why: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=why), client_of(traces=True):
        pass


def test_a_secret_for_the_collector_goes_to_another_machine_encrypted_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector.example:4318")
    create_app(Settings(store="sqlite::memory:", traces=True))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_HEADERS", f"authorization={CANARY}")
    with pytest.raises(SettingsError, match="in clear") as refused:
        create_app(Settings(store="sqlite::memory:", traces=True))
    assert CANARY not in str(refused.value)
    create_app(Settings(store="sqlite::memory:", traces=True, clear_text=True))
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example:4318")
    create_app(Settings(store="sqlite::memory:", traces=True))


def test_a_command_on_its_own_store_sends_nothing(collector: SpanCollector) -> None:
    app = create_app(Settings(store="sqlite::memory:", seed=False, traces=True), trusting=True)
    with TestClient(app, base_url="http://127.0.0.1") as client:
        assert client.get("/v1/maps").status_code == 200
    assert collector.bodies == []


def test_a_collector_that_is_away_fails_no_request_and_is_told_of_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    with SpanCollector() as collector:
        monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", collector.url)
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "0.2")  # too short to try again in
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "1")
    monkeypatch.setenv("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")
    with caplog.at_level(logging.WARNING, EXPORTER), client_of(traces=True) as client:
        assert {client.get("/v1/maps").status_code for _ in range(20)} == {200}
    assert len([one for one in caplog.records if one.name == EXPORTER]) == 1


def test_a_collector_that_does_not_answer_holds_up_neither_requests_nor_the_end(
    collector: SpanCollector, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telemetry, "_LEAVING", 0.01)
    monkeypatch.setenv("OTEL_BSP_SCHEDULE_DELAY", "1")
    collector.answers.clear()
    with client_of(traces=True) as client:
        assert client.get("/v1/maps").status_code == 200
        assert collector.asked.wait(60)
        assert client.get("/v1/maps").status_code == 200
    still = [one for one in threading.enumerate() if one.name == "last spans"]
    assert len(still) == 1, "it was not waited for"
    collector.answers.set()
    still[0].join()


def _key(store: str) -> str:
    command = [sys.executable, "-c", "from service.cli import main; main()", "keys", "create", "--store", store]
    made = subprocess.run(
        [*command, "--json", "--name", "Ida Holm", "--scope", "admin"], cwd=ROOT, check=True, capture_output=True
    )
    return str(json.loads(made.stdout)["key"])


def _ask(client: httpx2.Client, key: str) -> None:
    place = "/v1/maps/food-finance-firepower"
    assert client.post(f"{place}/statements", json={"text": f"What {CANARY} said."}).status_code == 201
    assert client.post(f"{place}/statements", json={CANARY: 1}).status_code == 422
    assert client.get(f"/v1/search?q={CANARY}").status_code == 200
    assert client.get(f"{place}/statements?q={CANARY}&{CANARY}={key}").status_code == 422
    assert client.get(f"/{key}/{CANARY}?{key}={key}", headers={"Cookie": f"a={key}"}).status_code == 404
    assert client.get(f"/v1/maps/{CANARY}").status_code == 404
    assert client.get("/v1/maps", headers={"Authorization": f"Bearer {key}x"}).status_code == 401
    assert client.get("/v1/maps", headers={"Host": f"{CANARY}.example", "User-Agent": CANARY}).status_code == 200
    assert client.get("/v1/maps", headers={"X-Request-Id": key, "X-Forwarded-For": CANARY}).status_code == 200
    stated = {**PARENT, "tracestate": f"v={CANARY}", "baggage": f"a={CANARY}"}
    assert client.get("/v1/maps", headers=stated).status_code == 200


def test_no_byte_that_is_sent_holds_a_text_or_a_secret(tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'store.db'}"
    with SpanCollector() as collector:
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "ARGUMAP_TRACES": "1"}
        with Served(tmp_path, {"ARGUMAP_STORE": store, "ARGUMAP_QUEUE": "64", **told}) as served:
            key = _key(store)
            with httpx2.Client(base_url=served.url, headers={"Authorization": f"Bearer {key}"}, timeout=60) as client:
                _ask(client, key)
            assert served.end() == 0
        sent = b"".join(collector.bodies)
        assert len(collector.server_spans()) == 10, "the last ones are sent when the service ends"
        names = {one.name for one in collector.spans}
    assert {"POST /v1/maps/{map}/statements", "GET /v1/search", "search", "keys.find", "commit"} <= names
    assert CANARY.encode() not in sent.lower()
    assert key[16:].encode() not in sent
    assert b"Ida Holm" not in sent


def test_records_tell_which_trace_they_belong_to(tmp_path: Path) -> None:
    settings = {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}", "ARGUMAP_LOG_FORMAT": "json"}
    with SpanCollector() as collector:
        told = {"OTEL_EXPORTER_OTLP_ENDPOINT": collector.url, "ARGUMAP_TRACES": "1", "ARGUMAP_ACCESS_LOG": "1"}
        with Served(tmp_path, {**settings, **told}) as served:
            httpx2.get(f"{served.url}/v1/maps", headers=PARENT)
            httpx2.post(f"{served.url}/v1/maps", headers=PARENT, json={"id": "m", "title": "M"})
            httpx2.get(f"{served.url}/v1/maps")
            asyncio.run(until(lambda: served.log().count('"argumap.access"') == 3))
            records = [json.loads(line) for line in served.log().splitlines()]
            served.end()
        traces = [one.trace for one in collector.server_spans()]
    assert [one["trace_id"] for one in records if one["logger"] == "argumap.access"] == traces
    assert traces[:2] == [TRACE, TRACE]
    assert [one["trace_id"] for one in records if one["logger"] == "argumap.audit"] == [TRACE]
