"""`realreply run` for whoever set something up wrong: one sentence that says what to do, an exit code, and never a traceback.

What only keeps reminders from leaving is no reason not to start: it is said in the log.
"""

from __future__ import annotations

import asyncio
import errno
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from bot.cli.run import serve
from bot.domain.reading import unpack
from bot.engine.clock import VirtualClock
from bot.errors import AccessLost, DatabaseInUse, DeliveryError, ExitCode, RealReplyError, Rejected, UsageError
from bot.settings.model import load
from bot.wiring.build import Bot, Timing
from bot.wiring.live import connections, running
from storage.sqlite.database import Database
from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.sample import Harbor, harbor

TEAM = '[[members]]\nname = "Ana"\nslack = "U0ANA"\n[[members]]\nname = "Ben"\nslack = "U0BEN"\n'
TEAM += '[[members]]\nname = "Cleo"\nslack = "U0CLEO"\n'
SLACK = '[slack]\nbot_token = "env:BOT_TOKEN"\napp_token = "env:APP_TOKEN"\n'


@dataclass(kw_only=True)
class Place:
    """A folder with settings, and the fake they point at."""

    fake: FakeSlack
    town: Harbor
    folder: Path

    def write(self, slack: str = SLACK, *, destination: str = "support-team", team: str = TEAM) -> Path:
        config = self.folder / "config.toml"
        reminders = f'[reminders]\ndestination = "{destination}"\n' if destination else ""
        config.write_text(team + reminders + (f'{slack}api = "{self.fake.base_url}"\n' if slack else ""))
        return config

    async def refused(self, kind: type[RealReplyError], config: Path) -> str:
        """What stands in the way; the process would end with it."""
        with pytest.raises(kind) as caught:
            await asyncio.wait_for(serve(load(config), observe=False), 20)
        assert type(caught.value) is kind
        for token in (self.fake.bot_token, self.fake.app_token):
            assert token not in str(caught.value)
        return str(caught.value)

    async def warned(self, config: Path) -> list[str]:
        """The warnings of a start that isn't prevented."""
        with capture_logs() as logs:
            async with self.opened(config):
                pass
        return [line["event"] for line in logs if line["log_level"] == "warning"]

    @asynccontextmanager
    async def opened(self, config: Path, *, ahead: float = 0.0) -> AsyncIterator[Bot]:
        """The bot, come in, and doing nothing; its clock is so many seconds before Slack's."""
        clock = VirtualClock(self.fake.clock.now() + ahead) if ahead else self.fake.clock
        settings, time = load(config), Timing(clock=clock)
        connected = connections(settings, time=time)
        async with running(settings, connected, time=time) as (bot, _):
            for connection in connected:
                await connection.open()
            await bot.membership.regroup()
            yield bot


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Place]:
    async with FakeSlack() as fake:
        monkeypatch.setenv("BOT_TOKEN", fake.bot_token)
        monkeypatch.setenv("APP_TOKEN", fake.app_token)
        monkeypatch.setenv("SIGNING_SECRET", fake.signing_secret)
        yield Place(fake=fake, town=harbor(fake), folder=tmp_path)
    fake.check()


async def test_settings_without_slack(place: Place) -> None:
    assert "no [slack] section" in await place.refused(UsageError, place.write(""))


async def test_a_discord_token_that_is_missing_or_none(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    config = place.write("")
    guild = '[discord]\ntoken = "env:DISCORD_TOKEN"\n[[discord.guilds]]\nid = "41771983423143937"\n'
    config.write_text(config.read_text() + guild)
    monkeypatch.delenv("DISCORD_TOKEN", raising=False)
    assert "discord.token: The environment variable DISCORD_TOKEN isn't set" in await place.refused(UsageError, config)
    for wrong in ("xoxb-1-2", "xapp-1-2"):
        monkeypatch.setenv("DISCORD_TOKEN", wrong)
        said = await place.refused(UsageError, config)
        assert "discord.token (" in said and wrong not in said


async def test_all_that_is_wrong_with_the_tokens_is_said_at_once(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("BOT_TOKEN")
    monkeypatch.setenv("APP_TOKEN", "xoxp-1-2")
    said = await place.refused(UsageError, place.write())
    first, second = said.splitlines()
    assert "slack.bot_token: The environment variable BOT_TOKEN isn't set" in first and "begins with xoxb-" in first
    assert "slack.app_token (env:APP_TOKEN) holds a person's token" in second and "begins with xapp-" in second
    assert not place.fake.calls and not (place.folder / "realreply.db").exists()


async def test_swapped_tokens(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TOKEN", place.fake.app_token)
    monkeypatch.setenv("APP_TOKEN", place.fake.bot_token)
    assert "the tokens are swapped" in await place.refused(UsageError, place.write())


async def test_tokens_that_slack_refuses(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    place.fake.wrong_tokens_are_fine = True
    config = place.write()
    place.fake.trouble.refuse("apps.connections.open", "missing_scope")
    with pytest.raises(DeliveryError, match="lacks connections:write"):
        await serve(load(config), observe=False)
    monkeypatch.setenv("APP_TOKEN", "xapp-of-yesterday")
    assert "refused the app token (invalid_auth)" in await place.refused(AccessLost, config)
    monkeypatch.setenv("BOT_TOKEN", "xoxb-of-yesterday")
    assert "doesn't know the token" in await place.refused(AccessLost, config)


async def test_a_port_that_is_taken(place: Place) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        http = SLACK.replace("app_token", "signing_secret").replace("APP_TOKEN", "SIGNING_SECRET")
        said = await place.refused(UsageError, place.write(f'{http}mode = "http"\nlisten = "127.0.0.1:{port}"\n'))
    in_use = os.strerror(errno.EADDRINUSE)
    assert said == f"slack.listen 127.0.0.1:{port}: can't listen there ({in_use}). Choose another port, or end what uses it."


async def test_a_database_that_another_bot_uses(place: Place) -> None:
    async with await Database.open(place.folder / "realreply.db", unpack=unpack):
        assert "another realreply is using this database" in await place.refused(DatabaseInUse, place.write())
    assert not place.fake.calls


async def test_what_only_keeps_reminders_from_leaving_is_said_and_no_more(place: Place) -> None:
    assert await place.warned(place.write()) == []
    assert await place.warned(place.write(destination="")) == ["no_reminders_channel"]
    assert await place.warned(place.write(destination="random")) == ["reminders_channel_missing"]
    assert await place.warned(place.write(destination="nowhere")) == ["reminders_channel_missing"]
    await place.fake.archive(place.town.support_team)
    assert await place.warned(place.write()) == ["reminders_channel_missing"]
    place.fake.scopes.add("usergroups:read")
    assert "nobody_on_the_team" in await place.warned(
        place.write(team='[team]\nslack_user_groups = ["support"]\n', destination="random")
    )


@pytest.mark.skipif(os.name != "posix", reason="permissions of POSIX")
async def test_a_token_file_that_others_can_read_and_a_clock_that_is_off_are_said_at_the_start(place: Place) -> None:
    token = place.folder / "bot.token"
    token.write_text(place.fake.bot_token)
    token.chmod(0o644)
    config = place.write(SLACK.replace("env:BOT_TOKEN", "file:bot.token"))
    assert await place.warned(config) == ["secret_exposed"]
    token.chmod(0o600)
    assert await place.warned(config) == []
    with capture_logs() as logs:
        async with place.opened(config, ahead=600.0):
            pass
    assert [(line["event"], line["ahead"]) for line in logs if line["log_level"] == "warning"] == [("clock_off", 600)]


async def test_the_preview_waits_for_a_channel_and_comes_in_the_one_chosen_next(place: Place) -> None:
    """A first start without a place for reminders doesn't use the preview up."""

    async def asked(config: Path) -> list[tuple[str, str]]:
        async with place.opened(config) as bot:
            store, activation = bot.store, bot.activation
            assert activation is not None
            await store.transact(lambda tx: activation.ask(tx, place.fake.clock.now()))
            due = await store.transact(lambda tx: tx.claim_due(place.fake.clock.now(), limit=10, lease=0.0))
            return [(one.key, getattr(one, "subject", "")) for one in due]

    assert await asked(place.write(destination="random")) == []
    assert await asked(place.write()) == [("preview:C0SUPPORT", "preview")]
    assert len(await asked(place.write(destination="help"))) == 2


async def test_a_preview_that_was_refused_is_posted_at_the_next_start(place: Place) -> None:
    async def shown() -> list[str]:
        """One start, until what is due has been dealt with."""
        async with place.opened(place.write()) as bot:
            activation = bot.activation
            assert activation is not None
            await bot.store.transact(lambda tx: activation.ask(tx, place.fake.clock.now()))
            await bot.outbox.step(place.fake.clock.now())
        return [sent.arguments["text"] for sent in place.fake.outgoing if sent.method == "chat.postMessage"]

    await place.town.gus.joins(place.town.support_team)
    assert await shown() == []
    await place.town.gus.leaves(place.town.support_team)
    assert len(await shown()) == 1
    assert len(await shown()) == 1  # and not again


async def command(*arguments: str, cwd: Path, until: str = "") -> tuple[int | None, str]:
    """(exit code, what was said on stderr) of the process. With `until` it is told to stop once it has said that."""
    root = Path(__file__).parents[2]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", *arguments),
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(root)},
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stderr is not None
    said = ""
    async with asyncio.timeout(60):
        while line := (await process.stderr.readline()).decode():
            said += line
            if until and until in line:
                process.send_signal(signal.SIGTERM)
        return await process.wait(), said


async def test_the_command_itself(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = await command("run", cwd=place.folder)
    assert code == 2 and "copy config.example.toml there" in said and "Traceback" not in said
    place.fake.trouble.refuse("apps.connections.open", "missing_scope")
    code, said = await command("run", "--config", str(place.write()), cwd=place.folder)
    assert code == ExitCode.REFUSED and "lacks connections:write" in said.splitlines()[-1] and "Traceback" not in said


async def test_an_address_that_is_not_slacks_is_named(place: Place) -> None:
    place.fake.trouble.refuse("auth.test", "unknown_method")
    said = await place.refused(Rejected, place.write())
    assert "under slack.api" in said and "report it" not in said


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals")
async def test_it_can_be_stopped_while_it_waits_for_a_slack_that_does_not_answer(place: Place) -> None:
    config = place.write()
    config.write_text(config.read_text().replace(place.fake.base_url, "http://127.0.0.1:9/api/"))
    code, said = await command("run", "--config", str(config), cwd=place.folder, until="slack_waits")
    assert code == 0 and "Slack couldn't be reached" in said and "Traceback" not in said
