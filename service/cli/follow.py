"""`argumap follow`: what happens to a map, as it happens."""

import json
import time
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from typing import Annotated, Any, NamedTuple

import typer

from service.cli import options
from service.cli.api import Api
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line
from service.cli.question import Question, reading

_EXAMPLES = examples(
    "argumap follow",
    "argumap follow --node t-long --verdicts --count 1",
    "argumap follow --since 12 --by ida --json",
)
_Nodes = Annotated[
    options.Ids,
    typer.Option("--node", metavar="ID", help="Only what touches this node or turns its verdict. Repeatable."),
]
_By = Annotated[options.Ids, typer.Option("--by", metavar="NAME", help="Only changes by this author. Repeatable.")]
_Field = Annotated[options.Ids, typer.Option("--field", metavar="NAME", help="Only changes of this field. Repeatable.")]
_Since = Annotated[
    str | None, typer.Option("--since", metavar="WHEN", help="Begin behind this revision, or at this time.")
]
_Verdicts = Annotated[bool, typer.Option("--verdicts", help="Only changes after which a node has another verdict.")]
_Count = Annotated[int | None, typer.Option("--count", metavar="N", help="End after so many changes.")]
_PAUSE = 2.0
"""Seconds before a stream that was cut off is asked for again."""


class StreamEvent(NamedTuple):
    """An event of a stream."""

    name: str
    data: Any


def register_follow(app: typer.Typer) -> None:
    """Add the command."""
    app.command("follow", epilog=_EXAMPLES)(reading(follow_map))


def follow_map(
    asked: Question,
    nodes: _Nodes = None,
    by: _By = None,
    field: _Field = None,
    since: _Since = None,
    verdicts: _Verdicts = False,
    count: _Count = None,
) -> None:
    """Show each change of a map as it happens, until Ctrl-C; a stream that is cut off goes on where it was.

    With --node also what turns the verdict of one of these nodes, whatever it touches.
    """
    if verdicts and not nodes:
        raise CliError(ExitCode.MISUSE, "say whose verdicts with --node")
    several = [("node", nodes), ("by", by), ("field", field)]
    parameters = [*((name, value) for name, values in several for value in values or ()), *asked.view]
    left = count
    with asked.target.api() as api, closing(_events(api, f"{asked.base(api)}/changes", parameters, since)) as events:
        for event in events:
            if event.name == "change" and verdicts:
                continue
            _print(event, as_json=asked.as_json)
            if event.name == "gone":
                raise CliError(ExitCode.NO, f"the map {event.data['map']} was deleted")
            if event.name in ("change", "verdict") and left is not None:
                left -= 1
            if left == 0:
                return


def _events(
    api: Api, address: str, parameters: list[tuple[str, str]], since: str | None
) -> Generator[StreamEvent, None, None]:
    """The events of a stream, over as many connections as it takes."""
    last: str | None = None
    begin = [] if since is None else [("since", since)]
    while True:
        headers = {"Accept": "text/event-stream", **({} if last is None else {"Last-Event-ID": last})}
        fields: dict[str, str] = {}
        try:
            with closing(api.stream(address, [*begin, *parameters], headers)) as parts:
                for text in _lines(parts):
                    name, _, value = text.partition(": ")
                    if name and value:
                        fields[name] = value
                    elif not text:
                        last = fields.get("id", last)
                        if "data" in fields:
                            yield StreamEvent(fields.get("event", ""), json.loads(fields["data"]))
                        fields = {}
        except CliError as error:
            if last is None or error.code is not ExitCode.AWAY:
                raise  # nobody was there from the beginning, the question is wrong, or the key is no good any more
        time.sleep(_PAUSE)


def _lines(parts: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for part in parts:
        *whole, rest = (rest + part).split(b"\n")
        for one in whole:
            yield one.decode()


def _print(event: StreamEvent, *, as_json: bool) -> None:
    data = event.data
    if as_json:
        print(json.dumps({"event": event.name, **data}, ensure_ascii=False), flush=True)
        return
    if event.name == "ready":
        for node, verdict in data.get("verdicts", {}).items():
            line(f"{node} is {verdict or 'not there'} at revision {data['revision']}.")
    elif event.name == "reset":
        line(f"What came before revision {data['revision']} is not to be had ({data['reason']}); from there on:")
    elif event.name in ("change", "verdict"):
        line(f"{data['revision']}  {data['at'][:19].replace('T', ' ')}  {data['sentence']}")
        for one in data.get("verdicts", ()):
            line(f"    {one['id']}: {one['before'] or 'not there'} → {one['after'] or 'not there'}")
    print(end="", flush=True)
