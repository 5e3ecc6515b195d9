"""The answer to how two nodes hang together: ways between them over links of every kind."""

from typing import Annotated

import msgspec
from msgspec import Meta

from schemas.path import PathReason
from schemas.vocabulary import Relation


class Connection(msgspec.Struct, frozen=True, gc=False):
    """A way over links, followed in either direction, that visits no node twice."""

    nodes: Annotated[tuple[str, ...], Meta(description="Ids of the nodes on the way.")]
    relations: Annotated[tuple[Relation, ...], Meta(description="What joins each node to the next.")]
    cost: Annotated[
        float,
        Meta(
            description=(
                "One for each link, and for each node passed the binary logarithm of the number of its links, so "
                "that a way through a node that everything hangs on says little. Six decimal places."
            ),
            ge=1,
        ),
    ]


class ConnectionsAnswer(msgspec.Struct, frozen=True, gc=False):
    """Connections in a total order, of which a smaller limit gives the beginning."""

    map: Annotated[str, Meta(description="Id of the map.")]
    revision: Annotated[int, Meta(description="Revision that was asked.", ge=1)]
    complete: Annotated[bool, Meta(description="Whether these are all the connections.")]
    reason: Annotated[
        PathReason | None,
        Meta(
            description=(
                "Why the answer is not complete: `limit` (there are more, or work ended at the limit), `max_length` "
                "(longer ones exist), `budget` (the work allowed was used up). Why it is empty: `not_connected` "
                "(nothing joins the two), `filtered` (something does, which the view leaves out)."
            )
        ),
    ]
    items: Annotated[
        tuple[Connection, ...], Meta(description="By cost, number of links, ids of the nodes, and relations.")
    ]
