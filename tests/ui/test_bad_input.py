"""Links that lead nowhere, empty views, a store that is away, texts that are scripts: plain words, nothing run."""

from __future__ import annotations

import json
import re
from typing import Any

from playwright.sync_api import Route, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

GONE = "This node is not in the map: it was deleted or merged, or the link is wrong."
NASTY = '<img src=x onerror="window.hurt=1"><script>window.hurt=1</script>"\'&amp; javascript:alert(1)'


def test_a_link_to_a_node_that_is_gone_says_so(visit: Visit) -> None:
    visit.go(selected="no-such-node", panel="node")
    expect(visit.panel.get_by_role("alert")).to_contain_text(GONE)
    visit.go(selected="no-such-node", panel="edit")
    expect(visit.panel.get_by_role("alert")).to_contain_text(GONE)


def test_a_focus_that_is_gone_leads_back_to_the_map(visit: Visit) -> None:
    visit.page.goto("/?map=food-finance-firepower&focus=no-such-node")
    expect(visit.page.get_by_role("alert")).to_contain_text(GONE)
    expect(visit.page.get_by_role("heading", level=1)).to_have_text(re.compile("^Food, finance and firepower"))
    visit.page.get_by_role("button", name="Show the whole map").click()
    visit.settled()


def test_a_map_that_is_gone_says_so_and_offers_the_others(visit: Visit) -> None:
    visit.page.goto("/?map=no-such-map")
    expect(visit.page.get_by_role("alert")).to_contain_text("There is no map no-such-map")
    visit.page.get_by_role("link", name="Maps", exact=True).click()
    expect(visit.page.get_by_role("heading", name="Maps")).to_be_visible()


def test_a_view_that_leaves_nothing_says_so_and_can_be_cleared(visit: Visit, small: SmallMap) -> None:
    visit.page.goto(f"/?map={small.id}&without=bread&without=thesis&without=hungry&without=shut")
    expect(visit.page.get_by_text("Nothing is left in this view.")).to_be_visible()
    visit.page.get_by_role("button", name="Clear all filters").click()
    visit.settled()


def test_a_filter_that_the_map_never_had_is_told_with_a_way_out(visit: Visit) -> None:
    visit.page.goto("/?map=food-finance-firepower&actors=nobody-at-all")
    expect(visit.page.get_by_role("alert")).to_contain_text("nobody-at-all")
    visit.page.get_by_role("button", name="Clear all filters").click()
    visit.settled()


def test_a_store_that_is_away_is_told_and_what_is_shown_stays(visit: Visit) -> None:
    visit.go()
    problem = {"status": 503, "code": "store_unavailable", "title": "away", "detail": "away"}

    def away(route: Route) -> None:
        route.fulfill(status=503, content_type="application/problem+json", body=json.dumps(problem))

    visit.page.route("**/food-finance-firepower/graph?*", away)
    visit.page.get_by_role("button", name="Filters").click()
    visit.panel.get_by_label("How it is argued").select_option("high")
    expect(visit.page.get_by_role("alert")).to_contain_text("Store unavailable.")
    expect(visit.node("t-main")).to_have_count(1)
    visit.page.unroute("**/food-finance-firepower/graph?*")
    expect(visit.page.get_by_role("alert")).to_have_count(0)


def test_a_service_that_does_not_answer_is_told(visit: Visit) -> None:
    visit.page.route("**/v1/maps?*", lambda route: route.abort())
    visit.page.goto("/?view=map")
    expect(visit.page.get_by_role("alert")).to_contain_text("The service does not answer.")


def test_html_and_scripts_in_every_field_stay_text(visit: Visit, small: SmallMap) -> None:
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
            visit.go(small.id, selected=id, panel="node", view=view)
            expect(visit.panel.get_by_text("javascript:alert(1)").first).to_be_attached()
    visit.page.get_by_role("button", name="Filters").click()
    assert visit.page.evaluate("() => window.hurt") is None
    assert visit.page.locator("main img, aside img, main script, aside script").count() == 0


def test_a_script_that_got_in_would_still_not_run(visit: Visit) -> None:
    visit.go()
    refused: list[str] = []
    visit.page.on("console", lambda line: refused.append(line.text))
    visit.page.evaluate(
        """() => { const script = document.createElement('script'); script.textContent = 'window.hurt = 1'
                   document.body.append(script) }"""
    )
    assert visit.page.evaluate("() => window.hurt") is None
    assert any("Content Security Policy" in line for line in refused)


def test_very_long_and_right_to_left_texts_fit(visit: Visit, small: SmallMap) -> None:
    small.make(
        ("statements", "long", {"text": "endless " * 625}),
        ("statements", "wide", {"text": "W" * 5000}),
        ("statements", "hebrew", {"text": "המאפייה סגורה בימי ראשון."}),
        *[
            ("arguments", f"s-{id}", {"premises": [id], "target": "bread", "stance": "supporting"})
            for id in ("long", "wide", "hebrew")
        ],
    )
    visit.go(small.id)
    for id in ("long", "wide"):
        box = visit.node(id)
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
    hebrew = visit.node("hebrew")
    assert float(hebrew.evaluate(right)) - float(hebrew.evaluate(words)) < 25, "it starts at the right"
    visit.go(small.id, selected="hebrew", panel="node", view="outline")
    expect(visit.panel.get_by_role("heading", level=2)).to_have_css("direction", "rtl")
    visit.go(small.id, selected="wide", panel="node")
    assert visit.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def test_a_map_larger_than_what_can_be_drawn_is_cut_and_says_so(visit: Visit) -> None:
    def smaller(route: Route) -> None:
        route.fallback(url=re.sub(r"budget=\d+", "budget=60", route.request.url))

    visit.page.route("**/graph?*", smaller)
    visit.go()
    expect(visit.page.get_by_text(re.compile(r"Truncated: \d+ of [\d,]+ nodes are loaded"))).to_be_visible()
    assert _stubs(visit) > 0


def _stubs(visit: Visit) -> int:
    labels: list[Any] = visit.page.locator("svg.canvas [data-id]").evaluate_all(
        "(all) => all.map((one) => one.getAttribute('aria-label'))"
    )
    return sum("more not loaded" in str(one) for one in labels)
