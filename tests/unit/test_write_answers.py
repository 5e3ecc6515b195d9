"""What a write does beyond what it was told, and says: who puts a statement forward, what is left alone, converses."""

from __future__ import annotations

from typing import Any

import pytest

from graph.editing.editor import Provenance
from graph.editing.planning import Plan, plan, read_form
from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from tests.support.editing import PROVENANCE, done, small_map
from tests.support.nodes import assertion, statement
from tests.support.write_requests import create, create_statement, delete, update


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


# --- who puts a statement forward -----------------------------------------------------------------


def origin(graph: ArgumentGraph, node_id: str) -> str:
    return str(graph.node(node_id).document()["origin"])


@pytest.mark.parametrize("turned", [False, True])
def test_a_statement_made_with_an_assertion_is_attributed(graph: ArgumentGraph, turned: bool) -> None:
    commands = [create_statement("r"), create(assertion("z", "r", "s"))]
    planned = done(graph, *(reversed(commands) if turned else commands))
    assert origin(planned.graph, "r") == "attributed"
    assert planned.graph.node("r").version == 1
    assert planned.created == ["r", "z"]


def test_a_statement_is_the_authors_until_it_is_given_an_assertion(graph: ArgumentGraph) -> None:
    alone = done(graph, create_statement("r"))
    assert origin(alone.graph, "r") == "author"
    given = done(alone.graph, create(assertion("z", "r", "s")))
    assert origin(given.graph, "r") == "attributed"
    assert (given.created, given.updated) == (["z"], ["r"])
    moved = done(alone.graph, update("assertion", "x", of="r"))
    assert origin(moved.graph, "r") == "attributed"
    assert moved.updated == ["r", "x"]


@pytest.mark.parametrize("said", ["author", "constructed", "attributed"])
def test_an_origin_that_is_given_stays(graph: ArgumentGraph, said: Any) -> None:
    made = done(graph, create(statement("r", origin=said)) if said != "author" else _by_the_author("r"))
    assert origin(made.graph, "r") == said
    given = done(made.graph, create(assertion("z", "r", "s")))
    assert origin(given.graph, "r") == said
    back = done(given.graph, update("statement", "r", origin=None))
    assert origin(back.graph, "r") == "author", "taken back it is left out again"


def test_a_statement_that_comes_back_as_it_was_read_leaves_its_origin_open(graph: ArgumentGraph) -> None:
    read = graph.node("q").document()
    assert read["origin"] == "author"
    assert done(graph, _sent_back(read)).graph is graph
    noted = done(graph, _sent_back({**read, "note": "seen"})).graph
    assert origin(done(noted, create(assertion("z", "q", "s"))).graph, "q") == "attributed"


def _sent_back(read: dict[str, Any]) -> Command:
    return Command(op="update", kind="statement", id="q", value=read)


def _by_the_author(node_id: str) -> Command:
    return Command(op="create", kind="statement", id=node_id, value={"text": "It rains", "origin": "author"})


def test_an_attributed_statement_whose_last_assertion_is_gone_is_nobodys(graph: ArgumentGraph) -> None:
    given = done(graph, create_statement("r"), create(assertion("z", "r", "s")))
    left = done(given.graph, delete("assertion", "z"))
    assert origin(left.graph, "r") == "attributed"
    assert left.orphaned == ("r",)


# --- what a write leaves alone --------------------------------------------------------------------


def test_a_write_says_which_statements_it_leaves_without_an_assertion(graph: ArgumentGraph) -> None:
    two = done(graph, create(assertion("z", "p", "s-2"))).graph
    assert done(two, delete("source", "s", cascade=True)).orphaned == ()
    gone = done(two, delete("source", "s-2", cascade=True), delete("source", "s", cascade=True))
    assert gone.orphaned == ("p",)
    assert {"x", "y", "z", "s", "s-2"} == set(gone.deleted)


def test_a_statement_that_goes_itself_or_never_had_one_is_not_left_alone(graph: ArgumentGraph) -> None:
    assert done(graph, delete("statement", "p", cascade=True)).orphaned == ()
    assert done(graph, update("statement", "q", note="seen")).orphaned == ()


def test_an_assertion_that_moves_leaves_its_statement_alone(graph: ArgumentGraph) -> None:
    assert done(graph, update("assertion", "x", of="q")).orphaned == ("p",)


def test_created_updated_and_deleted_are_apart(graph: ArgumentGraph) -> None:
    planned = done(
        graph, create_statement("r"), update("statement", "p", text="Anew"), delete("argument", "b"),
        create_statement("once"), delete("statement", "once"),
    )  # fmt: skip
    assert (planned.created, planned.updated, planned.deleted) == (["r"], ["p"], ["b"])


# --- contradictions -------------------------------------------------------------------------------


def made(graph: ArgumentGraph, **form: Any) -> Plan:
    ids = iter(f"new-{n}" for n in range(9))
    return plan(graph, read_form(graph, form, lambda _: next(ids)).commands, PROVENANCE)


def test_a_mutual_contradiction_makes_its_converse(graph: ArgumentGraph) -> None:
    planned = made(graph, id="c", premises=["p"], target="q", stance="opposing", mutual=True, confidence="high")
    assert planned.results[-1].id == "c", "the argument asked for comes last"
    [converse] = [node for node in planned.created if node != "c"]
    there, back = planned.graph.node("c"), planned.graph.node(converse)
    assert (there.premises, there.target) == (("p",), "q")
    assert (back.premises, back.target) == (("q",), "p")
    assert (back.stance, back.confidence) == ("opposing", "high")


def test_a_new_statement_contradicts_and_is_contradicted(graph: ArgumentGraph) -> None:
    planned = made(graph, text="It does not", target="m", stance="opposing", mutual=True)
    steps = [planned.graph.node(i) for i in planned.created if planned.graph.node(i).kind == "argument"]
    assert sorted((s.premises, s.target) for s in steps) == [(("m",), "new-0"), (("new-0",), "m")]


@pytest.mark.parametrize(
    "form",
    [
        {"premises": ["p"], "target": "q", "stance": "supporting"},
        {"premises": ["p", "m"], "target": "q", "stance": "opposing"},
        {"premises": ["p"], "target": "a", "stance": "opposing"},
        {"premises": ["p"], "target": "q", "stance": "opposing", "mutual": "yes"},
    ],
)
def test_what_cannot_go_both_ways_is_refused(graph: ArgumentGraph, form: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        made(graph, **{"mutual": True, **form})
    assert [p.pointer for p in caught.value.problems] == ["/mutual"]


def test_one_way_is_one_argument(graph: ArgumentGraph) -> None:
    assert len(made(graph, premises=["p"], target="q", stance="opposing", mutual=False).created) == 1


def test_references_to_actors_that_a_statement_is_about_are_kept_whole(graph: ArgumentGraph) -> None:
    planned = done(graph, update("statement", "q", about=["k", "k-2"]))
    assert {link.source for link in planned.graph.links_to("k") if link.relation == "about"} == {"q"}
    left = plan(planned.graph, [delete("actor", "k-2", cascade=True)], Provenance("bob", PROVENANCE.at))
    assert left.graph.node("q").about == ("k",)
