"""Remarks on the page: shown apart from the map, and what was typed is not lost."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def test_a_remark_is_said_and_shown_apart_from_the_map(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="bread", panel="node")
    before = small.read("motives")
    panel = visit.panel
    panel.get_by_label("Your remark").fill("Who says that it is bread?")
    panel.get_by_label("Do you agree?").select_option("Disagrees")
    panel.get_by_role("button", name="Say it").click()
    expect(panel.get_by_role("heading", name="1 remark")).to_be_visible()
    expect(panel.get_by_text("Disagrees: Who says that it is bread?")).to_be_visible()
    expect(panel.get_by_label("Your remark")).to_have_value("")
    assert small.read("motives") == before, "the map is as it was"


def test_what_was_typed_is_there_again(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="bread", panel="node")
    visit.panel.get_by_label("Your remark").fill("To be said later.")
    visit.go(small.id, selected="bread", panel="node")
    expect(visit.panel.get_by_label("Your remark")).to_have_value("To be said later.")
