"""The operations, one noun in each file; each asks one of the two doors and says what came of it."""

from service.routes import (
    any_node,
    arguments,
    batch,
    bearings,
    connections,
    cruxes,
    evaluation,
    exports,
    graphs,
    health,
    influence,
    maps,
    nodes,
    paths,
    reference,
    search,
    summaries,
    what_if,
    why,
)

_NOUNS = (
    *(maps, nodes, arguments, batch, any_node),
    *(graphs, paths, connections, bearings, summaries, search),
    *(evaluation, why, influence, cruxes, what_if),
    *(exports, health, reference),
)
OPERATIONS = [route for noun in _NOUNS for route in noun.routes.found]
"""Every operation of the service, in the order in which the reference has them."""
