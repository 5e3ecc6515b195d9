"""Drafts: what somebody proposes to do to a map, kept beside it as the change that it would be.

A draft is of the revision that it was made on, and keeps what it would do to that one. So it is seen as a view of it,
and the map as it is when the draft is accepted is held against it field by field.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

import msgspec

from graph.beside.port import SideRecord
from graph.editing.editor import Provenance
from graph.editing.estimate import cost_of
from graph.editing.planning import Plan, orphaned_by, plan
from graph.editing.reverting import carry_over
from graph.errors import Conflict, NotFound, Refused
from graph.maps.commit_queue import IdempotencyKey, WriteRequest
from graph.maps.port import Runner, Store
from graph.maps.replay import supposed
from graph.maps.snapshots import SnapshotCache
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.base import now
from schemas.change import Change, Command, decode_change, encode_change
from schemas.draft import DraftStatus
from schemas.problem import FieldProblem

_EDIT = 100.0
"""Estimated microseconds that carrying an edit over costs."""
_ATTEMPTS = 20
_BYTES_PER_CHANGED = 2_000
"""Of a node in the patch of a snapshot whose columns are those of the newest one."""


class Earlier(Protocol):
    """Where older revisions are found."""

    async def earlier(self, newest: ArgumentGraph, as_of: str | None) -> ArgumentGraph:
        """The whole map at a revision, seen from a newest snapshot; raises `Refused`."""


class _Said(msgspec.Struct, frozen=True):
    """A draft as it is kept."""

    title: str
    by: str
    at: str
    updated_at: str
    base_change: str
    """Uid of the change that made the revision that the draft is of."""
    operations: msgspec.Raw
    """As they were sent."""
    change: msgspec.Raw
    """The change that it would be, as a log has it."""
    text: str | None = None
    decided_by: str | None = None
    decided_at: str | None = None
    reason: str | None = None
    revision: int | None = None
    fingerprint: str | None = None
    """Of the request that made it under an Idempotency-Key."""


@dataclass(frozen=True)
class Proposal:
    """A draft, read."""

    id: str
    version: int
    status: DraftStatus
    said: _Said
    change: Change
    """What it would do; its revision is the one behind that which the draft is of."""

    @property
    def base(self) -> int:
        """The revision that it is of."""
        return self.change.revision - 1

    @property
    def operations(self) -> tuple[dict[str, Any], ...]:
        """The operations as they were sent."""
        return msgspec.json.decode(self.said.operations, type=tuple[dict[str, Any], ...])


class Supposed(NamedTuple):
    """A draft with the map that it is of, without and with what it would do."""

    proposal: Proposal
    before: ArgumentGraph
    after: ArgumentGraph

    @property
    def orphaned(self) -> list[str]:
        """Statements that it would leave without an assertion, in order."""
        return orphaned_by(self.before, self.after, self.proposal.change.edits)


class Drafts:
    """The drafts of all maps: made, seen, changed and decided; each is compared and swapped by its version."""

    def __init__(self, store: Store, run: Runner, snapshots: Earlier, memory: int) -> None:
        self._store = store
        self._run = run
        self._snapshots = snapshots
        self._seen = SnapshotCache(memory)

    # --- reading --------------------------------------------------------------------------------

    async def find(self, map_id: str, draft_id: str) -> Proposal:
        """A draft; raises `NotFound`."""
        record = await self._store.beside.find(map_id, "draft", draft_id)
        if record is None:
            raise NotFound(f"map {map_id!r} has no draft {draft_id[:100]!r}", code="draft_not_found")
        return _proposal(record)

    async def all(self, map_id: str, status: DraftStatus | None = None) -> list[Proposal]:
        """The drafts of a map, of one status if given, in the order in which they were made."""
        records = await self._store.beside.records(map_id, "draft", () if status is None else (status,))
        return sorted(map(_proposal, records), key=lambda one: (one.said.at, one.id))

    async def seen(self, newest: ArgumentGraph, draft_id: str) -> Supposed:
        """The map as a draft would have it, at the revision that the draft is of.

        Raises `NotFound`, and `Refused` where the map does not have that revision any more.
        """
        return await self._shown(newest, await self.find(newest.map, draft_id))

    async def judged(self, newest: ArgumentGraph, proposal: Proposal) -> Supposed | None:
        """The same of a draft at hand; None where the map does not have its revision any more."""
        try:
            return await self._shown(newest, proposal)
        except Refused:
            return None

    async def _shown(self, newest: ArgumentGraph, proposal: Proposal) -> Supposed:
        try:
            base = await self._snapshots.earlier(newest, str(proposal.base))
        except Refused as error:
            raise _baseless(proposal) from error
        if base.change != proposal.said.base_change:
            raise _baseless(proposal)
        key = (newest.map, newest.created_at, base.change, proposal.id, proposal.version, proposal.change.uid)
        graph = self._seen.get(key)
        if graph is None or graph.columns is not base.columns:
            cost = len(proposal.change.edits) * _EDIT
            graph = await self._run(lambda: supposed(base, proposal.change), cost=cost)
            shared = graph.columns is newest.columns
            self._seen.put(key, graph, len(graph.patch.nodes) * _BYTES_PER_CHANGED if shared else None)
        return Supposed(proposal, base, graph)

    # --- writing --------------------------------------------------------------------------------

    async def planned(self, graph: ArgumentGraph, commands: Sequence[Command], provenance: Provenance) -> Change:
        """What commands would do to a snapshot, as a change; raises what `plan` raises, and `Refused` for nothing."""
        found = await self._run(lambda: plan(graph, commands, provenance), cost=cost_of(graph, commands))
        if not found.edits:
            detail = "these operations change nothing"
            raise Refused(detail, [FieldProblem("/operations", detail)])
        made = (graph.map, graph.revision + 1, provenance.change, provenance.at, provenance.by)
        return Change(*made, found.edits, follows=graph.change)

    async def propose(
        self, draft_id: str, title: str, text: str | None, operations: bytes, change: Change, fingerprint: str | None
    ) -> Proposal | None:
        """Keep a new draft; None where its id is taken."""
        said = _Said(
            title, change.by, change.at, change.at, change.follows, msgspec.Raw(operations),
            msgspec.Raw(encode_change(change)), text, fingerprint=fingerprint,
        )  # fmt: skip
        made = Proposal(draft_id, 1, "open", said, change)
        return made if await self._put(change.map, made) else None

    async def amend(
        self, map_id: str, proposal: Proposal, *, operations: bytes | None = None, change: Change | None = None,
        **fields: str | None,
    ) -> Proposal:  # fmt: skip
        """Change a draft that is open: its title or text, or what it would do; raises `Conflict`."""
        _check_open(proposal)
        said = msgspec.structs.replace(proposal.said, updated_at=now(), **fields)
        if change is not None and operations is not None:
            said = msgspec.structs.replace(
                said, base_change=change.follows, operations=msgspec.Raw(operations),
                change=msgspec.Raw(encode_change(change)),
            )  # fmt: skip
        amended = Proposal(proposal.id, proposal.version + 1, "open", said, change or proposal.change)
        if not await self._put(map_id, amended):
            raise _changed(proposal)
        return amended

    async def decline(self, map_id: str, proposal: Proposal, by: str, reason: str | None) -> Proposal:
        """Say no to a draft that is open; raises `Conflict`."""
        _check_open(proposal)
        said = msgspec.structs.replace(proposal.said, decided_by=by, decided_at=now(), reason=reason)
        declined = Proposal(proposal.id, proposal.version + 1, "declined", said, proposal.change)
        if not await self._put(map_id, declined):
            raise _changed(proposal)
        return declined

    def accepting(self, proposal: Proposal, by: str, answer: Callable[[Plan], bytes]) -> WriteRequest:
        """The write that does what a draft says to the map as it is then.

        It stands under a key of its own: asked again, after a connection was cut or by another, it happens once.
        Planning raises `Conflict` with every field that was set otherwise since.
        """
        edits = proposal.change.edits

        def planner(graph: ArgumentGraph, provenance: Provenance) -> Plan:
            return carry_over(graph, edits, provenance)

        return WriteRequest(planner, by, answer, self.key_of(proposal), lambda graph: len(edits) * _EDIT)

    def key_of(self, proposal: Proposal) -> IdempotencyKey:
        """The key under which a draft is accepted."""
        name = f"draft\n{proposal.change.map}\n{proposal.id}\n{proposal.change.uid}"
        return IdempotencyKey(name, proposal.change.uid)

    async def accepted(self, map_id: str, proposal: Proposal, by: str, reason: str | None, revision: int) -> Proposal:
        """Note that a draft was accepted: the map has it, whatever was said of the draft meanwhile."""
        said = msgspec.structs.replace(proposal.said, decided_by=by, decided_at=now(), reason=reason, revision=revision)
        current: Proposal | None = proposal
        for _ in range(_ATTEMPTS):
            if current is None or current.status == "accepted":
                break
            noted = Proposal(proposal.id, current.version + 1, "accepted", said, proposal.change)
            if await self._put(map_id, noted, weighed=False):
                return noted
            record = await self._store.beside.find(map_id, "draft", proposal.id)
            current = None if record is None else _proposal(record)
        return current or proposal

    async def remove(self, map_id: str, proposal: Proposal) -> None:
        """Take a draft away with what was said of it; raises `Conflict` where it was changed meanwhile."""
        beside = self._store.beside
        if not await beside.remove(map_id, "draft", proposal.id, proposal.version):
            raise _changed(proposal)
        for remark in await beside.records(map_id, "draft_remark", (proposal.id,)):
            await beside.remove(map_id, "draft_remark", remark.id, remark.version)

    def _put(self, map_id: str, one: Proposal, *, weighed: bool = True) -> Awaitable[bool]:
        document = msgspec.Raw(msgspec.json.encode(one.said))
        record = SideRecord("draft", one.id, one.status, one.version, document)
        return self._store.beside.put(map_id, record, weighed=weighed)


def _proposal(record: SideRecord) -> Proposal:
    said = msgspec.json.decode(record.document, type=_Said)
    status: DraftStatus = record.subject  # type: ignore[assignment]
    return Proposal(record.id, record.version, status, said, decode_change(bytes(said.change)))


def _check_open(proposal: Proposal) -> None:
    if proposal.status != "open":
        raise Conflict(f"the draft {proposal.id!r} was {proposal.status} already", code="draft_decided")


def _changed(proposal: Proposal) -> Conflict:
    return Conflict(f"the draft {proposal.id!r} was changed meanwhile; read it again", code="draft_changed")


def _baseless(proposal: Proposal) -> Refused:
    detail = (
        f"the draft {proposal.id!r} is of revision {proposal.base}, which the map does not have any more; "
        "send its operations again to have it of the newest one"
    )
    return Refused(detail, [FieldProblem("/draft", detail)], code="revision_unknown")
