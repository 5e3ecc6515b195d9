"""How a whole map comes out of an SQLite file."""

import apsw

from graph.maps.port import MapRows
from graph.snapshot.columns import collector_paused
from graph.stores import sqlite_statements as sql
from graph.stores.sqlite_steps import unpacked
from schemas.map import MapHeader


def rows_of(connection: apsw.Connection, map_id: str) -> MapRows | None:
    """All nodes of a map in columns; None where there is no such map."""
    found = sql.rows(connection, sql.HEADER, (map_id,))
    if not found:
        return None
    [(key, header, count)] = found
    ids, held, documents = [], [], []
    with collector_paused():
        # The cursor is read to its end without a list of rows between, which would hold everything twice.
        for node_id, links, document in connection.execute(sql.NODES, (key,)):
            ids.append(node_id)
            held.append(links)
            documents.append(document)
        if len(ids) != count:
            raise apsw.CorruptError(f"{len(ids)} of {count} nodes are there")
        kinds, steps = unpacked(held)
        return MapRows(MapHeader.read(header), ids, kinds, documents, steps)
