"""The text by which a node is found, and its words as every store's index holds them.

Both stores index `folded(searchable(node))` and ask for the words of `folded(query)`, each of which must
match the beginning of a word of the text. Words are separated by single blanks, so an index whose tokenizer
splits at blanks and does nothing else (FTS5 `ascii`, Lucene `whitespace`) finds the same nodes as any other.
Best first is: the shortest folded text, for in it the words weigh most; then map and id by code point.
"""

import re
import unicodedata
from collections.abc import Iterator

from schemas.actor import Actor
from schemas.argument import Argument
from schemas.assertion import Assertion
from schemas.motive import Motive
from schemas.node import AnyNode, label
from schemas.source import Source
from schemas.statement import Statement

_WORD = re.compile(r"[^\W_]+")
_LONGEST = 100
"""Characters of a word that count: the indexes cut longer ones, each at another place."""


def searchable(node: AnyNode) -> str:
    """What a person may look for in a node: what it is called, what it says, its note and tags; a line each."""
    return "\n".join(dict.fromkeys(filter(None, _texts(node))))


def folded(text: str) -> str:
    """The words of a text without case and accents, separated by single blanks; the same again changes nothing."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(c for c in plain if not unicodedata.category(c).startswith("M"))
    return " ".join(word[:_LONGEST] for word in _WORD.findall(bare))


def _texts(node: AnyNode) -> Iterator[str | None]:
    if not isinstance(node, Argument | Assertion):
        yield label(node)
    match node:
        case Actor():
            yield from node.aliases
            yield node.role
        case Motive():
            yield node.name
            yield node.definition
        case Argument():
            yield node.warrant
            yield node.rationale
        case Assertion():
            yield node.wording
            yield node.quote
        case Statement() | Source():
            pass
    yield node.note
    yield from node.tags
