"""The seed's summaries are short, tell both sides, and step into none of the traps that the articles hold."""

from __future__ import annotations

import re

import pytest

from graph.reports.words import words_in
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Assertion, label
from tests.support.summaries import everything, sentences, summary, under

MOTIVES = ("food", "finance", "firepower", "space-technology", "defence-pact")
SOURCES_WORDS = 1534
"""What the two articles have together."""


def texts(graph: ArgumentGraph, node_id: str | None = None, detail: str = "normal", **view: object) -> str:
    return "\n".join(s.text for s in sentences(summary(graph, node_id, detail, **view)))


def test_every_sentence_has_receipts_that_are_in_the_map(seed: ArgumentGraph) -> None:
    for made in everything(seed):
        for sentence in sentences(made):
            assert sentence.nodes or sentence.sources, sentence
            assert all(node_id in seed for node_id in (*sentence.nodes, *sentence.sources))


def test_briefs_and_sentences_are_as_short_as_promised(seed: ArgumentGraph) -> None:
    assert summary(seed, None, "brief").words <= 198
    assert summary(seed).words <= SOURCES_WORDS
    for node in seed.nodes():
        if node.kind in ("actor", "motive", "source", "statement"):
            assert summary(seed, node.id, "brief").words <= 78, node.id
    for made in everything(seed):
        assert all(words_in(s.text) <= 40 for s in sentences(made))


def test_the_brief_begins_with_the_answer_and_tells_both_sides_with_their_offices(seed: ArgumentGraph) -> None:
    told = [s.text for s in sentences(summary(seed, None, "brief"))]
    assert told[0].startswith("Contested: ")
    assert "Joining Russia's war benefits North Korea" in told[0]
    whole = "\n".join(told)
    assert re.search(r"^For: .+ (said|believed)", whole, re.MULTILINE)
    assert re.search(r"^Against: .+ Institute for National Security Strategy", whole, re.MULTILINE)
    assert "Independent witnesses: one to nine." in whole


@pytest.mark.parametrize("motive", MOTIVES)
def test_the_brief_of_a_motive_tells_how_it_stands_and_why(seed: ArgumentGraph, motive: str) -> None:
    told = [s.text for s in sentences(summary(seed, motive, "brief"))]
    assert re.match(r"(Unchallenged|Upheld against objections|Contested)", told[0])
    assert any(text.startswith("For: ") for text in told)


def test_no_id_stands_in_a_brief(seed: ArgumentGraph) -> None:
    odd = re.compile(r"\b(eu|kh|p|a|r|t|x|s)-\w+")
    for node_id in (None, *MOTIVES, "wi-sung-lac", "inss", "p-12", "s-kh"):
        assert not odd.search(texts(seed, node_id, "brief")), node_id


def test_nothing_is_said_twice(seed: ArgumentGraph) -> None:
    for node_id in (None, *MOTIVES, "p-12", "wi-sung-lac", "s-eu"):
        told = [s.text for s in sentences(summary(seed, node_id))]
        assert len(set(told)) == len(told), node_id


def test_the_weaker_outlets_word_is_not_the_firmer_ones(seed: ArgumentGraph) -> None:
    """Whoever is named after a text has a passage with these words, or with the statement's where they match."""
    for made in everything(seed):
        for sentence in sentences(made):
            for clause in sentence.clauses:
                found = re.match(r"^(?:[A-Z][a-z ]+: )?(.+?)(?: \([^()]*\))?, ([^,]+?) said$", clause.text)
                if found is None or "…" in found[1]:
                    continue
                nodes = [seed.node(i) for i in clause.nodes]
                places = [n for n in nodes if isinstance(n, Assertion)]
                words = {(p.wording or "").rstrip(".") for p in places} | {
                    label(seed.node(p.of)).rstrip(".") for p in places if p.wording is None or p.match == "same"
                }
                assert any(found[1].endswith(word) for word in words if word), clause


def test_grain_is_told_through_all_who_relay_it(seed: ArgumentGraph) -> None:
    told = under(summary(seed, "p-66"), "Who says it")
    assert any("according to North Korea (relayed by Wi Sung-lac)" in text for text in told)
    assert under(summary(seed, "p-66"), "What it rests on") == ["It rests on one originator: North Korea."]


def test_a_years_revenue_has_a_minimum_and_no_maximum_and_is_not_added_up(seed: ArgumentGraph) -> None:
    [told] = under(summary(seed, "p-12"), "Figures")
    assert "more than 200,000,000 USD per year (pay): no maximum given" in told
    everywhere = "\n".join(s.text for made in everything(seed) for s in sentences(made))
    assert not re.search(r"400,000,000|240,000,000|278,400,000|1,300,000|1,400,000", everywhere)


def test_the_new_rice_has_two_bounds_in_one_outlet_and_one_in_the_other(seed: ArgumentGraph) -> None:
    told = "\n".join(under(summary(seed, "p-19"), "Figures"))
    assert re.search(r"EU Today [^;]*gives up to 700,000 t", told)
    assert "The Korea Herald citing Wi Sung-lac gives 600,000 to 700,000 t (rice)" in told


@pytest.mark.parametrize(("source", "secrets"), [
    ("s-eu", ["Korea Herald", "600", "otato", "relayed by"]),
    ("s-kh", ["EU Today", "4,000 persons", "800 USD", "workers in Russia", "at most 700"]),
])  # fmt: skip
def test_one_outlets_view_never_tells_what_only_the_other_has(
    seed: ArgumentGraph, source: str, secrets: list[str]
) -> None:
    for detail in ("brief", "normal"):
        for subject in (None, *MOTIVES, "wi-sung-lac", "nis", "inss", "p-19", "p-12", "p-15", source):
            told = texts(seed, subject, detail, sources=(source,))
            assert [secret for secret in secrets if secret in told] == [], subject


def test_russia_never_speaks_and_wi_always_through_an_outlet(seed: ArgumentGraph) -> None:
    assert under(summary(seed, "russia"), "In short")[0] == "Nothing here is said by Russia; 46 statements speak of it."
    [told, *_] = under(summary(seed, "wi-sung-lac"), "In short")
    assert re.match(r"Wi Sung-lac \(.+ambassador to Russia\): .+; through EU Today and The Korea Herald\.$", told)


def test_the_articles_own_words_of_length_stand_nowhere(seed: ArgumentGraph) -> None:
    """Only the fragments that are marked as quotes are the articles' words."""
    everywhere = "\n".join(s.text for made in everything(seed) for s in sentences(made))
    for quote in re.findall(r"“([^”]+)”", everywhere):
        assert words_in(quote) <= 8, quote
