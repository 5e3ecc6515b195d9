"""The ports to a store's own query language: questions that no operation has, and verdicts that they may ask for."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from schemas.cypher import CypherAnswer, CypherQuestion


@dataclass(frozen=True)
class CypherBounds:
    """What one question may take."""

    seconds: float
    """Until the server ends its transaction."""
    memory: int
    """Bytes of answers that are held."""


class CypherPort(ABC):
    """A store that answers Cypher."""

    @abstractmethod
    async def ask(self, map_id: str, question: CypherQuestion, bounds: CypherBounds) -> CypherAnswer:
        """Answer a statement that only reads, within bounds.

        It sees the whole database. Raises `Refused` for what is no such statement, writes, loads a file, shows the
        server's insides or calls a procedure that is not known to be harmless, and `TooLarge` past the time or the
        server's memory.
        """


class Judgement(NamedTuple):
    """What an evaluation says of a node; None where it says nothing."""

    id: str
    verdict: str | None
    standing: str | None
    strength: float | None


class VerdictStore(ABC):
    """A store that keeps on the nodes themselves what an evaluation says of them, beside the changes."""

    @abstractmethod
    async def due(self) -> list[str]:
        """Some of the maps whose nodes say nothing yet, or what was true of another revision."""

    @abstractmethod
    async def claim(self, map_id: str) -> bool:
        """Take a map for a minute, so that one process judges it; False where another does, or nothing is due."""

    @abstractmethod
    async def judge(self, map_id: str, revision: int, judged: Sequence[Judgement]) -> None:
        """Write what differs from what the nodes say, in parts that no writer waits for long, then the revision."""
