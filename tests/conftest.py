"""Fixtures that more than one folder of tests uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from scripts.neo4j_jars import Neo4jServerError
from scripts.neo4j_server import Neo4jServer
from tests.support.ci import not_here
from tests.support.neo4j import GIVEN, NEO4J_VERSIONS, Neo4jAddress, SharedServers

pytest_plugins = ["tests.support.report"]

_SERVERS = pytest.StashKey[SharedServers]()


def pytest_configure(config: pytest.Config) -> None:
    given = getattr(config, "workerinput", None)
    config.stash[_SERVERS] = SharedServers(Path(given["servers"])) if given else SharedServers.of_this_run()


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        config.stash[_SERVERS].end()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: pytest.Item) -> None:
    node.workerinput["servers"] = str(node.config.stash[_SERVERS].folder)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """All tests of one server run in one worker, one after another, so that a test may empty it."""
    for item in items:
        values = item.callspec.params.values() if hasattr(item, "callspec") else ()
        for version in NEO4J_VERSIONS:
            if any(value in {version, f"neo4j-{version}"} for value in values if isinstance(value, str)):
                item.add_marker(pytest.mark.neo4j)
                if config.pluginmanager.hasplugin("xdist"):
                    item.add_marker(pytest.mark.xdist_group(f"neo4j-{version}"))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Refuse to run where groups are without effect: two workers on one server would empty it for each other."""
    if getattr(session.config.option, "loadgroup", False):
        for item in session.items:
            if item.get_closest_marker("xdist_group") and "@" not in item.nodeid:
                raise pytest.UsageError(f"pytest-xdist does not keep to the group of {item.nodeid}; see pyproject.toml")


@pytest.fixture(scope="session")
def neo4j_of_version(pytestconfig: pytest.Config) -> Callable[[str], Neo4jAddress]:
    """Gives the server of a version of NEO4J_VERSIONS, for fixtures that have parameters of their own."""

    def address(version: str) -> Neo4jAddress:
        try:
            return pytestconfig.stash[_SERVERS].address(version)
        except Neo4jServerError as error:
            not_here(f"Neo4j {version}: {error}")

    return address


@pytest.fixture(scope="session", params=NEO4J_VERSIONS)
def neo4j_address(request: pytest.FixtureRequest, neo4j_of_version: Callable[[str], Neo4jAddress]) -> Neo4jAddress:
    """A running server, once for each version."""
    return neo4j_of_version(request.param)


@pytest.fixture(scope="session")
def neo4j_uri(neo4j_address: Neo4jAddress) -> str:
    return neo4j_address.uri


@pytest.fixture
def own_neo4j(tmp_path: Path) -> Iterator[Neo4jServer]:
    """A server for this test alone, to kill, freeze and start again."""
    version = next((name for name in NEO4J_VERSIONS if name != GIVEN), None)
    if version is None:
        not_here("a server given by its address cannot be killed")
    server = Neo4jServer(tmp_path / "neo4j", version=version)
    try:
        server.start()
    except Neo4jServerError as error:
        not_here(str(error))
    yield server
    server.kill()
