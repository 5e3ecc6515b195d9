"""A principal: whoever asks, with what that one may do and the maps that are open to it."""

from dataclasses import dataclass

from graph.errors import NotFound, ScopeTooLow
from schemas.key import LOCAL, SCOPES, KeyRecord, Scope


@dataclass(frozen=True, slots=True)
class Principal:
    """Who asks."""

    name: str
    """What a write records."""
    client: str
    """Whose line a long question waits in: the key's, or the address's where there are no keys."""
    scope: Scope = "admin"
    maps: frozenset[str] | None = None
    """The maps that are open to it; None for all."""
    key: str | None = None
    """Id of the key that was shown."""

    @classmethod
    def local(cls, address: str) -> "Principal":
        """Whoever asks a service in whose store no key is set up."""
        return cls(LOCAL, address)

    @classmethod
    def of(cls, key: KeyRecord) -> "Principal":
        """Whoever shows a key."""
        maps = None if key.maps is None else frozenset(key.maps)
        return cls(key.name, f"key {key.id}", key.scope, maps, key.id)

    def may(self, needed: Scope) -> bool:
        """Whether the scope is enough."""
        return SCOPES.index(self.scope) >= SCOPES.index(needed)

    def opens(self, map_id: str) -> bool:
        """Whether a map is open to it, whether or not there is such a map."""
        return self.maps is None or map_id in self.maps

    def check(self, needed: Scope, map_id: str | None) -> None:
        """Raise `ScopeTooLow`, which tells nothing of the map, or `NotFound` as for a map that is not there.

        It is the same, and takes the same time, whether or not there is such a map.
        """
        if not self.may(needed):
            raise ScopeTooLow(f"this needs a key of scope {needed}; the key {self.name!r} has scope {self.scope}")
        if map_id is not None and not self.opens(map_id):
            raise NotFound(f"there is no map {map_id[:100]!r}", code="map_not_found")

    def check_whole(self, what: str) -> None:
        """Raise `ScopeTooLow` for a key that opens certain maps only."""
        if self.maps is not None:
            raise ScopeTooLow(f"{what} needs a key that opens all maps; the key {self.name!r} opens certain ones")
