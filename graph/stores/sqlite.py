"""A store in one SQLite file: the embedded default."""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from contextvars import copy_context
from pathlib import Path
from typing import Any

import apsw
import msgspec

from graph.beside.port import SideRecord, SideStore, Sort
from graph.budgets import spent_on
from graph.errors import Conflict, RevisionTaken
from graph.keys.port import KeyStore
from graph.maps.expected import Expected, Finding
from graph.maps.port import DeletedMap, Deletion, MapRows, MapVersion, Outlook, SourceText, Store, StoreInfo
from graph.maps.redaction import OnlyTried, Redaction
from graph.search.question import Candidates
from graph.stores import sqlite_statements as sql
from graph.stores.integrity import checked_log
from graph.stores.sqlite_connections import Connections, fetching, make_file, translating
from graph.stores.sqlite_rows import (
    append,
    audit_rows,
    compact_rows,
    forget_log,
    header_in,
    is_key_taken,
    kept_in,
    make_map,
    mend_rows,
    move_map,
    redact_rows,
    rows,
    rows_of,
    search_words,
)
from graph.stores.sqlite_schema import version_of
from schemas.change import Change, decode_change, instant
from schemas.key import KeyRecord
from schemas.map import MapHeader
from schemas.vocabulary import Kind

_Weighing = Callable[[apsw.Connection, str], AbstractContextManager[None]]
_READ_ON_THE_LOOP = 1 << 18
"""Bytes of changes up to which reading them costs less than a thread."""
_LOOKED_UP_ON_THE_LOOP = 200


class SqliteStore(Store):
    """Keeps maps in one file, or with `:memory:` in this process alone; several processes may share the file."""

    def __init__(self, path: str, *, patience: float = 5.0, migrates: bool = True) -> None:
        """`patience`: seconds to wait for a lock that another process holds; without `migrates` a file of an earlier
        version is refused.
        """
        self._connections = Connections(path, patience, migrates=migrates)
        self._keys = SqliteKeys(self._connections)
        self._beside = SqliteBeside(self._connections, self._weighing)

    @property
    def beside(self) -> SideStore:
        return self._beside

    async def open(self) -> StoreInfo:
        await self._connections.open()
        return await self._info()

    async def check(self, *, whole: bool = False) -> StoreInfo:
        await self._connections.check(whole=whole)
        return await self._info()

    async def _info(self) -> StoreInfo:
        schema = await self._connections.look(version_of)
        return StoreInfo("sqlite", apsw.sqlite_lib_version(), schema)

    async def close(self) -> None:
        await self._connections.close()

    @property
    def keys(self) -> KeyStore:
        return self._keys

    async def backup(self, path: str) -> None:
        """Copy the whole store into a new file while others go on reading and writing; raises `Conflict`.

        The copy holds what is there and nothing that was deleted, neither in free pages nor in the search index.
        """
        await self._connections.alone(lambda c: _back_up(c, path))

    # --- reading --------------------------------------------------------------------------------

    async def maps(self, after: str = "", limit: int | None = None) -> list[MapHeader]:
        """The headers of so many maps behind an id; O(these)."""
        span = (after, -1 if limit is None else limit)
        return await self._connections.scan(lambda c: [header_in(*row) for row in rows(c, sql.HEADERS, span)])

    async def count_maps(self) -> int:
        return int((await self._connections.look(fetching(sql.COUNT_MAPS)))[0][0])

    async def map_ids(self) -> list[str]:
        return await self._connections.scan(lambda c: [map_id for (map_id,) in rows(c, sql.MAP_IDS)])

    async def version(self, map_id: str) -> MapVersion | None:
        found = await self._connections.look(fetching(sql.HEAD, (map_id,)))
        return MapVersion(*found[0]) if found else None

    async def kept(self, map_id: str) -> int | None:
        found = await self._connections.look(fetching(sql.KEPT, (map_id,)))
        return int(found[0][0]) if found else None

    async def standing(self, map_ids: Collection[str], key_ids: Collection[str] = ()) -> Outlook:
        maps, keys = ((msgspec.json.encode(sorted(ids)).decode(),) for ids in (map_ids, key_ids))

        def work(connection: apsw.Connection) -> Outlook:
            versions = {map_id: MapVersion(*where) for map_id, *where in rows(connection, sql.VERSIONS, maps)}
            held = {key_id: _key_record(row) for key_id, *row in rows(connection, sql.SOME_KEYS, keys)}
            return Outlook(versions, held, bool(_has_keys(connection)[0][0]))

        return await self._connections.look(work)

    async def load(self, map_id: str) -> MapRows | None:
        return await self._connections.scan(lambda c: rows_of(c, map_id))

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        span = (map_id, after, until)

        def work(connection: apsw.Connection) -> list[Change]:
            return checked_log(map_id, [decode_change(d) for (d,) in rows(connection, sql.CHANGES, span)])

        def small(connection: apsw.Connection) -> bool:
            return bool(rows(connection, sql.CHANGES_SIZE, span)[0][0] <= _READ_ON_THE_LOOP)

        on_loop = until - after <= 64 and await self._connections.look(small)
        return await (self._connections.look(work) if on_loop else self._connections.scan(work))

    async def oldest(self, map_id: str) -> int | None:
        held = await self._connections.look(fetching(sql.OLDEST, (map_id,)))
        return held[0][0] if held else None

    async def revisions(
        self, map_id: str, after: int, until: int, *, by: Collection[str] = (), nodes: Collection[str] = ()
    ) -> list[int]:
        narrowed = f"{sql.BY_AUTHOR if by else ''}{sql.OF_NODES if nodes else ''}"
        asked = {"after": after, "until": until, "by": _listed(by), "nodes": _listed(nodes)}

        def work(connection: apsw.Connection) -> list[int]:
            keys = rows(connection, sql.MAP_KEY, (map_id,))
            text = f"{sql.REVISIONS}{narrowed}{sql.IN_ORDER}"
            return [r for (key,) in keys for (r,) in rows(connection, text, {**asked, "map": key})]

        return await self._connections.scan(work)

    async def changes_at(self, map_id: str, revisions: Collection[int]) -> list[Change]:
        def work(connection: apsw.Connection) -> list[Change]:
            asked = (map_id, _listed(revisions) or "[]")
            return [decode_change(document) for (document,) in rows(connection, sql.CHANGES_AT, asked)]

        return await self._connections.scan(work)

    async def idempotency_record(self, key: str) -> Change | None:
        def work(connection: apsw.Connection) -> Change | None:
            held = rows(connection, sql.RECEIPT, (key,))
            return decode_change(held[0][0]) if held else None

        return await self._connections.look(work)

    async def known(self, map_id: str, ids: Collection[str]) -> set[str]:
        def work(connection: apsw.Connection) -> set[str]:
            keys = rows(connection, sql.MAP_KEY, (map_id,))
            return {i for (key,) in keys for i in ids if rows(connection, sql.IS_KNOWN, (key, i))}

        on_loop = len(ids) <= _LOOKED_UP_ON_THE_LOOP
        return await (self._connections.look(work) if on_loop else self._connections.scan(work))

    async def revision_at(self, map_id: str, time: str) -> int | None:
        asked = (map_id, instant(time))
        held = await self._connections.look(fetching(sql.REVISION_AT, asked))
        return held[0][0] if held else None

    async def source_text(self, map_id: str, source: str) -> SourceText | None:
        found = await self._connections.scan(fetching(sql.SOURCE_TEXT, (map_id, source)))
        return SourceText(*found[0]) if found else None

    async def source_digests(self, map_id: str) -> dict[str, str]:
        return dict(await self._connections.look(fetching(sql.SOURCE_DIGESTS, (map_id,))))

    async def search(self, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
        return await self._connections.scan(lambda c: search_words(c, words, maps, kinds))

    async def forget_future(self) -> None:
        """Nothing is remembered: each read sees the file as it is."""

    async def audit(self, expected: Expected) -> list[Finding]:
        return await self._connections.scan(lambda c: audit_rows(c, expected))

    # --- writing --------------------------------------------------------------------------------

    async def commit(self, header: MapHeader, changes: Sequence[Change]) -> None:
        def work(connection: apsw.Connection) -> None:
            if is_key_taken(connection, changes):
                raise RevisionTaken(f"map {header.id!r}: its idempotency key is taken")
            put = make_map if changes[0].begins else move_map
            with self._weighing(connection, header.id):
                append(connection, put(connection, header, changes), changes)

        await self._connections.write(work)

    @contextmanager
    def _weighing(self, connection: apsw.Connection, map_id: str) -> Iterator[None]:
        """Weigh what is written inside, which may have the map keep more."""
        weigh = self.weigh
        before = 0 if weigh is None else kept_in(connection, map_id)
        yield
        if weigh is not None:
            weigh(map_id, before, kept_in(connection, map_id))

    async def redact(self, header: MapHeader, change: Change, redaction: Redaction) -> None:
        within = copy_context()  # in which it is asked whether it is wanted
        with suppress(OnlyTried):
            await self._connections.write(lambda c: within.run(spent_on, redact_rows, c, header, change, redaction))
            await self._connections.alone(forget_log)

    async def compact(self, map_id: str, base: Change) -> bool:
        return await self._connections.write(lambda c: compact_rows(c, map_id, base))

    async def mend(self, expected: Expected) -> None:
        await self._connections.write(lambda c: mend_rows(c, expected))

    async def keep_text(self, map_id: str, source: str, text: SourceText | None) -> bool:
        def work(connection: apsw.Connection) -> bool:
            if text is None:
                return bool(rows(connection, sql.DELETE_TEXT, (source, map_id)))
            with self._weighing(connection, map_id):
                return bool(rows(connection, sql.PUT_TEXT, (source, *text, map_id)))

        return await self._connections.write(work)

    async def drop(self, map_id: str, at: MapVersion | None = None, *, kept: Deletion | None = None) -> bool:
        def work(connection: apsw.Connection) -> bool:
            found = rows(connection, sql.HEAD, (map_id,))
            if at is not None and found and found[0] != at:
                raise RevisionTaken(f"map {map_id!r} is not at revision {at.revision}")
            if kept is not None:
                return _put_aside(connection, map_id, kept)
            dropped = rows(connection, sql.DROP_MAP, (map_id,))
            for (key,) in dropped:
                _drop_for_good(connection, key)
            return bool(dropped)

        return await self._connections.write(work)

    async def deleted(self) -> list[DeletedMap]:
        return await self._connections.scan(_aside)

    async def restore(self, map_id: str, at: str) -> bool:
        return await self._connections.write(lambda c: _bring_back(c, map_id, at))

    async def purge(self, time: str, map_id: str | None = None) -> int:
        return await self._connections.write(lambda c: _purge(c, time, map_id))


def _listed(values: Collection[str] | Collection[int]) -> str | None:
    """Values as SQLite takes a list of them; None for no values."""
    return msgspec.json.encode(sorted(set(values))).decode() if values else None


def _back_up(source: apsw.Connection, path: str) -> None:
    """Copy what the connection sees into a new file; raises `Conflict` where there is one of its name."""
    target = Path(path).expanduser()
    if not make_file(target):
        raise Conflict(f"{target}: there is such a file already; a backup needs a new one", code="file_exists")
    try:
        with translating(str(target)):
            in_memory = not source.db_filename("main")
            if not in_memory:
                source.execute(sql.VACUUM_INTO, (str(target),))
            copy = apsw.Connection(str(target), apsw.SQLITE_OPEN_READWRITE)
            try:
                if in_memory:  # whose copy SQLite would make in memory too
                    with copy.backup("main", source, "main") as copying:
                        copying.step()
                copy.pragma("secure_delete", True)
                copy.execute(sql.FORGET_WORDS)
            finally:
                copy.close()
    except BaseException:
        target.unlink(missing_ok=True)  # half a copy would pass for a whole one
        raise


_read_key = msgspec.json.Decoder(KeyRecord).decode
_has_keys = fetching(sql.HAS_KEYS)


# --- keys, and what stands beside the maps --------------------------------------------------------------


class SqliteKeys(KeyStore):
    """A table of them."""

    def __init__(self, connections: Connections) -> None:
        self._connections = connections

    async def find(self, key_id: str) -> KeyRecord | None:
        found = await self._connections.look(fetching(sql.KEY, (key_id,)))
        return _key_record(found[0]) if found else None

    async def is_set_up(self) -> bool:
        return bool((await self._connections.look(_has_keys))[0][0])

    async def all(self) -> list[KeyRecord]:
        return [_key_record(row) for row in await self._connections.scan(fetching(sql.KEYS))]

    async def add(self, key: KeyRecord) -> bool:
        row = (key.id, key.name, msgspec.json.encode(key))
        return bool(await self._connections.write(fetching(sql.ADD_KEY, row)))

    async def revoke(self, key_id: str, at: str) -> KeyRecord | None:
        found = await self._connections.write(fetching(sql.REVOKE_KEY, (at, key_id)))
        return _key_record(found[0]) if found else None

    async def note_use(self, key_id: str, at: str) -> None:
        await self._connections.write(fetching(sql.USE_KEY, (at, key_id)))


def _key_record(row: Sequence[Any]) -> KeyRecord:
    record, revoked_at, used_at = row
    return msgspec.structs.replace(_read_key(record), revoked_at=revoked_at, used_at=used_at)


class SqliteBeside(SideStore):
    """A table of records, each under the key of its map, which is never given twice."""

    def __init__(self, connections: Connections, weighing: _Weighing) -> None:
        self._connections = connections
        self._weighing = weighing

    async def find(self, map_id: str, sort: Sort, record_id: str) -> SideRecord | None:
        found = await self._connections.look(fetching(sql.BESIDE, (map_id, sort, record_id)))
        return _side_record(found[0]) if found else None

    async def records(self, map_id: str, sort: Sort, subjects: Collection[str] = ()) -> list[SideRecord]:
        asked = (map_id, sort, msgspec.json.encode(sorted(subjects)).decode() if subjects else None)
        return [_side_record(row) for row in await self._connections.scan(fetching(sql.ALL_BESIDE, asked))]

    async def put(self, map_id: str, record: SideRecord, *, weighed: bool = True) -> bool:
        values = (map_id, record.sort, record.id, record.subject, record.version, bytes(record.document))
        text = sql.ADD_BESIDE if record.version == 1 else sql.CHANGE_BESIDE

        def work(connection: apsw.Connection) -> bool:
            with self._weighing(connection, map_id) if weighed else nullcontext():
                return bool(rows(connection, text, values))

        return await self._connections.write(work)

    async def remove(self, map_id: str, sort: Sort, record_id: str, version: int) -> bool:
        asked = (map_id, sort, record_id, version)
        return bool(await self._connections.write(fetching(sql.REMOVE_BESIDE, asked)))


def _side_record(row: Sequence[Any]) -> SideRecord:
    sort, record_id, subject, version, document = row
    return SideRecord(sort, record_id, subject, version, msgspec.Raw(document))


# --- maps that were deleted and are kept for a while: what they hold stays under their keys ---------------


def _put_aside(connection: apsw.Connection, map_id: str, deletion: Deletion) -> bool:
    """Take a map from the list and keep it; whether there was one."""
    keys = rows(connection, sql.MAP_KEY, (map_id,))
    for (key,) in keys:
        connection.execute(sql.PUT_ASIDE, (deletion.at, deletion.by, deletion.until, map_id))
        connection.execute(sql.FREE_RECEIPTS, (key,))
        connection.execute(sql.UNLIST, (map_id,))
    return bool(keys)


def _drop_for_good(connection: apsw.Connection, key: int) -> None:
    """Delete all that is held under the key of a map that is listed no more."""
    for statement in (sql.DROP_WORDS, *sql.DROP_REST):
        connection.execute(statement, (key,))


def _aside(connection: apsw.Connection) -> list[DeletedMap]:
    """The maps that are kept, the last one first."""
    found = rows(connection, sql.ASIDE)
    return [DeletedMap(header_in(i, header, change), Deletion(*deletion)) for i, header, change, *deletion in found]


def _bring_back(connection: apsw.Connection, map_id: str, at: str) -> bool:
    """List a map again; whether it was kept. Raises `RevisionTaken` where there is one of its id."""
    keys = rows(connection, sql.ASIDE_OF, (map_id, at))
    for (key,) in keys:
        if not rows(connection, sql.BRING_BACK, (key,)):
            raise RevisionTaken(f"there is a map {map_id!r} already")
        connection.execute(sql.TAKE_RECEIPTS, (key,))
        connection.execute(sql.FORGET_ASIDE, (key,))
    return bool(keys)


def _purge(connection: apsw.Connection, time: str, map_id: str | None) -> int:
    """Delete for good what was to be kept until a time or less long; how many maps."""
    keys = rows(connection, sql.EXPIRED, (time, map_id))
    for (key,) in keys:
        _drop_for_good(connection, key)
        connection.execute(sql.FORGET_ASIDE, (key,))
    return len(keys)
