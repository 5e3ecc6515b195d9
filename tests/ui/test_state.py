"""One state, all of it in the address: every sight can be shared, restored and taken back."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def test_choosing_folding_and_views_go_into_the_address_and_back(visit: Visit) -> None:
    visit.go()
    visit.node("finance").locator(".title").click()
    expect(visit.panel.get_by_role("heading", name="Finance")).to_be_visible()
    assert visit.query()["selected"] == ["finance"]
    visit.page.locator('[data-fold="finance"]').click()
    expect(visit.node("p-09")).to_have_count(0)
    assert visit.query()["fold"] == ["finance"]
    visit.page.get_by_role("button", name="Outline").click()
    expect(visit.page.get_by_role("tree")).to_be_visible()
    link = visit.page.url
    visit.page.go_back()
    visit.page.go_back()
    expect(visit.node("p-09")).to_have_count(1)
    visit.page.goto(link)
    expect(visit.page.get_by_role("tree")).to_be_visible()
    expect(visit.page.get_by_role("treeitem", selected=True).first).to_contain_text("joined to earn money")


def test_a_link_restores_the_whole_sight(visit: Visit) -> None:
    visit.go(view="table", motives=["food"], stance="supporting", sort="text.down", selected="p-15", panel="node")
    expect(visit.page.get_by_role("table")).to_be_visible()
    expect(visit.page.get_by_role("columnheader", name="Text")).to_have_attribute("aria-sort", "descending")
    expect(visit.page.get_by_role("button", name="Remove the filter motive: food")).to_be_visible()
    expect(visit.panel).to_contain_text("p-15")


def test_a_selected_node_that_is_folded_away_is_shown_with_what_leads_to_it(visit: Visit) -> None:
    visit.go()
    expect(visit.node("p-40")).to_have_count(0)
    visit.pick("Search statements", "presidential near", "The US presidential election is near")
    expect(visit.node("p-40").locator(".box")).to_be_in_viewport()
    expect(visit.panel).to_contain_text("The US presidential election is near.")


def test_everything_unfolds_and_folds_again(visit: Visit) -> None:
    visit.go()
    few = visit.page.locator("svg.canvas [data-id]").count()
    visit.page.get_by_role("button", name="Unfold everything").click()
    expect(visit.node("p-40")).to_have_count(1)
    assert visit.page.locator("svg.canvas [data-id]").count() > few
    visit.page.get_by_role("button", name="Fold to the start").click()
    expect(visit.node("p-40")).to_have_count(0)


def test_focus_shows_what_lies_around_a_node_at_one_to_three_steps(visit: Visit) -> None:
    visit.go(selected="food", panel="node")
    visit.panel.get_by_role("button", name="Show neighbourhood").click()
    expect(visit.page.get_by_text("Around food, 2 steps")).to_be_visible()
    visit.settled()
    sizes = []
    for depth in ("1", "3"):
        with visit.page.expect_response(lambda answer: "/graph" in answer.url):
            visit.page.get_by_role("button", name=f"Steps: {depth}").click()
        expect(visit.page.get_by_role("button", name=f"Steps: {depth}")).to_have_attribute("aria-pressed", "true")
        visit.settled()
        sizes.append(visit.page.locator("svg.canvas [data-id]").count())
    assert sizes[0] < sizes[1]
    visit.page.get_by_role("button", name="Show the whole map").click()
    expect(visit.node("firepower")).to_have_count(1)


def test_filters_narrow_all_views_and_can_be_dropped_one_by_one(visit: Visit) -> None:
    visit.go(view="table")
    rows = visit.page.locator("#main p[role=status]")
    expect(rows).to_contain_text("rows")
    whole = rows.inner_text()
    visit.page.get_by_role("button", name="Filters").click()
    visit.panel.get_by_label("EU Today", exact=True).check()
    expect(rows).not_to_have_text(whole)
    visit.panel.get_by_label("Stance").select_option("opposing")
    visit.panel.get_by_label("How it is argued").select_option("high")
    visit.panel.get_by_label("Basis").select_option("explicit")
    assert visit.query()["actors"] == ["eu-today"]
    assert visit.query()["stance"] == ["opposing"]
    visit.page.get_by_role("button", name="Remove the filter Stance: opposing").click()
    assert "stance" not in visit.query()
    visit.panel.get_by_role("button", name="Clear all").click()
    expect(rows).to_have_text(whole)


def test_a_link_carries_nothing_of_a_panel_that_is_closed(visit: Visit) -> None:
    visit.go(panel="paths", **{"from": "p-15", "to": "t-main", "path": 0})
    visit.panel.get_by_role("button", name="Close").click()
    assert set(visit.query()) == {"map", "panel"}


def test_a_past_state_is_told_and_leads_back_to_now(visit: Visit, small: SmallMap) -> None:
    small.change("statements", "hungry", text="Ann is hungry at night.")
    visit.go(small.id, as_of=2, view="table")
    expect(visit.page.get_by_role("table")).to_contain_text("Ann is hungry every morning.")
    expect(visit.page.get_by_text("A past state: revision 2")).to_be_visible()
    visit.page.get_by_role("button", name="Back to now").click()
    expect(visit.page.get_by_role("table")).to_contain_text("Ann is hungry at night.")


def test_a_panel_that_opens_takes_room_from_the_map_and_what_was_chosen_stays_in_it(visit: Visit) -> None:
    visit.go(panel="none")
    right_most = """(all) => all
        .filter((one) => one.querySelector(".box") && one.getBoundingClientRect().bottom < innerHeight)
        .sort((a, b) => a.getBoundingClientRect().x - b.getBoundingClientRect().x).at(-1).dataset.id"""
    box = visit.node(visit.page.locator("svg.canvas [data-id]").evaluate_all(right_most)).locator(".box")
    box.click(position={"x": 30, "y": 12})
    expect(visit.panel).to_be_visible()
    expect(box).to_be_in_viewport(ratio=1)
    right = box.bounding_box()["x"] + box.bounding_box()["width"]
    assert right <= visit.panel.bounding_box()["x"]
