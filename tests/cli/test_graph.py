"""`argumap graph`: a table of nodes, or the document that networkx reads."""

from __future__ import annotations

import json

import networkx as nx
import pytest

from tests.cli.conftest import Cli

pytestmark = pytest.mark.usefixtures("seeded")


def test_the_whole_map_is_listed(cli: Cli) -> None:
    done = cli("graph")
    assert (done.code, done.err) == (0, "")
    lines = done.out.splitlines()
    assert lines[0].split() == ["KIND", "ID", "IN", "OUT", "TEXT"]
    assert lines[-1] == "220 of 220 nodes and 364 of 364 edges, revision 1."
    [step] = [line for line in lines if " a-020 " in line]
    assert step.endswith("h-full-year with p-10 with p-11 supports p-12 (explicit, high confidence)")


def test_a_focus_shows_what_lies_around_it(cli: Cli) -> None:
    out = cli("graph", "--focus", "food", "--depth", "1").out
    assert "gain-food" in out
    assert "t-main" not in out
    assert " of 220 nodes and " in out


def test_json_is_read_by_networkx(cli: Cli, running: str) -> None:
    asked = ("graph", "--kind", "actors", "--kind", "sources", "--json")
    own = cli(*asked).out
    assert own == cli(*asked, "--url", running).out
    graph = nx.node_link_graph(json.loads(own), edges="edges")
    assert graph.number_of_nodes() == 27 + 17


def test_a_budget_cuts_and_says_so(cli: Cli) -> None:
    assert cli("graph", "--budget", "5").out.endswith("Not all is shown: --budget lets more in.\n")


@pytest.mark.parametrize("arguments", [("--focus", "nobody"), ("--kind", "people"), ("--depth", "-1")])
def test_wrong_use_ends_with_two(cli: Cli, arguments: tuple[str, ...]) -> None:
    done = cli("graph", *arguments)
    assert done.code == 2
    assert done.err.startswith("argumap: ")
