"""The brief: the answer first, both sides of what is contested, on whom it rests, and what would change it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from heapq import nsmallest
from typing import Literal, NamedTuple

from graph.budgets import OutOfSteps, StepBudget
from graph.evaluation.explanation.why import why
from graph.reports.claim import rested_on
from graph.reports.figures import by_figure, counted_alike, differ, given_in_brief, with_figures
from graph.reports.lines import closure
from graph.reports.missing import withdrawn
from graph.reports.reading import Reading, Step
from graph.reports.sentence import LeftOut, Phrase, Told, bracketed, clauses_of, plain, say
from graph.reports.sides import FATES, OWN, STANDS, argued_by, listed, premise, step_in_brief
from graph.reports.witnesses import Witnesses, witness, witnesses
from graph.reports.words import count, number, words_in
from schemas.evaluation import Verdict
from schemas.evaluation_query import WhyQuery
from schemas.node import Argument, Assertion, Statement
from schemas.summary import Section

HEADING = "In brief"
_STEPS = 60_000
"""What the search for the smallest change may cost."""
_AFTER: dict[Verdict, str] = {"accepted": "would stand", "rejected": "would fall", "undecided": "would be undecided"}
_HEIGHT: dict[Verdict, int] = {"rejected": 0, "undecided": 1, "accepted": 2}
_FEW = 2
_FIRM = 0.4
"""From what weight on, with its premise, a step is told before conclusions that rest on others."""
_TRIED = 4
_UNSAID = 0.55
"""What a premise that nobody says counts for where a side is chosen: less than what is said flatly."""


Side = Literal["for", "against"]


class Item(NamedTuple):
    """A sentence of a brief; those of low rank give way where it gets too long."""

    rank: int
    told: Told
    side: Side | None = None
    """Whether it is what speaks for the point that the brief is about, or against it."""
    needs: tuple[Told, ...] = ()
    """What it refers to: it is told beside these alone."""
    other: Told | None = None
    """The same in fewer words, whose place it takes where there is room."""


class BriefRoom(NamedTuple):
    """How much room a brief has, and what gives way in it."""

    words: int
    """Of all sentences."""
    must: int
    """Up to this rank a sentence has to be there; for those above there is room or not."""
    tries: tuple[tuple[int, frozenset[LeftOut]], ...]
    """The words of a sentence, and what is left out, one after the other until all is there that has to be."""


def section(reading: Reading, items: Iterable[Item], room: BriefRoom) -> Section:
    """The sentences that a brief has room for, the weightiest first, in their order.

    Where they have no room for all that a brief has to tell, they are told in fewer words: without offices, asides and
    who else says it, and only then with a text cut off, where that leaves out less.
    """
    every, writer = list(items), reading.writer
    needed = {n for n, item in enumerate(every) if item.rank <= room.must}
    tried: list[tuple[tuple[int, int], list[int], int, frozenset[LeftOut]]] = []
    for longest, spare in room.tries:
        writer.without = spare
        kept = _kept(reading, every, room.words, longest)
        replaced = {m for n in kept for m in needed if every[m].told is every[n].other}
        lost = len(needed.difference(kept) - replaced)
        writer.introduced.clear()
        cut = sum(not writer.is_whole(every[n].told, longest) for n in kept)
        tried.append(((lost + cut, cut), kept, longest, spare))
        if not lost + cut:
            break
    _, kept, longest, writer.without = min(tried, key=lambda one: one[0])
    writer.introduced.clear()
    made = Section(HEADING, tuple(writer.sentence(every[i].told, longest) for i in kept))
    writer.without = frozenset()
    return made


def _kept(reading: Reading, every: Sequence[Item], most: int, longest: int) -> list[int]:
    kept: list[int] = []
    for n in sorted(range(len(every)), key=lambda n: (every[n].other is not None, every[n].rank, n)):
        beside = [every[i].told for i in kept]
        if any(told not in beside for told in every[n].needs):
            continue
        tried = sorted([*(i for i in kept if every[i].told is not every[n].other), n])
        reading.writer.introduced.clear()
        texts = [reading.writer.text(every[i].told, longest) for i in tried]
        if len(set(texts)) == len(tried) and words_in(HEADING) + sum(map(words_in, texts)) <= most:
            kept = tried
    return kept


def answer(reading: Reading, node_id: str, told: Phrase | None = None) -> Told:
    """How a node stands: "Contested: Joining benefits North Korea", and whether one witness or none is behind it."""
    stands = STANDS[reading.standing(node_id)]
    support = rested_on(reading, node_id)
    found = witnesses(reading, support)
    if reading.standing(node_id) in ("unchallenged", "upheld") and support:
        if not found.most and (reading.is_unsourced or not reading.is_added(node_id)):
            stands += ", but without a source"
        if found.most == 1:
            stands += ", but resting on one witness"
    return [plain(f"{stands}:", node_id), say(" {}", told or reading.mention(node_id))]


def both_sides(reading: Reading, node_id: str, rank: int) -> Iterator[Item]:
    """What speaks for a node and against it, at the point on which it is contested."""
    at = focus(reading, node_id)
    direct = bool(reading.opposing(node_id)) or at == node_id
    further = rank + 3 if direct else rank
    below = list(_sides_at(reading, at, further)) if at != node_id else []
    told = {text for item in below for text in _texts(item.told)}
    above = list(_sides_at(reading, node_id, rank, told)) if direct else []
    yield from above
    agreed = [i for i in _grounds(reading, node_id) if reading.verdict(i) == "accepted" and is_conclusion(reading, i)]
    if agreed and reading.verdict(node_id) != "accepted":
        yield Item(rank + 3, say("Not contested: {}", listed(reading, agreed, _FEW, "conclusion")))
    if at != node_id:
        turning: Told = say("It turns on this, contested: {}", reading.mention(at))
        is_told = _texts(turning) <= {text for item in above for text in _texts(item.told)}
        yield Item(further + is_told, turning)
        yield from (item if is_told else item._replace(needs=(turning,)) for item in below)
    elif not reading.opposing(at) and (reading.supporting(at) or not reading.is_said(at)):
        attacks = _attacked(reading, node_id)
        if attacks is not None:
            yield Item(rank + 2, _side(reading, attacks, "Against what it rests on:"))


def _sides_at(reading: Reading, node_id: str, rank: int, told: Set[str] = frozenset()) -> Iterator[Item]:
    """Both sides at one point, each by its best step that does not say what was told."""
    both: tuple[tuple[Side, str, list[Step]], ...] = (
        ("for", "For:", reading.supporting(node_id)),
        ("against", "Against:", reading.opposing(node_id)),
    )
    for which, opening, steps in both:
        sides = [_side(reading, step, opening) for step in _ranked(reading, steps)]
        fresh = [side for side in sides if told.isdisjoint(_texts(side))]
        yield from (Item(rank, side, which) for side in (fresh or sides)[:1])


def _texts(told: Told) -> set[str]:
    """The texts of the map that are told in a sentence."""
    return {part.text for clause in clauses_of(told) for part in clause.parts if part.kind == "text"}


def is_conclusion(reading: Reading, node_id: str) -> bool:
    """Whether a node is a statement that stands on its arguments alone."""
    node = reading.node(node_id)
    return isinstance(node, Statement) and node.origin == "constructed"


def focus(reading: Reading, node_id: str) -> str:
    """The nearest point below a node at which an objection leaves it undecided; the node itself where there is none."""
    seen, waiting = {node_id}, deque([node_id])
    while waiting:
        current = waiting.popleft()
        is_met = any(step.verdict != "rejected" for step in reading.opposing(current))
        if current != node_id and is_met and reading.supporting(current):
            return current
        for step in reading.supporting(current):
            if step.verdict == "undecided":
                for point in step.argument.premises:
                    if point not in seen and reading.verdict(point) == "undecided":
                        seen.add(point)
                        waiting.append(point)
    contested = [n for n in sorted(seen - {node_id}) if reading.opposing(n)]
    return node_id if reading.opposing(node_id) or not contested else contested[0]


def behind_it(reading: Reading, node_id: str, statements: Sequence[str], rank: int, known: str = "") -> Iterator[Item]:
    """How many witnesses are behind what a node rests on, at least and at most, and whether it falls without them.

    `known` is what is told of it already: a witness who is named there is not named again.
    """
    found = witnesses(reading, statements)
    if not found.most:
        return
    falls = _falls_without_witnesses(reading, node_id)
    if found.most > 1:
        yield Item(rank, plain(_in_all(found) + ("; without them it would fall" if falls else ""), *found.ids))
        return
    one = witness(reading, found.found[0])
    if "one witness" not in known:
        yield Item(rank, say("One witness stands behind it: {}", one).on(*found.ids))
    elif one.text not in known:
        yield Item(rank, say("That witness{}: {}", ", without whom it would fall" if falls else "", one).on(*found.ids))
    elif falls:
        yield Item(rank, plain("Without that witness it would fall", *found.ids))


def _falls_without_witnesses(reading: Reading, node_id: str) -> bool:
    """Whether a node stands on nothing but what is said: then no argument says what would change it."""
    node = reading.node(node_id)
    if not isinstance(node, Statement) or node.origin not in (None, "attributed"):
        return False
    return reading.is_said(node_id) and not reading.incoming(node_id) and reading.verdict(node_id) == "accepted"


def assumptions(reading: Reading, node_id: str) -> list[str]:
    """What is assumed on the way to a node without a source: premises of the author's beside others."""
    steps = [step for found in closure(reading, node_id).values() for step in found]
    linked = [p for step in steps if len(step.argument.premises) > 1 for p in step.argument.premises]
    return [p for p in dict.fromkeys(linked) if reading.is_added(p)]


def assumed(reading: Reading, node_id: str, rank: int) -> Iterator[Item]:
    """What is assumed on the way to a node, told."""
    found = assumptions(reading, node_id)
    if found:
        yield Item(rank, say("It assumes, without a source: {}", listed(reading, found, _FEW, "assumption")))


def figured(reading: Reading, statements: Iterable[str], rank: int, most: int = 1, of: str = "") -> Iterator[Item]:
    """The figures that matter most: those that differ, then those of the heaviest statements, with their bounds.

    `of` is the statement that all is about.
    """
    held = [(s, by_figure(reading.places(s))) for s in with_figures(reading, statements)]
    told = [(s, groups) for s, groups in held if any(q.vague is None for g in groups for q in g[0].quantities)]
    ordered = sorted(told, key=lambda one: (not differ(one[1]), -reading.weight(one[0]), one[0]))
    for n, (statement, groups) in enumerate(ordered[:most]):
        alike = counted_alike(groups[:_FEW])
        shown = groups[:_FEW]
        clauses = [
            given_in_brief(reading, group, bare=alike is not None, again=_speaks(reading, group, shown[:n]))
            for n, group in enumerate(shown)
        ]
        opening = "Figures differ" if differ(groups) else "Figures" if len(clauses) > 1 else "Figure"
        counted = all(quantity.of for group in groups for quantity in group[0].quantities)
        about = plain("") if counted or statement == of else say(" for {}", reading.mention(statement))
        about = plain(f" ({alike})") if alike else about
        head = say("{}{}: {}", opening, about, clauses[0]).on(statement)
        yield Item(rank + n, [head, *(say("; {}", clause) for clause in clauses[1:])])


def _speaks(reading: Reading, group: Sequence[Assertion], before: Iterable[Sequence[Assertion]]) -> bool:
    """Whether one of those who give a figure gives another before it."""
    told = {reading.speaker(place) for other in before for place in other}
    return any(reading.speaker(place) in told for place in group)


def heard_in_all(reading: Reading, statements: Sequence[str], rank: int) -> Iterator[Item]:
    """How many witnesses speak in all."""
    found = witnesses(reading, statements)
    if found.most:
        yield Item(rank, plain(_in_all(found), *found.ids))


def _in_all(found: Witnesses) -> str:
    least, most = number(found.least), number(found.most)
    return f"Independent witnesses: {most if found.least == found.most else f'{least} to {most}'}"


def changed(
    reading: Reading, node_id: str, rank: int, beside: Sequence[Item] = (), subject: str = "It"
) -> Iterator[Item]:
    """The smallest change that would turn how a node stands, where it takes few.

    Where that takes just what is told for it `beside`, it refers to that.
    """
    budget = StepBudget(_STEPS, reading.budget.cancelled)
    try:
        found = why(reading.graph, WhyQuery(id=node_id), budget).flip
    except OutOfSteps:
        return
    if found is None:
        return
    after = _AFTER[found.to]
    rises = _HEIGHT[found.to] > _HEIGHT[reading.verdict(node_id)]
    side: Side = "against" if rises else "for"
    if len(found.remove) > _FEW:
        least = "" if found.smallest else "at most "
        many = f"{subject} {after} only without {least}{_points(len(found.remove), side)}"
        yield Item(rank, plain(many, *found.remove))
        return
    gone = [_taken(reading, i) for i in found.remove]
    told = say(f"{subject} {after} without {{}}", gone[0] if len(gone) == 1 else say("{}; and {}", *gone))
    short = plain(f"{subject} {after} without {_points(len(gone), side)}", *found.remove)
    yield Item(rank, short)
    told_of = [item.told for item in beside if item.side == side]
    if len(told_of) == len(gone) and all(any(i in _behind(one) for one in told_of) for i in found.remove):
        points = "the point" if len(gone) == 1 else f"the {number(len(gone))} points"
        such = plain(f"{subject} {after} without {points} {side} it", *found.remove)
        yield Item(rank + 1, such, needs=tuple(told_of), other=short)
    else:
        yield Item(rank + 3, told, other=short)


def _points(n: int, side: Side) -> str:
    """What a change takes out, by number: what is for a point are its grounds."""
    return f"{number(n)} of its grounds" if side == "for" else f"{count(n, 'point')} against it"


def _behind(told: Told) -> set[str]:
    return {i for clause in clauses_of(told) for i in clause.ids}


def _taken(reading: Reading, node_id: str) -> Phrase:
    """What a change takes out: a point, or an argument by its premises."""
    node = reading.node(node_id)
    if isinstance(node, Argument):
        return say("the argument from this: {}", listed(reading, node.premises, 1, "premise")).on(node_id)
    return say("this: {}", reading.mention(node_id))


def stale(reading: Reading, nodes: Iterable[str], rank: int) -> Iterator[Item]:
    """The sources behind nodes that have been withdrawn."""
    yield from (Item(rank, told) for told in withdrawn(reading, nodes))


def _side(reading: Reading, step: Step, opening: str) -> Told:
    """The weightiest step of a side by what somebody says for it."""
    premises = step.argument.premises
    if step.is_lost:
        opening = f"{opening.rstrip(':')} ({FATES[reading.cause(step.id) or 'premise']}):"
    ground = None if len(premises) > 1 or reading.is_said(premises[0]) else _voiced(reading, premises[0])
    if ground is None:
        return step_in_brief(reading, step, opening)
    told = premise(reading, ground)
    is_told = step.basis == "own" and not reading.constructed(premises[0]) and not reading.is_unsourced
    clauses = [say("{} {}", opening, told[0]).on(step.id, *premises), *told[1:]]
    return bracketed(clauses, OWN) if is_told else [*clauses, *argued_by(reading, step, [ground])]


def _voiced(reading: Reading, node_id: str) -> str | None:
    """The nearest statement below a conclusion that somebody says, over the weightiest steps."""
    seen, waiting = {node_id}, deque([node_id])
    while waiting:
        for step in reading.supporting(waiting.popleft()):
            for point in step.argument.premises:
                if reading.is_said(point):
                    return point
                if point not in seen:
                    seen.add(point)
                    waiting.append(point)
    return None


def _best(reading: Reading, steps: Sequence[Step]) -> Step | None:
    """The first of the steps by which a side is told."""
    return next(iter(_ranked(reading, steps)), None)


def _ranked(reading: Reading, steps: Sequence[Step]) -> list[Step]:
    """The few steps by which a side is told best: not rejected, said by somebody and firm, then the heaviest."""

    def key(step: Step) -> tuple[bool, bool, float, bool, str]:
        premises = step.argument.premises
        said = [reading.weight(p) for p in premises if any(not place.presupposed for place in reading.places(p))]
        weight = step.weight * max(said, default=_UNSAID)
        named = any(reading.speaker(place) for p in premises for place in reading.places(p))
        return step.is_lost, not (said and weight >= _FIRM), -weight, not named, step.id

    return nsmallest(_TRIED, steps, key=key)


def _grounds(reading: Reading, node_id: str) -> list[str]:
    return list(dict.fromkeys(p for step in reading.supporting(node_id) for p in step.argument.premises))


def _attacked(reading: Reading, node_id: str) -> Step | None:
    """The weightiest attack on what a node rests on, or on a step to it."""
    targets = [t for at, steps in closure(reading, node_id).items() for t in (at, *(step.id for step in steps))]
    return _best(reading, [step for target in targets if target != node_id for step in reading.opposing(target)])
