"""Starting and ending: one line when it is ready, the seed on a first start, plain words where it cannot start."""

from __future__ import annotations

import json
import signal
import urllib.request
from pathlib import Path

import pytest

from service import server, settings
from service.settings import Settings, SettingsError
from tests.api.serving import Served


def _maps(served: Served) -> list[str]:
    with urllib.request.urlopen(f"{served.url}/v1/maps") as answer:
        return [one["id"] for one in json.load(answer)["items"]]


def test_it_says_one_line_and_loads_the_seed_once(tmp_path: Path) -> None:
    store = {"ARGUMAP_STORE": f"sqlite:{tmp_path / 'store.db'}"}
    with Served(tmp_path, store) as served:
        assert served.line.startswith("argumap ")
        assert served.line.count("\n") == 1
        assert _maps(served) == ["food-finance-firepower"]
        request = urllib.request.Request(f"{served.url}/v1/maps/food-finance-firepower", method="DELETE")
        urllib.request.urlopen(request).close()
        request = urllib.request.Request(
            f"{served.url}/v1/maps", b'{"id": "own", "title": "x"}', {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request).close()
        assert served.end() == 0
    with Served(tmp_path, store) as served:
        assert _maps(served) == ["own"]


def test_without_the_seed_a_store_stays_empty(tmp_path: Path) -> None:
    with Served(tmp_path, {"ARGUMAP_STORE": f"sqlite:{tmp_path / 's.db'}", "ARGUMAP_SEED": "0"}) as served:
        assert _maps(served) == []
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(timeout=60) == 0
        assert served.complaints() == []


def test_a_port_taken_is_said_plainly() -> None:
    listener = server.listen("127.0.0.1", 0)
    port = listener.getsockname()[1]
    with pytest.raises(SettingsError, match=rf"port {port}.*ARGUMAP_PORT=0"):
        server.serve(Settings(port=port, store="sqlite::memory:"))
    listener.close()


def test_a_host_that_is_none_is_said_plainly() -> None:
    with pytest.raises(SettingsError, match="ARGUMAP_HOST"):
        server.listen("no.such.host.invalid", 0)


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])
def test_it_refuses_to_listen_to_a_network_without_keys(host: str) -> None:
    with pytest.raises(SettingsError, match=r"refusing to listen.*no key.*ARGUMAP_TRUST_NETWORK"):
        server.serve(Settings(host=host, store="sqlite::memory:"))
    assert not settings.is_open_to_network(Settings(host=host, trust_network=True))


@pytest.mark.parametrize("host", ["127.0.0.1", "127.1.2.3", "::1", "localhost"])
def test_it_listens_to_this_machine(host: str) -> None:
    assert not settings.is_open_to_network(Settings(host=host))


def test_an_address_is_one_that_a_browser_takes() -> None:
    for host, shown in (("127.0.0.1", "http://127.0.0.1:"), ("0.0.0.0", "http://127.0.0.1:")):
        listener = server.listen(host, 0)
        assert server.address_of(listener).startswith(shown)
        listener.close()
