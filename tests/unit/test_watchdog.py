"""The watchdog sees what holds an event loop, says where, and blames nobody else."""

from __future__ import annotations

import asyncio
import gc
import threading
import time
import weakref
from collections.abc import Callable
from typing import Any

import pytest

from tests.support.files import ROOT
from tests.support.pace import USUAL, piece, slowness, within
from tests.support.watchdog import Watchdog, watching

LIMIT = 0.05
PLACE = "graph/a_place.py"
_made: dict[str, Any] = {}
exec(compile("async def coroutine(work):\n    work()\n", ROOT / PLACE, "exec"), _made)
of_the_product = _made["coroutine"]
"""A coroutine as the product might have it, which does some work on the loop."""


def busy(seconds: float = 0.2) -> None:
    """Work that takes so much CPU on a machine at rest."""
    for _ in range(round(seconds / USUAL)):
        piece()


def watched(work: Callable[[], object]) -> Watchdog:
    """What the watchdog saw while a coroutine of the product did this work on the loop."""

    async def run() -> None:
        with watching(LIMIT) as dog:
            seen.append(dog)
            await of_the_product(work)

    seen: list[Watchdog] = []
    asyncio.run(run())
    return seen[0]


def test_work_on_the_loop_is_seen_with_its_place() -> None:
    [held] = watched(busy).held
    assert held.seconds > 2 * LIMIT
    assert f"{PLACE}:coroutine" in held.where
    with pytest.raises(AssertionError, match=r"the event loop was held: .*coroutine"):
        watched(busy).check()


def test_short_work_and_waiting_are_not() -> None:
    assert watched(lambda: busy(0.01)).held == []
    assert watched(time.thread_time).held == []


def test_work_behind_a_pause_is_seen_too() -> None:
    async def run() -> None:
        for work in (busy, busy):
            loop = asyncio.get_running_loop()
            done = loop.create_future()
            loop.call_soon(done.set_result, None)
            await done
            await of_the_product(work)

    with watching(LIMIT) as dog:
        asyncio.run(run())
    assert len(dog.held) == 2


def test_nothing_of_what_was_seen_is_kept() -> None:
    class Held:
        pass

    def work() -> None:
        mine = Held()
        kept.append(weakref.ref(mine))
        busy()

    kept: list[weakref.ref[Held]] = []
    with watching(LIMIT) as dog:
        asyncio.run(of_the_product(work))
        assert [one() for one in kept] == [None]
    assert len(dog.held) == 1


def test_work_of_other_threads_is_not() -> None:
    def elsewhere() -> None:
        thread = threading.Thread(target=busy)
        thread.start()
        thread.join()

    assert watched(elsewhere).held == []


def test_what_a_test_does_itself_is_not() -> None:
    async def run() -> list[object]:
        with watching(LIMIT) as dog:
            busy()
        return list(dog.held)

    assert asyncio.run(run()) == []


def test_the_garbage_collector_is_not() -> None:
    rubbish = [[] for _ in range(1_000_000)]
    assert watched(lambda: [gc.collect() for _ in range(10)]).held == []
    assert len(rubbish) == 1_000_000


def test_a_machine_that_is_slow_just_now_makes_nothing_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.pace.USUAL", USUAL / 10)
    assert slowness() > 5
    assert watched(busy).held == []
    assert within(LIMIT * 4, LIMIT)
    assert not within(3600.0, LIMIT)


def test_a_fast_machine_makes_no_bound_stricter(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.pace.USUAL", 10.0)
    assert slowness() == 1.0
    assert len(watched(busy).held) == 1
    assert not within(LIMIT, LIMIT)


def test_what_is_known_is_let_pass() -> None:
    dog = watched(busy)
    dog.check(but=(PLACE,))
    with pytest.raises(AssertionError):
        dog.check(but=("graph/maps/workspace.py",))
