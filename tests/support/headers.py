"""Headers of maps for tests that need no store."""

from __future__ import annotations

from collections.abc import Iterable

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.map import MapHeader
from schemas.node import AnyNode

AT = "2026-01-01T00:00:00.000000Z"


def header(revision: int = 1, **fields: str) -> MapHeader:
    given = {
        "id": "m", "title": "A map", "created_at": AT, "created_by": "ann", "updated_at": AT, "updated_by": "ann",
        **fields,
    }  # fmt: skip
    return MapHeader.model_validate({**given, "revision": revision})


def graph_of(*nodes: AnyNode | Iterable[AnyNode]) -> ArgumentGraph:
    """A snapshot of these nodes at revision 1."""
    flat = [n for node in nodes for n in (node if isinstance(node, list | tuple) else [node])]
    return ArgumentGraph.of(header(), flat)
