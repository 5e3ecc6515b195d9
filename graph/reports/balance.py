"""For and against: the steps that bear on a node, in words, weightiest first."""

from collections.abc import Iterator, Sequence

from graph.reports.attribution import voices
from graph.reports.lines import Line, strongest
from graph.reports.reading import Reading, Step
from graph.reports.sentence import Phrase, say, together
from graph.reports.words import count, number, verb
from schemas.motive import Motive
from schemas.statement import Statement
from schemas.vocabulary import Origin

_SHOWN = 10
_UNSAID: dict[Origin, str] = {
    "constructed": "the conclusion {}",
    "author": "{}, which the map's author puts forward,",
    "attributed": "{}, which nobody in this view puts forward,",
}
"""What a statement is of which no assertion is there; an attributed one has lost its last."""
_IT = Phrase("it")


def balance(reading: Reading, node_id: str, it: Phrase = _IT) -> Phrase:
    """How many arguments support and oppose a node."""
    favour, against = reading.supporting(node_id), reading.opposing(node_id)
    ids = (node_id, *(step.id for step in (*favour, *against)))
    if not favour and not against:
        return say("No argument bears on {}", it).on(*ids)
    opposes = verb(len(against) or 1, "opposes", "oppose")
    if not favour:
        return say("{} {} {} directly and none supports it", count(len(against), "argument"), opposes, it).on(*ids)
    counted = number(len(against)) if against else "none"
    supports = verb(len(favour), "supports", "support")
    told = say("{} {} {} and {} {} it directly", count(len(favour), "argument"), supports, it, counted, opposes)
    return told.on(*ids)


def arguments(reading: Reading, steps: Sequence[Step], it: Phrase = _IT) -> Iterator[Phrase]:
    """A phrase for each step, and one for those that are too many to tell."""
    shown = steps if len(steps) <= _SHOWN + 1 else steps[:_SHOWN]
    for step in shown:
        yield argued(reading, step, it)
    if rest := steps[len(shown) :]:
        ids = [node_id for step in rest for node_id in (step.id, *step.argument.premises)]
        does = "oppose" if rest[0].argument.stance == "opposing" else "support"
        counted = count(len(rest), "more argument")
        yield say("{} of no more weight {} {}", counted, verb(len(rest), does + "s", does), it).on(*ids)


def argued(reading: Reading, step: Step, it: Phrase | None = None) -> Phrase:
    """A step in words: its premises with who says them, what they do, and how sure the step is."""
    premises = [premise(reading, node_id) for node_id in step.argument.premises]
    target = reading.mention(step.argument.target) if it is None else it.on(step.argument.target)
    does = "oppose" if step.argument.stance == "opposing" else "support"
    does = verb(len(premises), f"{does}s", f"together {does}")
    return say("{} {} {} ({})", together(premises), does, target, manner_of(reading, step)).on(step.id)


def premise(reading: Reading, node_id: str) -> Phrase:
    """A premise with who says it, or with what it is where nobody says it."""
    node, said = reading.node(node_id), reading.mention(node_id)
    if isinstance(node, Motive):
        return say("the motive {}", said)
    places = reading.places(node_id)
    if isinstance(node, Statement) and not places:
        return say(_UNSAID[node.origin], said)
    return say("{}, {},", said, voices(reading, places))


def manner_of(reading: Reading, step: Step) -> Phrase:
    """How sure a step is and what it is based on: "high confidence; marked in EU Today"."""
    sure = f"{step.argument.confidence} confidence; " if step.argument.confidence else ""
    if step.basis == "own":
        return Phrase(f"{sure}the map author's own step")
    if step.basis == "inferred":
        ids = tuple(node_id for place in step.places for node_id in (place.id, place.source))
        return Phrase(f"{sure}a reader's inference", ids)
    marked: dict[str, Phrase] = {}
    for place in step.places:
        if place.basis == "explicit":
            source = reading.source(place.source).on(place.id)
            marked[place.source] = marked.get(place.source, Phrase(source.text)).on(*source.ids)
    return say("{}marked in {}", sure, together(list(marked.values())))


def lines(reading: Reading, node_id: str, most: int, it: Phrase = _IT) -> Iterator[Phrase]:
    """The strongest lines to a node that take more than one step."""
    for line in strongest(reading, node_id, most):
        if len(line.steps) > 1:
            yield _line(reading, line, it)


def _line(reading: Reading, line: Line, it: Phrase) -> Phrase:
    """A line in words, from its ground on."""
    phrase, current = reading.mention(line.ground), line.ground
    for position, step in enumerate(line.steps):
        last = position == len(line.steps) - 1
        target = it.on(step.argument.target) if last else reading.mention(step.argument.target)
        linked = [reading.mention(p) for p in step.argument.premises if p != current]
        also = say(" together with {}", together(linked)) if linked else Phrase("")
        link = "" if position == 0 else ", which"
        phrase = say("{}{}{} supports {}", phrase, link, also, target).on(step.id)
        current = step.argument.target
    weakest = line.weakest
    basis = "marked in a text" if weakest.basis == "explicit" else "not marked in a text"
    return say(
        "{}; the weakest step has {} confidence and is {}", phrase, weakest.argument.confidence or "no stated", basis
    )
