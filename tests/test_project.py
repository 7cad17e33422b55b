"""The project's own files: what is packaged, what is locked, what make and the checks do."""

from __future__ import annotations

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

import bot

ROOT = Path(__file__).parent.parent
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS = ("requirements.txt", "requirements-build.txt", "requirements-dev.txt", "requirements-train.txt")


def pins(lock: str) -> dict[str, str]:
    """Package -> version, as locked (the last one, where markers choose)."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def canonical(requirement: str) -> str:
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    assert found is not None
    return re.sub(r"[-_.]+", "-", found[0]).lower()


@pytest.mark.parametrize("lock", LOCKS)
def test_locks_name_no_index_and_hash_everything(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    for word in ("http:", "https:", "file:", "--index", "--extra-index", "--find-links", "--trusted-host", "-i ", "-f "):
        assert word not in text
    entries = re.split(r"^(?=[a-z0-9])", text, flags=re.MULTILINE)[1:]
    assert entries
    for entry in entries:
        assert re.match(r"[a-z0-9._-]+==\S+( ; .+)? \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry.split("\n")[0]


def test_locks_hold_all_that_the_project_asks_for() -> None:
    runtime, build, development = pins("requirements.txt"), pins("requirements-build.txt"), pins("requirements-dev.txt")
    asked = PROJECT["project"]["dependencies"]
    assert {canonical(name) for name in asked} <= set(runtime)
    assert {canonical(name) for name in PROJECT["dependency-groups"]["build"]} <= set(build)
    assert {canonical(name) for name in PROJECT["project"]["optional-dependencies"]["dev"]} <= set(development)
    assert (runtime | build).items() <= development.items(), "the locks must be made together: make lock"
    assert {"slack-bolt", "aiosqlite", "apscheduler"} <= set(runtime)
    assert "numpy" not in development, "only training may need it"


def test_what_runs_needs_nothing_that_only_builds_or_tests_or_isnt_used_yet() -> None:
    runtime, build = pins("requirements.txt"), pins("requirements-build.txt")
    # What is in both would be taken away with the build tools (see the Makefile).
    assert runtime.keys() & build.keys() == set()
    assert {"hatchling", "pytest", "ruff", "mypy", "hypothesis"} & runtime.keys() == set()


def test_the_lock_serves_every_system() -> None:
    # What only one of them needs is there with its mark: the proof that the lock is universal.
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert re.search(r"^colorama==\S+ ; sys_platform == 'win32'", text, re.MULTILINE)
    assert PROJECT["project"]["requires-python"] == ">=3.11"


def test_what_the_code_imports_is_asked_for_by_name() -> None:
    """Nothing is imported that only comes along with something else."""
    distributions = {"pydantic_core": "pydantic", "svg": "svg.py", "dateutil": "python-dateutil", "discord": "discord.py"}
    asked = {canonical(name) for name in PROJECT["project"]["dependencies"]}
    for path in (path for package in ("bot", "adapters", "storage") for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
            for top in {name.split(".")[0] for name in names} - {"bot", "adapters", "storage"} - sys.stdlib_module_names:
                assert canonical(distributions.get(top, top)) in asked, f"{path.name} imports {top}"


def test_there_is_one_version() -> None:
    assert bot.__version__ == PROJECT["project"]["version"]


def test_what_is_built_holds_every_file_of_the_packages(tmp_path: Path) -> None:
    """A wheel, made without isolation and so without a network: the SQL, cue and weight files must be in it."""
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True, timeout=60)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        built = set(archive.namelist())
        (scripts,) = (name for name in built if name.endswith("entry_points.txt"))
        assert "realreply = bot.cli.main:main" in archive.read(scripts).decode()
    ours = {
        path.relative_to(ROOT).as_posix()
        for package in ("bot", "adapters", "storage")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and path.suffix != ".pyc"
    }
    assert ours <= built
    assert not {name for name in built if name.split("/")[0] not in ("bot", "adapters", "storage") and ".dist-info/" not in name}
    assert any(name.endswith("/licenses/LICENSE") for name in built)


def make(*arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("MAKE", "MFLAGS", "PYTHON"))}
    return subprocess.run(
        ["make", *arguments], cwd=folder, capture_output=True, text=True, check=False, env=environment, timeout=30
    )


@pytest.fixture
def fresh(tmp_path: Path) -> Path:
    """A folder with what make looks at, and no .venv."""
    for name in ("Makefile", "pyproject.toml", *LOCKS):
        shutil.copy(ROOT / name, tmp_path)
    return tmp_path


def test_make_lists_what_it_makes() -> None:
    listed = make("help", folder=ROOT).stdout
    for target in ("demo", "test", "bench", "score", "train", "lock", "clean"):
        assert f"make {target} " in listed


def test_make_says_plainly_that_python_is_too_old_or_missing(fresh: Path) -> None:
    old = fresh / "python3.9"
    # A shell script that is Python 3.9.2 as far as anybody can tell.
    pretend = f"{sys.executable} -c 'import sys; sys.version_info = (3, 9, 2); exec(sys.argv[1])'"
    old.write_text(f'#!/bin/sh\nif [ "$1" = -V ]; then echo "Python 3.9.2"; else {pretend} "$2"; fi\n', encoding="utf-8")
    old.chmod(0o755)
    for command, said in (
        ("./python3.9", "needs Python 3.11 or newer, and './python3.9' is Python 3.9.2"),
        ("./none", "no './none'"),
    ):
        result = make("demo", f"PYTHON={command}", folder=fresh)
        assert result.returncode != 0
        assert said in result.stderr
        assert not (fresh / ".venv").exists()


def test_make_installs_from_the_lock_when_it_changed_and_only_then(fresh: Path) -> None:
    """Dry runs: `make -n` prints what would be done."""

    def plan() -> str:
        return make("-n", "test", folder=fresh).stdout

    assert "--require-hashes -r requirements-dev.txt" in plan()
    assert "--no-deps --no-build-isolation -e ." in plan()
    python, stamp = fresh / ".venv/bin/python", fresh / ".venv/.ready-dev"
    python.parent.mkdir(parents=True)
    python.touch()
    stamp.touch()
    long_ago = stamp.stat().st_mtime - 100
    for name in ("pyproject.toml", *LOCKS):
        os.utime(fresh / name, (long_ago, long_ago))
    assert "install" not in plan()
    os.utime(fresh / "requirements-dev.txt", (long_ago + 200, long_ago + 200))
    assert "--require-hashes -r requirements-dev.txt" in plan()


def test_what_builds_the_package_leaves_the_running_bots_environment_and_no_other(fresh: Path) -> None:
    """What the tests need of it stays where they were set up."""
    planned = make("-n", "demo", folder=fresh).stdout
    assert "-r requirements.txt -r requirements-build.txt" in planned
    assert "test -e .venv/.ready-dev ||" in planned
    assert planned.index("--no-build-isolation -e .") < planned.index("uninstall") < planned.rindex("-r requirements-build.txt")
    assert "uninstall" not in make("-n", "test", folder=fresh).stdout


def test_make_test_runs_every_check(fresh: Path) -> None:
    planned = make("-n", "test", folder=fresh).stdout
    for check in ("ruff check .", "ruff format --check .", "bin/mypy", "bin/pytest"):
        assert check in planned
    assert PROJECT["tool"]["mypy"]["strict"] and PROJECT["tool"]["mypy"]["packages"] == ["bot", "adapters", "storage"]
    assert PROJECT["tool"]["pytest"]["ini_options"]["filterwarnings"][0] == "error"


def test_the_check_for_every_change_is_the_one_people_run() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    assert script.read_text(encoding="utf-8").rstrip().endswith("make test")


def test_licence_and_changelog_are_there() -> None:
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("MIT License")
    assert PROJECT["project"]["license"] == "MIT"
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
