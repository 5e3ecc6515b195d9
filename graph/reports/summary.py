"""Summaries: what a view says of the whole map or of one of its nodes, in brief or at length."""

from graph.budgets import StepBudget
from graph.errors import NotFound
from graph.reports import actor, map, motive, source, statement
from graph.reports.brief_subjects import brief_of, brief_of_map
from graph.reports.reading import Reading
from graph.reports.words import bare, capital, words_in
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.actor import Actor
from schemas.motive import Motive
from schemas.node import AnyNode
from schemas.query import SummaryDetail
from schemas.source import Source
from schemas.statement import Statement
from schemas.summary import Section, Summary
from schemas.vocabulary import Kind

SUBJECTS: tuple[Kind, ...] = ("actor", "motive", "source", "statement")
"""Kinds of node that a summary can be of."""


def summary_of_map(graph: ArgumentGraph, detail: SummaryDetail = "normal", budget: StepBudget | None = None) -> Summary:
    """What a view says as a whole; O(nodes + links), and of a brief a bounded search."""
    reading = Reading(graph, detail, budget or StepBudget())
    told = (brief_of_map(reading),) if detail == "brief" else map.sections(reading)
    return _summary(reading, graph.header.title, told)


def summary_of(
    graph: ArgumentGraph, kind: Kind, node_id: str, detail: SummaryDetail = "normal", budget: StepBudget | None = None
) -> Summary:
    """What a view says of one actor, motive, source or statement.

    Raises `NotFound` where the view has no such node; nodes of other kinds have no summary.
    """
    number = graph.find(node_id)
    node = graph.at(number) if number is not None else None
    if node is None or node.kind != kind or kind not in SUBJECTS:
        there = f"; {node_id!r} is of kind {node.kind}" if node is not None else ""
        raise NotFound(f"this view of map {graph.map!r} has no {kind} {node_id!r}{there}", code="node_not_found")
    reading = Reading(graph, detail, budget or StepBudget())
    title, sections = _told(reading, node)
    return _summary(reading, title, sections)


def _summary(reading: Reading, title: str, sections: tuple[Section, ...]) -> Summary:
    graph = reading.graph
    words = sum(words_in(sentence.text) for section in sections for sentence in section.sentences)
    return Summary(graph.map, graph.revision, capital(bare(title)), reading.detail, words, sections)


def _told(reading: Reading, node: AnyNode) -> tuple[str, tuple[Section, ...]]:
    brief = (brief_of(reading, node.id),) if reading.detail == "brief" else None
    match node:
        case Actor():
            return actor.actor_title(node), brief or actor.actor_sections(reading, node)
        case Motive():
            return motive.motive_title(node), brief or motive.motive_sections(reading, node)
        case Source():
            return source.source_title(node), brief or source.source_sections(reading, node)
        case Statement():
            return statement.statement_title(reading, node), brief or statement.statement_sections(reading, node)
        case _:
            raise TypeError(f"a {node.kind} has no summary")
