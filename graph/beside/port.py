"""The port of what stands beside a map: small records under a map, each with a version that is compared and swapped."""

from abc import ABC, abstractmethod
from collections.abc import Collection
from typing import Literal

import msgspec

Sort = Literal["remark", "draft", "draft_remark"]


class SideRecord(msgspec.Struct, frozen=True):
    """A record beside a map."""

    sort: Sort
    id: str
    """Unique in its map among those of its sort."""
    subject: str
    """What it is about, as its sort names it: the node or draft of a remark, the status of a draft."""
    version: int
    """1 when it is made, one more with each change."""
    document: msgspec.Raw
    """What it says, JSON."""


class SideStore(ABC):
    """Keeps the records beside each map; they go with it. Every method may raise what those of `Store` do."""

    @abstractmethod
    async def find(self, map_id: str, sort: Sort, record_id: str) -> SideRecord | None:
        """A record; None where there is none, or no such map."""

    @abstractmethod
    async def records(self, map_id: str, sort: Sort, subjects: Collection[str] = ()) -> list[SideRecord]:
        """The records of a sort, of these subjects if given, in the order of their ids."""

    @abstractmethod
    async def put(self, map_id: str, record: SideRecord, *, weighed: bool = True) -> bool:
        """Keep a record, durably, where the one before it is there: the version below, or none for version 1.

        False where another writer was faster or the map is not there; then nothing has happened. Raises what the
        store's `weigh` does, which is not asked of a note of what has happened already: one that is not `weighed`.
        """

    @abstractmethod
    async def remove(self, map_id: str, sort: Sort, record_id: str, version: int) -> bool:
        """Take a record out that is still at this version; whether it was."""
