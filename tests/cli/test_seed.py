"""`argumap seed`: loads the example once, and checks its locators against texts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

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
    assert done.out.endswith("Not given: 63 in s-eu, 42 in s-kh.\n") or "Locators checked: none" in done.out


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
