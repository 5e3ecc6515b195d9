"""Ids and their places: one by one, by halving or by table, and many at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.snapshot import columns
from graph.snapshot.columns import Numbering
from graph.snapshot.relations import places

IDS = st.lists(st.text(max_size=5), unique=True, max_size=60).map(sorted)


@given(ids=IDS, others=st.lists(st.text(max_size=5)), small=st.booleans())
def test_an_id_is_found_at_its_place_and_no_other(ids: list[str], others: list[str], small: bool) -> None:
    numbers = _numbering(ids, 4096 if small else 0)
    for node_id in [*ids, *others, *ids]:
        assert numbers.get(node_id) == (ids.index(node_id) if node_id in ids else None)


def _numbering(ids: list[str], small: int) -> Numbering:
    kept, columns._SMALL = columns._SMALL, small
    try:
        return Numbering(ids)
    finally:
        columns._SMALL = kept


def test_many_ids_are_found_before_and_after_there_is_a_table() -> None:
    ids = [f"n{n:05}" for n in range(10_000)]
    numbers = Numbering(ids)
    assert numbers._table is None
    assert [numbers.get(node_id) for node_id in ids] == list(range(10_000))
    assert numbers._table is not None
    assert [numbers[node_id] for node_id in ids] == list(range(10_000))
    assert numbers.get("n") is numbers.get("zz") is None
    with pytest.raises(KeyError, match="zz"):
        numbers["zz"]


def _all_alike(_: str) -> int:
    return 7


def _by_length(text: str) -> int:
    return len(text)


@pytest.mark.parametrize("digest", [hash, _by_length, _all_alike])
@given(ids=IDS.filter(len), data=st.data())
def test_many_at_once_are_where_each_is(digest: Callable[[str], int], ids: list[str], data: st.DataObject) -> None:
    wanted = data.draw(st.lists(st.sampled_from(ids), max_size=80))
    assert places(ids, wanted, digest).tolist() == [ids.index(node_id) for node_id in wanted]


@given(ids=IDS, missing=st.text(max_size=5), before=st.integers(0, 3))
def test_one_that_is_not_there_is_named(ids: list[str], missing: str, before: int) -> None:
    wanted = [*ids[:before], missing, *ids]
    if missing not in ids:
        with pytest.raises(KeyError) as caught:
            places(ids, wanted)
        assert caught.value.args == (missing,)


def test_one_that_is_not_there_is_named_though_digests_collide() -> None:
    with pytest.raises(KeyError, match="z"):
        places(["a", "b"], ["a", "z"], _all_alike)


def test_nothing_wanted_is_nothing_found() -> None:
    assert places([], []).tolist() == places(["a"], []).tolist() == []
