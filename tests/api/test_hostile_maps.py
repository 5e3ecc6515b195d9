"""Nothing that is asked of a hostile map holds the event loop, or goes on long after the client has left."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI

from graph.stores import open_store
from service.app import create_app
from service.settings import Settings
from tests.api.held import HELD, is_endless
from tests.support.asgi import ask, started
from tests.support.document import DOCUMENT
from tests.support.hostile import HOSTILE, put
from tests.support.operations import reads
from tests.support.pace import spending, within
from tests.support.watchdog import watching
from tests.support.writes import WRITES

READS = {one.operation: [] for one in reads(DOCUMENT, "tame")}
"""The forms of each read of the map `tame`, by its operation."""
for _one in reads(DOCUMENT, "tame"):
    READS[_one.operation].append(_one)

WATCHES_ITSELF = True
STAY = 2.0
"""Seconds for which the client waits."""
CPU = 12.0
"""Seconds of CPU that a question may take, with what is done for nobody after the client has left."""
OF_NO_MAP = {"Service", "Reference"}
"""Tags of what is the same whatever the maps hold: it is asked beside one of them."""
REST = 120.0
"""Seconds in which what is done for a client that has left must have ended, however busy the machine is."""


def _cases(names: Mapping[str, Any]) -> list[Any]:
    """Each with each map, in the group of its map, so that one worker makes the file."""
    of_no_map = {
        operation["operationId"]
        for methods in DOCUMENT["paths"].values()
        for operation in methods.values()
        if OF_NO_MAP.intersection(operation["tags"])
    }
    cases = []
    for map_ in HOSTILE:
        for name in names if map_ == "dense" else [one for one in names if one not in of_no_map]:
            marks = [pytest.mark.xdist_group(f"hostile-{map_}")]
            if (why := HELD.get((name, map_))) is not None:
                marks.append(pytest.mark.xfail(strict=True, reason=why, run=not is_endless(why)))
            cases.append(pytest.param(map_, name, marks=marks, id=f"{map_}-{name.replace(' ', '-')}"))
    return cases


@pytest.fixture(scope="session")
def file_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The SQLite file of a map, made when first asked for."""
    folder = tmp_path_factory.mktemp("hostile")

    async def make(file: Path) -> None:
        store = open_store(f"sqlite:{file}")
        await store.open()
        await put(store, file.stem)
        await store.close()

    def file(name: str) -> Path:
        found = folder / f"{name}.db"
        if not found.exists():
            asyncio.run(make(found))
        return found

    return file


@pytest.fixture
def own_file(tmp_path: Path, file_of: Callable[[str], Path]) -> Callable[[str], Path]:
    """A copy of the file of a map, to write to."""

    def copy(name: str) -> Path:
        return Path(shutil.copy(file_of(name), tmp_path))

    return copy


def service_over(file: Path) -> FastAPI:
    return create_app(Settings(store=f"sqlite:{file}", seed=False, evaluation_budget=1.0))


async def held_while(app: FastAPI, method: str, path: str, query: Mapping[str, Any], body: Any = None) -> str:
    """What is wrong with how a service answers this; empty where nothing is, and all work for it has ended."""
    with watching() as dog, spending() as spent:
        answer = await ask(app, method, path, query, body=body, stay=STAY)
        rested = await app.state.service.work.at_rest(REST)
        seconds = spent.seconds
    held = "; ".join(f"{one.seconds * 1000:.0f} ms in {one.where}" for one in dog.held)
    if not held and answer.status == 500:
        return f"answered {answer.body[:200]!r}"
    return held or ("" if rested and within(seconds, CPU) else f"{seconds:.0f} s of CPU")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "operation"), _cases(READS))
def test_a_read_holds_nothing_up(name: str, operation: str, file_of: Callable[[str], Path]) -> None:
    """The first form is asked of a service that has just started, and the others of the same one."""
    files = {map_: file_of(map_) for map_ in ("tame", name)}  # the first for what is done once in a process

    async def asked() -> dict[str, str]:
        found = {}
        for map_, file in files.items():
            async with started(service_over(file)) as app:
                for one in READS[operation]:
                    wrong = await held_while(app, "GET", one.path.replace("/tame", f"/{map_}"), one.query)
                    found[f"{one.form} {one.path}"] = wrong if map_ == name else ""
        return {form: wrong for form, wrong in found.items() if wrong}

    assert asyncio.run(asked()) == {}


@pytest.mark.slow
@pytest.mark.parametrize(("name", "deed"), _cases(WRITES))
def test_a_write_holds_nothing_up(name: str, deed: str, own_file: Callable[[str], Path]) -> None:
    files = {map_: own_file(map_) for map_ in ("tame", name)}

    async def asked() -> str:
        wrong = ""
        for map_, file in files.items():
            write = WRITES[deed](map_)
            async with started(service_over(file)) as app:
                wrong = await held_while(app, write.method, write.path, write.query, write.body)
        return wrong

    assert asyncio.run(asked()) == ""
