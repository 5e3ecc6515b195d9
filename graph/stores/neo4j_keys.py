"""Keys in Neo4j: a node each, apart from the maps."""

from collections.abc import Sequence
from typing import Any

import msgspec

from graph.keys.port import KeyStore
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls
from graph.stores.neo4j_errors import Clash
from schemas.key import KeyRecord

_read = msgspec.json.Decoder(KeyRecord).decode


class Neo4jKeys(KeyStore):
    """Nodes labelled `Key`; the leader of a cluster is asked, so that a revoked key is no good anywhere."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def find(self, key_id: str) -> KeyRecord | None:
        found = await self._calls.ask(cypher.KEY, fresh=True, id=key_id)
        return _record(found[0]) if found else None

    async def is_set_up(self) -> bool:
        return bool((await self._calls.ask(cypher.HAS_KEYS, fresh=True))[0][0])

    async def all(self) -> list[KeyRecord]:
        return [_record(row) for row in await self._calls.ask(cypher.KEYS, fresh=True)]

    async def add(self, key: KeyRecord) -> bool:
        record = msgspec.json.encode(key).decode()
        try:
            await self._calls.order(cypher.ADD_KEY, id=key.id, name=key.name, record=record)
        except Clash:
            return False
        return True

    async def revoke(self, key_id: str, at: str) -> KeyRecord | None:
        found = await self._calls.order(cypher.REVOKE_KEY, id=key_id, at=at)
        return _record(found[0]) if found else None

    async def note_use(self, key_id: str, at: str) -> None:
        await self._calls.order(cypher.USE_KEY, id=key_id, at=at)


def _record(row: Sequence[Any]) -> KeyRecord:
    record, revoked_at, used_at = row
    return msgspec.structs.replace(_read(record), revoked_at=revoked_at, used_at=used_at)
