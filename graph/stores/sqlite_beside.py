"""What stands beside the maps of an SQLite file."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from graph.beside.port import SideRecord, SideStore, Sort
from graph.stores import sqlite_statements as sql
from graph.stores.sqlite_connections import Connections


class SqliteBeside(SideStore):
    """A table of records, each under the key of its map, which is never given twice."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def find(self, map_id: str, sort: Sort, record_id: str) -> SideRecord | None:
        found = await self._connections.look(lambda c: sql.rows(c, sql.BESIDE, (map_id, sort, record_id)))
        return _record(found[0]) if found else None

    async def records(self, map_id: str, sort: Sort, subjects: Collection[str] = ()) -> list[SideRecord]:
        asked = (map_id, sort, msgspec.json.encode(sorted(subjects)).decode() if subjects else None)
        return [_record(row) for row in await self._connections.scan(lambda c: sql.rows(c, sql.ALL_BESIDE, asked))]

    async def put(self, map_id: str, record: SideRecord) -> bool:
        values = (map_id, record.sort, record.id, record.subject, record.version, bytes(record.document))
        text = sql.ADD_BESIDE if record.version == 1 else sql.CHANGE_BESIDE
        return bool(await self._connections.write(lambda c: sql.rows(c, text, values)))

    async def remove(self, map_id: str, sort: Sort, record_id: str, version: int) -> bool:
        asked = (map_id, sort, record_id, version)
        return bool(await self._connections.write(lambda c: sql.rows(c, sql.REMOVE_BESIDE, asked)))


def _record(row: Sequence[Any]) -> SideRecord:
    sort, record_id, subject, version, document = row
    return SideRecord(sort, record_id, subject, version, msgspec.Raw(document))
