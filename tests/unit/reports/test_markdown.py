"""Markdown: receipts behind every sentence, and texts that stay texts."""

from __future__ import annotations

import re
from io import StringIO

import pytest
from rich.console import Console
from rich.markdown import Markdown

from graph.reports.summary import escaped, markdown, receipts
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.summary import Clause, Section, Sentence, Summary
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, motive, statement
from tests.support.summaries import summary

NASTY = [
    "<script>alert(1)</script>",
    "*bold* _it_ `code` ~~gone~~",
    "[click](javascript:alert(1))",
    "![x](http://127.0.0.1/x.png)",
    "# not a heading",
    "1. not a list",
    "12) nor this",
    "- nor this",
    "+ nor that",
    "=====",
    "> no quote",
    "| a | b |",
    "&lt; &amp; &copy;",
    "a\\*b",
    "<!-- gone? -->",
    "https://127.0.0.1/",
    "$2,000 and $800",
    ":smile: www.example.org",
]


def one(sentence: Sentence, title: str = "T") -> str:
    return markdown(Summary("m", 1, title, "normal", 3, (Section("H", (sentence,)),)))


def shown(text: str) -> str:
    """What a reader sees, from a renderer of CommonMark."""
    page = StringIO()
    Console(file=page, width=200, color_system=None).print(Markdown(text))
    return page.getvalue()


def test_headings_items_and_receipts() -> None:
    made = one(Sentence("It is so.", ("p-50", "eu-53"), ("s-eu",)))
    assert made == "# T\n\n## H\n\n- It is so. [p-50, eu-53; s-eu]\n"
    assert receipts(Sentence("x", (), ("s",))) == "s"
    assert receipts(Sentence("x")) == ""
    assert "- Nothing.\n" in one(Sentence("Nothing."))


@pytest.mark.parametrize("text", NASTY)
def test_a_text_is_shown_as_it_is_and_does_nothing(text: str) -> None:
    seen = shown(one(Sentence(text), title=text))
    assert seen.count(text) == 2, seen


@pytest.mark.parametrize("text", NASTY)
def test_no_text_opens_a_tag(text: str) -> None:
    assert "<" not in escaped(text)
    assert not re.search(r"(?<!\\)[`*_\[\]]", escaped(text))


def test_an_id_with_marks_in_it_is_kept() -> None:
    assert "[a\\_b, c\\~d]" in one(Sentence("x", ("a_b", "c~d")))


def test_texts_of_a_map_reach_the_reader_whole() -> None:
    text = 'Some <b>bold</b> claim & "more" *here*'
    made = summary(
        graph_of(actor("k", "<K>"), statement("p", text), motive("m", "k", text), argument("a", "p", "m")), "m"
    )
    assert text in shown(markdown(made))
    assert "<b>" not in markdown(made)


def test_a_title_of_several_lines_is_one_heading() -> None:
    graph = ArgumentGraph.of(header(title="One\n# Two"), [statement("p")])
    assert markdown(summary(graph)).startswith("# One \\# Two\n")


def test_a_brief_has_numbers_in_its_text_and_the_receipts_below() -> None:
    sentence = Sentence(
        "It is so, Ann said.", ("p", "k"), ("s",), (Clause("It is so,", ("p",)), Clause(" Ann said.", ("k",), ("s",)))
    )
    made = markdown(Summary("m", 1, "T", "brief", 5, (Section("In brief", (sentence,)),)))
    assert made == ("# T\n\n- It is so [1], Ann said [2].\n\n## Receipts\n\n1. p\n2. k; s\n")


def test_a_number_of_ours_is_read_plainly_and_a_number_in_a_text_opens_no_link() -> None:
    sentence = Sentence("See [1](http://x).", ("p",), (), (Clause("See [1](http://x).", ("p",)),))
    made = markdown(Summary("m", 1, "T", "brief", 5, (Section("In brief", (sentence,)),)))
    assert "- See \\[1\\](http\\://x) [1].\n" in made
    assert "<a" not in shown(made)


def test_github_makes_no_formula_address_or_picture_of_it() -> None:
    assert escaped("$2,000 and $800") == "\\$2,000 and \\$800"
    assert escaped("https://x.org :smile: www.x.org") == "https\\://x.org \\:smile: www\\.x.org"
