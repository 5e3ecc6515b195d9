"""Texts are sorted as people sort them: by the Unicode Collation Algorithm, whichever way a key is made."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyuca.collator import Collator_10_0_0

from graph.search import words
from graph.search.words import collation_key

ORACLE = Collator_10_0_0()
LATIN = st.text(st.sampled_from([chr(c) for c in (*range(0x20, 0x250), *range(0x300, 0x370))]), max_size=12)
ANY = st.text(st.characters(exclude_categories=("Cs", "Cn", "Co")), max_size=12)
MARKED = st.text(
    st.sampled_from(
        [chr(c) for c in (0x41, 0x316, *range(0x300, 0x304), *range(0xF71, 0xF81), 0xFB2, 0xFB3, 0xE01, 0xE40, 0x90E8)]
    )
)
"""Letters and marks many of which are contracted, with others between them."""


@settings(max_examples=300, deadline=None)
@given(LATIN | ANY, LATIN | ANY)
def test_keys_compare_as_the_algorithms_do(one: str, other: str) -> None:
    keys = [ORACLE.sort_key(text) for text in (one, other)]
    mine = [collation_key(text) for text in (one, other)]
    if keys[0] != keys[1]:
        assert (mine[0] < mine[1]) == (keys[0] < keys[1])
    else:
        assert mine[0][:3] == mine[1][:3]


@given(MARKED)
def test_marks_and_contractions_are_looked_up_as_by_the_collator_alone(text: str) -> None:
    assert words._collator().collation_elements(text) == ORACLE.collation_elements(text)


@pytest.mark.parametrize(
    "words",
    [
        ["Äpfel", "apple", "eclair", "Élan", "Zebra", "zoo"],
        ["_x", "~", "1", "2", "lodz", "łódź", "lz", "ø", "Øy", "oz", "ss", "ß"],
        ["cote", "coté", "côte", "côté"],
        ["co-op", "CO-OP", "coop"],
        ["Zoo", "Ωμέγα", "яблоко", "가", "あ", "北"],
    ],
)
def test_words_as_a_dictionary_has_them(words: list[str]) -> None:
    assert sorted(set(words), key=collation_key) == words


def test_composed_and_decomposed_texts_stand_together() -> None:
    assert collation_key("é")[:3] == collation_key(unicodedata.normalize("NFD", "é"))[:3]
