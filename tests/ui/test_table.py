"""Tables of every kind: columns to choose, to sort and to filter, rows as cards on a phone, and a file."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import SEED, Visit


@pytest.mark.parametrize(
    ("kind", "row"),
    [
        ("Statements", "Ann is hungry every morning."),
        ("Motives", "Bread"),
        ("Arguments", "The bakery is shut on Sundays."),
        ("Sources", "The Morning Paper"),
        ("Actors", "The Press"),
        ("Passages", "Ann is hungry every morning."),
    ],
)
def test_each_kind_has_a_table(visit: Visit, small: SmallMap, kind: str, row: str) -> None:
    visit.go(small.id, view="table")
    visit.page.get_by_role("button", name=f"{kind} (").click()
    table = visit.page.get_by_role("table", name=f"{kind} of the map")
    table.get_by_role("button", name=row).first.click()
    expect(visit.panel.locator("article.node")).to_be_visible()
    assert not any(id in table.inner_text().split() for id in ("a1", "a2", "x1", "bread"))


def test_columns_are_chosen_sorted_and_kept_in_the_address(visit: Visit) -> None:
    visit.go(view="table", table="source")
    page = visit.page
    page.get_by_text("Columns").click()
    page.get_by_role("checkbox", name="Web address").check()
    page.get_by_role("checkbox", name="Reliability").uncheck()
    page.get_by_role("button", name="Published").click()
    expect(page.get_by_role("columnheader", name="Published")).to_have_attribute("aria-sort", "ascending")
    page.reload()
    expect(page.get_by_role("columnheader", name="Web address")).to_be_visible()
    expect(page.get_by_role("columnheader", name="Reliability")).to_have_count(0)
    expect(page.get_by_role("columnheader", name="Published")).to_have_attribute("aria-sort", "ascending")


def test_rows_are_filtered_by_words_and_saved_as_a_file(visit: Visit, service: str, tmp_path: Path) -> None:
    held = httpx2.get(f"{service}/v1/maps/{SEED}/statements?limit=1000").json()["items"]
    texts = [one["text"] for one in held if "food shortage" in one["text"].lower()]
    assert 1 < len(texts) < len(held)
    visit.go(view="table")
    visit.page.get_by_label("Rows with the words").fill("food shortage")
    rows = visit.page.locator("tbody tr")
    expect(rows.first).to_contain_text("food shortage")
    expect(visit.page.locator("#main p[role=status]")).to_have_text(f"{len(texts)} rows")
    assert visit.query()["words"] == ["food shortage"]
    with visit.page.expect_download() as download:
        visit.page.get_by_role("button", name="Save as CSV").click()
    path = tmp_path / "rows.csv"
    download.value.save_as(path)
    assert download.value.suggested_filename == "food-finance-firepower-statements.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        read = list(csv.DictReader(file))
    assert sorted(row["Text"] for row in read) == sorted(texts)
    assert {"Text", "Standing", "Strength", "Sources"} <= read[0].keys()


def test_standings_are_sorted_by_their_rank(visit: Visit) -> None:
    visit.go(view="table", table="motive", sort="strength.down")
    values = visit.page.locator("tbody td.number[data-title=Strength]").all_inner_texts()
    assert len(values) > 4
    assert values == sorted(values, reverse=True)


def test_rows_are_cards_on_a_phone(open_page: Callable[..., Page]) -> None:
    page = open_page(390, 844)
    Visit(page).go(view="table")
    row = page.locator("tbody tr").first
    assert row.locator("td").first.evaluate("(cell) => getComputedStyle(cell, '::before').content") not in {"none", ""}
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 390


def test_a_table_is_used_by_keys_alone(visit: Visit) -> None:
    visit.go(view="table", table="actor")
    visit.page.get_by_role("columnheader", name="Name").get_by_role("button").focus()
    visit.page.keyboard.press("Enter")
    expect(visit.page.get_by_role("columnheader", name="Name")).to_have_attribute("aria-sort", "ascending")
    visit.page.locator("tbody button").first.focus()
    visit.page.keyboard.press("Enter")
    expect(visit.panel.get_by_role("heading", level=2)).to_be_focused()
