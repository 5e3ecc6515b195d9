"""What is on the screen can be taken along: as a picture, as data and as a link."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from tests.ui.sights import Sights


def _taken(page: Page, name: str, folder: Path) -> Path:
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("button", name=name).click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_map_is_taken_as_a_picture_that_needs_nothing_else(sights: Sights, tmp_path: Path) -> None:
    sights.go()
    drawing = _taken(sights.page, "Picture as SVG", tmp_path)
    root = ElementTree.parse(drawing).getroot()
    texts = " ".join("".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text"))
    assert "Joining Russia's war" in texts
    assert "Firepower" in texts
    source = drawing.read_text()
    assert "class=" not in source
    assert "var(" not in source
    picture = _taken(sights.page, "Picture as PNG", tmp_path).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    shown = sights.page.locator("svg.canvas").bounding_box()
    assert (width, height) == (round(shown["width"] * 2), round(shown["height"] * 2))


def test_the_selection_is_taken_as_the_service_has_it(sights: Sights, tmp_path: Path) -> None:
    sights.go(selected="food", panel="node")
    node = json.loads(_taken(sights.page, "Selection as JSON", tmp_path).read_text())
    assert (node["id"], node["kind"]) == ("food", "motive")
    sights.go()
    whole = json.loads(_taken(sights.page, "Nodes in view as JSON", tmp_path).read_text())
    assert len(whole["nodes"]) > 100


def test_the_link_is_copied(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    sights = Sights(page)
    sights.go(selected="food", panel="node")
    page.get_by_role("button", name="Export").click()
    page.get_by_role("button", name="Copy link").click()
    expect(page.get_by_text("The link is in the clipboard.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url
