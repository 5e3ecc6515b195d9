"""Maps and nodes as Neo4j has them: labels, properties and relationships that a user of Cypher reads.

A node has the label of its kind and the scalars of its own fields as properties; its references are relationships.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from datetime import MAXYEAR, MINYEAR, date, datetime
from decimal import Decimal
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel, ValidationError

from graph.errors import MapDamaged
from graph.search.words import Identified, index_terms, width
from graph.snapshot.argument_graph import Link, links_of
from graph.snapshot.relations import REFERENCES
from graph.stores import cypher
from schemas.base import moment
from schemas.dates import dating_of, span_of
from schemas.map import MapHeader
from schemas.node import MODELS, AnyNode, Quantity, label
from schemas.vocabulary import KINDS
from schemas.weights import WeightTable

REFERRING = frozenset(reference.field for reference in REFERENCES)
"""Fields that are relationships and therefore no properties."""
_COUNT = "count_"
_CAPTION = 60
"""Characters on a node in a picture."""
DATES = ("published", "dated")
ENDS = ("from", "until")
_TIMES = {"created_at", "updated_at"}
_EXACT = {"created_at": "born", "updated_at": "updated"}
"""Where a map's times are texts."""


def node_row(map_id: str, node: AnyNode, document: str) -> dict[str, Any]:
    """The label and the properties of a node; `document` is its stored form, which the service reads back."""
    own = {
        "map": map_id,
        "key": f"{map_id}/{node.id}",
        "caption": caption(node),
        "doc": document,
        **index_row(node),
        **_days(node),
    }
    return {"label": cypher.LABEL[node.kind], "properties": {**dict(_fields(node)), **own}}


def sent(properties: Mapping[str, Any]) -> dict[str, Any]:
    """Properties as they are sent: an instant as its text, of which the statement makes the instant again.

    The driver packs an instant in Python, which takes longer than all the rest of a node.
    """
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in properties.items()}


def caption(node: AnyNode) -> str:
    """What a picture of the graph writes on a node: the beginning of its text, name or title."""
    text = label(node)
    return text if len(text) <= _CAPTION else text[: _CAPTION - 1].rstrip() + "…"


def quantity_rows(node: AnyNode) -> list[dict[str, Any]]:
    """A row for each quantity that an assertion states, in the order of its field; figures are floats."""
    quantities = getattr(node, "quantities", ())
    return [
        {"id": node.id, "properties": {"position": place, **dict(_fields_of(quantity))}}
        for place, quantity in enumerate(quantities)
    ]


def _fields_of(quantity: Quantity) -> Iterator[tuple[str, Any]]:
    for name in type(quantity).model_fields:
        value = getattr(quantity, name)
        if value is not None:
            yield name, float(value) if isinstance(value, Decimal) else value


def _days(node: AnyNode) -> dict[str, date]:
    """The first and the last day that the date of a source or an assertion may mean, where a calendar has them."""
    found: dict[str, date] = {}
    for name in DATES:
        dating = dating_of(getattr(node, name, None))
        if dating is None or dating.value is None:
            continue
        try:
            span = span_of(dating.value)
        except ValueError:  # written by the rules of an earlier time
            continue
        for end, day in (("from", span.earliest), ("until", span.latest)):
            if day is not None and MINYEAR <= day[0] <= MAXYEAR:
                found[f"{name}_{end}"] = date(*day)
    return found


def index_row(node: Identified) -> dict[str, Any]:
    """What the full-text index holds of a node, and how long its texts are."""
    return {"words": index_terms(node), "width": width(node)}


def lucene_term(term: str) -> str:
    """A term of Lucene's query language that means itself."""
    escaped = term.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def header_properties(header: MapHeader) -> dict[str, Any]:
    """The properties of a map node, plain values all: each kind's count has one of its own, a table is kept as JSON.

    Its times are instants for people, and texts to the last digit for the service: a map's birth tells it from others.
    """
    counts = {f"{_COUNT}{kind}": header.counts.get(kind) for kind in {*KINDS, *header.counts}}  # null takes it away
    table = None if header.weights is None else header.weights.dense().decode()
    times = {name: moment(getattr(header, name)) for name in _EXACT}
    texts = {own: getattr(header, name) for name, own in _EXACT.items()}
    return {**header.model_dump(exclude={"counts", "weights"}), **counts, **times, **texts, "weights": table}


def header_of(properties: Mapping[str, Any]) -> MapHeader:
    """The header in a map node's properties."""
    fields = {name: properties[name] for name in MapHeader.model_fields if name in properties}
    fields |= {name: properties.get(own) for name, own in _EXACT.items()}
    counts = {name.removeprefix(_COUNT): n for name, n in properties.items() if name.startswith(_COUNT)}
    try:
        if (table := fields.get("weights")) is not None:
            fields["weights"] = WeightTable.read(table)
        return MapHeader.model_validate({**fields, "counts": counts})
    except ValidationError as error:
        fault = error.errors()[0]["loc"]
        where = fault[0] if fault else "header"
        raise MapDamaged(str(properties.get("id")), f"its own `{where}` is missing or of another kind") from error


def link_rows(node: AnyNode) -> list[dict[str, Any]]:
    """A row for each relationship that the node holds, in the order of its fields."""
    return [_link_row(link) for link in links_of(node)]


class LinkChanges(NamedTuple):
    """What becomes of the relationships that a node holds, in rows; what is as it was is in none of them."""

    cut: list[dict[str, Any]]
    relabelled: list[dict[str, Any]]
    """Those that stay and say something else; in a row of both `was` is what they say before."""
    made: list[dict[str, Any]]


def link_changes(was: list[dict[str, Any]], now: list[dict[str, Any]]) -> LinkChanges | None:
    """As few changes as there can be, since others may keep properties of their own on a relationship.

    None where two relationships say the same, so that neither can be told from the other.
    """
    before, after = {_said(row): row for row in was}, {_said(row): row for row in now}
    if len(before) < len(was) or len(after) < len(now):
        return None
    come: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for said, row in after.items():
        if said not in before:
            come[said[:3]].append(row)
    found = LinkChanges([], [], [])
    for said, row in before.items():
        if said in after:
            continue
        gone = {**row, "was": row["properties"]}
        if same := come[said[:3]]:
            properties = {**dict.fromkeys(row["properties"]), **same.pop()["properties"]}
            found.relabelled.append({**gone, "properties": properties})
        else:
            found.cut.append(gone)
    found.made.extend(row for rows in come.values() for row in rows)
    return found


def _said(row: dict[str, Any]) -> tuple[str, ...]:
    """All that a relationship says: type, source, target and its properties."""
    return row["type"], row["source"], row["target"], repr(sorted(row["properties"].items()))


def _link_row(link: Link) -> dict[str, Any]:
    known = {"position": link.position, "role": link.role, "basis": link.basis}
    properties = {name: value for name, value in known.items() if value is not None}
    return {
        "type": cypher.TYPE[link.relation],
        "source": link.source,
        "target": link.target,
        "properties": properties,
    }


def _fields(record: BaseModel, prefix: str = "") -> Iterator[tuple[str, Any]]:
    for name in type(record).model_fields:
        if prefix or name not in REFERRING:
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
        return  # nodes of their own
    elif name in _TIMES:
        yield name, datetime.fromisoformat(value)
    elif isinstance(value, tuple):
        yield name, list(value)
    else:
        yield name, value


@cache
def own_names() -> frozenset[str]:
    """The names of every property that a node may have from us; any other is somebody else's and is let alone."""
    found = {"map", "key", "caption", "doc", "words", "width", *(f"{n}_{end}" for n in DATES for end in ENDS)}
    found |= {f"quantities_{name}" for name in Quantity.model_fields}  # as earlier versions wrote them
    for model in MODELS.values():
        found.update(_names(model, ""))
    return frozenset(found)


def _names(model: type[BaseModel], prefix: str) -> Iterator[str]:
    for name, field in model.model_fields.items():
        if not prefix and name in REFERRING:
            continue
        records = [one for one in types_in(field.annotation) if isinstance(one, type) and issubclass(one, BaseModel)]
        for record in records:
            yield from _names(record, f"{prefix}{name}_")
        if not records:
            yield prefix + name


def types_in(annotation: Any) -> Iterator[Any]:
    """An annotation, and every type within it."""
    yield annotation
    for inner in get_args(annotation):
        yield from types_in(inner)
