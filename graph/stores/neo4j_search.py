"""Search in Neo4j: a question in the words of its full-text index."""

from collections.abc import Collection

from graph.maps.port import SearchHit
from graph.search.folding import folded, searchable
from graph.stores import cypher
from graph.stores.neo4j_calls import Calls
from schemas.node import read_node
from schemas.vocabulary import Kind

_ASKED_OF_THE_INDEX = 64
"""Words; those beyond are looked for in what the index found, which has a bound of its own on clauses."""


async def found(
    calls: Calls, words: str, maps: Collection[str], kinds: Collection[Kind], limit: int
) -> list[SearchHit]:
    """Current nodes whose text has every word, prefixes counting, best first."""
    asked = list(dict.fromkeys(folded(words).split()))
    if not asked or limit < 1:
        return []
    clauses = [f"+words:{word}*" for word in asked[:_ASKED_OF_THE_INDEX]]
    clauses += [f"+{name}:({' '.join(map(_quoted, some))})" for name, some in (("map", maps), ("kind", kinds)) if some]
    records = await calls.ask(cypher.SEARCH, asked=" ".join(clauses), rest=asked[_ASKED_OF_THE_INDEX:], limit=limit)
    return [SearchHit(m, i, k, searchable(read_node(k, text.encode()))) for m, i, k, text in records]


def _quoted(term: str) -> str:
    """A term of Lucene's query language that means itself; words need none, being letters and digits."""
    escaped = term.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
