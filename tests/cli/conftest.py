"""The command in this process, over a store of the test's own, and a service beside it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from service.cli import run
from tests.api.serving import Served


class Done(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store with the seed, for commands that only read; its URL."""
    url = f"sqlite:{tmp_path_factory.mktemp('store') / 'maps.sqlite'}"
    assert run(["seed", "--store", url]) == 0
    return url


@pytest.fixture(autouse=True)
def _only_our_settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No setting of whoever runs the tests counts, and the default store is the test's own."""
    for name in [name for name in os.environ if name.startswith("ARGUMAP_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("ARGUMAP_STORE", f"sqlite:{tmp_path / 'own.sqlite'}")


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Cli:
    """Runs a command; gives its exit code and what it said."""

    def command(*arguments: str) -> Done:
        capsys.readouterr()
        code = run(list(arguments))
        return Done(code, *capsys.readouterr())

    return command


@pytest.fixture
def seeded(monkeypatch: pytest.MonkeyPatch, seeded_file: str) -> str:
    """The store with the seed is the one that commands ask."""
    monkeypatch.setenv("ARGUMAP_STORE", seeded_file)
    return seeded_file


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service as a process of its own, with the seed; its address."""
    folder = tmp_path_factory.mktemp("service")
    with Served(folder, {"ARGUMAP_STORE": f"sqlite:{folder / 'maps.sqlite'}"}) as served:
        yield served.url
