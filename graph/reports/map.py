"""The summary of a whole map: how its conclusions stand and why, its motives, its speakers, what it does not hold."""

from collections.abc import Collection, Iterator, Sequence

import numpy as np

from graph.reports.circles import circles
from graph.reports.conclusions import conclusions
from graph.reports.figures import differing, figures
from graph.reports.lines import asserted_support
from graph.reports.missing import unopposed_conclusions, withdrawn_sources
from graph.reports.reading import Reading
from graph.reports.sentence import Phrase, Told, cuttable, filled, first_of, plain, say
from graph.reports.sides import STANDS, Sides, balance, is_answered, listed, point
from graph.reports.speech import heard
from graph.reports.witnesses import counted_sources, echoes, rests_on, witnesses
from graph.reports.words import count, joined, number, one_line, share, verb
from graph.snapshot.relations import NONE
from schemas.node import Motive, Statement
from schemas.summary import Section

_CONCLUSIONS = 4
_BELOW = 3
_MOTIVES = 9
_SHOWN = 3


def sections(reading: Reading) -> tuple[Section, ...]:
    """The sections of a map's summary; those with nothing to say are left out."""
    found, main = conclusions(reading, _CONCLUSIONS)
    section, sides = reading.writer.section, Sides(reading)
    return filled(
        [
            section("In short", _in_short(reading, main, found)),
            *[section(one_line(reading.text(end)), _conclusion(reading, end, sides)) for end in main],
            section("Motives", _motives(reading)),
            section("Contested elsewhere", _disputes(reading, sides)),
            section("Who says what", _speakers(reading)),
            section("What it rests on", _rests(reading)),
            section("Figures that differ", figures(reading, differing(reading, _statements(reading)))),
            section("What is missing", _gaps(reading, main)),
        ]
    )


def _in_short(reading: Reading, main: Sequence[str], found: Sequence[str]) -> Iterator[Told]:
    graph = reading.graph
    for end in main:
        told = reading.mention(end)
        yield [plain(f"{STANDS[reading.standing(end)]}:", end), say(" {}", told)]
    if not graph.counts["statement"] and not graph.counts["motive"]:
        yield plain("The map says nothing yet: it has no statement and no motive")
    elif not main:
        yield plain("Nothing is argued yet: there is no argument")
    asked = one_line(graph.header.question)
    if asked:
        yield say("The question is: {}", cuttable(asked, *main))
    others = [end for end in found if end not in main and not graph.outgoing(graph.number(end))]
    if others:
        leads = verb(len(others), "leads", "lead")
        yield plain(f"{count(len(others), 'more argued point')} {leads} no further", *others)


def _conclusion(reading: Reading, end: str, sides: Sides) -> Iterator[Told]:
    yield point(reading, end)
    below = _conclusions_below(reading, end)
    yield from _argued(reading, end, sides, set(below))
    for node_id in below:
        favour, against = reading.supporting(node_id), reading.opposing(node_id)
        yield [
            say("It rests on this, {}: {}", reading.standing(node_id), reading.mention(node_id)),
            say("; {}", balance(reading, node_id, favour, against)),
        ]
        yield from _argued(reading, node_id, sides, set(below))
    support = asserted_support(reading, end)
    subject = f"The {count(len(support), 'statement')} behind its support"
    yield from rests_on(reading, support, subject, plural=len(support) > 1)


def _argued(reading: Reading, node_id: str, sides: Sides, apart: Collection[str]) -> Iterator[Told]:
    """What bears on a conclusion: what is said, the motives by name, then what is against it.

    Conclusions that are told apart are left out here.
    """
    favour, named = [], []
    for step in reading.supporting(node_id):
        [first, *more] = step.argument.premises
        if more or step.id in sides.told:
            favour.append(step)
        elif isinstance(reading.node(first), Motive):
            named.append(step)
        elif first not in apart:
            favour.append(step)
        else:
            sides.told.add(step.id)
    if named:
        sides.told.update(step.id for step in named)
        motives = [
            say("{} ({})", reading.motive(p), reading.standing(p)).on(step.id)
            for step in named
            for p in step.argument.premises
        ]
        yield say("{} {} it: {}", count(len(named), "motive"), verb(len(named), "supports", "support"),
                  first_of(motives, reading.most(6), "motive"))  # fmt: skip
    yield from sides.steps(favour, sided=True)
    yield from sides.steps(reading.opposing(node_id), "objection", sided=True)


def _conclusions_below(reading: Reading, end: str) -> list[str]:
    """The constructed statements that an end rests on, nearest first, those by the weightiest steps first."""
    found = [end]
    seen = {end}
    for current in found:  # grows while it is read
        for step in reading.supporting(current):
            for node_id in step.argument.premises:
                node = reading.node(node_id)
                if node_id not in seen and isinstance(node, Statement) and node.origin == "constructed":
                    seen.add(node_id)
                    found.append(node_id)
    return found[1 : 1 + reading.most(_BELOW)]


def _motives(reading: Reading) -> Iterator[Told]:
    graph = reading.graph
    motives = [graph.id(n) for n in graph.numbers("motive")]
    if not motives:
        return
    argued = [m for m in motives if graph.incoming(graph.number(m))]
    parts = [
        f"{number(n)} {STANDS[stands].lower()}"
        for stands in STANDS
        if (n := sum(reading.standing(m) == stands for m in argued))
    ]
    known = set(argued)
    bare = [m for m in motives if m not in known]
    parts += [f"{number(len(bare))} without an argument"] if bare else []
    if len(motives) > 1:
        yield plain(f"Of {count(len(motives), 'motive')}: {joined(parts)}", *motives)
    ordered = sorted(argued, key=lambda m: (-_weight(reading, m), m))
    for motive in ordered[: reading.most(_MOTIVES)]:
        yield _motive(reading, motive)
    if rest := ordered[reading.most(_MOTIVES) :]:
        yield plain(f"{count(len(rest), 'more motive')} {verb(len(rest), 'has', 'have')} less for it", *rest)


def _weight(reading: Reading, motive: str) -> float:
    return sum(step.weight for step in reading.supporting(motive) if step.verdict != "rejected")


def _motive(reading: Reading, motive: str) -> Told:
    node = reading.node(motive)
    favour, against = reading.supporting(motive), reading.opposing(motive)
    text = node.text if isinstance(node, Motive) else ""
    ids = [step.id for step in (*favour, *against)]
    told = f"; {count(len(favour), 'argument')} for it, {number(len(against)) if against else 'none'} against it"
    found = witnesses(reading, asserted_support(reading, motive))
    behind = f"; {found.counted('witness')}" if found.most else "; no witness"
    stands = STANDS[reading.standing(motive)].lower()
    return [
        say("{}, {}: {}", reading.motive(motive), stands, cuttable(one_line(text).rstrip("."))),
        plain(told, *ids),
        plain(behind, *found.ids),
    ]


def _disputes(reading: Reading, sides: Sides) -> Iterator[Told]:
    graph = reading.graph
    steps = [reading.step(graph.id(n)) for n in graph.numbers("argument") if graph.sign(n) < 0]
    if not steps:
        if graph.counts["argument"]:
            yield plain("Nothing is contested: no argument opposes anything")
        return
    yield from sides.attacks(sorted(steps, key=lambda step: step.order))


def _speakers(reading: Reading) -> Iterator[Told]:
    statements = _statements(reading)
    graph = reading.graph
    passages = reading.every.held(graph.numbers("statement")).places
    speaking = np.unique(reading.every.speaker[passages]).tolist()
    named = sorted(graph.id(n) for n in speaking if n != NONE)
    if not named:
        if statements:
            whose = ": the statements are the map author's own" if all(reading.is_added(s) for s in statements) else ""
            yield plain(f"Nobody is recorded as saying anything{whose}")
        return
    if len(named) > 1:
        yield plain(f"{count(len(named), 'actor')} speak", *named)
    yield from heard(reading, statements)


def _statements(reading: Reading) -> list[str]:
    return [reading.graph.id(n) for n in reading.graph.numbers("statement")]


def _rests(reading: Reading) -> Iterator[Told]:
    statements = _statements(reading)
    passages = reading.every.held(reading.graph.numbers("statement")).places
    if not len(passages):
        return
    found = witnesses(reading, statements)
    behind = found.counted("independent witness")
    yield plain(f"Behind what is said {verb(found.most, 'stands', 'stand')} {behind}", *found.ids)
    yield say("The passages stand in {}", counted_sources(reading, passages)).on(*filter(reading.is_said, statements))
    yield from echoes(reading, statements)


def _gaps(reading: Reading, main: Sequence[str]) -> Iterator[Told]:
    graph = reading.graph
    yield from withdrawn_sources(reading)
    yield from _added(reading)
    yield from circles(reading, reading.most(_SHOWN))
    bare = [graph.id(n) for n in graph.numbers("motive") if not graph.incoming(n)]
    if bare:
        yield say("No argument supports or opposes {}: {}", count(len(bare), "motive"),
                  first_of([reading.motive(m) for m in bare], _SHOWN, "motive"))  # fmt: skip
    made = reading.conclusions
    hollow = [s for s in made if not reading.supporting(s)]
    if hollow:
        yield say("No argument supports {}: {}", count(len(hollow), "conclusion"),
                  listed(reading, hollow, _SHOWN, "conclusion"))  # fmt: skip
    yield from unopposed_conclusions(reading, [s for s in made if s not in main])
    steps = [reading.step(graph.id(n)) for n in graph.numbers("argument") if graph.sign(n) < 0]
    unanswered = [step.id for step in steps if not is_answered(reading, step)]
    if unanswered:
        every = f"the {count(len(steps), 'objection')}"
        told = every if len(unanswered) == len(steps) else share(len(unanswered), len(steps), "objection")
        yield plain(f"Nothing answers {told}", *unanswered)
    idle = [graph.id(n) for n in graph.numbers("statement") if not graph.outgoing(n) and not graph.incoming(n)]
    if idle and graph.counts["argument"]:
        yield plain(f"{count(len(idle), 'statement')} {verb(len(idle), 'takes', 'take')} part in no argument", *idle)


def _added(reading: Reading) -> Iterator[Phrase]:
    counts, (statements, steps) = reading.graph.counts, author_added(reading)
    parts = [share(len(statements), counts["statement"], "statement")] if statements else []
    parts += [share(len(steps), counts["argument"], "step of argument")] if steps else []
    if parts:
        are = verb(len(statements) + len(steps), "is the map author's own", "are the map author's own")
        yield plain(f"{' and '.join(parts)} {are}, without a source", *statements, *steps)


def author_added(reading: Reading) -> tuple[list[str], list[str]]:
    """The statements and the steps that the map's author puts in and no place in the view carries."""
    return reading.added, reading.own_steps
