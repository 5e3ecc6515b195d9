"""What a path is, where it begins and ends, and what is said when there is none."""

from __future__ import annotations

import msgspec
import pytest

from graph.budgets import Cancelled, StepBudget
from graph.errors import Refused
from graph.paths.paths import paths
from graph.snapshot.view import narrow
from schemas.path import PathsAnswer
from schemas.query import ViewQuery
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.unit.paths.maps import asked, map_of


def ways(answer: PathsAnswer) -> list[str]:
    return [" ".join(item.nodes) for item in answer.items]


def test_the_answer_is_the_json_of_the_contract() -> None:
    graph = graph_of(
        statement("p-40"), statement("t-short"), motive("food", "k"), actor("k"),
        argument("r-101", "p-40", "food", confidence="high"), argument("r-001", "food", "t-short", "opposing"),
        source("s"), assertion("x", "r-101", "s", basis="explicit"),
    )  # fmt: skip
    answer = msgspec.json.decode(msgspec.json.encode(paths(graph, asked(start="p-40", to="t-short"))))
    assert answer == {
        "map": "m",
        "revision": 1,
        "complete": True,
        "reason": None,
        "counts": {"supporting": 0, "opposing": 1},
        "items": [
            {
                "nodes": ["p-40", "r-101", "food", "r-001", "t-short"],
                "polarity": "opposing",
                "length": 2,
                "strength": 0.375,
                "steps": [
                    {
                        "from": "p-40", "argument": "r-101", "to": "food", "stance": "supporting",
                        "basis": "explicit", "confidence": "high",
                    },
                    {
                        "from": "food", "argument": "r-001", "to": "t-short", "stance": "opposing",
                        "basis": "own", "confidence": "medium",
                    },
                ],
            }
        ],
        "next": None,
    }  # fmt: skip


def test_a_path_through_an_undercut_goes_on_from_the_attacked_argument() -> None:
    graph = map_of("a: p -> t", "u: q -| a")
    (item,) = paths(graph, asked(start="q", to="t")).items
    assert item.nodes == ("q", "u", "a", "t")
    assert [(s.from_, s.argument, s.to) for s in item.steps] == [("q", "u", "a"), ("a", "a", "t")]
    assert (item.length, item.polarity) == (2, "opposing")


def test_a_path_does_not_come_back_to_an_argument_that_it_used() -> None:
    graph = map_of("a: p -> q", "u: q -| a", "b: q -> t")
    assert ways(paths(graph, asked(start="p", to="t"))) == ["p a q b t"]
    assert ways(paths(graph, asked(start="q", to="t"))) == ["q b t"]


def test_parallel_arguments_are_paths_of_their_own_in_the_order_of_their_ids() -> None:
    graph = map_of("b: p -> t", "a: p -> t", "c: p -| t")
    assert ways(paths(graph, asked(start="p", to="t"))) == ["p a t", "p b t", "p c t"]


def test_shorter_paths_come_first_and_ids_decide_among_equals() -> None:
    graph = map_of("a9: p -> t", "a1: p -> q", "a2: q -> t", "a0: p -> r", "a8: r -> t")
    assert ways(paths(graph, asked(start="p", to="t"))) == ["p a9 t", "p a0 r a8 t", "p a1 q a2 t"]


def test_each_linked_premise_begins_a_path() -> None:
    graph = map_of("a: p q -> t")
    assert ways(paths(graph, asked(to="t"))) == ["p a t", "q a t"]


def test_left_out_ends_are_the_grounds_and_what_bears_on_nothing() -> None:
    graph = map_of("a: p -> q", "b: q -> t", "c: r -> s", points="alone")
    assert ways(paths(graph, asked())) == ["r c s", "p a q b t"]
    assert ways(paths(graph, asked(start="q"))) == ["q b t"]
    assert ways(paths(graph, asked(to="q"))) == ["p a q"]


def test_a_motive_is_no_ground_and_may_be_an_end() -> None:
    graph = graph_of(actor("k"), motive("m", "k"), motive("n", "k"), argument("a", "m", "n"))
    assert ways(paths(graph, asked())) == []
    assert ways(paths(graph, asked(start="m"))) == ["m a n"]


def test_a_path_goes_on_past_one_end_to_another() -> None:
    graph = map_of("a: p -> q", "b: q -> t")
    assert ways(paths(graph, asked(start="p", to=("q", "t")))) == ["p a q", "p a q b t"]
    assert ways(paths(graph, asked(start=("p", "q"), to="t"))) == ["q b t", "p a q b t"]


def test_no_path_leads_from_a_node_to_itself() -> None:
    graph = map_of("a: p -> q", "b: q -> p")
    answer = paths(graph, asked(start="p", to="p"))
    assert (answer.items, answer.complete, answer.reason) == ((), True, "not_connected")
    assert ways(paths(graph, asked(start=("p", "q"), to=("p", "q")))) == ["p a q", "q b p"]


def test_a_path_may_begin_at_an_argument() -> None:
    graph = map_of("a: p -> t")
    (item,) = paths(graph, asked(start="a", to="t")).items
    assert (item.nodes, item.length) == (("a", "t"), 1)
    assert (item.steps[0].from_, item.steps[0].argument, item.steps[0].to) == ("a", "a", "t")


def test_a_path_may_end_in_an_argument_through_a_premise_or_what_bears_on_it() -> None:
    graph = map_of("a: p -| t", "u: q -| a")
    answer = paths(graph, asked(to="a"))
    assert ways(answer) == ["p a", "q u a"]
    through_premise, through_undercut = answer.items
    assert [(s.from_, s.argument, s.to, s.stance) for s in through_premise.steps] == [("p", "a", "a", "supporting")]
    assert (through_premise.polarity, through_undercut.polarity) == ("supporting", "opposing")


def test_speakers_places_and_sayings_stand_for_what_they_say() -> None:
    graph = graph_of(
        statement("p"), statement("q"), statement("t"), argument("a", "p", "t"), argument("b", "q", "t"),
        actor("ann"), actor("bob"), source("s"), source("s2"),
        assertion("x1", "p", "s", chain=("bob", "ann")), assertion("x2", "q", "s2", chain=("bob",)),
        assertion("x3", "a", "s"),
    )  # fmt: skip
    assert ways(paths(graph, asked(start="ann", to="t"))) == ["p a t"]
    assert ways(paths(graph, asked(start="bob", to="t"))) == ["q b t"]
    assert ways(paths(graph, asked(start=("s", "s2"), to="t"))) == ["p a t", "q b t"]
    assert ways(paths(graph, asked(start="x3", to="t"))) == ["a t"]
    assert ways(paths(graph, asked(avoid="ann"))) == ["q b t"]
    assert ways(paths(graph, asked(via="s"))) == ["p a t"]


def test_via_may_name_an_argument() -> None:
    graph = map_of("a: p -> t", "b: p -> t")
    assert ways(paths(graph, asked(start="p", via="b"))) == ["p b t"]


def test_an_empty_answer_says_whether_anything_was_left_out() -> None:
    graph = map_of("a: p -> t", points="q")
    unrelated = paths(graph, asked(start="q", to="t"))
    assert (unrelated.items, unrelated.complete, unrelated.reason) == ((), True, "not_connected")
    for terms in ({"polarity": "opposing"}, {"via": "q"}, {"avoid": "a"}, {"avoid": "p"}, {"avoid": "t"}):
        answer = paths(graph, asked(start="p", to="t", **terms))
        assert (answer.items, answer.complete, answer.reason) == ((), True, "filtered")


def test_a_view_that_leaves_out_a_path_is_told_from_a_map_that_has_none() -> None:
    whole = map_of("a: p -> t", points="q")
    query = asked(start="p", to="t")
    view = narrow(whole, ViewQuery(without=("a",)))
    assert paths(view, query).reason == "not_connected"
    assert paths(view, query, whole=whole).reason == "filtered"
    assert paths(view, asked(start="q", to="t"), whole=whole).reason == "not_connected"


def test_an_end_that_the_view_leaves_out_is_no_fault() -> None:
    whole = map_of("a: p -> t")
    query = asked(start="p", to="t")
    answer = paths(narrow(whole, ViewQuery(without=("p",))), query, whole=whole)
    assert (answer.items, answer.complete, answer.reason) == ((), True, "filtered")


def test_an_id_that_the_map_does_not_have_is_refused_with_its_place_and_the_nearest_one() -> None:
    graph = map_of("a: p-40 -> t-main")
    with pytest.raises(Refused) as caught:
        paths(graph, asked(start=("p-40", "p-41"), to="t-mian", avoid="zzzzzzzz"))
    assert caught.value.name == "unknown_id"
    assert [(p.pointer, p.detail) for p in caught.value.problems] == [
        ("/from/1", "no node 'p-41'; did you mean 'p-40'?"),
        ("/to/0", "no node 't-mian'; did you mean 't-main'?"),
        ("/avoid/0", "no node 'zzzzzzzz'"),
    ]


def test_max_length_counts_arguments() -> None:
    graph = map_of("a: p -> q", "b: q -> t")
    cut = paths(graph, asked(start="p", to="t", max_length=1))
    assert (cut.items, cut.complete, cut.reason) == ((), False, "max_length")
    assert paths(graph, asked(start="p", to="t", max_length=2)).complete


def test_max_length_is_no_reason_where_only_a_walk_is_longer() -> None:
    graph = map_of("a: p -> q", "b: q -> t", "c: q -> r", "d: r -> q")
    answer = paths(graph, asked(start="p", to="t", max_length=2))
    assert (ways(answer), answer.complete, answer.reason) == (["p a q b t"], True, None)


def test_a_limit_that_is_just_reached_is_no_reason() -> None:
    graph = map_of("a: p -> t", "b: p -> t")
    assert paths(graph, asked(start="p", limit=2)).complete
    answer = paths(graph, asked(start="p", limit=1))
    assert (ways(answer), answer.complete, answer.reason) == (["p a t"], False, "limit")


def test_a_used_up_budget_is_said_and_what_was_found_stands() -> None:
    graph = map_of(*(f"a{i}{j}: s{i} -> s{j}" for i in range(6) for j in range(6) if i != j))
    everything = paths(graph, asked(start="s0", to="s5", limit=1000))
    some = paths(graph, asked(start="s0", to="s5", limit=1000), StepBudget(60))
    assert everything.complete
    assert (some.complete, some.reason) == (False, "budget")
    assert 0 < len(some.items) < len(everything.items)
    assert some.items == everything.items[: len(some.items)]


def test_a_question_that_nobody_waits_for_ends() -> None:
    graph = map_of(*(f"a{i}{j}: s{i} -> s{j}" for i in range(8) for j in range(8) if i != j))
    with pytest.raises(Cancelled):
        paths(graph, asked(start="s0", to="s7", limit=1000), StepBudget(cancelled=lambda: True))


def test_strength_is_passed_on_from_step_to_step() -> None:
    graph = graph_of(
        statement("p", credence=0.8), statement("weak", credence=0.1), statement("q"), statement("t"),
        argument("a", "p", "q", confidence="high", credence=0.5), argument("b", "q", "t", confidence="medium"),
        argument("c", ("p", "weak"), "t", confidence="low"), argument("d", "p", "t", credence=0.0),
    )  # fmt: skip
    answer = paths(graph, asked(start="p", to="t", order="strength"))
    assert [(" ".join(i.nodes), i.strength) for i in answer.items] == [
        ("p a q b t", 0.3),  # 0.8 x 0.5 x 0.75
        ("p c t", 0.05),  # no more than the weak premise, times 0.5
        ("p d t", 0.0),
    ]


def test_paths_of_equal_strength_come_by_length_and_ids_however_they_came_by_it() -> None:
    graph = graph_of(
        statement("p", credence=1.0), statement("q"), statement("r"), statement("t"),
        argument("a1", "p", "q", confidence="high", credence=0.4),
        argument("a2", "q", "t", confidence="high", credence=0.9),
        argument("b1", "p", "r", confidence="high", credence=0.6),
        argument("b2", "r", "t", confidence="high", credence=0.6),
        argument("c", "p", "t", confidence="high", credence=0.36),
    )  # fmt: skip
    answer = paths(graph, asked(start="p", to="t", order="strength"))
    assert [(" ".join(i.nodes), i.strength) for i in answer.items] == [
        ("p c t", 0.36), ("p a1 q a2 t", 0.36), ("p b1 r b2 t", 0.36),
    ]  # fmt: skip
