"""What folding, indexing and ranking of texts cost, counted at n and 4n characters."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from graph.search.folding import tokens
from graph.search.question import Candidate, SearchWords
from graph.search.ranking import ranked
from graph.search.words import index_terms
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


@promises("graph.search.folding.tokens")
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
