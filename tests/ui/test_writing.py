"""Writing on the map itself: in place, one click a node, nothing lost, nothing moved that need not move."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

PLACES = """() => Object.fromEntries([...document.querySelectorAll('svg.canvas .node:not(.dot)')]
    .map((node) => [node.dataset.id, node.getAttribute('transform')]))"""
THERE = "svg.canvas .node:not([data-id^='~'])"
AWAY = {"status": 503, "code": "store_unavailable", "detail": "away"}


def _handles(visit: Visit, id: str) -> Locator:
    visit.node(id).locator(".box").hover()
    return visit.page.locator(".handles")


def test_reasons_are_written_in_place_one_after_another_and_deeper(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    page = visit.page
    expect(page.get_by_label("Reason for: bread")).to_be_focused()
    page.keyboard.type("She skipped her supper.")
    page.keyboard.press("Enter")
    page.keyboard.type("She has not eaten since noon.")
    page.keyboard.press("Tab")
    expect(page.get_by_label("Reason for: She has not eaten since noon")).to_be_focused()
    page.keyboard.type("The clock says so.")
    page.keyboard.press("Enter")
    expect(page.locator(".node.draft")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator(".node.draft")).to_have_count(0)
    visit.all_saved()
    texts = {one["id"]: one["text"] for one in small.read("statements")["items"]}
    steps = [(texts[one["premises"][0]], texts.get(one["target"], one["target"])) for one in _made(small)]
    assert sorted(steps) == [
        ("She has not eaten since noon.", "bread"),
        ("She skipped her supper.", "bread"),
        ("The clock says so.", "She has not eaten since noon."),
    ]
    for one in _made(small):
        expect(visit.node(one["premises"][0]).locator(".box")).to_be_in_viewport(ratio=1)


def _made(small: SmallMap) -> list[dict[str, Any]]:
    return [one for one in small.read("arguments")["items"] if one["id"] not in {"a1", "a2", "a3"}]


def test_what_is_added_moves_nothing_that_stands_above_or_beside_it(open_page: Callable[..., Page]) -> None:
    visit = Visit(open_page(1440, 900))
    visit.go()
    before = visit.page.evaluate(PLACES)
    _handles(visit, "food").get_by_role("button", name="Add a reason against").click()
    expect(visit.page.locator(".node.draft")).to_have_count(1)
    after = visit.page.evaluate(PLACES)
    stayed = {id for id, place in before.items() if after[id] == place}
    for id in ("t-main", "t-why", "t-long", "t-short", "t-opp", "gain-food", "food", "finance", "firepower"):
        assert id in stayed
    visit.page.keyboard.press("Escape")


def test_an_inference_is_challenged_in_place(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("a2").hover()
    visit.page.locator(".handles").get_by_role("button", name="Challenge this inference").click()
    visit.page.keyboard.type("Hunger is no motive.")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    [made] = _made(small)
    assert (made["target"], made["stance"], made["attack"]) == ("a2", "opposing", "undercut")
    expect(visit.node(made["id"])).to_have_count(1)


def test_a_sentence_that_is_refused_stays_in_its_place_and_is_sent_again(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page

    def away(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(AWAY))

    page.route("**/arguments", away)
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("Bread is dear.")
    page.keyboard.press("Enter")
    waiting = page.get_by_role("group", name="Not saved yet.")
    expect(waiting).to_contain_text("Bread is dear.")
    expect(waiting.get_by_role("alert")).to_contain_text("does not answer")
    page.unroute("**/arguments")
    waiting.get_by_role("button", name="Try again").click()
    expect(visit.said).to_contain_text("Saved.")
    expect(waiting).to_have_count(0)
    assert [one["target"] for one in _made(small)] == ["bread"]
    assert _kept(page) == []


def _kept(page: Page) -> list[str]:
    found: list[str] = page.evaluate("() => Object.keys(localStorage).filter((one) => one.startsWith('argumap.draft'))")
    return found


def test_no_letter_is_lost_while_the_sentence_above_is_still_being_saved(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page
    held: list[Route] = []
    holding = True

    def pass_on(route: Route) -> None:
        if holding:
            held.append(route)
        else:
            route.continue_()

    page.route("**/arguments", pass_on)
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    for text in ("One.", "Two.", "Three."):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.type("Four")
    expect(page.get_by_label("Reason for: Three")).to_have_value("Four")
    expect(page.get_by_label("Reason for: Three")).to_be_focused()
    holding = False
    [first] = held
    first.continue_()
    for text in ("Three.", "Two.", "One."):
        expect(page.locator(THERE).filter(has_text=text)).to_have_count(1)
    expect(page.get_by_label("Reason for: Three")).to_have_value("Four")
    page.keyboard.type(".")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#sentence")).to_have_count(0)
    visit.all_saved()
    texts = {one["id"]: one["text"] for one in small.read("statements")["items"]}
    steps = [(texts[one["premises"][0]], texts.get(one["target"], one["target"])) for one in _made(small)]
    assert sorted(steps) == [("Four.", "Three."), ("One.", "bread"), ("Three.", "Two."), ("Two.", "One.")]
    assert _kept(page) == []


def test_what_hangs_on_a_refused_sentence_waits_with_it_and_goes_with_it(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page
    page.route("**/arguments", lambda route: route.fulfill(status=503, json=AWAY))
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("Bread is dear.")
    page.keyboard.press("Tab")
    page.keyboard.type("Flour is dear.")
    page.keyboard.press("Control+Enter")
    waiting = page.get_by_role("group", name="Not saved yet.")
    expect(waiting).to_have_count(2)
    above, below = (waiting.filter(has_text=text) for text in ("Bread is dear.", "Flour is dear."))
    expect(above.get_by_role("button", name="Discard")).to_be_hidden()
    page.unroute("**/arguments")
    below.get_by_role("button", name="Save").click()
    expect(waiting).to_have_count(0)
    visit.all_saved()
    texts = {one["id"]: one["text"] for one in small.read("statements")["items"]}
    steps = [(texts[one["premises"][0]], texts.get(one["target"], one["target"])) for one in _made(small)]
    assert sorted(steps) == [("Bread is dear.", "bread"), ("Flour is dear.", "Bread is dear.")]
    assert _kept(page) == []


def test_a_sentence_that_was_left_unsaved_comes_back_after_a_reload(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    _handles(visit, "bread").get_by_role("button", name="Add a reason against").click()
    visit.page.keyboard.type("Cake is at hand.")
    visit.go(small.id)
    _handles(visit, "bread").get_by_role("button", name="Add a reason against").click()
    expect(visit.page.get_by_label("Reason against: bread")).to_have_value("Cake is at hand.")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    _handles(visit, "bread").get_by_role("button", name="Add a reason against").click()
    expect(visit.page.get_by_label("Reason against: bread")).to_have_value("")


def test_writing_elsewhere_leaves_the_first_sentence_where_it_was(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("Half a thought")
    page.locator("svg.canvas .thesis .box").hover()
    page.keyboard.press("Escape")
    _handles(visit, "thesis").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("A whole one.")
    page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    _handles(visit, "bread").get_by_role("button", name="Add a reason for").click()
    expect(page.get_by_label("Reason for: bread")).to_have_value("Half a thought")


def test_a_box_is_dragged_onto_another_to_argue(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("hungry").locator(".box").drag_to(visit.node("thesis").locator(".box"))
    asked = visit.page.get_by_role("dialog", name="What this is for the other")
    expect(asked).to_contain_text("Ann is hungry every morning")
    asked.get_by_role("button", name="opposes it").click()
    expect(visit.said).to_contain_text("Saved.")
    [made] = _made(small)
    assert (made["premises"], made["target"], made["stance"]) == (["hungry"], "thesis", "opposing")


def test_an_argument_is_dragged_to_another_target(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("a3").locator(".disc").drag_to(visit.node("thesis").locator(".box"))
    visit.page.get_by_role("dialog").get_by_role("button", name="Move it here").click()
    expect(visit.said).to_contain_text("Saved.")
    assert small.read("arguments/a3")["target"] == "thesis"


def test_a_drag_that_is_let_go_of_nowhere_changes_nothing(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("hungry").locator(".box").drag_to(visit.page.locator("svg.canvas"), target_position={"x": 20, "y": 400})
    expect(visit.page.get_by_role("dialog")).to_have_count(0)
    assert small.head["revision"] == 2


def test_a_drop_that_is_refused_says_why(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("a2").locator(".disc").drag_to(visit.node("hungry").locator(".box"))
    visit.page.get_by_role("dialog").get_by_role("button", name="Move it here").click()
    expect(visit.page.get_by_role("alert")).to_be_visible()
    visit.page.get_by_role("button", name="Dismiss").click()
    assert small.read("arguments/a2")["target"] == "bread"


def test_everything_is_written_by_keys_alone(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page
    page.locator('svg.canvas [tabindex="0"]').focus()
    page.keyboard.press("ArrowDown")
    expect(visit.node("a1")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(visit.node("bread")).to_be_focused()
    page.keyboard.press("f")
    page.keyboard.type("The oven is warm.")
    page.keyboard.press("Control+Enter")
    expect(visit.node("bread")).to_be_focused()
    page.keyboard.press("a")
    page.keyboard.type("The oven is cold.")
    page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("revision 4")
    assert sorted(one["stance"] for one in _made(small)) == ["opposing", "supporting"]


def test_a_finger_writes_and_a_finger_that_rests_drags(open_page: Callable[..., Page], small: SmallMap) -> None:
    page = open_page(800, 1000, has_touch=True)
    visit = Visit(page)
    visit.go(small.id, view="map")
    visit.node("bread").locator(".title").tap()
    page.get_by_role("button", name="Close").tap()
    page.locator(".handles").get_by_role("button", name="Add a reason for").tap()
    page.keyboard.type("The oven is warm.")
    page.get_by_role("button", name="Save", exact=True).tap()
    expect(visit.said).to_contain_text("Saved.")
    page.get_by_role("button", name="Close", exact=True).last.tap()
    _rest_and_drag(page, visit.node("shut").locator(".box"), visit.node("thesis").locator(".box"))
    page.get_by_role("dialog").get_by_role("button", name="opposes it").tap()
    expect(visit.said).to_contain_text("revision 4")


def _rest_and_drag(page: Page, start: Locator, end: Locator) -> None:
    """What a finger does; the browser's own protocol speaks for it."""
    touch = page.context.new_cdp_session(page)
    (a, b) = (start.bounding_box(), end.bounding_box())
    assert a
    assert b
    point = {"x": a["x"] + 20, "y": a["y"] + 10}
    goal = {"x": b["x"] + 30, "y": b["y"] + 12}
    touch.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [point]})
    expect(page.locator(".drawing.dragging")).to_have_count(1)
    touch.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [goal]})
    touch.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


@pytest.mark.parametrize("query", [{"panel": "add"}, {"panel": "new", "form": "actor"}, {"panel": "edit"}])
def test_nothing_is_written_in_a_past_state(visit: Visit, small: SmallMap, query: dict[str, str]) -> None:
    visit.go(small.id, as_of=2, selected="bread", **query)
    expect(visit.panel.get_by_role("alert")).to_contain_text("Nothing can be changed in it.")
    expect(visit.panel.locator("form")).to_have_count(0)
    visit.node("bread").locator(".box").hover()
    expect(visit.page.locator(".handles")).to_have_count(0)
    expect(visit.tool("Add argument")).to_have_count(0)
    visit.page.get_by_role("button", name="Back to now").first.click()
    expect(visit.panel.locator("form")).to_have_count(1)
