"""The port of keys: where a store keeps them."""

from abc import ABC, abstractmethod

from schemas.key import KeyRecord


class KeyStore(ABC):
    """Keeps keys beside the maps; every method may raise `StoreUnavailable` or `StoreUnusable`.

    What one process writes every other sees with its next call. A revoked key stays, so that a store in which keys
    were ever set up is never open again.
    """

    @abstractmethod
    async def find(self, key_id: str) -> KeyRecord | None:
        """A key by its id, revoked ones too; one indexed look-up."""

    @abstractmethod
    async def is_set_up(self) -> bool:
        """Whether there ever was a key."""

    @abstractmethod
    async def all(self) -> list[KeyRecord]:
        """Every key, in the order of their ids."""

    @abstractmethod
    async def add(self, key: KeyRecord) -> bool:
        """Keep a new key; False, and nothing is kept, where a key that is not revoked has its name."""

    @abstractmethod
    async def revoke(self, key_id: str, at: str) -> KeyRecord | None:
        """Make a key invalid from now on, and give it as it is then; None where there is no such key."""

    @abstractmethod
    async def note_use(self, key_id: str, at: str) -> None:
        """Remember when a key was used last."""
