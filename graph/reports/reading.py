"""A view as the reports read it: how each node stands, steps in the order of their weight, and who says what."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from graph.budgets import StepBudget
from graph.evaluation.labelling.labelling import VERDICTS, causes, labels, standings
from graph.evaluation.weights import Originator, originators_of
from graph.reports.names import Names
from graph.reports.places import Places
from graph.reports.sentence import Phrase, Writer, cuttable
from graph.reports.words import bare
from graph.snapshot.argument_graph import ArgumentGraph, basis_of, committed
from graph.snapshot.arrays import ORIGIN_CODE, Arrays, Compact, Floats
from graph.snapshot.columns import ARGUMENT, STATEMENT
from graph.snapshot.relations import NONE, Ints, Number
from schemas.evaluation import Cause, Standing, Verdict
from schemas.node import Actor, AnyNode, Argument, Assertion, Motive, Source, Statement, label
from schemas.query import SummaryDetail
from schemas.vocabulary import ArgumentBasis, Kind

_Node = TypeVar("_Node", Actor, Motive, Statement, Argument, Source, Assertion)
_OF_AUTHOR = (ORIGIN_CODE["author"], ORIGIN_CODE[None])
_EVERYTHING = 10**9
_ENDS = 3
"""Premises by which a step is mentioned."""
_RANK: dict[Verdict, int] = {"accepted": 0, "undecided": 1, "rejected": 2}


@dataclass(frozen=True)
class Step:
    """An argument with what carries it in the view, and how it stands."""

    id: str
    opposes: bool
    """Whether it speaks against its target."""
    basis: ArgumentBasis
    """Marked in a text, found there by a reader, or the map author's own step, which no source has."""
    verdict: Verdict
    weight: float
    read: Callable[[], Argument]
    """Reads the argument; most steps are weighed and never told."""
    carried: Callable[[], tuple[Assertion, ...]]
    """Finds its places."""

    @cached_property
    def argument(self) -> Argument:
        """The argument itself."""
        return self.read()

    @property
    def is_lost(self) -> bool:
        """Whether it does not hold."""
        return self.verdict == "rejected"

    @property
    def places(self) -> tuple[Assertion, ...]:
        """Where it is asserted."""
        return self.carried()

    @property
    def firmness(self) -> tuple[float, int]:
        """How far the step can be relied on: its weight, then whether a text marks it."""
        return self.weight, int(self.basis == "explicit")

    @cached_property
    def order(self) -> tuple[int, float, int, str]:
        """A key that puts the weightiest first, and last what is rejected."""
        return _RANK[self.verdict], -self.weight, -int(self.basis == "explicit"), self.id


class Use(NamedTuple):
    """How weightily a node is used as a premise."""

    disputed: bool
    """On something that is undecided."""
    to_conclusion: float
    """The weight of the heaviest step to what stands on its arguments alone."""
    heaviest: float
    """The weight of the heaviest step."""


class _Uses(NamedTuple):
    """The same of all nodes, by compact number."""

    disputed: npt.NDArray[np.bool_]
    to_conclusion: Floats
    heaviest: Floats


def _ends(arrays: Arrays) -> Ints:
    """What each argument bears on in the end, over the steps that it challenges; NONE where these go in a circle."""
    is_step = arrays.target != NONE
    found = np.where(is_step, arrays.target, np.arange(len(arrays), dtype=np.int32))
    for _ in range(len(arrays).bit_length()):
        if not is_step[found].any():
            break
        found = found[found]  # twice as far each time
    return np.where(is_step[found], NONE, found)


@dataclass
class Reading:
    """What the reports ask of a view again and again; each answer is worked out once."""

    graph: ArgumentGraph
    detail: SummaryDetail = "normal"
    budget: StepBudget = field(default_factory=StepBudget)
    """What a search within a report may cost; asked now and then whether anybody still waits."""

    def __post_init__(self) -> None:
        self.writer = Writer(self.is_source)
        self.names = Names(self.graph)
        self.every = Places(self.graph)
        """All places, for what is asked of many nodes."""
        self._places: dict[str, tuple[Assertion, ...]] = {}
        self._passages: dict[str, list[Number]] = {}
        self._texts: dict[str, str] = {}
        self.said: dict[tuple[str, tuple[str, ...] | None, bool], list[Phrase]] = {}
        """Statements with who says them, as they were told before: by whom, and whether in brief."""
        self._originators: dict[str, Sequence[Originator]] = {}
        self._steps: dict[str, Step] = {}
        self._incoming: dict[str, list[Step]] = {}
        self._sides: dict[tuple[str, bool], list[Step]] = {}
        self._labelled = labels(self.graph)
        self._place = self._labelled.arrays.compact(self.graph.size)

    def most(self, usual: int) -> int:
        """How many items a list tells before it ends."""
        return _EVERYTHING if self.detail == "full" else usual

    # --- nodes ----------------------------------------------------------------------------------

    def node(self, node_id: str) -> AnyNode:
        """The node of an id."""
        return self.graph.node(node_id)

    def has(self, node_id: str | None) -> bool:
        """Whether the view has the node."""
        return node_id is not None and node_id in self.graph

    def all(self, kind: Kind, model: type[_Node]) -> list[_Node]:
        """All nodes of a kind, in the order of their ids."""
        return [node for node in self.graph.nodes(kind) if isinstance(node, model)]

    def is_source(self, node_id: str) -> bool:
        """Whether the id is a source's."""
        return node_id in self._sources

    @cached_property
    def _sources(self) -> frozenset[str]:
        return frozenset(map(self.graph.id, self.graph.numbers("source")))

    def places(self, node_id: str) -> tuple[Assertion, ...]:
        """Where a statement or argument is asserted, in the order of ids."""
        found = self._places.get(node_id)
        if found is None:
            self.budget.check()
            found = self._places[node_id] = tuple(self.graph.assertions_of(node_id))
        return found

    def passages(self, node_id: str) -> list[Number]:
        """The same by number, without reading any."""
        found = self._passages.get(node_id)
        if found is None:
            numbers = self.graph.referrers("of", self.graph.number(node_id))
            found = list(numbers) if len(numbers) < 2 else sorted(numbers, key=self.graph.id)
            self._passages[node_id] = found
        return found

    def originators(self, node_id: str) -> Sequence[Originator]:
        """The witnesses behind the passages that assert a node, as many as there may be."""
        found = self._originators.get(node_id)
        if found is None:
            self.budget.check()
            passages = self.passages(node_id)
            found = self._originators[node_id] = originators_of(self.graph).behind(passages) if passages else ()
        return found

    def is_said(self, node_id: str) -> bool:
        """Whether some place in the view asserts a node."""
        return bool(self.every.is_said[self.graph.number(node_id)])

    def constructed(self, node_id: str) -> bool:
        """Whether the node stands on its arguments alone: a motive, or a statement marked as constructed."""
        at = self._at(node_id)
        return at != NONE and bool(self._constructed[at])

    @cached_property
    def _constructed(self) -> npt.NDArray[np.bool_]:
        return self._labelled.arrays.constructed

    def is_added(self, node_id: str) -> bool:
        """Whether a statement is the map author's, and no place in the view says it."""
        at = self._at(node_id)
        arrays = self._labelled.arrays
        is_authors = at != NONE and arrays.kinds[at] == STATEMENT and int(arrays.origin[at]) in _OF_AUTHOR
        return is_authors and not self.is_said(node_id)

    @cached_property
    def added(self) -> list[str]:
        """All statements that are the map author's and no place in the view says, in the order of their ids."""
        arrays = self._labelled.arrays
        is_authors = (arrays.kinds == STATEMENT) & np.isin(arrays.origin, _OF_AUTHOR)
        return self._unsaid(is_authors)

    @cached_property
    def own_steps(self) -> list[str]:
        """All arguments that no place in the view carries, in the order of their ids."""
        return self._unsaid(self._labelled.arrays.kinds == ARGUMENT)

    def _unsaid(self, chosen: npt.NDArray[np.bool_]) -> list[str]:
        numbers = self._labelled.arrays.numbers[chosen]
        return list(map(self.graph.id, numbers[~self.every.is_said[numbers]].tolist()))

    @cached_property
    def is_unsourced(self) -> bool:
        """Whether nobody says anything in the view: then that is told once, and not of each point and step."""
        return not self.graph.counts["assertion"]

    @cached_property
    def conclusions(self) -> list[str]:
        """The constructed statements, in the order of their ids."""
        arrays = self._labelled.arrays
        found = np.flatnonzero(self._constructed & (arrays.kinds == STATEMENT))
        return [self.graph.id(n) for n in arrays.numbers[found].tolist()]

    # --- how things stand -----------------------------------------------------------------------

    def verdict(self, node_id: str) -> Verdict:
        """What the default labelling says of a statement, motive or argument."""
        return VERDICTS[int(self._labelled.labels[self._at(node_id)])]

    def standing(self, node_id: str) -> Standing:
        """How a statement or motive stands, in a word for people."""
        return self._standings[self._at(node_id)] or "open"

    def cause(self, node_id: str) -> Cause | None:
        """Why a node is rejected or undecided."""
        return self._causes[self._at(node_id)]

    @cached_property
    def _causes(self) -> list[Cause | None]:
        return causes(self._labelled, self._labelled.labels)

    @cached_property
    def _standings(self) -> list[Standing | None]:
        return standings(self._labelled, self._labelled.labels)

    def weight(self, node_id: str) -> float:
        """What an argument, or the own ground of a statement, counts for."""
        found = float(self._labelled.weights[self._at(node_id)])
        return found if found == found else 0.0

    def _at(self, node_id: str) -> Compact:
        return Compact(int(self._place[self.graph.number(node_id)]))

    # --- steps ----------------------------------------------------------------------------------

    def step(self, argument: str) -> Step:
        """An argument as a step."""
        found = self._steps.get(argument)
        if found is None:
            found = self._steps[argument] = Step(
                argument,
                self.graph.sign(self.graph.number(argument)) < 0,
                basis_of(self.graph, argument),
                self.verdict(argument),
                self.weight(argument),
                partial(self._argument, argument),
                partial(self.places, argument),
            )
        return found

    def _argument(self, argument: str) -> Argument:
        self.budget.check()
        node = self.node(argument)
        if not isinstance(node, Argument):
            raise TypeError(f"{argument!r} is of kind {node.kind}")
        return node

    def incoming(self, node_id: str) -> list[Step]:
        """The steps that bear on a node, weightiest first."""
        found = self._incoming.get(node_id)
        if found is None:
            self.budget.check()
            numbers = self.graph.incoming(self.graph.number(node_id))
            steps = (self.step(self.graph.id(n)) for n in numbers)
            found = self._incoming[node_id] = sorted(steps, key=lambda step: step.order)
        return found

    def supporting(self, node_id: str) -> list[Step]:
        """The steps that speak for a node."""
        return self._side(node_id, opposes=False)

    def opposing(self, node_id: str) -> list[Step]:
        """The steps that speak against a node."""
        return self._side(node_id, opposes=True)

    def _side(self, node_id: str, *, opposes: bool) -> list[Step]:
        found = self._sides.get((node_id, opposes))
        if found is None:
            found = [step for step in self.incoming(node_id) if step.opposes == opposes]
            self._sides[node_id, opposes] = found
        return found

    def outgoing(self, node_id: str) -> list[Step]:
        """The steps that have a node as a premise, weightiest first."""
        self.budget.check()
        numbers = self.graph.outgoing(self.graph.number(node_id))
        return sorted((self.step(self.graph.id(n)) for n in numbers), key=lambda step: step.order)

    def use(self, node_id: str) -> Use:
        """How weightily a node is used as a premise; of all nodes O(nodes + premises) in arrays, once."""
        at, uses = self._at(node_id), self._uses
        return Use(bool(uses.disputed[at]), float(uses.to_conclusion[at]), float(uses.heaviest[at]))

    @cached_property
    def _uses(self) -> "_Uses":
        arrays, labelled = self._labelled.arrays, self._labelled
        users, premises = arrays.outgoing.values, arrays.outgoing.keys()
        bears_on = _ends(arrays)[users]
        bears_on = np.where(bears_on == NONE, premises, bears_on)
        weights = np.nan_to_num(labelled.weights[users])
        disputed, to_conclusion, heaviest = np.zeros(len(arrays), np.bool_), *np.zeros((2, len(arrays)))
        disputed[premises[labelled.labels[bears_on] == 0]] = True
        np.maximum.at(to_conclusion, premises, np.where(self._constructed[bears_on], weights, 0.0))
        np.maximum.at(heaviest, premises, weights)
        return _Uses(disputed, to_conclusion, heaviest)

    # --- words ----------------------------------------------------------------------------------

    def text(self, node_id: str) -> str:
        """What a node says, as this view has it.

        A statement that this view finds in one source only is given in the wording of its firmest place there: its
        own text may be that of several sources, and would tell what the view leaves out.
        """
        found = self._texts.get(node_id)
        if found is None:
            found = self._texts[node_id] = self._text(node_id)
        return found

    def _text(self, node_id: str) -> str:
        node = self.node(node_id)
        if isinstance(node, Statement):
            places = self.places(node_id)
            if places and len({place.source for place in places}) == 1:
                return self.wording(min(places, key=self.rank))
        return bare(label(node))

    def wording(self, place: Assertion) -> str:
        """What a place says, in its own wording unless it is the same as the statement's text."""
        if place.wording is not None and place.match != "same":
            return bare(place.wording)
        return bare(label(self.node(place.of)))

    def rank(self, place: Assertion) -> tuple[int, int, int, str]:
        """A key that puts first the place by which a statement is best told: current, firm, of somebody named."""
        source = self.node(place.source) if self.has(place.source) else None
        stale = isinstance(source, Source) and source.status == "retracted"
        speaker = self.speaker(place)
        node = self.node(speaker) if speaker is not None else None
        named = isinstance(node, Actor) and node.actor_kind not in ("outlet", "group")
        firm = ("asserted", "believed", "reported", "possible").index(place.modality) + 2 * place.presupposed
        return int(stale), int(not named), firm, place.id

    def mention(self, node_id: str) -> Phrase:
        """A statement or motive by its text, or a step as something that can be argued about."""
        node = self.node(node_id)
        if isinstance(node, Argument):
            ends = " with ".join(self.text(premise) for premise in node.premises[:_ENDS])
            return Phrase(cuttable(f"the step from this: {ends}").parts, (node_id, *node.premises))
        return cuttable(self.text(node_id), node_id)

    def actor(self, actor_id: str) -> Phrase:
        """An actor by name."""
        return self.names.actor(actor_id)

    def motive(self, motive_id: str) -> Phrase:
        """A motive by its short name."""
        return self.names.motive(motive_id)

    def source(self, source_id: str) -> Phrase:
        """A source by its publisher or title."""
        return self.names.source(source_id)

    def speaker(self, assertion: Assertion) -> str | None:
        """The actor committed to an assertion, if the view has that actor."""
        actor = committed(assertion)
        return actor if self.has(actor) else None
