"""`argumap add`, `edit` and `rm`: nodes are made, changed and deleted."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from service.cli import options
from service.cli.api import Api, path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, raw
from service.cli.question import Question
from service.cli.target import Target
from service.cli.values import fields_of, read_json, shape_of_kind

_Kind = Annotated[str, typer.Argument(metavar="KIND", help="actor, motive, statement, argument, source or assertion.")]
_Id = Annotated[str, typer.Argument(metavar="ID", help="The node.")]
_Fields = Annotated[
    list[str] | None, typer.Argument(metavar="FIELD=VALUE…", help="Plain text or JSON; a list field may come again.")
]
_File = Annotated[
    str | None, typer.Option("--file", metavar="FILE", help="Fields as a JSON object, set first; - reads the input.")
]
_Unset = Annotated[options.Ids, typer.Option("--unset", metavar="FIELD", help="Back to its default. Repeatable.")]
_Version = Annotated[
    int | None, typer.Option("--if-version", metavar="N", help="Only if the node is still at this version.")
]
_Ids = Annotated[list[str], typer.Argument(metavar="ID…", help="The nodes.")]
_Cascade = Annotated[bool, typer.Option("--cascade", help="Take along what refers to them; it asks first.")]
_Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def register_writing(app: typer.Typer) -> None:
    """Add the commands."""
    app.command(
        "add",
        epilog=examples(
            'argumap add statement "text=Rice is short in the north." tags=food',
            'argumap add argument "text=Harvests failed." stance=supporting target=food source=s-kh',
            "argumap add argument premises=p-49 premises=p-50 target=food stance=supporting confidence=high",
            "argumap add assertion of=p-50 source=s-eu chain=nis locator.paragraph=3",
        ),
    )(add_node)
    app.command(
        "edit",
        epilog=examples(
            'argumap edit p-50 "note=To be checked." tags=food tags=winter', "argumap edit p-50 --unset credence"
        ),
    )(edit_node)
    app.command("rm", epilog=examples("argumap rm p-50 --cascade", "argumap rm x-1 x-2 --yes"))(remove_nodes)


def add_node(
    kind: _Kind,
    fields: _Fields = None,
    file: _File = None,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Make a node of its fields; an argument also in the short form, with the statement and the assertion it needs.

    Says what is nearly the same already: nothing is merged by itself.
    """
    kind = _singular(kind)
    value = {**_read(file), **fields_of(fields or [], shape_of_kind(kind))}
    with Target(store, url).api() as api:
        reply = api.post(f"{Question(Target(store, url), map).base(api)}/{kind}s", value)
    if as_json:
        raw(reply)
        return
    made = reply.value
    line(f"Made {', '.join(made['created'])}.")
    _print_rest(made)


def edit_node(
    node_id: _Id,
    fields: _Fields = None,
    unset: _Unset = None,
    file: _File = None,
    if_version: _Version = None,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Change fields of a node; what is not named stays, and a list is set whole."""
    with Target(store, url).api() as api:
        base = Question(Target(store, url), map).base(api)
        node = _node(api, base, node_id)
        kind = node["kind"]
        patch = {**_read(file), **fields_of(fields or [], shape_of_kind(kind)), **dict.fromkeys(unset or ())}
        if not patch:
            raise CliError(ExitCode.MISUSE, "say what to change: FIELD=VALUE, --unset FIELD or --file FILE")
        headers = {} if if_version is None else {"If-Match": f'"{if_version}"'}
        reply = api.patch(f"{base}/{kind}s{path(node['id'])}", patch, headers)
    if as_json:
        raw(reply)
        return
    done = reply.value
    if done["version"] == node["version"]:
        line(f"{node['id']} is so already, at version {done['version']}.")
    else:
        line(f"Changed {node['id']}, now at version {done['version']}.")
    _print_rest(done)


def remove_nodes(
    ids: _Ids,
    cascade: _Cascade = False,
    yes: _Yes = False,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
    as_json: options.Json = False,
) -> None:
    """Delete nodes, all or none; what others refer to stays, unless --cascade takes those along."""
    with Target(store, url).api() as api:
        base = Question(Target(store, url), map).base(api)
        found = [_node(api, base, node_id) for node_id in ids]
        operations = [{"op": "delete", "kind": n["kind"], "id": n["id"], "cascade": cascade} for n in found]
        if cascade and not yes:
            would = api.post(f"{base}/batch", {"operations": operations, "dry_run": True}).value
            gone = [one for one in would["deleted"] if one not in {node["id"] for node in found}]
            if gone:
                typer.confirm(f"Delete {len(gone)} nodes along with them: {', '.join(gone)}?", abort=True)
        reply = api.post(f"{base}/batch", {"operations": operations})
    if as_json:
        raw(reply)
        return
    done = reply.value
    line(f"Deleted {', '.join(done['deleted'])}.")
    _print_rest(done)


def _node(api: Api, base: str, node_id: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = api.get(f"{base}{path('nodes', node_id)}").value
    if found["id"] != node_id:
        line(f"{node_id} was merged into {found['id']}.")
    return found


def _read(file: str | None) -> dict[str, Any]:
    found = {} if file is None else read_json(file)
    if not isinstance(found, dict):
        raise CliError(ExitCode.MISUSE, f"{file} holds no JSON object")
    return found


def _singular(kind: str) -> str:
    from schemas.problem import did_you_mean  # noqa: PLC0415 - the help must come fast
    from schemas.vocabulary import KINDS  # noqa: PLC0415

    one = kind.removesuffix("s")
    if one not in KINDS:
        raise CliError(ExitCode.MISUSE, f"{kind!r} is no kind of node; {did_you_mean(one, KINDS)}")
    return one


def _print_rest(done: Mapping[str, Any]) -> None:
    for one in done.get("similar", ()):
        line(f"Nearly the same: {one['id']}, {one['text']} (argumap merge)")
    if done["orphaned"]:
        line(f"Left without an assertion: {', '.join(done['orphaned'])}")
    for note in done["notes"]:
        line(f"{note['id']}: {note['pointer'].strip('/')} {note['detail']}")
