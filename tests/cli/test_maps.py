"""`argumap maps`, and how a command finds the map that it is asked about."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli


def make(cli: Cli, map_id: str) -> None:
    assert cli("maps", "create", map_id, "--title", f"Map {map_id}").code == 0


def test_a_map_is_made_listed_and_deleted(cli: Cli) -> None:
    made = cli("maps", "create", "winter", "--title", "Winter", "--question", "Who?")
    assert (made.code, made.out) == (0, "Made the map winter.\n")
    listed = cli("maps").out.splitlines()
    assert listed[0].split() == ["ID", "REVISION", "STATEMENTS", "ARGUMENTS", "TITLE"]
    assert listed[1].split()[:2] == ["winter", "1"]
    assert json.loads(cli("maps", "--json").out)["total"] == 1
    assert cli("maps", "delete", "winter", "--yes").out == "Deleted the map winter.\n"
    assert cli("maps").out == "There is no map yet; `argumap seed` loads the example.\n"


def test_an_id_that_is_taken_ends_with_one(cli: Cli) -> None:
    make(cli, "winter")
    again = cli("maps", "create", "winter", "--title", "x")
    assert again.code == 1
    assert "winter" in again.err


def test_a_delete_asks_first(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    make(cli, "winter")
    monkeypatch.setattr("builtins.input", lambda *_: "n")
    monkeypatch.setattr("typer._click.termui.visible_prompt_func", lambda *_: "n")
    refused = cli("maps", "delete", "winter")
    assert refused.code == 1
    assert refused.err.endswith("argumap: stopped; nothing was changed\n")
    assert "winter" in cli("maps").out
    monkeypatch.setattr("typer._click.termui.visible_prompt_func", lambda *_: "y")
    assert cli("maps", "delete", "winter").code == 0


def test_a_map_that_is_not_there_cannot_be_deleted(cli: Cli) -> None:
    make(cli, "winter")
    assert cli("maps", "delete", "summer", "--yes").code == 2


def test_options_stand_before_or_behind_the_inner_command(cli: Cli, tmp_path_factory: pytest.TempPathFactory) -> None:
    other = f"sqlite:{tmp_path_factory.mktemp('other') / 'x.sqlite'}"
    assert cli("maps", "--store", other, "create", "a", "--title", "A").code == 0
    assert cli("maps", "create", "b", "--title", "B", "--store", other).code == 0
    assert [item["id"] for item in json.loads(cli("maps", "--store", other, "--json").out)["items"]] == ["a", "b"]
    assert cli("maps").code == 3, "the own store was never made"


def test_the_only_map_is_the_one_meant(cli: Cli) -> None:
    make(cli, "winter")
    assert json.loads(cli("summary", "--json").out)["map"] == "winter"


def test_of_several_the_example_is_meant_and_else_none(cli: Cli) -> None:
    make(cli, "winter")
    make(cli, "summer")
    done = cli("summary")
    assert (done.code, done.err) == (2, "argumap: say which map with --map: summer, winter\n")
    assert json.loads(cli("summary", "--json", "--map", "winter").out)["map"] == "winter"
    assert cli("seed").code == 0
    assert json.loads(cli("summary", "--json").out)["map"] == "food-finance-firepower"


def test_where_there_is_no_map_that_is_said(cli: Cli) -> None:
    make(cli, "winter")
    cli("maps", "delete", "winter", "--yes")
    done = cli("summary")
    assert (done.code, done.err) == (1, "argumap: there is no map yet; `argumap seed` loads the example\n")


def test_what_a_map_says_of_itself_is_changed(cli: Cli) -> None:
    make(cli, "winter")
    assert cli("maps", "edit", "winter", "--title", "Cold").out == "Changed the map winter: it is at revision 2.\n"
    told = json.loads(cli("maps", "edit", "winter", "--weights", '{"author": 0.25}', "--json").out)
    assert (told["title"], told["weights"]["author"]) == ("Cold", 0.25)
    assert json.loads(cli("maps", "edit", "winter", "--weights", "null", "--json").out)["weights"] is None
    for words, said in (((), "say what to change"), (("--weights", "low"), "--weights takes JSON")):
        done = cli("maps", "edit", "winter", *words)
        assert done.code == 2
        assert said in done.err
