"""What stands behind the pages: a store and a service with the example map, and no settings but those."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from service.cli import run
from tests.api.conftest import client_of


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store as `make run` leaves it behind; its URL."""
    url = f"sqlite:{tmp_path_factory.mktemp('store') / 'maps.sqlite'}"
    assert run(["seed", "--store", url]) == 0
    return url


@pytest.fixture(scope="module")
def service() -> Iterator[TestClient]:
    with client_of(seed=True) as opened:
        yield opened


@pytest.fixture
def no_other_settings(monkeypatch: pytest.MonkeyPatch, store: str) -> None:
    for name in [name for name in os.environ if name.startswith("ARGUMAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ARGUMAP_STORE", store)
