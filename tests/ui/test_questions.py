"""Paths, verdicts, why, what if and summaries: asked by the mouse, answered on the page and on the map."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.sights import Sights
from tests.ui.small import SmallMap


def test_paths_between_two_nodes_are_told_in_steps_and_lit_on_the_map(sights: Sights) -> None:
    sights.go()
    sights.page.get_by_role("button", name="Paths").click()
    sights.pick("From", "shell sales ease", "Shell sales ease the food shortage")
    sights.pick("To", "joining benefits", "Joining Russia's war benefits North Korea")
    expect(sights.panel.get_by_text(re.compile(r"^\d+ paths?: \d+ supporting and \d+ opposing"))).to_be_visible()
    card = sights.panel.locator("article").first
    expect(card).to_contain_text("supports")
    expect(card).to_contain_text("so in the end it speaks for")
    card.get_by_role("button", name="Show on the map").click()
    assert sights.query()["path"] == ["0"]
    assert sights.query()["to"] == ["t-main"]
    for id in ("food", "t-short", "t-main", "a-008"):
        expect(sights.node(id)).to_have_class(re.compile(r"\blit\b"))
    expect(sights.node("firepower")).not_to_have_class(re.compile(r"\blit\b"))


def test_a_path_through_an_attacked_step_is_told_in_words(sights: Sights) -> None:
    sights.go(panel="paths", **{"from": "p-49", "to": "t-main"})
    card = sights.panel.locator("article").nth(1)
    expect(card).to_contain_text(
        "challenges the inference “food” supports “In the near term North Korea gains from joining.”"
    )
    expect(card).to_contain_text("an inference that supports In the near term")
    expect(card).to_contain_text("so in the end it speaks against")


def test_where_no_path_leads_the_page_says_so(sights: Sights) -> None:
    sights.go(panel="paths", **{"from": "t-main", "to": "p-40"})
    expect(sights.panel.get_by_text("No chain of arguments leads from the first to the second.")).to_be_visible()
    sights.panel.get_by_role("button", name="Swap ends").click()
    assert sights.query()["from"] == ["p-40"]


def test_verdicts_and_strengths_stand_on_the_map(sights: Sights) -> None:
    sights.go()
    expect(sights.page.locator(".badge")).to_have_count(0)
    sights.page.get_by_role("button", name="Standing").click()
    expect(sights.node("t-main").locator(".badge")).to_have_count(1)
    expect(sights.node("t-main").locator(".bar")).to_have_count(1)
    expect(sights.node("t-main")).to_have_attribute(
        "aria-label", re.compile(r"(upheld|defeated|contested|unsupported), strength 0\.\d\d")
    )
    expect(sights.page.get_by_role("complementary", name="Legend").get_by_text("unsupported")).to_be_visible()


def test_why_names_what_decides_and_the_smallest_flip(sights: Sights) -> None:
    sights.go(selected="food", panel="node")
    sights.panel.get_by_role("button", name="Why?").click()
    expect(sights.panel.get_by_text(re.compile(r"^It is (upheld|defeated|unsupported|contested)"))).to_be_visible()
    expect(sights.panel.get_by_text("These arguments decide it")).to_be_visible()
    flip = sights.panel.locator(".notice")
    expect(flip).to_contain_text("Smallest change that would overturn it")
    expect(flip).to_contain_text("“Shell sales ease the food shortage.” supports “food”")
    assert sights.query()["panel"] == ["why"]


def test_what_if_a_node_is_switched_off_tells_what_changes_and_stores_nothing(sights: Sights) -> None:
    sights.go(selected="food", panel="node")
    sights.panel.get_by_role("button", name="What if this were false?").click()
    expect(sights.panel.get_by_role("heading", name="No standing changes.")).to_be_visible()
    expect(sights.panel.get_by_role("heading", name="5 arguments are removed with it")).to_be_visible()
    expect(sights.panel).to_contain_text("“Shell sales ease the food shortage.” supports “food”")
    assert sights.query()["off"] == ["food"]
    for id in ("food", "a-001", "a-047"):
        expect(sights.node(id)).to_have_class(re.compile(r"\boff\b"))
    sights.panel.get_by_role("button", name="Undo: food").click()
    expect(sights.panel).to_contain_text("Nothing is changed yet.")


def test_what_flips_is_told_apart_from_what_vanishes(sights: Sights, small: SmallMap) -> None:
    sights.go(small.id, panel="what-if", off="shut")
    flips = sights.panel.get_by_role("heading", name=re.compile(r"^[1-9]\d* standings? changes?$"))
    expect(flips).to_be_visible()
    expect(sights.panel.get_by_role("heading", name="1 argument is removed with it")).to_be_visible()
    expect(sights.node("bread")).to_have_class(re.compile(r"\bflipped\b"))
    expect(sights.node("a3")).not_to_have_class(re.compile(r"\bflipped\b"))


def test_what_if_a_credence_changes_is_asked_by_a_slider(sights: Sights) -> None:
    sights.go(panel="what-if")
    sights.pick("Change how credible this is", "shell sales ease", "Shell sales ease the food shortage")
    slider = sights.panel.get_by_role("slider")
    slider.focus()
    with sights.page.expect_response(lambda answer: "/what-if" in answer.url):
        sights.page.keyboard.press("End")
    [said] = sights.query()["credence"]
    assert said.endswith(":1")
    expect(sights.panel.get_by_text(re.compile("strengths? moves? by"))).to_be_visible()


def test_each_sentence_of_a_summary_leads_to_its_nodes(sights: Sights) -> None:
    sights.go()
    sights.page.get_by_role("button", name="Summary").click()
    sentence = sights.panel.locator("details").first
    sentence.locator("summary").click()
    link = sentence.get_by_role("link").first
    name = link.inner_text()
    link.click()
    expect(sights.panel.get_by_role("heading", name="Details")).to_be_visible()
    expect(sights.panel.locator(".text").first).to_contain_text(name[:10], ignore_case=True)


def test_a_summary_of_a_motive_can_be_had(sights: Sights) -> None:
    sights.go(panel="summary")
    sights.panel.get_by_role("button", name="food", exact=True).click()
    assert sights.query()["about"] == ["food"]
    expect(sights.panel.locator("article .title")).to_contain_text(re.compile("food", re.IGNORECASE))


def test_an_assertion_is_opened_with_chain_place_hedges_and_quantities(sights: Sights) -> None:
    sights.go(selected="kh-24", panel="node")
    expect(sights.panel).to_contain_text("Attributed through")
    expect(sights.panel).to_contain_text("Place")
    expect(sights.panel).to_contain_text("The Korea Herald")
    sights.go(selected="p-40", panel="node")
    card = sights.panel.locator("details.card").first
    card.locator("summary").click(position={"x": 5, "y": 8})
    expect(card).to_contain_text("Attributed through")
    expect(card).to_contain_text("paragraph 8")
