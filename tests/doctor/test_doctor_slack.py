"""`realreply doctor` on Slack: what it says to whoever set something up wrong. Against the fake Slack, over loopback."""

from __future__ import annotations

import io
import os
import sqlite3
import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from rich.console import Console

from adapters.slack.doctor.examination import WITHOUT
from adapters.slack.manifest import Wanted, scopes
from bot.doctor.findings import show
from bot.domain.gaps import Coverage, FailedEvent, Gap, GapReason
from bot.domain.marks import STARTED
from bot.domain.preferences import SetAway, SetDm, SetWatch
from bot.domain.reading import unpack
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import Watch
from bot.domain.writes import AddNotice, NoticeSubject, SaveWait
from bot.engine.clock import VirtualClock, WallClock
from bot.ports import Finding
from bot.wiring.doctor import doctor
from storage.sqlite.database import Database
from storage.sqlite.opening import WHOLE_WAL
from tests.slack_sandbox import FakeSlack, RealClock
from tests.slack_sandbox.sample import Harbor, harbor
from tests.storage.samples import wait

MEMBERS = """
[[members]]
name = "Ana"
slack = "U0ANA"
lead = true
duty = true
[[members]]
name = "Ben"
slack = "U0BEN"
[[members]]
name = "Cleo"
slack = "U0CLEO"
"""
REMINDERS = '[reminders]\ndestination = "support-team"\n'


@dataclass(kw_only=True)
class Desk:
    """A settings file, its secrets, and the doctor."""

    fake: FakeSlack
    town: Harbor
    folder: Path
    monkeypatch: pytest.MonkeyPatch
    findings: list[Finding] = field(default_factory=list)

    def write(self, rest: str = MEMBERS + REMINDERS, *, slack: str = "", api: str = "", token: str = "env:BOT_TOKEN") -> Path:
        config = self.folder / "config.toml"
        tokens = f'bot_token = "{token}"\napp_token = "env:APP_TOKEN"\n'
        config.write_text(f'{rest}[slack]\napi = "{api or self.fake.base_url}"\n{tokens}{slack}')
        return config

    def secret(self, name: str, value: str | None) -> None:
        if value is None:
            self.monkeypatch.delenv(name, raising=False)
        else:
            self.monkeypatch.setenv(name, value)

    async def examined(self, *arguments: str, ahead: float = 0.0, **options: str) -> str:
        """What the doctor finds, a line each: level, what it says, what to do."""
        clock = VirtualClock(time.time() + ahead) if ahead else WallClock()
        self.findings = await doctor(clock).examine(self.write(*arguments, **options), None)
        lines = [f"{one.level}: {one.says} -> {one.do}" for one in self.findings]
        said = "\n".join(lines)
        for secret in ("xoxb-fake-bot", "xapp-fake-app", "fake-signing-secret"):
            assert secret not in said
        return said

    def levels(self, *levels: str) -> list[str]:
        return [one.says for one in self.findings if one.level in levels]

    def about(self, words: str) -> Finding:
        """The one finding that says something."""
        (found,) = [one for one in self.findings if words in one.says]
        return found


@pytest.fixture
async def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Desk]:
    async with FakeSlack(clock=RealClock()) as fake:
        made = Desk(fake=fake, town=harbor(fake), folder=tmp_path, monkeypatch=monkeypatch)
        made.secret("BOT_TOKEN", fake.bot_token)
        made.secret("APP_TOKEN", fake.app_token)
        made.secret("SIGNING_SECRET", fake.signing_secret)
        monkeypatch.setattr(sqlite3, "sqlite_version_info", WHOLE_WAL)  # whatever this machine has
        yield made
    fake.check()


async def test_a_house_in_order(desk: Desk) -> None:
    said = await desk.examined()
    assert desk.levels("bad") == []
    assert desk.levels("note") == [f"{desk.folder}/realreply.db: there is no database yet"]
    assert "accepted: @realreply in Harbor (T0HARBOR1)" in said and "Socket Mode works" in said
    assert "on the team: 3 (Ana, Ben, Cleo)" in said
    assert "channels that are watched: 1, 1 shared with another organisation (#help)" in said
    assert "the reminders channel #support-team is read by the team alone (it is private)" in said


async def test_an_sqlite_with_the_wal_reset_bug_is_named_also_without_a_database(desk: Desk) -> None:
    desk.monkeypatch.setattr(sqlite3, "sqlite_version_info", (3, 51, 2))
    await desk.examined()
    found = desk.about("WAL-reset bug")
    assert found.level == "note" and sqlite3.sqlite_version in found.says and "nothing else that may write" in found.do


# Tokens


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
async def test_a_token_file_that_others_can_read(desk: Desk) -> None:
    file = desk.folder / "bot.token"
    file.write_text(desk.fake.bot_token)
    for mode, exposed in ((0o600, False), (0o400, False), (0o640, True), (0o604, True)):
        file.chmod(mode)
        await desk.examined(token="file:bot.token")
        found = [one for one in desk.findings if "others on this machine" in one.says]
        assert [one.level for one in found] == (["note"] if exposed else [])
        assert all(f"slack.bot_token: others on this machine can read {file}" in one.says for one in found)


async def test_a_secret_that_is_not_set(desk: Desk) -> None:
    desk.secret("BOT_TOKEN", None)
    said = await desk.examined()
    assert "bad: slack.bot_token: The environment variable BOT_TOKEN isn't set" in said and "begins with xoxb-" in said
    assert "nothing else could be asked of Slack" in said and "no database yet" in said
    assert not desk.fake.calls


async def test_swapped_tokens_are_named(desk: Desk) -> None:
    desk.secret("BOT_TOKEN", desk.fake.app_token)
    desk.secret("APP_TOKEN", desk.fake.bot_token)
    await desk.examined()
    (bad,) = desk.levels("bad")
    assert "the tokens are swapped: slack.bot_token (env:BOT_TOKEN) holds an app token" in bad
    assert not desk.fake.calls  # Slack isn't bothered with it


@pytest.mark.parametrize(
    ("key", "held", "says"),
    [
        ("BOT_TOKEN", "xoxp-1-2-3", "holds a person's token"),
        ("BOT_TOKEN", "xoxe.xoxb-1-2", "turn token rotation off"),
        ("APP_TOKEN", "0123456789abcdef0123456789abcdef", "slack.app_token (env:APP_TOKEN) holds a signing secret"),
        ("APP_TOKEN", "xoxb-fake-other", "holds a bot token"),
    ],
)
async def test_another_kind_of_token(desk: Desk, key: str, held: str, says: str) -> None:
    desk.secret(key, held)
    said = await desk.examined()
    assert says in said and held not in said
    assert ("Harbor" in said) == (key == "APP_TOKEN")  # a wrong app token doesn't keep the bot's from being tried


async def test_a_bot_token_that_slack_does_not_accept(desk: Desk) -> None:
    desk.fake.wrong_tokens_are_fine = True
    desk.secret("BOT_TOKEN", "xoxb-of-yesterday")
    said = await desk.examined()
    assert "Slack doesn't know the token" in said and "of-yesterday" not in said
    desk.secret("BOT_TOKEN", desk.fake.bot_token)
    desk.fake.revoked = "token_revoked"
    assert "the token was revoked" in await desk.examined()
    assert len(desk.levels("bad")) == 1


async def test_an_app_token_that_is_no_good(desk: Desk) -> None:
    desk.fake.trouble.refuse("apps.connections.open", "missing_scope")
    assert "bad: Slack refused the app token (missing_scope): it lacks connections:write" in await desk.examined()
    desk.fake.sockets.enabled = False
    assert "Socket Mode is off" in await desk.examined()
    desk.fake.sockets.enabled = True
    desk.fake.sockets.app_id = "A0ANOTHER"
    said = await desk.examined()
    assert "the app token belongs to another app (A0ANOTHER) than the bot token (A0REALREPLY)" in said
    assert "the reminders channel #support-team is read by the team alone" in said  # the rest is looked at all the same


async def test_the_signing_secret_in_http_mode(desk: Desk) -> None:
    http = 'mode = "http"\nsigning_secret = "env:SIGNING_SECRET"\n'
    said = await desk.examined(slack=http)
    assert "note: what slack.signing_secret holds doesn't look like a signing secret" in said and "Socket Mode" not in said
    desk.secret("SIGNING_SECRET", "0123456789abcdef0123456789abcdef")
    assert "good: the signing secret is there" in await desk.examined(slack=http)
    desk.secret("SIGNING_SECRET", "xapp-1-2")
    assert "bad: slack.signing_secret (env:SIGNING_SECRET) holds an app token" in await desk.examined(slack=http)


# Scopes


def test_each_scope_of_the_manifest_has_its_sentence() -> None:
    assert scopes(Wanted(private=True, email=True, groups=True, dm=True)) == WITHOUT.keys()


async def test_missing_and_needless_scopes(desk: Desk) -> None:
    desk.fake.scopes -= {"reactions:read", "commands"}
    desk.fake.scopes |= {"im:history", "chat:write.customize"}
    said = await desk.examined()
    assert "bad: the scope commands is missing: there is no /realreply" in said
    assert "bad: the scope reactions:read is missing: reactions" in said
    assert "note: the app may do more than realreply needs: chat:write.customize (posts under other names), im:history" in said
    assert len(desk.levels("bad")) == 2
    said = await desk.examined(slack="direct_messages = false\n")
    assert "im:write" in desk.about("may do more").says


async def test_user_groups_are_asked_for_only_where_the_settings_name_some(desk: Desk) -> None:
    desk.fake.scopes |= {"usergroups:read"}
    await desk.examined()
    assert "usergroups:read" in desk.about("may do more").says and desk.about("may do more").level == "note"
    desk.fake.scopes -= {"usergroups:read"}
    await desk.examined()
    assert desk.levels("bad") == []


async def test_without_users_read_the_rest_is_left_out(desk: Desk) -> None:
    desk.fake.scopes.discard("users:read")
    await desk.examined()
    assert [says for says in desk.levels("bad") if "users:read" in says] == desk.levels("bad")
    assert "what depends on that is left out" in desk.levels("bad")[-1]


# Channels


async def test_channels_the_bot_is_not_in(desk: Desk) -> None:
    desk.fake.channel("cust-reef", members=[desk.town.ana], bot=False)
    desk.fake.channel("cust-mole", members=[desk.town.ana])
    desk.fake.channel("secret", members=[desk.town.ana], private=True, bot=False)
    desk.fake.channel("inside", members=[desk.town.ana], private=True)
    old = desk.fake.channel("old", members=[desk.town.ana])
    old.archived = True
    names = ("help", "Random", "secret", "cust-*", "vip-*", "*")
    said = await desk.examined(MEMBERS + REMINDERS + "".join(f'[[channels]]\nmatch = "{name}"\n' for name in names))
    assert (
        "channels that are watched: 3, 1 of them private, 1 shared with another organisation (#cust-mole, #help, #inside)" in said
    )
    found = desk.about('match = "Random"')
    assert found.level == "bad" and "isn't in #random" in found.says and "/invite @realreply" in found.do
    found = desk.about('match = "secret"')
    assert (
        found.level == "bad"
        and "no such channel that realreply can see" in found.says
        and "if the channel is private" in found.do
    )
    assert "also fits channels that realreply isn't in: #cust-reef" in desk.about('match = "cust-*"').says
    assert "fits none" in desk.about('match = "vip-*"').says
    assert 'match = "*"' not in said and 'match = "help"' not in said
    assert desk.about("archived").says.endswith("#old")


async def test_nothing_is_watched(desk: Desk) -> None:
    await desk.fake.kick(desk.town.help)
    await desk.examined()
    found = desk.about("no channel is watched")
    assert found.level == "bad" and "/invite @realreply" in found.do


# Where reminders go


@pytest.mark.parametrize(
    ("destination", "says", "do"),
    [
        ("", "no channel for reminders is set", "destination under [reminders]"),
        ("nowhere", "there is no such channel", "correct the name"),
        ("random", "realreply isn't in #random, so no reminder can leave", "/invite @realreply"),
        ("C0RANDOM", "realreply isn't in #random", "/invite @realreply"),
        ("old", "the channel is archived", "unarchive it"),
        ("help", "#help is shared with another organisation", "a private one"),
        ("open", "#open is public, and people who aren't on the team can open it (Paul)", "make it private"),
        ("mixed", "#mixed has people in it who aren't on the team (Gus)", "list them under [[members]]"),
    ],
)
async def test_a_reminders_channel_that_will_not_do(desk: Desk, destination: str, says: str, do: str) -> None:
    fake, town = desk.fake, desk.town
    fake.channel("mixed", members=[town.ana, town.gus], private=True)
    fake.channel("old", members=[town.ana]).archived = True
    if destination == "open":
        fake.person("Paul", id="U0PAUL")
        fake.channel("open", members=[town.ana])
    await desk.examined(MEMBERS + (f'[reminders]\ndestination = "{destination}"\n' if destination else ""))
    (found,) = [one for one in desk.findings if one.level == "bad"]
    assert says in found.says and do in found.do


async def test_a_private_reminders_channel_must_be_readable_again(desk: Desk) -> None:
    desk.fake.scopes.discard("groups:history")
    await desk.examined()
    found = desk.about("can't be read back")
    assert found.level == "bad" and "#support-team" in found.says and "groups:history" in found.says


# The team


async def test_members_that_cannot_be(desk: Desk) -> None:
    desk.fake.scopes.add("usergroups:read")
    desk.town.ben.deleted = True
    people = {"U0ANA": "", "U0BEN": "duty = true\n", "U0GHOST": "", "U0GUS": "", "U0DANA": "", "U0REALREPLY": ""}
    members = "".join(f'[[members]]\nname = "{id[2:]}"\nslack = "{id}"\n{more}' for id, more in people.items())
    said = await desk.examined('[team]\nslack_user_groups = ["sales"]\n' + members + REMINDERS)
    assert "bad: GHOST (U0GHOST) in [[members]]: Slack knows nobody by this id" in said
    assert "bad: BEN (U0BEN) in [[members]]: the account was deactivated, and is to be asked as on duty" in said
    assert "bad: REALREPLY (U0REALREPLY) in [[members]] is an app" in said
    assert "note: GUS (U0GUS) in [[members]] is a guest" in said
    assert "note: DANA (U0DANA) in [[members]] has an account of another organisation" in said
    assert "bad: the workspace has no user group @sales" in said
    assert "note: no member has lead = true, so every member may do what leads may" in said
    desk.town.ben.deleted = False


async def test_nobody_on_the_team_or_on_duty(desk: Desk) -> None:
    desk.fake.scopes.add("usergroups:read")
    await desk.fake.group("support", [])
    said = await desk.examined('[team]\nslack_user_groups = ["support"]\n' + REMINDERS)
    assert "bad: nobody is on the team" in said
    await desk.fake.regroup(next(iter(desk.fake.workspace.groups.values())), [desk.town.ana, desk.town.ben, desk.town.cleo])
    said = await desk.examined('[team]\nslack_user_groups = ["support"]\ncustomers = ["U0BEN"]\n' + REMINDERS)
    assert "note: the ladder asks who is on duty, and no member has duty = true: the whole team is asked instead" in said
    assert "Ben: in a user group of the team and in team.customers" in said
    assert "on the team: 2 (Ana, Cleo)" in said


async def test_another_home_workspace(desk: Desk) -> None:
    await desk.examined('[team]\nhome_workspace = "T0ELSE"\n' + MEMBERS + REMINDERS)
    found = desk.about("team.home_workspace is T0ELSE")
    assert found.level == "note" and 'home_workspace = "T0HARBOR1"' in found.do


# Clocks and the network


@pytest.mark.parametrize(
    ("ahead", "level", "says"),
    [(600.0, "bad", "600 s ahead of Slack's"), (-120.0, "note", "120 s behind"), (-600.0, "bad", "behind"), (30.0, "", "")],
)
async def test_the_clock(desk: Desk, ahead: float, level: str, says: str) -> None:
    await desk.examined(ahead=ahead)
    found = [one for one in desk.findings if "this machine's clock" in one.says]
    assert [one.level for one in found] == ([level] if level else [])
    if found:
        # a second may pass meanwhile, and Slack's header has whole ones
        assert says in found[0].says.replace("601", "600").replace("599", "600").replace("119", "120").replace("121", "120")


def nobody_there(desk: Desk) -> dict[str, str]:
    return {"api": "http://127.0.0.1:9/api/"}


def broken(desk: Desk) -> dict[str, str]:
    desk.fake.trouble.fail("*", status=503, times=None)
    return {}


def gone_midway(desk: Desk) -> dict[str, str]:
    desk.fake.trouble.drop("conversations.members", accepted=False, times=1)
    desk.fake.trouble.drop("conversations.list", accepted=False, times=None)
    desk.monkeypatch.setattr("adapters.slack.web.MOST_TRIES", 1)
    return {}


@pytest.mark.parametrize("trouble", [nobody_there, broken, gone_midway])
async def test_slack_cannot_be_asked(desk: Desk, trouble: Callable[[Desk], dict[str, str]]) -> None:
    options = trouble(desk)
    await (await Database.open(desk.folder / "realreply.db", unpack=unpack)).close()
    said = await desk.examined(**options)
    (bad,) = desk.levels("bad")  # once
    assert "the rest about Slack is left out" in bad and "it is tried again" not in said
    assert "realreply.db: in order (SQLite 3." in said


# The database, while the bot runs


async def test_the_database_of_a_running_bot_is_told_in_names(desk: Desk) -> None:
    now = 1_772_442_000.0
    help = "slack:T0HARBOR1:C0HELP"
    async with await Database.open(desk.folder / "realreply.db", unpack=unpack) as db:
        said = await desk.examined()
        assert "reminders haven't begun: until a lead" in said and "`/realreply start`" in said
        await db.transact(lambda tx: tx.put_mark(STARTED, now, by="U0ANA"))
        gap = Gap(platform="slack", reason=GapReason.DISCONNECTED, since=now, noted_at=now + 60)
        failed = FailedEvent(channel=help, message="1.5", kind="posted", edit="", at=now, error="ValueError", noted_at=now)
        await db.transact(lambda tx: tx.put_coverage(help, Coverage(first_read_at=now, missing_since=now)))
        await db.transact(lambda tx: tx.note_gap(gap))
        await db.transact(lambda tx: tx.note_failed(failed))
        choices = (
            SetDm(member="U0BEN", on=True, by="U0BEN", at=now),
            SetAway(member="U0CLEO", since=now, until=4_102_444_800.0, by="U0CLEO", at=now),
            SetAway(member="U0BEN", since=now, until=now + 86_400, by="U0BEN", at=now),
            SetWatch(channel=help, watch=Watch.MENTIONS, by="U0ANA", at=now),
        )
        await db.transact(lambda tx: tx.choose(choices))
        await db.transact(lambda tx: tx.save([AddNotice(kind="digest", key="d", due_at=now, subject=NoticeSubject.DAY)]))
        reason = Reason(code=ReasonCode.REFUSED, about=("nothing was sent to channel C0SUPPORT: somebody reads it",))
        (due,) = await db.transact(lambda tx: tx.claim_due(now, limit=10, lease=60.0))
        await db.transact(lambda tx: tx.mark_dead(due, reason=reason))
        said = await desk.examined()
        await db.transact(lambda tx: tx.drop_stored_failures(help))  # the look hindered nobody
    assert "good: reminders have begun 2026-03-02 09:00 UTC, by Ana" in said
    assert "note: may be incomplete, and isn't read back yet: #help since 2026-03-02 09:00 UTC" in said
    assert "note: events since 2026-03-02 09:00 UTC may have been missed (there was no connection)" in said
    assert "bad: what happened in #help at 2026-03-02 09:00 UTC (posted of message 1.5) couldn't be stored: ValueError" in said
    assert "Ben chose direct messages" in said and "Cleo is away until 2100-01-01" in said
    assert "Ben is away" not in said, "that is over"
    assert "#help is watched as chosen in chat: mentions" in said
    assert "note: a digest, due 2026-03-02 09:00 UTC, was given up: nothing was sent to #support-team: somebody reads it" in said


async def test_who_waits_where_the_bot_isnt_any_more_is_told(desk: Desk) -> None:
    here, gone, elsewhere = (f"{place}/1.0" for place in ("slack:T0HARBOR1:C0HELP", "slack:T0HARBOR1:G0GONE", "slack:T9:C9"))
    async with await Database.open(desk.folder / "realreply.db", unpack=unpack) as db:
        waits = [wait(1, id=id, channel=id.partition("/")[0]) for id in (here, gone, elsewhere)]
        await db.transact(lambda tx: tx.save([SaveWait(wait=one) for one in waits]))
        await desk.examined()
    found = desk.about("customers wait there")
    assert found.level == "note" and found.says.startswith("G0GONE: ") and "(open waits: 1)" in found.says
    assert "`dismiss`" in found.do


# How it looks


async def test_it_fits_a_terminal_and_a_search(desk: Desk) -> None:
    await desk.examined()
    terminal, pipe = io.StringIO(), io.StringIO()
    show(Console(file=terminal, width=80, force_terminal=True, color_system=None, highlight=False), desk.findings)
    show(Console(file=pipe, width=80, highlight=False), desk.findings)
    assert max(len(line) for line in terminal.getvalue().splitlines()) <= 80
    for one in desk.findings:
        assert one.says in pipe.getvalue()
    assert pipe.getvalue().splitlines()[-1] == "0 to mend, 1 to know, 8 in order"
