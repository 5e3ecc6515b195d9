"""A store holds nothing up while it keeps, reads and changes a map that is hard: this folder's watchdog looks."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from graph.maps.port import Store
from schemas.change import Change
from schemas.map import MapHeader
from schemas.node import AnyNode
from schemas.query import ViewQuery
from service.http.context import Service
from service.settings import Settings
from tests.support.chronicle import Chronicle
from tests.support.hostile import HOSTILE, deep, dense
from tests.support.write_requests import update, write_request

MAPS: dict[str, Callable[[], Iterator[AnyNode]]] = {
    **HOSTILE,
    "dense": lambda: dense(400),
    "deep": lambda: deep(10_000),
}
"""As large as a whole map must be to hold a loop: a server takes minutes for the full ones."""
TOGETHER = {"dense": 500, "fat": 40}
"""Nodes of a change where not 5,000: a whole map may be more than one transaction of a server has memory for."""
_ORDER = ("actor", "source", "motive", "statement", "argument", "assertion")
"""Whatever a node names comes before it."""


def _made(name: str) -> tuple[Chronicle, list[tuple[MapHeader, Change]]]:
    """A hostile map, and what is to be committed for it."""
    told, commits = Chronicle(), []
    nodes = sorted(MAPS[name](), key=lambda node: _ORDER.index(node.kind))
    together = TOGETHER.get(name, 5_000)
    for begin in range(0, len(nodes), together):
        change = told.next(*nodes[begin : begin + together])
        commits.append((told.header, change))
    return told, commits


@pytest.mark.slow
@pytest.mark.parametrize("name", MAPS)
async def test_a_hostile_map_is_kept_read_searched_and_changed(store: Store, another: Store, name: str) -> None:
    told, commits = await asyncio.to_thread(_made, name)
    for header, change in commits:
        await store.commit(header, [change])
    loaded = await another.load(told.id)
    assert await asyncio.to_thread(lambda: loaded[:4] == told.rows[:4])
    for n, (_, change) in enumerate(commits):
        assert [one.uid for one in await another.changes(told.id, n, n + 1)] == [change.uid]
    assert await another.known(told.id, loaded.ids) == set(loaded.ids)
    assert (await another.search("the", [told.id], [])).nodes

    service = Service(Settings(seed=False), another)
    view = await service.workspace.view(told.id, ViewQuery(without=("said",)))
    assert view.revision == len(commits)
    await service.workspace.write(told.id, write_request(update("statement", "centre", note="anew")))
    await service.watch.stop()
    assert (await store.version(told.id)).revision == len(commits) + 1
    assert await another.drop(told.id)
