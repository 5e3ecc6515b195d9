"""A process in which analysts read and write a map at once, and which says of each deed when it began and ended.

Usage: python -m tests.support.analyst PLACE MAP NAME COUNT SEED
It says a line of JSON for each deed: what was done, when it began and ended by a clock that all processes share, the
revision that it was told of, and what it saw or wrote.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from typing import Any, Literal

from graph.errors import GraphError
from graph.maps.workspace import Workspace
from schemas.change import Command
from schemas.node import label
from tests.support.stores import Place
from tests.support.write_requests import create_statement, delete, update, write_request

HANDS = 3
SHARED = ("p-50", "p-12", "food")
"""Nodes that all of them edit."""
Deed = Literal["read", "set", "make", "take"]


async def act(workspace: Workspace, map_id: str, name: str, count: int, chance: random.Random) -> None:
    mine: list[str] = []
    for n in range(count):
        deed: Deed = chance.choice(("read", "read", "set", "make", "take"))
        node = chance.choice(SHARED)
        text = f"{name} {n}"
        if deed == "make" or (deed == "take" and not mine):
            deed, node = "make", f"{name}-{n}"
            mine.append(node)
        elif deed == "take":
            node = mine.pop()
        begun = time.monotonic_ns()
        try:
            revision, seen = await _done(workspace, map_id, deed, node, text, name)
        except GraphError as error:
            say(deed=deed, node=node, by=name, begun=begun, ended=time.monotonic_ns(), refused=error.name)
            continue
        say(deed=deed, node=node, by=name, begun=begun, ended=time.monotonic_ns(), revision=revision, text=seen)


async def _done(
    workspace: Workspace, map_id: str, deed: Deed, node: str, text: str, name: str
) -> tuple[int, str | None]:
    if deed == "read":
        graph = await workspace.at(map_id)
        return graph.revision, label(graph.node(node))
    command: Command
    if deed == "set":
        command = update("motive" if node == "food" else "statement", node, text=text)
    else:
        command = create_statement(node, text) if deed == "make" else delete("statement", node)
    written = await workspace.write(map_id, write_request(command, by=name))
    return written.revision, None if deed == "take" else text


def say(**what: Any) -> None:
    print(json.dumps(what), flush=True)


async def main(place: Place, map_id: str, name: str, count: int, seed: int) -> None:
    store = place.store()
    await store.open()
    workspace = Workspace(store)
    hands = (act(workspace, map_id, f"{name}{n}", count, random.Random(f"{seed} {n}")) for n in range(HANDS))
    await asyncio.gather(*hands)
    await store.close()


if __name__ == "__main__":
    where, map_id, name, count, seed = sys.argv[1:]
    asyncio.run(main(Place.read(where), map_id, name, int(count), int(seed)))
