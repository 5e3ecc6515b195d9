"""The briefs of a map, of what is argued about, of an actor and of a source."""

from collections.abc import Iterator, Sequence

from graph.reports import actor, source
from graph.reports.attribution import said
from graph.reports.brief import (
    BriefRoom,
    Item,
    answer,
    assumed,
    assumptions,
    behind_it,
    both_sides,
    changed,
    figured,
    heard_in_all,
    section,
    stale,
)  # fmt: skip
from graph.reports.circles import circular
from graph.reports.claim import rested_on
from graph.reports.conclusions import asked_about, conclusions
from graph.reports.lines import closure
from graph.reports.map import author_added
from graph.reports.missing import withdrawn_sources
from graph.reports.reading import Reading
from graph.reports.sentence import LeftOut, Phrase, clauses_of, first_of, plain, say, together
from graph.reports.sides import STANDS
from graph.reports.words import both_ways, count, joined, verb
from schemas.evaluation import Standing
from schemas.node import Actor, Source, Statement
from schemas.summary import Section

_BARE: tuple[tuple[int, frozenset[LeftOut]], ...] = (
    (40, frozenset({"spare"})),
    (40, frozenset({"spare", "office"})),
    (40, frozenset({"spare", "office", "aside"})),
    (30, frozenset({"spare", "office", "aside"})),
    (26, frozenset({"spare", "office", "aside"})),
)
"""What gives way, one after the other."""
_OF_MAP = BriefRoom(200, 6, ((40, frozenset()), (40, frozenset({"spare", "aside"})), *_BARE[2:]))
_OF_NODE = BriefRoom(80, 4, ((40, frozenset()), *_BARE))
"""Who speaks is told with the office as long as there is room."""
_OF_SPEAKER = BriefRoom(80, 3, ((40, frozenset()), *_BARE[:-1]))
_CONCLUSIONS = 3
_MOTIVES = 5


def brief_of_map(reading: Reading) -> Section:
    """A map in at most 200 words; O(nodes + links) and a bounded search."""
    return section(reading, _map(reading), _OF_MAP)


def brief_of(reading: Reading, node_id: str) -> Section:
    """An actor, motive, source or statement in at most 80 words."""
    node = reading.node(node_id)
    match node:
        case Actor():
            return section(reading, actor.actor_brief(reading, node), _OF_SPEAKER)
        case Source():
            return section(reading, source.source_brief(reading, node), _OF_SPEAKER)
        case _:
            return section(reading, _point(reading, node_id), _OF_NODE)


def _map(reading: Reading) -> Iterator[Item]:
    graph = reading.graph
    main = conclusions(reading, _CONCLUSIONS).main
    statements = [graph.id(n) for n in graph.numbers("statement")]
    if not main:
        yield from _unargued(reading, statements)
    for n, node_id in enumerate(main):
        yield Item(n, answer(reading, node_id))
        sides = list(both_sides(reading, node_id, 3 + 4 * n))
        yield from sides
        if n == 0:
            yield from changed(reading, node_id, 5, sides, "The answer")
    yield from (Item(2, told) for told in withdrawn_sources(reading))
    yield from _motives(reading, 6, main)
    if main:
        yield from (item for item in figured(reading, closure(reading, main[0]), 7))
        yield from (Item(4, told) for told in circular(reading, main[0]))
    yield from heard_in_all(reading, statements, 5)
    yield from _added(reading, statements, main, 5)


def _unargued(reading: Reading, statements: list[str]) -> Iterator[Item]:
    if not statements and not reading.graph.counts["motive"]:
        yield Item(0, plain("The map says nothing yet: it has no statement and no motive"))
        return
    held = [count(len(statements), "statement")] if statements else []
    held += [count(reading.graph.counts["motive"], "motive")] if reading.graph.counts["motive"] else []
    it = "it" if len(statements) + reading.graph.counts["motive"] == 1 else "any"
    yield Item(0, plain(f"Nothing is argued yet: {joined(held)}, and no argument for or against {it}"))
    found = asked_about(reading.graph)
    if found is not None:
        yield Item(1, say("Closest to the question: {}", said(reading, found, brief=True)[0]))


def _motives(reading: Reading, rank: int, told: Sequence[str]) -> Iterator[Item]:
    """The motives by how they stand, unless all of them were told."""
    by_standing: dict[Standing, list[str]] = {}
    graph = reading.graph
    for motive in (graph.id(n) for n in graph.numbers("motive") if graph.incoming(n)):
        by_standing.setdefault(reading.standing(motive), []).append(motive)
    if all(motive in told for motives in by_standing.values() for motive in motives):
        return
    parts = []
    for stands in STANDS:
        if stands in by_standing:
            named = [reading.motive(m) for m in by_standing[stands]]
            parts.append(say("{} – {}", STANDS[stands].lower(), first_of(named, _MOTIVES, "motive")))
    if parts:
        yield Item(rank, [say("Motives: {}", parts[0]), *(say("; {}", part) for part in parts[1:])])


def _added(reading: Reading, statements: list[str], main: Sequence[str], rank: int) -> Iterator[Item]:
    """What the map's author puts in without a source, counted."""
    own, own_steps = author_added(reading)
    parts = [plain(count(len(own), "statement"), *own)] if own else []
    if own_steps:
        parts.append(say("{}{}", plain(count(len(own_steps), "step"), *own_steps), plain(" of argument").aside()))
    if not parts:
        return
    are = verb(len(own) + len(own_steps), "is the map author's own", "are the map author's own")
    if any(map(reading.is_said, statements)) or len(own_steps) < reading.graph.counts["argument"]:
        counted = say("{} {}, without a source", together(parts), are)
        yield Item(rank, counted)
        if main and (found := assumptions(reading, main[0])):
            such = say(", such as: {}", reading.mention(found[0]))
            yield Item(rank + 2, [counted, such], other=counted)
    else:
        yield Item(2, say("Nothing here has a source: {} {}", together(parts), are))


def _point(reading: Reading, node_id: str) -> Iterator[Item]:
    """A statement or motive."""
    told: Phrase | None = None
    if reading.is_said(node_id):
        [told, *_] = said(reading, node_id, brief=True)
    elif not reading.constructed(node_id):
        [told] = said(reading, node_id)
    support = rested_on(reading, node_id)
    answered = answer(reading, node_id, told)
    yield Item(0, answered)
    yield from (Item(1, sentence) for sentence in circular(reading, node_id))
    yield from stale(reading, closure(reading, node_id), 1)
    sides = list(both_sides(reading, node_id, 2))
    yield from sides
    if not reading.incoming(node_id):
        yield Item(7 if reading.is_said(node_id) else 4, plain("No argument supports or opposes it", node_id))
    yield from figured(reading, [node_id] if reading.is_said(node_id) else support, 6, of=node_id)
    yield from assumed(reading, node_id, 5)
    yield from behind_it(reading, node_id, support, 3, "".join(clause.text for clause in clauses_of(answered)))
    yield from changed(reading, node_id, 3, sides)
    node = reading.node(node_id)
    uses = reading.outgoing(node_id)
    if uses and isinstance(node, Statement):
        favour, against = ({step.argument.target for step in uses if step.opposes == way} for way in (False, True))
        does = both_ways(len(favour), len(against), "other point")
        yield Item(9, plain(f"It {does}", *(step.id for step in uses)))
