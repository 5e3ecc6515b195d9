"""Attribution in words: who said what through whom, in the wording of that place, and how firmly."""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, cuttable, first_of, plain, remarked, say, together
from graph.reports.words import bare, is_called, one_line
from graph.search.words import folded
from schemas.node import Actor, Assertion, Statement, label

Manner = Literal["asserted", "presupposed", "reported", "believed", "possible"]
"""How a place puts what it asserts; the modality, or that it is taken for granted."""

_SAYING: dict[Manner, str] = {
    "asserted": "{}, {} said",
    "believed": "{}, {} believed",
    "reported": "{}, reportedly, according to {}",
    "possible": "{}, possibly, according to {}",
    "presupposed": "{}, {} took for granted",
}
"""In the past tense, which is the same of one and of many."""
_SAID_FIRST: dict[Manner, str] = {
    "asserted": "{} said: {}",
    "believed": "{} believed: {}",
    "reported": "reportedly, according to {}: {}",
    "possible": "possibly, according to {}: {}",
    "presupposed": "{} took for granted: {}",
}
"""The same of a question or a call, behind whose mark no comma stands."""
_MANNERS: dict[Manner, str] = {
    "asserted": "",
    "believed": "as a belief",
    "reported": "as reported",
    "possible": "as possible",
    "presupposed": "taken for granted",
}
_HEDGE = re.compile(
    r"\b(may|might|could|perhaps|possibl[ey]|possibilit\w+|likelihood|potential(ly)?|probabl[ey]|likely|reported(ly)?|believed|thought"
    r"|seem(s|ed|ingly)?|appear(s|ed)?|apparent(ly)?|alleged(ly)?|supposed(ly)?|suggest(s|ed)?|estimated|said to"
    r"|rumoured|rumored|presumabl[ey]|arguabl[ey])\b",
    re.IGNORECASE,
)
"""Words by which a text says itself that it is not sure."""
_THOUGHT = re.compile(
    r"\b(reckon|think|thought|believ|expect|hop(e|es|ed|ing)\b|assum|fear|calculat|anticipat|consider|judg)",
    re.IGNORECASE,
)
"""Words by which a text tells a thought itself."""
_UNNAMED = "unattributed-hedge"
_OWN_VOICE = "outlet-voice"
_CONDITIONAL = re.compile(r"\b(if|when|once|after|should|unless|in case|as long as|in the event)\b", re.IGNORECASE)
"""Words by which a text tells its condition itself."""
_SPAN = re.compile(r"\b(long|near|short|medium)[- ](run|term)\b", re.IGNORECASE)
_MOST = 3
_IN_OTHER_WORDS = {"narrower": "more narrowly", "broader": "more broadly", "altered": "with a difference"}


class Voice(NamedTuple):
    """What some say in the same words and manner."""

    text: str
    way: Manner
    holder: str | None
    """Whose thought it is, where they ascribe it to somebody."""
    places: tuple[Assertion, ...]


def manner(place: Assertion) -> Manner:
    """How a place puts what it asserts."""
    return "presupposed" if place.presupposed and place.modality == "asserted" else place.modality


def is_hedged(text: str) -> bool:
    """Whether a text itself says that it is not sure, so that no other hedge may be set before it."""
    return _HEDGE.search(text) is not None


def voices(reading: Reading, places: Iterable[Assertion]) -> list[Voice]:
    """Places by what they say and how, the one first by which it is best told."""
    found: dict[tuple[str, Manner, str | None], list[Assertion]] = {}
    for place in sorted(places, key=reading.rank):
        text, way = reading.wording(place), manner(place)
        if way != "asserted" and (is_hedged(text) or (way == "believed" and _THOUGHT.search(text))):
            way = "asserted"
        found.setdefault((text, way, _holder(reading, place, text)), []).append(place)
    return [Voice(*key, tuple(group)) for key, group in found.items()]


def said(reading: Reading, statement: str, by: Iterable[str] | None = None, *, brief: bool = False) -> list[Phrase]:
    """A statement with who says it, in clauses: in the wording of one place, then who else says it.

    `by` keeps those who are committed to it. Where nobody says it, it is told what it is instead.
    """
    key = statement, None if by is None else tuple(by), brief
    found = reading.said.get(key)
    if found is None:
        found = reading.said[key] = _said(reading, statement, key[1], brief=brief)
    return list(found)


def _said(reading: Reading, statement: str, by: Sequence[str] | None, *, brief: bool) -> list[Phrase]:
    places = reading.places(statement)
    if by is not None:
        chosen = set(by)
        places = tuple(place for place in places if reading.speaker(place) in chosen) or places
    if not places:
        return [unsaid(reading, statement)]
    first, *others = voices(reading, places)
    clauses = [spoken(reading, first, introduced=True)]
    told = {_voice_key(reading, place) for place in first.places}
    more = [p for voice in others for p in voice.places if _voice_key(reading, p) not in told]
    if more and not brief:
        clauses.append(_in_other_words(reading, more).spare())
    return clauses


def spoken(reading: Reading, voice: Voice, *, introduced: bool = False, is_subject: bool = False) -> Phrase:
    """One voice as a clause: "The tie will last, Nam Sung-wook (former president of the INSS) said".

    Of what is told about the speaker alone (`is_subject`) only the manner is told.
    """
    ids = [i for place in voice.places for i in (place.of, place.id, *sources_of(reading, place))]
    circumstances = _circumstances(voice)
    text = say("{}{}", cuttable(voice.text), circumstances).on(*ids)
    if is_subject and voice.holder is None:
        way = plain(_MANNERS[voice.way])
        if not way.text:
            return text
        return remarked(text, way) if circumstances.text else say("{} ({})", text, way)
    names = _names(reading, voice.places, introduced=introduced)
    called = is_called(voice.text)
    if voice.holder is not None and called:
        return say("{} believed, according to {}: {}", reading.actor(voice.holder), names, text)
    if voice.holder is not None:
        return say("{}, {} believed, according to {}", text, reading.actor(voice.holder), names)
    if called:
        return say(_SAID_FIRST[voice.way], names, text)
    return say(_SAYING[voice.way], text, names)


def unsaid(reading: Reading, statement: str) -> Phrase:
    """A point that no place in the view asserts, with what it is instead."""
    node, told = reading.node(statement), reading.mention(statement)
    if reading.constructed(statement):
        return say("{} ({})", told, plain(f"a conclusion, {reading.standing(statement)}"))
    if isinstance(node, Statement) and node.origin == "attributed":
        return say("{} (nobody in this view says it)", told)
    if reading.is_unsourced:
        return told
    return say("{} (the map author's own, without a source)", told)


def by_name(reading: Reading, place: Assertion, *, introduced: bool = False) -> Phrase:
    """Who is committed to a place through whom, as far as the words tell."""
    chain = [actor for actor in place.chain if reading.has(actor)]
    if not chain:
        return say("somebody whom {} does not name", reading.source(place.source))
    last = chain[-1]
    name = reading.names.introduced(last) if introduced else reading.actor(last)
    if len(chain) > 2:
        name = remarked(name, say("relayed by {}", together([reading.actor(a) for a in chain[1:-1]])))
    origin = place.probable_origin[-1] if place.probable_origin else None
    other = [a for a in place.alternative_chain if reading.has(a) and a != last]
    if origin is not None and reading.has(origin) and origin != last:
        return remarked(name, say("probably after {}", reading.actor(origin)))
    if other:
        return remarked(name, say("or perhaps {}", reading.actor(other[-1])))
    if len(chain) == 1 and place.style == _UNNAMED:
        return remarked(name, plain("naming nobody"))
    return name


def is_in_its_own_voice(reading: Reading, place: Assertion) -> bool:
    """Whether an outlet says it itself, and neither the words nor another source mean anybody else."""
    chain = [actor for actor in place.chain if reading.has(actor)]
    node = reading.node(chain[0]) if len(chain) == 1 else None
    is_outlet = isinstance(node, Actor) and node.actor_kind == "outlet"
    meant = place.probable_origin or place.alternative_chain or place.cited_source or place.belief_holder
    return is_outlet and len(place.chain) == 1 and place.style in (None, _OWN_VOICE) and not meant


def sources_of(reading: Reading, place: Assertion) -> list[str]:
    """The sources of the view that a place is found in or relies on."""
    return [s for s in (place.source, place.cited_source) if s is not None and reading.has(s)]


# --- inside -------------------------------------------------------------------------------------


def _voice_key(reading: Reading, place: Assertion) -> tuple[str | None, str | None]:
    speaker = reading.speaker(place)
    return speaker, place.source if speaker is None else None


def _names(reading: Reading, places: Sequence[Assertion], *, introduced: bool) -> Phrase:
    """The speakers of some places, each once, the first of them with its office."""
    found: dict[str, tuple[Phrase, list[str]]] = {}
    plainly = {reading.speaker(place) for place in places if _is_plain(reading, place)}
    for place in places:
        told = reading.speaker(place) if reading.speaker(place) in plainly else None
        name = by_name(reading, place) if told is None else reading.actor(told)
        known = found.get(name.text)
        if known is None:
            first = introduced and not found
            named_by = by_name(reading, place, introduced=first)
            if told is not None:
                named_by = reading.names.introduced(told) if first else name
            found[name.text] = named_by, []
        else:
            known[1].extend(name.ids)
    return first_of([name.on(*dict.fromkeys(ids)) for name, ids in found.values()], _MOST, "speaker")


def _is_plain(reading: Reading, place: Assertion) -> bool:
    """Whether nothing is remarked on who is committed to a place: then no other place puts it in doubt again."""
    speaker = reading.speaker(place)
    return speaker is not None and by_name(reading, place).text == reading.actor(speaker).text


def _in_other_words(reading: Reading, places: Sequence[Assertion]) -> Phrase:
    """Those who say it too, in words that are not told here."""
    ways: dict[str, list[Assertion]] = {}
    for place in places:
        ways.setdefault(_IN_OTHER_WORDS.get(place.match or "", "in other words"), []).append(place)
    parts = [say("{}, {}", way, _names(reading, group, introduced=False)).on(
        *(i for p in group for i in (p.id, *sources_of(reading, p)))) for way, group in ways.items()]  # fmt: skip
    return say("; so did, {}", together(parts, ", ", " and, "))


def _holder(reading: Reading, place: Assertion, text: str) -> str | None:
    """Whose thought a place tells, where its words do not name them."""
    holder = place.belief_holder
    if holder is None or not reading.has(holder) or holder == reading.speaker(place):
        return None
    tells_it = folded(label(reading.node(holder))) in folded(text) or _THOUGHT.search(text)
    return None if tells_it else holder


def _circumstances(voice: Voice) -> Phrase:
    """The horizon and the condition of what is said, where its words do not tell them."""
    place = voice.places[0]
    known: list[Phrase] = []
    if place.horizon and not _tells(voice.text, place.horizon):
        known.append(plain(place.horizon.replace("-", " ")))
    if place.condition and not (_CONDITIONAL.search(voice.text) or _contains(voice.text, place.condition)):
        known.append(say("if {}", cuttable(_bare_condition(place.condition))))
    return say(" ({})", together(known, "; ", "; ")) if known else plain("")


def _bare_condition(condition: str) -> str:
    text = bare(one_line(condition))
    return text[3:] if text.lower().startswith("if ") else text


def _tells(text: str, horizon: str) -> bool:
    words = horizon.replace("-", " ").split()
    spans = {match[1].lower() for match in _SPAN.finditer(text)}
    return words[0].lower() in spans or _contains(text, " ".join(words))


def _contains(text: str, part: str) -> bool:
    """Whether most words of a part stand in a text."""
    held = set(folded(text).split())
    asked = [word for word in folded(part).split() if len(word) > 2]
    return bool(asked) and sum(word in held for word in asked) * 2 >= len(asked)
