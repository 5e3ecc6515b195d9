"""What people change in Neo4j by hand, read back as edits of nodes: properties, nodes and relationships of ours."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from typing import Any, NamedTuple, get_origin

import msgspec
import neo4j.time
from pydantic import BaseModel

from graph.editing.editor import own_fields
from graph.errors import RevisionTaken
from graph.maps.by_hand import HandConflict, HandEdit, HandStore, HandWork, Sight, Taken
from graph.maps.expected import Expected
from graph.snapshot.argument_graph import Link, links_of
from graph.snapshot.relations import REFERENCES_OF, Reference
from graph.stores import cypher, cypher_auditing
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_properties import (
    DATES,
    ENDS,
    REFERRING,
    header_properties,
    link_rows,
    node_row,
    own_names,
    quantity_rows,
    sent,
    types_in,
)
from graph.stores.neo4j_reading import INWARD, TYPES, as_told, head_properties, link_told, restored_row
from graph.stores.neo4j_writing import Batch, commit
from schemas.base import new_id
from schemas.change import Change, JsonObject
from schemas.map import MapFields, MapHeader
from schemas.node import FIGURES, MODELS, SERVICE_FIELDS, AnyNode, Quantity, decoded, label, read_node
from schemas.vocabulary import KINDS, Kind

_TOGETHER = 1_000
_KIND_OF = {name: kind for kind, name in cypher.LABEL.items()}
_RELATION_OF = {name: relation for relation, name in cypher.TYPE.items()}
_LAST = 1 << 31
_SERVED = {"Node", *cypher.LABEL.values()}
_SET_BY_SERVICE = {"doc", *SERVICE_FIELDS}
_WORKED_OUT = {"id", "map", "key", "words", "width", "caption"} | {f"{n}_{end}" for n in DATES for end in ENDS}
"""What the service makes of the fields, and makes anew."""


class Row(NamedTuple):
    """A node as the database has it."""

    element: str
    id: str | None
    labels: list[str]
    properties: Mapping[str, Any]
    outgoing: list[tuple[str, str, Mapping[str, Any]]]
    """Type, element at the other end and properties of each relationship that leads away from it."""
    quantities: list[Mapping[str, Any]]
    incoming: list[tuple[str, str, Mapping[str, Any]]]
    """Of those that lead to it and are its own to hold, the same with the element that they come from."""

    def told(self) -> str:
        """All of it that the service reads or writes; what is foreign may change at any time."""
        labels = sorted(_SERVED & set(self.labels))
        properties = {name: value for name, value in self.properties.items() if name in own_names()}
        links = [sorted(map(_end_told, some)) for some in (self.outgoing, self.incoming)]
        return repr((self.id, labels, as_told(properties), links, sorted(map(as_told, self.quantities))))


class Neo4jHands(HandStore):
    """What people change by hand in one database."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def look(self, expected: Expected) -> HandWork:
        map_id = expected.header.id
        rows = [Row(*row) for row in await self._calls.ask(cypher_auditing.LOOSE_NODES, map=map_id)]
        after = ""
        while some := await self._calls.ask(cypher_auditing.NODES_AS_THEY_ARE, map=map_id, after=after, size=_TOGETHER):
            rows += [Row(*row) for row in some]
            after = some[-1][1]
        head = await self._calls.peek(cypher.LOCKED_MAP, map=map_id)
        if not head:
            raise RevisionTaken(f"map {map_id!r} was deleted meanwhile")
        return await self._calls.aside(hand_work, expected, rows, head[0][0])

    async def commit(self, header: MapHeader, change: Change, made: Mapping[str, str], taken: Taken) -> None:
        batch = await self._calls.aside(Batch.of, header, [change], made)
        about = sorted({edit.id for edit in change.edits if edit.kind != "map"} | set(taken.nodes))
        head = await self._calls.aside(lambda: sent(head_properties(taken.expected.finish())))
        before = partial(_held_as_seen, taken.work, header.id, about)
        batch.around = before, partial(_settled, taken.expected, head, about)
        await commit(self._calls, batch)


async def _held_as_seen(work: HandWork, map_id: str, about: Sequence[str], talk: Talk) -> None:
    """Keep everybody from these nodes until the transaction ends; raises `RevisionTaken` unless they are as seen."""
    moved = RevisionTaken(f"map {map_id!r} was changed by hand meanwhile")
    head = await talk.ask(cypher.LOCKED_MAP, map=map_id)
    if not head or _head_told(head[0][0]) != work.head:
        raise moved
    for start in range(0, len(about), _TOGETHER):
        some = about[start : start + _TOGETHER]
        seen = {work.seen[i].element: work.seen[i].told for i in some if i in work.seen}
        await talk.ask(cypher_auditing.HOLD, elements=list(seen))
        held = [Row(*row) for row in await talk.ask(cypher_auditing.AS_SEEN, elements=list(seen))]
        if {row.element: row.told() for row in held} != seen:
            raise moved
        if await talk.ask(cypher_auditing.KEEP_FREE, map=map_id, ids=[i for i in some if i not in work.seen]):
            raise moved


async def _settled(expected: Expected, head: Mapping[str, Any], about: Sequence[str], talk: Talk) -> None:
    """Make what is stored of these nodes as the history says; they are held."""
    map_id = expected.header.id
    there = [node_id for node_id in about if node_id in expected.nodes]
    for start in range(0, len(there), _TOGETHER):
        ids = there[start : start + _TOGETHER]
        documents = {i: expected.nodes[i][1] for i in ids}
        nodes = {i: read_node(*expected.nodes[i]) for i in ids}
        rows = [restored_row(map_id, nodes[i], documents[i]) for i in ids]
        await talk.ask(cypher_auditing.RESTORE_NODES, map=map_id, rows=rows)
        await talk.ask(cypher.TIE_NODES, map=map_id, ids=ids)
        held = {row[0]: row[1:] for row in await talk.ask(cypher_auditing.HELD_LINKS, map=map_id, ids=ids)}
        links = [_links_amiss(expected, node, held[i][0]) for i, node in nodes.items()]
        surplus = [[i, some] for i, (some, _) in zip(ids, links, strict=True) if some]
        await talk.ask(cypher_auditing.CUT_OFF, map=map_id, links=surplus)
        lacking = [link for _, some in links for link in some]
        await talk.ask(cypher.LINK, write={"map": map_id, "links": lacking})
        told = {i: quantity_rows(node) for i, node in nodes.items()}
        amiss = [i for i in ids if _counted(row["properties"] for row in told[i]) != _counted(held[i][1])]
        await talk.ask(cypher.UNQUANTIFY, write={"map": map_id, "requantified": amiss})
        quantities = [row for i in amiss for row in told[i]]
        await talk.ask(cypher.QUANTIFY, write={"map": map_id, "quantities": quantities})
    await talk.ask(cypher_auditing.RESTORE_HEAD, map=map_id, header=head)


def _links_amiss(
    expected: Expected, node: AnyNode, held: Sequence[tuple[str, str, str, str, Mapping[str, Any]]]
) -> tuple[list[str], list[dict[str, Any]]]:
    """The relationships that a node holds and no document says, and those that its document says and it lacks.

    Of several that say the same the one that others keep most on stays.
    """
    there: defaultdict[tuple[str, ...], list[tuple[int, str]]] = defaultdict(list)
    for element, type_, source, target, properties in held:
        if type_ in TYPES and (target if type_ in INWARD else source) == node.id:
            there[type_, source, target, link_told(properties)].append((len(properties), element))
    lacking = []
    for link in link_rows(node):
        if link["source"] in expected.nodes and link["target"] in expected.nodes:
            same = there[link["type"], link["source"], link["target"], as_told(link["properties"])]
            if same:
                same.remove(max(same))
            else:
                lacking.append(link)
    return [element for some in there.values() for _, element in some], lacking


def _counted(some: Iterable[Mapping[str, Any]]) -> Counter[str]:
    return Counter(map(as_told, some))


def _end_told(link: tuple[str, str, Mapping[str, Any]]) -> str:
    type_, element, properties = link
    return repr((type_, element, link_told(properties)))


def _head_told(head: Mapping[str, Any]) -> str:
    return as_told({name: head[name] for name in MapFields.model_fields if name in head})


def hand_work(expected: Expected, rows: Sequence[Row], head: Mapping[str, Any]) -> HandWork:
    """Where a map and its nodes, as the database has them, say something else than the history; one pass over both."""
    look = _Look(expected)
    look.take(rows)
    edits = [*look.changed(), *look.gone()]
    edits.sort(key=lambda edit: edit.id)
    seen = {node_id: Sight(row.element, row.told()) for node_id, (_, row) in look.rows.items()}
    return HandWork(edits, look.conflicts, _renamed(expected.header, head), seen, _head_told(head))


def _renamed(header: MapHeader, head: Mapping[str, Any]) -> JsonObject:
    """What a map's own node says of the map that the history does not."""
    is_told = header_properties(header)
    names = [name for name in MapFields.model_fields if as_told(head.get(name)) != as_told(is_told.get(name))]
    return {name: _weights(head.get(name)) if name == "weights" else head.get(name) for name in names}


def _weights(text: object) -> object:
    """A map's table of weights, which its node keeps as JSON."""
    try:
        return None if text is None else decoded(str(text))
    except msgspec.DecodeError:
        return text


@dataclass
class _Look:
    """The nodes of a map as they are, beside what the history says of them."""

    expected: Expected
    conflicts: list[HandConflict] = field(default_factory=list)
    rows: dict[str, tuple[Kind, Row]] = field(default_factory=dict)
    """By the id that it has, or gets."""
    held: defaultdict[str, list[tuple[Reference, str, Mapping[str, Any]]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """By the node that holds it, each reference with the node that it names."""

    def take(self, rows: Sequence[Row]) -> None:
        """Note the nodes and what their relationships say."""
        named: dict[str, str] = {}
        for row in sorted(rows, key=lambda row: "Node" not in row.labels):
            kind = self._kind(row)
            if kind is None:
                continue
            node_id = row.id if isinstance(row.id, str) and row.id else new_id(kind)
            if node_id in self.rows:
                self._tell(node_id, "is there twice; give the one that was made by hand an id of its own")
                continue
            self.rows[node_id] = kind, row
            named[row.element] = node_id
        for node_id, (_, row) in self.rows.items():
            for type_, element, properties in row.outgoing:
                if type_ in _RELATION_OF:
                    self._relate(node_id, type_, named.get(element), properties)

    def changed(self) -> Iterator[HandEdit]:
        """The nodes that are not as the history says, and those that it does not have."""
        gone = self.expected.nodes.keys() - self.rows.keys()
        for node_id, (kind, row) in self.rows.items():
            known = self.expected.nodes.get(node_id)
            node = None if known is None else read_node(*known)
            was: JsonObject = {} if node is None else own_fields(node)
            fields = self._fields(node_id, kind, node, row)
            self._refer(node_id, kind, node, fields, gone)
            if node is None:
                yield HandEdit(node_id, kind, {name: v for name, v in fields.items() if name != "id"}, row.element)
            elif fields != was:
                yield HandEdit(node_id, kind, fields)

    def gone(self) -> Iterator[HandEdit]:
        """The nodes that are not there any more."""
        for node_id in self.expected.nodes.keys() - self.rows.keys():
            yield HandEdit(node_id, self.expected.nodes[node_id][0], None)

    def _kind(self, row: Row) -> Kind | None:
        labels = [name for name in row.labels if name in _KIND_OF]
        known = self.expected.nodes.get(row.id or "")
        if len(labels) == 1:
            kind = _KIND_OF[labels[0]]
        elif not labels and row.properties.get("kind") in KINDS:
            kind = row.properties["kind"]
        else:
            some = ", ".join(cypher.LABEL.values())
            self._tell(row.id, f"has the labels {', '.join(sorted(row.labels))}; give it one of {some}")
            return None if known is None else known[0]
        if known is not None and kind != known[0] and "Node" in row.labels:
            self._tell(row.id, f"is of kind {known[0]}, which cannot be changed; make a new node instead")
            return known[0]
        return kind

    def _relate(self, node_id: str, type_: str, other: str | None, properties: Mapping[str, Any]) -> None:
        if other is None:
            self._tell(
                node_id, f"{type_} leads to what is no node of the map; delete it, or give that a label and `map`"
            )
            return
        for holder, named in ((node_id, other), (other, node_id)):
            for reference in REFERENCES_OF[self.rows[holder][0]]:
                if cypher.TYPE[reference.relation] == type_ and reference.inward == (holder == other):
                    self.held[holder].append((reference, named, _known(reference, properties)))
                    return
        kind = self.rows[node_id][0]
        self._tell(node_id, f"{type_} leads from {kind} {node_id!r} to {other!r}, where there is no such relationship")

    def _fields(self, node_id: str, kind: Kind, node: AnyNode | None, row: Row) -> JsonObject:
        """The fields of a node as its properties say them now."""
        fields: JsonObject = {} if node is None else own_fields(node)
        is_told: Mapping[str, Any] = {}
        if node is not None:
            is_told = node_row(self.expected.header.id, node, self.expected.nodes[node_id][1].decode())["properties"]
        for name, (path, is_mapping) in _paths(kind).items():
            held = row.properties.get(name)
            if as_told(held) != as_told(is_told.get(name)):
                _put(fields, path, _plain(held, is_mapping))
        if node is not None:
            self._look_at_service_fields(node, fields, row.properties, is_told)
        if kind == "assertion":
            _put_quantities(fields, node, row.quantities)
        return fields

    def _look_at_service_fields(
        self, node: AnyNode, fields: JsonObject, held: Mapping[str, Any], is_told: Mapping[str, Any]
    ) -> None:
        """What the service writes is no place for anybody's words: they would be lost, so it is said."""
        for name in sorted(own_names() - _paths(node.kind).keys()):
            if name in _WORKED_OUT or as_told(held.get(name)) == as_told(is_told.get(name)):
                continue
            if name in _SET_BY_SERVICE:
                self._tell(node.id, f"`{name}` is written by the service; change the fields of the node instead")
            elif name in held:
                self._tell(node.id, f"`{name}` is no field of kind {node.kind}; take it away")
        is_shown = next((name for name in ("text", "name", "title") if getattr(node, name, None) == label(node)), None)
        if held.get("caption") != is_told.get("caption") and is_shown and fields.get(is_shown) == label(node):
            self._tell(node.id, f"`caption` is made from `{is_shown}`; change that instead")

    def _refer(self, node_id: str, kind: Kind, node: AnyNode | None, fields: JsonObject, gone: Collection[str]) -> None:
        """Set the fields that refer to other nodes where the relationships say something else."""
        links = [] if node is None else list(links_of(node))
        for reference in REFERENCES_OF[kind]:
            was = [(link.other(node_id), _said(link)) for link in links if link.relation == reference.relation]
            now = [(other, props) for held, other, props in self.held[node_id] if held is reference]
            if Counter((o, as_told(p)) for o, p in was) == Counter((o, as_told(p)) for o, p in now):
                continue
            if reference.vital:  # taken along by a delete, which is held against the rules by itself
                now += [(other, props) for other, props in was if other in gone]
            self._set(node_id, fields, reference, [other for other, _ in was], now)

    def _set(
        self,
        node_id: str,
        fields: JsonObject,
        reference: Reference,
        was: Sequence[str],
        now: Sequence[tuple[str, Mapping[str, Any]]],
    ) -> None:
        place = {other: i for i, other in reversed(list(enumerate(was)))}
        if reference.chain:
            ordered = sorted(now, key=lambda one: _position(one[1]))
        else:
            once = {other: (other, properties) for other, properties in now}
            ordered = sorted(once.values(), key=lambda one: (place.get(one[0], _LAST), one[0]))
        if not reference.many and len(ordered) > 1:
            type_ = cypher.TYPE[reference.relation]
            self._tell(node_id, f"has {len(ordered)} relationships {type_}, and there can be one")
        elif not ordered:
            fields.pop(reference.field, None)
        elif reference.inner is not None:
            held = fields.get(reference.field)
            records = {one[reference.inner]: one for one in held} if isinstance(held, list) else {}
            known = [{**records.get(other, {}), reference.inner: other, **props} for other, props in ordered]
            fields[reference.field] = known
        else:
            ids = [other for other, _ in ordered]
            fields[reference.field] = ids if reference.many else ids[0]

    def _tell(self, node: str | None, detail: str) -> None:
        self.conflicts.append(HandConflict(node, f"{detail}; or `argumap repair` takes it back"))


def _known(reference: Reference, properties: Mapping[str, Any]) -> dict[str, Any]:
    """What the map knows of a relationship's properties; others are somebody's own."""
    names = ("position",) if reference.chain else () if reference.inner is None else ("role", "basis")
    return {name: properties[name] for name in names if name in properties}


def _said(link: Link) -> dict[str, Any]:
    known = {"position": link.position, "role": link.role, "basis": link.basis}
    return {name: value for name, value in known.items() if value is not None}


def _position(properties: Mapping[str, Any]) -> float:
    position = properties.get("position")
    return position if isinstance(position, int | float) and not isinstance(position, bool) else _LAST


def _put_quantities(fields: JsonObject, node: AnyNode | None, held: Sequence[Mapping[str, Any]]) -> None:
    """The figures of an assertion: those that are as they were keep all their digits, which a float has not."""
    rows = [] if node is None else [row["properties"] for row in quantity_rows(node)]
    if sorted(map(as_told, rows)) == sorted(map(as_told, held)):
        return
    was = fields.get("quantities")
    records = dict(zip(map(as_told, rows), was, strict=True)) if isinstance(was, list) else {}
    now = [records.get(as_told(one)) or _quantity(one) for one in sorted(held, key=_position)]
    if now:
        fields["quantities"] = now
    else:
        fields.pop("quantities", None)


def _quantity(held: Mapping[str, Any]) -> JsonObject:
    said = {name: held[name] for name in Quantity.model_fields if held.get(name) is not None}
    return {name: _whole(value) if name in FIGURES else value for name, value in said.items()}


def _whole(value: Any) -> Any:
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _plain(value: Any, is_mapping: bool) -> Any:
    """A property as a JSON value."""
    if isinstance(value, neo4j.time.Date | neo4j.time.DateTime | neo4j.time.Time):
        return value.iso_format()
    if isinstance(value, list):
        if is_mapping:
            return dict(str(entry).split(":", 1) for entry in value if ":" in str(entry))
        return [_plain(one, False) for one in value]
    return value


def _put(fields: JsonObject, path: Sequence[str], value: Any) -> None:
    """Set a field, or take it out where the value is None; a record that is left with nothing goes too."""
    name, *inner = path
    if not inner:
        if value is None:
            fields.pop(name, None)
        else:
            fields[name] = value
        return
    held = fields.get(name)
    record: JsonObject = dict(held) if isinstance(held, dict) else {}
    _put(record, inner, value)
    if record:
        fields[name] = record
    elif isinstance(held, dict):
        fields.pop(name)


@cache
def _paths(kind: Kind) -> Mapping[str, tuple[tuple[str, ...], bool]]:
    """Each property that says a field: where in the node it stands, and whether it is a list of keys with values."""
    return dict(_paths_in(MODELS[kind], ()))


def _paths_in(model: type[BaseModel], path: tuple[str, ...]) -> Iterator[tuple[str, tuple[tuple[str, ...], bool]]]:
    for name, known in model.model_fields.items():
        if not path and (name in REFERRING or name in SERVICE_FIELDS or name in ("id", "quantities")):
            continue
        place = (*path, name)
        types = list(types_in(known.annotation))
        records = [one for one in types if isinstance(one, type) and issubclass(one, BaseModel)]
        for record in records:
            yield from _paths_in(record, place)
        if not records or str in types:
            yield "_".join(place), (place, any(get_origin(one) is dict for one in types))
