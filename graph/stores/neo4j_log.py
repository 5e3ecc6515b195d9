"""The log of a map as Neo4j has it: entries with their properties, sent in parts where they are long."""

from typing import Any

from graph.stores import cypher
from graph.stores.neo4j_calls import Talk
from graph.stores.neo4j_properties import sent
from schemas.base import moment
from schemas.change import Change, encode_change

_LONG_ENTRY = 1_000_000
"""Characters of an entry of the log that are sent at once; it is written in as many parts as it takes."""
_TIED_TOGETHER = 300


def touched(change: Change) -> list[str]:
    """The ids of the nodes that a change touched, in order."""
    return sorted({edit.id for edit in change.edits if edit.kind != "map"})


def log_row(change: Change) -> dict[str, Any]:
    """The properties of an entry of the log."""
    document = encode_change(change)
    row = {
        "map": change.map,
        "revision": change.revision,
        "uid": change.uid,
        "at": moment(change.at),
        "by": change.by,
        "nodes": touched(change),
        "doc": document.decode(),
        "bytes": len(document),
    }
    return row if change.idempotency is None else {**row, "key": change.idempotency.key}


def entry_parts(document: str) -> list[str]:
    """An entry of the log in parts, one at least: a message of many megabytes would hold up the event loop."""
    return [document[begin : begin + _LONG_ENTRY] for begin in range(0, len(document) or 1, _LONG_ENTRY)]


async def compact_graph(talk: Talk, row: dict[str, Any]) -> bool:
    """Put an entry in the place of the one of its revision and of all before it; whether there was that one."""
    map_id, revision = row["map"], row["revision"]
    begin, *rest = entry_parts(row["doc"])
    if not await talk.ask(cypher.COMPACT, map=map_id, row=sent({**row, "doc": begin})):
        return False
    for more in rest:
        await talk.ask(cypher.LENGTHEN, write={"map": map_id, "revision": revision, "doc": more})
    await talk.ask(cypher.FORGET_LOG, map=map_id, revision=revision)
    for text in cypher.FORGET_FORMER:
        await talk.ask(text, map=map_id)
    ties = [{"revision": revision, "id": node_id} for node_id in row["nodes"]]
    for start in range(0, len(ties), _TIED_TOGETHER):
        await talk.ask(cypher.TIE, write={"map": map_id, "ties": ties[start : start + _TIED_TOGETHER]})
    return True
