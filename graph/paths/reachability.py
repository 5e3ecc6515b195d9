"""What can be reached from a node: its neighbours over links, and its grounds and consequences along the reasoning.

An edge of reasoning leads from a premise of an argument, or from the argument itself, to its target; and from a premise
to the argument, which ends the walk there. So x is a ground of y exactly where y is a consequence of x, at the same
distance and with the same polarities, and a node on a cycle is its own ground.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat, zip_longest
from operator import itemgetter
from typing import Literal, NewType

from graph.budgets import EDGES_A_STEP, WHOLE_MAP, Allowance, OutOfSteps, StepBudget, page_of, question_of
from graph.paths.endpoints import codes_of
from graph.snapshot.argument_graph import ArgumentGraph, numbers_of
from graph.snapshot.relations import KIND_CODE, NONE, REFERENCES, REFERENCES_OF, Number, Reference
from schemas.bearing import Bearing, BearingAnswer
from schemas.query import ReachabilityQuery, ViewQuery
from schemas.vocabulary import KINDS, Kind, Relation, Stance

Direction = Literal["in", "out", "any"]
_POLARITIES: dict[int, tuple[Stance, ...]] = {1: ("supporting",), 2: ("opposing",), 3: ("supporting", "opposing")}
"""By the set of parities as bits."""
Walk = NewType("Walk", int)
"""Twice the number of a node, and one more where the walk between has an odd number of opposing steps: a numbering of
the graph doubled by parity, on which one search answers for both polarities."""


class Neighbours:
    """The nodes of some kinds and the links among them, of some relations or of all, asked node by node."""

    def __init__(
        self, graph: ArgumentGraph, kinds: frozenset[int], relations: frozenset[Relation] = frozenset()
    ) -> None:
        self.graph = graph
        self.kinds = kinds
        self.relations = relations
        """Empty for all of them."""
        self._stating: dict[Kind, tuple[Reference, ...]] = {}
        self._stated: dict[Kind, tuple[tuple[Relation, bool, bool], ...]] = {}
        self._times: dict[tuple[Relation, Number], Counter[Number]] = {}

    def has(self, number: Number) -> bool:
        """Whether there is a node of the kinds asked for."""
        return self.graph.alive(number) and self.graph.kind(number) in self.kinds

    def near(self, number: Number, direction: Direction = "any") -> set[Number]:
        """The nodes that links lead to from here, that links lead here from, or both."""
        links = self.links(number)
        return {end for _, end, is_outward in links if direction == "any" or is_outward == (direction == "out")}

    def links(self, number: Number) -> Iterator[tuple[Relation, Number, bool]]:
        """The links between a node and others of the kinds asked for: by what, with which, and whether it leads there.

        First those that the node's own fields state, then those that others state; O(these).
        """
        graph = self.graph
        kind = KINDS[graph.kind(number)]
        for reference in self._stating_of(kind):
            for other in filter(self.has, graph.references(reference.relation, number)):
                yield reference.relation, other, not reference.inward
        for relation, is_outward, many in self._stated_of(kind):
            for holder in filter(self.has, graph.referrers(relation, number)):
                times = self._times_of(relation, holder)[number] if many else 1
                yield from repeat((relation, holder, is_outward), times)

    def _stating_of(self, kind: Kind) -> tuple[Reference, ...]:
        """The fields by which a node of a kind can name nodes of the kinds asked for."""
        found = self._stating.get(kind)
        if found is None:
            stating = (one for one in REFERENCES_OF[kind] if any(KIND_CODE[named] in self.kinds for named in one.names))
            found = self._stating[kind] = tuple(one for one in stating if self._asks_for(one.relation))
        return found

    def _stated_of(self, kind: Kind) -> tuple[tuple[Relation, bool, bool], ...]:
        """The relations by which nodes of the kinds asked for can name one of a kind: with their direction from there,
        and whether one holder may name one node several times.
        """
        found = self._stated.get(kind)
        if found is None:
            stating = (one for one in REFERENCES if kind in one.names and KIND_CODE[one.holder] in self.kinds)
            each = ((one.relation, one.inward, one.many and not one.distinct) for one in stating)
            found = self._stated[kind] = tuple(dict.fromkeys(one for one in each if self._asks_for(one[0])))
        return found

    def _asks_for(self, relation: Relation) -> bool:
        return not self.relations or relation in self.relations

    def _times_of(self, relation: Relation, holder: Number) -> Counter[Number]:
        """How often a holder names each node; counted once, however many of them ask."""
        found = self._times.get((relation, holder))
        if found is None:
            found = self._times[relation, holder] = Counter(self.graph.references(relation, holder))
        return found

    def focus(self, ids: Iterable[str]) -> list[Number]:
        """Where to look from: the nodes themselves where they are of the kinds asked for, else what they stand for."""
        numbers = [number for node_id in ids if (number := self.graph.find(node_id)) is not None]
        others = [self.graph.id(number) for number in numbers if not self.has(number)]
        return [*filter(self.has, numbers), *numbers_of(self.graph, others)]

    def around(
        self,
        focus: Iterable[Number],
        depth: int | None,
        most: int,
        direction: Direction = "any",
        allowance: Allowance | None = None,
    ) -> tuple[set[Number], bool]:
        """The focus and what is within some links of it, breadth first and by id among equals, up to so many nodes;
        and whether that, or the allowance, left any out. O(links at the nodes given).

        Where not all of one distance have room, each argument comes with its premises and target, as far as they lie
        within the distance: an argument alone says nothing.
        """
        rim = set(filter(self.has, focus))
        shown: set[Number] = set()
        last: set[Number] = set()
        allowance = allowance or Allowance(WHOLE_MAP)
        while rim:
            room = most - len(shown)
            if len(rim) > room:
                further_allowed = depth is None or depth > 0
                return self._filled(shown - last, last, rim, most, beyond=further_allowed), True
            shown |= rim
            last = rim
            if depth == 0:
                break
            depth = None if depth is None else depth - 1
            further: set[Number] = set()
            try:
                for number in rim:
                    near = self.near(number, direction)
                    allowance.spend(1 + len(near) // EDGES_A_STEP)
                    further |= near
            except OutOfSteps:
                return shown, True
            rim = further - shown
        return shown, False

    def _filled(
        self, shown: set[Number], last: set[Number], rim: set[Number], most: int, *, beyond: bool
    ) -> set[Number]:
        """What is shown with as much of the last two distances as has room: arguments with what they are between.

        `beyond` says whether what lies one link further may come along.
        """
        argument = KIND_CODE["argument"]
        found = shown | {number for number in last if self.graph.kind(number) != argument}
        waiting = [*self._in_turn(last), *self._in_turn(rim)]
        near = shown | last | rim
        for number in waiting:
            if self.graph.kind(number) == argument:
                ends = {end for end in self._ends(number) if beyond or end in near}
                if len(found) + len((ends | {number}) - found) <= most:
                    found |= ends | {number}
        for number in waiting:
            if len(found) >= most:
                break
            found.add(number)
        return found

    def _in_turn(self, numbers: set[Number]) -> Iterator[Number]:
        """Nodes by id, of the arguments those for and those against in turn: neither side is cut before the other."""
        ordered = sorted(numbers, key=self.graph.id)
        sides = ([n for n in ordered if self.graph.sign(n) == sign] for sign in (1, -1))
        yield from (n for pair in zip_longest(*sides) for n in pair if n is not None)
        yield from (n for n in ordered if self.graph.sign(n) == 0)

    def _ends(self, argument: Number) -> Iterator[Number]:
        """The premises and the target of an argument, of the kinds asked for."""
        return filter(self.has, (*self.graph.premises(argument), self.graph.target(argument)))


# --- along the direction of reasoning --------------------------------------------------------------


def grounds(
    graph: ArgumentGraph,
    node_id: str,
    query: ReachabilityQuery,
    budget: StepBudget = WHOLE_MAP,
    *,
    view: ViewQuery | None = None,
) -> BearingAnswer:
    """Everything that supports or opposes a node, or what it stands for, directly or through others; a page of it.

    O(links behind it). `view` is what narrowed the snapshot: a cursor belongs to it. Raises `NotFound`, and `Refused`
    for an unknown kind or a cursor of another question.
    """
    graph.number(node_id)
    search = _Search(graph, Allowance(budget))
    ends = [Walk(2 * end) for end in numbers_of(graph, (node_id,))]
    first = chain(*map(search.back_into, ends), *map(search.back, ends))
    search.run(first, search.back)
    return search.answer(query, question_of(graph.map, view, query, "grounds", node_id))


def consequences(
    graph: ArgumentGraph,
    node_id: str,
    query: ReachabilityQuery,
    budget: StepBudget = WHOLE_MAP,
    *,
    view: ViewQuery | None = None,
) -> BearingAnswer:
    """Everything that a node, or what it stands for, is used for, directly or through others; a page of it.

    O(links ahead of it). The rest is as for `grounds`.
    """
    graph.number(node_id)
    search = _Search(graph, Allowance(budget))
    starts = [Walk(2 * start) for start in numbers_of(graph, (node_id,))]
    search.run(chain.from_iterable(map(search.on, starts)), search.on)
    search.add_users(starts)
    return search.answer(query, question_of(graph.map, view, query, "consequences", node_id))


class _Search:
    """Breadth first over walks, from what one step reaches."""

    def __init__(self, graph: ArgumentGraph, allowance: Allowance) -> None:
        self._graph = graph
        self._allowance = allowance
        self._reached: dict[Walk, int] = {}
        """Arguments on the shortest walk."""
        self._users: dict[Walk, int] = {}
        """The same of the arguments that walks end in by a premise."""
        self._is_whole = True

    def run(self, first: Iterable[Walk], edges: Callable[[Walk], list[Walk]]) -> None:
        """Go on until nothing new is reached, or no steps are left; then all up to some distance is reached."""
        rim = list(dict.fromkeys(first))
        distance, reached, spend = 0, self._reached, self._allowance.spend
        try:
            while rim:
                distance += 1
                reached.update(dict.fromkeys(rim, distance))
                new: dict[Walk, None] = {}
                for walk in rim:
                    further = edges(walk)
                    spend(1 + len(further) // EDGES_A_STEP)
                    new.update((other, None) for other in further if other not in reached)
                rim = list(new)
        except OutOfSteps:
            self._is_whole = False

    def back(self, walk: Walk) -> list[Walk]:
        """The arguments that end at a node, and their premises."""
        graph, found = self._graph, []
        for argument in graph.incoming(Number(walk >> 1)):
            parity = (walk ^ (graph.sign(argument) < 0)) & 1
            found.append(Walk(argument << 1 | parity))
            found += [Walk(premise << 1 | parity) for premise in graph.premises(argument)]
        return found

    def back_into(self, end: Walk) -> list[Walk]:
        """The premises of an argument, by which a walk may end in it."""
        return [Walk(2 * premise) for premise in self._graph.premises(Number(end >> 1))]

    def on(self, walk: Walk) -> list[Walk]:
        """The targets of the arguments that start from a node, or of the node where it is an argument itself."""
        graph, number, parity = self._graph, Number(walk >> 1), walk & 1
        through = graph.outgoing(number) if graph.target(number) == NONE else (number,)
        return [Walk(graph.target(a) << 1 | parity ^ (graph.sign(a) < 0)) for a in through]

    def add_users(self, starts: Iterable[Walk]) -> None:
        """Add the arguments that walks end in by a premise, nearest first."""
        graph, users = self._graph, self._users
        here = dict.fromkeys(starts, 0)
        try:
            for walk, distance in chain(here.items(), self._reached.items()):
                through = graph.outgoing(Number(walk >> 1))
                self._allowance.spend(1 + len(through) // EDGES_A_STEP)
                for argument in through:
                    users.setdefault(Walk(argument << 1 | walk & 1), distance + 1)
        except OutOfSteps:
            self._is_whole = False

    def answer(self, query: ReachabilityQuery, question: str) -> BearingAnswer:
        """The page that the query asks for; O(reached, times its logarithm)."""
        graph, codes = self._graph, codes_of(query.kinds)
        distance: dict[Number, int] = {}
        parities: defaultdict[Number, int] = defaultdict(int)
        for walk, steps in chain(self._reached.items(), self._users.items()):
            number = Number(walk >> 1)
            distance[number] = min(steps, distance.get(number, steps))
            parities[number] |= 1 << (walk & 1)
        placed = sorted((steps, graph.id(n), n) for n, steps in distance.items() if graph.kind(n) in codes)
        page = page_of(
            placed, itemgetter(0, 1), tuple[int, str], question=question, limit=query.limit, cursor=query.cursor
        )
        items = [
            Bearing(node_id, KINDS[graph.kind(n)], steps, _POLARITIES[parities[n]]) for steps, node_id, n in page.items
        ]
        return BearingAnswer(
            graph.map,
            graph.revision,
            self._is_whole,
            None if self._is_whole else "budget",
            tuple(items),
            page.total,
            page.next,
        )
