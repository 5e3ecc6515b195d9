"""A view as the reports read it: steps in the order of their weight, assertions, and how things are called."""

from dataclasses import dataclass
from typing import Literal, TypeVar

from graph.reports.sentence import Phrase, Writer
from graph.reports.words import article, described, quoted
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.derived import committed
from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.motive import Motive
from schemas.node import AnyNode, label
from schemas.source import Source
from schemas.statement import Statement
from schemas.vocabulary import Kind, rank_of

_Node = TypeVar("_Node", Actor, Motive, Statement, Argument, Source, Assertion)


@dataclass(frozen=True)
class Step:
    """An argument with what carries it in the view."""

    argument: Argument
    places: tuple[Assertion, ...]

    @property
    def id(self) -> str:
        """The argument's id."""
        return self.argument.id

    @property
    def basis(self) -> Literal["explicit", "inferred", "own"]:
        """Marked in a text, found there by a reader, or the map author's own step, which no source has."""
        if not self.places:
            return "own"
        return "explicit" if any(place.basis == "explicit" for place in self.places) else "inferred"

    @property
    def weight(self) -> tuple[int, int]:
        """How far the step can be relied on: confidence, then whether a text marks it."""
        return rank_of(self.argument.confidence), int(self.basis == "explicit")

    @property
    def order(self) -> tuple[int, int, str]:
        """A key that puts the weightiest first."""
        confidence, marked = self.weight
        return -confidence, -marked, self.id


class Reading:
    """What the reports ask of a view again and again; each answer is worked out once."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self.graph = graph
        self.writer = Writer(self.is_source)
        self._places: dict[str, tuple[Assertion, ...]] = {}
        self._incoming: dict[str, list[Step]] = {}
        self._texts: dict[str, str] = {}
        self._publishers = _only_ones(graph)

    # --- nodes ----------------------------------------------------------------------------------

    def node(self, node_id: str) -> AnyNode:
        """The node of an id."""
        return self.graph.node(node_id)

    def has(self, node_id: str) -> bool:
        """Whether the view has the node."""
        return node_id in self.graph

    def all(self, kind: Kind, model: type[_Node]) -> list[_Node]:
        """All nodes of a kind, in the order of their ids."""
        return [node for node in self.graph.nodes(kind) if isinstance(node, model)]

    def is_source(self, node_id: str) -> bool:
        """Whether the id is a source's."""
        number = self.graph.find(node_id)
        return number is not None and isinstance(self.graph.at(number), Source)

    def places(self, node_id: str) -> tuple[Assertion, ...]:
        """Where a statement or argument is asserted, in the order of ids."""
        found = self._places.get(node_id)
        if found is None:
            found = self._places[node_id] = tuple(self.graph.assertions_of(node_id))
        return found

    def constructed(self, node_id: str) -> bool:
        """Whether the node stands on its arguments alone: a motive, or a statement marked as constructed."""
        node = self.node(node_id)
        return isinstance(node, Motive) or (isinstance(node, Statement) and node.origin == "constructed")

    # --- steps ----------------------------------------------------------------------------------

    def step(self, argument: str) -> Step:
        """An argument as a step."""
        node = self.node(argument)
        if not isinstance(node, Argument):
            raise TypeError(f"{argument!r} is of kind {node.kind}")
        return Step(node, self.places(argument))

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
        return [step for step in self.incoming(node_id) if step.argument.stance == "supporting"]

    def opposing(self, node_id: str) -> list[Step]:
        """The steps that speak against a node."""
        return [step for step in self.incoming(node_id) if step.argument.stance == "opposing"]

    def outgoing(self, node_id: str) -> list[Step]:
        """The steps that have a node as a premise, weightiest first."""
        numbers = self.graph.outgoing(self.graph.number(node_id))
        return sorted((self.step(self.graph.id(n)) for n in numbers), key=lambda step: step.order)

    # --- names ----------------------------------------------------------------------------------

    def text(self, node_id: str) -> str:
        """What a node says, as this view has it.

        A statement that this view finds in one source only, in one wording, is given in that wording: its own
        text may be that of several sources, and would tell what the view leaves out.
        """
        found = self._texts.get(node_id)
        if found is None:
            found = self._texts[node_id] = self._text_of(self.node(node_id))
        return found

    def _text_of(self, node: AnyNode) -> str:
        if isinstance(node, Statement):
            places = self.places(node.id)
            wordings = {place.wording or node.text for place in places}
            if len(wordings) == 1 and len({place.source for place in places}) == 1:
                return wordings.pop()
        return label(node)

    def mention(self, node_id: str) -> Phrase:
        """A statement, motive or step as it is mentioned in a sentence."""
        node = self.node(node_id)
        if isinstance(node, Argument):
            return self.mention_of_step(node)
        return Phrase(quoted(self.text(node_id)), (node_id,))

    def mention_of_step(self, argument: Argument) -> Phrase:
        """The step itself, as something that can be argued about; steps about steps may run in a circle."""
        ends = " with ".join(quoted(self.text(p)) for p in argument.premises)
        on_step = isinstance(self.node(argument.target), Argument)
        target = "another step" if on_step else quoted(self.text(argument.target))
        return Phrase(f"the step from {ends} to {target}", (argument.id, *argument.premises, argument.target))

    def actor(self, actor_id: str) -> Phrase:
        """An actor by name."""
        node = self.node(actor_id)
        name = node.name if isinstance(node, Actor) else label(node)
        if isinstance(node, Actor) and node.actor_kind != "person":
            name = described(name) if node.actor_kind == "group" else article(name)
        return Phrase(name, (actor_id,))

    def motive(self, motive_id: str) -> Phrase:
        """A motive by its short name."""
        node = self.node(motive_id)
        return Phrase(quoted(node.name if isinstance(node, Motive) else label(node)), (motive_id,))

    def source(self, source_id: str) -> Phrase:
        """A source by the name of its publisher where that tells it from the others, else by its title."""
        publisher = self._publishers.get(source_id)
        if publisher is not None:
            return Phrase(self.actor(publisher).text, (source_id,))
        return Phrase(quoted(label(self.node(source_id))), (source_id,))

    def speaker(self, assertion: Assertion) -> str | None:
        """The actor committed to an assertion, if the view has that actor."""
        actor = committed(assertion)
        return actor if actor is not None and self.has(actor) else None


def _only_ones(graph: ArgumentGraph) -> dict[str, str]:
    """The publisher of each source that is the only one of its publisher in the view."""
    published: dict[str, list[str]] = {}
    for node in graph.nodes("source"):
        if isinstance(node, Source) and node.publisher is not None and node.publisher in graph:
            published.setdefault(node.publisher, []).append(node.id)
    return {sources[0]: publisher for publisher, sources in published.items() if len(sources) == 1}
