"""The outside client's check of the contract holds against a running service, on every store."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.api.conftest import settings_of
from tests.api.serving import Served
from tests.support.ci import not_here
from tests.support.files import ROOT
from tests.support.neo4j import Neo4jAddress
from tests.support.stores import STORES, place_of

CHECK = Path(os.environ.get("ARGUMAP_SHARED") or ROOT.parent / "shared") / "conformance" / "check.py"


_MISTAKEN = 'target="t-main", method=m)'
"""A call in the check that gives the HTTP method twice, so that Python refuses it whatever the service answers."""


def check_in(folder: Path) -> Path:
    """The check, with the parameter spelled as the check itself spells those that collide with a name of its own."""
    text = CHECK.read_text(encoding="utf-8").replace(_MISTAKEN, _MISTAKEN.replace("method=", "method_="))
    copy = folder / "check.py"
    copy.write_text(text, encoding="utf-8")
    return copy


@pytest.mark.parametrize("part", ["loop", "interrogation", "weighed"])
@pytest.mark.parametrize("name", STORES)
def test_nothing_is_found_wanting(
    name: str, part: str, tmp_path: Path, neo4j_of_version: Callable[[str], Neo4jAddress]
) -> None:
    if not CHECK.exists():
        not_here("no shared conformance check beside the repository, and ARGUMAP_SHARED names no folder that has it")
    store = settings_of(place_of(name, tmp_path, neo4j_of_version))
    environment = {f"ARGUMAP_{setting.upper()}": str(value) for setting, value in store.items() if value is not None}
    with Served(tmp_path, environment) as served:
        command = [sys.executable, check_in(tmp_path), served.url, "--part", part]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        assert " hold, 0 do not" in done.stdout
        assert served.complaints() == []
