"""The summary of an actor: what it says through whom, which way that leans, and who stands against it."""

from collections.abc import Iterator, Sequence

from graph.reports.attribution import accounts, is_many
from graph.reports.contest import attack
from graph.reports.reading import Reading, Step
from graph.reports.said_figures import figures
from graph.reports.sentence import Phrase, at_most, filled, first_of, say, together
from graph.reports.speech import Speech, passages_leaning, speech
from graph.reports.witnesses import counted_sources
from graph.reports.words import count, number, verb
from schemas.actor import Actor
from schemas.assertion import Assertion
from schemas.motive import Motive
from schemas.statement import Statement
from schemas.summary import Section

_SHOWN = 8
_MORE = "And so on, {} more times"


def title(node: Actor) -> str:
    """The summary's title."""
    return node.name


def sections(reading: Reading, node: Actor) -> tuple[Section, ...]:
    """The sections of an actor's summary; those with nothing to say are left out."""
    heard = speech(reading, node.id)
    section = reading.writer.section
    return filled(
        [
            section("In short", [_who(reading, node), *_volume(reading, node, heard)]),
            section("What it says", accounts(reading, heard.said)),
            section("What it speaks to", _topics(reading, heard.statements)),
            section("What it passes on", _relayed(reading, node, heard.relayed)),
            section(
                "What is said of it",
                [*_motives(reading, node), *at_most(_ascribed(reading, node, heard.ascribed), _SHOWN, _MORE)],
            ),
            section("Figures", figures(reading, heard.statements)),
            section("Against what it says", _against(reading, node, heard.statements)),
            section("What it opposes", _opposes(reading, heard.statements)),
            section("What is missing", _gaps(reading, node, heard)),
        ]
    )


def _who(reading: Reading, node: Actor) -> Phrase:
    name = reading.actor(node.id)
    kind = f"{'an' if node.actor_kind[0] in 'aeiou' else 'a'} {node.actor_kind}"
    phrase = say("{} {} {}", name, "are" if is_many(node) else "is", kind)
    others = [reading.actor(actor) for actor in node.affiliations if reading.has(actor)]
    if others:
        phrase = say("{} that the map links to {}", phrase, together(others))
    same = [reading.actor(actor) for actor in node.same_as if reading.has(actor)]
    return say("{}; probably the same as {}", phrase, together(same)) if same else phrase


def _volume(reading: Reading, node: Actor, heard: Speech) -> Iterator[Phrase]:
    name, many = reading.actor(node.id), is_many(node)
    if not heard.said:
        yield say("{} {} nothing here: no assertion ends with it", name, "say" if many else "says")
        return
    ids = [node_id for place in heard.said for node_id in (place.id, place.of)]
    statements, passages = count(len(heard.statements), "statement"), passages_leaning(heard.said)
    template = "{} {} committed to {} {} on the map's question"
    yield say(template, name, "are" if many else "is", statements, passages).on(*ids)
    if all(len(place.chain) > 1 for place in heard.said):
        through = sorted({place.chain[0] for place in heard.said if reading.has(place.chain[0])})
        named = [reading.actor(actor).on(*_through(heard.said, actor)) for actor in through]
        yield say("All of it comes through {}", together(named))


def _through(places: Sequence[Assertion], outlet: str) -> list[str]:
    return [node_id for place in places if place.chain[0] == outlet for node_id in (place.id, place.source)]


def _topics(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    found: dict[str, dict[str, list[str]]] = {}
    for statement in statements:
        node = reading.node(statement)
        for concern in node.concerns if isinstance(node, Statement) else ():
            if reading.has(concern.motive):
                found.setdefault(concern.motive, {}).setdefault(concern.basis, []).append(statement)
    for motive in sorted(found, key=lambda m: (-sum(map(len, found[m].values())), m)):
        explicit = list(dict.fromkeys(found[motive].get("explicit", [])))
        inferred = [s for s in dict.fromkeys(found[motive].get("inferred", [])) if s not in explicit]
        parts = [f"{number(len(explicit))} in so many words"] if explicit else []
        parts += [f"{number(len(inferred))} by a reader's inference"] if inferred else []
        named = reading.motive(motive).on(*explicit, *inferred)
        total = len(explicit) + len(inferred)
        touch = verb(total, "concerns", "concern")
        yield say("{} {} {}: {}", count(total, "statement"), touch, named, together([Phrase(p) for p in parts]))


def _relayed(reading: Reading, node: Actor, places: Sequence[Assertion]) -> Iterator[Phrase]:
    if not places:
        return
    by_speaker: dict[str, list[Assertion]] = {}
    for place in places:
        if reading.has(place.chain[-1]):
            by_speaker.setdefault(place.chain[-1], []).append(place)
    ordered = sorted(by_speaker, key=lambda actor: (-len(by_speaker[actor]), actor))
    passes = "pass" if is_many(node) else "passes"
    named = [_counted(reading, actor, by_speaker[actor], first=actor == ordered[0]) for actor in ordered]
    yield say("{} {} on {}", reading.actor(node.id), passes, first_of(named, _SHOWN, "speaker"))


def _counted(reading: Reading, actor: str, places: Sequence[Assertion], *, first: bool) -> Phrase:
    ids = [node_id for place in places for node_id in (place.id, place.of, place.source)]
    in_passages = count(len(places), "passage") if first else number(len(places))
    return say("{} in {}", reading.actor(actor), in_passages).on(*ids)


def _motives(reading: Reading, node: Actor) -> Iterator[Phrase]:
    held = [n for n in reading.all("motive", Motive) if n.actor == node.id]
    if held:
        named = [reading.motive(motive.id) for motive in held]
        many = count(len(held), "motive")
        yield say("The map holds {} of {}: {}", many, reading.actor(node.id), together(named))


def _ascribed(reading: Reading, node: Actor, places: Sequence[Assertion]) -> Iterator[Phrase]:
    for place in places:
        by = reading.speaker(place)
        who = reading.actor(by) if by is not None else reading.source(place.source)
        thought = reading.mention(place.of).on(place.id, place.source)
        yield say("{} ascribes to {} a thought: {}", who, reading.actor(node.id), thought)


def _against(reading: Reading, node: Actor, statements: Sequence[str]) -> Iterator[Phrase]:
    steps = [step for statement in statements for step in reading.opposing(statement)]
    yield from at_most((attack(reading, step) for step in steps), _SHOWN, _MORE)
    unopposed = [s for s in statements if not reading.opposing(s)]
    if steps and unopposed:
        left = count(len(unopposed), "other statement")
        is_ = verb(len(unopposed), "is", "are")
        yield say("{} of {} {} opposed by nothing", left, reading.actor(node.id), is_).on(*unopposed)


def _opposes(reading: Reading, statements: Sequence[str]) -> Iterator[Phrase]:
    steps: dict[str, Step] = {}
    for statement in statements:
        steps.update({step.id: step for step in reading.outgoing(statement) if step.argument.stance == "opposing"})
    told = (attack(reading, step) for step in sorted(steps.values(), key=lambda step: step.order))
    yield from at_most(told, _SHOWN, _MORE)


def _gaps(reading: Reading, node: Actor, heard: Speech) -> Iterator[Phrase]:
    alone = [s for s in heard.statements if len({place.source for place in reading.places(s)}) == 1]
    if len({place.source for place in heard.said}) > 1 and alone:
        held = counted_sources(reading, [place for place in heard.said if place.of in alone])
        what = count(len(alone), "statement")
        stands = verb(len(alone), "stands in one source only", "stand in one source only each")
        yield say("{} {}: {}", what, stands, held).on(*alone)
    taken = _only_presupposed(heard)
    if taken:
        said = first_of([reading.mention(of).on(*ids) for of, ids in taken.items()], 4, "statement")
        yield say("Taken for granted, and nowhere stated by {}: {}", reading.actor(node.id), said)


def _only_presupposed(heard: Speech) -> dict[str, list[str]]:
    """The statements that the actor only takes for granted, with the places of each."""
    found: dict[str, list[str]] = {}
    for place in heard.said:
        found.setdefault(place.of, []).append(place.id)
    stated = {place.of for place in heard.said if not place.presupposed}
    return {of: ids for of, ids in found.items() if of not in stated}
