"""The error tree; every error says what is wrong, where, and whether trying again helps.

GraphError
├── NotFound             no such map or node
├── Merged           the node was merged into another
├── Refused              parses and is wrong: a rule broken, an unknown id, a revision that never was
├── Conflict             an id taken, or others still refer to what should go
├── Stale                changed since it was read
├── TooLarge             past a limit of size
├── KeyRefused           no valid key where keys are set up
├── IssuerUnavailable    the issuer of tokens does not answer (retryable)
├── ScopeTooLow          a key that does not allow it
├── TooManyRequests      asked more often than allowed
├── NotSupported         this store cannot do it
├── RevisionTaken        another writer was faster (handled by the workspace, never shown)
└── StoreError           the store failed
├── StoreUnavailable not reachable now (retryable)
├── OutcomeUnknown   cut off while it committed (retryable with the same key)
└── StoreUnusable    damaged, or written by a newer version
    └── MapDamaged   what the store holds of one map contradicts itself
"""

from collections.abc import Sequence
from typing import ClassVar

from schemas.problem import FieldProblem


class GraphError(Exception):
    """Base of all; `code` is stable for programs, `detail` is for people."""

    code: ClassVar[str] = "error"
    retryable: ClassVar[bool] = False

    def __init__(self, detail: str, problems: Sequence[FieldProblem] = (), *, code: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.problems = tuple(problems)
        self.name = code or self.code
        self.command: int | None = None
        """Which command of several it concerns, where it concerns one."""
        self.commands: tuple[int, ...] = ()
        """Which command each of its problems concerns, where they concern several."""


class NotFound(GraphError):
    """No such map or node."""

    code = "not_found"


class Merged(NotFound):
    """The node is another's now: what was asked of it may be asked of that one."""

    code = "merged"

    def __init__(self, node_id: str, into: str) -> None:
        super().__init__(f"{node_id!r} was merged into {into!r}; name that one")
        self.node_id = node_id
        self.into = into


class Refused(GraphError):
    """The input parses and is wrong."""

    code = "invalid"


class Conflict(GraphError):
    """The map's present state stands against it."""

    code = "conflict"


class Stale(GraphError):
    """It was changed since the writer read it."""

    code = "stale"


class TooLarge(GraphError):
    """Past a limit of size; the detail names the limit and the setting."""

    code = "too_large"


class KeyRefused(GraphError):
    """Keys are set up, and no valid one was shown; nothing is told of what there is."""

    code = "key_required"


class IssuerUnavailable(GraphError):
    """A token was shown, and the keys of its issuer, by which it could be told, are not to be had."""

    code = "issuer_unavailable"
    retryable = True


class ScopeTooLow(GraphError):
    """The key that was shown does not allow this, whatever there is."""

    code = "scope_too_low"


class TooManyRequests(GraphError):
    """Somebody asks more often than allowed."""

    code = "too_many_requests"

    def __init__(self, detail: str, *, seconds: int) -> None:
        super().__init__(detail)
        self.seconds = seconds

    @property
    def headers(self) -> dict[str, str]:
        """When to try again."""
        return {"Retry-After": str(self.seconds)}


class NotSupported(GraphError):
    """The store that the service runs on cannot do this; another kind of store can."""

    code = "not_supported"


class RevisionTaken(GraphError):
    """The compare-and-swap lost: the map is at another revision than the writer saw."""

    code = "revision_taken"
    retryable = True


class StoreError(GraphError):
    """The store failed."""

    code = "store_error"


class StoreUnavailable(StoreError):
    """The store cannot be reached or does not answer in time."""

    code = "store_unavailable"
    retryable = True


class OutcomeUnknown(StoreError):
    """The connection ended while a write was being committed and its outcome could not be found out."""

    code = "outcome_unknown"
    retryable = True


class StoreUnusable(StoreError):
    """The store's data cannot be used: damaged, no store of ours, or of a newer version."""

    code = "store_unusable"


class MapDamaged(StoreUnusable):
    """What the store holds of one map contradicts itself; nothing of it is served, and other maps are as they were."""

    code = "map_damaged"

    def __init__(self, map_id: str | None, what: str) -> None:
        """`what` names the node or the entry, and says what is wrong with it."""
        named, option = ("this map", "") if map_id is None else (f"map {map_id!r}", f" --map {map_id}")
        super().__init__(
            f"{named} is damaged in the store: {what}; `argumap doctor{option}` lists all that is wrong, "
            f"`argumap repair{option}` makes it again from its history"
        )
        self.map = map_id
        self.what = what
