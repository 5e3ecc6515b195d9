"""Somebody who changes by hand what a store keeps, with the database's own tools and not by way of the service."""

from __future__ import annotations

from collections.abc import Callable

import apsw
from neo4j import GraphDatabase

from tests.support.stores import Place

Deed = tuple[str, str, bool]
"""The SQL, the Cypher, and whether the map may be read all the same: what the service reads back is not touched."""
_NODE = "map = (SELECT key FROM maps WHERE id = :map) AND id = :id"
_N = "MATCH (n:Node {map: $map, id: $id}) "
_LOG = "map = (SELECT key FROM maps WHERE id = :map) AND revision = 2"

DEEDS: dict[str, Deed] = {
    "a node is deleted": (f"DELETE FROM nodes WHERE {_NODE}", _N + "DETACH DELETE n", False),
    "a document is taken away": (f"UPDATE nodes SET document = x'' WHERE {_NODE}", _N + "REMOVE n.doc", False),
    "a document is something else": (
        f"UPDATE nodes SET document = CAST('{{}}' AS BLOB) WHERE {_NODE}", _N + "SET n.doc = 7", False,
    ),
    "a document is edited": (
        f"UPDATE nodes SET document = CAST(replace(CAST(document AS TEXT), 'shells', 'bread') AS BLOB) WHERE {_NODE}",
        _N + "SET n.doc = replace(n.doc, 'shells', 'bread')",
        False,
    ),
    "a node has the document of another": (
        f"UPDATE nodes SET document = (SELECT o.document FROM nodes o WHERE o.map = nodes.map AND o.id = 'q') "
        f"WHERE {_NODE}",
        _N + "MATCH (o:Node {map: $map, id: 'q'}) SET n.doc = o.doc",
        False,
    ),
    "a node of nobody's making": (
        "INSERT INTO nodes SELECT map, 'by-hand', kind, 999, width, links, x'' FROM nodes WHERE " + _NODE,
        "CREATE (:Node:Statement {map: $map, id: 'by-hand', text: $id})",
        False,
    ),
    "a kind is none": (
        f"UPDATE nodes SET links = x'07000000' WHERE {_NODE}", _N + "SET n.kind = 'rumour'", False,
    ),
    "a title is changed beside the history": (
        "UPDATE maps SET header = CAST(replace(CAST(header AS TEXT), 'A map', 'Mine') AS BLOB) WHERE id = :map "
        "AND :id = :id",
        "MATCH (m:Map {id: $map}) SET m.title = 'Mine' + left($id, 0)",
        True,
    ),
    "the width of its texts is changed": (
        f"UPDATE nodes SET width = 1 WHERE {_NODE}", _N + "SET n.width = 1", True,
    ),
    "the index forgets it": (
        "DELETE FROM words WHERE rowid = (SELECT map << 32 | number FROM nodes WHERE " + _NODE + ")",
        _N + "SET n.words = ''",
        True,
    ),
    "the log tells another time": (
        f"UPDATE log SET at = '1999' WHERE {_LOG} AND :id = :id",
        "MATCH (c:Change {map: $map, revision: 2}) SET c.at = '1999' + left($id, 0)",
        True,
    ),
    "what touched it is forgotten": (
        f"DELETE FROM touches WHERE {_NODE}", _N + "SET n.version = 99", True,
    ),
}  # fmt: skip

CYPHER_DEEDS: dict[str, str] = {
    "a property": _N + "SET n.text = 'It sells bread'",
    "a property taken away": _N + "REMOVE n.text",
    "a property of another kind": _N + "SET n.warrant = 'why not'",
    "a label": _N + "REMOVE n:Statement SET n:Actor",
    "a relationship taken away": _N + "MATCH (n)-[r]-() DELETE r",
    "a relationship made": _N + "MATCH (o:Node {map: $map, id: 'q'}) CREATE (n)-[:CONCERNS {role: 'need'}]->(o)",
    "a relationship of another role": _N + "MATCH (n)-[r:CONCERNS]->() SET r.role = 'doubt'",
    "two at once": _N + "MATCH (o:Node {map: $map, id: 'q'}) SET n.text = 'x', o.text = 'y'",
}
"""What only a graph can have done to it; `doc` stays, so that the map may be read."""


def vandal(place: Place) -> Callable[[Deed, str, str], None]:
    """Does a deed to a node of a map."""

    def in_file(deed: Deed, map_id: str, node_id: str) -> None:
        connection = apsw.Connection(place.url.removeprefix("sqlite:"))
        connection.execute(deed[0], {"map": map_id, "id": node_id})
        assert connection.changes() > 0
        connection.close()

    def in_graph(deed: Deed, map_id: str, node_id: str) -> None:
        assert place.user is not None
        assert place.password is not None
        with GraphDatabase.driver(place.url, auth=(place.user, place.password)) as driver:
            summary = driver.execute_query(deed[1], map=map_id, id=node_id).summary
            assert summary.counters.contains_updates

    return in_file if place.url.startswith("sqlite:") else in_graph
