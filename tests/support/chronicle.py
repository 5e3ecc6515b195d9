"""A map as a test keeps it: makes well-formed changes, one after another, and knows what a store should hold."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import fields

import msgspec

from graph.maps.port import MapRows, MapVersion, Store
from graph.snapshot.relations import StepColumns
from schemas.change import Change, Edit, IdempotencyRecord
from schemas.map import MapHeader
from schemas.node import AnyNode
from schemas.vocabulary import KINDS

START = "2026-01-01T00:00:00.000000Z"


def fresh_id() -> str:
    """A map's id that nobody has: tests of one database stay apart by it."""
    return f"map-{secrets.token_hex(6)}"


class Chronicle:
    """The nodes of a map after each of its changes."""

    def __init__(self, map_id: str | None = None, created_at: str = START) -> None:
        self.id = map_id or fresh_id()
        self.created_at = created_at
        self.nodes: dict[str, AnyNode] = {}
        self.title = "A map"
        self.changes: list[Change] = []

    @property
    def revision(self) -> int:
        return len(self.changes)

    @property
    def version(self) -> MapVersion:
        """Where the map stands."""
        return MapVersion(self.revision, self.created_at, self.changes[-1].uid)

    @property
    def header(self) -> MapHeader:
        last = self.changes[-1]
        return MapHeader(
            id=self.id, title=self.title, revision=self.revision, created_at=self.created_at, created_by="ann",
            updated_at=last.at, updated_by=last.by, change=last.uid,
        )  # fmt: skip

    @property
    def rows(self) -> MapRows:
        """What a store should load."""
        ordered = [self.nodes[i] for i in sorted(self.nodes)]
        kinds = bytes(KINDS.index(node.kind) for node in ordered)
        return MapRows(self.header, [n.id for n in ordered], kinds, [n.dense() for n in ordered])

    def next(
        self,
        *puts: AnyNode,
        gone: Iterable[str] = (),
        title: str | None = None,
        at: str | None = None,
        by: str = "ann",
        idempotency: IdempotencyRecord | None = None,
    ) -> Change:
        """The next change: nodes put and taken out, the map renamed."""
        edits = [Edit("map", self.id, None, _named(self.title))] if not self.changes else []
        if title is not None:
            edits.append(Edit("map", self.id, _named(self.title), _named(title)))
            self.title = title
        for node_id in gone:
            node = self.nodes.pop(node_id)
            edits.append(Edit(node.kind, node_id, _raw(node), None))
        for node in puts:
            before = self.nodes.get(node.id)
            edits.append(Edit(node.kind, node.id, before and _raw(before), _raw(node)))
            self.nodes[node.id] = node
        revision = self.revision + 1
        # The first at the map's birth, each a second after the one before.
        moment = at or (
            self.created_at
            if revision == 1
            else f"{self.created_at[:14]}{revision // 60:02}:{revision % 60:02}.000000Z"
        )
        uid = f"change-{secrets.token_hex(8)}"
        follows = self.changes[-1].uid if self.changes else ""
        self.changes.append(Change(self.id, revision, uid, moment, by, tuple(edits), idempotency, follows))
        return self.changes[-1]


def _raw(node: AnyNode) -> msgspec.Raw:
    return msgspec.Raw(node.dense())


def _named(title: str) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode({"title": title, "question": "", "description": ""}))


async def loaded(store: Store, map_id: str) -> MapRows | None:
    """What a store loads; where it keeps the arguments' structure beside the documents, that must be theirs."""
    rows = await store.load(map_id)
    if rows is None or rows.steps is None:
        return rows
    arguments = [d for d, kind in zip(rows.documents, rows.kinds, strict=True) if KINDS[kind] == "argument"]
    told = StepColumns.read(rows.ids, arguments)
    for field in fields(StepColumns):
        assert getattr(rows.steps, field.name).tolist() == getattr(told, field.name).tolist(), field.name
    return rows._replace(steps=None)
