"""Search: nodes of any map by the words of their texts."""

import re
from collections.abc import Sequence
from typing import Annotated

from fastapi import Query, Response

from graph.errors import Refused
from graph.maps.port import SearchHit
from graph.search.folding import folded
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.vocabulary import KINDS, PLURALS, Kind
from service.http.context import Context, ReadContext
from service.http.encoding import encode
from service.http.responses import tagged
from service.http.routing import Router
from service.models.answers import SearchAnswer
from service.models.queries import SearchQuery
from service.models.responses import reads_of_service

router = Router(tags=["Questions"])
_AROUND = 80
"""Characters of a snippet before and behind the first word that matches."""


@router.get("/v1/search", response_model=SearchAnswer, responses=reads_of_service(503))
async def search(context: ReadContext, query: Annotated[SearchQuery, Query()]) -> Response:
    """Nodes whose texts have every word, or words that begin with it; the shortest text first."""
    await _check_maps(context, query.maps)
    kinds = _kinds(query.kinds)
    found = await context.service.store.search(query.q, query.maps, kinds, query.limit + 1)
    items = [_item(one, query.q) for one in found[: query.limit]]
    complete = len(found) <= query.limit
    return tagged(context, encode({"items": items, "complete": complete, "reason": None if complete else "limit"}))


async def _check_maps(context: Context, maps: Sequence[str]) -> None:
    heads = [await context.service.store.version(m) for m in maps]
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


def _item(found: SearchHit, question: str) -> dict[str, object]:
    text = found.text.split("\n", 1)[0]
    words, whole = folded(question), folded(found.text)
    score = round(len(words) / max(len(whole), len(words), 1), 3)
    snippet = _snippet(found.text, words.split())
    where = {"map": found.map, "id": found.id, "kind": found.kind}
    return {**where, "text": text, "snippet": snippet, "score": score}


def _snippet(text: str, words: Sequence[str]) -> str:
    """The text around the first word that matches."""
    hit = next((m for m in re.finditer(r"[^\W_]+", text) if _matches(m[0], words)), None)
    middle = hit.start() if hit else 0
    first, last = max(0, middle - _AROUND), min(len(text), middle + _AROUND)
    cut = text[first:last].replace("\n", " · ")
    return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"


def _matches(word: str, words: Sequence[str]) -> bool:
    plain = folded(word)
    return any(plain.startswith(asked) for asked in words)
