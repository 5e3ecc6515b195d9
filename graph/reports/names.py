"""What actors, sources and motives are called in a report, so that two of one name are told apart."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterable

from graph.reports.sentence import Phrase, PhrasePart, named, plain, say
from graph.reports.words import article, bare, described, one_line, words_in
from graph.search.words import folded
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import Actor, Motive, Source, label
from schemas.vocabulary import Kind

_LONGEST_OFFICE = 12
_LIKE_AN_ID = re.compile(r"[-_0-9]")
_COMMON = re.compile(r" (of|at|in|for|on) (the |a |an )?[a-z]")
"""What follows a word that is no proper name: "Place of the protest"."""
_HOUSES = frozenset({"Bank", "Church", "House", "Office", "University"})
_OFFICE_ENDS = re.compile(r"[;.\n]")


class Names:
    """Names of one view; which of them are borne by several is worked out once for each kind, O(these)."""

    def __init__(self, graph: ArgumentGraph) -> None:
        self._graph = graph
        self._shared: dict[Kind, dict[str, list[str]]] = {}
        self._publishers: dict[str, str] | None = None
        self._known: dict[str, Phrase] = {}

    def actor(self, actor_id: str) -> Phrase:
        """An actor by name; where another has the same, with what tells them apart."""
        found = self._known.get(actor_id)
        if found is None:
            found = self._known[actor_id] = self._actor(actor_id)
        return found

    def _actor(self, actor_id: str) -> Phrase:
        node = self._graph.node(actor_id)
        if not isinstance(node, Actor):
            return named(bare(label(node)), actor_id)
        name = one_line(node.name)
        if node.actor_kind != "person":
            name = described(name) if node.actor_kind == "group" else article(name)
        namesakes = self._namesakes("actor", node.name)
        if len(namesakes) < 2:
            return named(name, actor_id)
        return say("{} ({})", named(name), self._apart(actor_id, namesakes, self._marks_of_actor)).on(actor_id)

    def office(self, actor_id: str) -> str:
        """Who an actor is: its role up to the first stop, where that is short; else nothing.

        What follows a semicolon is what the actor thinks, which is told by its assertions.
        """
        node = self._graph.node(actor_id)
        if not isinstance(node, Actor) or node.role is None or node.actor_kind not in ("person", "organisation"):
            return ""
        said = one_line(_OFFICE_ENDS.split(node.role)[0])
        if not said or words_in(said) > _LONGEST_OFFICE or folded(said) in folded(node.name):
            return ""
        if any(_LIKE_AN_ID.search(word) and word.strip(",()") in self._graph for word in said.split()):
            return ""
        first, blank, rest = said.partition(" ")
        word = first.lower().rstrip(",")
        is_word = first.istitle() and (
            word in _OFFICES or word.endswith(_ENDINGS) or bool(_COMMON.match(f"{blank}{rest}"))
        )
        is_word = is_word and first not in _HOUSES
        return f"{first.lower()}{blank}{rest}" if is_word else said

    def introduced(self, actor_id: str) -> Phrase:
        """An actor by name and office: "Wi Sung-lac (lawmaker and former ambassador to Russia)"."""
        name, office = self.actor(actor_id), self.office(actor_id)
        if not office or f"({office}" in name.text:
            return name
        return Phrase((*name.parts, PhrasePart(f" ({office})", "office")), name.ids)

    def motive(self, motive_id: str) -> Phrase:
        """A motive by its short name."""
        node = self._graph.node(motive_id)
        if not isinstance(node, Motive):
            return named(bare(label(node)), motive_id)
        namesakes = self._namesakes("motive", node.name)
        name = named(one_line(node.name), motive_id)
        if len(namesakes) < 2:
            return name
        return say("{} ({})", name, self._apart(motive_id, namesakes, self._marks_of_motive))

    def source(self, source_id: str) -> Phrase:
        """A source by the name of its publisher where that tells it from the others, else by its title."""
        if self._publishers is None:
            self._publishers = _only_ones(self._graph)
        publisher = self._publishers.get(source_id)
        if publisher is not None:
            return Phrase(self.actor(publisher).parts, (source_id,))
        node = self._graph.node(source_id)
        title = named(bare(label(node)), source_id)
        namesakes = self._namesakes("source", node.title) if isinstance(node, Source) else []
        if len(namesakes) < 2:
            return title
        return say("{} ({})", title, self._apart(source_id, namesakes, self._marks_of_source))

    def any(self, node_id: str) -> str:
        """What to print for a node of any kind: its name, title or text."""
        node = self._graph.node(node_id)
        match node:
            case Actor():
                return self.actor(node_id).text
            case Motive():
                return self.motive(node_id).text
            case Source():
                return self.source(node_id).text
            case _:
                return label(node)

    # --- inside -----------------------------------------------------------------------------------

    def _namesakes(self, kind: Kind, name: str) -> list[str]:
        """All of a kind that have a name, in the order of their ids."""
        if kind not in self._shared:
            found: dict[str, list[str]] = defaultdict(list)
            for node in self._graph.nodes(kind):
                called = node.title if isinstance(node, Source) else getattr(node, "name", "")
                found[_key(called)].append(node.id)
            self._shared[kind] = found
        return self._shared[kind].get(_key(name), [])

    def _apart(self, node_id: str, namesakes: list[str], marks: Callable[[str], Iterable[str]]) -> Phrase:
        """What tells one of several of one name from the others: what it is, or which of them it is."""
        if len(namesakes) <= _FEW + 1:
            taken = {mark for other in namesakes if other != node_id for mark in marks(other)}
            for mark in marks(node_id):
                if mark and mark not in taken:
                    return named(mark)
        return plain(f"{bisect_left(namesakes, node_id) + 1} of {len(namesakes):,}")

    def _marks_of_actor(self, actor_id: str) -> list[str]:
        node = self._graph.node(actor_id)
        if not isinstance(node, Actor):
            return []
        others = [label(self._graph.node(a)) for a in node.affiliations if a in self._graph]
        return [self.office(actor_id), *map(one_line, others), node.actor_kind]

    def _marks_of_motive(self, motive_id: str) -> list[str]:
        node = self._graph.node(motive_id)
        held = isinstance(node, Motive) and node.actor in self._graph
        return [label(self._graph.node(node.actor))] if held and isinstance(node, Motive) else []

    def _marks_of_source(self, source_id: str) -> list[str]:
        node = self._graph.node(source_id)
        if not isinstance(node, Source) or node.publisher is None or node.publisher not in self._graph:
            return []
        return [label(self._graph.node(node.publisher))]


_FEW = 50
"""Of so many of one name each is looked at; of more each is told by its number."""
_ENDINGS = (
    "er",
    "or",
    "ist",
    "man",
    "woman",
    "person",
    "ary",
    "ive",
    "yst",
    "eur",
    "ant",
    "ent",
    "tank",
    "tion",
    "cian",
)
_OFFICES = frozenset(
    {"acting", "chair", "chief", "deputy", "economic", "ex", "finance", "foreign", "former", "head", "intelligence"}
    | {"lawyer", "military", "national", "news", "newspaper", "political", "prime", "retired", "senior", "staff"}
    | {"state", "state-run", "think", "trade", "vice", "a", "an", "the", "its", "their", "party", "professor", "expert"}
    | {"historian", "librarian"}
    | {"scholar", "general", "member", "official", "officials", "publisher", "judge", "envoy", "spy", "company", "aide"}
)  # fmt: skip


def _key(name: str) -> str:
    return folded(name) or one_line(name)


def _only_ones(graph: ArgumentGraph) -> dict[str, str]:
    """The publisher of each source that is the only one of its publisher in the view."""
    published: dict[str, list[str]] = {}
    for node in graph.nodes("source"):
        if isinstance(node, Source) and node.publisher is not None and node.publisher in graph:
            published.setdefault(node.publisher, []).append(node.id)
    return {sources[0]: publisher for publisher, sources in published.items() if len(sources) == 1}
