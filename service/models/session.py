"""Who asks, as the API tells it."""

import msgspec

from schemas.key import Scope


class Session(msgspec.Struct, frozen=True):
    """Whom the service takes the client for."""

    name: str | None
    """What changes record; `local` where no key is set up, null for nobody."""
    scope: Scope | None
    """What is allowed; null for nobody."""
    maps: tuple[str, ...] | None
    """The maps that are open; null for all."""
