"""The answer to how a map is connected as a graph: its parts, what alone joins them, what most ways lead through."""

from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from schemas.vocabulary import Kind, Measure, Relation


class StructureItem(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A part of the map, a bridge, or a node with its value, as the measure has it."""

    nodes: Annotated[
        tuple[str, ...] | UnsetType, Meta(description="Of components and communities: the ids of their nodes, sorted.")
    ] = UNSET
    circles: Annotated[
        tuple[tuple[str, ...], ...] | UnsetType,
        Meta(description="Of a component: the sets of nodes each of which leads to every other, largest first."),
    ] = UNSET
    id: Annotated[
        str | UnsetType, Meta(description="Of a bridge: the edge's. Of pagerank and betweenness: the node's.")
    ] = UNSET
    source: Annotated[str | UnsetType, Meta(description="Of a bridge.")] = UNSET
    target: Annotated[str | UnsetType, Meta(description="Of a bridge.")] = UNSET
    relation: Annotated[Relation | UnsetType, Meta(description="Of a bridge.")] = UNSET
    kind: Annotated[Kind | UnsetType, Meta(description="Of pagerank and betweenness.")] = UNSET
    value: Annotated[
        float | UnsetType, Meta(description="Of pagerank and betweenness. Six significant digits.", ge=0, le=1)
    ] = UNSET


StructureReason = Literal["budget", "sampled"]


class StructureAnswer(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A measure of the whole view; links lead from premise to argument to target, and as their relations say."""

    map: Annotated[str, Meta(description="Id of the map.")]
    revision: Annotated[int, Meta(description="Revision that was asked.", ge=1)]
    measure: Measure
    complete: Annotated[bool, Meta(description="Whether the measure is that of the whole view.")]
    reason: Annotated[
        StructureReason | None,
        Meta(
            description=(
                "`sampled`: worked out from a part of the nodes, the same ones each time, and so an estimate; "
                "`budget`: the view is too large for this measure."
            )
        ),
    ]
    sampled: Annotated[
        int | None, Meta(description="How many nodes the estimate is from; null where it is from all.", ge=1)
    ]
    total_nodes: Annotated[int, Meta(description="Nodes of the kinds asked for.", ge=0)]
    total_edges: Annotated[int, Meta(description="Links among these.", ge=0)]
    modularity: Annotated[
        float | UnsetType, Meta(description="Of communities: how much more links they hold than chance would give.")
    ] = UNSET
    items: Annotated[
        tuple[StructureItem, ...], Meta(description="The largest first, then by ids; bridges by source and target.")
    ]
    total: Annotated[int, Meta(description="How many there are on all pages.", ge=0)]
    next: Annotated[str | None, Meta(description="Cursor of the next page; null at the end.")]
