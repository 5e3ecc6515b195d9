"""The service under test: in this process over an empty or a seeded map, or as a process of its own."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from service.app import create_app
from service.settings import Settings
from tests.api.held import KNOWN
from tests.api.serving import Served
from tests.support.stores import PATIENCE, Place
from tests.support.watchdog import watching_over

SEED = "/v1/maps/food-finance-firepower"
SMALL = [
    {"op": "create", "kind": "actors", "id": "ann", "value": {"name": "Ann", "actor_kind": "person"}},
    {"op": "create", "kind": "actors", "id": "press", "value": {"name": "The Press", "actor_kind": "outlet"}},
    {
        "op": "create", "kind": "sources", "id": "paper",
        "value": {"title": "Paper", "source_kind": "article", "publisher": "press"},
    },
    {
        "op": "create", "kind": "motives", "id": "food",
        "value": {"name": "food", "category": "food", "text": "Ann wants bread.", "actor": "ann"},
    },
    {"op": "create", "kind": "statements", "id": "s1", "value": {"text": "The shop is shut."}},
    {"op": "create", "kind": "statements", "id": "s2", "value": {"text": "Ann is hungry."}},
    {
        "op": "create", "kind": "assertions", "id": "x1",
        "value": {"of": "s2", "source": "paper", "chain": ["press", "ann"]},
    },
    {
        "op": "create", "kind": "arguments", "id": "a1",
        "value": {"premises": ["s1", "s2"], "target": "food", "stance": "supporting", "confidence": "high"},
    },
    {
        "op": "create", "kind": "arguments", "id": "a2",
        "value": {"premises": ["s1"], "target": "a1", "stance": "opposing"},
    },
]  # fmt: skip


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, object, object]:
    """A test in this folder fails where the event loop is held while it runs."""
    with watching_over(item) as dog:
        done = yield
    dog.check(but=KNOWN)
    return done


def client_of(**settings: Any) -> TestClient:
    """A client of a service in this process; used as a context it opens the store and closes it."""
    given = {"store": "sqlite::memory:", "seed": False, **settings}
    return TestClient(create_app(Settings(**given)), base_url="http://127.0.0.1", raise_server_exceptions=False)


def filled(client: TestClient, map_id: str = "m") -> TestClient:
    """The same client, with a small map."""
    made = client.post("/v1/maps", json={"id": map_id, "title": "small", "question": "Why?"})
    assert made.status_code == 201, made.text
    done = client.post(f"/v1/maps/{map_id}/batch", json={"operations": SMALL})
    assert done.status_code == 200, done.text
    return client


def settings_of(place: Place) -> dict[str, Any]:
    """A store as settings."""
    given: dict[str, Any] = {"store": place.url, "neo4j_user": place.user or "neo4j", "neo4j_password": place.password}
    given["store_timeout"] = PATIENCE
    return given


@pytest.fixture
def client() -> Iterator[TestClient]:
    """A service with one small map `m`."""
    with client_of() as opened:
        yield filled(opened)


@pytest.fixture(scope="module")
def seeded() -> Iterator[TestClient]:
    """A service with the seed, for tests that only read."""
    with client_of(seed=True) as opened:
        yield opened


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    """A service as a process of its own, with the seed."""
    with Served(tmp_path, {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}"}) as started:
        yield started
