"""The labellings of each semantics as streams in a fixed order: of a part of a core, or whole, stopped anywhere."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, Literal, TypeVar

from graph.budgets import Timeout
from graph.evaluation.labelling.core import Core
from graph.evaluation.labelling.encoding import Encoding, Labelling
from graph.evaluation.labelling.oracle import Oracle

Several = Literal["complete", "preferred", "stable", "semi-stable", "ideal"]


def complete(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> Iterator[Labelling]:
    """Every labelling that fulfils all conditions (Dung 1995; Caminada 2006), one by one.

    A maximal one, then all below it, which few conflicts tell apart; then one that is not below it.
    """
    encoding = Encoding(core, part, around)
    with Oracle(encoding.clauses(), encoding.size, budget) as oracle:
        while (model := oracle.model()) is not None:
            top = grow(oracle, encoding, encoding.read(model))
            yield top
            oracle.add(encoding.other(top))
            below = encoding.within(top)
            while (model := oracle.model(below)) is not None:
                found = encoding.read(model)
                yield found
                oracle.add(encoding.other(found))
            oracle.add(encoding.beyond(top))


def preferred(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> Iterator[Labelling]:
    """The complete labellings that are maximal in information; on Dung frameworks the preferred ones.

    Grows a labelling until nothing more can be decided, then asks for one that is not below it.
    """
    encoding = Encoding(core, part, around)
    with Oracle(encoding.clauses(), encoding.size, budget) as oracle:
        while (model := oracle.model()) is not None:
            found = grow(oracle, encoding, encoding.read(model))
            yield found
            oracle.add(encoding.beyond(found))


def grow(oracle: Oracle, encoding: Encoding, found: Labelling, also: Sequence[int] = ()) -> Labelling:
    """A maximal labelling above one, among those that fulfil the literals of `also`."""
    while 0 in found.values():
        switch = oracle.fresh()
        more = (x for v, label in found.items() if not label for x in (encoding.true(v), encoding.false(v)))
        oracle.add([-switch, *more])
        model = oracle.model([switch, *encoding.says(found), *also])
        oracle.add([-switch])
        if model is None:
            return found
        found = encoding.read(model)
    return found


def stable(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> Iterator[Labelling]:
    """The complete labellings that decide everything."""
    encoding = Encoding(core, part, around, decided=True)
    with Oracle(encoding.clauses(), encoding.size, budget) as oracle:
        while (model := oracle.model()) is not None:
            found = encoding.read(model)
            yield found
            oracle.add(encoding.other(found))


def semi_stable(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> Iterator[Labelling]:
    """The complete labellings whose set of undecided nodes is minimal (Caminada 2006).

    For each maximal range all labellings of that range; each range has clauses of its own, so that none is lost.
    """
    encoding = Encoding(core, part, around)
    with Oracle(encoding.clauses(), encoding.size, budget) as oracle:
        seen = {v: _decided(oracle, encoding, v) for v in part if v in core.observed}
        while (model := oracle.model()) is not None:
            reach = _widen(oracle, encoding, seen, encoding.read(model))
            exactly = [seen[v] if v in reach else -seen[v] for v in seen]
            switch = oracle.fresh()
            while (model := oracle.model([switch, *exactly])) is not None:
                found = encoding.read(model)
                yield found
                oracle.add([-switch, *encoding.other(found)])
            oracle.add([-switch])
            if len(reach) == len(seen):
                return
            oracle.add([seen[v] for v in seen if v not in reach])


def _decided(oracle: Oracle, encoding: Encoding, v: int) -> int:
    switch, true, false = oracle.fresh(), encoding.true(v), encoding.false(v)
    for clause in ([-switch, true, false], [switch, -true], [switch, -false]):
        oracle.add(clause)
    return switch


def _widen(oracle: Oracle, encoding: Encoding, seen: Mapping[int, int], found: Labelling) -> set[int]:
    while True:
        reach = {v for v in seen if found[v]}
        switch = oracle.fresh()
        oracle.add([-switch, *(seen[v] for v in seen if v not in reach)])
        model = oracle.model([switch, *(seen[v] for v in sorted(reach))])
        oracle.add([-switch])
        if model is None:
            return reach
        found = encoding.read(model)


def ideal(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> Iterator[Labelling]:
    """The greatest complete labelling that no complete one contradicts (Dung, Mancarella & Toni 2007; Caminada 2011).

    What some labelling accepts and what some rejects is found by asking again and again for something not yet
    seen; then labels that do not follow from the rest are taken back until all do.
    """
    can = possible(core, part, around, budget)
    found = {v: (v in can[0]) - (v in can[1]) for v in part}
    while loose := [v for v in part if found[v] and follows(core, v, {**around, **found}) != found[v]]:
        budget.check()
        found.update(dict.fromkeys(loose, 0))
    yield found


def possible(core: Core, part: Sequence[int], around: Mapping[int, int], budget: Timeout) -> tuple[set[int], set[int]]:
    """The variables that some complete labelling makes true, and those that some makes false."""
    encoding = Encoding(core, part, around)
    can: tuple[set[int], set[int]] = (set(), set())
    with Oracle(encoding.clauses(), encoding.size, budget) as oracle:
        while True:
            unseen = [encoding.true(v) for v in part if v not in can[0]]
            unseen += [encoding.false(v) for v in part if v not in can[1]]
            switch = oracle.fresh()
            oracle.add([-switch, *unseen])
            model = oracle.model([switch])
            oracle.add([-switch])
            if model is None:
                return can
            for v, label in encoding.read(model).items():
                if label:
                    can[label < 0].add(v)


def follows(core: Core, v: int, labelling: Mapping[int, int]) -> int:
    """The label that a variable's condition gives it."""
    condition = core.conditions[v]
    labels = [-labelling[o] if negated else labelling[o] for o, negated in condition.literals]
    if condition.blocked:
        labels.append(0)
    return min(labels, default=1)


Stream = Callable[[Core, Sequence[int], Mapping[int, int], Timeout], Iterator[Labelling]]
STREAMS: dict[Several, Stream] = {
    "complete": complete, "preferred": preferred, "stable": stable, "semi-stable": semi_stable, "ideal": ideal,
}  # fmt: skip

# --- the whole core --------------------------------------------------------------------------------


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
