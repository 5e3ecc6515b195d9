"""Counts the work that a question costs, and holds it against the growth that its docstring promises.

Work is counted and never timed: bytecode instructions that the interpreter carries out, bytes that are
allocated in large pieces (a set built anew, a list copied, an array: work that is done in C and shows nowhere
else), calls of single functions, and steps taken from an allowance. What C does without allocating, such as
`x in a_list`, is not seen: there count the items with `Counting`.

A test for a promise:

    @promises("graph.snapshot.view.narrow")
    def test_narrowing_is_linear_in_the_map() -> None:
        def prepare(n: int) -> Callable[[], object]:
            graph = map_of(n)                      # built here, which is not counted
            return lambda: narrow(graph, QUERY)    # counted
        grows(prepare, LINEAR)

`prepare` gives a fresh question each time, so that nothing is remembered from one to the next. A promise in
two quantities is two checks: O(edit) is CONSTANT in the map and LINEAR in the edit.
"""

from __future__ import annotations

import gc
import sys
import threading
import tracemalloc
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import wraps
from inspect import signature
from math import log2
from types import CodeType, FrameType
from typing import Any, Generic, TypeVar
from unittest.mock import patch

from graph.budgets import Allowance
from tests.growth.promises import codes_of

T = TypeVar("T")
Question = Callable[[], object]
Growth = Callable[[float], float]


def CONSTANT(n: float) -> float:  # noqa: N802 - reads as the promise does
    """O(1)."""
    return 1.0


def LOGARITHMIC(n: float) -> float:  # noqa: N802
    """O(log n)."""
    return log2(n)


def LINEAR(n: float) -> float:  # noqa: N802
    """O(n)."""
    return n


def LINEARITHMIC(n: float) -> float:  # noqa: N802
    """O(n log n)."""
    return n * log2(n)


_LARGE = 512
"""Bytes: smaller pieces come with instructions, which are counted already."""
_TOLERANCE = 1.2
_SPARE_INSTRUCTIONS = 300
_SPARE_BYTES = 8192


@dataclass
class Work:
    """What was done while a question was answered."""

    instructions: int = 0
    """Bytecode instructions, in every thread that was started for it too."""
    bytes: int = 0
    """Bytes allocated in large pieces, whether or not they were given back."""
    steps: int = 0
    """Steps taken from allowances."""
    calls: Counter[CodeType] = field(default_factory=Counter)
    """How often each function was entered; a generator counts each time that it goes on."""

    def calls_of(self, name: str) -> int:
        """How often a function of the product was entered, by its full name."""
        return sum(self.calls[code] for code in codes_of(name))


_seen: set[CodeType] = set()
"""What counted questions have entered since the test with a promise began."""


def counted(question: Question) -> Work:
    """Answer a question and count the work."""
    work = Work()
    with _allowances_counted(work), _traced(work):
        question()
    _seen.update(work.calls)
    return work


def grows(prepare: Callable[[int], Question], like: Growth, *, n: int = 200, tolerance: float = _TOLERANCE) -> None:
    """Count the work at n and 4n, and fail where it grows faster than promised.

    `prepare` builds the question for a size; `like` is the promised growth. A little may be added on top,
    so that a few instructions more do not matter where hardly any are promised.
    """
    prepare(max(1, n // 4))()  # what is worked out once for the process is not part of it
    for last in (False, False, True):
        try:
            _grows_once(prepare, like(4 * n) / like(n) * tolerance, n)
        except AssertionError:
            if last:
                raise
        else:
            return


def _grows_once(prepare: Callable[[int], Question], allowed: float, n: int) -> None:
    # What other threads allocate meanwhile is counted too, such as the one by which a worker hears of its next
    # tests: it only comes on top, and not every time, so what is found each time is the question's own.
    small, large = _counted_anew(prepare(n)), _counted_anew(prepare(4 * n))
    _holds("instructions", small.instructions, large.instructions, allowed, _SPARE_INSTRUCTIONS)
    _holds("bytes", small.bytes, large.bytes, allowed, _SPARE_BYTES)
    _holds("steps", small.steps, large.steps, allowed, 0)


def _counted_anew(question: Question) -> Work:
    """The work of a question whose parts nobody asked before: another test may have left them in a cache.

    What a function without parameters keeps is a table of the process, such as the order of all characters. It is
    kept: millions of instructions at n and at 4n alike would hide any growth beside them.
    """
    for name, module in list(sys.modules.items()):
        if name.startswith("graph."):
            for kept in vars(module).values():
                if hasattr(kept, "cache_clear") and signature(kept).parameters:
                    kept.cache_clear()
    return counted(question)


def _holds(what: str, small: int, large: int, allowed: float, spare: int) -> None:
    assert large <= small * allowed + spare, (
        f"{what}: {small} at n, {large} at 4n, which is {large / max(1, small):.2f} times as many; "
        f"promised are at most {allowed:.2f} times"
    )


def promises(*names: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Marks a test that counts the work of these functions, given by their full names.

    The test fails where a counted question does not enter each of them, or where one has no `O(…)` to promise.
    """

    def mark(test: Callable[..., None]) -> Callable[..., None]:
        @wraps(test)
        def checked(*args: Any, **kwargs: Any) -> None:
            entered = {name: codes_of(name) for name in names}
            _seen.clear()
            test(*args, **kwargs)
            missed = [name for name, codes in entered.items() if _seen.isdisjoint(codes)]
            assert missed == [], "no counted question enters these"

        return checked

    return mark


class Counting(Generic[T]):
    """Something to iterate over that counts how many items were taken."""

    def __init__(self, items: Iterable[T]) -> None:
        self._items = items
        self.taken = 0

    def __iter__(self) -> Iterator[T]:
        for item in self._items:
            self.taken += 1
            yield item


@contextmanager
def _allowances_counted(work: Work) -> Iterator[None]:
    spend = Allowance.spend

    def counting(self: Allowance, steps: int) -> None:
        work.steps += steps
        spend(self, steps)

    with patch.object(Allowance, "spend", counting):
        yield


@contextmanager
def _traced(work: Work) -> Iterator[None]:
    before = sys.gettrace()
    collecting, tracing = gc.isenabled(), tracemalloc.is_tracing()
    gc.disable()
    if not tracing:
        tracemalloc.start(1)
    trace = _tracer(work)
    threading.settrace(trace)
    sys.settrace(trace)
    try:
        yield
    finally:
        sys.settrace(before)
        threading.settrace(before)  # type: ignore[arg-type]
        if not tracing:
            tracemalloc.stop()
        if collecting:
            gc.enable()


def _tracer(work: Work) -> Callable[[FrameType, str, object], Any]:
    memory, forget = tracemalloc.get_traced_memory, tracemalloc.reset_peak
    calls = work.calls
    forget()
    held = memory()[0]

    def trace(frame: FrameType, event: str, _: object) -> Any:
        nonlocal held
        if event == "opcode":
            work.instructions += 1
            now, peak = memory()
            if peak - held > _LARGE:
                work.bytes += peak - held
            if peak > now:  # asked for once an instruction: where nothing was given back, the peak is what is held
                forget()
            held = now
        elif event == "call":
            calls[frame.f_code] += 1
            frame.f_trace_opcodes = True
            frame.f_trace_lines = False
        return trace

    return trace
