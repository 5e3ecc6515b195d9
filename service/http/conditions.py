"""Conditional requests (RFC 9110, section 13): entity tags, the one place of 304 and the one place of 412.

The tag of a node begins with its version, and a condition may name the version alone; that of a map is its
revision with digests of the change that made it and of its birth: after a restore a revision comes again and is
another. The tag of every other read adds the view and the question to these. A
compressed answer has the coding behind its tag, `"3.a1b2c3+gzip"`, since its bytes are others; in a condition it
counts as the tag itself.
"""

from collections.abc import Callable, Iterator
from hashlib import blake2b
from typing import NamedTuple, Protocol

from pydantic import BaseModel

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import Stale
from graph.maps.commit_queue import Planner
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.problem import FieldProblem
from schemas.query import ViewQuery
from service.http.context import VERSION, Context
from service.http.encoding import Encoded
from service.http.errors import ConditionFailed, ConditionMissing

CODINGS = ("gzip", "br", "zstd")
_LONGEST = 8192
"""Characters of a condition that are looked at; a longer one names nothing that this service gave."""


def read_tag(graph: ArgumentGraph, view: ViewQuery, question: BaseModel | None, salt: str) -> str:
    """The tag of a question about a map: its birth, its revision with the change that made it, the view and the
    question.
    """
    asked = "" if question is None else question.model_dump_json(exclude_defaults=True)
    narrowed = repr((view.filters(), view.labels))
    return f'"{graph.revision}-{digest(graph.created_at, graph.change, asked, narrowed, salt)}"'


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
    """Hold a record beside a map against the request's preconditions; raises `Stale`, `ConditionFailed`."""
    told = f"{named} has the tag {tag} now; read it again"
    _check(context, _Expected(tag, tag.strip('"').__eq__, lambda one: "-" in one, f"{named} was changed", told))


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
