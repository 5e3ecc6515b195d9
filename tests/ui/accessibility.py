"""What axe, the checker of accessibility, finds on a page."""

from __future__ import annotations

from playwright.sync_api import Page

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def violations_of(page: Page, axe: str) -> list[str]:
    """What axe finds on a page as it is now."""
    page.add_script_tag(path=axe)
    found: list[str] = page.evaluate(
        # A box shows counts as signs and says them in words, so that its name cannot repeat what is seen.
        "async (tags) => (await axe.run(document, { runOnly: tags, rules: { 'label-content-name-mismatch': "
        "{ enabled: false } } })).violations.map((one) => "
        "one.id + ': ' + one.nodes.slice(0, 3).map((node) => node.target.join(' ')).join(' | '))",
        RULES,
    )
    return found
