"""Argument paths: the ways along the direction of reasoning from starts to ends, best first, in a total order.

They come page by page from one search, which may be left behind a page and taken up again. A cursor holds the place of
the last path in the total order, so that it survives writes, and how many pages there were, so that a page costs the
same wherever its search comes from. If the search is still at hand it goes on; if not, it is made anew and skips what
lies before the place.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice
from threading import Lock
from typing import Any, NamedTuple

from graph.budgets import Allowance, OutOfSteps, StepBudget, decode_cursor, encode_cursor, question_of
from graph.paths.constraints import Constraints
from graph.paths.endpoints import is_ground, is_unused, refuse_unknown, with_pointers
from graph.paths.k_shortest import KeyPath, QueryPlan, ShortestPaths, UnbranchedPath
from graph.paths.search_graph import PASSED_ON, STEPS, SortKey, SortKeys, WeakestPremises, credence, search_graph
from graph.snapshot.argument_graph import ArgumentGraph, basis_of, numbers_of
from graph.snapshot.columns import ARGUMENT
from graph.snapshot.view import Views
from schemas.path import Path, PathCounts, PathReason, PathsAnswer, PathStep
from schemas.query import PathsQuery, ViewQuery
from schemas.vocabulary import CONFIDENCE_RANK, Confidence, Stance
from schemas.what_if import PathsDifference

_USUAL = StepBudget()
_COMPARED = 1000
"""Paths of either side that are compared; the query's own limit is for those that are told."""
_NOTHING: frozenset[SortKey] = frozenset()
_CONFIDENCE: dict[int, Confidence] = {rank: name for name, rank in CONFIDENCE_RANK.items()}


def paths(
    graph: ArgumentGraph,
    query: PathsQuery,
    budget: StepBudget | None = None,
    *,
    whole: ArgumentGraph | None = None,
    view: ViewQuery | None = None,
) -> PathsAnswer:
    """The argument paths that the query asks for in this snapshot, which the query's view has narrowed already.

    A path has at least one step, so none leads from a node to itself. Starts and ends stand for what
    `stands_for` says, and so do `via` (one of the nodes that it stands for must be visited) and `avoid` (none
    may be). A path may pass one end on its way to another. It may end in an argument, through an undercut or a
    backing of it or through one of its premises.

    `whole` is the same revision without the view's filters: an id that only it has is no fault, and an empty
    answer tells by it `filtered` from `not_connected`. `view` is what narrowed the snapshot: a cursor belongs to it.
    Raises `Refused` for an id that neither snapshot has, and for a cursor of another question.
    """
    budget = budget or _USUAL
    unknown: list[str] = []
    plan = _plan(graph, query, unknown)
    if unknown:
        named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
        refuse_unknown((graph, whole or graph), chain.from_iterable(with_pointers(name, ids) for name, ids in named))
    page = page_of_paths(plan, query, budget, lambda: question_of(graph.map, view, query))
    reason = page.reason
    if not page.paths and reason is None and query.cursor is None:
        reason = _why_none(graph, query, budget, whole)
    rendering = PathRendering(graph, search_graph(graph).keys)
    items = tuple([rendering.path(path) for path in page.paths])
    opposing = sum([item.polarity == "opposing" for item in items])
    complete = reason is None or reason in ("not_connected", "filtered")
    counts = PathCounts(len(items) - opposing, opposing)
    return PathsAnswer(graph.map, graph.revision, complete, reason, counts, items, page.next)


def _plan(graph: ArgumentGraph, query: PathsQuery, unknown: list[str] | None = None) -> QueryPlan:
    keys = search_graph(graph).keys
    kind, number, key = graph.kind, keys.number, keys.key

    def keys_of(ids: tuple[str, ...]) -> list[SortKey]:
        return [key(n) for n in numbers_of(graph, ids, unknown)]

    avoided = frozenset(keys_of(query.avoid)) if query.avoid else _NOTHING
    # None where no starts or ends are named.
    starts = tuple([k for k in keys_of(query.from_) if k not in avoided]) if query.from_ else None
    ends = tuple([k for k in keys_of(query.to) if k not in avoided]) if query.to else None
    arguments = [k for k in (*(starts or ()), *(ends or ())) if kind(number(k)) == ARGUMENT]
    constraints = None
    if query.polarity or query.via or avoided or arguments:
        constraints = Constraints(
            opposing=None if query.polarity is None else query.polarity == "opposing",
            visits=tuple(frozenset(keys_of((node_id,))) for node_id in query.via),
            avoided=avoided,
            starts=frozenset(arguments).intersection(starts or ()),
            ends=frozenset(arguments).intersection(ends or ()),
        )
    return QueryPlan(graph, starts, ends, constraints)


def _why_none(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget, whole: ArgumentGraph | None) -> PathReason:
    """Whether there is a path without the question's constraints, or without the view."""
    bare = query.model_copy(update={"polarity": None, "via": (), "avoid": ()})
    others = [graph] if bare != query else []
    if whole is not None and whole is not graph:
        others.append(whole)
    return "filtered" if any(_leads(other, bare, budget) for other in others) else "not_connected"


def _leads(graph: ArgumentGraph, query: PathsQuery, budget: StepBudget) -> bool:
    """Whether there is any path, or none can be ruled out within the budget."""
    try:
        return any(True for _ in _plan(graph, query).by_length(Allowance(budget)))
    except OutOfSteps:
        return True


# --- page by page ----------------------------------------------------------------------------------


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


# --- as they are told ------------------------------------------------------------------------------


_Rendered = tuple[PathStep, bool, bool, float, float]
"""A step, whether it opposes, whether it leads to an argument, and how much strength it lets through and passes on."""


class PathRendering:
    """Renders paths of sort keys as paths of ids; a step that several of them share is rendered once."""

    def __init__(self, graph: ArgumentGraph, keys: SortKeys) -> None:
        self._graph = graph
        self._weakest = WeakestPremises(graph)
        self._keys = keys
        self._steps: dict[tuple[SortKey, SortKey, SortKey], _Rendered] = {}

    def path(self, path: KeyPath) -> Path:
        """The path with its steps, its polarity and its strength. O(nodes on it)."""
        graph, rendered = self._graph, self._steps
        ids = self._keys.ids(path)
        start = self._keys.number(path[0])
        on_argument = graph.kind(start) == ARGUMENT
        strength = 1.0 if on_argument else credence(graph, start)
        steps = []
        opposing, at, last = False, 0, len(path) - 1
        while at < last:
            origin = at
            argument = at if on_argument else at + 1
            at = at + 1 if on_argument else min(at + 2, last)
            hop = path[origin], path[argument], path[at]
            known = rendered.get(hop)
            if known is None:
                known = rendered[hop] = self._step(ids[origin], ids[argument], ids[at], *hop)
            step, turns, on_argument, most, part = known
            steps.append(step)
            opposing ^= turns
            strength = (strength if strength < most else most) * part
        polarity: Stance = "opposing" if opposing else "supporting"
        return Path(ids, polarity, len(steps), float(f"{strength:.12g}"), tuple(steps))

    def _step(self, source: str, name: str, target: str, origin: Any, by: Any, end: Any) -> _Rendered:
        graph, columns, number = self._graph, self._graph.columns, self._keys.number
        if graph.patch.nodes:
            start, argument, reached = number(origin), number(by), number(end)
            rank, sign, kind = graph.confidence(argument), graph.sign(argument), graph.kind(reached)
        else:  # the same without a call for each: sort keys are then numbers of the columns
            start, argument = origin, by
            rank, sign, kind = columns.confidence[by], columns.sign[by], columns.kinds[end]
        opposes = end != by and sign < 0
        stance: Stance = "opposing" if opposes else "supporting"
        step = PathStep(source, name, target, stance, basis_of(graph, name), _CONFIDENCE[rank])
        part = credence(graph, argument) * PASSED_ON[rank]
        return step, opposes, kind == ARGUMENT, self._weakest.other(argument, start), part


# --- before and behind an edit ---------------------------------------------------------------------


def path_difference(
    before: Views, after: Views, query: PathsQuery, budget: StepBudget | None = None
) -> PathsDifference:
    """The paths that only one side has, at most as many of each as the query's limit, in its order.

    Where the search on a side ends before all its paths are found, a path of the other side is looked up on it
    step by step; so what is given is true in any case. Raises `Refused` for an id that neither side has.
    """
    named = (("from", query.from_), ("to", query.to), ("via", query.via), ("avoid", query.avoid))
    wholes = (before.view, after.view, after.whole, before.whole)
    refuse_unknown(wholes, chain.from_iterable(with_pointers(name, ids) for name, ids in named))
    wide = query.model_copy(update={"limit": _COMPARED})
    found = [_all(side, other, wide, budget) for side, other in ((before, after), (after, before))]
    gained = _only(found[1], found[0], before.view, query)
    lost = _only(found[0], found[1], after.view, query)
    reason: PathReason | None = next((one.reason for one in found if not one.complete), None)
    if reason is None and max(len(gained), len(lost)) > query.limit:
        reason = "limit"
    return PathsDifference(tuple(gained[: query.limit]), tuple(lost[: query.limit]), reason is None, reason)


def _all(side: Views, other: Views, query: PathsQuery, budget: StepBudget | None) -> PathsAnswer:
    """The paths of one side; what only the other side has is no fault here."""
    ids = (*query.from_, *query.to, *query.via, *query.avoid)
    known = (one for one in (side.whole, other.whole) if all(i in side.view or i in one for i in ids))
    return paths(side.view, query, budget, whole=next(known, side.whole))


def _only(here: PathsAnswer, there: PathsAnswer, graph: ArgumentGraph, query: PathsQuery) -> list[Path]:
    known = {_key(path) for path in there.items}
    fresh = [path for path in here.items if _key(path) not in known]
    if there.complete or there.reason == "max_length":
        return fresh
    return [path for path in fresh if not _has(graph, path, query)]


def _key(path: Path) -> tuple[object, ...]:
    """What makes a path the same path: its nodes and which way each step leans."""
    return path.nodes, tuple(step.stance for step in path.steps)


def _has(graph: ArgumentGraph, path: Path, query: PathsQuery) -> bool:
    return (
        all(_has_step(graph, step) for step in path.steps)
        and _is_end(graph, path.nodes[0], query.from_, is_ground(graph, graph.number(path.nodes[0])))
        and _is_end(graph, path.nodes[-1], query.to, is_unused(graph, graph.number(path.nodes[-1])))
    )


def _has_step(graph: ArgumentGraph, step: PathStep) -> bool:
    origin, argument, end = (graph.find(node_id) for node_id in (step.from_, step.argument, step.to))
    if origin is None or argument is None or end is None:
        return False
    leads = origin == argument or origin in graph.premises(argument)
    if end == argument:
        return leads
    return leads and graph.target(argument) == end and (graph.sign(argument) < 0) == (step.stance == "opposing")


def _is_end(graph: ArgumentGraph, node_id: str, named: Iterable[str], unnamed: bool) -> bool:
    ids = tuple(named)
    return graph.number(node_id) in numbers_of(graph, ids) if ids else unnamed
