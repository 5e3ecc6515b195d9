"""A store in one SQLite file: the embedded default."""

from collections.abc import Collection, Sequence
from pathlib import Path

import apsw
import msgspec

from graph.beside.port import SideStore
from graph.errors import Conflict, RevisionTaken
from graph.keys.port import KeyStore
from graph.maps.expected import Expected, Finding
from graph.maps.port import DeletedMap, Deletion, MapRows, MapVersion, SourceText, Store, StoreInfo
from graph.search.question import Candidates
from graph.stores import sqlite_statements as sql
from graph.stores.integrity import checked_log
from graph.stores.sqlite_audit import audit_rows, mend_rows
from graph.stores.sqlite_beside import SqliteBeside
from graph.stores.sqlite_connections import Connections, make_file
from graph.stores.sqlite_deleted import aside, bring_back, drop_for_good, purge, put_aside
from graph.stores.sqlite_errors import translating
from graph.stores.sqlite_keys import SqliteKeys
from graph.stores.sqlite_rows import append, header_in, is_key_taken, make_map, move_map, rows_of
from graph.stores.sqlite_schema import version_of
from graph.stores.sqlite_search import search_words
from graph.stores.times import instant
from schemas.change import Change, decode_change
from schemas.map import MapHeader
from schemas.vocabulary import Kind

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
        self._beside = SqliteBeside(self._connections)

    @property
    def beside(self) -> SideStore:
        return self._beside

    async def open(self) -> StoreInfo:
        await self._connections.open()
        return await self.check()

    async def check(self) -> StoreInfo:
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
        return await self._connections.scan(lambda c: [header_in(*row) for row in sql.rows(c, sql.HEADERS, span)])

    async def count_maps(self) -> int:
        return int((await self._connections.look(lambda c: sql.rows(c, sql.COUNT_MAPS)))[0][0])

    async def map_ids(self) -> list[str]:
        return await self._connections.scan(lambda c: [map_id for (map_id,) in sql.rows(c, sql.MAP_IDS)])

    async def version(self, map_id: str) -> MapVersion | None:
        found = await self._connections.look(lambda c: sql.rows(c, sql.HEAD, (map_id,)))
        return MapVersion(*found[0]) if found else None

    async def versions(self, map_ids: Collection[str]) -> dict[str, MapVersion]:
        asked = (msgspec.json.encode(sorted(map_ids)).decode(),)
        found = await self._connections.look(lambda c: sql.rows(c, sql.VERSIONS, asked))
        return {map_id: MapVersion(*where) for map_id, *where in found}

    async def load(self, map_id: str) -> MapRows | None:
        return await self._connections.scan(lambda c: rows_of(c, map_id))

    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        span = (map_id, after, until)

        def work(connection: apsw.Connection) -> list[Change]:
            return checked_log(map_id, [decode_change(d) for (d,) in sql.rows(connection, sql.CHANGES, span)])

        def small(connection: apsw.Connection) -> bool:
            return bool(sql.rows(connection, sql.CHANGES_SIZE, span)[0][0] <= _READ_ON_THE_LOOP)

        on_loop = until - after <= 64 and await self._connections.look(small)
        return await (self._connections.look(work) if on_loop else self._connections.scan(work))

    async def oldest(self, map_id: str) -> int | None:
        held = await self._connections.look(lambda c: sql.rows(c, sql.OLDEST, (map_id,)))
        return held[0][0] if held else None

    async def revisions(
        self, map_id: str, after: int, until: int, *, by: Collection[str] = (), nodes: Collection[str] = ()
    ) -> list[int]:
        narrowed = f"{sql.BY_AUTHOR if by else ''}{sql.OF_NODES if nodes else ''}"
        asked = {"after": after, "until": until, "by": _listed(by), "nodes": _listed(nodes)}

        def work(connection: apsw.Connection) -> list[int]:
            keys = sql.rows(connection, sql.MAP_KEY, (map_id,))
            text = f"{sql.REVISIONS}{narrowed}{sql.IN_ORDER}"
            return [r for (key,) in keys for (r,) in sql.rows(connection, text, {**asked, "map": key})]

        return await self._connections.scan(work)

    async def changes_at(self, map_id: str, revisions: Collection[int]) -> list[Change]:
        def work(connection: apsw.Connection) -> list[Change]:
            asked = (map_id, _listed(revisions) or "[]")
            return [decode_change(document) for (document,) in sql.rows(connection, sql.CHANGES_AT, asked)]

        return await self._connections.scan(work)

    async def idempotency_record(self, key: str) -> Change | None:
        def work(connection: apsw.Connection) -> Change | None:
            held = sql.rows(connection, sql.RECEIPT, (key,))
            return decode_change(held[0][0]) if held else None

        return await self._connections.look(work)

    async def known(self, map_id: str, ids: Collection[str]) -> set[str]:
        def work(connection: apsw.Connection) -> set[str]:
            keys = sql.rows(connection, sql.MAP_KEY, (map_id,))
            return {i for (key,) in keys for i in ids if sql.rows(connection, sql.IS_KNOWN, (key, i))}

        on_loop = len(ids) <= _LOOKED_UP_ON_THE_LOOP
        return await (self._connections.look(work) if on_loop else self._connections.scan(work))

    async def revision_at(self, map_id: str, time: str) -> int | None:
        asked = (map_id, instant(time))
        held = await self._connections.look(lambda c: sql.rows(c, sql.REVISION_AT, asked))
        return held[0][0] if held else None

    async def source_text(self, map_id: str, source: str) -> SourceText | None:
        found = await self._connections.scan(lambda c: sql.rows(c, sql.SOURCE_TEXT, (map_id, source)))
        return SourceText(*found[0]) if found else None

    async def source_digests(self, map_id: str) -> dict[str, str]:
        return dict(await self._connections.look(lambda c: sql.rows(c, sql.SOURCE_DIGESTS, (map_id,))))

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
            put = make_map if changes[0].revision == 1 else move_map
            append(connection, put(connection, header, changes), changes)

        await self._connections.write(work)

    async def mend(self, expected: Expected) -> None:
        await self._connections.write(lambda c: mend_rows(c, expected))

    async def keep_text(self, map_id: str, source: str, text: SourceText | None) -> bool:
        def work(connection: apsw.Connection) -> bool:
            if text is None:
                return bool(sql.rows(connection, sql.DELETE_TEXT, (source, map_id)))
            return bool(sql.rows(connection, sql.PUT_TEXT, (source, *text, map_id)))

        return await self._connections.write(work)

    async def drop(self, map_id: str, at: MapVersion | None = None, *, kept: Deletion | None = None) -> bool:
        def work(connection: apsw.Connection) -> bool:
            found = sql.rows(connection, sql.HEAD, (map_id,))
            if at is not None and found and found[0] != at:
                raise RevisionTaken(f"map {map_id!r} is not at revision {at.revision}")
            if kept is not None:
                return put_aside(connection, map_id, kept)
            dropped = sql.rows(connection, sql.DROP_MAP, (map_id,))
            for (key,) in dropped:
                drop_for_good(connection, key)
            return bool(dropped)

        return await self._connections.write(work)

    async def deleted(self) -> list[DeletedMap]:
        return await self._connections.scan(aside)

    async def restore(self, map_id: str, at: str) -> bool:
        return await self._connections.write(lambda c: bring_back(c, map_id, at))

    async def purge(self, time: str, map_id: str | None = None) -> int:
        return await self._connections.write(lambda c: purge(c, time, map_id))


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
