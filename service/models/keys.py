"""Keys as the API tells of them: never the secret but once."""

import msgspec

from schemas.base import Time
from schemas.key import Scope


class KeyRead(msgspec.Struct, frozen=True):
    """A key without its secret."""

    id: str
    """The part of the key behind `argm_`."""
    name: str
    """Whose it is: what is written with it records this name."""
    scope: Scope
    """What it allows."""
    maps: tuple[str, ...] | None
    """The maps that it opens; null for all."""
    created_at: Time
    """When it was made."""
    created_by: str
    """Who made it."""
    expires_at: Time | None
    """When it becomes invalid; null for never."""
    revoked_at: Time | None
    """When it was revoked; null where it was not."""
    used_at: Time | None
    """When it was last used, to the minute; null for never."""


class KeyCreated(KeyRead, frozen=True, kw_only=True):
    """A new key."""

    key: str
    """What goes behind `Authorization: Bearer`; it is never shown again."""


class KeyList(msgspec.Struct, frozen=True):
    """A page of keys."""

    items: list[KeyRead]
    """In the order of ids."""
    total: int
    """How many there are in all."""
    next: str | None
    """Cursor of the next page; null at the end."""
