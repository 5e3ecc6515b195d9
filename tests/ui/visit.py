"""Visiting the page and waiting until what was asked for is there, as a reader would."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlencode, urlsplit

from playwright.sync_api import Locator, Page, expect

SEED = "food-finance-firepower"
MOTIVES = ("Food", "Finance", "Firepower", "Space technology", "Defence pact")


COMING = "svg.canvas .node[data-id^='~']"
"""A sentence that is drawn and not saved yet, and the line that is open."""


class Visit:
    """The page with words for what its tests do again and again."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def go(self, map: str = SEED, **query: object) -> None:
        """Open the page as a link would."""
        self.page.goto("/?" + urlencode({"map": map, **query}, doseq=True), wait_until="domcontentloaded")
        self.settled()

    def settled(self) -> None:
        """Wait until the map is arranged or its words are there."""
        expect(self.page.locator("#main [data-id]").first).to_be_attached()
        expect(self.page.locator("#main")).to_have_attribute("aria-busy", "false")

    def node(self, id: str) -> Locator:
        """A node wherever the present view shows it."""
        return self.page.locator(f'#main [data-id="{id}"]')

    @property
    def panel(self) -> Locator:
        return self.page.locator("aside.panel")

    def query(self) -> dict[str, list[str]]:
        """What the address says."""
        return parse_qs(urlsplit(self.page.url).query)

    def box(self, label: str) -> Locator:
        """A search box by the beginning of its label."""
        return self.page.get_by_role("combobox", name=re.compile(rf"^{re.escape(label)}"))

    def pick(self, label: str, words: str, row: str) -> None:
        """Choose a node in a search box by the mouse."""
        self.box(label).fill(words)
        self.page.get_by_role("option", name=row).first.click()

    def tool(self, name: str) -> Locator:
        """A button of the toolbar."""
        return self.page.locator("header").get_by_role("button", name=name)

    def export(self, name: str) -> None:
        """Take one of the entries of the menu."""
        self.tool("More").click()
        self.page.get_by_role("button", name=name).click()

    @property
    def said(self) -> Locator:
        """What the page said last of what was done."""
        return self.page.locator(".said p[role=status]")

    def all_saved(self) -> None:
        """Wait until no sentence that was written on the map is still on its way; none must be open."""
        expect(self.page.locator(COMING)).to_have_count(0)
