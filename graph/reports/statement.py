"""The summary of a statement: who says it, how firmly, what speaks for and against it, and what it bears on."""

from collections.abc import Iterator

from graph.reports.attribution import account, manner
from graph.reports.balance import argued, arguments, balance, lines
from graph.reports.contest import contested
from graph.reports.gaps import gaps
from graph.reports.reading import Reading
from graph.reports.said_figures import figures
from graph.reports.sentence import Phrase, filled, say, together
from graph.reports.witnesses import borrowed, echoes, rests_on
from graph.reports.words import joined, quoted
from schemas.assertion import Assertion
from schemas.statement import Statement
from schemas.summary import Section

_LINES = 3
_SHOWN = 10


def title(reading: Reading, node: Statement) -> str:
    """The summary's title."""
    return reading.text(node.id)


def sections(reading: Reading, node: Statement) -> tuple[Section, ...]:
    """The sections of a statement's summary; those with nothing to say are left out."""
    section = reading.writer.section
    return filled(
        [
            section("In short", [_standing(reading, node), balance(reading, node.id)]),
            section("Who says it", _said(reading, node.id)),
            section("What it rests on", _rests(reading, node.id)),
            section("For", arguments(reading, reading.supporting(node.id))),
            section("Against", arguments(reading, reading.opposing(node.id))),
            section("Strongest lines", lines(reading, node.id, _LINES)),
            section("What it bears on", _bears_on(reading, node.id)),
            section("Figures", figures(reading, [node.id])),
            section("Contested", contested(reading, node.id)),
            section("What is missing", gaps(reading, node.id)),
        ]
    )


def _standing(reading: Reading, node: Statement) -> Phrase:
    said = reading.mention(node.id)
    if node.origin == "constructed":
        return say("{} is an analyst's conclusion, which stands on its arguments alone", said)
    if node.origin == "attributed" and not reading.places(node.id):
        return say("{} is put forward by nobody here: no assertion of it is left", said)
    if not reading.places(node.id):
        return say("{} is put forward by the map's author; no source is given for it", said)
    motives = list(dict.fromkeys(c.motive for c in node.concerns if reading.has(c.motive)))
    if motives:
        return say("{} concerns {}", said, together([_concern(reading, node, motive) for motive in motives]))
    return say("{} concerns no motive in particular", said)


def _concern(reading: Reading, node: Statement, motive: str) -> Phrase:
    """A motive by name, with the parts that the statement plays for it."""
    inferred = {"explicit": "", "inferred": " by a reader's inference"}
    roles = [f"as a {c.role}{inferred[c.basis]}" for c in node.concerns if c.motive == motive]
    return say("{}, {},", reading.motive(motive), joined(roles))


def _said(reading: Reading, statement: str) -> Iterator[Phrase]:
    places = reading.places(statement)
    for place in places:
        yield say("{}{}{}", account(reading, [place]), _where(place), _hedged(place))
        yield from _doubts(reading, place)
    ways = {manner(place) for place in places}
    if len(ways) > 1 and len({place.source for place in places}) > 1:
        yield Phrase("How firmly it is put is not the same everywhere", tuple(place.id for place in places))


def _doubts(reading: Reading, place: Assertion) -> Iterator[Phrase]:
    other = [actor for actor in place.alternative_chain if reading.has(actor)]
    if other:
        yield say("There the words leave open whether {} is the one committed to it", reading.actor(other[-1])).on(
            place.id
        )
    if place.belief_holder is not None and reading.has(place.belief_holder):
        yield say("There the thought is ascribed to {}", reading.actor(place.belief_holder)).on(place.id)


def _where(place: Assertion) -> str:
    paragraph = place.locator.paragraph if place.locator is not None else None
    if paragraph is None:
        return ""
    return f", in paragraph {paragraph}" if paragraph else ", in the headline or a caption"


def _hedged(place: Assertion) -> str:
    """The words of the place that soften it, as they stand there."""
    return f", hedged with {joined([quoted(words) for words in place.hedges])}" if place.hedges else ""


def _rests(reading: Reading, statement: str) -> list[Phrase]:
    found = list(rests_on(reading, [statement], "It", plural=False))
    return [*found, *echoes(reading, [statement]), *borrowed(reading, [statement])]


def _bears_on(reading: Reading, statement: str) -> Iterator[Phrase]:
    outgoing = reading.outgoing(statement)
    for step in outgoing[:_SHOWN]:
        yield argued(reading, step)
    if rest := outgoing[_SHOWN:]:
        yield Phrase(f"It is a premise of {len(rest):,} more arguments", (statement, *(step.id for step in rest)))
