"""Every locator of the seed fits the texts, and whatever does not fit is found and named."""

from __future__ import annotations

from copy import deepcopy
from hashlib import sha256
from typing import Any

import pytest

from graph.passages.paragraphs import Paragraphs
from seed.verify import match, verify

Document = dict[str, Any]
TEXT = """A headline about bread

Bakers sold 300 loaves. They were glad.

How it went on
Prices fell “a bit.”
(photo)
"""


def small(**changes: Any) -> Document:
    """A map of one source with one assertion, whose locator points at `300 loaves`."""
    start = TEXT.index("300")
    locator = {"paragraph": 1, "start": start, "end": start + 10, "prefix": "sold ", "suffix": "."}
    assertion = {
        "id": "e-1",
        "of": "p-1",
        "source": "s-1",
        "quote": "loaves",
        "quantities": [{"vague": "300 loaves", "of": "bread"}],
    }
    locator |= changes.pop("locator", {})
    digest = sha256(TEXT.encode()).hexdigest()
    return {
        "sources": [{"id": "s-1", "title": "Bread", "sha256": digest}, {"id": "s-2", "title": "Talk"}],
        "assertions": [
            assertion | {"locator": locator} | changes,
            {"id": "r-1", "of": "a-1", "source": "s-1"},
        ],
    }


def test_both_articles_verify_without_a_complaint(document: Document, files: dict[str, bytes]) -> None:
    matched = match(document, files)
    assert (set(matched.texts), matched.unknown) == ({"s-eu", "s-kh"}, ())
    report = verify(document, matched.texts)
    assert report.problems == ()
    assert report.fits
    assert report.checked == {"s-eu": 108, "s-kh": 66}, "63 + 45 and 42 + 24: the passages and the marked steps"
    assert (report.unchecked, report.without_locator) == ({}, 58), "58 steps are inferred and have no mark"


def test_a_text_that_was_not_given_is_counted_as_unchecked(document: Document, files: dict[str, bytes]) -> None:
    texts = dict(match(document, files).texts)
    del texts["s-kh"]
    report = verify(document, texts)
    assert (report.problems, report.checked, report.unchecked) == ((), {"s-eu": 108}, {"s-kh": 66})


def test_a_changed_text_is_named_with_every_assertion_that_no_longer_fits(
    document: Document, files: dict[str, bytes]
) -> None:
    texts = dict(match(document, files).texts)
    texts["s-kh"] = texts["s-kh"].replace("600,000 to 700,000", "500,000 to 600,000")
    problems = verify(document, texts).problems
    assert {(problem.node, problem.what) for problem in problems} == {
        ("s-kh", "digest"), ("kh-26", "quote"),
    }  # fmt: skip


def test_a_text_that_lost_a_paragraph_fits_before_it_and_not_after(document: Document, files: dict[str, bytes]) -> None:
    lines = match(document, files).texts["s-eu"].split("\n")
    del lines[11:13]  # the third paragraph and the empty line after it
    report = verify(document, {"s-eu": "\n".join(lines)})
    wrong = {problem.node for problem in report.problems}
    assert {"eu-53", "eu-62", "r-062"} <= wrong
    assert not {"eu-01", "eu-12", "r-020"} & wrong
    assert report.unchecked == {"s-kh": 66}


@pytest.mark.parametrize("shift", [-30, -1, 1, 30])
def test_a_shifted_text_is_noticed_at_every_assertion(document: Document, files: dict[str, bytes], shift: int) -> None:
    moved = deepcopy(document)
    for assertion in moved["assertions"]:
        if "locator" in assertion:
            assertion["locator"]["start"] += shift
            assertion["locator"]["end"] += shift
    report = verify(moved, match(document, files).texts)
    assert len({problem.node for problem in report.problems}) > 0.9 * sum(report.checked.values())


def test_an_unknown_file_is_named_with_what_was_expected(document: Document) -> None:
    matched = match(document, {"notes.txt": b"nothing of the kind"})
    assert matched.texts == {}
    [unknown] = matched.unknown
    assert unknown.file == "notes.txt"
    assert [text.source for text in unknown.expected] == ["s-eu", "s-kh"]
    assert sha256(b"nothing of the kind").hexdigest() in str(unknown)
    assert unknown.expected[1].sha256 in str(unknown)


def test_a_file_is_found_by_its_digest_whatever_its_name() -> None:
    matched = match(small(), {"renamed": TEXT.encode(), "other": b"\xff not even text"})
    assert matched.texts == {"s-1": TEXT}
    assert [unknown.file for unknown in matched.unknown] == ["other"]


def test_what_fits_has_no_problem() -> None:
    report = verify(small(), {"s-1": TEXT})
    assert (report.problems, report.checked, report.without_locator) == ((), {"s-1": 1}, 1)


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({"locator": {"end": 9999}}, ["bounds"]),
        ({"locator": {"start": 40, "end": 40}}, ["bounds"]),
        ({"locator": {"start": -5, "end": 4}}, ["bounds"]),
        ({"locator": {"end": None}}, ["bounds"]),
        ({"locator": {"paragraph": 2}}, ["paragraph"]),
        ({"locator": {"start": 0, "prefix": ""}}, ["paragraph"]),
        ({"locator": {"prefix": "bought "}}, ["prefix"]),
        ({"locator": {"suffix": "!"}}, ["suffix"]),
        ({"locator": {"start": TEXT.index("300") + 1, "prefix": "3"}}, ["vague", "edge"]),
        ({"quote": "rolls"}, ["quote"]),
        ({"quantities": [{"vague": "400", "of": "bread"}]}, ["vague"]),
        ({"quantities": [{"min": 400, "of": "bread"}]}, []),
    ],
)
def test_each_thing_that_does_not_fit_is_named(changes: dict[str, Any], what: list[str]) -> None:
    problems = verify(small(**changes), {"s-1": TEXT}).problems
    assert [problem.what for problem in problems] == what
    assert all(problem.node == "e-1" and problem.where.startswith("s-1 ") for problem in problems)
    assert all(str(problem).startswith("e-1: ") for problem in problems)


def test_a_text_for_no_source_is_a_problem_and_one_without_a_digest_too() -> None:
    problems = verify(small(), {"s-9": TEXT, "s-2": TEXT}).problems
    assert [(problem.node, problem.what) for problem in problems] == [("s-9", "source"), ("s-2", "digest")]
    assert "knows no digest" in problems[1].detail


def test_paragraphs_are_lines_that_end_like_sentences() -> None:
    def number(words: str) -> int | None:
        start = TEXT.index(words)
        return Paragraphs.of(TEXT).number_of(start, start + len(words))

    assert [number(words) for words in ("A headline", "They were glad.", "“a bit.”")] == [0, 1, 2]
    assert [number(words) for words in ("How it went on", "(photo)", "on\nPrices")] == [None, None, None]
