"""What comes out of Neo4j: a whole map in columns, chunk by chunk, at one revision; changes; and all that it holds of a
map, held against the map's history and made again from it.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, NamedTuple

import msgspec
import neo4j.time

from graph.errors import MapDamaged, RevisionTaken, StoreUnavailable
from graph.maps.expected import Expected, Finding, Part
from graph.maps.port import MapRows
from graph.snapshot.relations import KIND_CODE
from graph.stores import cypher, cypher_auditing, cypher_beside, cypher_history
from graph.stores.integrity import check_nodes, checked_log, checksum, nodes_named
from graph.stores.neo4j_calls import Calls, Records, Talk
from graph.stores.neo4j_errors import OutOfMemory
from graph.stores.neo4j_log import log_row
from graph.stores.neo4j_properties import (
    header_of,
    header_properties,
    link_rows,
    lucene_term,
    node_row,
    own_names,
    quantity_rows,
    sent,
)
from schemas.change import Change, decode_change
from schemas.map import MapHeader
from schemas.node import AnyNode, read_node

_Held = tuple[list[str], bytearray, list[bytes]]
"""Ids, codes of kinds and documents."""
_CHUNK = 8_192
_NO_KIND = 255
"""Stands for what is no kind: damage, or a node that is being deleted while it is read."""
_UNPACKED_TOGETHER = 64
"""Nodes in one record, which is unpacked at once: a node may have a megabyte."""
_ATTEMPTS = 3
_READ_ON_THE_LOOP = 1 << 18
"""Characters of changes up to which reading them costs less than a thread."""
_IN_A_RECORD, _RECORDS = 64, 10_000
"""Changes that are fetched in one record, so that a large one holds the event loop no longer than it must; and about
how many records at most.
"""
_TOGETHER = 1_000
_LONG = 60.0
_OURS = frozenset(cypher.LABEL.values())
_OF_LINKS = frozenset({"position", "role", "basis"})
"""The properties of relationships that are ours."""
TYPES = frozenset(cypher.TYPE.values())
INWARD = {"PREMISE_OF", "HAS_MOTIVE"}
"""Relationships that lead to the node that holds them; all others lead away from it."""
_Link = tuple[str, str, str, str]
"""Source, type, target and the properties as text."""


# --- a map, and changes -------------------------------------------------------------------------------


async def load_rows(calls: Calls, map_id: str) -> MapRows | None:
    """All nodes of a map at one revision; None where there is no such map.

    Neo4j's transactions see what others commit meanwhile, even a commit that is half applied. So the map's
    lock is awaited before and after, and what was committed in between is taken from the log.
    """
    for attempt in range(_ATTEMPTS):
        before = await head_of(calls, map_id)
        if before is None:
            return None
        parts = await calls.read(lambda talk: _columns(talk, map_id))
        after = await head_of(calls, map_id)
        if after is None or after.header.created_at != before.header.created_at:
            continue
        missed: list[Change] = []
        if after.header.change != before.header.change:
            missed = await changes(calls, map_id, before.header.revision, after.header.revision)
            if len(missed) != after.header.revision - before.header.revision:
                continue
        try:
            return await calls.aside(_mended, after, parts, missed)
        except MapDamaged:
            if attempt:  # what is there to stay is there the next time too
                raise
    raise StoreUnavailable(f"map {map_id!r} is made and deleted faster than it can be read")


async def changes(calls: Calls, map_id: str, after: int, until: int) -> list[Change]:
    """The changes with `after` < revision <= `until`, oldest first."""
    for may_be_torn in (True, False):
        records = await _logged(calls, map_id, after, until)
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
    asked = sorted(set(revisions))
    parts = [asked[start : start + _IN_A_RECORD] for start in range(0, len(asked), _IN_A_RECORD)]
    records = await calls.ask(cypher_history.CHANGES_AT, map=map_id, parts=parts)
    return await _read(calls, map_id, _pairs(records), _unchecked)


async def _logged(calls: Calls, map_id: str, after: int, until: int) -> Records:
    """Revisions with their documents, as they are stored."""
    together = max(_IN_A_RECORD, (until - after) // _RECORDS + 1)
    try:
        return _pairs(await calls.ask(cypher_history.CHANGES, map=map_id, parts=_parts(after, until, together)))
    except OutOfMemory:  # a few may be as large as the server bears: each by itself
        return _pairs(await calls.ask(cypher_history.CHANGES, map=map_id, parts=_parts(after, until, 1)))


def _parts(after: int, until: int, together: int) -> list[list[int]]:
    return [[start, min(start + together, until)] for start in range(after, until, together)]


def _pairs(records: Records) -> Records:
    found = [list(pair) for lists in records for pair in zip(*lists, strict=True)]
    return sorted(found, key=lambda pair: pair[0])


_Check = Callable[[str, list[Change]], list[Change]]


def _unchecked(map_id: str, changes: list[Change]) -> list[Change]:
    """Changes that do not follow one another."""
    del map_id
    return changes


async def _read(calls: Calls, map_id: str, records: Records, check: _Check) -> list[Change]:
    if sum(len(document) for _, document in records if isinstance(document, str)) <= _READ_ON_THE_LOOP:
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


async def _columns(talk: Talk, map_id: str) -> Records:
    parts: Records = []
    after = ""
    while True:
        some = await talk.ask(cypher.NODES_BY_AND_BY, map=map_id, after=after, size=_CHUNK, together=_UNPACKED_TOGETHER)
        parts += some
        if sum(len(ids) for ids, _, _ in some) < _CHUNK:
            return parts
        after = next(filter(None, reversed([node_id for ids, _, _ in some for node_id in ids])), after)


def _held(parts: Records) -> _Held:
    """What came in parts, as columns; the longest work is to encode it."""
    ids: list[str] = []
    kinds = bytearray()
    documents: list[bytes] = []
    for some, of_kinds, texts in parts:
        ids += some
        kinds += bytes(KIND_CODE.get(kind, _NO_KIND) for kind in of_kinds)
        documents += [text.encode() if isinstance(text, str) else b"" for text in texts]
    return ids, kinds, documents


def _mended(head: MapHead, parts: Records, missed: Sequence[Change]) -> MapRows:
    """What was read, with what was committed meanwhile."""
    columns = _held(parts)
    if not missed:
        return _rows(head, *columns)
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


# --- held against its history ------------------------------------------------------------------------

# Only what is argumap's is looked at: properties, labels and relationships of others stay whatever is done here.


@dataclass
class Differences:
    """What of a map's graph is not what its history says."""

    findings: list[Finding] = field(default_factory=list)
    rewritten: set[str] = field(default_factory=set)
    """Nodes whose own part is to be written again."""
    strays: set[str] = field(default_factory=set)
    """Nodes that no entry of the history has made."""
    unindexed: set[str] = field(default_factory=set)
    """Nodes that the full-text index has lost."""
    relinked: set[str] = field(default_factory=set)
    """Nodes whose relationships are to be made again."""

    def tell(self, map_id: str, part: Part, node: str | None, detail: str) -> None:
        """Note one."""
        self.findings.append(Finding(map_id, part, node, detail))


async def audit_graph(calls: Calls, expected: Expected) -> list[Finding]:
    """Where the graph of a map is not what its history says; raises `RevisionTaken` where it went on meanwhile."""
    return (await differences(calls, expected)).findings


async def differences(calls: Calls, expected: Expected) -> Differences:
    """The same, with what there is to do about it."""
    found = Differences()
    head = await _head(calls, expected)
    found.findings += _of_head(expected, head)
    await _look_at_log(calls, expected, found)
    for kept, anew in await calls.peek(cypher_beside.KEPT_TWICE, map=expected.header.id):
        if kept != anew:
            found.tell(expected.header.id, "head", None, f"kept_bytes is {kept!r} and should be {anew}")
    links: Counter[_Link] = Counter()
    seen: set[str] = set()
    after = ""
    while True:
        rows = await calls.ask(cypher_auditing.AUDITED, map=expected.header.id, after=after, size=_TOGETHER)
        if not rows:
            break
        await calls.aside(_look_at_nodes, expected, rows, links, found)
        seen.update(row[0] for row in rows)
        after = rows[-1][0]
    for node_id in sorted(expected.nodes.keys() - seen):
        found.tell(expected.header.id, "document", node_id, "is not there")
        found.rewritten.add(node_id)
        found.relinked.add(node_id)
    await calls.aside(_look_at_links, expected, links, found)
    await _look_at_index(calls, expected, found)
    if (await _head(calls, expected)).get("change") != head.get("change"):
        raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
    return found


async def _look_at_index(calls: Calls, expected: Expected, found: Differences) -> None:
    asked = f"+map:{lucene_term(expected.header.id)}"
    indexed = {node_id for (node_id,) in await calls.ask(cypher_auditing.INDEXED, map=expected.header.id, asked=asked)}
    for node_id in sorted(expected.nodes.keys() - found.rewritten - indexed):
        found.tell(expected.header.id, "index", node_id, "is not in the full-text index")
        found.unindexed.add(node_id)
        found.rewritten.add(node_id)


async def _head(calls: Calls, expected: Expected) -> Mapping[str, Any]:
    records = await calls.peek(cypher.LOCKED_MAP, map=expected.header.id)
    if not records:
        raise RevisionTaken(f"map {expected.header.id!r} was deleted meanwhile")
    properties: Mapping[str, Any] = records[0][0]
    return properties


def _of_head(expected: Expected, held: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in head_properties(expected).items():
        # The counts of a header that was written without a snapshot say nothing.
        if as_told(held.get(name)) != as_told(value) and not (name.startswith("count_") and name not in held):
            detail = f"{name} is {held.get(name)!r} and should be {value!r}"
            yield Finding(expected.header.id, "head", None, detail)


def head_properties(expected: Expected) -> dict[str, Any]:
    """What a map's node should say of the whole."""
    total = checksum(document for _, document in expected.nodes.values())
    return {**header_properties(expected.header), "nodes": len(expected.nodes), "checksum": total}


async def _look_at_log(calls: Calls, expected: Expected, found: Differences) -> None:
    last = 0
    while rows := await calls.ask(cypher_auditing.LOG_ROWS, map=expected.header.id, after=last, size=_TOGETHER):
        for properties in (row[0] for row in rows):
            last = properties["revision"]
            told = log_row(entry_of(expected.header.id, last, properties.get("doc")))
            if any(as_told(properties.get(name)) != as_told(value) for name, value in told.items()):
                detail = f"the properties of revision {last} say something else than its entry"
                found.tell(expected.header.id, "history", None, detail)
    if last != expected.header.revision:
        raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
    former = {node_id for (node_id,) in await calls.ask(cypher_auditing.FORMER, map=expected.header.id)}
    # A node that was made anew under its id may stand in the list still.
    for node_id in sorted((former - expected.nodes.keys()) ^ expected.former):
        found.tell(expected.header.id, "index", node_id, "the list of deleted nodes is not that of the history")


def _look_at_nodes(
    expected: Expected, rows: Sequence[Sequence[Any]], links: Counter[_Link], found: Differences
) -> None:
    map_id = expected.header.id
    for node_id, labels, properties, outgoing, quantities in rows:
        for type_, target, of_link in outgoing:
            if type_ in TYPES:
                links[node_id, type_, target, link_told(of_link)] += 1
        told = expected.nodes.get(node_id)
        if told is None:
            found.tell(map_id, "document", node_id, "is in no entry of the history, or was deleted")
            found.strays.add(node_id)
            continue
        kind, document = told
        if properties.get("doc") != document.decode():
            found.tell(map_id, "document", node_id, "is not the one that the history gives")
            found.rewritten.add(node_id)
        row = node_row(map_id, read_node(kind, document), document.decode())
        if set(labels) & _OURS != {row["label"]}:
            found.tell(map_id, "properties", node_id, f"has the labels {sorted(labels)} and should have {row['label']}")
            found.rewritten.add(node_id)
        told_quantities = [row["properties"] for row in quantity_rows(read_node(kind, document))]
        if sorted(map(as_told, quantities)) != sorted(map(as_told, told_quantities)):
            found.tell(map_id, "relationships", node_id, "the quantities that it states are not those of its document")
            found.rewritten.add(node_id)
        if wrong := sorted(_wrong(properties, row["properties"]) - {"doc"}):
            found.tell(map_id, "properties", node_id, f"{', '.join(wrong)}: not what its document says")
            found.rewritten.add(node_id)


def _wrong(held: Mapping[str, Any], told: Mapping[str, Any]) -> set[str]:
    ours = own_names() & held.keys()
    return {name for name in ours | told.keys() if as_told(held.get(name)) != as_told(told.get(name))}


def link_told(properties: Mapping[str, Any]) -> str:
    """What is ours of the properties of a relationship, as `as_told` tells it."""
    return as_told({name: value for name, value in properties.items() if name in _OF_LINKS})


def as_told(value: Any) -> str:
    """A value as a text that tells 1 from 1.0 and is the same for every "not a number"."""
    if isinstance(value, neo4j.time.DateTime):
        value = value.to_native().astimezone(UTC)
    elif isinstance(value, datetime):
        value = value.astimezone(UTC)
    elif isinstance(value, neo4j.time.Date):
        value = value.to_native()
    return repr(sorted(value.items()) if isinstance(value, dict) else value)


def _look_at_links(expected: Expected, held: Counter[_Link], found: Differences) -> None:
    told: Counter[_Link] = Counter()
    for kind, document in expected.nodes.values():
        for link in link_rows(read_node(kind, document)):
            if link["source"] in expected.nodes and link["target"] in expected.nodes:
                told[link["source"], link["type"], link["target"], as_told(link["properties"])] += 1
    for what, links in (("is not there", told - held), ("is in no document", held - told)):
        for source, type_, target, _ in sorted(links):
            holder = target if type_ in INWARD else source
            detail = f"({source})-[:{type_}]->({target}) {what}"
            found.tell(expected.header.id, "relationships", holder, detail)
            found.relinked.add(holder)


# --- making it again ---------------------------------------------------------------------------------


async def mend_graph(calls: Calls, expected: Expected) -> None:
    """Make what differs again, part by part, each under the map's lock; raises `RevisionTaken`."""
    found = await differences(calls, expected)
    map_id = expected.header.id
    rewritten, relinked = sorted(found.rewritten), sorted(found.relinked & expected.nodes.keys())
    await _under_lock(calls, expected, (cypher_auditing.LET_GO, {"map": map_id, "rows": sorted(found.strays)}))
    forgotten = {"map": map_id, "rows": sorted(found.unindexed)}
    await _under_lock(calls, expected, (cypher_auditing.FORGET_WORDS_OF, forgotten))
    for start in range(0, len(rewritten), _TOGETHER):
        rows = [restored_row(map_id, *_node(expected, i)) for i in rewritten[start : start + _TOGETHER]]
        ids = [row["id"] for row in rows]
        quantities = [row for i in ids for row in quantity_rows(_node(expected, i)[0])]
        await _under_lock(
            calls,
            expected,
            (cypher_auditing.RESTORE_NODES, {"map": map_id, "rows": rows}),
            (cypher.TIE_NODES, {"map": map_id, "ids": ids}),
            (cypher.UNQUANTIFY, {"write": {"map": map_id, "requantified": ids}}),
            (cypher.QUANTIFY, {"write": {"map": map_id, "quantities": quantities}}),
        )
    for start in range(0, len(relinked), _TOGETHER):
        some = relinked[start : start + _TOGETHER]
        links = [link for i in some for link in link_rows(_node(expected, i)[0])]
        unlink = (cypher.UNLINK, {"write": {"map": map_id, "relinked": some}})
        await _under_lock(calls, expected, unlink, (cypher.LINK, {"write": {"map": map_id, "links": links}}))
    await _mend_log(calls, expected)
    former = {"map": map_id, "former": sorted(expected.former)}
    head = {"map": map_id, "header": sent(head_properties(expected))}
    whole = (cypher_auditing.RESTORE_HEAD, head), (cypher_beside.COUNT_KEPT, {"map": map_id})
    await _under_lock(calls, expected, (cypher_auditing.RESTORE_FORMER, former), *whole)


async def _mend_log(calls: Calls, expected: Expected) -> None:
    last = 0
    while rows := await calls.ask(cypher_auditing.LOG_ROWS, map=expected.header.id, after=last, size=_TOGETHER):
        told = [sent(log_row(entry_of(expected.header.id, row[0]["revision"], row[0].get("doc")))) for row in rows]
        last = told[-1]["revision"]
        await _under_lock(calls, expected, (cypher_auditing.RESTORE_LOG, {"map": expected.header.id, "rows": told}))


async def _under_lock(calls: Calls, expected: Expected, *statements: tuple[Any, Mapping[str, Any]]) -> None:
    async def work(talk: Talk) -> None:
        held = await talk.ask(cypher_auditing.LAST_OF_LOG, map=expected.header.id)
        if held != [[expected.header.revision]]:
            raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
        for text, parameters in statements:
            await talk.ask(text, **parameters)

    await calls.write(work, patience=_LONG)


def _node(expected: Expected, node_id: str) -> tuple[AnyNode, bytes]:
    kind, document = expected.nodes[node_id]
    return read_node(kind, document), document


def restored_row(map_id: str, node: AnyNode, document: bytes) -> dict[str, Any]:
    """A node as its document says, for `RESTORE_NODES`: what is ours and not in it is taken away."""
    row = node_row(map_id, node, document.decode())
    return {**row, "id": node.id, "properties": {**dict.fromkeys(own_names()), **sent(row["properties"])}}
