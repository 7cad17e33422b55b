"""What `realreply doctor` says about Discord: the token, the switches, each server's roles, channels and reminders channel."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from adapters.discord.doctor.examination import DiscordExamination, of_sessions, of_size
from adapters.discord.options import DiscordOptions, GuildOptions
from bot.domain.people import Team
from bot.ports import Examined
from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.fixtures import discord_fake
from tests.discord_sandbox.model import STAGE, VOICE

__all__ = ["discord_fake"]


class Desk:
    """A server with everything in order."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake
        self.guild = fake.guild("Harbor")
        fake.role("Crew")
        self.ana = fake.person("Ana", roles=["Crew"])
        self.dana = fake.person("Dana")
        self.help, self.desk = fake.channel("help"), fake.channel("support-team", only=["Crew"])
        self.options = GuildOptions(id=int(self.guild.id), team_roles=("Crew",), destination="support-team")

    async def examined(
        self,
        *,
        token: str | None = "fake-discord-token",
        problems: tuple[str, ...] = (),
        learnt: tuple[str, ...] = (),
        **more: Any,
    ) -> Examined:
        options = DiscordOptions(guilds=(self.options,), **more)
        members = [(id, "Somebody") for id in sorted(options.listed.members)]
        return await DiscordExamination(token, problems, options, members, clock=self.fake.clock).examine(learnt)

    async def says(self, level: str, **more: Any) -> str:
        found = (await self.examined(**more)).findings
        return "\n".join(f"{one.says} -> {one.do}" for one in found if one.level == level)


@pytest_asyncio.fixture
async def desk(discord_fake: FakeDiscord) -> Desk:
    return Desk(discord_fake)


async def test_a_server_in_order(desk: Desk) -> None:
    desk.fake.public = True
    examined = await desk.examined()
    assert {finding.level for finding in examined.findings} == {"good"}, examined.findings
    says = "\n".join(finding.says for finding in examined.findings)
    for part in (
        "token is accepted",
        "intents that the bot needs are on",
        "on the team in Harbor: 1 (Ana)",
        "(#help)",
        "#support-team",
    ):
        assert part in says
    key = f"discord:{desk.guild.id}:{desk.help.id}"
    assert examined.names.person(desk.ana.id) == "Ana" and examined.names.channel(key) == "#help"
    assert (
        examined.sees(key) is True
        and examined.sees(f"discord:{desk.guild.id}:1") is False
        and examined.sees("slack:T1:C1") is None
    )
    assert not desk.fake.gateway.sessions, "the bot may run meanwhile"


async def test_without_a_token_or_with_a_wrong_one(desk: Desk) -> None:
    assert "is missing" in await desk.says("bad", token=None, problems=("discord.token is missing",))
    assert "token" in await desk.says("bad", token="another")


@pytest.mark.parametrize(
    ("privileged", "says"),
    [({"members"}, "Message Content Intent is off"), ({"message_content"}, "Server Members Intent is off")],
)
async def test_intents_that_are_off(desk: Desk, privileged: set[str], says: str) -> None:
    desk.fake.privileged = privileged
    assert says in await desk.says("note")


async def test_a_channel_whose_past_cannot_be_read_with_the_overwrite_that_mends_it(desk: Desk) -> None:
    await desk.fake.allows("help", desk.guild.roles[desk.guild.id], deny=["READ_MESSAGE_HISTORY"])
    said = await desk.says("bad")
    assert "#help: the bot lacks Read Message History" in said
    assert (
        "in #help (Edit Channel, Permissions) allow Read Message History for the role realreply; it is denied to @everyone"
        in said
    )


async def test_a_channel_that_the_bot_cannot_see(desk: Desk) -> None:
    desk.fake.channel("orders", only=["Crew"]).overwrites.pop()
    assert "the bot can't see #orders in Harbor" in await desk.says("note")


async def test_a_reminders_channel_that_will_not_do(desk: Desk) -> None:
    await desk.fake.allows(desk.desk, desk.guild.roles[desk.guild.id], allow=["VIEW_CHANNEL"])
    await desk.fake.allows(desk.desk, "realreply", deny=["SEND_MESSAGES"])
    said = await desk.says("bad")
    assert "can be read by others than the team (everybody" in said and "lacks Send Messages" in said
    desk.options = replace(desk.options, destination="nowhere")
    assert "has no text channel nowhere" in await desk.says("bad")
    desk.options = replace(desk.options, destination=None)
    assert "no channel for reminders is set for Harbor" in await desk.says("note")


async def test_roles_members_and_servers_that_are_not_there(desk: Desk) -> None:
    desk.options = replace(desk.options, team_roles=("Crw",))
    said = await desk.says("bad", listed=Team(members=frozenset({"77"})))
    assert "Harbor has no role Crw" in said and "nobody is on the team in Harbor" in said
    assert "Somebody (77) in [[members]] is in none of the servers" in said
    desk.options = replace(desk.options, id=4711)
    said = await desk.says("bad")
    assert "the bot isn't in the server 4711" in said and "https://discord.com/oauth2/authorize?client_id=" in said


def test_sessions_and_size() -> None:
    assert of_sessions(900) == [] and of_sessions(100)[0].level == "note" and of_sessions(10)[0].level == "bad"
    assert of_size(4_000) == [] and "10,000 users" in of_size(9_000)[0].says


@pytest.mark.parametrize("kind", [VOICE, STAGE], ids=["voice", "stage"])
async def test_the_chats_of_voice_and_stage_channels_take_connect(desk: Desk, kind: int) -> None:
    talk = desk.fake.channel("talk", kind=kind)
    assert await desk.says("bad") == ""
    await desk.fake.allows(talk, "@everyone", deny=["CONNECT"])
    assert "#talk: the bot lacks Connect" in await desk.says("bad")
    desk.options = replace(desk.options, destination="stage-crew")
    crew = desk.fake.channel("stage-crew", kind=kind, only=["Crew"])
    await desk.fake.allows(crew, "@everyone", deny=["VIEW_CHANNEL", "CONNECT"])
    assert "#stage-crew: the bot lacks Connect" in await desk.says("bad")


async def test_who_is_let_into_the_reminders_channel_by_name_reads_it(desk: Desk) -> None:
    await desk.fake.allows("support-team", desk.dana, allow=["VIEW_CHANNEL"])
    await desk.fake.allows("support-team", desk.ana, allow=["VIEW_CHANNEL"])
    said = await desk.says("bad")
    assert "can be read by others than the team (Dana, by name)" in said
    await desk.dana.leaves()
    assert "somebody who left" in await desk.says("bad")


async def test_a_customer_with_a_role_of_the_team_reads_the_reminders_channel(desk: Desk) -> None:
    await desk.dana.changes(roles=["Crew"])
    said = await desk.says("bad", customers=frozenset({desk.dana.id}))
    assert "can be read by others than the team (Dana, a customer with the role Crew)" in said


async def test_a_role_of_the_team_that_has_another_name_by_now(desk: Desk) -> None:
    known = (f"{desk.guild.id}/crew/{desk.fake.world.role(desk.guild, 'Crew').id}",)
    await desk.fake.changes_role(desk.fake.world.role(desk.guild, "Crew"), name="Staff")
    assert "has no role Crew" in await desk.says("bad")
    said = await desk.says("bad", learnt=known)
    assert "the role Crew of Harbor, which team_roles names, is now called Staff" in said and "has no role" not in said


async def test_whether_people_can_install_it_to_report_auto_dms(desk: Desk) -> None:
    private = await desk.says("note")
    assert "customers can't report auto-DMs" in private and "while Public Bot is off" in private
    assert "integration_type=1" in private and "auto_dms = false" in private
    desk.fake.public = True
    assert "can install “Report an auto-DM” for themselves" in await desk.says("good")
    desk.fake.for_users = False
    assert "while User Install is off" in await desk.says("note")
    off = await desk.says("note", auto_dms=False)
    assert "auto-DM" not in off and "anybody may invite this bot" in off
