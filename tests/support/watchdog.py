"""Finds out what holds the event loop: no callback may take it for longer than a moment.

The time of a callback is the CPU time of the thread that runs it, at the pace that the machine has when it is at
rest, so a busy machine fails nothing, nor does work on other threads. The garbage collector's share is left out: it
depends on what the tests before have left.
While a callback runs long, a second thread looks where it is.
"""

from __future__ import annotations

import asyncio
import gc
import inspect
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Thread, get_ident
from types import FrameType
from typing import Any
from unittest.mock import patch

import pytest

from tests.support.files import PACKAGES, ROOT
from tests.support.pace import slowness

LIMIT = 0.1
"""Seconds of CPU that a callback may take, on a machine at rest."""
_LOOK_EVERY = 0.01
_LOOK_FROM = 0.03
_OURS = tuple(str(ROOT / name) + "/" for name in PACKAGES)
_AROUND = ("service/http/", "service/app.py", "service/wire/", "service/context.py")
_SHOWN = 5


@dataclass
class Held:
    """A callback that held the loop."""

    seconds: float
    where: str
    """The functions of the product that were seen at it most often, from the outside in."""


@dataclass
class _Callback:
    thread: int
    clock: int
    begun: float
    what: object
    collected: float = 0.0
    seen: Counter[str] = field(default_factory=Counter)
    own: int = 0
    """How often the test itself was seen at work, and not a coroutine of the product."""


class Watchdog:
    """What held the loops of this process while it watched."""

    def __init__(self, limit: float = LIMIT) -> None:
        self.limit = limit
        self.held: list[Held] = []
        self._running: dict[int, _Callback] = {}
        self._done = Event()

    def check(self, but: tuple[str, ...] = ()) -> None:
        """Fail where the loop was held, but for what begins in one of these files."""
        held = [one for one in self.held if not (but and one.where.startswith(but))]
        assert not held, "the event loop was held: " + "; ".join(
            f"{one.seconds * 1000:.0f} ms of CPU in {one.where}" for one in held
        )

    def begin(self) -> None:
        """Watch the rest of the callback that this is called from, if it is called from one."""
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            return
        task = asyncio.current_task(loop)
        self._started(task.get_coro() if task else loop)

    def run(self, handle: asyncio.Handle, original: Any) -> None:
        """Run a callback of the loop and see how long it takes."""
        self.end()  # the one from which the watch began, which went on unseen behind its next pause
        self._started(handle)
        try:
            original(handle)
        finally:
            self.end()

    def end(self) -> None:
        """The callback of this thread ends, or what is watched of it."""
        callback = self._running.pop(get_ident(), None)
        if callback is not None:
            self._judge(callback)

    def _started(self, what: object) -> None:
        thread = get_ident()
        self._running[thread] = _Callback(thread, time.pthread_getcpuclockid(thread), time.thread_time(), what)

    def _judge(self, callback: _Callback) -> None:
        seconds = time.thread_time() - callback.begun - callback.collected
        looks = sum(callback.seen.values()) + callback.own
        seconds *= 1.0 if not looks else 1 - callback.own / looks
        if seconds > self.limit and (seconds := seconds / slowness()) > self.limit:
            where = callback.seen.most_common(1)[0][0] if callback.seen else _named(callback.what)
            self.held.append(Held(seconds, where))

    def collecting(self, phase: str, _: dict[str, int]) -> None:
        """Take the garbage collector's time off the callback in which it came."""
        callback = self._running.get(get_ident())
        if callback is not None:
            now = time.thread_time()
            callback.collected += -now if phase == "start" else now

    def look(self) -> None:
        """See now and then where a long callback is."""
        while not self._done.wait(_LOOK_EVERY):
            self._look_once()

    def _look_once(self) -> None:
        # By itself, so that nothing of a frame is kept until the next look: a buffer that is still named cannot grow.
        for callback in list(self._running.values()):
            try:
                spent = time.clock_gettime(callback.clock) - callback.begun
            except OSError:  # its thread has ended
                continue
            if spent > _LOOK_FROM and (frame := sys._current_frames().get(callback.thread)) is not None:
                _see(callback, frame)

    def stop(self) -> None:
        """Watch no longer; the callback that this is called from counts up to here."""
        self._done.set()
        self.end()


def _named(what: object) -> str:
    """What a callback is; never its arguments, whose texts may be megabytes long."""
    callback: Any = what._callback if isinstance(what, asyncio.Handle) else what
    task = getattr(callback, "__self__", None)
    coroutine = task.get_coro() if isinstance(task, asyncio.Task) else callback
    return str(getattr(coroutine, "__qualname__", type(coroutine).__name__))


def _see(callback: _Callback, frame: FrameType) -> None:
    ours = []
    of_the_product = False
    at: FrameType | None = frame
    while at is not None:
        code = at.f_code
        if code.co_filename.startswith(_OURS):
            of_the_product = of_the_product or bool(code.co_flags & inspect.CO_COROUTINE)
            ours.append(f"{code.co_filename.removeprefix(f'{ROOT}/')}:{code.co_qualname}")
        at = at.f_back
    if of_the_product:
        inside = [name for name in reversed(ours) if not name.startswith(_AROUND)] or ours
        callback.seen[" > ".join(inside[:_SHOWN])] += 1
    else:
        callback.own += 1


@contextmanager
def watching(limit: float = LIMIT) -> Iterator[Watchdog]:
    """Watch every event loop of this process; call `check` on what it gives."""
    dog = Watchdog(limit)
    original = asyncio.Handle._run
    looking = Thread(target=dog.look, daemon=True)
    gc.callbacks.append(dog.collecting)
    looking.start()
    try:
        with patch.object(asyncio.Handle, "_run", lambda handle: dog.run(handle, original)):
            dog.begin()
            yield dog
    finally:
        dog.stop()
        looking.join()
        gc.callbacks.remove(dog.collecting)


@contextmanager
def watching_over(item: pytest.Item) -> Iterator[Watchdog]:
    """The watchdog over a test, but not over those of a module that has its own and says `WATCHES_ITSELF`."""
    if getattr(getattr(item, "module", None), "WATCHES_ITSELF", False):
        yield Watchdog()
        return
    with watching() as dog:
        yield dog
