"""What was written can be taken back: from what was just said, by key, from the list of changes, and whole states."""

from __future__ import annotations

from playwright.sync_api import expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def _texts(small: SmallMap) -> set[str]:
    return {one["text"] for one in small.read("statements")["items"]}


def test_what_was_saved_is_taken_back_from_where_it_is_said(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text("Saved")
    visit.page.locator(".said").get_by_role("button", name="Undo").click()
    expect(visit.said).to_contain_text("Undone")
    assert "Ann is hungry every morning." in _texts(small)


def test_a_deleted_node_comes_back_with_what_fell_with_it(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="node")
    visit.panel.get_by_role("button", name="Delete").click()
    visit.page.get_by_role("dialog").get_by_role("button", name="Delete all").click()
    expect(visit.said).to_contain_text("deleted")
    assert "Ann is hungry every morning." not in _texts(small)
    visit.page.locator(".said").get_by_role("button", name="Undo").click()
    expect(visit.node("hungry")).to_have_count(1)
    assert "Ann is hungry every morning." in _texts(small)
    assert {one["id"] for one in small.read("arguments")["items"]} == {"a1", "a2", "a3"}


def test_the_key_undoes_and_does_again_but_leaves_a_field_alone(visit: Visit, small: SmallMap) -> None:
    small.change("statements", "shut", text="The bakery is shut on Mondays.")
    visit.go(small.id, panel="none")
    visit.page.keyboard.press("Control+z")
    expect(visit.said).to_contain_text("Undone")
    assert "The bakery is shut on Sundays." in _texts(small)
    visit.page.keyboard.press("Control+Shift+Z")
    expect(visit.said).to_contain_text("Done again")
    assert "The bakery is shut on Mondays." in _texts(small)
    revision = small.head["revision"]
    visit.page.get_by_role("combobox", name="Search statements").fill("bak")
    undone: list[str] = []
    visit.page.on("request", lambda request: undone.append(request.url) if request.method == "POST" else None)
    visit.page.keyboard.press("Control+z")
    visit.page.evaluate("() => fetch('/healthz')")  # whatever the key would have asked stands before it
    assert undone == []
    assert small.head["revision"] == revision, "in a field the key is the field's"


def test_changes_are_listed_with_what_they_did_and_any_one_is_taken_back(visit: Visit, small: SmallMap) -> None:
    small.change("statements", "hungry", text="Ann is hungry at night.")
    small.delete("arguments", "a1")
    visit.go(small.id, panel="history")
    items = visit.panel.locator("ol.log > li")
    expect(items).to_have_count(4)
    expect(items.first).to_contain_text("revision 4")
    items.nth(1).get_by_role("button", name="Take back").click()
    expect(visit.said).to_contain_text("Undone")
    assert "Ann is hungry every morning." in _texts(small)
    expect(items).to_have_count(5)


def test_a_past_state_is_looked_at_and_restored(visit: Visit, small: SmallMap) -> None:
    revision = small.head["revision"]
    small.delete("statements", "shut")
    visit.go(small.id, panel="history")
    visit.panel.locator("ol.log > li").nth(1).get_by_role("button", name="Look at it then").click()
    expect(visit.node("shut")).to_have_count(1)
    past = visit.page.get_by_role("region", name="A past state")
    expect(past).to_contain_text(f"revision {revision}")
    expect(visit.page.get_by_role("button", name="Add argument")).to_have_count(0)
    past.get_by_role("button", name="Restore this state").click()
    expect(visit.said).to_contain_text(f"again as it was at revision {revision}")
    expect(past).to_have_count(0)
    assert "The bakery is shut on Sundays." in _texts(small)


def test_what_others_wrote_since_is_not_overwritten_by_an_undo(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.said).to_contain_text("Saved")
    small.change("statements", "hungry", text="Ann is hungry at night.")
    visit.page.locator(".said").get_by_role("button", name="Undo").click()
    expect(visit.page.locator(".said").get_by_role("alert")).to_be_visible()
    assert "Ann is hungry at night." in _texts(small)


def test_a_change_is_told_in_words_and_never_by_an_id(visit: Visit, small: SmallMap) -> None:
    page = visit.page
    visit.go(small.id, panel="history")
    visit.node("bread").locator(".box").hover()
    page.locator(".handles").get_by_role("button", name="Add a reason against").click()
    page.keyboard.type("She is ill.")
    page.keyboard.press("Control+Enter")
    told = "added the statement “She is ill” and the argument against “Bread”."
    expect(visit.panel.get_by_role("listitem").first).to_contain_text(told)
    visit.panel.get_by_text("2 single changes").first.click()
    expect(visit.panel).to_contain_text("Made argument: She is ill opposes bread")
    made = {one["id"] for kind in ("statements", "arguments") for one in small.read(kind)["items"]}
    visit.panel.get_by_role("button", name="Undo", exact=True).click()
    expect(visit.said).to_contain_text("Undone: took out the argument against “Bread” and the statement “She")
    expect(visit.panel.get_by_role("listitem").first).to_contain_text("undid")
    words = " ".join([visit.panel.inner_text(), visit.said.inner_text()]).split()
    assert {word.strip("().,“”") for word in words} & (made - {"shut", "hungry", "thesis"}) == set()
