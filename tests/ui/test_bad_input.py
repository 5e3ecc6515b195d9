"""Links that lead nowhere, empty views, a store that is away, texts that are scripts: plain words, nothing run."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Route, expect

from tests.ui.sights import Sights
from tests.ui.small import SmallMap

NASTY = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"\'&amp; javascript:alert(1)'


def test_a_link_to_a_node_that_is_gone_says_so(sights: Sights) -> None:
    sights.go(selected="no-such-node", panel="node")
    expect(sights.panel.get_by_role("alert")).to_contain_text("The map has no node “no-such-node”")
    sights.go(selected="no-such-node", panel="edit")
    expect(sights.panel.get_by_role("alert")).to_contain_text("The map has no node")


def test_a_focus_that_is_gone_leads_back_to_the_map(sights: Sights) -> None:
    sights.page.goto("/?map=food-finance-firepower&focus=no-such-node")
    expect(sights.page.get_by_role("alert")).to_contain_text("The map has no node “no-such-node”")
    expect(sights.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Food, finance and firepower"))
    sights.page.get_by_role("button", name="Show the whole map").click()
    sights.settled()


def test_a_map_that_is_gone_says_so_and_offers_the_others(sights: Sights) -> None:
    sights.page.goto("/?map=no-such-map")
    expect(sights.page.get_by_role("alert")).to_contain_text("There is no map “no-such-map”")
    sights.page.get_by_role("link", name="Choose a map").click()
    expect(sights.page.get_by_role("heading", name="Choose a map")).to_be_visible()


def test_a_view_that_leaves_nothing_says_so_and_can_be_cleared(sights: Sights, small: SmallMap) -> None:
    sights.page.goto(f"/?map={small.id}&without=bread&without=thesis&without=hungry&without=shut")
    expect(sights.page.get_by_text("Nothing is left in this view.")).to_be_visible()
    sights.page.get_by_role("button", name="Clear all filters").click()
    sights.settled()


def test_a_filter_that_the_map_never_had_is_told_with_a_way_out(sights: Sights) -> None:
    sights.page.goto("/?map=food-finance-firepower&actors=nobody-at-all")
    expect(sights.page.get_by_role("alert")).to_contain_text("nobody-at-all")
    sights.page.get_by_role("button", name="Clear all filters").click()
    sights.settled()


def test_a_store_that_is_away_is_told_and_what_is_shown_stays(sights: Sights) -> None:
    sights.go()
    problem = {"status": 503, "code": "store_unavailable", "title": "away", "detail": "away"}

    def away(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    sights.page.route("**/food-finance-firepower/graph?*", away)
    sights.page.get_by_role("button", name="Filters").click()
    sights.panel.get_by_label("Confidence of arguments").select_option("high")
    expect(sights.page.get_by_role("alert")).to_contain_text("Store unavailable.")
    expect(sights.node("t-main")).to_have_count(1)
    sights.page.unroute("**/food-finance-firepower/graph?*")
    expect(sights.page.get_by_role("alert")).to_have_count(0, timeout=9000)


def test_a_service_that_does_not_answer_is_told(sights: Sights) -> None:
    sights.page.route("**/v1/maps?*", lambda route: route.abort())
    sights.page.goto("/?view=map")
    expect(sights.page.get_by_role("alert")).to_contain_text("The service does not answer.")


def test_html_and_scripts_in_every_field_stay_text(sights: Sights, small: SmallMap) -> None:
    small.make(
        (
            "actors",
            "bad-actor",
            {"name": NASTY, "actor_kind": "person", "role": NASTY, "aliases": [NASTY], "tags": [NASTY[:90]]},
        ),
        (
            "sources",
            "bad-source",
            {"title": NASTY, "source_kind": "article", "note": NASTY, "url": "https://x/" + "<script>"},
        ),
        (
            "motives",
            "bad-motive",
            {"name": NASTY, "category": "other", "text": NASTY, "actor": "bad-actor", "definition": NASTY},
        ),
        ("statements", "bad", {"text": NASTY, "note": NASTY}),
        (
            "arguments",
            "bad-step",
            {"premises": ["bad"], "target": "bad-motive", "stance": "opposing", "warrant": NASTY, "rationale": NASTY},
        ),
        (
            "assertions",
            "bad-said",
            {
                "of": "bad",
                "source": "bad-source",
                "chain": ["bad-actor"],
                "wording": NASTY,
                "quote": NASTY,
                "hedges": [NASTY],
                "quantities": [{"vague": NASTY, "unit": NASTY, "of": NASTY}],
            },
        ),
    )
    for id in ("bad-actor", "bad-source", "bad-motive", "bad", "bad-step", "bad-said"):
        for view in ("map", "outline", "table"):
            sights.go(small.id, selected=id, panel="node", view=view)
            expect(sights.panel.get_by_text("javascript:alert(1)").first).to_be_attached()
    sights.page.get_by_role("button", name="Filters").click()
    assert sights.page.evaluate("() => window.hurt") is None
    assert sights.page.locator("main img, aside img, main script, aside script").count() == 0


def test_a_script_that_got_in_would_still_not_run(sights: Sights) -> None:
    sights.go()
    refused: list[str] = []
    sights.page.on("console", lambda line: refused.append(line.text))
    sights.page.evaluate(
        """() => { const script = document.createElement('script'); script.textContent = 'window.hurt = 1'
                   document.body.append(script) }"""
    )
    assert sights.page.evaluate("() => window.hurt") is None
    assert any("Content Security Policy" in line for line in refused)


def test_very_long_and_right_to_left_texts_fit(sights: Sights, small: SmallMap) -> None:
    small.make(
        ("statements", "long", {"text": "endless " * 625}),
        ("statements", "wide", {"text": "W" * 5000}),
        ("statements", "hebrew", {"text": "המאפייה סגורה בימי ראשון."}),
        *[
            ("arguments", f"s-{id}", {"premises": [id], "target": "bread", "stance": "supporting"})
            for id in ("long", "wide", "hebrew")
        ],
    )
    sights.go(small.id)
    for id in ("long", "wide"):
        box = sights.node(id)
        assert box.locator(".words").count() == 6
        expect(box.locator(".words").last).to_contain_text("…")
        inside = box.evaluate(
            """(node) => { const box = node.querySelector('.box').getBoundingClientRect()
                const right = (text) => text.getBoundingClientRect().right
                return [...node.querySelectorAll('.words')].every((text) => right(text) <= box.right + 1) }"""
        )
        assert inside
    right = "(node) => node.querySelector('.box').getBoundingClientRect().right"
    words = "(node) => node.querySelector('.words').getBoundingClientRect().right"
    hebrew = sights.node("hebrew")
    assert float(hebrew.evaluate(right)) - float(hebrew.evaluate(words)) < 25, "it starts at the right"
    sights.go(small.id, selected="hebrew", panel="node", view="outline")
    expect(sights.panel.locator("p.text").first).to_have_css("direction", "rtl")
    sights.go(small.id, selected="wide", panel="node")
    assert sights.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_map_larger_than_what_can_be_drawn_is_cut_and_says_so(sights: Sights) -> None:
    def smaller(route: Route) -> None:
        route.fallback(url=re.sub(r"budget=\d+", "budget=60", route.request.url))

    sights.page.route("**/graph?*", smaller)
    sights.go()
    expect(
        sights.page.get_by_text(re.compile(r"This map is larger than what can be drawn: \d+ of [\d,]+ nodes are shown"))
    ).to_be_visible()
    assert _stubs(sights) > 0


def _stubs(sights: Sights) -> int:
    labels: list[Any] = sights.page.locator("svg.canvas [data-id]").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    return sum("more not loaded" in str(one) for one in labels)
