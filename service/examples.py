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
