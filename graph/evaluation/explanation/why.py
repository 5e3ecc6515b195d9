"""Explains a verdict: both sides, the arguments that decide it, the smallest removal that changes it, the weight."""

from collections.abc import Callable, Collection, Container, Iterator, Mapping, Sequence

import numpy as np
from pysat.formula import WCNF
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.evaluation.asked import asked
from graph.evaluation.explanation.ancestors import Ancestors
from graph.evaluation.explanation.budget import EXPLAINING
from graph.evaluation.explanation.minimal_sets import BoundedRC2, Smallest, smallest_changes
from graph.evaluation.explanation.reasons import Reasons
from graph.evaluation.explanation.removable import removable_items
from graph.evaluation.explanation.verdict_change import VerdictChange
from graph.evaluation.labelling.labelling import VERDICTS, Labelled, causes, labels, standings
from graph.evaluation.strength.incremental import incremental_strengths
from graph.evaluation.weights import (
    BOTH,
    Originator,
    is_by_assertions,
    of_both,
    originators_of,
    passage_of,
    table_of,
    weight_of,
)
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.arrays import Compact
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.relations import Number
from schemas.evaluation_query import WhyQuery
from schemas.node import Argument, Assertion, Source, Statement, label
from schemas.why import Contender, Flip, WeightAccount, WeightPart, WhyAnswer

_DIGITS = 12
_BASIS_OWN = 1
Ranked = Callable[[Sequence[int]], Sequence[int]]
"""Puts arguments in order, the best supported first."""


def why(graph: ArgumentGraph, query: WhyQuery, budget: StepBudget = EXPLAINING) -> WhyAnswer:
    """Why a node has its verdict and strength; bounded by steps. Raises `Refused` for an unknown id."""
    number = asked(graph, query.id, "/id")
    labelled = labels(graph)
    compact = labelled.arrays.compact(graph.size)
    at = Compact(int(compact[number]))
    label = int(labelled.labels[at])
    ancestors = Ancestors(labelled.arrays, labelled.weights, at, Allowance(budget))
    kept = {int(compact[n]) for n in _holding(graph, number)} | {at}
    items = removable_items(graph, ancestors, "nodes", {i for i, n in enumerate(ancestors.compact) if n in kept})
    change = VerdictChange(ancestors, items, lambda other: other != label)
    chosen, proven = _deciding(graph, change)
    ancestors.allowance.renew(budget)
    found = smallest_changes(change, ancestors.allowance)
    complete = proven and not found.is_cut_off
    strength = incremental_strengths(graph).of(number)
    ancestors.allowance = Allowance(StepBudget(2 * ancestors.cost))  # what was found is looked at once more
    sides = _Sides(graph, labelled, number)
    return WhyAnswer(
        graph.map, graph.revision, query.id, BOTH, "weighed", of_both(graph), VERDICTS[label],
        causes(labelled, labelled.labels)[at], standings(labelled, labelled.labels)[at],
        round(strength or 0.0, _DIGITS), weight_account(graph, number),
        tuple(sorted(_id(graph, ancestors, i) for i in chosen)), sides.favour(), sides.against(),
        _flip(change, found), complete, None if complete else "budget",
    )  # fmt: skip


def _id(graph: ArgumentGraph, ancestors: Ancestors, i: int) -> str:
    return graph.id(ancestors.arrays.number(i))


def _deciding(graph: ArgumentGraph, change: VerdictChange) -> tuple[list[int], bool]:
    ancestors = change.ancestors
    arrays, weights = ancestors.arrays, ancestors.weights

    support = _Support(graph)

    def ranked(arguments: Sequence[int]) -> list[int]:
        return sorted(arguments, key=lambda i: support.key(arrays.number(i), float(weights[i])))

    try:
        return deciding(ancestors, change.reasons(()), ranked)
    except OutOfSteps:
        return [], False


def _flip(change: VerdictChange, found: Smallest) -> Flip | None:
    if not found.sets:
        return None
    [items, *_] = found.sets
    to = change.label(items) or 0
    remove = tuple(change.items.id(i) for i in items)
    return Flip(remove, VERDICTS[to], found.is_smallest, min(found.at_least, len(items)))


def _holding(graph: ArgumentGraph, number: Number) -> set[Number]:
    """What an argument falls out of the view with: its target, and where that is an argument, all that this needs.

    Its own premises are not among them: without one of these it is said to be rejected.
    """
    found: set[Number] = set()
    at = number
    while graph.kind(at) == ARGUMENT and (at := graph.target(at)) not in found:
        found.add(at)
        if graph.kind(at) == ARGUMENT:
            found.update(graph.premises(at))
    return found.difference(graph.premises(number)) if found else found


class _Sides:
    """What speaks for a node and against it, the heaviest first."""

    def __init__(self, graph: ArgumentGraph, labelled: Labelled, number: Number) -> None:
        self._graph, self._number = graph, number
        self._place = labelled.arrays.compact(graph.size)
        self._labels, self._weights = labelled.labels, labelled.weights
        self._own = self._own_label(labelled)

    def favour(self) -> tuple[Contender, ...]:
        """The own ground of a statement and what supports it; of an argument its backing."""
        return self._ordered(self._own_ground(self._number), self._steps(self._number, 1))

    def against(self) -> tuple[Contender, ...]:
        """What opposes a node; of an argument also what stands on the other side at its target."""
        graph, number = self._graph, self._number
        found = [*self._steps(number, -1)]
        own: Iterator[Contender] = iter(())
        target = graph.target(number) if graph.kind(number) == ARGUMENT else number
        if target != number and graph.kind(target) != ARGUMENT:
            found += self._steps(target, -graph.sign(number))
            if graph.sign(number) < 0:
                own = self._own_ground(target)
        return self._ordered(own, iter(found))

    def _ordered(self, own: Iterator[Contender], steps: Iterator[Contender]) -> tuple[Contender, ...]:
        return tuple(sorted((*own, *steps), key=lambda one: (-one.weight, one.id)))

    def _steps(self, number: Number, sign: int) -> Iterator[Contender]:
        graph = self._graph
        for argument in graph.incoming(number):
            if graph.sign(argument) == sign and argument != self._number:
                at = int(self._place[argument])
                premises = tuple(sorted(graph.id(p) for p in graph.premises(argument)))
                label = VERDICTS[int(self._labels[at])]
                yield Contender(graph.id(argument), float(self._weights[at]), label, premises)

    def _own_ground(self, number: Number) -> Iterator[Contender]:
        weight = float(self._weights[int(self._place[number])])
        if self._graph.kind(number) != ARGUMENT and weight > 0.0:
            yield Contender(self._graph.id(number), weight, VERDICTS[self._own.get(number, 0)])

    def _own_label(self, labelled: Labelled) -> dict[Number, int]:
        graph, found = self._graph, {}
        ends: Collection[Number] = {self._number, graph.target(self._number)} - {-1}
        for number in ends:
            at = int(self._place[number])
            if graph.kind(number) != ARGUMENT:
                gate = labelled.gates.own.get(at, at)
                found[number] = int(labelled.every[gate])
        return found


# --- what decides ----------------------------------------------------------------------------------


class _Support:
    """How well arguments are supported; what is behind a premise is looked up once, however many argue from it."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph, self._witnesses = graph, originators_of(graph)
        self._behind: dict[Number, tuple[int, int]] = {}

    def key(self, argument: Number, weight: float) -> tuple[int, float, int, int, str]:
        """Puts the best supported first: explicit, then own, then inferred; heavier; named; more witnesses."""
        graph = self._graph
        said = graph.referrers("of", argument)
        basis = _BASIS_OWN if not said else 0 if any(map(graph.is_explicit, said)) else 2
        behind = [self._of(premise) for premise in graph.premises(argument)]
        named, shown = sum(one for one, _ in behind), sum(many for _, many in behind)
        return basis, -weight, -named, -shown, graph.id(argument)

    def _of(self, premise: Number) -> tuple[int, int]:
        """Whether somebody named says a premise, and how many witnesses are shown to be independent."""
        found = self._behind.get(premise)
        if found is None:
            places = sorted(self._graph.referrers("of", premise), key=self._graph.id)
            every = self._witnesses.behind(places) if places else []
            found = int(any(one.is_traced for one in every)), len(self._witnesses.independent(every))
            self._behind[premise] = found
        return found


def deciding(ancestors: Ancestors, reasons: Reasons | None, ranked: Ranked) -> tuple[list[int], bool]:
    """A smallest set of accepted arguments from which the target's label follows, and whether that is proven.

    A set decides where a derivation of the label, all of which `reasons` has, uses no other accepted argument; of
    several it is the one whose arguments `ranked` puts first. Derivations are worked out from the parts upwards (Knuth
    1977), and where parts share arguments, by MaxSAT. Of an undecided target, which has no reasons, the arguments of
    the shortest way back into the nearest cycle that nothing decides, and round it.
    """
    if reasons is None:
        labels, _ = ancestors.standing
        return [gate for gate in _way_into_a_cycle(ancestors, labels) if _is_argument(ancestors, gate)], True
    items = [item for reason in reasons.used if (item := reasons.items[reason]) is not None]
    used = [item for item in items if ancestors.is_argument[item]]
    price = _prices(ranked(used) if reasons.has_choice else used)
    found = _Derivation(reasons, price)
    if found.is_exact:
        return found.items(), True
    try:
        return _smallest(ancestors, reasons, price), True
    except OutOfSteps:
        return found.items(), False


def _is_argument(ancestors: Ancestors, gate: int) -> bool:
    return gate < len(ancestors) and ancestors.is_argument[gate]


def _prices(ranked: Sequence[int]) -> dict[int, int]:
    """One more argument costs more than the ranks of all."""
    one = 1 + len(ranked) * (len(ranked) - 1) // 2
    return {argument: one + rank for rank, argument in enumerate(ranked)}


class _Derivation:
    """A cheapest derivation of reason 0, each part of it counted as often as it is used."""

    def __init__(self, reasons: Reasons, price: Mapping[int, int]) -> None:
        self._reasons, self._price = reasons, price
        self._cost = [0] * len(reasons.parts)
        for reason in reasons.order:
            item, parts = reasons.items[reason], reasons.early(reason)
            if reasons.rests_on_all[reason]:
                own = 0 if item is None else price.get(item, 0)
                self._cost[reason] = own + sum([self._cost[p] for p in parts])
            else:
                self._cost[reason] = min([self._cost[p] for p in parts])

    def items(self) -> list[int]:
        """The arguments used."""
        reasons, found, seen, todo = self._reasons, set[int](), {self._reasons.root}, [self._reasons.root]
        for reason in todo:  # grows while it is read
            item = reasons.items[reason]
            if item is not None and item in self._price:
                found.add(item)
            parts: Sequence[int] = reasons.early(reason)
            if not reasons.rests_on_all[reason]:
                parts = [min(parts, key=self._cost.__getitem__)]
            for part in parts:
                if part not in seen:
                    seen.add(part)
                    todo.append(part)
        return sorted(found)

    @property
    def is_exact(self) -> bool:
        """Whether no derivation can be cheaper: with one argument, or where no reason is a part of two others."""
        return self._reasons.is_tree or not self.items() or (len(self.items()) == 1 and not self._reasons.later)


def _smallest(ancestors: Ancestors, reasons: Reasons, price: Mapping[int, int]) -> list[int]:
    """The cheapest set that decides: what MaxSAT finds may go round in a cycle, and is then tried and ruled out."""
    formula = WCNF()
    variables: dict[int, int] = {}
    for number in reasons.used:
        own, item, parts = number + 1, reasons.items[number], [part + 1 for part in reasons.parts[number]]
        if item is not None and item in price:
            variables[item] = own
            formula.append([-own], weight=price[item])
        if not reasons.rests_on_all[number]:
            formula.append([-own, *parts])
            continue
        for part in parts:
            formula.append([-own, part])
    formula.append([reasons.root + 1])
    with BoundedRC2(formula, variables, ancestors.allowance) as solver:
        while (items := solver.smallest()) is not None and reasons.later:
            assumed = ancestors.assumed(items)
            if assumed.labels[ancestors.target]:
                break
            missing = [one for one in sorted(price) if not assumed.lift(one, ancestors.target, ancestors.allowance)]
            solver.learn(missing, ())
    return list(items or sorted(price))


def _way_into_a_cycle(ancestors: Ancestors, labels: Sequence[int]) -> list[int]:
    """The shortest way back from the target through undecided gates into the nearest cycle, and once round it."""
    start = int(ancestors.target)
    before = _walked(ancestors, labels, start)
    places = {gate: at for at, gate in enumerate(before)}
    links = [
        (places[gate], places[code >> 1]) for gate in before for code in ancestors.inputs[gate] if not labels[code >> 1]
    ]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    matrix = csr_array((np.ones(len(links)), (rows, columns)), shape=(len(before), len(before)))
    _, component = connected_components(matrix, connection="strong")
    sizes = np.bincount(component)
    loops = {row for row, column in links if row == column}
    for gate, at in places.items():  # nearest first
        if sizes[component[at]] > 1 or at in loops:
            members = {one for one, place in places.items() if component[place] == component[at]}
            around = _walked(ancestors, labels, gate, members)
            last = next(one for one in around if gate in (code >> 1 for code in ancestors.inputs[one]))
            return list(dict.fromkeys([*_back(before, gate), *_back(around, last)]))
    return []


def _walked(
    ancestors: Ancestors, labels: Sequence[int], start: int, among: Container[int] | None = None
) -> dict[int, int | None]:
    """The undecided gates that one rests on, nearest first, each with the one before it on the way."""
    before: dict[int, int | None] = {start: None}
    todo = [start]
    for gate in todo:  # grows while it is read
        ancestors.allowance.spend(1)
        for code in ancestors.inputs[gate]:
            part = code >> 1
            if not labels[part] and part not in before and (among is None or part in among):
                before[part] = gate
                todo.append(part)
    return before


def _back(before: Mapping[int, int | None], gate: int) -> Iterator[int]:
    at: int | None = gate
    while at is not None:
        yield at
        at = before[at]


# --- what each weighs ------------------------------------------------------------------------------


def weight_account(graph: ArgumentGraph, number: Number) -> WeightAccount:
    """The weight of a motive, statement or argument with where it comes from; O(its assertions)."""
    return WeightAccount(weight_of(graph, number)[0], tuple(_parts(graph, number)))


def _parts(graph: ArgumentGraph, number: Number) -> Iterator[WeightPart]:
    node, table = graph.at(number), table_of(graph)
    if not isinstance(node, Argument) and not (isinstance(node, Statement) and node.origin != "constructed"):
        yield WeightPart("constructed: it stands on its arguments alone", None)
    elif node.credence is not None:
        yield WeightPart(f"set by hand: {node.credence:g}", node.credence, (node.id,))
    elif isinstance(node, Argument):
        word = f"{node.confidence} confidence" if node.confidence else "no confidence given, so as medium"
        value = table.of_confidence(node.confidence or "medium")
        yield WeightPart(f"{word}: {value:g}", value, (node.id,))
    elif is_by_assertions(node) and (places := sorted(graph.referrers("of", number), key=graph.id)):
        yield from _said(graph, number, places)
    elif node.origin == "attributed":
        yield WeightPart("attributed, and nobody asserts it any more: 0", 0.0, (node.id,))
    else:
        yield WeightPart(f"put forward by the map's author: {table.author:g}", table.author, (node.id,))


def _said(graph: ArgumentGraph, number: Number, places: list[Number]) -> Iterator[WeightPart]:
    table, witnesses = table_of(graph), originators_of(graph)
    weights = {place: passage_of(graph, place).weight(table) for place in places}
    found = witnesses.behind(places)
    independent = witnesses.independent(found)
    shown = [max((n for one in together for n in one.places), key=lambda n: weights[n]) for together in independent]
    for one in found:
        best = max(one.places, key=lambda n: weights[n])
        yield _passage(graph, best, weights[best], one)
    value = weight_of(graph, number)[0]
    if len(found) > 1:
        yield WeightPart(_together(weights, shown, len(found), table.most, value or 0.0), value)


def _passage(graph: ArgumentGraph, place: Number, weight: float, one: Originator) -> WeightPart:
    node, passage, table = graph.at(place), passage_of(graph, place), table_of(graph)
    assert isinstance(node, Assertion)
    source = graph.at(graph.number(node.source))
    title = label(source)
    who = f" by {label(graph.at(one.actors[0]))}" if one.actors else ""
    factors = [f"{node.modality} {table.of_manner(node.modality):g}"]
    if isinstance(source, Source) and source.reliability not in (None, "F"):
        factors.append(f"reliability {source.reliability} × {table.of_reliability(source.reliability):g}")
    if node.credibility not in (None, 6):
        factors.append(f"credibility {node.credibility} × {table.of_credibility(node.credibility):g}")
    nodes = (node.id, node.source, *map(graph.id, one.actors))
    if passage.is_retracted:
        what = (
            "has been retracted" if passage.source.status == "retracted" else "cites a source that has been retracted"
        )
        return WeightPart(f"said{who} in “{title}”, which {what}: 0", 0.0, nodes)
    return WeightPart(f"said{who} in “{title}”: {', '.join(factors)} = {weight:g}", weight, nodes)


def _together(weights: dict[Number, float], shown: list[Number], most_witnesses: int, most: float, value: float) -> str:
    if len(shown) < 2:
        return f"{most_witnesses} originators that are not shown to be independent: the heaviest counts, {value:g}"
    product = "".join(f"(1 − {weights[n]:g})" for n in shown)
    capped = f", at most {most:g}" if value == most else ""
    return f"{len(shown)} originators shown to be independent: 1 − {product} = {value:g}{capped}"
