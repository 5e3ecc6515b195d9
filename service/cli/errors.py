"""How a command ends when it cannot do what it was asked."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes."""

    DONE = 0
    NO = 1
    """The question has no answer, or a check failed."""
    MISUSE = 2
    """Wrong use."""
    AWAY = 3
    """The store or the service is not there."""


class CliError(Exception):
    """Ends the command with a plain sentence on standard error."""

    def __init__(self, code: ExitCode, message: str, *more: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.more = more
        """Further lines: each place where something is wrong."""
