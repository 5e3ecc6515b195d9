"""What reading the texts of sources costs, counted at n and 4n."""

from __future__ import annotations

from collections.abc import Callable

from graph.passages.placing import passages_in
from graph.passages.sentences import sentences_of
from graph.search.near_duplicates import related_statements
from tests.growth.work import LINEAR, LINEARITHMIC, grows, promises
from tests.support.headers import graph_of
from tests.support.nodes import assertion, source, statement

Asked = Callable[[], object]


@promises("graph.passages.sentences.sentences_of")
def test_cutting_a_text_into_sentences_is_linear() -> None:
    def prepare(n: int) -> Asked:
        text = "Rep. Smith said so. It is so!\n" * n
        return lambda: sentences_of(text)

    grows(prepare, LINEAR)


@promises("graph.passages.placing.passages_in")
def test_placing_the_assertions_of_a_source_is_linear() -> None:
    def prepare(n: int) -> Asked:
        text = "It is so.\n" * n
        places = [{"start": 10 * i, "end": 10 * i + 9} for i in range(n)]
        said = [assertion(f"x{i:05}", "p", "s", locator=place) for i, place in enumerate(places)]
        graph = graph_of(source("s"), statement("p"), *said)
        return lambda: passages_in(graph, "s", text)

    grows(prepare, LINEARITHMIC)


@promises("graph.search.near_duplicates.related_statements")
def test_looking_for_related_statements_costs_those_that_share_a_word() -> None:
    def prepare(n: int) -> Asked:
        graph = graph_of(*(statement(f"p{i:05}", f"word{i % 7} and other{i}") for i in range(n)))
        related_statements(graph, "word3")
        return lambda: related_statements(graph, "word3 and word4")

    grows(prepare, LINEARITHMIC)
