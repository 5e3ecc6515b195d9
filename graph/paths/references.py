"""Who refers to a node otherwise than by a step."""

from collections.abc import Iterable

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.links import HOLDERS_OF, Link
from schemas.vocabulary import KINDS, RELATIONS


def referring(graph: ArgumentGraph, number: int, kinds: Iterable[int]) -> list[Link]:
    """The links, not of steps, by which nodes of these kinds refer to a node, in a total order."""
    named = {KINDS[code] for code in kinds} - {"argument"}
    relations = [relation for relation in RELATIONS if not named.isdisjoint(HOLDERS_OF[relation])]
    found = graph.links_to(graph.id(number), relations)
    return [link for link in found if KINDS[graph.kind(graph.number(link.other(graph.id(number))))] in named]
