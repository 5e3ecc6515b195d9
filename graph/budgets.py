"""How much of an answer there is at once: work counted in steps or in time, and items told in pages.

A cursor says which question it continues, and behind which place in the answer's total order. A place is what the items
are ordered by, never a count of items: so a page begins right behind the one before, whatever was written between.
"""

import base64
import binascii
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import blake2b
from time import monotonic, thread_time
from typing import Any, Generic, NamedTuple, ParamSpec, TypeVar

import msgspec
from pydantic import BaseModel

from graph.errors import Refused
from schemas.problem import FieldProblem
from schemas.query import ViewQuery

T = TypeVar("T")
P = ParamSpec("P")
STEPS = 200_000
"""Nodes expanded before a question gives up: some tenths of a second."""
EDGES_A_STEP = 8
"""So many links are looked at for one step, beyond the step of the node that they belong to."""
_ASK_EVERY = 512
_encode = msgspec.json.Encoder(decimal_format="number").encode
_NOT_ASKED = {"cursor", "limit", *ViewQuery.model_fields}


class OutOfSteps(Exception):
    """The allowance is used up; what was found so far stands."""


class OutOfTime(Exception):
    """A search was stopped before its end; what it found so far stands."""


class Cancelled(Exception):
    """Nobody waits for the answer any more."""


_WANTED: ContextVar[Callable[[], bool] | None] = ContextVar("wanted", default=None)


@contextmanager
def wanted(asked: Callable[[], bool]) -> Iterator[None]:
    """Have what is worked out inside, on other threads too, end with `Cancelled` once nobody wants it any more."""
    token = _WANTED.set(asked)
    try:
        yield
    finally:
        _WANTED.reset(token)


def check_wanted() -> None:
    """Raise `Cancelled` where what is worked on is not wanted any more; asked between pieces of work without steps."""
    asked = _WANTED.get()
    if asked is not None and not asked():
        raise Cancelled


_SPENT: ContextVar[Callable[[float], None] | None] = ContextVar("spent", default=None)


@contextmanager
def spending(told: Callable[[float], None]) -> Iterator[None]:
    """Have what `spent_on` does inside told in seconds of the processor; it is told on the thread that does it."""
    token = _SPENT.set(told)
    try:
        yield
    finally:
        _SPENT.reset(token)


def spent_on(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Do work on a thread of the store's, for whoever counts what it takes."""
    told, begun = _SPENT.get(), thread_time()
    try:
        return work(*args, **kwargs)
    finally:
        if told is not None:
            told(thread_time() - begun)


@dataclass(frozen=True, slots=True)
class StepBudget:
    """What a question may cost. Counted, not timed: the same question stops at the same place everywhere."""

    steps: int = STEPS
    """Nodes that a search may expand."""
    cancelled: Callable[[], bool] | None = None
    """Asked now and then; true ends the work with `Cancelled`."""

    def check(self) -> None:
        """Raise `Cancelled` where nobody waits any more."""
        if self.cancelled is not None and self.cancelled():
            raise Cancelled

    def until(self, cancelled: Callable[[], bool] | None) -> "StepBudget":
        """The same for somebody who may go away."""
        return StepBudget(self.steps, cancelled)


WHOLE_MAP = StepBudget(20_000_000)
"""For questions that go through a map once, in linear time: no map that a store holds needs more."""


class Allowance:
    """What is left of a budget while one question is worked on."""

    __slots__ = ("_ask_at", "_cancelled", "left")

    def __init__(self, budget: StepBudget) -> None:
        self.left = budget.steps
        self._cancelled = budget.cancelled
        self._ask_at = budget.steps

    def renew(self, budget: StepBudget) -> None:
        """Go on with as many steps more, for whoever waits now."""
        self.left += budget.steps
        self._cancelled = budget.cancelled
        self._ask_at = self.left

    def spend(self, steps: int) -> None:
        """Take steps off; raises `OutOfSteps` when none are left and `Cancelled` when the budget says so."""
        self.left -= steps
        if self.left <= self._ask_at:
            self._ask_at = self.left - _ASK_EVERY
            if self._cancelled is not None and self._cancelled():
                raise Cancelled
        if self.left < 0:
            raise OutOfSteps


class Timeout:
    """Time left for a question; `check` raises `OutOfTime` when it is used up or cancelled."""

    def __init__(self, seconds: float = 5.0, cancelled: Callable[[], bool] | None = None) -> None:
        self._ends = monotonic() + seconds
        self._cancelled = cancelled

    @property
    def left(self) -> float:
        """Seconds left, zero when cancelled."""
        if self._cancelled is not None and self._cancelled():
            return 0.0
        return max(0.0, self._ends - monotonic())

    def check(self) -> None:
        """Raise `OutOfTime` when nothing is left."""
        if self.left <= 0.0:
            raise OutOfTime

    def part(self, share: float) -> "Timeout":
        """A budget of a share of what is left."""
        return Timeout(self.left * share, self._cancelled)


# --- pages ----------------------------------------------------------------------------------------


class Page(NamedTuple, Generic[T]):
    """A part of an answer."""

    items: Sequence[T]
    total: int
    """Items on all pages."""
    next: str | None
    """The cursor behind the last item; None at the end."""


def question_of(map_id: str, view: ViewQuery | None, query: BaseModel, *about: str) -> str:
    """A digest of what is asked: the map, the view's filters, the query and what else the address names.

    The revision, the size of a page and the cursor are no part of it.
    """
    asked = query.model_dump_json(exclude=_NOT_ASKED, exclude_defaults=True)
    parts = (map_id, repr(() if view is None else view.filters()), type(query).__name__, asked, *about)
    whole = blake2b(digest_size=9)
    for part in parts:
        whole.update(b"%d:" % len(part))
        whole.update(part.encode())
    return whole.hexdigest()


def encode_cursor(question: str, place: object) -> str:
    """The cursor behind a place, a value that JSON can hold, in the answer to a question."""
    return base64.urlsafe_b64encode(_encode([question, place])).decode().rstrip("=")


def decode_cursor(cursor: str, question: str, shape: type[T]) -> T:
    """The place that a cursor points behind. Raises `Refused` for one of another question or of nobody's making."""
    try:
        padded = cursor + "=" * (-len(cursor) % 4)
        raw = base64.b64decode(padded.encode("ascii"), altchars=b"-_", validate=True)
        asked, place = msgspec.json.decode(raw, type=tuple[str, shape])  # type: ignore[valid-type]
    except (ValueError, binascii.Error, msgspec.DecodeError) as error:
        raise _invalid("is invalid; take `next` of the page before") from error
    if asked != question:
        raise _invalid("belongs to another question; ask with the same filters and order, or begin anew")
    found: T = place
    return found


def page_of(
    items: Sequence[T],
    place_of: Callable[[T], Any],
    shape: type[Any],
    *,
    question: str,
    limit: int,
    cursor: str | None,
) -> Page[T]:
    """The page behind a cursor of items that stand in the order of their places.

    `shape` is the type of a place, as it is read from JSON. O(page + log items). Raises `Refused`.
    """
    begin = 0
    if cursor is not None:
        begin = bisect_right(items, decode_cursor(cursor, question, shape), key=place_of)
    shown = items[begin : begin + limit]
    more = begin + len(shown) < len(items)
    return Page(shown, len(items), encode_cursor(question, place_of(shown[-1])) if more else None)


def _invalid(what: str) -> Refused:
    return Refused(f"the cursor {what}", [FieldProblem("/cursor", f"the cursor {what}")], code="invalid_parameter")
