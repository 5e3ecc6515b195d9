"""The summary as a web page: whole, escaped, with anchors, and able to do nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from hypothesis import HealthCheck, given, settings

from graph.reports.html_page import html_page
from graph.reports.summary import summary_of_map
from schemas.node import label
from tests.support.headers import graph_of
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
        page = Read(html_page(summary_of_map(graph, detail), lambda i: label(graph.node(i))))  # type: ignore[arg-type]
        assert page.open == []
        assert page.tags <= TAGS
        assert len(set(page.anchors)) == len(page.anchors)
        assert {link[1:] for link in page.links} <= set(page.anchors)
        assert all(link.startswith("#") for link in page.links)


def test_texts_are_text() -> None:
    nasty = '<script>alert("1")</script> & <img src=x onerror=y>'
    graph = graph_of(
        actor("k", nasty, actor_kind="person"), source("s", nasty), statement("p", nasty), statement("q", "Q"),
        argument("a", "p", "q"), assertion("x", "p", "s", chain=("k",)),
    )  # fmt: skip
    text = html_page(summary_of_map(graph), lambda i: label(graph.node(i)), nasty)
    assert "<script" not in text
    assert "<img" not in text
    assert nasty in Read(text).words


def test_it_prints_and_runs_nothing() -> None:
    text = html_page(summary_of_map(graph_of(statement("p"))), lambda i: i)
    assert "@media print" in text
    assert re.search("Content-Security-Policy.+default-src 'none'", text)
    assert text.startswith('<!doctype html><html lang="en">')
