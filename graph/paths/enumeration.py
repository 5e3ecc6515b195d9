"""The paths of a question page by page: one search, which may be left behind a page and taken up again.

A cursor holds the place of the last path in the total order, so that it survives writes, and how many pages there
were, so that a page costs the same wherever its search comes from. If the search is still at hand it goes on; if
not, it is made anew and skips what lies before the place.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import accumulate, islice
from threading import Lock
from typing import NamedTuple

from graph.budgets import Allowance, OutOfSteps, StepBudget
from graph.paging import decode_cursor, encode_cursor
from graph.paths.k_shortest import KeyPath, ShortestPaths, UnbranchedPath
from graph.paths.query_plan import QueryPlan
from graph.paths.search_graph import STEPS, SortKeys, search_graph
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.path import PathReason
from schemas.query import PathsQuery

_MEMO = "searches for paths"
_WAITING_AT_MOST = 4
_SIZE_AT_MOST = 10_000
"""Prefixes of a search that is kept for its next page, some 300 bytes each."""
_PAGES_AT_MOST = 20
"""So many times the steps of one page may be spent on all pages of a question."""
_CHARACTERS = 1_000
"""Ids in a cursor: it has to stand in an address."""
_Found = tuple[int, int, KeyPath]
"""A path with its place but for the ids: 0 for those by strength, 1 for those by length, and what it costs."""


class _Place(NamedTuple):
    """Where a path stands in the total order."""

    page: int
    """Number of the page behind it."""
    part: int
    """0 for the paths by strength, 1 for those by length."""
    cost: int
    ids: tuple[str, ...]
    """The ids on the path, as many as an address can hold."""
    alike: int
    """Where they are not all: how many paths of the same cost and with the same ids came before and with it."""


class PathsPage(NamedTuple):
    """A page of paths."""

    paths: list[KeyPath]
    reason: PathReason | None
    """Why there are more; None where there are not."""
    next: str | None
    """The cursor of the next page."""


class Enumeration:
    """The paths of a plan in their total order, as far as an allowance reaches."""

    def __init__(self, plan: QueryPlan, query: PathsQuery, allowance: Allowance) -> None:
        self.allowance = allowance
        self.reason: PathReason | None = None
        """Why there are more, once it has ended or looked ahead."""
        self._plan = plan
        self._query = query
        self._by_length: ShortestPaths | UnbranchedPath | None = None
        self._size: Callable[[], int] = lambda: 0
        self._paths = self._in_order()
        self._ahead: _Found | None = None

    @property
    def may_go_on(self) -> bool:
        """Whether there is one more path, and the search is small enough to be kept."""
        return self._ahead is not None and self._size() <= _SIZE_AT_MOST

    def __iter__(self) -> Iterator[_Found]:
        """Path after path; ends with a reason where it cannot go on."""
        while True:
            item = self._next() if self._ahead is None else self._ahead
            self._ahead = None
            if item is None:
                return
            yield item

    def look_ahead(self) -> None:
        """Find out whether there is one more path. Where that is not known, there may be."""
        self._ahead = self._next()
        if self._ahead is not None or self.reason == "budget":
            self.reason = "limit"

    def _next(self) -> _Found | None:
        try:
            return next(self._paths)
        except StopIteration as end:
            self.reason = end.value
        except OutOfSteps:
            # No path still to come is shorter than the bound.
            is_beyond = self._by_length is not None and self._by_length.bound > self._query.max_length
            self.reason = "max_length" if is_beyond else "budget"
        return None

    def _in_order(self) -> Generator[_Found, None, PathReason | None]:
        """By strength if that is asked for, what has any; then the others by length. Returns why there are more."""
        longest = self._query.max_length
        found: set[KeyPath] = set()
        reason: PathReason | None = None
        if self._query.order == "strength":
            search = self._plan.by_strength(self.allowance)
            self._size = lambda: search.size
            for cost, path in search:
                if cost & STEPS > longest:
                    search.longest = longest
                    reason = "max_length"
                else:
                    found.add(path)
                    yield 0, cost, path
        last = self._by_length = self._plan.by_length(self.allowance)
        self._size = lambda: last.size
        for length, path in last:
            if length > longest:
                return "max_length"
            if path not in found:
                yield 1, length, path
        return reason


def page_of_paths(plan: QueryPlan, query: PathsQuery, budget: StepBudget, asked: Callable[[], str]) -> PathsPage:
    """The page of paths behind the query's cursor, or the first one.

    Its work is that of the page, where the search for the page before it is still at hand. `asked` tells the
    question that a cursor belongs to; most answers are whole and have none. Raises `Refused` for a cursor of
    another question.
    """
    place = None if query.cursor is None else decode_cursor(query.cursor, asked(), _Place)
    number = 1 if place is None else max(1, place.page)
    search = None if place is None else _waiting(plan.graph).take(asked(), place)
    if search is not None:
        if number <= _PAGES_AT_MOST:
            search.allowance.renew(budget)
        following: Iterator[_Found] = iter(search)
    else:
        steps = budget.steps * min(number, _PAGES_AT_MOST)
        search = Enumeration(plan, query, Allowance(StepBudget(steps, budget.cancelled)))
        following = iter(search) if place is None else _behind(search, place, search_graph(plan.graph).keys)
    found = list(islice(following, query.limit))
    if len(found) == query.limit:
        search.look_ahead()
    paths = [path for _, _, path in found]
    if search.reason not in ("limit", "budget") or (search.reason == "budget" and number >= _PAGES_AT_MOST):
        return PathsPage(paths, search.reason, None)
    end = _end(found, place, number + 1, search_graph(plan.graph).keys)
    if search.may_go_on:
        _waiting(plan.graph).put(asked(), end, search)
    return PathsPage(paths, search.reason, encode_cursor(asked(), end))


def _behind(found: Iterable[_Found], place: _Place, keys: SortKeys) -> Iterator[_Found]:
    """What comes behind a place."""
    alike = 0
    for part, cost, path in found:
        if (part, cost) < (place.part, place.cost):
            continue
        if (part, cost) == (place.part, place.cost):
            ids = keys.ids(path)
            if place.alike:
                ids = ids[: len(place.ids)]
                alike += ids == place.ids
            if ids < place.ids or (ids == place.ids and alike <= place.alike):
                continue
        yield part, cost, path


def _end(found: Sequence[_Found], before: _Place | None, page: int, keys: SortKeys) -> _Place:
    """The place behind what was found, or behind the place before it where that is nothing."""
    if not found:
        return before._replace(page=page) if before is not None else _Place(page, 0, -1, (), 0)
    part, cost, path = found[-1]
    ids = keys.ids(path)
    fit = sum(length <= _CHARACTERS for length in accumulate(map(len, ids)))
    if fit == len(ids):
        return _Place(page, part, cost, ids, 0)
    ids = ids[: max(1, fit)]
    alike = sum(one[:2] == (part, cost) and keys.ids(one[2])[: len(ids)] == ids for one in found)
    if before is not None and before[1:4] == (part, cost, ids):
        alike += before.alike
    return _Place(page, part, cost, ids, alike)


class _Waiting:
    """Searches that stand behind a page, for whoever asks for the next one."""

    def __init__(self) -> None:
        self._searches: dict[tuple[str, _Place], Enumeration] = {}
        self._lock = Lock()

    def take(self, question: str, place: _Place) -> Enumeration | None:
        """The search that stands at a place; nobody else gets it."""
        with self._lock:
            return self._searches.pop((question, place), None)

    def put(self, question: str, place: _Place, search: Enumeration) -> None:
        """Keep a search, and forget the one that has waited longest where they are too many."""
        with self._lock:
            self._searches[question, place] = search
            if len(self._searches) > _WAITING_AT_MOST:
                self._searches.pop(next(iter(self._searches)))


def _waiting(graph: ArgumentGraph) -> _Waiting:
    found = graph.memo.setdefault(_MEMO, _Waiting())
    assert isinstance(found, _Waiting)
    return found
