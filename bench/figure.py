"""One measured figure: a value, how it stands to its peer or limit, the goal for that, and whether it is reached."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from time import perf_counter
from typing import TypeVar

Q = TypeVar("Q")


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the bench."""

    name: str
    value: float
    """What was measured, in `unit`."""
    unit: str
    ratio: float | None = None
    """The value against its peer or limit, both measured in the same run; None where there is none."""
    goal: str = ""
    """What the ratio or the value is to reach, in words: `>= 3` or `< 1 ms`."""
    ok: bool = True
    """Whether the goal is reached; always true where there is none."""

    def line(self) -> str:
        """The figure as the bench prints it: name, value, ratio, goal, ok or short."""
        ratio = "-" if self.ratio is None else f"{self.ratio:.3g}"
        verdict = "ok" if self.ok else "short"
        return f"{self.name:<64}  {self.value:.4g} {self.unit:<6}  {ratio:>8}  {self.goal or '-':<10}  {verdict}"


@dataclass(frozen=True, slots=True)
class Times:
    """How long each of many questions took, in seconds."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The middle one."""
        return median(self.seconds)

    @property
    def worst(self) -> float:
        """The longest one."""
        return max(self.seconds)


def timed(ask: Callable[[Q], object], questions: Iterable[Q], clock: Callable[[], float] = perf_counter) -> Times:
    """Ask each question once and time it; `process_time` as the clock leaves out what a busy machine adds."""
    seconds = []
    for question in questions:
        begin = clock()
        ask(question)
        seconds.append(clock() - begin)
    return Times(tuple(seconds))


class Unmeasurable(Exception):
    """A part of the bench needs something that this machine does not have; the message says what."""
