"""Neo4j: paths by Cypher against ours on the same map, a load in columns against rows, a write against a bare one."""

import asyncio
import gc
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter, process_time
from typing import LiteralString, NamedTuple

import msgspec
from neo4j import Driver, GraphDatabase, ManagedTransaction

from bench.figure import Figure, Times, Unmeasurable, timed
from bench.maps import many_routes, tree_like
from bench.paths import FEW, Pair, oracle, pairs, question
from graph.editing.planning import plan
from graph.maps.commit_queue import WriteRequest
from graph.maps.workspace import Workspace
from graph.paths.paths import paths
from graph.snapshot.argument_graph import ArgumentGraph
from graph.snapshot.columns import ARGUMENT
from graph.stores.neo4j import Neo4jStore
from schemas.base import new_id, now
from schemas.change import Change, Command, Edit
from schemas.vocabulary import KINDS
from scripts.neo4j_jars import Neo4jServerError
from scripts.neo4j_server import Neo4jServer

SIZE = 100_000
PAIRS = 40
WRITES = 150
WRITERS = 8
_CHUNK = 10_000
_WARM_UP = 5
_PATHS: LiteralString = """
    MATCH (s:Node {map: $map, id: $start}), (t:Node {map: $map, id: $end})
    MATCH p = SHORTEST 5 (s)-[:PREMISE_OF|TARGETS]->+(t)
    RETURN [n IN nodes(p) | n.id]
"""
_ROWS: LiteralString = "MATCH (n:Node {map: $map}) RETURN n.id, n.kind, n.doc"
_BARE: LiteralString = """
    MATCH (m:Bare {id: 0}) SET m.lock = 0, m.revision = m.revision + 1
    CREATE (:BareChange {revision: m.revision, doc: $change})
    CREATE (s:BareNode {id: $id, text: $text, doc: $doc})-[:PREMISE_OF]->(a:BareNode {id: $other, doc: $doc})
    CREATE (a)-[:TARGETS]->(m)
"""
_TEXT = "says that shells were sold in the north"


class Address(NamedTuple):
    """A server to measure on; what is measured is added to its database and taken away again."""

    uri: str
    user: str
    password: str

    def store(self) -> Neo4jStore:
        """A store with patience for a machine that is busy with measuring."""
        return Neo4jStore(self.uri, user=self.user, password=self.password, patience=60)

    def driver(self) -> Driver:
        """A driver of a user's own."""
        return GraphDatabase.driver(
            self.uri, auth=(self.user, self.password), notifications_disabled_classifications=["UNRECOGNIZED"]
        )


def figures(address: Address | None = None) -> Iterator[Figure]:
    """On the given server, or on one started for it; raises `Unmeasurable` where none can be had."""
    with served(address) as there:
        yield from _on(there)


@contextmanager
def served(address: Address | None) -> Iterator[Address]:
    """The given server, or one started for as long; raises `Unmeasurable` where none can be had."""
    if address is not None:
        yield address
        return
    with TemporaryDirectory() as folder:
        server = Neo4jServer(folder)
        try:
            server.start()
        except Neo4jServerError as error:
            raise Unmeasurable(str(error)) from error
        try:
            yield Address(server.uri, server.user, server.password)
        finally:
            server.kill()


def _on(address: Address) -> Iterator[Figure]:
    with address.driver() as driver:
        for name, graph, new in (("tree-like", tree_like(SIZE), 10.0), ("many routes", many_routes(SIZE), 3.0)):
            begin = perf_counter()
            asyncio.run(_stored(address, graph))
            yield Figure(f"cypher: {name}, put into Neo4j", perf_counter() - begin, "s")
            yield from _paths(name, graph, driver, new=new, again=10)
            if name == "tree-like":
                yield from _loads(address, graph, driver)
                yield from _writes(address, graph, driver)
            asyncio.run(_dropped(address, graph.map))


async def _stored(address: Address, graph: ArgumentGraph) -> None:
    """The map as changes of some thousand nodes each, statements before what refers to them."""
    store = address.store()
    await store.open()
    await store.drop(graph.map)
    numbers = [*graph.numbers("statement"), *graph.numbers("argument")]
    for start in range(0, len(numbers), _CHUNK):
        revision = start // _CHUNK + 1
        header = graph.header.model_copy(update={"revision": revision})
        edits = tuple(_edit(graph, number) for number in numbers[start : start + _CHUNK])
        await store.commit(header, [Change(graph.map, revision, new_id("change"), now(), "bench", edits)])
    await store.close()


def _edit(graph: ArgumentGraph, number: int) -> Edit:
    node_id = graph.id(number)
    return Edit(KINDS[graph.kind(number)], node_id, None, msgspec.Raw(graph.document(node_id) or b""))


async def _dropped(address: Address, map_id: str) -> None:
    store = address.store()
    await store.open()
    await store.drop(map_id)
    await store.close()


# --- paths ------------------------------------------------------------------------------------------


def _paths(name: str, graph: ArgumentGraph, driver: Driver, new: float, again: float) -> Iterator[Figure]:
    asked = pairs(graph, oracle(graph), PAIRS)
    gc.collect()
    gc.freeze()
    try:
        with driver.session() as session:

            def by_cypher(pair: Pair) -> list[list[str]]:
                ends = {"map": graph.map, "start": graph.id(pair.start), "end": graph.id(pair.end)}
                return session.run(_PATHS, ends).value()

            for pair in asked[:_WARM_UP]:
                by_cypher(pair)
            peer = timed(by_cypher, asked[::2])
            _agree(graph, asked[:20:2], [by_cypher(pair) for pair in asked[:20:2]])
        yield Figure(f"cypher: {FEW} shortest paths, {name}, SHORTEST {FEW}", peer.median * 1e3, "ms")
        for told, some, goal in (("new end", asked[::2], new), ("end asked before", asked[1::2], again)):
            ours = timed(lambda query: paths(graph, query), [question(graph, pair) for pair in some])
            ratio = peer.median / ours.median
            what = f"cypher: {FEW} shortest paths, {name}, ours, {told}"
            yield Figure(what, ours.median * 1e3, "ms", ratio, f">= {goal:g}", ratio >= goal)
    finally:
        gc.unfreeze()


def _agree(graph: ArgumentGraph, some: Sequence[Pair], theirs: Sequence[list[list[str]]]) -> None:
    """Fail where Cypher knows a way with fewer arguments: it counts relationships, and an undercut has one less."""
    for pair, found in zip(some, theirs, strict=True):
        ours = paths(graph, question(graph, pair)).items[0]
        fewest = min(sum(graph.kind(graph.number(i)) == ARGUMENT for i in way) for way in found)
        if fewest < ours.length:
            raise AssertionError(f"Cypher needs {fewest} arguments for {pair}, and we {ours.length}")


# --- loading ----------------------------------------------------------------------------------------


def _loads(address: Address, graph: ArgumentGraph, driver: Driver) -> Iterator[Figure]:
    columns, rows = [], []
    for _ in range(3):
        columns.append(asyncio.run(_columns(address, graph)))
        rows.append(_rows(graph, driver))
    wall, cpu = (min(some) for some in zip(*columns, strict=True))
    peer_wall, peer_cpu = (min(some) for some in zip(*rows, strict=True))
    size = f"{graph.size:,} nodes"
    yield Figure(f"cypher: load of {size}, a row for each", peer_wall, "s")
    yield Figure(f"cypher: load of {size}, in columns", wall, "s", peer_wall / wall, ">= 5", peer_wall / wall >= 5)
    yield Figure(f"cypher: load of {size}, in columns (client's CPU)", cpu, "s", peer_cpu / cpu)


async def _columns(address: Address, graph: ArgumentGraph) -> tuple[float, float]:
    store = address.store()
    await store.open()
    begin, cpu = perf_counter(), process_time()
    rows = await store.load(graph.map)
    took = perf_counter() - begin, process_time() - cpu
    assert rows is not None
    assert rows.ids == list(graph.columns.ids)
    await store.close()
    return took


def _rows(graph: ArgumentGraph, driver: Driver) -> tuple[float, float]:
    with driver.session() as session:
        begin, cpu = perf_counter(), process_time()
        rows = session.run(_ROWS, map=graph.map).values()
        took = perf_counter() - begin, process_time() - cpu
    assert len(rows) == graph.size
    return took


# --- writing ----------------------------------------------------------------------------------------


def _writes(address: Address, graph: ArgumentGraph, driver: Driver) -> Iterator[Figure]:
    bare = _bare(driver)
    yield Figure("cypher: a bare transaction of the same nodes", bare.median * 1e3, "ms")
    one = asyncio.run(_written(address, graph, 1))
    ratio = median(one[0]) / bare.median
    yield Figure("cypher: a durable write, one writer", median(one[0]) * 1e3, "ms", ratio, "<= 3", ratio <= 3)
    many = asyncio.run(_written(address, graph, WRITERS))
    name = f"cypher: a durable write, {WRITERS} writers, time per write"
    yield Figure(name, many[1] * 1e3, "ms", many[1] / bare.median)


def _bare(driver: Driver) -> Times:
    """What the driver needs for two nodes, two relationships, a log entry and a revision, and nothing else."""
    driver.execute_query("MERGE (m:Bare {id: 0}) SET m.revision = 0")
    document = msgspec.json.encode({"id": "p-new", "text": _TEXT, "created_at": now()}).decode()

    def work(transaction: ManagedTransaction, n: int) -> None:
        fields = {"id": f"p-{n}", "other": f"a-{n}", "text": _TEXT, "doc": document, "change": document * 2}
        transaction.run(_BARE, fields).consume()

    def write(n: int) -> None:
        with driver.session() as session:
            session.execute_write(work, n)

    for n in range(_WARM_UP):
        write(-n)
    times = timed(write, range(WRITES))
    driver.execute_query("MATCH (n:Bare|BareNode|BareChange) DETACH DELETE n")
    return times


async def _written(address: Address, graph: ArgumentGraph, writers: int) -> tuple[list[float], float]:
    """The seconds that each write took, and the whole time by the number of writes."""
    store = address.store()
    await store.open()
    workspace = Workspace(store)
    target = graph.id(next(graph.numbers("statement")))

    async def writer(name: str, count: int) -> list[float]:
        seconds = []
        for n in range(count):
            begin = perf_counter()
            await workspace.write(graph.map, _request(f"{name}-{n}", target))
            seconds.append(perf_counter() - begin)
        return seconds

    await writer(f"warm-{writers}", _WARM_UP)
    begin = perf_counter()
    some = await asyncio.gather(*(writer(f"w{writers}-{n}", WRITES // writers) for n in range(writers)))
    whole = perf_counter() - begin
    await store.close()
    each = [second for seconds in some for second in seconds]
    return each, whole / len(each)


def _request(name: str, target: str) -> WriteRequest:
    step: dict[str, object] = {"premises": [f"p-{name}"], "target": target, "stance": "supporting"}
    commands = [
        Command(op="create", kind="statement", id=f"p-{name}", value={"text": f"{name} {_TEXT}"}),
        Command(op="create", kind="argument", id=f"a-{name}", value=step),
    ]
    return WriteRequest(lambda snapshot, provenance: plan(snapshot, commands, provenance), "bench", lambda _: b"{}")
