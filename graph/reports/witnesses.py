"""What something rests on: how many independent originators, and where several outlets hide one."""

from collections.abc import Iterable, Iterator, Sequence

from graph.reports.originators import Originator, originators
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, first_of, say, together
from graph.reports.words import count, number, verb
from schemas.assertion import Assertion

_SHOWN = 6


def rests_on(reading: Reading, statements: Sequence[str], subject: str, *, plural: bool) -> Iterator[Phrase]:
    """On how many independent originators statements rest; `subject` begins the sentence."""
    places = [place for statement in statements for place in reading.places(statement)]
    if not places:
        return
    found = originators(reading, places)
    sources = _sources(reading, places)
    named = first_of([witness(reading, one) for one in found], _SHOWN, "originator")
    counted = count(len(found), "independent originator") if len(found) > 1 else "one originator"
    rests = "rest" if plural else "rests"
    rest = say("{} {} on {}: {}", subject, rests, counted, Phrase(named.text.rstrip(","), named.ids))
    if len(sources) > len(found):
        them = "them" if plural else "it"
        rest = say("{}, though {} carry {}", rest, first_of(sources, _SHOWN, "source"), them)
    cited = [place.cited_source for place in places if place.cited_source and reading.has(place.cited_source)]
    yield rest.on(*statements, *(node_id for source in sources for node_id in source.ids), *cited)


def witness(reading: Reading, one: Originator) -> Phrase:
    """An originator by name."""
    ids = tuple(place.id for place in one.places)
    names = [reading.actor(actor) for actor in one.actors]
    if not names:
        return say("somebody not named in {}", reading.source(one.places[0].source)).on(*ids)
    if len(names) == 1:
        return names[0].on(*ids)
    return say("{}, who may be one,", together(names)).on(*ids)


def echoes(reading: Reading, statements: Iterable[str]) -> Iterator[Phrase]:
    """Which statements stand in several sources and rest on one originator all the same."""
    alone = [s for s in statements if is_echoed(reading, s)]
    if alone:
        said = first_of([reading.mention(s).on(*(p.id for p in reading.places(s))) for s in alone], 4, "statement")
        sources = _sources(reading, [p for s in alone for p in reading.places(s)])
        rests = verb(len(alone), "stands in more than one source and rests", "stand in more than one source and rest")
        each = "" if len(alone) == 1 else " each"
        template = "{} {} on one originator{}: a second outlet is not a second witness"
        yield say(template, said, rests, each).on(*(node_id for source in sources for node_id in source.ids))


def is_echoed(reading: Reading, statement: str) -> bool:
    """Whether a statement is in more than one source, and one originator is behind all of them."""
    places = reading.places(statement)
    return len({place.source for place in places}) > 1 and len(originators(reading, places)) == 1


def borrowed(reading: Reading, statements: Iterable[str]) -> Iterator[Phrase]:
    """What an outlet says in its own voice and probably has from somebody else."""
    found: dict[tuple[str, str], list[Phrase]] = {}
    for statement in statements:
        for place in reading.places(statement):
            speaker = reading.speaker(place)
            origin = place.probable_origin[-1] if place.probable_origin else None
            if speaker is not None and origin is not None and reading.has(origin) and origin != speaker:
                said = reading.mention(statement).on(place.id, place.source)
                found.setdefault((speaker, origin), []).append(said)
    for (speaker, origin), phrases in found.items():
        what = first_of(phrases, 4, "statement")
        yield say("What {} says without naming anybody for {} probably goes back to {}", reading.actor(speaker), what,
                  reading.actor(origin))  # fmt: skip


def counted_sources(reading: Reading, places: Iterable[Assertion]) -> Phrase:
    """The sources that hold places, with how many each: "EU Today (63) and The Korea Herald (42)"."""
    held: dict[str, int] = {}
    for place in places:
        held[place.source] = held.get(place.source, 0) + 1
    ordered = sorted(held, key=lambda source: (-held[source], source))
    named = [say("{} ({})", reading.source(s), f"{held[s]:,}") for s in ordered]
    return say("{} {}", verb(len(named), "one source,", f"{number(len(named))} sources,"),
               first_of(named, _SHOWN, "source"))  # fmt: skip


def _sources(reading: Reading, places: Iterable[Assertion]) -> list[Phrase]:
    return [reading.source(s) for s in sorted({place.source for place in places})]
