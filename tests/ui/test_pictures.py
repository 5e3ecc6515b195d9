"""Pictures of the main views, to be looked at: ARGUMAP_TEST_PICTURES names a folder to keep them in."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.ui.small import SmallMap
from tests.ui.visit import Visit

VIEWS: dict[str, dict[str, Any]] = {
    "map": {},
    "node": {"selected": "p-15", "panel": "node"},
    "outline": {"view": "outline", "selected": "food", "panel": "node"},
    "table": {"view": "table", "verdicts": 1},
    "path": {"panel": "paths", "from": "p-49", "to": "t-main", "path": 0},
    "verdicts": {"verdicts": 1},
    "why": {"panel": "why", "selected": "food", "verdicts": 1},
    "what-if": {"panel": "what-if", "off": "food", "verdicts": 1},
    "brief": {"panel": "brief", "about": "food"},
    "assertion": {"panel": "node", "selected": "kh-24"},
    "add": {"panel": "add", "form": "opposing:food"},
    "edit": {"panel": "edit", "selected": "p-15"},
    "focus": {"focus": "p-49", "depth": 2},
    "unfolded": {"unfolded": 1},
}


@pytest.fixture(scope="session")
def folder(pictures: Path) -> Path:
    kept = os.environ.get("ARGUMAP_TEST_PICTURES")
    path = Path(kept) if kept else pictures
    path.mkdir(parents=True, exist_ok=True)
    return path


def _take(page: Page, path: Path, **options: Any) -> None:
    page.evaluate("() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    page.screenshot(path=path, animations="disabled", **options)
    assert path.stat().st_size > 10_000, "a picture of nothing"


def test_every_main_sight_has_a_picture(open_page: Callable[..., Page], folder: Path) -> None:
    page = open_page(1440, 900)
    for name, query in VIEWS.items():
        Visit(page).go(**query)
        _take(page, folder / f"{name}.png")


def test_dark_print_and_four_hundred_percent_have_a_picture(open_page: Callable[..., Page], folder: Path) -> None:
    dark = open_page(1440, 900, color_scheme="dark")
    Visit(dark).go(**VIEWS["path"])
    _take(dark, folder / "dark.png")
    narrow = open_page(320, 640)
    Visit(narrow).go(**VIEWS["node"])
    _take(narrow, folder / "zoom-400.png", full_page=True)
    printed = open_page(1120, 790)
    Visit(printed).go(**VIEWS["node"])
    printed.emulate_media(media="print")
    _take(printed, folder / "print.png", full_page=True)


def test_a_conflict_has_a_picture(open_page: Callable[..., Page], small: SmallMap, folder: Path) -> None:
    page = open_page(1440, 900)
    visit = Visit(page)
    visit.go(small.id, selected="hungry", panel="edit")
    visit.panel.get_by_label("text (required)").fill("Ann is hungry at noon.")
    small.change("statements", "hungry", text="Ann is hungry at night.", credence=0.9)
    visit.panel.get_by_role("button", name="Save", exact=True).click()
    expect(visit.panel.get_by_role("region", name="Someone else saved this meanwhile")).to_be_visible()
    _take(page, folder / "conflict.png")
