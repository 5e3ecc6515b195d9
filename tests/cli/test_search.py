"""`argumap search`: nodes by their texts, readable and byte for byte."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


def test_what_is_called_so_stands_first(cli: Cli) -> None:
    done = cli("search", "North", "Korea", "--limit", "3")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["map", "id", "kind", "found", "in", "text"]
    assert lines[1].split()[1:4] == ["north-korea", "actor", "name"]
    assert lines[-1].startswith("3 of ")
    assert lines[-1].endswith("A higher --limit shows them.")


def test_kinds_and_maps_narrow_it(cli: Cli) -> None:
    asked = ("search", "food", "--kind", "motive", "--map", "food-finance-firepower", "--json")
    items = json.loads(cli(*asked).out)["items"]
    assert items[0]["id"] == "food"
    assert {item["kind"] for item in items} == {"motive"}


def test_nothing_found_is_said_and_told_by_the_exit_code(cli: Cli) -> None:
    done = cli("search", "xylophone")
    assert (done.code, done.out) == (1, "")
    assert "nothing has 'xylophone'" in done.err


def test_a_map_that_is_not_there_is_wrong_use(cli: Cli) -> None:
    assert cli("search", "food", "--map", "nowhere").code == 2
