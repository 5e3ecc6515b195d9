"""A Neo4j database held against the history of a map, and the map's graph made again from it.

Only what is argumap's is looked at: properties, labels and relationships of others stay whatever is done here.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import neo4j.time

from graph.errors import RevisionTaken
from graph.maps.expected import Expected, Finding, Part
from graph.stores import cypher
from graph.stores.integrity import checksum
from graph.stores.neo4j_calls import Calls, Talk
from graph.stores.neo4j_properties import header_properties, link_rows, node_row, own_names, quantity_rows
from graph.stores.neo4j_reading import entry_of
from graph.stores.neo4j_writing import log_row
from schemas.node import AnyNode, read_node

_TOGETHER = 1_000
_LONG = 60.0
_OURS = frozenset(cypher.LABEL.values())
_TYPES = frozenset(cypher.TYPE.values())
_INWARD = {"PREMISE_OF", "HAS_MOTIVE"}
"""Relationships that lead to the node that holds them; all others lead away from it."""
_Link = tuple[str, str, str, str]
"""Source, type, target and the properties as text."""


@dataclass
class Differences:
    """What of a map's graph is not what its history says."""

    findings: list[Finding] = field(default_factory=list)
    rewritten: set[str] = field(default_factory=set)
    """Nodes whose own part is to be written again."""
    strays: set[str] = field(default_factory=set)
    """Nodes that no entry of the history has made."""
    relinked: set[str] = field(default_factory=set)
    """Nodes whose relationships are to be made again."""

    def tell(self, map_id: str, part: Part, node: str | None, detail: str) -> None:
        """Note one."""
        self.findings.append(Finding(map_id, part, node, detail))


async def audit_graph(calls: Calls, expected: Expected) -> list[Finding]:
    """Where the graph of a map is not what its history says; raises `RevisionTaken` where it went on meanwhile."""
    return (await differences(calls, expected)).findings


async def differences(calls: Calls, expected: Expected) -> Differences:
    """The same, with what there is to do about it."""
    found = Differences()
    head = await _head(calls, expected)
    found.findings += _of_head(expected, head)
    await _look_at_log(calls, expected, found)
    links: Counter[_Link] = Counter()
    seen: set[str] = set()
    after = ""
    while True:
        rows = await calls.ask(cypher.AUDITED, map=expected.header.id, after=after, size=_TOGETHER)
        if not rows:
            break
        await calls.aside(_look_at_nodes, expected, rows, links, found)
        seen.update(row[0] for row in rows)
        after = rows[-1][0]
    for node_id in sorted(expected.nodes.keys() - seen):
        found.tell(expected.header.id, "document", node_id, "is not there")
        found.rewritten.add(node_id)
        found.relinked.add(node_id)
    await calls.aside(_look_at_links, expected, links, found)
    if (await _head(calls, expected)).get("change") != head.get("change"):
        raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
    return found


async def _head(calls: Calls, expected: Expected) -> Mapping[str, Any]:
    records = await calls.peek(cypher.LOCKED_HEADER, map=expected.header.id)
    if not records:
        raise RevisionTaken(f"map {expected.header.id!r} was deleted meanwhile")
    properties: Mapping[str, Any] = records[0][0]
    return properties


def _of_head(expected: Expected, held: Mapping[str, Any]) -> Iterator[Finding]:
    for name, value in _head_properties(expected).items():
        # The counts of a header that was written without a snapshot say nothing.
        if held.get(name) != value and not (name.startswith("count_") and name not in held):
            detail = f"{name} is {held.get(name)!r} and should be {value!r}"
            yield Finding(expected.header.id, "head", None, detail)


def _head_properties(expected: Expected) -> dict[str, Any]:
    total = checksum(document for _, document in expected.nodes.values())
    return {**header_properties(expected.header), "nodes": len(expected.nodes), "checksum": total}


async def _look_at_log(calls: Calls, expected: Expected, found: Differences) -> None:
    last = 0
    while rows := await calls.ask(cypher.LOG_ROWS, map=expected.header.id, after=last, size=_TOGETHER):
        for properties in (row[0] for row in rows):
            last = properties["revision"]
            told = log_row(entry_of(expected.header.id, last, properties.get("doc")))
            if any(properties.get(name) != value for name, value in told.items()):
                detail = f"the properties of revision {last} say something else than its entry"
                found.tell(expected.header.id, "history", None, detail)
    if last != expected.header.revision:
        raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
    former = {node_id for (node_id,) in await calls.ask(cypher.FORMER, map=expected.header.id)}
    for node_id in sorted(former ^ expected.former):
        found.tell(expected.header.id, "index", node_id, "the list of deleted nodes is not that of the history")


def _look_at_nodes(
    expected: Expected, rows: Sequence[Sequence[Any]], links: Counter[_Link], found: Differences
) -> None:
    map_id = expected.header.id
    for node_id, labels, properties, outgoing, quantities in rows:
        for type_, target, of_link in outgoing:
            if type_ in _TYPES:
                links[node_id, type_, target, _told(of_link)] += 1
        told = expected.nodes.get(node_id)
        if told is None:
            found.tell(map_id, "document", node_id, "is in no entry of the history, or was deleted")
            found.strays.add(node_id)
            continue
        kind, document = told
        if properties.get("doc") != document.decode():
            found.tell(map_id, "document", node_id, "is not the one that the history gives")
            found.rewritten.add(node_id)
        row = node_row(map_id, read_node(kind, document), document.decode())
        if set(labels) & _OURS != {row["label"]}:
            found.tell(map_id, "properties", node_id, f"has the labels {sorted(labels)} and should have {row['label']}")
            found.rewritten.add(node_id)
        told_quantities = [row["properties"] for row in quantity_rows(read_node(kind, document))]
        if sorted(map(_told, quantities)) != sorted(map(_told, told_quantities)):
            found.tell(map_id, "relationships", node_id, "the quantities that it states are not those of its document")
            found.rewritten.add(node_id)
        if wrong := sorted(_wrong(properties, row["properties"]) - {"doc"}):
            found.tell(map_id, "properties", node_id, f"{', '.join(wrong)}: not what its document says")
            found.rewritten.add(node_id)


def _wrong(held: Mapping[str, Any], told: Mapping[str, Any]) -> set[str]:
    ours = own_names() & held.keys()
    return {name for name in ours | told.keys() if _told(held.get(name)) != _told(told.get(name))}


def _told(value: Any) -> str:
    """A value as a text that tells 1 from 1.0 and is the same for every "not a number"."""
    if isinstance(value, neo4j.time.DateTime):
        value = value.to_native().astimezone(UTC)
    elif isinstance(value, datetime):
        value = value.astimezone(UTC)
    elif isinstance(value, neo4j.time.Date):
        value = value.to_native()
    return repr(sorted(value.items()) if isinstance(value, dict) else value)


def _look_at_links(expected: Expected, held: Counter[_Link], found: Differences) -> None:
    told: Counter[_Link] = Counter()
    for kind, document in expected.nodes.values():
        for link in link_rows(read_node(kind, document)):
            if link["source"] in expected.nodes and link["target"] in expected.nodes:
                told[link["source"], link["type"], link["target"], _told(link["properties"])] += 1
    for what, links in (("is not there", told - held), ("is in no document", held - told)):
        for source, type_, target, _ in sorted(links):
            holder = target if type_ in _INWARD else source
            detail = f"({source})-[:{type_}]->({target}) {what}"
            found.tell(expected.header.id, "relationships", holder, detail)
            found.relinked.add(holder)


# --- making it again ---------------------------------------------------------------------------------


async def mend_graph(calls: Calls, expected: Expected) -> None:
    """Make what differs again, part by part, each under the map's lock; raises `RevisionTaken`."""
    found = await differences(calls, expected)
    map_id = expected.header.id
    rewritten, relinked = sorted(found.rewritten), sorted(found.relinked & expected.nodes.keys())
    await _under_lock(calls, expected, (cypher.LET_GO, {"map": map_id, "rows": sorted(found.strays)}))
    for start in range(0, len(rewritten), _TOGETHER):
        rows = [_row(map_id, *_node(expected, i)) for i in rewritten[start : start + _TOGETHER]]
        ids = [row["id"] for row in rows]
        quantities = [row for i in ids for row in quantity_rows(_node(expected, i)[0])]
        await _under_lock(
            calls,
            expected,
            (cypher.RESTORE_NODES, {"map": map_id, "rows": rows}),
            (cypher.TIE_NODES, {"map": map_id, "ids": ids}),
            (cypher.UNQUANTIFY, {"map": map_id, "rows": ids}),
            (cypher.QUANTIFY, {"map": map_id, "rows": quantities}),
        )
    for start in range(0, len(relinked), _TOGETHER):
        some = relinked[start : start + _TOGETHER]
        links = [link for i in some for link in link_rows(_node(expected, i)[0])]
        unlink = (cypher.UNLINK, {"map": map_id, "rows": some})
        await _under_lock(calls, expected, unlink, (cypher.LINK, {"map": map_id, "rows": links}))
    await _mend_log(calls, expected)
    former = {"map": map_id, "former": sorted(expected.former)}
    head = {"map": map_id, "header": _head_properties(expected)}
    await _under_lock(calls, expected, (cypher.RESTORE_FORMER, former), (cypher.RESTORE_HEAD, head))


async def _mend_log(calls: Calls, expected: Expected) -> None:
    last = 0
    while rows := await calls.ask(cypher.LOG_ROWS, map=expected.header.id, after=last, size=_TOGETHER):
        told = [log_row(entry_of(expected.header.id, row[0]["revision"], row[0].get("doc"))) for row in rows]
        last = told[-1]["revision"]
        await _under_lock(calls, expected, (cypher.RESTORE_LOG, {"map": expected.header.id, "rows": told}))


async def _under_lock(calls: Calls, expected: Expected, *statements: tuple[Any, Mapping[str, Any]]) -> None:
    async def work(talk: Talk) -> None:
        held = await talk.ask(cypher.LAST_OF_LOG, map=expected.header.id)
        if held != [[expected.header.revision]]:
            raise RevisionTaken(f"map {expected.header.id!r} went on meanwhile")
        for text, parameters in statements:
            await talk.ask(text, **parameters)

    await calls.write(work, patience=_LONG)


def _node(expected: Expected, node_id: str) -> tuple[AnyNode, bytes]:
    kind, document = expected.nodes[node_id]
    return read_node(kind, document), document


def _row(map_id: str, node: AnyNode, document: bytes) -> dict[str, Any]:
    row = node_row(map_id, node, document.decode())
    return {**row, "id": node.id, "properties": {**dict.fromkeys(own_names()), **row["properties"]}}
