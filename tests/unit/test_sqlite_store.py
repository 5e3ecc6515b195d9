"""What the SQLite store does beyond the port: how it is named, backed up, shared and kept right inside."""

from __future__ import annotations

import asyncio
from pathlib import Path

import apsw
import msgspec
import pytest
from msgspec.structs import replace
from pydantic import ValidationError

from graph.errors import Conflict, StoreUnavailable, StoreUnusable
from graph.maps.workspace import Workspace
from graph.stores import open_store
from graph.stores.sqlite import SqliteStore
from graph.stores.sqlite_connections import MEANINGS
from graph.stores.sqlite_schema import APPLICATION_ID
from graph.stores.sqlite_statements import MIGRATIONS
from schemas.change import Edit
from schemas.map import MapCreate
from service.http.responses import map_document
from tests.support.chronicle import START, Chronicle, loaded
from tests.support.nodes import actor, argument, statement
from tests.support.searches import found
from tests.support.write_requests import create_statement, write_request


async def _filled(store: SqliteStore) -> Chronicle:
    await store.open()
    told = Chronicle()
    change = told.next(statement("p"), statement("q"), argument("a", "p", "q"))
    await store.commit(told.header, [change])
    return told


# --- the URL ---------------------------------------------------------------------------------------


async def test_a_path_may_be_absolute_relative_or_in_the_users_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    urls = {
        f"sqlite:{tmp_path}/one/a.db": "one/a.db", "sqlite:two/b.db": "two/b.db", "sqlite:./c d.db": "c d.db",
        "sqlite:~/three/e.db": "home/three/e.db", "sqlite:f?mode=memory.db": "f?mode=memory.db",
        "sqlite:file:g.db": "file:g.db", "sqlite:ü.db": "ü.db",
    }  # fmt: skip
    for url, path in urls.items():
        store = open_store(url)
        await store.open()
        assert (tmp_path / path).is_file()
        await store.close()


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("", "known are"), ("store.db", "known are"), ("/data/store.db", "names no store"), ("sqlite", "needs a path"),
        ("sqlite:", "needs a path"), ("sqlit:a.db", "did you mean 'sqlite'"), ("postgres://x", "names no store"),
        ("neo4j:", "needs a path or host"), ("bolt://", "needs a path or host"), ("neo4js://x", "did you mean 'neo4j"),
    ],
)  # fmt: skip
def test_a_url_that_names_no_store_is_refused_with_a_hint(url: str, says: str) -> None:
    with pytest.raises(ValueError, match="names no store") as caught:
        open_store(url)
    assert says in str(caught.value)


async def test_a_store_in_memory_is_one_for_all_its_connections_and_no_others(tmp_path: Path) -> None:
    one, other = open_store("sqlite::memory:"), open_store("sqlite::memory:")
    await other.open()
    told = await _filled(one)
    answers = await asyncio.gather(*(loaded(one, told.id) for _ in range(8)), one.search("shells", [], []))
    assert answers[:8] == [told.rows] * 8
    assert len(answers[8].nodes) == 2
    assert await other.maps() == []
    await one.close()
    await other.close()
    await one.open()
    assert await one.maps() == []
    await one.close()


async def test_a_store_in_memory_is_read_while_it_is_written() -> None:
    store = open_store("sqlite::memory:")
    await store.open()
    workspace = Workspace(store)
    await workspace.create(MapCreate(id="m", title="A map"), write_request())
    reads = [store.load("m") for _ in range(40)] + [store.version("m") for _ in range(40)]
    writes = [workspace.write("m", write_request(create_statement(f"p{n}"))) for n in range(40)]
    await asyncio.gather(*(work for pair in zip(reads[::2], reads[1::2], writes, strict=True) for work in pair))
    assert (await store.version("m")).revision == 41
    await store.close()


# --- backup ----------------------------------------------------------------------------------------


async def test_a_backup_is_a_whole_store_while_others_go_on_writing(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    await store.open()
    workspace = Workspace(store)
    await workspace.create(MapCreate(id="m", title="A map"), write_request())
    writing = [asyncio.create_task(workspace.write("m", write_request(create_statement(f"p{n}")))) for n in range(50)]
    await store.backup(str(tmp_path / "copies" / "one.db"))
    await asyncio.gather(*writing)
    await store.backup(str(tmp_path / "two.db"))
    assert (tmp_path / "two.db").stat().st_mode & 0o777 == 0o600
    whole = await loaded(store, "m")
    await store.close()
    early, late = SqliteStore(str(tmp_path / "copies" / "one.db")), SqliteStore(str(tmp_path / "two.db"))
    for copy in (early, late):
        await copy.open()
        rows = await loaded(copy, "m")
        assert len(rows.ids) == rows.header.revision - 1, "a state between two changes"
        assert len(await copy.changes("m", 0, 99)) == rows.header.revision
        assert len((await copy.search("shells", ["m"], [])).nodes) == len(rows.ids)
    assert await loaded(late, "m") == whole
    await Workspace(late).write("m", write_request(create_statement("more")))
    for copy in (early, late):
        await copy.close()


async def test_a_backup_never_overwrites(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    await _filled(store)
    (tmp_path / "there.db").write_text("precious")
    for name in ("there.db", "store.db"):
        with pytest.raises(Conflict) as caught:
            await store.backup(str(tmp_path / name))
        assert caught.value.name == "file_exists"
    with pytest.raises(StoreUnusable):
        await store.backup(str(tmp_path / "there.db" / "copy.db"))
    assert (tmp_path / "there.db").read_text() == "precious"
    await store.close()


async def test_a_backup_of_a_store_in_memory_is_a_file(tmp_path: Path) -> None:
    store = SqliteStore(":memory:")
    told = await _filled(store)
    await store.backup(str(tmp_path / "copy.db"))
    await store.close()
    copy = SqliteStore(str(tmp_path / "copy.db"))
    await copy.open()
    assert await loaded(copy, told.id) == told.rows
    await copy.close()


# --- inside ----------------------------------------------------------------------------------------


async def test_a_commit_is_durable_before_it_is_acknowledged(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    await _filled(store)
    for connection in store._connections._all:
        assert connection.pragma("synchronous") == 2, "FULL"
        assert connection.pragma("journal_mode") == "wal"
    await store.close()


async def test_the_structure_is_read_from_the_documents_where_an_end_is_missing(tmp_path: Path) -> None:
    """The store takes what the rules would not let through, and does not make up an end for it."""
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    assert (await store.load(told.id)).steps is not None
    change = told.next(gone=["q"])
    await store.commit(told.header, [change])
    assert (await store.load(told.id)).steps is None
    follow = told.next(actor("k"), argument("b", "p", "zz"))
    await store.commit(told.header, [follow])
    assert (await store.load(told.id)).steps is None
    mended = told.next(statement("q"), statement("zz"))
    await store.commit(told.header, [mended])
    rows = await store.load(told.id)
    assert rows.steps is None, "the argument has not been written since; its document is read"
    again = told.next(argument("a", "p", "q", "opposing"), argument("b", ("p", "q"), "zz"))
    await store.commit(told.header, [again])
    assert (await store.load(told.id)).steps is not None
    assert await loaded(store, told.id) == told.rows
    await store.close()


async def test_a_commit_that_goes_wrong_halfway_leaves_nothing(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    before = told.rows
    change = told.next(statement("r"), statement("s"))
    bad = Edit("statement", "t", None, msgspec.Raw(b'{"id":"t"}'))
    with pytest.raises(ValidationError):
        await store.commit(told.header, [replace(change, edits=(*change.edits, bad))])
    assert await loaded(store, told.id) == before
    assert (await store.version(told.id)).revision == len(await store.changes(told.id, 0, 9)) == 1
    assert await store.known(told.id, ["r", "s", "t"]) == set()
    await store.commit(told.header, [change])
    assert await loaded(store, told.id) == told.rows
    await store.close()


async def test_a_dropped_map_leaves_no_row_behind(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    await store.drop(told.id)
    await store.close()
    connection = apsw.Connection(str(tmp_path / "store.db"))
    for table in ("maps", "nodes", "log", "touches", "words"):
        assert connection.execute(f"SELECT count(*) FROM {table}").get == 0, table
    connection.close()


# --- files of earlier versions -----------------------------------------------------------------------


def _file_of_version_1(path: Path, headers: dict[str, dict[str, object]]) -> None:
    connection = apsw.Connection(str(path))
    connection.execute(MIGRATIONS[0])
    connection.pragma("application_id", APPLICATION_ID)
    connection.pragma("user_version", 1)
    for map_id, header in headers.items():
        connection.execute(
            "INSERT INTO maps (id, revision, born, header) VALUES (?, 7, ?, ?)",
            (map_id, START, msgspec.json.encode({"id": map_id, **header})),
        )
    connection.close()


async def test_counts_that_were_a_list_in_the_order_of_the_kinds_get_their_names(tmp_path: Path) -> None:
    told = {
        "title": 'Ünï "🚀" \\', "revision": 7, "created_at": START, "created_by": "ann", "updated_at": START,
        "updated_by": "bob",
    }  # fmt: skip
    path = tmp_path / "store.db"
    _file_of_version_1(path, {"counted": {**told, "counts": [1, 2, 30, 4, 0, 6]}, "plain": told})
    store = SqliteStore(str(path))
    assert (await store.open()).schema == len(MIGRATIONS)
    counted, plain = await store.maps()
    assert counted.counts == {
        "actor": 1, "motive": 2, "statement": 30, "argument": 4, "source": 0, "assertion": 6,
    }  # fmt: skip
    assert plain.counts == {}
    assert plain.model_copy(update={"id": "counted"}) == counted.model_copy(update={"counts": {}})
    assert (plain.title, plain.revision) == (told["title"], 7)
    await store.close()
    assert (await store.open()).schema == len(MIGRATIONS)
    assert await store.maps() == [counted, plain]
    await store.close()


def _as_before(connection: apsw.Connection, version: int) -> None:
    """Take out what later versions of the schema added that is made only once."""
    connection.execute("""
        ALTER TABLE maps DROP COLUMN change;
        ALTER TABLE maps DROP COLUMN checksum;
        DROP INDEX log_author;
        ALTER TABLE log DROP COLUMN author;
        DROP TABLE deleted;
    """)
    connection.pragma("user_version", version)


async def test_a_map_of_an_earlier_version_is_written_to_like_any_other(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(str(path))
    workspace = Workspace(store)
    await store.open()
    await workspace.create(MapCreate(id="m", title="A map"), write_request(create_statement("p")))
    await store.close()
    connection = apsw.Connection(str(path))
    connection.execute("UPDATE maps SET header = CAST(json_set(header, '$.counts', json('[0,0,1,0,0,0]')) AS BLOB)")
    _as_before(connection, 1)
    connection.close()
    await store.open()
    await workspace.write("m", write_request(create_statement("q")))
    assert (await store.maps())[0].counts["statement"] == 2
    await store.close()


async def test_counts_of_a_kind_that_is_new_or_unknown_do_no_harm(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    held = told.header.model_copy(update={"counts": {"statement": 2, "theorem": 9}})
    await store.commit(held.model_copy(update={"revision": 2}), [told.next(statement("r"))])
    assert (await store.maps())[0].counts == {"statement": 2, "theorem": 9}
    assert map_document((await store.maps())[0])["counts"] == {
        "actors": 0, "motives": 0, "statements": 2, "arguments": 0, "sources": 0, "assertions": 0,
    }  # fmt: skip
    await store.close()


# --- damage ------------------------------------------------------------------------------------------


async def test_rows_that_are_missing_are_damage(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    await store.close()
    connection = apsw.Connection(str(tmp_path / "store.db"))
    connection.execute("DELETE FROM nodes WHERE id = 'q'")
    connection.close()
    await store.open()
    with pytest.raises(StoreUnusable, match=r"damaged.*3 nodes and has 2"):
        await store.load(told.id)
    await store.close()


@pytest.mark.parametrize(
    ("text", "told_as"),
    [
        ("UPDATE maps SET header = CAST('{' AS BLOB)", "is damaged in the store: its header cannot be read"),
        ("UPDATE log SET document = CAST('[]' AS BLOB)", r"store\.db: what it holds cannot be read"),
    ],
    ids=["header", "log"],
)
async def test_what_cannot_be_read_is_damage(tmp_path: Path, text: str, told_as: str) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    connection = apsw.Connection(str(tmp_path / "store.db"))
    connection.execute(text)
    connection.close()
    with pytest.raises(StoreUnusable, match=told_as):
        await (store.load(told.id) if "maps" in text else store.changes(told.id, 0, 9))
    await store.close()


async def test_tables_of_another_shape_are_told_in_a_sentence(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = await _filled(store)
    connection = apsw.Connection(str(tmp_path / "store.db"))
    connection.execute("DROP TABLE touches")
    connection.close()
    with pytest.raises(StoreUnusable, match="tables are not those of this version"):
        await store.known(told.id, ["p"])
    await store.close()


def test_every_error_that_sqlite_may_give_has_a_meaning() -> None:
    """Those left out are no answers of a database: apsw gives them for wrong use of itself, or never."""
    misuse = {"InternalError", "AbortError", "MisuseError", "NotFoundError", "RangeError"}
    codes = {int(code) for code in apsw.mapping_result_codes if isinstance(code, int)}
    kinds = {type(apsw.exception_for(code)) for code in codes if code not in (0, 27, 28, 100, 101)}
    assert {kind.__name__ for kind in kinds if kind not in MEANINGS} == misuse


async def test_a_search_takes_a_whole_text_for_a_question(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    told = Chronicle()
    await store.open()
    long = " ".join(f"word{n}" for n in range(1500))
    change = told.next(statement("long", long), statement("short", "word1"))
    await store.commit(told.header, [change])
    assert [match.rank.id for match in await found(store, long, [told.id])] == ["long"]
    assert await found(store, f"{long} else", [told.id]) == []
    await store.close()


async def test_a_search_takes_many_maps(tmp_path: Path) -> None:
    store = SqliteStore(str(tmp_path / "store.db"))
    await store.open()
    maps = [Chronicle(f"map-{n}") for n in range(300)]
    for told in maps:
        change = told.next(statement("p", "shells"))
        await store.commit(told.header, [change])
    matches = await found(store, "shells", [told.id for told in maps[:280]])
    assert [match.rank.map for match in matches] == sorted(told.id for told in maps[:280])
    await store.close()


async def test_what_is_asked_of_a_store_never_opened_is_unavailable(tmp_path: Path) -> None:
    store = SqliteStore(":memory:")
    for ask in (store.version("m"), store.load("m"), store.commit(None, []), store.backup(str(tmp_path / "never.db"))):
        with pytest.raises(StoreUnavailable, match="not open"):
            await ask
    assert not (tmp_path / "never.db").exists()


async def test_the_index_of_an_earlier_version_is_written_anew(tmp_path: Path) -> None:
    path = tmp_path / "store.db"
    store = SqliteStore(str(path))
    await store.open()
    told = [Chronicle(), Chronicle()]
    for one in told:
        one.next(statement("p", "Łódź and 部队"), statement("q", "700,000"))
        await store.commit(one.header, one.changes)
    wanted = [await found(store, words) for words in ("lodz", "队", "700000")]
    assert [len(some) for some in wanted] == [2, 2, 2]
    await store.close()
    connection = apsw.Connection(str(path))
    connection.execute("DELETE FROM words; UPDATE nodes SET width = 0")
    connection.execute("INSERT INTO words (rowid, folded) SELECT map << 32 | number, 'stale _m1 _k2' FROM nodes")
    _as_before(connection, 3)
    connection.close()
    for _ in range(2):
        assert (await store.open()).schema == len(MIGRATIONS)
        assert [await found(store, words) for words in ("lodz", "队", "700000")] == wanted
        assert await found(store, "stale") == []
        await store.close()
    widths = apsw.Connection(str(path)).execute("SELECT width FROM nodes ORDER BY map, id").fetchall()
    assert widths == [(11,), (7,), (11,), (7,)]
