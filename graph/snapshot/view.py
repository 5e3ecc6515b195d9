"""A view: a snapshot narrowed by filters, as the domain's section on views decides what stays."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import entries_of, facts_of, flags, kinds_of, part_of
from graph.snapshot.columns import ARGUMENT, MOTIVE, STATEMENT
from graph.snapshot.relations import BASIS_CODE, KIND_CODE, NONE, REFERENCES, Ints
from schemas.query import ViewQuery
from schemas.vocabulary import CONFIDENCE_RANK, Relation

_ASSERTION, _ACTOR, _SOURCE = KIND_CODE["assertion"], KIND_CODE["actor"], KIND_CODE["source"]
_NAMING: tuple[Relation, ...] = tuple(
    dict.fromkeys(one.relation for one in REFERENCES if one.holder in ("assertion", "motive"))
)
"""The relations by which an assertion or a motive keeps an actor or a source in a view."""
Mask = npt.NDArray[np.bool_]


class Views(NamedTuple):
    """A snapshot as a question sees it, and the same without its filters."""

    view: ArgumentGraph
    whole: ArgumentGraph


class Hypothetical(NamedTuple):
    """The two sides of a hypothetical question."""

    before: Views
    after: Views
    orphaned: tuple[str, ...]
    """Statements that the edits leave without an assertion."""


def narrow(graph: ArgumentGraph, query: ViewQuery) -> ArgumentGraph:
    """The snapshot that passes every filter of the query; O(nodes + links), the graph itself without filters.

    Where arguments undercut one another in a long row, O(log row) passes over those on top of it.
    """
    return part_of(graph, np.flatnonzero(_ViewFilter(graph, query).kept())) if query.narrows else graph


class _ViewFilter:
    """Decides step by step what stays, each step a mask over the numbers of nodes."""

    def __init__(self, graph: ArgumentGraph, query: ViewQuery) -> None:
        self.graph = graph
        self.query = query
        self.kinds = kinds_of(graph)
        self.facts = facts_of(graph)
        self.out = self._named(query.without)

    def kept(self) -> Mask:
        """What stays."""
        said = self._assertions()
        subjects = entries_of(self.graph, "of")
        still_said = self._still_said(subjects, said)
        points = self._statements(still_said) | self._motives()
        subject_stays = points | self._arguments(points, still_said)
        assertions, of = subjects
        carried = np.zeros_like(said)
        carried[assertions] = said[assertions] & subject_stays[of]
        kept: Mask = subject_stays | carried | self._speakers(carried | (points & (self.kinds == MOTIVE)))
        return kept

    def _named(self, ids: Iterable[str]) -> Mask:
        return flags(self.graph, [n for n in map(self.graph.find, ids) if n is not None])

    def _assertions(self) -> Mask:
        """Assertions that pass by themselves; one falls with what it asserts all the same."""
        query = self.query
        passes: Mask = (self.kinds == _ASSERTION) & ~self.out
        places = [entries_of(self.graph, "found_in"), entries_of(self.graph, "cites")]
        speaker = self._speaker()
        if query.sources:
            wanted = self._named(query.sources)
            inside = np.zeros_like(passes)
            for assertions, sources in places:
                inside[assertions[wanted[sources]]] = True
            passes &= inside
        if query.actors:
            passes &= (speaker == NONE) | self._named(query.actors)[speaker]
        if query.basis == "explicit":
            passes &= self.facts.basis != BASIS_CODE["inferred"]
        for assertions, sources in places:
            passes[assertions[self.out[sources]]] = False
        passes &= (speaker == NONE) | ~self.out[speaker]
        return passes

    def _speaker(self) -> Ints:
        """Who is committed to each assertion: the last of its chain, NONE for nobody."""
        assertions, actors = entries_of(self.graph, "spoken_by")
        found = np.full(len(self.kinds), NONE, dtype=np.int32)
        last = np.append(assertions[1:] != assertions[:-1], True)[: len(assertions)]  # one chain behind another
        found[assertions[last]] = actors[last]
        return found

    def _still_said(self, subjects: tuple[Ints, Ints], said: Mask) -> Mask:
        """What has an assertion that stays, or none in the map."""
        assertions, of = subjects
        found = np.ones_like(said)
        found[of] = False
        found[of[said[assertions]]] = True
        return found

    def _statements(self, still_said: Mask) -> Mask:
        stay: Mask = (self.kinds == STATEMENT) & ~self.out & still_said
        if self.query.motives:
            statements, motives = entries_of(self.graph, "concerns")
            concerned = self.facts.constructed.copy()
            concerned[statements[self._named(self.query.motives)[motives]]] = True
            stay &= concerned
        return stay

    def _motives(self) -> Mask:
        stay: Mask = (self.kinds == MOTIVE) & ~self.out
        if self.query.motives:
            stay &= self._named(self.query.motives)
        return stay

    def _arguments(self, points: Mask, still_said: Mask) -> Mask:
        least = CONFIDENCE_RANK[self.query.min_confidence]
        stay: Mask = (self.kinds == ARGUMENT) & ~self.out & still_said & (self.facts.confidence >= least)
        arguments, premises = entries_of(self.graph, "premise_of")
        stay[arguments[~points[premises]]] = False
        arguments, targets = entries_of(self.graph, "targets")
        attacks = self.kinds[targets] == ARGUMENT
        stay[arguments[~attacks & ~points[targets]]] = False
        self._fell(stay, arguments[attacks], targets[attacks])
        return stay

    def _fell(self, stay: Mask, undercuts: Ints, targets: Ints) -> None:
        """Take out the undercuts of arguments that fall, those that undercut them, and so on along each row.

        Every undercut has one target, so the rows are followed by pointer doubling (Hillis and Steele 1986): after
        each pass one knows of twice as many steps whether something on them falls. A ring of undercuts stays where
        all of it does.
        """
        following = np.arange(len(stay), dtype=np.int32)
        following[undercuts] = targets
        ahead = following[undercuts]
        falls = ~stay
        for _ in range(len(undercuts).bit_length()):
            falls[undercuts] |= falls[ahead]
            further = following[ahead]
            if np.array_equal(further, ahead):
                break
            following[undercuts] = ahead = further
        stay[undercuts] &= ~falls[undercuts]

    def _speakers(self, holders: Mask) -> Mask:
        """Actors and sources that a remaining assertion or motive names."""
        found: Mask = np.zeros_like(holders)
        for relation in _NAMING:
            naming, named = entries_of(self.graph, relation)
            found[named[holders[naming]]] = True
        found &= ((self.kinds == _ACTOR) | (self.kinds == _SOURCE)) & ~self.out
        return found
