"""A store in Neo4j, as real labels and relationships: for more than one machine, and for users of Cypher."""

import time
from collections.abc import Callable, Collection, Sequence

from graph.beside.port import SideStore
from graph.errors import MapDamaged, OutcomeUnknown
from graph.keys.port import KeyStore
from graph.maps.expected import Expected, Finding
from graph.maps.port import DeletedMap, Deletion, MapRows, MapVersion, SourceText, Store, StoreInfo
from graph.search.question import Candidates
from graph.stores import cypher
from graph.stores.neo4j_access import Access
from graph.stores.neo4j_audit import audit_graph, mend_graph
from graph.stores.neo4j_beside import Neo4jBeside
from graph.stores.neo4j_calls import Calls
from graph.stores.neo4j_keys import Neo4jKeys
from graph.stores.neo4j_migrations import info, migrate_graph, newest, whole
from graph.stores.neo4j_properties import header_of
from graph.stores.neo4j_reading import changes, changes_at, head_of, load_rows
from graph.stores.neo4j_search import search_index
from graph.stores.neo4j_sweep import deleted, drop, move_back, sweep_for_good
from graph.stores.neo4j_writing import Batch, commit
from graph.stores.times import instant
from schemas.change import Change, decode_change
from schemas.map import MapHeader
from schemas.vocabulary import Kind

_EDITS_ON_THE_LOOP = 20
_BYTES_ON_THE_LOOP = 1 << 16
"""What is worked out in about a millisecond."""

_ALL = 1 << 31
_LOOK_EVERY = 5.0
"""Seconds after which a write looks at the schema again."""


class Neo4jStore(Store):
    """Keeps maps in one database of a Neo4j server, a cluster or Aura; several processes may share it."""

    def __init__(
        self,
        url: str,
        *,
        user: str | None = None,
        password: str | Callable[[], str | None] | None = None,
        database: str | None = None,
        patience: float = 5.0,
        access: Access | None = None,
        migrates: bool = True,
    ) -> None:
        """`patience`: seconds without an answer after which a call fails; `access` says more than user and password;
        without `migrates` a database whose schema is not the newest is refused. Raises `ValueError` for a bad URL.
        """
        self._calls = Calls(url, access or Access(user, password), database, patience)
        self._keys = Neo4jKeys(self._calls)
        self._beside = Neo4jBeside(self._calls)
        self._migrates = migrates
        self._looked = 0.0
        """When the schema was last looked at."""
        self._cut: set[str] = set()
        """Maps with a commit that was cut off and may still be under way on the server."""

    @property
    def keys(self) -> KeyStore:
        return self._keys

    @property
    def beside(self) -> SideStore:
        return self._beside

    async def open(self) -> StoreInfo:
        self._calls.connect()
        try:
            found = await (migrate_graph if self._migrates else newest)(self._calls)
            await self._calls.look_around()
            return found
        except BaseException:
            await self._calls.close()
            raise

    async def check(self) -> StoreInfo:
        self._looked = 0.0
        found = await info(self._calls)
        await self._watch()
        return found

    async def close(self) -> None:
        await self._calls.close()

    async def _watch(self) -> None:
        """Raise `StoreUnavailable` where somebody took a constraint or an index away; looked at every few seconds."""
        if time.monotonic() - self._looked > _LOOK_EVERY:
            await whole(self._calls)
            self._looked = time.monotonic()

    # --- reading --------------------------------------------------------------------------------

    async def maps(self, after: str = "", limit: int | None = None) -> list[MapHeader]:
        records = await self._calls.ask(cypher.HEADERS, fresh=True, after=after, limit=_ALL if limit is None else limit)
        return [header_of(properties) for (properties,) in records]

    async def count_maps(self) -> int:
        return int((await self._calls.ask(cypher.COUNT_MAPS, fresh=True))[0][0])

    async def map_ids(self) -> list[str]:
        return [map_id for (map_id,) in await self._calls.ask(cypher.MAP_IDS, fresh=True)]

    async def version(self, map_id: str) -> MapVersion | None:
        records = await self._calls.ask(cypher.HEAD, fresh=True, map=map_id)
        if not records:
            return None
        revision, created_at, change = records[0]
        if type(revision) is not int or type(created_at) is not str or type(change) is not str:
            head = await head_of(self._calls, map_id)  # a map that is just being deleted looks so for a moment
            if head is None:
                return None
            if not head.header.change:
                raise MapDamaged(map_id, "its node does not say which change was the last")
            return MapVersion(head.header.revision, head.header.created_at, head.header.change)
        return MapVersion(revision, created_at, change)

    async def versions(self, map_ids: Collection[str]) -> dict[str, MapVersion]:
        records = await self._calls.ask(cypher.VERSIONS, fresh=True, maps=list(map_ids))
        return {map_id: MapVersion(*where) for map_id, *where in records}

    async def load(self, map_id: str) -> MapRows | None:
        return await load_rows(self._calls, map_id)

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        if map_id in self._cut:
            await self._calls.peek(cypher.LOCKED_PLACE, map=map_id)
            self._cut.discard(map_id)
        return await changes(self._calls, map_id, after, until)

    async def oldest(self, map_id: str) -> int | None:
        records = await self._calls.ask(cypher.OLDEST, map=map_id)
        return int(records[0][0]) if records else None

    async def revisions(
        self, map_id: str, after: int, until: int, *, by: Collection[str] = (), nodes: Collection[str] = ()
    ) -> list[int]:
        authors, ids = sorted(set(by)) or None, sorted(set(nodes)) or None
        records = await self._calls.ask(cypher.REVISIONS, map=map_id, after=after, until=until, by=authors, nodes=ids)
        return [int(revision) for (revision,) in records]

    async def changes_at(self, map_id: str, revisions: Collection[int]) -> list[Change]:
        return await changes_at(self._calls, map_id, revisions) if revisions else []

    async def idempotency_record(self, key: str) -> Change | None:
        records = await self._calls.ask(cypher.RECEIPT, fresh=True, key=key)
        return decode_change(records[0][0]) if records else None

    async def known(self, map_id: str, ids: Collection[str]) -> set[str]:
        records = await self._calls.ask(cypher.KNOWN, map=map_id, ids=list(ids)) if ids else []
        return {node_id for (node_id,) in records}

    async def revision_at(self, map_id: str, time: str) -> int | None:
        records = await self._calls.ask(cypher.REVISION_AT, map=map_id, at=instant(time))
        return int(records[0][0]) if records else None

    async def source_text(self, map_id: str, source: str) -> SourceText | None:
        records = await self._calls.ask(cypher.SOURCE_TEXT, fresh=True, map=map_id, source=source)
        return SourceText(*records[0]) if records else None

    async def source_digests(self, map_id: str) -> dict[str, str]:
        return dict(await self._calls.ask(cypher.SOURCE_DIGESTS, fresh=True, map=map_id))

    async def search(self, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
        return await search_index(self._calls, words, maps, kinds)

    async def forget_future(self) -> None:
        self._cut.clear()
        self._calls.forget_bookmarks()

    async def audit(self, expected: Expected) -> list[Finding]:
        return await audit_graph(self._calls, expected)

    # --- writing --------------------------------------------------------------------------------

    async def commit(self, header: MapHeader, changes: Sequence[Change]) -> None:
        await self._watch()
        edits = [edit for change in changes for edit in change.edits]
        written = sum(len(bytes(document)) for edit in edits for document in (edit.before, edit.after) if document)
        if len(edits) > _EDITS_ON_THE_LOOP or written > _BYTES_ON_THE_LOOP:
            batch = await self._calls.aside(Batch.of, header, changes)
        else:
            batch = Batch.of(header, changes)
        try:
            await commit(self._calls, batch)
        except OutcomeUnknown:
            self._cut.add(header.id)
            raise

    async def keep_text(self, map_id: str, source: str, text: SourceText | None) -> bool:
        if text is None:
            return bool(await self._calls.write(lambda talk: talk.ask(cypher.TAKE_TEXT, map=map_id, source=source)))
        kept = {"sha256": text.sha256, "words": text.text}
        return bool(await self._calls.write(lambda talk: talk.ask(cypher.KEEP_TEXT, map=map_id, source=source, **kept)))

    async def drop(self, map_id: str, at: MapVersion | None = None, *, kept: Deletion | None = None) -> bool:
        return await drop(self._calls, map_id, at, kept)

    async def deleted(self) -> list[DeletedMap]:
        return await deleted(self._calls)

    async def restore(self, map_id: str, at: str) -> bool:
        return await move_back(self._calls, map_id, at)

    async def purge(self, time: str, map_id: str | None = None) -> int:
        return await sweep_for_good(self._calls, time, map_id)

    async def mend(self, expected: Expected) -> None:
        await mend_graph(self._calls, expected)
