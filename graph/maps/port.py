"""The ports of the workspace: a store, which keeps maps, and a runner, which keeps heavy work off the event loop."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from typing import NamedTuple, Protocol, TypeVar

from graph.beside.port import SideStore
from graph.keys.port import KeyStore
from graph.maps.by_hand import HandStore
from graph.maps.cypher_port import CypherPort, VerdictStore
from graph.maps.expected import Expected, Finding
from graph.maps.redaction import Redaction
from graph.search.question import Candidates
from graph.snapshot.relations import StepColumns
from schemas.change import Change
from schemas.key import KeyRecord
from schemas.map import MapHeader
from schemas.vocabulary import Kind

T = TypeVar("T")


KeptCheck = Callable[[str, int, int], None]
"""Is asked of a map's id and of the bytes that it keeps before and after a write; raises where the write must not be.
"""


class Runner(Protocol):
    """Does work that may take longer than the event loop should wait."""

    async def __call__(self, work: Callable[[], T], *, cost: float) -> T:
        """Do the work and give what it gives; `cost` is an estimate in microseconds."""


async def run_here(work: Callable[[], T], *, cost: float) -> T:
    """The runner of a program that serves nobody else meanwhile."""
    del cost
    return work()


class MapVersion(NamedTuple):
    """Where a map stands."""

    revision: int
    created_at: str
    """When the map was made: tells it from another of the same id made after it was deleted."""
    change: str = ""
    """Uid of its last change: tells it from the same revision of a future that a restored backup has taken back."""


class Outlook(NamedTuple):
    """Where things stand in a store: all that whoever listens waits for."""

    maps: dict[str, MapVersion]
    keys: dict[str, KeyRecord]
    is_set_up: bool
    """Whether there ever was a key."""


class Deletion(NamedTuple):
    """When and by whom a map was deleted that is kept for a while."""

    at: str
    by: str
    until: str
    """Until when it can be brought back."""


class DeletedMap(NamedTuple):
    """A map that was deleted and can still be brought back."""

    header: MapHeader
    deletion: Deletion


class MapRows(NamedTuple):
    """A whole map as stored: nodes in columns, in the order of their ids (by Unicode code point)."""

    header: MapHeader
    ids: list[str]
    kinds: bytes
    """A code per node, the kind's place in `schemas.vocabulary.KINDS`."""
    documents: list[bytes]
    steps: StepColumns | None = None
    """The structure of the arguments, from a store that keeps it beside the documents."""


class SourceText(NamedTuple):
    """The text of a source, as it was attached."""

    sha256: str
    """Digest of its UTF-8 bytes."""
    text: str


class StoreInfo(NamedTuple):
    """What a store says about itself."""

    name: str
    """`sqlite` or `neo4j`."""
    version: str
    """Version of the database."""
    schema: int
    """Number of the last migration that was applied."""


class Store(ABC):
    """Keeps current nodes and an append-only log of changes for each map.

    Constructors do no I/O; `open` connects and migrates. Every method may raise `StoreUnavailable`
    (try again) or `StoreUnusable`. All are safe to call concurrently from one event loop.
    """

    weigh: KeptCheck | None = None
    """Is asked within the transaction of each write that may have a map keep more: `commit`, `keep_text` of a text and
    `beside.put`. What it raises takes the write back. With none nothing is asked.
    """

    def weigh_by(self, check: KeptCheck | None) -> None:
        """Have it asked of each write from now on; to be called, and not set, where something stands before a store."""
        self.weigh = check

    @property
    @abstractmethod
    def keys(self) -> KeyStore:
        """Who may come in, kept beside the maps."""

    @property
    @abstractmethod
    def beside(self) -> SideStore:
        """What is said and proposed beside the maps."""

    @property
    def hands(self) -> HandStore | None:
        """What people write into it beside the service; None of a store that nobody writes into by hand."""
        return None

    @property
    def questions(self) -> CypherPort | None:
        """Its own query language; None of a store that has no Cypher."""
        return None

    @property
    def verdicts(self) -> VerdictStore | None:
        """Where verdicts are written for who asks in its own language; None of a store that nobody asks so."""
        return None

    @abstractmethod
    async def open(self) -> StoreInfo:
        """Connect, migrate where needed under a lock, and say what the store is."""

    @abstractmethod
    async def check(self, *, whole: bool = False) -> StoreInfo:
        """Ask the store for a sign of life, and whether it can be relied on as far as it can tell by itself.

        `whole`: all of it is looked at anew, however long it takes. Raises `StoreUnavailable` and `StoreUnusable`.
        """

    @abstractmethod
    async def maps(self, after: str = "", limit: int | None = None) -> list[MapHeader]:
        """The headers of the maps behind an id, in the order of ids, so many at most; no others are read."""

    @abstractmethod
    async def count_maps(self) -> int:
        """How many maps there are."""

    @abstractmethod
    async def map_ids(self) -> list[str]:
        """The ids of all maps, in order, of damaged ones too."""

    @abstractmethod
    async def version(self, map_id: str) -> MapVersion | None:
        """Where a map stands now; one indexed look-up. None where there is no such map."""

    @abstractmethod
    async def kept(self, map_id: str) -> int | None:
        """How many bytes a map keeps: in the entries of its log, the texts of its sources and the records beside it.

        Counted with each write; one indexed look-up. None where there is no such map.
        """

    @abstractmethod
    async def standing(self, map_ids: Collection[str], key_ids: Collection[str] = ()) -> Outlook:
        """Those of these maps that there are, and of these keys, and whether there ever was one; one look for all."""

    @abstractmethod
    async def load(self, map_id: str) -> MapRows | None:
        """All nodes of a map at one revision. None where there is no such map."""

    @abstractmethod
    async def changes(self, map_id: str, after: int, until: int) -> list[Change]:
        """The changes with `after` < revision <= `until`, oldest first."""

    @abstractmethod
    async def oldest(self, map_id: str) -> int | None:
        """The revision of the oldest change that the log still has. None where there is no such map."""

    @abstractmethod
    async def revisions(
        self, map_id: str, after: int, until: int, *, by: Collection[str] = (), nodes: Collection[str] = ()
    ) -> list[int]:
        """The revisions of the log with `after` < revision <= `until`, oldest first.

        With `by` only changes by one of these, with `nodes` only those that touched one of these nodes.
        """

    @abstractmethod
    async def changes_at(self, map_id: str, revisions: Collection[int]) -> list[Change]:
        """The changes of these revisions that the log has, oldest first."""

    @abstractmethod
    async def commit(self, header: MapHeader, changes: Sequence[Change]) -> None:
        """Append consecutive changes and apply them, durably and as one transaction.

        `header` is the map after the last of them. A first change with revision 1 makes the map.
        Raises `RevisionTaken` unless the map is at the revision before the first change (or does not
        exist, for revision 1), its last change is the one that the first of these says it follows, and it
        was made when the header says, or where an idempotency key is already taken; then nothing has happened.
        Raises `OutcomeUnknown` where the connection was cut while it committed.
        """

    @abstractmethod
    async def compact(self, map_id: str, base: Change) -> bool:
        """Let an entry stand for the change whose revision and uid it has, and for all before it, which go.

        One transaction; whether the log had that change. Idempotency keys of what goes are free, and ids that only what
        goes had named are `known` no more.
        """

    @abstractmethod
    async def drop(self, map_id: str, at: MapVersion | None = None, *, kept: Deletion | None = None) -> bool:
        """Delete a map with its log, or put it aside where it is to be `kept`; whether there was one.

        Either way it is gone for every other method, its idempotency keys are free, and a map of its id can be made.
        Raises `RevisionTaken` where `at` is given and the map stands elsewhere; then nothing has happened.
        """

    @abstractmethod
    async def deleted(self) -> list[DeletedMap]:
        """The maps that were put aside, the last one first."""

    @abstractmethod
    async def restore(self, map_id: str, at: str) -> bool:
        """Bring back the map that was put aside at a time, as it was; whether there was one.

        Idempotency keys of its log that are in use by now stay with those who use them. Raises `RevisionTaken` where
        there is a map of its id.
        """

    @abstractmethod
    async def purge(self, time: str, map_id: str | None = None) -> int:
        """Delete for good what was to be kept until a time or less long, of one id where given; how many maps."""

    @abstractmethod
    async def redact(self, header: MapHeader, change: Change, redaction: Redaction) -> None:
        """Take something out of a map, its log, what stands beside it and its search, durably and as one transaction.

        `change` is appended and says so; it has no edits. Nothing of what was is left where the store can see to
        that. Of one that is `dry` all is done and taken back, so that it is known what would go. Raises
        `RevisionTaken` and `OutcomeUnknown` as `commit` does.
        """

    @abstractmethod
    async def idempotency_record(self, key: str) -> Change | None:
        """The change that carries the record of an idempotency key."""

    @abstractmethod
    async def known(self, map_id: str, ids: Collection[str]) -> set[str]:
        """Which of these ids the map has or ever had."""

    @abstractmethod
    async def revision_at(self, map_id: str, time: str) -> int | None:
        """The last revision made at or before a time (RFC 3339, Z); None before the first."""

    @abstractmethod
    async def source_text(self, map_id: str, source: str) -> SourceText | None:
        """The text that is attached to a source of a map."""

    @abstractmethod
    async def source_digests(self, map_id: str) -> dict[str, str]:
        """The sources of a map that a text is attached to, each with the digest of it."""

    @abstractmethod
    async def keep_text(self, map_id: str, source: str, text: SourceText | None) -> bool:
        """Attach a text to a source in place of the one it has, or with None take it away; durably.

        Whether anything was changed: not where there is no such map, or no text to take away. Texts are beside the
        map: they are of no revision and in no change, and go with the map when it is dropped.
        """

    @abstractmethod
    async def search(self, words: str, maps: Collection[str], kinds: Collection[Kind]) -> Candidates:
        """Current nodes that may be what a search asks for, in no order; empty filters mean all.

        How many there may be is said in `graph.search.question`, and which, so that every store gives the same.
        """

    @abstractmethod
    async def audit(self, expected: Expected) -> list[Finding]:
        """Where what is stored of a map is not what its history says; reads all of it.

        Raises `RevisionTaken` where the map went on meanwhile.
        """

    @abstractmethod
    async def mend(self, expected: Expected) -> None:
        """Make what is stored of a map again as its history says; what others added to the database stays.

        Raises `RevisionTaken` where the map went on meanwhile; may then be done anew.
        """

    @abstractmethod
    async def forget_future(self) -> None:
        """Let go of what is remembered of states that a restored backup has taken back."""

    @abstractmethod
    async def close(self) -> None:
        """Release everything; calling it twice is allowed."""
