"""What every error of the Neo4j driver means in words of the domain; nothing else translates one."""

from typing import NamedTuple

from neo4j import exceptions as driver

from graph.errors import GraphError, OutcomeUnknown, RevisionTaken, StoreUnavailable, StoreUnusable


class Clash(RevisionTaken):
    """A uniqueness constraint was hit: most often another writer was faster."""


class OutOfMemory(StoreUnavailable):
    """The memory for transactions is full: this one is too large, or others are and it came at a bad time."""


class Meaning(NamedTuple):
    """An error of the driver in words of the domain."""

    error: type[GraphError]
    sentence: str


_MEMORY = Meaning(OutOfMemory, "Neo4j has no memory left for this transaction")
_PASSWORD = Meaning(StoreUnavailable, "Neo4j refused the user name or password")
_DATABASE = Meaning(StoreUnusable, "Neo4j has no database of this name")
_TERMINATED = Meaning(StoreUnavailable, "Neo4j ended the transaction before it was done")
_LEADER = Meaning(StoreUnavailable, "this member of the Neo4j cluster does not take writes now")
_AWAY = Meaning(StoreUnavailable, "Neo4j cannot be reached")
_MISUSE = Meaning(StoreUnusable, "the Neo4j driver was used in a way it forbids, which is a fault of argumap")

CODES: dict[str, Meaning] = {
    "Neo.TransientError.General.MemoryPoolOutOfMemoryError": _MEMORY,
    "Neo.TransientError.General.TransactionMemoryLimit": _MEMORY,
    "Neo.TransientError.General.OutOfMemoryError": _MEMORY,
    "Neo.ClientError.General.TransactionOutOfMemoryError": _MEMORY,
    "Neo.ClientError.Database.DatabaseNotFound": _DATABASE,
    "Neo.ClientError.Security.CredentialsExpired": Meaning(
        StoreUnusable, "Neo4j wants this user's initial password changed before anything else"
    ),
    "Neo.ClientError.Security.AuthenticationRateLimit": Meaning(
        StoreUnavailable, "Neo4j refused the user name or password too often and now waits some seconds"
    ),
    "Neo.ClientError.Transaction.Terminated": _TERMINATED,
    "Neo.ClientError.Transaction.LockClientStopped": _TERMINATED,
    "Neo.ClientError.Transaction.TransactionTimedOut": _TERMINATED,
    "Neo.ClientError.Transaction.TransactionTimedOutClientConfiguration": _TERMINATED,
    "Neo.ClientError.Transaction.LockAcquisitionTimeout": _TERMINATED,
}
"""Codes of the server that say more than the class of their error."""

CLASSES: dict[type[BaseException], Meaning] = {
    # what the server says
    driver.Neo4jError: Meaning(StoreUnavailable, "Neo4j failed"),
    driver.ClientError: Meaning(StoreUnusable, "Neo4j refused a statement of argumap's"),
    driver.CypherSyntaxError: Meaning(
        StoreUnusable, "Neo4j does not understand a statement of argumap's; is it another version?"
    ),
    driver.CypherTypeError: Meaning(StoreUnusable, "Neo4j holds a value of another type than argumap wrote"),
    driver.ConstraintError: Meaning(Clash, "another writer was faster"),
    driver.AuthError: _PASSWORD,
    driver.TokenExpired: _PASSWORD,
    driver.Forbidden: Meaning(StoreUnusable, "Neo4j does not allow this user to do that"),
    driver.DatabaseError: Meaning(StoreUnavailable, "Neo4j failed"),
    driver.TransientError: Meaning(StoreUnavailable, "Neo4j could not do it now"),
    driver.DatabaseUnavailable: Meaning(StoreUnavailable, "Neo4j's database is not online"),
    driver.NotALeader: _LEADER,
    driver.ForbiddenOnReadOnlyDatabase: _LEADER,
    # what the driver says
    driver.DriverError: Meaning(StoreUnavailable, "the connection to Neo4j failed"),
    driver.ServiceUnavailable: _AWAY,
    driver.RoutingServiceUnavailable: _AWAY,
    driver.WriteServiceUnavailable: _LEADER,
    driver.ReadServiceUnavailable: _AWAY,
    driver.IncompleteCommit: Meaning(OutcomeUnknown, "the connection to Neo4j was cut while it committed"),
    driver.SessionExpired: _AWAY,
    driver.ConnectionPoolError: _AWAY,
    driver.ConnectionAcquisitionTimeoutError: Meaning(StoreUnavailable, "no connection to Neo4j came free in time"),
    driver.ConfigurationError: Meaning(StoreUnusable, "the address of Neo4j or its options are wrong"),
    driver.AuthConfigurationError: _PASSWORD,
    driver.CertificateConfigurationError: Meaning(StoreUnusable, "the certificates for Neo4j cannot be used"),
    driver.UnsupportedServerProduct: Meaning(
        StoreUnusable, "what answers there is no Neo4j, or one that this driver is too new or too old for"
    ),
    driver.SessionError: _MISUSE,
    driver.TransactionError: _MISUSE,
    driver.TransactionNestingError: _MISUSE,
    driver.ResultError: _MISUSE,
    driver.ResultFailedError: _MISUSE,
    driver.ResultConsumedError: _MISUSE,
    driver.ResultNotSingleError: _MISUSE,
    driver.BrokenRecordError: _MISUSE,
    # what the network says; a deadline of ours comes as TimeoutError
    TimeoutError: Meaning(StoreUnavailable, "Neo4j does not answer in time"),
    OSError: _AWAY,
}
_HTTP = Meaning(StoreUnusable, "what answers there speaks HTTP; name Neo4j's Bolt port, most often 7687")


def is_of_driver(error: BaseException) -> bool:
    """Whether an error comes from the driver or the network, and not from our own code."""
    return isinstance(error, tuple(CLASSES)) or type(error).__module__.partition(".")[0] == "neo4j"


def is_refusal(error: BaseException) -> bool:
    """Whether the server did not take the user name or password."""
    return isinstance(error, driver.AuthError) or (
        isinstance(error, driver.Neo4jError) and error.code == "Neo.ClientError.Security.AuthenticationRateLimit"
    )


def is_loss(error: BaseException) -> bool:
    """Whether there was no server, or its connection went: it may be another process of it that answers next."""
    return isinstance(error, driver.ServiceUnavailable | driver.SessionExpired)


def meaning_of(error: BaseException) -> Meaning:
    """What an error means: by its code, else by the most specific class that the table has."""
    code = error.code if isinstance(error, driver.Neo4jError) else ""
    if "looks like HTTP" in str(error):
        return _HTTP
    return CODES.get(code) or next((CLASSES[c] for c in type(error).__mro__ if c in CLASSES), _AWAY)


def worth_repeating(error: BaseException) -> bool:
    """Whether the same transaction may succeed in a moment; never true of one that ran out of memory."""
    retryable = (
        isinstance(error, driver.Neo4jError | driver.DriverError) and error.is_retryable() and not is_refusal(error)
    )
    return retryable and meaning_of(error).error is StoreUnavailable


def translated(error: BaseException, where: str, *, committing: bool = False) -> GraphError:
    """The error in words of the domain; `committing` where the server may have carried out the commit."""
    meaning = meaning_of(error)
    if committing and meaning.error is StoreUnavailable:
        meaning = Meaning(OutcomeUnknown, f"{meaning.sentence}, and that while it committed")
    said = error.message if isinstance(error, driver.Neo4jError) else str(error)
    reason = f": {' '.join(said.split())}" if said else ""
    return meaning.error(f"{meaning.sentence} ({where}){reason}")
