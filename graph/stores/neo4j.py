"""A store in Neo4j, as real labels and relationships: for more than one machine, and for users of Cypher."""

import time
from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import suppress
from typing import Any, LiteralString

import msgspec

from graph.beside.port import SideRecord, SideStore, Sort
from graph.errors import MapDamaged, OutcomeUnknown, TooLarge
from graph.keys.port import KeyStore
from graph.maps.by_hand import HandStore
from graph.maps.cypher_port import CypherPort, VerdictStore
from graph.maps.expected import Expected, Finding
from graph.maps.port import DeletedMap, Deletion, MapRows, MapVersion, Outlook, SourceText, Store, StoreInfo
from graph.maps.redaction import OnlyTried, Redaction
from graph.search.question import AT_MOST, Asked, Candidate, Candidates, Gathering, Place, SearchWords
from graph.stores import cypher, cypher_beside, cypher_deleting, cypher_history
from graph.stores.neo4j_access import Access
from graph.stores.neo4j_by_hand import Neo4jHands
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_errors import Clash
from graph.stores.neo4j_log import compact_graph, log_row
from graph.stores.neo4j_migrations import info, migrate_graph, newest, whole, words_anew
from graph.stores.neo4j_properties import header_of, lucene_term
from graph.stores.neo4j_questions import Neo4jQuestions, Neo4jVerdicts
from graph.stores.neo4j_reading import audit_graph, changes, changes_at, head_of, load_rows, mend_graph
from graph.stores.neo4j_room import MOST_MEMORY
from graph.stores.neo4j_sweep import drop, move_back, sweep
from graph.stores.neo4j_words import WordsWatch
from graph.stores.neo4j_writing import Batch, commit, plan_texts, redact_graph
from schemas.base import moment
from schemas.change import Change, decode_change
from schemas.key import KeyRecord
from schemas.map import MapHeader
from schemas.vocabulary import KINDS, Kind

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
        self._beside = Neo4jBeside(self._calls, self._grow)
        self._hands = Neo4jHands(self._calls)
        self._questions = Neo4jQuestions(self._calls)
        self._verdicts = Neo4jVerdicts(self._calls)
        self._words = WordsWatch(self._calls, migrate_graph if migrates else newest, words_anew if migrates else None)
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

    @property
    def hands(self) -> HandStore:
        return self._hands

    @property
    def questions(self) -> CypherPort:
        return self._questions

    @property
    def verdicts(self) -> VerdictStore:
        return self._verdicts

    async def open(self) -> StoreInfo:
        self._calls.connect()
        try:
            found = await self._words.look()
            await self._calls.look_around()
            await plan_texts(self._calls)
            return found
        except BaseException:
            await self._calls.close()
            raise

    async def check(self, *, whole: bool = False) -> StoreInfo:
        self._looked = 0.0
        found = await info(self._calls)
        await self._watch()
        return found

    async def close(self) -> None:
        await self._words.close()
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

    async def kept(self, map_id: str) -> int | None:
        records = await self._calls.ask(cypher_beside.KEPT, fresh=True, map=map_id)
        return int(records[0][0]) if records else None

    async def standing(self, map_ids: Collection[str], key_ids: Collection[str] = ()) -> Outlook:
        asked = {"maps": list(map_ids), "keys": list(key_ids)}
        [[maps, keys, is_set_up]] = await self._calls.ask(cypher.STANDING, fresh=True, **asked)
        versions = {map_id: MapVersion(*where) for map_id, *where in maps}
        return Outlook(versions, {key_id: _key_record(row) for key_id, *row in keys}, is_set_up)

    async def load(self, map_id: str) -> MapRows | None:
        return await load_rows(self._calls, map_id)

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        if map_id in self._cut:
            await self._calls.peek(cypher.LOCKED_PLACE, map=map_id)
            self._cut.discard(map_id)
        return await changes(self._calls, map_id, after, until)

    async def oldest(self, map_id: str) -> int | None:
        records = await self._calls.ask(cypher_history.OLDEST, map=map_id)
        return int(records[0][0]) if records else None

    async def revisions(
        self, map_id: str, after: int, until: int, *, by: Collection[str] = (), nodes: Collection[str] = ()
    ) -> list[int]:
        asked: dict[str, Any] = {"map": map_id, "after": after, "until": until, "nodes": sorted(set(nodes)) or None}
        if by:
            records = await self._calls.ask(cypher_history.REVISIONS_BY, **asked, by=sorted(set(by)))
        else:
            records = await self._calls.ask(cypher_history.REVISIONS, **asked)
        return [revision for (revisions,) in records for revision in revisions]

    async def changes_at(self, map_id: str, revisions: Collection[int]) -> list[Change]:
        return await changes_at(self._calls, map_id, revisions) if revisions else []

    async def idempotency_record(self, key: str) -> Change | None:
        records = await self._calls.ask(cypher.RECEIPT, fresh=True, key=key)
        return decode_change(records[0][0]) if records else None

    async def known(self, map_id: str, ids: Collection[str]) -> set[str]:
        records = await self._calls.ask(cypher.KNOWN, map=map_id, ids=list(ids)) if ids else []
        return {node_id for (node_id,) in records}

    async def revision_at(self, map_id: str, time: str) -> int | None:
        records = await self._calls.ask(cypher_history.REVISION_AT, map=map_id, at=moment(time))
        return int(records[0][0]) if records else None

    async def source_text(self, map_id: str, source: str) -> SourceText | None:
        records = await self._calls.ask(cypher_beside.SOURCE_TEXT, fresh=True, map=map_id, source=source)
        return SourceText(*records[0]) if records else None

    async def source_digests(self, map_id: str) -> dict[str, str]:
        return dict(await self._calls.ask(cypher_beside.SOURCE_DIGESTS, fresh=True, map=map_id))

    async def search(self, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
        await self._words.whole()
        return await _search(self._calls, words, maps, kinds)

    async def forget_future(self) -> None:
        self._cut.clear()
        self._calls.forget_bookmarks()

    async def audit(self, expected: Expected) -> list[Finding]:
        return await audit_graph(self._calls, expected)

    # --- writing --------------------------------------------------------------------------------

    async def commit(self, header: MapHeader, changes: Sequence[Change]) -> None:
        await self._watch()
        edits = [edit for change in changes for edit in change.edits]
        written = sum(edit.size for edit in edits)
        if len(edits) > _EDITS_ON_THE_LOOP or written > _BYTES_ON_THE_LOOP:
            batch = await self._calls.aside(Batch.of, header, changes)
        else:
            batch = Batch.of(header, changes)
        batch.weigh = self.weigh
        try:
            await commit(self._calls, batch)
        except OutcomeUnknown:
            self._cut.add(header.id)
            raise

    async def _grow(self, text: LiteralString, map_id: str, *, weighed: bool = True, **asked: Any) -> bool:
        """Write something that may have the map keep more, which is weighed; whether anything was written."""
        weigh = self.weigh if weighed else None

        async def work(talk: Talk) -> bool:
            found = await talk.ask(text, map=map_id, **asked)
            for before, after in found:
                if weigh is not None:
                    weigh(map_id, before, after)
            return bool(found)

        return await self._calls.write(work)

    async def compact(self, map_id: str, base: Change) -> bool:
        row = await self._calls.aside(log_row, base)
        if 3 * len(row["doc"]) > MOST_MEMORY:
            raise TooLarge(f"map {map_id!r} is too large for Neo4j to take all of it as one entry of its history")
        return await self._calls.write(lambda talk: compact_graph(talk, row))

    async def keep_text(self, map_id: str, source: str, text: SourceText | None) -> bool:
        asked: dict[str, Any] = {"source": source}
        if text is None:
            return bool(await self._calls.write(lambda talk: talk.ask(cypher_beside.TAKE_TEXT, map=map_id, **asked)))
        asked |= {"sha256": text.sha256, "words": text.text, "bytes": len(text.text.encode())}
        return await self._grow(cypher_beside.KEEP_TEXT, map_id, **asked)

    async def drop(self, map_id: str, at: MapVersion | None = None, *, kept: Deletion | None = None) -> bool:
        return await drop(self._calls, map_id, at, kept)

    async def deleted(self) -> list[DeletedMap]:
        records = await self._calls.ask(cypher_deleting.DELETED, fresh=True)
        return [
            DeletedMap(header_of({**properties, "id": original, "revision": stood}), Deletion(*deletion))
            for original, properties, *deletion, stood in records
        ]

    async def restore(self, map_id: str, at: str) -> bool:
        return await move_back(self._calls, map_id, at)

    async def purge(self, time: str, map_id: str | None = None) -> int:
        asked = {"time": time, "map": map_id}
        [[count]] = await self._calls.write(lambda talk: talk.ask(cypher_deleting.FOR_GOOD, **asked))
        if count:
            await sweep(self._calls)
        return int(count)

    async def redact(self, header: MapHeader, change: Change, redaction: Redaction) -> None:
        await self._watch()
        try:
            with suppress(OnlyTried):
                await redact_graph(self._calls, header, change, redaction)
        except OutcomeUnknown:
            self._cut.add(header.id)
            raise

    async def mend(self, expected: Expected) -> None:
        await mend_graph(self._calls, expected)


_read_key = msgspec.json.Decoder(KeyRecord).decode


# --- keys, and what stands beside the maps --------------------------------------------------------------


class Neo4jKeys(KeyStore):
    """Nodes labelled `Key`; the leader of a cluster is asked, so that a revoked key is no good anywhere."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def find(self, key_id: str) -> KeyRecord | None:
        found = await self._calls.ask(cypher.KEY, fresh=True, id=key_id)
        return _key_record(found[0]) if found else None

    async def is_set_up(self) -> bool:
        return bool((await self._calls.ask(cypher.HAS_KEYS, fresh=True))[0][0])

    async def all(self) -> list[KeyRecord]:
        return [_key_record(row) for row in await self._calls.ask(cypher.KEYS, fresh=True)]

    async def add(self, key: KeyRecord) -> bool:
        record = msgspec.json.encode(key).decode()
        try:
            await self._calls.order(cypher.ADD_KEY, id=key.id, name=key.name, record=record)
        except Clash:
            return False
        return True

    async def revoke(self, key_id: str, at: str) -> KeyRecord | None:
        found = await self._calls.order(cypher.REVOKE_KEY, id=key_id, at=at)
        return _key_record(found[0]) if found else None

    async def note_use(self, key_id: str, at: str) -> None:
        await self._calls.order(cypher.USE_KEY, id=key_id, at=at)


def _key_record(row: Sequence[Any]) -> KeyRecord:
    record, revoked_at, used_at = row
    return msgspec.structs.replace(_read_key(record), revoked_at=revoked_at, used_at=used_at)


class Neo4jBeside(SideStore):
    """One node for each record, unique by map, sort and id."""

    def __init__(self, calls: Calls, grow: Callable[..., Awaitable[bool]]) -> None:
        self._calls = calls
        self._grow = grow

    async def find(self, map_id: str, sort: Sort, record_id: str) -> SideRecord | None:
        found = await self._calls.ask(cypher_beside.BESIDE, fresh=True, map=map_id, sort=sort, id=record_id)
        return _side_record(found[0]) if found else None

    async def records(self, map_id: str, sort: Sort, subjects: Collection[str] = ()) -> list[SideRecord]:
        about = sorted(subjects) or None
        found = await self._calls.ask(cypher_beside.ALL_BESIDE, fresh=True, map=map_id, sort=sort, subjects=about)
        return sorted(map(_side_record, found), key=lambda record: record.id)

    async def put(self, map_id: str, record: SideRecord, *, weighed: bool = True) -> bool:
        text = cypher_beside.ADD_BESIDE if record.version == 1 else cypher_beside.CHANGE_BESIDE
        document = bytes(record.document).decode()
        asked = {"sort": record.sort, "id": record.id, "subject": record.subject, "version": record.version}
        held = {"doc": document, "bytes": len(document.encode())}
        try:
            return await self._grow(text, map_id, weighed=weighed, **asked, **held)
        except Clash:
            return False
        except OutcomeUnknown:
            found = await self.find(map_id, record.sort, record.id)
            return found is not None and found.version == record.version and bytes(found.document).decode() == document

    async def remove(self, map_id: str, sort: Sort, record_id: str, version: int) -> bool:
        asked = {"map": map_id, "sort": sort, "id": record_id, "version": version}
        return bool(await self._calls.write(lambda talk: talk.ask(cypher_beside.REMOVE_BESIDE, **asked)))


def _side_record(row: Sequence[Any]) -> SideRecord:
    sort, record_id, subject, version, document = row
    return SideRecord(sort, record_id, subject, version, msgspec.Raw(document.encode()))


# --- search: a question in the terms of the full-text index ---------------------------------------------


async def _search(calls: Calls, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
    """Current nodes that may be what is asked for."""
    scopes = (("map", maps), ("kind", kinds))
    narrowed = "".join(f" +{name}:({' '.join(map(lucene_term, some))})" for name, some in scopes if some)

    gathering = Gathering(SearchWords.of(words))
    for asked in gathering.asks():
        records = await calls.ask(cypher.SEARCH, asked=f"+({_said(asked)}){narrowed}", limit=AT_MOST + 1)
        gathering.take([Place(*record) for record in records])
    wanted = [[place.map, place.id] for place in gathering.places]
    records = await calls.ask(cypher.SEARCHED, wanted=wanted) if wanted else []
    return Candidates([_candidate(*record) for record in records], gathering.whole)


def _candidate(map_id: str, node_id: str, kind: object, document: object) -> Candidate:
    if kind not in KINDS or not isinstance(document, str) or not document.startswith(f'{{"id":"{node_id}"'):
        raise MapDamaged(map_id, f"node {node_id!r} is there without its own document")
    return Candidate(map_id, node_id, kind, document.encode())


def _said(asked: Asked) -> str:
    """Terms need no quotes, being letters, digits and `_`, and small ones."""
    every = (" ".join(f"+words:{term.text}{'*' if term.begins else ''}" for term in terms) for terms in asked)
    return " ".join(f"({terms})" for terms in every)
