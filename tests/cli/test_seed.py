"""`argumap seed`: loads the example once, and checks its locators against texts."""

from __future__ import annotations

import asyncio
import json
import shutil
from pathlib import Path

import pytest

from graph.maps.workspace import Workspace
from graph.stores import open_store
from schemas.map import MapCreate
from seed.articles import Document, editions
from seed.loader import write_request_of
from tests.api.serving import Served
from tests.cli.conftest import Cli
from tests.support.write_requests import update, write_request

LOADED = "Loaded the map food-finance-firepower: “Food, finance and firepower: North Korea in Russia's war”.\n"
THERE = "The map food-finance-firepower is there already; it stays as it is.\n"


def test_it_loads_once(cli: Cli) -> None:
    first = cli("seed")
    assert (first.code, first.out, first.err) == (0, LOADED, "")
    again = cli("seed")
    assert (again.code, again.out) == (0, THERE)
    [one] = json.loads(cli("maps", "--json").out)["items"]
    assert one["revision"] == 1


def test_it_loads_into_a_running_service_that_has_none(cli: Cli, running: str) -> None:
    assert cli("maps", "delete", "food-finance-firepower", "--yes", "--url", running).code == 0
    assert cli("seed", "--url", running).out == LOADED
    assert cli("seed", "--url", running).out == THERE
    there = cli("export", "--url", running)
    assert cli("seed").out == LOADED
    assert there.out == cli("export").out


OFFER = "It has edition 1 of the example; `argumap seed --update` brings edition 2.\n"
SERVED = "`argumap seed --update` brings edition 2 as one change and keeps what you changed"
BROUGHT = "Brought the map food-finance-firepower from edition 1 to 2 in one change, its revision 2.\nNodes: "


@pytest.fixture
def first_edition(tmp_path: Path) -> str:
    """A store with the example as it first shipped."""
    url = f"sqlite:{tmp_path / 'first.sqlite'}"
    asyncio.run(_put(url, editions()[0]))
    return url


async def _put(url: str, document: Document) -> None:
    store = open_store(url)
    await store.open()
    draft = MapCreate.model_validate({name: document[name] for name in ("id", "title", "question", "description")})
    await Workspace(store).create(draft, write_request_of(document, "ann"))
    await store.close()


def test_a_newer_edition_is_offered_and_comes_when_it_is_asked_for(cli: Cli, first_edition: str) -> None:
    before = cli("export", "--store", first_edition).out
    assert cli("seed", "--store", first_edition).out == THERE + OFFER
    assert cli("export", "--store", first_edition).out == before
    done = cli("seed", "--update", "--store", first_edition)
    assert (done.code, done.out[: len(BROUGHT)]) == (0, BROUGHT)
    assert cli("seed", "--store", first_edition).out == THERE
    again = cli("seed", "--update", "--store", first_edition)
    assert again.out == "The map food-finance-firepower has the newest edition, 2, already; it stays as it is.\n"
    cli("seed")
    nodes = [json.loads(cli("export", *where).out)["nodes"] for where in ((), ("--store", first_edition))]
    assert nodes[0] == nodes[1], "the same as where it was loaded anew"


def test_whoever_brings_a_newer_edition_can_undo_it(cli: Cli, first_edition: str, tmp_path: Path) -> None:
    before = json.loads(cli("export", "--store", first_edition).out)["nodes"]
    cli("seed", "--update", "--store", first_edition)
    newer = json.loads(cli("export", "--store", first_edition).out)["nodes"]
    assert cli("undo", "--store", first_edition).code == 0
    assert json.loads(cli("export", "--store", first_edition).out)["nodes"] == before
    assert cli("seed", "--store", first_edition).out == THERE + OFFER
    assert cli("redo", "--store", first_edition).code == 0
    assert json.loads(cli("export", "--store", first_edition).out)["nodes"] == newer
    cli("undo", "--store", first_edition)
    with Served(tmp_path, {"ARGUMAP_STORE": first_edition}) as served:
        cli("seed", "--update", "--url", served.url)
        assert cli("undo", "--url", served.url).code == 0
        assert json.loads(cli("export", "--url", served.url).out)["nodes"] == before


def test_over_http_it_is_the_same_change(cli: Cli, first_edition: str, tmp_path: Path) -> None:
    other = tmp_path / "other.sqlite"
    shutil.copy(tmp_path / "first.sqlite", other)
    told = cli("seed", "--update", "--store", first_edition).out
    with Served(tmp_path, {"ARGUMAP_STORE": f"sqlite:{other}"}) as served:
        assert f"argumap: the map food-finance-firepower has edition 1 of the example; {SERVED}\n" in served.log()
        assert cli("seed", "--url", served.url).out == THERE + OFFER
        assert cli("seed", "--update", "--url", served.url).out == told
        there = cli("export", "--url", served.url).out
    assert there == cli("export", "--store", first_edition).out


def test_what_the_user_changed_stays_and_is_told(cli: Cli, first_edition: str) -> None:
    asyncio.run(_edit(first_edition))
    done = cli("seed", "--update", "--store", first_edition)
    assert done.code == 0
    assert "Kept as you have it, 1:\n  p-29: the edition changes text too; yours stays.\n" in done.out
    nodes = json.loads(cli("export", "--store", first_edition).out)["nodes"]
    [text] = [node["text"] for node in nodes["statements"] if node["id"] == "p-29"]
    assert text == "Mine."


async def _edit(url: str) -> None:
    store = open_store(url)
    await store.open()
    change = write_request(update("statement", "p-29", text="Mine."))
    await Workspace(store).write("food-finance-firepower", change)
    await store.close()


def test_there_must_be_a_map_to_update(cli: Cli) -> None:
    cli("maps", "create", "food-finance-firepower", "--title", "Mine")
    done = cli("seed", "--update")
    assert done.code == 1
    assert "is no edition of the example; it stays as it is" in done.err


def test_an_unknown_example_is_wrong_use(cli: Cli) -> None:
    done = cli("seed", "--name", "atlantis")
    assert done.code == 2
    assert "food-finance-firepower" in done.err


def test_verify_tells_a_file_that_is_no_article(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "x.txt"
    file.write_text("something else", encoding="utf-8")
    done = cli("seed", "verify", str(file))
    assert done.code == 1
    assert "is no text of this map; expected: s-eu" in done.out
    assert "Locators checked: none" in done.out


def test_verify_tells_a_file_that_is_not_there(cli: Cli, tmp_path: Path) -> None:
    done = cli("seed", "verify", str(tmp_path / "nowhere.txt"))
    assert done.code == 2
    assert "cannot be read" in done.err
    assert cli("seed", "verify").code == 2


def test_verify_checks_the_articles(cli: Cli, request: pytest.FixtureRequest) -> None:
    folder = Path(__file__).parents[3] / "shared" / "articles"
    if not folder.is_dir():
        pytest.skip("no shared articles beside the repository")
    done = cli("seed", "verify", *map(str, sorted(folder.glob("*.txt"))))
    assert done.code == 0, done.out
    assert done.out.startswith("Locators checked: ")
    assert "; all fit." in done.out
