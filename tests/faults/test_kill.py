"""A writing process is killed at any moment: nothing acknowledged is lost, nothing half-written is seen."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from graph.maps.replay import empty, forward
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from tests.support.chronicle import loaded
from tests.support.files import ROOT
from tests.support.stores import Place
from tests.support.write_requests import create_statement, write_request

ROUNDS = 6
FIRST = 3
EDITS = 7

pytestmark = [pytest.mark.faults, pytest.mark.slow]


async def test_what_was_acknowledged_survives_and_nothing_is_half(tmp_path: Path) -> None:
    place = Place(f"sqlite:{tmp_path / 'store.db'}")
    await _make(place)
    chance = random.Random(5)
    acknowledged: dict[str, int] = {}
    for n in range(ROUNDS):
        acknowledged |= await _killed(place, f"w{n}", chance.uniform(0.0, 0.1))
        await _check(place, acknowledged)
    assert len(acknowledged) >= ROUNDS * FIRST


async def test_of_two_processes_one_killed_does_not_harm_the_other(tmp_path: Path) -> None:
    place = Place(f"sqlite:{tmp_path / 'store.db'}")
    await _make(place)
    survivor = await _started(place, "s", count=60)
    acknowledged: dict[str, int] = {}
    for n in range(3):
        acknowledged |= await _killed(place, f"w{n}", 0.01 * n)
    said, _ = await asyncio.wait_for(survivor.communicate(), 60)
    assert survivor.returncode == 0
    acknowledged |= _acknowledged(said)
    assert {f"s-{n}" for n in range(60)} <= set(acknowledged)
    await _check(place, acknowledged)


async def _make(place: Place) -> None:
    store = place.store()
    await store.open()
    await Workspace(store).create(MapCreate(id="m", title="Killed"), write_request(create_statement("counter", "0")))
    await store.close()


async def _started(place: Place, name: str, count: int) -> asyncio.subprocess.Process:
    command = [sys.executable, "-W", "error", "-m", "tests.support.writer"]
    arguments = [place.spelled(), "m", name, str(count), str(EDITS)]
    return await asyncio.create_subprocess_exec(*command, *arguments, cwd=ROOT, stdout=PIPE)


async def _killed(place: Place, name: str, moment: float) -> dict[str, int]:
    """Start a writer, kill it at some moment after its first writes, and give what it said was durable."""
    process = await _started(place, name, count=100_000)
    assert process.stdout is not None
    assert await asyncio.wait_for(process.stdout.readline(), 60) == b"ready\n"
    said = b""
    for _ in range(FIRST):
        said += await asyncio.wait_for(process.stdout.readline(), 60)
    asyncio.get_running_loop().call_later(moment, process.kill)
    said += await process.stdout.read()
    await process.wait()
    return _acknowledged(said)


def _acknowledged(said: bytes) -> dict[str, int]:
    whole = said[: said.rfind(b"\n") + 1].decode()
    lines = [line.split() for line in whole.splitlines() if line != "ready"]
    return {write: int(revision) for write, revision in lines}


async def _check(place: Place, acknowledged: dict[str, int]) -> None:
    store = place.store()
    await store.open()
    rows = await loaded(store, "m")
    assert rows is not None
    changes = await store.changes("m", 0, 1_000_000)
    assert [c.revision for c in changes] == list(range(1, rows.header.revision + 1))
    written = {c.edits[1].id.rsplit("-", 1)[0]: c.revision for c in changes[1:]}
    assert {write: written.get(write) for write in acknowledged} == acknowledged
    assert rows.ids == sorted(["counter", *(f"{write}-{i}" for write in written for i in range(EDITS))])
    told = forward(empty(rows.header.model_copy(update={"revision": 0})), changes)
    assert [(n.id, n.dense()) for n in told.nodes()] == list(zip(rows.ids, rows.documents, strict=True))
    assert told.node("counter").text == str(len(written))
    found = await store.search("shells", ["m"], [])
    assert found.whole
    assert sorted(f.id for f in found.nodes) == [i for i in rows.ids if i != "counter"]
    await store.close()
