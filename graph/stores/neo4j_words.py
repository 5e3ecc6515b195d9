"""Whether the full-text index holds every node: it follows the commits, and a crash may lose the last of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from graph.maps.port import StoreInfo
from graph.stores.neo4j_calls import Calls


class WordsWatch:
    """Has the schema and its indexes looked at when the store opens, and again before the first search after a loss.

    A look costs the server time in proportion to the nodes that it holds.
    """

    def __init__(self, calls: Calls, look: Callable[[Calls], Awaitable[StoreInfo]]) -> None:
        self._calls = calls
        self._look = look
        self._seen = 0
        """How many losses there had been when it was last looked."""
        self._looking: asyncio.Task[StoreInfo] | None = None

    async def look(self) -> StoreInfo:
        """Look now; what the server is."""
        losses = self._calls.losses
        found = await self._look(self._calls)
        self._seen = losses
        return found

    async def whole(self) -> None:
        """Return once the index can be trusted; the look goes on where the search that waits for it is given up."""
        if self._looking is None and self._calls.losses != self._seen:
            self._looking = asyncio.create_task(self.look())
            self._looking.add_done_callback(self._done)
        if self._looking is not None:
            await asyncio.shield(self._looking)

    def _done(self, looking: asyncio.Task[StoreInfo]) -> None:
        self._looking = None
        if not looking.cancelled():
            looking.exception()  # whoever waited has heard of it

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking
