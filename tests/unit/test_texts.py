"""What a text may hold, and what becomes of one that was composed otherwise."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.editing.planning import rename
from graph.errors import Refused
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.problem import composed, fault_of, kept, says_something
from tests.support.editing import PROVENANCE, done, problems, refusal, small_map
from tests.support.write_requests import create_statement, update

KOREAN = "북한은 러시아에 병력을 보냈다"
STEERING = [chr(c) for c in (*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A))]

BLANK = [" ", "\n\t", "\u00a0", "\u200b", "\ufeff\u2003", "\u3164", "\u2800", "\u0301", "\u00ad"]
SEEN = ["a", "0", "?", "—", "👩\u200d🚀", "語", "ا", "e\u0301", "\u200fعربي", "क्षि", "two\nlines\tand a tab"]


@pytest.fixture
def graph() -> ArgumentGraph:
    return small_map()


@pytest.mark.parametrize("text", BLANK)
def test_a_text_says_something(graph: ArgumentGraph, text: str) -> None:
    assert not says_something(text)
    error = refusal(graph, create_statement("r", text))
    assert isinstance(error, Refused)
    assert problems(error)[0][0] == "/text"


@pytest.mark.parametrize("text", SEEN)
def test_any_script_says_something(graph: ArgumentGraph, text: str) -> None:
    assert done(graph, create_statement("r", text)).graph.node("r").text == composed(text)


@given(st.text(max_size=5), st.sampled_from([c for c in STEERING if c not in "\t\n\r"]), st.text(max_size=5))
def test_no_text_holds_a_character_that_only_steers(before: str, steering: str, after: str) -> None:
    assert fault_of(f"a{before}{steering}{after}") is not None


@given(st.text(max_size=20))
def test_a_kept_text_is_composed_and_stays_so(text: str) -> None:
    once = composed(text)
    assert once == unicodedata.normalize("NFC", text)
    assert composed(once) == once


def test_every_text_of_a_value_is_composed_and_told(graph: ArgumentGraph) -> None:
    decomposed = unicodedata.normalize("NFD", KOREAN)
    faults: list[object] = []
    recomposed: list[str] = []
    value = {"text": decomposed, "tags": ["a", decomposed], "n": 1, "in": {"the/deep": [{"of": decomposed}]}, "o": None}
    whole = kept(value, faults, recomposed)  # type: ignore[arg-type]
    assert whole == {"text": KOREAN, "tags": ["a", KOREAN], "n": 1, "in": {"the/deep": [{"of": KOREAN}]}, "o": None}
    assert (faults, recomposed) == ([], ["/text", "/tags/1", "/in/the~1deep/0/of"])


def test_a_write_says_which_text_was_composed_anew(graph: ArgumentGraph) -> None:
    decomposed = unicodedata.normalize("NFD", KOREAN)
    planned = done(graph, create_statement("r", decomposed), update("statement", "p", note=KOREAN))
    assert planned.graph.node("r").text == KOREAN
    [note] = planned.notes
    assert (note.id, note.pointer) == ("r", "/text")
    assert "NFC" in note.detail


def test_every_unusable_text_is_told_at_its_place(graph: ArgumentGraph) -> None:
    error = refusal(graph, update("statement", "p", text="a\x1b[2J", tags=["fine", "\u202eback"], note="   "))
    assert [place for place, _ in problems(error)] == ["/text", "/tags/1", "/note"]
    assert error.name == "unusable_text"


def test_a_maps_own_texts_keep_the_same_rules(graph: ArgumentGraph) -> None:
    with pytest.raises(Refused, match="control character"):
        rename(graph, {"title": "Winter\x07"}, PROVENANCE)
    planned = rename(graph, {"title": unicodedata.normalize("NFD", KOREAN)}, PROVENANCE)
    assert planned.graph.header.title == KOREAN
    assert [note.pointer for note in planned.notes] == ["/title"]
