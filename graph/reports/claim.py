"""The summary of a claim, a statement or a motive: how it stands, who says it, what speaks for and against it."""

from collections.abc import Iterator

from graph.reports.attribution import is_in_its_own_voice, manner, spoken, unsaid, voices
from graph.reports.circles import circular
from graph.reports.figures import figures
from graph.reports.lines import asserted_support, lines
from graph.reports.missing import gaps, unsourced
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, Told, cuttable, filled, plain, say
from graph.reports.sides import Sides, basis_told, further_back, point
from graph.reports.speech import heard
from graph.reports.witnesses import echoes, rests_on
from graph.reports.words import both_ways, count, joined, quoted, verb
from schemas.node import Assertion, Motive, Statement
from schemas.summary import Section

_LINES = 3
_SHOWN = 6


def rested_on(reading: Reading, node_id: str) -> list[str]:
    """The statements that a claim rests on: itself where it is said, and the nearest below it that are."""
    own = [node_id] if reading.is_said(node_id) or reading.is_added(node_id) else []
    return [*own, *asserted_support(reading, node_id)]


# --- a motive -----------------------------------------------------------------------------------


def motive_title(node: Motive) -> str:
    """The summary's title."""
    return f"{node.name}: {node.text}"


def motive_sections(reading: Reading, node: Motive) -> tuple[Section, ...]:
    """The sections of a motive's summary; those with nothing to say are left out."""
    support = asserted_support(reading, node.id)
    concerned = [*support, *(s for s in concerning(reading, node.id) if s not in set(support))]
    section, sides = reading.writer.section, Sides(reading)
    return filled(
        [
            section("In short", [*_motive_point(reading, node), *circular(reading, node.id), *unsourced(reading)]),
            section("For", sides.steps(reading.supporting(node.id))),
            section("Against", sides.steps(reading.opposing(node.id))),
            section("Contested behind it", further_back(reading, node.id, sides)),
            section("Strongest lines", lines(reading, node.id, _LINES)),
            section("Who speaks to it", list(heard(reading, concerned)) or [_nobody(node)]),
            section("What it rests on", _rests(reading, support)),
            section("Figures", figures(reading, concerned)),
            section("What is missing", gaps(reading, node.id)),
        ]
    )


def concerning(reading: Reading, motive: str) -> list[str]:
    """The statements that concern a motive, in the order of their ids."""
    return reading.graph.holders(motive, ("concerns",))


def _motive_point(reading: Reading, node: Motive) -> Iterator[Told]:
    yield point(reading, node.id)
    if reading.has(node.actor):
        yield say("A motive of {}", reading.actor(node.actor)).on(node.id)


def _rests(reading: Reading, support: list[str]) -> Iterator[Told]:
    subject = f"The {verb(len(support), 'statement', 'statements')} behind its support"
    yield from rests_on(reading, support, subject, plural=len(support) > 1)
    yield from echoes(reading, support)


def _nobody(node: Motive) -> Told:
    return plain("Nobody is recorded as saying anything that concerns it", node.id)


# --- a statement --------------------------------------------------------------------------------


def statement_title(reading: Reading, node: Statement) -> str:
    """The summary's title."""
    return reading.text(node.id)


def statement_sections(reading: Reading, node: Statement) -> tuple[Section, ...]:
    """The sections of a statement's summary; those with nothing to say are left out."""
    section, sides = reading.writer.section, Sides(reading)
    return filled(
        [
            section("In short", [point(reading, node.id), *circular(reading, node.id), *unsourced(reading)]),
            section("Who says it", _said(reading, node)),
            section(
                "What it rests on", [*rests_on(reading, [node.id], "It", plural=False), *echoes(reading, [node.id])]
            ),
            section("Figures", figures(reading, [node.id], titled=False)),
            section("For", sides.steps(reading.supporting(node.id))),
            section("Against", sides.steps(reading.opposing(node.id))),
            section("Strongest lines", lines(reading, node.id, _LINES)),
            section("Contested behind it", further_back(reading, node.id, sides)),
            section("Used for", _used_for(reading, node.id)),
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


def _used_for(reading: Reading, statement: str) -> Iterator[Told]:
    outgoing = reading.outgoing(statement)
    if not outgoing:
        return
    if len(outgoing) > 1:
        against = sum(step.opposes for step in outgoing)
        does = both_ways(len(outgoing) - against, against, "argument", "in ")
        yield plain(f"It {does}", statement, *(step.id for step in outgoing))
    most = reading.most(_SHOWN)
    for step in outgoing[:most]:
        does = "It opposes this" if step.opposes else "It supports this"
        also = len(step.argument.premises) - 1
        jointly = f", jointly with {count(also, 'other premise')}" if also else ""
        target = reading.mention(step.argument.target)
        told = say("{}{}: {}", does, jointly, target).on(step.id)
        yield told if reading.is_unsourced else [told, say(" ({})", basis_told(reading, step)).on(step.id)]
    if rest := outgoing[most:]:
        again = f"It is a premise of {count(len(rest), 'more argument')}"
        yield plain(again, statement, *(step.id for step in rest))
