"""Kernels are compiled once, and only where a map is worth it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from graph.evaluation import kernels, warm


@pytest.fixture
def compiled(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often the kernels were compiled, in a process where they are not yet."""
    times: list[str] = []

    def once() -> None:
        times.append("compiled")
        kernels.ready()

    monkeypatch.setattr(kernels, "_READY", [])
    monkeypatch.setattr(kernels, "_INSTALLED", True)
    monkeypatch.setattr(warm, "_compile", once)
    return times


def test_a_small_map_is_not_worth_it(compiled: list[str]) -> None:
    warm.warm_up(kernels.WORTH_COMPILING - 1)
    assert compiled == []


def test_many_that_come_at_once_wait_for_one(compiled: list[str]) -> None:
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(warm.warm_up, [kernels.WORTH_COMPILING] * 40))
    assert compiled == ["compiled"]


def test_without_a_compiler_there_is_nothing_to_do(compiled: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kernels, "_INSTALLED", False)
    warm.warm_up()
    assert compiled == []
