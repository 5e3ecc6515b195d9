"""The commands that interrogate a map: what stands, why, what it rests on, and what edits would change."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")
COMMANDS = [
    ("evaluation",),
    ("evaluation", "--semantics", "euler"),
    ("acceptance", "t-main"),
    ("why", "t-main"),
    ("influence", "t-main", "--limit", "5"),
    ("cruxes", "defence-pact", "--over", "actors"),
    ("what-if", "--delete", "p-49", "--from", "p-50", "--to", "food"),
    ("connections", "nis", "food", "--limit", "2"),
]


@pytest.mark.parametrize("asked", COMMANDS, ids=lambda words: " ".join(words[:3]))
def test_a_running_service_gives_the_same(cli: Cli, running: str, asked: tuple[str, ...]) -> None:
    own = cli(*asked)
    assert (own.code, own.err) == (0, "")
    assert own.out.splitlines()
    assert cli(*asked, "--url", running).out == own.out
    as_json = cli(*asked, "--json")
    assert json.loads(as_json.out)["map"] == "food-finance-firepower"
    assert cli(*asked, "--json", "--url", running).out == as_json.out


@pytest.mark.parametrize("command", sorted({words[0] for words in COMMANDS}))
def test_the_help_shows_examples_that_work(cli: Cli, command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    out = cli(command, "--help").out
    shown = [line.strip() for line in out.splitlines() if line.strip().startswith(f"argumap {command} ")]
    assert len(shown) >= 2
    for line in shown:
        if "edits.json" not in line:
            assert cli(*line.split()[1:]).code == 0, line


def test_standings_say_what_has_no_ground(cli: Cli) -> None:
    out = cli("evaluation").out
    assert "unsupported" in next(line for line in out.splitlines() if "(x-hedge-china)" in line)
    assert "contested" in next(line for line in out.splitlines() if "(t-opp)" in line)
    assert "(a-001)" not in out
    assert "Grounded, weighed, revision 1, arguments included: " in out
    assert "(a-001)" in cli("evaluation", "--all").out
    assert "Grounded, grounds, revision 1" in cli("evaluation", "--reading", "grounds").out
    assert " extensions." in cli("evaluation", "--semantics", "preferred").out
    weighed = cli("evaluation", "--semantics", "quadratic-energy").out.splitlines()
    assert weighed[0].split() == ["STRENGTH", "WEIGHT", "NODE"]
    assert weighed[-2] == "Quadratic-energy, revision 1: settled."


def test_why_tells_both_sides_and_steps_in_words(cli: Cli) -> None:
    lines = cli("why", "t-main").out.splitlines()
    assert lines[0].startswith("“Joining Russia's war benefits North Korea” (t-main): contested, strength 0.")
    assert lines[1] == "  constructed: it stands on its arguments alone"
    assert lines[lines.index("For:") + 1].startswith("  0.90 undecided  a-008: “In the near term")
    assert "(p-08) opposes" in lines[lines.index("Against:") + 1]
    assert "(p-46)" in lines[lines.index("Smallest change that would make it rejected: remove") + 1]
    assert cli("why", "p-50").out.splitlines()[2:] == [
        "For:",
        "  0.70 accepted   its own claim",
        "No argument is needed for that.",
        "Nothing that could be taken out would change it.",
    ]


def test_cruxes_name_actors(cli: Cli) -> None:
    out = cli("cruxes", "gain-food", "--over", "actors", "--source", "s-eu").out
    assert out.splitlines()[1:] == [
        "It loses its ground without these 2 together:",
        "  EU Today (eu-today)",
        "  Wi Sung-lac (wi-sung-lac)",
        "None of the actors changes the verdict alone.",
    ]
    assert "Contested: “Over the long run the balance" in cli("cruxes", "t-opp").out
    assert "It is rejected by:" in cli("cruxes", "t-long", "--without", "nam-sung-wook").out


def test_what_if_tries_edits_and_keeps_nothing(cli: Cli, tmp_path: Path) -> None:
    out = cli("what-if", "--set", "p-50.credence=0").out.splitlines()
    assert any(line.split()[:4] == ["unchallenged", "0.700", "unsupported", "0.000"] for line in out)
    assert any(
        "“North Korea joined to add to its military strength” (firepower)" in line and line[0] == "5" for line in out
    )
    gone = cli("what-if", "--delete", "p-49", "--from", "p-50", "--to", "food", "--ask", "paths").out
    assert gone.splitlines()[0] == "− supporting path lost: p-50 → a-042 → p-49 → a-047 → gain-food → a-169 → food"
    edits = tmp_path / "edits.json"
    edits.write_text(json.dumps([{"op": "delete", "kind": "motives", "id": "food", "cascade": True}]))
    assert "not there  “North Korea joined to relieve" in " ".join(cli("what-if", "--edits", str(edits)).out.split(" "))
    deleted = cli("what-if", "--delete", "s-kh", "--ask", "evaluation").out.splitlines()
    assert re.match(r"\d+ statements stay that nobody would make any more: p-", deleted[-2])
    assert "statements stay" not in cli("what-if", "--leave-out", "s-kh", "--ask", "evaluation").out
    assert cli("maps", "--json").out.count('"revision":1') == 1


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("influence", "p-50"), "nothing that bears on p-50"),
        (("cruxes", "p-50"), "p-50 rests on none of the statements"),
        (("connections", "t-main", "veterans-groups", "--max-length", "1"), "Nothing joins t-main and veterans-groups"),
        (("what-if", "--edits", "-", "--delete", "food"), "cannot be read as JSON"),
    ],
)
def test_no_answer_is_said_in_a_sentence(
    cli: Cli, asked: tuple[str, ...], said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    done = cli(*asked)
    assert done.code == (2 if "--edits" in asked else 1)
    assert said in done.err


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (("what-if",), "say what would be different"),
        (("what-if", "--set", "p-50=0"), "names no field"),
        (("what-if", "--set", "p-50.colour=red"), "unknown field 'colour'"),
        (("what-if", "--delete", "nobody"), "nobody"),
        (("what-if", "--edits", "nowhere.json"), "nowhere.json cannot be read"),
        (("why", "nis"), "is of kind actor"),
        (("why", "nobody"), "no node 'nobody'"),
        (("evaluation", "--semantics", "magic"), "semantics"),
        (("cruxes", "food", "--over", "motives"), "over"),
    ],
)
def test_wrong_use_ends_with_two(cli: Cli, asked: tuple[str, ...], said: str) -> None:
    done = cli(*asked)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
