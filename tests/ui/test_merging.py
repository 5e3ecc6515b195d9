"""Merging duplicates on the page: field by field, told before it is done, undone like any change, or told apart."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


@pytest.fixture
def twice(small: SmallMap) -> SmallMap:
    """The map with an actor and a statement that are there twice."""
    small.make(
        ("actors", "ann-2", {"name": "Ann Baker", "actor_kind": "person", "note": "Bakes."}),
        ("statements", "hungry-2", {"text": "Ann is hungry each morning.", "note": "Says the cook."}),
        ("arguments", "a2-2", {"premises": ["hungry-2"], "target": "bread", "stance": "supporting"}),
        ("assertions", "x2", {"of": "hungry-2", "source": "paper", "chain": ["press", "ann-2"]}),
    )
    return small


def test_two_statements_become_one_and_what_became_equal_is_offered_next(visit: Visit, twice: SmallMap) -> None:
    visit.go(twice.id, selected="hungry", panel="node")
    visit.panel.get_by_role("button", name="Merge…").click()
    visit.panel.get_by_role("button", name="Take it: Ann is hungry each morning.").click()
    wording = visit.panel.get_by_role("group", name="Text")
    expect(wording.get_by_role("radio", name="Of the one that stays")).to_be_checked()
    wording.get_by_role("radio", name="Of the other").check()
    expect(visit.panel.get_by_text("2 other nodes name the second")).to_be_visible()
    visit.panel.get_by_role("button", name="Merge", exact=True).click()
    expect(visit.said).to_contain_text("Merged.")
    expect(visit.said).to_contain_text("1 more pair has become the same")
    merged = twice.read("statements/hungry")
    assert (merged["text"], merged["note"], merged["merged"]) == (
        "Ann is hungry each morning.", "Says the cook.", ["hungry-2"],
    )  # fmt: skip
    visit.panel.get_by_role("button", name="Merge", exact=True).click()
    expect(visit.said).not_to_contain_text("has become")
    expect(visit.said).to_contain_text("Merged.")
    assert len(twice.read("arguments")["items"]) == 3
    visit.page.get_by_role("button", name="Undo", exact=True).last.click()
    expect(visit.said).to_contain_text("Undone")
    assert len(twice.read("arguments")["items"]) == 4


def test_the_old_link_of_what_was_merged_leads_to_what_stays(visit: Visit, twice: SmallMap) -> None:
    twice.merge("ann", "ann-2")
    visit.go(twice.id, selected="ann-2", panel="node")
    expect(visit.panel.get_by_role("heading", level=2)).to_have_text("Ann")
    assert visit.query()["selected"] == ["ann"]


def test_actors_are_merged_by_keys_alone(visit: Visit, twice: SmallMap) -> None:
    page = visit.page
    visit.go(twice.id, selected="ann", panel="node")
    visit.panel.get_by_role("button", name="Merge…").focus()
    page.keyboard.press("Enter")
    visit.box("Is merged into it").focus()
    page.keyboard.type("Ann B")
    expect(page.get_by_role("option", name="Ann Baker")).to_be_visible()
    page.keyboard.press("Enter")
    name = visit.panel.get_by_role("group", name="Name")
    expect(name.get_by_role("radio", name="Of the one that stays")).to_be_checked()
    name.get_by_role("radio", name="Of the one that stays").focus()
    page.keyboard.press("ArrowDown")
    expect(name.get_by_role("radio", name="Of the other")).to_be_checked()
    visit.panel.get_by_role("button", name="Merge", exact=True).focus()
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("Merged.")
    assert twice.read("actors/ann")["name"] == "Ann Baker"
    assert twice.read("assertions/x2")["chain"] == ["press", "ann"]


def test_two_that_are_not_the_same_are_told_apart_and_not_offered_again(visit: Visit, twice: SmallMap) -> None:
    visit.go(twice.id, selected="hungry", panel="merge", form="hungry-2")
    visit.panel.get_by_role("button", name="They are not the same").click()
    expect(visit.said).to_contain_text("they are not the same")
    visit.panel.get_by_role("button", name="Merge…").click()
    expect(visit.box("Is merged into it")).to_be_visible()
    expect(visit.panel.get_by_role("button", name="Take it")).to_have_count(0)
    assert twice.read("statements/hungry")["different_from"] == ["hungry-2"]


def test_what_cannot_be_merged_says_why_in_words(visit: Visit, small: SmallMap) -> None:
    small.make(("arguments", "a4", {"premises": ["hungry"], "target": "shut", "stance": "opposing"}))
    visit.go(small.id, selected="hungry", panel="merge", form="shut")
    alert = visit.panel.get_by_role("alert")
    expect(alert).to_contain_text("Ann is hungry every morning")
    expect(alert).not_to_contain_text("'shut'")
    expect(visit.panel.get_by_role("button", name="Merge", exact=True)).to_be_disabled()


def test_a_finger_merges_on_a_phone(open_page: Callable[..., Page], twice: SmallMap) -> None:
    visit = Visit(open_page(390, 844, has_touch=True))
    visit.go(twice.id, selected="hungry", panel="node")
    visit.panel.get_by_role("button", name="Merge…").tap()
    visit.panel.get_by_role("button", name="Take it: Ann is hungry each morning.").tap()
    visit.panel.get_by_role("button", name="Swap").tap()
    visit.panel.get_by_role("button", name="Merge", exact=True).tap()
    expect(visit.said).to_contain_text("Merged.")
    assert twice.read("statements/hungry-2")["merged"] == ["hungry"]


def test_all_that_looks_alike_is_listed_and_worked_off_by_keys_alone(visit: Visit, twice: SmallMap) -> None:
    page = visit.page
    twice.make(("arguments", "a2-3", {"premises": ["hungry"], "target": "bread", "stance": "supporting"}))
    visit.go(twice.id)
    visit.tool("More").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Duplicates").focus()
    page.keyboard.press("Enter")
    expect(visit.panel).to_contain_text("2 pairs look the same")
    expect(visit.panel.get_by_role("listitem").first).to_contain_text("the same in everything that counts")
    visit.panel.get_by_role("button", name="They are not the same: Ann is hungry every morning").last.focus()
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("they are not the same")
    expect(visit.panel).to_contain_text("1 pair looks the same")
    page.locator(".said").get_by_role("button", name="Undo").click()
    expect(visit.panel).to_contain_text("2 pairs look the same")
    visit.panel.get_by_role("button", name="Merge…").first.focus()
    page.keyboard.press("Enter")
    expect(visit.panel).to_contain_text("They say the same in every field")
    visit.panel.get_by_role("button", name="Merge", exact=True).click()
    expect(visit.said).to_contain_text("Merged.")
