"""The tests' own Neo4j answers in each version, and can be killed, frozen and started again."""

from __future__ import annotations

from pathlib import Path

import pytest
from neo4j import GraphDatabase

from scripts.neo4j_server import Neo4jServer, Neo4jServerError
from tests.support.neo4j import Neo4jAddress, SharedServers, given_address


def _ask(server: Neo4jServer | Neo4jAddress, query: str) -> list[object]:
    with GraphDatabase.driver(server.uri, auth=(server.user, server.password)) as driver:
        return [record[0] for record in driver.execute_query(query).records]


def test_a_server_of_each_version_answers(neo4j_address: Neo4jAddress, neo4j_uri: str) -> None:
    assert neo4j_uri == neo4j_address.uri
    assert _ask(neo4j_address, "RETURN 1") == [1]


@pytest.mark.neo4j
@pytest.mark.faults
def test_what_was_committed_survives_a_kill(own_neo4j: Neo4jServer) -> None:
    _ask(own_neo4j, "CREATE (:Committed)")
    own_neo4j.kill()
    assert not own_neo4j.running
    own_neo4j.start()
    assert _ask(own_neo4j, "MATCH (n:Committed) RETURN count(n)") == [1]
    own_neo4j.freeze()
    assert own_neo4j.running
    own_neo4j.thaw()
    assert _ask(own_neo4j, "RETURN 1") == [1]
    with pytest.raises(Neo4jServerError, match=r"runs in .* already"):
        Neo4jServer(own_neo4j.folder).start()
    with pytest.raises(Neo4jServerError, match="is taken"):
        Neo4jServer(own_neo4j.folder.parent / "other", port=own_neo4j.port).start()
    own_neo4j.stop()
    assert not own_neo4j.running


def test_a_folder_without_a_server_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Neo4jServerError, match="no server was ever started"):
        Neo4jServer.attached(tmp_path)


def test_a_failed_start_is_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    attempts = []

    def fail(server: Neo4jServer) -> None:
        attempts.append(server.version)
        raise Neo4jServerError("no Java is here")

    monkeypatch.setattr(Neo4jServer, "start", fail)
    for _ in range(2):
        with pytest.raises(Neo4jServerError, match="no Java is here"):
            SharedServers(tmp_path).address("5.26.30")
    assert attempts == ["5.26.30"]


def test_an_address_from_outside_is_taken_with_its_user_and_password() -> None:
    assert given_address({}) is None
    given = given_address({"ARGUMAP_TEST_NEO4J_URI": "bolt://db:7687", "ARGUMAP_TEST_NEO4J_PASSWORD": "p"})
    assert given == Neo4jAddress("bolt://db:7687", "neo4j", "p")
