"""What a text may hold: Unicode in its composed form (NFC), something to see, and no characters that only steer."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from schemas.problem import FieldProblem, pointer

_STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Control characters but line ends and tabs, and those that turn the direction in which all that follows is shown."""
_BLANK_LETTERS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u17b4\u17b5")
"""Letters and symbols by their category that show nothing: fillers of Hangul and Khmer, the empty Braille cell."""
_UNSEEN = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Mn", "Mc", "Me"})
"""Categories of characters that show nothing by themselves."""
_SHOWN_AS = {"\u202a": "LRE", "\u202b": "RLE", "\u202c": "PDF", "\u202d": "LRO", "\u202e": "RLO",
             "\u2066": "LRI", "\u2067": "RLI", "\u2068": "FSI", "\u2069": "PDI"}  # fmt: skip


def composed(text: str) -> str:
    """The text in Unicode's composed form (NFC), which looks the same and compares equal to others like it."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def says_something(text: str) -> bool:
    """Whether there is a character to see: blanks, invisible ones and lone combining marks are none."""
    if text.isascii():
        return bool(text.strip(" \t\r\n"))
    return any(unicodedata.category(c) not in _UNSEEN and c not in _BLANK_LETTERS for c in text)


def fault_of(text: str) -> str | None:
    """What is wrong with a text, as a sentence with a remedy; None where nothing is. The empty text passes here."""
    found = _STEERING.search(text)
    if found is not None:
        at, character = found.start(), found[0]
        code = f"U+{ord(character):04X}"
        if character in _SHOWN_AS:
            named = f"{code} ({_SHOWN_AS[character]})"
            return f"has the character {named} at {at}, which turns the direction of the text; take it out"
        return f"has the control character {code} at {at}; only line ends and tabs are allowed"
    if text and not says_something(text):
        return "holds nothing but blanks or invisible characters; write something, or leave it out"
    return None


def kept(value: Any, faults: list[FieldProblem], recomposed: list[str], at: str = "") -> Any:
    """A JSON value with every text in it composed (NFC).

    `faults` gains each text that may not be kept, `recomposed` a pointer to each that was written otherwise.
    """
    if isinstance(value, str):
        return _text(value, faults, recomposed, at)
    if isinstance(value, Mapping):
        return {name: kept(held, faults, recomposed, at + pointer(name)) for name, held in value.items()}
    if isinstance(value, Sequence):
        return [kept(held, faults, recomposed, at + pointer(i)) for i, held in enumerate(value)]
    return value


def _text(text: str, faults: list[FieldProblem], recomposed: list[str], at: str) -> str:
    fault = fault_of(text)
    if fault is not None:
        faults.append(FieldProblem(at, fault))
        return text
    whole = composed(text)
    if whole != text:
        recomposed.append(at)
    return whole
