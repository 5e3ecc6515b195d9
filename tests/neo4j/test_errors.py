"""Every error of the driver has a meaning of its own, and only what may pass is tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

import pytest
from neo4j import exceptions as driver

from graph.errors import (
    OutcomeUnknown,
    RevisionTaken,
    StoreError,
    StoreUnavailable,
    StoreUnusable,
)
from graph.stores.neo4j_access import Access
from graph.stores.neo4j_calls import Calls, Deadline
from graph.stores.neo4j_errors import CLASSES, CODES, OutOfMemory, is_of_driver, meaning_of, translated, worth_repeating

MEMORY = "Neo.TransientError.General.MemoryPoolOutOfMemoryError"
DEADLOCK = "Neo.TransientError.Transaction.DeadlockDetected"


def server_error(code: str, message: str = "as it says") -> driver.Neo4jError:
    """The error that the driver makes of a server's answer."""
    return driver.Neo4jError._hydrate_neo4j(code=code, message=message)


def classes(root: type[BaseException]) -> Iterator[type[BaseException]]:
    yield root
    for inner in root.__subclasses__():
        yield from classes(inner)


@pytest.mark.parametrize("root", [driver.Neo4jError, driver.DriverError])
def test_no_error_class_of_the_driver_is_without_a_meaning(root: type[BaseException]) -> None:
    grown = [c.__name__ for c in classes(root) if c.__module__.startswith("neo4j") and c not in CLASSES]
    assert grown == []


def test_every_code_has_the_form_of_a_code() -> None:
    assert [code for code in CODES if len(code.split(".")) != 4 or not code.startswith("Neo.")] == []


@pytest.mark.parametrize(
    ("error", "kind", "words"),
    [
        (server_error("Neo.ClientError.Security.Unauthorized"), StoreUnavailable, "password"),
        (server_error("Neo.ClientError.Security.CredentialsExpired"), StoreUnusable, "initial password"),
        (server_error("Neo.ClientError.Security.AuthenticationRateLimit"), StoreUnavailable, "too often"),
        (server_error("Neo.ClientError.Security.Forbidden"), StoreUnusable, "allow"),
        (server_error("Neo.ClientError.Database.DatabaseNotFound"), StoreUnusable, "no database"),
        (server_error("Neo.ClientError.Statement.SyntaxError"), StoreUnusable, "version"),
        (server_error("Neo.ClientError.Schema.ConstraintValidationFailed"), RevisionTaken, "faster"),
        (server_error("Neo.ClientError.Cluster.NotALeader"), StoreUnavailable, "cluster"),
        (server_error("Neo.ClientError.Transaction.Terminated"), StoreUnavailable, "ended the transaction"),
        (server_error(DEADLOCK), StoreUnavailable, "now"),
        (server_error(MEMORY), OutOfMemory, "memory"),
        (server_error("Neo.DatabaseError.General.UnknownError"), StoreUnavailable, "failed"),
        (driver.IncompleteCommit("cut"), OutcomeUnknown, "while it committed"),
        (driver.SessionExpired("gone"), StoreUnavailable, "reached"),
        (driver.ServiceUnavailable("Cannot connect (looks like HTTP)"), StoreUnusable, "Bolt port"),
        (driver.UnsupportedServerProduct("Apache"), StoreUnusable, "no Neo4j"),
        (ConnectionResetError("reset"), StoreUnavailable, "reached"),
        (TimeoutError(), StoreUnavailable, "in time"),
    ],
)
def test_what_an_error_means(error: Exception, kind: type[StoreError], words: str) -> None:
    said = translated(error, "bolt://here")
    assert isinstance(said, kind)
    assert words in said.detail
    assert "bolt://here" in said.detail


def test_an_error_that_the_table_does_not_have_means_what_its_parent_means() -> None:
    class Grown(driver.TransientError):
        pass

    assert meaning_of(Grown()) == CLASSES[driver.TransientError]


@pytest.mark.parametrize(
    ("error", "unknown"),
    [
        (TimeoutError(), True),
        (driver.ServiceUnavailable(), True),
        (server_error("Neo.TransientError.Cluster.ReplicationFailure"), True),
        (driver.IncompleteCommit(), True),
        (server_error("Neo.ClientError.Schema.ConstraintValidationFailed"), False),
        (server_error(MEMORY), False),
    ],
)
def test_once_the_commit_was_sent_only_a_plain_no_means_no(error: Exception, unknown: bool) -> None:
    assert isinstance(translated(error, "there", committing=True), OutcomeUnknown) is unknown


def test_only_what_may_pass_is_repeated() -> None:
    assert worth_repeating(server_error(DEADLOCK))
    assert worth_repeating(driver.SessionExpired())
    assert server_error(MEMORY).is_retryable(), "the driver would repeat it, in vain"
    assert not worth_repeating(server_error(MEMORY))
    assert not worth_repeating(driver.IncompleteCommit())
    assert not worth_repeating(TimeoutError())
    assert not worth_repeating(server_error("Neo.ClientError.Security.Unauthorized"))


def test_errors_of_our_own_are_left_alone() -> None:
    assert not is_of_driver(ValueError())
    assert not is_of_driver(RevisionTaken("late"))


@pytest.mark.parametrize(
    ("error", "committing", "attempts"),
    [
        (server_error(DEADLOCK), False, 3),
        (server_error(DEADLOCK), True, 1),
        (server_error(MEMORY), False, 1),
        (TimeoutError(), False, 1),
        (driver.ServiceUnavailable(), False, 3),
    ],
)
async def test_how_often_a_call_is_tried(error: Exception, committing: bool, attempts: int) -> None:
    tried = 0

    async def attempt(deadline: Deadline) -> None:
        nonlocal tried
        tried += 1
        deadline.committing = committing
        raise error

    with pytest.raises(StoreError):
        await Calls("bolt://nowhere", Access(), None, 1)._repeated(attempt)
    assert tried == attempts


async def test_a_call_that_hears_nothing_ends_within_its_patience() -> None:
    patience = 0.5

    async def attempt(deadline: Deadline) -> None:
        for _ in range(5):
            now = asyncio.get_running_loop().time()
            deadline.move_on()
            end = deadline.timeout.when()
            assert end is not None
            assert end >= now + patience, "an answer moves the end on"
        await asyncio.Event().wait()

    begun = asyncio.get_running_loop().time()
    async with asyncio.timeout(60):
        with pytest.raises(StoreUnavailable, match="in time"):
            await Calls("bolt://nowhere", Access(), None, patience)._repeated(attempt)
    assert asyncio.get_running_loop().time() - begun >= patience
