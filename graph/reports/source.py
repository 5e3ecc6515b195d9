"""The summary of a source: what it is, whose words it holds, and what stands in it alone."""

import re
from collections.abc import Iterator, Sequence

from graph.reports.attribution import spoken, voices
from graph.reports.brief import Item
from graph.reports.figures import differing, figures
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, Told, at_most, cuttable, filled, first_of, plain, say
from graph.reports.sides import listed
from graph.reports.speech import heard, passages_leaning
from graph.reports.words import colon, count, number, one_line, verb
from schemas.dates import Date, Day, dating_of, span_of
from schemas.node import Assertion, Source, Statement
from schemas.summary import Section

_SHOWN = 10
_FEW = 3


def source_title(node: Source) -> str:
    """The summary's title."""
    return node.title


def source_sections(reading: Reading, node: Source) -> tuple[Section, ...]:
    """The sections of a source's summary; those with nothing to say are left out."""
    places, steps = _held(reading, node.id)
    statements = list(dict.fromkeys(place.of for place in places))
    section = reading.writer.section
    return filled(
        [
            section("In short", [*_status(reading, node), _what(reading, node), *_volume(node, places, steps)]),
            section("Who speaks in it", _speakers(reading, places)),
            section("What it says", _claims(reading, places)),
            section("What stands here alone", _alone(reading, node, places)),
            section("Figures", figures(reading, dict.fromkeys(place.of for place in places if place.quantities))),
            section("Where it stands among the others", _related(reading, node)),
            section("What is missing", _gaps(reading, node, places, statements)),
        ]
    )


def source_brief(reading: Reading, node: Source) -> Iterator[Item]:
    """The sentences of a source's brief."""
    places, steps = _held(reading, node.id)
    yield from (Item(0, told) for told in (*_status(reading, node), _what(reading, node)))
    yield from (Item(1, told) for told in _volume(node, places, steps))
    used = sorted({place.of for place in places}, key=lambda s: (-_use(reading, s), s))
    inside = {place.id for place in places}
    for n, statement in enumerate(used[:_FEW]):
        [voice, *_] = voices(reading, [p for p in reading.places(statement) if p.id in inside])
        yield Item(2 + 2 * n, spoken(reading, voice, introduced=True))
    speaking = {reading.speaker(place) for place in places} - {None}
    if speaking:
        yield Item(3, plain(f"{count(len(speaking), 'actor')} {verb(len(speaking), 'speaks', 'speak')} in it",
                            *sorted(s for s in speaking if s)))  # fmt: skip
    yield from (Item(5, told) for told in _alone(reading, node, places))


def _use(reading: Reading, statement: str) -> float:
    return max((step.weight for step in reading.outgoing(statement)), default=0.0)


def _held(reading: Reading, source: str) -> tuple[list[Assertion], list[Assertion]]:
    """The assertions found in a source or citing it: those of statements, and those of arguments."""
    places = map(reading.node, reading.graph.holders(source, ("found_in", "cites")))
    found = [node for node in places if isinstance(node, Assertion) and reading.has(node.of)]
    told = {place.id for place in found if isinstance(reading.node(place.of), Statement)}
    return [p for p in found if p.id in told], [p for p in found if p.id not in told]


def _what(reading: Reading, node: Source) -> Phrase:
    kind = node.source_kind.replace("-", " ")
    title = one_line(node.title)
    phrase = say("{}{} {} {}", cuttable(title, node.id), colon(title), "an" if kind[0] in "aeiou" else "a", kind)
    if node.publisher is not None and reading.has(node.publisher):
        phrase = say("{} published by {}", phrase, reading.actor(node.publisher))
    authors = [reading.actor(a) for a in node.author if reading.has(a) and a != node.publisher]
    if authors:
        by = "by" if node.source_kind in ("article", "report") else "of"
        phrase = say("{} {} {}", phrase, by, first_of(authors, _FEW, "author"))
    return say("{}, {}", phrase, dated(node.published))


def _status(reading: Reading, node: Source) -> Iterator[Phrase]:
    if node.status != "current":
        yield say("It has been {}", node.status).on(node.id)


def _related(reading: Reading, node: Source) -> Iterator[Phrase]:
    if node.reliability is not None:
        yield say(
            "Its reliability is graded {} on the scale from A (reliable) to F (cannot be judged)", node.reliability
        ).on(node.id)
    related = (
        ("It is cited in {}", node.cited_in),
        ("It passes on the content of {}", node.repeats),
        ("It is probably the same as {}", node.same_as),
    )
    for template, others in related:
        named = [reading.source(other) for other in others if reading.has(other)]
        if named:
            yield say(template, first_of(named, _FEW, "source")).on(node.id)


def _volume(node: Source, places: Sequence[Assertion], steps: Sequence[Assertion]) -> Iterator[Phrase]:
    if not places and not steps:
        yield plain("Nothing in this view is found in it or cites it", node.id)
        return
    statements = list(dict.fromkeys(place.of for place in places))
    ids = [node_id for place in places for node_id in (place.id, place.of)]
    if places:
        held = count(len(statements), "statement")
        yield plain(f"It holds {held} {passages_leaning(places)}", node.id, *ids)
    marked = [place for place in steps if place.basis == "explicit"]
    if steps:
        told = f"{count(len(steps), 'step of argument')} {verb(len(steps), 'is', 'are')} found in it"
        yield plain(f"{told}; its words mark {number(len(marked)) if marked else 'none'}", node.id,
                    *(i for place in steps for i in (place.id, place.of)))  # fmt: skip


def _speakers(reading: Reading, places: Sequence[Assertion]) -> Iterator[Told]:
    speaking = {reading.speaker(place) for place in places} - {None}
    if speaking:
        are = verb(len(speaking), "speaks", "speak")
        yield plain(f"{count(len(speaking), 'actor')} {are} in it", *sorted(s for s in speaking if s))
    inside = {place.id for place in places}
    yield from heard(reading, dict.fromkeys(place.of for place in places), inside)
    nobody = [place for place in places if not place.chain]
    unnamed = [place for place in places if place.style == "unattributed-hedge" and place.chain]
    for found, how in ((nobody, "with nobody named"), (unnamed, "on the word of somebody it does not name")):
        if found:
            yield plain(f"{count(len(found), 'passage')} {verb(len(found), 'stands', 'stand')} in it {how}",
                        *(i for place in found for i in (place.id, place.of)))  # fmt: skip


def _claims(reading: Reading, places: Sequence[Assertion]) -> Iterator[Told]:
    """What it says in its own words, what is used most first."""
    by_statement: dict[str, list[Assertion]] = {}
    for place in places:
        by_statement.setdefault(place.of, []).append(place)
    ordered = sorted(by_statement, key=lambda s: (-_use(reading, s), s))
    told: list[Told] = [spoken(reading, voices(reading, by_statement[s])[0]) for s in ordered]
    yield from at_most(told, reading.most(_SHOWN), "It holds {} more statements")


def _alone(reading: Reading, node: Source, places: Sequence[Assertion]) -> Iterator[Told]:
    held = {place.id for place in places}
    others = {s: [p for p in reading.places(s) if p.id not in held] for s in dict.fromkeys(p.of for p in places)}
    alone, shared = [s for s in others if not others[s]], [s for s in others if others[s]]
    if alone and reading.graph.counts["source"] > 1:
        stand = verb(len(alone), "statement stands", "statements stand")
        yield plain(f"{number(len(alone))} {stand} nowhere else", node.id, *alone)
    if shared:
        elsewhere = [place for s in shared for place in others[s]]
        sources = sorted({p.source for p in elsewhere if reading.has(p.source)})
        named = first_of([reading.source(s) for s in sources], _FEW, "source")
        stand = verb(len(shared), "statement also stands in", "statements also stand in")
        yield say("{} {} {}", number(len(shared)), stand, named).on(*shared, *(p.id for p in elsewhere))


def _gaps(reading: Reading, node: Source, places: Sequence[Assertion], statements: Sequence[str]) -> Iterator[Told]:
    if node.published is None:
        yield plain("No date of it is known", node.id)
    if not any(reading.has(actor) for actor in (*node.author, *([node.publisher] if node.publisher else []))):
        yield plain("Nobody is named as its author or publisher", node.id)
    other = differing(reading, statements)
    if other:
        yield say("Another place gives other figures for {}: {}", count(len(other), "statement"),
                  listed(reading, other, _FEW, "statement"))  # fmt: skip


# --- dates in words, as far as they are known -----------------------------------------------------

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_PLAIN = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
_DOUBTS = {"?": "perhaps ", "~": "about ", "%": "perhaps about "}


def dated(date: Date | None) -> str:
    """The date as a part of a sentence: "of 3 November 2024", "undated, not before 22 October 2024"."""
    dating = dating_of(date)
    if dating is None:
        return "undated"
    if dating.value is not None:
        coarse = dating.precision if dating.precision in ("month", "year") else "day"
        return f"of {day(dating.value, parts={'day': 3, 'month': 2, 'year': 1}[coarse])}"
    bounds = [f"not before {day(dating.earliest)}"] if dating.earliest else []
    bounds += [f"not after {day(dating.latest)}"] if dating.latest else []
    return f"undated{''.join(f', {bound}' for bound in bounds)}"


def day(value: str, *, parts: int = 3) -> str:
    """A date as people write it, of year, month and day the first `parts`; one that no calendar has stays as it is."""
    doubt = _DOUBTS.get(value[-1:], "")
    parsed = _PLAIN.fullmatch(value[:-1] if doubt else value)
    if parsed is not None:
        return doubt + _words([int(p) for p in parsed.groups()[:parts] if p is not None], value)
    if value.count("/") == 1:
        begin, end = (None if part in ("", "..") else day(part) for part in value.split("/"))
        return f"from {begin} to {end}" if begin and end else f"from {begin} on" if begin else f"until {end}"
    try:
        span = span_of(value)
    except ValueError:
        return value
    if span.earliest is None or span.latest is None:
        return value
    return f"between {_day(span.earliest)} and {_day(span.latest)}"


def _day(value: Day) -> str:
    return _words(list(value), "")


def _words(numbers: list[int], otherwise: str) -> str:
    year, *rest = numbers
    if rest and not 1 <= rest[0] <= len(_MONTHS):
        return otherwise
    called = f"{year}" if year > 0 else f"{1 - year} BC"
    month = f"{_MONTHS[rest[0] - 1]} {called}" if rest else called
    return f"{rest[1]} {month}" if len(rest) > 1 else month
