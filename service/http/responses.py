"""The one way from a question to its answer: known already, at once, or in turn off the event loop.

What is known already is told by entity tags (RFC 9110, section 13): here is the one place of 304 and the one of 412.
The tag of a node begins with its version, and a condition may name the version alone; that of a map is its
revision with digests of the change that made it and of its birth: after a restore a revision comes again and is
another. The tag of every other read adds the view and the question to these. A compressed answer has the coding behind
its tag, `"3.a1b2c3+gzip"`, since its bytes are others; in a condition it counts as the tag itself.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import Any, NamedTuple, Protocol

import msgspec
from fastapi import Response
from pydantic import BaseModel
from starlette.types import Receive

from graph.budgets import WHOLE_MAP, StepBudget, Timeout
from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import Stale
from graph.maps.commit_queue import Planner
from graph.maps.port import MapVersion
from graph.snapshot.argument_graph import ArgumentGraph, attack_of, basis_of
from graph.snapshot.relations import Number
from schemas.map import MapHeader
from schemas.node import Argument, label
from schemas.problem import FieldProblem
from schemas.query import ViewQuery
from schemas.vocabulary import PLURALS
from service.http.context import VERSION, Context, View
from service.http.encoding import JSON, Encoded, encode
from service.http.errors import ConditionFailed, ConditionMissing
from service.http.governor import INLINE, Gone

CODINGS = ("gzip", "br", "zstd")
_LONGEST = 8192
"""Characters of a condition that are looked at; a longer one names nothing that this service gave."""
_NODE, _BYTE = 20.0, 0.02
"""Estimated microseconds that a node and a byte of its document cost a question that goes through them."""
_NO_STORE = {"Cache-Control": "no-store"}


def read_tag(graph: ArgumentGraph, view: ViewQuery, question: BaseModel | None, salt: str) -> str:
    """The tag of a question about a map: its birth, its revision with the change that made it, the view and the
    question.
    """
    asked = "" if question is None else question.model_dump_json(exclude_defaults=True)
    narrowed = repr((view.filters(), view.labels))
    return f'"{graph.revision}-{digest(graph.created_at, graph.change, _void(graph), asked, narrowed, salt)}"'


def _void(graph: ArgumentGraph) -> str:
    """What tells an older revision from what it was before something was taken out of its history."""
    return "" if graph.header.redacted is None else str(graph.header.redacted)


def digest(*parts: str | bytes) -> str:
    """A short digest of several texts."""
    whole = blake2b(digest_size=9)
    for part in parts:
        data = part if isinstance(part, bytes) else part.encode()
        whole.update(b"%d:" % len(data))
        whole.update(data)
    return whole.hexdigest()


def is_fresh(condition: str | None, tag: str) -> bool:
    """Whether If-None-Match names these bytes; weak tags count too."""
    if condition is None:
        return False
    if condition == tag:
        return True
    return condition.strip() == "*" or any(plain_tag(found) == tag.strip('"') for _, found in tags_in(condition))


def plain_tag(tag: str) -> str:
    """A tag without the coding behind it."""
    name, plus, coding = tag.rpartition("+")
    return name if plus and coding in CODINGS else tag


def tags_in(condition: str) -> Iterator[tuple[bool, str]]:
    """The tags of a condition, each with whether it is weak; one pass, and what is malformed names nothing."""
    if len(condition) > _LONGEST:
        return
    place = 0
    while (start := condition.find('"', place)) >= 0:
        end = condition.find('"', start + 1)
        if end < 0:
            return
        yield condition[max(place, start - 2) : start] == "W/", condition[start + 1 : end]
        place = end + 1


Check = Callable[[ArgumentGraph], None]


class MapStanding(Protocol):
    """Where a map stands: a snapshot, or what the store says."""

    @property
    def revision(self) -> int:
        """The map's revision."""

    @property
    def created_at(self) -> str:
        """When the map was made."""

    @property
    def change(self) -> str:
        """Uid of the change that made the revision."""


def map_tag(standing: MapStanding) -> str:
    """The tag of a map as a whole: its revision, the change that made it, and its birth."""
    return f'"{standing.revision}.{digest(standing.change)[:8]}-{digest(standing.created_at, VERSION)}"'


def node_tag(graph: ArgumentGraph, node_id: str, *derived: object) -> str:
    """The tag of a node: its version, a digest of its document, and one of what is derived of it, if anything is.

    A version alone comes again after an undo, and for a node that is made anew. Raises `NotFound`.
    """
    node = graph.node(node_id)
    more = f".{digest(repr(derived))}" if derived else ""
    return f'"{node.version}.{_state(graph, node_id)}{more}"'


def node_document(graph: ArgumentGraph, node_id: str) -> dict[str, Any]:
    """All fields of a node; of an argument also its attack and basis in this snapshot. Raises `NotFound`."""
    node = graph.node(node_id)
    document = node.document()
    if isinstance(node, Argument):
        document["attack"] = attack_of(graph, node)
        document["basis"] = basis_of(graph, node_id)
    return document


def document_tag(graph: ArgumentGraph, node_id: str) -> str:
    """The tag of a node's document: of an argument it changes with what is derived. Raises `NotFound`."""
    node = graph.node(node_id)
    derived = (attack_of(graph, node), basis_of(graph, node_id)) if isinstance(node, Argument) else ()
    return node_tag(graph, node_id, *derived)


def map_document(header: MapHeader) -> dict[str, Any]:
    """What a map says of itself, with how many nodes of each kind it has."""
    document = header.model_dump(mode="json", exclude={"change", "redacted"})
    first = ("id", "title", "question", "description", "revision")
    held = document.pop("counts")
    counts = {plural: held.get(kind, 0) for plural, kind in PLURALS.items()}
    return {name: document.pop(name) for name in first} | document | {"counts": counts}


def unchanged(context: Context, tag: str, *, made: bool) -> Encoded | None:
    """304 where the client has what the tag names.

    Before the answer is made `*` does not count: it says so only of an answer that there is.
    """
    condition = context.header(b"if-none-match")
    if condition is None or (not made and condition.strip() == "*") or not is_fresh(condition, tag):
        return None
    return Encoded.unchanged(tag)


def require_condition(context: Context) -> None:
    """Raise `ConditionMissing` where If-Match must be sent and is not."""
    if context.service.settings.require_if_match and context.header(b"if-match") is None:
        raise ConditionMissing(
            "this service changes and deletes only with If-Match; read first and send its ETag along "
            "(setting ARGUMAP_REQUIRE_IF_MATCH)"
        )


def check_node(context: Context, graph: ArgumentGraph, node_id: str) -> None:
    """Hold a node against the request's preconditions; raises `Stale`, `ConditionFailed`, `NotFound`, `Merged`."""
    graph.refuse_merged(node_id)
    node = graph.node(node_id)
    told = f"{node_id!r} is at version {node.version} now; read it again"

    def names(tag: str) -> bool:
        version, _, rest = tag.partition(".")
        return version == str(node.version) and rest.partition(".")[0] in ("", _state(graph, node_id))

    stale = f"{node_id!r} was changed since you read it"
    _check(context, _Expected(node_tag(graph, node_id), names, _is_version, stale, told))


def check_map(context: Context, standing: MapStanding) -> None:
    """Hold a map as a whole against the request's preconditions; raises `Stale`, `ConditionFailed`."""
    tag = map_tag(standing)
    birth = digest(standing.created_at, VERSION)
    told = f"the map is at revision {standing.revision} now; read it again"
    stale = f"the map {context.map!r} was changed since you read it"
    _check(context, _Expected(tag, tag.strip('"').__eq__, lambda one: one.partition("-")[2] == birth, stale, told))


def check_record(context: Context, tag: str, named: str) -> None:
    """Hold a record beside a map against the request's preconditions; raises `Stale`, `ConditionFailed`.

    What a tag has behind a point is of what is derived, and no part of the record.
    """
    told, own = f"{named} has the tag {tag} now; read it again", tag.strip('"')
    expected = _Expected(
        tag, lambda one: one.partition(".")[0] == own, lambda one: "-" in one, f"{named} was changed", told
    )
    _check(context, expected)


def check_beside(context: Context, tag: str | None, what: str) -> None:
    """Hold what stands beside the map against the request's preconditions; None: it is not there.

    Raises `Stale`, `ConditionFailed`.
    """
    if tag is not None:
        told = f"{what} is another now; read it again"
        expected = _Expected(tag, tag.strip('"').__eq__, lambda one: "-" in one, f"{what} was changed", told)
        _check(context, expected)
    elif context.header(b"if-match") is not None:
        detail = f"If-Match is given, and {what} is not there yet; leave it out"
        raise ConditionFailed(detail, [FieldProblem("/If-Match", detail, "precondition_failed", "header")])


def guarded(check: Check, planner: Planner) -> Planner:
    """A planner that first checks a condition on the snapshot that it is tried on."""

    def planned(graph: ArgumentGraph, provenance: Provenance) -> Plan:
        check(graph)
        return planner(graph, provenance)

    return planned


class _Expected(NamedTuple):
    """What a precondition is held against."""

    tag: str
    names: Callable[[str], bool]
    """Whether a tag names the state that is there."""
    is_of_this: Callable[[str], bool]
    """Whether a tag is of this address at all, of whatever state."""
    stale: str
    told: str


def _check(context: Context, expected: _Expected) -> None:
    wanted, refused = context.header(b"if-match"), context.header(b"if-none-match")
    if wanted is not None and wanted.strip() != "*":
        given = [(weak, plain_tag(name)) for weak, name in tags_in(wanted)]
        if not any(not weak and expected.names(name) for weak, name in given):
            if given and not any(expected.is_of_this(name) for _, name in given):
                what = f"If-Match names a tag of another address; the tag of this one is {expected.tag}"
                raise ConditionFailed(what, [FieldProblem("/If-Match", what, "foreign_tag", "header")])
            detail = f"{expected.stale}; read it again, its ETag is now {expected.tag}"
            raise Stale(detail, [FieldProblem("/If-Match", expected.told, "stale", "header")], code="stale")
    if refused is not None and is_fresh(refused, expected.tag):
        what = f"If-None-Match names what is there: {expected.tag}"
        raise ConditionFailed(what, [FieldProblem("/If-None-Match", what, "precondition_failed", "header")])


def _state(graph: ArgumentGraph, node_id: str) -> str:
    return digest(graph.document(node_id) or b"")[:8]


def _is_version(tag: str) -> bool:
    return tag.partition(".")[0].isdecimal()


class Limits(NamedTuple):
    """What a question may cost; each question takes the measure that fits it."""

    steps: int
    seconds: float
    gone: Gone

    def budget(self) -> StepBudget:
        """Steps, for a search."""
        return StepBudget(self.steps, self.gone)

    def whole(self) -> StepBudget:
        """As many steps as it takes, for a question in linear time: it ends early only when the client is gone."""
        return StepBudget(WHOLE_MAP.steps, self.gone)

    def timeout(self) -> Timeout:
        """Time, which runs from here."""
        return Timeout(self.seconds, self.gone)


Work = Callable[[Limits], object]
"""Makes the answer: bytes, or a value that JSON can hold."""


class Policy(NamedTuple):
    """How a question is treated."""

    cost: Callable[[ArgumentGraph], float]
    """Estimated microseconds on the event loop."""
    timed: bool = False
    """Whether it may run out of time: what it then answers depends on the machine and is kept nowhere."""
    looks_back: bool = False
    """Whether it asks the log, whose length the map's revision does not tell: the answer is kept nowhere."""
    media: bytes = JSON

    def costing(self, microseconds: float) -> "Policy":
        """The same at a known cost."""
        return self._replace(cost=lambda graph: microseconds)

    def written_as(self, media: bytes) -> "Policy":
        """The same as another media type."""
        return self._replace(media=media)


def of_whole(graph: ArgumentGraph) -> float:
    """What it costs to go through a whole view."""
    return graph.size * _NODE + graph.columns.weight * _BYTE


READ = Policy(of_whole)
"""A question that goes through the view, in linear time."""
SEARCH = Policy(lambda graph: float("inf"))
"""A question whose work is bounded by steps, which are the same everywhere, so that its answer may be kept."""
EVALUATE = Policy(lambda graph: float("inf"), timed=True)
"""A question whose work is bounded by time."""


async def respond(
    view: View,
    question: BaseModel | None,
    work: Work,
    policy: Policy = READ,
    *,
    tag: str | None = None,
    beside: str | None = None,
) -> Response:
    """Answer a question about a view, unless the client has the answer already.

    The work is done at once where the policy's estimate is a few milliseconds, else in turn, on a thread, until
    the client is gone or `ARGUMAP_ANSWER_TIMEOUT` has passed. `beside` is the state of what the answer tells that is
    not of the map: it is part of the tag, and such an answer is not kept, since the map's revision does not tell
    whether it still holds.
    """
    context = view.context
    if tag is None or view.query.labels:
        tag = read_tag(view.graph, view.query, question, f"{VERSION} {beside}" if beside else VERSION)
    known = unchanged(context, tag, made=False)
    if known is not None:
        return known
    body, cut = await _made(view, work, policy)
    if cut:
        return Encoded(body, media=policy.media, headers=_NO_STORE)
    answer = Encoded(body, tag=tag, media=policy.media)
    if beside is None and not policy.looks_back:
        _keep(view, tag, answer)
    return unchanged(context, tag, made=True) or answer


async def respond_unstored(view: View, work: Work) -> Response:
    """Answer a question that is asked by POST: nothing is stored, and nothing is to be kept."""
    body, _ = await _made(view, work, SEARCH)
    return Encoded(body, headers=_NO_STORE)


async def _made(view: View, work: Work, policy: Policy) -> tuple[bytes, bool]:
    service = view.context.service
    settings = service.settings

    def made(gone: Gone) -> tuple[bytes, bool]:
        found = work(Limits(settings.path_budget, settings.evaluation_budget, gone))
        cut = policy.timed and getattr(found, "reason", None) == "budget"
        return _encoded(found, view), cut

    if policy.cost(view.graph) <= INLINE:
        return made(lambda: False)
    return await service.work.run_cancellable(
        made,
        client=view.context.principal.client,
        gone=left(view.context.request.receive),
        seconds=settings.answer_timeout,
    )


def _encoded(found: object, view: View) -> bytes:
    if isinstance(found, bytes):
        return found
    if not view.query.labels:
        return encode(found)
    value = msgspec.to_builtins(found)
    return encode({**value, "labels": labels_in(value, view.whole)})


def labels_in(value: object, graph: ArgumentGraph) -> dict[str, str]:
    """What to print for every id of the map in an answer; O(answer)."""
    numbers: dict[str, Number] = {}
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, str):
            if one not in numbers and (number := graph.find(one)) is not None:
                numbers[one] = number
        elif isinstance(one, dict):
            waiting.extend(one.values())
        elif isinstance(one, list | tuple):
            waiting.extend(one)
    return {node_id: label(graph.at(numbers[node_id])) for node_id in sorted(numbers)}


def _keep(view: View, tag: str, answer: Encoded) -> None:
    """Keep an answer about the newest revision of a map for the next time it is asked for."""
    if view.query.as_of is not None or view.query.draft is not None:
        return  # it may be about an older revision or a draft, and the map's revision would not tell whether it holds
    if any(one not in view.whole for one in view.query.named):
        return  # that there was such a node is known from the log, of which less may be kept later
    graph, scope = view.graph, view.context.request.scope
    version = MapVersion(graph.revision, graph.created_at, graph.change)
    view.context.service.answers.put((scope["path"], scope["query_string"]), graph.map, version, tag, answer)


async def left(receive: Receive) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


def tagged(context: Any, body: bytes, *, media: bytes = JSON, headers: dict[str, str] | None = None) -> Response:
    """An answer whose tag is a digest of its bytes."""
    tag = f'"{digest(body, VERSION)}"'
    return unchanged(context, tag, made=True) or Encoded(body, tag=tag, media=media, headers=headers)
