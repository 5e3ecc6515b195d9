"""Who asks and what that one may do: principals, the guard that finds them out, how often each may ask, and how much
each may keep.

The store is asked each time, so that a key that another process revoked is no good with the next request. That costs
one indexed look-up a request. Nothing here knows of HTTP.
"""

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import TYPE_CHECKING, NamedTuple, Protocol

import msgspec

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import GraphError, KeyRefused, NotFound, ScopeTooLow, TooLarge, TooManyRequests
from graph.keys.port import KeyStore
from graph.keys.secret import fits, id_of
from graph.maps.commit_queue import Planner
from graph.maps.port import KeptCheck, Outlook, Store
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import now
from schemas.change import Edit
from schemas.key import LOCAL, SCOPES, KeyRecord, Scope

if TYPE_CHECKING:  # it needs an extra
    from service.auth.oidc import Tokens

_log = logging.getLogger("argumap.audit")
_MINUTE = len("2026-01-31T12:00")
_NO_DIGEST = "0" * 64
_ADDRESSES = 1000
"""Of how many who ask without a key is kept who they are: making it anew takes longer than looking it up."""


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    name: str
    """What a write records."""
    client: str
    """Whose line a long question waits in: the key's, or the address's where there are no keys."""
    scope: Scope = "admin"
    maps: frozenset[str] | None = None
    """The maps that are open to it; None for all."""
    key: str | None = None
    """Id of the key that was shown."""
    until: float | None = None
    """Of a token: when it is over, in seconds since 1970."""

    @classmethod
    @lru_cache(maxsize=_ADDRESSES)
    def local(cls, address: str) -> "Principal":
        """Whoever asks a service in whose store no key is set up."""
        return cls(LOCAL, address)

    @classmethod
    def of(cls, key: KeyRecord) -> "Principal":
        """Whoever shows a key."""
        maps = None if key.maps is None else frozenset(key.maps)
        return cls(key.name, f"key {key.id}", key.scope, maps, key.id)

    def may(self, needed: Scope) -> bool:
        """Whether the scope is enough."""
        return SCOPES.index(self.scope) >= SCOPES.index(needed)

    def opens(self, map_id: str) -> bool:
        """Whether a map is open to it, whether or not there is such a map."""
        return self.maps is None or map_id in self.maps

    def check(self, needed: Scope, map_id: str | None) -> None:
        """Raise `ScopeTooLow`, which tells nothing of the map, or `NotFound` as for a map that is not there.

        It is the same, and takes the same time, whether or not there is such a map.
        """
        if not self.may(needed):
            asked = f"this needs a key of scope {needed}; the key {self.name!r} has scope {self.scope}"
            is_proposer = self.scope == "propose" and needed == "write"
            hint = "; edits are proposed as a draft, POST /v1/maps/{map}/drafts, which others accept"
            raise ScopeTooLow(asked + hint if is_proposer else asked)
        if map_id is not None and not self.opens(map_id):
            raise NotFound(f"there is no map {map_id[:100]!r}", code="map_not_found")

    def check_whole(self, what: str) -> None:
        """Raise `ScopeTooLow` for a key that opens certain maps only."""
        if self.maps is not None:
            raise ScopeTooLow(f"{what} needs a key that opens all maps; the key {self.name!r} opens certain ones")


class Guard:
    """Knows who may come in."""

    def __init__(self, keys: KeyStore, tokens: "Tokens | None" = None, *, trusting: bool = False) -> None:
        """`trusting` takes whoever asks for the owner: of a command that works on the store itself."""
        self._keys = keys
        self._tokens = tokens
        self._trusting = trusting
        self._set_up = False
        self._noted: dict[str, str] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def is_set_up(self) -> bool:
        """Whether there ever was a key in the store, which never becomes false again, or tokens are taken."""
        if self._tokens is not None:
            return True
        if not self._set_up and not self._trusting:
            self._set_up = await self._keys.is_set_up()
        return self._set_up

    async def admit(self, authorization: str | None, address: str) -> Principal:
        """The principal of a request by its Authorization; raises `KeyRefused`, and what the store raises."""
        if not await self.is_set_up():
            return Principal.local(address)
        if authorization is None:
            raise KeyRefused("this service asks for a key: send Authorization: Bearer KEY", code="key_required")
        scheme, _, shown = authorization.partition(" ")
        shown = shown.strip()
        key_id = id_of(shown) if scheme.lower() == "bearer" else None
        if key_id is None and self._tokens is not None and scheme.lower() == "bearer":
            return await self._bearer(self._tokens, shown, address)
        if key_id is None:
            raise self._refused("what Authorization holds is no key of this service", address)
        key = await self._keys.find(key_id)
        if not fits(shown, _NO_DIGEST if key is None else key.digest) or key is None:
            raise self._refused("what Authorization holds is no key of this service", address)
        moment = now()
        ended = _ended(key, moment)
        if ended is not None:
            raise self._refused(f"the key {key.name!r} {ended}", address)
        self._note(key, moment)
        return Principal.of(key)

    async def holds(self, principal: Principal) -> bool:
        """Whether one who was let in would be let in now; one indexed look-up. Raises what the store raises."""
        key = None if principal.key is None else await self._keys.find(principal.key)
        return self.holds_by(principal, Outlook({}, {} if key is None else {key.id: key}, await self.is_set_up()))

    def holds_by(self, principal: Principal, found: Outlook) -> bool:
        """The same by what was found in a look that has asked for the principal's key."""
        if principal.until is not None:
            return time.time() < principal.until
        if principal.key is None:
            return self._tokens is None and (self._trusting or not found.is_set_up)
        key = found.keys.get(principal.key)
        return key is not None and _ended(key, now()) is None

    def open(self) -> None:
        """Begin to fetch what tokens are told by."""
        if self._tokens is not None:
            self._tokens.open()

    async def close(self) -> None:
        """Let what is under way end."""
        if self._tokens is not None:
            await self._tokens.close()
        if self._noting:
            await asyncio.wait(self._noting)

    async def _bearer(self, tokens: "Tokens", shown: str, address: str) -> Principal:
        try:
            found = await tokens.read(shown)
        except KeyRefused as error:
            raise self._refused(error.detail, address) from error
        return Principal(found.name, f"token {found.subject}", found.scope, found.maps, None, found.until)

    def _refused(self, detail: str, address: str) -> KeyRefused:
        _log.warning("refused a key", extra={"fields": {"client": address, "why": detail}})
        return KeyRefused(f"{detail}; send Authorization: Bearer KEY", code="key_invalid")

    def _note(self, key: KeyRecord, moment: str) -> None:
        """Remember the minute of the use, aside: no request waits for it."""
        minute = f"{moment[:_MINUTE]}:00Z"
        if self._noted.get(key.id, key.used_at) == minute:
            return
        self._noted[key.id] = minute
        task = asyncio.get_running_loop().create_task(self._noted_in_store(key.id, minute))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _noted_in_store(self, key_id: str, minute: str) -> None:
        try:
            await self._keys.note_use(key_id, minute)
        except GraphError as error:
            logging.getLogger("argumap").warning("the use of key %s was not noted: %s", key_id, error.detail)


def _ended(key: KeyRecord, moment: str) -> str | None:
    """Why a key is no good any more; None where it is."""
    if key.revoked_at is not None:
        return "was revoked"
    if key.expires_at is not None and key.expires_at <= moment:
        return f"expired at {key.expires_at}"
    return None


_A_MINUTE = 60.0
_PRINCIPALS = 10_000
"""Of whom is remembered what they have left; the longest silent is forgotten, whose bucket is full anyway."""


class Cost(Protocol):
    """What is known of a piece of work that has ended."""

    @property
    def client(self) -> str:
        """Whose it was."""
        ...

    @property
    def cost(self) -> float:
        """Seconds of the processor that it took."""
        ...


class _Buckets:
    """What each has left of something that comes back evenly; O(1). Who owes something has nothing left."""

    def __init__(self, per_second: float, most: float) -> None:
        self.per_second, self._most = per_second, most
        self._left: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def left(self, client: str) -> float:
        """How much one has left."""
        left, at = self._left.get(client, (self._most, 0.0))
        return min(self._most, left + (time.monotonic() - at) * self.per_second)

    def take(self, client: str, amount: float) -> None:
        """Take so much, be it there or not."""
        self._left[client] = (self.left(client) - amount, time.monotonic())
        self._left.move_to_end(client)
        if len(self._left) > _PRINCIPALS:
            self._left.popitem(last=False)


class Rates:
    """How often each principal may ask, and how much of the processor what it asks for may take; O(1)."""

    def __init__(self, per_second: float, work: float) -> None:
        """`per_second` requests on the average, twice as many at once, and `work` seconds of the processor a minute,
        a minute's worth at once; 0 lets all through.
        """
        self._asked = _Buckets(per_second, max(1.0, 2 * per_second))
        self._work = _Buckets(work / _A_MINUTE, work)

    def take(self, client: str) -> None:
        """Count a request; raises `TooManyRequests`."""
        if self._work.per_second and (left := self._work.left(client)) <= 0:
            said = (
                f"what you asked for took more than {self._work.per_second * _A_MINUTE:g} s of the processor a minute"
            )
            raise _too_many(said, "RATE_WORK", ceil(max(-left, 0.01) / self._work.per_second))
        if self._asked.per_second:
            if (left := self._asked.left(client)) < 1:
                said = f"you ask more often than {self._asked.per_second:g} times a second"
                raise _too_many(said, "RATE", ceil((1 - left) / self._asked.per_second))
            self._asked.take(client, 1)

    def charge(self, done: Cost) -> None:
        """Take what a piece of work cost from whoever it was for: what it will be is known only afterwards."""
        if self._work.per_second:
            self._work.take(done.client, done.cost)


def _too_many(said: str, setting: str, seconds: int) -> TooManyRequests:
    detail = f"{said} (setting ARGUMAP_{setting}); try again in {seconds} s"
    return TooManyRequests(detail, seconds=seconds)


class Holding(NamedTuple):
    """How much there is of something."""

    nodes: int = 0
    bytes: int = 0

    def plus(self, nodes: int, bytes: int) -> "Holding":
        """The same with so much more."""
        return Holding(self.nodes + nodes, self.bytes + bytes)


_MAPS = 256
"""Of how many maps is remembered who holds how much."""
_NODE = 2.0
"""Estimated microseconds that counting a node costs."""
_DELETE = "delete something"
_LESS = "take a text or a draft away, or have its history shortened"
_Ledger = dict[str | None, Holding]
"""By name what each has made (nodes) and last written (bytes) of a map; under None the whole map."""


class Quotas:
    """How much a map may hold, and each principal of it; counted once for a map and kept up with each write.

    A node counts for who has made it and its bytes for who wrote it last, so that nobody fills the share of another.
    What makes less of something is always taken. What a map keeps beside its nodes the store counts, and asks `weigh`
    before it keeps more.
    """

    def __init__(self, each_map: Holding, each_principal: Holding, maps: int, kept: int = 0) -> None:
        """Nodes and bytes of a map, of a principal in a map, maps of a principal, and bytes that a map keeps; 0 is no
        bound.
        """
        self._of_map, self._of_principal, self._maps, self._kept = each_map, each_principal, maps, kept
        self._bounds_nothing = not any((*each_map, *each_principal))
        self._ledgers: OrderedDict[tuple[str, str], _Ledger] = OrderedDict()

    def guarding(self, planner: Planner, by: str) -> Planner:
        """A planner whose plan is held against the quotas of its map and of who plans; it raises `TooLarge`."""
        if self._bounds_nothing:
            return planner

        def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
            plan = planner(graph, provenance)
            before = self._ledger(graph)
            after = _after(before, plan.edits)
            self._check(f"the map {graph.map!r}", "MAP", self._of_map, before[None], after[None])
            had, has = before.get(by, Holding()), after.get(by, Holding())
            self._check(f"what {by!r} has in the map {graph.map!r}", "PRINCIPAL", self._of_principal, had, has)
            self._keep(plan.graph, after)
            return plan

        return planned

    def cost(self, graph: ArgumentGraph) -> float:
        """Estimated microseconds that counting takes before a write."""
        known = self._bounds_nothing or (graph.map, graph.change) in self._ledgers
        return 0.0 if known else graph.size * _NODE

    async def check_maps(self, store: Store, by: str, map_id: str) -> None:
        """Raise `TooLarge` where who asks has as many maps beside this one as they may; looks at each map once."""
        if self._maps:
            made = sum(one.created_by == by and one.id != map_id for one in await store.maps())
            if made >= self._maps:
                raise _reached(f"{by!r} has made {made} maps", self._maps, "QUOTA_PRINCIPAL_MAPS")

    @property
    def weigh(self) -> KeptCheck | None:
        """What a store is to ask before a map keeps more; None where there is no bound to that."""
        return self._weigh_kept if self._kept else None

    def _weigh_kept(self, map_id: str, before: int, after: int) -> None:
        if after > max(self._kept, before):
            said = f"the map {map_id!r} keeps {before} bytes of history, texts, remarks and drafts"
            raise _reached(f"{said} and would come to {after}", self._kept, "QUOTA_MAP_KEPT_BYTES", _LESS)

    def _check(self, whose: str, kind: str, bound: Holding, before: Holding, after: Holding) -> None:
        for what, most, was, is_ in zip(Holding._fields, bound, before, after, strict=True):
            if most and is_ > max(most, was):
                raise _reached(f"{whose} would come to {is_} {what}", most, f"QUOTA_{kind}_{what.upper()}")

    def _ledger(self, graph: ArgumentGraph) -> _Ledger:
        known = self._ledgers.get((graph.map, graph.change))
        if known is not None:
            return known
        return _counted({None: Holding()}, map(graph.stored, graph.numbers()), 1)

    def _keep(self, graph: ArgumentGraph, ledger: _Ledger) -> None:
        self._ledgers[graph.map, graph.change] = ledger
        while len(self._ledgers) > _MAPS:
            self._ledgers.popitem(last=False)


class _Hands(msgspec.Struct):
    """Whose hands a node was in."""

    created_by: str
    updated_by: str


_hands = msgspec.json.Decoder(_Hands).decode


def _after(before: _Ledger, edits: Iterable[Edit]) -> _Ledger:
    nodes = [one for one in edits if one.kind != "map"]
    less = _counted(dict(before), (one.before for one in nodes if one.before is not None), -1)
    return _counted(less, (one.after for one in nodes if one.after is not None), 1)


def _counted(ledger: _Ledger, documents: "Iterable[bytes | msgspec.Raw]", sign: int) -> _Ledger:
    for document in documents:
        hands, size = _hands(document), sign * len(bytes(document))
        for name, nodes, amount in ((None, sign, size), (hands.created_by, sign, 0), (hands.updated_by, 0, size)):
            ledger[name] = ledger.get(name, Holding()).plus(nodes, amount)
    return ledger


def _reached(what: str, bound: int, setting: str, less: str = _DELETE) -> TooLarge:
    return TooLarge(
        f"{what}, and {bound} is the quota (setting ARGUMAP_{setting}); {less}, or ask who runs the service",
        code="quota_reached",
    )
