"""What the service adds to a request, in this process: a kept answer, and a small read over its own work."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

from bench.figure import Figure
from bench.in_process import Client, microseconds, scope_of
from graph.maps.workspace import Workspace
from graph.paths.paths import paths
from schemas.query import PathsQuery, ViewQuery

_SEED = "food-finance-firepower"
_AT = f"/v1/maps/{_SEED}"
_TIMES = 400


def figures() -> Iterator[Figure]:
    """CPU a request: of one that is kept, and of two that are worked out each time, less the work itself."""
    kept = asyncio.run(_kept(f"{_AT}/paths?from=p-50&to=t-main&limit=4"))
    yield Figure("kept answer, CPU in the application", kept, "µs", None, "<= 25 µs", kept <= 25)
    for name, path, work in _READS:
        whole, own = asyncio.run(_over(path, work))
        label = f"{name} not kept, CPU over its own work of {own:.0f} µs"
        yield Figure(label, whole - own, "µs", whole / own, "<= 200 µs", whole - own <= 200)


async def _kept(path: str) -> float:
    async with Client("sqlite::memory:", seed=True) as client:
        scope = scope_of(path)
        return await microseconds(lambda _: client.send(scope), 10 * _TIMES)


async def _over(path: str, work: Callable[[Workspace], Any]) -> tuple[float, float]:
    """What a request costs in all, and what its work costs by itself."""
    async with Client("sqlite::memory:", seed=True, answer_cache=0) as client:
        scope = scope_of(path)
        workspace = client.app.state.service.workspace
        await client.send(scope)

        async def own(_: int) -> None:
            await work(workspace)

        return await microseconds(lambda _: client.send(scope), _TIMES), await microseconds(own, _TIMES)


async def _node(workspace: Workspace) -> None:
    from service.http.encoding import encode  # noqa: PLC0415 - what the service itself does with it
    from service.http.responses import node_document  # noqa: PLC0415

    graph = await workspace.at(_SEED)
    encode(node_document(graph, "p-50"))


async def _path(workspace: Workspace) -> None:
    from service.http.encoding import encode  # noqa: PLC0415

    graph = await workspace.view(_SEED, ViewQuery())
    encode(paths(graph, PathsQuery.model_validate({"from": ("p-50",), "to": ("t-main",), "limit": 4})))


_READS: tuple[tuple[str, str, Callable[[Workspace], Any]], ...] = (
    ("read of a statement", f"{_AT}/statements/p-50", _node),
    ("question for paths", f"{_AT}/paths?from=p-50&to=t-main&limit=4", _path),
)
