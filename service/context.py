"""What every request shares: settings, workspace, kept answers, and the bound on long work."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from graph.maps.port import Store, StoreInfo
from graph.maps.workspace import Workspace
from seed.loader import load
from service.errors import Busy
from service.settings import Settings
from service.wire.cache import AnswerCache

T = TypeVar("T")
VERSION = "0.1.0"
_AT_ONCE = 3000
"""Nodes of a map up to which any question takes at most a few milliseconds and stays on the event loop."""


@dataclass
class Service:
    """One running service."""

    settings: Settings
    store: Store
    workspace: Workspace = field(init=False)
    answers: AnswerCache = field(init=False)
    info: StoreInfo | None = None
    """What the store said when it was opened."""
    _waiting: int = 0

    def __post_init__(self) -> None:
        self.workspace = Workspace(self.store, memory=self.settings.memory)
        self.answers = AnswerCache(self.settings.answer_cache)
        self._long = asyncio.Semaphore(self.settings.workers)

    async def open(self) -> None:
        """Open the store, and load the example map where it has none and the settings say so; once."""
        if self.info is not None:
            return
        self.info = await self.store.open()
        if self.settings.seed and not await self.store.maps():
            await load(self.workspace)

    async def close(self) -> None:
        """Release the store."""
        await self.store.close()

    async def think(self, size: int, work: Callable[[], T]) -> T:
        """Do pure work about a map of so many nodes: at once where it is small, else on a thread in turn."""
        if size <= _AT_ONCE:
            return work()
        return await self.long(work)

    async def long(self, work: Callable[[], T]) -> T:
        """Do work that takes longer than a few milliseconds; raises `Busy` where too much waits already."""
        if self._waiting >= self.settings.queue:
            raise Busy(
                f"{self._waiting} long questions wait already; try again in a moment "
                "(settings ARGUMAP_WORKERS and ARGUMAP_QUEUE)"
            )
        self._waiting += 1
        try:
            async with self._long:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1
