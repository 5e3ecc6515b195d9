"""Whether the full-text index holds every node: it follows the commits, and a crash may lose the last of them."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

from graph.errors import StoreUnusable
from graph.maps.port import StoreInfo
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls


class WordsWatch:
    """Has the schema and its indexes looked at when the store opens, and before the first search after a loss.

    A look costs the server time in proportion to the nodes that it holds, and so does making the index anew, as is done
    where another start of the server answers than the one before.
    """

    def __init__(
        self,
        calls: Calls,
        look: Callable[[Calls], Awaitable[StoreInfo]],
        anew: Callable[[Calls, int], Awaitable[None]] | None,
    ) -> None:
        """`anew` is for who may change the schema."""
        self._calls = calls
        self._look = look
        self._anew = anew
        self._seen = 0
        """How many losses there had been when it was last looked."""
        self._started: int | None = None
        """When the server was started that answered last, where it says so."""
        self._looking: asyncio.Task[None] | None = None

    async def look(self) -> StoreInfo:
        """Look now; what the server is."""
        losses = self._calls.losses
        found = await self._look(self._calls)
        self._started = await self._start()
        self._seen = losses
        return found

    async def _start(self) -> int | None:
        try:
            [[started]] = await self._calls.ask(cypher.STARTED)
        except StoreUnusable:  # not everybody may ask
            return None
        return int(started)

    async def _look_again(self) -> None:
        losses, started = self._calls.losses, await self._start()
        if started is None or self._anew is None:
            await self.look()
        elif started != self._started:
            await self._anew(self._calls, started)
        self._started, self._seen = started, losses

    async def whole(self) -> None:
        """Return once the index can be trusted; the look goes on where the search that waits for it is given up."""
        if self._looking is None and self._calls.losses != self._seen:
            self._looking = asyncio.create_task(self._look_again())
            self._looking.add_done_callback(self._done)
        if self._looking is not None:
            await asyncio.shield(self._looking)

    def _done(self, looking: asyncio.Task[None]) -> None:
        self._looking = None
        if not looking.cancelled():
            looking.exception()  # whoever waited has heard of it

    async def close(self) -> None:
        if self._looking is not None:
            self._looking.cancel()
            with suppress(asyncio.CancelledError, Exception):
                await self._looking
