"""Keys: who may use a service, what they may do there, and with which maps."""

from typing import Annotated, Literal

import msgspec
from pydantic import Field, StringConstraints

from schemas.base import Id, Record

Scope = Literal["read", "propose", "write", "admin"]
"""What a key allows; each allows what stands before it too."""
SCOPES: tuple[Scope, ...] = ("read", "propose", "write", "admin")
KeyName = Annotated[str, StringConstraints(pattern=r"^[^\s\x00-\x1f\x7f][^\x00-\x1f\x7f]{0,99}$")]
LONGEST_LIFE = 3660
"""Days."""
LOCAL = "local"
"""Who whoever asks is where no key is set up; no key is called so."""


class KeyRecord(msgspec.Struct, frozen=True):
    """A key as a store keeps it: never the secret, only its digest."""

    id: str
    name: str
    digest: str
    """SHA-256 of the whole key, in hex."""
    scope: Scope
    maps: tuple[str, ...] | None
    """The maps that it opens; None for all."""
    created_at: str
    created_by: str
    expires_at: str | None = None
    revoked_at: str | None = None
    used_at: str | None = None
    """When it was last used, to the minute."""


class KeyCreate(Record):
    """A key to make."""

    name: KeyName
    """Whose key it is: what is written with it records this name. One valid key has it at a time."""
    scope: Scope
    """`read`, `propose` (which also makes drafts and remarks, and leaves the map to others: for an agent), `write` or
    `admin` (which also makes and revokes keys)."""
    maps: Annotated[tuple[Id, ...], Field(min_length=1, max_length=1000)] | None = None
    """The maps that it opens; left out, all of them."""
    expires: Annotated[int, Field(ge=1, le=LONGEST_LIFE)] | None = None
    """Days that it is valid; left out, until it is revoked."""
