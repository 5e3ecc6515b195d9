"""What a search asks for, and in which order an index of any store is asked for the nodes that may be the answer."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from typing import NamedTuple

from graph.search.words import folded, id_term, is_run, name_key, name_term, short_form, terms_of_word, tokens, words_of
from schemas.vocabulary import Kind

AT_MOST = 5_000
"""Nodes that one search compares."""
WEIGHT = 2_000_000
"""Characters of texts that the nodes of one search have together."""
_ASKED_OF_THE_INDEX = 64
"""Terms of a question; the indexes have bounds of their own, and each node that they give is looked at again."""
_TAG = re.compile(r"(?:^|(?<=\s))tag:(?:\"([^\"]*)\"|(\S+))", re.IGNORECASE)


class Term(NamedTuple):
    """What must stand in an index, as a whole or as the beginning of a term."""

    text: str
    begins: bool = True


Asked = list[list[Term]]
"""Alternatives, of each of which every term must be there."""


@dataclass(frozen=True)
class SearchWords:
    """The words of a search, understood."""

    wanted: tuple[str, ...]
    """What must stand in ` word word `: a blank and the beginning of a word, or the midst of a run."""
    terms: tuple[Term, ...]
    """The terms of an index for it."""
    tags: tuple[str, ...]
    """Beginnings of words that tags must have."""
    plain: str
    """The words as they are folded, without those of tags."""
    key: str
    """A name that is called so."""

    @classmethod
    def of(cls, words: str) -> "SearchWords":
        """Understand a question; what has no words asks for nothing."""
        tags = [word for quoted, bare in _TAG.findall(words) for word in folded(quoted or bare).split()]
        said = _TAG.sub(" ", words)
        wanted: dict[str, None] = {}
        terms: dict[Term, None] = {}
        for token in tokens(said):
            if token.form == "abbreviation":
                wanted[f" {short_form(token.word)} "] = None
                terms[Term(short_form(token.word), begins=False)] = None
                continue
            for word in token.word.split():
                wanted[word if is_run(word) else f" {word}"] = None
                pairs = terms_of_word(word)
                terms.update((Term(pair), None) for pair in (pairs[:-1] if is_run(word) and pairs[1:] else pairs))
        return cls(tuple(wanted), tuple(terms), tuple(dict.fromkeys(tags)), folded(said), name_key(said))

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not self.wanted and not self.tags

    def is_met_by(self, texts: Iterable[str]) -> bool:
        """Whether every word is in these texts, whatever the order."""
        line = line_of(texts)
        return all(word in line for word in self.wanted)

    def whole(self) -> Asked:
        """Every node that may be in the answer."""
        return self._with_tags([list(self.terms), [Term(id_term(self.plain), begins=False)]])

    def narrower(self) -> Iterator[Asked]:
        """What stands first in the answer and what follows it, for a whole that is too large."""
        if self.key:
            yield self._with_tags(
                [[Term(name_term(self.key), begins=False)], [Term(id_term(self.plain), begins=False)]]
            )
            yield self._with_tags([[Term(name_term(self.key))]])
            yield self._with_tags([[t if t.text.startswith("_") else Term(f"_n{t.text}") for t in self.terms]])

    def _with_tags(self, alternatives: Asked) -> Asked:
        tags = [Term(f"_t{part}") for word in self.tags for part in terms_of_word(word)]
        some = alternatives if self.plain else [[]]
        return [(tags + terms)[:_ASKED_OF_THE_INDEX] for terms in some if tags or terms]


def line_of(texts: Iterable[str]) -> str:
    """Texts as a line of their words, with a blank before and behind each."""
    return f" {' '.join(word for text in texts for word in words_of(text))} "


class Place(NamedTuple):
    """A node that an index gave."""

    map: str
    id: str
    width: int
    """Characters of its texts."""


class Candidate(NamedTuple):
    """A node that may be in the answer."""

    map: str
    id: str
    kind: Kind
    document: bytes


class Candidates(NamedTuple):
    """What a store found for a search."""

    nodes: list[Candidate]
    whole: bool
    """Whether these are all that may be in the answer."""


@dataclass
class Gathering:
    """The nodes that a store's index gives, up to what one search compares; the same on every store.

    A store answers each of `asks` with `take`: up to `AT_MOST + 1` nodes, those with the shortest texts first,
    then by map and id.
    """

    question: SearchWords
    places: list[Place] = field(default_factory=list)
    whole: bool = True

    def asks(self) -> Iterator[Asked]:
        """What the index is to be asked; once where all of it can be compared."""
        if self.question.is_empty:
            return
        yield self.question.whole()
        if self._fitting() == len(self.places):
            return
        rest, self.places, self.whole = self.places, [], False
        for asked in self.question.narrower():
            yield asked
            if self._fitting() < len(self.places):
                break
        self.take(rest)
        del self.places[self._fitting() :]

    def take(self, places: Sequence[Place]) -> None:
        """Add what the index gave."""
        known = {(place.map, place.id) for place in self.places}
        self.places += [place for place in places if (place.map, place.id) not in known]

    def _fitting(self) -> int:
        """How many of the places can be compared."""
        weights = accumulate(place.width for place in self.places[:AT_MOST])
        return sum(1 for weight in weights if weight <= WEIGHT)
