"""Calls to a Neo4j server: each ends within a deadline, and each error comes out in words of the domain."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any, Literal, LiteralString, TypeVar
from urllib.parse import urlsplit

import neo4j

from graph.errors import StoreUnavailable, StoreUnusable
from graph.stores import cypher
from graph.stores.neo4j_access import Access, Credentials
from graph.stores.neo4j_errors import is_loss, is_of_driver, is_refusal, translated, worth_repeating
from graph.stores.neo4j_room import MOST_MEMORY, Room

T = TypeVar("T")
Records = list[list[Any]]
_PAUSES = (0.05, 0.25)
"""Before the second and the third attempt at a transaction that failed for a passing reason."""
_REPEAT_FOR = 1.5
"""Seconds after which a failed transaction is not tried again: the caller may wait longer, not this call."""
_CONNECT_WITHIN = 3.0
"""Seconds that getting a connection may take at most; never more than half of what a call may take."""
SHORTEST_PATIENCE = 0.5
_TESTED_AFTER = 15.0
"""Seconds of rest after which a connection is tested before it is used."""
_FORGET_WITHIN = 2.0
_FETCHED_TOGETHER = 64
"""Records after which others have a turn: those that have come are taken without one."""
_SILENCED: tuple[Literal["UNRECOGNIZED", "PERFORMANCE", "HINT", "GENERIC", "SCHEMA"], ...] = (
    "UNRECOGNIZED",  # an empty database has not seen our labels yet, and says so at every statement
    "PERFORMANCE",
    "HINT",
    "GENERIC",
    "SCHEMA",  # migrations may be repeated
)
"""Kinds of notification that tell nothing; those of deprecation do."""


class Deadline:
    """How long a call may go on without an answer, and whether its commit may have been sent."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        self.timeout = asyncio.timeout(patience)
        self.committing = False
        self.is_abandoned = False
        self.has_connection = False

    def begin(self) -> None:
        """A connection is had; raises `TimeoutError` where nobody waits for the call any more."""
        self.has_connection = True
        if self.is_abandoned:
            raise TimeoutError

    def move_on(self) -> None:
        """Something was answered: the time counts from now."""
        self.timeout.reschedule(asyncio.get_running_loop().time() + self._patience)


class Talk:
    """A transaction under way; each answer moves its deadline on."""

    def __init__(self, transaction: neo4j.AsyncManagedTransaction | neo4j.AsyncTransaction, deadline: Deadline) -> None:
        self._transaction = transaction
        self._deadline = deadline

    async def ask(self, text: LiteralString, **parameters: Any) -> Records:
        """Run a statement and fetch all that it answers."""
        records = await _fetched(await self._transaction.run(text, parameters), self._deadline)
        self._deadline.move_on()
        return records


Work = Callable[[Talk], Awaitable[T]]
Attempt = Callable[[Deadline], Coroutine[Any, Any, T]]


class Calls:
    """A driver with its pool, and the few ways in which the store uses it.

    No timeout of the driver ends a call to a frozen server, so every call has a deadline of ours: `patience`
    seconds without an answer. What failed for a passing reason is repeated, unless its commit was sent.
    """

    def __init__(self, url: str, access: Access, database: str | None, patience: float) -> None:
        """Raises `ValueError` for a URL whose port is none, and for patience that no connection can be had in."""
        if patience < SHORTEST_PATIENCE:
            raise ValueError(f"a call to Neo4j needs {SHORTEST_PATIENCE} seconds at least, not {patience}")
        parts = urlsplit(url)
        self.where = f"{parts.scheme}://{parts.hostname or ''}" + (f":{parts.port}" if parts.port else "")
        self.patience = patience
        self._url = url
        self._access = access
        self._credentials = Credentials(access, self.where)
        self.room = Room(MOST_MEMORY)
        self._connect_within = min(_CONNECT_WITHIN, patience / 2)
        self._left: set[asyncio.Task[None]] = set()
        """Calls that nobody waits for any more and that are still getting their connection."""
        self._database = database
        self._driver: neo4j.AsyncDriver | None = None
        self._rows: ThreadPoolExecutor | None = None
        self.losses = 0
        """How often the server was not there, or went in the middle: it may have crashed."""
        self._bookmarks: neo4j.api.AsyncBookmarkManager | None = None
        """What members of a cluster wait for before they answer; a server that is alone has nothing to wait for."""

    def connect(self) -> None:
        """Make the driver where there is none yet; nothing is sent."""
        if self._driver is not None:
            return
        self._rows = ThreadPoolExecutor(1, "neo4j-rows")
        try:
            self._driver = neo4j.AsyncGraphDatabase.driver(
                **self._access.where(self._url),
                auth=self._credentials,
                user_agent="argumap",
                telemetry_disabled=True,
                connection_timeout=self._connect_within,
                connection_acquisition_timeout=self._connect_within,
                liveness_check_timeout=_TESTED_AFTER,
                max_connection_pool_size=self._access.pool,
                max_transaction_retry_time=0,
                notifications_disabled_classifications=_SILENCED,
            )
        except (neo4j.exceptions.DriverError, ValueError, OSError) as error:
            raise StoreUnusable(f"{self.where} is no address of a Neo4j: {error}") from error

    async def close(self) -> None:
        """Let the pool go; a server that does not answer is not waited for."""
        going, self._driver = self._driver, None
        if self._rows is not None:
            self._rows.shutdown(wait=False)
            self._rows = None
        if left := set(self._left):  # they give their sessions back before the driver goes
            _, late = await asyncio.wait(left, timeout=_FORGET_WITHIN)
            for one in late:
                one.cancel()
            await asyncio.gather(*late, return_exceptions=True)
        if going is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(_FORGET_WITHIN):
                    await going.close()

    async def look_around(self) -> None:
        """Find out whether there are other members of a cluster, which must not answer before they have caught up."""
        members = set()
        with suppress(StoreUnavailable, StoreUnusable):
            for [servers] in await self.ask(cypher.MEMBERS, database=self._database or "neo4j"):
                members = {address for server in servers for address in server["addresses"]}
        if len(members) > 1:
            self._bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager()

    def forget_bookmarks(self) -> None:
        """Wait for nothing any more: the future that the bookmarks are of may never come."""
        if self._bookmarks is not None:
            self._bookmarks = neo4j.AsyncGraphDatabase.bookmark_manager()

    async def aside(self, work: Callable[..., T], *arguments: Any) -> T:
        """Do long work on rows on the store's own thread, so that the event loop goes on."""
        if self._rows is None:
            raise self._closed()
        return await asyncio.get_running_loop().run_in_executor(self._rows, work, *arguments)

    async def ask(self, text: LiteralString, *, fresh: bool = False, **parameters: Any) -> Records:
        """Run one reading statement by itself; `fresh` asks the leader of a cluster."""

        async def attempt(deadline: Deadline) -> Records:
            async with self._session("WRITE" if fresh else "READ") as session:
                result = await session.run(text, parameters)
                deadline.begin()
                return await _fetched(result, deadline)

        return await self._repeated(attempt)

    async def order(self, text: LiteralString, *, patience: float | None = None, **parameters: Any) -> Records:
        """Run one writing statement by itself, such as one on the schema; it must bear being run again."""

        async def attempt(deadline: Deadline) -> Records:
            async with self._session("WRITE") as session:
                result = await session.run(text, parameters)
                deadline.begin()
                return await _fetched(result, deadline)

        return await self._repeated(attempt, patience)

    async def read(self, work: Work[T]) -> T:
        """Do the work in a managed reading transaction."""

        async def attempt(deadline: Deadline) -> T:
            async def managed(transaction: neo4j.AsyncManagedTransaction) -> T:
                deadline.begin()
                return await work(Talk(transaction, deadline))

            async with self._session("READ") as session:
                return await session.execute_read(managed)

        return await self._repeated(attempt)

    async def visit(self, work: Callable[[neo4j.AsyncSession], Awaitable[T]], *, within: float) -> T:
        """Do work of a user's own in a reading session, once, within so many seconds."""

        async def attempt(deadline: Deadline) -> T:
            deadline.begin()
            async with self._session("READ") as session:
                return await work(session)

        return await self._repeated(attempt, within)

    async def write(self, work: Work[T], *, patience: float | None = None) -> T:
        """Do the work in a managed transaction; raises `OutcomeUnknown` where the commit was cut off."""

        async def attempt(deadline: Deadline) -> T:
            async def managed(transaction: neo4j.AsyncManagedTransaction) -> T:
                deadline.begin()
                done = await work(Talk(transaction, deadline))
                deadline.begin()
                deadline.move_on()
                deadline.committing = True
                return done

            async with self._session("WRITE") as session:
                return await session.execute_write(managed)

        return await self._repeated(attempt, patience)

    async def put(self, text: LiteralString, *, patience: float | None = None, **parameters: Any) -> Records:
        """Run one writing statement in a transaction of its own, in two round trips: the driver sends the statement
        with the beginning. What answers nothing is rolled back. Raises `OutcomeUnknown` as `write` does.
        """

        async def attempt(deadline: Deadline) -> Records:
            async def taken(result: neo4j.AsyncResult) -> Records:
                deadline.begin()
                records = await _fetched(result, deadline)
                if not records:
                    raise _NothingDone
                deadline.begin()
                deadline.move_on()
                deadline.committing = True
                return records

            try:
                return await self._opened().execute_query(
                    text,
                    parameters,
                    database_=self._database,
                    bookmark_manager_=self._bookmarks,
                    result_transformer_=taken,
                )
            except _NothingDone:
                return []

        return await self._repeated(attempt, patience)

    async def peek(self, text: LiteralString, *, patience: float | None = None, **parameters: Any) -> Records:
        """Run a statement that takes a lock, and roll it back: what it answers no commit was changing."""

        async def attempt(deadline: Deadline) -> Records:
            async with self._session("WRITE") as session, await session.begin_transaction() as transaction:
                deadline.begin()
                records = await Talk(transaction, deadline).ask(text, **parameters)
                await transaction.rollback()
                return records

        return await self._repeated(attempt, patience)

    def _session(self, access: Literal["READ", "WRITE"]) -> neo4j.AsyncSession:
        return self._opened().session(
            database=self._database, default_access_mode=access, bookmark_manager=self._bookmarks
        )

    def _opened(self) -> neo4j.AsyncDriver:
        if self._driver is None:
            raise self._closed()
        self._credentials.check()
        return self._driver

    def _closed(self) -> StoreUnavailable:
        return StoreUnavailable(f"the store at {self.where} is not open")

    async def _repeated(
        self, attempt: Callable[[Deadline], Coroutine[Any, Any, T]], patience: float | None = None
    ) -> T:
        begun = time.monotonic()
        for pause in (*_PAUSES, None):
            offered = self._credentials.offered()
            deadline = Deadline(patience or self.patience)
            try:
                async with deadline.timeout:
                    return await self._unless_left(attempt(deadline), deadline)
            except Exception as error:
                if not is_of_driver(error):
                    raise
                self.losses += is_loss(error)
                if is_refusal(error):
                    self._credentials.note_refusal(offered)
                    if self._credentials.are_others and pause is not None:
                        continue  # the password is another by now
                if isinstance(error, TimeoutError) or "Bookmark" in (getattr(error, "code", None) or ""):
                    self.forget_bookmarks()
                late = time.monotonic() - begun > _REPEAT_FOR
                if pause is None or late or deadline.committing or not worth_repeating(error):
                    raise translated(error, self.where, committing=deadline.committing) from error
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt either answers or raises")

    async def _unless_left(self, work: Coroutine[Any, Any, T], deadline: Deadline) -> T:
        """Do the work, and cancel it only once it has its connection: the driver's pool never gets one back whose
        test was cancelled. Getting one ends by itself.
        """
        task = asyncio.ensure_future(work)
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            if not task.done():
                deadline.is_abandoned = True
                leaving = asyncio.ensure_future(_leave(task, deadline, self._connect_within + 1))
                self._left.add(leaving)
                leaving.add_done_callback(self._left.discard)
                if deadline.has_connection:
                    await asyncio.shield(leaving)
            raise


class _NothingDone(Exception):
    """A statement found nothing to write."""


async def _leave(task: asyncio.Task[Any], deadline: Deadline, within: float) -> None:
    """End a call that nobody waits for: one that gets its connection now ends by itself."""
    try:
        if not deadline.has_connection:
            await asyncio.wait({task}, timeout=within)
    finally:
        task.cancel()
    with suppress(asyncio.CancelledError, Exception):
        await task


async def _fetched(result: neo4j.AsyncResult, deadline: Deadline) -> Records:
    records = []
    async for record in result:
        records.append(record.values())
        if len(records) % _FETCHED_TOGETHER == 0:
            deadline.move_on()
            await asyncio.sleep(0)
    return records
