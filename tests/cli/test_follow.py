"""`argumap follow`: each change of a map as it happens, over a store of its own and a running service."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def winter(cli: Cli) -> Cli:
    """The command over a store with a map at revision 4: a statement, its note, and an argument against it."""
    for words in (
        ("maps", "create", "winter", "--title", "Winter"),
        ("add", "statement", "id=p", "text=It is cold."),
        ("edit", "p", "note=Says who?"),
        ("add", "argument", "text=It is warm.", "target=p", "stance=opposing", "confidence=high"),
    ):
        done = cli(*words)
        assert done.code == 0, done.err
    return cli


def test_it_goes_on_from_a_revision_and_ends_after_so_many(winter: Cli) -> None:
    done = winter("follow", "--since", "1", "--count", "2")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert [line.split()[0] for line in lines] == ["2", "3"]
    assert "note" in lines[1]


def test_it_tells_of_what_turns_a_verdict(winter: Cli) -> None:
    done = winter("follow", "--since", "2", "--node", "p", "--verdicts", "--count", "1")
    first, change, turned = done.out.splitlines()
    assert first == "p is accepted at revision 2."
    assert change.startswith("4  ")
    assert turned.split()[:3] == ["p:", "accepted", "→"]


def test_json_is_a_line_for_each_event(winter: Cli) -> None:
    lines = winter("follow", "--since", "3", "--count", "1", "--json").out.splitlines()
    told = [json.loads(line) for line in lines]
    assert [(one["event"], one["revision"]) for one in told] == [("ready", 3), ("change", 4)]


def test_wrong_use_is_told_and_nothing_is_waited_for(winter: Cli) -> None:
    unknown = winter("follow", "--node", "nobody")
    assert (unknown.code, "nobody" in unknown.err) == (2, True)
    assert winter("follow", "--verdicts").code == 2
    assert winter("follow", "--map", "summer").code == 2


def test_a_running_service_is_followed(cli: Cli, running: str) -> None:
    made = cli("edit", "p-50", "note=Seen.", "--url", running)
    assert made.code == 0, made.err
    followed = cli("follow", "--since", "1", "--count", "1", "--url", running)
    assert (followed.code, followed.out.splitlines()[0].split()[0]) == (0, "2")
