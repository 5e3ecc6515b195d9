"""A running service and its OpenAPI document, from which clients are made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from tests.api.serving import Served


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All tests of one client run in one worker, so that it is made once."""
    for item in items:
        if "went" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group(f"client-{item.callspec.params['went']}"))  # type: ignore[attr-defined]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a service without any map answers."""
    folder = tmp_path_factory.mktemp("service")
    with Served(folder, {"ARGUMAP_STORE": f"sqlite:{folder / 'maps.sqlite'}", "ARGUMAP_SEED": "0"}) as served:
        yield served.url


@pytest.fixture(scope="module")
def document(address: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The document as the service gives it, in a file."""
    file = tmp_path_factory.mktemp("document") / "openapi.json"
    file.write_bytes(httpx2.get(f"{address}/openapi.json", timeout=60).raise_for_status().content)
    return file
