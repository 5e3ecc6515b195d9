"""The floors hold: no import goes upwards, no cycle, and each driver has one door."""

from __future__ import annotations

import subprocess
import sys

import grimp
import pytest

from tests.support.files import PACKAGES, ROOT

DOORS = {"neo4j": "graph.stores.neo4j", "apsw": "graph.stores.sqlite"}


def test_every_import_contract_is_kept() -> None:
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    done = subprocess.run(
        [sys.executable, "-c", command, "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "5 kept, 0 broken" in done.stdout


@pytest.fixture(scope="module")
def imports() -> grimp.ImportGraph:
    return grimp.build_graph(*PACKAGES, include_external_packages=True, cache_dir=None)


@pytest.mark.parametrize("driver", DOORS)
def test_a_driver_is_imported_by_its_own_store_only(imports: grimp.ImportGraph, driver: str) -> None:
    importers = imports.find_modules_that_directly_import(driver) if driver in imports.modules else set()
    assert importers, f"nothing imports {driver}: this test would pass on anything"
    assert [name for name in sorted(importers) if not name.startswith(DOORS[driver])] == []
