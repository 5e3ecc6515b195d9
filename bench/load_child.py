"""One load in a process of its own, so that time and memory are its alone; prints what it cost as JSON.

Usage: python -m bench.load_child bare|answer FILE FROM TO
"""

import asyncio
import gc
import json
import sys
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

import apsw

from bench.filling import MAP
from graph.maps.workspace import Workspace
from graph.paths.paths import paths
from graph.stores.sqlite import SqliteStore
from schemas.query import PathsQuery, ViewQuery

_BARE = "SELECT id, kind, document FROM nodes WHERE map = 1 ORDER BY id"


def bare(path: str) -> Any:
    """The rows of the map in lists, as SQLite and apsw give them."""
    connection = apsw.Connection(path)
    return connection.execute(_BARE).fetchall()


async def answer(path: str, start: str, end: str) -> Any:
    """Open the store and answer one question."""
    store = SqliteStore(path)
    await store.open()
    workspace = Workspace(store)
    graph = await workspace.view(MAP, ViewQuery())
    found = paths(graph, PathsQuery.model_validate({"from": (start,), "to": (end,), "limit": 5}))
    return store, workspace, graph, found


def resident() -> int:
    """Bytes of memory that the process has."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096


def main(what: str, path: str, start: str, end: str) -> None:
    """Measure one of the two."""
    Path(path).read_bytes()  # in the system's cache for both alike
    gc.collect()
    memory, wall, cpu = resident(), perf_counter(), process_time()
    held = bare(path) if what == "bare" else asyncio.run(answer(path, start, end))
    cost = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}
    print(json.dumps({**cost, "memory": resident() - memory, "held": len(held)}))


if __name__ == "__main__":
    main(*sys.argv[1:])
