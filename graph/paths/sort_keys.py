"""Places: what stands for nodes inside a search, so that comparing places is comparing ids."""

from bisect import bisect_left
from collections.abc import Iterable
from fractions import Fraction
from threading import Lock
from typing import cast

from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import Columns

Place = int | float | Fraction
"""A node of the columns has its number; a newer one a place between the numbers of its neighbours by id."""

_KEY = "places"


class Register:
    """Gives ids that the columns do not have a place among those that they do; shared by all derived snapshots.

    Numbers of new nodes follow the time they were made, not their ids, so they cannot order anything.
    O(log nodes) for a new id, once.
    """

    def __init__(self, columns: Columns) -> None:
        self._columns = columns
        self._ids: list[str] = []
        self._place: dict[str, Place] = {}
        self._id: dict[Place, str] = {}
        self._lock = Lock()

    def place(self, node_id: str) -> Place:
        """The place of an id that the columns do not have."""
        found = self._place.get(node_id)
        return self._add(node_id) if found is None else found

    def id(self, place: Place) -> str:
        """The id that was given this place."""
        return self._id[place]

    def _add(self, node_id: str) -> Place:
        with self._lock:
            if node_id not in self._place:
                at = bisect_left(self._ids, node_id)
                gap = bisect_left(self._columns.ids, node_id)
                below = max(gap - 1, self._place[self._ids[at - 1]] if at else -1)
                above = min(gap, self._place[self._ids[at]] if at < len(self._ids) else gap)
                place = _between(below, above)
                self._ids.insert(at, node_id)
                self._id[place] = node_id
                self._place[node_id] = place
            return self._place[node_id]


def _between(below: Place, above: Place) -> Place:
    """A place strictly between two; exact where floats have run out after some fifty halvings."""
    if not isinstance(below, Fraction) and not isinstance(above, Fraction):
        middle = (below + above) / 2
        if below < middle < above:
            return middle
    return (Fraction(below) + Fraction(above)) / 2


class Places:
    """Places of one snapshot's nodes, both ways."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._size = len(graph.columns)
        self._register = _register(graph.columns)

    def place(self, number: int) -> Place:
        """The place of a number."""
        return number if number < self._size else self._register.place(self._graph.id(number))

    def number(self, place: Place) -> int:
        """The number at a place."""
        return place if isinstance(place, int) else self._graph.patch.numbers[self._register.id(place)]

    def ids(self, places: Iterable[Place]) -> tuple[str, ...]:
        """The ids at places."""
        if self._graph.patch.numbers:
            return tuple(map(self.id, places))
        return tuple(map(self._graph.columns.ids.__getitem__, cast(Iterable[int], places)))

    def id(self, place: Place) -> str:
        """The id at a place."""
        return self._graph.columns.ids[place] if isinstance(place, int) else self._register.id(place)


def _register(columns: Columns) -> Register:
    found = columns.memo.get(_KEY)
    if not isinstance(found, Register):
        found = columns.memo[_KEY] = Register(columns)
    return found
