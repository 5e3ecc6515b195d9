"""`argumap api`: any request of the API, as it is."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from service.cli import options
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import raw
from service.cli.question import Question
from service.cli.target import Target

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
_Method = Annotated[str, typer.Argument(metavar="METHOD", help="GET, POST, PUT, PATCH or DELETE.")]
_Path = Annotated[
    str, typer.Argument(metavar="PATH", help="/v1/…, or without / at its beginning an address below the map.")
]
_Query = Annotated[options.Ids, typer.Option("--query", "-q", metavar="NAME=VALUE", help="A parameter. Repeatable.")]
_Data = Annotated[
    str | None, typer.Option("--data", "-d", metavar="JSON", help="The body; @FILE reads a file, - the input.")
]
_Headers = Annotated[options.Ids, typer.Option("--header", metavar="NAME: VALUE", help="A header. Repeatable.")]


def register_call(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "api",
        epilog=examples(
            "argumap api GET /v1/capabilities",
            "argumap api GET paths -q from=p-50 -q to=food",
            'argumap api PATCH statements/p-50 -d \'{"note": "To be checked."}\' --header \'If-Match: "1"\'',
            "argumap api POST batch -d @edits.json",
        ),
    )(call_api)


def call_api(
    method: _Method,
    address: _Path,
    query: _Query = None,
    data: _Data = None,
    headers: _Headers = None,
    store: options.Store = None,
    url: options.Url = None,
    map: options.Map = None,
) -> None:
    """Send a request of the API and print its answer byte for byte."""
    if method.upper() not in _METHODS:
        raise CliError(ExitCode.MISUSE, f"{method!r} is no method; {', '.join(_METHODS)} are")
    parameters = [_pair(word, "=", "from=p-50") for word in query or ()]
    given = dict(_pair(word, ":", 'If-Match: "1"') for word in headers or ())
    body = None if data is None else _body(data)
    target = Target(store, url)
    with target.api(making=method.upper() in ("POST", "PUT")) as api:
        whole = address if address.startswith("/") else f"{Question(target, map).base(api)}/{address}"
        raw(api.ask(method.upper(), whole, parameters, body, given))


def _pair(word: str, sign: str, example: str) -> tuple[str, str]:
    name, found, value = word.partition(sign)
    if not (name.strip() and found):
        raise CliError(ExitCode.MISUSE, f"{word!r} names no value; it looks like {example}")
    return name.strip(), value.strip()


def _body(data: str) -> bytes:
    if data == "-":
        return sys.stdin.buffer.read()
    if data.startswith("@"):
        try:
            return Path(data[1:]).read_bytes()
        except OSError as error:
            raise CliError(ExitCode.MISUSE, f"{data[1:]} cannot be read: {error.strerror}") from error
    try:
        json.loads(data)
    except ValueError as error:
        raise CliError(ExitCode.MISUSE, f"the body is no JSON: {error}; @FILE reads a file, - the input") from error
    return data.encode()
