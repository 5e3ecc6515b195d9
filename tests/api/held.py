"""What holds the event loop as yet, or does not end: a list that only gets shorter."""

from __future__ import annotations

_HELD = "holds the event loop"
_ENDLESS = "does not end when the client has left"

HELD: dict[tuple[str, str], str] = {}
"""For an operation or a write and a map: why it is expected to fail. What does not end is not run."""

KNOWN: tuple[str, ...] = ()
"""Files that hold the loop as yet in tests of all kinds."""


def is_endless(why: str) -> bool:
    return why == _ENDLESS
