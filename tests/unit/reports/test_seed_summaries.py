"""The seed's summaries say what the articles bear out, and step into none of the traps that they hold."""

from __future__ import annotations

import re

import pytest

from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.summaries import everything, sentences, summary, under

MOTIVES = ("food", "finance", "firepower", "space-technology", "defence-pact")


def texts(graph: ArgumentGraph, node_id: str | None = None, **view: object) -> str:
    return "\n".join(s.text for s in sentences(summary(graph, node_id, **view)))


def test_every_sentence_has_receipts_that_are_in_the_map(seed: ArgumentGraph) -> None:
    for made in everything(seed):
        for sentence in sentences(made):
            assert sentence.nodes or sentence.sources, sentence
            assert all(node_id in seed for node_id in (*sentence.nodes, *sentence.sources))


@pytest.mark.parametrize(
    ("motive", "counts"),
    [
        ("food", "Three arguments support it and none opposes it directly."),
        ("finance", "Four arguments support it and none opposes it directly."),
        ("firepower", "Two arguments support it and none opposes it directly."),
        ("space-technology", "One argument supports it and none opposes it directly."),
        ("defence-pact", "Two arguments support it and none opposes it directly."),
        ("x-us-election", "Three arguments support it and none opposes it directly."),
        ("x-hedge-china", "No argument bears on it."),
    ],
)
def test_no_text_denies_a_motive_and_one_of_them_has_no_ground(seed: ArgumentGraph, motive: str, counts: str) -> None:
    assert under(summary(seed, motive), "In short")[1] == counts


def test_doubts_about_the_whole_are_not_spread_over_the_motives(seed: ArgumentGraph) -> None:
    for motive in MOTIVES:
        told = texts(seed, motive)
        assert "costs of joining" not in told, motive
        assert "of less use to Russia" not in told, motive
        # What binds is a ground to expect help, and help is strength gained.
        assert ("cannot bank on Russian help" in told) == (motive in ("defence-pact", "firepower")), motive


def test_food_is_doubted_on_the_way_to_it_but_not_itself(seed: ArgumentGraph) -> None:
    behind, on_the_way = under(summary(seed, "food"), "Contested")
    assert behind.startswith("A point that it rests on is opposed: “Potatoes make up the bulk")
    assert on_the_way.startswith("A step on the way to it is undercut: “Selling shells to Russia eases")
    assert "low confidence; a reader's inference" in on_the_way
    assert under(summary(seed, "food"), "Against") == []


def test_one_motive_meets_no_attack_at_all(seed: ArgumentGraph) -> None:
    told = under(summary(seed, "space-technology"), "What is missing")
    assert "No argument opposes it, nor anything that it rests on." in told


def test_grain_is_told_through_all_who_relay_it(seed: ArgumentGraph) -> None:
    [told] = under(summary(seed, "p-66"), "Who says it")
    assert told.startswith("The Korea Herald cites Wi Sung-lac, who relays North Korea, which is reported to say")
    assert under(summary(seed, "p-66"), "What it rests on") == ["It rests on one originator: North Korea."]


def test_a_thought_ascribed_is_not_a_thought_owned(seed: ArgumentGraph) -> None:
    assert any("a thought ascribed to North Korea" in text for text in under(summary(seed, "inss"), "What it says"))
    assert under(summary(seed, "north-korea"), "What is said of it")[1] == (
        "The Institute for National Security Strategy ascribes to North Korea a thought: "
        "“Pyongyang reckoned that the fighting would soon stop if Trump were elected”."
    )


def test_the_service_is_not_the_institute(seed: ArgumentGraph) -> None:
    told = "\n".join(under(summary(seed, "p-08"), "Who says it"))
    assert "cites the National Intelligence Service, which believes" in told
    assert "Institute" not in told
    told = "\n".join(under(summary(seed, "t-opp"), "Who says it"))
    assert "quotes the Institute for National Security Strategy, which states" in told
    assert "Intelligence Service" not in told
    [rests, *_] = under(summary(seed, "t-opp"), "What it rests on")
    assert rests.startswith("It rests on one originator: the Institute for National Security Strategy, though")
    [officials, *_] = under(summary(seed, "p-04"), "What it rests on")
    assert officials.endswith("who may be one, though EU Today and The Korea Herald carry it.")
    own = texts(seed, "nis")
    assert "three lean pro, one con and one neither way" in own
    assert "net loss" not in own
    assert "of less use" not in "\n".join(under(summary(seed, "nis"), "What it says"))


def test_two_outlets_are_not_two_witnesses(seed: ArgumentGraph) -> None:
    rests = under(summary(seed), "What it rests on")
    assert rests == [
        "What is said stands in two sources, EU Today (63) and The Korea Herald (42).",
        "25 statements stand in more than one source, and 22 of them rest on one originator only: "
        "two outlets are not two witnesses.",
    ]
    assert under(summary(seed, "p-12"), "What it rests on") == [
        "It rests on one originator: Wi Sung-lac, though EU Today and The Korea Herald carry it.",
        "“The soldiers' pay comes to more than 200 million US dollars a year” stands in more than one source and rests "
        "on one originator: a second outlet is not a second witness.",
        "What EU Today says without naming anybody for “The soldiers' pay comes to more than 200 million US dollars a "
        "year” probably goes back to Wi Sung-lac.",
    ]


def test_a_years_revenue_has_a_minimum_and_no_maximum_and_is_not_added_up(seed: ArgumentGraph) -> None:
    [told] = under(summary(seed, "p-12"), "Figures")
    assert told == (
        "For “The soldiers' pay comes to more than 200 million US dollars a year” EU Today and The Korea Herald citing "
        "Wi Sung-lac give the same figure, more than 200,000,000 USD per year (pay): no maximum given."
    )
    everywhere = "\n".join(s.text for made in everything(seed) for s in sentences(made))
    assert not re.search(r"400,000,000|240,000,000|278,400,000|1,300,000|1,400,000", everywhere)


def test_the_new_rice_has_two_bounds_in_one_outlet_and_one_in_the_other(seed: ArgumentGraph) -> None:
    [told] = under(summary(seed, "p-19"), "Figures")
    assert "EU Today gives up to 700,000 t (rice, carried over from the sentence before): no minimum given" in told
    assert "The Korea Herald citing Wi Sung-lac gives 600,000 to 700,000 t (rice)" in told
    differ = under(summary(seed), "Figures that differ")
    assert [re.findall(r"“(.+?)”", text)[0][:20] for text in differ] == [
        "North Korea's force ", "Russia offers North ",
    ]  # fmt: skip


@pytest.mark.parametrize(("source", "secrets"), [
    ("s-eu", ["Korea Herald", "600", "otato", "net loss", "relays", "National Intelligence Service, which believes"]),
    ("s-kh", ["EU Today", "4,000 persons", "800 USD", "workers in Russia", "at most 700"]),
])  # fmt: skip
def test_one_outlets_view_never_tells_what_only_the_other_has(
    seed: ArgumentGraph, source: str, secrets: list[str]
) -> None:
    for subject in (None, *MOTIVES, "wi-sung-lac", "nis", "inss", "p-19", "p-12", "p-15", source):
        told = texts(seed, subject, sources=(source,))
        assert [secret for secret in secrets if secret in told] == [], subject


def test_the_outlets_word_for_it_is_used_where_it_alone_speaks(seed: ArgumentGraph) -> None:
    assert summary(seed, "p-19", sources=("s-eu",)).title == (
        "Newer arrangements might bring North Korea as much as 700 thousand tons of Russian rice"
    )


def test_a_reversed_verb_is_not_reversed_here(seed: ArgumentGraph) -> None:
    against = under(summary(seed, "inss"), "Against what it says")
    assert all("Nam Sung-wook" in text for text in against[:3])
    reports = [text for text in texts(seed, "t-opp").splitlines() if "makes too little" in text]
    assert reports
    assert all("undercuts the step" in text for text in reports)
    assert not any(text.startswith("“The INSS") for text in under(summary(seed, "inss"), "What it opposes"))


def test_backshift_is_not_a_hedge_and_a_hedge_is_kept(seed: ArgumentGraph) -> None:
    told = under(summary(seed, "inss"), "What it says")
    assert any("The Korea Herald" in text and "states “Russia will have less use" in text for text in told)
    assert any("EU Today" in text and "holds possible “Moscow may have less need" in text for text in told)
    said = under(summary(seed, "p-36"), "Who says it")
    assert [text.endswith("hedged with “might”.") for text in said if "cites" in text] == [True, False]


def test_workers_are_told_as_a_point_of_its_own(seed: ArgumentGraph) -> None:
    told = texts(seed, "finance")
    assert "Wages of workers in Russia help Pyongyang" in told
    assert "all its money" not in told


def test_space_help_is_nowhere_stated_flatly_but_for_a_need(seed: ArgumentGraph) -> None:
    [firm] = [text for text in under(summary(seed, "gain-space"), "What is missing") if "flatly" in text]
    assert firm.startswith("Of what supports it, three of the four statements are nowhere stated flatly")


def test_nothing_bears_on_a_motive_that_no_passage_names(seed: ArgumentGraph) -> None:
    [first, *_] = under(summary(seed), "What is missing")
    assert first == "No argument bears on “North Korea joined to depend less on China”."


def test_what_takes_part_in_no_argument_is_the_furniture(seed: ArgumentGraph) -> None:
    made = summary(seed)
    [idle] = [s for s in sentences(made) if s.text.endswith("take part in no argument.")]
    assert idle.nodes == ("p-02", "p-03", "p-61", "p-62")


def test_russia_never_speaks_and_wi_always_through_an_outlet(seed: ArgumentGraph) -> None:
    assert "Russia says nothing here: no assertion ends with it." in under(summary(seed, "russia"), "In short")
    assert under(summary(seed, "wi-sung-lac"), "In short")[1:] == [
        "Wi Sung-lac is committed to 22 statements in 29 passages, of which 18 lean pro and 11 neither way on the "
        "map's question.",
        "All of it comes through EU Today and The Korea Herald.",
    ]


def test_the_articles_own_words_of_length_stand_nowhere(seed: ArgumentGraph) -> None:
    """The summaries use the map's paraphrases: no marked quotation of the articles gets into them."""
    everywhere = "\n".join(s.text for made in everything(seed) for s in sentences(made))
    assert "not bad deal" not in everywhere
    assert "can now expect Russia to come help" not in everywhere
