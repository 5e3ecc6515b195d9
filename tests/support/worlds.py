"""Generated maps as people make them: speakers with names, sources with a fate, passages in words of their own.

Each text carries a token that nothing else has (`point3`, `words7`), so that a test can tell whose words it reads.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from tests.support.headers import graph_of
from tests.support.nodes import actor, argument, assertion, motive, source, statement

NAMES = ("Kim Min-ho", "Kim Min-ho", "North Post", "South Star", "Institute of Peace", "Some officials", "Norland")
KINDS = ("person", "person", "outlet", "outlet", "organisation", "group", "state")
ROLES = ("Former minister", None, None, None, "Think tank", None, None)
STATUSES = st.sampled_from(["current"] * 4 + ["retracted", "corrected", "superseded"])
MODALITIES = st.sampled_from(["asserted", "asserted", "believed", "reported", "possible"])
MATCHES = st.sampled_from([None, "same", "narrower", "broader", "altered"])
HEDGES = ("", "", "may ", "is believed to ", "probably ")
_ACTORS = [f"id-k{n}" for n in range(len(NAMES))]
_OUTLETS = ["id-k2", "id-k3"]


@st.composite
def worlds(draw: st.DrawFn, *, long: bool = False) -> ArgumentGraph:
    """A map with up to a dozen statements, their passages, and steps for, against and about other steps."""
    nodes: list[AnyNode] = [
        actor(k, name, actor_kind=kind, role=role)
        for k, name, kind, role in zip(_ACTORS, NAMES, KINDS, ROLES, strict=True)
    ]
    sources = [f"id-s{n}" for n in range(draw(st.integers(1, 4)))]
    for n, s in enumerate(sources):
        more: dict[str, Any] = {"repeats": (sources[n - 1],)} if n and draw(st.integers(0, 3)) == 0 else {}
        nodes.append(source(s, f"Report number {n}", publisher=_OUTLETS[n % 2], status=draw(STATUSES), **more))
    nodes.append(motive("id-m", "id-k6", "Norland did it for gain", name="gain"))
    points = [f"id-p{n}" for n in range(draw(st.integers(2, 9)))]
    origins = st.sampled_from(["author", "constructed", "attributed"])
    tail = " and so it goes on with many more words than any sentence should have" * 4 if long else ""
    marks = st.sampled_from(["", "", "", "?", "!"])
    nodes += [statement(p, f"Point{n} holds{tail}{draw(marks)}", origin=draw(origins)) for n, p in enumerate(points)]
    steps: list[str] = []
    for n in range(draw(st.integers(0, 12))):
        held = tuple(draw(st.lists(st.sampled_from(points), min_size=1, max_size=3, unique=True)))
        targets = [p for p in [*points, "id-m", *steps] if p not in held]
        if not targets:
            continue
        steps.append(f"id-a{n}")
        nodes.append(
            argument(steps[-1], held, draw(st.sampled_from(targets)), draw(st.sampled_from(["supporting", "opposing"])),
                     confidence=draw(st.sampled_from([None, "high", "medium", "low"])))
        )  # fmt: skip
    for n in range(draw(st.integers(0, 14))):
        nodes.append(_passage(draw, n, points, steps, sources, tail))
    return graph_of(nodes)


def _passage(draw: st.DrawFn, n: int, points: list[str], steps: list[str], sources: list[str], tail: str) -> AnyNode:
    of = draw(st.sampled_from([*points, *steps]))
    where = draw(st.sampled_from(sources))
    outlet = _OUTLETS[sources.index(where) % 2]
    speaker = draw(st.sampled_from([*_ACTORS, None]))
    chain = (outlet,) if speaker in (None, outlet) else (outlet, str(speaker))
    if of in steps:
        basis = draw(st.sampled_from(["explicit", "inferred"]))
        return assertion(f"id-x{n}", of, where, basis=basis, chain=chain if draw(st.booleans()) else ())
    hedge = draw(st.sampled_from(HEDGES))
    match = draw(MATCHES)
    wording = f"Words{n} {hedge}tell it{tail}" if draw(st.booleans()) else None
    more: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        more["belief_holder"] = draw(st.sampled_from(_ACTORS))
    if draw(st.integers(0, 4)) == 0:
        more["alternative_chain"] = (outlet,)
    if draw(st.integers(0, 4)) == 0:
        more["probable_origin"] = (outlet, draw(st.sampled_from(_ACTORS)))
    if draw(st.integers(0, 4)) == 0:
        more["quantities"] = ({"value": draw(st.integers(1, 9000)), "unit": "t"},)
    return assertion(
        f"id-x{n}", of, where, chain=chain, wording=wording, match=match, modality=draw(MODALITIES),
        presupposed=draw(st.integers(0, 6)) == 0, **more,
    )  # fmt: skip
