"""Summaries: what a view says of the whole map or of one of its nodes."""

from graph.errors import NotFound
from graph.reports import actor, map, motive, source, statement
from graph.reports.reading import Reading
from graph.reports.words import bare, capital
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.actor import Actor
from schemas.motive import Motive
from schemas.node import AnyNode
from schemas.source import Source
from schemas.statement import Statement
from schemas.summary import Section, Summary
from schemas.vocabulary import Kind

SUBJECTS: tuple[Kind, ...] = ("actor", "motive", "source", "statement")
"""Kinds of node that a summary can be of."""


def summary_of_map(graph: ArgumentGraph) -> Summary:
    """What a view says as a whole; O(nodes + links)."""
    reading = Reading(graph)
    return Summary(graph.map, graph.revision, bare(graph.header.title), map.sections(reading))


def summary_of(graph: ArgumentGraph, kind: Kind, node_id: str) -> Summary:
    """What a view says of one actor, motive, source or statement.

    Raises `NotFound` where the view has no such node; nodes of other kinds have no summary.
    """
    number = graph.find(node_id)
    node = graph.at(number) if number is not None else None
    if node is None or node.kind != kind or kind not in SUBJECTS:
        there = f"; {node_id!r} is of kind {node.kind}" if node is not None else ""
        raise NotFound(f"this view of map {graph.map!r} has no {kind} {node_id!r}{there}", code="node_not_found")
    title, sections = _told(Reading(graph), node)
    return Summary(graph.map, graph.revision, capital(bare(title)), sections)


def _told(reading: Reading, node: AnyNode) -> tuple[str, tuple[Section, ...]]:
    match node:
        case Actor():
            return actor.title(node), actor.sections(reading, node)
        case Motive():
            return motive.title(node), motive.sections(reading, node)
        case Source():
            return source.title(node), source.sections(reading, node)
        case Statement():
            return statement.title(reading, node), statement.sections(reading, node)
        case _:
            raise TypeError(f"a {node.kind} has no summary")
