"""What comes out of Neo4j: a whole map in columns, chunk by chunk, at one revision; and changes."""

from collections.abc import Callable, Collection, Sequence
from itertools import pairwise
from typing import NamedTuple

import msgspec

from graph.errors import MapDamaged, StoreUnavailable
from graph.maps.port import MapRows
from graph.snapshot.relations import KIND_CODE
from graph.stores import cypher
from graph.stores.integrity import check_nodes, checked_log, nodes_named
from graph.stores.neo4j_calls import Calls, Records, Talk
from graph.stores.neo4j_properties import header_of
from schemas.change import Change, decode_change
from schemas.map import MapHeader

_Held = tuple[list[str], bytearray, list[bytes]]
"""Ids, codes of kinds and documents."""
_CHUNK = 8_192
_NO_KIND = 255
"""Stands for what is no kind: damage, or a node that is being deleted while it is read."""
_ATTEMPTS = 3
_READ_ON_THE_LOOP = 1 << 18
"""Characters of changes up to which reading them costs less than a thread."""


async def load_rows(calls: Calls, map_id: str) -> MapRows | None:
    """All nodes of a map at one revision; None where there is no such map.

    Neo4j's transactions see what others commit meanwhile, even a commit that is half applied. So the map's
    lock is awaited before and after, and what was committed in between is taken from the log.
    """
    for attempt in range(_ATTEMPTS):
        before = await head_of(calls, map_id)
        if before is None:
            return None
        columns = await calls.read(lambda talk: _columns(talk, map_id))
        after = await head_of(calls, map_id)
        if after is None or after.header.created_at != before.header.created_at:
            continue
        missed: list[Change] = []
        if after.header.change != before.header.change:
            missed = await changes(calls, map_id, before.header.revision, after.header.revision)
            if len(missed) != after.header.revision - before.header.revision:
                continue
        try:
            return await calls.aside(_mended if missed else _rows, after, *([columns, missed] if missed else columns))
        except MapDamaged:
            if attempt:  # what is there to stay is there the next time too
                raise
    raise StoreUnavailable(f"map {map_id!r} is made and deleted faster than it can be read")


async def changes(calls: Calls, map_id: str, after: int, until: int) -> list[Change]:
    """The changes with `after` < revision <= `until`, oldest first."""
    for may_be_torn in (True, False):
        records = await calls.ask(cypher.CHANGES, map=map_id, after=after, until=until)
        try:
            return await _read(calls, map_id, records, checked_log)
        except MapDamaged:
            if not may_be_torn:
                raise
            if await head_of(calls, map_id) is None:  # deleted while it was read
                break
    return []


async def changes_at(calls: Calls, map_id: str, revisions: Collection[int]) -> list[Change]:
    """The changes of these revisions that the log has, oldest first."""
    records = await calls.ask(cypher.CHANGES_AT, map=map_id, revisions=sorted(set(revisions)))
    return await _read(calls, map_id, records, _unchecked)


_Check = Callable[[str, list[Change]], list[Change]]


def _unchecked(map_id: str, changes: list[Change]) -> list[Change]:
    """Changes that do not follow one another."""
    del map_id
    return changes


async def _read(calls: Calls, map_id: str, records: Records, check: _Check) -> list[Change]:
    if sum(len(document or "") for _, document in records) <= _READ_ON_THE_LOOP:
        return _decoded(map_id, records, check)
    return await calls.aside(_decoded, map_id, records, check)


def entry_of(map_id: str, revision: object, document: object) -> Change:
    """An entry of the log; raises `MapDamaged` where it cannot be read or is another's."""
    try:
        change = decode_change(document)  # type: ignore[arg-type]  # whatever somebody may have put there
    except (msgspec.MsgspecError, TypeError) as error:
        raise MapDamaged(map_id, f"the entry of its history for revision {revision} cannot be read") from error
    if (change.map, change.revision) != (map_id, revision):
        raise MapDamaged(map_id, f"the entry of its history for revision {revision} is that of another")
    return change


def _decoded(map_id: str, records: Sequence[Sequence[object]], check: _Check) -> list[Change]:
    return check(map_id, [entry_of(map_id, revision, document) for revision, document in records])


class MapHead(NamedTuple):
    """What a map's node says of the whole."""

    header: MapHeader
    nodes: int | None
    checksum: int | None


async def head_of(calls: Calls, map_id: str) -> MapHead | None:
    """The head of a map, once no commit to it is under way; None where there is no such map."""
    records = await calls.peek(cypher.LOCKED_HEADER, map=map_id)
    if not records:
        return None
    properties = records[0][0]
    return MapHead(header_of(properties), properties.get("nodes"), properties.get("checksum"))


async def _columns(talk: Talk, map_id: str) -> _Held:
    ids: list[str] = []
    kinds = bytearray()
    documents: list[bytes] = []
    while True:
        after = next(filter(None, reversed(ids)), "")
        [[some, of_kinds, texts]] = await talk.ask(cypher.NODES, map=map_id, after=after, size=_CHUNK)
        ids += some
        kinds += bytes(KIND_CODE.get(kind, _NO_KIND) for kind in of_kinds)
        documents += [text.encode() if isinstance(text, str) else b"" for text in texts]
        if len(some) < _CHUNK:
            return ids, kinds, documents


def _mended(head: MapHead, columns: _Held, missed: Sequence[Change]) -> MapRows:
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
    return _rows(head, ids, bytearray(nodes[i][0] for i in ids), [nodes[i][1] for i in ids])


def _rows(head: MapHead, ids: list[str], kinds: bytearray, documents: list[bytes]) -> MapRows:
    """_Held in the order of ids by code point, which is the server's too for the letters that ids have."""
    if any(a >= b for a, b in pairwise(ids)):
        order = sorted(range(len(ids)), key=ids.__getitem__)
        ids = [ids[n] for n in order]
        kinds = bytearray(kinds[n] for n in order)
        documents = [documents[n] for n in order]
    if no_kind := [i for i, kind in zip(ids, kinds, strict=True) if kind == _NO_KIND]:
        raise MapDamaged(head.header.id, f"{nodes_named(no_kind)} of no kind that there is")
    check_nodes(head.header.id, ids, documents, head.nodes, head.checksum)
    return MapRows(head.header, ids, bytes(kinds), documents)
