"""What a write says about nodes that are nearly the same: reported, and never merged."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from graph.editing.merging import are_told_apart
from graph.search.near_duplicates import Likeness, compares, same_arguments, similar_statements
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.argument import Argument
from schemas.node import AnyNode
from service.http.context import Context
from service.http.errors import Busy

_NODE = 1.0
"""Estimated microseconds that comparing a text with a node costs."""


async def alike(context: Context, statements: Iterable[Mapping[str, Any]], of: str | None = None) -> dict[str, Any]:
    """Near duplicates of statements that are written, looked for in the map as it is before the write.

    `of` is the statement that a text is to be the new one of. What was judged to be different is left out.
    """
    texts = [(s["text"], s) for s in statements if isinstance(s.get("text"), str)]
    graph = await context.service.workspace.at(context.map)
    if not texts or not compares(graph):
        # Said, because nothing found must not be taken for nothing there.
        return {"similar": [], "similar_complete": not texts}
    try:
        found = await context.service.work.run(
            lambda: [o for text, one in texts for o in similar_statements(graph, text, _apart(graph, one, of))],
            cost=graph.size * _NODE * len(texts),
            client=context.principal.client,
        )
    except Busy:  # a write does not wait in line for what is only a hint
        return {"similar": [], "similar_complete": False}
    return {"similar": likeness_items(found), "similar_complete": True}


def _apart(graph: ArgumentGraph, written: Mapping[str, Any], of: str | None) -> Callable[[AnyNode], bool]:
    """Tells which nodes are no duplicates of what is written, because somebody has said so."""
    said = written.get("different_from")
    named = set(map(str, said)) if isinstance(said, list) else set()
    if of is not None and of in graph:
        named |= {of, *graph.node(of).different_from}
    return lambda node: node.id in named or of in node.different_from


def same_as(graph: ArgumentGraph, argument: Argument) -> list[dict[str, Any]]:
    """Other arguments of the same premises, target and stance."""
    found = same_arguments(graph, argument.premises, argument.target, argument.stance)
    others = (one for one in found if one.id != argument.id)
    return likeness_items(one for one in others if not are_told_apart(graph, argument.id, one.id))


def likeness_items(found: Iterable[Likeness]) -> list[dict[str, Any]]:
    """Likenesses as items of an answer, each node once."""
    return list({one.id: one._asdict() for one in found}.values())
