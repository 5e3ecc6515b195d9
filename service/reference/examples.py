"""An example request for each operation, about the map that the service is first started with."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from schemas.vocabulary import Kind

SEED = "food-finance-firepower"
Example = Mapping[str, Any]
MADE_FOR_EXAMPLES = {"id": "autumn-supply", "title": "Autumn supply"}
"""A map that the example of a delete takes away."""


@dataclass(frozen=True)
class Sample:
    """The examples of a kind's operations: an id to read, filters to list by, a node to make, a change to it."""

    id: str
    filter: Mapping[str, Any]
    draft: Mapping[str, Any]
    patch: Mapping[str, Any]

    @property
    def listing(self) -> Example:
        """Some of the kind."""
        return {"path": {"map": SEED}, "query": {**self.filter, "limit": 2}}

    @property
    def create(self) -> Example:
        """A new one."""
        return {"path": {"map": SEED}, "body": self.draft}

    @property
    def read(self) -> Example:
        """One by its id."""
        return {"path": {"map": SEED, "id": self.id}}

    @property
    def change(self) -> Example:
        """A change to it."""
        return {"path": {"map": SEED, "id": self.id}, "body": self.patch}

    @property
    def delete(self) -> Example:
        """The end of it, with what refers to it."""
        return {"path": {"map": SEED, "id": self.id}, "query": {"cascade": True}}


SAMPLES: Mapping[Kind, Sample] = {
    "actor": Sample(
        "nis",
        {"actor_kind": "organisation"},
        {"id": "rice-traders", "name": "Rice traders", "actor_kind": "group"},
        {"role": "Counts soldiers and shells"},
    ),
    "motive": Sample(
        "food",
        {"actor": "north-korea"},
        {
            "id": "x-prestige",
            "name": "prestige",
            "category": "other",
            "text": "North Korea joins to be seen as an equal.",
            "actor": "north-korea",
        },
        {"definition": "Food for soldiers at the front and for the country at home."},
    ),
    "statement": Sample(
        "p-50",
        {"concerns": "food", "sort": "text"},
        {"id": "p-harvest", "text": "The harvest of 2024 was poor."},
        {"note": "To be checked against the second article."},
    ),
    "argument": Sample(
        "a-001",
        {"target": "t-main", "stance": "supporting"},
        {
            "id": "a-harvest",
            "text": "North Korea's grain stores are nearly empty.",
            "stance": "supporting",
            "target": "food",
            "actor": "wi-sung-lac",
            "source": "s-kh",
            "locator": {"paragraph": 4},
        },
        {"confidence": "medium"},
    ),
    "source": Sample(
        "s-eu",
        {"source_kind": "article"},
        {"id": "s-own-note", "title": "Note on harvests", "source_kind": "document"},
        {"reliability": "C"},
    ),
    "assertion": Sample(
        "eu-01",
        {"of": "p-01"},
        {"id": "x-own", "of": "p-50", "source": "s-eu", "chain": ["eu-today"], "modality": "reported"},
        {"credibility": 3},
    ),
}


def _of_kinds() -> dict[str, Example]:
    found: dict[str, Example] = {}
    for kind, sample in SAMPLES.items():
        found[f"list_{kind}s"] = sample.listing
        found[f"create_{kind}"] = sample.create
        found[f"read_{kind}"] = sample.read
        found[f"change_{kind}"] = sample.change
        found[f"delete_{kind}"] = sample.delete
    return found


def _node(node_id: str, **query: Any) -> Example:
    return {"path": {"map": SEED, "id": node_id}, "query": query}


def _map(**query: Any) -> Example:
    return {"path": {"map": SEED}, "query": query}


EXAMPLES: Mapping[str, Example] = {
    **_of_kinds(),
    "read_node": _node("p-50"),
    "read_graph": _map(focus=["p-50"], depth=1),
    "read_neighbourhood": _node("p-50"),
    "find_paths": _map(**{"from": ["p-50"], "to": ["t-main"], "limit": 2}),
    "read_grounds": _node("food"),
    "read_consequences": _node("p-50"),
    "find_connections": _map(**{"from": "nis", "to": "food", "limit": 2}),
    "read_evaluation": _map(semantics="grounded", motives=["defence-pact"]),
    "read_acceptance": _map(id="t-main", semantics="preferred", mode="sceptical"),
    "explain_node": _node("t-main"),
    "rank_influence": _map(target="t-main", method="removal", limit=3),
    "find_cruxes": _map(target="defence-pact", over="actors"),
    "suppose_edits": {
        "path": {"map": SEED},
        "body": {
            "edits": [{"op": "delete", "kind": "statements", "id": "p-50", "cascade": True}],
            "ask": ["evaluation", "paths", "motives"],
            "from": ["p-49"],
            "to": ["food"],
        },
    },
    "summarise_map": _map(),
    "summarise_actor": _node("wi-sung-lac"),
    "summarise_motive": _node("food"),
    "summarise_source": _node("s-kh"),
    "summarise_statement": _node("p-50"),
    "list_maps": {"query": {"limit": 10}},
    "create_map": {"body": {"id": "winter-supply", "title": "Winter supply", "question": "Who needs what?"}},
    "read_map": _map(),
    "change_map": {"path": {"map": SEED}, "body": {"description": "What two newspapers say about one alliance."}},
    "delete_map": {"path": {"map": MADE_FOR_EXAMPLES["id"]}},
    "run_batch": {
        "path": {"map": SEED},
        "body": {
            "dry_run": True,
            "operations": [
                {"op": "create", "kind": "statements", "id": "p-new", "value": {"text": "Rice is short."}},
                {"op": "update", "kind": "statements", "id": "p-new", "value": {"note": "To be checked."}},
            ],
        },
    },
    "export_map": _map(),
    "search": {"query": {"q": "shells sold", "limit": 3}},
    "read_problem": {"path": {"code": "stale"}},
}
"""By operation the parameters and the body of a request that the seed answers."""
