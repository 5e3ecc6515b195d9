"""The summary of an actor: who it is, what it says through whom, and who stands against it."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from graph.reports.attribution import by_name, spoken, voices
from graph.reports.brief import Item
from graph.reports.figures import figures
from graph.reports.reading import Reading, Step
from graph.reports.sentence import Phrase, Told, at_most, clauses_of, filled, first_of, plain, say
from graph.reports.sides import Sides, speakers, step_in_brief
from graph.reports.speech import Speech, speech, volume
from graph.reports.witnesses import witnesses
from graph.reports.words import count, number, verb
from schemas.node import Actor, Assertion, Motive
from schemas.summary import Section

_SHOWN = 10
_FEW = 6
_CHOSEN_FROM = 10
"""Statements, the most used, of which a brief tells some."""
_MORE = "So it goes in {} more cases"


def actor_title(node: Actor) -> str:
    """The summary's title."""
    return node.name


def actor_sections(reading: Reading, node: Actor) -> tuple[Section, ...]:
    """The sections of an actor's summary; those with nothing to say are left out."""
    heard = speech(reading, node.id)
    section, sides = reading.writer.section, Sides(reading)
    return filled(
        [
            section("In short", [*_volume(reading, node, heard), *_kin(reading, node), *_motives(reading, node)]),
            section("What it says", _claims(reading, heard)),
            section("What it opposes", sides.steps(_opposed_by(reading, node.id, heard), "objection")),
            section("Against what it says", _against(reading, heard, sides)),
            section("What it passes on", _relayed(reading, heard.relayed)),
            section("What is said of it", _ascribed(reading, node, heard.ascribed)),
            section("Figures", figures(reading, heard.statements)),
            section("What is missing", _gaps(reading, node, heard)),
        ]
    )


def actor_brief(reading: Reading, node: Actor) -> Iterator[Item]:
    """The sentences of an actor's brief."""
    heard = speech(reading, node.id)
    yield from (Item(0, _introduced(clauses_of(told)[0])) for told in _volume(reading, node, heard))
    used = _by_use(reading, heard.statements)[:_CHOSEN_FROM]
    for n, told in enumerate(sorted((_in_brief(reading, node, s) for s in used), key=lambda told: not told.is_own)[:3]):
        yield Item(1 + 2 * n, told.words)
    opposed = _opposed_by(reading, node.id, heard)
    if opposed:
        target = opposed[0].argument.target
        does = "Challenges" if reading.node(target).kind == "argument" else "Opposes this:"
        yield Item(2, say("{} {}", does, reading.mention(target)).on(opposed[0].id))
    against = [step for s in heard.statements for step in reading.opposing(s) if not _is_by(reading, step, node.id)]
    if against:
        yield Item(3, step_in_brief(reading, min(against, key=lambda step: step.order), "Opposed by:"))
    yield from (Item(5, told) for told in _motives(reading, node))
    alone = _alone(reading, node, heard)
    if alone:
        yield Item(4, plain(f"Sole witness for {count(len(alone), 'statement')}", *alone))


def _introduced(clause: Phrase) -> Phrase:
    """What begins an actor's brief: its office stays, whatever gives way."""
    return clause._replace(parts=tuple(p._replace(kind="own") if p.kind == "office" else p for p in clause.parts))


class _InBrief(NamedTuple):
    words: Told
    is_own: bool
    """Whether the words leave no doubt that the actor itself means it."""


def _in_brief(reading: Reading, node: Actor, statement: str) -> _InBrief:
    """What an actor says, with its name where somebody else may mean it."""
    [voice, *_] = voices(reading, [p for p in reading.places(statement) if reading.speaker(p) == node.id])
    if any(by_name(reading, place).text != reading.actor(node.id).text for place in voice.places):
        return _InBrief(spoken(reading, voice), is_own=False)
    return _InBrief(say("Says: {}", spoken(reading, voice, is_subject=True)), is_own=True)


def _volume(reading: Reading, node: Actor, heard: Speech) -> Iterator[Told]:
    if heard.said:
        yield volume(reading, node.id, heard.said)
        return
    name = reading.names.introduced(node.id)
    if heard.relayed:
        passages = count(len(heard.relayed), "passage")
        yield say("Nothing here is said by {}, by whom others are passed on in {}", name, passages).on(node.id)
    else:
        about = reading.graph.holders(node.id, ("about",))
        of = "them" if node.actor_kind in ("person", "group") else "it"
        told = f"; {count(len(about), 'statement')} {verb(len(about), 'speaks', 'speak')} of {of}" if about else ""
        yield say("Nothing here is said by {}{}", name, told).on(node.id, *about)


def _kin(reading: Reading, node: Actor) -> Iterator[Phrase]:
    others = [reading.actor(actor) for actor in node.affiliations if reading.has(actor)]
    if others:
        yield say("Linked to {}", first_of(others, _FEW, "actor")).on(node.id)
    same = [reading.actor(actor) for actor in node.same_as if reading.has(actor)]
    if same:
        yield say("Probably the same as {}", first_of(same, _FEW, "actor")).on(node.id)


def _motives(reading: Reading, node: Actor) -> Iterator[Phrase]:
    held = [reading.graph.node(i) for i in reading.graph.holders(node.id, ("has_motive",))]
    found = [reading.motive(m.id) for m in held if isinstance(m, Motive)]
    if found:
        yield say("{} ascribed here: {}", count(len(found), "motive"), first_of(found, _FEW, "motive")).on(node.id)


def _claims(reading: Reading, heard: Speech) -> Iterator[Told]:
    """What an actor says, in its words at each place, what is used most first."""
    by_statement: dict[str, list[Assertion]] = {}
    for place in heard.said:
        by_statement.setdefault(place.of, []).append(place)
    ordered = _by_use(reading, list(by_statement))
    told: list[Told] = [
        spoken(reading, voice, is_subject=True) for s in ordered for voice in voices(reading, by_statement[s])[:1]
    ]
    yield from at_most(told, reading.most(_SHOWN), "{} more statements follow")


def _by_use(reading: Reading, statements: Sequence[str]) -> list[str]:
    """Statements by how weightily they are used: on what is contested first, then for or against a conclusion."""

    def key(statement: str) -> tuple[bool, float, float, str]:
        use = reading.use(statement)
        return not use.disputed, -use.to_conclusion, -use.heaviest, statement

    return sorted(statements, key=key)


def _opposed_by(reading: Reading, actor: str, heard: Speech) -> list[Step]:
    """The opposing steps that an actor is committed to, wherever its own words are their premises."""
    steps = {step.id: step for s in heard.statements for step in reading.outgoing(s) if step.opposes}
    spoken_by = reading.graph.holders(actor, ("spoken_by",))
    for place in map(reading.node, spoken_by):
        if isinstance(place, Assertion) and reading.has(place.of) and reading.node(place.of).kind == "argument":
            step = reading.step(place.of)
            if step.opposes:
                steps[step.id] = step
    return sorted((s for s in steps.values() if _is_by(reading, s, actor)), key=lambda step: step.order)


def _is_by(reading: Reading, step: Step, actor: str) -> bool:
    return actor in speakers(reading, step)


def _against(reading: Reading, heard: Speech, sides: Sides) -> Iterator[Told]:
    steps = {step.id: step for statement in heard.statements for step in reading.opposing(statement)}
    yield from sides.steps(sorted(steps.values(), key=lambda step: step.order), "objection")
    free = [s for s in heard.statements if not reading.opposing(s)]
    if steps and free:
        yield plain(f"Nothing opposes {count(len(free), 'other statement')}", *free)


def _relayed(reading: Reading, places: Sequence[Assertion]) -> Iterator[Told]:
    by_speaker: dict[str, list[Assertion]] = {}
    for place in places:
        if reading.has(place.chain[-1]):
            by_speaker.setdefault(place.chain[-1], []).append(place)
    ordered = sorted(by_speaker, key=lambda actor: (-len(by_speaker[actor]), actor))
    named = [_counted(reading, actor, by_speaker[actor]) for actor in ordered]
    if named:
        passages = count(sum(map(len, by_speaker.values())), "passage")
        yield say("Passed on in {}: {}", passages, first_of(named, _FEW, "speaker"))


def _counted(reading: Reading, actor: str, places: Sequence[Assertion]) -> Phrase:
    ids = [i for place in places for i in (place.id, place.of, place.source) if reading.has(i)]
    return say("{} ({})", reading.actor(actor), f"{len(places):,}").on(*ids)


def _ascribed(reading: Reading, node: Actor, places: Sequence[Assertion]) -> Iterator[Told]:
    told = [spoken(reading, voice) for voice in voices(reading, places)]
    yield from at_most(told, reading.most(_SHOWN), _MORE)
    spoken_of = reading.graph.holders(node.id, ("about",))
    if spoken_of:
        does = verb(len(spoken_of), "speaks", "speak")
        yield say("{} {} of {}", count(len(spoken_of), "statement"), does, reading.actor(node.id)).on(*spoken_of)


def _alone(reading: Reading, node: Actor, heard: Speech) -> list[str]:
    """The statements that have no witness but this actor: who probably passes on another is none."""
    number = reading.graph.number(node.id)
    found = ((s, witnesses(reading, [s]).found) for s in heard.statements)
    return [s for s, every in found if len(every) == 1 and number in every[0].actors]


def _gaps(reading: Reading, node: Actor, heard: Speech) -> Iterator[Told]:
    alone = _alone(reading, node, heard)
    if alone and len(alone) < len(heard.statements):
        yield plain(f"Sole witness for {number(len(alone))} of {count(len(heard.statements), 'statement')}", *alone)
    elif alone:
        yield plain("Sole witness for all of it", *alone)
    taken = _only_presupposed(heard)
    if taken:
        ids = [i for of, places in taken.items() for i in (of, *places)]
        yield plain(f"Taken for granted, and nowhere stated: {count(len(taken), 'statement')}", *ids)


def _only_presupposed(heard: Speech) -> dict[str, list[str]]:
    """The statements that the actor only takes for granted, with the places of each."""
    found: dict[str, list[str]] = {}
    for place in heard.said:
        found.setdefault(place.of, []).append(place.id)
    stated = {place.of for place in heard.said if not place.presupposed}
    return {of: ids for of, ids in found.items() if of not in stated}
