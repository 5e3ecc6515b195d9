"""What comes out of Neo4j: a whole map in columns, chunk by chunk, at one revision; and changes."""

from collections.abc import Sequence
from itertools import pairwise

from graph.errors import StoreUnavailable
from graph.maps.port import MapRows
from graph.snapshot.relations import KIND_CODE
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_writing import header_of
from schemas.change import Change, decode_change
from schemas.map import MapHeader

_Held = tuple[list[str], bytearray, list[bytes]]
"""Ids, codes of kinds and documents."""
_CHUNK = 8_192
_ATTEMPTS = 3
_READ_ON_THE_LOOP = 1 << 18
"""Characters of changes up to which reading them costs less than a thread."""


async def load_rows(calls: Calls, map_id: str) -> MapRows | None:
    """All nodes of a map at one revision; None where there is no such map.

    Neo4j's transactions see what others commit meanwhile, even a commit that is half applied. So the map's
    lock is awaited before and after, and what was committed in between is taken from the log.
    """
    for _ in range(_ATTEMPTS):
        before = await _header(calls, map_id)
        if before is None:
            return None
        columns = await calls.read(lambda talk: _columns(talk, map_id))
        after = await _header(calls, map_id)
        if after is None or after.created_at != before.created_at:
            continue
        if after.revision == before.revision:
            return await calls.aside(_rows, after, *columns)
        missed = await changes(calls, map_id, before.revision, after.revision)
        if len(missed) == after.revision - before.revision:
            return await calls.aside(_mended, after, columns, missed)
    raise StoreUnavailable(f"map {map_id!r} is made and deleted faster than it can be read")


async def changes(calls: Calls, map_id: str, after: int, until: int) -> list[Change]:
    """The changes with `after` < revision <= `until`, oldest first."""
    records = await calls.ask(cypher.CHANGES, map=map_id, after=after, until=until)
    documents = [document for (document,) in records]
    if sum(map(len, documents)) <= _READ_ON_THE_LOOP:
        return _decoded(documents)
    return await calls.aside(_decoded, documents)


def _decoded(documents: Sequence[str]) -> list[Change]:
    return list(map(decode_change, documents))


async def _header(calls: Calls, map_id: str) -> MapHeader | None:
    records = await calls.peek(cypher.LOCKED_HEADER, map=map_id)
    return header_of(records[0][0]) if records else None


async def _columns(talk: Talk, map_id: str) -> _Held:
    ids: list[str] = []
    kinds = bytearray()
    documents: list[bytes] = []
    while True:
        after = ids[-1] if ids else ""
        [[some, of_kinds, texts]] = await talk.ask(cypher.NODES, map=map_id, after=after, size=_CHUNK)
        ids += some
        kinds += bytes(map(KIND_CODE.__getitem__, of_kinds))
        documents += map(str.encode, texts)
        if len(some) < _CHUNK:
            return ids, kinds, documents


def _mended(header: MapHeader, columns: _Held, missed: Sequence[Change]) -> MapRows:
    nodes = {i: (kind, document) for i, kind, document in zip(*columns, strict=True)}
    for change in missed:
        for edit in change.edits:
            if edit.kind == "map":
                continue
            if edit.after is None:
                nodes.pop(edit.id, None)
            else:
                nodes[edit.id] = (KIND_CODE[edit.kind], bytes(edit.after))
    ids = list(nodes)
    return _rows(header, ids, bytearray(nodes[i][0] for i in ids), [nodes[i][1] for i in ids])


def _rows(header: MapHeader, ids: list[str], kinds: bytearray, documents: list[bytes]) -> MapRows:
    """_Held in the order of ids by code point, which is the server's too for the letters that ids have."""
    if any(a >= b for a, b in pairwise(ids)):
        order = sorted(range(len(ids)), key=ids.__getitem__)
        ids = [ids[n] for n in order]
        kinds = bytearray(kinds[n] for n in order)
        documents = [documents[n] for n in order]
    return MapRows(header, ids, bytes(kinds), documents)
