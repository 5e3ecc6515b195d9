"""Writes the pages of docs/ that follow from the code, or checks that they are fresh."""

import ast
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import typer
from fastapi.routing import APIRoute

from service.app import ROUTERS
from service.cli.commands import app
from service.cli.settings import CLIENT
from service.http.problems import CODES, STATUS
from service.settings import setting_fields, variable

DOCS = Path(__file__).parents[1] / "docs"
_MADE = "<!-- Made by `python -m scripts.docs` from the code; edit the code. -->\n"
_WIDTH = 100
_MANNERS = """\
- **Lists** come in pages: `limit`, and `next`, the `cursor` of the page behind; `total` counts all.
- **Every read has an `ETag`.** Sent back as `If-None-Match` it gets a 304 without a body while nothing has changed.
- **A change may say what it is a change of**: `If-Match` with the ETag that was read. Where another was faster the
  answer is 412 and nothing is done; so with deletes, that of a whole map too. Without it the last write counts, or,
  with `ARGUMAP_REQUIRE_IF_MATCH`, the answer is 428.
- **A POST may be sent again** with the same `Idempotency-Key`: it happens once, and the first answer comes again.
- **A write answers when it is durable**, with the map's new `revision`.
- **What goes wrong** is a problem document (RFC 9457) with a `code`, the place of each fault and what to do.
"""


def pages() -> Mapping[str, str]:
    """Each page by its file name."""
    return {"cli.md": _cli(), "settings.md": _settings(), "errors.md": _errors(), "http.md": _http()}


def stale() -> list[str]:
    """The names of the pages that are not as the code has them."""
    return [name for name, text in pages().items() if not (DOCS / name).is_file() or (DOCS / name).read_text() != text]


def main() -> None:
    """Write the pages, or with `--check` only tell which are stale."""
    found = stale()
    if "--check" in sys.argv[1:]:
        print("\n".join(f"docs/{name} is stale; run `python -m scripts.docs`" for name in found))
        sys.exit(1 if found else 0)
    for name, text in pages().items():
        if name in found:
            (DOCS / name).write_text(text, encoding="utf-8")
            print(f"wrote docs/{name}")


def _cli() -> str:
    parts = [
        "# The command line\n",
        _MADE,
        "`make run` puts the command into `.venv/bin`. It asks a store of its own (`--store`, or what `ARGUMAP_STORE`\n"
        "names) through the very code that the service runs, or a running service (`--url`, or `ARGUMAP_URL` with the\n"
        "key in `ARGUMAP_KEY`); the answers are the same. [Words](concepts.md) · [Settings](settings.md)\n",
    ]
    for names, command in _commands(typer.main.get_command(app), ("argumap",)):
        parts.append(f"## {' '.join(names)}\n\n```\n{_help(names, command)}\n```\n")
    return "\n".join(parts)


def _commands(command: Any, names: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield names, command
    for name, inner in getattr(command, "commands", {}).items():
        yield from _commands(inner, (*names, name))


def _help(names: tuple[str, ...], command: Any) -> str:
    context = command.context_class(
        command, info_name=" ".join(names), terminal_width=_WIDTH, help_option_names=["--help", "-h"]
    )
    return "\n".join(line.rstrip() for line in command.get_help(context).strip().splitlines())


def _option(one: Any) -> str:
    """What a setting is called as an option; a secret is none."""
    return "" if one.metadata["secret"] else f"`--{one.name.replace('_', '-')}`"


def _settings() -> str:
    rows = [
        f"| `{variable(one.name)}` | {_default(one.name, one.default)} | {_option(one)} "
        f"| {_cell(one.metadata['sentence'])} |"
        for one in setting_fields()
    ]
    client = [f"| `{name}` | | | {_cell(sentence)} |" for name, sentence, _ in CLIENT]
    return "\n".join(
        [
            "# Settings\n",
            _MADE,
            "Every setting is an environment variable and, where it is no secret, an option of `argumap serve`, which\n"
            "goes first. `argumap settings` shows the values that count and where each comes from. A variable that\n"
            "begins with `ARGUMAP_` and is none of these is refused, with the nearest name that there is.\n",
            "| variable | default | option of `serve` | what it does |",
            "| --- | --- | --- | --- |",
            *rows,
            "\nThe commands that ask a service also read:\n",
            "| variable | | | what it does |",
            "| --- | --- | --- | --- |",
            *client,
            "",
        ]
    )


def _default(name: str, value: Any) -> str:
    if name == "store":
        return "a SQLite file in your data folder"
    if value is None:
        return ""
    return f"`{int(value) if isinstance(value, bool) else value}`"


def _errors() -> str:
    statuses = _statuses()
    rows = [
        f'| <a id="{code}"></a>`{code}` | {", ".join(map(str, sorted(statuses.get(code, ()))))} | {_cell(title)} '
        f"| {_cell(sentence)} |"
        for code, (title, sentence) in sorted(CODES.items())
    ]
    return "\n".join(
        [
            "# Problems\n",
            _MADE,
            "Whatever goes wrong is answered with `application/problem+json` (RFC 9457): `type`, `title`, `status`,\n"
            "`detail`, a `code` that stays the same, and where it applies `errors`, each with a JSON pointer to the\n"
            "place. The page `/docs/problems/CODE` of a running service says the same.\n",
            "| code | status | title | what to do |",
            "| --- | --- | --- | --- |",
            *rows,
            "\n## Exit codes of the command\n",
            "| code | when |",
            "| --- | --- |",
            "| 0 | done |",
            "| 1 | the question has no answer, or a check failed, or the map's state stands against it |",
            "| 2 | wrong use: an unknown option, id, map or value, or what this store cannot do |",
            "| 3 | the store or the service is not there, or failed |",
            "",
        ]
    )


_CHOSEN_WHERE_RAISED = {"draft_conflict": 409, "store_error": 500, "unknown_parameter": 422}
"""Statuses of codes that stand in no call with their error: they are chosen beforehand."""


def _statuses() -> dict[str, set[int]]:
    """By code the statuses that it is answered with: those of the errors that are raised with it."""
    found: dict[str, set[int]] = {"internal": {500}}
    by_name = {kind.__name__: status for kind, status in STATUS.items()}
    for kind, status in STATUS.items():
        found.setdefault(getattr(kind, "code", "error"), set()).add(status)
    for file in (f for folder in ("graph", "service") for f in (DOCS.parent / folder).rglob("*.py")):
        for call in (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            name = name.strip("_").capitalize() if name.islower() else name
            values = [*call.args, *(k.value for k in call.keywords if k.arg == "code")]
            codes = {v.value for v in values if isinstance(v, ast.Constant) and isinstance(v.value, str)} & CODES.keys()
            said = {v.value for v in values if isinstance(v, ast.Constant) and type(v.value) is int}
            for code in codes:
                found.setdefault(code, set()).update({by_name[name]} if name in by_name else said)
    for code, status in _CHOSEN_WHERE_RAISED.items():
        found.setdefault(code, set()).add(status)
    if lacking := [code for code in CODES if not found.get(code)]:
        raise ValueError(f"no status is found for {', '.join(lacking)}")
    return {code: found[code] for code in CODES}


def _http() -> str:
    tags: dict[str, list[str]] = {}
    for route in (one for router in ROUTERS for one in router.routes if isinstance(one, APIRoute)):
        [method] = route.methods or {""}
        row = f"| `{method}` | `{route.path}` | {_cell(route.description or route.summary or '')} |"
        tags.setdefault(str(route.tags[0]), []).append(row)
    parts = [
        "# The HTTP interface\n",
        _MADE,
        "A running service shows the whole of it at `/docs`: parameters, answers, problems and an example of each\n"
        "operation. Reads below a map take the view's parameters: `as_of`, `draft`, `sources`, `actors`, `motives`,\n"
        "`basis`, `min_confidence`, `without` ([what each leaves](concepts.md#views)). [Problems](errors.md)\n",
        _MANNERS,
    ]
    for tag, rows in tags.items():
        parts.append("\n".join([f"## {tag}\n", "| | address | |", "| --- | --- | --- |", *rows, ""]))
    return "\n".join(parts)


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|")


if __name__ == "__main__":
    main()
