"""What is proposed is seen as the map would be, and accepted or declined; what stands against it is told by field."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def _propose(visit: Visit, small: SmallMap, text: str) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill(text)
    visit.panel.get_by_role("button", name="Propose as a draft").click()
    expect(visit.said).to_contain_text("Proposed: Change of Ann is hungry every morning")


def test_a_change_is_proposed_looked_at_and_accepted_and_undone(visit: Visit, small: SmallMap) -> None:
    _propose(visit, small, "Ann is hungry at noon.")
    assert small.read("statements/hungry")["text"] == "Ann is hungry every morning."
    expect(visit.node("hungry")).to_have_accessible_name(re.compile("^Ann is hungry at noon"))
    expect(visit.panel).to_contain_text("Changed statement: Ann is hungry at noon.")
    expect(visit.tool("Add argument")).to_have_count(0)
    visit.panel.get_by_label("Reason (optional)").fill("She said so.")
    visit.panel.get_by_role("button", name="Accept").click()
    expect(visit.said).to_contain_text("Accepted.")
    assert small.read("statements/hungry")["text"] == "Ann is hungry at noon."
    assert "draft" not in visit.query()
    expect(visit.panel).to_contain_text("accepted by local")
    visit.page.locator(".said").get_by_role("button", name="Undo").click()
    expect(visit.said).to_contain_text("Undone")
    assert small.read("statements/hungry")["text"] == "Ann is hungry every morning."


def test_a_draft_is_discussed_beside_the_map(visit: Visit, small: SmallMap) -> None:
    _propose(visit, small, "Ann is hungry at noon.")
    visit.panel.get_by_label("Your remark").fill("Who saw her at noon?")
    visit.panel.get_by_label("Do you agree?").select_option("Disagrees")
    visit.panel.get_by_role("button", name="Say it").click()
    expect(visit.panel.get_by_text("Disagrees: Who saw her at noon?")).to_be_visible()
    visit.panel.get_by_role("button", name="Take back: Who saw her at noon?").click()
    expect(visit.said).to_contain_text("Your remark is taken back.")
    expect(visit.panel.get_by_text("Who saw her at noon?")).to_have_count(0)


def test_what_others_changed_since_stands_against_it_field_by_field(visit: Visit, small: SmallMap) -> None:
    _propose(visit, small, "Ann is hungry at noon.")
    small.change("statements", "hungry", text="Ann is hungry at night.")
    visit.panel.get_by_role("button", name="Accept").click()
    alert = visit.panel.get_by_role("alert")
    for words in ("Text", "Ann is hungry every morning.", "Ann is hungry at night.", "Ann is hungry at noon."):
        expect(alert).to_contain_text(words)
    assert small.read("statements/hungry")["text"] == "Ann is hungry at night."
    alert.get_by_role("button", name="Propose it on the map as it is now").click()
    expect(visit.said).to_contain_text("of the map as it is now")
    visit.panel.get_by_role("button", name="Accept").click()
    expect(visit.said).to_contain_text("Accepted.")
    assert small.read("statements/hungry")["text"] == "Ann is hungry at noon."


def test_a_supposition_is_proposed_and_declined_by_keys_alone(visit: Visit, small: SmallMap) -> None:
    page = visit.page
    visit.go(small.id, panel="what-if", off="shut")
    visit.panel.get_by_role("button", name="Propose as a draft").focus()
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("Without The bakery is shut on Sundays")
    expect(visit.node("shut")).to_have_count(0)
    visit.panel.get_by_label("Reason (optional)").focus()
    page.keyboard.type("It is shut indeed.")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    expect(visit.panel.get_by_role("button", name="Decline")).to_be_focused()
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("Declined")
    expect(visit.node("shut")).to_have_count(1)
    expect(visit.panel).to_contain_text("declined by local")
    expect(visit.panel).to_contain_text("It is shut indeed.")


def test_a_draft_is_looked_at_and_left_on_a_phone(open_page: Callable[..., Page], small: SmallMap) -> None:
    visit = Visit(open_page(390, 844, has_touch=True))
    _propose(visit, small, "Ann is hungry at noon.")
    visit.page.get_by_role("region", name="The map as a draft would have it").get_by_role(
        "button", name="Back to the map"
    ).tap()
    expect(visit.page.get_by_role("treeitem", name="Ann is hungry every morning").first).to_be_attached()
    visit.panel.get_by_role("button", name="Look at it: Change of Ann").tap()
    expect(visit.page.get_by_role("treeitem", name="Ann is hungry at noon").first).to_be_attached()


def test_whatever_writes_on_the_map_can_propose_instead(visit: Visit, small: SmallMap) -> None:
    page = visit.page
    visit.go(small.id)
    revision = small.head["revision"]

    def back() -> None:
        expect(visit.said).to_contain_text("Proposed: ")
        page.get_by_role("region", name="The map as a draft would have it").get_by_role("button").first.click()
        expect(visit.tool("Add argument")).to_be_visible()

    visit.node("bread").locator(".box").hover()
    page.locator(".handles").get_by_role("button", name="Add a reason for").click()
    page.keyboard.type("She baked none.")
    page.get_by_role("button", name="Propose", exact=True).click()
    expect(visit.panel).to_contain_text("New statement: She baked none.")
    back()
    visit.node("hungry").locator(".box").drag_to(visit.node("thesis").locator(".box"))
    page.get_by_label("only propose it as a draft").check()
    page.get_by_role("button", name="opposes it").click()
    back()
    visit.tool("Add argument").click()
    visit.panel.get_by_label("Claim (required)").fill("The oven is cold.")
    visit.panel.get_by_role("button", name="Propose as a draft").click()
    expect(visit.panel).to_contain_text("This is required.")
    visit.node("bread").locator(".box").click()
    visit.panel.get_by_role("radio", name="against").check()
    visit.pick("Source", "Morning", "The Morning Paper")
    visit.panel.get_by_role("button", name="Propose as a draft").click()
    expect(visit.panel).to_contain_text("New statement: The oven is cold.")
    back()
    visit.node("shut").locator(".box").click()
    visit.panel.get_by_role("button", name="Delete").click()
    page.get_by_role("dialog").get_by_role("button", name="Propose as a draft").click()
    back()
    assert small.head["revision"] == revision
    assert sorted(one["title"] for one in small.read("drafts")["items"]) == [
        "New: Ann is hungry every morning", "New: She baked none", "New: The oven is cold",
        "Without The bakery is shut on Sundays",
    ]  # fmt: skip
