"""Console blocks of a page: commands with the output that the page shows."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from typing import NamedTuple

_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.M | re.S)


class Shown(NamedTuple):
    """A command and what the page says that it prints."""

    command: str
    output: str

    @property
    def words(self) -> list[str]:
        return shlex.split(self.command)


def shown_in(page: str) -> Iterator[Shown]:
    """Every command of the page's console blocks, in order."""
    for block in _BLOCK.findall(page):
        for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
            command, _, output = part.partition("\n")
            yield Shown(command, output)


def agrees(shown: str, real: str) -> bool:
    """Whether the real output is what is shown: … stands for anything, alone on a line for any lines.

    A JSON answer, which has no line breaks, may be shown in several lines that begin with a space.
    """
    if shown.startswith("{"):
        shown = re.sub(r"\n +", "", shown)
    pattern = ""
    for line in shown.rstrip("\n").split("\n"):
        pattern += "(?:.*\n)*?" if line == "…" else ".*?".join(map(re.escape, line.split("…"))) + "\n"
    return re.fullmatch(pattern, real.rstrip("\n") + "\n") is not None
