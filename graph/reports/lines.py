"""Lines of support: what a node rests on, and the strongest way from a ground to it."""

from collections import deque
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from graph.reports.reading import Reading, Step
from graph.reports.sentence import Phrase, Told, plain, say
from graph.reports.words import count


class Line(NamedTuple):
    """Supporting steps from a ground to a conclusion, first step first."""

    ground: str
    steps: tuple[Step, ...]

    @property
    def weakest(self) -> Step:
        """The step that bears least."""
        return min(self.steps, key=lambda step: (step.firmness, step.id))


def closure(reading: Reading, node_id: str) -> dict[str, list[Step]]:
    """Each node that supports this one, directly or further back, with its supporting steps; O(closure)."""
    found: dict[str, list[Step]] = {}
    waiting = deque([node_id])
    while waiting:
        current = waiting.popleft()
        if current not in found:
            found[current] = reading.supporting(current)
            waiting.extend(premise for step in found[current] for premise in step.argument.premises)
    return found


def asserted_support(reading: Reading, node_id: str) -> list[str]:
    """The nearest statements that support a node and stand on more than arguments, in the order of their ids.

    Where a premise is itself a conclusion or a motive, those that support it stand in for it.
    """
    seen: set[str] = {node_id}
    found: set[str] = set()
    waiting = deque([node_id])
    while waiting:
        for step in reading.supporting(waiting.popleft()):
            for premise in step.argument.premises:
                if premise in seen:
                    continue
                seen.add(premise)
                if reading.constructed(premise):
                    waiting.append(premise)
                else:
                    found.add(premise)
    return sorted(found)


def strongest(reading: Reading, node_id: str, most: int) -> list[Line]:
    """The strongest lines to a node, one for each ground, strongest first; O(closure).

    A ground is what nothing supports. A line is as strong as its weakest step, by tenths of its weight and whether a
    text marks it; among equals the shorter comes first, then the one whose ids, read from the conclusion, come first.
    """
    steps = closure(reading, node_id)
    weights = sorted({_level(step) for found in steps.values() for step in found}, reverse=True)
    grounds: dict[str, Line] = {}
    for least in weights:
        for line in _reached(node_id, steps, least):
            grounds.setdefault(line.ground, line)
            if len(grounds) == most:
                return list(grounds.values())
    return list(grounds.values())


def _level(step: Step) -> tuple[float, int]:
    weight, marked = step.firmness
    return round(weight, 1), marked


def _reached(node_id: str, steps: Mapping[str, list[Step]], least: tuple[float, int]) -> Iterator[Line]:
    """Lines by steps of at least this weight, shortest first."""
    way: dict[str, tuple[Step, str] | None] = {node_id: None}
    """How each node was reached: by a step, from the node nearer to the conclusion."""
    waiting = deque([node_id])
    while waiting:
        current = waiting.popleft()
        if not steps[current] and current != node_id:
            yield Line(current, tuple(_walked(way, current)))
        for step in sorted(steps[current], key=lambda step: step.id):
            if _level(step) < least:
                continue
            for premise in sorted(step.argument.premises):
                if premise not in way:
                    way[premise] = (step, current)
                    waiting.append(premise)


def _walked(way: Mapping[str, tuple[Step, str] | None], ground: str) -> Iterator[Step]:
    found = way[ground]
    while found is not None:
        step, nearer = found
        yield step
        found = way[nearer]


def lines(reading: Reading, node_id: str, most: int) -> Iterator[Told]:
    """The strongest lines to a node that take more than one step, in words."""
    for line in strongest(reading, node_id, most):
        if len(line.steps) > 1:
            yield _line(reading, line)


def _line(reading: Reading, line: Line) -> list[Phrase]:
    """A line from its ground on, as far as a sentence can take it; its receipts are all its steps."""
    between = [step.argument.target for step in line.steps[:-1]]
    told = [_told(reading, line, between, shown) for shown in range(min(len(between), _BETWEEN), -1, -1)]
    return next((one for one in told if reading.writer.is_whole(one)), told[-1])


def _told(reading: Reading, line: Line, between: list[str], shown: int) -> list[Phrase]:
    """A line with the first of the points that it leads over, and the number of the rest."""
    clauses = [reading.mention(line.ground)]
    clauses += [say("; which supports this: {}", reading.mention(point)) for point in between[:shown]]
    if rest := len(between) - shown:
        clauses.append(plain(f"; and so on over {count(rest, 'more point' if shown else 'point')}"))
    clauses.append(plain("; which supports it").on(*(step.id for step in line.steps), *between))
    return clauses


_BETWEEN = 3
