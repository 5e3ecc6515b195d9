"""The summary of a motive: what speaks for and against it, who says so, and what nobody says."""

from graph.reports.attribution import accounts
from graph.reports.balance import arguments, balance, lines
from graph.reports.contest import contested
from graph.reports.gaps import gaps
from graph.reports.lines import asserted_support
from graph.reports.reading import Reading
from graph.reports.said_figures import figures
from graph.reports.sentence import Phrase, filled, say
from graph.reports.witnesses import borrowed, echoes, rests_on
from graph.reports.words import quoted, verb
from schemas.motive import Motive
from schemas.summary import Section

_LINES = 3


def title(node: Motive) -> str:
    """The summary's title."""
    return f"{node.name}: {node.text}"


def sections(reading: Reading, node: Motive) -> tuple[Section, ...]:
    """The sections of a motive's summary; those with nothing to say are left out."""
    support = asserted_support(reading, node.id)
    concerned = [*support, *(s for s in concerning(reading, node.id) if s not in support)]
    places = [place for statement in concerned for place in reading.places(statement)]
    section = reading.writer.section
    return filled(
        [
            section("In short", [_claim(reading, node), balance(reading, node.id)]),
            section("For", arguments(reading, reading.supporting(node.id))),
            section("Against", arguments(reading, reading.opposing(node.id))),
            section("Strongest lines", lines(reading, node.id, _LINES)),
            section("Who says what", list(accounts(reading, places)) or [_nobody(node)]),
            section("What it rests on", _rests(reading, support)),
            section("Figures", figures(reading, concerned)),
            section("Contested", contested(reading, node.id)),
            section("What is missing", gaps(reading, node.id)),
        ]
    )


def concerning(reading: Reading, motive: str) -> list[str]:
    """The statements that concern a motive, in the order of their ids."""
    return reading.graph.holders(motive, ("concerns",))


def _claim(reading: Reading, node: Motive) -> Phrase:
    claim = Phrase(quoted(node.text), (node.id,))
    if not reading.has(node.actor):
        return say("As a motive, {} is the claim {}", quoted(node.name), claim)
    return say("As a motive of {}, {} is the claim {}", reading.actor(node.actor), quoted(node.name), claim)


def _rests(reading: Reading, support: list[str]) -> list[Phrase]:
    subject = f"The {verb(len(support), 'statement', 'statements')} behind its support"
    found = list(rests_on(reading, support, subject, plural=len(support) > 1))
    return [*found, *echoes(reading, support), *borrowed(reading, support)]


def _nobody(node: Motive) -> Phrase:
    return Phrase("Nobody is recorded as saying anything that concerns it", (node.id,))
