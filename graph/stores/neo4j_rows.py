"""A node as Neo4j holds it: a label, properties, and the relationships that its own fields state."""

from collections.abc import Iterator, Mapping
from math import nan
from typing import Any

from pydantic import BaseModel

from graph.search.folding import folded, searchable
from graph.snapshot.links import Link, links_of
from graph.stores.cypher import LABEL, TYPE
from schemas.node import AnyNode
from schemas.quantity import Quantity

REFERENCES = frozenset(
    {
        "premises",
        "target",
        "of",
        "source",
        "cited_source",
        "chain",
        "belief_holder",
        "alternative_chain",
        "probable_origin",
        "concerns",
        "actor",
        "affiliations",
        "same_as",
        "publisher",
        "author",
        "cited_in",
        "repeats",
    }
)
"""Fields that are relationships and therefore no properties."""


def node_row(map_id: str, node: AnyNode, document: str) -> dict[str, Any]:
    """The label and the properties of a node; `document` is its stored form, which the service reads back."""
    own = {"map": map_id, "doc": document, "words": folded(searchable(node))}
    return {"label": LABEL[node.kind], "properties": {**dict(_fields(node)), **own}}


def link_rows(node: AnyNode) -> list[dict[str, Any]]:
    """A row for each relationship that the node holds, in the order of its fields."""
    return [_link_row(link) for link in links_of(node)]


def _link_row(link: Link) -> dict[str, Any]:
    known = {"position": link.position, "role": link.role, "basis": link.basis}
    properties = {name: value for name, value in known.items() if value is not None}
    return {
        "type": TYPE[link.relation],
        "source": link.source,
        "target": link.target,
        "properties": properties,
    }


def _fields(record: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(record).model_fields:
        if prefix or name not in REFERENCES:
            yield from _flat(prefix + name, getattr(record, name))


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    """A value as properties: none where it says nothing, several where it is a record."""
    if value is None or value in ((), {}):
        return
    if isinstance(value, BaseModel):
        yield from _fields(value, f"{name}_")
    elif isinstance(value, Mapping):
        yield name, [f"{key}:{held}" for key, held in sorted(value.items())]
    elif isinstance(value, tuple) and isinstance(value[0], Quantity):
        for field in Quantity.model_fields:
            yield f"{name}_{field}", [_placed(field, getattr(quantity, field)) for quantity in value]
    elif isinstance(value, tuple):
        yield name, list(value)
    else:
        yield name, value


def _placed(field: str, value: Any) -> Any:
    """A value in a list that has a place for each quantity; lists of Neo4j hold neither null nor mixed types."""
    if field in {"value", "min", "max"}:
        return nan if value is None else float(value)
    if field == "approximate":
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return "" if value is None else value
