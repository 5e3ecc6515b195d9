"""What commands print: plain text that cannot move the cursor, answers as they came, and progress."""

import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from service.cli.api import ApiAnswer


def line(text: str = "") -> None:
    """Print a line."""
    print(printable(text))


def raw(reply: ApiAnswer) -> None:
    """Print an answer byte for byte; a terminal gets a line break behind it."""
    sys.stdout.flush()
    sys.stdout.buffer.write(reply.body)
    if sys.stdout.isatty():
        sys.stdout.buffer.write(b"\n")
    sys.stdout.buffer.flush()


def printable(text: str) -> str:
    """The text without control characters: a map's texts must not steer the terminal."""
    return "".join(c if c.isprintable() or c == "\n" else "\N{REPLACEMENT CHARACTER}" for c in text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, wrapped: bool = False) -> None:
    """Print rows in columns; the last column takes what room is left on a terminal."""
    cells = [[printable(" ".join(cell.split())) for cell in row] for row in (head, *rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head) - 1)]
    for row in cells:
        start = "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False))
        print(f"{start}  {_fit(row[-1], sum(widths) + 2 * len(widths), wrapped=wrapped)}".rstrip())


def print_markdown(text: str) -> None:
    """Print Markdown: set on a terminal, as it is elsewhere."""
    if not sys.stdout.isatty():
        print(printable(text), end="")
        return
    from rich.console import Console  # noqa: PLC0415 - the help must come fast
    from rich.markdown import Markdown  # noqa: PLC0415

    Console().print(Markdown(printable(text)))


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show on a terminal that something takes its time."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console  # noqa: PLC0415

    with Console(stderr=True).status(what):
        yield


def _fit(text: str, before: int, *, wrapped: bool) -> str:
    if wrapped or not sys.stdout.isatty():
        return text
    import shutil  # noqa: PLC0415

    room = max(20, shutil.get_terminal_size().columns - before)
    return text if len(text) <= room else text[: room - 1] + "…"
