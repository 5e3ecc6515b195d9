"""Cypher of a user's own, read only and within bounds; and the verdicts on the nodes that it may ask for."""

import asyncio
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import neo4j
import neo4j.exceptions
import neo4j.graph
import neo4j.spatial
import neo4j.time

from graph.errors import Refused, TooLarge
from graph.maps.cypher_port import CypherBounds, CypherPort, Judgement, VerdictStore
from graph.stores import cypher_auditing
from graph.stores.neo4j_calls import Calls
from schemas.cypher import CypherAnswer, CypherQuestion
from schemas.problem import FieldProblem

_AT_ONCE = 2
"""Questions that a store answers side by side; others wait."""
_GRACE = 2.0
"""Seconds after the server's own limit in which it may say that it ended a transaction."""
_HARMLESS = frozenset(
    {
        "db.index.fulltext.querynodes",
        "db.index.fulltext.queryrelationships",
        "db.labels",
        "db.propertykeys",
        "db.relationshiptypes",
        "db.schema.nodetypeproperties",
        "db.schema.reltypeproperties",
        "db.schema.visualization",
    }
)
_TOGETHER = 1_000
_WRITTEN_TOGETHER = 200
_MAPS = 100
_MINUTE = 60
_OWN = ("doc", "words", "width", "lock")
"""Properties of the service's own, left out of a node that is answered as a whole."""


class Neo4jQuestions(CypherPort):
    """Answers questions in one database."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls
        self._room = asyncio.Semaphore(_AT_ONCE)

    async def ask(self, map_id: str, question: CypherQuestion, bounds: CypherBounds) -> CypherAnswer:
        parameters = {**question.parameters, "map": map_id}
        async with self._room:
            return await self._calls.visit(
                lambda session: _answered(session, question, parameters, bounds), within=2 * bounds.seconds + _GRACE
            )


class Neo4jVerdicts(VerdictStore):
    """Properties of nodes that are no fields: nothing that compares a node with its history looks at them."""

    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    async def due(self) -> list[str]:
        return [map_id for (map_id,) in await self._calls.ask(cypher_auditing.DUE, limit=_MAPS)]

    async def claim(self, map_id: str) -> bool:
        asked = {"map": map_id, "seconds": _MINUTE}
        return bool(await self._calls.write(lambda talk: talk.ask(cypher_auditing.CLAIM_VERDICTS, **asked)))

    async def judge(self, map_id: str, revision: int, judged: Sequence[Judgement]) -> None:
        told = {one.id: one for one in judged}
        rows: list[dict[str, Any]] = []
        after = ""
        while some := await self._calls.ask(
            cypher_auditing.JUDGED, fresh=True, map=map_id, after=after, size=_TOGETHER
        ):
            after = some[-1][0]
            for held in (Judgement(*row) for row in some):
                now = told.get(held.id, Judgement(held.id, None, None, None))
                if now != held:
                    rows.append(now._asdict())
        for start in range(0, len(rows), _WRITTEN_TOGETHER):
            await self._calls.order(cypher_auditing.JUDGE, map=map_id, rows=rows[start : start + _WRITTEN_TOGETHER])
        await self._calls.order(cypher_auditing.JUDGED_AT, map=map_id, revision=revision)


async def _answered(
    session: neo4j.AsyncSession, question: CypherQuestion, parameters: dict[str, Any], bounds: CypherBounds
) -> CypherAnswer:
    text = question.statement  # of a user's own: the session is told to let it read only
    try:
        async with await session.begin_transaction(timeout=bounds.seconds) as transaction:
            planned = await (await transaction.run(f"EXPLAIN {text}", parameters)).consume()
            _check(planned)
            return await _fetched(await transaction.run(text, parameters), question.limit, bounds.memory)
    except neo4j.exceptions.ClientError as error:
        raise _refusal(error, bounds) from error
    except neo4j.exceptions.TransientError as error:
        if "Terminated" in (error.code or "") or "MemoryPoolOutOfMemory" in (error.code or ""):
            raise _refusal(error, bounds) from error
        raise


def _check(planned: neo4j.ResultSummary) -> None:
    """Raise `Refused` where a statement does more than read the graph."""
    if planned.query_type != "r":
        raise _unfit("it does more than read; changes go through the service")
    for operator, details in _operators(planned.plan or {}):
        name = details.partition("(")[0].strip().lower()
        if operator == "LoadCSV":
            raise _unfit("LOAD CSV reads files and addresses of the server's, which no question may")
        if operator.startswith(("Show", "Terminate")):
            raise _unfit("it shows or changes the server itself")
        if "ProcedureCall" in operator and name not in _HARMLESS:
            raise _unfit(f"it calls the procedure {name or 'that is named in it'}, which is none of those allowed")


def _operators(plan: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    waiting = [plan]
    while waiting:
        one = waiting.pop()
        yield str(one.get("operatorType", "")).partition("@")[0], str(one.get("args", {}).get("Details", ""))
        waiting += one.get("children", ())


def _unfit(why: str) -> Refused:
    return Refused(
        f"this statement is not answered: {why}", [FieldProblem("/statement", why)], code="statement_refused"
    )


def _refusal(error: neo4j.exceptions.Neo4jError, bounds: CypherBounds) -> Refused | TooLarge:
    code = error.code or ""
    if "TransactionTimedOut" in code or "Terminated" in code:
        return TooLarge(f"the database did not answer within {bounds.seconds:g} s (setting ARGUMAP_CYPHER_TIMEOUT)")
    if "OutOfMemory" in code:
        return TooLarge("the statement needs more of the database's memory than a transaction may take")
    message = " ".join(str(error.message or "it cannot be run").split())[:300]
    return Refused(f"Neo4j: {message}", [FieldProblem("/statement", message)], code="statement_refused")


async def _fetched(result: neo4j.AsyncResult, limit: int, memory: int) -> CypherAnswer:
    columns = list(result.keys())
    rows: list[list[Any]] = []
    held = 0
    async for record in result:
        if len(rows) == limit:
            return CypherAnswer(columns, rows, False, "limit")
        row = [_value(value) for value in record.values()]
        held += _bytes_of(row)
        if held > memory:
            return CypherAnswer(columns, rows, False, "bytes")
        rows.append(row)
    return CypherAnswer(columns, rows, True, None)


def _value(value: Any) -> Any:
    """What the driver gives as a JSON value."""
    match value:
        case neo4j.graph.Node():
            return {"labels": sorted(value.labels), "properties": _properties(value.items())}
        case neo4j.graph.Relationship():
            ends = [None if node is None else node.get("id", node.element_id) for node in value.nodes]
            return {"type": value.type, "start": ends[0], "end": ends[1], "properties": _properties(value.items())}
        case neo4j.graph.Path():
            nodes, links = [_value(node) for node in value.nodes], [_value(link) for link in value.relationships]
            return {"nodes": nodes, "relationships": links}
        case neo4j.time.DateTime() | neo4j.time.Date() | neo4j.time.Time() | neo4j.time.Duration():
            return value.iso_format()
        case neo4j.spatial.Point():
            return list(value)
        case list():
            return [_value(one) for one in value]
        case dict():
            return {name: _value(one) for name, one in value.items()}
        case bytes() | bytearray():
            return value.hex()
        case float() if not math.isfinite(value):
            return None
        case _:
            return value


def _properties(items: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    return {name: _value(value) for name, value in items if name not in _OWN}


def _bytes_of(value: Any) -> int:
    """About how many bytes a value is as JSON."""
    if isinstance(value, str):
        return len(value) + 2
    if isinstance(value, list):
        return 2 + sum(map(_bytes_of, value))
    if isinstance(value, dict):
        return 2 + sum(len(name) + 4 + _bytes_of(one) for name, one in value.items())
    return 8
