"""Empties a Neo4j that many tests share, whatever the test before has left in it."""

from __future__ import annotations

from neo4j import Driver

from graph.stores.neo4j_migrations import NEWEST

_WHO = "SHOW TRANSACTIONS YIELD transactionId, currentQuery WHERE NOT currentQuery STARTS WITH 'SHOW TRANSACTIONS' "
_CONSTRAINTS = (
    "SHOW CONSTRAINTS YIELD name WHERE NOT name STARTS WITH 'argumap_' RETURN 'DROP CONSTRAINT `' + name + '`'"
)
_INDEXES = (
    "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP' AND NOT name STARTS WITH 'argumap_' "
    "RETURN 'DROP INDEX `' + name + '`'"
)
_LINKS = "MATCH ()-[r]->() CALL (r) { DELETE r } IN TRANSACTIONS OF 5000 ROWS"
"""By themselves: a thousand nodes may have more of them than one transaction has memory for."""
_NODES = "MATCH (n) WHERE NOT (n:Argumap AND n.schema = $newest) CALL (n) { DELETE n } IN TRANSACTIONS OF 5000 ROWS"


def empty(driver: Driver) -> None:
    """End every transaction and take away all data, and whatever of the schema is not argumap's own.

    The mark of the newest schema stays, so that not every test has to make its indexes again; any other mark goes.
    """
    with driver.session(database="neo4j") as session:
        if left := session.run(_WHO + "RETURN collect(transactionId) AS ids").single(strict=True)["ids"]:
            session.run("TERMINATE TRANSACTIONS $ids", ids=left).consume()
        session.run(_LINKS).consume()
        session.run(_NODES, newest=NEWEST).consume()
        for statement in (_CONSTRAINTS, _INDEXES):
            for [order] in session.run(statement).values():
                session.run(order).consume()
