"""A batch: consecutive changes as the rows by which Neo4j appends and applies them in one transaction."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, LiteralString

from graph.snapshot.links import Link, links_of
from graph.stores import cypher
from graph.stores.neo4j_rows import header_properties, link_rows, node_row
from graph.stores.times import instant
from schemas.change import Change, Edit, encode_change
from schemas.map import MapHeader
from schemas.node import AnyNode, read_node

Row = dict[str, Any]
_SENT_TOGETHER = 2_000
"""MapRows in one statement: more would hold up the event loop while they are packed."""


@dataclass
class Batch:
    """MapRows for the log and for the nodes and relationships that the changes leave behind."""

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
