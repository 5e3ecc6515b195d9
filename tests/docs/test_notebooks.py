"""The page about notebooks is true: its code runs against the service."""

from __future__ import annotations

import io
import re
import urllib.request
from typing import Any

import networkx as nx
import pytest
from starlette.testclient import TestClient

from tests.support.files import ROOT

BLOCKS = re.findall(r"^```python\n(.*?)^```$", (ROOT / "docs/notebooks.md").read_text(encoding="utf-8"), re.M | re.S)


def test_the_code_of_the_page_runs(service: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", lambda url: io.BytesIO(service.get(url).raise_for_status().content))
    made: dict[str, Any] = {}
    for block in BLOCKS:
        exec(block, made)
    assert isinstance(made["G"], nx.MultiDiGraph)
    asked = service.get("/v1/maps/food-finance-firepower/nodes/t-main/grounds?kinds=statement&limit=1000").json()[
        "items"
    ]
    assert sorted(made["statements"]) == sorted(made["G"].nodes[one["id"]]["label"] for one in asked)
    assert made["centrality"].keys() == set(made["G"])
    assert set().union(*made["parts"]) == set(made["G"])
