"""Search in an SQLite file: a question in the words of its full-text index."""

from collections.abc import Collection

import apsw

from graph.maps.port import SearchHit
from graph.search.folding import folded, searchable
from graph.stores import sqlite_statements as sql
from schemas.node import read_node
from schemas.vocabulary import KINDS, Kind


def scope(key: int, kind: int) -> str:
    """The words by which the index tells maps and kinds apart; no text has a word with such a sign."""
    return f"{_map(key)} {_kind(kind)}"


def found(
    connection: apsw.Connection, words: str, maps: Collection[str], kinds: Collection[Kind], limit: int
) -> list[SearchHit]:
    """Current nodes whose text has every word or words that begin with it, best first."""
    asked = dict.fromkeys(folded(words).split())
    keys = [key for map_id in set(maps) for (key,) in sql.rows(connection, sql.MAP_KEY, (map_id,))]
    if not asked or (maps and not keys) or limit < 1:
        return []
    parts = [f'"{word}" *' for word in asked]
    scopes = [_map(key) for key in keys], [_kind(KINDS.index(kind)) for kind in set(kinds)]
    parts += [f"({' OR '.join(some)})" for some in scopes if some]
    return [
        SearchHit(map_id, node_id, *_read(connection, key, node_id))
        for map_id, node_id, key in sql.rows(connection, sql.SEARCH, (" AND ".join(parts), limit))
    ]


def _read(connection: apsw.Connection, key: int, node_id: str) -> tuple[Kind, str]:
    [(kind, document)] = sql.rows(connection, sql.NODE, (key, node_id))
    return KINDS[kind], searchable(read_node(KINDS[kind], document))


def _map(key: int) -> str:
    return f"_m{key}"


def _kind(code: int) -> str:
    return f"_k{code}"
