"""What the operator is told: records that hold who, what and outcome, and never a text or a secret; and figures."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2
import pytest
from opentelemetry import trace
from opentelemetry.trace import NoOpTracer, Tracer, TracerProvider
from starlette.testclient import TestClient

from service.app import create_app
from service.logs import REQUEST, set_up
from service.settings import Settings
from tests.api.conftest import client_of
from tests.api.serving import Served
from tests.support.files import ROOT
from tests.support.waiting import until

CANARY = "zanzibarcanary"
_PATIENCE = 60.0
SEED = "/v1/maps/food-finance-firepower"


def _key(store: str, *options: str) -> str:
    command = [
        sys.executable,
        "-c",
        "from service.cli import main; main()",
        "keys",
        "create",
        "--store",
        store,
        "--json",
    ]
    made = subprocess.run([*command, *options], cwd=ROOT, check=True, capture_output=True)
    return str(json.loads(made.stdout)["key"])


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[dict[str, Any]], str, str]:
    """The records of a service that was used and attacked, the whole log, and the key."""
    folder = tmp_path_factory.mktemp("told")
    store = f"sqlite:{folder / 'store.db'}"
    settings = {"ARGUMAP_STORE": store, "ARGUMAP_LOG_FORMAT": "json", "ARGUMAP_ACCESS_LOG": "1"}
    with Served(folder, settings) as served:
        key = _key(store, "--name", "Ida Holm", "--scope", "admin")
        with httpx2.Client(
            base_url=served.url, headers={"Authorization": f"Bearer {key}"}, timeout=_PATIENCE
        ) as client:
            _used(client, key)
        asyncio.run(until(lambda: '"operation": "create_key"' in served.log().rpartition("argumap.access")[2]))
        log = served.log()
    return [json.loads(line) for line in log.splitlines()], log, key


def _used(client: httpx2.Client, key: str) -> None:
    made = client.post(f"{SEED}/statements", json={"text": f"What {CANARY} said."}, headers={"X-Request-Id": "mine-1"})
    assert made.status_code == 201
    client.post(f"{SEED}/statements", json={CANARY: 1})
    client.get(f"/v1/search?q={CANARY}")
    client.get(f"/{key}?{key}={key}", headers={"Cookie": f"a={key}"})
    client.get("/v1/maps", headers={"Authorization": f"Bearer {key}x"})
    client.get("/nowhere%0a2026-01-01T00:00:00Z%20info%20argumap.audit:%20forged")
    client.delete(f"{SEED}/statements/none")
    client.post("/v1/keys", json={"name": "reader", "scope": "read"})


def test_each_line_is_a_record_of_a_request(told: Any) -> None:
    records, _, _ = told
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", one["time"]) for one in records)
    answered = [one for one in records if one["logger"] == "argumap.access"]
    assert len(answered) == 8
    assert all(one["request"] and one["method"] and one["status"] for one in answered)
    assert answered[0]["cpu_milliseconds"] > 0
    assert answered[0] | {"milliseconds": 0, "cpu_milliseconds": 0, "time": ""} == {
        "time": "", "level": "info", "logger": "argumap.access", "message": "answered", "method": "POST",
        "path": f"{SEED}/statements", "operation": "create_statement", "status": 201, "principal": "Ida Holm",
        "key": answered[0]["key"], "client": "127.0.0.1", "milliseconds": 0, "cpu_milliseconds": 0,
        "request": "mine-1",
    }  # fmt: skip


def test_what_may_change_something_is_on_record_with_its_outcome(told: Any) -> None:
    records, _, _ = told
    audited = [one for one in records if one["logger"] == "argumap.audit" and one["message"] == "answered"]
    assert [(one["operation"], one["status"], one["principal"]) for one in audited] == [
        ("create_statement", 201, "Ida Holm"),
        ("create_statement", 422, "Ida Holm"),
        ("delete_statement", 404, "Ida Holm"),
        ("create_key", 201, "Ida Holm"),
    ]
    [made] = [one for one in records if one["message"] == "key made"]
    assert (made["name"], made["scope"], made["by"]) == ("reader", "read", "Ida Holm")
    assert [one["why"].split(";")[0] for one in records if one["message"] == "refused a key"] == [
        "what Authorization holds is no key of this service"
    ]


def test_no_record_holds_a_text_or_a_secret(told: Any) -> None:
    records, log, key = told
    assert CANARY not in log
    assert key not in log
    assert key[16:] not in log
    assert not [one for one in records if "forged" in one["message"]]


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    """What is recorded as text."""
    out = io.StringIO()
    kept = {name: logging.getLogger(name).handlers[:] for name in ("argumap", "uvicorn", "opentelemetry")}
    levels = {name: logging.getLogger(name).level for name in (*kept, "argumap.access")}
    set_up("text", access=False, out=out)
    yield out
    for name, handlers in kept.items():
        logging.getLogger(name).handlers[:] = handlers
        logging.getLogger(name).propagate = True
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)


def test_a_text_of_a_client_makes_no_line_of_its_own(lines: io.StringIO) -> None:
    token = REQUEST.set("r-1")
    fields = {"path": "/x\n2026 info: forged", "size": 3, "none": None}
    logging.getLogger("argumap").warning("odd", extra={"fields": fields})
    logging.getLogger("argumap").warning("a\nb")
    REQUEST.reset(token)
    first, second = lines.getvalue().splitlines()
    assert first.endswith('warning argumap: odd path="/x\\n2026 info: forged" size=3 request="r-1"')
    assert second.endswith('warning argumap: a\\nb request="r-1"')


FIGURE = re.compile(r'[a-z_]+(\{[a-z]+="[^"]*"(,[a-z]+="[^"]*")*\})? [0-9.e+-]+|# (HELP|TYPE) .+')


def test_figures_are_told_as_prometheus_reads_them(client: TestClient) -> None:
    for path in ("/v1/maps/m", "/v1/maps/m", "/v1/maps/none", "/nowhere"):
        client.get(path)
    answer = client.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    lines = answer.text.splitlines()
    assert [line for line in lines if not FIGURE.fullmatch(line)] == []
    assert 'argumap_requests_total{operation="read_map",status="404"} 1' in lines
    assert 'argumap_requests_total{operation="none",status="404"} 1' in lines
    count = next(line for line in lines if line.startswith("argumap_request_seconds_count"))
    buckets = [int(line.split()[1]) for line in lines if line.startswith("argumap_request_seconds_bucket")]
    assert buckets == sorted(buckets)
    assert buckets[-1] == int(count.split()[1]) >= 4


class _Told(TracerProvider):
    """A provider as the one that an operator sets up for all of the process."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def get_tracer(self, instrumenting_module_name: str, *args: Any, **more: Any) -> Tracer:
        self.asked.append(instrumenting_module_name)
        return NoOpTracer()


def test_no_span_of_the_framework_tells_what_was_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    told = _Told()
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: told)
    with client_of() as client:
        assert client.get(f"/v1/search?q={CANARY}").status_code == 200
        assert client.get(f"/v1/search?nonsense={CANARY}").status_code == 422
    assert told.asked == []


def test_figures_are_not_for_a_key_of_some_maps(tmp_path: Path) -> None:
    given = Settings(store=f"sqlite:{tmp_path / 'store.db'}", seed=False)
    with (
        TestClient(create_app(given, trusting=True), base_url="http://127.0.0.1") as owner,
        TestClient(create_app(given), base_url="http://127.0.0.1") as client,
    ):
        owner.post("/v1/maps", json={"id": "m", "title": "M"})
        keys = [{"name": "all", "scope": "read"}, {"name": "some", "scope": "admin", "maps": ["m"]}]
        shown = [{"Authorization": f"Bearer {owner.post('/v1/keys', json=one).json()['key']}"} for one in keys]
        assert [client.get("/metrics", headers=one).status_code for one in (*shown, {})] == [200, 403, 401]
