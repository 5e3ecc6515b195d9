"""The brief: the answer first, both sides of what is contested, on whom it rests, and what would change it."""

from collections import deque
from collections.abc import Iterable, Iterator, Sequence, Set
from heapq import nsmallest
from typing import NamedTuple

from graph.budgets import OutOfSteps, StepBudget
from graph.evaluation.explanation.why import why
from graph.reports.lines import asserted_support, closure
from graph.reports.missing import is_added, withdrawn
from graph.reports.reading import Reading, Step
from graph.reports.said_figures import by_figure, differ, given_in_brief
from graph.reports.sentence import Phrase, Told, clauses_of, plain, say
from graph.reports.sides import FATES, STANDS, listed, premise, step_in_brief
from graph.reports.witnesses import witness, witnesses
from graph.reports.words import count, number, verb, words_in
from schemas.argument import Argument
from schemas.evaluation import Verdict
from schemas.evaluation_query import WhyQuery
from schemas.statement import Statement
from schemas.summary import Section

HEADING = "In brief"
_STEPS = 60_000
"""What the search for the smallest change may cost."""
_AFTER: dict[Verdict, str] = {"accepted": "would stand", "rejected": "would fall", "undecided": "would be undecided"}
_FEW = 2
_FIRM = 0.4
"""From what weight on, with its premise, a step is told before conclusions that rest on others."""
_TRIED = 4
_UNSAID = 0.55
"""What a premise that nobody says counts for where a side is chosen: less than what is said flatly."""


class Item(NamedTuple):
    """A sentence of a brief; those of low rank give way where it gets too long."""

    rank: int
    told: Told


def section(reading: Reading, items: Iterable[Item], most: int, longest: int) -> Section:
    """The sentences that a brief of at most so many words has room for, the weightiest first, in their order.

    No sentence has more than `longest` words.
    """
    every = list(items)
    kept: list[int] = []
    for n in sorted(range(len(every)), key=lambda n: (every[n].rank, n)):
        tried = sorted([*kept, n])
        reading.writer.introduced.clear()
        texts = [reading.writer.text(every[i].told, longest) for i in tried]
        if len(set(texts)) == len(tried) and words_in(HEADING) + sum(map(words_in, texts)) <= most:
            kept = tried
    reading.writer.introduced.clear()
    return Section(HEADING, tuple(reading.writer.sentence(every[i].told, longest) for i in kept))


def answer(reading: Reading, node_id: str, told: Phrase | None = None) -> Told:
    """How a node stands: "Contested: Joining benefits North Korea", and whether one witness or none is behind it."""
    stands = STANDS[reading.standing(node_id)]
    support = rested_on(reading, node_id)
    found = witnesses(reading, support)
    if reading.standing(node_id) in ("unchallenged", "upheld") and support:
        if not found.most:
            stands += ", but without a source"
        elif found.most == 1:
            stands += ", but resting on one witness"
    return [plain(f"{stands}:", node_id), say(" {}", told or reading.mention(node_id))]


def rested_on(reading: Reading, node_id: str) -> list[str]:
    """The statements that a node rests on: itself where it is said, and the nearest below it that are."""
    own = [node_id] if reading.places(node_id) or is_added(reading, node_id) else []
    return [*own, *asserted_support(reading, node_id)]


def both_sides(reading: Reading, node_id: str, rank: int) -> Iterator[Item]:
    """What speaks for a node and against it, at the point on which it is contested."""
    at = focus(reading, node_id)
    direct = reading.opposing(node_id) or at == node_id
    below = list(_sides_at(reading, at, rank + 1 if direct else rank)) if at != node_id else []
    if direct:
        told = {text for item in below for text in _texts(item.told)}
        yield from _sides_at(reading, node_id, rank, told)
    agreed = [i for i in _grounds(reading, node_id) if reading.verdict(i) == "accepted" and is_conclusion(reading, i)]
    if agreed and reading.verdict(node_id) != "accepted":
        yield Item(rank + 1, say("Not contested: {}", listed(reading, agreed, _FEW, "conclusion")))
    if at != node_id:
        yield Item(rank + 1, say("It turns on this, contested: {}", reading.mention(at)))
        yield from below
    elif not reading.opposing(at) and (reading.supporting(at) or not reading.places(at)):
        attacks = _attacked(reading, node_id)
        if attacks is not None:
            yield Item(rank + 2, _side(reading, attacks, "Against what it rests on:"))


def _sides_at(reading: Reading, node_id: str, rank: int, told: Set[str] = frozenset()) -> Iterator[Item]:
    """Both sides at one point, each by its best step that does not say what was told."""
    for opening, steps in (("For:", reading.supporting(node_id)), ("Against:", reading.opposing(node_id))):
        sides = [_side(reading, step, opening) for step in _ranked(reading, steps)]
        fresh = [side for side in sides if told.isdisjoint(_texts(side))]
        yield from (Item(rank, side) for side in (fresh or sides)[:1])


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


def behind_it(reading: Reading, statements: Sequence[str], rank: int) -> Iterator[Item]:
    """How many witnesses are behind statements, at least and at most."""
    found = witnesses(reading, statements)
    if not found.most:
        return
    if found.most == 1:
        yield Item(rank, say("One witness stands behind it: {}", witness(reading, found.found[0])).on(*found.ids))
        return
    told = found.counted("independent witness")
    yield Item(rank, plain(f"Behind it {verb(found.most, 'stands', 'stand')} {told}", *found.ids))


def assumed(reading: Reading, node_id: str, rank: int) -> Iterator[Item]:
    """What is assumed on the way to a node without a source: premises of the author's beside others."""
    steps = [step for found in closure(reading, node_id).values() for step in found]
    linked = [p for step in steps if len(step.argument.premises) > 1 for p in step.argument.premises]
    found = [p for p in dict.fromkeys(linked) if is_added(reading, p)]
    if found:
        yield Item(rank, say("It assumes, without a source: {}", listed(reading, found, _FEW, "assumption")))


def figured(reading: Reading, statements: Iterable[str], rank: int, most: int = 1) -> Iterator[Item]:
    """The figures that matter most: those that differ, then those of the heaviest statements, with their bounds."""
    held = [(s, by_figure(reading.places(s))) for s in statements]
    told = [(s, groups) for s, groups in held if any(q.vague is None for g in groups for q in g[0].quantities)]
    ordered = sorted(told, key=lambda one: (not differ(one[1]), -reading.weight(one[0]), one[0]))
    for n, (statement, groups) in enumerate(ordered[:most]):
        clauses = [given_in_brief(reading, group) for group in groups[:_FEW]]
        opening = "Figures differ" if differ(groups) else "Figures" if len(clauses) > 1 else "Figure"
        counted = all(quantity.of for group in groups for quantity in group[0].quantities)
        about = plain("") if counted else say(" for {}", reading.mention(statement))
        head = say("{}{}: {}", opening, about, clauses[0]).on(statement)
        yield Item(rank + n, [head, *(say("; {}", clause) for clause in clauses[1:])])


def heard_in_all(reading: Reading, statements: Sequence[str], rank: int) -> Iterator[Item]:
    """How many witnesses speak in all."""
    found = witnesses(reading, statements)
    if found.most:
        least, most = number(found.least), number(found.most)
        told = most if found.least == found.most else f"at least {least}, at most {most}"
        yield Item(rank, plain(f"Independent witnesses: {told}", *found.ids))


def changed(reading: Reading, node_id: str, rank: int) -> Iterator[Item]:
    """The smallest change that would turn how a node stands, where it takes few."""
    budget = StepBudget(_STEPS, reading.budget.cancelled)
    try:
        found = why(reading.graph, WhyQuery(id=node_id), budget).flip
    except OutOfSteps:
        return
    if found is None:
        return
    after = _AFTER[found.to]
    if len(found.remove) > _FEW:
        least = "" if found.smallest else "at most "
        told = f"It {after} only without {least}{count(len(found.remove), 'point')} that it rests on"
        yield Item(rank, plain(told, *found.remove))
        return
    gone = [_taken(reading, i) for i in found.remove]
    yield Item(rank, say(f"It {after} without {{}}", gone[0] if len(gone) == 1 else say("{}; and {}", *gone)))


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
    ground = None if len(premises) > 1 or reading.places(premises[0]) else _voiced(reading, premises[0])
    if ground is None:
        return step_in_brief(reading, step, opening)
    told = premise(reading, ground)
    return [say("{} {}", opening, told[0]).on(step.id, *premises), *told[1:]]


def _voiced(reading: Reading, node_id: str) -> str | None:
    """The nearest statement below a conclusion that somebody says, over the weightiest steps."""
    seen, waiting = {node_id}, deque([node_id])
    while waiting:
        for step in reading.supporting(waiting.popleft()):
            for point in step.argument.premises:
                if reading.places(point):
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
