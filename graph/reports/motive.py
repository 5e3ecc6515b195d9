"""The summary of a motive: how it stands, what speaks for and against it, who says so, and what nobody says."""

from collections.abc import Iterator

from graph.reports.circles import circular
from graph.reports.lines import asserted_support, lines
from graph.reports.missing import gaps
from graph.reports.reading import Reading
from graph.reports.said_figures import figures
from graph.reports.sentence import Told, filled, plain, say
from graph.reports.sides import Sides, further_back, point
from graph.reports.speech import heard
from graph.reports.witnesses import echoes, rests_on
from graph.reports.words import verb
from schemas.motive import Motive
from schemas.summary import Section

_LINES = 3


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
            section("In short", [*_point(reading, node), *circular(reading, node.id)]),
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


def _point(reading: Reading, node: Motive) -> Iterator[Told]:
    yield point(reading, node.id)
    if reading.has(node.actor):
        yield say("A motive of {}", reading.actor(node.actor)).on(node.id)


def _rests(reading: Reading, support: list[str]) -> Iterator[Told]:
    subject = f"The {verb(len(support), 'statement', 'statements')} behind its support"
    yield from rests_on(reading, support, subject, plural=len(support) > 1)
    yield from echoes(reading, support)


def _nobody(node: Motive) -> Told:
    return plain("Nobody is recorded as saying anything that concerns it", node.id)
