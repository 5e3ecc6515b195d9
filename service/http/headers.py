"""The headers that every answer carries, whoever gives it: one table."""

from collections.abc import Iterable

Raw = tuple[bytes, bytes]
ALWAYS: tuple[Raw, ...] = (
    # What is answered is what its media type says, and no page but our own frames it, runs it or loads it.
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)
"""A page that needs more says so itself in a header of the same name, which then counts."""
ENCRYPTED: Raw = (b"strict-transport-security", b"max-age=31536000")
"""Where the connection is encrypted it stays so."""
_NAMES = frozenset(name for name, _ in ALWAYS)


def guarded_headers(given: Iterable[Raw], *, encrypted: bool = False) -> list[Raw]:
    """The headers of an answer with those of the table that it does not have itself."""
    headers = list(given)
    own = _NAMES.intersection(name for name, _ in headers)
    headers += ALWAYS if not own else [pair for pair in ALWAYS if pair[0] not in own]
    if encrypted:
        headers.append(ENCRYPTED)
    return headers
