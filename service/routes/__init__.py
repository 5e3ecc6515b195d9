"""The operations, one noun in each file; each asks one of the two doors and says what came of it."""

from service.http.routing import Router
from service.routes import (
    arguments,
    batch,
    changes,
    connections,
    cruxes,
    diff,
    evaluation,
    exports,
    graphs,
    health,
    influence,
    keys,
    maps,
    merges,
    nodes,
    paths,
    reachability,
    reference,
    remarks,
    search,
    session,
    structure,
    summaries,
    texts,
    what_if,
    why,
)

ROUTERS: tuple[Router, ...] = (
    *(*nodes.ROUTERS, arguments.router, graphs.router, paths.router, reachability.router, connections.router),
    *(
        evaluation.router,
        why.router,
        influence.router,
        cruxes.router,
        what_if.router,
        summaries.router,
        structure.router,
    ),
    *(maps.router, batch.router, merges.router, changes.router, diff.router, remarks.router, texts.router),
    *(exports.router, search.router),
    *(keys.router, session.router, health.router, reference.router),
)
"""Every operation of the service; what is asked most often stands first."""
