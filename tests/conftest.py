"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest
from hypothesis import settings

from scripts.neo4j_jars import Neo4jServerError
from scripts.neo4j_server import Neo4jServer
from tests.support.ci import not_here
from tests.support.neo4j import EVERY_CASE, GIVEN, NEO4J_VERSIONS, SHORT_LIVED, Neo4jAddress, SharedServers

pytest_plugins = ["tests.support.report"]
# An example may take as long as it takes: a time limit would fail on a busy machine.
settings.register_profile("any pace", settings(deadline=None))
settings.load_profile("any pace")

_OVER_THE_PORT = ("tests/api/", "tests/cli/", "tests/property/")
_SERVERS = pytest.StashKey[SharedServers]()


def pytest_configure(config: pytest.Config) -> None:
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # A run begun in the background inherits this, and so would every command that a test interrupts.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    given = getattr(config, "workerinput", None)
    config.stash[_SERVERS] = SharedServers(Path(given["servers"])) if given else SharedServers.of_this_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    config.stash[_SERVERS].close()
    if not hasattr(config, "workerinput"):
        config.stash[_SERVERS].end()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    node.workerinput["servers"] = str(node.config.stash[_SERVERS].folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All tests of one server run in one worker, one after another, so that a test may empty it.

    The first version runs every case; of a test that has several, another version runs those that `once_each` leaves.
    """
    versions = {item.nodeid: version for item in items if (version := _version_of(item)) is not None}
    for item in items:
        if (version := versions.get(item.nodeid)) is not None:
            item.add_marker(pytest.mark.neo4j)
            if config.pluginmanager.hasplugin("xdist"):
                item.add_marker(pytest.mark.xdist_group(f"neo4j-{version}"))
    if not EVERY_CASE:
        left_out = {*once_each(items, versions), *further_cases(items, versions)}
        config.hook.pytest_deselected(items=[item for item in items if item in left_out])
        items[:] = [item for item in items if item not in left_out]


def _version_of(item: pytest.Item) -> str | None:
    """The version of the server that a test takes, if it takes one."""
    values = item.callspec.params.values() if hasattr(item, "callspec") else ()
    said = {value.removeprefix("neo4j-") for value in values if isinstance(value, str)}
    return next((version for version in NEO4J_VERSIONS if version in said), None)


def once_each(items: list[pytest.Item], versions: Mapping[str, str]) -> list[pytest.Item]:
    """What the versions after the first leave out: the cases that only vary what they have shown with the first case of
    the same test, and all that is asked over HTTP or by commands, which know of the store what the port says.

    Cases of a test marked `every_version` are not among them: they are texts that a server reads in its own way.
    """
    seen: set[tuple[str, str]] = set()
    left_out = []
    for item in items:
        version = versions.get(item.nodeid)
        if version in NEO4J_VERSIONS[1:] and item.get_closest_marker("every_version") is None:
            test = (item.nodeid.partition("[")[0], version)
            if test in seen or item.nodeid.startswith(_OVER_THE_PORT):
                left_out.append(item)
            seen.add(test)
    return left_out


def further_cases(items: list[pytest.Item], versions: Mapping[str, str]) -> list[pytest.Item]:
    """All cases but the first of a test marked `first_case`, for each version that it runs on."""
    seen: set[tuple[str, str | None]] = set()
    left_out = []
    for item in items:
        if item.get_closest_marker("first_case") is not None:
            test = (item.nodeid.partition("[")[0], versions.get(item.nodeid))
            if test in seen:
                left_out.append(item)
            seen.add(test)
    return left_out


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where groups are without effect: two workers on one server would empty it for each other."""
    if getattr(session.config.option, "loadgroup", False):
        for item in session.items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError(f"pytest-xdist does not keep to the group of {item.nodeid}; see pyproject.toml")


@pytest.fixture(scope="session")
def neo4j_of_version(pytestconfig: pytest.Config) -> Callable[[str], Neo4jAddress]:
    """Gives the server of one of NEO4J_VERSIONS, emptied at each call: for fixtures with parameters of their own."""
    return lambda version: _had(version, pytestconfig.stash[_SERVERS].taken_over)


@pytest.fixture(params=NEO4J_VERSIONS)
def neo4j_address(request: pytest.FixtureRequest) -> Neo4jAddress:
    """A running server with nothing in it, once for each version; a new one for a test marked `new_server`."""
    servers = request.config.stash[_SERVERS]
    is_new = request.node.get_closest_marker("new_server") is not None
    return _had(request.param, servers.renewed if is_new else servers.taken_over)


def _had(version: str, take: Callable[[str], Neo4jAddress]) -> Neo4jAddress:
    try:
        return take(version)
    except Neo4jServerError as error:
        not_here(f"Neo4j {version}: {error}")


@pytest.fixture
def neo4j_uri(neo4j_address: Neo4jAddress) -> str:
    return neo4j_address.uri


@pytest.fixture
def own_neo4j(tmp_path: Path) -> Iterator[Neo4jServer]:
    """A server for this test alone, to kill, freeze and start again."""
    version = next((name for name in NEO4J_VERSIONS if name != GIVEN), None)
    if version is None:
        not_here("a server given by its address cannot be killed")
    server = Neo4jServer(tmp_path / "neo4j", version=version, jvm=SHORT_LIVED)
    try:
        server.start()
    except Neo4jServerError as error:
        not_here(str(error))
    yield server
    server.kill()
