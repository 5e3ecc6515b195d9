"""`argumap keys`: the first is made on the store, and from then on the service asks for one."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from tests.api.serving import Served
from tests.cli.conftest import Cli


def make(cli: Cli, *options: str) -> str:
    made = cli("keys", "create", *options)
    assert made.code == 0, made.err
    assert "not shown again" in made.out
    return made.out.splitlines()[0]


def test_keys_are_made_listed_and_revoked(cli: Cli) -> None:
    assert cli("maps", "create", "winter", "--title", "Winter").code == 0
    assert cli("keys", "list").out.startswith("There is no key")
    secret = make(cli, "--name", "Ida Holm", "--scope", "write", "--map", "winter", "--expires", "30")
    assert secret.startswith("argm_")
    head, row = cli("keys", "list").out.splitlines()
    assert head.split()[:3] == ["NAME", "ID", "STATE"]
    assert row.startswith("Ida Holm")
    assert row.endswith("write, winter")
    listed = cli("keys", "list", "--json").out
    assert json.loads(listed)["total"] == 1
    assert secret not in listed + row
    assert cli("keys", "create", "--name", "Ida Holm", "--scope", "read").code == 1
    assert cli("keys", "revoke", "Ida Holm").out.startswith("Revoked the key Ida Holm")
    assert "revoked" in cli("keys", "list").out
    assert cli("keys", "revoke", "Ida Holm").code == 2
    assert cli("maps").code == 0, "whoever has the store needs no key"


WRONG = (
    ("--scope", "root"),
    ("--scope", "read", "--map", "wintr"),
    ("--scope", "read", "--expires", "0"),
)


@pytest.mark.parametrize("options", WRONG)
def test_a_key_that_cannot_be_is_wrong_use(cli: Cli, options: tuple[str, ...]) -> None:
    cli("maps", "create", "winter", "--title", "Winter")
    refused = cli("keys", "create", "--name", "x", *options)
    assert (refused.code, refused.out) == (2, "")


def test_a_running_service_asks_for_a_key_from_the_first_one_on(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = f"sqlite:{tmp_path / 'served.sqlite'}"
    with Served(tmp_path, {"ARGUMAP_STORE": store}) as served:
        assert cli("maps", "--url", served.url).code == 0
        assert (
            "argumap keys create" in cli("keys", "create", "--url", served.url, "--name", "x", "--scope", "admin").err
        )
        secret = make(cli, "--store", store, "--name", "owner", "--scope", "admin")
        refused = cli("maps", "--url", served.url)
        assert (refused.code, "ARGUMAP_KEY" in refused.err) == (2, True)
        monkeypatch.setenv("ARGUMAP_KEY", secret)
        assert cli("maps", "--url", served.url).code == 0
        reader = make(cli, "--url", served.url, "--name", "reader", "--scope", "read")
        assert cli("keys", "revoke", "--url", served.url, "owner").code == 0
        assert "revoked" in cli("maps", "--url", served.url).err
        monkeypatch.setenv("ARGUMAP_KEY", reader)
        assert cli("maps", "--url", served.url).code == 0
        assert "scope" in cli("maps", "delete", "--url", served.url, "food-finance-firepower", "--yes").err
        log = served.log()
    assert secret not in log
    assert reader not in log


def test_with_a_key_it_listens_to_a_network(cli: Cli, tmp_path: Path) -> None:
    store = f"sqlite:{tmp_path / 'served.sqlite'}"
    make(cli, "--store", store, "--name", "owner", "--scope", "admin")
    with (
        Served(tmp_path, {"ARGUMAP_STORE": store, "ARGUMAP_HOST": "0.0.0.0"}) as served,
        socket.create_connection(("127.0.0.1", int(served.url.rpartition(":")[2]))) as connection,
    ):
        connection.sendall(b"GET /v1/maps HTTP/1.1\r\nHost: maps.example\r\nConnection: close\r\n\r\n")
        assert connection.recv(99).startswith(b"HTTP/1.1 401")
