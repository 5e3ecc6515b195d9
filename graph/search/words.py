"""What a node is found by: its texts field by field, and the terms that an index of any store holds for them.

Terms are separated by single blanks, so an index whose tokenizer splits at blanks and does nothing else (FTS5 `ascii`,
Lucene `whitespace`) finds the same nodes as any other. Beside the words there are terms with `_`, which no word has:
`_n` before words of names and texts, `_t` before those of tags, `_e` before a whole name, `_i` before the id.
A run of a script without blanks is indexed by pairs of its characters.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple, Protocol

import msgspec

from graph.search.folding import Token, folded, is_run, tokens
from graph.search.spellings import spellings

NAMES, SAID, NOTED, TAGGED = 3, 4, 5, 6
"""Where a field stands in the order of an answer; before it come a whole name, an id and the beginning of a name."""
FIELDS: dict[str, int] = {
    "name": NAMES, "title": NAMES, "aliases": NAMES, "text": NAMES, "warrant": NAMES,
    "wording": SAID, "quote": SAID, "role": SAID, "definition": SAID, "rationale": SAID, "condition": SAID,
    "note": NOTED, "tags": TAGGED,
}  # fmt: skip
"""The fields that are searched, in the order in which a match is told."""
CALLED = ("name", "title", "aliases")
"""Fields that say what a node is called."""
_LABELS = ("text", "title", "name", "wording", "quote", "warrant")
_LONGEST_NAME = 100
_SPACED_FIGURE = re.compile(r"(?<![\d,.])[0-9]{1,3}(?: [0-9]{3})+(?![\d,.])")
"""It may be one figure or several, so its groups are words too."""


class Searched(msgspec.Struct):
    """The texts of a stored document, of whatever kind and version of the model."""

    id: str
    name: str | None = None
    title: str | None = None
    aliases: tuple[str, ...] = ()
    text: str | None = None
    warrant: str | None = None
    wording: str | None = None
    quote: str | None = None
    role: str | None = None
    definition: str | None = None
    rationale: str | None = None
    condition: str | None = None
    note: str | None = None
    tags: tuple[str, ...] = ()


class Identified(Protocol):
    """A node, or what stands for one, whose texts are attributes."""

    @property
    def id(self) -> str:
        """Its id."""


class Field(NamedTuple):
    """A field of a node with something in it."""

    name: str
    tier: int
    texts: tuple[str, ...]


def read_texts(document: bytes) -> Searched:
    """The texts of a stored document."""
    return _DECODER.decode(document)


def fields(node: Identified) -> Iterator[Field]:
    """The fields of a node that say something, in the order of `FIELDS`."""
    for name, tier in FIELDS.items():
        value = getattr(node, name, None)
        if value:
            yield Field(name, tier, (value,) if isinstance(value, str) else tuple(value))


def label_of(node: Identified) -> str:
    """What a node is called or says; its id where it says nothing."""
    said = (getattr(node, name, None) for name in _LABELS)
    return next(filter(None, said), node.id)


def words_of(text: str) -> Iterator[str]:
    """The words of a text with what else finds them: other spellings, the groups of a figure, `_a` and short forms."""
    for token in tokens(text):
        yield from words_of_token(token)
    for figure in _SPACED_FIGURE.findall(text):
        yield figure.replace(" ", "")


def words_of_token(token: Token) -> Iterator[str]:
    """The same of one word of a text."""
    for word in token.word.split():
        yield from spellings(word)
    if token.word.isdecimal():  # whoever puts blanks into a figure asks for its groups
        yield from groups_of(token.word)
    if token.form in ("abbreviation", "capitals"):
        yield short_form(token.word)


def groups_of(figure: str) -> list[str]:
    """The groups of three digits of a figure without the first, with which it begins anyway."""
    return [figure[end - 3 : end] for end in range(len(figure), 3, -3)]


def short_form(word: str) -> str:
    """What an abbreviation is found by, which no plain word is: "us" is another word than "U.S."."""
    return f"_a{word}"


def name_key(text: str) -> str:
    """A whole name in its first spelling: equal for names that are called the same."""
    return " ".join(spellings(word)[0] for word in folded(text).split())


def name_term(key: str) -> str:
    """The term of a whole name; the beginning of it is that of a name that begins so."""
    return f"_e{key.replace(' ', '_')[:_LONGEST_NAME]}"


def id_term(node_id: str) -> str:
    """The term of an id."""
    return f"_i{folded(node_id).replace(' ', '_')}"


def terms_of_word(word: str) -> list[str]:
    """The terms of a word: a run has its pairs of characters, and the last one for whoever asks for that alone."""
    if not is_run(word):
        return [word]
    return [word[place : place + 2] for place in range(len(word))]


def index_terms(node: Identified) -> str:
    """All terms of a node, separated by blanks; O(characters)."""
    terms: dict[str, None] = {id_term(node.id): None}
    for field in fields(node):
        words = dict.fromkeys(word for text in field.texts for word in words_of(text))
        prefixes = ("_t",) if field.tier == TAGGED else ("", "_n") if field.tier == NAMES else ("",)
        found = (term for word in words for term in terms_of_word(word))
        terms.update((prefix + term, None) for term in found for prefix in prefixes)
        if field.tier == NAMES:
            terms.update(_names(field.texts))
    return " ".join(terms)


def width(node: Identified) -> int:
    """Characters of all texts of a node."""
    return sum(len(text) for field in fields(node) for text in field.texts)


def _names(texts: Iterable[str]) -> Iterator[tuple[str, None]]:
    for text in texts:
        if key := name_key(text):
            yield name_term(key), None


_DECODER = msgspec.json.Decoder(Searched)
