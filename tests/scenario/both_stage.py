"""Slack and Discord at once: one bot, one database, the team with an account on each. The scenario's people act on Discord;
`slack_people` are the same team on Slack, and Gus, a customer there."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.manifest import Wanted, events, scopes
from bot.ports import Connection as PlatformConnection
from bot.wiring import slack as slack_wiring
from bot.wiring.slack_tokens import tokens
from tests.discord_sandbox import FakeDiscord
from tests.scenario.discord_stage import DiscordStage, noting, playing
from tests.scenario.slack_looks import look
from tests.scenario.slack_people import Outbox
from tests.scenario.slack_standstill import Busy, WatchedConnection, busy_method
from tests.scenario.stage import MEMBERS, Setup, Shown
from tests.scenario.words import noted
from tests.slack_sandbox import FakeSlack
from tests.slack_sandbox.acting import Person as SlackPerson
from tests.slack_sandbox.announcing import EVENTS


class BothStage(DiscordStage):
    """See `stage.Stage`. `fake` is Discord, `slack` is there for what is done on Slack."""

    def __init__(self, setup: Setup, path: Path, fake: FakeDiscord, busy: Busy, slack: FakeSlack) -> None:
        super().__init__(setup, path, fake, busy)
        self.slack = slack
        self.slack_people = {name: slack.person(name.title(), tz="UTC") for name in MEMBERS}
        self.gus = slack.person("Gus", tz="UTC", guest="multi")
        slack.channel("help", members=[*self.slack_people.values(), self.gus])
        slack.channel("team", members=list(self.slack_people.values()), private=True)
        self.slack_outbox = Outbox(slack, lambda: frozenset(person.id for person in self.slack_people.values()))
        slack.outgoing = self.slack_outbox
        self.slack_connection: WatchedConnection | None = None

    def written(self) -> dict[str, Any]:
        found = super().written()
        for member in found["members"]:
            member["slack"] = self.slack_people[member["name"].lower()].id
        return found | {
            "slack": {
                "bot_token": "env:FAKE_BOT_TOKEN",
                "app_token": "env:FAKE_APP_TOKEN",
                "api": self.slack.base_url,
            }
        }

    def beside(self) -> Sequence[PlatformConnection]:
        settings = self.settings()
        section = settings.slack
        assert section is not None
        options = slack_wiring.options(settings, section, ping=self.setup.ping)
        self.slack_connection = WatchedConnection(tokens(section), options, clock=self.machine, sleep=self.sleep)
        return (self.slack_connection,)

    async def put_up(self) -> None:
        await super().put_up()
        assert self.slack_connection is not None
        await self.slack_connection.listening.wait()
        await self.settle()

    async def settle(self) -> None:
        await super().settle()
        while self.slack.courier.busy:
            await self.slack.settle()
            await super().settle()

    async def gus_says(self, text: str) -> None:
        """A customer on Slack writes."""
        await self.gus.says("help", text)
        await self.settle()

    def slack_sees(self) -> list[Shown]:
        """The bot's posts in the team's channel on Slack."""
        posts = self.slack.workspace.conversation("team").posts
        bot = self.slack.workspace.bot.id
        return [
            look(post.blocks, self.slack_name, native=post) for post in posts if post.user == bot and "subtype" not in post.body
        ]

    def slack_name(self, id: str) -> str:
        return next((name for name, person in self.slack_people.items() if person.id == id), id)

    def seen_outside(self) -> list[str]:
        outside = [str(record.arguments) for record, _ in self.slack_outbox.outside if record.accepted]
        return super().seen_outside() + outside


@asynccontextmanager
async def both_stage(setup: Setup, path: Path, patch: pytest.MonkeyPatch) -> AsyncIterator[BothStage]:
    """A server and a workspace with one bot in both. At the end neither must have anything to complain about."""
    asked = Wanted(groups=False, http=False)
    async with playing(setup, patch) as (fake, busy):
        slack = FakeSlack(clock=fake.clock, scopes=scopes(asked), events=events(asked) & EVENTS.keys())
        async with slack:
            patch.setattr(AsyncWebClient, "api_call", busy_method(busy, AsyncWebClient.api_call))
            patch.setenv("FAKE_BOT_TOKEN", slack.bot_token)
            patch.setenv("FAKE_APP_TOKEN", slack.app_token)
            stage = BothStage(setup, path / "both.db", fake, busy, slack)
            patch.setattr(SlackPerson, "says", noted(stage.said, SlackPerson.says, 1))
            noting(stage, patch)
            try:
                await stage.put_up()
                yield stage
            finally:
                await stage.take_down()
            slack.check()
        fake.check()
