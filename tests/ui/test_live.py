"""What others write appears without a reload, and a form that it concerns says so."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

SOON = 15_000
"""Milliseconds; the page looks every five seconds."""


def test_what_others_write_appears_by_itself(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    small.make(
        ("statements", "late", {"text": "The oven is cold."}),
        ("arguments", "a-late", {"premises": ["late"], "target": "bread", "stance": "opposing"}),
    )
    expect(visit.node("late")).to_have_count(1, timeout=SOON)
    small.delete("statements", "late")
    expect(visit.node("late")).to_have_count(0, timeout=SOON)


def test_a_form_says_that_its_node_was_changed_meanwhile_and_keeps_what_was_typed(
    visit: Visit, small: SmallMap
) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    text = visit.panel.get_by_label("text (required)")
    text.fill("Ann is hungry at noon.")
    small.change("statements", "shut", text="The bakery is shut on Mondays.")
    small.change("statements", "hungry", credence=0.9)
    expect(visit.panel.get_by_text("Someone else has changed this")).to_be_visible(timeout=SOON)
    expect(text).to_have_value("Ann is hungry at noon.")


def test_a_past_state_stays_as_it_was(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, as_of=small.head["revision"], panel="none")
    small.make(("statements", "late", {"text": "The oven is cold.", "origin": "constructed"}))
    visit.page.wait_for_timeout(6500)
    expect(visit.node("late")).to_have_count(0)
