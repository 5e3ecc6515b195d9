"""The summary of a source: what it is, whose words it holds, and what stands in it alone."""

from collections.abc import Iterator, Sequence

from graph.reports.attribution import accounts
from graph.reports.dates import dated
from graph.reports.reading import Reading
from graph.reports.said_figures import differing, figures
from graph.reports.sentence import Phrase, filled, first_of, say, together
from graph.reports.speech import passages_leaning
from graph.reports.words import count, number, quoted, verb
from schemas.assertion import Assertion
from schemas.source import Source
from schemas.statement import Statement
from schemas.summary import Section

_SHOWN = 8


def title(node: Source) -> str:
    """The summary's title."""
    return node.title


def sections(reading: Reading, node: Source) -> tuple[Section, ...]:
    """The sections of a source's summary; those with nothing to say are left out."""
    places, steps = _held(reading, node.id)
    statements = list(dict.fromkeys(place.of for place in places))
    section = reading.writer.section
    return filled(
        [
            section("In short", [_what(reading, node), *_origin(reading, node), *_volume(node, places, steps)]),
            section("Who speaks in it", [*_speakers(reading, node, places), *accounts(reading, places)]),
            section("What stands here alone", _alone(reading, node, places)),
            section("Figures", figures(reading, dict.fromkeys(place.of for place in places if place.quantities))),
            section("What is missing", _gaps(reading, node, places, statements)),
        ]
    )


def _held(reading: Reading, source: str) -> tuple[list[Assertion], list[Assertion]]:
    """The assertions found in a source or citing it: those of statements, and those of arguments."""
    places = map(reading.node, reading.graph.holders(source, ("found_in", "cites")))
    found = [node for node in places if isinstance(node, Assertion) and reading.has(node.of)]
    said = {place.id for place in found if isinstance(reading.node(place.of), Statement)}
    return [p for p in found if p.id in said], [p for p in found if p.id not in said]


def _what(reading: Reading, node: Source) -> Phrase:
    kind = node.source_kind.replace("-", " ")
    phrase = Phrase(f"{quoted(node.title)} is {'an' if kind[0] in 'aeiou' else 'a'} {kind}", (node.id,))
    if node.publisher is not None and reading.has(node.publisher):
        phrase = say("{} published by {}", phrase, reading.actor(node.publisher))
    authors = [reading.actor(a) for a in node.author if reading.has(a) and a != node.publisher]
    if authors:
        phrase = say("{} {} {}", phrase, "by" if node.source_kind in ("article", "report") else "of", together(authors))
    return say("{}, {}", phrase, dated(node.published))


def _origin(reading: Reading, node: Source) -> Iterator[Phrase]:
    if node.status != "current":
        yield say("It is marked as {}", node.status).on(node.id)
    if node.reliability is not None:
        yield say("Its reliability is graded {} on the scale from A (reliable) to F (cannot be judged)",
                  node.reliability).on(node.id)  # fmt: skip
    related = (
        ("The map knows it as cited in {}", node.cited_in),
        ("It passes on the content of {}", node.repeats),
        ("It is probably the same as {}", node.same_as),
    )
    for template, others in related:
        named = [reading.source(other) for other in others if reading.has(other)]
        if named:
            yield say(template, together(named)).on(node.id)


def _volume(node: Source, places: Sequence[Assertion], steps: Sequence[Assertion]) -> Iterator[Phrase]:
    if not places and not steps:
        yield Phrase("Nothing in this view is found in it or cites it", (node.id,))
        return
    statements = list(dict.fromkeys(place.of for place in places))
    ids = [node_id for place in places for node_id in (place.id, place.of)]
    if places:
        held = count(len(statements), "statement")
        yield say("It holds {} {} on the map's question", held, passages_leaning(places)).on(node.id, *ids)
    marked = [place for place in steps if place.basis == "explicit"]
    if steps:
        told = f"{count(len(steps), 'step')} of argument, of which its words mark {number(len(marked))}"
        yield say("In it {} found {}", verb(len(steps), "is", "are"), told).on(
            node.id, *(node_id for place in steps for node_id in (place.id, place.of))
        )


def _speakers(reading: Reading, node: Source, places: Sequence[Assertion]) -> Iterator[Phrase]:
    held: dict[str, list[str]] = {}
    for place in places:
        speaker = reading.speaker(place)
        if speaker is not None:
            held.setdefault(speaker, []).append(place.id)
    ordered = sorted(held, key=lambda actor: (-len(held[actor]), actor))
    own = {node.publisher: "{} in its own voice"}
    named = [say(own.get(actor, "{}"), reading.actor(actor)).on(*held[actor]) for actor in ordered]
    if named:
        template = "{} {} committed to what it says: {}"
        are = verb(len(named), "is", "are")
        yield say(template, count(len(named), "actor"), are, first_of(named, _SHOWN, "actor")).on(node.id)


def _alone(reading: Reading, node: Source, places: Sequence[Assertion]) -> Iterator[Phrase]:
    held = {place.id for place in places}
    others = {s: [p for p in reading.places(s) if p.id not in held] for s in dict.fromkeys(p.of for p in places)}
    alone, shared = [s for s in others if not others[s]], [s for s in others if others[s]]
    if alone and reading.graph.counts["source"] > 1:
        said = first_of([reading.mention(s) for s in alone], _SHOWN, "statement")
        stand = verb(len(alone), "statement stands", "statements stand")
        yield say("{} {} nowhere else: {}", number(len(alone)), stand, said).on(node.id)
    if shared:
        elsewhere = [place for s in shared for place in others[s]]
        sources = first_of([reading.source(s) for s in sorted({p.source for p in elsewhere})], _SHOWN, "source")
        stand = verb(len(shared), "statement also stands in", "statements also stand in")
        yield say("{} {} {}", number(len(shared)), stand, sources).on(*shared, *(p.id for p in elsewhere))


def _gaps(reading: Reading, node: Source, places: Sequence[Assertion], statements: Sequence[str]) -> Iterator[Phrase]:
    if node.published is None:
        yield Phrase("No date of it is known", (node.id,))
    if not any(reading.has(actor) for actor in (*node.author, *([node.publisher] if node.publisher else []))):
        yield Phrase("Nobody is named as its author or publisher", (node.id,))
    other = differing(reading, statements)
    if other:
        said = first_of([reading.mention(s) for s in other], _SHOWN, "statement")
        yield say("Another source gives other figures for {}", said).on(node.id)
    unnamed = [place for place in places if place.style == "unattributed-hedge"]
    if unnamed:
        said = first_of([reading.mention(place.of).on(place.id) for place in unnamed], _SHOWN, "statement")
        yield say("It passes on without naming anybody: {}", said).on(node.id)
