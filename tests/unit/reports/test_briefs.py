"""The brief: the answer first, both sides, who speaks, how many witnesses, what is assumed, what would change it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from graph.reports.names import Names
from graph.reports.sentence import plain, remarked, say
from graph.reports.summary import summary_of_map
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.summaries import sentences, summary

PEOPLE = [
    actor("north", "North Post", actor_kind="outlet"),
    actor("south", "South Star", actor_kind="outlet"),
    actor("ann", "Ann Lee", actor_kind="person", role="Mayor; for the bridge"),
    actor("bo", "Bo Chen", actor_kind="person", role="Engineer; against it"),
    source("s-north", "North report", publisher="north"),
    source("s-south", "South report", publisher="south"),
]


def said(id: str, of: str, who: str, where: str = "north", **fields: Any) -> AnyNode:
    return assertion(id, of, f"s-{where}", chain=(where, who), **fields)


def brief(graph: ArgumentGraph, node_id: str | None = None, **view: object) -> list[str]:
    return [s.text for s in sentences(summary(graph, node_id, "brief", **view))]


CONTESTED = [
    *PEOPLE,
    statement("t", "The bridge should be built", origin="constructed"),
    statement("gain", "It saves an hour"),
    statement("cost", "It costs too much"),
    argument("a", "gain", "t", confidence="high"),
    argument("b", "cost", "t", "opposing", confidence="high"),
    said("x1", "gain", "ann", wording="Everybody would save an hour", horizon="near-term"),
    said("x2", "cost", "bo", "south", wording="The city cannot pay for it"),
    assertion("x3", "b", "s-south", chain=("south", "bo"), basis="explicit"),
]


def test_what_is_contested_comes_first_with_both_sides_their_speakers_offices_and_horizons() -> None:
    told = brief(graph_of(CONTESTED))
    assert told[:3] == [
        "Contested: The bridge should be built.",
        "For: Everybody would save an hour (near term), Ann Lee (mayor) said (the map author's own step).",
        "Against: The city cannot pay for it, Bo Chen (engineer) said.",
    ]
    assert "Independent witnesses: two." in told
    assert "One step of argument is the map author's own, without a source." in told


def test_what_would_change_it() -> None:
    told = brief(graph_of(CONTESTED))
    assert told[1].startswith("For: ")
    assert told[3] == "The answer would fall without the point for it."


def test_what_rests_on_one_witness_says_so_first() -> None:
    graph = graph_of(
        PEOPLE, statement("t", "It pays", origin="constructed"), statement("p", "It sells"), argument("a", "p", "t"),
        said("x1", "p", "ann"), said("x2", "p", "ann", "south"),
    )  # fmt: skip
    assert brief(graph)[0] == "Unchallenged, but resting on one witness: It pays."
    assert brief(graph, "t")[0] == "Unchallenged, but resting on one witness: It pays."
    assert "That witness: Ann Lee." in brief(graph, "t")


def test_the_point_on_which_it_turns_is_found_below_the_thesis() -> None:
    graph = graph_of(
        CONTESTED,
        statement("top", "The plan is good", origin="constructed"),
        statement("soon", "It helps soon", origin="constructed"),
        statement("jobs", "It gives work"),
        argument("c", ("t", "soon"), "top"),
        argument("e", "jobs", "soon"),
    )
    told = brief(graph)
    assert told[0].endswith(": The plan is good.")
    if told[0].startswith("Contested"):
        assert "Not contested: It helps soon." in told
        assert "It turns on this, contested: The bridge should be built." in told
    assert any(text.startswith("Against: The city cannot pay for it, Bo Chen (engineer) said") for text in told)


def test_a_thin_map_names_what_the_question_asks_about_both_sides_and_that_nothing_is_sourced() -> None:
    reasons = [statement(f"r{n}", f"Reason number {n}") for n in range(12)]
    graph = ArgumentGraph.of(
        header(title="Bridge", question="Should the old bridge be closed to cars?"),
        [
            statement("z", "The old bridge should be closed to cars"),
            statement("detour", "Drivers lose time"),
            statement("apart", "Trams are late"),
            *reasons,
            *(argument(f"a{n}", f"r{n}", "z" if n < 5 else "apart") for n in range(12)),
            argument("no", "detour", "z", "opposing"),
        ],
    )
    told = brief(graph)
    assert told[0].endswith(": The old bridge should be closed to cars.")
    assert any(text.startswith("For: Reason number") for text in told)
    assert any(text.startswith("Against") and "Drivers lose time" in text for text in told)
    assert any(
        text.startswith("Nothing here has a source: 15 statements and 13 steps of argument are") for text in told
    )


def test_the_question_is_answered_even_where_the_thesis_leads_on() -> None:
    graph = ArgumentGraph.of(
        header(question="Is the harbour safe?"),
        [
            statement("safe", "The harbour is safe"), statement("unsafe", "Ships collide"),
            statement("walls", "It has walls"), argument("1", "walls", "safe"),
            argument("2", "unsafe", "safe", "opposing"), argument("3", "safe", "unsafe", "opposing"),
        ],
    )  # fmt: skip
    assert brief(graph)[0] == "Contested: The harbour is safe."


def test_statements_without_an_argument_say_so_and_what_is_closest_to_the_question() -> None:
    graph = ArgumentGraph.of(
        header(question="Who pays for the bridge?"),
        [statement("p", "It rains"), statement("q", "The city pays for the bridge")],
    )
    assert brief(graph)[:2] == [
        "Nothing is argued yet: two statements, and no argument for or against any.",
        "Closest to the question: The city pays for the bridge.",
    ]
    assert brief(graph_of()) == ["The map says nothing yet: it has no statement and no motive."]


def test_figures_stand_with_their_bounds_and_who_gives_them() -> None:
    graph = graph_of(
        CONTESTED,
        said("x4", "gain", "ann", quantities=({"min": 50, "max": 70, "unit": "minutes"},)),
        said("x5", "gain", "bo", "south", quantities=({"max": 20, "unit": "minutes"},)),
    )
    [told] = [text for text in brief(graph, "gain") if text.startswith("Figures differ")]
    assert "Ann Lee 50 to 70 minutes" in told
    assert "Bo Chen up to 20 minutes" in told


def test_what_is_assumed_without_a_source_is_told() -> None:
    graph = graph_of(
        PEOPLE, statement("t", "Pay adds up", origin="constructed"), statement("p", "Each gets ten"),
        statement("all", "The state keeps it all"), argument("a", ("p", "all"), "t"), said("x1", "p", "ann"),
    )  # fmt: skip
    assert "It assumes, without a source: The state keeps it all." in brief(graph, "t")


def test_a_withdrawn_source_is_told_in_the_brief() -> None:
    graph = graph_of(
        PEOPLE[:4], source("s-north", "North report", publisher="north", status="retracted"),
        statement("p", "It burned"), statement("t", "It is lost", origin="constructed"), argument("a", "p", "t"),
        said("x1", "p", "ann"),
    )  # fmt: skip
    for subject in (None, "p", "t", "s-north"):
        assert any("has been retracted" in text for text in brief(graph, subject)), subject


def test_an_actor_is_told_by_what_it_says_whom_it_opposes_and_who_opposes_it() -> None:
    told = brief(graph_of(CONTESTED), "bo")
    assert told[:3] == [
        "Bo Chen (engineer): one statement in one passage (neutral).", "Says: The city cannot pay for it.",
        "Opposes this: The bridge should be built.",
    ]  # fmt: skip
    quiet = brief(graph_of(CONTESTED, actor("cy", "Cy", actor_kind="person")), "cy")
    assert quiet == ["Nothing here is said by Cy."]


def test_a_motive_is_told_by_its_standing_and_its_ground() -> None:
    graph = graph_of(
        CONTESTED,
        motive("m", "ann", "Ann Lee wants votes", name="votes"),
        argument("g", "gain", "m", confidence="high"),
    )
    assert brief(graph, "m")[:2] == [
        "Unchallenged, but resting on one witness: Ann Lee wants votes.",
        "For: Everybody would save an hour (near term), Ann Lee (mayor) said (the map author's own step).",
    ]


def test_a_view_of_one_outlet_keeps_the_others_secrets() -> None:
    told = " ".join(brief(graph_of(CONTESTED), sources=("s-north",)))
    assert "Bo Chen" not in told
    assert "cannot pay" not in told


def test_a_brief_counts_its_words() -> None:
    made = summary_of_map(graph_of(CONTESTED), "brief")
    assert made.words == sum(len(s.text.split()) for s in sentences(made)) <= 200


def test_a_text_that_runs_right_to_left_moves_nothing_beside_it() -> None:
    hebrew, arabic = "\u05d4\u05d2\u05e9\u05e8 (2024)", "\u0645\u062d\u0645\u062f"
    graph = graph_of(
        actor("a", arabic, actor_kind="person", role="Mayor"), source("s"),
        statement("t", "It pays", origin="constructed"), statement("p", hebrew, origin="attributed"),
        argument("x", "p", "t"), assertion("y", "p", "s", chain=("a",)),
    )  # fmt: skip
    told = f"For: \u2068{hebrew}\u2069, \u2068{arabic}\u2069 (mayor) said (the map author's own step)."
    assert told in brief(graph)
    assert "\u2068" not in "".join(brief(graph_of(CONTESTED)))


def test_what_stands_on_one_witness_alone_would_fall_without() -> None:
    graph = graph_of(PEOPLE, statement("p", "It sells", origin="attributed"), said("x1", "p", "ann"))
    assert "Without that witness it would fall." in brief(graph, "p")


def test_an_office_gives_way_to_what_has_to_be_told_and_leaves_the_remark_beside_it() -> None:
    name = Names(graph_of(PEOPLE)).introduced("ann")
    told = say("It pays, {} said", remarked(name, plain("or the Post: the words leave it open")))
    assert told.text == "It pays, Ann Lee (mayor; or the Post: the words leave it open) said"
    assert told.cut(None, None, offices=False) == "It pays, Ann Lee (or the Post: the words leave it open) said"


@pytest.mark.parametrize("motive_id", ["food", "finance", "firepower", "space-technology", "defence-pact", "t-main"])
def test_every_brief_of_the_seed_says_how_many_witnesses_there_are_and_what_would_change_it(
    seed: ArgumentGraph, motive_id: str
) -> None:
    told = brief(seed, motive_id)
    assert any(re.search(r"\bwitness", sentence) for sentence in told)
    assert any(re.match(r"It would (fall|stand)", sentence) for sentence in told)
