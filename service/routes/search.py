"""Search: nodes of any map by the words of their texts."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from graph.budgets import page_of, question_of
from graph.errors import Refused
from graph.search.question import Candidates, SearchWords
from graph.search.ranking import Match, Rank, ranked, score, snippet
from graph.search.words import label_of
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.vocabulary import KINDS, PLURALS, Kind
from service.http.context import Context, ReadContext
from service.http.encoding import encode
from service.http.responses import tagged
from service.http.routing import Router, needs
from service.models.answers import SearchAnswer
from service.models.queries import SearchQuery
from service.models.responses import reads_of_service

router = Router(tags=["Questions"])
_NODE, _BYTE = 20.0, 0.4
"""Estimated microseconds that a node and a byte of its document cost."""


@router.get("/v1/search", response_model=SearchAnswer, responses=reads_of_service(503), openapi_extra=needs("read"))
async def search(context: ReadContext, query: Annotated[SearchQuery, Query()]) -> Response:
    """Nodes that are called so or whose texts have every word, or words that begin with it, best first."""
    await _check_maps(context, query.maps)
    maps = query.maps or tuple(sorted(context.principal.maps or ()))
    found = await context.service.store.search(query.q, maps, _kinds(query.kinds))
    cost = sum(_NODE + _BYTE * len(node.document) for node in found.nodes)
    body = await context.service.work.run(
        lambda: _answer(SearchWords.of(query.q), query, found), cost=cost, client=context.principal.client
    )
    return tagged(context, body)


async def _check_maps(context: Context, maps: Sequence[str]) -> None:
    store, opens = context.service.store, context.principal.opens
    heads = [await store.version(m) if opens(m) else None for m in maps]
    faults = [
        FieldProblem(pointer("maps", i), f"there is no map {maps[i]!r}") for i, head in enumerate(heads) if head is None
    ]
    if faults:
        raise Refused(faults[0].detail, faults, code="invalid_parameter")


def _kinds(named: Sequence[str]) -> list[Kind]:
    kinds = [PLURALS.get(name, name) for name in named]
    faults = [
        FieldProblem(pointer("kinds", i), f"unknown kind {kind!r}; {did_you_mean(kind, [*KINDS, *PLURALS])}")
        for i, kind in enumerate(kinds)
        if kind not in KINDS
    ]
    if faults:
        raise Refused(faults[0].detail, faults, code="invalid_parameter")
    return [kind for kind in KINDS if kind in kinds]


def _answer(question: SearchWords, query: SearchQuery, found: Candidates) -> bytes:
    asked = question_of("", None, query)
    whole = ranked(question, found.nodes)
    page = page_of(whole, lambda match: match.rank, Rank, question=asked, limit=query.limit, cursor=query.cursor)
    reason = "budget" if not found.whole else "limit" if page.next is not None else None
    items = [_item(question, match) for match in page.items]
    paged = {"total": page.total, "next": page.next}
    return encode({"items": items, **paged, "complete": reason is None, "reason": reason})


def _item(question: SearchWords, match: Match) -> dict[str, object]:
    return {
        "map": match.rank.map,
        "id": match.rank.id,
        "kind": match.kind,
        "text": label_of(match.texts),
        "snippet": snippet(question, match),
        "score": score(question, match),
        "field": match.field,
    }
