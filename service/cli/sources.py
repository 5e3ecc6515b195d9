"""`argumap sources`: the sources of a map and their texts: attach one, read it, take it away, mark a passage in it."""

from pathlib import Path
from typing import Annotated, Any

import typer

from service.cli.api import path
from service.cli.errors import CliError, ExitCode
from service.cli.examples import examples
from service.cli.output import line, printable, raw, table
from service.cli.question import Question, reading

_EXAMPLES = examples(
    "argumap sources list",
    "argumap sources attach s-eu article.txt",
    "argumap sources text s-eu",
    "argumap sources passage s-eu 284 367",
)
_app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)
_Source = Annotated[str, typer.Argument(metavar="ID", help="Id of the source.")]


def register_sources(app: typer.Typer) -> None:
    """Add the command with its own commands."""
    for name, command in (
        ("list", list_sources), ("attach", attach), ("text", text), ("detach", detach), ("passage", passage),
    ):  # fmt: skip
        _app.command(name, epilog=_EXAMPLES)(reading(command))
    app.add_typer(_app, name="sources", help="The sources of a map and their texts.", epilog=_EXAMPLES)


def list_sources(asked: Question) -> None:
    """The sources of a map, and which of them have a text."""
    with asked.target.api() as api:
        base = asked.base(api)
        reply = api.get(f"{base}/sources", [("limit", "1000"), *asked.view])
        held = {one["source"] for one in api.get(f"{base}/texts", asked.view).value["items"]}
    if asked.as_json:
        raw(reply)
        return
    found = reply.value
    rows = [(one["id"], "yes" if one["id"] in held else "no", one["title"]) for one in found["items"]]
    table(("ID", "TEXT", "TITLE"), rows)
    if found["next"] is not None:
        line(f"{found['total']} in all; `--json` and the API give the rest.")


def attach(
    asked: Question,
    source: _Source,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The text, in UTF-8.")],
) -> None:
    """Attach the text that the offsets of a source count in; it stays in the store and is part of no export.

    Its SHA-256 must be the one that the source has; a source without one is given it.
    """
    try:
        sent = file.read_bytes()
    except OSError as error:
        raise CliError(ExitCode.MISUSE, f"{file} cannot be read: {error.strerror}") from error
    with asked.target.api() as api:
        reply = api.put_text(f"{asked.base(api)}{path('sources', source, 'text')}", sent)
    if asked.as_json:
        raw(reply)
        return
    done = reply.value
    line(f"Attached {done['characters']} characters to {source}; {done['passages']} passages are marked in it.")
    if done["lost"]:
        line(f"These assertions point at no place in it: {', '.join(done['lost'])}")


def text(asked: Question, source: _Source) -> None:
    """The text of a source; with --json its paragraphs and passages too."""
    with asked.target.api() as api:
        form = [] if asked.as_json else [("format", "text")]
        reply = api.get(f"{asked.base(api)}{path('sources', source, 'text')}", [*form, *asked.view])
    if asked.as_json:
        raw(reply)
    else:
        print(printable(reply.body.decode().replace("\t", "    ")))


def detach(asked: Question, source: _Source) -> None:
    """Take the text of a source away; the map stays as it is."""
    with asked.target.api() as api:
        reply = api.delete(f"{asked.base(api)}{path('sources', source, 'text')}")
    if asked.as_json:
        raw(reply)
    else:
        line(f"The text of {source} is gone.")


def passage(
    asked: Question,
    source: _Source,
    start: Annotated[int, typer.Argument(help="First character of the passage, counted from 0.")],
    end: Annotated[int, typer.Argument(help="One past its last character.")],
) -> None:
    """What a passage of a text holds, by rules for English: suggestions, of which nothing is stored."""
    with asked.target.api() as api:
        address = f"{asked.base(api)}{path('sources', source, 'passage')}"
        reply = api.post(address, {"start": start, "end": end}, [*asked.view, ("labels", "true")])
    if asked.as_json:
        raw(reply)
        return
    found = reply.value
    names = found["labels"]
    line(f"“{found['text']}”")
    line(f"Paragraph: {_or_none(found['paragraph'])}")
    line(f"Said by: {_speakers(found, names)}")
    line(f"Put as: {found['modality']}{_listed(' (', [one['text'] for one in found['hedges']], ')')}")
    for one in found["quantities"]:
        line(f"Figure: {one['text']}: {_figures(one['quantity'])}")
    for one in found["similar"]:
        line(f"Like: {one['id']} ({one['score']:.2f}) {one['text']}")
    if found["marked"]:
        line(f"Marked already by: {', '.join(found['marked'])}")


def _speakers(found: dict[str, Any], names: dict[str, str]) -> str:
    told = [f"{names.get(one['actor'], one['text'])}{_cue(one)}" for one in found["speakers"]]
    if not told:
        publisher = found["chain"][:1]
        return f"{names[publisher[0]]}, in its own voice" if publisher else "the source, in its own voice"
    return "; or ".join(told)


def _cue(speaker: dict[str, Any]) -> str:
    known = "" if speaker["actor"] else ", not yet an actor of the map"
    return f" (“{speaker['text']}”{known})"


def _figures(quantity: dict[str, Any]) -> str:
    return ", ".join(f"{name} {value}" for name, value in quantity.items() if value is not True) + (
        ", approximate" if quantity.get("approximate") else ""
    )


def _listed(before: str, texts: list[str], behind: str) -> str:
    return f"{before}{', '.join(texts)}{behind}" if texts else ""


def _or_none(number: int | None) -> str:
    return "none" if number is None else str(number)
