"""What stands beside the maps of a Neo4j database: nodes labelled `Beside`, apart from those of the maps."""

from collections.abc import Collection, Sequence
from typing import Any

import msgspec

from graph.beside.port import SideRecord, SideStore, Sort
from graph.errors import OutcomeUnknown
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls
from graph.stores.neo4j_errors import Clash


class Neo4jBeside(SideStore):
    """One node for each record, unique by map, sort and id."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def find(self, map_id: str, sort: Sort, record_id: str) -> SideRecord | None:
        found = await self._calls.ask(cypher.BESIDE, fresh=True, map=map_id, sort=sort, id=record_id)
        return _record(found[0]) if found else None

    async def records(self, map_id: str, sort: Sort, subjects: Collection[str] = ()) -> list[SideRecord]:
        about = sorted(subjects) or None
        found = await self._calls.ask(cypher.ALL_BESIDE, fresh=True, map=map_id, sort=sort, subjects=about)
        return sorted(map(_record, found), key=lambda record: record.id)

    async def put(self, map_id: str, record: SideRecord) -> bool:
        text = cypher.ADD_BESIDE if record.version == 1 else cypher.CHANGE_BESIDE
        document = bytes(record.document).decode()
        asked = {"map": map_id, "sort": record.sort, "id": record.id, "subject": record.subject}
        try:
            done = await self._calls.write(lambda talk: talk.ask(text, **asked, version=record.version, doc=document))
        except Clash:
            return False
        except OutcomeUnknown:
            found = await self.find(map_id, record.sort, record.id)
            return found is not None and found.version == record.version and bytes(found.document).decode() == document
        return bool(done)

    async def remove(self, map_id: str, sort: Sort, record_id: str, version: int) -> bool:
        asked = {"map": map_id, "sort": sort, "id": record_id}
        return bool(await self._calls.write(lambda talk: talk.ask(cypher.REMOVE_BESIDE, **asked, version=version)))


def _record(row: Sequence[Any]) -> SideRecord:
    sort, record_id, subject, version, document = row
    return SideRecord(sort, record_id, subject, version, msgspec.Raw(document.encode()))
