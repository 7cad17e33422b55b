"""`realreply waiting`: who waits, since when, with whom, for people and for other tools."""

from __future__ import annotations

import asyncio
import json
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.cli.main import main
from bot.domain.reading import unpack
from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind, Target, Wait, WaitState
from bot.domain.writes import KeepNote, KeepText, SaveWait, SetReminder
from bot.errors import ExitCode
from bot.wiring import waiting as wiring
from storage.sqlite.database import Database
from tests.slack_sandbox import FakeSlack, RealClock
from tests.slack_sandbox.sample import harbor

HOUR = 3600.0
SECRET = "the words of a customer"

SETTINGS = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[[members]]
name = "Ana"
slack = "U0ANA"
lead = true
[[members]]
name = "Ben"
slack = "U0BEN"
duty = true
[[channels]]
match = "help"
steps = [{ after = "10m", to = "owner" }, { after = "1d", to = "lead" }]
"""


def waits(now: float) -> list[Wait]:
    def one(number: int, ago: float, customer: str, **changes: Any) -> Wait:
        at = now - ago
        channel, message = "slack:T0HARBOR1:C0HELP", f"{at:.6f}"
        values: dict[str, Any] = {"id": f"{channel}/{message}", "channel": channel, "customer": customer, "thread": None}
        values |= {"messages": (message,), "opened_at": at, "last_message_at": at, "ladder_start": at}
        return Wait(**values | changes)

    hold = Hold(kind=HoldKind.SNOOZE, since=now - HOUR, until=now + 2 * HOUR, by="U0BEN")
    over = Hold(kind=HoldKind.CLAIM, since=now - 3 * HOUR, until=now - 60, by="U0ANA")
    maybe = Reply(message="1.0", by="U0BEN", at=now - 60, kind=ReplyKind.PERSONAL)
    return [
        one(1, 5 * HOUR, "U0OMAR", owner="U0ANA", owner_reason="claimed", hold=over),
        one(2, 26 * HOUR, "U0DANA", hold=hold, probability=0.8125),
        one(3, 30.4, "U0GUS", possible_answer=maybe, newcomer=True, target=Target(first=300.0, whose="newcomer")),
        one(4, 9 * HOUR, "U0DANA", state=WaitState.DISMISSED, ended_at=now - HOUR),
    ]


async def stored(path: Path, now: float) -> None:
    async with await Database.open(path, unpack=unpack) as store:
        for wait in waits(now):
            await store.transact(lambda tx, wait=wait: tx.save([SaveWait(wait=wait)]))  # type: ignore[misc]
        first, second, third, *_ = waits(now)
        writes = [
            KeepText(wait=first.id, message=first.messages[0], text=SECRET),
            KeepNote(wait=second.id, since=now - HOUR, note=SECRET),
            SetReminder(wait=first.id, step=0, to="owner", due_at=now - 4 * HOUR),
            SetReminder(wait=third.id, step=0, to="owner", due_at=now + 270),
        ]
        await store.transact(lambda tx: tx.save(writes))

        def left(tx: Any) -> None:
            (due,) = tx.claim_due(now - HOUR, limit=9, lease=60)
            tx.mark_sent(due, at=now - HOUR, to=("U0ANA",))
            tx.save([SetReminder(wait=first.id, step=1, to="lead", due_at=now + HOUR)])

        await store.transact(left)


@dataclass(frozen=True, kw_only=True)
class Place:
    """A folder with settings and a database, and the command in it."""

    folder: Path
    now: float
    capfd: pytest.CaptureFixture[str]
    monkeypatch: pytest.MonkeyPatch

    async def asks(self, *words: str) -> tuple[object, str, str]:
        """What the command ends with, and what it prints."""
        return await asyncio.to_thread(self._asked, *words)

    def _asked(self, *words: str) -> tuple[object, str, str]:
        self.monkeypatch.setattr(sys, "argv", ["realreply", "waiting", *words])
        self.monkeypatch.setenv("COLUMNS", "80")
        self.monkeypatch.chdir(self.folder)
        self.capfd.readouterr()
        code: object = 0
        try:
            main()
        except SystemExit as left:
            code = left.code or 0
        said = self.capfd.readouterr()
        return code, said.out, said.err

    def on_slack(self, api: str) -> None:
        tokens = 'bot_token = "env:BOT_TOKEN"\napp_token = "env:APP_TOKEN"\n'
        (self.folder / "config.toml").write_text(f'{SETTINGS}[slack]\napi = "{api}"\n{tokens}')


@pytest.fixture
async def place(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Place:
    now = float(int(time.time()))
    await stored(tmp_path / "realreply.db", now)
    (tmp_path / "config.toml").write_text(SETTINGS)
    return Place(folder=tmp_path, now=now, capfd=capfd, monkeypatch=monkeypatch)


@pytest.fixture
async def slack(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeSlack]:
    async with FakeSlack(clock=RealClock()) as fake:
        harbor(fake)
        monkeypatch.setenv("BOT_TOKEN", fake.bot_token)
        monkeypatch.setenv("APP_TOKEN", fake.app_token)
        yield fake


def iso(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_each_wait_is_an_object_with_the_documented_fields(place: Place) -> None:
    code, out, err = await place.asks("--json", "--offline")
    assert code == 0 and err == ""
    claimed, asked, snoozed = (json.loads(line) for line in out.splitlines())
    documented = (Path(__file__).parents[2] / "docs" / "other-tools.md").read_text(encoding="utf-8")
    assert list(claimed) == re.findall(r"^\| `(\w+)` \|", documented, re.MULTILINE)
    assert claimed["handle"] == "w1" and claimed["hold"] is None, "a hold that has run out holds nothing"
    assert claimed["since"] == iso(place.now - 5 * HOUR) and 0 <= claimed["seconds"] - 5 * HOUR < 60
    assert claimed["working_seconds"] == claimed["seconds"]
    assert claimed["owner"] == {"id": "U0ANA", "name": "Ana"} and claimed["owner_reason"] == "claimed"
    assert (claimed["rung"], claimed["next_reminder"], claimed["next_to"]) == (1, iso(place.now + HOUR), "lead")
    assert claimed["target"] == {"seconds": 1800, "due": None}, "its first rung has left; offline no channel has a name"
    assert asked["target"] == {"seconds": 300, "due": iso(place.now + 270)} and asked["newcomer"] is True
    assert claimed["company"] is asked["company"] is None and claimed["newcomer"] is False
    assert claimed["channel"] == {"id": "C0HELP", "name": None} and claimed["platform"] == "slack"
    assert claimed["customer"] == {"id": "U0OMAR", "name": None} and claimed["link"] is None
    assert asked["handle"] == "w3" and asked["perhaps_answered_by"] == {"id": "U0BEN", "name": "Ben"}
    assert asked["owner"] is asked["owner_reason"] is None and asked["rung"] == 0
    assert asked["since"] == iso(place.now - 30), "whole seconds"
    assert snoozed["hold"] == {"kind": "snooze", "until": iso(place.now + 2 * HOUR), "by": {"id": "U0BEN", "name": "Ben"}}
    assert snoozed["sure"] == 0.812
    assert SECRET not in out, "nothing of what anybody wrote"


async def test_slack_tells_names_and_links(place: Place, slack: FakeSlack) -> None:
    place.on_slack(slack.base_url)
    code, out, err = await place.asks("--json")
    assert code == 0 and err == ""
    claimed, _, snoozed = (json.loads(line) for line in out.splitlines())
    assert claimed["customer"]["name"] == "Omar" and snoozed["customer"]["name"] == "Dana", "also those of other organisations"
    assert claimed["channel"]["name"] == "help" and claimed["rungs"] == 2
    assert "/archives/C0HELP/p" in claimed["link"]
    assert claimed["target"]["seconds"] == 600, "the channel's own"
    assert (claimed["company"], snoozed["company"]) == ("Mole Cafe", "Reef Hotels"), "by Slack Connect"
    with (place.folder / "config.toml").open("a") as settings:
        settings.write('[[customers]]\nmatch = "mole*"\nname = "The Mole"\n')
    _, out, _ = await place.asks("--json")
    assert json.loads(out.splitlines()[0])["company"] == "The Mole", "the settings win, and may go by what Slack says"
    asked = {call.method for call in slack.calls}
    assert asked and not {method for method in asked if method.startswith("chat.")}, "nothing is posted"


async def test_where_slack_cant_be_asked_the_list_comes_all_the_same(place: Place) -> None:
    place.on_slack("http://127.0.0.1:9/")
    for token in ("", "xoxb-fake-bot"):
        place.monkeypatch.setenv("BOT_TOKEN", token)
        place.monkeypatch.setenv("APP_TOKEN", "xapp-fake-app")
        place.monkeypatch.setattr(wiring, "PATIENCE", 0.3)
        code, out, err = await place.asks("--json")
        assert code == 0 and len(out.splitlines()) == 3 and "People and channels go by their ids" in err


async def test_people_read_a_table_that_fits_80_columns(place: Place, slack: FakeSlack) -> None:
    await slack.workspace.person("U0OMAR").changes(name="Omar of the Very Long Name in Two Countries")
    place.on_slack(slack.base_url)
    code, out, _ = await place.asks()
    assert code == 0 and "…" not in out and all(len(line) <= 80 for line in out.splitlines())
    for told in ("w1", "5 h", "Dana", "#help", "Ana", "Ben: put off, until", "Ben perhaps answered"):
        assert told in " ".join(out.split()), told


async def test_nobody_waits(place: Place) -> None:
    async with await Database.open(place.folder / "none.db", unpack=unpack):
        pass
    assert await place.asks("--db", "none.db") == (0, "Nobody is waiting.\n", "")
    assert await place.asks("--db", "none.db", "--json") == (0, "", "")


async def test_what_is_wrong_is_said_and_ends_with_its_code(place: Place) -> None:
    code, out, err = await place.asks("--db", "missing.db", "--json")
    assert code == ExitCode.DATABASE and out == "" and "missing.db" in err and "Traceback" not in err
    (place.folder / "config.toml").write_text("[team]\nnam = 1\n")
    code, out, err = await place.asks("--json")
    assert code == ExitCode.USAGE and out == "" and "line 2" in err
    (place.folder / "config.toml").unlink()
    code, out, err = await place.asks("--json")
    assert code == ExitCode.USAGE and "--config FILE" in err


async def test_it_reads_beside_a_running_bot_and_changes_nothing(place: Place) -> None:
    async with await Database.open(place.folder / "realreply.db", unpack=unpack) as store:
        before = await store.read(lambda tx: list(tx.all_waits()))
        code, out, _ = await place.asks("--json", "--offline")
        assert code == 0 and len(out.splitlines()) == 3
        assert await store.read(lambda tx: list(tx.all_waits())) == before
