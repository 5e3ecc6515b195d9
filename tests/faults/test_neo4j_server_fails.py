"""A Neo4j that freezes, is killed or loses its connections: nothing acknowledged is lost, nothing half is seen."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from graph.errors import OutcomeUnknown, StoreError, StoreUnavailable
from graph.maps.commit_queue import has_happened
from graph.maps.workspace import Workspace
from graph.stores import neo4j_calls
from graph.stores.neo4j import Neo4jStore
from schemas.map import MapCreate
from scripts.neo4j_jars import Neo4jServerError
from scripts.neo4j_server import Neo4jServer
from tests.support.chronicle import Chronicle, fresh_id
from tests.support.ci import not_here
from tests.support.files import ROOT
from tests.support.neo4j import GIVEN, NEO4J_VERSIONS, SHORT_LIVED
from tests.support.nodes import argument, statement
from tests.support.stores import Place
from tests.support.waiting import until
from tests.support.write_requests import create_statement, write_request

pytestmark = [pytest.mark.neo4j, pytest.mark.faults, pytest.mark.slow, pytest.mark.xdist_group("neo4j-faults")]
PATIENCE = 3.0
IN_TIME = 60
"""Seconds: twenty times the patience, for a busy machine; a call without an end would never return."""
WRITERS = 4
FREEZES = 4


@pytest.fixture(scope="module", params=NEO4J_VERSIONS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Neo4jServer]:
    """A server of these tests alone; each test leaves it running."""
    if request.param == GIVEN:
        not_here("a server given by its address cannot be killed")
    server = Neo4jServer(tmp_path_factory.mktemp("neo4j"), version=request.param, jvm=SHORT_LIVED)
    try:
        server.start()
    except Neo4jServerError as error:
        not_here(str(error))
    asyncio.run(warm_up(server))
    yield server
    server.thaw()
    server.kill()


async def warm_up(server: Neo4jServer) -> None:
    """Let a cold server plan each statement once, which may take longer than these tests have patience."""
    store = Neo4jStore(server.uri, user=server.user, password=server.password, patience=60)
    await store.open()
    told = Chronicle()
    first = told.next(statement("p"), statement("q"), argument("a", "p", "q"))
    second = told.next(statement("q", "changed"), argument("a", "q", "p"))
    third = told.next(gone=["a"])
    for change in (first, second, third):
        await store.commit(told.header.model_copy(update={"revision": change.revision}), [change])
    for call in calls_of(store, told.id):
        await call()
    await store.close()


def calls_of(store: Neo4jStore, map_id: str) -> list[Callable[[], Awaitable[Any]]]:
    """Every method but `commit`; the last deletes the map."""
    return [
        store.check,
        store.maps,
        lambda: store.version(map_id),
        lambda: store.load(map_id),
        lambda: store.changes(map_id, 0, 1),
        lambda: store.idempotency_record("key"),
        lambda: store.known(map_id, ["p"]),
        lambda: store.revision_at(map_id, "2027-01-01T00:00:00Z"),
        lambda: store.search("shells", [], []),
        lambda: store.drop(map_id),
    ]


@pytest.fixture
async def store(server: Neo4jServer) -> AsyncIterator[Neo4jStore]:
    store = Neo4jStore(server.uri, user=server.user, password=server.password, patience=PATIENCE)
    await store.open()
    yield store
    server.thaw()
    await store.close()


async def in_time(work: Awaitable[Any], kinds: tuple[type[StoreError], ...] = (StoreUnavailable,)) -> None:
    """Fail unless the work fails as it should; without an end of our own it would wait for ever."""
    async with asyncio.timeout(IN_TIME):
        with pytest.raises(kinds):
            await work


async def freeze(server: Neo4jServer) -> None:
    """Freeze the server and wait until each of its threads stands still: a signal takes its time to reach them."""
    server.freeze()
    await until(lambda: all(_stands_still(thread) for thread in Path("/proc").glob(f"{server.pid}/task/*")))


def _stands_still(thread: Path) -> bool:
    try:
        return (thread / "stat").read_text().rpartition(")")[2].split()[0] in {"T", "t"}
    except OSError:  # it has ended
        return True


async def test_every_call_to_a_frozen_server_ends_within_seconds(server: Neo4jServer, store: Neo4jStore) -> None:
    told = Chronicle()
    change = told.next(statement("p"))
    await store.commit(told.header, [change])
    later = told.next(statement("q"))
    calls = [*calls_of(store, told.id), lambda: store.commit(told.header, [later])]
    await asyncio.gather(*(store.version(told.id) for _ in range(len(calls))))  # a warm pool
    await freeze(server)
    await asyncio.gather(*(in_time(call()) for call in calls))
    await in_time(store.version(told.id))  # cold as well
    server.thaw()

    assert (await healed(lambda: store.version(told.id))).revision == 1, "a commit that was refused has not happened"
    answers = await asyncio.gather(*(healed(lambda: store.load(told.id)) for _ in range(12)))
    assert {rows.header.revision for rows in answers} == {1}
    await healed(lambda: store.commit(told.header, [later]))
    assert await healed(lambda: store.load(told.id)) == told.rows


async def test_a_frozen_server_lets_the_store_close(server: Neo4jServer) -> None:
    store = Neo4jStore(server.uri, user=server.user, password=server.password, patience=PATIENCE)
    await store.open()
    await asyncio.gather(*(store.maps() for _ in range(4)))
    await freeze(server)
    async with asyncio.timeout(IN_TIME):
        await store.close()
    server.thaw()


async def test_the_outcome_of_a_write_that_was_cut_off_is_found_out(
    server: Neo4jServer, store: Neo4jStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server freezes at another moment of each write; whatever the store said, it said the truth."""
    told = Chronicle()
    begun = asyncio.get_running_loop().time()
    for n in range(6):
        change = told.next(statement(f"q{n}"))
        await store.commit(told.header, [change])
    usual = (asyncio.get_running_loop().time() - begun) / 6
    fetched = neo4j_calls._fetched
    moment = -1.0
    frozen = asyncio.Event()

    def freeze_now() -> None:
        server.freeze()
        frozen.set()

    async def answered(*arguments: Any) -> Any:
        """Freeze before the commit is sent, or that much later."""
        nonlocal moment
        found = await fetched(*arguments)
        if moment >= 0:
            asyncio.get_running_loop().call_later(moment, freeze_now)
            moment = -1
        return found

    monkeypatch.setattr(neo4j_calls, "_fetched", answered)
    unknown = happened = 0
    for n in range(20):
        change = told.next(statement(f"p{n}"))
        moment = -1 if n % 4 == 3 else usual * n / 40
        frozen.clear()
        if moment < 0:
            asyncio.get_running_loop().call_later(usual * n / 20, freeze_now)
        failed = (await asyncio.gather(store.commit(told.header, [change]), return_exceptions=True))[0]
        await frozen.wait()
        server.thaw()
        assert failed is None or isinstance(failed, StoreUnavailable | OutcomeUnknown)
        done = await healed(lambda change=change: has_happened(store, change))
        if failed is None:
            assert done
        elif isinstance(failed, OutcomeUnknown):
            unknown += 1
            happened += done
        else:
            assert not done, "it said that nothing had happened"
        if not done:
            del told.nodes[f"p{n}"], told.changes[-1]
        assert await healed(lambda: store.load(told.id)) == told.rows
    print(f"{unknown} writes of 20 were cut off in mid-flight; {happened} of these had happened")
    assert unknown > 0, "no write was caught while it committed"


async def test_a_workspace_writes_each_request_once_though_the_server_freezes(
    server: Neo4jServer, store: Neo4jStore
) -> None:
    workspace = Workspace(store)
    map_id = fresh_id()
    await workspace.create(MapCreate(id=map_id, title="Frozen now and then"), write_request(create_statement("p")))

    acknowledged: list[str] = []
    refused: list[str] = []
    unknown: list[str] = []
    thawed = asyncio.Event()
    thawed.set()

    async def freeze_and_thaw() -> None:
        for n in range(FREEZES):
            done, said_no = len(acknowledged), len(refused) + len(unknown)
            await until(lambda done=done, n=n: len(acknowledged) > done + n)
            thawed.clear()
            server.freeze()
            await until(lambda said_no=said_no: len(refused) + len(unknown) > said_no)
            server.thaw()
            thawed.set()

    async def write(name: str) -> None:
        n = 0
        while n < 40 or not freezing.done():
            try:
                await workspace.write(map_id, write_request(create_statement(f"{name}-{n}")))
            except (StoreUnavailable, OutcomeUnknown) as error:
                # Where the freeze met the commit itself the store can only say that it does not know.
                (unknown if isinstance(error, OutcomeUnknown) else refused).append(f"{name}-{n}")
                await thawed.wait()
            else:
                acknowledged.append(f"{name}-{n}")
            n += 1

    freezing = asyncio.create_task(freeze_and_thaw())
    await asyncio.gather(freezing, *(write(f"w{n}") for n in range(WRITERS)))
    log = await healed(lambda: store.changes(map_id, 0, 10_000))
    made = [edit.id for change in log for edit in change.edits if edit.kind == "statement"]
    assert len(made) == len(set(made)), "a write_request was carried out twice"
    assert set(acknowledged) <= set(made), "an acknowledged write is lost"
    assert sorted(made) == (await healed(lambda: store.load(map_id))).ids


async def test_a_server_that_is_killed_loses_nothing_that_was_acknowledged(
    server: Neo4jServer, store: Neo4jStore, tmp_path: Path
) -> None:
    workspace = Workspace(store)
    map_id = fresh_id()
    await workspace.create(MapCreate(id=map_id, title="Killed"), write_request(create_statement("counter", "0")))
    place = Place(server.uri, server.user, server.password).spelled()
    acknowledged: dict[str, int] = {}
    for round in range(2):
        writers = [await writer(place, map_id, f"r{round}w{n}", tmp_path / f"{round}-{n}") for n in range(WRITERS)]
        first = [await lines_of(process, 6) for process in writers]
        server.kill()
        said = [first[n] + await lines_of(process) for n, process in enumerate(writers)]
        lines = [line.split() for some in said for line in some if line != "ready"]
        acknowledged |= {name: int(revision) for name, revision in lines}
        await in_time(store.version(map_id))
        server.start()
        await warm_up(server)

        log = await healed(lambda: store.changes(map_id, 1, 1_000_000))
        logged = {change.edits[1].id.removesuffix("-0"): change.revision for change in log}
        assert [change.revision for change in log] == list(range(2, len(log) + 2))
        assert acknowledged.items() <= logged.items(), "an acknowledged write is lost"
        unheard = set(logged) - set(acknowledged)
        print(f"round {round}: {len(lines)} acknowledged, {len(unheard)} committed and not acknowledged")
        assert len(unheard) <= WRITERS * (round + 1)
        rows = await healed(lambda: store.load(map_id))
        graph = await healed(lambda: workspace.at(map_id))
        assert graph.node("counter").text == str(len(log))
        edits = sorted({edit.id for change in log for edit in change.edits} | {"counter"})
        assert rows.ids == edits, "a change is there in part"
        found = await healed(lambda: store.search("sells shells", [map_id], ["statement"]))
        assert found.whole
        lost = set(edits) - {"counter"} - {f.id for f in found.nodes}
        assert not lost, "the full-text index has lost some"
    assert len(acknowledged) > 20


async def lines_of(process: Process, most: int = 1_000_000) -> list[str]:
    """What a process says, line by line, up to its end or so many."""
    assert process.stdout is not None
    lines: list[str] = []
    while len(lines) < most and (line := await asyncio.wait_for(process.stdout.readline(), 120)):
        lines.append(line.decode().strip())
    if len(lines) < most:
        await process.wait()
    return lines


async def healed(call: Callable[[], Awaitable[Any]]) -> Any:
    """What the store answers as soon as it answers again, without being opened anew.

    A server that has just been started or let go may be late for the patience of these tests with any call, so
    everything read after a fault is asked for in this way.
    """
    async with asyncio.timeout(IN_TIME):
        while True:
            try:
                return await call()
            except StoreUnavailable:
                continue  # a refused connection takes its time by itself


async def writer(place: str, map_id: str, name: str, errors: Path) -> Process:
    command = ["-m", "tests.support.writer", place, map_id, name, "100000"]
    with errors.open("wb") as file:
        return await asyncio.create_subprocess_exec(sys.executable, *command, cwd=ROOT, stdout=PIPE, stderr=file)
