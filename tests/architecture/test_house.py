"""Image, composition, locks, commands and documents agree with pyproject and with the service's settings."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from scripts import sbom
from tests.support.files import PACKAGES, ROOT, project_files, project_texts, pyproject

DOCKERFILE = (ROOT / "Dockerfile").read_text()
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text())
PROJECT = pyproject()["project"]


def _lock(name: str) -> dict[str, str]:
    text = (ROOT / name).read_text()
    return {
        canonicalize_name(package): version for package, version in re.findall(r"^([\w.-]+)==([^\s;]+)", text, re.M)
    }


RUNTIME, EVERYTHING = _lock("requirements.lock"), _lock("requirements-dev.lock")


@pytest.mark.parametrize(
    ("name", "least"),
    [
        ("requirements.lock", 40),
        ("requirements-dev.lock", 40),
        ("requirements-page.lock", 1),
        ("requirements-clients.lock", 20),
    ],
)
def test_every_locked_package_has_hashes(name: str, least: int) -> None:
    blocks = re.split(r"^(?=[\w.-]+==)", (ROOT / name).read_text(), flags=re.M)[1:]
    assert len(blocks) >= least
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_runtime_lock_is_part_of_the_whole() -> None:
    assert {name: version for name, version in RUNTIME.items() if EVERYTHING.get(name) != version} == {}


def test_the_locks_satisfy_pyproject() -> None:
    groups = pyproject()["dependency-groups"]
    runtime = [*PROJECT["dependencies"], *groups["build"]]
    others = [one for one in groups["dev"] if isinstance(one, str)]
    wanted = [(one, RUNTIME) for one in runtime] + [(one, EVERYTHING) for one in others]
    wanted += [(one, _lock(f"requirements-{name}.lock")) for name in ("page", "clients") for one in groups[name]]
    wanted += [(one, EVERYTHING) for extra in PROJECT["optional-dependencies"].values() for one in extra]
    missing = [one for one, lock in wanted if not _satisfied(Requirement(one), lock)]
    assert missing == [], "run `make lock`"
    assert not any("fastapi[" in one for one in runtime)


def _satisfied(wanted: Requirement, lock: dict[str, str]) -> bool:
    version = lock.get(canonicalize_name(wanted.name))
    return version is not None and wanted.specifier.contains(version, prereleases=True)


def test_the_bill_of_materials_is_that_of_the_lock() -> None:
    assert sbom.FILE.read_text() == sbom.written(), "run `python -m scripts.sbom`"
    told = {one["name"]: one["version"] for one in json.loads(sbom.written())["components"]}
    assert {canonicalize_name(name): version for name, version in told.items()} == RUNTIME
    assert pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["sbom-files"] == [sbom.FILE.name]


def test_every_shipped_package_has_its_licence_listed() -> None:
    rows = re.findall(r"^\| ([\w.-]+) \| (.+) \|$", project_texts()["docs/licences.md"], re.M)
    listed = {canonicalize_name(name): licence for name, licence in rows if name not in {"package", "---"}}
    assert set(listed) == set(RUNTIME)
    assert [name for name, licence in listed.items() if "GPL" in licence] == []
    for name in RUNTIME:
        if _installed(name):
            stated = metadata.metadata(name).get("License-Expression") or ""
            assert "GPL" not in stated, name


def _installed(name: str) -> bool:
    try:
        metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return False
    return True


def test_the_image_has_a_python_that_the_project_takes() -> None:
    versions = re.findall(r"^FROM python:(\d+\.\d+)-slim", DOCKERFILE, re.M)
    assert len(versions) == 2, "two stages"
    assert len(set(versions)) == 1, "a virtual environment moves between equal Pythons only"
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(Version(versions[0]))


def test_the_image_is_made_of_files_that_are_there() -> None:
    copied = [part for line in re.findall(r"^COPY (?!--from)(.+) \S+$", DOCKERFILE, re.M) for part in line.split()]
    allowed = re.findall(r"^!(\S+)$", (ROOT / ".dockerignore").read_text(), re.M)
    assert sorted(copied) == sorted(allowed)
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert set(PACKAGES) == set(pyproject()["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"])
    assert set(PACKAGES) <= set(copied)


def test_the_image_runs_as_nobody_special_and_says_whether_it_lives() -> None:
    assert re.search(r"^USER (?!root|0)\w+", DOCKERFILE, re.M)
    assert re.search(r"^HEALTHCHECK .*\n?.*/healthz", DOCKERFILE, re.M)
    assert "--require-hashes -r requirements.lock" in DOCKERFILE
    volume = re.search(r"^VOLUME (\S+)$", DOCKERFILE, re.M)[1]
    assert f"ARGUMAP_STORE=sqlite:{volume}/" in DOCKERFILE


def test_image_and_composition_use_one_port_and_publish_it_on_loopback() -> None:
    port = re.search(r"^EXPOSE (\d+)$", DOCKERFILE, re.M)[1]
    assert f"ARGUMAP_PORT={port}" in DOCKERFILE
    published = [one for service in COMPOSE["services"].values() for one in service.get("ports", [])]
    assert [one for one in published if not one.startswith("127.0.0.1:")] == []
    assert published[0].endswith(f":{port}")
    assert "ARGUMAP_TRUST_NETWORK" not in re.sub(r"^#.*$", "", DOCKERFILE, flags=re.M)
    assert COMPOSE["services"]["argumap"]["environment"]["ARGUMAP_TRUST_NETWORK"] == "1"


def test_the_composition_waits_for_a_healthy_database() -> None:
    service, database = COMPOSE["services"]["argumap"], COMPOSE["services"]["neo4j"]
    assert service["image"] == f"argumap:{PROJECT['version']}"
    assert service["depends_on"]["neo4j"]["condition"] == "service_healthy"
    assert database["healthcheck"]["test"]
    assert service["environment"]["ARGUMAP_STORE"] == "bolt://neo4j:7687"
    used = {volume.split(":")[0] for one in (service, database) for volume in one["volumes"]}
    assert used == set(COMPOSE["volumes"])
    secrets = [service["environment"]["ARGUMAP_NEO4J_PASSWORD"], database["environment"]["NEO4J_AUTH"]]
    assert all("${NEO4J_PASSWORD:?" in one for one in secrets), "a password stands in no file"


def test_every_setting_named_anywhere_exists() -> None:
    said = subprocess.run(
        [sys.executable, "-c", "from service.cli import main; main()", "settings"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if not name.startswith("ARGUMAP_")} | {"COLUMNS": "200"},
    ).stdout
    known = set(re.findall(r"\bARGUMAP_[A-Z0-9_]+\b", said))
    named = {
        setting: name
        for name in ("Dockerfile", "compose.yaml", "Makefile", "README.md", "CONTRIBUTING.md")
        for setting in re.findall(r"\bARGUMAP_[A-Z0-9_]*[A-Z0-9]\b", (ROOT / name).read_text())
        if not setting.startswith(("ARGUMAP_TEST_", "ARGUMAP_PUBLISHED_"))
    }
    assert named
    assert {setting: name for setting, name in named.items() if setting not in known} == {}


def test_make_lists_every_target_with_its_sentence() -> None:
    makefile = (ROOT / "Makefile").read_text()
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.M)[1].split()
    listed = dict(re.findall(r"^make (\S+)\s+(\S.+)$", _run("make"), re.M))
    assert set(listed) == set(phony)
    assert {"run", "test", "lint", "bench", "help", "neo4j", "lock", "clean", "install"} <= set(listed)
    assert [target for target, sentence in listed.items() if not sentence.endswith(".")] == []


def _run(*command: str) -> str:
    # Whatever make runs these tests must not hand its own options down.
    clean = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, env=clean).stdout


def test_ci_runs_what_a_developer_runs() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    lines = script.read_text().splitlines()
    assert "set -euo pipefail" in lines
    assert "export CI=true" in lines
    assert lines[-1] == "make test"


def test_hooks_are_local_and_use_tools_that_are_locked() -> None:
    repos = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    assert [one["repo"] for one in repos] == ["local"]
    tools = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in repos[0]["hooks"]}
    assert tools - {"python", "lint-imports"} <= set(EVERYTHING)
    makefile = (ROOT / "Makefile").read_text()
    assert [tool for tool in tools if f"$(BIN)/{tool}" not in makefile] == []


def test_the_wheel_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    _run(sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path))
    [wheel] = tmp_path.glob("*.whl")
    names = zipfile.ZipFile(wheel).namelist()
    assert [name.rpartition("/")[2] for name in names if "/sboms/" in name] == [sbom.FILE.name]
    inside = {name for name in names if ".dist-info/" not in name}
    # The page is shipped as it is built; tests/ui/test_build.py looks into it.
    inside = {name for name in inside if not name.startswith("service/static/")}
    ours = {path.relative_to(ROOT).as_posix() for path in project_files()}
    ours = {name for name in ours if not name.startswith("service/ui/")}
    assert inside == {name for name in ours if name.startswith(tuple(f"{one}/" for one in PACKAGES))}
    assert f"argumap-{PROJECT['version']}" in wheel.name
