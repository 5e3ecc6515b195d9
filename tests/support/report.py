"""Prints what a run stands on, and at its end what could not be run and why."""

from __future__ import annotations

from collections import Counter

import apsw
import neo4j
import pytest

from tests.support.ci import on_ci
from tests.support.neo4j import EVERY_CASE, LEFT_OUT, NEO4J_VERSIONS

_CASES = "every case" if EVERY_CASE else "of each test the first case; ARGUMAP_TEST_EVERY_CASE=1 runs all"


def pytest_report_header() -> list[str]:
    return [
        f"SQLite {apsw.sqlite_lib_version()} (apsw {apsw.apsw_version()}), neo4j driver {neo4j.__version__}",
        f"Neo4j servers: {', '.join(NEO4J_VERSIONS)}" + "".join(f"; left out: {why}" for why in LEFT_OUT),
        *(f"Neo4j {version}: {_CASES}" for version in NEO4J_VERSIONS[1:]),
    ]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = skip_reasons(terminalreporter)
    if reasons or LEFT_OUT:
        terminalreporter.section("could not be run")
        for reason, count in reasons.most_common():
            terminalreporter.line(f"{count} test{'s' if count > 1 else ''}: {reason}")
        for reason in LEFT_OUT:
            terminalreporter.line(f"left out: {reason}")
    if reasons and on_ci():
        terminalreporter.line("CI=true: a skipped test fails the run", red=True)


def pytest_sessionfinish(session: pytest.Session) -> None:
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    passed = session.exitstatus == pytest.ExitCode.OK
    if passed and on_ci() and reporter is not None and skip_reasons(reporter):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def skip_reasons(reporter: pytest.TerminalReporter) -> Counter[str]:
    """How often each reason was given for not running a test."""
    skipped = reporter.stats.get("skipped", [])
    return Counter(report.longrepr[2].removeprefix("Skipped: ") for report in skipped)
