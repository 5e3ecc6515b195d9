"""The commands over Neo4j give the bytes that they give over a file."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli
from tests.support.neo4j import Neo4jAddress, driver_of

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


def test_what_is_changed_by_hand_is_taken_in_and_asked_for_in_cypher(
    cli: Cli, neo4j_address: Neo4jAddress, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ARGUMAP_NEO4J_USER", neo4j_address.user)
    monkeypatch.setenv("ARGUMAP_NEO4J_PASSWORD", neo4j_address.password)
    there = ("--map", "food-finance-firepower", "--store", neo4j_address.uri)
    cli("maps", "delete", "food-finance-firepower", "--yes", "--store", neo4j_address.uri)
    assert cli("seed", "--store", neo4j_address.uri).code == 0
    try:
        assert "Nothing was changed by hand." in cli("adopt", *there).out
        with driver_of(neo4j_address) as driver:
            driver.execute_query("MATCH (n:Statement {id: 'p-50'}) SET n.text = 'It sells shells, by hand.'")
        assert "Updated by hand: p-50\nNothing was written." in cli("adopt", "--dry-run", *there).out
        done = cli("adopt", *there)
        assert (done.code, done.out) == (0, "Updated by hand: p-50\nTaken in as revision 2.\n")
        assert "cypher" in cli("log", *there).out
        told = cli(
            "cypher", "MATCH (n:Node {map: $map, id: $id}) RETURN n.text AS text", "--parameter", "id=p-50", *there
        )
        assert (told.code, told.out) == (0, "text\nIt sells shells, by hand.\n")
        refused = cli("cypher", "MATCH (n) DETACH DELETE n", *there)
        assert (refused.code, "more than read" in refused.err) == (2, True), refused.err
        with driver_of(neo4j_address) as driver:
            driver.execute_query("MATCH (n:Motive {id: 'food'}) DETACH DELETE n")
        kept = cli("adopt", *there)
        assert kept.code == 1
        assert "Conflict: food: 'food' is referred to by" in kept.out
    finally:
        cli("maps", "delete", "food-finance-firepower", "--yes", "--store", neo4j_address.uri)
