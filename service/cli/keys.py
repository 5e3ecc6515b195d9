"""`argumap keys`: who may use a service: make, list and revoke keys."""

from datetime import UTC, datetime
from typing import Annotated, Any
from urllib.parse import quote

import typer

from service.cli import options
from service.cli.examples import examples
from service.cli.output import line, raw, table
from service.cli.target import Target

_EXAMPLES = examples(
    'argumap keys create --name "Ida Holm" --scope admin',
    "argumap keys create --name reader --scope read --map winter-supply --expires 90",
    "argumap keys create --name scout --scope propose --map winter-supply",
    "argumap keys list",
    "argumap keys revoke reader",
)
_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


def register_keys(app: typer.Typer) -> None:
    """Add the command with its own commands."""
    app.add_typer(_app, name="keys", help="Make, list and revoke the keys of a service.", epilog=_EXAMPLES)


@_app.command("create", epilog=examples('argumap keys create --name "Ida Holm" --scope write --expires 365'))
def make_key(
    name: Annotated[str, typer.Option("--name", help="Whose key it is; changes made with it record this name.")],
    scope: Annotated[str, typer.Option("--scope", metavar="read|propose|write|admin", help="What it allows.")],
    maps: Annotated[
        list[str] | None, typer.Option("--map", metavar="ID", help="A map that it opens; left out, all. Repeatable.")
    ] = None,
    expires: Annotated[int | None, typer.Option("--expires", metavar="DAYS", help="How long it is valid.")] = None,
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Make a key and show it once; only its hash is kept.

    From the first key on the service on that store asks for one. The first is made on the store itself.
    """
    given = {"name": name, "scope": scope, "maps": maps or None, "expires": expires}
    with Target(store, url).api(making=True) as api:
        reply = api.post("/v1/keys", {field: value for field, value in given.items() if value is not None})
    if as_json:
        raw(reply)
        return
    made = reply.value
    line(made["key"])
    line(f"This is the key of {made['name']} ({_told(made)}). Keep it: it is not shown again.")
    line("Commands take it from ARGUMAP_KEY; programs send it as Authorization: Bearer KEY.")


@_app.command("list", epilog=examples("argumap keys list --json"))
def show_keys(store: options.Store = None, url: options.Url = None, as_json: options.Json = False) -> None:
    """Every key that was ever made, without its secret."""
    with Target(store, url).api() as api:
        reply = api.get("/v1/keys", [("limit", "1000")])
    if as_json:
        raw(reply)
        return
    keys = reply.value["items"]
    if keys:
        table(("NAME", "ID", "STATE", "LAST USED", "ALLOWS"), [_row(one) for one in keys])
    else:
        line("There is no key: whoever reaches the service may do everything, on this machine only.")


@_app.command("revoke", epilog=examples("argumap keys revoke reader"))
def revoke_key(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Name or id of the key.")],
    store: options.Store = None,
    url: options.Url = None,
    as_json: options.Json = False,
) -> None:
    """Make a key invalid at once, for every service on the store."""
    with Target(store, url).api() as api:
        reply = api.delete(f"/v1/keys/{quote(name, safe='')}")
    if as_json:
        raw(reply)
    else:
        line(f"Revoked the key {reply.value['name']} ({reply.value['id']}).")


def _row(one: dict[str, Any]) -> tuple[str, ...]:
    return one["name"], one["id"], _state(one), one["used_at"] or "never", _told(one)


def _state(one: dict[str, Any]) -> str:
    if one["revoked_at"]:
        return f"revoked {one['revoked_at'][:10]}"
    if one["expires_at"] is None:
        return "valid"
    word = "expired" if one["expires_at"] <= datetime.now(UTC).isoformat() else "until"
    return f"{word} {one['expires_at'][:10]}"


def _told(one: dict[str, Any]) -> str:
    return f"{one['scope']}, {'all maps' if one['maps'] is None else ', '.join(one['maps'])}"
