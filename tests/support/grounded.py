"""Views and grounded verdicts of a map's JSON document, straight from the words of the domain page and in no hurry."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

Document = Mapping[str, list[dict[str, Any]]]
"""The nodes of a map by the plural of their kind."""
Nodes = dict[str, dict[str, Any]]
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


def grounded(points: Nodes, steps: Nodes) -> dict[str, str]:
    """The least labelling: nothing is decided before what it depends on is."""
    verdicts: dict[str, str] = {}
    while True:
        fresh = {n: v for n in (*points, *steps) if n not in verdicts and (v := _decided(n, points, steps, verdicts))}
        if not fresh:
            return {n: verdicts.get(n, "undecided") for n in (*points, *steps)}
        verdicts |= fresh


def _decided(node: str, points: Nodes, steps: Nodes, verdicts: Mapping[str, str]) -> str | None:
    def of(stance: str) -> list[str | None]:
        return [verdicts.get(a["id"]) for a in steps.values() if (a["target"], a["stance"]) == (node, stance)]

    against, support = of("opposing"), of("supporting")
    if node in steps:
        premises = [verdicts.get(p) for p in steps[node]["premises"]]
        stands, falls = all(p == "accepted" for p in premises), "rejected" in premises
    else:
        asserted = points[node].get("origin") in ("author", "attributed")
        stands = asserted or "accepted" in support
        falls = not asserted and all(s == "rejected" for s in support)
    if falls or "accepted" in against:
        return "rejected"
    return "accepted" if stands and all(a == "rejected" for a in against) else None
