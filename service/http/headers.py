"""Headers of a request."""

from starlette.types import Scope


def header(scope: Scope, name: bytes) -> str | None:
    """A header by its lower-case name; several lines of it count as one list."""
    found = [value for given, value in scope["headers"] if given == name]
    return b", ".join(found).decode("latin-1") if found else None
