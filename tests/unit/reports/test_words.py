"""Counts, plurals, lists, names and sentences."""

from __future__ import annotations

import pytest

from graph.reports.sentence import Phrase, Writer, cuttable, first_of, named, plain, say, together
from graph.reports.words import (
    article,
    bare,
    clipped,
    count,
    described,
    joined,
    number,
    one_line,
    plural,
    quoted,
    words_in,
)  # fmt: skip

WRITER = Writer(lambda node_id: node_id.startswith("s-"))


@pytest.mark.parametrize(
    ("n", "text"), [(0, "no arguments"), (1, "one argument"), (12, "twelve arguments"), (1300, "1,300 arguments")]
)
def test_a_count_is_in_words_up_to_twelve(n: int, text: str) -> None:
    assert count(n, "argument") == text


def test_plurals_are_regular() -> None:
    assert [plural(noun) for noun in ("actor", "country", "day", "class", "branch", "step of argument")] == [
        "actors", "countries", "days", "classes", "branches", "steps of argument",
    ]  # fmt: skip
    assert number(13) == "13"


def test_a_list_has_commas_and_one_and() -> None:
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_a_text_inside_another_has_no_full_stop_no_line_breaks_and_an_end() -> None:
    assert bare(" It sells\n shells. ") == "It sells shells"
    assert bare("Does it?") == "Does it?"
    assert bare("And so on...") == "And so on..."
    assert len(bare("word " * 100)) <= 300
    assert bare("word " * 100).endswith("…")
    assert quoted(" two\nwords ") == "“two words”"


def test_a_text_is_cut_by_words_and_where_it_has_none_by_letters() -> None:
    assert clipped("one two three, four", 3) == "one two three…"
    assert clipped("one two", 2) == "one two"
    assert len(clipped("朝" * 500, 2)) <= 31


@pytest.mark.parametrize(
    ("name", "shaped"),
    [
        ("Institute for National Security Strategy", "the Institute for National Security Strategy"),
        ("The Korea Herald", "The Korea Herald"),
        ("United States", "the United States"),
        ("EU Today", "EU Today"),
        ("Next US administration", "the next US administration"),
    ],
)
def test_a_name_gets_an_article_where_english_wants_one(name: str, shaped: str) -> None:
    assert article(name) == shaped


def test_a_description_stands_small_inside_a_sentence() -> None:
    assert described("Unnamed analysts (EU Today)") == "unnamed analysts (EU Today)"
    assert described("Veterans groups") == "veterans groups"
    assert described("Police officers (Seoul)") == "police officers (Seoul)"
    assert described("Workers Party") == "Workers Party"
    assert described("Russian officials") == "Russian officials"
    assert described("Some") == "Some"


def test_a_template_leaves_braces_in_texts_alone() -> None:
    made = say("{} and {}", plain("{x}", "a"), "{}")
    assert (made.text, made.ids) == ("{x} and {}", ("a",))


def test_a_list_that_is_cut_rests_on_all_of_it() -> None:
    parts = [plain(c, c) for c in "abcdef"]
    made = first_of(parts, 3, "point")
    assert (made.text, made.ids) == ("a, b, c and three more points", tuple("abcdef"))
    assert first_of(parts, 5, "point") == together(parts), "one more would take no less room"


def test_a_sentence_has_a_capital_a_full_stop_and_each_id_once() -> None:
    made = WRITER.sentence(plain("it rests on\x0a this", "p", "s-1", "p", "a", "s-1"))
    assert (made.text, made.nodes, made.sources) == ("It rests on this.", ("p", "a"), ("s-1",))
    assert WRITER.sentence(plain("it asks why?")).text == "It asks why?"
    assert one_line(" a \t b ") == "a b"


LONG = " ".join(f"w{n}" for n in range(60))


def test_of_a_long_sentence_spare_clauses_go_first_then_texts_are_cut_then_offices_go_and_names_are_cut_last() -> None:
    name = say("{}{}", named("Ann Lee"), Phrase((*plain(" (minister of many things)").parts,))).parts
    office = Phrase((name[0], name[1]._replace(kind="office")))
    clauses = [
        cuttable(" ".join(LONG.split()[:30])),
        say(", {} said", office),
        plain("; so did six more people").spare(),
    ]
    assert (
        WRITER.sentence(clauses).text == f"W{' '.join(LONG.split()[:30])[1:]}, Ann Lee (minister of many things) said."
    )
    cut = WRITER.sentence([cuttable(LONG), say(", {} said", office)], 12).text
    assert cut == "W0 w1 w2 w3 w4 w5 w6 w7…, Ann Lee said."


@pytest.mark.parametrize("most", [1, 2, 5, 40])
def test_no_sentence_is_longer_than_it_may_be(most: int) -> None:
    for told in (plain(LONG), cuttable(LONG), named(LONG), say("{} of {} and {}", named(LONG), cuttable(LONG), LONG)):
        made = WRITER.sentence([told, say(", {}", told)], most)
        assert words_in(made.text) <= most
        assert "".join(clause.text for clause in made.clauses) == made.text


def test_nobody_is_introduced_twice() -> None:
    writer = Writer(lambda _: False)
    who = Phrase((named("Ann").parts[0], plain(" (minister)").parts[0]._replace(kind="office")))
    assert writer.sentence(say("{} said so", who)).text == "Ann (minister) said so."
    assert writer.sentence(say("{} said more", who)).text == "Ann said more."
