"""The command `argumap`: one client of the API, with a store of its own or with a running service."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command and end the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:
    """Run the command; the exit code: 0 done, 1 no answer or a check failed, 2 wrong use, 3 nobody there."""
    from service.cli.commands import execute  # noqa: PLC0415 - a command that is not run costs nothing

    try:
        code = execute(list(arguments))
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read has enough. What is left in the buffer must not be tried again when Python ends.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    return code
