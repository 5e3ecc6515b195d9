"""A view as the reports read it: how each node stands, steps in the order of their weight, and who says what."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

from graph.budgets import StepBudget
from graph.evaluation.labelling.causes import causes, standings
from graph.evaluation.labelling.labelling import VERDICTS, labels
from graph.reports.names import Names
from graph.reports.sentence import Phrase, Writer, cuttable
from graph.reports.words import bare
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import KIND_CODE
from graph.snapshot.derived import committed
from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.evaluation import Cause, Standing, Verdict
from schemas.motive import Motive
from schemas.node import AnyNode, label
from schemas.query import SummaryDetail
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Kind

_Node = TypeVar("_Node", Actor, Motive, Statement, Argument, Source, Assertion)
_EVERYTHING = 10**9
_ENDS = 3
"""Premises by which a step is mentioned."""
_RANK: dict[Verdict, int] = {"accepted": 0, "undecided": 1, "rejected": 2}


@dataclass(frozen=True)
class Step:
    """An argument with what carries it in the view, and how it stands."""

    argument: Argument
    places: tuple[Assertion, ...]
    verdict: Verdict
    weight: float

    @property
    def id(self) -> str:
        """The argument's id."""
        return self.argument.id

    @property
    def opposes(self) -> bool:
        """Whether it speaks against its target."""
        return self.argument.stance == "opposing"

    @property
    def is_lost(self) -> bool:
        """Whether it does not hold."""
        return self.verdict == "rejected"

    @cached_property
    def basis(self) -> Literal["explicit", "inferred", "own"]:
        """Marked in a text, found there by a reader, or the map author's own step, which no source has."""
        if not self.places:
            return "own"
        return "explicit" if any(place.basis == "explicit" for place in self.places) else "inferred"

    @property
    def firmness(self) -> tuple[float, int]:
        """How far the step can be relied on: its weight, then whether a text marks it."""
        return self.weight, int(self.basis == "explicit")

    @cached_property
    def order(self) -> tuple[int, float, int, str]:
        """A key that puts the weightiest first, and last what is rejected."""
        return _RANK[self.verdict], -self.weight, -int(self.basis == "explicit"), self.id


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
        self._places: dict[str, tuple[Assertion, ...]] = {}
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
        number = self.graph.find(node_id)
        return number is not None and self.graph.kind(number) == KIND_CODE["source"]

    def places(self, node_id: str) -> tuple[Assertion, ...]:
        """Where a statement or argument is asserted, in the order of ids."""
        found = self._places.get(node_id)
        if found is None:
            self.budget.check()
            found = self._places[node_id] = tuple(self.graph.assertions_of(node_id))
        return found

    def constructed(self, node_id: str) -> bool:
        """Whether the node stands on its arguments alone: a motive, or a statement marked as constructed."""
        node = self.node(node_id)
        return isinstance(node, Motive) or (isinstance(node, Statement) and node.origin == "constructed")

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

    def _at(self, node_id: str) -> int:
        return int(self._place[self.graph.number(node_id)])

    # --- steps ----------------------------------------------------------------------------------

    def step(self, argument: str) -> Step:
        """An argument as a step."""
        found = self._steps.get(argument)
        if found is None:
            node = self.node(argument)
            if not isinstance(node, Argument):
                raise TypeError(f"{argument!r} is of kind {node.kind}")
            found = Step(node, self.places(argument), self.verdict(argument), self.weight(argument))
            self._steps[argument] = found
        return found

    def incoming(self, node_id: str) -> list[Step]:
        """The steps that bear on a node, weightiest first."""
        found = self._incoming.get(node_id)
        if found is None:
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
        numbers = self.graph.outgoing(self.graph.number(node_id))
        return sorted((self.step(self.graph.id(n)) for n in numbers), key=lambda step: step.order)

    # --- words ----------------------------------------------------------------------------------

    def text(self, node_id: str) -> str:
        """What a node says, as this view has it.

        A statement that this view finds in one source only is given in the wording of its firmest place there: its
        own text may be that of several sources, and would tell what the view leaves out.
        """
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
