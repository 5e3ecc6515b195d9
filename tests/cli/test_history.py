"""`argumap log`, `show`, `diff`, `undo`, `redo` and `revert`, over a file and over a running service."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def edited(cli: Cli) -> None:
    """A map with revisions 2 (a statement), 3 (its note) and 4 (another statement)."""
    cli("maps", "create", "winter", "--title", "Winter")
    cli("add", "statement", "id=rice", "text=Rice is short.")
    cli("edit", "rice", "note=seen")
    cli("add", "statement", "id=coal", "text=Coal is dear.")


@pytest.mark.usefixtures("edited")
def test_the_log_tells_each_change_newest_first(cli: Cli) -> None:
    lines = cli("log").out.splitlines()
    assert [line.split()[0] for line in lines[:-1] if line[:5].strip().isdigit()] == ["4", "3", "2", "1"]
    assert "local added the statement “Coal is dear” (coal)." in lines[0]
    assert lines[-1] == "4 of 4 changes."
    assert "3 of 4 changes; a higher --limit shows more." in cli("log", "--limit", "3").out


@pytest.mark.usefixtures("edited")
def test_the_log_is_narrowed_by_node_field_author_and_time(cli: Cli) -> None:
    def told(*options: str) -> list[int]:
        return [one["revision"] for one in json.loads(cli("log", "--json", *options).out)["items"]]

    assert told("--node", "rice") == [3, 2]
    assert told("--node", "rice", "--field", "note") == [3]
    assert told("--since", "2", "--order", "oldest") == [3, 4]
    assert told("--until", "2000-01-01") == []
    assert told("--by", "nobody") == []
    assert cli("log", "--by", "nobody").out == "No change is like that.\n"


@pytest.mark.usefixtures("edited")
def test_one_change_is_shown_with_its_values(cli: Cli) -> None:
    said = cli("show", "3").out
    assert "~ statement rice: Rice is short." in said
    assert "note: nothing → “seen”" in said
    missing = cli("show", "9")
    assert missing.code == 2
    assert "1 to 4" in missing.err


@pytest.mark.usefixtures("edited")
def test_undo_and_redo_walk_along_the_changes(cli: Cli) -> None:
    assert cli("undo", "--dry-run").out.startswith("Would be: local undid revision 4")
    assert cli("undo").out.splitlines() == [
        "local undid revision 4 and so took out the statement “Coal is dear” (coal).",
        "The map is at revision 5 now.",
    ]
    assert json.loads(cli("undo", "--json").out)["reverted"] == 3
    assert "redid revision 3" in cli("redo").out
    assert "redid revision 4" in cli("redo").out
    nothing = cli("redo")
    assert nothing.code == 1
    assert "nothing since" in nothing.err


@pytest.mark.usefixtures("edited")
def test_a_revert_tells_its_conflicts_and_ends_with_one(cli: Cli) -> None:
    cli("edit", "rice", "note=again")
    refused = cli("revert", "3")
    assert refused.code == 1
    assert "note of 'rice' was set anew since" in refused.err
    assert "took out the statement" in cli("revert", "4").out
    assert "everything since revision 2" in cli("revert", "2", "--since").out
    assert json.loads(cli("node", "rice", "--json").out)["note"] is None


@pytest.mark.usefixtures("edited")
def test_two_states_are_compared(cli: Cli) -> None:
    said = cli("diff", "2", "4").out
    assert "From revision 2 to revision 4:" in said
    assert "+ statement coal: Coal is dear." in said
    assert "note: nothing → “seen”" in said
    assert "coal: not there → unchallenged" in said
    assert said.splitlines()[-1] == "2 nodes differ."
    assert cli("diff", "4", "4").out.splitlines()[-1] == "No node differs."
    assert "- statement rice" in cli("diff", "4", "4", "--to-without", "rice").out


@pytest.mark.usefixtures("edited")
def test_a_deleted_map_is_brought_back(cli: Cli) -> None:
    cli("maps", "delete", "winter", "--yes")
    listed = cli("maps", "restore").out.splitlines()
    assert listed[0].split() == ["ID", "DELETED", "BY", "KEPT", "UNTIL", "TITLE"]
    assert listed[1].split()[0] == "winter"
    assert cli("maps", "restore", "winter").out == "Brought back the map winter, at revision 4.\n"
    assert cli("maps", "restore").out == "No deleted map can be brought back.\n"
    assert cli("maps", "restore", "winter").code == 2
