"""A store whose map is written to by another between every two calls, so that nothing asked twice is the same."""

from __future__ import annotations

import asyncio
import secrets
from collections import Counter
from typing import Any

import msgspec

from graph.maps.port import Store
from graph.stores.sqlite import SqliteStore
from schemas.change import Change, Edit
from schemas.node import AnyNode, read_node
from schemas.vocabulary import KINDS, Kind
from tests.support.nodes import argument, assertion, statement

_READS = Store.__abstractmethods__ - {"open", "check", "commit", "drop", "close", "keys"}


class RestlessStore(SqliteStore):
    """In memory; after each call the map changes to and fro between two states that every question tells apart."""

    def __init__(self, map_id: str) -> None:
        super().__init__(":memory:")
        self.map_id = map_id
        self.writes_left = 0
        """How many more calls are followed by a write of another."""
        self.calls: Counter[str] = Counter()
        self._stirring = asyncio.Lock()

    def __getattribute__(self, name: str) -> Any:
        found = super().__getattribute__(name)
        return self._followed(name, found) if name in _READS else found

    def _followed(self, name: str, method: Any) -> Any:
        async def call(*args: Any, **kwargs: Any) -> Any:
            self.calls[name] += 1
            answer = await method(*args, **kwargs)
            if self.writes_left:
                self.writes_left -= 1
                await self.stir()
            return answer

        return call

    async def stir(self) -> None:
        """Write the other of the two states, as another process does; after calls at once one after another."""
        async with self._stirring:
            await self._write()

    async def _write(self) -> None:
        rows = await SqliteStore.load(self, self.map_id)
        assert rows is not None
        revision = rows.header.revision + 1
        here = {i: (KINDS[k], d) for i, k, d in zip(rows.ids, rows.kinds, rows.documents, strict=True)}
        wanted = {node.id: node for node in state(revision)}
        # A state takes away what the one before brought, so that each revision has nodes that no other has.
        others = {node.id for node in (*state(revision - 1), *state(revision))} & (here.keys() | wanted.keys())
        edits = tuple(_edit(here.get(node_id), wanted.get(node_id)) for node_id in sorted(others))
        header = rows.header.model_copy(update={"revision": revision})
        uid = f"other-{secrets.token_hex(8)}"
        change = Change(self.map_id, revision, uid, header.updated_at, "another", edits, None, rows.header.change)
        await SqliteStore.commit(self, header, [change])


def state(revision: int) -> list[AnyNode]:
    """What stands in the map beside the rest at a revision; of two that follow one another nothing is the same."""
    if revision % 2:
        return [
            statement("centre", "what everything is about, as one says", credence=0.9, note="odd"),
            argument("doubt", "aside", "centre", "opposing", confidence="high"),
            argument("step", "start", "centre", confidence="low"),
            assertion("said", "centre", "paper", chain=("speaker",), modality="possible"),
            statement(f"only-{revision}", "what is said of the matter in odd revisions"),
            argument(f"step-{revision}", f"only-{revision}", "centre"),
            assertion("odd-said", "centre", "copy", chain=("other",)),
        ]
    return [
        statement("centre", "what everything is about, as another says", credence=0.1),
        argument("doubt", "aside", "start"),
        argument("step", ("start", "aside"), "centre"),
        assertion("said", "centre", "paper", chain=("other", "speaker")),
        statement(f"only-{revision}", "what is said of the matter in even revisions"),
        argument(f"step-{revision}", (f"only-{revision}", "aside"), "centre"),
    ]


def _edit(here: tuple[Kind, bytes] | None, node: AnyNode | None) -> Edit:
    """What another does to one node: sets it, with a version of its own, or takes it out."""
    if here is None:
        assert node is not None
        return Edit(node.kind, node.id, None, msgspec.Raw(node.dense()))
    kind, document = here
    before = read_node(kind, document)
    if node is None:
        return Edit(kind, before.id, msgspec.Raw(document), None)
    after = node.model_copy(update={"version": before.version + 1})
    return Edit(kind, before.id, msgspec.Raw(document), msgspec.Raw(after.dense()))
