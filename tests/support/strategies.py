"""Random maps for hypothesis: every reference in them leads somewhere, every text is as odd as it may be."""

from __future__ import annotations

from functools import cache
from typing import Any, get_args

from hypothesis import strategies as st

from schemas.node import AnyNode
from schemas.problem import composed, says_something
from schemas.vocabulary import Basis, Confidence, Leaning, Match, Modality, MotiveRole, Origin, Stance
from tests.support.nodes import actor, argument, assertion, motive, source, statement

_STEERING = [chr(c) for c in (*range(0x202A, 0x202F), *range(0x2066, 0x206A))]
_letters = st.characters(exclude_categories=("Cs", "Cc"), exclude_characters=_STEERING) | st.sampled_from("\n\t")
texts = st.text(_letters, min_size=1, max_size=30).map(lambda t: composed(t if says_something(t) else f"{t}o"))
"""Odd texts that a write takes."""
credences = st.floats(0, 1)
figures = st.fixed_dictionaries({"value": st.decimals(-(10**20), 10**20, places=9), "unit": texts})
Nodes = dict[str, AnyNode]
Ids = tuple[str, ...]


@cache  # making a strategy costs more than drawing from it
def one_of(words: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(get_args(words))


@cache
def some(ids: Ids, most: int = 3) -> st.SearchStrategy[tuple[str, ...]]:
    """A few of the ids, each once."""
    return st.lists(st.sampled_from(ids), max_size=most, unique=True).map(tuple) if ids else st.just(())


@cache
def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values


@cache
def common() -> dict[str, st.SearchStrategy[Any]]:
    return {"version": st.integers(1, 9), "note": maybe(texts), "tags": st.lists(texts, max_size=2).map(tuple)}


@cache
def actors(id: str, others: Ids) -> st.SearchStrategy[AnyNode]:
    return st.builds(
        actor, st.just(id), texts, aliases=st.lists(texts, max_size=2).map(tuple), affiliations=some(others),
        same_as=some(others), external_ids=st.dictionaries(texts, texts, max_size=2), **common(),
    )  # fmt: skip


@cache
def sources(id: str, others: Ids, speakers: Ids) -> st.SearchStrategy[AnyNode]:
    return st.builds(
        source, st.just(id), texts, author=some(speakers), cited_in=some(others), repeats=some(others),
        publisher=maybe(st.sampled_from(speakers)) if speakers else st.none(), **common(),
    )  # fmt: skip


@cache
def motives(id: str, speakers: Ids) -> st.SearchStrategy[AnyNode]:
    return st.builds(
        motive, st.just(id), st.sampled_from(speakers), texts, name=texts, category=st.just("face"),
        credence=maybe(credences), definition=maybe(texts), **common(),
    )  # fmt: skip


@cache
def statements(id: str, drives: Ids, speakers: Ids) -> st.SearchStrategy[AnyNode]:
    concern = st.fixed_dictionaries(
        {"motive": st.sampled_from(drives or ("-",)), "role": one_of(MotiveRole), "basis": one_of(Basis)}
    )
    concerns = st.lists(concern, max_size=2 if drives else 0).map(tuple)
    return st.builds(
        statement, st.just(id), texts, origin=one_of(Origin), concerns=concerns, about=some(speakers),
        credence=maybe(credences), **common(),
    )  # fmt: skip


@cache
def arguments(id: str, points: Ids, steps: Ids) -> st.SearchStrategy[AnyNode]:
    def step(premises: list[str], target: str, stance: Any, **fields: Any) -> AnyNode:
        return argument(id, tuple(premises), target, "opposing" if target in premises else stance, **fields)

    return st.builds(
        step, st.lists(st.sampled_from(points), min_size=1, max_size=3, unique=True),
        st.sampled_from([*points, *steps]), one_of(Stance), confidence=maybe(one_of(Confidence)),
        warrant=maybe(texts), scheme=maybe(st.just("calculation")), **common(),
    )  # fmt: skip


@cache
def assertions(id: str, points: Ids, steps: Ids, places: Ids, speakers: Ids) -> st.SearchStrategy[AnyNode]:
    def said(of: str, basis: Any, **fields: Any) -> AnyNode:
        return assertion(id, of, basis=basis if of in steps else None, **fields)

    actors = maybe(st.sampled_from(speakers)) if speakers else st.none()
    return st.builds(
        said, st.sampled_from([*points, *steps]), maybe(one_of(Basis)), source=st.sampled_from(places),
        cited_source=maybe(st.sampled_from(places)), chain=some(speakers), belief_holder=actors,
        alternative_chain=some(speakers), probable_origin=some(speakers), modality=one_of(Modality),
        polarity=one_of(Leaning), wording=maybe(texts), match=maybe(one_of(Match)),
        hedges=st.lists(texts, max_size=2).map(tuple),
        locator=maybe(st.just({"paragraph": 1, "start": 2, "end": 5})),
        quantities=st.lists(figures, max_size=2).map(tuple),
        **common(),
    )  # fmt: skip


@st.composite
def whole_maps(draw: st.DrawFn, most: int = 4) -> Nodes:
    """A well-formed map of up to `most` nodes of each kind, by id."""

    def ids(prefix: str, possible: bool = True) -> Ids:
        return tuple(f"{prefix}{n}" for n in range(draw(st.integers(0, most if possible else 0))))

    def without(some: Ids, node_id: str) -> Ids:
        return tuple(other for other in some if other != node_id)

    speakers, places, says = ids("k"), ids("s"), ids("p")
    drives = ids("m", bool(speakers))
    points = says + drives
    steps = ids("a", bool(points))
    spoken = ids("x", bool(places and says))
    nodes: list[AnyNode] = []
    nodes += [draw(actors(i, without(speakers, i))) for i in speakers]
    nodes += [draw(sources(i, without(places, i), speakers)) for i in places]
    nodes += [draw(motives(i, speakers)) for i in drives]
    nodes += [draw(statements(i, drives, speakers)) for i in says]
    nodes += [draw(arguments(i, points, without(steps, i))) for i in steps]
    nodes += [draw(assertions(i, says, steps, places, speakers)) for i in spoken]
    return {node.id: node for node in nodes}
