"""Search in an SQLite file: a question in the terms of its full-text index."""

from collections.abc import Collection

import apsw

from graph.search.question import AT_MOST, Asked, Candidate, Candidates, Gathering, Place, SearchWords
from graph.stores import sqlite_statements as sql
from schemas.vocabulary import KINDS, Kind


def scope(key: int, kind: int) -> str:
    """The words by which the index tells maps and kinds apart; no text has a word with such a sign."""
    return f"{_map(key)} {_kind(kind)}"


def search_words(connection: apsw.Connection, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
    """Current nodes that may be what is asked for."""
    keys = [key for map_id in set(maps) for (key,) in sql.rows(connection, sql.MAP_KEY, (map_id,))]
    if maps and not keys:
        return Candidates([], whole=True)
    scopes = [_map(key) for key in keys], [_kind(KINDS.index(kind)) for kind in set(kinds)]
    narrowed = "".join(f" AND ({' OR '.join(some)})" for some in scopes if some)
    gathering = Gathering(SearchWords.of(words))
    keys_of: dict[str, int] = {}
    for asked in gathering.asks():
        rows = sql.rows(connection, sql.SEARCH, (f"({_said(asked)}){narrowed}", AT_MOST + 1))
        keys_of.update((map_id, key) for map_id, _, _, key in rows)
        gathering.take([Place(map_id, node_id, width) for map_id, node_id, width, _ in rows])
    nodes = []
    for place in gathering.places:
        [(kind, document)] = sql.rows(connection, sql.NODE, (keys_of[place.map], place.id))
        nodes.append(Candidate(place.map, place.id, KINDS[kind], document))
    return Candidates(nodes, gathering.whole)


def _said(asked: Asked) -> str:
    every = (" AND ".join(f'"{term.text}"{" *" if term.begins else ""}' for term in terms) for terms in asked)
    return " OR ".join(f"({terms})" for terms in every)


def _map(key: int) -> str:
    return f"_m{key}"


def _kind(code: int) -> str:
    return f"_k{code}"
