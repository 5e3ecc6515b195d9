"""A long history: 10,000 changes of the example map, looked back at from any age, told in pages, and undone."""

import asyncio
from collections.abc import Awaitable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from bench.figure import Figure
from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from graph.stores import open_store
from schemas.change import Command
from seed.articles import DEFAULT
from seed.loader import load

_CHANGES = 10_000
_TOGETHER = 250
_AGES = (1, 2, 17, 2_500, 5_001, 7_777, 9_999)
_WARM, _COLD = 100.0, 1000.0
"""Milliseconds in which any age is to be there, in a process that has looked back before and in one that has not."""


def figures() -> Iterator[Figure]:
    """Looking back in a process that begins and in one that runs; a page of the log; an undo."""
    with TemporaryDirectory() as folder:
        yield from asyncio.run(_measured(f"sqlite:{Path(folder) / 'history.db'}"))


async def _measured(url: str) -> list[Figure]:
    await _fill(url)
    cold = [await _cold(url, age) for age in (_AGES[0], _AGES[3])]
    store = open_store(url)
    await store.open()
    workspace = Workspace(store)
    await workspace.at(DEFAULT, str(_AGES[0]))
    warm = [await _timed(workspace.at(DEFAULT, str(age))) for age in _AGES[1:]]
    history, newest = workspace.history, await workspace.at(DEFAULT)
    span = await history.span(newest, None, None)
    by_node = await _timed(history.select(newest, span, nodes=["p-50"]))
    by_field = await _timed(history.select(newest, span, fields=["note"]))
    undone = await _timed(
        workspace.write(
            DEFAULT, WriteRequest(_never, "bench", lambda _: b"{}", prepare=history.undoing("bench", "undo"))
        )
    )
    await store.close()
    return [
        Figure("as_of, 10,000 changes back, process begins (worst)", max(cold), "ms", None, "< 1 s", max(cold) < _COLD),
        Figure("as_of, any age of 10,000 changes, process runs (worst)", max(warm), "ms", None, "< 100 ms",
               max(warm) < _WARM),
        Figure("changes of one node among 10,000", by_node, "ms"),
        Figure("changes of one field among 10,000", by_field, "ms"),
        Figure("undo, durable, behind 10,000 changes", undone, "ms"),
    ]  # fmt: skip


async def _cold(url: str, age: int) -> float:
    store = open_store(url)
    await store.open()
    took = await _timed(Workspace(store).at(DEFAULT, str(age)))
    await store.close()
    return took


async def _timed(work: Awaitable[object]) -> float:
    begin = process_time()  # of all threads; it leaves out what a busy machine adds
    await work
    return 1000 * (process_time() - begin)


async def _fill(url: str) -> None:
    """Every other change makes a statement, the others annotate those that are there."""
    store = open_store(url)
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
