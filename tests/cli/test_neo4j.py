"""The commands over Neo4j give the bytes that they give over a file."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli
from tests.support.neo4j import Neo4jAddress

ASKED = (
    ("paths", "p-50", "t-main", "--source", "s-kh", "--json"),
    ("summary", "--json"),
    ("graph", "--focus", "food", "--json"),
    ("export",),
)


def test_every_answer_is_the_same(
    cli: Cli, neo4j_address: Neo4jAddress, seeded_file: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGUMAP_NEO4J_USER", neo4j_address.user)
    monkeypatch.setenv("ARGUMAP_NEO4J_PASSWORD", neo4j_address.password)
    there = ("--store", neo4j_address.uri)
    cli("maps", "delete", "food-finance-firepower", "--yes", *there)
    loaded = cli("seed", *there)
    assert loaded.code == 0, loaded.err
    try:
        for asked in ASKED:
            assert cli(*asked, *there) == cli(*asked, "--store", seeded_file), asked
    finally:
        assert cli("maps", "delete", "food-finance-firepower", "--yes", *there).code == 0


def test_a_wrong_password_is_told_plainly(
    cli: Cli, neo4j_address: Neo4jAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGUMAP_NEO4J_USER", neo4j_address.user)
    monkeypatch.setenv("ARGUMAP_NEO4J_PASSWORD", "open-sesame")
    done = cli("maps", "--store", neo4j_address.uri)
    assert done.code == 3
    assert "Traceback" not in done.err
    assert "open-sesame" not in done.err
