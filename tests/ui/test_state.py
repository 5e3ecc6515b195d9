"""One state, all of it in the address: every sight can be shared, restored and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.sights import Sights


def test_choosing_folding_and_views_go_into_the_address_and_back(sights: Sights) -> None:
    sights.go()
    sights.node("food").locator(".title").click()
    expect(sights.panel.get_by_role("heading", name="Details")).to_be_visible()
    assert sights.query()["selected"] == ["food"]
    sights.page.locator('[data-fold="food"]').click()
    expect(sights.node("p-15")).to_have_count(0)
    assert sights.query()["fold"] == ["food"]
    sights.page.get_by_role("button", name="Outline").click()
    expect(sights.page.get_by_role("tree")).to_be_visible()
    link = sights.page.url
    sights.page.go_back()
    sights.page.go_back()
    expect(sights.node("p-15")).to_have_count(1)
    sights.page.goto(link)
    expect(sights.page.get_by_role("tree")).to_be_visible()
    expect(sights.page.get_by_role("treeitem", selected=True).first).to_contain_text("Joining relieves")


def test_a_link_restores_the_whole_sight(sights: Sights) -> None:
    sights.go(view="table", motives=["food"], stance="supporting", sort="text.down", selected="p-15", panel="node")
    expect(sights.page.get_by_role("table")).to_be_visible()
    expect(sights.page.get_by_role("columnheader", name="Text")).to_have_attribute("aria-sort", "descending")
    expect(sights.page.get_by_role("button", name="Remove the filter motive: food")).to_be_visible()
    expect(sights.panel).to_contain_text("p-15")


def test_a_selected_node_that_is_folded_away_is_shown_with_what_leads_to_it(sights: Sights) -> None:
    sights.go()
    expect(sights.node("p-40")).to_have_count(0)
    sights.pick("Search statements", "presidency close", "A vote for the US presidency is close")
    expect(sights.node("p-40").locator(".box")).to_be_in_viewport()
    expect(sights.panel).to_contain_text("A vote for the US presidency is close.")


def test_everything_unfolds_and_folds_again(sights: Sights) -> None:
    sights.go()
    few = sights.page.locator("svg.canvas [data-id]").count()
    sights.page.get_by_role("button", name="Unfold everything").click()
    expect(sights.node("p-40")).to_have_count(1)
    assert sights.page.locator("svg.canvas [data-id]").count() > few
    sights.page.get_by_role("button", name="Fold to the start").click()
    expect(sights.node("p-40")).to_have_count(0)


def test_focus_shows_what_lies_around_a_node_at_one_to_three_steps(sights: Sights) -> None:
    sights.go(selected="food", panel="node")
    sights.panel.get_by_role("button", name="Show neighbourhood").click()
    expect(sights.page.get_by_text("Around “food”, 2 steps")).to_be_visible()
    sights.settled()
    sizes = []
    for depth in ("1", "3"):
        with sights.page.expect_response(lambda answer: "/graph" in answer.url):
            sights.page.get_by_role("button", name=f"Steps: {depth}").click()
        expect(sights.page.get_by_role("button", name=f"Steps: {depth}")).to_have_attribute("aria-pressed", "true")
        sights.page.wait_for_timeout(500)
        sights.settled()
        sizes.append(sights.page.locator("svg.canvas [data-id]").count())
    assert sizes[0] < sizes[1]
    sights.page.get_by_role("button", name="Show the whole map").click()
    expect(sights.node("firepower")).to_have_count(1)


def test_filters_narrow_all_views_and_can_be_dropped_one_by_one(sights: Sights) -> None:
    sights.go(view="table")
    rows = sights.page.get_by_text("rows", exact=False).first
    whole = rows.inner_text()
    sights.page.get_by_role("button", name="Filters").click()
    sights.panel.get_by_label("EU Today", exact=True).check()
    expect(rows).not_to_have_text(whole)
    sights.panel.get_by_label("Stance").select_option("opposing")
    sights.panel.get_by_label("Confidence of arguments").select_option("high")
    sights.panel.get_by_label("Basis").select_option("explicit")
    assert sights.query()["actors"] == ["eu-today"]
    assert sights.query()["stance"] == ["opposing"]
    sights.page.get_by_role("button", name="Remove the filter Stance: opposing").click()
    assert "stance" not in sights.query()
    sights.panel.get_by_role("button", name="Clear all").click()
    expect(rows).to_have_text(whole)
