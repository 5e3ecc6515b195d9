"""Summaries tell the truth whatever the map: whose words they are, who opposes, how many witnesses there are."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.evaluation.weights import originators_of
from graph.reports.attribution import is_hedged, is_in_its_own_voice
from graph.reports.lines import closure
from graph.reports.names import Names
from graph.reports.reading import Reading
from graph.reports.sides import speakers
from graph.reports.summary import SUBJECTS, summary_of, summary_of_map
from graph.reports.words import count, number, words_in
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Argument, Assertion, Source, Statement
from schemas.query import SummaryDetail
from schemas.summary import Clause, Sentence, Summary
from tests.support.summaries import sentences, under
from tests.support.worlds import worlds

QUICK = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
SAYING = re.compile(r", .+ (said|believed|took for granted)$|, (reportedly|possibly), according to .+$")
NOUNS = (
    "statement|argument|objection|passage|source|motive|actor|witness|originator|step|point|conclusion|speaker|figure"
)
NUMBERS = "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|[0-9][0-9,]*[02-9]|1[0-9]"


def told(graph: ArgumentGraph, *details: SummaryDetail) -> Iterator[Summary]:
    for detail in details or ("brief", "normal", "full"):
        yield summary_of_map(graph, detail)
        for node in graph.nodes():
            if node.kind in SUBJECTS:
                yield summary_of(graph, node.kind, node.id, detail)


def clauses(graph: ArgumentGraph) -> Iterator[tuple[Sentence, Clause]]:
    for made in told(graph):
        for sentence in sentences(made):
            for clause in sentence.clauses:
                yield sentence, clause


def assertions_in(graph: ArgumentGraph, clause: Clause) -> list[Assertion]:
    nodes = [graph.node(i) for i in clause.nodes]
    return [n for n in nodes if isinstance(n, Assertion) and isinstance(graph.node(n.of), Statement)]


@QUICK
@given(worlds())
def test_words_are_attributed_in_the_wording_of_their_passage(graph: ArgumentGraph) -> None:
    for _, clause in clauses(graph):
        if not SAYING.search(clause.text.rstrip(".")) or "so did" in clause.text:
            continue
        for place in assertions_in(graph, clause):
            own = place.wording is not None and place.match != "same"
            token = str(place.wording).split()[0] if own else f"Point{place.of[4:]}"
            assert token in clause.text, (clause, place)
            assert not own or f"Point{place.of[4:]} " not in clause.text, (clause, place)


@QUICK
@given(worlds())
def test_an_objection_is_told_of_those_who_make_it(graph: ArgumentGraph) -> None:
    reading = Reading(graph)
    for made in told(graph):
        if made.title in ("Kim Min-ho", "North Post", "South Star", "Institute of Peace", "Some officials", "Norland"):
            continue  # what is told about a speaker does not name it again
        for sentence in sentences(made):
            if not re.match(r"(Against|Answered|Disputed|An answer)", sentence.text):
                continue
            nodes = [graph.node(i) for i in sentence.nodes]
            steps = [n for n in nodes if isinstance(n, Argument) and n.stance == "opposing"]
            if len(steps) != 1:
                continue
            step = reading.step(steps[0].id)
            by = speakers(reading, step)
            if by:
                assert any(reading.actor(a).text.split(" (")[0] in sentence.text for a in by), (sentence, by)
            elif step.basis == "own" and sentence.text.endswith((").", "…")):
                marked = "the map author's own step" in sentence.text or "; so is the step" in sentence.text
                first = step.argument.premises[0]
                assert marked or reading.constructed(first) or not graph.counts["assertion"], sentence.text


@QUICK
@given(worlds())
def test_no_paraphrase_stands_in_quotation_marks(graph: ArgumentGraph) -> None:
    for made in told(graph):
        for sentence in sentences(made):
            assert not re.search(r"[“”\"]", sentence.text), sentence.text


@QUICK
@given(worlds())
def test_what_is_hedged_in_its_words_gets_no_second_hedge(graph: ArgumentGraph) -> None:
    for _, clause in clauses(graph):
        for place in assertions_in(graph, clause):
            words = place.wording if place.match != "same" else None
            if words and words in clause.text and is_hedged(words) and place.belief_holder is None:
                after = clause.text[clause.text.index(words) + len(words) :]
                assert not re.search(r" believed\b| reportedly| possibly", after), clause.text


@QUICK
@given(worlds())
def test_witnesses_are_told_between_what_is_shown_and_what_may_be(graph: ArgumentGraph) -> None:
    for node in graph.nodes("statement"):
        places = [graph.number(place.id) for place in graph.assertions_of(node.id)]
        rests = under(summary_of(graph, "statement", node.id), "What it rests on")
        if not places:
            assert rests == []
            continue
        least, most = originators_of(graph).bounds(places)
        if most == 1:
            expected = "one originator"
        elif least == most:
            expected = count(most, "independent originator")
        else:
            expected = f"at least {number(least)} and at most {count(most, 'independent originator')}"
        assert rests[0].startswith(f"It rests on {expected}: "), (rests, least, most)


@QUICK
@given(worlds())
def test_its_own_voice_is_an_outlets_where_nobody_else_is_meant(graph: ArgumentGraph) -> None:
    reading = Reading(graph)
    for _, clause in clauses(graph):
        if "in its own voice" in clause.text:
            places = assertions_in(graph, clause)
            assert places
            assert all(is_in_its_own_voice(reading, place) for place in places), clause
            assert not any(p.probable_origin or p.alternative_chain or p.belief_holder for p in places), clause


@QUICK
@given(worlds())
def test_withdrawn_sources_lead_what_is_missing(graph: ArgumentGraph) -> None:
    reading = Reading(graph)
    for node in graph.nodes("statement"):
        places = [place for other in closure(reading, node.id) for place in graph.assertions_of(other)]
        stale = {place.source for place in places if _status(graph, place.source) != "current"}
        missing = under(summary_of(graph, "statement", node.id), "What is missing")
        assert len(stale) <= len(missing)
        assert all(re.search("has been (retracted|corrected|superseded)", text) for text in missing[: len(stale)])
    stale = {node.id for node in graph.nodes("source") if _status(graph, node.id) != "current"}
    missing = under(summary_of_map(graph), "What is missing")
    assert all("has been" in text for text in missing[: len(stale)])
    assert sum("has been" in text for text in missing) == len(stale)


def _status(graph: ArgumentGraph, source_id: str) -> str:
    node = graph.node(source_id)
    assert isinstance(node, Source)
    return node.status


@QUICK
@given(worlds())
def test_what_answers_an_objection_is_told_with_it(graph: ArgumentGraph) -> None:
    """In the full summary each objection to a node, or to a step for it, and each answer to it, stands once."""
    for node in graph.nodes("statement"):
        made = summary_of(graph, "statement", node.id, "full")
        argued = [s for section in made.sections if section.heading in _SIDES for s in section.sentences]
        places = [i for sentence in argued for i in set(sentence.nodes) if i.startswith("id-a")]
        reading = Reading(graph)
        for objection in reading.opposing(node.id):
            assert objection.id in places
            for answer in reading.opposing(objection.id):
                assert answer.id in places, (objection, answer)


_SIDES = ("For", "Against", "Contested behind it")


@QUICK
@given(worlds())
def test_two_of_one_name_are_told_apart(graph: ArgumentGraph) -> None:
    names = Names(graph)
    called = [names.actor(node.id).text for node in graph.nodes("actor")]
    assert len(set(called)) == len(called)


@QUICK
@given(worlds())
def test_a_circle_is_called_one(graph: ArgumentGraph) -> None:
    reading = Reading(graph)
    for node in graph.nodes("statement"):
        behind = closure(reading, node.id)
        runs = any(node.id in step.argument.premises for steps in behind.values() for step in steps)
        for detail in ("brief", "normal"):
            made = summary_of(graph, "statement", node.id, detail)  # type: ignore[arg-type]
            assert runs == any("circle" in sentence.text for sentence in sentences(made)), (made, detail)


@QUICK
@given(worlds())
def test_what_the_author_adds_is_counted_out_loud(graph: ArgumentGraph) -> None:
    own = [n for n in graph.nodes("statement") if isinstance(n, Statement) and n.origin == "author"]
    added = [n.id for n in own if not graph.assertions_of(n.id)]
    steps = [n.id for n in graph.nodes("argument") if not graph.assertions_of(n.id)]
    for detail in ("brief", "normal"):
        text = " ".join(s.text for s in sentences(summary_of_map(graph, detail))).lower()  # type: ignore[arg-type]
        if added:
            assert f"{number(len(added))} " in text
        if added or steps:
            assert "the map author's own" in text


@QUICK
@given(worlds(long=True) | worlds())
def test_a_brief_is_short_and_a_sentence_too(graph: ArgumentGraph) -> None:
    for made in told(graph):
        every = sentences(made)
        assert all(words_in(sentence.text) <= 40 for sentence in every)
        assert made.words == sum(words_in(sentence.text) for sentence in every)
        for section in made.sections:
            texts = [sentence.text for sentence in section.sentences]
            assert len(set(texts)) == len(texts)
        if made.detail == "brief":
            whole = " ".join([section.heading for section in made.sections] + [s.text for s in every])
            is_map = every == sentences(summary_of_map(graph, "brief"))
            assert words_in(whole) <= (200 if is_map else 80)
            assert every
            assert "id-" not in whole


@QUICK
@given(worlds())
def test_clauses_are_the_sentence_and_carry_its_receipts(graph: ArgumentGraph) -> None:
    for made in told(graph):
        for sentence in sentences(made):
            assert "".join(clause.text for clause in sentence.clauses) == sentence.text
            held = {i for clause in sentence.clauses for i in (*clause.nodes, *clause.sources)}
            assert held == {*sentence.nodes, *sentence.sources}


@QUICK
@given(worlds(), st.sampled_from(["normal", "full"]))
def test_numbers_and_nouns_agree(graph: ArgumentGraph, detail: SummaryDetail) -> None:
    for made in told(graph, detail, "brief"):
        for sentence in sentences(made):
            text = sentence.text.lower()
            assert not re.search(rf"\bone (independent |more |other )*({NOUNS})(s|es)\b", text), text
            assert not re.search(rf"\b({NUMBERS}) (independent |more |other )*({NOUNS})\b(?!s|es| of)", text), text
            assert not re.search(r"\bone \w+ (are|support|oppose|stand|speak|rest)\b", text), text
            assert not re.search(rf"(?<!of )\b({NUMBERS}) \w+s (is|supports|opposes|stands|speaks|rests)\b", text), text


@QUICK
@given(worlds())
def test_no_punctuation_is_doubled(graph: ArgumentGraph) -> None:
    for made in told(graph):
        for sentence in sentences(made):
            assert not re.search(r",,|;;|::| ,| ;|\(\)|\.\.$|  |:;|;:", sentence.text), sentence.text


@QUICK
@given(worlds())
def test_a_brief_cuts_no_text_that_has_room(graph: ArgumentGraph) -> None:
    for made in told(graph, "brief"):
        assert not any("…" in sentence.text for sentence in sentences(made)), made


@QUICK
@given(worlds())
def test_what_would_make_a_point_stand_is_no_ground_of_it(graph: ArgumentGraph) -> None:
    for made in told(graph, "brief"):
        for sentence in sentences(made):
            if " would stand " in sentence.text:
                assert not re.search(" grounds| for it", sentence.text), sentence.text
            if " would fall " in sentence.text:
                assert " against it" not in sentence.text, sentence.text


@QUICK
@given(worlds())
def test_nobody_is_named_twice_among_those_who_say_something(graph: ArgumentGraph) -> None:
    alone = "North Post|South Star|Institute of Peace|Norland"
    for made in told(graph):
        for sentence in sentences(made):
            assert not re.search(rf"({alone}) and (the )?\1\b", sentence.text), sentence.text
            assert not re.search(r"conclusion, \w+\) \(|\(;|; \)", sentence.text), sentence.text


@QUICK
@given(worlds())
def test_behind_a_question_or_a_call_stands_no_comma(graph: ArgumentGraph) -> None:
    for made in told(graph):
        for sentence in sentences(made):
            assert not re.search(r"[?!],", sentence.text), sentence.text
