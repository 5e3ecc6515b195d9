"""A backup is a store of its own, and never takes the place of a file."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.serving import Served
from tests.cli.conftest import Cli


def test_a_copy_holds_what_the_store_holds(cli: Cli, seeded: str, tmp_path: Path) -> None:
    copy = tmp_path / "copy.sqlite"
    done = cli("backup", str(copy))
    assert (done.code, done.out) == (0, f"Copied the maps in {seeded} to {copy}.\n"), done.err
    assert cli("export", "--store", f"sqlite:{copy}") == cli("export", "--store", seeded)
    assert cli("maps", "--store", f"sqlite:{copy}", "--json") == cli("maps", "--store", seeded, "--json")


def test_a_store_that_a_service_writes_to_is_copied(cli: Cli, tmp_path: Path) -> None:
    store, copy = f"sqlite:{tmp_path / 'served.sqlite'}", tmp_path / "copy.sqlite"
    with Served(tmp_path, {"ARGUMAP_STORE": store}) as served:
        assert cli("maps", "create", "winter", "--title", "Winter", "--url", served.url).code == 0
        assert cli("backup", str(copy), "--store", store).code == 0
        assert cli("maps", "create", "late", "--title", "Late", "--url", served.url).code == 0
    assert [row.split()[0] for row in cli("maps", "--store", f"sqlite:{copy}").out.splitlines()[1:]] == [
        "food-finance-firepower", "winter",
    ]  # fmt: skip


def test_a_file_that_is_there_stays(cli: Cli, seeded: str, tmp_path: Path) -> None:
    there = tmp_path / "there.sqlite"
    there.write_text("something dear")
    done = cli("backup", str(there))
    assert done.code == 1
    assert "there is such a file already" in done.err
    assert there.read_text() == "something dear"


def test_what_is_no_file_is_told_how_it_is_copied(cli: Cli) -> None:
    done = cli("backup", "copy.sqlite", "--store", "neo4j://127.0.0.1:1")
    assert done.code == 2
    assert "argumap copy" in done.err


def test_a_store_that_is_not_there_makes_no_file(cli: Cli, tmp_path: Path) -> None:
    assert cli("backup", str(tmp_path / "copy.sqlite"), "--store", f"sqlite:{tmp_path / 'none.sqlite'}").code == 3
    assert not (tmp_path / "copy.sqlite").exists()


def test_a_damaged_file_is_told_by_the_doctor_and_a_backup_by_the_hint(cli: Cli, seeded: str) -> None:
    assert cli("doctor").out == "Everything is as the history says.\n"
    path = Path(seeded.removeprefix("sqlite:"))
    sound = path.read_bytes()
    middle = len(sound) // 2 // 4096 * 4096
    path.write_bytes(sound[:middle] + b"\xa5" * 8192 + sound[middle + 8192 :])
    found = cli("doctor")
    assert (found.code, "file is damaged" in found.out, "restore a backup" in found.err) == (1, True, True)
    [told] = json.loads(cli("doctor", "--json").out)
    assert (told["map"], told["part"]) == (None, "file")
