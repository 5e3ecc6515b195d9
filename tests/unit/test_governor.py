"""The governor: who has taken least of the processor is worked for next, and no long questions shut others out."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from contextvars import Context, copy_context
from threading import Event
from time import thread_time

import pytest

from graph.budgets import Cancelled, check_wanted, spent_on
from service.http.errors import Busy, TookTooLong
from service.http.governor import Governor
from service.http.work import WORK, WorkRecord
from tests.support.waiting import others_go_on, until


class Busyness:
    """A governor of one worker that is held until it is let go, and the order in which work was done behind it."""

    def __init__(self, waiting: int = 100) -> None:
        self.governor = Governor(1, waiting)
        self.done: list[str] = []
        self._hold = Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def hold(self) -> None:
        self._tasks.append(asyncio.create_task(self._run("holder", "hold", self._hold.wait)))
        await until(lambda: self.governor.running == 1)

    async def ask(self, client: str, operation: str, work: Callable[[], object] = lambda: None) -> asyncio.Task[None]:
        task = asyncio.create_task(self._run(client, operation, work))
        self._tasks.append(task)
        await others_go_on(3)
        return task

    async def _run(self, client: str, operation: str, work: Callable[[], object]) -> None:
        WORK.set(WorkRecord("GET", "/", operation, client))
        await self.governor.run(work)
        self.done.append(f"{client} {operation}")

    async def finish(self) -> None:
        self._hold.set()
        await asyncio.gather(*self._tasks)


def burn() -> None:
    end = thread_time() + 0.02
    while thread_time() < end:
        pass


async def test_who_has_taken_least_of_the_processor_is_next() -> None:
    busy = Busyness()
    await (await busy.ask("greedy", "first", burn))
    await busy.hold()
    await busy.ask("greedy", "second")
    await busy.ask("modest", "asks")
    await busy.finish()
    assert busy.done == ["greedy first", "holder hold", "modest asks", "greedy second"]


async def test_who_comes_anew_has_no_credit_for_the_time_before() -> None:
    busy = Busyness()
    await (await busy.ask("greedy", "first", burn))
    await busy.hold()
    for number in range(3):
        await busy.ask("new", f"{number}", burn)
    await busy.ask("greedy", "second")
    await busy.finish()
    assert busy.done.index("greedy second") < busy.done.index("new 2")


async def test_the_operations_of_one_client_take_turns() -> None:
    busy = Busyness()
    await busy.hold()
    for _ in range(5):
        await busy.ask("one", "what-if")
    await busy.ask("one", "paths")
    await busy.finish()
    assert busy.done[1:3] == ["one what-if", "one paths"]


async def test_where_all_places_are_taken_the_longest_line_gives_up_its_last() -> None:
    busy = Busyness(waiting=4)
    await busy.hold()
    crowd = [await busy.ask("crowd", "what-if") for _ in range(4)]
    await busy.ask("other", "paths")
    with pytest.raises(Busy):
        await crowd[-1]
    busy._tasks.remove(crowd[-1])
    await busy.finish()
    assert "other paths" in busy.done
    assert busy.governor.waiting == 0


async def test_what_takes_longer_than_promised_is_told_so_and_stopped_between_its_pieces() -> None:
    stopped = Event()

    def work() -> None:
        try:
            while True:
                check_wanted()
        except Cancelled:
            stopped.set()
            raise

    governor = Governor(1, 1)
    with pytest.raises(TookTooLong):
        await governor.promised(governor.run(work), gone=_never(), seconds=0.01)
    await until(stopped.is_set)
    await until(lambda: governor.running == 0)


async def test_work_ends_when_nobody_waits_for_it_any_more() -> None:
    governor = Governor(1, 1)

    def work() -> None:
        while True:
            check_wanted()

    with pytest.raises(Busy):
        await governor.promised(governor.run(work), gone=_once(lambda: governor.running == 1), seconds=60)
    await until(lambda: governor.running == 0)


def _never() -> Awaitable[None]:
    return asyncio.get_running_loop().create_future()


async def _once(true: Callable[[], bool]) -> None:
    await until(true)


def recorded(governor: Governor, told: list[tuple[str, float, float]]) -> None:
    governor.settled.append(lambda record: told.append((record.client, record.on_loop, record.on_threads)))


async def test_a_record_holds_what_was_taken_of_the_loop_and_of_threads_and_is_settled_once() -> None:
    governor, told = Governor(1, 1), list[tuple[str, float, float]]()
    recorded(governor, told)

    async def asked() -> str:
        burn()
        await governor.promised(governor.run(burn), gone=_never(), seconds=60)
        return "answer"

    assert await governor.recorded(WorkRecord("GET", "/", "read", "one"), asked()) == "answer"
    [(client, on_loop, on_threads)] = told
    assert client == "one"
    assert on_loop >= 0.02
    assert on_threads >= 0.02


@pytest.mark.parametrize("interrupted", [False, True])
async def test_what_is_heeded_is_charged_on_the_loop_and_on_threads_of_the_store(interrupted: bool) -> None:
    governor, told = Governor(1, 1), list[tuple[str, float, float]]()
    recorded(governor, told)

    async def asked() -> None:
        burn()
        await asyncio.to_thread(spent_on, burn)
        burn()  # in another step, of which whoever waits for it takes none
        if interrupted:
            raise Cancelled

    heeded = governor.heeded(asked(), gone=_never())
    with pytest.raises(Cancelled) if interrupted else nullcontext():
        await governor.recorded(WorkRecord("POST", "/", "purge", "one"), heeded)
    [(client, on_loop, on_threads)] = told
    assert client == "one"
    assert on_loop >= 0.04
    assert on_threads >= 0.02
    assert governor._taken["one"] >= 0.06


async def test_a_record_is_settled_when_the_thread_has_ended_that_nobody_waited_for() -> None:
    governor, told, hold = Governor(1, 1), list[tuple[str, float, float]](), Event()
    recorded(governor, told)

    def work(gone: Callable[[], bool]) -> None:
        hold.wait()
        burn()

    asked = governor.run_cancellable(work, client="", gone=_never(), seconds=0.01)
    with pytest.raises(TookTooLong):
        await governor.recorded(WorkRecord("GET", "/", "read", "one"), asked)
    assert told == []
    hold.set()
    await until(lambda: bool(told))
    assert told[0][2] >= 0.02


async def test_what_is_planned_in_the_task_of_another_is_charged_to_whoever_asked_for_it() -> None:
    governor, told = Governor(1, 1), list[tuple[str, float, float]]()
    recorded(governor, told)
    asked: asyncio.Queue[tuple[Context, asyncio.Event]] = asyncio.Queue()

    async def works_for_all() -> None:
        while True:
            context, done = await asked.get()
            await context.run(governor.run, burn, cost=0.0)
            done.set()

    async def asks() -> None:
        done = asyncio.Event()
        asked.put_nowait((copy_context(), done))
        await done.wait()

    worker = asyncio.create_task(works_for_all())
    for name in ("one", "two"):
        await governor.recorded(WorkRecord("POST", "/", "write", name), asks())
    worker.cancel()
    assert [client for client, on_loop, _ in told if on_loop >= 0.02] == ["one", "two"]


async def test_what_is_cancelled_under_a_record_hears_of_it_and_is_settled() -> None:
    governor, told, heard = Governor(1, 1), list[tuple[str, float, float]](), asyncio.Event()
    recorded(governor, told)

    async def asked() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            heard.set()
            raise

    task = asyncio.create_task(governor.recorded(WorkRecord("GET", "/", "read", "one"), asked()))
    await others_go_on(3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert heard.is_set()
    assert len(told) == 1
