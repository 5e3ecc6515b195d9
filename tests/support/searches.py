"""A search of a store as the service makes it."""

from __future__ import annotations

from collections.abc import Collection

from graph.maps.port import Store
from graph.search.question import SearchWords
from graph.search.ranking import Match, ranked
from schemas.vocabulary import Kind


async def found(
    store: Store, words: str, maps: Collection[str] = (), kinds: Collection[Kind] = (), limit: int = 1000
) -> list[Match]:
    """The answer of a search, best first."""
    candidates = await store.search(words, maps, kinds)
    return ranked(SearchWords.of(words), candidates.nodes)[:limit]
