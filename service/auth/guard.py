"""The guard: from what a request shows to its principal, asked of the store each time.

A key that another process revoked is no good with the next request. That costs one indexed look-up a request.
"""

import asyncio
import logging

from graph.editing.identity import now
from graph.errors import GraphError, KeyRefused
from graph.keys.port import KeyStore
from graph.keys.secret import fits, id_of
from schemas.key import KeyRecord
from service.auth.principal import Principal
from service.logs import tell

_log = logging.getLogger("argumap.audit")
_MINUTE = len("2026-01-31T12:00")
_NO_DIGEST = "0" * 64


class Guard:
    """Knows who may come in."""

    def __init__(self, keys: KeyStore, *, trusting: bool = False) -> None:
        """`trusting` takes whoever asks for the owner: of a command that works on the store itself."""
        self._keys = keys
        self._trusting = trusting
        self._set_up = False
        self._noted: dict[str, str] = {}
        self._noting: set[asyncio.Task[None]] = set()

    async def is_set_up(self) -> bool:
        """Whether there ever was a key in the store; that never becomes false again."""
        if not self._set_up and not self._trusting:
            self._set_up = await self._keys.is_set_up()
        return self._set_up

    async def admit(self, authorization: str | None, address: str) -> Principal:
        """The principal of a request by its Authorization; raises `KeyRefused`, and what the store raises."""
        if not await self.is_set_up():
            return Principal.local(address)
        if authorization is None:
            raise KeyRefused("this service asks for a key: send Authorization: Bearer KEY", code="key_required")
        scheme, _, shown = authorization.partition(" ")
        shown = shown.strip()
        key_id = id_of(shown) if scheme.lower() == "bearer" else None
        if key_id is None:
            raise self._refused("what Authorization holds is no key of this service", address)
        key = await self._keys.find(key_id)
        if not fits(shown, _NO_DIGEST if key is None else key.digest) or key is None:
            raise self._refused("what Authorization holds is no key of this service", address)
        moment = now()
        if key.revoked_at is not None:
            raise self._refused(f"the key {key.name!r} was revoked", address)
        if key.expires_at is not None and key.expires_at <= moment:
            raise self._refused(f"the key {key.name!r} expired at {key.expires_at}", address)
        self._note(key, moment)
        return Principal.of(key)

    async def close(self) -> None:
        """Let what is under way end."""
        if self._noting:
            await asyncio.wait(self._noting)

    def _refused(self, detail: str, address: str) -> KeyRefused:
        tell(_log, logging.WARNING, "refused a key", client=address, why=detail)
        return KeyRefused(f"{detail}; send Authorization: Bearer KEY", code="key_invalid")

    def _note(self, key: KeyRecord, moment: str) -> None:
        """Remember the minute of the use, aside: no request waits for it."""
        minute = f"{moment[:_MINUTE]}:00Z"
        if self._noted.get(key.id, key.used_at) == minute:
            return
        self._noted[key.id] = minute
        task = asyncio.get_running_loop().create_task(self._noted_in_store(key.id, minute))
        self._noting.add(task)
        task.add_done_callback(self._noting.discard)

    async def _noted_in_store(self, key_id: str, minute: str) -> None:
        try:
            await self._keys.note_use(key_id, minute)
        except GraphError as error:
            logging.getLogger("argumap").warning("the use of key %s was not noted: %s", key_id, error.detail)
