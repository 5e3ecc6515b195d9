"""What others write appears without a reload, and a form that it concerns says so."""

from __future__ import annotations

import json
from collections.abc import Callable

from playwright.sync_api import APIResponse, Page, Request, Route, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

LATE = (
    ("statements", "late", {"text": "The oven is cold."}),
    ("arguments", "a-late", {"premises": ["late"], "target": "bread", "stance": "opposing"}),
)
LOOKED = 30_000
"""Milliseconds; where it is told nothing the page looks every five seconds."""
FULL = json.dumps({"status": 503, "code": "busy", "detail": "as many follow as may"})


def _is_stream(request: Request) -> bool:
    return "/changes?since=" in request.url and request.headers.get("accept") == "text/event-stream"


def test_the_page_is_told_what_others_write_as_it_happens(visit: Visit, small: SmallMap) -> None:
    page = visit.page
    page.clock.install()
    with page.expect_request(_is_stream):
        visit.go(small.id)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.clock.run_for(60_000)
    page.evaluate("() => fetch('/healthz')")
    assert [url for url in asked if "/v1/" in url] == [], "whoever is told does not look"
    small.make(*LATE)
    expect(visit.node("late")).to_have_count(1)
    small.delete("statements", "late")
    expect(visit.node("late")).to_have_count(0)


def test_where_the_service_tells_nothing_the_page_looks_by_itself(visit: Visit, small: SmallMap) -> None:
    def full(route: Route) -> None:
        if _is_stream(route.request):
            route.fulfill(status=503, content_type="application/problem+json", body=FULL)
        else:
            route.continue_()

    visit.page.route("**/changes?since=*", full)
    visit.go(small.id)
    small.make(*LATE)
    expect(visit.node("late")).to_have_count(1, timeout=LOOKED)


def test_what_was_written_while_the_page_was_cut_off_is_told_when_it_is_back(
    open_page: Callable[..., Page], small: SmallMap
) -> None:
    visit = Visit(open_page())
    visit.go(small.id)
    visit.page.context.set_offline(True)
    small.make(*LATE)
    visit.page.context.set_offline(False)
    expect(visit.node("late")).to_have_count(1, timeout=LOOKED)


def test_a_sentence_of_one_s_own_is_never_seen_twice(visit: Visit, small: SmallMap) -> None:
    """The stream may tell of a write before its own answer is there."""
    held: list[tuple[Route, APIResponse]] = []
    visit.go(small.id)
    visit.page.route("**/arguments", lambda route: held.append((route, route.fetch())))
    visit.node("bread").locator(".box").hover()
    visit.page.locator(".handles").get_by_role("button", name="Add a reason against").click()
    visit.page.keyboard.type("Cake is dear.")
    sentence = visit.page.locator(".node.statement", has_text="Cake is dear")
    with visit.page.expect_request("**/arguments"):
        visit.page.keyboard.press("Control+Enter")
    expect(sentence).to_have_count(1)
    small.make(*LATE)
    expect(sentence).to_have_count(1)
    [(route, answer)] = held
    route.fulfill(response=answer)
    expect(visit.said).to_contain_text("Saved.")
    expect(visit.node("late")).to_have_count(1)
    expect(sentence).to_have_count(1)


def test_a_form_says_that_its_node_was_changed_meanwhile_and_keeps_what_was_typed(
    visit: Visit, small: SmallMap
) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    text = visit.panel.get_by_label("text (required)")
    text.fill("Ann is hungry at noon.")
    small.change("statements", "shut", text="The bakery is shut on Mondays.")
    small.change("statements", "hungry", credence=0.9)
    expect(visit.panel.get_by_text("Someone else has changed this")).to_be_visible()
    expect(text).to_have_value("Ann is hungry at noon.")


def test_a_past_state_follows_nothing(visit: Visit, small: SmallMap) -> None:
    followed: list[str] = []
    visit.page.on("request", lambda request: followed.append(request.url) if _is_stream(request) else None)
    visit.go(small.id, as_of=small.head["revision"], panel="none")
    small.make(*LATE)
    visit.page.get_by_role("button", name="Outline").click()
    expect(visit.node("shut").first).to_be_attached()
    expect(visit.node("late")).to_have_count(0)
    assert followed == []
    visit.page.get_by_role("button", name="Back to now").click()
    expect(visit.node("late").first).to_be_attached()
