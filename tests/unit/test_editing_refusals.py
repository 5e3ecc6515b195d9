"""Every refusal of a command, with its place and its remedy."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from graph.errors import Conflict, Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.change import Command
from tests.support.editing import LATER, done, problems, refusal, small_map
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.write_requests import create, create_statement, delete, update


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


# --- create -----------------------------------------------------------------------------------------


def test_a_node_is_created_with_its_stamps_at_version_one(graph: ArgumentGraph) -> None:
    node = done(graph, create_statement("r", "New")).graph.node("r")
    assert (node.text, node.version, node.created_by, node.updated_at) == ("New", 1, "bob", LATER)


def test_a_plan_moves_the_header_one_revision_on_and_leaves_the_snapshot(graph: ArgumentGraph) -> None:
    planned = done(graph, create_statement("r"))
    assert (planned.graph.revision, planned.graph.header.updated_by) == (2, "bob")
    assert planned.graph.header.created_by == "ann"
    assert (graph.revision, "r" in graph) == (1, False)
    assert planned.created == ["r"]
    assert planned.deleted == []


def test_an_id_left_out_is_made_and_told(graph: ArgumentGraph) -> None:
    planned = done(graph, *[Command(op="create", kind="statement", value={"text": "New"})] * 2)
    first, second = (result.id for result in planned.results)
    assert first != second
    assert {first, second} == set(planned.created)
    assert first.startswith("p-")


def test_an_id_may_stand_in_the_value_or_beside_it(graph: ArgumentGraph) -> None:
    inside = Command(op="create", kind="statement", value={"id": "r", "text": "New", "kind": "statement"})
    assert done(graph, inside).created == ["r"]


def test_an_empty_id_is_refused_and_not_replaced(graph: ArgumentGraph) -> None:
    error = refusal(graph, Command(op="create", kind="statement", id="", value={"text": "New"}))
    assert isinstance(error, Refused)
    assert error.problems[0].pointer == "/id"


def test_an_id_that_is_taken_is_a_conflict(graph: ArgumentGraph) -> None:
    error = refusal(graph, create_statement("k"))
    assert isinstance(error, Conflict)
    assert error.name == "id_taken"
    assert "actor 'k'" in error.detail
    assert problems(error) == [("/id", "taken")]


def test_an_id_twice_in_one_batch_is_a_conflict_of_the_second(graph: ArgumentGraph) -> None:
    error = refusal(graph, create_statement("r"), create_statement("r"))
    assert (error.name, error.command) == ("id_taken", 1)


@pytest.mark.parametrize(
    ("value", "pointer", "says"),
    [
        ({}, "/text", "is required"),
        ({"text": ""}, "/text", "at least 1 character"),
        ({"text": 5}, "/text", "must be text"),
        ({"text": "x" * 1_000_000}, "/text", "at most 20000"),
        ({"text": "x", "txet": "y"}, "/txet", "did you mean 'text'"),
        ({"text": "x", "origin": "made-up"}, "/origin", "author or constructed"),
        ({"text": "x", "credence": 2}, "/credence", "at most 1"),
        ({"text": "x", "concerns": [{"motive": "m"}]}, "/concerns/0/role", "is required"),
        ({"text": "x", "concerns": [{"motive": "m", "role": "driver", "bsais": 1}]}, "/concerns/0/bsais", "'basis'"),
        ({"text": "x", "version": 3}, "/version", "written by the service"),
        ({"text": "x", "created_by": "me"}, "/created_by", "written by the service"),
        ({"text": "x", "kind": "actor"}, "/kind", "this is statement"),
        ({"text": "x", "id": "not an id"}, "/id", "letters, digits"),
        ({"text": "x", "id": 5}, "/id", "must be text"),
        ({"text": "x", "id": "ü"}, "/id", "letters, digits"),
    ],
)  # fmt: skip
def test_a_value_that_is_wrong_is_refused_at_its_place(
    graph: ArgumentGraph, value: dict[str, Any], pointer: str, says: str
) -> None:
    error = refusal(graph, Command(op="create", kind="statement", value=value))
    assert isinstance(error, Refused)
    assert error.command == 0
    assert pointer in [p for p, _ in problems(error)]
    assert says in dict(problems(error))[pointer]


def test_every_fault_is_told_at_once(graph: ArgumentGraph) -> None:
    bad = {"premises": [], "target": 5, "stance": "for", "scheme": "No Slug"}
    error = refusal(graph, Command(op="create", kind="argument", value=bad))
    assert {p for p, _ in problems(error)} == {"/premises", "/target", "/stance", "/scheme"}


def test_an_id_beside_the_value_and_another_in_it_are_refused(graph: ArgumentGraph) -> None:
    error = refusal(graph, Command(op="create", kind="statement", id="r", value={"id": "z", "text": "x"}))
    assert problems(error) == [("/id", "this is 'r'")]


def test_a_command_without_what_it_needs_cannot_be_made() -> None:
    for fields in ({"op": "create"}, {"op": "update", "value": {}}, {"op": "delete"}, {"op": "update", "id": "p"}):
        with pytest.raises(ValidationError):
            Command(kind="statement", **fields)


# --- rules ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("node", "pointer", "says"),
    [
        (argument("c", "nowhere", "q"), "/premises/0", "there is no node 'nowhere'; create it first"),
        (argument("c", "p", "nowhere"), "/target", "there is no node 'nowhere'"),
        (argument("c", ("p", "a"), "q"), "/premises/1", "'a' is an argument; this must name a statement or a motive"),
        (argument("c", "k", "q"), "/premises/0", "'k' is an actor; this must name a statement or a motive"),
        (argument("c", "p", "k"), "/target", "'k' is an actor; this must name a statement, a motive or an argument"),
        (argument("c", "p", "x"), "/target", "'x' is an assertion"),
        (argument("c", "p", "c"), "/target", "an argument cannot target itself"),
        (argument("c", "p", "p"), "/target", "an argument cannot support its own premise 'p'; it may oppose it"),
        (argument("c", ("p", "q", "p"), "a"), "/premises/2", "'p' is named twice; premises are a set"),
        (assertion("z", "m", "s"), "/of", "'m' is a motive; this must name a statement or an argument"),
        (assertion("z", "p", "k"), "/source", "'k' is an actor; this must name a source"),
        (assertion("z", "p", "s", cited_source="p"), "/cited_source", "'p' is a statement; this must name a source"),
        (assertion("z", "p", "s", chain=("k", "s")), "/chain/1", "'s' is a source; this must name an actor"),
        (assertion("z", "p", "s", belief_holder="m"), "/belief_holder", "this must name an actor"),
        (assertion("z", "p", "s", alternative_chain=("p",)), "/alternative_chain/0", "this must name an actor"),
        (assertion("z", "p", "s", probable_origin=("p",)), "/probable_origin/0", "this must name an actor"),
        (assertion("z", "p", "s", basis="explicit"), "/basis", "only an assertion of an argument has a basis"),
        (motive("n", "p"), "/actor", "'p' is a statement; this must name an actor"),
        (statement("r", concerns=({"motive": "p", "role": "need"},)), "/concerns/0/motive", "this must name a motive"),
        (actor("l", affiliations=("s",)), "/affiliations/0", "this must name an actor"),
        (actor("l", same_as=("p",)), "/same_as/0", "this must name an actor"),
        (actor("l", same_as=("l",)), "/same_as/0", "'l' refers to itself; name another node"),
        (source("t", same_as=("k",)), "/same_as/0", "this must name a source"),
        (source("t", publisher="p"), "/publisher", "this must name an actor"),
        (source("t", author=("k", "p")), "/author/1", "this must name an actor"),
        (source("t", cited_in=("t",)), "/cited_in/0", "refers to itself"),
        (source("t", repeats=("gone",)), "/repeats/0", "there is no node 'gone'"),
    ],
    ids=lambda value: value if isinstance(value, str) and value.startswith("/") else "",
)
def test_a_rule_that_is_broken_is_refused_at_its_place(
    graph: ArgumentGraph, node: Any, pointer: str, says: str
) -> None:
    error = refusal(graph, create(node))
    assert isinstance(error, Refused)
    assert (error.name, error.command) == ("rule_broken", 0)
    assert pointer in dict(problems(error))
    assert says in dict(problems(error))[pointer]
    assert pointer in error.detail


def test_an_argument_may_oppose_its_own_premise_and_cycles_are_legal(graph: ArgumentGraph) -> None:
    planned = done(
        graph, create(argument("self-defeat", "p", "p", "opposing")), create(argument("back", "q", "p")),
        create(argument("ring", "q", "b", "opposing")), update("argument", "b", target="ring"),
    )  # fmt: skip
    assert planned.graph.counts["argument"] == 5


def test_a_second_argument_of_the_same_step_is_legal(graph: ArgumentGraph) -> None:
    assert done(graph, create(argument("a-again", "p", "q"))).created == ["a-again"]


def test_a_rule_broken_by_an_update_is_refused(graph: ArgumentGraph) -> None:
    error = refusal(graph, create_statement("r"), update("argument", "a", target="k"))
    assert (error.name, error.command) == ("rule_broken", 1)


def test_a_node_cannot_turn_into_what_those_who_name_it_may_not_name(graph: ArgumentGraph) -> None:
    error = refusal(graph, delete("statement", "p"), create(actor("p")))
    assert error.name == "rule_broken"
    assert "'p' is an actor" in error.detail
