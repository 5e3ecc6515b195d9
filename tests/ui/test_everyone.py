"""For everyone: what a reader's tools meet, and every way of showing the page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.accessibility import violations_of
from tests.ui.small import SmallMap
from tests.ui.visit import Visit

VIEWS: dict[str, dict[str, Any]] = {
    "map": {},
    "node": {"selected": "food", "panel": "node"},
    "outline": {"view": "outline", "selected": "p-15", "panel": "node"},
    "table": {"view": "table", "verdicts": 1},
    "paths": {"panel": "paths", "from": "p-15", "to": "t-main", "path": 0},
    "why": {"panel": "why", "selected": "food"},
    "what-if": {"panel": "what-if", "off": "food", "credence": "p-15:0.2"},
    "brief": {"panel": "brief"},
    "about": {"panel": "brief", "about": "food"},
    "guide": {"panel": "guide"},
    "actor": {"panel": "node", "selected": "wi-sung-lac"},
    "home": {"map": ""},
    "filters": {"panel": "filters", "actors": "eu-today"},
    "add": {"panel": "add", "form": "opposing:food"},
    "edit": {"panel": "edit", "selected": "kh-24"},
    "history": {"panel": "history"},
    "reading": {"reading": "s-eu", "panel": "none"},
    "drafts": {"panel": "drafts"},
    "duplicates": {"panel": "duplicates"},
    "merging": {"panel": "merge", "selected": "s-inss-1022", "form": "s-inss-eu"},
    "the map itself": {"panel": "map"},
    "a past state": {"as_of": "1", "panel": "history"},
}
LIGHT_ONLY = {"outline", "paths", "about", "guide", "actor", "home", "filters", "add"}
"""Sights whose colours others have too."""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(open_page: Callable[..., Page], axe: str, scheme: str) -> None:
    # The page's own policy would refuse the tool too.
    page = open_page(color_scheme=scheme, bypass_csp=True)
    visit = Visit(page)
    found: dict[str, list[str]] = {}
    for name, query in VIEWS.items():
        if scheme == "dark" and name in LIGHT_ONLY:
            continue
        if query.get("map") == "":
            page.goto("/?map=")
            expect(page.get_by_role("listitem").first).to_be_visible()
        else:
            visit.go(**query)
        if name == "the map itself":
            visit.panel.get_by_role("checkbox").check()  # its weights
        if violations := violations_of(page, axe):
            found[name] = violations
    assert found == {}, found


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_where_something_was_written(
    open_page: Callable[..., Page], small: SmallMap, axe: str, scheme: str
) -> None:
    page = open_page(color_scheme=scheme, bypass_csp=True)
    visit = Visit(page)
    small.attach("paper", "Ann is hungry every morning, said Ann. The bakery may sell over 300 loaves.\n")
    draft = small.propose("Fewer reasons", {"op": "delete", "kind": "statement", "id": "shut", "cascade": True})
    found: dict[str, list[str]] = {}
    for name, query in {
        "draft": {"panel": "drafts", "draft": draft},
        "text": {"reading": "paper", "panel": "none"},
        "passage": {"reading": "paper", "passage": "0-38", "panel": "mark"},
    }.items():
        visit.go(small.id, **query)
        if name == "draft":
            expect(visit.panel.get_by_role("button", name="Accept")).to_be_visible()
        if violations := violations_of(page, axe):
            found[name] = violations
    visit.go(small.id, panel="none")
    page.get_by_role("button", name="More").click()
    found["menu"] = violations_of(page, axe)
    assert not any(found.values()), found


def test_a_reader_meets_the_map_as_named_nodes(visit: Visit) -> None:
    visit.go()
    expect(visit.page.get_by_role("group", name="Argument map. Arrow keys walk")).to_match_aria_snapshot(
        """
        - group /Argument map/:
          - group "Map":
            - button /Joining Russia's war benefits North Korea\\. thesis\\. 2 arguments for, 2 against/
        """
    )
    expect(visit.page.get_by_role("button", name="Motive: food. North Korea joined")).to_have_count(1)
    expect(
        visit.page.get_by_role("button", name="Argument: food supports Expected gains and the timing")
    ).to_have_count(1)


def test_a_reader_meets_the_outline_as_a_tree_and_the_table_as_a_table(visit: Visit) -> None:
    visit.go(view="outline")
    expect(visit.page.get_by_role("main")).to_match_aria_snapshot(
        """
        - main:
          - tree /Outline of the map/:
            - treeitem "Theses" [expanded] [level=1]
            - treeitem /Joining Russia's war benefits North Korea/ [expanded] [level=2]
            - treeitem /^for:/ [level=3]
        """
    )
    visit.go(view="table")
    expect(visit.page.get_by_role("main")).to_match_aria_snapshot(
        """
        - main:
          - table "Statements of the map":
            - rowgroup:
              - row:
                - columnheader "Text"
                - columnheader "Motives"
        """
    )


def test_at_four_hundred_percent_nothing_is_cut_off(open_page: Callable[..., Page]) -> None:
    page = open_page(320, 256)
    visit = Visit(page)
    for query in ({}, VIEWS["node"], VIEWS["outline"], VIEWS["edit"], VIEWS["add"]):
        visit.go(**query)
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 320, query
    visit.go(**VIEWS["add"])
    expect(visit.panel.get_by_label("Claim (required)")).to_be_in_viewport()  # and no buttons over it
    save = page.get_by_role("button", name="Save", exact=True)
    save.scroll_into_view_if_needed()
    expect(save).to_be_in_viewport()
    visit.tool("More").click()
    sheet = page.get_by_role("group", name="More").bounding_box()
    assert sheet["x"] >= 0
    assert sheet["x"] + sheet["width"] <= 320


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_in_a_form_is_cut_at_its_side(open_page: Callable[..., Page], width: int) -> None:
    visit = Visit(open_page(width, 800))
    kinds = ("statement", "motive", "argument", "source", "assertion")
    forms = [*(VIEWS[name] for name in ("add", "edit", "filters")), *({"panel": "new", "form": kind} for kind in kinds)]
    for query in forms:
        visit.go(**query)
        body = visit.panel.locator(".body")
        expect(body.locator("input, select, textarea").first).to_be_attached()
        assert body.evaluate("(body) => body.scrollWidth <= body.clientWidth"), query


def test_forced_colours_and_less_motion_keep_the_signs(open_page: Callable[..., Page]) -> None:
    page = open_page(forced_colors="active", reduced_motion="reduce")
    Visit(page).go()
    dashes = page.locator("svg.canvas .line.opposing").first.evaluate(
        "(line) => getComputedStyle(line).strokeDasharray"
    )
    assert dashes != "none"
    ink = page.locator("svg.canvas .node text").first.evaluate("(text) => getComputedStyle(text).fill")
    ground = page.locator("svg.canvas .thesis .box").first.evaluate("(box) => getComputedStyle(box).fill")
    assert ink != ground
    fills = "(all) => [...new Set(all.map((one) => getComputedStyle(one).fill))]"
    assert page.locator("svg.canvas .node text, svg.canvas .node tspan").evaluate_all(fills) == [ink]
    chosen, other = (page.get_by_role("button", name=name, exact=True) for name in ("Map", "Outline"))
    background = "(button) => getComputedStyle(button).backgroundColor"
    assert chosen.evaluate(background) != other.evaluate(background)
    assert page.evaluate("() => document.getAnimations().length") == 0


def test_stance_is_told_by_more_than_colour(visit: Visit) -> None:
    visit.go()
    styles = visit.page.evaluate(
        """() => Object.fromEntries(['supporting', 'opposing'].map((stance) => {
            const line = document.querySelector(`svg.canvas .line.${stance}[marker-end]`)
            const mark = document.querySelector(`svg.canvas .dot.${stance} .mark`)
            const dashes = getComputedStyle(line).strokeDasharray
            return [stance, [dashes, line.getAttribute('marker-end'), mark.getAttribute('d')]]
        }))"""
    )
    assert all(a != b for a, b in zip(styles["supporting"], styles["opposing"], strict=True))


def test_axe_finds_nothing_on_paper(open_page: Callable[..., Page], axe: str) -> None:
    page = open_page(bypass_csp=True, color_scheme="dark")
    visit = Visit(page)
    page.emulate_media(media="print")
    found: dict[str, list[str]] = {}
    for name in ("map", "node", "outline", "table", "brief", "reading", "history"):
        visit.go(**VIEWS[name])
        found[name] = violations_of(page, axe)
    assert not any(found.values()), found


def test_print_leaves_out_the_tools_and_keeps_the_map(visit: Visit, pictures: Path) -> None:
    visit.go(selected="food", panel="node")
    expect(visit.panel.get_by_label("Your remark")).to_be_visible()
    visit.page.emulate_media(media="print")
    expect(visit.page.get_by_role("combobox", name="Search statements")).to_be_hidden()
    expect(visit.panel.get_by_role("link", name="North Korea", exact=True).first).to_be_visible()
    expect(visit.panel.locator("button:not(.link), textarea, select, input").filter(visible=True)).to_have_count(0)
    expect(visit.node("t-main")).to_be_visible()
    assert visit.page.pdf(path=str(pictures / "map.pdf"), format="A4", landscape=True)[:4] == b"%PDF"
