"""What is missing: what a reader of a report should know that a map does not hold."""

from collections.abc import Iterator, Sequence

from graph.reports.attribution import manner
from graph.reports.contest import attacks_on
from graph.reports.lines import asserted_support
from graph.reports.originators import originators
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, say
from graph.reports.words import capital, count, number, verb

_FIRMNESS = ("asserted", "presupposed", "reported", "believed", "possible")
_SHOWN = 4


def gaps(reading: Reading, node_id: str, it: str = "it") -> Iterator[Phrase]:
    """What is missing around a node that arguments may bear on."""
    favour, against = reading.supporting(node_id), reading.opposing(node_id)
    places = reading.places(node_id)
    if places and all(manner(place) == "presupposed" for place in places):
        yield Phrase(f"Nobody states {it}: it is taken for granted wherever it occurs", tuple(p.id for p in places))
    if not favour:
        or_opposes = "" if against else " or opposes"
        yield Phrase(f"No argument supports{or_opposes} {it}", (node_id,))
    elif not against:
        yield from _unopposed(reading, node_id, it)
    if favour and not any(step.basis == "explicit" for step in favour):
        ids = tuple(step.id for step in favour)
        yield Phrase(f"No text marks a step to {it}: all that supports {it} is read into the sources", ids)
    support = asserted_support(reading, node_id)
    yield from _one_witness(reading, support, it)
    yield from firmness(reading, support, it)
    yield from unsaid(reading, support)


def firmness(reading: Reading, statements: Sequence[str], it: str) -> Iterator[Phrase]:
    """How firmly what supports a node is put at best, where not all of it is stated."""
    best: dict[str, list[str]] = {}
    for statement in statements:
        ways = {manner(place) for place in reading.places(statement)}
        firmest = next((way for way in _FIRMNESS if way in ways), None)
        if firmest is not None:
            best.setdefault(firmest, []).append(statement)
    weak = [statement for way in _FIRMNESS[2:] for statement in best.get(way, [])]
    if not weak:
        return
    total = sum(map(len, best.values()))
    said = first_of([_softest(reading, s) for s in weak], _SHOWN, "statement")
    if len(weak) == total:
        yield say(f"Nothing that supports {it} is stated flatly: {{}}", said)
    else:
        share = f"{number(len(weak))} of the {count(total, 'statement')}"
        yield say(f"Of what supports {it}, {{}} {{}} nowhere stated flatly: {{}}", share, verb(len(weak), "is", "are"),
                  said)  # fmt: skip


def unsaid(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    """Statements that have no source."""
    alone = [reading.mention(s) for s in statements if not reading.places(s)]
    if alone:
        template = "No source is given for {}: {} the map author's own"
        yield say(template, first_of(alone, _SHOWN, "statement"), verb(len(alone), "it is", "they are"))


def _unopposed(reading: Reading, node_id: str, it: str) -> Iterator[Phrase]:
    attacks = attacks_on(reading, node_id)
    if attacks:
        steps = count(len(attacks), "opposing argument")
        bears = verb(len(attacks), "bears", "bear")
        text = f"No argument opposes {it} directly; {steps} {bears} on what it rests on"
        yield Phrase(text, (node_id, *(step.id for step in attacks)))
    else:
        yield Phrase(f"No argument opposes {it}, nor anything that it rests on", (node_id,))


def _one_witness(reading: Reading, support: Sequence[str], it: str) -> Iterator[Phrase]:
    places = [place for statement in support for place in reading.places(statement)]
    found = originators(reading, places)
    if len(found) == 1 and found[0].actors:
        names = " or ".join(reading.actor(actor).text for actor in found[0].actors)
        ids = (*found[0].actors, *support, *(place.id for place in places))
        yield Phrase(f"{capital(names)} alone stands behind all that supports {it}", ids)


def _softest(reading: Reading, statement: str) -> Phrase:
    """A statement with the firmest way in which it is put."""
    places = reading.places(statement)
    ways = {manner(place) for place in places}
    firmest = next(way for way in _FIRMNESS if way in ways)
    at_best = {"reported": "as reported", "believed": "as a belief", "possible": "as possible"}[firmest]
    return say("{} ({})", reading.mention(statement), at_best).on(*(place.id for place in places))
