"""`realreply doctor` on a healthy house, one with trouble, and files that aren't right."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.cli.main import main
from bot.domain.hours import ALWAYS
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.outbox.digests import DigestSlot
from bot.wiring.local import Plan, stage

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC).timestamp()


def plan() -> Plan:
    return Plan(
        start=NINE,
        team=Team(members=frozenset({"ana"}), leads=("ana",)),
        team_hours=ALWAYS,
        rules=ChannelRules(steps=(Step(after=600, to="team"),)),
        reminders_channel="team",
        digests=(DigestSlot(days=frozenset(range(5)), minute=540),),
    )


def doctor(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[object, str]:
    monkeypatch.setattr(sys, "argv", ["realreply", "doctor", *arguments])
    capfd.readouterr()
    try:
        main()
        code: object = 0
    except SystemExit as left:
        code = left.code or 0
    said = capfd.readouterr()
    return code, said.out + said.err


async def live(db: Path, *, public: bool) -> None:
    async with stage(plan(), db) as on:
        on.town.channel("help")
        on.town.channel("team", internal=not public)
        on.town.member("ana")
        await on.town.customer("dana").says("help", "Hello, can you tell me where my container is?")
        await on.simulation.advance(NINE + 3600)
        await on.simulation.platforms["local"].command("ana", Role.MEMBER, "dm on")


async def test_a_healthy_house(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    await live(tmp_path / "a.db", public=False)
    code, said = await asyncio.to_thread(doctor, capfd, monkeypatch, "--db", str(tmp_path / "a.db"))
    assert code == 0
    assert "open waits: 1" in said and "no message had to be given up" in said
    assert "ana chose direct messages" in said and "`dm unset` reverts it" in said


async def test_a_message_the_guard_refused_is_listed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await live(tmp_path / "a.db", public=True)
    code, said = await asyncio.to_thread(doctor, capfd, monkeypatch, "--db", str(tmp_path / "a.db"))
    assert code == 1
    assert "was given up" in said and "a reminder about wait w1" in said
    assert "may have arrived" not in said  # it surely didn't


async def test_what_lets_reminders_begin_is_said_as_it_is_typed(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("NO_SUCH_TOKEN", raising=False)
    await live(tmp_path / "a.db", public=False)
    config = tmp_path / "config.toml"
    config.write_text('[discord]\ntoken = "env:NO_SUCH_TOKEN"\n[[discord.guilds]]\nid = "197038439483310086"\n')
    _, said = await asyncio.to_thread(doctor, capfd, monkeypatch, "--config", str(config), "--db", str(tmp_path / "a.db"))
    assert "`/realreply leads start`" in " ".join(said.split()) and "`/realreply start`" not in said


def test_files_that_are_not_right(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    config = tmp_path / "config.toml"
    config.write_text('[team]\nnam = "x"\n')
    other = tmp_path / "other.db"
    other.write_bytes(b"something else entirely " * 100)
    code, said = doctor(capfd, monkeypatch, "--config", str(config), "--db", str(other))
    assert code == 1
    assert "line 2" in said and "other.db" in said and "Traceback" not in said
    code, said = doctor(capfd, monkeypatch, "--db", str(tmp_path / "none.db"))
    assert code == 0 and "no database yet" in said


def test_where_there_are_no_settings_it_says_how_to_name_them(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    code, said = doctor(capfd, monkeypatch)
    assert code == 1 and "there are no settings (config.toml) here" in said and "--config FILE" in said


async def test_a_database_under_two_names_is_not_in_order(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    await live(tmp_path / "a.db", public=False)
    (tmp_path / "b.db").hardlink_to(tmp_path / "a.db")
    code, said = await asyncio.to_thread(doctor, capfd, monkeypatch, "--db", str(tmp_path / "b.db"))
    assert code == 1 and "this file has 2 names" in said and "open waits" not in said
