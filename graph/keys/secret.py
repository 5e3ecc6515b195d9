"""The key itself: `argm_<id>_<secret><check>`, made of what a machine cannot guess, and shown once.

The check (a CRC-32 of what stands before it) tells a mistyped key without asking the store, and lets scanners tell
a leaked one. The secret has 190 random bits, so one round of SHA-256 is as good a hash of it as a slow one.
"""

import re
import zlib
from hashlib import sha256
from hmac import compare_digest
from secrets import choice
from string import ascii_letters, digits
from typing import NamedTuple

_ALPHABET = digits + ascii_letters
_ID, _SECRET, _CHECK = 10, 32, 6
_FORM = re.compile(rf"argm_([0-9A-Za-z]{{{_ID}}})_[0-9A-Za-z]{{{_SECRET + _CHECK}}}")
_LIKE = re.compile(r"argm_[0-9A-Za-z_]++")


class NewKey(NamedTuple):
    """A key that nobody has seen yet."""

    id: str
    text: str
    digest: str


def new_key() -> NewKey:
    """Make a key."""
    key_id = _random(_ID)
    start = f"argm_{key_id}_{_random(_SECRET)}"
    whole = start + _check(start)
    return NewKey(key_id, whole, _digest(whole))


def id_of(text: str) -> str | None:
    """The id in a key, or None for what can be none."""
    found = _FORM.fullmatch(text)
    if found is None or text[-_CHECK:] != _check(text[:-_CHECK]):
        return None
    return found[1]


def fits(text: str, digest: str) -> bool:
    """Whether this is the key that was made with this digest; takes as long either way."""
    return compare_digest(_digest(text), digest)


def redacted(text: str) -> str:
    """The text without any key in it: what a client wrote into an address by mistake is repeated nowhere."""
    return _LIKE.sub("argm_…", text) if "argm_" in text else text


def _random(length: int) -> str:
    return "".join(choice(_ALPHABET) for _ in range(length))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()


def _check(text: str) -> str:
    number = zlib.crc32(text.encode())
    written = ""
    for _ in range(_CHECK):
        number, place = divmod(number, len(_ALPHABET))
        written += _ALPHABET[place]
    return written
