"""Changes as Neo4j takes them: maps and nodes as labels, properties and relationships, in one transaction.

A node has the label of its kind and the scalars of its own fields as properties; its references are relationships. A
commit has the map's lock before it compares.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import nan
from typing import Any, LiteralString

from pydantic import BaseModel

from graph.errors import RevisionTaken, StoreUnusable, TooLarge
from graph.search.words import Identified, index_terms, width
from graph.snapshot.links import REFERENCES, Link, links_of
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_errors import Clash, OutOfMemory
from graph.stores.neo4j_sweep import sweep
from graph.stores.times import instant
from schemas.change import Change, Edit, encode_change
from schemas.map import MapHeader
from schemas.node import AnyNode, read_node
from schemas.quantity import Quantity
from schemas.vocabulary import KINDS

REFERRING = frozenset(reference.field for reference in REFERENCES)
"""Fields that are relationships and therefore no properties."""
_COUNT = "count_"
Row = dict[str, Any]
_SENT_TOGETHER = 2_000
"""Rows in one statement: more would hold up the event loop while they are packed."""
MOST_MEMORY = 260 << 20
"""Bytes of a server's memory that one transaction may take: a heap of 512 MB has room for a third more."""
_SMALL = MOST_MEMORY // 20
_SECONDS_FOR_EACH = 0.0005

# --- maps and nodes ----------------------------------------------------------------------------------


def node_row(map_id: str, node: AnyNode, document: str) -> dict[str, Any]:
    """The label and the properties of a node; `document` is its stored form, which the service reads back."""
    own = {"map": map_id, "doc": document, **index_row(node)}
    return {"label": cypher.LABEL[node.kind], "properties": {**dict(_fields(node)), **own}}


def index_row(node: Identified) -> dict[str, Any]:
    """What the full-text index holds of a node, and how long its texts are."""
    return {"words": index_terms(node), "width": width(node)}


def header_properties(header: MapHeader) -> dict[str, Any]:
    """The properties of a map node: a property is a plain value, so each kind's count has one of its own."""
    counts = {f"{_COUNT}{kind}": header.counts.get(kind) for kind in {*KINDS, *header.counts}}  # null takes it away
    return {**header.model_dump(exclude={"counts"}), **counts}


def header_of(properties: Mapping[str, Any]) -> MapHeader:
    """The header in a map node's properties."""
    fields = {name: properties[name] for name in MapHeader.model_fields if name in properties}
    counts = {name.removeprefix(_COUNT): n for name, n in properties.items() if name.startswith(_COUNT)}
    return MapHeader.model_construct(**{**fields, "counts": counts})


def link_rows(node: AnyNode) -> list[dict[str, Any]]:
    """A row for each relationship that the node holds, in the order of its fields."""
    return [_link_row(link) for link in links_of(node)]


def _link_row(link: Link) -> dict[str, Any]:
    known = {"position": link.position, "role": link.role, "basis": link.basis}
    properties = {name: value for name, value in known.items() if value is not None}
    return {
        "type": cypher.TYPE[link.relation],
        "source": link.source,
        "target": link.target,
        "properties": properties,
    }


def _fields(record: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(record).model_fields:
        if prefix or name not in REFERRING:
            yield from _flat(prefix + name, getattr(record, name))


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value as properties: none where it says nothing, several where it is a record."""
    if value is None or value in ((), {}):
        return
    if isinstance(value, BaseModel):
        yield from _fields(value, f"{name}_")
    elif isinstance(value, Mapping):
        yield name, [f"{key}:{held}" for key, held in sorted(value.items())]
    elif isinstance(value, tuple) and isinstance(value[0], Quantity):
        for field in Quantity.model_fields:
            yield f"{name}_{field}", [_placed(field, getattr(quantity, field)) for quantity in value]
    elif isinstance(value, tuple):
        yield name, list(value)
    else:
        yield name, value


def _placed(field: str, value: Any) -> Any:
    """A value in a list that has a place for each quantity; lists of Neo4j hold neither null nor mixed types."""
    if field in {"value", "min", "max"}:
        return nan if value is None else float(value)
    if field == "approximate":
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value


# --- changes -----------------------------------------------------------------------------------------


@dataclass
class Batch:
    """Rows for the log and for the nodes and relationships that the changes leave behind."""

    header: MapHeader
    changes: list[Row] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    made: list[Row] = field(default_factory=list)
    changed: list[Row] = field(default_factory=list)
    relinked: list[str] = field(default_factory=list)
    links: list[Row] = field(default_factory=list)

    @classmethod
    def of(cls, header: MapHeader, changes: Sequence[Change]) -> "Batch":
        """Work out the rows; O(edits)."""
        batch = cls(header, [_log_row(change) for change in changes])
        for first, last in _spans(changes):
            batch._add(first, last)
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
        return 8_000 * nodes + 1_500 * (len(self.links) + len(self.relinked)) + 3 * texts

    def statements(self) -> Iterator[tuple[LiteralString, dict[str, Any]]]:
        """The statements that write it with their parameters, nodes before the relationships that need them.

        The first moves the map on and writes the log; without an answer the map was not where it must be.
        """
        yield (
            cypher.MAKE if self.expected == 0 else cypher.MOVE,
            {"map": self.header.id, "expected": self.expected, "header": header_properties(self.header)}
            | {"changes": self.changes},
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
        )

    def _add(self, first: Edit, last: Edit) -> None:
        was = _node(first, first.before)
        now = _node(last, last.after)
        if now is None or last.after is None:
            self.gone.append(last.id)
            return
        row = node_row(self.header.id, now, bytes(last.after).decode())
        if was is None:
            self.made.append(row)
            self.links += link_rows(now)
        else:
            self.changed.append(row)
            if _shape(was) != _shape(now):
                self.relinked.append(now.id)
                self.links += link_rows(now)


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


def _shape(node: AnyNode) -> list[Link]:
    return sorted((link._replace(pointer="") for link in links_of(node)), key=repr)


def _log_row(change: Change) -> Row:
    row = {
        "map": change.map,
        "revision": change.revision,
        "uid": change.uid,
        "at": instant(change.at),
        "by": change.by,
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
        await calls.write(lambda talk: _write(talk, batch), patience=patience)
    except OutOfMemory as error:
        if memory < _SMALL:
            raise
        raise TooLarge(f"{error.detail}; make it in several, or raise server.memory.heap.max_size") from error
    except Clash as clash:
        if not await sweep(calls):  # what deleted maps left may hold an id or a key
            raise await _explained(calls, batch) from clash
        await calls.write(lambda talk: _write(talk, batch), patience=patience)


async def _write(talk: Talk, batch: Batch) -> None:
    statements = batch.statements()
    text, parameters = next(statements)
    if not await talk.ask(text, **parameters):
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
