"""The running service, and what a path function is given of it: who asks, and the view."""

import asyncio
import logging
import re
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Annotated

import msgspec
from fastapi import Depends, Header, Path, Request
from pydantic import ValidationError
from starlette.types import Scope

from graph.errors import GraphError, NotFound, Refused
from graph.evaluation.evaluation import judgements
from graph.history.effects import Effects
from graph.maps.adopting import adopt
from graph.maps.by_hand import HandConflict
from graph.maps.cypher_port import VerdictStore
from graph.maps.port import Store, StoreInfo
from graph.maps.watch import Watch
from graph.maps.workspace import Workspace
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import ID_PATTERN, stamp
from schemas.change import JsonObject
from schemas.problem import explain
from schemas.query import ViewQuery
from schemas.vocabulary import Kind
from seed.articles import DEFAULT
from seed.editions import nodes_of, standing
from seed.loader import load
from service.auth.guard import Guard, Holding, Principal, Quotas, Rates
from service.http.encoding import AnswerCache, client_address, header
from service.http.errors import Busy
from service.http.governor import Governor
from service.http.work import WORK
from service.settings import Settings, SettingsError

if TYPE_CHECKING:
    from service.auth.oidc import Tokens
    from service.http.telemetry import SpanSender

VERSION = "0.1.0"
_log = logging.getLogger("argumap")
_DAY = 24 * 60 * 60.0
_VERDICTS_EVERY = 2.0
"""Seconds between two looks for maps whose verdicts in the database are of another revision."""
_JUDGING = 20.0
"""Microseconds for a node."""


@dataclass
class Service:
    """One running service; `app.state.service` holds it."""

    settings: Settings
    store: Store
    trusting: bool = False
    """Whether whoever asks is the owner of the store: it is a command's own application, and no key is asked for."""
    tracing: "SpanSender | None" = None
    """What sends spans of requests, where the settings ask for them."""
    workspace: Workspace = field(init=False)
    answers: AnswerCache = field(init=False)
    watch: Watch = field(init=False)
    work: Governor = field(init=False)
    guard: Guard = field(init=False)
    effects: Effects = field(default_factory=Effects)
    """What changes did to the conclusions of their maps, as far as it was worked out."""
    rates: Rates = field(init=False)
    quotas: Quotas = field(init=False)
    _beside: "list[asyncio.Task[None]]" = field(default_factory=list)
    """What is done beside the requests."""
    info: StoreInfo | None = None
    """What the store said when it was opened."""

    def __post_init__(self) -> None:
        governor = Governor if self.tracing is None else self.tracing.governor
        self.work = governor(self.settings.workers, self.settings.queue)
        self.workspace = Workspace(self.store, memory=self.settings.memory, run=self.work.run)
        self.rates = Rates(*((0, 0) if self.trusting else (self.settings.rate, self.settings.rate_work)))
        self.quotas = self._quotas()
        self.guard = Guard(self.store.keys, self._tokens(), trusting=self.trusting)
        self.answers = AnswerCache(self.settings.answer_cache)
        self.watch = Watch(self.store, self.settings.listeners)

    def _tokens(self) -> "Tokens | None":
        told = self.settings
        if self.trusting or told.oidc_issuer is None:
            return None
        if told.oidc_audience is None:  # a token for anybody would be one that somebody else was given
            raise SettingsError("ARGUMAP_OIDC_ISSUER needs ARGUMAP_OIDC_AUDIENCE: a token must be for this service")
        try:
            from service.auth.oidc import Tokens  # noqa: PLC0415 - it needs an extra
        except ImportError as error:
            raise SettingsError("ARGUMAP_OIDC_ISSUER needs the extra: pip install 'argumap[oidc]'") from error
        return Tokens(told.oidc_issuer, told.oidc_audience, claim=told.oidc_claim, name=told.oidc_name)

    def _quotas(self) -> Quotas:
        if self.trusting:
            return Quotas(Holding(), Holding(), 0)
        told = self.settings
        each_map = Holding(told.quota_map_nodes, told.quota_map_bytes)
        each_principal = Holding(told.quota_principal_nodes, told.quota_principal_bytes)
        return Quotas(each_map, each_principal, told.quota_principal_maps, told.quota_map_kept_bytes)

    async def open(self) -> None:
        """Open the store, and load the example map where it has none and the settings say so; once."""
        if self.info is not None:
            return
        if self.tracing is not None:
            self.tracing.open()
        self.info = await self.store.open()
        self.guard.open()
        await self.workspace.purge()
        if self.settings.log_days:
            self._beside.append(asyncio.create_task(self._keep_logs_short()))
        if self.settings.neo4j_adopt and self.store.hands is not None:
            self._beside.append(asyncio.create_task(self._take_in_hands()))
        if self.settings.neo4j_verdicts and self.store.verdicts is not None:
            self._beside.append(asyncio.create_task(self._write_verdicts(self.store.verdicts)))
        if self.settings.seed and not await self.store.count_maps():
            await load(self.workspace)
        self.store.weigh_by(self.quotas.weigh)

    async def newer_edition(self) -> str | None:
        """What to tell whoever runs the service where the example in its store is of an earlier edition.

        Nothing where the settings want no example, or the store has none.
        """
        if not self.settings.seed:
            return None
        try:
            graph = await self.workspace.at(DEFAULT)
        except NotFound:
            return None
        found = await self.work.run(lambda: standing(nodes_of(graph)))
        if not found.is_outdated:
            return None
        offer = f"`argumap seed --update` brings edition {found.newest} as one change and keeps what you changed"
        return f"the map {DEFAULT} has edition {found.has} of the example; {offer}"

    async def _keep_logs_short(self) -> None:
        """Now and once a day let the log of each map go as far back as the settings say, and no further."""
        while True:
            time = stamp(datetime.now(UTC) - timedelta(days=self.settings.log_days))
            try:
                for map_id in await self.store.map_ids():
                    try:
                        await self.workspace.compact(map_id, time)
                    except GraphError as error:
                        _log.warning("the history of map %r is not shortened: %s", map_id, error.detail)
            except GraphError as error:
                _log.warning("no history is shortened: %s", error.detail)
            await asyncio.sleep(_DAY)

    async def _take_in_hands(self) -> None:
        """Look for what was changed by hand, as often as the settings say; a conflict is told once."""
        told: dict[str, list[HandConflict]] = {}
        while True:
            try:
                for map_id in await self.store.map_ids():
                    told[map_id] = await self._take_in(map_id, told.get(map_id, []))
            except GraphError as error:
                _log.warning("nothing is taken in of what was changed by hand: %s", error.detail)
            await asyncio.sleep(self.settings.neo4j_adopt)

    async def _take_in(self, map_id: str, told: list[HandConflict]) -> list[HandConflict]:
        try:
            found = await adopt(self.store, map_id, run=self.work.run)
        except (GraphError, Busy) as error:
            _log.warning("nothing of map %r is taken in that was changed by hand: %s", map_id, error.detail)
            return told
        if found.revision is not None:
            _log.info("map %r: what was changed by hand is revision %d", map_id, found.revision)
            self.watch.nudge()
        for conflict in found.conflicts if found.conflicts != told else ():
            _log.warning("map %r, changed by hand, node %r: %s", map_id, conflict.node, conflict.detail)
        return found.conflicts

    async def _write_verdicts(self, store: VerdictStore) -> None:
        """Now and then judge the maps that have changed; what one revision takes no other waits for."""
        while True:
            try:
                for map_id in await store.due():
                    await self._judge(store, map_id)
            except GraphError as error:
                _log.warning("no verdicts are written: %s", error.detail)
            await asyncio.sleep(_VERDICTS_EVERY)

    async def _judge(self, store: VerdictStore, map_id: str) -> None:
        try:
            if await store.claim(map_id):
                graph = await self.workspace.at(map_id)
                judged = await self.work.run(lambda: judgements(graph), cost=_JUDGING * graph.size)
                await store.judge(map_id, graph.revision, judged)
        except (GraphError, Busy) as error:
            _log.warning("no verdicts of map %r are written: %s", map_id, error.detail)

    async def close(self) -> None:
        """End the event streams and release the store."""
        for task in self._beside:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await self.watch.stop()
        await self.guard.close()
        await self.store.close()
        if self.tracing is not None:
            await self.tracing.close()


async def admit(service: Service, scope: Scope) -> Principal:
    """Who a request is from, found out once; raises `KeyRefused`, and what the store raises."""
    state = scope.setdefault("state", {})
    found: Principal | None = state.get(_PRINCIPAL)
    if found is None:
        shown = header(scope, b"authorization")
        shown = _in_cookie(scope) if shown is None else shown
        found = await service.guard.admit(shown, client_address(scope))
        record = WORK.get()
        if record is not None:
            record.client, record.principal, record.key = found.client, found.name, found.key
            record.operation = getattr(scope.get("route"), "name", "")
        service.rates.take(found.client)
        state[_PRINCIPAL] = found
    return found


COOKIE = "argumap_key"
"""The cookie by which a page is known that has signed in."""


def _in_cookie(scope: Scope) -> str | None:
    """The key of a page that has signed in, as a header would show it."""
    given = header(scope, b"cookie")
    for part in () if given is None else given.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE and value:
            return f"Bearer {value}"
    return None


_PRINCIPAL = "principal"
_ID = re.compile(ID_PATTERN)
MapId = Annotated[str, Path(alias="map", description="Id of a map.", json_schema_extra={"pattern": ID_PATTERN})]
NodeId = Annotated[str, Path(alias="id", description="Id of a node.", json_schema_extra={"pattern": ID_PATTERN})]

IfMatch = Annotated[
    str | None,
    Header(alias="If-Match", description="ETag of the state that is to be changed; 412 where it is another by now."),
]
IdempotencyKey = Annotated[
    str | None,
    Header(alias="Idempotency-Key", description="The same key and request give the first answer again."),
]


@dataclass
class Context:
    """One request with the service behind it."""

    request: Request
    service: Service
    principal: Principal

    @cached_property
    def map(self) -> str:
        """The map that the address names; raises `NotFound` for what can be no id."""
        name: str = self.request.path_params["map"]
        if not _ID.fullmatch(name):
            raise NotFound(f"there is no map {name[:100]!r}", code="map_not_found")
        return name

    @property
    def document(self) -> JsonObject:
        """What a client sent as plain JSON: the fields that are there, its numbers digit for digit."""
        return dict(getattr(self.request, "document", {}))

    def header(self, name: bytes) -> str | None:
        """A header by its lower-case name; several lines of it count as one list."""
        return header(self.request.scope, name)


def context_of(request: Request) -> Context:
    """The request with the service behind it; an operation that is open to all does not ask who it is."""
    scope = request.scope
    known: Principal | None = scope.get("state", {}).get(_PRINCIPAL)
    return Context(request, request.app.state.service, known or Principal.local(client_address(scope)))


async def read_context(request: Request) -> Context:
    """What a read is given that is about no map."""
    return context_of(request)


async def write_context(request: Request, if_match: IfMatch = None) -> Context:
    """What a change or a delete is given."""
    return context_of(request)


async def post_context(request: Request, if_match: IfMatch = None, idempotency_key: IdempotencyKey = None) -> Context:
    """What a write is given that makes something."""
    return context_of(request)


async def map_context(request: Request, idempotency_key: IdempotencyKey = None) -> Context:
    """What is given that makes a map: there is nothing yet that a tag could be of."""
    return context_of(request)


@dataclass
class View:
    """A view of the map that the address names, with the whole that it was narrowed from: one revision, one hand."""

    context: Context
    query: ViewQuery
    graph: ArgumentGraph
    """The map as the query sees it."""
    whole: ArgumentGraph
    """The map at the same revision without the view's filters."""

    def find(self, node_id: str, kind: Kind | None = None) -> str:
        """An id that the view has, of this kind if given; raises `NotFound` where it has none, and `Merged`."""
        graph = self.graph
        number = graph.find(node_id)
        if number is None:
            self.whole.refuse_merged(node_id)
        if number is None or (kind is not None and graph.at(number).kind != kind):
            what = kind or "node"
            where = f" in this view of revision {graph.revision}" if self.query.narrows else ""
            hint = f"; {node_id!r} is of kind {graph.at(number).kind}" if number is not None else ""
            raise NotFound(f"map {graph.map!r} has no {what} {node_id[:100]!r}{where}{hint}", code="node_not_found")
        return node_id


async def view(request: Request, map: MapId) -> View:
    """The map as the parameters of the view see it, asked of the store once.

    The parameters are read here and not by the framework, which would look for each of them in every request:
    most requests have none. `StrictRoute` tells the reference of them.
    """
    asked = context_of(request)
    query = _WHOLE if not request.scope["query_string"] else _view_query(request)
    graph, whole = await asked.service.workspace.views(asked.map, query)
    return View(asked, query, graph, whole)


def _view_query(request: Request) -> ViewQuery:
    given = request.query_params
    named = {n: given.getlist(n) if n in _SEVERAL else given[n] for n in ViewQuery.model_fields if n in given}
    try:
        return ViewQuery.model_validate(named)
    except ValidationError as error:
        found = [msgspec.structs.replace(p, in_="query") for p in explain(error, ViewQuery)]
        raise Refused(f"{found[0].pointer[1:]}: {found[0].detail}", found, code="invalid_parameter") from error


_WHOLE = ViewQuery()
_SEVERAL = {"sources", "actors", "motives", "without"}
ReadContext = Annotated[Context, Depends(read_context)]
WriteContext = Annotated[Context, Depends(write_context)]
PostContext = Annotated[Context, Depends(post_context)]
MapContext = Annotated[Context, Depends(map_context)]
MapView = Annotated[View, Depends(view)]
