"""The inner loops, compiled by numba where it is installed (extra `[fast]`) and the same Python otherwise."""

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any, TypeVar, cast

F = TypeVar("F", bound=Callable[..., Any])

WORTH_COMPILING = 20_000
"""Entries below which plain Python answers before a compiler would have started."""


_WORTH_USING = 1_000
"""The same once they are compiled."""
_INSTALLED = find_spec("numba") is not None
_READY: list[bool] = []


def fast(function: F) -> F:
    """The compiled twin of a kernel, or the kernel itself where there is no numba: the plain path answers the same.

    Other threads run while it does. It is cached on disk only where the operator names a folder for it
    (NUMBA_CACHE_DIR): never in the package.
    """
    if not _INSTALLED:
        return function
    from numba import config, njit  # noqa: PLC0415 - optional

    compiled: Any = njit(nogil=True, cache=bool(getattr(config, "CACHE_DIR", "")))(function)
    return cast(F, compiled)


def inner(function: F) -> F:
    """A helper of kernels: Python to Python, and compiled into a compiled caller."""
    if not _INSTALLED:
        return function
    from numba.extending import register_jitable  # noqa: PLC0415 - optional

    twin: F = register_jitable(function)
    return twin


def available() -> bool:
    """Whether kernels can be compiled here."""
    return _INSTALLED


def ready() -> None:
    """Say that the kernels are compiled, so that smaller maps use them too."""
    _READY.append(True)


def is_ready() -> bool:
    """Whether the kernels are compiled already."""
    return bool(_READY)


def worth(entries: int) -> bool:
    """Whether compiled kernels are the faster ones for so many entries; the answers are the same."""
    return available() and entries >= (_WORTH_USING if _READY else WORTH_COMPILING)


def least(starts: Any, edges: Any, waiting: Any, label: Any, queue: Any, filled: int) -> int:
    """Propagate decided gates until nothing follows any more; O(gates + edges).

    A gate is the conjunction of its inputs (Kleene's strong logic): true when all are, false when one is.
    `edges` of gate g are `2 * to + negated`; `waiting` counts inputs not yet true; `queue` begins with
    `filled` decided gates. Returns how many gates are decided.
    """
    head = 0
    while head < filled:
        gate = queue[head]
        head += 1
        value = label[gate]
        for k in range(starts[gate], starts[gate + 1]):
            to = edges[k] >> 1
            if label[to] == 0:
                if (value > 0) == (edges[k] & 1 == 0):
                    waiting[to] -= 1
                    if waiting[to] == 0:
                        label[to] = 1
                        queue[filled] = to
                        filled += 1
                else:
                    label[to] = -1
                    queue[filled] = to
                    filled += 1
    return filled


def components(  # noqa: C901 - one loop, as in the paper
    starts: Any, edges: Any, order: Any, member: Any, index: Any, low: Any, stack: Any, path: Any, at: Any
) -> int:
    """Strongly connected components, sources first (Tarjan 1972, without recursion); O(nodes + edges).

    `edges` of a node lead to its inputs, so a component is complete when all it depends on is. Fills `order`
    with the nodes by component, `member` with each node's component; returns their number. `index` must be zero;
    `low`, `stack`, `path`, `at` are scratch.
    """
    count, clock, height, written = 0, 0, 0, 0
    for root in range(len(member)):
        if index[root] != 0:
            continue
        depth, path[0] = 0, root
        clock += 1
        index[root] = low[root] = clock
        at[root] = starts[root]
        stack[height], member[root] = root, -1
        height += 1
        while depth >= 0:
            node = path[depth]
            if at[node] < starts[node + 1]:
                to = edges[at[node]]
                at[node] += 1
                if index[to] == 0:
                    clock += 1
                    index[to] = low[to] = clock
                    at[to] = starts[to]
                    stack[height], member[to] = to, -1
                    height += 1
                    depth += 1
                    path[depth] = to
                elif member[to] == -1:
                    low[node] = min(low[node], index[to])
                continue
            depth -= 1
            if depth >= 0:
                low[path[depth]] = min(low[path[depth]], low[node])
            if low[node] == index[node]:
                while True:
                    height -= 1
                    other = stack[height]
                    member[other] = count
                    order[written] = other
                    written += 1
                    if other == node:
                        break
                count += 1
    return count


least_fast = fast(least)
components_fast = fast(components)
