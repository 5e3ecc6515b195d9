"""Summaries of maps that have little in them: plain sentences, and nothing that is not there."""

from __future__ import annotations

import pytest

from graph.errors import NotFound
from graph.reports.summary import summary_of
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, motive, source, statement
from tests.support.summaries import sentences, summary, under


def test_an_empty_map_says_so() -> None:
    made = summary(graph_of())
    assert (made.map, made.revision, made.title, made.detail) == ("m", 1, "A map", "normal")
    assert [s.text for s in sentences(made)] == ["The map says nothing yet: it has no statement and no motive."]


def test_a_map_without_arguments_or_assertions() -> None:
    made = summary(graph_of(statement("p")))
    assert under(made, "In short") == ["Nothing is argued yet: there is no argument."]
    assert under(made, "Who says what") == [
        "Nobody is recorded as saying anything: the statements are the map author's own."
    ]
    assert under(made, "What is missing") == ["The one statement is the map author's own, without a source."]


def test_a_map_of_an_authors_own_arguments() -> None:
    made = summary(graph_of(statement("p", "It rains."), statement("q", "Streets are wet."), argument("a", "p", "q")))
    assert under(made, "In short")[0] == "Unchallenged: Streets are wet."
    assert under(made, "Streets are wet")[:2] == [
        "Unchallenged: one argument supports it and none opposes it directly; it is the map author's own step.",
        "For: It rains.",
    ]
    assert under(made, "Contested elsewhere") == ["Nothing is contested: no argument opposes anything."]


def test_a_witness_who_is_gone_does_not_become_the_author() -> None:
    left = graph_of(statement("p", "It rains.", origin="attributed"), statement("q"), argument("a", "p", "q"))
    assert under(summary(left, "p"), "Who says it") == ["It rains (nobody in this view says it)."]
    told = [one.text for one in sentences(summary(left))]
    assert "For: It rains (nobody in this view says it; lost a premise)." in told
    assert not any("It rains (the map author's" in text for text in told)
    assert "Nobody is recorded as saying anything." in told


def test_a_map_that_runs_in_a_circle() -> None:
    made = summary(graph_of(statement("p", "P"), statement("q", "Q"), argument("a", "p", "q"), argument("b", "q", "p")))
    assert "Its support runs in a circle: P; from there to Q; and back." in under(made, "What is missing")


def test_a_motive_without_arguments() -> None:
    made = summary(graph_of(actor("k", "Ann", actor_kind="person"), motive("m", "k", "Ann wants bread.")), "m")
    assert made.title == "Money: Ann wants bread"
    assert under(made, "In short") == ["Unsupported: no argument supports or opposes it.", "A motive of Ann."]
    assert under(made, "Who speaks to it") == ["Nobody is recorded as saying anything that concerns it."]
    assert under(made, "What is missing") == ["No argument supports or opposes it."]


def test_an_actor_who_says_nothing() -> None:
    made = summary(graph_of(actor("k", "Ann", actor_kind="person")), "k")
    assert [s.text for s in sentences(made)] == ["Nothing here is said by Ann."]


def test_a_source_that_nothing_is_found_in() -> None:
    made = summary(graph_of(source("s", "A letter", source_kind="document", status="retracted")), "s")
    assert [s.text for s in sentences(made)] == [
        "It has been retracted.",
        "A letter: a document, undated.",
        "Nothing in this view is found in it or cites it.",
        "No date of it is known.",
        "Nobody is named as its author or publisher.",
    ]


@pytest.mark.parametrize(
    ("published", "words"),
    [
        ({"value": "2024-11-03", "precision": "day"}, "of 3 November 2024"),
        ({"value": "2024-11", "precision": "month"}, "of November 2024"),
        ({"value": "2024", "precision": "year"}, "of 2024"),
        ({"earliest": "2024-10-22"}, "undated, not before 22 October 2024"),
        ({"value": "2024-99-01", "precision": "day"}, "of 2024-99-01"),
    ],
)
def test_a_date_is_as_sure_as_it_is_known(published: dict[str, str], words: str) -> None:
    made = summary(graph_of(source("s", published=published)), "s")
    assert under(made, "In short")[0] == f"An article: an article, {words}."


def test_a_statement_that_nobody_says_and_one_that_is_only_taken_for_granted() -> None:
    graph = graph_of(statement("p"), statement("q"), source("s"), assertion("x", "q", "s", presupposed=True))
    assert under(summary(graph, "p"), "Who says it") == [
        "It sells shells (the map author's own, without a source)."
    ]  # fmt: skip
    assert under(summary(graph, "p"), "In short") == ["Unchallenged: no argument supports or opposes it."]
    assert "Nobody states it: it is taken for granted wherever it occurs." in under(
        summary(graph, "q"), "What is missing"
    )


def test_an_objection_with_its_answer_and_one_without() -> None:
    graph = graph_of(
        statement("top", "It pays"),
        statement("no", "It costs"),
        statement("never", "It fails"),
        statement("but", "It is cheap"),
        argument("1", "no", "top", "opposing", confidence="high"),
        argument("2", "never", "top", "opposing", confidence="low"),
        argument("3", "but", "no", "opposing"),
    )
    made = summary(graph, "top")
    assert [text.split(" (")[0].rstrip(".") for text in under(made, "Against")] == [
        "It costs", "Answered: It is cheap", "It fails",
    ], "weightiest first, each with its answer"  # fmt: skip
    assert "lost a premise" in under(made, "Against")[0]
    assert "outweighed" in under(made, "Against")[2]
    assert "Nothing answers one objection to it." in under(made, "What is missing")


def test_a_contradiction_of_what_was_told_in_full_is_told_in_one_direction() -> None:
    graph = graph_of(
        statement("t", "The bridge should be built."),
        statement("p", "It saves an hour."),
        statement("o", "It saves nobody any time."),
        argument("for", "p", "t"),
        argument("against", "o", "t", "opposing"),
        argument("contra", "p", "o", "opposing"),
        argument("contra-reverse", "o", "p", "opposing"),
    )
    told = [one for one in sentences(summary(graph)) if one.text.startswith("Disputed")]
    assert [one.text for one in told] == ["Disputed: It saves an hour."]
    assert {"contra", "contra-reverse"} <= set(told[0].nodes)


def test_an_undercut_is_told_as_one_and_not_as_opposition() -> None:
    graph = graph_of(
        statement("a", "A"), statement("b", "B"), statement("c", "C"),
        argument("1", "a", "b"), argument("2", "c", "1", "opposing"),
    )  # fmt: skip
    assert "and none opposes it directly" in under(summary(graph, "b"), "In short")[0]
    [told] = under(summary(graph, "b"), "Contested behind it")
    assert told == "C; against the inference from this: A."


def test_an_answered_undercut_is_told_as_answered() -> None:
    graph = graph_of(
        [statement(c, c.upper()) for c in "abcd"], argument("1", "a", "b"), argument("2", "c", "1", "opposing"),
        argument("3", "d", "2", "opposing"),
    )  # fmt: skip
    told = under(summary(graph, "b"), "Contested behind it")
    assert told == ["C; against the inference from this: A.", "Answered: D (challenging the inference)."]


def test_that_nothing_has_a_source_is_told_once_and_not_of_each_point() -> None:
    graph = graph_of(statement("p", "It rains"), statement("q", "Streets are wet"), argument("a", "p", "q"))
    told = [sentence.text for sentence in sentences(summary(graph, "q"))]
    assert told[1] == "Nothing here has a source: nobody is recorded as saying any of it."
    assert "It rains." in told
    assert sum("source" in text for text in told) == 2, told


def test_a_point_and_a_step_of_the_author_among_others_are_marked_in_one_bracket() -> None:
    graph = graph_of(
        statement("p", "It rains"), statement("q", "Streets are wet"), argument("a", "p", "q"),
        statement("r", "It thunders"), source("s"), actor("k"), assertion("x", "r", "s", chain=("k",)),
    )  # fmt: skip
    assert under(summary(graph, "q"), "For") == ["It rains (the map author's own, without a source; so is the step)."]


def test_what_the_question_asks_about_leads_before_what_was_built_on_it() -> None:
    nodes = [
        statement("h", "The drug lowers the risk"), statement("t", "All should have the drug", origin="constructed"),
        statement("e", "The trial says so"), argument("a", "e", "h"), argument("b", "h", "t"),
    ]  # fmt: skip
    made = summary(ArgumentGraph.of(header(question="Does the drug lower the risk?"), nodes))
    assert under(made, "In short")[:2] == [
        "Unchallenged: The drug lowers the risk.",
        "Unchallenged: All should have the drug.",
    ]


def test_what_has_no_summary_is_refused() -> None:
    graph = graph_of(statement("a"), statement("b"), argument("1", "a", "b"))
    for kind, node_id in (("statement", "nobody"), ("motive", "a"), ("argument", "1")):
        with pytest.raises(NotFound, match=node_id):
            summary_of(graph, kind, node_id)  # type: ignore[arg-type]


def test_a_long_text_is_shortened_where_it_is_mentioned() -> None:
    graph = graph_of(statement("p", "word " * 400), statement("q", "Q"), argument("1", "p", "q"))
    assert max(len(s.text) for s in sentences(summary(graph))) < 400
