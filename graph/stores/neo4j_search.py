"""Search in Neo4j: a question in the terms of its full-text index."""

from collections.abc import Collection

from graph.errors import MapDamaged
from graph.search.question import AT_MOST, Asked, Candidate, Candidates, Gathering, Place, SearchWords
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls, Talk
from schemas.vocabulary import KINDS, Kind


async def search_index(calls: Calls, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
    """Current nodes that may be what is asked for."""
    scopes = (("map", maps), ("kind", kinds))
    narrowed = "".join(f" +{name}:({' '.join(map(_quoted, some))})" for name, some in scopes if some)

    async def work(talk: Talk) -> Candidates:
        gathering = Gathering(SearchWords.of(words))
        for asked in gathering.asks():
            records = await talk.ask(cypher.SEARCH, asked=f"+({_said(asked)}){narrowed}", limit=AT_MOST + 1)
            gathering.take([Place(*record) for record in records])
        wanted = [[place.map, place.id] for place in gathering.places]
        records = await talk.ask(cypher.SEARCHED, wanted=wanted) if wanted else []
        return Candidates([_candidate(*record) for record in records], gathering.whole)

    return await calls.read(work)


def _candidate(map_id: str, node_id: str, kind: object, document: object) -> Candidate:
    if kind not in KINDS or not isinstance(document, str) or not document.startswith(f'{{"id":"{node_id}"'):
        raise MapDamaged(map_id, f"node {node_id!r} is there without its own document")
    return Candidate(map_id, node_id, kind, document.encode())


def _said(asked: Asked) -> str:
    """Terms need no quotes, being letters, digits and `_`, and small ones."""
    every = (" ".join(f"+words:{term.text}{'*' if term.begins else ''}" for term in terms) for terms in asked)
    return " ".join(f"({terms})" for terms in every)


def _quoted(term: str) -> str:
    """A term of Lucene's query language that means itself."""
    escaped = term.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
