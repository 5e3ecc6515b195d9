"""What several processes see of one map is as if each deed happened at one moment between its beginning and its end."""

from __future__ import annotations

import asyncio
import json
import sys
from asyncio.subprocess import PIPE
from itertools import pairwise
from typing import Any

import pytest

from graph.maps.port import Store
from graph.maps.replay import empty, forward
from graph.maps.workspace import Workspace
from schemas.node import label
from seed.articles import DEFAULT
from seed.loader import load
from tests.support.files import ROOT
from tests.support.stores import Place

PROCESSES, DEEDS = 2, 40
Told = dict[str, Any]


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
async def test_two_processes_that_edit_the_seed_at_once_see_one_history(store: Store, place: Place, seed: int) -> None:
    await store.drop(DEFAULT)
    await load(Workspace(store))
    command = [sys.executable, "-W", "error", "-m", "tests.support.analyst", place.spelled(), DEFAULT]
    said = await asyncio.gather(*(_said(*command, f"w{n}x", str(DEEDS), f"{seed}{n}") for n in range(PROCESSES)))
    told = [one for lines in said for one in lines]
    assert not [one for one in told if "refused" in one]
    assert {one["deed"] for one in told} == {"read", "set", "make", "take"}

    _check_order(told)
    await _check_contents(store, told)
    await store.drop(DEFAULT)


def _check_order(told: list[Told]) -> None:
    """The revisions are the order in which the deeds happened: none is before one that had ended when it began."""
    writes = [one["revision"] for one in told if one["deed"] != "read"]
    assert sorted(writes) == list(range(2, len(writes) + 2)), "each write is one revision, and each revision one write"
    ended = sorted(told, key=lambda one: one["ended"])
    latest, place = 0, 0
    for one in sorted(told, key=lambda one: one["begun"]):
        while ended[place]["ended"] < one["begun"]:
            latest = max(latest, ended[place]["revision"])
            place += 1
        is_late = one["revision"] < latest if one["deed"] == "read" else one["revision"] <= latest
        assert not is_late, f"{one} was told of a moment before {latest}, which another knew when it began"


async def _check_contents(store: Store, told: list[Told]) -> None:
    """Each read saw the node as it was at its revision, and each write is in the log as it was made."""
    graph = await Workspace(store).at(DEFAULT)
    changes = await store.changes(DEFAULT, 0, graph.revision)
    assert all(after.follows == before.uid for before, after in pairwise(changes))
    by_revision: dict[int, list[Told]] = {}
    for one in told:
        by_revision.setdefault(one["revision"], []).append(one)
    then = empty(graph.header.model_copy(update={"revision": 0}))
    for change in changes:
        then = forward(then, [change])
        for one in by_revision.get(change.revision, ()):
            found = then.find(one["node"])
            assert (None if found is None else label(then.at(found))) == one["text"], one
            assert one["deed"] == "read" or change.by == one["by"]


async def _said(*command: str) -> list[Told]:
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=PIPE)
    said, _ = await asyncio.wait_for(process.communicate(), 300)
    assert process.returncode == 0
    return [json.loads(line) for line in said.decode().splitlines()]
