"""What the eye meets first: theses on top, the motives as titled boxes, everything legible and nothing overlapping."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import httpx2
import pytest
from playwright.sync_api import Page, Route, expect

from tests.ui.visit import SEED, Visit

BOXES = """() => [...document.querySelectorAll('svg.canvas [data-id]:not(.dot)')].map((node) => {
    const { left, top, right, bottom } = node.querySelector('.box').getBoundingClientRect()
    const texts = [...node.querySelectorAll('text')].filter((text) => getComputedStyle(text).display !== 'none')
    const inside = texts.every((text) => {
        const its = text.getBoundingClientRect()
        return its.left >= left - 1 && its.right <= right + 1 && its.top >= top - 2 && its.bottom <= bottom + 2
    })
    return { id: node.dataset.id, left, top, right, bottom, inside }
})"""


def test_the_thesis_stands_above_its_motives(visit: Visit) -> None:
    visit.go()
    heights = [visit.node(id).bounding_box() for id in ("t-main", "food")]
    assert heights[0]["y"] < heights[1]["y"], "theses stand above"
    expect(visit.node("t-main").locator(".box")).to_be_in_viewport(ratio=1)
    expect(visit.page.locator("svg.canvas .motive .title").first).to_be_in_viewport()


def test_motives_stand_in_the_order_of_their_strength(visit: Visit) -> None:
    visit.go()
    told = visit.page.locator("svg.canvas .motive").evaluate_all(
        "(all) => all.map((one) => /([01]\\.[0-9]+)/.exec(one.textContent)?.[1])"
    )
    strengths = [float(one) for one in told[:6]]
    assert strengths == sorted(strengths, reverse=True)
    first = visit.page.locator("svg.canvas .motive .title").first.text_content()
    assert visit.panel.locator("ol li a").first.text_content() == first


def test_all_that_the_first_drawing_needs_is_asked_for_once_and_before_the_page_s_own_script(visit: Visit) -> None:
    page = visit.page
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/assets/index-*.js", hold)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(urlsplit(request.url).path.removeprefix(f"/v1/maps/{SEED}")))
    needed = ["", "/graph", "/evaluation", "/evaluation", "/assertions", "/actors", "/sources", "/motives"]
    with page.expect_event("request", lambda _: sorted(one for one in asked if one in needed) == sorted(needed)):
        page.goto(f"/?map={SEED}", wait_until="commit")
    held[0].continue_()
    visit.settled()
    expect(visit.node("t-main")).to_be_visible()
    assert sorted(one for one in asked if one in needed) == sorted(needed)


def test_every_objection_to_a_thesis_or_motive_is_unfolded(visit: Visit) -> None:
    visit.go()
    graph = httpx2.get(f"{visit.page.url.split('?')[0]}v1/maps/{SEED}/graph").json()
    heads = {one["id"] for one in graph["nodes"] if one["kind"] == "motive" or one.get("origin") == "constructed"}
    stances = {one["id"]: one.get("stance") for one in graph["nodes"] if one["kind"] == "argument"}
    against = [
        one["source"]
        for one in graph["edges"]
        if one["relation"] == "targets" and one["target"] in heads and stances[one["source"]] == "opposing"
    ]
    assert len(against) >= 4
    for id in against:
        expect(visit.node(id)).to_have_count(1)


SMALLEST = """() => Math.min(...[...document.querySelectorAll('svg.canvas .node text')]
    .filter((text) => text.textContent.trim() && getComputedStyle(text).display !== 'none')
    .map((text) => parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))"""


@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (390, 844)])
def test_no_word_on_the_map_is_smaller_than_twelve_pixels(
    open_page: Callable[..., Page], size: tuple[int, int]
) -> None:
    page = open_page(*size)
    visit = Visit(page)
    visit.go(view="map", unfolded=1)
    assert page.evaluate(SMALLEST) >= 11.9
    for _ in range(6):
        page.get_by_role("button", name="Zoom out").click()
        assert page.evaluate(SMALLEST) >= 11.9


@pytest.mark.parametrize("query", [{}, {"unfolded": 1}, {"focus": "food"}, {"selected": "p-40"}])
def test_no_box_overlaps_another_and_words_stay_inside(visit: Visit, query: dict[str, Any]) -> None:
    visit.go(**query)
    boxes = visit.page.evaluate(BOXES)
    assert len(boxes) > 10
    over = [
        (a["id"], b["id"])
        for n, a in enumerate(boxes)
        for b in boxes[n + 1 :]
        if min(a["right"], b["right"]) - max(a["left"], b["left"]) > 0.5
        and min(a["bottom"], b["bottom"]) - max(a["top"], b["top"]) > 0.5
    ]
    assert over == []
    assert [box["id"] for box in boxes if not box["inside"]] == []


def test_an_undercut_ends_on_the_node_of_the_argument(visit: Visit) -> None:
    visit.go(selected="a-164")
    attacked = visit.node("a-041").locator(".disc").bounding_box()
    [end] = visit.page.evaluate(
        """() => [...document.querySelectorAll('svg.canvas .line.opposing[marker-end]')]
            .filter((line) => line.classList.contains('near'))
            .map((line) => { const at = line.getPointAtLength(line.getTotalLength())
                const p = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM()); return [p.x, p.y] })"""
    )
    middle = (attacked["x"] + attacked["width"] / 2, attacked["y"] + attacked["height"] / 2)
    assert abs(end[0] - middle[0]) < 14
    assert abs(end[1] - middle[1]) < 14


def test_theses_and_motives_are_met_on_a_larger_screen_without_moving_the_map(open_page: Callable[..., Page]) -> None:
    page = open_page(1440, 900)
    visit = Visit(page)
    visit.go()
    for id in page.locator("svg.canvas .thesis").evaluate_all("(all) => all.map((one) => one.dataset.id)"):
        expect(visit.node(id).locator(".box")).to_be_in_viewport(ratio=1)
    for id in page.locator("svg.canvas .motive").evaluate_all("(all) => all.slice(0, 4).map((one) => one.dataset.id)"):
        expect(visit.node(id).locator(".title").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [(1440, 900), (1280, 800), (390, 844)])
def test_no_thesis_and_no_motive_is_cut_at_the_side_and_each_source_is_named(
    open_page: Callable[..., Page], size: tuple[int, int], scheme: str
) -> None:
    page = open_page(*size, color_scheme=scheme)
    visit = Visit(page)
    visit.go(view="map")
    room = page.locator("svg.canvas").bounding_box()
    boxes = page.locator("svg.canvas").locator(".thesis, .motive")
    assert boxes.count() > 10
    for at in range(boxes.count()):
        box = boxes.nth(at).locator(".box").bounding_box()
        assert room["x"] <= box["x"]
        assert box["x"] + box["width"] <= room["x"] + room["width"]
    if size[0] > 1000:
        for id in boxes.evaluate_all("(all) => all.map((one) => one.dataset.id)")[:10]:
            expect(visit.node(id).locator("text").first).to_be_in_viewport(ratio=1)
    chips = page.locator("svg.canvas .statement .chips").all_text_contents()
    assert chips
    assert all(re.match(r"\w", one) for one in chips), "who says it, not only how firmly"


def test_who_says_it_stands_on_its_box(open_page: Callable[..., Page]) -> None:
    visit = Visit(open_page(1440, 900))
    visit.go()
    box = visit.page.locator("svg.canvas .statement").filter(has_text="Over the long run joining").first
    expect(box.locator(".chips")).to_contain_text("EU · KH")
    expect(box).to_have_attribute("aria-label", re.compile(r"Said in EU Today, The Korea Herald"))


def test_an_actor_or_source_lights_what_it_says(visit: Visit) -> None:
    visit.go(selected="s-kh", panel="node")
    expect(visit.panel.get_by_role("heading", name=re.compile(r"^Holds \d+ claims"))).to_be_visible()
    expect(visit.page.locator("svg.canvas .node.lit").first).to_be_attached()
    dim = visit.page.locator("svg.canvas .dim .node:not(.lit, .holds)").first
    assert float(dim.evaluate("(node) => getComputedStyle(node).opacity")) < 0.5


def test_a_box_under_which_something_lit_is_folded_says_so(visit: Visit) -> None:
    visit.go(selected="nam-sung-wook", panel="node")
    holding = visit.page.locator("svg.canvas .node.holds").first
    expect(holding).to_have_accessible_name(re.compile("Some of what is lit is folded here"))
    assert float(holding.evaluate("(node) => getComputedStyle(node).opacity")) == 1
    holding.locator(".fold").click()
    expect(visit.page.locator("svg.canvas .statement.lit").first).to_be_attached()


def test_the_whole_map_is_shown_with_the_titles_of_its_motives(visit: Visit) -> None:
    visit.go()
    visit.page.get_by_role("button", name="Show all").click()
    for id in ("food", "finance"):
        expect(visit.node(id).locator(".title").first).to_be_in_viewport()


def test_the_signs_are_told_on_demand(visit: Visit) -> None:
    visit.go()
    visit.page.keyboard.press("?")
    for words in (
        "supports",
        "opposes",
        "challenges the inference",
        "jointly (linked premises)",
        "stated in the source",
        "inferred by the analyst",
        "thesis",
        "motive",
    ):
        expect(visit.panel.get_by_text(words, exact=True)).to_be_attached()
    expect(visit.panel.get_by_text("Ctrl + Enter")).to_be_attached()


def test_the_brief_stands_beside_the_map_and_can_be_closed(visit: Visit) -> None:
    visit.go()
    expect(visit.panel.get_by_role("heading", name="Motives, the strongest first")).to_be_visible()
    expect(visit.panel).to_contain_text("Does joining Russia's war benefit North Korea")
    width = visit.page.locator("svg.canvas").bounding_box()["width"]
    visit.panel.get_by_role("button", name="Close").click()
    expect(visit.panel).to_have_count(0)
    assert visit.page.locator("svg.canvas").bounding_box()["width"] > width + 250
    visit.page.reload()
    visit.settled()
    expect(visit.panel).to_have_count(0)


def test_a_panel_comes_into_sight_where_the_window_is_narrow(open_page: Callable[..., Page]) -> None:
    page = open_page(390, 844)
    visit = Visit(page)
    visit.go()
    visit.page.get_by_role("treeitem").filter(has_text="Firepower").first.click()
    expect(visit.panel.get_by_role("heading", name="Firepower")).to_be_in_viewport()
    expect(visit.page.get_by_role("tree")).to_be_in_viewport()


def test_a_phone_has_one_row_of_chrome_and_the_outline_first(open_page: Callable[..., Page]) -> None:
    page = open_page(390, 844)
    Visit(page).go()
    expect(page.get_by_role("tree")).to_be_visible()
    assert page.locator("header").bounding_box()["height"] < 56
    page.get_by_role("button", name="Map", exact=True).click()
    expect(page.locator('[data-id="t-main"] .box')).to_be_in_viewport()
    Visit(page).tool("More").click()
    page.get_by_role("button", name="Paths").click()
    expect(page.get_by_role("heading", name="Paths")).to_be_in_viewport()
