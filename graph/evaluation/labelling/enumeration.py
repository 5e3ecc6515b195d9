"""The labellings of a whole core: part by part and component by component, streamed and stopped anywhere."""

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

from graph.budgets import Timeout
from graph.evaluation.labelling.core import Core
from graph.evaluation.labelling.encoding import Labelling
from graph.evaluation.labelling.semantics import STREAMS, Several, follows

T = TypeVar("T")
_SMALL = 24
"""Variables up to which one solver for a whole part costs less than one for each component."""


class Remembered(Generic[T]):
    """A stream that can be read many times and is computed once, as far as anyone reads."""

    def __init__(self, source: Iterator[T]) -> None:
        self._source = source
        self._seen: list[T] = []

    def __iter__(self) -> Iterator[T]:
        at = 0
        while True:
            if at == len(self._seen):
                following = next(self._source, None)
                if following is None:
                    return
                self._seen.append(following)
            yield self._seen[at]
            at += 1


def product(choices: list[Callable[[Labelling], Iterator[Labelling]]]) -> Iterator[Labelling]:
    """Every way to choose one labelling after another, each choice seeing those before it; the last varies first."""
    chosen: Labelling = {}
    if len(choices) < 2:
        yield from choices[0](chosen) if choices else (chosen,)
        return
    open_ = [choices[0](chosen)]
    while open_:
        step = next(open_[-1], None)
        if step is None:
            open_.pop()
            continue
        chosen.update(step)
        if len(open_) == len(choices):
            yield dict(chosen)
        else:
            open_.append(choices[len(open_)](chosen))


def labellings(core: Core, semantics: Several, budget: Timeout) -> Iterator[Labelling]:
    """The labellings of a core under a semantics, in an order that depends on the map alone.

    Parts are independent, so their labellings combine freely. Inside a part complete and preferred labellings are
    found one strongly connected component after another, which these semantics allow (Baroni, Giacomin & Guida
    2005); stable, semi-stable and ideal ones at once. Raises `OutOfTime`.
    """
    streams = [Remembered(part_labellings(core, part, semantics, budget)) for part in core.parts()]
    if semantics == "stable" and not all(any(True for _ in stream) for stream in streams):
        return iter(())
    return product([_free(stream) for stream in streams])


def part_labellings(core: Core, part: list[int], semantics: Several, budget: Timeout) -> Iterator[Labelling]:
    """The labellings of one part."""
    if semantics in ("complete", "preferred") and len(part) > _SMALL:
        components = core.components(part)
        if len(components) > 1:
            return product([_component(core, c, semantics, budget) for c in components])
    return STREAMS[semantics](core, part, {}, budget)


def _free(stream: Remembered[Labelling]) -> Callable[[Labelling], Iterator[Labelling]]:
    return lambda _: iter(stream)


def _component(
    core: Core, component: list[int], semantics: Several, budget: Timeout
) -> Callable[[Labelling], Iterator[Labelling]]:
    inside = set(component)
    outside = sorted({o for v in component for o, _ in core.conditions[v].literals} - inside)
    if len(component) == 1 and all(o != component[0] for o, _ in core.conditions[component[0]].literals):
        v = component[0]
        return lambda chosen: iter([{v: follows(core, v, chosen)}])
    known: dict[tuple[int, ...], Remembered[Labelling]] = {}

    def choose(chosen: Labelling) -> Iterator[Labelling]:
        around = tuple(chosen[o] for o in outside)
        if around not in known:
            context = dict(zip(outside, around, strict=True))
            known[around] = Remembered(STREAMS[semantics](core, component, context, budget))
        return iter(known[around])

    return choose
