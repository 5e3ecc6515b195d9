"""Changes as Neo4j takes them: maps and nodes as labels, properties and relationships, in one transaction.

A commit has the map's lock before it compares.
"""

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

import msgspec

from graph.errors import RevisionTaken, StoreUnavailable, StoreUnusable, TooLarge
from graph.snapshot.links import Link, links_of
from graph.stores import cypher
from graph.stores.integrity import checksum
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_errors import Clash, OutOfMemory
from graph.stores.neo4j_properties import header_properties, link_rows, node_row, quantity_rows
from graph.stores.neo4j_room import MOST_MEMORY
from graph.stores.neo4j_sweep import sweep
from graph.stores.times import instant
from schemas.change import Change, Edit, encode_change
from schemas.map import MapHeader
from schemas.node import AnyNode, read_node

SCHEMA = len(cypher.MIGRATIONS)
"""The number of the last migration, to which a service of this version writes."""
Row = dict[str, Any]
_SENT_TOGETHER = 800
"""Rows in one statement: more would hold up the event loop while they are packed."""
_SMALL = MOST_MEMORY // 20
_PAUSES_FOR_MEMORY = (0.2, 0.5, 1.0, 2.0)
"""Seconds before a write is tried again that found no memory: other services may write to the same server."""
_SECONDS_FOR_EACH = 0.0005

# --- changes -----------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Rows for the log and for the nodes and relationships that the changes leave behind."""

    header: MapHeader
    changes: list[Row] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    made: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    requantified: list[str] = field(default_factory=list)
    quantities: list[Row] = field(default_factory=list)
    ties: list[Row] = field(default_factory=list)
    """Which change touched which node that is there afterwards."""
    relinked: list[str] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)
    follows: str = ""
    """Uid of the change at which the map must be; empty where the first change does not say."""
    more: int = 0
    """How many nodes more the map has afterwards."""
    checksum: int = 0
    """How much more the checksum of its documents is."""

    @classmethod
    def of(cls, header: MapHeader, changes: Sequence[Change]) -> "Batch":
        """Work out the rows; O(edits)."""
        batch = cls(header, [log_row(change) for change in changes], follows=changes[0].follows)
        for first, last in _spans(changes):
            batch._add(first, last)
        there = {row["properties"]["id"] for row in (*batch.made, *batch.changed)}
        batch.ties = [
            {"revision": change.revision, "id": edit.id}
            for change in changes
            for edit in change.edits
            if edit.id in there
        ]
        return batch

    @property
    def keys(self) -> list[str]:
        """Idempotency keys of the changes."""
        return [change["key"] for change in self.changes if "key" in change]

    @property
    def expected(self) -> int:
        """The revision at which the map must be: the one before the first change, 0 for no map."""
        return int(self.changes[0]["revision"]) - 1

    @property
    def weight(self) -> int:
        """How many nodes and relationships it writes."""
        return sum(len(rows) for _, rows in self._parts())

    @property
    def memory(self) -> int:
        """Bytes of a server's memory that the transaction takes at most, fitted to what was measured."""
        rows = [*self.changes, *(row["properties"] for row in self.made + self.changed)]
        texts = sum(len(value.encode()) for row in rows for value in row.values() if isinstance(value, str))
        nodes = len(self.made) + len(self.changed) + len(self.gone)
        return 8_000 * nodes + 1_500 * (len(self.links) + len(self.relinked) + len(self.ties)) + 3 * texts

    def statements(self) -> Iterator[tuple[LiteralString, dict[str, Any]]]:
        """The statements that write it with their parameters, nodes before the relationships that need them.

        The first moves the map on and writes the log; without an answer the map was not where it must be.
        """
        yield (
            cypher.MAKE if self.expected == 0 else cypher.MOVE,
            {
                "map": self.header.id,
                "expected": self.expected,
                "follows": self.follows,
                "header": header_properties(self.header) | {"change": self.changes[-1]["uid"]},
                "changes": self.changes,
                "more": self.more,
                "sum": self.checksum,
            },
        )
        for text, rows in self._parts():
            for start in range(0, len(rows), _SENT_TOGETHER):
                yield text, {"map": self.header.id, "rows": rows[start : start + _SENT_TOGETHER]}

    def _parts(self) -> tuple[tuple[LiteralString, list[Any]], ...]:
        return (
            (cypher.DELETE, self.gone),
            (cypher.CREATE, self.made),
            (cypher.CHANGE, self.changed),
            (cypher.UNLINK, self.relinked),
            (cypher.LINK, self.links),
            (cypher.UNQUANTIFY, self.requantified),
            (cypher.QUANTIFY, self.quantities),
            (cypher.TIE, self.ties),
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
        if was is None:
            self.made.append(row)
            self.links += link_rows(now)
            self.quantities += quantity_rows(now)
        else:
            # What it had and has no more is taken away by name: a property of somebody else's stays.
            gone = node_row(self.header.id, was, "")["properties"].keys() - row["properties"].keys()
            row["properties"] |= dict.fromkeys(gone)
            self.changed.append(row)
            if _shape(was) != _shape(now):
                self.relinked.append(now.id)
                self.links += link_rows(now)
            if (quantities := quantity_rows(now)) != quantity_rows(was):
                self.requantified.append(now.id)
                self.quantities += quantities


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
    return 0 if node is None or document is None else checksum((bytes(document),))


def _shape(node: AnyNode) -> list[Link]:
    return sorted((link._replace(pointer="") for link in links_of(node)), key=repr)


def touched(change: Change) -> list[str]:
    """The ids of the nodes that a change touched, in order."""
    return sorted({edit.id for edit in change.edits if edit.kind != "map"})


def log_row(change: Change) -> Row:
    """The properties of an entry of the log."""
    row = {
        "map": change.map,
        "revision": change.revision,
        "uid": change.uid,
        "at": instant(change.at),
        "by": change.by,
        "nodes": touched(change),
        "doc": encode_change(change).decode(),
    }
    return row if change.idempotency is None else {**row, "key": change.idempotency.key}


# --- the transaction ---------------------------------------------------------------------------------


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
            await calls.write(lambda talk: _write(talk, batch), patience=patience)
        except Clash as clash:
            raise await _explained(calls, batch) from clash


async def _sent(calls: Calls, batch: Batch, patience: float) -> None:
    """Write it, and again where others take the server's memory for a moment: by itself it has room."""
    for pause in (*_PAUSES_FOR_MEMORY, None):
        try:
            await calls.write(lambda talk: _write(talk, batch), patience=patience)
            return
        except OutOfMemory as error:
            if pause is None:
                if batch.memory < _SMALL:
                    raise
                hint = "; make it in several, or raise server.memory.heap.max_size"
                raise TooLarge(f"{error.detail}{hint}") from error
            await asyncio.sleep(pause)


async def _write(talk: Talk, batch: Batch) -> None:
    statements = batch.statements()
    text, parameters = next(statements)
    if not await talk.ask(text, schema=SCHEMA, **parameters):
        found = await talk.ask(cypher.SCHEMA)
        if found != [[SCHEMA]]:
            raise StoreUnavailable(
                f"the database has schema {found[0][0] if found else 'none'} and this service is made for {SCHEMA}; "
                "nothing is written; start the newer argumap, or run `argumap migrate`"
            )
        raise RevisionTaken(f"map {batch.header.id!r} is not at revision {batch.expected}")
    for text, parameters in statements:
        await talk.ask(text, **parameters)


async def _explained(calls: Calls, batch: Batch) -> RevisionTaken | StoreUnusable:
    """Tell another writer who was faster from nodes that no change has made."""
    map_id = batch.header.id
    made = [row["properties"]["id"] for row in batch.made]
    [[revision, receipts, strays]] = await calls.peek(cypher.IN_THE_WAY, map=map_id, keys=batch.keys, made=made)
    if strays and revision == batch.expected and not receipts:
        return StoreUnusable(f"Neo4j holds nodes of map {map_id!r} that are not in its log; were they made by hand?")
    return RevisionTaken(f"map {map_id!r} is not at revision {batch.expected}, or its idempotency key is taken")
