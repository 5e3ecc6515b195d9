"""What can be taken out, and what falls with it: nodes, statements, or the actors and sources that carry them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Literal, Protocol

import numpy as np

from graph.evaluation.explanation.ancestors import Ancestors
from graph.evaluation.explanation.reasons import Item
from graph.evaluation.weights import passage_of, table_of, weight_without
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import ORIGIN_CODE
from graph.snapshot.columns import ARGUMENT, STATEMENT
from graph.snapshot.relations import Number

Over = Literal["nodes", "statements", "actors", "sources"]
Carriers = tuple[tuple[Item, ...], ...]
"""For each assertion of a node the items each of which takes that assertion out of the view."""


class RemovableItems(Protocol):
    """The items that can be taken out of what a verdict rests on, numbered in the order of their ids."""

    def id(self, item: Item) -> str:
        """The id of an item."""

    def all(self) -> Sequence[Item]:
        """Every item, in order."""

    def carriers(self, node: int) -> Carriers | None:
        """What a node is there by; None where nothing takes it out."""

    def weighed_by(self, node: int) -> tuple[Item, ...]:
        """The items without which the own ground of a statement may lose to what opposes it."""

    @property
    def weighing(self) -> frozenset[Item]:
        """The items without which some own ground may be lighter where that matters."""

    def fallen(self, gone: Collection[Item]) -> Sequence[int]:
        """The nodes that fall without some items."""

    def reweighed(self, gone: Collection[Item]) -> Mapping[int, float]:
        """What own grounds weigh that lose a part of what carries them, where that matters."""


class RemovableNodes:
    """The ancestors themselves: all that are not kept, or the statements among them."""

    def __init__(self, graph: ArgumentGraph, ancestors: Ancestors, kept: Collection[int], *, statements: bool) -> None:
        self._graph, self._arrays = graph, ancestors.arrays
        chosen = ancestors.arrays.kinds == STATEMENT if statements else ancestors.arrays.kinds >= 0
        self._is_item: list[bool] = chosen.tolist()
        for node in kept:
            self._is_item[node] = False

    def id(self, item: Item) -> str:
        """As `RemovableItems.id`."""
        return self._graph.id(self._arrays.number(item))

    def all(self) -> Sequence[Item]:
        """As `RemovableItems.all`."""
        return [node for node, is_item in enumerate(self._is_item) if is_item]

    def carriers(self, node: int) -> Carriers | None:
        """As `RemovableItems.carriers`: a node is carried by itself."""
        return ((node,),) if self._is_item[node] else None

    def weighed_by(self, node: int) -> tuple[Item, ...]:
        """As `RemovableItems.weighed_by`: none, a node goes or stays as a whole."""
        del node
        return ()

    @property
    def weighing(self) -> frozenset[Item]:
        """As `RemovableItems.weighing`."""
        return frozenset()

    def fallen(self, gone: Collection[Item]) -> Sequence[int]:
        """As `RemovableItems.fallen`."""
        return sorted(gone)

    def reweighed(self, gone: Collection[Item]) -> Mapping[int, float]:
        """As `RemovableItems.reweighed`."""
        del gone
        return {}


class Speakers:
    """The actors, or the sources, that the assertions of the ancestors rest on.

    A node falls when none of its assertions is left; one without assertions is the author's own and stays, and so does
    one with an assertion that names no actor, when actors are taken out. What an own ground weighs may fall before it.
    """

    def __init__(self, graph: ArgumentGraph, ancestors: Ancestors, over: Literal["actors", "sources"]) -> None:
        self._graph, self._ancestors, self._over = graph, ancestors, over
        self._numbers: list[Number] = ancestors.arrays.numbers.tolist()
        nodes = [self._held(number) for number in self._numbers]
        self._ids = sorted({item for carriers in nodes for carrier in carriers for item in carrier})
        place = {node_id: i for i, node_id in enumerate(self._ids)}
        self._of = [tuple(tuple(sorted({place[i] for i in carrier})) for carrier in carriers) for carriers in nodes]
        self._at: dict[Item, list[int]] = {}
        for node, carriers in enumerate(self._of):
            for item in {item for carrier in carriers for item in carrier}:
                self._at.setdefault(item, []).append(node)
        self._weighed = self._sensitive()
        self._weighing = frozenset(item for items in self._weighed.values() for item in items)

    def id(self, item: Item) -> str:
        """As `RemovableItems.id`."""
        return self._ids[item]

    def all(self) -> Sequence[Item]:
        """As `RemovableItems.all`."""
        return range(len(self._ids))

    def carriers(self, node: int) -> Carriers | None:
        """As `RemovableItems.carriers`."""
        found = self._of[node]
        return found if found and all(found) else None

    def weighed_by(self, node: int) -> tuple[Item, ...]:
        """As `RemovableItems.weighed_by`."""
        return self._weighed.get(node, ())

    @property
    def weighing(self) -> frozenset[Item]:
        """As `RemovableItems.weighing`."""
        return self._weighing

    def fallen(self, gone: Collection[Item]) -> Sequence[int]:
        """As `RemovableItems.fallen`."""
        out = set(gone)
        touched = {node for item in out for node in self._at.get(item, ())}
        return sorted(node for node in touched if all(not out.isdisjoint(carrier) for carrier in self._of[node]))

    def reweighed(self, gone: Collection[Item]) -> Mapping[int, float]:
        """As `RemovableItems.reweighed`."""
        out = self._weighing.intersection(gone)
        if not out:
            return {}
        names = [self._ids[item] for item in gone]
        return {
            node: weight_without(self._graph, self._numbers[node], names)
            for node, items in self._weighed.items()
            if not out.isdisjoint(items)
        }

    def _held(self, number: Number) -> list[list[str]]:
        """For each assertion the ids that it rests on."""
        graph = self._graph
        found = []
        for assertion in sorted(graph.referrers("of", number), key=graph.id):
            held: Sequence[Number] = graph.references("spoken_by", assertion)[-1:]
            if self._over == "sources":
                held = (*graph.references("found_in", assertion), *graph.references("cites", assertion))
            found.append([graph.id(n) for n in held])
        return found

    def _sensitive(self) -> dict[int, tuple[Item, ...]]:
        """Statements with several assertions that hold against an opponent by their weight, or by one of them alone."""
        arrays, weights = self._ancestors.arrays, self._ancestors.weights
        given = ~np.isnan(arrays.credence) | (arrays.kinds == ARGUMENT) | (arrays.origin == ORIGIN_CODE["constructed"])
        found = {}
        for node, carriers in enumerate(self._of):
            if len(carriers) < 2 or given[node]:
                continue
            against = [a for a in self._ancestors.incoming(node) if arrays.sign[a] < 0]
            if any(weights[a] <= weights[node] for a in against) or self._may_weigh_nothing(node):
                found[node] = tuple(sorted({item for carrier in carriers for item in carrier}))
        return found

    def _may_weigh_nothing(self, node: int) -> bool:
        """Whether a statement has passages that weigh nothing, so that those that do may go before it falls."""
        graph, table = self._graph, table_of(self._graph)
        places = graph.referrers("of", self._numbers[node])
        return any(passage_of(graph, place).weight(table) == 0.0 for place in places)


def removable_items(
    graph: ArgumentGraph, ancestors: Ancestors, over: Over, kept: Collection[int] = ()
) -> RemovableItems:
    """The items to take out; `kept` are ancestors that are not to be taken out themselves."""
    if over in ("actors", "sources"):
        return Speakers(graph, ancestors, over)
    return RemovableNodes(graph, ancestors, kept, statements=over == "statements")
