"""Phrases that remember what they rest on, and the sentences of at most forty words that are made of them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from graph.reports.words import capital, clipped, count, number, one_line, words_in
from schemas.summary import Clause, Section, Sentence

MOST_WORDS = 40
"""Of a sentence."""
_ENDS = (".", "!", "?", "…", "?”", "!”", "…”", ".”")
_Kind = Literal["own", "text", "office", "name"]
_TEXTS = (None, 30, 24, 20, 16, 14)
_BOTH = ((12, None), (10, None), (8, 8), (6, 6), (5, 4), (4, 3), (3, 2), (2, 1), (1, 1))
"""To how many words texts and names are cut, one after the other, until the sentence is short enough."""


class PhrasePart(NamedTuple):
    """A stretch of words of a phrase."""

    text: str
    kind: _Kind = "own"
    """The report's own words; or a text of the map, which is cut where the sentence gets too long; or an office, which
    is then left out; or a name, which is cut last."""


class Phrase(NamedTuple):
    """A piece of a sentence with the ids of the nodes and sources behind it, in the order of mention."""

    parts: tuple[PhrasePart, ...]
    ids: tuple[str, ...] = ()
    is_spare: bool = False
    """Whether the clause is left out, before anything else, where the sentence gets too long."""

    def on(self, *ids: str) -> "Phrase":
        """The phrase, resting on these too."""
        return self._replace(ids=(*self.ids, *ids))

    def spare(self) -> "Phrase":
        """The phrase as a clause that may be left out."""
        return self._replace(is_spare=True)

    @property
    def text(self) -> str:
        """The words, uncut."""
        return "".join(part.text for part in self.parts)

    def cut(self, text: int | None, name: int | None, *, offices: bool = True) -> str:
        """The words, each text and name in them cut to a length."""
        to = {"text": text, "name": name, "office": None if offices else 0}
        return "".join(_cut(part.text, to.get(part.kind)) for part in self.parts)


def _cut(text: str, most: int | None) -> str:
    return text if most is None else clipped(text, most) if most else ""


def plain(text: str, *ids: str) -> Phrase:
    """Words of the report's own."""
    return Phrase((PhrasePart(text),), ids)


def cuttable(text: str, *ids: str) -> Phrase:
    """A text of the map, which may be cut."""
    return Phrase((PhrasePart(text, "text"),), ids)


def named(text: str, *ids: str) -> Phrase:
    """A name of the map, which is cut last."""
    return Phrase((PhrasePart(text, "name"),), ids)


def say(template: str, *parts: Phrase | str | int) -> Phrase:
    """Fill the places `{}` of a template; the outcome rests on all that the parts rest on."""
    between = template.split("{}")
    found = [PhrasePart(between[0])]
    ids: list[str] = []
    for part, text in zip(parts, between[1:], strict=True):
        if isinstance(part, Phrase):
            found += part.parts
            ids += part.ids
        else:
            found.append(PhrasePart(str(part)))
        found.append(PhrasePart(text))
    return Phrase(tuple(part for part in found if part.text), tuple(ids))


def together(parts: Sequence[Phrase], separator: str = ", ", last: str = " and ") -> Phrase:
    """The parts as a list in words."""
    found: list[PhrasePart] = []
    for position, phrase in enumerate(parts):
        if position:
            found.append(PhrasePart(last if position == len(parts) - 1 else separator))
        found += phrase.parts
    return Phrase(tuple(found), tuple(node_id for phrase in parts for node_id in phrase.ids))


def first_of(parts: Sequence[Phrase], most: int, noun: str, separator: str = ", ") -> Phrase:
    """The first parts as a list in words and the number of the rest; it rests on all of them."""
    last = " and " if separator == ", " else f"{separator}and "
    if len(parts) <= most + 1:
        return together(parts, separator, last)
    behind = tuple(node_id for part in parts[most:] for node_id in part.ids)
    return together([*parts[:most], plain(count(len(parts) - most, f"more {noun}"), *behind)], separator, last)


def at_most(phrases: Iterable["Told"], most: int, rest: str) -> Iterator["Told"]:
    """The first phrases, and one on how many more there are, which rests on all of those; `rest` is its template."""
    told = list(phrases)
    shown = told if len(told) <= most + 1 else told[:most]
    yield from shown
    if behind := told[len(shown) :]:
        yield say(rest, number(len(behind))).on(
            *(i for one in behind for clause in clauses_of(one) for i in clause.ids)
        )


Told = Phrase | Sequence[Phrase]
"""A sentence to be: one phrase, or the clauses that it has one after the other."""


def clauses_of(told: Told) -> Sequence[Phrase]:
    """The clauses of what is told."""
    return [told] if isinstance(told, Phrase) else told


class Writer:
    """Makes sections of phrases; which ids are of sources is asked of the view."""

    def __init__(self, is_source: Callable[[str], bool]) -> None:
        self._is_source = is_source
        self.introduced: set[str] = set()
        """The offices that were told already: nobody is introduced twice."""

    def sentence(self, told: Told, most: int = MOST_WORDS) -> Sentence:
        """A whole sentence of at most so many words: capital, full stop, and each id once under what it is."""
        clauses, texts = self._written(told, most)
        receipts = [self._receipts(clause.ids) for clause in clauses]
        nodes, sources = self._receipts([node_id for clause in clauses for node_id in clause.ids])
        parts = tuple(Clause(text, *behind) for text, behind in zip(texts, receipts, strict=True))
        return Sentence("".join(texts), nodes, sources, parts)

    def text(self, told: Told, most: int = MOST_WORDS) -> str:
        """The words of a sentence alone."""
        return "".join(self._written(told, most)[1])

    def _written(self, told: Told, most: int) -> tuple[Sequence[Phrase], list[str]]:
        told = [self._without_known(clause) for clause in clauses_of(told)]
        clauses, texts = _fitting([clause for clause in told if clause.text.strip()], most)
        return clauses, _finished(texts)

    def _without_known(self, clause: Phrase) -> Phrase:
        """The clause without the offices of those who were introduced before."""
        kept: list[PhrasePart] = []
        for part in clause.parts:
            if part.kind == "office":
                who = (kept[-1].text if kept else "") + part.text
                if who in self.introduced:
                    continue
                self.introduced.add(who)
            kept.append(part)
        return clause._replace(parts=tuple(kept))

    def section(self, heading: str, phrases: Iterable[Told]) -> Section:
        """A section of sentences, none of them twice."""
        sentences = {made.text: made for made in map(self.sentence, phrases)}
        return Section(one_line(heading), tuple(sentences.values()))

    def _receipts(self, ids: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        once = dict.fromkeys(ids)
        sources = dict.fromkeys(i for i in once if self._is_source(i))
        return tuple(i for i in once if i not in sources), tuple(sources)


def filled(sections: Iterable[Section]) -> tuple[Section, ...]:
    """The sections that say something."""
    return tuple(section for section in sections if section.sentences)


def _fitting(clauses: Sequence[Phrase], most: int) -> tuple[Sequence[Phrase], list[str]]:
    """The clauses and their texts, as little of them left out and cut as the length of the sentence allows."""
    spare = [n for n, clause in enumerate(clauses) if clause.is_spare]
    kept = list(clauses)
    for left_out in range(len(spare) + 1):
        kept = [clause for n, clause in enumerate(clauses) if n not in spare[len(spare) - left_out :]]
        if _fits(texts := [clause.text for clause in kept], most):
            return kept, texts
    for text in _TEXTS:
        if _fits(texts := [clause.cut(text, None) for clause in kept], most):
            return kept, texts
    for text, name in _BOTH:
        if _fits(texts := [clause.cut(text, name, offices=False) for clause in kept], most):
            return kept, texts
    return kept, _cut_off(texts, most)


def _fits(texts: Sequence[str], most: int) -> bool:
    return words_in("".join(texts)) <= most


def _cut_off(texts: Sequence[str], most: int) -> list[str]:
    kept: list[str] = []
    for text in texts:
        left = most - words_in("".join(kept))
        space = " " if text[:1].isspace() else ""
        kept.append(text if words_in(text) <= left else (space + clipped(text, left) if left > 0 else ""))
    return kept


def _finished(texts: Sequence[str]) -> list[str]:
    """The texts on one line, with the capital and the full stop of a sentence."""
    found: list[str] = []
    for text in texts:
        line = one_line(text)
        glued = not found or not text[:1].isspace()
        found.append(line if glued or not line else f" {line}")
    found[0] = capital(found[0])
    found[-1] = found[-1].rstrip(",;: ")
    if not found[-1].endswith(_ENDS):
        found[-1] += "."
    return found
