"""A text as the words by which it is found and compared: without case, marks and other dress.

As ICU's foldings have it: compatibility forms and case are folded, marks that are put on a letter are taken off, digits
of any script are figures, and Latin letters that are no letter with a mark (ł, ø, đ, ß, æ) become the letters that
stand for them. Nothing else is transliterated, and a vowel sign that is a letter of its own stays.

Words are cut by the text's shape, a character of which stands for each character of the text, so that a place in the
one is a place in the other.
"""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from typing import Literal, NamedTuple

from anyascii import anyascii

Form = Literal["word", "figure", "abbreviation", "capitals", "run"]
"""`figure`: digits in groups (700,000); `abbreviation`: letters with full stops (U.S.); `capitals`: the same without
them (US); `run`: letters of a script that is written without blanks between words, or with few (部队)."""
_LONGEST = 100
"""Characters of a word that count: the indexes cut longer ones, each at another place."""
_KEPT = 1 << 16
UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u1950-\u1ab0\u1b00-\u1b7f\u3005-\u3007\u3031-\u3035"
    "\u3041-\u30ff\u3105-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf\u4e00-\ua4cf\ua960-\ua97f\ua980-\ua9ff"
    "\uaa60-\uaadf\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b2ff\U00020000-\U0003ffff"
)
"""Thai, Lao, Burmese, Khmer, Tai, Balinese, Javanese, Han, kana, Bopomofo, Yi; Hangul too, since words are joined."""
_UNSPACED = re.compile(f"[{UNSPACED}]")
_TOKEN = re.compile(
    r"(?P<figure>(?<![admu,.])d{1,3}(?:(?:,d{2,3})*,d{3}|(?:,d{3})+|(?:\.d{3})+|(?:-d{3})+)(?![ad]))"
    r"|(?P<abbreviation>(?<![admu])am*(?:\.am*)+\.?(?![admu]))"
    r"|(?P<run>u[um]*)"
    r"|(?P<word>[ad][adm]*)"
)
_SELECTOR = re.compile("[\u034f\u180b-\u180d\ufe00-\ufe0f\U000e0100-\U000e01ef]")
_TAKEN_OFF = (7, 8, 107, 122)
"""Combining classes beside 1, 10 to 36 and 200 on: nuktas, the voicing of kana, tones of Thai and Lao."""


class Token(NamedTuple):
    """A word where it stands in a text."""

    form: Form
    word: str
    """Folded; a sign of several words has blanks between them."""
    start: int


class _Shape(dict[int, str]):
    """What a character is: letter `a`, digit `d`, mark `m`, letter of a script without blanks `u`, `,`, `.`, or a gap.

    A blank that no line breaks at is `-`: it groups digits.
    """

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found

    @staticmethod
    def _of(sign: str) -> str:
        if sign in ",'\u2019\u066c":
            return ","
        if sign in ".\u2024\uff0e":
            return "."
        if sign in "\u00a0\u2009\u202f":
            return "-"
        kind = unicodedata.category(sign)
        if kind.startswith("M") or (kind == "Cf" and sign != "\u200b"):
            return "m"
        if kind == "Nd":
            return "d"
        letter = next(filter(str.isalnum, unicodedata.normalize("NFKD", sign)), "")
        return "" if not letter else "u" if _UNSPACED.match(letter) or _UNSPACED.match(sign) else "a"


class _Plain(dict[int, str]):
    """What a character of a decomposed text becomes."""

    def __missing__(self, code: int) -> str:
        found = self[code] = self._of(chr(code))
        return found

    @staticmethod
    def _of(sign: str) -> str:
        kind, raised = unicodedata.category(sign), unicodedata.combining(sign)
        if kind == "Nd":
            return str(unicodedata.decimal(sign))
        if kind.startswith("M"):
            removed = raised == 1 or 10 <= raised <= 36 or raised >= 200 or raised in _TAKEN_OFF
            return "" if removed or kind == "Me" or _SELECTOR.match(sign) else sign
        if kind == "Cf" or sign == "\u0640" or "\u02b0" <= sign <= "\u02ff":  # no more than how a letter looks
            return ""
        if sign.isalnum():
            return anyascii(sign).lower() if unicodedata.name(sign, "").startswith("LATIN ") else sign
        return " "


_SHAPE, _PLAIN = _Shape(), _Plain()


def tokens(text: str) -> Iterator[Token]:
    """The words of a text in their order; O(characters)."""
    shape = "".join(_SHAPE[ord(c)] or " " for c in text)
    for match in _TOKEN.finditer(shape):
        said, form = text[match.start() : match.end()], match.lastgroup
        if form == "word":
            capitals = 2 <= len(said) <= 6 and said.isalpha() and said.isupper()
            yield Token("capitals" if capitals else "word", _plain(said), match.start())
        elif form == "run":
            yield Token("run", _plain(said, whole=True), match.start())
        elif form == "figure":
            yield Token("figure", _plain(said).replace(" ", "")[:_LONGEST], match.start())
        else:
            yield Token("abbreviation", _plain(said).replace(" ", ""), match.start())


def folded(text: str) -> str:
    """The words of a text separated by single blanks; the same again changes nothing."""
    return " ".join(token.word for token in tokens(text) if token.word)


def is_run(word: str) -> bool:
    """Whether a folded word is of a script without blanks: it is found in the midst of others too."""
    return _UNSPACED.match(word) is not None


@lru_cache(_KEPT)
def _plain(said: str, *, whole: bool = False) -> str:
    bare = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", said).casefold()).translate(_PLAIN)
    words = unicodedata.normalize("NFC", bare).split()
    return " ".join(words if whole else [word[:_LONGEST] for word in words])
