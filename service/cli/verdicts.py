"""Verdicts and strengths in the words that commands print."""

from collections.abc import Mapping
from typing import Any

_CAUSES = {
    "opposed": "opposed",
    "no_ground": "no ground",
    "premise": "lost a premise",
    "undercut": "its inference is challenged",
    "outweighed": "outweighed",
    "contested": "contested",
    "open": "open",
}
CUT = {
    "budget": "This is not all: the search limit was reached.",
    "limit": "There are more: a higher --limit shows them.",
}
"""What is said of an answer that is not complete."""


def verdict(node: Mapping[str, Any]) -> str:
    """How a statement or motive stands in a word; of an argument its verdict with its cause."""
    if node.get("standing"):
        return str(node["standing"])
    cause = node.get("cause")
    return str(node["verdict"]) if cause is None else f"{node['verdict']} ({_CAUSES[cause]})"


def strength(value: float) -> str:
    """A strength in as many digits as say something."""
    return f"{value:.3f}"


def weight(value: float | None) -> str:
    """A weight in as many digits as say something; nothing where there is none."""
    return "–" if value is None else f"{value:.2f}"


def side_shown(node: Mapping[str, Any] | None) -> str:
    """How one side of a comparison stands, and how strongly."""
    return "not there" if node is None else f"{verdict(node)} {strength(node['strength'])}"
