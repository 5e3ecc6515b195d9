"""Search: nodes of any map by the words of their texts."""

import re
from collections.abc import Sequence

from graph.errors import Refused
from graph.maps.port import SearchHit
from graph.search.folding import folded
from schemas.problem import FieldProblem, did_you_mean, pointer
from schemas.vocabulary import KINDS, PLURALS, Kind
from service.answers import SearchAnswer
from service.http.ask import Ask
from service.http.route import Routes
from service.queries import SearchQuery
from service.wire import tags
from service.wire.answer import Answer

routes = Routes("Questions")
_AROUND = 80
"""Characters of a snippet before and behind the first word that matches."""


@routes.get("/v1/search", query=SearchQuery, answer=SearchAnswer, example={"query": {"q": "shells sold", "limit": 3}})
async def search(ask: Ask[SearchQuery]) -> Answer:
    """Nodes whose texts have every word, or words that begin with it; the shortest text first."""
    query = ask.query
    await _check_maps(ask)
    kinds = _kinds(query.kinds)
    found = await ask.service.store.search(query.q, query.maps, kinds, query.limit + 1)
    items = [_item(one, query.q) for one in found[: query.limit]]
    complete = len(found) <= query.limit
    answer = Answer.of({"items": items, "complete": complete, "reason": None if complete else "limit"})
    tag = f'"{tags.digest(answer.body)}"'
    return Answer.unchanged(tag) if ask.fresh(tag) else Answer(answer.body, tag=tag)


async def _check_maps(ask: Ask[SearchQuery]) -> None:
    heads = [await ask.service.store.version(m) for m in ask.query.maps]
    faults = [
        FieldProblem(pointer("maps", i), f"there is no map {ask.query.maps[i]!r}")
        for i, head in enumerate(heads)
        if head is None
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
