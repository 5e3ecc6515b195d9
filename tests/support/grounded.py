"""Views and grounded verdicts of a map's JSON document, straight from the words of the domain page and in no hurry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from tests.unit.evaluation.weighed_by_hand import SmallMap, Step

Document = Mapping[str, list[dict[str, Any]]]
"""The nodes of a map by the plural of their kind."""
Nodes = dict[str, dict[str, Any]]
_WORDS = {1: "accepted", 0: "undecided", -1: "rejected"}
_RANK = {"low": 0, "medium": 1, "high": 2}


def narrowed(
    document: Document,
    sources: Collection[str] = (),
    actors: Collection[str] = (),
    motives: Collection[str] = (),
    without: Collection[str] = (),
    basis: str = "all",
    min_confidence: str = "low",
) -> tuple[Nodes, Nodes]:
    """What can be concluded (statements and motives) and the steps that stay in a view."""

    def stays(assertion: dict[str, Any]) -> bool:
        speaker = assertion["chain"][-1] if assertion["chain"] else None
        places = {assertion["source"], assertion["cited_source"]}
        return not (
            (sources and not places & set(sources))
            or (actors and speaker is not None and speaker not in actors)
            or (basis == "explicit" and assertion["basis"] == "inferred")
            or places & set(without)
            or speaker in without
            or assertion["id"] in without
        )

    all_said = {a["of"] for a in document["assertions"]}
    still_said = {a["of"] for a in document["assertions"] if stays(a)}

    def said(node: dict[str, Any]) -> bool:
        return node["id"] not in without and (node["id"] not in all_said or node["id"] in still_said)

    def fits(statement: dict[str, Any]) -> bool:
        concerned = {c["motive"] for c in statement["concerns"]}
        return not motives or statement["origin"] == "constructed" or bool(concerned & set(motives))

    points = {s["id"]: s for s in document["statements"] if said(s) and fits(s)}
    points |= {
        m["id"]: m for m in document["motives"] if m["id"] not in without and (not motives or m["id"] in motives)
    }
    steps = {
        a["id"]: a
        for a in document["arguments"]
        if said(a) and _RANK[a["confidence"]] >= _RANK[min_confidence] and set(a["premises"]) <= set(points)
    }
    while dangling := [a for a in steps.values() if a["target"] not in points and a["target"] not in steps]:
        for argument in dangling:
            del steps[argument["id"]]
    return points, steps


def grounded(points: Nodes, steps: Nodes, weights: Mapping[str, float | None]) -> dict[str, str]:
    """The least weighed labelling: nothing is decided before what it depends on is."""
    small = SmallMap({point: weights[point] for point in points})
    for step_id, step in steps.items():
        sign = "+" if step["stance"] == "supporting" else "-"
        small.steps[step_id] = Step(tuple(step["premises"]), step["target"], sign, weights[step_id] or 0.0)
    own = [f"own {point}" for point in points if small.weight(f"own {point}") > 0.0]
    labels = dict.fromkeys((*points, *steps, *own), 0)
    while (after := {one: small.expected(labels, one) for one in labels}) != labels:
        labels = after
    return {node: _WORDS[labels[node]] for node in (*points, *steps)}
