"""Checks the locators of a seed against the texts of its sources, which are not part of the package."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from graph.passages.paragraphs import Paragraphs
from seed.articles import Document


@dataclass(frozen=True, slots=True)
class Mismatch:
    """One thing that does not fit."""

    node: str
    """The assertion, or the source whose text it is."""
    what: str
    """A word for programs, for example `quote` or `paragraph`."""
    where: str
    """The source and the place in it."""
    detail: str

    def __str__(self) -> str:
        return f"{self.node}: {self.detail} ({self.where})"


@dataclass(frozen=True, slots=True)
class ExpectedText:
    """A text that the map counts in."""

    source: str
    title: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """A file that is the text of no source."""

    file: str
    sha256: str
    expected: tuple[ExpectedText, ...]

    def __str__(self) -> str:
        wanted = "; ".join(f"{text.source} “{text.title}” {text.sha256}" for text in self.expected)
        return f"{self.file} with the digest {self.sha256} is no text of this map; expected: {wanted}"


@dataclass(frozen=True, slots=True)
class Matched:
    """Which file is the text of which source."""

    texts: Mapping[str, str]
    unknown: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """What was checked and what does not fit."""

    problems: tuple[Mismatch, ...]
    checked: Mapping[str, int] = field(default_factory=dict)
    """Locators checked, by source."""
    unchecked: Mapping[str, int] = field(default_factory=dict)
    """Locators left out because the text of their source was not given, by source."""
    without_locator: int = 0
    """Assertions that point at no place, such as steps that a reader infers."""

    @property
    def fits(self) -> bool:
        """Whether everything checked fits; what was left out says nothing."""
        return not self.problems


def match(document: Document, files: Mapping[str, bytes]) -> Matched:
    """Find by digest which source each file is the text of; keys are what a problem calls the file."""
    expected = tuple(
        ExpectedText(source["id"], source["title"], source["sha256"])
        for source in document["sources"]
        if "sha256" in source
    )
    by_digest = {text.sha256: text.source for text in expected}
    texts: dict[str, str] = {}
    unknown: list[Unknown] = []
    for name, content in files.items():
        digest = sha256(content).hexdigest()
        if digest in by_digest:
            texts[by_digest[digest]] = content.decode("utf-8")
        else:
            unknown.append(Unknown(name, digest, expected))
    return Matched(texts, tuple(unknown))


def verify(document: Document, texts: Mapping[str, str]) -> Report:
    """Check every locator whose text is given; `texts` are by source id."""
    problems = list(_text_problems(document, texts))
    paragraphs = {source: Paragraphs.of(text) for source, text in texts.items()}
    checked, unchecked = Counter[str](), Counter[str]()
    without_locator = 0
    for assertion in document["assertions"]:
        source = assertion["source"]
        if "locator" not in assertion:
            without_locator += 1
        elif source not in texts:
            unchecked[source] += 1
        else:
            checked[source] += 1
            problems += _place_problems(assertion, texts[source], paragraphs[source])
    return Report(tuple(problems), dict(checked), dict(unchecked), without_locator)


def _text_problems(document: Document, texts: Mapping[str, str]) -> Iterator[Mismatch]:
    digests = {source["id"]: source.get("sha256") for source in document["sources"]}
    for source, text in texts.items():
        if source not in digests:
            yield Mismatch(source, "source", "the given texts", "the map has no such source")
            continue
        digest = sha256(text.encode("utf-8")).hexdigest()
        if digests[source] != digest:
            counted = f"the map counts in {digests[source]}" if digests[source] else "the map knows no digest of it"
            detail = f"the text has the digest {digest}, {counted}"
            yield Mismatch(source, "digest", source, detail)


def _place_problems(assertion: Mapping[str, Any], text: str, paragraphs: Paragraphs) -> Iterator[Mismatch]:
    locator: Mapping[str, Any] = assertion["locator"]
    start, end = locator.get("start"), locator.get("end")
    node, where = assertion["id"], f"{assertion['source']} {start} to {end}"
    if start is None or end is None:
        yield Mismatch(node, "bounds", where, "the locator has no start or no end")
        return
    if not 0 <= start < end <= len(text):
        detail = f"the span is empty or beyond the {len(text)} characters of the text"
        yield Mismatch(node, "bounds", where, detail)
        return
    found, said = paragraphs.number_of(start, end), locator.get("paragraph")
    if said is not None and found != said:
        there = "in no single paragraph" if found is None else f"in paragraph {found}"
        yield Mismatch(node, "paragraph", where, f"the span lies {there}, the locator says {said}")
    for what, fragment in _fragments(assertion):
        if fragment not in text[start:end]:
            yield Mismatch(node, what, where, f"the {what} “{fragment}” does not stand there")
    for what, detail in _edge_problems(locator, text, start, end):
        yield Mismatch(node, what, where, detail)


def _edge_problems(locator: Mapping[str, Any], text: str, start: int, end: int) -> Iterator[tuple[str, str]]:
    prefix, suffix = locator.get("prefix") or "", locator.get("suffix") or ""
    if not text[:start].endswith(prefix):
        yield "prefix", f"the prefix “{prefix}” does not stand before it"
    if not text[end:].startswith(suffix):
        yield "suffix", f"the suffix “{suffix}” does not follow it"
    # A fragment in the middle does not feel a span that has slipped by a letter; its edges do.
    for edge in (start, end):
        if text[edge - 1 : edge + 1].isalnum() and 0 < edge < len(text):
            yield "edge", f"the span cuts the word around character {edge}"


def _fragments(assertion: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if assertion.get("quote"):
        yield "quote", assertion["quote"]
    for quantity in assertion.get("quantities", ()):
        if quantity.get("vague"):
            yield "vague", quantity["vague"]
