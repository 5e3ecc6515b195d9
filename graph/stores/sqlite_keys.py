"""Keys in an SQLite file."""

from collections.abc import Sequence
from typing import Any

import msgspec

from graph.keys.port import KeyStore
from graph.stores import sqlite_statements as sql
from graph.stores.sqlite_connections import Connections
from schemas.key import KeyRecord

_read = msgspec.json.Decoder(KeyRecord).decode


class SqliteKeys(KeyStore):
    """A table of them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def find(self, key_id: str) -> KeyRecord | None:
        found = await self._connections.look(lambda c: sql.rows(c, sql.KEY, (key_id,)))
        return _record(found[0]) if found else None

    async def is_set_up(self) -> bool:
        return bool(await self._connections.look(lambda c: sql.rows(c, sql.HAS_KEYS)[0][0]))

    async def all(self) -> list[KeyRecord]:
        return [_record(row) for row in await self._connections.scan(lambda c: sql.rows(c, sql.KEYS))]

    async def add(self, key: KeyRecord) -> bool:
        row = (key.id, key.name, msgspec.json.encode(key))
        return bool(await self._connections.write(lambda c: sql.rows(c, sql.ADD_KEY, row)))

    async def revoke(self, key_id: str, at: str) -> KeyRecord | None:
        found = await self._connections.write(lambda c: sql.rows(c, sql.REVOKE_KEY, (at, key_id)))
        return _record(found[0]) if found else None

    async def note_use(self, key_id: str, at: str) -> None:
        await self._connections.write(lambda c: sql.rows(c, sql.USE_KEY, (at, key_id)))


def _record(row: Sequence[Any]) -> KeyRecord:
    record, revoked_at, used_at = row
    return msgspec.structs.replace(_read(record), revoked_at=revoked_at, used_at=used_at)
