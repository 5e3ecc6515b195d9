"""The governor: work that takes longer than a few milliseconds, in turn, within a time, while somebody waits for it.

Each client has a line of its own, and what its work took of the processor counts: the next worker goes to whoever has
taken least. In a line the operations take turns, so that one quick question does not wait behind a hundred long ones.
What each piece of work took, on the loop and beside it, stands in one record, which is settled when the work has ended.
"""

import asyncio
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from dataclasses import dataclass, field
from threading import Event
from time import perf_counter, thread_time
from typing import Any, TypeVar

from graph.budgets import Cancelled, spending, wanted
from service.http.errors import Busy, TookTooLong
from service.http.work import WORK, Metered, Settled, WorkRecord

T = TypeVar("T")
Gone = Callable[[], bool]
"""Whether nobody waits for the answer any more; asked by the work itself, now and then."""
INLINE = 2000.0
"""Microseconds of estimated work up to which the event loop does it itself: less than a change of threads disturbs."""
_REMEMBERED = 1_000
"""Clients of which it is known what they have taken."""

Turn = asyncio.Future[None]


@dataclass
class _Line:
    """Those who wait of one client, by operation."""

    rows: OrderedDict[str, deque[Turn]] = field(default_factory=OrderedDict)
    length: int = 0

    def add(self, operation: str, turn: Turn) -> None:
        self.rows.setdefault(operation, deque()).append(turn)
        self.length += 1

    def first(self) -> Turn:
        """Take the one whose turn it is out; its operation goes behind the others."""
        operation, row = self.rows.popitem(last=False)
        turn = row.popleft()
        self.length -= 1
        if row:
            self.rows[operation] = row
        return turn

    def last(self) -> tuple[str, Turn]:
        """The last one of the operation that most wait for."""
        operation = max(self.rows, key=lambda name: len(self.rows[name]))
        return operation, self.rows[operation][-1]

    def remove(self, operation: str, turn: Turn) -> bool:
        row = self.rows.get(operation)
        if row is None or turn not in row:
            return False
        row.remove(turn)
        self.length -= 1
        if not row:
            del self.rows[operation]
        return True


class Governor:
    """The one way off the event loop.

    At most `workers` pieces of work run at once and at most `waiting` wait; where so many wait, whoever has the longest
    line gives up its last place to a client that has a shorter one.
    """

    def __init__(self, workers: int, waiting: int) -> None:
        self.settled: list[Settled] = []
        """Who is told each record once, when its work has ended."""
        self.leaving = asyncio.Event()
        """Set when the service is about to end: what can be begun anew by whoever asked for it stops."""
        self._free = workers
        self._bound = waiting
        self._waiting = 0
        self._running: set[asyncio.Future[Any]] = set()
        self._lines: dict[str, _Line] = {}
        self._taken: OrderedDict[str, float] = OrderedDict()
        """Seconds of the processor by client; who comes anew begins where the last one stood whose turn it was."""
        self._stands = 0.0

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

    async def recorded(self, record: WorkRecord, asked: Awaitable[T]) -> T:
        """Do all that a request asks for under one record, which is charged and settled when the last of it has ended:
        with the answer, or after it where a thread goes on that nobody waits for.
        """
        token = WORK.set(record)
        try:
            return await Metered(asked, record)
        finally:
            WORK.reset(token)
            record.seconds = perf_counter() - record.began
            self._charge(record.client, record.on_loop)
            self._part_ended(record)

    def run(self, work: Callable[[], T], *, cost: float = float("inf"), client: str = "") -> Coroutine[Any, Any, T]:
        """Do work to its end: here where it is estimated to be short, else on a thread; raises `Busy`.

        It is done for the client of the request where no other is named, and charged to the record of where this is
        called, wherever it is waited for.
        """
        record = WORK.get()
        if record is not None and not record.parts:  # settled: whoever asked has long been answered
            client, record = client or record.client, None
        return self._done(work, cost, client, record)

    async def _done(self, work: Callable[[], T], cost: float, client: str, record: WorkRecord | None) -> T:
        if cost <= INLINE:
            return work() if record is None or record.is_metered else _charged(record, work)
        client = client or ("" if record is None else record.client)
        await self._place(client, "" if record is None else record.operation)
        spent: list[float] = []
        task = asyncio.ensure_future(asyncio.to_thread(_timed, spent, work))
        if record is not None:
            record.parts += 1
        self._running.add(task)
        task.add_done_callback(lambda ended: self._ended(ended, client, record, spent))
        return await asyncio.shield(task)

    async def run_cancellable(
        self, work: Callable[[Gone], T], *, client: str, gone: Awaitable[None], seconds: float
    ) -> T:
        """Do work on a thread until it ends, the client is gone or the time is up; raises `Busy`, `TookTooLong`.

        A thread cannot be stopped from outside: the work asks whether it is still wanted, and holds its worker
        until it has asked.
        """
        over = Event()
        return await self._promised(self.run(lambda: work(over.is_set), client=client), over, gone, seconds)

    async def promised(self, asked: Awaitable[T], *, gone: Awaitable[None], seconds: float) -> T:
        """The same for what is made of several pieces, each of which asks `graph.budgets.check_wanted`."""
        over = Event()
        with wanted(lambda: not over.is_set()):
            return await self._promised(asked, over, gone, seconds)

    async def heeded(self, asked: Awaitable[T], *, gone: Awaitable[None]) -> T:
        """Do what takes as long as it takes and asks `graph.budgets.check_wanted`; raises `Cancelled` where the client
        is gone or the service is about to end before it is done. Its end is waited for: what is told of it holds.
        What threads of the store spend on it is charged too.
        """
        over = Event()
        record, spent = WORK.get(), list[float]()

        async def told(why: Awaitable[object]) -> None:
            await why
            over.set()

        with wanted(lambda: not over.is_set()), spending(spent.append):
            working = _begun(asked)
        listening = [asyncio.ensure_future(told(why)) for why in (gone, self.leaving.wait())]
        try:
            return await working
        finally:
            over.set()
            for one in listening:
                one.cancel()
            if record is not None:
                record.on_threads += sum(spent)
                self._charge(record.client, sum(spent))

    async def _promised(self, asked: Awaitable[T], over: Event, gone: Awaitable[None], seconds: float) -> T:
        working = _begun(asked)
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

    def _charge(self, client: str, seconds: float) -> None:
        self._taken[client] = self._taken.get(client, self._stands) + seconds
        while len(self._taken) > _REMEMBERED:
            self._taken.popitem(last=False)

    def _part_ended(self, record: WorkRecord) -> None:
        record.parts -= 1
        if not record.parts:
            for told in self.settled:
                told(record)

    async def _place(self, client: str, operation: str) -> None:
        self._taken[client] = max(self._taken.pop(client, 0.0), self._stands)
        if self._free:
            self._free -= 1
            return
        if self._waiting >= self._bound:
            self._make_room(client)
        turn: Turn = asyncio.get_running_loop().create_future()
        self._lines.setdefault(client, _Line()).add(operation, turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._next()  # it was this one's turn just now
            else:
                self._leave(client, operation, turn)
            raise

    def _make_room(self, client: str) -> None:
        if not self._lines:
            raise _full(self._waiting)
        longest = max(self._lines, key=lambda name: self._lines[name].length)
        own = self._lines.get(client)
        if self._lines[longest].length <= (0 if own is None else own.length) + 1:
            raise _full(self._waiting)
        operation, last = self._lines[longest].last()
        self._leave(longest, operation, last)
        last.set_exception(_full(self._bound))

    def _leave(self, client: str, operation: str, turn: Turn) -> None:
        line = self._lines.get(client)
        if line is not None and line.remove(operation, turn):
            self._waiting -= 1
            if not line.length:
                del self._lines[client]

    def _ended(self, task: asyncio.Future[Any], client: str, record: WorkRecord | None, spent: Iterable[float]) -> None:
        self._running.discard(task)
        seconds = sum(spent)
        self._charge(client, seconds)
        if record is not None:
            record.on_threads += seconds
            self._part_ended(record)
        if not task.cancelled():
            task.exception()  # whoever waited for it has gone; nothing is to be said of it
        self._next()

    def _next(self) -> None:
        """Hand a worker to the client that has taken least; among those that have taken the same to the first."""
        while self._lines:
            client = min(self._lines, key=lambda name: self._taken.get(name, self._stands))
            self._stands = max(self._stands, self._taken.get(client, 0.0))
            line = self._lines.pop(client)
            turn = line.first()
            self._waiting -= 1
            if line.length:
                self._lines[client] = line  # behind those that have taken as much
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1


def _charged(record: WorkRecord, work: Callable[[], T]) -> T:
    """Do work on the loop for a request that waits for it elsewhere."""
    begun = thread_time()
    try:
        return work()
    finally:
        record.on_loop += thread_time() - begun


def _timed(spent: list[float], work: Callable[[], T]) -> T:
    """Do the work, on its thread, and note what it took of the processor."""
    begun = thread_time()
    try:
        return work()
    finally:
        spent.append(thread_time() - begun)


def _begun(asked: Awaitable[T]) -> asyncio.Task[T]:
    """Begin something in a task of its own, whose steps are charged to the record of where it is begun."""
    record = WORK.get()
    return asyncio.ensure_future(asked if record is None else _metered(asked, record))


async def _metered(asked: Awaitable[T], record: WorkRecord) -> T:
    return await Metered(asked, record)


def _full(waiting: int) -> Busy:
    return Busy(
        f"{waiting} long questions wait already; try again in a moment (settings ARGUMAP_WORKERS and ARGUMAP_QUEUE)"
    )
