"""`argumap export`: a file that can be read back, whole or of a view."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from seed.articles import load_document
from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_export_holds_all_that_the_seed_holds(cli: Cli) -> None:
    done = cli("export")
    assert (done.code, done.err) == (0, "")
    document, seed = json.loads(done.out), load_document()
    assert (document["format"], document["version"], document["map"]["id"]) == ("argumap", 1, seed["id"])
    for plural, nodes in document["nodes"].items():
        assert {node["id"] for node in nodes} == {node["id"] for node in seed[plural]}, plural


def test_a_view_is_exported_as_a_view(cli: Cli) -> None:
    document = json.loads(cli("export", "--source", "s-eu").out)
    assert {node["source"] for node in document["nodes"]["assertions"]} == {"s-eu"}


def test_it_writes_a_file(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    assert cli("export", "-o", str(file)).out == ""
    assert file.read_text(encoding="utf-8") == cli("export").out


def test_what_cannot_be_written_or_is_unknown_is_wrong_use(cli: Cli, tmp_path: Path) -> None:
    assert cli("export", "-o", str(tmp_path)).code == 2
    unknown = cli("export", "--format", "papyrus")
    assert unknown.code == 2
    assert "format" in unknown.err
