"""One Neo4j server of each version for a whole test run, started by the first test that needs it.

The run's own process (under xdist the controller) makes the folder and ends the servers; whichever process
first needs a version starts it under a lock, and the others attach to it. Whoever takes a server over gets it
empty, whatever the test before has left in it.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from neo4j import Driver, GraphDatabase
from neo4j.exceptions import DriverError, Neo4jError

from scripts.neo4j_jars import LATEST, LTS, Neo4jServerError, Release, find_java, locked
from scripts.neo4j_server import Neo4jServer
from tests.support.emptying import empty

SHORT_LIVED = ("-XX:TieredStopAtLevel=1", "-XX:ReservedCodeCacheSize=240m")
"""Options of a JVM that lives for minutes: what is compiled twice otherwise is compiled once, for 2/3 of the CPU.

The first makes the room for compiled code a fifth of what it is without: a server that many tests ask fills that,
throws code away and in the end interprets, at a quarter of its pace.
"""
GIVEN = "given"  # the version's place where the address was given from outside


@dataclass(frozen=True)
class Neo4jAddress:
    """What a driver needs to reach a server."""

    uri: str
    user: str
    password: str


def driver_of(address: Neo4jAddress) -> Driver:
    """A driver of a user's own, which knows nothing of ours."""
    return GraphDatabase.driver(
        address.uri, auth=(address.user, address.password), notifications_disabled_classifications=["UNRECOGNIZED"]
    )


def given_address(environment: Mapping[str, str] = os.environ) -> Neo4jAddress | None:
    """The server that ARGUMAP_TEST_NEO4J_URI names, if it names one."""
    uri = environment.get("ARGUMAP_TEST_NEO4J_URI")
    if not uri:
        return None
    user = environment.get("ARGUMAP_TEST_NEO4J_USER", "neo4j")
    return Neo4jAddress(uri, user, environment.get("ARGUMAP_TEST_NEO4J_PASSWORD", ""))


def versions() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The versions that the tests run on here, and a sentence for each that is left out.

    The LTS version is never left out: where it cannot run, its tests skip, or fail on CI.
    """
    if given_address() is not None:
        return (GIVEN,), ()
    try:
        find_java(Release.of(LATEST))
    except Neo4jServerError as error:
        return (LTS,), (str(error),)
    return (LTS, LATEST), ()


NEO4J_VERSIONS, LEFT_OUT = versions()
EVERY_CASE = os.environ.get("ARGUMAP_TEST_EVERY_CASE", "").lower() in {"1", "true", "yes"}
"""Whether each version runs every case of every test, and not the first alone."""


class SharedServers:
    """The servers of one test run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._drivers: dict[str, tuple[Neo4jAddress, Driver]] = {}

    @classmethod
    def of_this_run(cls) -> SharedServers:
        """A folder of this process's own; servers of runs that were killed are ended first."""
        base = Path(tempfile.gettempdir()) / f"argumap-tests-{os.getuid()}"
        base.mkdir(mode=0o700, exist_ok=True)
        for earlier in base.glob("run-*"):
            if not _lives(int(earlier.name.removeprefix("run-"))):
                cls(earlier).end()
        return cls(base / f"run-{os.getpid()}")

    def address(self, version: str) -> Neo4jAddress:
        """The server of this version, started if it does not run; a failed start is not tried again."""
        if version == GIVEN and (given := given_address()):
            return given
        home = self.folder / version
        home.mkdir(parents=True, exist_ok=True)
        failed = home / "failed.txt"
        with locked(self.folder / f"{version}.lock"):
            if failed.exists():
                raise Neo4jServerError(failed.read_text())
            try:
                server = self._running(home) or Neo4jServer(home, version=version, jvm=SHORT_LIVED).start()
            except Neo4jServerError as error:
                failed.write_text(str(error))
                raise
        return Neo4jAddress(server.uri, server.user, server.password)

    def taken_over(self, version: str) -> Neo4jAddress:
        """The server of this version, emptied for who asks; one that cannot be emptied is replaced by a new one."""
        try:
            return self._emptied(version)
        except (DriverError, Neo4jError):
            if version == GIVEN:
                raise
        return self.renewed(version)

    def renewed(self, version: str) -> Neo4jAddress:
        """A new server of this version in the place of the one that there was, with all of its memory free."""
        if version != GIVEN:
            self.close(version)
            self._kill(self.folder / version)
        return self._emptied(version)

    def _emptied(self, version: str) -> Neo4jAddress:
        if version not in self._drivers:
            address = self.address(version)
            self._drivers[version] = (address, driver_of(address))
        address, driver = self._drivers[version]
        empty(driver)
        return address

    def close(self, *versions: str) -> None:
        """Give up the connections to these servers, or to all."""
        for version in versions or tuple(self._drivers):
            if version in self._drivers:
                self._drivers.pop(version)[1].close()

    def _kill(self, home: Path) -> None:
        if (home / "server.json").exists():
            Neo4jServer.attached(home).kill()
        shutil.rmtree(home, ignore_errors=True)

    def end(self) -> None:
        """Kill every server of the run and remove its data; a clean stop of each would take ten seconds."""
        for state in self.folder.glob("*/server.json"):
            Neo4jServer.attached(state.parent).kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    @staticmethod
    def _running(home: Path) -> Neo4jServer | None:
        if not (home / "server.json").exists():
            return None
        server = Neo4jServer.attached(home)
        return server if server.running else None


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
