"""The questions that lists take: for each kind a filter for each field that has one value or several."""

from collections.abc import Callable, Iterator
from functools import cache
from types import UnionType
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, Union, cast, get_args, get_origin

from pydantic import ConfigDict, Field, StringConstraints, create_model

from graph.search.question import SearchWords
from graph.search.ranking import is_found
from graph.snapshot.argument_graph import ArgumentGraph, attack_of
from schemas.base import Time, moment
from schemas.node import MODELS, AnyNode, Argument, Concern
from schemas.query import PageQuery, ViewQuery
from schemas.vocabulary import KINDS, Attack, Kind

_COMMON = ("id", "created_by", "updated_by")
_STAMPS = ("version", "created_at", "updated_at")
_SCALARS = (str, int, float, bool)
_AT_MOST = 1000
_FREE_TEXT = frozenset(
    {"aliases", "condition", "definition", "hedges", "name", "note", "quote", "rationale", "role", "sha256"}
    | {"text", "title", "url", "warrant", "wording"}
)
"""What one reads and does not filter by; `q` searches it."""
_UNSORTED = frozenset({"hedges", "note", "quote", "wording"})
_BOUNDS = {"_gte": "at least", "_lte": "at most"}


class ListQuery(PageQuery):
    """A list of nodes: filters of the kind's own, an order and a page."""

    q: Annotated[str, StringConstraints(max_length=500)] | None = None
    """Only nodes whose texts have every one of these words, or words that begin with them."""
    sort: str = "id"
    """Field to order by, with `-` before it for the other direction; equal ones stand in the order of ids."""


class _ComposedQuery(ListQuery):
    model_config: ClassVar[ConfigDict] = ConfigDict(use_attribute_docstrings=False)


class Filter(NamedTuple):
    """One filter: what its values are, and how a node's own are read."""

    name: str
    value: Any
    many: bool


class Bound(NamedTuple):
    """A filter by a bound: the field, which side it is on, and what its value is."""

    field: str
    side: str
    value: Any

    @property
    def name(self) -> str:
        """The parameter."""
        return self.field + self.side


@cache
def bounds(kind: Kind) -> tuple[Bound, ...]:
    """The bounds that a kind may be listed within: of its numbers and its times."""
    found = [*_STAMPS, *(f.name for f in filters(kind) if f.value in (int, float) and not f.many)]
    kinds: dict[str, Any] = {"version": int, "created_at": Time, "updated_at": Time} | {
        f.name: f.value for f in filters(kind)
    }
    return tuple(Bound(name, side, kinds[name]) for name in dict.fromkeys(found) for side in _BOUNDS)


@cache
def filters(kind: Kind) -> tuple[Filter, ...]:
    """The filters of a kind, in the order of its fields; the view's own parameters go first."""
    return tuple(_filters(kind))


@cache
def list_query(kind: Kind) -> type[ListQuery]:
    """The question that the list of a kind takes."""
    fields: dict[str, Any] = {f.name: _declared(f) for f in filters(kind)}
    fields |= {b.name: _bounded(b) for b in bounds(kind)}
    own = [n for n, f in MODELS[kind].model_fields.items() if n not in (*_COMMON, *_STAMPS, "kind", *_UNSORTED)]
    sorts = ["id", *_STAMPS, *(n for n in own if (s := _shape(MODELS[kind].model_fields[n].annotation)) and not s[1])]
    words = tuple(sign + name for name in sorts for sign in ("", "-"))
    fields["sort"] = (Literal[words], Field(default="id", description=_described("sort")))
    made = create_model(f"{kind.capitalize()}ListQuery", __base__=_ComposedQuery, **fields)
    return cast("type[ListQuery]", made)


def test_of(kind: Kind, query: ListQuery, graph: ArgumentGraph) -> Callable[[AnyNode], bool] | None:
    """What decides whether a node is in the list; None where all are."""
    asked = [(f, set(values)) for f in filters(kind) if (values := getattr(query, f.name))]
    within = [(b, value) for b in bounds(kind) if (value := getattr(query, b.name)) is not None]
    question = SearchWords.of(query.q or "")
    if not asked and not query.q and not within:
        return None

    def passes(node: AnyNode) -> bool:
        return (
            all(not wanted.isdisjoint(values_of(node, f, graph)) for f, wanted in asked)
            and all(_is_within(node, bound, value) for bound, value in within)
            and (not query.q or is_found(question, node))
        )

    return passes


def _is_within(node: AnyNode, bound: Bound, value: Any) -> bool:
    own = getattr(node, bound.field)
    if bound.value is Time:
        own, value = moment(own), moment(value)
    if own is None or value is None:
        return False
    return bool(own >= value) if bound.side == "_gte" else bool(own <= value)


def values_of(node: AnyNode, one: Filter, graph: ArgumentGraph) -> tuple[Any, ...]:
    """What a node has for a filter; nothing where the field is empty."""
    value: Any = attack_of(graph, node) if one is ATTACK and isinstance(node, Argument) else getattr(node, one.name)
    if not one.many:
        return () if value is None else (value,)
    return tuple(item.motive if isinstance(item, Concern) else item for item in value)


ATTACK = Filter("attack", Attack, many=False)
"""Of an argument: derived from where it stands."""


def _filters(kind: Kind) -> Iterator[Filter]:
    fields = MODELS[kind].model_fields
    if kind == "argument":
        yield ATTACK
    taken = (*_COMMON, *_STAMPS, "kind", *_FREE_TEXT, *ViewQuery.model_fields)
    own = [name for name in fields if name not in taken]
    for name in (*_COMMON, *own):
        found = _shape(fields[name].annotation)
        if found is not None:
            yield Filter(name, *found)


def _shape(annotation: Any) -> tuple[Any, bool] | None:
    """A filter's type and whether the field has several values; None for a field that is no plain value."""
    parts = get_args(annotation)
    if get_origin(annotation) in (Union, UnionType):
        return _shape(next(part for part in parts if part is not type(None)))
    if get_origin(annotation) is Annotated:
        return _shape(parts[0])
    if get_origin(annotation) is tuple:
        inner = _shape(parts[0])
        return (str, True) if parts[0] is Concern else None if inner is None else (inner[0], True)
    if get_origin(annotation) is Literal or annotation in _SCALARS:
        return annotation, False
    return None


def _declared(one: Filter) -> tuple[Any, Any]:
    what = "has one of these" if one.many else "is one of these"
    about = "motives, as ids" if one.name == "concerns" else "values"
    described = f"Only nodes whose `{one.name}` {what} {about}."
    several: Any = tuple.__class_getitem__((one.value, ...))
    return several, Field(default=(), max_length=_AT_MOST, description=described)


def _bounded(bound: Bound) -> tuple[Any, Any]:
    described = f"Only nodes whose `{bound.field}` is {_BOUNDS[bound.side]} this."
    return bound.value | None, Field(default=None, description=described)


def _described(name: str) -> str | None:
    return ListQuery.model_fields[name].description


LIST_QUERIES: dict[Kind, type[ListQuery]] = {kind: list_query(kind) for kind in KINDS}
