"""What is missing: withdrawn sources first, then what the map's author adds, then what nobody says or answers."""

from collections.abc import Iterable, Iterator, Sequence

from graph.reports.attribution import manner, sources_of
from graph.reports.lines import asserted_support, closure
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, plain, say
from graph.reports.sides import is_answered, listed
from graph.reports.witnesses import witnesses
from graph.reports.words import count, number, verb
from schemas.node import Source
from schemas.vocabulary import SourceStatus

_WITHDRAWN: tuple[SourceStatus, ...] = ("retracted", "corrected", "superseded")
_SHOWN = 3


def gaps(reading: Reading, node_id: str) -> Iterator[Phrase]:
    """What is missing around a node that arguments may bear on."""
    behind = closure(reading, node_id)
    yield from withdrawn(reading, behind)
    yield from added(reading, behind, {step.id for steps in behind.values() for step in steps})
    places = reading.places(node_id)
    if places and all(manner(place) == "presupposed" for place in places):
        yield plain("Nobody states it: it is taken for granted wherever it occurs", *(p.id for p in places))
    favour, against = behind[node_id], reading.opposing(node_id)
    if not favour and reading.constructed(node_id):
        yield plain(f"No argument supports{'' if against else ' or opposes'} it", node_id)
    elif favour and not against:
        yield from _unopposed(reading, node_id, behind)
    support = asserted_support(reading, node_id)
    yield from one_witness(reading, support)
    yield from firmness(reading, support)
    open_ = [step for step in against if not is_answered(reading, step)]
    if open_:
        yield plain(f"Nothing answers {count(len(open_), 'objection')} to it", *(step.id for step in open_))


def unsourced(reading: Reading) -> Iterator[Phrase]:
    """That nothing in the view has a source, where that is so."""
    if reading.is_unsourced and reading.graph.counts["statement"]:
        yield plain("Nothing here has a source: nobody is recorded as saying any of it")


def withdrawn(reading: Reading, nodes: Iterable[str]) -> Iterator[Phrase]:
    """The sources that have been retracted, corrected or superseded, of all that stand behind some nodes."""
    held: dict[str, dict[str, list[str]]] = {}
    for node_id in nodes:
        for place in reading.places(node_id):
            for source in sources_of(reading, place):
                held.setdefault(source, {}).setdefault(node_id, []).append(place.id)
    yield from told_withdrawn(reading, held)


def withdrawn_sources(reading: Reading) -> Iterator[Phrase]:
    """All sources of the view that have been withdrawn, with what stands in them."""
    held: dict[str, dict[str, list[str]]] = {}
    for source in reading.all("source", Source):
        if source.status != "current":
            points = held[source.id] = {}
            for place in map(reading.graph.node, reading.graph.holders(source.id, ("found_in", "cites"))):
                if place.kind == "assertion" and reading.has(place.of):
                    points.setdefault(place.of, []).append(place.id)
    yield from told_withdrawn(reading, held)


def told_withdrawn(reading: Reading, held: dict[str, dict[str, list[str]]]) -> Iterator[Phrase]:
    """A sentence for each withdrawn source, the retracted first; by source the nodes that stand in it, and where."""
    for status in _WITHDRAWN:
        for source in sorted(held):
            node = reading.node(source)
            if isinstance(node, Source) and node.status == status:
                points = held[source]
                ids = [i for point, places in points.items() for i in (point, *places)]
                told = f"{count(len(points), 'point')} here {verb(len(points), 'stands', 'stand')} in it"
                name = reading.source(source)
                yield say("{} has been {}{}", name, status, f": {told}" if points else "").on(*ids)


def added(reading: Reading, nodes: Iterable[str], steps: Iterable[str]) -> Iterator[Phrase]:
    """What the map's author puts in without a source, counted: statements and steps."""
    statements = [n for n in nodes if reading.is_added(n)]
    own = [step for step in steps if not reading.is_said(step)]
    parts = [count(len(statements), "statement")] if statements else []
    parts += [count(len(own), "step of argument")] if own else []
    if parts:
        total = len(statements) + len(own)
        are = verb(total, "is the map author's own", "are the map author's own")
        yield plain(f"{' and '.join(parts)} behind it {are}, without a source", *sorted(statements), *sorted(own))


def is_firm(reading: Reading, statement: str) -> bool:
    """Whether some place states it flatly."""
    return any(manner(place) in ("asserted", "presupposed") for place in reading.places(statement))


def firmness(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    """How much of what supports a node nobody states flatly."""
    asserted = [s for s in statements if reading.is_said(s)]
    weak = [s for s in asserted if not is_firm(reading, s)]
    if not weak:
        return
    ids = [i for s in weak for i in (s, *(place.id for place in reading.places(s)))]
    if len(weak) == len(asserted):
        yield plain("Nothing that supports it is stated flatly", *ids)
    else:
        are = verb(len(weak), "is", "are")
        told = f"Of the {count(len(asserted), 'statement')} behind it {number(len(weak))} {are} nowhere stated flatly"
        yield plain(told, *ids)


def one_witness(reading: Reading, support: Sequence[str]) -> Iterator[Phrase]:
    """That one witness alone stands behind all the support."""
    found = witnesses(reading, support)
    if found.most == 1 and found.found[0].actors:
        names = [reading.actor(reading.graph.id(actor)) for actor in found.found[0].actors]
        yield say("One witness alone stands behind all that supports it: {}", first_of(names, _SHOWN, "actor")).on(
            *found.ids
        )


def unopposed_conclusions(reading: Reading, ids: Sequence[str]) -> Iterator[Phrase]:
    """Conclusions that have support and meet no argument."""
    unheard = [i for i in ids if reading.supporting(i) and not reading.opposing(i)]
    if unheard:
        yield say("No argument opposes {}: {}", count(len(unheard), "conclusion"),
                  listed(reading, unheard, _SHOWN, "conclusion"))  # fmt: skip


def _unopposed(reading: Reading, node_id: str, behind: dict[str, list]) -> Iterator[Phrase]:  # type: ignore[type-arg]
    found = {
        step.id
        for supported, steps in behind.items()
        for target in (*(step.id for step in steps), *([supported] if supported != node_id else []))
        for step in reading.opposing(target)
    }
    if found:
        bears = verb(len(found), "bears", "bear")
        opposing = count(len(found), "opposing argument")
        yield plain(f"No argument opposes it directly; {opposing} {bears} on what it rests on", node_id, *sorted(found))
    else:
        yield plain("No argument opposes it, nor anything that it rests on", node_id)
