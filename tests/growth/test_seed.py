"""What merging a newer edition into a map that was worked on costs, counted at n and 4n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from seed.merging import Held, Nodes, merge_edition
from tests.growth.work import LINEARITHMIC, grows, promises

Editions = tuple[Nodes, Nodes, Nodes]
"""The map, the edition that it was made from and the newer one."""


def statements(n: int, said: str = "is said") -> dict[str, Held]:
    return {f"p{i:06}": Held("statement", {"text": f"{i} {said}"}) for i in range(n)}


def argument(premise: str, target: str, **more: Any) -> Held:
    return Held("argument", {"premises": [premise], "target": target, "stance": "supporting", **more})


def chain(n: int, *, less: int, **more: Any) -> dict[str, Held]:
    """Steps from each statement to the next, but for every so many."""
    return {f"a{i:06}": argument(f"p{i:06}", f"p{i + 1:06}", **more) for i in range(n - 1) if i % less}


def worked_on(n: int) -> Editions:
    """Both sides changed, made and deleted something."""
    base = {**statements(n), **chain(n, less=2)}
    mine = {**statements(n), **chain(n, less=3, note="mine")}
    new = {**statements(n - n // 4, "is said anew"), **chain(n - n // 4, less=5, note="theirs")}
    return mine, base, new


def deleted_hub(n: int) -> Editions:
    """All of the new edition leads to what the user deleted."""
    base = {**statements(n), "hub": Held("statement", {"text": "hub"})}
    return statements(n), base, {**base, **{f"a{i:06}": argument(f"p{i:06}", "hub") for i in range(n)}}


def moved(n: int) -> Editions:
    """All steps lead to a hub that the edition drops, and in the edition to another, which the user deleted."""
    hub, other = ({name: Held("statement", {"text": name})} for name in ("hub", "other"))
    to_hub = {f"a{i:06}": argument(f"p{i:06}", "hub") for i in range(n)}
    to_other = {f"a{i:06}": argument(f"p{i:06}", "other") for i in range(n)}
    said = statements(n)
    return {**said, **hub, **to_hub}, {**said, **hub, **other, **to_hub}, {**said, **other, **to_other}


def falling(n: int) -> Editions:
    """What the edition adds stands on one another, and all of it on what the user deleted."""
    first = {"p000000": Held("statement", {"text": "first"})}
    added = {f"a{i:06}": argument("p000000", f"a{i - 1:06}" if i else "p000000") for i in range(n)}
    return {}, first, {**first, **added}


@promises("seed.merging.merge_edition")
@pytest.mark.parametrize("shape", [worked_on, deleted_hub, moved, falling])
def test_merging_an_edition_costs_nodes_and_references(shape: Callable[[int], Editions]) -> None:
    def of(n: int) -> Callable[[], object]:
        mine, base, new = shape(n)
        return lambda: merge_edition(mine, base, new)

    grows(of, LINEARITHMIC, n=80)
