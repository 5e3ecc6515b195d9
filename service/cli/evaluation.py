"""`argumap evaluation`: what stands in a map, or how strongly."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.nodes import Nodes
from service.cli.output import line, raw, table, working
from service.cli.question import Question, reading
from service.cli.verdicts import CUT, strength, verdict, weight

_EXAMPLES = examples(
    "argumap evaluation",
    "argumap evaluation --source s-kh --basis explicit",
    "argumap evaluation --semantics preferred --limit 10",
    "argumap evaluation --semantics quadratic-energy --all --json",
)
_ORDER = ("motive", "statement", "argument")

_Semantics = Annotated[
    str | None,
    typer.Option(
        "--semantics",
        metavar="NAME",
        help="grounded (default), complete, preferred, stable, semi-stable, ideal; or for strengths "
        "quadratic-energy, df-quad, euler, mlp.",
    ),
]
Reading = Annotated[
    str | None,
    typer.Option(
        "--reading",
        metavar="NAME",
        help="weighed (default): as graded; grounds: without grades; deductive, necessary: as in the literature.",
    ),
]
_Limit = Annotated[int | None, typer.Option("--limit", metavar="N", help="So many extensions at most (100).")]
_All = Annotated[bool, typer.Option("--all", help="Arguments too, not only motives and statements.")]


def register_evaluation(app: typer.Typer) -> None:
    """Add the command."""
    app.command("evaluation", epilog=_EXAMPLES)(reading(evaluation))


def evaluation(
    asked: Question,
    semantics: _Semantics = None,
    support: Reading = None,
    limit: _Limit = None,
    whole: _All = False,
) -> None:
    """Which conclusions stand, or how strongly.

    A statement or motive is unchallenged, upheld against objections, contested, open, defeated, or unsupported: what
    is unsupported is not refuted. A strength lies between 0 and 1. A star marks what other methods see the other way.
    """
    single = {"semantics": semantics, "reading": support, "extensions": limit}
    parameters = [(name, str(value)) for name, value in single.items() if value is not None]
    with asked.target.api() as api:
        base = asked.base(api)
        with working("Weighing the arguments"):
            reply = api.get(f"{base}/evaluation", [*parameters, *asked.view])
        answer = reply.value
        if asked.as_json:
            raw(reply)
        else:
            shown = [node for node in answer["nodes"] if whole or node["kind"] != "argument"]
            _print(Nodes.of(api, base, asked, [node["id"] for node in shown]), answer, shown)
    if not answer["nodes"]:
        raise CliError(ExitCode.NO, "nothing is left to evaluate in this view")
    if answer["reason"] == "no_extension":
        raise CliError(ExitCode.NO, f"no labelling is {answer['semantics']} here; the verdicts are the grounded ones")


def _print(nodes: Nodes, answer: Mapping[str, Any], shown: Sequence[Mapping[str, Any]]) -> None:
    weighed = "converged" in answer
    rows = [
        (
            ("* " if node["method_sensitive"] else "  ") + (strength(node["strength"]) if weighed else verdict(node)),
            weight(node["weight"]),
            nodes.named(node["id"]),
        )
        for node in sorted(shown, key=lambda n: (_ORDER.index(n["kind"]), -n.get("strength", 0), n["id"]))
    ]
    if rows:
        table(("  STRENGTH" if weighed else "  STANDING", "WEIGHT", "NODE"), rows)
        line()
    line(_weighed(answer) if weighed else _labelled(answer))
    if any(node["method_sensitive"] for node in shown):
        line("* Another method sees it the other way.")
    for place, extension in enumerate(answer.get("extensions", ()), 1):
        line(f"{place}. accepts {', '.join(extension)}")
    if answer["reason"] in CUT:
        line(CUT[answer["reason"]])


def _labelled(answer: Mapping[str, Any]) -> str:
    counts = Counter(node["verdict"] for node in answer["nodes"])
    told = ", ".join(f"{counts[name]} {name}" for name in ("accepted", "rejected", "undecided"))
    several = answer.get("extensions")
    found = "" if several is None else f"; {len(several)} extension{'' if len(several) == 1 else 's'}"
    how = f"{answer['semantics'].capitalize()}, {answer['reading']}, revision {answer['revision']}"
    return f"{how}, arguments included: {told}{found}."


def _weighed(answer: Mapping[str, Any]) -> str:
    swinging = answer["oscillating"]
    settled = "settled" if answer["converged"] else f"does not settle for {', '.join(swinging)}"
    return f"{answer['semantics'].capitalize()}, revision {answer['revision']}: {settled}."
