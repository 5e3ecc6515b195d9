"""Every deed by the keyboard alone."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit


def _tab_to(page: Page, script: str, most: int = 60) -> None:
    for _ in range(most):
        page.keyboard.press("Tab")
        if page.evaluate(f"() => Boolean(document.activeElement?.matches({script!r}))"):
            return
    raise AssertionError(f"Tab does not reach {script}")


def _focused(page: Page) -> str:
    return str(page.evaluate("() => document.activeElement?.dataset.id ?? ''"))


def test_the_map_is_one_stop_and_arrows_walk_along_the_arguments(visit: Visit) -> None:
    visit.go()
    page = visit.page
    assert page.locator('svg.canvas [tabindex="0"]').count() == 1
    _tab_to(page, "svg.canvas [data-id]")
    assert _focused(page) == "t-main"
    walked = []
    for key in ("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp", "ArrowUp"):
        page.keyboard.press(key)
        walked.append(_focused(page))
    assert walked[0].startswith("a-")
    assert walked[1] in {"t-short", "t-long", "t-opp", "p-08", "p-46"}
    assert walked[-1] in {walked[1], "t-main"}
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert _focused(page) not in {"", "t-main"}
    assert page.locator('svg.canvas [tabindex="0"]').count() == 1


def test_enter_opens_a_node_escape_leads_back_and_minus_folds_it(visit: Visit) -> None:
    visit.go(selected="finance")
    page = visit.page
    _tab_to(page, "svg.canvas [data-id]")
    assert _focused(page) == "finance"
    page.keyboard.press("-")
    expect(visit.node("p-09")).to_have_count(0)
    page.keyboard.press("+")
    expect(visit.node("p-09")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_role("heading", name="Finance")).to_be_focused()
    page.keyboard.press("Escape")
    expect(visit.panel).to_have_count(0)
    expect(visit.node("finance")).to_be_focused()


def test_the_outline_is_walked_like_a_tree(visit: Visit) -> None:
    visit.go(view="outline")
    page = visit.page
    _tab_to(page, "[role=treeitem]")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("treeitem", name="Joining Russia's war benefits North Korea")).to_be_focused()
    page.keyboard.press("ArrowDown")
    line = page.locator("[role=treeitem]:focus")
    expect(line).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowRight")
    expect(line).to_have_attribute("aria-expanded", "true")
    page.keyboard.press("ArrowRight")
    expect(page.locator("[role=treeitem]:focus")).to_have_attribute("aria-level", "4")
    page.keyboard.press("ArrowLeft")
    expect(page.locator("[role=treeitem]:focus")).to_have_attribute("aria-level", "3")
    page.keyboard.press("Enter")
    expect(visit.panel).to_be_visible()


def test_an_argument_is_found_and_made_by_keys_alone(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id)
    page = visit.page
    _tab_to(page, "#search")
    page.keyboard.type("hungry")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("Enter")
    expect(visit.panel).to_contain_text("Ann is hungry every morning.")
    _tab_to(page, "aside.panel .actions button.supporting")
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_label("Claim (required)")).to_be_focused()
    page.keyboard.type("She skipped her supper.")
    _tab_to(page, "aside.panel form button.primary")
    page.keyboard.press("Enter")
    expect(visit.said).to_contain_text("Saved. The map is now at revision")
    made = [one for one in small.read("arguments")["items"] if one["target"] == "hungry"]
    assert len(made) == 1


def test_an_edit_and_a_delete_are_done_by_keys_alone(visit: Visit, small: SmallMap) -> None:
    visit.go(small.id, selected="shut", panel="edit")
    page = visit.page
    _tab_to(page, "#field-text")
    page.keyboard.press("End")
    page.keyboard.type(" And on Mondays.")
    page.keyboard.press("Control+End")
    _tab_to(page, "aside.panel form button.primary")
    page.keyboard.press("Enter")
    expect(visit.panel).to_contain_text("And on Mondays.")
    _tab_to(page, "aside.panel button.danger")
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("1 other node needs it")
    _tab_to(page, "dialog button.danger")
    page.keyboard.press("Enter")
    expect(dialog).to_have_count(0)
    assert [one["id"] for one in small.read("statements")["items"]] == ["hungry", "thesis"]
    expect(page.locator("svg.canvas [data-id]:focus")).to_have_count(1)


def test_paths_are_asked_and_lit_by_keys_alone(visit: Visit) -> None:
    visit.go(panel="paths")
    page = visit.page
    for box, words in (("From", "selling shells eases"), ("To", "joining benefits")):
        _tab_to(page, f"aside.panel input[id$={box.lower()}]")
        page.keyboard.type(words)
        expect(page.get_by_role("option").first).to_be_visible()
        page.keyboard.press("Enter")
    expect(visit.panel.locator("article").first).to_be_visible()
    _tab_to(page, "aside.panel article button")
    page.keyboard.press("Enter")
    assert visit.query()["path"] == ["0"]


def test_why_what_if_and_summary_are_asked_by_keys_alone(visit: Visit) -> None:
    visit.go(selected="food", panel="node")
    page = visit.page
    for button, title in ((3, "Why?"), (4, "What if"), (8, "Food")):
        _tab_to(page, f"aside.panel .actions button:nth-of-type({button})")
        page.keyboard.press("Enter")
        expect(visit.panel.get_by_role("heading", name=title, exact=True)).to_be_focused()
        page.go_back()
        expect(visit.panel.locator(".actions")).to_be_visible()
    visit.go(panel="what-if", credence="p-49:0.5")
    _tab_to(page, "aside.panel input[type=range]")
    page.keyboard.press("Home")
    expect(visit.panel.locator("output")).to_have_text("0.00")


def test_filters_and_views_are_changed_by_keys_alone(visit: Visit) -> None:
    visit.go(panel="filters")
    page = visit.page
    _tab_to(page, "aside.panel select")
    page.keyboard.press("o")
    expect(page.get_by_role("button", name="Remove the filter Stance: opposing")).to_be_visible()
    _tab_to(page, ".chip", 120)
    page.keyboard.press("Enter")
    expect(page.locator(".chip")).to_have_count(0)
    _tab_to(page, "header .group button:nth-of-type(3)", 120)
    page.keyboard.press("Space")
    expect(page.get_by_role("table")).to_be_visible()


def test_what_is_on_the_screen_is_taken_away_by_keys_alone(visit: Visit) -> None:
    visit.go()
    page = visit.page
    _tab_to(page, "header .menu > button")
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("ArrowDown")
        if page.evaluate("() => document.activeElement.textContent.includes('SVG')"):
            break
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert download.value.suggested_filename.endswith(".svg")
    expect(page.locator("header .menu > button")).to_be_focused()


def test_a_panel_gives_the_keyboard_back_to_the_button_that_opened_it(visit: Visit) -> None:
    visit.go()
    page = visit.page
    for name in ("Paths", "Filters"):
        button = visit.tool(name)
        button.focus()
        page.keyboard.press("Enter")
        expect(visit.panel.get_by_role("heading", name=name, exact=True)).to_be_focused()
        page.keyboard.press("Escape")
        expect(button).to_be_focused()


def test_a_slash_searches_and_a_question_mark_lists_the_keys(visit: Visit) -> None:
    visit.go()
    visit.page.keyboard.press("?")
    expect(visit.panel.get_by_role("heading", name="How to read this")).to_be_focused()
    visit.page.keyboard.press("/")
    expect(visit.box("Search statements")).to_be_focused()
    visit.page.keyboard.type("shells/guns?")
    expect(visit.box("Search statements")).to_have_value("shells/guns?")


def test_a_whole_visit_goes_by_keys_alone(visit: Visit, small: SmallMap) -> None:
    """Nothing is pointed at and nothing is given the focus but by keys."""
    page = visit.page
    visit.go(small.id)

    def tab_to(name: str, key: str = "Tab") -> None:
        for _ in range(80):
            if page.evaluate(_FOCUSED).startswith(name):
                return
            page.keyboard.press(key)
        raise AssertionError(f"no way by {key} to {name!r}")

    page.keyboard.press("/")
    page.keyboard.type("bakery")
    expect(page.get_by_role("option", name="The bakery is shut on Sundays.")).to_be_visible()
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_role("heading", level=2)).to_have_text("The bakery is shut on Sundays.")
    tab_to("Edit")
    page.keyboard.press("Enter")
    expect(visit.panel.get_by_label("Text (required)")).to_be_focused()
    page.keyboard.press("Control+a")
    page.keyboard.type("The bakery is shut all week.")
    page.keyboard.press("Control+Enter")
    expect(visit.said).to_contain_text("Saved.")
    expect(visit.panel.get_by_role("heading", level=2)).to_have_text("The bakery is shut all week.")
    tab_to("Why?")
    page.keyboard.press("Enter")
    expect(visit.panel).to_contain_text("No argument against it yet")
    page.keyboard.press("Escape")
    expect(visit.node("shut")).to_be_focused()
    page.keyboard.press("f")
    page.keyboard.type("The baker is away.")
    page.keyboard.press("Control+Enter")
    expect(visit.node("shut")).to_be_focused()
    expect(visit.said).to_contain_text("Saved.")
    page.keyboard.press("Control+z")
    expect(visit.said).to_contain_text("Undone")
    page.keyboard.press("Control+Shift+Z")
    expect(visit.said).to_contain_text("Done again")
    for entry, words in (("History", "local"), ("Drafts", "Nothing is proposed."), ("Duplicates", "No two nodes")):
        tab_to("More", "Shift+Tab")
        page.keyboard.press("Enter")
        tab_to(entry)
        page.keyboard.press("Enter")
        expect(visit.panel).to_contain_text(words)
        page.keyboard.press("Escape")
    tab_to("Outline", "Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("treeitem").first).to_be_visible()
    tab_to("Table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table")).to_contain_text("The baker is away.")


_FOCUSED = (
    "() => (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '').trim()"
)
