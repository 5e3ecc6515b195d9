"""Doctor and repair: a map held against its history, and made again from it."""

from collections.abc import Sequence
from functools import partial

from graph.errors import MapDamaged, NotFound, RevisionTaken, StoreUnavailable, StoreUnusable
from graph.maps.expected import Expected, Finding
from graph.maps.port import Runner, Store, run_here
from graph.maps.replay import cost_of_replay

_TOGETHER = 500
_ATTEMPTS = 20


async def examine(store: Store, map_id: str) -> list[Finding]:
    """Where what the store holds of a map is not what its history says: documents, properties, relationships, index,
    head and the history itself. Reads all of the map and its history. Raises `NotFound`.
    """
    try:
        for _ in range(_ATTEMPTS):
            expected = await expected_of(store, map_id)
            try:
                found = expected.findings + await store.audit(expected)
                lost = await _lost(store, expected, found)
                return found if lost is None else [Finding(map_id, "history", None, lost), *found]
            except RevisionTaken:  # somebody has written meanwhile
                continue
    except MapDamaged as damage:
        return [Finding(map_id, "history", None, damage.what)]
    raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")


async def examine_store(store: Store) -> list[Finding]:
    """Where the store itself says that it is damaged; looks at all of it."""
    try:
        await store.check(whole=True)
    except StoreUnusable as damage:
        return [Finding(None, "file", None, damage.detail)]
    return []


async def repair_map(store: Store, map_id: str) -> list[Finding]:
    """Make what is stored of a map again from its history, and say what was wrong; nothing where nothing was.

    What somebody added by hand is let go and not deleted. Raises `NotFound`, and `MapDamaged` where the history
    itself is what is damaged: then only a backup helps.
    """
    for _ in range(_ATTEMPTS):
        expected = await expected_of(store, map_id)
        try:
            found = await store.audit(expected)
            if lost := await _lost(store, expected, found):
                raise MapDamaged(map_id, lost + ", and cannot be repaired: restore a backup")
            if found:
                await store.mend(expected)
            return found
        except RevisionTaken:
            continue
    raise StoreUnavailable(f"map {map_id!r} is written to without pause; {_ATTEMPTS} attempts came too late")


async def _lost(store: Store, expected: Expected, found: Sequence[Finding]) -> str | None:
    """Whether the end of the history is gone: the map stands further on, and its documents are others."""
    try:
        stands = await store.version(expected.header.id)
    except MapDamaged:
        return None
    last = expected.header.revision
    if stands is None or stands.revision <= last or all(one.part != "document" for one in found):
        return None
    return f"its history ends with revision {last} and the map stands at {stands.revision}"


async def expected_of(store: Store, map_id: str, run: Runner = run_here) -> Expected:
    """A map as its history gives it, followed by the runner.

    Raises `NotFound`, and `MapDamaged` where the history cannot be followed.
    """
    expected: Expected | None = None
    revision = 0
    while changes := await store.changes(map_id, revision, revision + _TOGETHER):
        if expected is None:
            if not changes[0].begins:
                raise MapDamaged(map_id, f"its history begins with revision {changes[0].revision}")
            expected = Expected.born(changes[0])
        elif changes[0].revision != revision + 1:
            raise MapDamaged(map_id, f"its history goes on with {changes[0].revision} behind revision {revision}")
        await run(partial(expected.follow, changes), cost=cost_of_replay(changes))
        revision = changes[-1].revision
    if expected is None:
        raise NotFound(f"there is no map {map_id!r}, or it has no history", code="map_not_found")
    return await run(expected.finish, cost=len(expected.nodes))


def where(finding: Finding) -> str:
    """What a finding is about, as a sentence begins with it."""
    return f"the {finding.part}" if finding.node is None else f"node {finding.node!r} ({finding.part})"
