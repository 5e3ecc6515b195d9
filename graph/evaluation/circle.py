"""Solves one component of a network by itself, given the strengths around it: the same sweeps as in the whole."""

from collections.abc import Callable

from graph.evaluation import solver_kernels as inner
from graph.evaluation.network import Network
from graph.evaluation.solver import Circle, Tools, pass_through


def solved_alone(
    network: Network, kind: int, component: int, around: Callable[[int], float]
) -> tuple[list[float], Circle]:
    """The strengths of a component's cells by position; `around` gives those of cells outside of it."""
    first, last = int(network.bounds[component]), int(network.bounds[component + 1])
    n = last - first
    place: dict[int, int] = {}

    def local(position: int) -> int:
        return position - first if first <= position < last else place.setdefault(position, n + len(place))

    starts = (network.starts[first : last + 1] - network.starts[first]).tolist()
    leads = (network.leads[first : last + 1] - network.leads[first]).tolist()
    span = slice(int(network.starts[first]), int(network.starts[last]))
    led = slice(int(network.leads[first]), int(network.leads[last]))
    entries = [2 * local(e >> 1) + (e & 1) for e in network.entries[span].tolist()]
    premises = [local(p) for p in network.premises[led].tolist()]
    base = network.base[first:last].tolist()
    net = (starts, entries, network.weights[span].tolist(), base, leads, premises)
    s = [*base, *(around(p) for p in place)]
    kit = Tools(net, inner.forward, inner.flow, compiled=False)
    _, circles = pass_through(kit, kind, s, [0, n], [True])
    return s[:n], circles[0]
