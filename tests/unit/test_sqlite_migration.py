"""A file in the form that it had before: brought up to date as it is opened, with its history."""

from __future__ import annotations

from pathlib import Path

import apsw
import msgspec

from graph.beside.port import SideRecord
from graph.maps.port import Deletion, SourceText
from graph.stores.sqlite import SqliteStore
from graph.stores.sqlite_schema import NEWEST
from schemas.change import decode_change, encode_change
from tests.support.chronicle import loaded
from tests.support.old_form import first_change, first_form, told

AT = "2026-05-05T05:05:05.000000Z"


def _made_old(path: Path) -> None:
    connection = apsw.Connection(str(path))
    for map_, node_id, document in connection.execute("SELECT map, id, document FROM nodes").fetchall():
        values = (first_form(document), map_, node_id)
        connection.execute("UPDATE nodes SET document = ? WHERE map = ? AND id = ?", values)
    for map_, revision, document in connection.execute("SELECT map, revision, document FROM log").fetchall():
        values = (encode_change(first_change(decode_change(document))), map_, revision)
        connection.execute("UPDATE log SET document = ? WHERE map = ? AND revision = ?", values)
    connection.execute("ALTER TABLE maps DROP COLUMN change; ALTER TABLE maps DROP COLUMN checksum")
    connection.execute("DROP INDEX log_author; ALTER TABLE log DROP COLUMN author; DROP TABLE deleted")
    connection.pragma("user_version", 1)
    connection.close()


async def test_a_file_of_the_first_form_holds_the_same_map_in_the_newest(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    one, other = told(), told()
    store = SqliteStore(str(path))
    await store.open()
    for map_ in (one, other):
        for n in range(len(map_.changes)):
            await store.commit(map_.header.model_copy(update={"revision": n + 1}), [map_.changes[n]])
    await store.close()
    _made_old(path)
    assert (await store.open()).schema == NEWEST
    for map_ in (one, other):
        rows = await loaded(store, map_.id)
        assert rows is not None
        assert rows.documents == map_.rows.documents
        assert await store.changes(map_.id, 0, 9) == map_.changes
    await store.close()
    assert (await store.open()).schema == NEWEST
    await store.close()


async def test_what_the_maps_of_an_earlier_file_keep_is_counted(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(str(path))
    await store.open()
    there, aside, empty = (told() for _ in range(3))
    for map_ in (there, aside, empty):
        await store.commit(map_.header.model_copy(update={"revision": 1}), map_.changes[:1])
        assert map_ is empty or await store.keep_text(map_.id, "s", SourceText("0", "Łódź"))
        assert map_ is empty or await store.beside.put(map_.id, SideRecord("remark", "r", "p", 1, msgspec.Raw(b'"x"')))
    kept = [await store.kept(map_.id) for map_ in (there, aside, empty)]
    await store.drop(aside.id, kept=Deletion(AT, "ann", "2999-01-01T00:00:00.000000Z"))
    await store.close()
    connection = apsw.Connection(str(path))
    triggers = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    connection.execute("; ".join(f"DROP TRIGGER {name}" for (name,) in triggers))
    connection.execute("DROP TABLE kept")
    connection.pragma("user_version", 10)
    connection.close()
    assert (await store.open()).schema == NEWEST
    await store.restore(aside.id, AT)
    assert [await store.kept(map_.id) for map_ in (there, aside, empty)] == kept
    assert len(set(kept)) > 1
    await store.keep_text(there.id, "s", None)
    assert await store.kept(there.id) == (kept[0] or 0) - len("Łódź".encode())
    await store.close()
