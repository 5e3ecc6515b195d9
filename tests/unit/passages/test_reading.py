"""What a passage holds by rules: sentences, speakers, hedges, figures; and where assertions stand in a text."""

from __future__ import annotations

from typing import Any

import pytest

from graph.errors import Conflict, Refused
from graph.maps.source_texts import fitting
from graph.passages.amounts import amounts_of
from graph.passages.placing import passages_in
from graph.passages.reading import LONGEST, read_passage
from graph.passages.sentences import Stretch, sentences_of
from schemas.node import Source
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, source, statement

MAP = graph_of(
    actor("news", "The Daily News", actor_kind="outlet"),
    actor("holm", "Ida Holm", actor_kind="person"),
    actor("weber", "Jan Weber", actor_kind="person"),
    actor("ministry", "Ministry of Transport", actor_kind="organisation", aliases=("MoT", "the ministry")),
    actor("norway", "Norway", aliases=("Oslo",)),
    source("paper", publisher="news"),
    statement("cracks", "Two piers of the bridge have cracks."),
    statement("grain", "Norway imports grain from Poland every year."),
    argument("a", "cracks", "grain", "opposing"),
    assertion("x", "cracks", "paper", chain=("news",)),
)
PAPER = MAP.node("paper")
assert isinstance(PAPER, Source)


def read(text: str, passage: str | None = None) -> Any:
    start = text.index(passage or text)
    assert isinstance(PAPER, Source)
    return read_passage(MAP, PAPER, text, Stretch(start, start + len(passage or text)))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It rains. It pours! Does it? Yes.", ["It rains.", "It pours!", "Does it?", "Yes."]),
        ("Rep. Weber spoke on Oct. 22 at noon. He left.", ["Rep. Weber spoke on Oct. 22 at noon.", "He left."]),
        ("“It holds.” He left.", ["“It holds.”", "He left."]),
        ("The U.S. economy grew by 2.5 %. It did.", ["The U.S. economy grew by 2.5 %.", "It did."]),
        ("A heading\nA line below it", ["A heading", "A line below it"]),
        ("  \n ", []),
    ],
)  # fmt: skip
def test_a_text_is_cut_into_sentences(text: str, sentences: list[str]) -> None:
    assert [text[s.start : s.end] for s in sentences_of(text)] == sentences


@pytest.mark.parametrize(
    ("text", "passage", "speakers"),
    [
        ("Ida Holm said the bridge would fall.", None, [("holm", "said")]),
        ("The bridge will fall, said Ida Holm.", None, [("holm", "said")]),
        ("The bridge will fall, Holm, an engineer at the county, told reporters.", None, [("holm", "said")]),
        ("According to the Ministry of Transport, lorries may cross.", None, [("ministry", "according_to")]),
        ("Oslo's ministry is far away and the bridge is old.", None, []),
        ("The bridge is old.", None, []),
        ("Ida Holm looked at it. She said that it will fall.", "it will fall", [("holm", "pronoun")]),
        ("“The piers are bad. They must go,” said Weber.", "The piers are bad", [("weber", "before")]),
        ("“Norway says it has money. It has not,” Weber said.", "Norway says it has money", [("weber", "before")]),
        ("While MoT says it holds, Holm says it falls.", "it falls", [("holm", "said"), ("ministry", "said")]),
        ("The bridge is safe, Anna Berg, a baker, said.", None, [(None, "said")]),
    ],
)  # fmt: skip
def test_who_speaks_is_told(text: str, passage: str | None, speakers: list[tuple[str | None, str]]) -> None:
    assert [(one.actor, one.how) for one in read(text, passage).speakers] == speakers


def test_the_chain_begins_with_the_publisher_and_ends_with_the_speaker() -> None:
    assert read("Ida Holm said so.").chain == ["news", "holm"]
    assert read("It is so.").chain == ["news"]
    assert read("The Daily News reported it.").chain == ["news"]


def test_a_name_that_no_actor_has_is_told_with_its_words() -> None:
    [one] = read("“It holds,” said Anna Berg.").speakers
    assert (one.actor, one.name) == (None, "Anna Berg")


@pytest.mark.parametrize(
    ("text", "passage", "modality", "hedges"),
    [
        ("It falls.", None, "asserted", []),
        ("It may fall.", None, "possible", ["may"]),
        ("It reopened in May 2024.", None, "asserted", []),
        ("It is believed to have fallen.", None, "believed", ["is believed"]),
        ("It reportedly fell.", None, "reported", ["reportedly"]),
        ("She believes that it falls.", "it falls", "believed", ["believes"]),
        ("It falls, which could cost more.", "It falls", "asserted", []),
        ("A think tank said so.", None, "asserted", []),
        ("It would fall if lorries came.", None, "asserted", ["would", "if"]),
    ],
)
def test_how_firmly_it_is_put_is_told(text: str, passage: str | None, modality: str, hedges: list[str]) -> None:
    found = read(text, passage).hedging
    assert (found.modality, [text[h.start : h.end] for h in found.hedges]) == (modality, hedges)


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("approximately $2,000 per month", {"value": "2000", "unit": "USD", "per": "month", "approximate": True}),
        ("over €1.5 billion annually", {"min": "1500000000", "min_inclusive": False, "unit": "EUR", "per": "year"}),
        ("between 50,000 and 100,000 tons", {"min": "50000", "max": "100000", "unit": "t"}),
        ("600,000 to 700,000 tonnes of rice", {"min": "600000", "max": "700000", "unit": "t", "of": "rice"}),
        ("50 to 60 thousand troops", {"min": "50000", "max": "60000", "unit": "persons", "of": "troops"}),
        ("up to 700,000 tons", {"max": "700000", "max_inclusive": True, "min": None, "unit": "t"}),
        ("at least 10,000 North Korean troops", {"min": "10000", "min_inclusive": True, "unit": "persons"}),
        ("fewer than twelve ships", {"max": "12", "max_inclusive": False, "unit": "ships"}),
        ("more than half of the deficit", {"min": "0.5", "min_inclusive": False, "unit": "share", "of": "deficit"}),
        ("12.5 percent of voters", {"value": "0.125", "unit": "share", "of": "voters"}),
        ("10 or more containers", {"min": "10", "min_inclusive": True, "unit": "containers"}),
        ("around one million tons", {"value": "1000000", "unit": "t", "approximate": True}),
        ("a monthly wage of around $800", {"value": "800", "unit": "USD", "per": "month"}),
        ("tens of thousands of soldiers", {"vague": "tens of thousands", "unit": "persons", "of": "soldiers"}),
        ("a few weeks", {"vague": "a few", "unit": "weeks"}),
    ],
)
def test_a_figure_is_read(text: str, figures: dict[str, Any]) -> None:
    said = f"It was {text}, they say."
    [found] = amounts_of(said, Stretch(0, len(said)))
    document = found.quantity.document()
    assert {name: document[name] for name in figures} == figures
    assert said[found.start : found.end].split(maxsplit=1)[0] in text


@pytest.mark.parametrize(
    "text",
    [
        "in 2024",
        "on Oct. 22",
        "on 3 November 2024",
        "at 10:30",
        "the 19th ship",
        "an Su-35",
        "page 7",
        "No. 12",
        "COVID-19",
    ],
)
def test_dates_names_and_bare_numbers_are_no_figures(text: str) -> None:
    assert amounts_of(text, Stretch(0, len(text))) == []


def test_statements_about_the_same_are_told_the_likest_first() -> None:
    assert read("The engineer found cracks in two of the bridge's piers.").similar[0].id == "cracks"
    assert read("Elephants swim.").similar == []


def test_a_passage_of_blanks_or_without_end_is_refused() -> None:
    with pytest.raises(ValueError, match="blanks"):
        read("It is. So.", " ")
    with pytest.raises(ValueError, match="longer"):
        read("It is so. " * LONGEST)


@pytest.mark.parametrize(
    "text", ["Aa " * 1500, "1,0" * 1500, "“" * 4000, "Ida Holm, " * 450, "up to " * 700, "$" * 4000]
)
def test_a_hostile_passage_is_read(text: str) -> None:
    assert read(text).passage.end == len(text.rstrip())


TEXT = "A headline\n\nTwo piers have cracks, said Holm.\nLorries cross every day.\nA credit"
PLACES: list[tuple[dict[str, Any], str, str | None]] = [
    ({"locator": {"start": 12, "end": 33}}, "exact", "Two piers have cracks"),
    ({"locator": {"start": 0, "end": 10}, "quote": "every day"}, "found", "every day"),
    ({"locator": {"start": 500, "end": 510, "prefix": "have cracks, said"}}, "found", "have cracks, said"),
    ({"locator": {"paragraph": 2}}, "paragraph", "Lorries cross every day."),
    ({"locator": {"start": 500, "end": 510}}, "lost", None),
]


@pytest.mark.parametrize(("fields", "fit", "words"), PLACES)
def test_an_assertion_is_found_in_the_text(fields: dict[str, Any], fit: str, words: str | None) -> None:
    graph = graph_of(
        source("s"),
        statement("p"),
        statement("q"),
        argument("a", "p", "q", "opposing"),
        assertion("x", "p", "s", **fields),
    )
    [found] = passages_in(graph, "s", TEXT)
    assert (found.fit, found.of, found.stance) == (fit, "p", "opposing")
    assert (None if found.place is None else TEXT[found.place.start : found.place.end]) == words


def test_an_assertion_that_points_nowhere_is_no_passage() -> None:
    graph = graph_of(source("s"), statement("p"), assertion("x", "p", "s"))
    assert passages_in(graph, "s", TEXT) == []


@pytest.mark.parametrize("sent", ["a\nb", "a\nb\n", "a\r\nb\r\n", "\ufeffa\r\nb"])
def test_a_text_fits_whatever_its_line_ends_are(sent: str) -> None:
    wanted = fitting("a\nb\n", None)
    assert fitting(sent, wanted.sha256) == wanted


def test_another_text_and_what_is_no_text_are_refused() -> None:
    with pytest.raises(Conflict, match="SHA-256"):
        fitting("a\nc", fitting("a\nb", None).sha256)
    for sent in ("", " \n", "a\0b"):
        with pytest.raises(Refused):
            fitting(sent, None)
