"""Nothing that is asked of a hostile map holds the event loop, or goes on long after the client has left."""

from __future__ import annotations

import asyncio
import shutil
import time
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
from tests.support.hostile import HOSTILE, put
from tests.support.operations import reads
from tests.support.watchdog import watching
from tests.support.writes import WRITES

DOCUMENT = create_app(Settings(store="sqlite::memory:")).openapi()
READS = {one.operation: [] for one in reads(DOCUMENT, "tame")}
"""The forms of each read of the map `tame`, by its operation."""
for _one in reads(DOCUMENT, "tame"):
    READS[_one.operation].append(_one)

WATCHES_ITSELF = True
STAY = 2.0
"""Seconds for which the client waits."""
CPU = 12.0
"""Seconds of CPU that a question may take, with what is done for nobody after the client has left."""


def _cases(names: Mapping[str, Any]) -> list[Any]:
    """Each with each map, in the group of its map, so that one worker makes the file."""
    cases = []
    for map_ in HOSTILE:
        for name in names:
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
    """What is wrong with how a service that has just started answers this; empty where nothing is."""
    async with started(app):
        with watching() as dog:
            begun = time.process_time()
            answer = await ask(app, method, path, query, body=body, stay=STAY)
            spent = time.process_time() - begun
    held = "; ".join(f"{one.seconds * 1000:.0f} ms in {one.where}" for one in dog.held)
    if not held and answer.status == 500:
        return f"answered {answer.body[:200]!r}"
    return held or (f"{spent:.0f} s of CPU" if spent > CPU else "")


@pytest.mark.slow
@pytest.mark.parametrize(("name", "operation"), _cases(READS))
def test_a_read_holds_nothing_up(name: str, operation: str, file_of: Callable[[str], Path]) -> None:
    files = {map_: file_of(map_) for map_ in ("tame", name)}  # the first for what is done once in a process

    async def asked() -> dict[str, str]:
        found = {}
        for one in READS[operation]:
            for map_, file in files.items():
                wrong = await held_while(service_over(file), "GET", one.path.replace("/tame", f"/{map_}"), one.query)
            found[f"{one.form} {one.path}"] = wrong
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
            wrong = await held_while(service_over(file), write.method, write.path, write.query, write.body)
        return wrong

    assert asyncio.run(asked()) == ""
