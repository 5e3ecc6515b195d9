"""The briefs of a map, of what is argued about, of an actor and of a source."""

from collections.abc import Iterator

from graph.reports import actor, source
from graph.reports.attribution import said
from graph.reports.brief import (
    Item,
    answer,
    assumed,
    behind_it,
    both_sides,
    changed,
    figured,
    heard_in_all,
    rested_on,
    section,
    stale,
)  # fmt: skip
from graph.reports.circles import circular
from graph.reports.conclusions import asked_about, main_conclusions
from graph.reports.lines import closure
from graph.reports.missing import is_added, withdrawn_sources
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, plain, say
from graph.reports.sides import STANDS
from graph.reports.words import count, joined, verb
from schemas.actor import Actor
from schemas.evaluation import Standing
from schemas.motive import Motive
from schemas.source import Source
from schemas.statement import Statement
from schemas.summary import Section

_OF_MAP, _OF_NODE = (200, 36), (80, 30)
"""Words of all, and of a sentence."""
_CONCLUSIONS = 3
_MOTIVES = 5


def brief_of_map(reading: Reading) -> Section:
    """A map in at most 200 words; O(nodes + links) and a bounded search."""
    return section(reading, _map(reading), *_OF_MAP)


def brief_of(reading: Reading, node_id: str) -> Section:
    """An actor, motive, source or statement in at most 80 words."""
    node = reading.node(node_id)
    match node:
        case Actor():
            items = actor.actor_brief(reading, node)
        case Source():
            items = source.source_brief(reading, node)
        case _:
            items = _point(reading, node_id)
    return section(reading, items, *_OF_NODE)


def _map(reading: Reading) -> Iterator[Item]:
    graph = reading.graph
    main = main_conclusions(reading, _CONCLUSIONS)
    statements = [graph.id(n) for n in graph.numbers("statement")]
    if not main:
        yield from _unargued(reading, statements)
    for n, node_id in enumerate(main):
        yield Item(n, answer(reading, node_id))
        yield from both_sides(reading, node_id, 3 + 4 * n)
    yield from (Item(2, told) for told in withdrawn_sources(reading))
    yield from _motives(reading, 8)
    if main:
        yield from (item for item in figured(reading, closure(reading, main[0]), 6))
        yield from assumed(reading, main[0], 10)
    yield from heard_in_all(reading, statements, 5)
    yield from _added(reading, statements, 5)
    if main:
        yield from changed(reading, main[0], 7)


def _unargued(reading: Reading, statements: list[str]) -> Iterator[Item]:
    if not statements and not reading.graph.counts["motive"]:
        yield Item(0, plain("The map says nothing yet: it has no statement and no motive"))
        return
    held = [count(len(statements), "statement")] if statements else []
    held += [count(reading.graph.counts["motive"], "motive")] if reading.graph.counts["motive"] else []
    yield Item(0, plain(f"Nothing is argued yet: {joined(held)}, and no argument that bears on any"))
    found = asked_about(reading, statements)
    if found is not None:
        yield Item(1, say("Closest to the question: {}", said(reading, found, brief=True)[0]))


def _motives(reading: Reading, rank: int) -> Iterator[Item]:
    """The motives by how they stand."""
    by_standing: dict[Standing, list[str]] = {}
    for motive in reading.all("motive", Motive):
        if reading.graph.incoming(reading.graph.number(motive.id)):
            by_standing.setdefault(reading.standing(motive.id), []).append(motive.id)
    parts = []
    for stands in STANDS:
        if stands in by_standing:
            named = [reading.motive(m) for m in by_standing[stands]]
            parts.append(say("{} – {}", STANDS[stands].lower(), first_of(named, _MOTIVES, "motive")))
    if parts:
        yield Item(rank, [say("Motives: {}", parts[0]), *(say("; {}", part) for part in parts[1:])])


def _added(reading: Reading, statements: list[str], rank: int) -> Iterator[Item]:
    """What the map's author puts in without a source, counted."""
    graph = reading.graph
    own = [s for s in statements if is_added(reading, s)]
    steps = [graph.id(n) for n in graph.numbers("argument")]
    own_steps = [step for step in steps if not reading.places(step)]
    said_by_any = any(reading.places(s) for s in (*statements, *steps))
    parts = [count(len(own), "statement")] if own else []
    parts += [count(len(own_steps), "step of argument")] if own_steps else []
    if not parts:
        return
    total = len(own) + len(own_steps)
    are = verb(total, "is the map author's own", "are the map author's own")
    told = f"{joined(parts)} {are}" + (", without a source" if said_by_any else "")
    yield Item(
        rank if said_by_any else 2,
        plain(told if said_by_any else f"Nothing here has a source: {told}", *own, *own_steps),
    )


def _point(reading: Reading, node_id: str) -> Iterator[Item]:
    """A statement or motive."""
    told: Phrase | None = None
    if reading.places(node_id):
        [told, *_] = said(reading, node_id, brief=True)
    elif not reading.constructed(node_id):
        [told] = said(reading, node_id)
    support = rested_on(reading, node_id)
    yield Item(0, answer(reading, node_id, told))
    yield from (Item(1, sentence) for sentence in circular(reading, node_id))
    yield from stale(reading, closure(reading, node_id), 1)
    yield from both_sides(reading, node_id, 2)
    if not reading.incoming(node_id):
        yield Item(4, plain("No argument bears on it", node_id))
    yield from figured(reading, [node_id] if reading.places(node_id) else support, 7)
    yield from assumed(reading, node_id, 6)
    yield from behind_it(reading, support, 5)
    yield from changed(reading, node_id, 6)
    node = reading.node(node_id)
    uses = reading.outgoing(node_id)
    if uses and isinstance(node, Statement):
        targets = count(len({step.argument.target for step in uses}), "other point")
        yield Item(8, plain(f"It bears on {targets}", *(step.id for step in uses)))
