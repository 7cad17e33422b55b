"""`realreply audit`: which apps wrote to customers, of the bot's own database and of an archive."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.domain.auto_dms import AutoDm
from bot.domain.durations import DAY
from bot.domain.reading import unpack
from bot.domain.sources import Source, SourceKind
from bot.domain.waits import Wait
from bot.domain.writes import CountPost, KeepAutoDm, SaveWait
from bot.errors import ExitCode
from storage.sqlite.database import Database
from tests.cli.export import DAY as QUIET
from tests.cli.export import NINE, said, write_export

Run = Callable[..., tuple[int, str, str]]


def by_app(minutes: float, user: str, number: int, name: str, **more: bool) -> dict[str, Any]:
    """A post of the app A<number>, which posts by the bot B<number>."""
    profile = {"id": f"B{number}", "app_id": f"A{number}", "name": name, **more}
    return said(user, minutes, f"{name} says something.", bot_id=f"B{number}", app_id=f"A{number}", bot_profile=profile)


def by_webhook(minutes: float, name: str) -> dict[str, Any]:
    words = {"type": "message", "subtype": "bot_message", "text": "All is well."}
    return {**words, "ts": f"{NINE + minutes * 60:.6f}", "bot_id": "B4", "username": name}


APPS = [
    *QUIET,
    by_app(40, "UBOT", 2, "Deploys"),
    by_app(41, "UDANA", 3, "Mover"),  # with her token
    by_webhook(42, "Status"),
    by_webhook(43, "Erik"),
    by_app(50, "UWF", 5, "Standup", is_workflow_bot=True),
]


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command in this process, without a terminal, 80 columns wide."""
    monkeypatch.setenv("COLUMNS", "80")

    def run_it(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["realreply", "audit", *map(str, arguments)])
        code = 0
        try:
            main()
        except SystemExit as done:
            code = int(done.code or 0)
        out, err = capfd.readouterr()
        return code, out, err

    return run_it


def sources(out: str) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in json.loads(out)["sources"]}


def test_an_archive_tells_who_posted_by_what_way_and_who_heard_nothing_else(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", APPS)
    code, out, err = run(export, "--team", "Ana", "--team", "Ben", "--json")
    assert code == 0, err
    found = sources(out)
    assert {id: (one["kind"], one["posts"], one["name"]) for id, one in found.items()} == {
        "B1": ("bot", 1, found["B1"]["name"]),
        "A2": ("bot", 1, "Deploys"),
        "A3": ("bot", 1, "Mover"),
        "B4": ("webhook", 2, None),
        "A5": ("workflow", 1, "Standup"),
    }
    assert found["B4"]["several_names"] and "Erik" not in out and "UDANA" not in out, "sums by app, not by person"
    whole = json.loads(out)
    assert (whole["waits"], whole["waits_with_automatic_reply_only"]) == (2, 1)
    assert whole["until"].startswith("2026-03-02T09:50"), "the time ends with the archive"


def test_the_table_fits_eighty_columns(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", APPS)
    code, out, _ = run(export, "--team", "Ana", "--team", "Ben")
    assert code == 0 and all(len(line) <= 80 for line in out.splitlines())
    assert "6 posts by 5 apps. 1 of 2 waits got nothing but an automatic reply so far." in " ".join(out.split())
    assert "webhook" in out and "workflow" in out and "Deploys" in out
    assert "until 2 Mar 2026 09:50" in out, "whenever it is read"
    rows = [line for line in out.splitlines() if "webhook" in line or "workflow" in line]
    assert rows and all("2 Mar 2026 09:" in row for row in rows), "each row's date stands in one line"


def test_what_people_reported_is_told_as_a_sum(run: Run, database: Path) -> None:
    async def report() -> None:
        async with await Database.open(database, unpack=unpack) as store:
            now = time.time()
            reports = [
                KeepAutoDm(
                    report=AutoDm(
                        platform="slack", message=message, reporter=by, sent_at=now, opened_at=now, reported_at=at, sender="ana",
                        app="A2", app_name="Deploys",
                    )
                )
                for message, by, at in (("m1", "r1", now), ("m1", "r2", now), ("m2", "r1", now - 3 * DAY), ("m3", "r1", None))
            ]  # fmt: skip
            await store.transact(lambda tx: tx.save(reports))

    asyncio.run(report())
    for since, sum in (("30d", 2), ("1d", 1)):
        assert json.loads(run("--db", database, "--since", since, "--json")[1])["reported_auto_dms"] == sum
    told = run("--db", database)[1]
    assert "2 direct messages were reported as automatic. /realreply auto-dms" in " ".join(told.split())
    assert "r1" not in told and "ana" not in told


def test_without_a_team_posts_are_counted_and_waits_are_not(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", APPS)
    code, out, err = run(export, "--json")
    assert code == 0 and "who waits wasn't counted" in err and "--team" in err
    assert json.loads(out)["waits"] is None and sources(out)["B4"]["posts"] == 2


def test_a_trusted_app_is_marked(run: Run, tmp_path: Path) -> None:
    export = write_export(tmp_path / "export", APPS)
    config = tmp_path / "config.toml"
    config.write_text('[slack]\nbot_token = "env:B"\napp_token = "env:A"\ntrusted_apps = ["A2"]\n')
    code, out, err = run(export, "--config", config, "--team", "Ana", "--json")
    assert code == 0, err
    assert [id for id, one in sources(out).items() if one["trusted"]] == ["A2"] and sources(out)["A2"]["name"] is None


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path, now, channel = tmp_path / "realreply.db", time.time(), "slack:T1:C1"
    deploys = Source(id="A2", kind=SourceKind.BOT)

    async def fill() -> None:
        async with await Database.open(path, unpack=unpack) as store:
            posts = [CountPost(channel=channel, source=deploys, at=now - days * DAY, name="Deploys") for days in (0, 2, 40)]
            opened = now - 3600.0
            wait = Wait(
                id=f"{channel}/1", channel=channel, customer="dana", thread=None, messages=("1",), opened_at=opened,
                last_message_at=opened, ladder_start=opened, automatic_replies=1, automatic_by=("Deploys",),
            )  # fmt: skip
            await store.transact(lambda tx: tx.save([*posts, SaveWait(wait=wait)]))

    asyncio.run(fill())
    return path


def test_a_database_is_read_as_far_back_as_is_asked(run: Run, database: Path) -> None:
    before = database.read_bytes()
    for since, posts in (("30d", 2), ("1d", 1), ("90d", 3)):
        code, out, err = run("--db", database, "--since", since, "--json")
        assert code == 0, err
        (one,) = json.loads(out)["sources"]
        assert (one["posts"], one["platform"], one["waits_with_no_other_reply"]) == (posts, "slack", 1)
    assert database.read_bytes() == before, "it is only looked at"
    assert "Deploys" in run("--db", database)[1]


def test_mistakes_are_said_in_a_sentence(run: Run, database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for arguments, says in (
        ((), "there are no settings"),
        (("--db", database, "--since", "soon"), "--since soon"),
        (("--db", database, "--since", "200d"), "92 days"),
        (("--db", database, "--team", "Ana"), "--team goes with an archive"),
        ((tmp_path, "--db", database), "not both"),
    ):
        code, _, err = run(*arguments)
        assert code == ExitCode.USAGE and says in err
