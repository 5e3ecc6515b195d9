"""A store in memory whose commits go wrong when they are told to."""

from __future__ import annotations

from collections.abc import Sequence

from graph.errors import OutcomeUnknown, StoreUnavailable
from graph.stores.sqlite import SqliteStore
from schemas.change import Change
from schemas.map import MapHeader
from tests.support.waiting import Gate


class TrickyStore(SqliteStore):
    """Counts commits; the next ones may be cut off before or after they happened, refused or held up."""

    def __init__(self) -> None:
        super().__init__(":memory:")
        self.commits: list[list[int]] = []
        """The revisions that each commit took, in order."""
        self.fate: list[str] = []
        """What becomes of the next commits: `lost`, `cut`, `away`, `rival`, `beaten`; those behind go through."""
        self.gate: Gate | None = None
        self.silent = 0
        """How many times the log cannot be asked."""

    async def commit(self, header: MapHeader, changes: Sequence[Change]) -> None:
        if self.gate is not None:
            await self.gate.pass_through()
        fate = self.fate.pop(0) if self.fate else ""
        match fate:
            case "lost":
                raise OutcomeUnknown("cut off")
            case "away":
                raise StoreUnavailable("gone")
            case "beaten":
                await self._write_first(header, changes[0])
                raise OutcomeUnknown("cut off")
            case "rival":
                await self._write_first(header, changes[0])
        await super().commit(header, changes)
        self.commits.append([change.revision for change in changes])
        if fate == "cut":
            raise OutcomeUnknown("cut off")

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        if self.silent:
            self.silent -= 1
            raise StoreUnavailable("gone")
        return await super().changes(map_id, after, until)

    async def _write_first(self, header: MapHeader, change: Change) -> None:
        """Another process takes the revision."""
        moved = header.model_copy(update={"revision": change.revision})
        await super().commit(moved, [Change(header.id, change.revision, "rival", change.at, "rival", ())])
