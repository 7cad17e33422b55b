"""What the command ends with, so that a supervisor can tell what may mend itself: as documented, and as it happens."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.cli import main as cli
from bot.cli.run import serve
from bot.errors import (
    AccessLost,
    CorruptDatabase,
    DatabaseInUse,
    DatabaseLost,
    DeliveryError,
    DiskFull,
    ExitCode,
    Forbidden,
    ForeignDatabase,
    NewerDatabase,
    RealReplyError,
    RetryLater,
    SettingsError,
    StorageError,
    Unreachable,
    UsageError,
)
from bot.outbox import loop
from bot.runtime import service
from bot.settings.model import load
from storage.sqlite import opening
from tests.cli.test_run_mistakes import Place, command, place  # noqa: F401  (a fixture)

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (RealReplyError("x"), 1),
        (UsageError("x"), 2),
        (SettingsError("config.toml", ("line 1: x",)), 2),
        (DiskFull("x"), 73),
        (StorageError("x"), 74),
        (ForeignDatabase("x"), 74),
        (NewerDatabase("x"), 74),
        (CorruptDatabase("x"), 74),
        (DatabaseInUse("x"), 74),
        (DatabaseLost("x"), 74),
        (RetryLater("x", after=1.0), 75),
        (Unreachable("x"), 75),
        (DeliveryError("x"), 77),
        (Forbidden("x"), 77),
        (AccessLost("x"), 77),
    ],
)
def test_each_error_has_its_code_and_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: RealReplyError, code: int
) -> None:
    def failing() -> None:
        raise error

    monkeypatch.setattr(cli, "app", failing)
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == code
    assert "x" in capsys.readouterr().err


def test_the_codes_are_documented() -> None:
    text = (ROOT / "docs" / "slack.md").read_text(encoding="utf-8")
    assert {int(code) for code in re.findall(r"^\| (\d+) \|", text, re.MULTILINE)} == {0, *ExitCode}


async def test_a_database_that_is_deleted_under_the_running_bot_ends_it(
    place: Place,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "LOOK", 0.05)
    running = asyncio.create_task(serve(load(place.write()), observe=False))
    await place.fake.sockets.connected(2)
    (place.folder / "realreply.db").unlink()
    with pytest.raises(DatabaseLost, match="deleted or moved away while realreply ran"):
        await asyncio.wait_for(running, 20)


async def test_a_database_that_somebody_locks_for_long_ends_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: F811
    monkeypatch.setattr(opening, "BUSY_SECONDS", 0.05)
    monkeypatch.setattr(loop, "LONGEST_SLEEP", 0.05)
    running = asyncio.create_task(serve(load(place.write()), observe=False))
    await place.fake.sockets.connected(2)
    await asyncio.sleep(0.3)
    shell = sqlite3.connect(place.folder / "realreply.db", isolation_level=None)
    try:
        shell.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseInUse, match="another program holds a lock"):
            await asyncio.wait_for(running, 20)
    finally:
        shell.close()


async def test_a_token_that_slack_no_longer_takes_ends_the_process_with_its_code(place: Place) -> None:  # noqa: F811
    place.fake.trouble.refuse("auth.test", "token_revoked", times=None)
    code, said = await command("run", "--config", str(place.write()), cwd=place.folder)
    assert code == ExitCode.REFUSED and "Traceback" not in said
    place.fake.trouble.clear()


async def test_a_file_that_is_no_database_ends_the_process_with_its_code(place: Place) -> None:  # noqa: F811
    (place.folder / "realreply.db").write_bytes(b"somebody's notes " * 100)
    code, said = await command("run", "--config", str(place.write()), cwd=place.folder)
    assert code == ExitCode.DATABASE and "no realreply database" in said.splitlines()[-1]


def test_without_a_time_zone_database_it_says_what_to_install(tmp_path: Path) -> None:
    """Neither the system's nor the package's: as on Windows, or in a slim container whose packages were thinned out."""
    program = (
        "import sys; sys.modules['tzdata'] = None; from bot.cli.main import main; sys.argv = ['realreply', *sys.argv[1:]]; main()"
    )
    for arguments in (("check", "config.toml"), ("doctor",), ("demo",), ("run",)):
        told = subprocess.run(
            [sys.executable, "-c", program, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PYTHONTZPATH": ""},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert told.returncode == ExitCode.USAGE and "pip install tzdata" in told.stderr and "Traceback" not in told.stderr
