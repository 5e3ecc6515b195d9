"""A map or a part of it as nodes and edges for drawing: node-link JSON, which networkx reads as it is."""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from schemas.evaluation import Standing, Verdict
from schemas.vocabulary import (
    ActorKind,
    ArgumentBasis,
    Attack,
    Basis,
    Confidence,
    Kind,
    Modality,
    Origin,
    Relation,
    SourceKind,
    SourceStatus,
    Stance,
)


class GraphNode(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A node with what a drawing needs of it; fields that its kind does not have are left out."""

    id: str
    kind: Kind
    label: Annotated[str, Meta(description="What to print: the text, name or title; of an argument its warrant or id.")]
    name: Annotated[str | None, Meta(description="Short name of a motive.")] = None
    category: str | None = None
    actor: Annotated[str | None, Meta(description="Id of the actor that a motive drives.")] = None
    origin: Annotated[Origin | None, Meta(description="Of a statement.")] = None
    scope: Annotated[str | None, Meta(description="Of a statement.")] = None
    stance: Annotated[Stance | None, Meta(description="Of an argument.")] = None
    confidence: Annotated[Confidence | None, Meta(description="Of an argument.")] = None
    basis: Annotated[ArgumentBasis | None, Meta(description="Of an argument in this view, or of an assertion.")] = None
    attack: Annotated[Attack | None, Meta(description="How an opposing argument attacks.")] = None
    scheme: Annotated[str | None, Meta(description="Of an argument.")] = None
    actor_kind: ActorKind | None = None
    source_kind: SourceKind | None = None
    status: Annotated[SourceStatus | None, Meta(description="Of a source.")] = None
    modality: Annotated[Modality | None, Meta(description="Of an assertion.")] = None
    verdict: Annotated[Verdict | None, Meta(description="Where `include` asks for verdicts.")] = None
    standing: Annotated[
        Standing | None, Meta(description="Of a statement or motive, where `include` asks for verdicts.")
    ] = None
    weight: Annotated[
        float | None, Meta(description="What it counts for, where `include` asks for verdicts.", ge=0, le=1)
    ] = None
    strength: Annotated[float | None, Meta(description="Where `include` asks for strengths.", ge=0, le=1)] = None
    x: Annotated[
        float | None,
        Meta(description="Where `include` asks for positions: along a layer, in the least distance of two nodes."),
    ] = None
    y: Annotated[
        float | None,
        Meta(description="The layer: 0 for what is used no further, growing towards the grounds."),
    ] = None
    supporting: Annotated[
        int,
        Meta(description="Arguments of the whole view that support it, shown or not; left out where there are none."),
    ] = 0
    opposing: Annotated[
        int,
        Meta(description="Arguments of the whole view that oppose it, shown or not; left out where there are none."),
    ] = 0
    hidden_in: Annotated[
        int, Meta(description="Links to this node from nodes of the kinds asked for that are not shown.")
    ] = 0
    hidden_out: Annotated[
        int, Meta(description="Links from this node to nodes of the kinds asked for that are not shown.")
    ] = 0


class GraphEdge(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A link; source, target and key together tell it from all others, and so does its id."""

    id: Annotated[str, Meta(description="Source, key and target with colons between; it stays while the link does.")]
    source: str
    target: str
    key: Annotated[str, Meta(description="The relation; numbered from the second one between the same two nodes.")]
    relation: Relation
    stance: Annotated[Stance | None, Meta(description="Of the argument that the link belongs to.")] = None
    role: Annotated[str | None, Meta(description="Of a statement for a motive.")] = None
    position: Annotated[int | None, Meta(description="Place in a chain.")] = None
    basis: Annotated[Basis | None, Meta(description="Whether a text says so or a reader sees it.")] = None


GraphReason = Literal["budget"]


class GraphFacts(msgspec.Struct, frozen=True, gc=False):
    """What the document is part of."""

    map: str
    revision: Annotated[int, Meta(ge=1)]
    complete: Annotated[bool, Meta(description="Whether everything that was asked for is shown.")]
    reason: Annotated[GraphReason | None, Meta(description="`budget` where nodes were left out to keep to it.")]
    total_nodes: Annotated[int, Meta(description="Nodes of the kinds asked for in the whole view.", ge=0)]
    total_edges: Annotated[int, Meta(description="Links among these.", ge=0)]


class GraphDocument(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """`networkx.node_link_graph(document, edges="edges")` gives a `MultiDiGraph`."""

    directed: bool = True
    multigraph: bool = True
    graph: GraphFacts
    nodes: Annotated[tuple[GraphNode, ...], Meta(description="In the order of their ids.")]
    edges: Annotated[tuple[GraphEdge, ...], Meta(description="In the order of the nodes that state them.")]
