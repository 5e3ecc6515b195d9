"""A map as a user of Cypher sees it, and as a snapshot says that it should be seen."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

from neo4j import Driver
from neo4j.time import Date, DateTime

from graph.search.words import index_terms, width
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.dates import dating_of, span_of
from schemas.node import AnyNode, label

NODES = "MATCH (n:Node {map: $map}) RETURN labels(n) AS labels, properties(n) AS properties"
LINKS = """
    MATCH (s:Node {map: $map})-[r]->(t:Node) RETURN type(r) AS type, s.id AS source, t.id AS target, t.map AS map,
    properties(r) AS properties
"""
REFERENCES = {
    "actor": {"affiliations", "same_as"},
    "motive": {"actor"},
    "statement": {"concerns", "about"},
    "argument": {"premises", "target"},
    "source": {"publisher", "author", "cited_in", "repeats", "same_as"},
    "assertion": {
        "of", "source", "cited_source", "chain", "belief_holder", "alternative_chain", "probable_origin",
    },
}  # fmt: skip

Seen = tuple[dict[str, Any], list[str]]


def seen(driver: Driver, map_id: str) -> Seen:
    """Nodes by id, and relationships as sorted texts."""
    nodes = {
        record["properties"]["id"]: (sorted(record["labels"]), _comparable(record["properties"]))
        for record in driver.execute_query(NODES, map=map_id).records
    }
    records = driver.execute_query(LINKS, map=map_id).records
    assert all(record["map"] == map_id for record in records), "a relationship leads out of the map"
    links = [_link(r["type"], r["source"], r["target"], r["properties"]) for r in records]
    return nodes, sorted(links)


def said(graph: ArgumentGraph) -> Seen:
    """The same from a snapshot, by way of what a client of the service reads."""
    nodes = {
        n.id: (sorted(["Node", n.kind.capitalize()]), _comparable(_properties(graph.map, n))) for n in graph.nodes()
    }
    links = []
    for node in graph.nodes():
        for link in graph.links_from(node.id):
            known = {"position": link.position, "role": link.role, "basis": link.basis}
            properties = {name: value for name, value in known.items() if value is not None}
            links.append(_link(link.relation.upper(), link.source, link.target, properties))
    return nodes, sorted(links)


def _properties(map_id: str, node: AnyNode) -> dict[str, Any]:
    properties = {
        "map": map_id, "key": f"{map_id}/{node.id}", "caption": _caption(node), "doc": node.dense().decode(),
        "words": index_terms(node), "width": width(node), **_days(node),
    }  # fmt: skip
    for name, value in node.document().items():
        if name in REFERENCES[node.kind]:
            continue
        if name == "external_ids":
            value = [f"{register}:{of}" for register, of in sorted(value.items())]
        if name == "quantities":
            continue
        if name in ("created_at", "updated_at"):
            value = datetime.fromisoformat(value)
        if isinstance(value, dict):
            properties |= {f"{name}_{inner}": held for inner, held in value.items() if held is not None}
        elif value not in (None, []):
            properties[name] = value
    return properties


def _comparable(properties: dict[str, Any]) -> dict[str, str]:
    """Values as texts that tell 1 from 1.0."""
    return {name: repr(_native(value)) for name, value in properties.items()}


def _native(value: Any) -> Any:
    value = value.to_native() if isinstance(value, DateTime | Date) else value
    return value.astimezone(UTC) if isinstance(value, datetime) else value


def _caption(node: AnyNode) -> str:
    text = label(node)
    return text if len(text) < 61 else text[:59].rstrip() + "…"


def _days(node: AnyNode) -> dict[str, date]:
    """Single days and months alone are told here; the calendar of EDTF has tests of its own."""
    found = {}
    for name in ("published", "dated"):
        dating = dating_of(getattr(node, name, None))
        span = None if dating is None or dating.value is None else span_of(dating.value)
        for end, day in () if span is None else (("from", span.earliest), ("until", span.latest)):
            if day is not None and 0 < day[0] < 10_000:
                found[f"{name}_{end}"] = date(*day)
    return found


def _link(type: str, source: str, target: str, properties: dict[str, Any]) -> str:
    return f"({source})-[{type} {json.dumps(properties, sort_keys=True)}]->({target})"
