"""Writing: durable writes through the workspace against the bare commit of the same rows, and reads after an edit."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import apsw

from bench.figure import Figure, Times
from bench.filling import MAP, fill, statement_id
from graph.editing.planning import plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.paths.paths import paths
from graph.stores.sqlite import SqliteStore
from schemas.change import Command
from schemas.query import PathsQuery, ViewQuery

_SIZE = 100_000
_WRITES = 400
_WRITERS = 8
_AT_MOST = 3.0
"""Times the bare commit that a durable write may take."""
_EDITS = 100

Statement = tuple[str, Any]


def figures() -> Iterator[Figure]:
    """All on one map of 100,000 arguments and as many statements."""
    with TemporaryDirectory() as folder:
        large = Path(folder) / "large.db"
        fill(large, _SIZE)
        one, said = asyncio.run(_one_writer(_copy(large, "one")))
        bare = _bare(_copy(large, "bare"), said)
        yield Figure("write: the bare commit of the same rows", 1000 * bare.median, "ms")
        ratio = one.median / bare.median
        goal = f"<= {_AT_MOST:g}"
        yield Figure("write: one writer, durable", 1000 * one.median, "ms", ratio, goal, ratio <= _AT_MOST)
        alone, together = asyncio.run(_many_writers(_copy(large, "many")))
        name = f"write: {_WRITERS} writers, each durable, time per write"
        yield Figure(name, 1000 * together, "ms", together / bare.median)
        yield Figure("write: the slowest of them", 1000 * alone.worst, "ms")
        yield from asyncio.run(_reads_after_edits(_copy(large, "read")))


def _copy(path: Path, name: str) -> Path:
    copy = path.with_name(f"{name}.db")
    copyfile(path, copy)
    return copy


async def _one_writer(path: Path) -> tuple[Times, list[list[Statement]]]:
    """Time writes one after another, and keep what SQLite was told in each."""
    store = SqliteStore(str(path))
    await store.open()
    workspace = Workspace(store)
    await _write(workspace, "warm")
    said: list[list[Statement]] = []
    listening = store._connections._writer
    assert listening is not None

    def listen(_: Any, statement: str, bindings: Any) -> bool:
        if statement.startswith("BEGIN"):
            said.append([])
        said[-1].append((statement, bindings))
        return True

    listening.exec_trace = listen
    seconds = [await _write(workspace, f"w{n}") for n in range(_WRITES)]
    await store.close()
    return Times(tuple(seconds)), said


def _bare(path: Path, said: list[list[Statement]]) -> Times:
    """The same statements again on a file as it was before, with nothing around them."""
    connection = apsw.Connection(str(path))
    connection.pragma("synchronous", "FULL")
    connection.pragma("cache_size", -65_536)
    seconds = []
    connection.execute("UPDATE maps SET revision = revision + 1")
    for statements in said:
        begin = perf_counter()
        for statement, bindings in statements:
            connection.execute(statement, bindings).fetchall()
        seconds.append(perf_counter() - begin)
    changed = connection.execute("SELECT count(*) FROM log").fetchall()[0][0]
    assert changed == len(said), "the statements did not do the same again"
    connection.close()
    return Times(tuple(seconds))


async def _many_writers(path: Path) -> tuple[Times, float]:
    """The time that each write took, and the whole time by the number of writes."""
    store = SqliteStore(str(path))
    await store.open()
    workspace = Workspace(store)
    await _write(workspace, "warm")

    async def writer(n: int) -> list[float]:
        return [await _write(workspace, f"w{n}-{m}") for m in range(_WRITES // 4)]

    begin = perf_counter()
    seconds = await asyncio.gather(*(writer(n) for n in range(_WRITERS)))
    whole = perf_counter() - begin
    await store.close()
    each = tuple(second for some in seconds for second in some)
    return Times(each), whole / len(each)


async def _reads_after_edits(path: Path) -> list[Figure]:
    """A read that finds one edit made since the last, by this process or by another one, which costs catching up."""
    stores = [SqliteStore(str(path)), SqliteStore(str(path))]
    for store in stores:
        await store.open()
    here, there = (Workspace(store) for store in stores)
    query = PathsQuery.model_validate({"from": (statement_id(_SIZE - 1, _SIZE),), "to": (statement_id(0, _SIZE),)})
    found = []
    for writer, name in ((here, "by this process"), (there, "by another process")):
        read, answered = await _after_each_edit(here, writer, query, name.split()[1])
        within = 1000 * read.median < 1
        found.append(Figure(f"write: read after an edit {name}", 1000 * read.median, "ms", None, "< 1 ms", within))
        goal = "< 1 ms" if writer is here else ""
        within = not goal or 1000 * answered.median < 1
        name = f"write: paths after an edit {name}"
        found.append(Figure(name, 1000 * answered.median, "ms", None, goal, within))
    for store in stores:
        await store.close()
    return found


async def _after_each_edit(reader: Workspace, writer: Workspace, query: PathsQuery, name: str) -> tuple[Times, Times]:
    paths(await reader.view(MAP, ViewQuery()), query)
    read, answered = [], []
    for n in range(_EDITS):
        await _write(writer, f"{name}-{n}")
        begin = perf_counter()
        graph = await reader.view(MAP, ViewQuery())
        read.append(perf_counter() - begin)
        paths(graph, query)
        answered.append(perf_counter() - begin)
    return Times(tuple(read)), Times(tuple(answered))


async def _write(workspace: Workspace, name: str) -> float:
    """Make a statement and an argument from it, and give the seconds until both are durable."""
    new = f"p-new-{name}"
    fields: dict[str, object] = {"premises": [new], "target": statement_id(7, _SIZE), "stance": "supporting"}
    commands = [
        Command(
            op="create", kind="statement", id=new, value={"text": f"{name} says that shells were sold in the north"}
        ),
        Command(op="create", kind="argument", id=f"a-new-{name}", value=fields),
    ]
    request = WriteRequest(lambda graph, provenance: plan(graph, commands, provenance), "bench", lambda planned: b"{}")
    begin = perf_counter()
    await workspace.write(MAP, request)
    return perf_counter() - begin
