"""Folded words: stable, the same for equal texts, and cut where the text is cut."""

from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from graph.search.question import SearchWords
from graph.search.words import folded, index_terms, is_run, spellings, tokens, words_of
from tests.support.nodes import statement

TEXTS = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("aZłøßé.,'7 0部队ロกำ한 \u0301\u00a0")), max_size=60
)


@given(TEXTS)
def test_folding_again_changes_nothing(text: str) -> None:
    once = folded(text)
    assert folded(once) == once
    assert "_" not in once
    assert once == " ".join(once.split())


@given(TEXTS)
def test_texts_that_are_canonically_equal_fold_to_the_same(text: str) -> None:
    composed, taken_apart = (unicodedata.normalize(form, text) for form in ("NFC", "NFD"))
    assert folded(composed) == folded(taken_apart)


@given(TEXTS)
def test_every_word_says_where_it_stands(text: str) -> None:
    places = [token.start for token in tokens(text)]
    assert places == sorted(set(places))
    assert all(0 <= place < len(text) for place in places)


@given(TEXTS)
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    if folded(text):
        question = SearchWords.of(text.replace(":", " ").replace('"', " "))
        assert question.is_met_by([text])
        held = f" {index_terms(statement('p', text))} "
        terms = [f" {term.text}" if term.begins else f" {term.text} " for term in question.terms]
        assert all(term in held for term in terms)


@given(TEXTS, st.data())
def test_a_run_is_found_by_any_part_of_it(text: str, data: st.DataObject) -> None:
    for run in filter(is_run, words_of(text)):
        begin = data.draw(st.integers(0, len(run) - 1))
        part = run[begin : data.draw(st.integers(begin + 1, len(run)))]
        if folded(part) == part and is_run(part):
            assert SearchWords.of(part).is_met_by([text])


@given(st.from_regex(r"[a-z]{1,6}(our|or|is|iz|re|er|ence|ense|ll|l|ogue|og)(e|ed|ing|ation|s|ment|)", fullmatch=True))
def test_spellings_are_the_same_from_either_side(word: str) -> None:
    both = spellings(word)
    assert word in both
    assert all(spellings(other)[0] == both[0] for other in both)
