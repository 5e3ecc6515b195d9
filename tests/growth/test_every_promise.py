"""Every promise of a public docstring is held by a test that counts the work."""

from __future__ import annotations

from tests.growth.promises import codes_of, covered, promised

WAITING: frozenset[str] = frozenset(
    """
    service.reference.clients.for_clients
    """.split()  # noqa: SIM905 - one name a line
)
"""Promises without a test as yet. Names are only ever taken out here."""


def test_every_promise_has_a_test_that_counts() -> None:
    assert set(promised()) - set(covered()) - WAITING == set(), (
        "write a growth test for these: see tests/growth/work.py"
    )


def test_every_test_is_of_a_promise() -> None:
    promises = promised()
    assert {name: tests for name, tests in covered().items() if name not in promises} == {}


def test_every_name_is_one() -> None:
    assert [name for name in covered() if not codes_of(name)] == []


def test_nothing_waits_that_has_its_test_or_is_gone() -> None:
    assert WAITING & set(covered()) == set()
    assert WAITING - set(promised()) == set()
