"""Attribution in words: who says what through whom, and how firmly."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, at_most, first_of, say, together
from graph.reports.words import joined, one_line, quoted
from schemas.actor import Actor
from schemas.assertion import Assertion

Manner = Literal["asserted", "presupposed", "reported", "believed", "possible"]
"""How a place puts what it asserts; the modality, or that it is taken for granted."""

_DOES: dict[Manner, tuple[str, str]] = {
    "asserted": ("states {}", "state {}"),
    "presupposed": ("takes for granted {}", "take for granted {}"),
    "reported": ("is reported to say {}", "are reported to say {}"),
    "believed": ("believes {}", "believe {}"),
    "possible": ("holds possible {}", "hold possible {}"),
}
_PASSED_ON: dict[Manner, tuple[str, str]] = {
    "reported": ("passes on, as reported, {}", "pass on, as reported, {}"),
    "believed": ("gives as believed {}", "give as believed {}"),
}
"""For whoever speaks for others that it does not name."""
_DONE: dict[Manner, str] = {
    "asserted": "stated",
    "presupposed": "taken for granted",
    "reported": "reported",
    "believed": "believed",
    "possible": "held possible",
}
_QUOTING = frozenset({"direct-quote", "quote-fragment"})
_UNNAMED = "unattributed-hedge"
_MANY = re.compile(r"^(some|many|most|several|others?|those|few)\b", re.IGNORECASE)
_MOST = 4
_CHAINS = 30
_IN_ONE = 3
"""Statements that go into one sentence whatever their manner."""


def manner(place: Assertion) -> Manner:
    """How a place puts what it asserts."""
    return "presupposed" if place.presupposed and place.modality == "asserted" else place.modality


def by_chain(places: Iterable[Assertion]) -> list[list[Assertion]]:
    """The places grouped by who says them through whom, the largest group first."""
    found: dict[tuple[object, ...], list[Assertion]] = {}
    for place in places:
        key = (place.chain, place.style == _UNNAMED) if place.chain else (place.source,)
        found.setdefault(key, []).append(place)
    return sorted(found.values(), key=lambda group: (-len(group), group[0].chain, group[0].id))


def accounts(reading: Reading, places: Iterable[Assertion]) -> Iterator[Phrase]:
    """Sentences on who says what through whom: one for each chain of speakers, or more where it says much."""
    yield from at_most(_accounts(reading, places), _CHAINS, "And so on, {} more times")


def _accounts(reading: Reading, places: Iterable[Assertion]) -> Iterator[Phrase]:
    for group in by_chain(places):
        if len(group) <= _IN_ONE:
            yield account(reading, group)
            continue
        for way in _DOES:
            said = [place for place in group if manner(place) == way]
            if said:
                yield account(reading, said)


def account(reading: Reading, group: Sequence[Assertion]) -> Phrase:
    """A sentence on what one chain of speakers says: "X cites Y, who states “A” and holds possible “B”"."""
    done: dict[Manner, list[Phrase]] = {}
    for place in group:
        done.setdefault(manner(place), []).append(said_here(reading, place))
    opening, many = _opening(reading, group)
    unnamed = group[0].style == _UNNAMED and len(_chain(reading, group[0])) < 2
    parts = []
    for way, forms in _DOES.items():
        if way in done:
            forms = _PASSED_ON.get(way, forms) if unnamed else forms
            parts.append(say(forms[many], first_of(done[way], _MOST, "statement")))
    return say("{} {}", opening, together(parts))


def said_here(reading: Reading, place: Assertion) -> Phrase:
    """What a place says in its own wording, with its conditions."""
    text = quoted(place.wording) if place.wording is not None else reading.mention(place.of).text
    return say("{}{}", text, _circumstances(reading, place)).on(place.of, place.id, *_sources(reading, place))


def voices(reading: Reading, places: Sequence[Assertion]) -> Phrase:
    """Who says something and how firmly: "stated by X and Y, held possible by Z"."""
    spoken: dict[tuple[str | None, bool], list[Assertion]] = {}
    for place in places:
        speaker = reading.speaker(place)
        spoken.setdefault((speaker, speaker is not None and len(place.chain) > 1), []).append(place)
    alike: dict[str, list[Phrase]] = {}
    for (speaker, _), group in spoken.items():
        done, name = _voice(reading, speaker, group)
        alike.setdefault(done, []).append(name)
    return together([say("{} {}", done, together(names)) for done, names in alike.items()], ", ")


def is_many(actor: object) -> bool:
    """Whether verbs for the actor stand in the plural: "analysts say", "the institute says"."""
    if not isinstance(actor, Actor) or actor.actor_kind != "group":
        return False
    head = re.split(r" \(| in | of | from | at | for ", actor.name)[0]
    return bool(_MANY.match(head)) or (head.endswith("s") and not head.endswith("ss"))


def pronoun(actor: object) -> str:
    """Who or which."""
    return "who" if isinstance(actor, Actor) and actor.actor_kind in ("person", "group") else "which"


# --- inside -------------------------------------------------------------------------------------


def _chain(reading: Reading, place: Assertion) -> list[str]:
    return [actor for actor in place.chain if reading.has(actor)]


def _sources(reading: Reading, place: Assertion) -> list[str]:
    return [s for s in (place.source, place.cited_source) if s is not None and reading.has(s)]


def _circumstances(reading: Reading, place: Assertion) -> Phrase:
    known = [Phrase(place.horizon.replace("-", " "))] if place.horizon else []
    known += [Phrase("a forecast")] if place.forecast else []
    known += [Phrase(f"condition: {one_line(place.condition)}")] if place.condition else []
    if place.belief_holder is not None and reading.has(place.belief_holder):
        known.append(say("a thought ascribed to {}", reading.actor(place.belief_holder)))
    known += [Phrase("attribution ambiguous")] if place.alternative_chain else []
    return say(" ({})", together(known, "; ")) if known else Phrase("")


def _opening(reading: Reading, group: Sequence[Assertion]) -> tuple[Phrase, bool]:
    """The beginning of a sentence up to the verb of the one committed, and whether that verb is a plural."""
    chain = _chain(reading, group[0])
    if not chain:
        return say("{}, naming nobody as committed to it,", reading.source(group[0].source)), False
    actors = [reading.node(actor) for actor in chain]
    last = actors[-1]
    if len(chain) == 1:
        return say("{}, {},", reading.actor(chain[0]), _own_way(reading, group[0], chain[0])), is_many(last)
    quotes = all(place.style in _QUOTING for place in group)
    cites = ("quotes", "quote") if quotes else ("cites", "cite")
    text = say("{} {} {}", reading.actor(chain[0]), cites[is_many(actors[0])], reading.actor(chain[1]))
    for before, actor in zip(actors[1:], chain[2:], strict=False):
        relays = "relay" if is_many(before) else "relays"
        text = say("{}, {} {} {}", text, pronoun(before), relays, reading.actor(actor))
    return say("{}, {}", text, pronoun(last)), is_many(last)


def _own_way(reading: Reading, place: Assertion, actor: str) -> str:
    if place.style == _UNNAMED:
        return "naming nobody"
    node = reading.node(actor)
    if isinstance(node, Actor) and node.actor_kind == "outlet":
        return "in its own voice"
    return f"in {reading.source(place.source).text}"


def _voice(reading: Reading, speaker: str | None, group: Sequence[Assertion]) -> tuple[str, Phrase]:
    """What is done to a statement, and by whom."""
    ids = [node_id for place in group for node_id in (place.id, *_sources(reading, place))]
    if speaker is None:
        where = list(dict.fromkeys(reading.source(place.source).text for place in group))
        return "found, with nobody named, in", Phrase(joined(where), tuple(ids))
    name, ways = reading.actor(speaker).on(*ids), _ways(reading, group)
    if list(ways) == ["reported"]:
        return "reported from" if len(_chain(reading, group[0])) > 1 else "passed on as reported by", name
    return f"{joined(list(ways.values()))} by", name


def _ways(reading: Reading, group: Sequence[Assertion]) -> dict[Manner, str]:
    """Each manner in which something is put, with the sources that put it so where they differ in it."""
    held: dict[Manner, list[str]] = {}
    for place in group:
        held.setdefault(manner(place), []).append(place.source)
    everywhere = {place.source for place in group}
    found: dict[Manner, str] = {}
    for way, sources in held.items():
        here = joined([reading.source(source).text for source in sorted(set(sources))])
        found[way] = _DONE[way] if set(sources) == everywhere else f"{_DONE[way]} (in {here})"
    return found
