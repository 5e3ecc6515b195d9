"""Preconditions: the one place of 304 and the one place of 412."""

from collections.abc import Callable
from typing import NamedTuple, Protocol

from graph.editing.editor import Provenance
from graph.editing.planning import Plan
from graph.errors import Stale
from graph.maps.commit_queue import Planner
from graph.snapshot.argument_graph import ArgumentGraph
from schemas.node import AnyNode
from schemas.problem import FieldProblem
from service.http import etags
from service.http.context import Context
from service.http.encoding import Encoded
from service.http.errors import ConditionFailed, ConditionMissing
from service.http.service import VERSION

Check = Callable[[ArgumentGraph], None]


class MapStanding(Protocol):
    """Where a map stands: a snapshot, or what the store says."""

    @property
    def revision(self) -> int:
        """The map's revision."""

    @property
    def created_at(self) -> str:
        """When the map was made."""


def map_tag(standing: MapStanding) -> str:
    """The tag of a map as a whole: its revision and its birth."""
    return f'"{standing.revision}-{etags.digest(standing.created_at, VERSION)}"'


def node_tag(graph: ArgumentGraph, node_id: str, *derived: object) -> str:
    """The tag of a node: its version, its birth, and a digest of what is derived of it, if anything is.

    The birth tells a node from another of its id that was made after it was deleted. Raises `NotFound`.
    """
    node = graph.node(node_id)
    more = f".{etags.digest(repr(derived))}" if derived else ""
    return f'"{node.version}.{_birth(node)}{more}"'


def unchanged(context: Context, tag: str, *, made: bool) -> Encoded | None:
    """304 where the client has what the tag names.

    Before the answer is made `*` does not count: it says so only of an answer that there is.
    """
    condition = context.header(b"if-none-match")
    if condition is None or (not made and condition.strip() == "*") or not etags.is_fresh(condition, tag):
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
    """Hold a node against the request's preconditions; raises `Stale`, `ConditionFailed`, `NotFound`."""
    node = graph.node(node_id)
    told = f"{node_id!r} is at version {node.version} now; read it again"

    def names(tag: str) -> bool:
        version, _, rest = tag.partition(".")
        return version == str(node.version) and rest.partition(".")[0] in ("", _birth(node))

    stale = f"{node_id!r} was changed since you read it"
    _check(context, _Expected(node_tag(graph, node_id), names, _is_version, stale, told))


def check_map(context: Context, standing: MapStanding) -> None:
    """Hold a map as a whole against the request's preconditions; raises `Stale`, `ConditionFailed`."""
    tag = map_tag(standing)
    birth = etags.digest(standing.created_at, VERSION)
    told = f"the map is at revision {standing.revision} now; read it again"
    stale = f"the map {context.map!r} was changed since you read it"
    _check(context, _Expected(tag, tag.strip('"').__eq__, lambda one: one.partition("-")[2] == birth, stale, told))


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
        given = [(weak, etags.plain(name)) for weak, name in etags.read(wanted)]
        if not any(not weak and expected.names(name) for weak, name in given):
            if given and not any(expected.is_of_this(name) for _, name in given):
                what = f"If-Match names a tag of another address; the tag of this one is {expected.tag}"
                raise ConditionFailed(what, [FieldProblem("/If-Match", what, "foreign_tag", "header")])
            detail = f"{expected.stale}; read it again, its ETag is now {expected.tag}"
            raise Stale(detail, [FieldProblem("/If-Match", expected.told, "stale", "header")], code="stale")
    if refused is not None and etags.is_fresh(refused, expected.tag):
        what = f"If-None-Match names what is there: {expected.tag}"
        raise ConditionFailed(what, [FieldProblem("/If-None-Match", what, "precondition_failed", "header")])


def _birth(node: AnyNode) -> str:
    return etags.digest(node.created_at)[:6]


def _is_version(tag: str) -> bool:
    return tag.partition(".")[0].isdecimal()
