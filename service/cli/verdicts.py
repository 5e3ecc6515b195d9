"""Verdicts and strengths in the words that commands print."""

from collections.abc import Mapping
from typing import Any

_CAUSES = {"opposed": "opposed", "no_ground": "no ground", "premise": "a premise fell"}
CUT = {
    "budget": "This is not all: the time for one question ran out (ARGUMAP_EVALUATION_BUDGET).",
    "limit": "There are more: a higher --limit shows them.",
}
"""What is said of an answer that is not complete."""


def verdict(node: Mapping[str, Any]) -> str:
    """A verdict with its cause: what has no ground is not refuted."""
    cause = node.get("cause")
    return str(node["verdict"]) if cause is None else f"{node['verdict']} ({_CAUSES[cause]})"


def strength(value: float) -> str:
    """A strength in as many digits as say something."""
    return f"{value:.3f}"


def standing(node: Mapping[str, Any] | None) -> str:
    """Verdict and strength of one side of a comparison."""
    return "not there" if node is None else f"{verdict(node)} {strength(node['strength'])}"
