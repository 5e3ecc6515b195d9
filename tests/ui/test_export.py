"""What is on the screen can be exported: as a picture, as data and as a link."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

from playwright.sync_api import Page, expect

from tests.ui.visit import Visit


def _taken(visit: Visit, name: str, folder: Path) -> Path:
    with visit.page.expect_download() as download:
        visit.export(name)
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


def test_the_whole_map_is_taken_as_a_picture_that_needs_nothing_else(visit: Visit, tmp_path: Path) -> None:
    visit.go(unfolded=1)
    drawing = _taken(visit, "Picture of the map (SVG)", tmp_path)
    root = ElementTree.parse(drawing).getroot()
    texts = " ".join("".join(text.itertext()).strip() for text in root.iter("{http://www.w3.org/2000/svg}text"))
    boxes = visit.page.locator("svg.canvas .node:not(.dot)").count()
    assert len(root.findall(".//{http://www.w3.org/2000/svg}title")) > boxes, "everything, not the window alone"
    for words in ("Food, finance and firepower", "Does joining Russia's war", "Firepower", "supports", "Revision 1"):
        assert words in texts
    source = drawing.read_text()
    assert "class=" not in source
    assert "var(" not in source
    picture = _taken(visit, "Picture of the map (PNG)", tmp_path).read_bytes()
    assert picture[:8] == b"\x89PNG\r\n\x1a\n"
    width, height = struct.unpack(">II", picture[16:24])
    drawn = float(root.attrib["width"]), float(root.attrib["height"])
    scale = max(width / drawn[0], height / drawn[1])  # each is rounded to whole points
    assert 1 < scale <= 2
    assert all(0 <= scale * whole - taken < 2 * scale for whole, taken in zip(drawn, (width, height)))
    expect(visit.said).to_contain_text("food-finance-firepower.png")


def test_the_view_and_the_selected_node_are_taken_as_the_service_has_them(visit: Visit, tmp_path: Path) -> None:
    visit.go(selected="food", panel="node")
    node = json.loads(_taken(visit, "Selected node (JSON)", tmp_path).read_text())
    assert (node["id"], node["kind"]) == ("food", "motive")
    whole = json.loads(_taken(visit, "This view (JSON)", tmp_path).read_text())
    assert len(whole["nodes"]["statements"]) > 50


def test_of_a_narrowed_map_the_view_or_the_whole_is_taken(visit: Visit, tmp_path: Path) -> None:
    visit.go(motives="food")
    view = json.loads(_taken(visit, "This view (JSON)", tmp_path).read_text())
    whole = json.loads(_taken(visit, "Whole map (JSON)", tmp_path).read_text())
    assert len(view["nodes"]["statements"]) < len(whole["nodes"]["statements"])


def test_the_link_is_copied(open_page: Callable[..., Page]) -> None:
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    visit = Visit(page)
    visit.go(selected="food", panel="node")
    visit.export("Copy link")
    expect(visit.said).to_have_text("The link is in the clipboard.")
    assert page.evaluate("() => navigator.clipboard.readText()") == page.url


def test_pictures_are_offered_where_there_is_a_drawing(visit: Visit) -> None:
    visit.go(view="table")
    visit.tool("More").click()
    expect(visit.page.get_by_role("button", name="Picture of the map (SVG)")).to_be_disabled()
