"""Whatever is written, its undo leaves every read with the bytes of before, but for revision and times of the map."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.api.conftest import client_of, filled, settings_of
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, place_of

M = "/v1/maps/m"
READS = (
    *("", "/actors", "/motives", "/statements", "/arguments", "/sources", "/assertions", "/export"),
    *("/graph?include=verdicts,strengths,positions", "/paths", "/evaluation", "/evaluation?semantics=preferred"),
    *("/evaluation?semantics=quadratic-energy", "/summary", "/motives/food/summary", "/structure?measure=pagerank"),
    *("/nodes/s1", "/nodes/food/why", "/nodes/food/grounds", "/nodes/s1/consequences", "/connections?from=ann&to=s1"),
    *("/influence?target=food", "/cruxes?target=food", "/nodes/s2/neighbourhood", "/statements?without=x1"),
)
Request = tuple[str, str, Any]
_NEW = {"text": "Bread is dear.", "stance": "opposing", "target": "food", "actor": "ann", "source": "paper"}
WRITES: Mapping[str, Request] = {
    "an actor is made": ("POST", "/actors", {"name": "Bob", "actor_kind": "person"}),
    "a statement is made": ("POST", "/statements", {"text": "New."}),
    "an argument in short form": ("POST", "/arguments", _NEW),
    "an assertion that attributes": ("POST", "/assertions", {"of": "s1", "source": "paper", "chain": ["press"]}),
    "a text is changed": ("PATCH", "/statements/s1", {"text": "Shut since May.", "tags": ["a", "b"]}),
    "a field is cleared": ("PATCH", "/sources/paper", {"publisher": None}),
    "a grade is changed": ("PATCH", "/arguments/a1", {"confidence": "low", "credence": 0.1}),
    "a target is changed": ("PATCH", "/arguments/a2", {"target": "s2"}),
    "a source is deleted with all": ("DELETE", "/sources/paper?cascade=true", None),
    "an actor is deleted with all": ("DELETE", "/actors/ann?cascade=true", None),
    "an assertion is deleted": ("DELETE", "/assertions/x1", None),
    "the map is renamed": ("PATCH", "", {"title": "Other", "question": "How?", "description": "d"}),
    "the map is weighed anew": ("PATCH", "", {"weights": {"confidence": {"high": 0.7}}}),
    "two are merged": ("POST", "/merges", {"keep": "ann", "drop": "press"}),
    "a batch of all sorts": ("POST", "/batch", {"operations": [
        {"op": "delete", "kind": "argument", "id": "a2"},
        {"op": "create", "kind": "source", "id": "a2", "value": {"title": "Of another kind", "source_kind": "other"}},
        {"op": "update", "kind": "statement", "id": "s2", "value": {"origin": "constructed"}},
        {"op": "upsert", "kind": "statement", "id": "s9", "value": {"text": "Nine."}},
    ]}),
}  # fmt: skip


def _all(client: TestClient, reads: Sequence[str] = READS) -> dict[str, bytes]:
    answers = {read: client.get(f"{M}{read}") for read in reads}
    answers["search"] = client.get("/v1/search?q=bread")
    assert {read: answer.status_code for read, answer in answers.items() if answer.status_code != 200} == {}
    return {read: _without_stamps(read, answer.content) for read, answer in answers.items()}


def _without_stamps(read: str, body: bytes) -> bytes:
    body = re.sub(rb'"revision":\d+', b'"revision":0', body)
    return re.sub(rb'"updated_at":"[^"]*"', b"", body) if not read else body


@pytest.mark.parametrize("name", WRITES)
def test_an_undo_gives_every_read_its_bytes_again(client: TestClient, name: str) -> None:
    method, path, body = WRITES[name]
    before = _all(client)
    done = client.request(method, f"{M}{path}", json=body) if body is not None else client.delete(f"{M}{path}")
    assert done.is_success, done.text
    written = client.get(f"{M}/export").content, client.get(M).json()
    undone = client.post(f"{M}/undo")
    assert undone.status_code == 200, undone.text
    after = _all(client)
    assert [read for read in before if before[read] != after[read]] == []
    assert client.post(f"{M}/redo").status_code == 200
    again = client.get(f"{M}/export").content, client.get(M).json()
    assert again[0] == written[0]
    assert _unstamped(again[1]) == _unstamped(written[1])


@pytest.mark.parametrize("store", [name for name in STORES if name != "sqlite"])
def test_so_it_is_on_every_store(store: str, tmp_path: Path, neo4j_of_version: Callable[[str], Neo4jAddress]) -> None:
    """What a store keeps is another's bytes, so that a few reads of each are enough."""
    with client_of(**settings_of(place_of(store, tmp_path, neo4j_of_version))) as client:
        client.delete(M)
        reads = ("", "/export", "/evaluation", "/graph?include=positions")
        before = _all(filled(client), reads)
        for name, (method, path, body) in WRITES.items():
            done = client.request(method, f"{M}{path}", json=body) if body is not None else client.delete(f"{M}{path}")
            assert done.is_success, done.text
            assert client.post(f"{M}/undo").status_code == 200
            assert _all(client, reads) == before, name
        client.delete(M)


def _unstamped(document: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in document.items() if name not in ("revision", "updated_at")}
