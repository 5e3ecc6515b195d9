"""`argumap draft`: edits are proposed, looked at, and accepted or declined."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Cli


@pytest.fixture
def winter(cli: Cli) -> Cli:
    """A command over a map of one statement."""
    assert cli("maps", "create", "winter", "--title", "Winter").code == 0
    assert cli("add", "statement", "id=p", "text=It is cold.").code == 0
    return cli


def test_edits_are_proposed_seen_discussed_and_accepted(winter: Cli) -> None:
    assert winter("draft").code == 1, "there is none yet"
    made = winter("draft", "d", "--propose", "Colder", "--set", "p.text=It is very cold.", "--note", "Look outside.")
    assert made.out.splitlines() == [
        "d: Colder (open, by local, of revision 2)", "  Look outside.", "  p updated: text",
    ]  # fmt: skip
    assert "It is cold." in winter("node", "p").out
    assert "It is very cold." in winter("node", "p", "--draft", "d").out
    assert winter("draft", "d", "--say", "True.").out.startswith("Said of d: r-")
    assert winter("draft", "d", "--say", "By whose measure?", "--disagree").code == 0
    assert winter("draft", "d").out == made.out + "  local notes: True.\n  local disagrees: By whose measure?\n"
    assert winter("draft", "d", "--accept", "--dry-run").out == "Would accept d: revision 2, p.\n"
    assert winter("draft", "d", "--accept", "--reason", "So it is.").out == "Accepted d: revision 3, p.\n"
    assert "It is very cold." in winter("node", "p").out
    assert winter("draft").out.splitlines()[1].split(maxsplit=5) == [
        "d",
        "accepted",
        "local",
        "revision",
        "2",
        "Colder",
    ]


def test_a_draft_is_declined_or_taken_back(winter: Cli) -> None:
    for name in ("d", "e"):
        assert winter("draft", name, "--propose", "None", "--delete", "p").code == 0
    assert winter("draft", "d", "--decline", "--reason", "No.").out.splitlines()[:2] == [
        "d: None (declined, by local, of revision 2)", "  No.",
    ]  # fmt: skip
    assert winter("draft", "e", "--take-back").out == "Took back e.\n"
    assert [line.split()[0] for line in winter("draft", "--status", "declined").out.splitlines()] == ["ID", "d"]


def test_what_stands_against_a_draft_is_told(winter: Cli) -> None:
    winter("draft", "d", "--propose", "Colder", "--set", "p.text=It is very cold.")
    winter("edit", "p", "text=It is warm.")
    refused = winter("draft", "d", "--accept")
    assert refused.code != 0
    assert "text of 'p' was set anew since" in refused.err
    assert "It is warm." in winter("node", "p").out


@pytest.mark.parametrize(
    "words",
    [
        ("--accept",),
        ("d", "--accept", "--decline"),
        ("--propose", "t"),
        ("d", "--say", "x", "--accept"),
        ("d", "--agree"),
    ],
)
def test_wrong_use_is_told(winter: Cli, words: tuple[str, ...]) -> None:
    assert winter("draft", *words).code == 2
