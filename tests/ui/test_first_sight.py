"""What the eye meets first: theses on top, the motives as titled boxes, everything legible and nothing overlapping."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.sights import MOTIVES, SEED, Sights
from tests.ui.small import SmallMap

BOXES = """() => [...document.querySelectorAll('svg.canvas [data-id]:not(.dot)')].map((node) => {
    const { left, top, right, bottom } = node.querySelector('.box').getBoundingClientRect()
    const texts = [...node.querySelectorAll('text')].filter((text) => getComputedStyle(text).display !== 'none')
    const inside = texts.every((text) => {
        const its = text.getBoundingClientRect()
        return its.left >= left - 1 && its.right <= right + 1 && its.top >= top - 2 && its.bottom <= bottom + 2
    })
    return { id: node.dataset.id, left, top, right, bottom, inside }
})"""


def test_the_thesis_and_the_five_motives_are_seen_without_search(sights: Sights) -> None:
    sights.go()
    for id in ("t-main", "food", "finance", "firepower", "space-technology", "defence-pact"):
        expect(sights.node(id).locator(".box")).to_be_in_viewport(ratio=0.9)
    heights = [sights.node(id).bounding_box() for id in ("t-main", "food")]
    assert heights[0]["y"] < heights[1]["y"], "theses stand above"
    for name in MOTIVES:
        assert _size_on_screen(sights.page, f".title:text-is('{name}')") >= 14
    assert _size_on_screen(sights.page, ".thesis .words") >= 12


def _size_on_screen(page: Page, selector: str) -> float:
    script = "(text) => parseFloat(getComputedStyle(text).fontSize) * text.getCTM().a"
    return float(page.locator(f"svg.canvas {selector}").first.evaluate(script))


@pytest.mark.parametrize("query", [{}, {"unfolded": 1}, {"focus": "food"}, {"selected": "p-40"}])
def test_no_box_overlaps_another_and_words_stay_inside(sights: Sights, query: dict[str, Any]) -> None:
    sights.go(**query)
    boxes = sights.page.evaluate(BOXES)
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


def test_an_undercut_ends_on_the_node_of_the_argument(sights: Sights) -> None:
    sights.go(selected="a-164")
    attacked = sights.node("a-001").locator(".disc").bounding_box()
    [end] = sights.page.evaluate(
        """() => [...document.querySelectorAll('svg.canvas .line.opposing[marker-end]')]
            .filter((line) => line.classList.contains('near'))
            .map((line) => { const at = line.getPointAtLength(line.getTotalLength())
                const p = new DOMPoint(at.x, at.y).matrixTransform(line.getScreenCTM()); return [p.x, p.y] })"""
    )
    middle = (attacked["x"] + attacked["width"] / 2, attacked["y"] + attacked["height"] / 2)
    assert abs(end[0] - middle[0]) < 14
    assert abs(end[1] - middle[1]) < 14


def test_every_thesis_is_met_on_a_larger_screen_without_moving_the_map(open_page: Callable[..., Page]) -> None:
    page = open_page(1440, 900)
    sights = Sights(page)
    sights.go()
    for id in page.locator("svg.canvas .thesis").evaluate_all("(all) => all.map((one) => one.dataset.id)"):
        expect(sights.node(id).locator(".box")).to_be_in_viewport(ratio=1)


def test_nothing_lies_over_the_map(sights: Sights) -> None:
    sights.go()
    drawing = sights.page.locator("svg.canvas").bounding_box()
    controls = sights.page.get_by_role("button", name="Show all").bounding_box()
    assert controls["y"] >= drawing["y"] + drawing["height"]


def test_the_whole_map_is_shown_with_its_words(sights: Sights) -> None:
    sights.go()
    sights.page.get_by_role("button", name="Show all").click()
    for id in ("p-15", "p-49"):
        expect(sights.node(id).locator(".words").first).to_be_visible()


def test_the_legend_is_always_there(sights: Sights) -> None:
    sights.go()
    legend = sights.page.get_by_role("complementary", name="Legend")
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
        expect(legend.get_by_text(words, exact=True)).to_be_in_viewport()


def test_one_map_alone_is_opened_and_maps_can_be_changed(page: Page) -> None:
    page.goto("/?view=map")
    expect(page.get_by_role("heading", name="Choose a map")).to_be_visible()
    page.get_by_role("link", name="Food, finance and firepower").click()
    expect(page.locator("#main [data-id]").first).to_be_attached()
    assert f"map={SEED}" in page.url
    page.get_by_title("Change map").click()
    expect(page.get_by_role("heading", name="Choose a map")).to_be_visible()


def test_the_list_of_maps_counts_what_they_hold(page: Page, small: SmallMap) -> None:
    page.goto("/?view=map")
    entry = page.get_by_role("listitem").filter(has_text=small.id)
    expect(entry).to_contain_text(
        "revision 2 · 2 actors · 1 motive · 3 statements · 3 arguments · 1 source · 1 assertion"
    )


def test_a_panel_comes_into_sight_where_the_window_is_narrow(open_page: Callable[..., Page]) -> None:
    page = open_page(390, 844)
    sights = Sights(page)
    sights.go()
    sights.node("firepower").locator(".title").first.click()
    expect(sights.panel.get_by_role("heading", name="Details")).to_be_in_viewport()


def test_a_small_screen_shows_a_legible_part(open_page: Callable[..., Page]) -> None:
    page = open_page(900, 700)
    Sights(page).go()
    assert _size_on_screen(page, ".statement .words") >= 9.5
    expect(page.locator('[data-id="t-main"] .box')).to_be_in_viewport()
