"""Writes stand in line for the memory of the server: never more than there is, first come, first served."""

from __future__ import annotations

import asyncio
import random

from graph.stores.neo4j_room import Room
from tests.support.waiting import others_go_on


async def test_never_more_than_there_is_and_all_get_their_turn_in_order() -> None:
    room, chance = Room(100), random.Random(7)
    held, most, begun = 0, 0, []

    async def write(number: int, memory: int) -> None:
        nonlocal held, most
        async with room.taken(memory):
            begun.append(number)
            held += min(memory, 100)
            most = max(most, held)
            await others_go_on(chance.randrange(5))
            held -= min(memory, 100)

    await asyncio.gather(*(write(n, chance.choice((1, 30, 60, 100, 500))) for n in range(200)))
    assert begun == list(range(200))
    assert 60 < most <= 100


async def test_who_leaves_the_line_takes_nothing() -> None:
    room = Room(100)

    async def wait() -> None:
        async with room.taken(80):
            raise AssertionError("it left")

    async with room.taken(100):
        waiting = [asyncio.create_task(wait()) for _ in range(3)]
        await others_go_on()
        for task in waiting:
            task.cancel()
        ends = await asyncio.gather(*waiting, return_exceptions=True)
        assert all(isinstance(end, asyncio.CancelledError) for end in ends)
    async with asyncio.timeout(60), room.taken(100):
        pass
