"""What a write says about nodes that are nearly the same: reported, and never merged."""

from collections.abc import Iterable, Mapping
from typing import Any

from graph.search.near_duplicates import Likeness, compares, same_arguments, similar_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.argument import Argument
from service.http.context import Context
from service.http.errors import Busy

_NODE = 1.0
"""Estimated microseconds that comparing a text with a node costs."""


async def alike(context: Context, statements: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Near duplicates of new statements as fields of an answer, looked for in the map as it is before the write."""
    texts = [s["text"] for s in statements if isinstance(s.get("text"), str)]
    graph = await context.service.workspace.at(context.map)
    if not texts or not compares(graph):
        # Said, because nothing found must not be taken for nothing there.
        return {"similar": [], "similar_complete": not texts}
    try:
        found = await context.service.work.run(
            lambda: [o for t in texts for o in similar_statements(graph, t)],
            cost=graph.size * _NODE * len(texts),
            client=context.principal.client,
        )
    except Busy:  # a write does not wait in line for what is only a hint
        return {"similar": [], "similar_complete": False}
    return {"similar": likeness_items(found), "similar_complete": True}


def same_as(graph: ArgumentGraph, argument: Argument) -> list[dict[str, Any]]:
    """Other arguments of the same premises, target and stance."""
    found = same_arguments(graph, argument.premises, argument.target, argument.stance)
    return likeness_items(one for one in found if one.id != argument.id)


def likeness_items(found: Iterable[Likeness]) -> list[dict[str, Any]]:
    """Likenesses as items of an answer, each node once."""
    return list({one.id: one._asdict() for one in found}.values())
