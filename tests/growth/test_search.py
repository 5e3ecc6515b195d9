"""What folding, indexing and ranking of texts cost, counted at n and 4n characters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.search import words
from graph.search.question import Candidate, SearchWords
from graph.search.ranking import ranked
from graph.search.words import index_terms, tokens
from tests.growth.work import LINEAR, LINEARITHMIC, grows, promises
from tests.support.nodes import statement

Asked = Callable[[], object]
TEXTS: dict[str, Callable[[int], str]] = {
    "words": lambda n: " ".join(f"word{i % 97}" for i in range(n)),
    "figures": lambda n: " ".join(f"{i % 900 + 100},000" for i in range(n)),
    "abbreviations": lambda n: "U.S. " * n,
    "one run": lambda n: "部队" * n,
    "one word": lambda n: "a" * n,
    "marks": lambda n: "e\u0301" * n,
    "stops": lambda n: "a." * n,
    "separators": lambda n: "1,0" * n,
}
SORTED: dict[str, Callable[[int], str]] = {
    **TEXTS,
    "marks that begin contractions": lambda n: "\u0f71" * (2 * n) + "\u90e8",
    "vowels before their consonants": lambda n: "\u0e40\u0e01" * n,
    "marks of two classes": lambda n: "\u90e8" + "\u0316\u0301" * n,
}


@promises("graph.search.words.tokens")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_cutting_a_text_into_words_is_linear(text: Callable[[int], str]) -> None:
    def prepare(n: int) -> Asked:
        said = text(n)
        return lambda: list(tokens(said))

    grows(prepare, LINEAR)


@promises("graph.search.words.index_terms")
@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_the_terms_of_a_node_are_linear_in_its_texts(text: Callable[[int], str]) -> None:
    def prepare(n: int) -> Asked:
        node = statement("p", text(n)[:20_000], note=text(n)[:20_000])
        return lambda: index_terms(node)

    grows(prepare, LINEARITHMIC)


@promises("graph.search.ranking.ranked")
def test_ranking_costs_the_candidates() -> None:
    def prepare(n: int) -> Asked:
        question = SearchWords.of("word7 word9")
        texts = ("word7 and word9 of the matter", "word9", "the word7 that was meant by word9")
        found = [Candidate("m", f"p{i:05}", "statement", statement(f"p{i:05}", texts[i % 3]).dense()) for i in range(n)]
        return lambda: ranked(question, found)

    grows(prepare, LINEARITHMIC)


@promises("graph.search.words.collation_key")
@pytest.mark.parametrize("text", SORTED.values(), ids=SORTED)
def test_what_texts_are_sorted_by_costs_the_text(monkeypatch: pytest.MonkeyPatch, text: Callable[[int], str]) -> None:
    words.collation_key("to have the table read, which is kept, whatever counting forgets")
    levels, collator = words._levels(), words._collator()
    monkeypatch.setattr(words, "_levels", lambda: levels)
    monkeypatch.setattr(words, "_collator", lambda: collator)

    def prepare(n: int) -> Asked:
        said = text(n)
        return lambda: words.collation_key(said)

    # A short list is no piece that is counted, so that the long ones seem to be more.
    grows(prepare, LINEAR, n=500, tolerance=2)
