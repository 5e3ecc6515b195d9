"""The maps as cards, and making, changing, copying and deleting one from the page."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import SEED, Visit


@pytest.fixture
def home(visit: Visit) -> Visit:
    visit.page.goto("/?map=")
    return visit


def test_a_map_is_made_with_its_claim_and_six_nodes_in_at_most_eight_clicks(home: Visit, service: str) -> None:
    page = home.page
    page.get_by_role("button", name="New map").click()
    expect(page.get_by_label("What is the claim?")).to_be_focused()
    page.keyboard.type("A bridge should be built here.")
    page.get_by_label("New map").get_by_role("button", name="New map").click()
    expect(page.get_by_label("Reason for: A bridge should be built here")).to_be_focused()
    for reason in ("The ferry is slow.", "The road is long."):
        page.keyboard.type(reason)
        page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(page.locator(".node.statement")).to_have_count(2)
    page.keyboard.press("a")
    page.keyboard.type("It costs too much.")
    page.keyboard.press("Control+Enter")
    expect(home.said).to_contain_text("Saved.")
    home.all_saved()
    [map] = [one for one in httpx2.get(f"{service}/v1/maps").json()["items"] if one["title"].startswith("A bridge")]
    assert map["id"] == "a-bridge-should-be-built-here"
    assert (map["counts"]["statements"], map["counts"]["arguments"]) == (4, 3)
    assert httpx2.delete(f"{service}/v1/maps/{map['id']}").is_success


def test_a_map_without_a_word_is_refused_in_words_and_what_was_typed_comes_back(home: Visit) -> None:
    page = home.page
    page.get_by_role("button", name="New map").click()
    form = page.get_by_label("New map")
    form.get_by_role("button", name="New map").click()
    expect(form.get_by_label("What is the claim?")).to_have_accessible_description("Write the claim or a title.")
    form.get_by_label("Question (optional)").fill("Is it so?")
    page.reload()
    page.get_by_role("button", name="New map").click()
    expect(page.get_by_label("Question (optional)")).to_have_value("Is it so?")


def test_a_store_without_a_map_invites_to_begin(home: Visit) -> None:
    empty = json.dumps({"items": [], "total": 0, "next": None})
    home.page.route("**/v1/maps?*", lambda route: route.fulfill(content_type="application/json", body=empty))
    home.page.reload()
    expect(home.page.get_by_text("There is no map yet. What is the claim?")).to_be_visible()
    expect(home.page.get_by_label("What is the claim?")).to_be_focused()


def test_an_empty_map_invites_to_write_its_claim_in_place(visit: Visit, small: SmallMap) -> None:
    for kind, id in (("motives", "bread"), ("statements", "thesis"), ("statements", "hungry"), ("statements", "shut")):
        small.delete(kind, id)
    visit.page.goto(f"/?map={small.id}")
    expect(visit.page.get_by_text("What is the claim?")).to_be_visible()
    visit.page.get_by_role("button", name="Write the claim").click()
    visit.page.keyboard.type("Ann should stay.")
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_label("Reason for: Ann should stay")).to_be_focused()
    visit.page.keyboard.press("Escape")
    visit.all_saved()
    [made] = small.read("statements")["items"]
    assert (made["text"], made["origin"]) == ("Ann should stay.", "constructed")


def test_a_card_says_what_a_map_asks_and_holds_and_leads_to_it(home: Visit, small: SmallMap) -> None:
    home.page.reload()
    card = home.page.get_by_role("listitem").filter(has_text=small.id)
    expect(card).to_contain_text("2 actors, 1 motive, 3 statements, 3 arguments, 1 source, 1 passage")
    expect(card).to_contain_text(re.compile(r"changed \w+ \d+, \d{4}"))
    card.get_by_role("button", name=re.compile("^Edit")).click()
    home.panel.get_by_label("Question").fill("Will she go?")
    home.panel.get_by_role("button", name="Save").click()
    expect(home.said).to_contain_text("Saved.")
    assert small.head["question"] == "Will she go?"


def test_a_map_is_copied_and_a_deleted_one_comes_back(home: Visit, small: SmallMap, service: str) -> None:
    home.page.reload()
    card = home.page.get_by_role("listitem").filter(has_text=f"Small map of {small.id}")
    card.get_by_role("button", name=re.compile("^Duplicate")).click()
    copy = home.page.get_by_role("listitem").filter(has_text="(copy)")
    expect(copy).to_contain_text("2 actors, 1 motive, 3 statements, 3 arguments, 1 source, 1 passage")
    copy.get_by_role("button", name=re.compile("^Delete")).click()
    dialog = home.page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 arguments")
    dialog.get_by_role("button", name="Delete this map").click()
    expect(copy).to_have_count(0)
    home.page.get_by_role("button", name="Undo", exact=True).click()
    expect(copy).to_contain_text("2 actors, 1 motive, 3 statements, 3 arguments, 1 source, 1 passage")
    copy.get_by_role("button", name=re.compile("^Delete")).click()
    dialog.get_by_role("button", name="Delete this map").click()
    expect(copy).to_have_count(0)


def test_a_file_is_imported_and_another_one_is_told(home: Visit, small: SmallMap, tmp_path: Path) -> None:
    file = tmp_path / "map.json"
    exported = small.read("export?format=json")
    file.write_text(json.dumps({**exported, "map": {**exported["map"], "title": "Brought along"}}))
    home.page.locator("input[type=file]").set_input_files(file)
    card = home.page.get_by_role("listitem").filter(has_text="Brought along")
    expect(card).to_contain_text("3 arguments")
    other = tmp_path / "other.json"
    other.write_text("[1, 2]")
    home.page.locator("input[type=file]").set_input_files(other)
    expect(home.page.get_by_role("alert")).to_contain_text("other.json is not a map exported as JSON")
    card.get_by_role("button", name="Delete").click()
    home.page.get_by_role("dialog").get_by_role("button", name="Delete this map").click()
    expect(card).to_have_count(0)


def test_the_maps_are_reached_from_a_map_and_lead_back(page: Page) -> None:
    page.goto("/?view=map")
    page.get_by_role("link", name="Food, finance and firepower").click()
    expect(page.locator("#main [data-id]").first).to_be_attached()
    assert f"map={SEED}" in page.url
    page.get_by_role("link", name="argumap: All maps").click()
    expect(page.get_by_role("heading", name="Maps")).to_be_visible()


def test_a_map_is_made_by_keys_alone_and_on_a_phone(open_page: Callable[..., Page], service: str) -> None:
    page = open_page(390, 844, has_touch=True)
    page.goto("/?map=")
    page.get_by_role("button", name="New map").focus()
    page.keyboard.press("Enter")
    page.keyboard.type("Tea is good for you.")
    page.keyboard.press("Tab")
    page.keyboard.type("Tea by keys")
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tea by keys")
    expect(page.get_by_role("treeitem", name="Tea is good for you.")).to_be_visible()
    assert httpx2.delete(f"{service}/v1/maps/tea-by-keys").is_success


def test_what_grades_count_for_is_edited_with_the_map(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, panel="map")
    visit.panel.get_by_label("This map weighs grades by a table of its own").check()
    best = visit.panel.get_by_role("group", name="Arguments").get_by_label("clearly argued")
    expect(best).to_have_value("0.9")
    best.fill("0.2")
    visit.panel.get_by_role("button", name="Save").click()
    expect(visit.panel.get_by_text("must not weigh more than confidence high")).to_be_visible()
    assert small.head["weights"] is None
    best.fill("1")
    visit.page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    assert small.head["weights"]["confidence"] == {"high": 1.0, "medium": 0.6, "low": 0.3}
    visit.go(small.id, panel="map")
    visit.panel.get_by_label("This map weighs grades by a table of its own").uncheck()
    visit.panel.get_by_role("button", name="Save").click()
    expect(visit.said).to_contain_text("Saved.")
    assert small.head["weights"] is None
