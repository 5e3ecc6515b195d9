"""The counters see the work that they are there for, and a promise that is not kept fails."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from graph.budgets import Allowance, StepBudget
from graph.search.words import collation_key
from tests.growth.promises import codes_of, covered, promised
from tests.growth.work import CONSTANT, LINEAR, LINEARITHMIC, LOGARITHMIC, Counting, Growth, counted, grows, promises

Prepare = Callable[[int], Callable[[], object]]


def _loop(n: int) -> Callable[[], object]:
    return lambda: [i for i in range(n) if i % 2]


def _nested(n: int) -> Callable[[], object]:
    return lambda: [i + j for i in range(n) for j in range(n // 4)]


def _union_in_a_loop(n: int) -> Callable[[], object]:
    left, right = set(range(n)), set(range(n, 2 * n))
    return lambda: [i for i in range(n) if i in left | right]


def _array_in_a_loop(n: int) -> Callable[[], object]:
    array = np.arange(n)
    return lambda: [(array + i)[0] for i in range(n)]


def _halving(n: int) -> Callable[[], object]:
    def halve() -> None:
        left = n
        while left > 1:
            left //= 2

    return halve


def _spending(n: int) -> Callable[[], object]:
    return lambda: Allowance(StepBudget()).spend(n)


@pytest.mark.parametrize(
    ("prepare", "like"),
    [(_loop, LINEAR), (_halving, LOGARITHMIC), (_spending, LINEAR), (_loop, LINEARITHMIC), (_halving, CONSTANT)],
)
def test_work_within_the_promise_passes(prepare: Prepare, like: Growth) -> None:
    grows(prepare, like)


@pytest.mark.parametrize(
    ("prepare", "like", "what"),
    [
        (_loop, CONSTANT, "instructions"),
        (_loop, LOGARITHMIC, "instructions"),
        (_nested, LINEAR, "instructions"),
        (_union_in_a_loop, LINEAR, "bytes"),
        (_array_in_a_loop, LINEAR, "bytes"),
        (_spending, CONSTANT, "steps"),
    ],
)
def test_work_beyond_the_promise_fails(prepare: Prepare, like: Growth, what: str) -> None:
    with pytest.raises(AssertionError, match=what):
        grows(prepare, like, n=60)


def test_what_another_thread_allocates_beside_it_is_not_blamed() -> None:
    asked: list[int] = []

    def prepare(n: int) -> Callable[[], object]:
        asked.append(n)
        loop = _loop(n)
        return lambda: (loop(), [bytes(1 << 20) for _ in range(8)] if asked.count(240) == 1 and n == 240 else None)

    grows(prepare, LINEAR, n=60)
    assert asked == [15, 60, 240, 60, 240]


def test_a_table_of_the_process_hides_no_growth() -> None:
    def prepare(n: int) -> Callable[[], object]:
        return lambda: (collation_key("word"), _nested(n)())

    with pytest.raises(AssertionError, match="instructions"):
        grows(prepare, LINEAR, n=60)


def test_calls_and_items_are_counted() -> None:
    items = Counting(range(5))
    work = counted(lambda: [codes_of("graph.budgets.Allowance.spend") for _ in items])
    assert items.taken == 5
    assert work.calls_of("tests.growth.promises.codes_of") == 5


def test_the_same_question_costs_the_same_each_time() -> None:
    assert counted(_loop(100)).instructions == counted(_loop(100)).instructions


def test_a_test_that_does_not_ask_what_it_promises_fails() -> None:
    @promises("graph.budgets.Allowance.spend")
    def asks() -> None:
        counted(_spending(1))

    @promises("graph.budgets.Timeout.check")
    def does_not() -> None:
        counted(_spending(1))

    asks()
    with pytest.raises(AssertionError, match="no counted question"):
        does_not()


def test_a_name_that_is_none_is_refused() -> None:
    for name in ("graph.budgets.Nothing", "graph.nothing.at_all", "graph.budgets.STEPS"):
        with pytest.raises(LookupError):
            codes_of(name)


def test_promises_are_found_where_they_are_public() -> None:
    text = '''
"""Of a module; no promise."""
class Open:
    """A class; O(n)."""
    def shown(self):
        """Shown; O(1)."""
        def inner():
            """Inside; O(1)."""
    def _hidden(self):
        """Hidden; O(1)."""
    def __len__(self):
        """Also public; O(1)."""
def none():
    """Uses DEMO(x)."""
'''
    found = promised({"graph/a.py": text, "graph/_b.py": '"""Hidden; O(1)."""', "tests/c.py": '"""Not ours; O(1)."""'})
    assert set(found) == {"graph.a.Open", "graph.a.Open.shown", "graph.a.Open.__len__"}


def test_marks_are_found_in_tests() -> None:
    text = '@promises("graph.a.one", "graph.a.two")\ndef test_it() -> None: ...\n'
    marked = {"graph.a.one": ["tests/growth/test_a.py::test_it"], "graph.a.two": ["tests/growth/test_a.py::test_it"]}
    assert covered({"tests/growth/test_a.py": text, "tests/unit/test_b.py": text}) == marked
