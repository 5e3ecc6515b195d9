"""Waits for something to be so, and never for a time to pass: a busy machine only makes it later."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

_WITHIN = 120.0
_LOOK_EVERY = 0.005


async def until(holds: Callable[[], object], within: float = _WITHIN) -> None:
    """Let others work until this holds; raises `TimeoutError` where it never does."""
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for knows of no event
            await asyncio.sleep(_LOOK_EVERY)


async def others_go_on(times: int = 1) -> None:
    """Let every other task that can go on do so, so many times."""
    for _ in range(times):
        await asyncio.sleep(0)


class Gate:
    """Holds up whoever comes to it until it is opened, and tells how many have come."""

    def __init__(self) -> None:
        self._open = asyncio.Event()
        self.arrived = 0

    async def pass_through(self) -> None:
        """Wait until the gate is open."""
        self.arrived += 1
        await self._open.wait()

    async def reached(self, by: int = 1) -> None:
        """Wait until so many have come."""
        await until(lambda: self.arrived >= by)

    def open(self) -> None:
        """Let all through, and those that come later."""
        self._open.set()
