"""`argumap serve`: starts, says where, loads the example on a first start, and ends without a word."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.support.files import ROOT


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM], ids=["interrupt", "terminate"])
def test_it_serves_until_it_is_told_to_end(tmp_path: Path, end: signal.Signals) -> None:
    clean = {name: value for name, value in os.environ.items() if not name.startswith("ARGUMAP_")}
    command = [sys.executable, "-m", "service", "serve", "--port", "0", "--store", f"sqlite:{tmp_path / 'x.sqlite'}"]
    with subprocess.Popen(
        command, cwd=ROOT, env=clean, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        ready, _, _ = select.select([process.stdout], [], [], 60)
        found = re.search(r"http://\S+", process.stdout.readline() if ready else "")
        assert found is not None
        with urllib.request.urlopen(f"{found[0]}/v1/maps") as answer:
            assert [one["id"] for one in json.load(answer)["items"]] == ["food-finance-firepower"]
        process.send_signal(end)
        out, error = process.communicate(timeout=60)
    assert (process.returncode, out, error) == (0, "", "")
