"""Every promise of a public docstring is held by a test that counts the work."""

from __future__ import annotations

from tests.growth.promises import codes_of, covered, promised


def test_every_promise_has_a_test_that_counts() -> None:
    assert set(promised()) - set(covered()) == set(), "write a growth test for these: see tests/growth/work.py"


def test_every_test_is_of_a_promise() -> None:
    promises = promised()
    assert {name: tests for name, tests in covered().items() if name not in promises} == {}


def test_every_name_is_one() -> None:
    assert [name for name in covered() if not codes_of(name)] == []
