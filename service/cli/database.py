"""`argumap adopt` and `argumap cypher`: a graph database that people work in beside the service."""

import json
from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw
from service.cli.question import Question
from service.cli.target import Target

_ADOPT = examples("argumap adopt --dry-run", "argumap adopt --map winter-supply --cascade")
_CYPHER = examples(
    "argumap cypher 'MATCH (n:Statement {map: $map}) RETURN n.id, n.text LIMIT 5'",
    "argumap cypher 'MATCH (n {key: $key}) RETURN n' --parameter key=food-finance-firepower/p-50 --json",
)
_Cascade = Annotated[
    bool, typer.Option("--cascade", help="What was deleted by hand takes along what needs it; else it is a conflict.")
]
_Fitting = Annotated[bool, typer.Option("--fitting", help="Where there are conflicts, take in all the rest.")]
_Dry = Annotated[bool, typer.Option("--dry-run", help="Only say what would happen.")]
_Statement = Annotated[str, typer.Argument(metavar="STATEMENT", help="What to ask; $map in it is the map.")]
_Parameters = Annotated[
    options.Ids, typer.Option("--parameter", metavar="NAME=VALUE", help="A parameter, as JSON or text. Repeatable.")
]
_Limit = Annotated[int, typer.Option("--limit", min=1, max=10_000, help="Rows at most.")]


def register_database(app: typer.Typer) -> None:
    """Add both commands."""
    app.command("adopt", epilog=_ADOPT)(adopt_hand_edits_of_map)
    app.command("cypher", epilog=_CYPHER)(ask_in_cypher)


def adopt_hand_edits_of_map(
    cascade: _Cascade = False,
    fitting: _Fitting = False,
    dry_run: _Dry = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Take what somebody changed in Neo4j by hand into the map, as one change by `cypher`.

    Properties, nodes and relationships of ours count, by the rules that hold for every write; what breaks one is a
    conflict. Ends with 1 where there are any. Properties, labels and relationships of others stay as they are.
    """
    asked = Question(Target(store, url), map)
    with asked.target.api() as api:
        body = {"cascade": cascade, "fitting": fitting, "dry_run": dry_run}
        reply = api.post(f"{asked.base(api)}/adopt", body)
    if as_json:
        raw(reply)
    else:
        _print_adopted(reply.value)
    if reply.value["conflicts"]:
        raise CliError(ExitCode.NO, "some of it cannot be taken in")


def _print_adopted(found: Mapping[str, Any]) -> None:
    done = found["revision"] is not None
    for word in ("created", "updated", "deleted"):
        if found[word]:
            line(f"{word.capitalize()} by hand: {', '.join(found[word])}")
    for conflict in found["conflicts"]:
        line(f"Conflict: {conflict['node'] or 'the map'}: {conflict['detail']}")
    if done:
        line(f"Taken in as revision {found['revision']}.")
    elif not any(found[word] for word in ("created", "updated", "deleted", "conflicts")):
        line("Nothing was changed by hand.")
    else:
        line("Nothing was written." + (" --fitting takes in all but the conflicts." if found["conflicts"] else ""))


def ask_in_cypher(
    statement: _Statement,
    parameters: _Parameters = None,
    limit: _Limit = 1_000,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Ask Neo4j in Cypher, read only, within bounds of time, rows and memory; a service must have it switched on."""
    asked = Question(Target(store, url), map)
    body = {"statement": statement, "parameters": dict(map_parameter(one) for one in parameters or ()), "limit": limit}
    with asked.target.api() as api:
        reply = api.post(f"{asked.base(api)}/cypher", body)
    if as_json:
        raw(reply)
        return
    line("\t".join(reply.value["columns"]))
    for row in reply.value["rows"]:
        line("\t".join(one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in row))
    if not reply.value["complete"]:
        line(f"There are more rows: cut by {reply.value['cut_by']}.")


def map_parameter(text: str) -> tuple[str, Any]:
    """A parameter's name and value; raises `CliError`."""
    name, equals, value = text.partition("=")
    if not name or not equals:
        raise CliError(ExitCode.MISUSE, f"{text!r} is no parameter; it looks like name=value")
    try:
        return name, json.loads(value)
    except ValueError:
        return name, value
