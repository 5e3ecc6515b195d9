"""The summary of a statement: how it stands, who says it, what speaks for and against it, what it bears on."""

from collections.abc import Iterator

from graph.reports.attribution import is_in_its_own_voice, manner, spoken, unsaid, voices
from graph.reports.circles import circular
from graph.reports.lines import lines
from graph.reports.missing import gaps
from graph.reports.reading import Reading
from graph.reports.said_figures import figures
from graph.reports.sentence import Phrase, Told, cuttable, filled, plain, say
from graph.reports.sides import Sides, basis_told, further_back, point
from graph.reports.witnesses import echoes, rests_on
from graph.reports.words import count, joined, quoted
from schemas.assertion import Assertion
from schemas.statement import Statement
from schemas.summary import Section

_LINES = 3
_SHOWN = 6


def statement_title(reading: Reading, node: Statement) -> str:
    """The summary's title."""
    return reading.text(node.id)


def statement_sections(reading: Reading, node: Statement) -> tuple[Section, ...]:
    """The sections of a statement's summary; those with nothing to say are left out."""
    section, sides = reading.writer.section, Sides(reading)
    return filled(
        [
            section("In short", [point(reading, node.id), *circular(reading, node.id)]),
            section("Who says it", _said(reading, node)),
            section(
                "What it rests on", [*rests_on(reading, [node.id], "It", plural=False), *echoes(reading, [node.id])]
            ),
            section("Figures", figures(reading, [node.id], titled=False)),
            section("For", sides.steps(reading.supporting(node.id))),
            section("Against", sides.steps(reading.opposing(node.id))),
            section("Strongest lines", lines(reading, node.id, _LINES)),
            section("Contested behind it", further_back(reading, node.id, sides)),
            section("What it bears on", _bears_on(reading, node.id)),
            section("What is missing", gaps(reading, node.id)),
        ]
    )


def _said(reading: Reading, node: Statement) -> Iterator[Told]:
    places = reading.places(node.id)
    if not places:
        yield unsaid(reading, node.id)
        return
    for voice in voices(reading, places):
        for place in voice.places if len(voice.places) <= _SHOWN else voice.places[:1]:
            alone = voice._replace(places=(place,))
            yield [spoken(reading, alone, introduced=True), _where(reading, place), *_quote(place)]
    ways = {manner(place) for place in places}
    if len(ways) > 1 and len({place.source for place in places}) > 1:
        yield plain("How firmly it is put is not the same everywhere", *(place.id for place in places))


def _where(reading: Reading, place: Assertion) -> Phrase:
    """In which source and paragraph, in whose voice, and softened by which words."""
    parts = []
    if is_in_its_own_voice(reading, place):
        parts.append(plain("in its own voice"))
    elif reading.has(place.source):
        parts.append(say("in {}", reading.source(place.source)))
    paragraph = place.locator.paragraph if place.locator is not None else None
    if paragraph is not None:
        parts.append(plain(f"paragraph {paragraph}" if paragraph else "the headline or a caption"))
    if place.presupposed and manner(place) != "presupposed":
        parts.append(plain("taken for granted"))
    if place.forecast:
        parts.append(plain("a forecast"))
    told = [part for part in parts if part.text]
    if not told:
        return plain("")
    phrase = told[0]
    for part in told[1:]:
        phrase = say("{}, {}", phrase, part)
    return say(" ({})", phrase).on(place.id)


def _quote(place: Assertion) -> list[Phrase]:
    """The place's own words, and its hedges, which are words of it too."""
    found = [say("; in its words: {}", cuttable(quoted(place.quote), place.id))] if place.quote else []
    if place.hedges:
        found.append(say("; hedged: {}", cuttable(joined([quoted(words) for words in place.hedges]), place.id)))
    return found


def _bears_on(reading: Reading, statement: str) -> Iterator[Told]:
    outgoing = reading.outgoing(statement)
    if not outgoing:
        return
    for_ = [step for step in outgoing if not step.opposes]
    against = [step for step in outgoing if step.opposes]
    parts = [f"supports in {count(len(for_), 'argument')}"] if for_ else []
    parts += [f"opposes in {count(len(against), 'argument')}"] if against else []
    if len(outgoing) > 1:
        yield plain(f"It {' and '.join(parts)}", statement, *(step.id for step in outgoing))
    most = reading.most(_SHOWN)
    for step in outgoing[:most]:
        does = "It opposes" if step.opposes else "It supports"
        also = len(step.argument.premises) - 1
        jointly = f", jointly with {count(also, 'other premise')}" if also else ""
        target = reading.mention(step.argument.target)
        yield [say("{}{} this: {}", does, jointly, target), say(" ({})", basis_told(reading, step)).on(step.id)]
    if rest := outgoing[most:]:
        again = f"It is a premise of {count(len(rest), 'more argument')}"
        yield plain(again, statement, *(step.id for step in rest))
