"""Writing in place: nothing that was typed is lost, whatever the service says."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

SAVED = "Saved. The map is now at revision"


def _made(small: SmallMap) -> dict[str, Any]:
    [made] = [one for one in small.read("arguments")["items"] if one["id"] not in {"a1", "a2", "a3"}]
    return dict(made)


def test_an_argument_is_made_in_the_short_form(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    visit.node("bread").locator(".title").click()
    visit.panel.get_by_role("button", name="Argue against it").click()
    expect(visit.panel.get_by_label("Claim (required)")).to_be_focused()
    visit.page.keyboard.type("Ann prefers cake.")
    visit.pick("Said by", "Ann", "Ann")
    visit.pick("Source", "Morning", "The Morning Paper")
    visit.panel.get_by_label("Paragraph").fill("3")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    made = _made(small)
    assert (made["stance"], made["target"]) == ("opposing", "bread")
    [said] = small.read(f"assertions?of={made['premises'][0]}")["items"]
    assert said["chain"] == ["press", "ann"]
    assert said["locator"]["paragraph"] == 3
    expect(visit.node(made["premises"][0]).locator(".box")).to_be_in_viewport(ratio=1)


def test_claim_speaker_new_article_and_target_are_saved_in_one_form_at_once(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    before = small.head["revision"]
    visit.tool("Add argument").click()
    form = visit.panel
    visit.page.keyboard.type("The mill closed last week.")
    visit.node("bread").locator(".title").click()
    visit.pick("Said by", "Bea Miller", "Create actor “Bea Miller”")
    form.get_by_role("group", name="New actor: Bea Miller").get_by_label("Kind of actor").select_option("person")
    visit.pick("Source", "Mill news", "Create source “Mill news”")
    article = form.get_by_role("group", name="New source: Mill news")
    article.get_by_role("combobox", name="Publisher").fill("Reuters")
    visit.page.get_by_role("option", name="Create actor “Reuters”").click()
    article.get_by_label("Published").fill("3 Nov 2024")
    article.get_by_label("Web address").fill("https://example.org/mill")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text(SAVED)
    assert small.head["revision"] == before + 1, "one transaction"
    made = _made(small)
    [said] = small.read(f"assertions?of={made['premises'][0]}")["items"]
    source = small.read(f"sources/{said['source']}")
    names = [small.read(f"actors/{id}")["name"] for id in said["chain"]]
    assert names == ["Reuters", "Bea Miller"]
    assert (source["title"], source["published"]) == ("Mill news", "2024-11-03")
    assert made["target"] == "bread"


def test_what_is_typed_and_not_chosen_is_refused_at_its_field_and_can_be_made_there(
    visit: Visit, small: SmallMap
) -> None:
    visit.go(small.id, panel="add", form="supporting:bread")
    visit.panel.get_by_label("Claim (required)").fill("Bread is dear.")
    visit.pick("Source", "Morning", "The Morning Paper")
    said_by = visit.box("Said by")
    said_by.fill("Reuters")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_role("alert")).to_contain_text("1 field needs attention")
    expect(said_by).to_have_accessible_description(re.compile("“Reuters” is typed but not chosen"))
    assert small.head["revision"] == 2
    visit.page.reload()
    visit.settled()  # what was typed is there before the map, in which the box looks for it
    expect(said_by).to_have_value("Reuters")
    expect(visit.panel.get_by_label("Claim (required)")).to_have_value("Bread is dear.")
    said_by.focus()
    visit.page.keyboard.press("ArrowDown")
    expect(visit.page.get_by_role("option", name="Create actor “Reuters”")).to_have_attribute("aria-selected", "true")
    visit.page.keyboard.press("Enter")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text(SAVED)
    assert "Reuters" in [one["name"] for one in small.read("actors")["items"]]


def test_a_choice_is_a_chip_that_can_be_taken_away_by_keys(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add", form="supporting:bread")
    box = visit.box("Said by")
    box.focus()
    visit.page.keyboard.type("ann")
    expect(visit.page.get_by_role("option").first).to_have_text(re.compile("Ann"))
    visit.page.keyboard.press("Enter")
    expect(visit.panel.get_by_role("button", name="Remove Ann")).to_be_visible()
    visit.page.keyboard.press("Backspace")
    expect(visit.panel.get_by_role("button", name="Remove Ann")).to_have_count(0)


def test_a_picker_names_nodes_by_their_words_and_arguments_last(visit: Visit, small: SmallMap) -> None:
    small.make(("arguments", "a9", {"premises": ["shut"], "target": "thesis", "stance": "opposing", "note": "bread"}))
    visit.go(small.id)
    visit.box("Search statements").fill("bread")
    options = visit.page.get_by_role("option")
    expect(options.first).to_contain_text("Bread")
    texts = options.all_inner_texts()
    kinds = [text.split()[0] for text in texts]
    assert kinds[0] == "motive"
    assert kinds.index("argument") > 0
    assert not any(word in text.split() for text in texts for word in ("a1", "a2", "a3", "a9"))


def test_a_passage_is_attached_to_the_statement_that_is_looked_at(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="shut", panel="node")
    visit.panel.get_by_role("button", name="Attach a passage").click()
    expect(visit.panel.get_by_role("button", name="Remove The bakery is shut on Sundays.")).to_be_visible()
    visit.pick("Source", "Morning", "The Morning Paper")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    [said] = small.read("assertions?of=shut")["items"]
    assert said["source"] == "paper"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Nov 2024", "2024-11"),
        ("about 1898", "1898~"),
        ("2020 to 2022", "2020/2022"),
    ],
)
def test_a_date_is_one_field_in_the_words_of_people(visit: Visit, small: SmallMap, typed: str, kept: str) -> None:
    visit.go(small.id, selected="paper", panel="edit")
    date = visit.panel.get_by_label("Published")
    date.fill("some day")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(date).to_have_accessible_description(re.compile("Write a date such as 3 Nov 2024"))
    date.fill(typed)
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    assert small.read("sources/paper")["published"] == kept
    visit.go(small.id, selected="paper", panel="edit")
    expect(visit.panel.get_by_label("Published")).to_have_value(typed)


def test_near_duplicates_are_shown_before_saving_and_can_be_used(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add", form="supporting:thesis")
    visit.panel.get_by_label("Claim (required)").fill("Ann is hungry each morning")
    expect(visit.panel.get_by_text("Something like it is there already")).to_be_visible()
    visit.panel.get_by_role("button", name="Use this one").first.click()
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    [made] = [
        one for one in small.read("arguments")["items"] if one["premises"] == ["hungry"] and one["target"] == "thesis"
    ]
    assert made["stance"] == "supporting"
    assert small.read("statements")["total"] == 3


@pytest.mark.parametrize("query", [{"panel": "edit", "selected": "shut"}, {"panel": "new", "form": "statement"}])
def test_near_duplicates_wherever_a_statement_is_worded(visit: Visit, small: SmallMap, query: dict[str, str]) -> None:
    visit.go(small.id, **query)
    text = visit.panel.get_by_label("Text (required)")
    if query["panel"] == "edit":
        with visit.page.expect_response("**/v1/search?*"):
            text.fill("The bakery is shut on Sundays and Mondays.")
        expect(visit.panel.get_by_text("Something like it is there already")).to_have_count(0)
    text.fill("Ann is hungry each morning")
    expect(visit.panel.get_by_text("Something like it is there already")).to_be_visible()
    expect(visit.panel.get_by_role("link", name="Ann is hungry every morning.")).to_be_visible()


def test_what_the_service_refuses_stands_at_its_field(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="paper", panel="edit")
    address = visit.panel.get_by_label("Web address", exact=True)
    address.fill("no address")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_role("alert")).to_contain_text("1 field needs attention")
    expect(address).to_have_attribute("aria-invalid", "true")
    expect(address).to_have_accessible_description("Write a web address that begins with https:// or http://.")
    expect(address).to_have_value("no address")
    address.fill("https://example.org/paper")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)


def test_an_empty_short_form_says_what_it_needs(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_role("alert")).to_contain_text("2 fields need attention")
    expect(visit.panel.get_by_label("Claim (required)")).to_have_attribute("aria-invalid", "true")


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
def test_a_node_of_every_kind_is_edited_in_a_form(visit: Visit, small: SmallMap, kind: str, id: str) -> None:
    visit.go(small.id, selected=id, panel="node")
    visit.panel.get_by_role("button", name="Edit").click()
    visit.panel.get_by_text("More fields").click()
    visit.panel.get_by_label("Note", exact=True).fill("Seen by a test.")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
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
    visit: Visit, small: SmallMap, kind: str, fields: dict[str, str]
) -> None:
    visit.go(small.id, panel="add")
    visit.panel.get_by_role("button", name=f"New {kind}", exact=True).click()
    for name, value in fields.items():
        visit.panel.get_by_label(f"{name} (required)").fill(value)
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    made = small.read(f"{kind}s?limit=1000")["items"]
    assert [one for one in made if fields.items() <= one.items()]


def test_rows_of_a_form_are_added_and_taken_away(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_role("button", name="Add: Concerns motives").click()
    visit.pick("Motive (required)", "bread", "Bread")
    visit.panel.get_by_label("role").select_option("need")
    visit.panel.get_by_label("basis").select_option("explicit")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)
    assert small.read("statements/hungry")["concerns"] == [{"motive": "bread", "role": "need", "basis": "explicit"}]


def test_a_stale_save_shows_both_versions_and_loses_neither(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    small.change("statements", "hungry", text="Ann is hungry at night.", credence=0.9)
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    conflict = visit.panel.get_by_role("region", name="Someone else saved this meanwhile")
    expect(conflict).to_be_focused()
    expect(conflict.get_by_role("group", name="text")).to_contain_text("Ann is hungry at noon.")
    expect(conflict.get_by_role("group", name="text")).to_contain_text("Ann is hungry at night.")
    expect(conflict.get_by_role("group", name="text").get_by_role("radio").first).to_be_checked()
    expect(conflict.get_by_role("group", name="How credible").get_by_role("radio").last).to_be_checked()
    conflict.get_by_role("button", name="Save merged").click()
    expect(visit.said).to_contain_text(SAVED)
    after = small.read("statements/hungry")
    assert (after["text"], after["credence"]) == ("Ann is hungry at noon.", 0.9)


def test_a_save_of_what_was_deleted_meanwhile_keeps_the_text(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    small.delete("statements", "hungry")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_text("It was deleted meanwhile.")).to_be_visible()
    expect(visit.panel.get_by_label("text (required)")).to_have_value("Ann is hungry at noon.")


def test_a_delete_shows_what_would_go_along_and_asks(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="node")
    visit.panel.get_by_role("button", name="Delete").click()
    dialog = visit.page.get_by_role("dialog")
    expect(dialog).to_contain_text("2 other nodes need it and would go too")
    expect(dialog).to_contain_text("Ann is hungry every morning supports bread")
    expect(dialog).to_contain_text("1 passage")
    dialog.get_by_role("button", name="Cancel").click()
    assert small.read("statements")["total"] == 3
    visit.panel.get_by_role("button", name="Delete").click()
    dialog.get_by_role("button", name="Delete all 3").click()
    expect(visit.page.get_by_text("3 nodes deleted.")).to_be_visible()
    expect(visit.node("hungry")).to_have_count(0)
    assert small.read("statements")["total"] == 2


def test_nothing_typed_is_lost_while_the_store_is_away(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add", form="supporting:bread")
    visit.panel.get_by_label("Claim (required)").fill("Bread is dear.")
    away = {
        "status": 503,
        "content_type": "application/problem+json",
        "body": '{"status": 503, "code": "store_unavailable", "detail": "away"}',
    }
    visit.page.route("**/arguments", lambda route: route.fulfill(**away))
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_role("alert")).to_contain_text("what you typed is still here")
    expect(visit.panel.get_by_label("Claim (required)")).to_have_value("Bread is dear.")
    visit.page.unroute("**/arguments")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text(SAVED)


def test_a_form_that_was_left_is_still_there(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add", form="supporting:bread")
    claim = visit.panel.get_by_label("Claim (required)")
    claim.fill("Bread is dear.")
    visit.panel.get_by_role("button", name="Close").click()
    expect(visit.panel).to_have_count(0)
    visit.page.go_back()
    expect(claim).to_have_value("Bread is dear.")
    expect(visit.panel.get_by_text("What you typed here before is back")).to_be_visible()
    visit.panel.get_by_role("button", name="Discard").click()
    expect(claim).to_have_value("")
    visit.page.reload()
    expect(claim).to_have_value("")


def test_choosing_another_node_does_not_throw_away_a_form(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    text = visit.panel.get_by_label("text (required)")
    text.fill("Ann is hungry at noon.")
    visit.node("thesis").locator(".words").first.click(force=True)
    expect(visit.panel.get_by_role("heading", name="Ann gains from going.")).to_be_visible()
    visit.page.go_back()
    expect(text).to_have_value("Ann is hungry at noon.")


def test_several_arguments_of_one_article_are_entered_in_a_row(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="add", form="supporting:bread")
    claim = visit.panel.get_by_label("Claim (required)")
    claim.fill("Bread is dear.")
    visit.pick("Source", "Morning", "The Morning Paper")
    visit.panel.get_by_role("button", name="Save and add another").click()
    expect(visit.said).to_contain_text(SAVED)
    expect(claim).to_have_value("")
    expect(visit.panel.get_by_role("button", name="Remove The Morning Paper")).to_be_visible()
    claim.fill("Flour is dear.")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel).to_contain_text("Flour is dear")
    assert small.read("assertions?source=paper")["total"] == 3
