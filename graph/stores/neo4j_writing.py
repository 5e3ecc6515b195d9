"""Changes as Neo4j takes them: maps and nodes as labels, properties and relationships, in one transaction.

A commit has the map's lock before it compares.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextvars import copy_context
from dataclasses import dataclass, field
from typing import Any, LiteralString

import msgspec

from graph.budgets import spent_on
from graph.errors import RevisionTaken, StoreUnavailable, StoreUnusable, TooLarge
from graph.maps.port import KeptCheck
from graph.maps.redaction import Redaction
from graph.stores import cypher, cypher_beside
from graph.stores.integrity import document_sum
from graph.stores.neo4j_calls import Calls, Records, Talk
from graph.stores.neo4j_errors import Clash, OutOfMemory
from graph.stores.neo4j_log import entry_parts, log_row
from graph.stores.neo4j_properties import (
    header_properties,
    link_changes,
    link_rows,
    node_row,
    own_names,
    quantity_rows,
    sent,
)
from graph.stores.neo4j_room import MOST_MEMORY
from graph.stores.neo4j_sweep import sweep
from schemas.change import Change, Edit, decode_change, encode_change
from schemas.map import MapHeader
from schemas.node import AnyNode, read_node
from schemas.vocabulary import Kind

SCHEMA = len(cypher.MIGRATIONS)
"""The number of the last migration, to which a service of this version writes."""
Row = dict[str, Any]
_GOING = {"gone", "changed", "cut", "relabelled", "requantified"}
"""Parts of a commit that take away or change; a commit without them is written by a shorter text."""
_SENT_TOGETHER = 300
"""Rows in one statement: more would hold up the event loop while they are packed."""
_LONG_TOGETHER = 250_000
"""Characters of texts in one statement, of one row at least: few rows may have megabytes."""
_SMALL = MOST_MEMORY // 20
_PAUSES_FOR_MEMORY = (0.2, 0.5, 1.0, 2.0)
"""Seconds before a write is tried again that found no memory: other services may write to the same server."""
_SECONDS_FOR_EACH = 0.0005
_LONG = 60.0
"""Seconds that a statement may take: a change may hold a whole map."""

# --- changes -----------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Rows for the log and for the nodes and relationships that the changes leave behind."""

    header: MapHeader
    changes: list[Row] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    made: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    claimed: list[Row] = field(default_factory=list)
    """Nodes that somebody made by hand and that are the map's from now on."""
    requantified: list[str] = field(default_factory=list)
    quantities: list[Row] = field(default_factory=list)
    ties: list[Row] = field(default_factory=list)
    """Which change touched which node that is there afterwards."""
    relinked: list[str] = field(default_factory=list)
    """Nodes whose relationships are all made anew."""
    cut: list[Row] = field(default_factory=list)
    relabelled: list[Row] = field(default_factory=list)
    """Relationships that stay and get other properties."""
    links: list[Row] = field(default_factory=list)
    makes: bool = False
    """Whether the map is to be made."""
    follows: str = ""
    """Uid of the change at which the map must be; empty where the first change does not say."""
    more: int = 0
    """How many nodes more the map has afterwards."""
    checksum: int = 0
    """How much more the checksum of its documents is."""
    statements: list[tuple[LiteralString, Row]] = field(default_factory=list)
    """What writes it, each with its parameter, nodes before the relationships that need them.

    The first moves the map on and writes the log; without an answer the map was not where it must be. It writes all
    the rest too where that is not more than may be sent together.
    """
    memory: int = 0
    """Bytes of a server's memory that the transaction takes at most, fitted to what was measured."""
    weigh: KeptCheck | None = None
    """Is asked before it is committed."""
    around: tuple[Callable[[Talk], Awaitable[None]], Callable[[Talk], Awaitable[None]]] | None = None
    """What is done in the transaction before anything is written, and behind it; its error takes all back."""

    @classmethod
    def of(cls, header: MapHeader, changes: Sequence[Change], there: Mapping[str, str] | None = None) -> "Batch":
        """Work out the rows; O(edits). `there`: what the database calls nodes that are made and are there already."""
        begins, follows = changes[0].begins, changes[0].follows
        batch = cls(header, [sent(log_row(change)) for change in changes], makes=begins, follows=follows)
        batch.claimed = [{"id": node_id, "element": element} for node_id, element in (there or {}).items()]
        for first, last in _spans(changes):
            batch._add(first, last)
        stays = {row["properties"]["id"] for row in (*batch.made, *batch.changed)}
        batch.ties = [
            {"revision": change.revision, "id": edit.id}
            for change in changes
            for edit in change.edits
            if edit.id in stays
        ]
        batch.memory = batch._memory()
        batch.statements = list(batch._statements())
        return batch

    @property
    def keys(self) -> list[str]:
        """Idempotency keys of the changes."""
        return [change["key"] for change in self.changes if "key" in change]

    @property
    def kept(self) -> int:
        """Bytes that the map keeps more afterwards."""
        return sum(change["bytes"] for change in self.changes)

    @property
    def expected(self) -> int:
        """The revision at which the map must be: the one before the first change, 0 for no map."""
        return int(self.changes[0]["revision"]) - 1

    @property
    def weight(self) -> int:
        """How many nodes and relationships it writes."""
        return sum(len(rows) for *_, rows in self._parts())

    def _memory(self) -> int:
        rows = [*self.changes, *(row["properties"] for row in self.made + self.changed)]
        texts = sum(len(value.encode()) for row in rows for value in row.values() if isinstance(value, str))
        nodes = len(self.made) + len(self.changed) + len(self.gone)
        links = self.cut + self.relabelled
        return 8_000 * nodes + 1_500 * (len(self.links) + len(self.relinked) + len(links) + len(self.ties)) + 3 * texts

    def _statements(self) -> Iterator[tuple[LiteralString, Row]]:
        is_new = self.makes
        entries = [(row["revision"], entry_parts(row["doc"])) for row in self.changes]
        head = {
            "map": self.header.id,
            "schema": SCHEMA,
            "expected": self.expected,
            "follows": self.follows,
            "header": sent(header_properties(self.header)) | {"change": self.changes[-1]["uid"]},
            "changes": [{**row, "doc": begin} for row, (_, [begin, *_]) in zip(self.changes, entries, strict=True)],
            "more": self.more,
            "sum": self.checksum,
            "kept": self.kept,
        }
        parts = self._parts()
        is_short = sum(map(_length, self.made + self.changed)) <= _LONG_TOGETHER
        is_short = is_short and all(len(parts) == 1 for _, parts in entries)
        adds = not any(rows for _, name, rows in parts if name in _GOING)
        goes_apart = is_new and not adds  # of a new map something goes only in a copy
        is_plain = not self.claimed and not self.relinked
        if self.weight <= _SENT_TOGETHER and is_short and is_plain and not goes_apart:
            whole = cypher.MAKE_WITH_ALL if is_new else cypher.ADD if adds else cypher.MOVE_WITH_ALL
            yield whole, {**head, **{name: rows for _, name, rows in parts}}
            return
        yield cypher.MAKE if is_new else cypher.MOVE, head
        for revision, (_, *rest) in entries:
            for more in rest:
                yield cypher.LENGTHEN, {"map": self.header.id, "revision": revision, "doc": more}
        for text, name, rows in parts:
            for piece in _pieces(rows):
                yield text, {"map": self.header.id, name: piece}

    def _parts(self) -> tuple[tuple[LiteralString, str, list[Any]], ...]:
        return (
            (cypher.DELETE, "gone", self.gone),
            (cypher.CLAIM_NODES, "claimed", self.claimed),
            (cypher.CREATE, "made", self.made),
            (cypher.CHANGE, "changed", self.changed),
            (cypher.UNLINK, "relinked", self.relinked),
            (cypher.CUT, "cut", self.cut),
            (cypher.RELABEL, "relabelled", self.relabelled),
            (cypher.LINK, "links", self.links),
            (cypher.UNQUANTIFY, "requantified", self.requantified),
            (cypher.QUANTIFY, "quantities", self.quantities),
            (cypher.TIE, "ties", self.ties),
        )

    def _add(self, first: Edit, last: Edit) -> None:
        was = _node(first, first.before)
        now = _node(last, last.after)
        self.more += (now is not None) - (was is not None)
        self.checksum += _sum_of(now, last.after) - _sum_of(was, first.before)
        if now is None or last.after is None:
            self.gone.append(last.id)
            return
        row = node_row(self.header.id, now, bytes(last.after).decode())
        row["properties"] = sent(row["properties"])
        if any(claimed["id"] == now.id for claimed in self.claimed):
            # What a hand wrote in our words gives way to what the document says; what is foreign stays.
            self.changed.append({**row, "properties": {**dict.fromkeys(own_names()), **row["properties"]}})
            self.relinked.append(now.id)
            self.links += link_rows(now)
            self.requantified.append(now.id)
            self.quantities += quantity_rows(now)
        elif was is None:
            self.made.append(row)
            self.links += link_rows(now)
            self.quantities += quantity_rows(now)
        else:
            # What it had and has no more is taken away by name: a property of somebody else's stays.
            gone = node_row(self.header.id, was, "")["properties"].keys() - row["properties"].keys()
            row["properties"] |= dict.fromkeys(gone)
            self.changed.append(row)
            if (links := link_changes(link_rows(was), link_rows(now))) is not None:
                self.cut += links.cut
                self.relabelled += links.relabelled
                self.links += links.made
            else:
                self.relinked.append(now.id)
                self.links += link_rows(now)
            if (quantities := quantity_rows(now)) != quantity_rows(was):
                self.requantified.append(now.id)
                self.quantities += quantities


def _pieces(rows: list[Any]) -> Iterator[list[Any]]:
    """Rows as they are sent, in order: as many together as the event loop has time for."""
    piece: list[Any] = []
    length = 0
    for row in rows:
        more = _length(row)
        if piece and (len(piece) == _SENT_TOGETHER or length + more > _LONG_TOGETHER):
            yield piece
            piece, length = [], 0
        piece.append(row)
        length += more
    if piece:
        yield piece


def _length(row: Row | str) -> int:
    """Characters of the texts in a row, in lists of them too."""
    if isinstance(row, str):
        return len(row)
    values = row.get("properties", row).values()
    return sum(len(one) for value in values for one in ((value,) if isinstance(value, str) else _texts(value)))


def _texts(value: Any) -> list[str]:
    return value if isinstance(value, list) and value and isinstance(value[0], str) else []


def _spans(changes: Sequence[Change]) -> Iterator[tuple[Edit, Edit]]:
    """The first and the last edit of each node."""
    first: dict[str, Edit] = {}
    last: dict[str, Edit] = {}
    for change in changes:
        for edit in change.edits:
            if edit.kind != "map":
                first.setdefault(edit.id, edit)
                last[edit.id] = edit
    for node_id, edit in first.items():
        yield edit, last[node_id]


def _node(edit: Edit, document: Any) -> AnyNode | None:
    if document is None or edit.kind == "map":
        return None
    return read_node(edit.kind, bytes(document))


def _sum_of(node: AnyNode | None, document: msgspec.Raw | None) -> int:
    return 0 if node is None or document is None else document_sum(bytes(document))


# --- the transaction ---------------------------------------------------------------------------------


async def plan_texts(calls: Calls) -> None:
    """Have the server plan the longest texts, which takes a cold one seconds: more than a writer should wait for it."""
    for text in (cypher.ADD, cypher.MOVE_WITH_ALL, cypher.MAKE_WITH_ALL):
        await calls.peek(text, patience=_LONG, write={"schema": -1})  # of no database: nothing is done


async def commit(calls: Calls, batch: Batch) -> None:
    """Append and apply a batch; raises what `graph.maps.port.Store.commit` says, and `TooLarge`."""
    memory = batch.memory
    if memory > MOST_MEMORY:
        raise TooLarge(
            f"this write needs about {memory >> 20} MB of Neo4j's memory for one transaction, and "
            f"{MOST_MEMORY >> 20} MB is the limit; make it in several, of some 20,000 nodes each"
        )
    patience = calls.patience + batch.weight * _SECONDS_FOR_EACH
    try:
        async with calls.room.taken(memory):
            await _sent(calls, batch, patience)
    except Clash:
        await sweep(calls)  # what deleted maps left may hold an id or a key, and may be swept away just now
        try:
            await _write(calls, batch, patience)
        except Clash as clash:
            raise await _explained(calls, batch) from clash


async def _sent(calls: Calls, batch: Batch, patience: float) -> None:
    """Write it, and again where others take the server's memory for a moment: by itself it has room."""
    for pause in (*_PAUSES_FOR_MEMORY, None):
        try:
            await _write(calls, batch, patience)
            return
        except OutOfMemory as error:
            if pause is None:
                if batch.memory < _SMALL:
                    raise
                hint = "; make it in several, or raise server.memory.heap.max_size"
                raise TooLarge(f"{error.detail}{hint}") from error
            await asyncio.sleep(pause)


async def _write(calls: Calls, batch: Batch, patience: float) -> None:
    """Write it in one transaction: of one statement where it is small, of several else."""
    head, *rest = batch.statements

    async def in_parts(talk: Talk) -> Records:
        text, write = head
        if batch.around:
            await batch.around[0](talk)
        if moved := await talk.ask(text, write=write):
            if batch.weigh:
                kept = int(moved[0][0])
                batch.weigh(batch.header.id, kept - batch.kept, kept)
            for text, write in rest:
                await talk.ask(text, write=write)
            if batch.around:
                await batch.around[1](talk)
        return moved

    if rest or batch.around or batch.weigh:
        moved = await calls.write(in_parts, patience=patience)
    else:
        text, write = head
        moved = await calls.put(text, patience=patience, write=write)
    if moved:
        return
    found = await calls.ask(cypher.SCHEMA, fresh=True)
    if found != [[SCHEMA]]:
        raise StoreUnavailable(
            f"the database has schema {found[0][0] if found else 'none'} and this service is made for {SCHEMA}; "
            "nothing is written; start the newer argumap, or run `argumap migrate`"
        )
    raise RevisionTaken(f"map {batch.header.id!r} is not at revision {batch.expected}")


async def _explained(calls: Calls, batch: Batch) -> RevisionTaken | StoreUnusable:
    """Tell another writer who was faster from nodes that no change has made."""
    map_id = batch.header.id
    made = [row["properties"]["id"] for row in batch.made]
    [[revision, receipts, strays]] = await calls.peek(cypher.IN_THE_WAY, map=map_id, keys=batch.keys, made=made)
    if strays and revision == batch.expected and not receipts:
        return StoreUnusable(f"Neo4j holds nodes of map {map_id!r} that are not in its log; were they made by hand?")
    return RevisionTaken(f"map {map_id!r} is not at revision {batch.expected}, or its idempotency key is taken")


_TOGETHER = 200
Rows = list[dict[str, Any]]


async def redact_graph(calls: Calls, header: MapHeader, change: Change, redaction: Redaction) -> None:
    """Take out of a map what is to go and append the change that says so; raises `RevisionTaken`."""

    async def work(talk: Talk) -> None:
        redaction.begin()
        [(text, write)] = Batch.of(redaction.header(header), [change]).statements
        if not await talk.ask(text, write=write):
            raise RevisionTaken(f"map {header.id!r} is not at revision {change.revision - 1}")
        await _rewrite_log(calls, talk, header.id, redaction, change.revision)
        await _rewrite_nodes(calls, talk, header.id, redaction)
        await _rewrite_texts(talk, header.id, redaction)
        await _rewrite_beside(talk, header.id, redaction)
        redaction.end()

    await calls.write(work, patience=_LONG)


async def _rewrite_log(calls: Calls, talk: Talk, map_id: str, redaction: Redaction, until: int) -> None:
    def look(documents: list[str]) -> int:
        changes = [decode_change(document) for document in documents]
        redaction.look_at(changes)
        return changes[-1].revision

    def anew(documents: list[str]) -> tuple[int, Rows]:
        changes = [decode_change(document) for document in documents]
        written = [encode_change(redaction.change(one)) for one in changes]
        pairs = zip(changes, documents, written, strict=True)
        return changes[-1].revision, [
            {"revision": one.revision, "doc": new.decode(), "bytes": len(new)}
            for one, old, new in pairs
            if new != old.encode()
        ]

    within = copy_context()  # in which it is asked whether it is wanted
    after = 0
    while records := await talk.ask(cypher.SOME_CHANGES, map=map_id, after=after, size=_TOGETHER):
        after = await calls.aside(within.run, spent_on, look, [document for (document,) in records])
    after = 0
    while after < until:
        records = await talk.ask(cypher.SOME_CHANGES, map=map_id, after=after, size=_TOGETHER)
        if not records:
            return
        after, rows = await calls.aside(within.run, spent_on, anew, [document for (document,) in records])
        for piece in _pieces(rows):
            await talk.ask(cypher.REWRITE_LOG, map=map_id, rows=piece)


async def _rewrite_nodes(calls: Calls, talk: Talk, map_id: str, redaction: Redaction) -> None:
    def anew(columns: list[list[Any]]) -> tuple[Rows, Rows, int]:
        rows: Rows = []
        quantities: Rows = []
        more = 0
        for node_id, kind, document in zip(*columns, strict=True):
            held = document.encode()
            new = redaction.document(kind, node_id, held)
            if new is not held:
                node = read_node(kind, new)
                rows.append(_properties(map_id, kind, new))
                quantities += quantity_rows(node)
                more += document_sum(new) - document_sum(held)
        return rows, quantities, more

    within = copy_context()
    after = ""
    while True:
        [columns] = await talk.ask(cypher.NODES, map=map_id, after=after, size=_TOGETHER)
        if not columns[0]:
            return
        after = columns[0][-1]
        rows, quantities, more = await calls.aside(within.run, spent_on, anew, columns)
        if rows:
            await talk.ask(cypher.REWRITE_NODES, map=map_id, rows=rows)
            told = {"map": map_id, "requantified": [row["properties"]["id"] for row in rows], "quantities": quantities}
            await talk.ask(cypher.UNQUANTIFY, write=told)
            await talk.ask(cypher.QUANTIFY, write=told)
            await talk.ask(cypher.ADD_SUM, map=map_id, more=more)


def _properties(map_id: str, kind: Kind, document: bytes) -> dict[str, Any]:
    """The properties of a node, with those that it has no more taken away."""
    row = node_row(map_id, read_node(kind, document), document.decode())
    return {"properties": {**dict.fromkeys(own_names()), **sent(row["properties"])}}


async def _rewrite_texts(talk: Talk, map_id: str, redaction: Redaction) -> None:
    for source, digest, text in await talk.ask(cypher_beside.TEXTS, map=map_id):
        left = redaction.source_text(source, text)
        if left is None:
            await talk.ask(cypher_beside.TAKE_TEXT, map=map_id, source=source)
        elif left != text:
            await talk.ask(
                cypher_beside.KEEP_TEXT, map=map_id, source=source, sha256=digest, words=left, bytes=len(left.encode())
            )


async def _rewrite_beside(talk: Talk, map_id: str, redaction: Redaction) -> None:
    rows: Rows = []
    for sort, record_id, subject, document in await talk.ask(cypher_beside.BESIDE_OF_MAP, map=map_id):
        held = document.encode()
        new = redaction.beside(subject, held)
        if new is not held:
            rows.append({"sort": sort, "id": record_id, "doc": new.decode(), "bytes": len(new)})
    if rows:
        await talk.ask(cypher_beside.REWRITE_BESIDE, map=map_id, rows=rows)
