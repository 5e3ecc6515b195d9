"""Who says what through whom, and how firmly."""

from __future__ import annotations

from typing import Any

import pytest

from graph.reports.attribution import is_in_its_own_voice, said, spoken, voices
from graph.reports.reading import Reading
from graph.reports.witnesses import witness, witnesses
from schemas.node import Assertion
from tests.support.headers import graph_of
from tests.support.nodes import actor, assertion, source, statement

WORLD = [
    actor("eu", "EU Today", actor_kind="outlet"),
    actor("kh", "The Korea Herald", actor_kind="outlet"),
    actor("wi", "Wi Sung-lac", actor_kind="person", role="Lawmaker and former ambassador to Russia; thinks it pays"),
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


def told(chain: tuple[str, ...], **fields: Any) -> str:
    place = assertion("x", "p", **{"source": "s-kh", **fields}, chain=chain)
    found = reading(place)
    [voice] = voices(found, [place])
    return spoken(found, voice).text


@pytest.mark.parametrize(
    ("chain", "fields", "text"),
    [
        (("kh",), {}, "Shells are sold, The Korea Herald said"),
        (("kh", "wi"), {}, "Shells are sold, Wi Sung-lac said"),
        (("kh", "wi"), {"wording": "They sell shells."}, "They sell shells, Wi Sung-lac said"),
        (("kh", "wi"), {"wording": "They sell shells.", "match": "same"}, "Shells are sold, Wi Sung-lac said"),
        (
            ("kh", "wi", "nk"),
            {"modality": "reported"},
            "Shells are sold, reportedly, according to North Korea (relayed by Wi Sung-lac)",
        ),
        (("eu", "inst"), {"modality": "believed"}, "Shells are sold, the Institute X believed"),
        (("eu", "some"), {"modality": "possible"}, "Shells are sold, possibly, according to some in Seoul"),
        (("eu", "wi"), {"presupposed": True}, "Shells are sold, Wi Sung-lac took for granted"),
        (("kh",), {"style": "unattributed-hedge"}, "Shells are sold, The Korea Herald (naming nobody) said"),
        ((), {}, "Shells are sold, somebody whom The Korea Herald does not name said"),
        (
            ("kh", "inst"),
            {"horizon": "long-term", "condition": "the war ends"},
            "Shells are sold (long term; if the war ends), the Institute X said",
        ),
        (
            ("kh", "inst"),
            {"belief_holder": "nk"},
            "Shells are sold, North Korea believed, according to the Institute X",
        ),
        (
            ("kh", "inst"),
            {"belief_holder": "nk", "wording": "North Korea expects a sale", "modality": "believed"},
            "North Korea expects a sale, the Institute X said",
        ),
        (
            ("kh", "wi"),
            {"alternative_chain": ("kh",)},
            "Shells are sold, Wi Sung-lac (or perhaps The Korea Herald) said",
        ),
        (
            ("kh",),
            {"probable_origin": ("eu", "wi")},
            "Shells are sold, The Korea Herald (probably after Wi Sung-lac) said",
        ),
    ],
)  # fmt: skip
def test_a_place_is_told_in_its_words_through_its_chain_and_as_firmly_as_it_is(
    chain: tuple[str, ...], fields: Any, text: str
) -> None:
    assert told(chain, **fields) == text


def test_a_manner_is_never_told_as_a_firmer_one() -> None:
    ways = [told(("kh", "wi"), modality=m) for m in ("asserted", "reported", "believed", "possible")]
    assert len(set(ways)) == 4
    assert [text.endswith("Wi Sung-lac said") for text in ways] == [True, False, False, False]


def test_a_presupposed_guess_stays_a_guess() -> None:
    assert "possibly" in told(("kh", "wi"), presupposed=True, modality="possible")


def test_what_is_hedged_in_its_own_words_gets_no_second_hedge() -> None:
    assert told(("kh", "wi"), wording="They may sell shells", modality="possible") == (
        "They may sell shells, Wi Sung-lac said"
    )
    assert told(("kh", "wi"), wording="They are believed to sell shells", modality="believed") == (
        "They are believed to sell shells, Wi Sung-lac said"
    )


def test_those_who_say_it_in_other_words_are_named_and_not_given_these() -> None:
    places = [
        assertion("x1", "p", "s-kh", chain=("kh", "wi"), wording="Shells go north"),
        assertion("x2", "p", "s-eu", chain=("eu", "inst"), wording="All arms go north", match="broader"),
        assertion("x3", "p", "s-eu", chain=("eu",), wording="A few shells go north", match="narrower"),
    ]
    clauses = [clause.text for clause in said(reading(*places), "p")]
    assert clauses == [
        "Shells go north, Wi Sung-lac (lawmaker and former ambassador to Russia) said",
        "; so did, more broadly, the Institute X and, more narrowly, EU Today",
    ]


def test_the_same_words_of_two_are_told_of_both() -> None:
    places = [
        assertion("x1", "p", "s-eu", chain=("eu", "wi"), match="same"),
        assertion("x2", "p", "s-kh", chain=("kh", "inst"), match="same"),
    ]
    [clause] = said(reading(*places), "p")
    assert clause.text == (
        "Shells are sold, Wi Sung-lac (lawmaker and former ambassador to Russia) and the Institute X said"
    )


@pytest.mark.parametrize(
    ("fields", "own"),
    [
        ({"chain": ("kh",)}, True),
        ({"chain": ("kh",), "style": "outlet-voice"}, True),
        ({"chain": ("kh",), "style": "unattributed-hedge"}, False),
        ({"chain": ("kh",), "probable_origin": ("kh", "wi")}, False),
        ({"chain": ("kh",), "alternative_chain": ("kh", "wi")}, False),
        ({"chain": ("kh",), "belief_holder": "nk"}, False),
        ({"chain": ("kh", "wi")}, False),
        ({"chain": ("wi",)}, False),
    ],
)
def test_its_own_voice_is_an_outlets_where_nobody_else_is_meant(fields: dict[str, Any], *, own: bool) -> None:
    place = assertion("x", "p", "s-kh", **fields)
    assert is_in_its_own_voice(reading(place), place) == own


def bounds(*places: Assertion) -> tuple[int, int, list[str]]:
    found = reading(*places)
    behind = witnesses(found, ["p", "q"])
    return behind.least, behind.most, [witness(found, one).text for one in behind.found]


def test_two_outlets_that_cite_one_man_are_one_witness() -> None:
    assert bounds(
        assertion("x1", "p", "s-eu", chain=("eu", "wi")), assertion("x2", "p", "s-kh", chain=("kh", "wi"))
    ) == (1, 1, ["Wi Sung-lac"])


def test_an_outlets_own_voice_may_be_a_witness_unless_it_probably_has_it_from_somebody() -> None:
    quoting = assertion("x1", "p", "s-kh", chain=("kh", "wi"))
    own = assertion("x2", "p", "s-eu", chain=("eu",))
    assert bounds(quoting, own)[:2] == (1, 2)
    assert bounds(quoting, own.model_copy(update={"probable_origin": ("kh", "wi")}))[:2] == (1, 1)


def test_two_who_have_nothing_to_do_with_each_other_are_two() -> None:
    both = (assertion("x1", "p", "s-kh", chain=("kh", "wi")), assertion("x2", "p", "s-eu", chain=("eu", "inst")))
    assert bounds(*both)[:2] == (2, 2)
    assert bounds(both[0], both[1].model_copy(update={"of": "q"}))[:2] == (2, 2)


def test_who_are_probably_the_same_are_one_witness() -> None:
    assert bounds(
        assertion("x1", "p", "s-eu", chain=("eu", "sources")), assertion("x2", "p", "s-kh", chain=("kh", "officials"))
    ) == (1, 1, ["Defence officials with Defence sources (perhaps one)"])


def test_where_nobody_is_named_each_source_may_be_a_witness() -> None:
    assert bounds(assertion("x1", "p", "s-kh"), assertion("x2", "p", "s-eu"))[:2] == (1, 2)
    assert bounds(assertion("x1", "p", "s-kh"), assertion("x2", "q", "s-kh"))[:2] == (1, 1)
