"""Reading beside the map: a source's text with its passages, and a sentence that becomes a claim on the map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

HUNGRY = "Ann is hungry every morning 🍞, said Ann."
TEXT = f"The Morning Paper\n\n{HUNGRY} The bakery may have sold over 300 loaves on Sunday, Ann told us.\n"


@pytest.fixture
def reading(small: SmallMap) -> SmallMap:
    """The small map with the text of its paper, and the one passage in it marked."""
    start = TEXT.index("Ann is")
    small.change("assertions", "x1", locator={"start": start, "end": start + len(HUNGRY)})
    small.attach("paper", TEXT)
    return small


def _text(visit: Visit) -> Locator:
    return visit.page.get_by_role("region", name="The Morning Paper")


def _sentence(visit: Visit, words: str) -> Locator:
    return _text(visit).locator("[data-sentence]", has_text=words)


def _passages(small: SmallMap) -> list[dict[str, Any]]:
    return [one for one in small.read("assertions")["items"] if one["id"] != "x1"]


def test_a_text_is_attached_and_its_passages_are_underlined(visit: Visit, small: SmallMap, tmp_path: Path) -> None:
    small.change("assertions", "x1", locator={"paragraph": 1})
    visit.go(small.id)
    visit.tool("Text").click()
    pane = _text(visit)
    expect(pane.get_by_role("heading", name="Paragraph 1")).to_be_visible()
    pane.get_by_label("Or paste the text").fill(TEXT)
    pane.get_by_role("button", name="Attach the text").click()
    expect(visit.said).to_contain_text("1 passage is marked in it")
    expect(pane.locator(".supporting").first).to_have_text(HUNGRY.split(",", maxsplit=1)[0] + ", said Ann. ")
    pane.get_by_role("button", name="Take this text away").click()
    expect(pane.get_by_label("Or paste the text")).to_be_visible()
    visit.page.locator(".said").get_by_role("button", name="Undo").click()
    expect(pane.locator(".supporting").first).to_be_visible()


def test_a_file_is_attached_and_another_one_is_refused_in_words(visit: Visit, small: SmallMap, tmp_path: Path) -> None:
    other, right = tmp_path / "other.txt", tmp_path / "right.txt"
    other.write_text("Another text.")
    right.write_bytes(TEXT.encode())
    small.attach("paper", TEXT)
    small.detach("paper")
    visit.go(small.id, reading="paper")
    pane = _text(visit)
    pane.get_by_label("Choose a text file").set_input_files(other)
    expect(pane.get_by_role("alert")).to_contain_text("another text than the one that the passages")
    pane.get_by_label("Choose a text file").set_input_files(right)
    expect(pane).to_contain_text("The bakery may have sold")


def test_what_is_pointed_at_in_the_one_lights_in_the_other(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    _text(visit).locator(".supporting").hover()
    expect(visit.node("hungry")).to_have_class("node statement lit")
    visit.page.mouse.move(5, 5)
    visit.node("hungry").locator(".box").hover()
    expect(_text(visit).locator(".lit")).to_have_text(HUNGRY)
    visit.node("bread").locator(".box").hover()
    expect(_text(visit).locator(".lit")).to_have_count(0)


def test_what_is_said_in_a_passage_is_opened_from_it_and_back(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    _sentence(visit, "Ann is hungry").click()
    _text(visit).get_by_role("link", name="Ann is hungry every morning.").click()
    expect(visit.panel.get_by_role("heading", name="Ann is hungry every morning.")).to_be_visible()
    _text(visit).get_by_role("button", name="Close the text").click()
    expect(_text(visit)).to_have_count(0)
    visit.panel.locator("details.card summary").first.click()
    visit.panel.get_by_role("button", name="Show in the text").click()
    expect(_text(visit).locator(".chosen")).to_contain_text("Ann is hungry")


def test_a_sentence_becomes_a_claim_with_what_is_suggested_for_it(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    _sentence(visit, "The bakery").click()
    bar = visit.page.locator(".passage-bar")
    expect(bar).to_contain_text("Claim by Ann, reported by The Press; hedged: may; more than 300 loaves")
    assert _passages(reading) == [], "nothing is saved unseen"
    bar.get_by_role("button", name="Mark this passage").click()
    form = visit.panel
    expect(form).to_contain_text("Suggested: “Ann” stands beside a verb of saying.")
    form.get_by_label("Claim (required)").fill("The bakery sells bread on Sundays.")
    visit.node("bread").locator(".box").click()
    form.get_by_role("radio", name="against").check()
    form.get_by_role("button", name="Save").click()
    expect(visit.said).to_contain_text("Saved")
    [passage] = _passages(reading)
    start = TEXT.index("The bakery")
    assert passage["locator"] == {
        "paragraph": 1, "start": start, "end": start + len(TEXT[start:].strip()), "prefix": None, "suffix": None,
    }  # fmt: skip
    assert (passage["chain"], passage["modality"], passage["hedges"]) == (["press", "ann"], "possible", ["may"])
    assert [(q["min"], q["min_inclusive"], q["unit"]) for q in passage["quantities"]] == [(300, False, "loaves")]
    made = reading.read(f"statements/{passage['of']}")
    assert (made["text"], made["origin"]) == ("The bakery sells bread on Sundays.", "attributed")
    [argument] = [a for a in reading.read("arguments")["items"] if a["premises"] == [passage["of"]]]
    assert (argument["target"], argument["stance"]) == ("bread", "opposing")
    expect(_text(visit).locator(".opposing")).to_have_count(1)


def test_all_of_it_goes_by_keyboard_alone(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    page = visit.page
    page.get_by_role("group", name="Text of the source").focus()
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    expect(page.locator(".passage-bar")).to_contain_text("Claim by Ann")
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Mark this passage")).to_be_focused()
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_label("Claim (required)")).to_be_focused()
    page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved")
    [passage] = _passages(reading)
    assert passage["chain"] == ["press", "ann"]
    assert len(reading.read("arguments")["items"]) == 3, "without a target only the passage is kept"


def test_a_passage_of_what_the_map_says_already_makes_no_second_statement(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    _sentence(visit, "The bakery").click()
    visit.page.get_by_role("button", name="Mark this passage").click()
    visit.panel.get_by_role("button", name="It says this: The bakery is shut on Sundays.").click()
    visit.panel.get_by_role("button", name="Save").click()
    expect(visit.said).to_contain_text("Saved")
    [passage] = _passages(reading)
    assert passage["of"] == "shut"
    assert len(reading.read("statements")["items"]) == 3


def test_a_passage_is_dragged_onto_a_box(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    _sentence(visit, "The bakery").click()
    visit.page.get_by_role("button", name="Drag onto a box").hover()
    visit.page.mouse.down()
    box = visit.node("bread").locator(".box").bounding_box()
    visit.page.mouse.move(box["x"] + 20, box["y"] + 20, steps=5)
    visit.page.mouse.up()
    expect(visit.panel.locator(".chip")).to_contain_text(["Ann", "Bread"])


def test_words_selected_by_the_mouse_are_the_passage(visit: Visit, reading: SmallMap) -> None:
    visit.go(reading.id, reading="paper", panel="none")
    span = _text(visit).locator("[data-start]", has_text="The bakery").last
    visit.page.evaluate(
        "(node) => { const text = node.firstChild; getSelection().setBaseAndExtent(text, 4, text, 10);"
        " node.dispatchEvent(new PointerEvent('pointerup', { bubbles: true })) }",
        span.element_handle(),
    )
    start = TEXT.index("bakery may")
    expect(visit.page.locator(".passage-bar")).to_be_visible()
    assert visit.query()["passage"] == [f"{start}-{start + 6}"], "a sign outside of the basic plane counts once"


def test_a_finger_marks_a_sentence_on_a_phone(open_page: Callable[..., Page], reading: SmallMap) -> None:
    page = open_page(390, 844, has_touch=True, is_mobile=True)
    visit = Visit(page)
    visit.go(reading.id)
    page.locator("header").get_by_role("button", name="More").tap()
    page.get_by_role("button", name="Text").tap()
    _sentence(visit, "The bakery").tap()
    page.get_by_role("button", name="Mark this passage").tap()
    visit.panel.get_by_role("button", name="Save").tap()
    expect(visit.said).to_contain_text("Saved")
    assert len(_passages(reading)) == 1
    _text(visit).get_by_role("button", name="Close the text").tap()
    expect(page.locator("#main")).to_be_visible()


def test_a_past_state_is_read_and_nothing_is_marked_in_it(visit: Visit, reading: SmallMap) -> None:
    revision = reading.head["revision"]
    reading.change("actors", "ann", role="baker")
    visit.go(reading.id, reading="paper", as_of=revision, panel="none")
    _sentence(visit, "Ann is hungry").click()
    expect(visit.page.locator(".passage-bar")).to_contain_text("Read as:")
    expect(visit.page.get_by_role("button", name="Mark this passage")).to_have_count(0)
