"""`argumap structure`: parts, bridges and central nodes with what they say."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_parts_of_the_map_are_listed(cli: Cli) -> None:
    done = cli("structure")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].endswith("nodes:")
    assert "220 nodes and 364 edges, revision 1." in lines[-1]
    assert any("more; --json names them all" in line for line in lines)


def test_bridges_name_their_ends_and_their_relation(cli: Cli) -> None:
    lines = cli("structure", "--measure", "bridges").out.splitlines()
    named = [line.split(" – ")[1] for line in lines if line.startswith("  – ")]
    assert set(named) == {"targets", "premise_of"}
    assert lines[-1].startswith(f"{len(named)} of {len(named)}; ")


def test_central_nodes_are_ranked(cli: Cli) -> None:
    out = cli("structure", "--measure", "pagerank", "--limit", "5").out
    values = [float(line.split()[0]) for line in out.splitlines()[:5]]
    assert values == sorted(values, reverse=True)


def test_json_is_the_answer_of_a_running_service(cli: Cli, running: str) -> None:
    asked = ("structure", "--measure", "communities", "--source", "s-eu", "--json")
    own = cli(*asked).out
    assert own == cli(*asked, "--url", running).out
    assert json.loads(own)["measure"] == "communities"


@pytest.mark.parametrize("arguments", [("--measure", "centre"), ("--kind", "people"), ("--limit", "0")])
def test_wrong_use_ends_with_two(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli("structure", *arguments)
    assert done.code == 2
    assert done.err.startswith("argumap: ")


def test_a_view_without_anything_has_no_answer(cli: Cli) -> None:
    assert cli("structure", "--measure", "bridges", "--kind", "motives").code == 1
