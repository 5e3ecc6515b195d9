"""The stream of a map's changes as server-sent events: resumed where it was cut, told to begin anew where it cannot be.

Each change is one event, `event: change`, whose id is its revision. Whoever follows nodes is told of a change that
touches one of them, and, as `event: verdict`, of one after which one of them has another verdict: still one event for
a change, so that a client cut off anywhere misses and doubles nothing. `ready` says where the stream begins, `reset`
that what lies between is not to be had, `gone` that the map was deleted.

A stream lasts no longer than who follows is let in: that is asked again before each change is told, and now and then
while nothing happens, once for all streams of one principal.
"""

import asyncio
import logging
import re
from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterator, Collection, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any, NamedTuple

import msgspec
from fastapi.sse import KEEPALIVE_COMMENT, format_sse_event

from graph.errors import GraphError, NotFound, Refused
from graph.evaluation.labelling.labelling import VERDICTS, labels, labels_key
from graph.maps.history import touches
from graph.maps.port import MapVersion, Outlook
from graph.maps.watch import PAUSE, Stopped, Waits, wake
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Change
from schemas.evaluation import Verdict
from schemas.query import ViewQuery
from service.auth.guard import Guard, Principal
from service.http.context import Service
from service.http.encoding import encode
from service.http.errors import Busy, ServiceError
from service.models.changes import change_item

_log = logging.getLogger("argumap")
RETRY = 2000
"""Milliseconds after which a client that was cut off comes again."""
_TOGETHER = 100
"""Changes that are read from the log at once."""
_JUDGED_EACH = 50
"""Changes up to which the verdicts after each of them are looked at; of more, only those after the last."""
_KEPT = 1000
_NODE = 2.0
"""Estimated microseconds that labelling a map costs for each of its nodes."""
Verdicts = dict[str, Verdict | None]


@dataclass(frozen=True)
class Following:
    """What a client wants to be told."""

    map: str
    nodes: tuple[str, ...] = ()
    """Only what touches one of these or changes its verdict; none means everything."""
    by: tuple[str, ...] = ()
    """Only changes by one of these; of verdicts whoever has turned them."""
    fields: tuple[str, ...] = ()
    """Only changes of one of these fields, of those nodes where some are named."""
    view: ViewQuery = field(default_factory=ViewQuery)
    """The view that verdicts are those of."""
    heartbeat: float = 25.0
    """Seconds of silence after which a comment shows that the stream lives."""

    def wants(self, change: Change) -> bool:
        """Whether a change is told by itself, whatever it does to verdicts."""
        if self.by and change.by not in self.by:
            return False
        if self.fields:
            return touches(change, self.nodes, self.fields)
        return not self.nodes or any(edit.id in self.nodes for edit in change.edits)


class Start(NamedTuple):
    """Where a stream begins: behind this revision, of the map as it stands."""

    revision: int
    newest: MapVersion
    reset: str | None = None
    """Why it cannot begin where it was asked to, and begins at the newest revision."""


class Entry(NamedTuple):
    """A change and what is told of it."""

    change: Change
    told: bytes


class Streams:
    """What all streams of a service share: the watch, and the changes that were read for one of them."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._entries: OrderedDict[tuple[str, str, int], Entry] = OrderedDict()
        """By map, the change that the map stands at, and revision: what lies behind one change is for ever the same."""
        self._reading: dict[tuple[str, str], asyncio.Lock] = {}
        self._judging: dict[tuple[str, str], asyncio.Lock] = {}
        self._admitted: dict[Principal, _Admitted] = {}

    async def start(self, map_id: str, behind: str | None) -> Start:
        """Where a stream begins that is to go on behind a revision, or, left out, now; raises `NotFound`."""
        newest = await self._service.workspace.version(map_id)
        if behind is None:
            return Start(newest.revision, newest)
        if not re.fullmatch(r"[0-9]{1,18}", behind):
            return Start(newest.revision, newest, "unknown_id")
        revision = int(behind)
        if revision > newest.revision:
            return Start(newest.revision, newest, "ahead")
        if revision < newest.revision and revision + 1 < (await self._service.store.oldest(map_id) or 1):
            return Start(newest.revision, newest, "compacted")
        return Start(revision, newest)

    async def events(self, following: Following, start: Start, principal: Principal) -> AsyncIterator[bytes]:
        """The events of a stream, without end until the client or the map goes, the service ends, or the principal is
        let in no more.
        """
        try:
            async with aclosing(self._events(following, start, principal)) as events:
                async for told in events:
                    yield told
        except (GraphError, ServiceError) as error:  # the head is sent: the client comes again, and hears it then
            _log.warning("a stream ended: %s", error.detail, extra={"fields": {"map": following.map}})

    async def _events(self, following: Following, start: Start, principal: Principal) -> AsyncGenerator[bytes, None]:
        watch = self._service.watch
        follower = _Follower(self, following, start)
        with watch.listening(following.map, start.newest), self._admitting(principal) as admitted:
            yield await follower.opened()
            while not admitted.is_over:
                try:
                    version = await watch.moves(following.map, follower.at, following.heartbeat, admitted.waits)
                except Stopped:
                    return
                if version == follower.at:
                    if not admitted.is_over:
                        yield follower.sign_of_life()
                    continue
                if not await admitted.holds_at(version):
                    return
                if version is None:
                    yield _event("gone", {"map": following.map})
                    return
                async with aclosing(follower.catch_up(version)) as behind:
                    async for told in behind:
                        yield told

    @contextmanager
    def _admitting(self, principal: Principal) -> "Iterator[_Admitted]":
        """Have it looked at now and then whether a principal is still let in, as long as it follows anything."""
        admitted = self._admitted.setdefault(principal, _Admitted(self._service.guard, principal))
        admitted.streams += 1
        self._service.watch.tell(self)
        try:
            yield admitted
        finally:
            admitted.streams -= 1
            if not admitted.streams and self._admitted.get(principal) is admitted:
                del self._admitted[principal]
            if not self._admitted:
                self._service.watch.leave(self)

    def wanted_keys(self) -> set[str]:
        """The keys by which somebody follows something."""
        return {principal.key for principal in self._admitted if principal.key is not None}

    def take(self, found: Outlook, asked: Collection[str]) -> None:
        """End the streams of those who are let in no more."""
        for principal, admitted in list(self._admitted.items()):
            if principal.key is None or principal.key in asked:  # one who came meanwhile was asked by itself
                admitted.take(found)

    async def entries(self, map_id: str, version: MapVersion, after: int, until: int) -> list[Entry]:
        """The changes behind one revision up to another, from the log where nobody has read them yet."""
        head = version.change
        keys = [(map_id, head, revision) for revision in range(after + 1, until + 1)]
        lock = self._reading.setdefault((map_id, head), asyncio.Lock())
        async with lock:  # of a thousand that listen one reads
            if any(key not in self._entries for key in keys):
                for change in await self._service.store.changes(map_id, after, until):
                    item = msgspec.to_builtins(change_item(change, None))
                    self._entries[map_id, head, change.revision] = Entry(change, encode({"map": map_id, **item}))
            found = [self._entries[key] for key in keys if key in self._entries]
            while len(self._entries) > _KEPT:
                self._entries.popitem(last=False)
        if not lock.locked():
            self._reading.pop((map_id, head), None)
        return found

    async def judged(self, map_id: str, view: ViewQuery) -> ArgumentGraph:
        """A view of a map with its labels worked out: of a thousand that follow alike one does it. Where too much waits
        already it is tried again: whoever follows hears late rather than not at all.
        """
        key = (map_id, view.model_dump_json())
        lock = self._judging.setdefault(key, asyncio.Lock())
        try:
            async with lock:
                while True:
                    with suppress(Busy):
                        graph = await self._service.workspace.view(map_id, view)
                        cost = 0.0 if labels_key("weighed") in graph.memo else graph.size * _NODE
                        await self._service.work.run(partial(labels, graph), cost=cost)
                        return graph
                    await asyncio.sleep(PAUSE)
        finally:
            if not lock.locked():
                self._judging.pop(key, None)


class _Admitted:
    """A principal that follows something: whether it is still let in, asked once for all of its streams."""

    def __init__(self, guard: Guard, principal: Principal) -> None:
        self._guard = guard
        self._principal = principal
        self.waits: Waits = set()
        self._held_at: MapVersion | None = None
        self._asking = asyncio.Lock()
        self.streams = 0
        self.is_over = False

    async def holds_at(self, version: MapVersion | None) -> bool:
        """Whether it was still let in when a map already stood so."""
        async with self._asking:
            if version is None or version != self._held_at:
                await self.look()
                self._held_at = version
        return not self.is_over

    async def look(self) -> None:
        """Ask, and end every wait where it is let in no more."""
        if not self.is_over and not await self._guard.holds(self._principal):
            self._end()

    def take(self, found: Outlook) -> None:
        """The same by what the watch has found."""
        if not self.is_over and not self._guard.holds_by(self._principal, found):
            self._end()

    def _end(self) -> None:
        self.is_over = True
        wake(self.waits)


class _Follower:
    """One client: how far it has been told, and which verdicts it knows of."""

    def __init__(self, streams: Streams, following: Following, start: Start) -> None:
        self._streams = streams
        self._following = following
        self._reset = start.reset
        self._passed = start.revision
        """The last revision that a client which is cut off now would name."""
        is_newest = start.revision == start.newest.revision
        self.at = start.newest if is_newest else MapVersion(start.revision, start.newest.created_at)
        self._verdicts: Verdicts | None = None

    async def opened(self) -> bytes:
        """The first event: where the stream begins, and the verdicts there of the nodes that are followed."""
        told: dict[str, Any] = {"map": self._following.map, "revision": self.at.revision}
        if self._following.nodes:
            told["verdicts"] = self._verdicts = await self._judged(self.at.revision)
        if self._reset is not None:
            return _retry() + _event("reset", {**told, "reason": self._reset}, self.at.revision)
        return _retry() + _event("ready", told, self.at.revision)

    def sign_of_life(self) -> bytes:
        """A comment, and how far the stream has come where what was passed over was not told."""
        if self._passed == self.at.revision:
            return KEEPALIVE_COMMENT
        self._passed = self.at.revision
        return format_sse_event(comment="", id=str(self._passed))  # without data nothing is dispatched

    async def catch_up(self, version: MapVersion) -> AsyncGenerator[bytes, None]:
        """What has happened up to where the map stands now."""
        if version.created_at != self.at.created_at:
            yield self._begin_anew(version, "map_replaced")
            return
        if version.revision < self.at.revision or not await self._is_behind(version):
            yield self._begin_anew(version, "taken_back")
            return
        each = version.revision - self.at.revision <= _JUDGED_EACH
        if self._following.nodes and self._verdicts is None:
            self._verdicts = await self._judged(self.at.revision)
        while self.at.revision < version.revision:
            until = min(version.revision, self.at.revision + _TOGETHER)
            entries = await self._streams.entries(self._following.map, version, self.at.revision, until)
            if len(entries) < until - self.at.revision:
                yield self._begin_anew(version, "compacted")
                return
            for entry in entries:
                revision = entry.change.revision
                turned = await self._turned(revision) if each or revision == version.revision else []
                self.at = self.at._replace(revision=revision, change=entry.change.uid)
                if turned or self._following.wants(entry.change):
                    self._passed = revision
                    yield _told(entry, turned)
        self.at = version

    async def _is_behind(self, version: MapVersion) -> bool:
        """Whether the change that was told last is one of those that led to where the map stands.

        A store that is set back to a backup goes on from there, and comes to the same revision by other changes.
        """
        if not self.at.change:
            return True
        last = self.at.revision
        found = await self._streams.entries(self._following.map, version, last - 1, last)
        return bool(found) and found[0].change.uid == self.at.change

    def _begin_anew(self, version: MapVersion, reason: str) -> bytes:
        self.at, self._passed, self._verdicts = version, version.revision, None
        told = {"map": self._following.map, "revision": version.revision, "reason": reason}
        return _event("reset", told, version.revision)

    async def _turned(self, revision: int) -> list[dict[str, Any]]:
        """The nodes that are followed and have another verdict now."""
        if not self._following.nodes or self._verdicts is None:
            return []
        before, after = self._verdicts, await self._judged(revision)
        self._verdicts = after
        turned = [node for node in self._following.nodes if before[node] != after[node]]
        return [{"id": node, "before": before[node], "after": after[node]} for node in turned]

    async def _judged(self, revision: int) -> Verdicts:
        nodes = self._following.nodes
        query = self._following.view.model_copy(update={"as_of": str(revision)})
        try:
            graph = await self._streams.judged(self._following.map, query)
        except (NotFound, Refused):  # not to be had any more, or named what is not there yet
            return dict.fromkeys(nodes)
        return _verdicts(graph, nodes)


def _verdicts(graph: ArgumentGraph, nodes: Collection[str]) -> Verdicts:
    labelled = labels(graph)
    place = labelled.arrays.compact(graph.size)
    numbers = {node: graph.find(node) for node in nodes}
    places = {node: -1 if number is None else int(place[number]) for node, number in numbers.items()}
    return {node: None if i < 0 else VERDICTS[int(labelled.labels[i])] for node, i in places.items()}


def _told(entry: Entry, turned: list[dict[str, Any]]) -> bytes:
    data = entry.told
    if turned:
        data = data[:-1] + b',"verdicts":' + encode(turned) + b"}"
    name = "verdict" if turned else "change"
    return format_sse_event(event=name, data_str=data.decode(), id=str(entry.change.revision))


def _event(name: str, value: object, revision: int | None = None) -> bytes:
    return format_sse_event(event=name, data_str=encode(value).decode(), id=None if revision is None else str(revision))


def _retry() -> bytes:
    return format_sse_event(retry=RETRY)
