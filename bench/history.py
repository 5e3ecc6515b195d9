"""A long history: 10,000 changes of the example map, looked back at from any age, told in pages, and undone.

On each store: embedded it is the time of this process, which leaves out what a busy machine adds; of Neo4j, which works
in a process of its own, the time that passes.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import NamedTuple

from bench.cypher import Address, served
from bench.figure import Figure
from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.port import Store
from graph.maps.replay import empty, forward
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import compact
from graph.stores import open_store
from schemas.change import Command
from seed.articles import DEFAULT
from seed.loader import load

_CHANGES = 10_000
_TOGETHER = 250
_AGES = (1, 2, 17, 2_500, 5_001, 7_777, 9_999)
_LOOKED_AT = 201
_BEGINNINGS = 3
"""Processes that begin for each age: the first of all that ask a Neo4j waits until it has planned the questions."""
_WARM, _COLD = 100.0, 1000.0
"""Milliseconds in which any age is to be there, in a process that has looked back before and in one that has not."""


class _Place(NamedTuple):
    """Where the history is kept."""

    name: str
    store: Callable[[], Store]
    clock: Callable[[], float]


def figures(address: Address | None = None) -> Iterator[Figure]:
    """Looking back in a process that begins and in one that runs; pages of the log; an undo.

    On SQLite, and on the given server or one started for it; raises `Unmeasurable` where none can be had.
    """
    with TemporaryDirectory() as folder:
        url = f"sqlite:{Path(folder) / 'history.db'}"
        yield from asyncio.run(_measured(_Place("sqlite", lambda: open_store(url), process_time)))
    with served(address) as there:
        yield from asyncio.run(_measured(_Place("neo4j", there.store, perf_counter)))


async def _measured(place: _Place) -> list[Figure]:
    await _fill(place)
    cold = [median([await _cold(place, age) for _ in range(_BEGINNINGS)]) for age in (_AGES[0], _AGES[3])]
    store = place.store()
    await store.open()
    workspace = Workspace(store)
    timed = _timed(place.clock)
    await workspace.at(DEFAULT, str(_AGES[0]))
    warm = [await timed(workspace.at(DEFAULT, str(age))) for age in _AGES[1:]]
    history, newest = workspace.history, await workspace.at(DEFAULT)
    span = await history.span(newest, None, None)
    by_node = await timed(history.select(newest, span, nodes=["p-50"]))
    by_field = await timed(history.select(newest, span, fields=["note"]))
    undo = WriteRequest(_never, "bench", lambda _: b"{}", prepare=history.undoing("bench", "undo"))
    undone = await timed(workspace.write(DEFAULT, undo))
    differing = await _differing(workspace)
    await workspace.delete(DEFAULT)
    await store.close()
    name = place.name
    return [
        Figure(f"{name}: as_of, 10,000 changes back, process begins (worst)", max(cold), "ms", None, "< 1 s",
               max(cold) < _COLD),
        Figure(f"{name}: as_of, any age of 10,000 changes, process runs (worst)", max(warm), "ms", None, "< 100 ms",
               max(warm) < _WARM),
        Figure(f"{name}: states walked back to that differ from a replay", differing, f"of {_LOOKED_AT}", None, "none",
               differing == 0),
        Figure(f"{name}: changes of one node among 10,000", by_node, "ms"),
        Figure(f"{name}: changes of one field among 10,000", by_field, "ms"),
        Figure(f"{name}: undo, durable, behind 10,000 changes", undone, "ms"),
    ]  # fmt: skip


async def _differing(workspace: Workspace) -> int:
    """How many states are another when walked back to than when all changes are done again from the first one."""
    newest = await workspace.at(DEFAULT)
    last = newest.revision
    ages = {1 + n * (last - 1) // (_LOOKED_AT - 1) for n in range(_LOOKED_AT)}
    graph, differing = empty(newest.header.model_copy(update={"revision": 0})), 0
    for change in await workspace.store.changes(DEFAULT, 0, last):
        graph = forward(graph, [change])
        if change.revision in ages:
            then = await workspace.at(DEFAULT, str(change.revision))
            same = _stored(then) == _stored(graph) and then.header.change == change.uid
            differing += not same
            graph = compact(graph)
    return differing


def _stored(graph: ArgumentGraph) -> dict[str, bytes]:
    return {graph.id(n): bytes(graph.stored(n)) for n in graph.numbers()}


async def _cold(place: _Place, age: int) -> float:
    store = place.store()
    await store.open()
    took = await _timed(place.clock)(Workspace(store).at(DEFAULT, str(age)))
    await store.close()
    return took


def _timed(clock: Callable[[], float]) -> Callable[[Awaitable[object]], Awaitable[float]]:
    async def timed(work: Awaitable[object]) -> float:
        begin = clock()
        await work
        return 1000 * (clock() - begin)

    return timed


async def _fill(place: _Place) -> None:
    """Every other change makes a statement, the others annotate those that are there."""
    store = place.store()
    await store.open()
    workspace = Workspace(store)
    await load(workspace)
    ids = [node.id for node in (await workspace.at(DEFAULT)).nodes("statement")]
    for start in range(0, _CHANGES, _TOGETHER):
        requests = (_request(n, ids) for n in range(start, start + _TOGETHER))
        await asyncio.gather(*(workspace.write(DEFAULT, request) for request in requests))
    await store.close()


def _request(n: int, ids: list[str]) -> WriteRequest:
    note = Command(op="update", kind="statement", id=ids[n % len(ids)], value={"note": f"looked at for the {n}th time"})
    made = Command(op="create", kind="statement", id=f"new-{n}", value={"text": f"Somebody said so {n} times."})
    command = note if n % 2 else made
    return WriteRequest(lambda graph, provenance: plan(graph, [command], provenance), "bench", lambda _: b"{}")


def _never(graph: ArgumentGraph, provenance: Provenance) -> Plan:
    raise RuntimeError("an undo is planned with the log")
