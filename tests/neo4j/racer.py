"""A process that tries to move a map on as often as it is told, and says which revisions it was given.

Usage: python -m tests.neo4j.racer PLACE MAP NAME ATTEMPTS
Nothing but the store's own compare-and-swap keeps these processes apart: each reads the revision and commits the next.
"""

from __future__ import annotations

import asyncio
import sys

import msgspec

from graph.errors import RevisionTaken
from schemas.base import now
from schemas.change import Change, Edit
from schemas.map import MapHeader
from tests.support.nodes import statement
from tests.support.stores import Place


async def race(place: Place, map_id: str, name: str, attempts: int) -> None:
    store = place.store()
    await store.open()
    print("ready", flush=True)
    for n in range(attempts):
        head = await store.version(map_id)
        assert head is not None
        revision = head.revision + 1
        made = msgspec.Raw(statement(f"{name}-{n}").dense())
        change = Change(map_id, revision, f"{name}-{n}", now(), name, (Edit("statement", f"{name}-{n}", None, made),))
        header = MapHeader(
            id=map_id, title="A map", revision=revision, created_at=head.created_at, created_by="ann",
            updated_at=change.at, updated_by=name,
        )  # fmt: skip
        try:
            await store.commit(header, [change])
        except RevisionTaken:
            continue
        print(f"{name}-{n} {revision}", flush=True)
    await store.close()


if __name__ == "__main__":
    where, map_id, name, attempts = sys.argv[1:]
    asyncio.run(race(Place.read(where), map_id, name, int(attempts)))
