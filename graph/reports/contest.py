"""What is contested: objections and their answers, attacks further back, and steps that are undercut."""

from collections.abc import Iterator

from graph.reports.balance import argued, manner_of, premise
from graph.reports.lines import closure
from graph.reports.reading import Reading, Step
from graph.reports.sentence import Phrase, at_most, say, together
from schemas.argument import Argument

_SHOWN = 8


def contested(reading: Reading, node_id: str) -> Iterator[Phrase]:
    """A phrase for each objection's answers, for each attack on what a node rests on, and on what it leads to."""
    phrases = [*answers(reading, node_id), *further_back(reading, node_id), *_onward(reading, node_id)]
    yield from at_most(phrases, _SHOWN, "And so on, {} more times")


def answers_to(reading: Reading, step: Step) -> list[Step]:
    """What opposes a step or one of its premises."""
    found = {other.id: other for target in (step.id, *step.argument.premises) for other in reading.opposing(target)}
    return sorted(found.values(), key=lambda other: other.order)


def attacks_on(reading: Reading, node_id: str) -> list[Step]:
    """The opposing steps on what supports a node, and on the steps by which it does."""
    steps = closure(reading, node_id)
    found: dict[str, Step] = {}
    for supported, supporting in steps.items():
        targets = [step.id for step in supporting] + ([supported] if supported != node_id else [])
        for target in targets:
            found.update({step.id: step for step in reading.opposing(target)})
    return sorted(found.values(), key=lambda step: step.order)


def attack(reading: Reading, step: Step) -> Phrase:
    """An opposing step in words, an undercut as one."""
    target = reading.node(step.argument.target)
    if not isinstance(target, Argument):
        return argued(reading, step)
    premises = together([premise(reading, p) for p in step.argument.premises])
    return say("{} undercuts {} ({})", premises, reading.mention(target.id), manner_of(reading, step)).on(step.id)


def further_back(reading: Reading, node_id: str) -> Iterator[Phrase]:
    """Attacks on what a node rests on."""
    for step in attacks_on(reading, node_id):
        on_step = isinstance(reading.node(step.argument.target), Argument)
        how = "A step on the way to it is undercut" if on_step else "A point that it rests on is opposed"
        yield say("{}: {}", how, attack(reading, step))


def answers(reading: Reading, node_id: str) -> Iterator[Phrase]:
    """For each objection to a node what is set against it."""
    for step in reading.opposing(node_id):
        objection = together([reading.mention(p) for p in step.argument.premises])
        found = answers_to(reading, step)
        for answer in found:
            direct = step.argument.premises == (answer.argument.target,)
            told = argued(reading, answer, Phrase("it")) if direct else attack(reading, answer)
            yield say("Against the objection {}: {}", objection.on(step.id), told)
        if not found:
            yield say("Nothing answers the objection {}", objection.on(step.id))


def _onward(reading: Reading, node_id: str) -> Iterator[Phrase]:
    for use in reading.outgoing(node_id):
        for step in reading.opposing(use.id):
            yield say("A step that starts from it is undercut: {}", attack(reading, step))
