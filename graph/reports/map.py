"""The summary of a whole map: its conclusions, its motives, its speakers, and what the map does not hold."""

from collections.abc import Collection, Iterator, Sequence

from graph.reports.attribution import is_many
from graph.reports.balance import arguments, balance, lines
from graph.reports.contest import answers, answers_to, attack, attacks_on
from graph.reports.gaps import gaps
from graph.reports.lines import asserted_support
from graph.reports.originators import originators
from graph.reports.reading import Reading, Step
from graph.reports.said_figures import differing, figures
from graph.reports.sentence import Phrase, filled, first_of, say, together
from graph.reports.speech import passages_leaning, speech
from graph.reports.witnesses import counted_sources, is_echoed, rests_on
from graph.reports.words import bare, count, number, one_line, quoted, verb
from graph.snapshot.columns import KIND_CODE
from schemas.actor import Actor
from schemas.assertion import Assertion
from schemas.motive import Motive
from schemas.statement import Statement
from schemas.summary import Section

_CONCLUSIONS = 4
_SHOWN = 10
_DISPUTES = 20
_LINES = 3


def sections(reading: Reading) -> tuple[Section, ...]:
    """The sections of a map's summary; those with nothing to say are left out."""
    ends = conclusions(reading)
    section = reading.writer.section
    told = [section(quoted(reading.text(end)), _conclusion(reading, end)) for end in _main(reading, ends)]
    return filled(
        [
            section("In short", _question(reading, ends)),
            *told,
            section("Motives", _motives(reading)),
            section("Who says what", _speakers(reading)),
            section("What it rests on", _rests(reading)),
            section("Contested", _disputes(reading)),
            section("Figures that differ", figures(reading, differing(reading, _statements(reading)))),
            section("What is missing", _gaps(reading)),
        ]
    )


def conclusions(reading: Reading) -> list[str]:
    """What the map argues for in the end: nodes that something bears on and that bear on nothing themselves.

    Conclusions that the analyst constructed come first, then those with most arguments; where every node leads
    on to another one, as in a circle, it is the constructed ones.
    """
    graph = reading.graph
    codes = (KIND_CODE["statement"], KIND_CODE["motive"])
    points = [n for n in graph.numbers() if graph.kind(n) in codes and graph.incoming(n)]
    ends = [graph.id(n) for n in points if not graph.outgoing(n)]
    made = {n.id for n in reading.all("statement", Statement) if n.origin == "constructed"}
    found = ends or [graph.id(n) for n in points if graph.id(n) in made]
    return sorted(found, key=lambda i: (i not in made, -len(graph.incoming(graph.number(i))), i))


def _main(reading: Reading, ends: Sequence[str]) -> Sequence[str]:
    """The conclusions to tell about at length: the constructed ones where there are any."""
    made = [end for end in ends if reading.constructed(end)]
    return (made or ends)[:_CONCLUSIONS]


def _question(reading: Reading, ends: Sequence[str]) -> Iterator[Phrase]:
    asked = one_line(reading.graph.header.question)
    if asked:
        yield Phrase(f"The map asks: {quoted(asked)}", tuple(ends))
    if not reading.graph.counts["statement"] and not reading.graph.counts["motive"]:
        yield Phrase("The map says nothing yet: it has no statement and no motive")
    elif ends:
        main = _main(reading, ends)
        said = together([reading.mention(end) for end in main])
        yield say("Its arguments end in {}: {}", count(len(main), "conclusion"), said)
        if others := [reading.mention(end) for end in ends if end not in main]:
            leads = verb(len(others), "leads", "lead")
            yield say("{} {} no further", first_of(others, _CONCLUSIONS, "argued point"), leads)
    elif not reading.graph.counts["argument"]:
        yield Phrase("There is no argument: nothing here speaks for or against anything")
    else:
        yield Phrase("Its arguments end in no conclusion: each leads on to another")


def _conclusion(reading: Reading, end: str) -> Iterator[Phrase]:
    yield balance(reading, end)
    yield from arguments(reading, reading.supporting(end))
    yield from arguments(reading, reading.opposing(end))
    yield from lines(reading, end, _LINES)
    support = asserted_support(reading, end)
    subject = f"The {count(len(support), 'statement')} behind its support"
    yield from rests_on(reading, support, subject, plural=len(support) > 1)
    yield from answers(reading, end)
    yield from gaps(reading, end)


def _motives(reading: Reading) -> Iterator[Phrase]:
    motives = reading.all("motive", Motive)
    weight = {m.id: len(reading.supporting(m.id)) + len(reading.opposing(m.id)) for m in motives}
    for motive in sorted(motives, key=lambda m: (-weight[m.id], m.id)):
        yield _motive(reading, motive)


def _motive(reading: Reading, motive: Motive) -> Phrase:
    named = Phrase(f"{quoted(motive.name)} (“{bare(motive.text)}”)", (motive.id,))
    favour, against = reading.supporting(motive.id), reading.opposing(motive.id)
    if not favour and not against:
        return say("No argument bears on {}", named)
    support = asserted_support(reading, motive.id)
    places = [place for statement in support for place in reading.places(statement)]
    ids = [step.id for step in (*favour, *against)]
    told = f"{count(len(favour), 'argument')} for it, {number(len(against)) if against else 'none'} against it"
    phrase = say("{} has {}", named, told).on(*ids)
    if places:
        witnesses = originators(reading, places)
        one = "one originator" if len(witnesses) == 1 else count(len(witnesses), "independent originator")
        phrase = say("{}, and rests on {}", phrase, one).on(*support, *(place.id for place in places))
    attacks = attacks_on(reading, motive.id)
    if attacks:
        bears = verb(len(attacks), "bears", "bear")
        more = f"{count(len(attacks), 'opposing argument')} {bears} on what it rests on"
        phrase = say("{}; {}", phrase, more).on(*(step.id for step in attacks))
    return phrase


def _speakers(reading: Reading) -> Iterator[Phrase]:
    heard = {actor.id: speech(reading, actor.id) for actor in reading.all("actor", Actor)}
    speaking = sorted((a for a in heard if heard[a].said), key=lambda a: (-len(heard[a].said), a))
    if not speaking and reading.graph.counts["statement"]:
        owned = all(node.origin == "author" for node in reading.all("statement", Statement))
        whose = ": the statements are the map author's own" if owned else ""
        yield Phrase(f"Nobody is recorded as saying anything{whose}")
    for actor in speaking[:_SHOWN]:
        yield _speaker(reading, actor, heard[actor].said)
    if rest := speaking[_SHOWN:]:
        ids = [place.id for actor in rest for place in heard[actor].said]
        yield say("Less is heard of {}", together([reading.actor(actor) for actor in rest])).on(*ids)


def _speaker(reading: Reading, actor: str, said: Sequence[Assertion]) -> Phrase:
    ids = [node_id for place in said for node_id in (place.id, place.of, place.source)]
    statements = count(len({place.of for place in said}), "statement")
    told = say("{} {} committed to {}", reading.actor(actor), _is(reading, actor), statements)
    outlets = {place.chain[0] for place in said if len(place.chain) > 1}
    relays = {name for place in said for name in place.chain[1:-1]}
    own = any(len(place.chain) == 1 for place in said)
    ways = [*_named(reading, "through {}", outlets), *_named(reading, "relayed by {}", relays)]
    ways += [Phrase("in its own voice")] if own else []
    return say("{} {}, {}", told, together(ways), passages_leaning(said)).on(*ids)


def _is(reading: Reading, actor: str) -> str:
    return "are" if is_many(reading.node(actor)) else "is"


def _named(reading: Reading, template: str, actors: Collection[str]) -> list[Phrase]:
    names = [reading.actor(actor) for actor in sorted(actors) if reading.has(actor)]
    return [say(template, first_of(names, _SHOWN, "actor"))] if names else []


def _statements(reading: Reading) -> list[str]:
    return [reading.graph.id(n) for n in reading.graph.numbers("statement")]


def _rests(reading: Reading) -> Iterator[Phrase]:
    statements = _statements(reading)
    places = [place for statement in statements for place in reading.places(statement)]
    if not places:
        return
    yield say("What is said stands in {}", counted_sources(reading, places)).on(*(place.of for place in places))
    shared = [s for s in statements if len({place.source for place in reading.places(s)}) > 1]
    if shared:
        echoed = [s for s in shared if is_echoed(reading, s)]
        told = f"{count(len(shared), 'statement')} {verb(len(shared), 'stands', 'stand')} in more than one source"
        rest = f"{number(len(echoed)) if echoed else 'none'} of them {verb(len(echoed) or 1, 'rests', 'rest')}"
        ids = [node_id for s in shared for node_id in (s, *(place.id for place in reading.places(s)))]
        yield say("{}, and {} on one originator only: two outlets are not two witnesses", told, rest).on(*ids)


def _disputes(reading: Reading) -> Iterator[Phrase]:
    graph = reading.graph
    steps = [reading.step(graph.id(n)) for n in graph.numbers("argument") if graph.sign(n) < 0]
    ordered = sorted(steps, key=lambda step: step.order)
    for step in ordered[:_DISPUTES]:
        yield attack(reading, step)
    if rest := ordered[_DISPUTES:]:
        ids = [node_id for step in rest for node_id in (step.id, *step.argument.premises, step.argument.target)]
        opposes = verb(len(rest), "opposes", "oppose")
        yield say("{} {} something else", count(len(rest), "more argument"), opposes).on(*ids)
    if not steps and graph.counts["argument"]:
        yield Phrase("Nothing is contested: no argument opposes anything")


def _gaps(reading: Reading) -> Iterator[Phrase]:
    graph = reading.graph
    bare_motives = [m.id for m in reading.all("motive", Motive) if not graph.incoming(graph.number(m.id))]
    if bare_motives:
        yield say("No argument bears on {}", first_of(_said(reading, bare_motives), _SHOWN, "motive"))
    made = [n.id for n in reading.all("statement", Statement) if n.origin == "constructed"]
    hollow = [s for s in made if not reading.supporting(s)]
    if hollow:
        yield say("No argument supports {}", first_of(_said(reading, hollow), _SHOWN, "conclusion"))
    unheard = [s for s in (*made, *_claims(reading)) if reading.supporting(s) and not reading.opposing(s)]
    if unheard:
        yield say("No argument opposes {}", first_of(_said(reading, unheard), _SHOWN, "conclusion"))
    open_steps = [step for step in _objections(reading) if not answers_to(reading, step)]
    if open_steps:
        yield say("Nothing answers {}", first_of(_raised(reading, open_steps), _SHOWN, "objection"))
    idle = [graph.id(n) for n in graph.numbers("statement") if not graph.outgoing(n) and not graph.incoming(n)]
    if idle and graph.counts["argument"]:
        takes = verb(len(idle), "takes", "take")
        yield say("{} {} part in no argument", first_of(_said(reading, idle), _SHOWN, "statement"), takes)


def _claims(reading: Reading) -> list[str]:
    return [motive.id for motive in reading.all("motive", Motive)]


def _said(reading: Reading, ids: Sequence[str]) -> list[Phrase]:
    return [reading.mention(node_id) for node_id in ids]


def _objections(reading: Reading) -> list[Step]:
    graph = reading.graph
    return [reading.step(graph.id(n)) for n in graph.numbers("argument") if graph.sign(n) < 0]


def _raised(reading: Reading, steps: Sequence[Step]) -> list[Phrase]:
    return [
        say(
            "{} against {}", together(_said(reading, step.argument.premises)), reading.mention(step.argument.target)
        ).on(step.id)
        for step in steps
    ]
