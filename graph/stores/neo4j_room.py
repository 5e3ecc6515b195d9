"""The memory of a Neo4j server that the writes of this service share: large ones stand in line for it."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

MOST_MEMORY = 260 << 20
"""Bytes of a server's memory that transactions may take: a heap of 512 MB has room for a third more."""


class Room:
    """An amount of memory that is taken in the order in which it was asked for, so that no large write starves."""

    def __init__(self, bytes_: int) -> None:
        self._free = self._all = bytes_
        self._line: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def taken(self, memory: int) -> AsyncIterator[None]:
        """Hold so many bytes, once they are free; all of it where more is asked for than there is."""
        wanted = min(memory, self._all)
        await self._wait(wanted)
        try:
            yield
        finally:
            self._free += wanted
            self._let_in()

    async def _wait(self, wanted: int) -> None:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.append((wanted, turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.done() and not turn.cancelled():
                self._free += wanted
            else:
                self._line.remove((wanted, turn))
            self._let_in()
            raise

    def _let_in(self) -> None:
        while self._line and self._line[0][0] <= self._free:
            wanted, turn = self._line.popleft()
            if not turn.cancelled():
                self._free -= wanted
                turn.set_result(None)
