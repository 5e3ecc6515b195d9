"""Writes the bill of materials that the wheel carries (CycloneDX, PEP 770): what the runtime lock installs.

python -m scripts.sbom
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = ROOT / "argumap.cdx.json"
_LOCKED = re.compile(r"^([\w.-]+)==([^\s;\\]+)", re.MULTILINE)


def written() -> str:
    """The file's text, made of the lock alone, so that the same lock gives the same bytes."""
    version = re.search(r'^version = "(.+)"$', (ROOT / "pyproject.toml").read_text(encoding="utf-8"), re.MULTILINE)
    if version is None:
        raise ValueError("pyproject.toml names no version")
    own = {"type": "application", "name": "argumap", "version": version[1], "purl": f"pkg:pypi/argumap@{version[1]}"}
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**own, "licenses": [{"license": {"id": "Apache-2.0"}}]}},
        "components": _components((ROOT / "requirements.lock").read_text(encoding="utf-8")),
    }
    return json.dumps(whole, indent=1) + "\n"


def _components(lock: str) -> list[dict[str, Any]]:
    found = []
    for name, version in _LOCKED.findall(lock):
        purl = f"pkg:pypi/{name.lower()}@{version}"
        found.append({"type": "library", "name": name, "version": version, "purl": purl, "bom-ref": purl})
    return found


if __name__ == "__main__":
    FILE.write_text(written(), encoding="utf-8")
