"""An example request for each operation: together they make a small map, ask about it, change it and delete it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.vocabulary import KINDS, Kind

Example = Mapping[str, Any]
MAP = "old-bridge"


@dataclass(frozen=True)
class Sample:
    """The examples of a kind's operations: the nodes of the map, one to read, filters, a change, and a new one."""

    nodes: Mapping[str, Mapping[str, Any]]
    """Fields by id."""
    read: str
    """Id of the one that is read and changed."""
    filter: Mapping[str, Any]
    """Parameters of a list."""
    update: Mapping[str, Any]
    new: Mapping[str, Any]
    delete: str = ""
    """Id of the one that is deleted, if another."""

    def of(self, kind: Kind) -> dict[str, Example]:
        """Examples of the five operations by their ids."""
        one = {"map": MAP, "id": self.read}
        return {
            f"list_{kind}s": _map(**self.filter),
            f"create_{kind}": {"path": {"map": MAP}, "body": self.new},
            f"read_{kind}": {"path": one},
            f"change_{kind}": {"path": one, "body": self.update},
            f"delete_{kind}": {"path": {"map": MAP, "id": self.delete or self.read}, "query": {"cascade": True}},
        }


def _map(**query: Any) -> Example:
    return {"path": {"map": MAP}, "query": query}


def _node(node_id: str, **query: Any) -> Example:
    return {"path": {"map": MAP, "id": node_id}, "query": query}


SAMPLES: Mapping[Kind, Sample] = {
    "actor": Sample(
        nodes={
            "council": {"name": "Town council", "actor_kind": "organisation"},
            "gazette": {"name": "The Gazette", "actor_kind": "outlet"},
            "holm": {"name": "Ida Holm", "actor_kind": "person", "role": "Engineer who inspected the bridge"},
            "traders": {"name": "Market traders", "actor_kind": "group"},
        },
        read="holm",
        filter={"actor_kind": ["person", "group"]},
        update={"role": "Engineer of the county"},
        new={"id": "county", "name": "The county", "actor_kind": "organisation", "aliases": ["County board"]},
        delete="traders",
    ),
    "motive": Sample(
        nodes={
            "savings": {
                "name": "savings",
                "category": "finance",
                "text": "The council wants the bridge closed to save its upkeep.",
                "actor": "council",
            }
        },
        read="savings",
        filter={"actor": ["council"]},
        update={"definition": "What the town no longer has to pay."},
        new={
            "id": "safety",
            "name": "safety",
            "category": "other",
            "text": "The council wants the bridge closed to keep people safe.",
            "actor": "council",
        },
    ),
    "statement": Sample(
        nodes={
            "close": {"text": "The old bridge should be closed.", "origin": "constructed"},
            "cracks": {"text": "Two of the four piers are cracked."},
            "detour": {"text": "The detour adds 15 minutes to every delivery."},
            "load-test": {"text": "The bridge carried 30 tonnes in the test of May."},
            "lorries": {"text": "Lorries of 20 tonnes cross the bridge every day.", "tags": ["traffic"]},
            "upkeep": {
                "text": "Upkeep costs the town 80,000 euros a year.",
                "concerns": [{"motive": "savings", "role": "driver"}],
            },
        },
        read="cracks",
        filter={"concerns": ["savings"]},
        update={"note": "See the photographs in the appendix."},
        new={"id": "ferry", "text": "A ferry could carry the lorries.", "tags": ["traffic"]},
        delete="detour",
    ),
    "argument": Sample(
        nodes={
            "a-cracks": {
                "premises": ["cracks", "lorries"],
                "target": "close",
                "stance": "supporting",
                "confidence": "high",
                "warrant": "A cracked pier may fail under a heavy load.",
            },
            "a-detour": {"premises": ["detour"], "target": "close", "stance": "opposing", "confidence": "medium"},
            "a-load-test": {"premises": ["load-test"], "target": "a-cracks", "stance": "opposing", "confidence": "low"},
            "a-upkeep": {"premises": ["upkeep"], "target": "savings", "stance": "supporting", "confidence": "medium"},
        },
        read="a-cracks",
        filter={"target": ["close"], "limit": 1},
        update={"confidence": "medium"},
        new={
            "id": "a-weight-limit",
            "text": "A weight limit would do.",
            "stance": "opposing",
            "target": "close",
            "actor": "traders",
            "source": "news",
            "locator": {"paragraph": 4},
        },
        delete="a-detour",
    ),
    "source": Sample(
        nodes={
            "inspection": {
                "title": "Inspection of the old bridge",
                "source_kind": "report",
                "author": ["holm"],
                "published": {"value": "2025-05-12", "precision": "day"},
                "reliability": "A",
            },
            "news": {"title": "Traders fear a closed bridge", "source_kind": "article", "publisher": "gazette"},
        },
        read="news",
        filter={"source_kind": ["report"]},
        update={"reliability": "C"},
        new={"id": "minutes", "title": "Minutes of the council", "source_kind": "document", "publisher": "council"},
    ),
    "assertion": Sample(
        nodes={
            "x-a-cracks": {"of": "a-cracks", "source": "inspection", "chain": ["holm"], "basis": "explicit"},
            "x-cracks": {
                "of": "cracks",
                "source": "inspection",
                "chain": ["holm"],
                "quote": "two piers show cracks",
                "locator": {"paragraph": 3},
            },
            "x-detour": {
                "of": "detour",
                "source": "news",
                "chain": ["gazette", "traders"],
                "modality": "believed",
                "polarity": "con",
            },
            "x-load-test": {
                "of": "load-test",
                "source": "inspection",
                "chain": ["holm"],
                "quantities": [{"value": 30, "unit": "t", "of": "load"}],
            },
            "x-upkeep": {"of": "upkeep", "source": "news", "chain": ["gazette", "council"], "modality": "reported"},
        },
        read="x-cracks",
        filter={"source": ["inspection"], "limit": 2},
        update={"credibility": 1},
        new={"id": "x-lorries", "of": "lorries", "source": "news", "chain": ["gazette"], "modality": "reported"},
        delete="x-upkeep",
    ),
}
_MAKING = [
    {"op": "create", "kind": kind, "id": node_id, "value": value}
    for kind in ("actor", "source", "motive", "statement", "argument", "assertion")
    for node_id, value in SAMPLES[kind].nodes.items()
]
TEXT = """Inspection of the old bridge

On 12 May the engineer Ida Holm looked at all piers and tested the deck with 30 tonnes.
The deck held. Holm said that it would probably carry lorries for two more years.
Below the water line two piers show cracks of up to 4 mm, she wrote.
"""
_OF_KINDS = {name: example for kind in KINDS for name, example in SAMPLES[kind].of(kind).items()}

EXAMPLES: Mapping[str, Example] = {
    "create_map": {"body": {"id": MAP, "title": "The old bridge", "question": "Should the old bridge be closed?"}},
    "run_batch": {"path": {"map": MAP}, "body": {"operations": _MAKING}},
    "attach_source_text": {"path": {"map": MAP, "id": "inspection"}, "text": TEXT},
    "merge_nodes": {
        "path": {"map": MAP},
        "body": {"keep": "load-test", "drop": "lorries", "same": False},
    },
    "adopt_hand_edits": {"path": {"map": MAP}, "body": {"dry_run": True}},
    "ask_cypher": {
        "path": {"map": MAP},
        "body": {"statement": "MATCH (n:Node {map: $map}) RETURN n.kind AS kind, count(*) AS nodes ORDER BY kind"},
    },
    "create_remark": {
        "path": {"map": MAP, "id": "cracks"},
        "body": {"id": "r-1", "text": "The photographs show three piers.", "mark": "disagree"},
    },
    "create_draft": {
        "path": {"map": MAP},
        "body": {
            "id": "draft-1",
            "title": "The cracks are older than the inspection",
            "text": "A photograph of 2019 shows them.",
            "operations": [
                {"op": "create", "kind": "statement", "id": "old-cracks", "value": {"text": "The cracks are old."}},
                {
                    "op": "create",
                    "kind": "argument",
                    "id": "a-old-cracks",
                    "value": {"premises": ["old-cracks"], "target": "a-cracks", "stance": "opposing"},
                },
            ],
        },
    },
    "create_remark_of_draft": {
        "path": {"map": MAP, "draft": "draft-1"},
        "body": {"id": "r-1", "text": "The photograph is of another pier.", "mark": "disagree"},
    },
    "list_drafts": _map(status="open"),
    "read_draft": {"path": {"map": MAP, "draft": "draft-1"}},
    "change_draft": {"path": {"map": MAP, "draft": "draft-1"}, "body": {"text": "Two photographs of 2019 show them."}},
    "delete_draft": {"path": {"map": MAP, "draft": "draft-1"}},
    "accept_draft": {"path": {"map": MAP, "draft": "draft-1"}, "body": {"reason": "Holm confirms it."}},
    "decline_draft": {"path": {"map": MAP, "draft": "draft-1"}, "body": {"reason": "It is another pier."}},
    "list_remarks_of_draft": {"path": {"map": MAP, "draft": "draft-1"}, "query": {"limit": 10}},
    "read_remark_of_draft": {"path": {"map": MAP, "draft": "draft-1", "remark": "r-1"}},
    "delete_remark_of_draft": {"path": {"map": MAP, "draft": "draft-1", "remark": "r-1"}},
    "list_remarks_of_node": _node("cracks", limit=10),
    "list_remarks": _map(mark="disagree"),
    "read_remark": {"path": {"map": MAP, "remark": "r-1"}},
    "delete_remark": {"path": {"map": MAP, "remark": "r-1"}},
    "list_maps": {"query": {"limit": 10}},
    "read_map": _map(),
    "change_map": {"path": {"map": MAP}, "body": {"description": "What a report and a newspaper say."}},
    "delete_map": {"path": {"map": MAP}},
    "restore_map": {"path": {"map": MAP}, "after": ("delete_map",)},
    **_OF_KINDS,
    "list_source_texts": _map(),
    "read_source_text": _node("inspection"),
    "remove_source_text": _node("inspection"),
    "suggest_for_passage": {
        "path": {"map": MAP, "id": "inspection"},
        "body": {"start": TEXT.index("Below"), "end": TEXT.index(", she wrote")},
    },
    "read_node": _node("a-cracks"),
    "read_graph": _map(focus=["close"], depth=1),
    "read_neighbourhood": _node("close"),
    "read_structure": _map(measure="bridges", limit=2),
    "list_duplicates": _map(),
    "find_paths": _map(**{"from": ["load-test"], "to": ["close"]}),
    "find_connections": _map(**{"from": "holm", "to": "close", "limit": 1}),
    "read_grounds": _node("close"),
    "read_consequences": _node("cracks"),
    "read_evaluation": _map(semantics="grounded"),
    "read_acceptance": _map(id="close", semantics="preferred", mode="sceptical"),
    "explain_node": _node("close"),
    "rank_influence": _map(target="close", method="removal"),
    "find_cruxes": _map(target="savings", over="sources"),
    "suppose_edits": {
        "path": {"map": MAP},
        "body": {
            "edits": [{"op": "delete", "kind": "statement", "id": "load-test", "cascade": True}],
            "ask": ["evaluation", "paths", "motives"],
            "from": ["load-test", "cracks"],
            "to": ["close"],
        },
    },
    "list_changes": _map(limit=1),
    "read_change": {"path": {"map": MAP, "revision": 2}, "query": {"limit": 2}},
    "revert_change": {"path": {"map": MAP, "revision": 1}, "query": {"since": True, "dry_run": True}},
    "undo": {"path": {"map": MAP}},
    "redo": {"path": {"map": MAP}, "after": ("undo",)},
    "read_diff": _map(**{"from": "1", "to": "2", "limit": 2}),
    "summarise_map": _map(),
    "summarise_actor": _node("holm"),
    "summarise_motive": _node("savings"),
    "summarise_source": _node("inspection"),
    "summarise_statement": _node("close"),
    "export_map": _map(),
    "purge_map": {"path": {"map": MAP}, "body": {"nodes": ["traders"], "texts": ["market traders"]}},
    "search": {"query": {"q": "bridge tonnes"}},
    "sign_in": {"body": {"key": "argm_0123456789_00000000000000000000000000000000000000"}},
    "list_keys": {"query": {"limit": 10}},
    "create_key": {"body": {"name": "Ida Holm", "scope": "write", "maps": [MAP], "expires": 90}},
    "delete_key": {"path": {"id": "Ida Holm"}},
    "read_problem": {"path": {"code": "stale"}},
}
"""By operation the parameters and the body of a request, and what has to be asked before it (`after`).

Sent in this order, the first three make the map that all others are about. A body of plain text is under `text`.
"""
