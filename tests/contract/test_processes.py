"""Several processes write to one map at once, and nothing is lost."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE

import pytest

from graph.maps.port import Store
from graph.maps.replay import empty, forward
from graph.maps.workspace import Workspace
from schemas.map import MapCreate
from tests.support.chronicle import fresh_id, loaded
from tests.support.files import ROOT
from tests.support.stores import Place
from tests.support.write_requests import create_statement, write_request

PROCESSES = 4
WRITES = 50


@pytest.mark.slow
async def test_processes_that_write_at_once_lose_nothing(store: Store, place: Place) -> None:
    map_id = fresh_id()
    workspace = Workspace(store)
    await workspace.create(MapCreate(id=map_id, title="Many writers"), write_request(create_statement("counter", "0")))
    command = [sys.executable, "-W", "error", "-m", "tests.support.writer", place.spelled(), map_id]
    outputs = await asyncio.gather(*(_output(*command, f"w{n}", str(WRITES)) for n in range(PROCESSES)))
    lines = [line.split() for output in outputs for line in output.splitlines() if line != "ready"]
    acknowledged = {write: int(revision) for write, revision in lines}
    assert len(acknowledged) == PROCESSES * WRITES
    last = PROCESSES * WRITES + 1
    assert sorted(acknowledged.values()) == list(range(2, last + 1)), "each write has a revision of its own"

    changes = await store.changes(map_id, 0, last + 10)
    assert [change.revision for change in changes] == list(range(1, last + 1))
    assert {f"{c.edits[1].id.removesuffix('-0')}": c.revision for c in changes[1:]} == acknowledged

    rows = await loaded(store, map_id)
    assert rows is not None
    assert rows.ids == sorted(["counter", *(f"{write}-0" for write in acknowledged)])
    graph = await workspace.at(map_id)
    assert graph.node("counter").text == str(PROCESSES * WRITES)
    assert {node.id: node.dense() for node in graph.nodes()} == dict(zip(rows.ids, rows.documents, strict=True))
    told = forward(empty(rows.header.model_copy(update={"revision": 0})), changes)
    assert {node.id: node.dense() for node in told.nodes()} == dict(zip(rows.ids, rows.documents, strict=True))
    assert told.header == rows.header


async def _output(*command: str) -> str:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0
    return said.decode()
