"""Settings: one table, read from the environment and from options, and nothing that is not known."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from service.settings import Settings, SettingsError, read_settings, setting_fields, shown_settings, variable
from tests.support.files import ROOT


def test_the_defaults_are_those_of_the_contract() -> None:
    found = read_settings({})
    assert (found.host, found.port, found.seed, found.trust_network) == ("127.0.0.1", 8000, True, False)
    assert found.store_url.startswith("sqlite:/")
    assert found.store_url.endswith("argumap/argumap.sqlite")


def test_an_option_goes_before_the_environment() -> None:
    environment = {"ARGUMAP_PORT": "9000", "ARGUMAP_HOST": "::1", "PATH": "x"}
    found = read_settings(environment, {"port": "0", "host": None})
    assert (found.port, found.host) == (0, "::1")


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("SEED", "no", False), ("SEED", "ON", True), ("BODY_LIMIT", "512K", 512 << 10), ("MEMORY", "1 GB", 1 << 30),
        ("ANSWER_CACHE", "0", 0), ("STORE_TIMEOUT", "0.5", 0.5), ("NEO4J_DATABASE", "", None),
        ("STORE", "neo4j://h:7687", "neo4j://h:7687"), ("WORKERS", "2", 2),
    ],
)  # fmt: skip
def test_values_are_read(name: str, value: str, meant: object) -> None:
    assert getattr(read_settings({f"ARGUMAP_{name}": value}), name.lower()) == meant


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "65536"), ("PORT", "-1"), ("SEED", "perhaps"), ("BODY_LIMIT", "4 million"),
        ("STORE_TIMEOUT", "0"), ("STORE_TIMEOUT", "soon"), ("HOST", " "), ("WORKERS", "0"), ("STORE", ""),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_is_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"ARGUMAP_{name} "):
        read_settings({f"ARGUMAP_{name}": value})


def test_an_unknown_variable_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(SettingsError, match="no setting ARGUMAP_STOER; did you mean ARGUMAP_STORE"):
        read_settings({"ARGUMAP_STOER": "x"})
    with pytest.raises(SettingsError, match="argumap settings"):
        read_settings({"ARGUMAP_QQQQQQQQQQ": "x"})
    read_settings({"ARGUMAP_TEST_NEO4J_URI": "x", "ARGUMAP_URL": "x", "ARGUMAP_KEY": "x", "ARGUMAP_SHARED": "x"})


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    found = read_settings({"ARGUMAP_NEO4J_PASSWORD": "very-secret"})
    assert "very-secret" not in repr(found)
    assert "very-secret" not in repr(shown_settings(found))
    assert found.password() == "very-secret"
    for address in ("neo4j://me:very-secret@host:7687", "bolt+s://very-secret@host", "nonsense://x:very-secret@y/z"):
        with pytest.raises(SettingsError, match="NEO4J_PASSWORD_FILE") as refused:
            read_settings({"ARGUMAP_STORE": address})
        assert "very-secret" not in str(refused.value)
    file = tmp_path / "password"
    file.write_text("from-a-file\n")
    assert read_settings({"ARGUMAP_NEO4J_PASSWORD_FILE": str(file)}).password() == "from-a-file"
    with pytest.raises(SettingsError, match="NEO4J_PASSWORD_FILE"):
        read_settings({"ARGUMAP_NEO4J_PASSWORD_FILE": str(tmp_path / "none")}).password()
    with pytest.raises(SettingsError, match="not both"):
        read_settings({"ARGUMAP_NEO4J_PASSWORD_FILE": "x", "ARGUMAP_NEO4J_PASSWORD": "y"})


def test_each_setting_is_shown_with_its_sentence() -> None:
    rows = shown_settings(Settings())
    assert [row[0] for row in rows] == [variable(one.name) for one in setting_fields()]
    assert all(row[2].endswith(".") for row in rows)
    assert {name: value for name, value, _ in rows}["ARGUMAP_SEED"] == "1"


def test_nothing_is_read_at_import() -> None:
    code = "import service.app, service.server, service.settings"
    environment = {"ARGUMAP_STOER": "x", "ARGUMAP_PORT": "eighty", "PATH": "", "HOME": "/nonexistent"}
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr
