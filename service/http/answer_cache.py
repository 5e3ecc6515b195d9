"""The cache of encoded answers: valid as long as the store says that the map has not changed since."""

from collections import OrderedDict
from typing import NamedTuple

from graph.maps.port import MapVersion
from service.http.encoding import Encoded

Key = tuple[str, bytes]
"""Path and raw query."""
_SHARE = 8
"""An answer that alone would take an eighth of the cache is not kept."""


class Kept(NamedTuple):
    """An answer, the map that it is about and where that map stood."""

    map: str
    version: MapVersion
    tag: str
    answer: Encoded
    unchanged: Encoded


class AnswerCache:
    """Keeps answers up to a bound of bytes, least recently used first out."""

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._held: OrderedDict[Key, Kept] = OrderedDict()
        self._bytes = 0

    def get(self, key: Key) -> Kept | None:
        """What is kept for a request; whether it still holds is for the caller to ask the store."""
        found = self._held.get(key)
        if found is not None:
            self._held.move_to_end(key)
        return found

    def put(self, key: Key, map_id: str, version: MapVersion, tag: str, answer: Encoded) -> None:
        """Keep an answer, unless it is too large a part of the bound."""
        size = _size(key, answer)
        if size * _SHARE > self._bound:
            return
        self.drop(key)
        self._held[key] = Kept(map_id, version, tag, answer, Encoded.unchanged(tag))
        self._bytes += size
        while self._bytes > self._bound:
            gone, kept = self._held.popitem(last=False)
            self._bytes -= _size(gone, kept.answer)

    def drop(self, key: Key) -> None:
        """Let go of what is kept for a request."""
        found = self._held.pop(key, None)
        if found is not None:
            self._bytes -= _size(key, found.answer)


def _size(key: Key, answer: Encoded) -> int:
    return len(answer.body) + len(key[0]) + len(key[1]) + 1000
