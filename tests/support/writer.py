"""A process that writes statements to a map, one after another, and says each when it is acknowledged.

Usage: python -m tests.support.writer PLACE MAP NAME COUNT [EDITS]
Each write makes EDITS statements NAME-n-0 to NAME-n-(EDITS - 1) and an edit of `counter`.
"""

from __future__ import annotations

import asyncio
import sys

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from schemas.node import Statement
from tests.support.stores import Place
from tests.support.write_requests import create_statement, update


def counting(name: str, n: int, edits: int) -> WriteRequest:
    """Make statements and count one further in `counter`: a lost update would show in its number."""

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        node = graph.node("counter")
        assert isinstance(node, Statement)
        commands: list[Command] = [create_statement(f"{name}-{n}-{i}") for i in range(edits)]
        return plan(graph, [update("statement", "counter", text=str(int(node.text) + 1)), *commands], provenance)

    return WriteRequest(planned, name, lambda _: b"")


async def write(place: Place, map_id: str, name: str, count: int, edits: int) -> None:
    store = place.store()
    await store.open()
    workspace = Workspace(store)
    print("ready", flush=True)
    for n in range(count):
        written = await workspace.write(map_id, counting(name, n, edits))
        print(f"{name}-{n} {written.revision}", flush=True)
    await store.close()


if __name__ == "__main__":
    where, map_id, name, count, *more = sys.argv[1:]
    asyncio.run(write(Place.read(where), map_id, name, int(count), int(more[0]) if more else 1))
