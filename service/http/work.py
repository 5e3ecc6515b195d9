"""Work that takes longer than a few milliseconds: on threads, in turn, within a time, while somebody waits for it."""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable
from threading import Event
from typing import Any, TypeVar

from graph.budgets import Cancelled
from service.http.errors import Busy, TookTooLong

T = TypeVar("T")
Gone = Callable[[], bool]
"""Whether nobody waits for the answer any more; asked by the work itself, now and then."""
INLINE = 2000.0
"""Microseconds of estimated work up to which the event loop does it itself: less than a change of threads disturbs."""


class WorkQueue:
    """The one way off the event loop.

    At most `workers` pieces of work run at once and at most `waiting` wait. Each client has a line of its own
    and the lines take turns; where the queue is full, whoever has the longest line gives up its last place to
    a client that has a shorter one.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self._free = workers
        self._bound = waiting
        self._waiting = 0
        self._running: set[asyncio.Future[Any]] = set()
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def running(self) -> int:
        """How many pieces of work run."""
        return len(self._running)

    @property
    def waiting(self) -> int:
        """How many pieces of work wait for a worker."""
        return self._waiting

    async def at_rest(self, seconds: float) -> bool:
        """Wait for the work under way to end, at most so long; whether it has."""
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        return not self._running

    async def run(self, work: Callable[[], T], *, cost: float = float("inf"), client: str = "") -> T:
        """Do work to its end: here where it is estimated to be short, else on a thread; raises `Busy`."""
        if cost <= INLINE:
            return work()
        await self._place(client)
        task = asyncio.ensure_future(asyncio.to_thread(work))
        self._running.add(task)
        task.add_done_callback(self._ended)
        return await asyncio.shield(task)

    async def run_cancellable(
        self, work: Callable[[Gone], T], *, client: str, gone: Awaitable[None], seconds: float
    ) -> T:
        """Do work on a thread until it ends, the client is gone or the time is up; raises `Busy`, `TookTooLong`.

        A thread cannot be stopped from outside: the work asks whether it is still wanted, and holds its worker
        until it has asked.
        """
        over = Event()
        working = asyncio.ensure_future(self.run(lambda: work(over.is_set), client=client))
        leaving = asyncio.ensure_future(gone)
        try:
            await asyncio.wait({working, leaving}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if working.done():
                return working.result()
            if leaving.done():
                raise Busy("nobody waits for the answer any more")
            raise TookTooLong(
                f"the answer was not ready after {seconds:g} seconds (setting ARGUMAP_ANSWER_TIMEOUT); "
                "ask for less: narrow the view or lower the limit"
            )
        except Cancelled as error:
            raise Busy("nobody waits for the answer any more") from error
        finally:
            over.set()
            leaving.cancel()
            working.cancel()

    async def _place(self, client: str) -> None:
        if self._free:
            self._free -= 1
            return
        if self._waiting >= self._bound:
            self._make_room(client)
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, deque()).append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._next()  # it was this one's turn just now
            else:
                self._leave(client, turn)
            raise

    def _make_room(self, client: str) -> None:
        if not self._lines:
            raise _full(self._waiting)
        longest = max(self._lines, key=lambda name: len(self._lines[name]))
        if len(self._lines[longest]) <= len(self._lines.get(client, ())) + 1:
            raise _full(self._waiting)
        last = self._lines[longest][-1]
        self._leave(longest, last)
        last.set_exception(_full(self._bound))

    def _leave(self, client: str, turn: "asyncio.Future[None]") -> None:
        line = self._lines.get(client)
        if line is None or turn not in line:
            return
        line.remove(turn)
        self._waiting -= 1
        if not line:
            del self._lines[client]

    def _ended(self, task: "asyncio.Future[Any]") -> None:
        self._running.discard(task)
        if not task.cancelled():
            task.exception()  # whoever waited for it has gone; nothing is to be said of it
        self._next()

    def _next(self) -> None:
        """Hand a worker to the line whose turn it is, which then goes to the end."""
        while self._lines:
            client, line = self._lines.popitem(last=False)
            turn = line.popleft()
            self._waiting -= 1
            if line:
                self._lines[client] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _full(waiting: int) -> Busy:
    return Busy(
        f"{waiting} long questions wait already; try again in a moment (settings ARGUMAP_WORKERS and ARGUMAP_QUEUE)"
    )
