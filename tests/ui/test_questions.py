"""Paths, standings, why, what if and briefs: asked by the mouse, answered on the page and on the map."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def test_paths_between_two_nodes_are_told_in_steps_and_lit_on_the_map(visit: Visit) -> None:
    visit.go()
    visit.tool("Paths").click()
    visit.pick("From", "selling shells eases", "Selling shells to Russia eases North Korea's food shortage")
    visit.pick("To", "joining benefits", "Joining Russia's war benefits North Korea")
    expect(visit.panel.get_by_text(re.compile(r"^\d+ paths?: \d+ supporting and \d+ opposing"))).to_be_visible()
    card = visit.panel.locator("article").first
    expect(card).to_contain_text("supports")
    expect(card).to_contain_text("so in the end it speaks for")
    card.get_by_role("button", name="Show on the map").click()
    assert visit.query()["path"] == ["0"]
    assert visit.query()["to"] == ["t-main"]
    for id in ("gain-food", "t-short", "t-main", "a-008"):
        expect(visit.node(id)).to_have_class(re.compile(r"\blit\b"))
    expect(visit.node("firepower")).not_to_have_class(re.compile(r"\blit\b"))


def test_the_ends_of_a_path_are_chosen_on_the_map_and_a_single_path_is_shown_at_once(
    visit: Visit, small: SmallMap
) -> None:
    visit.go(small.id)
    visit.tool("Paths").click()
    expect(visit.panel.get_by_text("A click on the map chooses it.")).to_be_visible()
    visit.node("hungry").locator(".box").click()
    visit.node("thesis").locator(".box").click()
    expect(visit.panel.get_by_text("1 path: 1 supporting and 0 opposing")).to_be_visible()
    assert (visit.query()["from"], visit.query()["to"]) == (["hungry"], ["thesis"])
    expect(visit.node("bread")).to_have_class(re.compile(r"\blit\b"))
    expect(visit.node("shut")).not_to_have_class(re.compile(r"\blit\b"))


def test_a_path_through_a_challenged_inference_is_told_in_words(visit: Visit) -> None:
    visit.go(panel="paths", **{"from": "p-49", "to": "t-main"})
    card = visit.panel.locator("article").nth(2)
    expect(card).to_contain_text(
        "challenges the inference Russian compensation largely meets North Korea's need for food"
    )
    expect(card).to_contain_text("an inference that supports Joining relieves North Korea's food shortage")
    expect(card).to_contain_text("so in the end it speaks against")


def test_where_no_path_leads_the_page_says_so(visit: Visit) -> None:
    visit.go(panel="paths", **{"from": "t-main", "to": "p-40"})
    expect(visit.panel.get_by_text("No chain of arguments leads from the first to the second.")).to_be_visible()
    visit.panel.get_by_role("button", name="Swap ends").click()
    assert visit.query()["from"] == ["p-40"]


def test_standings_and_strengths_are_shown_on_demand(visit: Visit) -> None:
    visit.go()
    expect(visit.page.locator(".badge")).to_have_count(0)
    visit.tool("Standing").click()
    expect(visit.node("t-main").locator(".badge")).to_have_count(1)
    expect(visit.node("t-main").locator(".bar")).to_have_count(1)
    expect(visit.node("t-main")).to_have_attribute(
        "aria-label", re.compile(r"(unchallenged|upheld|contested|open|defeated|unsupported), strength 0\.\d\d")
    )


def test_why_names_the_heaviest_on_both_sides_lights_them_and_tells_the_smallest_change(visit: Visit) -> None:
    visit.go(selected="t-main", panel="node")
    visit.panel.get_by_role("button", name="Why?").click()
    expect(visit.panel.get_by_text(re.compile(r"^Contested, strength 0\.\d\d\.$"))).to_be_visible()
    expect(visit.panel.get_by_role("heading", name=re.compile(r"^For it, the heaviest first \(\d+\)$"))).to_be_visible()
    expect(visit.panel.get_by_role("heading", name="Against it, the heaviest first (2)")).to_be_visible()
    expect(visit.panel.locator("ol").nth(1)).to_contain_text("The costs of joining outweigh the benefits")
    expect(visit.node("t-main")).to_have_class(re.compile(r"\blit\b"))
    expect(visit.node("p-08")).to_have_class(re.compile(r"\blit\b"))
    assert visit.query()["panel"] == ["why"]
    visit.go(selected="food", panel="why")
    flip = visit.panel.locator(".notice")
    expect(flip).to_contain_text("Smallest change that would overturn it: remove")
    expect(flip).to_contain_text("supports food")


def test_what_if_a_node_is_switched_off_tells_what_changes_and_stores_nothing(visit: Visit) -> None:
    visit.go(selected="food", panel="node")
    visit.panel.get_by_role("button", name="What if this were false?").click()
    expect(visit.panel.get_by_role("heading", name="No standing changes.")).to_be_visible()
    expect(visit.panel.get_by_role("heading", name="4 arguments are removed with it")).to_be_visible()
    assert visit.query()["off"] == ["food"]
    for id in ("food", "a-011", "a-174"):
        expect(visit.node(id)).to_have_class(re.compile(r"\boff\b"))
    visit.panel.get_by_role("button", name="Undo: Food").click()
    expect(visit.panel).to_contain_text("Nothing is changed yet.")


def test_a_click_on_the_map_switches_a_node_off_and_on_and_a_supposition_is_never_unseen(
    visit: Visit, small: SmallMap
) -> None:
    visit.go(small.id)
    visit.tool("What if").click()
    visit.node("shut").locator(".box").click()
    changes = visit.panel.get_by_role("heading", name=re.compile(r"^[1-9]\d* standings? changes?$"))
    expect(changes).to_be_visible()
    expect(visit.panel.get_by_role("heading", name="1 argument is removed with it")).to_be_visible()
    expect(visit.node("bread")).to_have_class(re.compile(r"\bflipped\b"))
    expect(visit.node("a3")).not_to_have_class(re.compile(r"\bflipped\b"))
    visit.tool("Filters").click()
    chip = visit.page.get_by_role("button", name="Remove the filter What if without: The bakery is shut on Sundays.")
    expect(chip).to_be_visible()
    visit.tool("What if").click()
    visit.node("shut").locator(".box").click()
    expect(visit.panel).to_contain_text("Nothing is changed yet.")


def test_what_if_a_credence_changes_is_asked_by_a_slider(visit: Visit) -> None:
    visit.go(panel="what-if")
    visit.pick(
        "Change how credible this is",
        "selling shells eases",
        "Selling shells to Russia eases North Korea's food shortage",
    )
    slider = visit.panel.get_by_role("slider")
    slider.focus()
    with visit.page.expect_response(lambda answer: "/what-if" in answer.url):
        visit.page.keyboard.press("End")
    [said] = visit.query()["credence"]
    assert said.endswith(":1")
    expect(visit.panel.get_by_text(re.compile("strengths? moves? by"))).to_be_visible()


def test_each_sentence_of_the_long_summary_leads_to_its_nodes(visit: Visit) -> None:
    visit.go()
    visit.panel.get_by_role("button", name="Read the long summary").click()
    sentence = visit.panel.locator("details").first
    sentence.locator("summary").click()
    link = sentence.get_by_role("link").first
    name = link.inner_text()
    link.click()
    expect(visit.panel.get_by_role("heading", level=2)).to_contain_text(name[:10], ignore_case=True)


def test_a_brief_of_a_motive_can_be_had_and_leads_back(visit: Visit) -> None:
    visit.go(panel="brief")
    visit.pick("Brief of a motive", "food", "Food")
    assert visit.query()["about"] == ["food"]
    expect(visit.panel.get_by_role("heading", level=2)).to_have_text("Food")
    expect(visit.panel.locator("article")).to_contain_text(re.compile("shortage"))
    visit.panel.get_by_role("button", name="Brief of the whole map").click()
    expect(visit.panel.get_by_role("heading", name="Motives, the strongest first")).to_be_visible()


def test_what_an_actor_says_stands_in_words_under_the_motives(visit: Visit) -> None:
    visit.go(selected="wi-sung-lac", panel="node")
    expect(visit.panel.get_by_role("heading", name=re.compile(r"^Says \d+ things"))).to_be_visible()
    expect(visit.panel.get_by_role("heading", name="Defence pact")).to_be_visible()
    links = visit.panel.get_by_role("link").all_inner_texts()
    assert len(links) > 20
    assert [one for one in links if re.fullmatch(r"\S+-\d+", one)] == [], "words, not ids"


def test_an_assertion_is_opened_with_chain_place_hedges_and_quantities(visit: Visit) -> None:
    visit.go(selected="kh-24", panel="node")
    expect(visit.panel).to_contain_text("Attributed through")
    expect(visit.panel).to_contain_text("Place")
    expect(visit.panel).to_contain_text("The Korea Herald")
    visit.go(selected="p-40", panel="node")
    card = visit.panel.locator("details.card").first
    card.locator("summary").click(position={"x": 5, "y": 8})
    expect(card).to_contain_text("Attributed through")
    expect(card).to_contain_text("paragraph 8")


def test_the_brief_of_the_map_is_met_first_and_each_clause_leads_to_its_node(visit: Visit) -> None:
    visit.go()
    brief = visit.panel.locator("article.in-brief")
    clause = brief.get_by_role("link", name=re.compile("Joining Russia's war benefits North Korea")).first
    clause.hover()
    expect(visit.node("t-main")).to_have_class(re.compile(r"\blit\b"))
    clause.click()
    expect(visit.panel.get_by_role("heading", level=2)).to_contain_text("Joining Russia's war benefits North Korea")
