"""Writing in place: nothing that was typed is lost, whatever the service says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.ui.sights import Sights
from tests.ui.small import SmallMap


def test_an_argument_is_made_in_the_short_form(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id)
    sights.node("bread").locator(".title").click()
    sights.panel.get_by_role("button", name="Argue against it").click()
    sights.panel.get_by_label("Claim").fill("Ann prefers cake.")
    sights.pick("Said by", "Ann", "Ann")
    sights.pick("Source", "Morning", "The Morning Paper")
    sights.panel.get_by_label("Paragraph in the source").fill("3")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    [made] = [
        one for one in small.read("arguments")["items"] if one["target"] == "bread" and one["id"] not in {"a2", "a3"}
    ]
    assert made["stance"] == "opposing"
    [said] = small.read(f"assertions?of={made['premises'][0]}")["items"]
    assert said["chain"] == ["press", "ann"]
    assert said["locator"]["paragraph"] == 3
    expect(sights.page.locator(f'svg.canvas [data-id="{made["premises"][0]}"]')).to_have_count(1)


def test_near_duplicates_are_shown_before_saving_and_can_be_used(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, panel="add", form="supporting:thesis")
    sights.panel.get_by_label("Claim").fill("Ann is hungry each morning")
    expect(sights.panel.get_by_text("Something like it is there already")).to_be_visible()
    sights.panel.get_by_role("button", name="Use this one").first.click()
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    [made] = [
        one for one in small.read("arguments")["items"] if one["premises"] == ["hungry"] and one["target"] == "thesis"
    ]
    assert made["stance"] == "supporting"
    assert small.read("statements")["total"] == 3


@pytest.mark.parametrize("query", [{"panel": "edit", "selected": "shut"}, {"panel": "new", "form": "statement"}])
def test_near_duplicates_wherever_a_statement_is_worded(sights: Sights, small: SmallMap, query: dict[str, str]) -> None:
    sights.go(small.id, **query)
    text = sights.panel.get_by_label("Text (required)")
    if query["panel"] == "edit":
        text.fill("The bakery is shut on Sundays and Mondays.")
        sights.page.wait_for_timeout(600)
        expect(sights.panel.get_by_text("Something like it is there already")).to_have_count(0)
    text.fill("Ann is hungry each morning")
    expect(sights.panel.get_by_text("Something like it is there already")).to_be_visible()
    expect(sights.panel.get_by_role("link", name="Ann is hungry every morning.")).to_be_visible()


def test_what_the_service_refuses_stands_at_its_field(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="paper", panel="edit")
    address = sights.panel.get_by_label("Web address", exact=True)
    address.fill("no address")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.panel.get_by_role("alert")).to_contain_text("1 field needs attention")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_have_accessible_description(re.compile("match pattern"))
    expect(address).to_have_value("no address")
    address.fill("https://example.org/paper")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()


def test_an_empty_short_form_says_what_it_needs(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, panel="add")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.panel.get_by_role("alert")).to_contain_text("2 fields need attention")
    expect(sights.panel.get_by_label("Claim")).to_have_attribute("aria-invalid", "true")


@pytest.mark.parametrize(
    ("kind", "id"),
    [
        ("actors", "ann"),
        ("sources", "paper"),
        ("motives", "bread"),
        ("statements", "hungry"),
        ("arguments", "a2"),
        ("assertions", "x1"),
    ],
)
def test_a_node_of_every_kind_is_edited_in_a_form(sights: Sights, small: SmallMap, kind: str, id: str) -> None:
    sights.go(small.id, selected=id, panel="node")
    sights.panel.get_by_role("button", name="Edit").click()
    sights.panel.get_by_text("More fields").click()
    sights.panel.get_by_label("note").last.fill("Seen by a test.")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    after = small.read(f"{kind}/{id}")
    assert after["note"] == "Seen by a test."
    assert after["version"] == 2


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("statement", {"text": "The market is open."}),
        ("actor", {"name": "Bea"}),
        ("source", {"title": "The Evening Paper"}),
    ],
)
def test_a_new_node_of_a_kind_is_made_in_a_form(
    sights: Sights, small: SmallMap, kind: str, fields: dict[str, str]
) -> None:
    sights.go(small.id, panel="add")
    sights.panel.get_by_role("button", name=f"New {kind}", exact=True).click()
    for name, value in fields.items():
        sights.panel.get_by_label(f"{name} (required)").fill(value)
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    made = small.read(f"{kind}s?limit=1000")["items"]
    assert [one for one in made if fields.items() <= one.items()]


def test_rows_of_a_form_are_added_and_taken_away(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="hungry", panel="edit")
    sights.panel.get_by_role("group", name="concerns").get_by_role("button", name="Add").click()
    sights.pick("Motive (required)", "bread", "Ann is driven by bread")
    sights.panel.get_by_label("role").select_option("need")
    sights.panel.get_by_label("basis").select_option("explicit")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    assert small.read("statements/hungry")["concerns"] == [{"motive": "bread", "role": "need", "basis": "explicit"}]


def test_a_stale_save_shows_both_versions_and_loses_neither(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="hungry", panel="edit")
    sights.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    small.change("statements", "hungry", text="Ann is hungry at night.", credence=0.9)
    sights.panel.get_by_role("button", name="Save", exact=True).click()
    conflict = sights.panel.get_by_role("region", name="Someone else saved this meanwhile")
    expect(conflict).to_be_focused()
    expect(conflict.get_by_role("group", name="text")).to_contain_text("Ann is hungry at noon.")
    expect(conflict.get_by_role("group", name="text")).to_contain_text("Ann is hungry at night.")
    expect(conflict.get_by_role("group", name="text").get_by_role("radio").first).to_be_checked()
    expect(conflict.get_by_role("group", name="How credible").get_by_role("radio").last).to_be_checked()
    conflict.get_by_role("button", name="Save merged").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()
    after = small.read("statements/hungry")
    assert (after["text"], after["credence"]) == ("Ann is hungry at noon.", 0.9)


def test_a_save_of_what_was_deleted_meanwhile_keeps_the_text(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="hungry", panel="edit")
    sights.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    small.delete("statements", "hungry")
    sights.panel.get_by_role("button", name="Save", exact=True).click()
    expect(sights.panel.get_by_text("It was deleted meanwhile.")).to_be_visible()
    expect(sights.panel.get_by_label("text (required)")).to_have_value("Ann is hungry at noon.")


def test_a_delete_shows_what_would_go_along_and_asks(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="hungry", panel="node")
    sights.panel.get_by_role("button", name="Delete").click()
    dialog = sights.page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 other nodes need it and would go too")
    expect(dialog).to_contain_text("x1")
    dialog.get_by_role("button", name="Cancel").click()
    assert small.read("statements")["total"] == 3
    sights.panel.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete all 3").click()
    expect(sights.page.get_by_text("3 nodes deleted.")).to_be_visible()
    expect(sights.node("hungry")).to_have_count(0)
    assert small.read("statements")["total"] == 2


def test_nothing_typed_is_lost_while_the_store_is_away(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, panel="add", form="supporting:bread")
    sights.panel.get_by_label("Claim").fill("Bread is dear.")
    away = {
        "status": 503,
        "content_type": "application/problem+json",
        "body": '{"status": 503, "code": "store_unavailable", "detail": "away"}',
    }
    sights.page.route("**/arguments", lambda route: route.fulfill(**away))
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.panel.get_by_role("alert")).to_contain_text("what you typed is still here")
    expect(sights.panel.get_by_label("Claim")).to_have_value("Bread is dear.")
    sights.page.unroute("**/arguments")
    sights.panel.get_by_role("button", name="Save").click()
    expect(sights.page.get_by_text("Saved. The map is now at revision")).to_be_visible()


def test_leaving_a_form_with_unsaved_words_asks_first(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, panel="add", form="supporting:bread")
    sights.panel.get_by_label("Claim").fill("Bread is dear.")
    sights.page.once("dialog", lambda dialog: dialog.dismiss())
    sights.panel.get_by_role("button", name="Close").click()
    expect(sights.panel.get_by_label("Claim")).to_have_value("Bread is dear.")
    sights.page.once("dialog", lambda dialog: dialog.accept())
    sights.panel.get_by_role("button", name="Close").click()
    expect(sights.panel).to_have_count(0)


def test_choosing_another_node_does_not_throw_away_a_form(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, selected="hungry", panel="edit")
    sights.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    sights.page.on("dialog", lambda dialog: dialog.dismiss())
    sights.node("thesis").locator(".words").first.click(force=True)
    expect(sights.panel.get_by_label("text (required)")).to_have_value("Ann is hungry at noon.")
    sights.page.evaluate("() => history.back()")
    sights.page.wait_for_timeout(300)
    expect(sights.panel.get_by_label("text (required)")).to_have_value("Ann is hungry at noon.")
