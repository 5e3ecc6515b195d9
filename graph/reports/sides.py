"""For and against: steps in words, weightiest first, each once, with who says the step and what answers it."""

from collections.abc import Container, Iterator, Sequence
from heapq import nsmallest

from graph.reports.attribution import said, unsaid
from graph.reports.lines import closure
from graph.reports.reading import Reading, Step
from graph.reports.sentence import (
    Phrase,
    Told,
    bracketed,
    clauses_of,
    cuttable,
    first_of,
    has_room,
    plain,
    remarked,
    say,
    together,
)
from graph.reports.words import clipped, count, number, verb
from schemas.evaluation import Cause, Standing, Verdict
from schemas.node import Argument, Motive

STANDS: dict[Standing, str] = {
    "unchallenged": "Unchallenged",
    "upheld": "Upheld against objections",
    "contested": "Contested",
    "open": "Open",
    "defeated": "Defeated",
    "unsupported": "Unsupported",
}
"""A standing at the beginning of a sentence."""
FATES: dict[Cause, str] = {"premise": "lost a premise", "undercut": "undercut", "outweighed": "outweighed"}
"""Why an argument does not hold."""
_ANSWERS: dict[Verdict, str] = {
    "accepted": "Answered: ",
    "undecided": "Disputed: ",
    "rejected": "An answer that does not hold: ",
}
OWN = plain("the map author's own step")
_SHOWN = 5
_DEPTH = 4
_REPLIES = 2
_ATTACKS = 4
_PREMISES = 3
"""Of a step that are told at most; of the rest the number is."""
_FEW_WORDS = 7
"""Of what was told before."""


class Sides:
    """Tells steps; what was told once is not told again."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self.told: set[str] = set()
        """Arguments."""
        self._points: set[str] = set()
        """Statements that were told in full."""

    def steps(self, steps: Sequence[Step], noun: str = "argument", *, sided: bool = False) -> Iterator[Told]:
        """Steps with what answers those that oppose, and one sentence on those that are too many to tell.

        `sided` says of each whether it is for or against: no heading does.
        """
        fresh = [step for step in steps if step.id not in self.told]
        most = self._reading.most(_SHOWN)
        shown = fresh if len(fresh) <= most + 1 else fresh[:most]
        for step in shown:
            yield from self._step(step, ("Against: " if step.opposes else "For: ") if sided else "", 0)
        if rest := fresh[len(shown) :]:
            self.told.update(step.id for step in rest)
            ids = [i for step in rest for i in (step.id, *step.argument.premises)]
            does = "oppose" if rest[0].opposes else "support"
            counted = count(len(rest), f"more {noun}")
            yield plain(f"{counted} of no more weight {verb(len(rest), f'{does}s', does)} it", *ids)

    def attacks(self, steps: Sequence[Step]) -> Iterator[Told]:
        """Opposing steps with what each is against, as far as they are not told yet, and what answers them."""
        fresh = [step for step in steps if step.id not in self.told]
        most = self._reading.most(_ATTACKS)
        shown = fresh if len(fresh) <= most + 1 else fresh[:most]
        for step in shown:
            if step.id in self.told:
                continue
            self.told.add(step.id)
            target = self._reading.node(step.argument.target)
            against = "; against the inference from this: {}" if isinstance(target, Argument) else "; against this: {}"
            points = target.premises if isinstance(target, Argument) else (target.id,)
            on = say(against, listed(self._reading, points, 1, "premise")).on(target.id)
            yield [*step_in_brief(self._reading, step, ""), on]
            yield from self._answers(step, 1)
        if rest := fresh[len(shown) :]:
            self.told.update(step.id for step in rest)
            told = f"{count(len(rest), 'more objection')} of no more weight {verb(len(rest), 'stands', 'stand')} there"
            yield plain(told, *(i for step in rest for i in (step.id, *step.argument.premises)))

    def _step(self, step: Step, prefix: str, depth: int) -> Iterator[Told]:
        if step.id in self.told:
            return
        self.told.add(step.id)
        clauses = list(clauses_of(step_told(self._reading, step, prefix, self._points)))
        self._points.update(step.argument.premises)
        if (converse := self._converse(step)) is not None and step.argument.target in self._points:
            self.told.add(converse)
            clauses[-1] = clauses[-1].on(converse)
        yield clauses
        if step.opposes:
            yield from self._answers(step, depth + 1) if depth < _DEPTH else self._counted(step)

    def _converse(self, step: Step) -> str | None:
        """The other direction of a contradiction: that its target, by itself, opposes its one premise."""
        premises, target = step.argument.premises, step.argument.target
        if not step.opposes or len(premises) != 1:
            return None
        return next((one.id for one in self._reading.opposing(premises[0]) if one.argument.premises == (target,)), None)

    def _answers(self, step: Step, depth: int) -> Iterator[Told]:
        """What is set against an objection, the weightiest first."""
        fresh = [answer for answer in answers_to(self._reading, step) if answer.id not in self.told]
        most = self._reading.most(_REPLIES)
        shown = fresh if len(fresh) <= most + 1 else fresh[:most]
        for answer in shown:
            yield from self._step(answer, _ANSWERS[answer.verdict], depth)
        if rest := fresh[len(shown) :]:
            self.told.update(answer.id for answer in rest)
            yield _set_against(rest, "more argument")

    def _counted(self, step: Step) -> Iterator[Told]:
        """How much is set against an objection that is told too far from where the answers began."""
        if answers := answers_to(self._reading, step):
            yield _set_against(answers, "more argument" if len(answers) > 1 else "argument")


def _set_against(answers: Sequence[Step], noun: str) -> Phrase:
    told = f"{count(len(answers), noun)} {verb(len(answers), 'is', 'are')} set against that"
    return plain(told, *(i for answer in answers for i in (answer.id, *answer.argument.premises)))


def step_told(reading: Reading, step: Step, prefix: str = "", known: Container[str] = ()) -> Told:
    """A step in clauses: its premises with who says them, in few words those that are known, and whose step it is.

    Of several premises as many are told as a sentence has room for.
    """
    most = min(_PREMISES, len(step.argument.premises))
    for told in range(most, 1, -1):
        clauses = _clauses_of_step(reading, step, prefix, known, told)
        if has_room(clauses):
            return clauses
    return _clauses_of_step(reading, step, prefix, known, 1)


def _clauses_of_step(reading: Reading, step: Step, prefix: str, known: Container[str], most: int) -> list[Phrase]:
    """A step in clauses, with the weightiest of its premises."""
    by = speakers(reading, step) if step.opposes else []
    clauses = [plain(prefix.strip())] if prefix else []
    own = [p for p in step.argument.premises if by and not _asserts(reading, p, by)]
    if own and len(own) == len(step.argument.premises):
        who = first_of([reading.names.introduced(a) for a in by], 3, "speaker")
        clauses += _spaced([say("{} argued from this:", who)], bool(clauses))
    premises = step.argument.premises
    shown = premises if len(premises) <= most else _weightiest(reading, premises, most)
    for position, node_id in enumerate(shown):
        told = premise(reading, node_id, by if node_id not in own else None)
        if node_id in known:
            told = [_in_few_words(clause) for clause in told if not clause.is_spare]
        if len(premises) > 1:
            told[0] = say("jointly: {}" if position == 0 else "; and {}", told[0])
        clauses += _spaced(told, bool(clauses))
    if rest := len(premises) - len(shown):
        clauses.append(plain(f"; and {count(rest, 'more premise')}", *premises))
    *before, last = clauses
    return [*before, *_marked(reading, step, last, shown)]


def _marked(reading: Reading, step: Step, last: Phrase, premises: Sequence[str]) -> list[Phrase]:
    """The last clause of a step, and behind it in brackets whose step it is, what it challenges and what became of it.

    Of what is all the map author's own, that is told once.
    """
    on_step = step.opposes and isinstance(reading.node(step.argument.target), Argument)
    marks = [plain("challenging the inference")] if on_step else []
    so_is_it = step.basis == "own" and all(map(reading.is_added, premises)) and last.text.endswith(")")
    if not reading.is_unsourced and not so_is_it:
        marks.append(basis_told(reading, step))
    if step.is_lost:
        marks.append(plain(FATES[reading.cause(step.id) or "premise"]))
    ids = (step.id, step.argument.target)
    if so_is_it and not reading.is_unsourced:
        return [remarked(last, together([plain("so is the step"), *marks], "; ", "; ")).on(*ids)]
    if not marks:
        return [last.on(*ids)]
    *before, marked = bracketed([last], together(marks, "; ", "; "))
    return [*before, marked.on(*ids)]


def step_in_brief(reading: Reading, step: Step, opening: str | Phrase) -> list[Phrase]:
    """A step by its weightiest premise that somebody says, and whose step it is where no text argues it."""
    by = speakers(reading, step) if step.opposes else []
    premises = step.argument.premises

    def key(node_id: str) -> tuple[bool, bool, float, str]:
        return not _asserts(reading, node_id, by), not reading.is_said(node_id), -reading.weight(node_id), node_id

    told = premise(reading, min(premises, key=key), by)
    head = say("{} {}", opening, told[0]) if opening else told[0]
    clauses = [head.on(*premises) if len(premises) > 1 else head, *told[1:]]
    if whose := argued_by(reading, step, premises):
        clauses += whose
    elif step.basis == "inferred":
        clauses = bracketed(clauses, plain("read between the lines").aside())
    elif step.basis == "own" and not reading.is_unsourced:
        if all(map(reading.is_added, premises)):
            clauses[-1] = remarked(clauses[-1], plain("so is the step"))
        else:
            clauses = bracketed(clauses, OWN if step.opposes else OWN.aside())
    return [*clauses[:-1], clauses[-1].on(step.id, step.argument.target, *(p.id for p in step.places))]


def argued_by(reading: Reading, step: Step, told: Sequence[str]) -> list[Phrase]:
    """A clause on who makes an objection, where none of them says the points by which it is told."""
    by = speakers(reading, step) if step.opposes else []
    named = {actor for p in told for actor in map(reading.speaker, reading.places(p))}
    if not by or named.intersection(by):
        return []
    return [say("; argued by {}", first_of([reading.names.introduced(a) for a in by], 2, "speaker"))]


def _in_few_words(clause: Phrase) -> Phrase:
    parts = tuple(p._replace(text=clipped(p.text, _FEW_WORDS)) if p.kind == "text" else p for p in clause.parts)
    return clause._replace(parts=parts)


def _spaced(clauses: list[Phrase], follows: bool) -> list[Phrase]:
    """A space before the first of some clauses where others stand before it."""
    if not follows or clauses[0].text.startswith((";", ",", " ")):
        return clauses
    return [say(" {}", clauses[0]), *clauses[1:]]


def premise(reading: Reading, node_id: str, by: Sequence[str] | None = None) -> list[Phrase]:
    """A premise in clauses with who says it, or with what it is where nobody says it."""
    if isinstance(reading.node(node_id), Motive) or not reading.is_said(node_id):
        return [unsaid(reading, node_id)]
    return said(reading, node_id, by)


def basis_told(reading: Reading, step: Step) -> Phrase:
    """What a step is based on: a text that marks it, what stands between the lines of one, or nothing."""
    if step.basis == "own":
        return plain("the map author's own step", step.id)
    marked = [place for place in step.places if step.basis == "inferred" or place.basis == "explicit"]
    sources = {place.source: reading.source(place.source) for place in marked if reading.has(place.source)}
    how = "argued in" if step.basis == "explicit" else "read between the lines of"
    ids = [place.id for place in marked]
    return say("{} {}", how, first_of(list(sources.values()), 3, "source")).on(step.id, *ids)


def speakers(reading: Reading, step: Step) -> list[str]:
    """Who is committed to a step, in the order of its places."""
    found = (reading.speaker(place) for place in step.places)
    return list(dict.fromkeys(actor for actor in found if actor is not None))


def is_answered(reading: Reading, step: Step) -> bool:
    """Whether anything opposes a step or one of its premises."""
    graph = reading.graph
    number = graph.number(step.id)
    targets = (number, *graph.premises(number))
    return any(graph.sign(other) < 0 for target in targets for other in graph.incoming(target))


def _weightiest(reading: Reading, premises: Sequence[str], most: int) -> list[str]:
    """The premises by which a step of many is told: what somebody says, then the heaviest."""
    return nsmallest(most, premises, key=lambda p: (not reading.is_said(p), -reading.weight(p), p))


def answers_to(reading: Reading, step: Step) -> list[Step]:
    """What opposes a step or one of its premises, the weightiest first."""
    found = {other.id: other for target in (step.id, *step.argument.premises) for other in reading.opposing(target)}
    return sorted(found.values(), key=lambda other: other.order)


def point(reading: Reading, node_id: str, name: Phrase | None = None) -> Told:
    """The point of a part: how a node stands, and how much bears on it; `name` is what it is called."""
    favour, against = reading.supporting(node_id), reading.opposing(node_id)
    stands = STANDS[reading.standing(node_id)]
    told = plain(stands, node_id) if name is None else say("{}: {}", stands, name.on(node_id))
    return [told, say("{}{}", ": " if name is None else "; ", balance(reading, node_id, favour, against))]


def further_back(reading: Reading, node_id: str, sides: Sides) -> Iterator[Told]:
    """Attacks on what a node rests on, and on the steps that support it, as far as they are not told yet."""
    found: dict[str, Step] = {}
    for supported, steps in closure(reading, node_id).items():
        for target in (*(step.id for step in steps), *([supported] if supported != node_id else [])):
            found.update({step.id: step for step in reading.opposing(target)})
    yield from sides.attacks(sorted(found.values(), key=lambda step: step.order))


def balance(reading: Reading, node_id: str, favour: Sequence[Step], against: Sequence[Step]) -> Phrase:
    """How many arguments support and oppose a node, and how many of them are the map author's own steps."""
    ids = (node_id, *(step.id for step in (*favour, *against)))
    if not favour and not against:
        return plain("no argument supports or opposes it", *ids)
    supports = verb(len(favour), "supports", "support")
    told = f"{count(len(favour), 'argument')} {supports} it" if favour else "no argument supports it"
    opposes = verb(len(against) or 1, "opposes", "oppose")
    told += f" and {number(len(against)) if against else 'none'} {opposes} it directly"
    own = [step for step in (*favour, *against) if step.basis == "own"]
    if own:
        every = len(own) == len(favour) + len(against)
        is_ = verb(len(own), "is the map author's own step", "are the map author's own steps")
        told += f"; {'all' if every and len(own) > 1 else 'it' if every else number(len(own))} {is_}"
    return plain(told, *ids)


def called(reading: Reading, node_id: str) -> Phrase:
    """A point by its text, cut where the sentence needs it."""
    return cuttable(reading.text(node_id), node_id)


def listed(reading: Reading, ids: Sequence[str], most: int, noun: str) -> Phrase:
    """Points by their texts, the first of them, parted by semicolons."""
    return first_of([called(reading, i) for i in ids], most, noun, "; ")


def _asserts(reading: Reading, node_id: str, by: Sequence[str]) -> bool:
    return any(reading.speaker(place) in by for place in reading.places(node_id))
