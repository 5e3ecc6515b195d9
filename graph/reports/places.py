"""All places of a view at once: who is committed to each and where it stands, in arrays instead of node by node."""

from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import entries_of, kinds_of
from graph.snapshot.relations import NONE, Ints, Number
from schemas.vocabulary import Relation


class PlacesHeld(NamedTuple):
    """The places of some nodes, those of one behind those of another, each node's in the order of their ids."""

    places: Ints
    of: Ints
    """Beside each place the position of its node among those that were asked for."""
    widths: Ints
    """Of each node how many places it has."""


class Places:
    """What is asked of many places of one view; each column is worked out once, O(places) in arrays."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph

    def held(self, nodes: Iterable[Number]) -> PlacesHeld:
        """The places that assert some nodes; O(nodes + these) in arrays."""
        numbers = np.fromiter(nodes, dtype=np.int32)
        starts, values = self._rows
        widths = (starts[numbers + 1] - starts[numbers]).astype(np.int32)
        of = np.repeat(np.arange(len(numbers), dtype=np.int32), widths)
        before = np.cumsum(widths) - widths
        return PlacesHeld(values[starts[numbers][of] + np.arange(len(of)) - before[of]], of, widths)

    @cached_property
    def _rows(self) -> tuple[npt.NDArray[np.int64], Ints]:
        holders, named = entries_of(self._graph, "of")
        order = np.lexsort((self._ranks(holders), named))
        starts = np.zeros(self._graph.size + 1, dtype=np.int64)
        np.cumsum(np.bincount(named, minlength=self._graph.size), out=starts[1:])
        return starts, holders[order].astype(np.int32)

    def _ranks(self, holders: Ints) -> Ints:
        """Numbers that stand in the order of the ids; those of nodes that were added later do not by themselves."""
        if not self._graph.patch.numbers:
            return holders
        ids = [self._graph.id(n) for n in holders.tolist()]
        found = np.empty(len(ids), dtype=np.int32)
        found[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids))
        return found

    @cached_property
    def is_said(self) -> npt.NDArray[np.bool_]:
        """Of each number whether some place asserts it."""
        found = np.zeros(self._graph.size, dtype=np.bool_)
        found[entries_of(self._graph, "of")[1]] = True
        return found

    @cached_property
    def speaker(self) -> Ints:
        """Of each place the actor committed to it, if the view has that actor; else NONE."""
        return self._here(self._last("spoken_by"))

    @cached_property
    def origin(self) -> Ints:
        """Of each place the actor with whom it originates, as far as the view tells; else NONE."""
        traced = self._last("may_originate_with")
        return np.where(traced == NONE, self._last("spoken_by"), traced)

    @cached_property
    def other(self) -> Ints:
        """Of each place the actor who may be the speaker instead, else NONE."""
        return self._last("may_be_spoken_by")

    @cached_property
    def cited(self) -> Ints:
        """Of each place the source that it relies on, else NONE."""
        return self._last("cites")

    @cached_property
    def source(self) -> Ints:
        """Of each place the source that it is found in, if the view has it; else NONE."""
        return self._here(self._last("found_in"))

    def behind(self, places: Ints) -> list[Number]:
        """Places with their speakers and sources, each once, in the order in which they are met."""
        met = np.stack((places, self.speaker[places], self.source[places], self._here(self.cited)[places]), axis=1)
        every = met.ravel()
        every = every[every != NONE]
        _, first = np.unique(every, return_index=True)
        found: list[Number] = every[np.sort(first)].tolist()
        return found

    def _last(self, relation: Relation) -> Ints:
        """Of each number the last node that it names by a relation, else NONE."""
        holders, named = entries_of(self._graph, relation)
        found = np.full(self._graph.size, NONE, dtype=np.int32)
        is_last = np.ones(len(holders), dtype=np.bool_)
        is_last[:-1] = holders[1:] != holders[:-1]
        found[holders[is_last]] = named[is_last]
        return found

    def _here(self, named: Ints) -> Ints:
        """The same without what the view does not have."""
        return np.where((named != NONE) & self._alive[named], named, NONE).astype(np.int32)

    @cached_property
    def _alive(self) -> npt.NDArray[np.bool_]:
        found: npt.NDArray[np.bool_] = kinds_of(self._graph) != NONE
        return found
