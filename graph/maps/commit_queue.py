"""The queue of writers of one map: they commit together, and other processes are met by compare-and-swap."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextvars import Context, copy_context
from dataclasses import dataclass, field, replace

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import GraphError, OutcomeUnknown, Refused, RevisionTaken, StoreUnavailable, TooLarge
from graph.maps.port import MapVersion, Runner, Store
from graph.maps.snapshots import Snapshots
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import new_id, now
from schemas.change import Change, IdempotencyRecord

Planner = Callable[[ArgumentGraph, Provenance], Plan]
Prepare = Callable[[ArgumentGraph, Sequence[Change]], Awaitable[Planner]]
"""Makes a planner for a snapshot out of the map's log, which the second argument goes on with: changes that led to the
snapshot and are not in the store yet."""
_TOGETHER = 256
_ATTEMPTS = 200


@dataclass(frozen=True)
class IdempotencyKey:
    """An idempotency key with a digest of what it was sent with."""

    key: str
    """What it is kept under: the principal, the map and what the client sent."""
    fingerprint: str
    sent: str = ""
    """What the client sent, by which versions before kept it."""
    by: str = ""
    map: str = ""
    """Whose it is and about which map, which versions before did not look at."""


@dataclass(frozen=True)
class WriteRequest:
    """What a writer wants, worked out anew on each snapshot that it is tried on."""

    plan: Planner
    by: str
    answer: Callable[[Plan], bytes]
    """What the writer is told, from the plan that was carried out."""
    key: IdempotencyKey | None = None
    cost: Callable[[ArgumentGraph], float] = lambda graph: 0.0
    """Estimated microseconds of planning and telling on a snapshot, for the runner."""
    prepare: Prepare | None = None
    """Of a request that needs the map's log: makes the planner that takes the place of `plan`."""


@dataclass(frozen=True)
class WriteResult:
    """How a write request was met."""

    answer: bytes
    revision: int
    replayed: bool = False
    """Whether this is the first answer to the same key again, and nothing was written now."""


@dataclass
class _Waiting:
    request: WriteRequest
    outcome: "asyncio.Future[WriteResult]"
    context: Context
    """Whose planning is charged to whom: all requests of a batch are planned in one task."""


@dataclass
class _Attempt:
    """One attempt at the requests that wait: plans that follow one another, and what each writer will hear."""

    start: ArgumentGraph
    graph: ArgumentGraph
    changes: list[Change] = field(default_factory=list)
    heard: list[tuple[_Waiting, WriteResult | Exception]] = field(default_factory=list)
    later: list[_Waiting] = field(default_factory=list)


class CommitQueue:
    """The write requests of one map, in the order in which they came.

    A request is tried on the snapshot at hand without asking the store whether it is the newest: the commit itself
    compares and swaps. Only where nothing would be committed, or another process is writing too, is it asked.
    """

    def __init__(self, map_id: str, store: Store, snapshots: Snapshots, run: Runner) -> None:
        self._map = map_id
        self._store = store
        self._snapshots = snapshots
        self._run = run
        self._waiting: list[_Waiting] = []
        self._task: asyncio.Task[None] | None = None
        self._is_shared = False
        """Whether another process was faster the last time."""

    async def write(self, request: WriteRequest) -> WriteResult:
        """Wait for the request's turn; the answer comes when it is durable, and it is carried out all the same
        where nobody waits for it any more.
        """
        outcome: asyncio.Future[WriteResult] = asyncio.get_running_loop().create_future()
        self._waiting.append(_Waiting(request, outcome, copy_context()))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._work())
        return await outcome

    async def _work(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_TOGETHER], self._waiting[_TOGETHER:]
            try:
                self._waiting[:0] = await self._settle(batch)
            except TooLarge as error:
                if len(batch) == 1:
                    _fail(batch, error)
                for waiting in batch if len(batch) > 1 else ():  # which of them is, each finds out by itself
                    await self._alone(waiting)
            except Exception as error:  # whatever happens, no writer waits for ever
                _fail(batch, error)

    async def _alone(self, waiting: _Waiting) -> None:
        try:
            await self._settle([waiting])
        except Exception as error:
            _fail([waiting], error)

    async def _settle(self, batch: list[_Waiting]) -> list[_Waiting]:
        """Try the batch until it is committed; those whose key another of the batch uses come back."""
        for attempt in range(_ATTEMPTS):
            graph, is_newest = await self._start(attempt)
            tried = await self._plan(graph, batch)
            if await (self._committed(tried) if tried.changes else self._holds(tried, is_newest)):
                for waiting, heard in tried.heard:
                    _tell(waiting, heard)
                return tried.later
            await asyncio.sleep(min(0.001 * attempt, 0.05))
        raise StoreUnavailable(f"the map is written to without pause; {_ATTEMPTS} attempts came too late")

    async def _start(self, attempt: int) -> tuple[ArgumentGraph, bool]:
        """A snapshot to plan on, and whether the store says that it is the newest."""
        cached = self._snapshots.cached(self._map)
        if cached is not None and attempt == 0 and not self._is_shared:
            return cached, False
        newest = await self._snapshots.newest(self._map)
        self._is_shared = attempt > 0 or newest is not cached
        return newest, True

    async def _holds(self, tried: _Attempt, is_newest: bool) -> bool:
        """Whether what the writers will hear, none of whom changes anything, is said of the newest snapshot."""
        if is_newest or all(isinstance(heard, WriteResult) and heard.replayed for _, heard in tried.heard):
            return True
        return await self._store.version(self._map) == MapVersion(
            tried.start.revision, tried.start.created_at, tried.start.change
        )

    async def _committed(self, tried: _Attempt) -> bool:
        try:
            await self._store.commit(tried.graph.header, tried.changes)
        except RevisionTaken:
            return False
        except OutcomeUnknown:
            if not await has_happened(self._store, tried.changes[-1]):
                return False
        await self._snapshots.keep(tried.graph)
        return True

    async def _plan(self, graph: ArgumentGraph, batch: list[_Waiting]) -> _Attempt:
        tried = _Attempt(graph, graph)
        keys: set[str] = set()
        for waiting in batch:
            key = waiting.request.key
            if key is not None and key.key in keys:
                tried.later.append(waiting)
                continue
            if key is not None:
                keys.add(key.key)
            try:
                tried.heard.append((waiting, await self._replayed(key) or await self._one(tried, waiting)))
            except GraphError as error:
                if error.retryable:
                    raise
                tried.heard.append((waiting, error))
            except Exception as error:  # a request that goes wrong by itself is no other writer's affair
                tried.heard.append((waiting, error))
        return tried

    async def _replayed(self, key: IdempotencyKey | None) -> WriteResult | None:
        return None if key is None else await replayed(self._store, key)

    async def _one(self, tried: _Attempt, waiting: _Waiting) -> WriteResult:
        request = waiting.request
        # Never before the change that it follows, whatever this machine's clock says: `as_of` a time relies on it.
        graph = tried.graph
        provenance = Provenance(request.by, max(now(), graph.header.updated_at), new_id("change"))
        if request.prepare is not None:
            request = replace(request, plan=await request.prepare(graph, tried.changes), prepare=None)
        work = _Work(graph, request, provenance)
        planned, change, answer = await waiting.context.run(self._run, work, cost=request.cost(graph))
        if change is None:
            return WriteResult(answer, planned.graph.revision)
        tried.changes.append(change)
        tried.graph = planned.graph
        return WriteResult(answer, change.revision)


@dataclass(frozen=True)
class _Work:
    """A request on a snapshot: the plan, the change where it changes anything, and the answer."""

    graph: ArgumentGraph
    request: WriteRequest
    provenance: Provenance

    def __call__(self) -> tuple[Plan, Change | None, bytes]:
        planned = self.request.plan(self.graph, self.provenance)
        if planned.graph.revision == self.graph.revision:
            return planned, None, self.request.answer(planned)
        return planned, *change_of(planned, self.request, self.provenance, self.graph.change)


def change_of(planned: Plan, request: WriteRequest, provenance: Provenance, follows: str) -> tuple[Change, bytes]:
    """The log entry of a plan, behind the change that it `follows` and with the idempotency record of the request's
    key, and the answer to the writer.
    """
    answer = request.answer(planned)
    record = (
        None if request.key is None else IdempotencyRecord(request.key.key, request.key.fingerprint, answer.decode())
    )
    graph = planned.graph
    made = (graph.map, graph.revision, provenance.change, provenance.at, provenance.by)
    return Change(*made, planned.edits, record, follows, planned.reversal), answer


async def has_happened(store: Store, change: Change) -> bool:
    """Look up a change whose commit was cut off; raises `OutcomeUnknown` where the store does not tell."""
    for attempt in range(5):
        try:
            found = await store.changes(change.map, change.revision - 1, change.revision)
        except StoreUnavailable:
            await asyncio.sleep(0.2 * 2**attempt)
        else:
            return any(c.uid == change.uid for c in found)
    raise OutcomeUnknown(
        "the store went away while it wrote, and it cannot be asked whether the write happened; "
        "send it again with the same Idempotency-Key, or read the map first"
    )


async def replayed(store: Store, key: IdempotencyKey) -> WriteResult | None:
    """The first answer to a key; raises `Refused` where the key came with something else."""
    change = await store.idempotency_record(key.key)
    if change is None and key.sent:
        change = await store.idempotency_record(key.sent)
        if change is not None and (change.by != key.by or change.map != (key.map or change.map)):
            return None
    if change is None or change.idempotency is None:
        return None
    if change.idempotency.fingerprint != key.fingerprint:
        raise Refused(
            f"the Idempotency-Key {(key.sent or key.key)!r} was used for another request; choose a new one",
            code="key_reused",
        )
    return WriteResult(change.idempotency.answer.encode(), change.revision, replayed=True)


def _fail(batch: Sequence[_Waiting], error: Exception) -> None:
    for waiting in batch:
        if not waiting.outcome.done():
            waiting.outcome.set_exception(error)


def _tell(waiting: _Waiting, heard: WriteResult | Exception) -> None:
    if waiting.outcome.done():
        return
    if isinstance(heard, WriteResult):
        waiting.outcome.set_result(heard)
    else:
        waiting.outcome.set_exception(heard)
