"""Who says what through whom, and how firmly."""

from __future__ import annotations

from typing import Any

import pytest

from graph.reports.attribution import account, accounts, is_many, voices
from graph.reports.originators import originators
from graph.reports.reading import Reading
from schemas.assertion import Assertion
from tests.support.headers import graph_of
from tests.support.nodes import actor, assertion, source, statement

WORLD = [
    actor("eu", "EU Today", actor_kind="outlet"),
    actor("kh", "The Korea Herald", actor_kind="outlet"),
    actor("wi", "Wi Sung-lac", actor_kind="person"),
    actor("nk", "North Korea"),
    actor("inst", "Institute X", actor_kind="organisation"),
    actor("some", "Some in Seoul", actor_kind="group"),
    actor("officials", "Defence officials", actor_kind="group", same_as=("sources",)),
    actor("sources", "Defence sources", actor_kind="group"),
    source("s-eu", publisher="eu"),
    source("s-kh", publisher="kh"),
    source("s-wi", "Wi's words", author=("wi",)),
    source("s-inst", "A report", same_as=("s-other",)),
    source("s-other", "Another report"),
    source("s-copy", "A copy", repeats=("s-kh",)),
    statement("p", "Shells are sold"),
    statement("q", "Rice is bought"),
]


def reading(*places: Assertion) -> Reading:
    return Reading(graph_of(WORLD, list(places)))


def said(chain: tuple[str, ...], **fields: Any) -> str:
    place = assertion("x", "p", **{"source": "s-kh", **fields}, chain=chain)
    return account(reading(place), [place]).text


@pytest.mark.parametrize(
    ("chain", "fields", "text"),
    [
        (("kh",), {}, "The Korea Herald, in its own voice, states “Shells are sold”"),
        (("kh", "wi"), {}, "The Korea Herald cites Wi Sung-lac, who states “Shells are sold”"),
        (("kh", "wi"), {"style": "direct-quote"}, "The Korea Herald quotes Wi Sung-lac, who states “Shells are sold”"),
        (
            ("kh", "wi", "nk"),
            {"modality": "reported"},
            "The Korea Herald cites Wi Sung-lac, who relays North Korea, which is reported to say “Shells are sold”",
        ),
        (("eu", "inst"), {"modality": "believed"}, "EU Today cites the Institute X, which believes “Shells are sold”"),
        (("eu", "some"), {"modality": "possible"}, "EU Today cites some in Seoul, who hold possible “Shells are sold”"),
        (("eu", "wi"), {"presupposed": True}, "EU Today cites Wi Sung-lac, who takes for granted “Shells are sold”"),
        (
            ("kh",),
            {"style": "unattributed-hedge", "modality": "reported"},
            "The Korea Herald, naming nobody, passes on, as reported, “Shells are sold”",
        ),
        (("wi",), {"source": "s-wi"}, "Wi Sung-lac, in “Wi's words”, states “Shells are sold”"),
        ((), {}, "The Korea Herald, naming nobody as committed to it, states “Shells are sold”"),
        (
            ("kh", "inst"),
            {"forecast": True, "horizon": "long-term", "condition": "the war ends", "belief_holder": "nk"},
            "The Korea Herald cites the Institute X, which states “Shells are sold” "
            "(long term; a forecast; condition: the war ends; a thought ascribed to North Korea)",
        ),
        (
            ("kh", "wi"),
            {"alternative_chain": ("kh",), "wording": "They sell shells."},
            "The Korea Herald cites Wi Sung-lac, who states “They sell shells” (attribution ambiguous)",
        ),
    ],
)  # fmt: skip
def test_a_chain_is_told_in_its_order_and_a_hedge_as_one(chain: tuple[str, ...], fields: Any, text: str) -> None:
    assert said(chain, **fields) == text


def test_a_modality_is_never_told_as_a_firmer_one() -> None:
    verbs = [said(("kh", "wi"), modality=m) for m in ("asserted", "reported", "believed", "possible")]
    assert len(set(verbs)) == 4
    assert [("states" in verb) for verb in verbs] == [True, False, False, False]


def test_a_presupposed_guess_stays_a_guess() -> None:
    assert "holds possible" in said(("kh", "wi"), presupposed=True, modality="possible")


def test_few_words_of_one_chain_make_one_sentence_and_many_are_told_by_manner() -> None:
    ways = ["asserted", "asserted", "asserted", "possible"]
    places = [assertion(f"x{i}", "p", "s-kh", chain=("kh", "wi"), modality=way) for i, way in enumerate(ways)]
    assert len(list(accounts(reading(*places[1:]), places[1:]))) == 1
    many = [phrase.text for phrase in accounts(reading(*places), places)]
    assert [("states" in text, "holds possible" in text) for text in many] == [(True, False), (False, True)]


def test_voices_name_the_outlet_where_a_speaker_is_not_as_firm_everywhere() -> None:
    places = [
        assertion("x1", "p", "s-eu", chain=("eu", "wi"), modality="possible"),
        assertion("x2", "p", "s-kh", chain=("kh", "wi"), modality="believed"),
        assertion("x3", "p", "s-eu", chain=("eu",), modality="reported"),
        assertion("x4", "p", "s-kh", chain=("kh", "inst"), modality="reported"),
        assertion("x5", "p", "s-kh"),
    ]
    assert voices(reading(*places), places).text == (
        "held possible (in EU Today) and believed (in The Korea Herald) by Wi Sung-lac, passed on as reported by "
        "EU Today, reported from the Institute X, found, with nobody named, in The Korea Herald"
    )


def test_groups_that_are_described_in_the_plural_take_plural_verbs() -> None:
    names = ["Some in Seoul", "Defence officials", "Veterans groups (Seoul)", "Next US administration", "The press"]
    assert [is_many(actor("a", name, actor_kind="group")) for name in names] == [True, True, True, False, False]
    assert not is_many(actor("a", "United States"))


def witnesses(*places: Assertion) -> list[tuple[str, ...]]:
    return [one.actors for one in originators(reading(*places), places)]


def test_two_outlets_that_cite_one_man_are_one_witness() -> None:
    assert witnesses(
        assertion("x1", "p", "s-eu", chain=("eu", "wi")), assertion("x2", "p", "s-kh", chain=("kh", "wi"))
    ) == [("wi",)]


def test_an_outlets_own_voice_is_a_witness_unless_it_probably_has_it_from_somebody() -> None:
    quoting = assertion("x1", "p", "s-kh", chain=("kh", "wi"))
    own = assertion("x2", "p", "s-eu", chain=("eu",))
    assert witnesses(quoting, own) == [("eu",), ("wi",)]
    assert witnesses(quoting, own.model_copy(update={"probable_origin": ("kh", "wi")})) == [("wi",)]


def test_actors_and_cited_sources_that_are_probably_the_same_are_one_witness() -> None:
    assert witnesses(
        assertion("x1", "p", "s-eu", chain=("eu", "sources")), assertion("x2", "p", "s-kh", chain=("kh", "officials"))
    ) == [("officials", "sources")]
    cited = [
        assertion("x1", "p", "s-kh", chain=("kh", "inst"), cited_source="s-inst"),
        assertion("x2", "p", "s-kh", chain=("kh", "nk"), cited_source="s-other"),
    ]
    assert witnesses(*cited) == [("inst", "nk")]


def test_what_may_be_one_witness_on_one_point_is_not_made_one_on_others() -> None:
    cited = [
        assertion("x1", "p", "s-kh", chain=("kh", "inst"), cited_source="s-inst"),
        assertion("x2", "p", "s-kh", chain=("kh", "nk"), cited_source="s-other"),
        assertion("x3", "q", "s-kh", chain=("kh", "nk")),
    ]
    assert witnesses(*cited) == [("inst",), ("nk",)]


def test_a_source_that_repeats_another_adds_no_witness() -> None:
    told = assertion("x1", "p", "s-kh", chain=("kh",))
    copy = assertion("x2", "p", "s-copy", chain=("eu",))
    assert witnesses(told, copy) == [("eu", "kh")]
    elsewhere = assertion("x3", "q", "s-kh", chain=("kh",))
    assert witnesses(told, copy, elsewhere) == [("kh",)], "the one that is repeated leads"


def test_where_nobody_is_named_the_source_is_the_witness() -> None:
    assert witnesses(assertion("x1", "p", "s-kh"), assertion("x2", "p", "s-eu")) == [(), ()]
    assert witnesses(assertion("x1", "p", "s-kh"), assertion("x2", "q", "s-kh")) == [()]
