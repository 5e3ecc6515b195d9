"""Counts, plurals, lists, names and sentences."""

from __future__ import annotations

import pytest

from graph.reports.sentence import Phrase, Writer, first_of, say, together
from graph.reports.words import article, count, described, joined, number, one_line, plural, quoted

WRITER = Writer(lambda node_id: node_id.startswith("s-"))


@pytest.mark.parametrize(
    ("n", "text"), [(0, "no arguments"), (1, "one argument"), (12, "twelve arguments"), (1300, "1,300 arguments")]
)
def test_a_count_is_in_words_up_to_twelve(n: int, text: str) -> None:
    assert count(n, "argument") == text


def test_plurals_are_regular() -> None:
    assert [plural(noun) for noun in ("actor", "country", "day", "class", "branch")] == [
        "actors", "countries", "days", "classes", "branches",
    ]  # fmt: skip
    assert number(13) == "13"


def test_a_list_has_commas_and_one_and() -> None:
    assert [joined(parts) for parts in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == ["", "a", "a and b", "a, b and c"]


def test_a_mention_has_no_full_stop_no_line_breaks_and_an_end() -> None:
    assert quoted(" It sells\n shells. ") == "“It sells shells”"
    assert quoted("Does it?") == "“Does it?”"
    assert quoted("And so on...") == "“And so on...”"
    long = quoted("word " * 100)
    assert len(long) <= 302
    assert long.endswith("…”")


@pytest.mark.parametrize(
    ("name", "shaped"),
    [
        ("Institute for National Security Strategy", "the Institute for National Security Strategy"),
        ("The Korea Herald", "The Korea Herald"),
        ("United States", "the United States"),
        ("EU Today", "EU Today"),
    ],
)
def test_a_name_gets_an_article_where_english_wants_one(name: str, shaped: str) -> None:
    assert article(name) == shaped


def test_a_description_stands_small_inside_a_sentence() -> None:
    assert described("Unnamed analysts (EU Today)") == "unnamed analysts (EU Today)"
    assert described("Veterans groups") == "Veterans groups"
    assert described("Some") == "Some"


def test_a_template_leaves_braces_in_texts_alone() -> None:
    assert say("{} and {}", Phrase("{x}", ("a",)), "{}") == Phrase("{x} and {}", ("a",))


def test_a_list_that_is_cut_rests_on_all_of_it() -> None:
    parts = [Phrase(c, (c,)) for c in "abcdef"]
    assert first_of(parts, 3, "point") == Phrase("a, b, c and three more points", tuple("abcdef"))
    assert first_of(parts, 5, "point") == together(parts), "one more would take no less room"


def test_a_sentence_has_a_capital_a_full_stop_and_each_id_once() -> None:
    made = WRITER.sentence(Phrase("it rests on\x0a this", ("p", "s-1", "p", "a", "s-1")))
    assert (made.text, made.nodes, made.sources) == ("It rests on this.", ("p", "a"), ("s-1",))
    assert WRITER.sentence(Phrase("it asks “why?”")).text == "It asks “why?”"
    assert one_line(" a \t b ") == "a b"
