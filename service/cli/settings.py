"""`argumap settings`: every setting, its value and where that comes from."""

import json
import os
from typing import Annotated

import typer

from service.cli.examples import examples
from service.cli.output import table
from service.cli.target import Target
from service.settings import shown_settings

CLIENT = (
    ("ARGUMAP_URL", "Address of the service that the commands ask; empty asks the store.", False),
    ("ARGUMAP_KEY", "Key that the commands show that service.", True),
)
"""What only the commands read: variable, sentence, and whether the value is a secret."""
_EXAMPLES = examples("argumap settings", "ARGUMAP_PORT=9000 argumap settings", "argumap settings --json")


def register_settings(app: typer.Typer) -> None:
    """Add the command."""
    app.command("settings", epilog=_EXAMPLES)(settings)


def settings(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON object by variable.")] = False,
) -> None:
    """Every setting and where its value is from.

    A line for each: its environment variable, its value, where that comes from, and what it does. The values
    of secrets are not shown.
    """
    rows = [*_service(), *_client()]
    if as_json:
        names = ("value", "from", "sentence")
        print(json.dumps({row[0]: dict(zip(names, row[1:], strict=True)) for row in rows}, indent=2))
    else:
        table(("SETTING", "VALUE", "FROM", "WHAT IT DOES"), rows)


def _service() -> list[tuple[str, str, str, str]]:
    found = shown_settings(Target().settings())
    return [(name, value, _origin(name), sentence) for name, value, sentence in found]


def _client() -> list[tuple[str, str, str, str]]:
    rows = []
    for name, sentence, secret in CLIENT:
        value = os.environ.get(name, "")
        rows.append((name, "(set)" if secret and value else value, _origin(name), sentence))
    return rows


def _origin(name: str) -> str:
    return "environment" if os.environ.get(name) is not None else "default"
