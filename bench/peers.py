"""The libraries that labels and strengths are measured against, as far as they are installed; never a dependency."""

from collections.abc import Callable, Iterator
from importlib.util import find_spec
from typing import Any

from bench.frameworks import Pairs

Counted = tuple[str, Callable[[], int]]
"""A peer's name, and how to have it list all extensions; it answers with their number."""

_STABLE = ":- in(X), in(Y), att(X,Y). :- arg(X), not in(X), not hit(X)."
_PREFERRED = ":- in(X), in(Y), att(X,Y). :- in(X), att(Y,X), not hit(Y). #heuristic in(X) : arg(X). [1,true]"
_BOTH = "{in(X)} :- arg(X). hit(X) :- in(Y), att(Y,X). #show in/1."


def enumerators(size: int, pairs: Pairs, semantics: str, extensions: int) -> Iterator[Counted]:
    """The Python libraries that list extensions of this many arguments; the others give up at about fifteen."""
    attacks = sorted({(str(a), str(b)) for a, b in zip(*(p.tolist() for p in pairs), strict=True)})
    names = [str(n) for n in range(size)]
    if find_spec("pygarg") is not None and extensions * size < 1_000_000:
        yield "pygarg", lambda: _pygarg(names, attacks, semantics)


def native(size: int, pairs: Pairs, semantics: str) -> Counted | None:
    """A solver in C++ that can list extensions, called without the start of a process (ASPARTIX's encoding)."""
    if find_spec("clingo") is None:
        return None
    facts = "".join(f"arg({n})." for n in range(size))
    facts += "".join(f"att({a},{b})." for a, b in zip(*(p.tolist() for p in pairs), strict=True))
    program = facts + _BOTH + (_STABLE if semantics == "stable" else _PREFERRED)
    options = ["0", "--warn=none"]
    if semantics == "preferred":
        options += ["--heuristic=Domain", "--enum-mode=domRec"]

    def run() -> int:
        from clingo import Control  # noqa: PLC0415 - optional

        control: Any = Control(options)
        control.add("base", [], program)
        control.ground([("base", [])])
        with control.solve(yield_=True) as found:
            return sum(1 for _ in found)

    return "clingo", run


def weighers(size: int, sources: list[int], targets: list[int], signs: list[int]) -> Iterator[tuple[str, Any]]:
    """The Python libraries that compute strengths by quadratic energy, each credence being one half."""
    names = [str(n) for n in range(size)]
    edges = [(str(a), str(b), sign) for a, b, sign in zip(sources, targets, signs, strict=True)]
    attacks = sorted({(a, b) for a, b, sign in edges if sign < 0})
    supports = sorted({(a, b) for a, b, sign in edges if sign > 0} - set(attacks))
    if find_spec("qbaf") is not None:
        yield "QBAF-Py", lambda: _qbaf(names, attacks, supports)
    if find_spec("argumentation") is not None:
        yield "formal-argumentation", lambda: _energy(names, attacks, supports)


def _pygarg(names: list[str], attacks: list[tuple[str, str]], semantics: str) -> int:
    from pygarg.dung import solver  # noqa: PLC0415 - optional

    short = {"preferred": "PR", "stable": "ST"}[semantics]
    return len(solver.extension_enumeration(names, [list(a) for a in attacks], short))


def _qbaf(names: list[str], attacks: list[tuple[str, str]], supports: list[tuple[str, str]]) -> object:
    from qbaf import QBAFramework  # noqa: PLC0415 - optional

    found = QBAFramework(names, [0.5] * len(names), attacks, supports, semantics="QuadraticEnergy_model")
    return found.final_strengths


def _energy(names: list[str], attacks: list[tuple[str, str]], supports: list[tuple[str, str]]) -> object:
    from argumentation.gradual import gradual  # noqa: PLC0415 - optional

    graph = gradual.WeightedBipolarGraph(
        frozenset(names), dict.fromkeys(names, 0.5), frozenset(attacks), frozenset(supports)
    )
    return gradual.quadratic_energy_strengths_discrete(graph)
