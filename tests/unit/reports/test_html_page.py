"""The summary as a web page: whole, escaped, with anchors, and able to do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings

from graph.reports.summary import html_page, summary_of_map
from graph.snapshot.argument_graph import ArgumentGraph
from tests.support.headers import graph_of, header
from tests.support.nodes import actor, argument, assertion, source, statement
from tests.support.strategies import Nodes, whole_maps


class Read(HTMLParser):
    """Tags that are open, anchors, links and words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.anchors: list[str] = []
        self.links: list[str] = []
        self.words = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        found = dict(attributes)
        assert not any(name.startswith("on") for name in found)
        self.anchors += [str(found["id"])] if "id" in found else []
        self.links += [str(found["href"])] if "href" in found else []
        if tag not in ("meta", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


TAGS = {
    "html", "head", "meta", "title", "style", "body", "main", "h1", "h2", "p", "section", "sup", "a", "ol", "li",
    "span", "code", "footer",
}  # fmt: skip


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(whole_maps())
def test_whatever_a_map_holds_the_page_is_whole_and_every_receipt_is_there(nodes: Nodes) -> None:
    graph = graph_of(list(nodes.values()))
    for detail in ("brief", "normal"):
        page = Read(html_page(summary_of_map(graph, detail), graph))  # type: ignore[arg-type]
        assert page.open == []
        assert page.tags <= TAGS
        assert len(set(page.anchors)) == len(page.anchors)
        assert {link[1:] for link in page.links} <= set(page.anchors)
        assert all(link.startswith("#") for link in page.links)


def test_texts_are_text() -> None:
    nasty = '<script>alert("1")</script> & <img src=x onerror=y>'
    nodes = [
        actor("k", nasty, actor_kind="person"), source("s", nasty), statement("p", nasty), statement("q", "Q"),
        argument("a", "p", "q"), assertion("x", "p", "s", chain=("k",)),
    ]  # fmt: skip
    graph = ArgumentGraph.of(header(question=nasty), nodes)
    text = html_page(summary_of_map(graph), graph)
    assert "<script" not in text
    assert "<img" not in text
    assert Read(text).words.count(nasty) >= 3


def test_receipts_tell_two_of_one_name_apart() -> None:
    people = [actor("k", "Kim", actor_kind="person"), actor("l", "Kim", actor_kind="person")]
    held = [statement("p", "It rains"), assertion("x", "p", "s", chain=("k",)), assertion("y", "p", "s", chain=("l",))]
    graph = graph_of(people, held, source("s", "The Post"))
    words = Read(html_page(summary_of_map(graph), graph)).words
    assert "Kim (1 of 2) k" in words
    assert "Kim (2 of 2) l" in words


def test_a_page_names_as_many_receipts_as_anybody_reads_and_counts_the_rest() -> None:
    graph = graph_of(*(statement(f"p{n:04}", f"Point {n}") for n in range(1_200)))
    page = Read(html_page(summary_of_map(graph), graph))
    assert "and 700 more, which the summary as JSON names" in page.words
    assert page.words.count("p0001") >= 1


def test_it_prints_and_runs_nothing() -> None:
    graph = graph_of(statement("p"))
    text = html_page(summary_of_map(graph), graph)
    assert "@media print" in text
    assert re.search("Content-Security-Policy.+default-src 'none'", text)
    assert text.startswith('<!doctype html><html lang="en">')
