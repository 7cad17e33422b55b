"""What apps wrote to customers, as a lead is told; and Discord's own filter, which is made on a lead's click alone."""

from __future__ import annotations

import pytest

from bot.domain.waits import WaitState
from bot.language.lures import shipped_lures
from tests.discord_sandbox import permissions
from tests.discord_sandbox.model import Member, User
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.stage import Actor, Shown, Stage
from tests.scenario.test_corrections import FIXED
from tests.scenario.test_reminding import ANSWER, QUESTION

YAGPDB = "204255221017214977"
MANAGES = permissions.BOT | permissions.bits("MANAGE_GUILD")
ONLY_DISCORD = [pytest.mark.only("discord"), pytest.mark.alone]


async def test_a_lead_is_told_what_apps_wrote_and_who_heard_nothing_else(stage: Stage) -> None:
    people = stage.people
    asked = await people["dana"].says(QUESTION)
    await stage.app_says("Thank you for your message. Your disk was full; the export runs again.", thread=asked)
    await stage.app_says("Deployed version 12.")
    other = await people["omar"].says("Hi, how do I reset the password of our account?")
    await stage.app_says("Thank you for your message: reset the password of your account in the settings.", thread=other)
    await people["ana"].says("Omar, reset it under Account, Password; I sent the link again.", thread=other)
    await stage.restart()
    shown = await people["cleo"].commands("audit")
    assert "Zap (bot): 3 posts in 1 channel, 1 wait with no other reply" in shown.words
    assert "3 posts by 1 app. 1 of 2 waits got nothing but an automatic reply so far." in shown.words
    assert "Ana" not in shown.words and "Dana" not in shown.words, "sums by app, not by person"
    assert "Zap (bot): 3 posts" in (await people["cleo"].commands("audit day")).words
    await stage.advance(days=9)
    week = await people["cleo"].commands("audit week")
    assert "no app posted where I listen" in week.words
    assert stage.seen_outside() == []


async def test_the_audit_is_for_leads(stage: Stage) -> None:
    await stage.app_says("Deployed version 12.")
    for command in ("audit", "automod"):
        member = (await stage.people["ana"].commands(command)).words
        assert f"{command} is for leads. Please ask Cleo" in member and "Zap" not in member
        customer = (await stage.people["dana"].commands(command)).words
        assert FIXED in customer and "Zap" not in customer and "lead" not in customer


@pytest.mark.only("local", "slack")
@pytest.mark.alone
async def test_elsewhere_than_on_discord_there_is_no_filter_to_make(stage: Stage) -> None:
    shown = await stage.people["cleo"].commands("automod")
    assert "only Discord has a filter of its own" in shown.words and shown.buttons == ()


@pytest.mark.only("slack")
@pytest.mark.alone
@pytest.mark.setup(trusted_apps=("A12450FA24",))
async def test_on_slack_a_trusted_app_is_marked_and_what_slack_keeps_to_itself_is_said(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.app_says(ANSWER, thread=asked, as_person="ana")
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED
    shown = await stage.people["cleo"].commands("audit")
    assert "A12450FA24 (bot, trusted: people speak through it): 1 post in 1 channel" in shown.words
    assert "no app posted where I listen" in shown.words, "what people say through it is theirs"
    assert "Slack tells a bot with as few scopes as mine neither" in shown.words


class TestOnDiscord:
    pytestmark = ONLY_DISCORD

    async def test_each_way_counts_by_itself(self, stage: DiscordStage) -> None:
        fake = stage.fake
        await fake.app_posts("help", "Ticket 17 is closed.", name="Help desk", because_of=stage.persons["dana"])
        await fake.app_posts("help", "Ticket 18 is open.", name="Help desk")
        hook = fake.webhook("help", "Status")
        await fake.webhook_posts("help", "All systems go.", name="Status", id=hook.id)
        await fake.webhook_posts("help", "I am not here today.", name="Erik of Reef", id=hook.id)
        await stage.settle()
        words = (await stage.people["cleo"].commands("audit")).words
        assert "Help desk (answers to commands): 1 post" in words and "Help desk (bot): 1 post" in words
        assert f"{hook.id}, which posts under several names (webhook): 2 posts" in words and "Erik" not in words

    async def test_bots_that_can_welcome_are_named_without_an_accusation(self, stage: DiscordStage) -> None:
        guild = stage.fake.world.guild()
        for id, name in ((YAGPDB, "YAGPDB"), ("900900900900900900", "Tunes")):
            bot = User(id=id, username=name, bot=True)
            stage.fake.world.users[id] = bot
            guild.members[id] = Member(user=bot, joined_at=stage.now - 3600)
        await stage.restart()
        shown = await stage.people["cleo"].commands("audit")
        assert "YAGPDB can send welcome direct messages (its documentation says so)" in shown.words
        assert "Whether it does, its settings tell" in shown.words
        assert "Other bots that are here: Tunes." in shown.words
        assert any("yagpdb-docs" in link for link in shown.links)
        assert "Discord tells nobody which bots send direct messages" in shown.words

    async def test_a_rule_is_shown_first_and_made_on_a_click_once(self, stage: DiscordStage) -> None:
        cleo, guild = stage.people["cleo"], stage.fake.world.guild()
        shown = await cleo.commands("automod")
        assert "It takes Manage Server, which the bot doesn't ask for" in shown.words and shown.buttons == ()
        await self.manages(stage)
        shown = await cleo.commands("automod")
        assert "“dm me”" in shown.words and "who has the role team" in shown.words and "#team" in shown.words
        assert shown.buttons == ("Make it: show only", "Make it: stop and show")
        assert guild.automod == [], "showing makes nothing"
        older = await cleo.commands("automod")
        done = await cleo.clicks(shown, "Make it: show only")
        assert "AutoMod in Harbor has the rule realreply: “DM me” now" in done.words
        assert "Server Settings, AutoMod, realreply: “DM me”, delete" in done.words
        (rule,) = guild.automod
        assert rule["trigger_metadata"]["keyword_filter"] == list(shipped_lures().privately)
        assert rule["exempt_roles"] == [stage.fake.world.role(guild, "team").id]
        team = stage.fake.world.channel("team").id
        assert rule["actions"] == [{"type": 2, "metadata": {"channel_id": team}}], "nobody off the team reads a word of ours"
        again = await cleo.clicks(older, "Make it: stop and show")
        assert "has a rule of mine already" in again.words and "Nothing was changed" in again.words
        assert len(guild.automod) == 1
        assert "has a rule of mine already" in (await cleo.commands("automod")).words

    async def test_it_can_stop_what_it_finds(self, stage: DiscordStage) -> None:
        await self.manages(stage)
        cleo = stage.people["cleo"]
        await cleo.clicks(await cleo.commands("automod"), "Make it: stop and show")
        (rule,) = stage.fake.world.guild().automod
        assert [action["type"] for action in rule["actions"]] == [1, 2]
        assert rule["actions"][0]["metadata"] == {}, "who is stopped reads Discord's words"

    async def test_a_member_or_customer_who_clicks_makes_nothing(self, stage: DiscordStage) -> None:
        await self.manages(stage)

        async def clicks(who: Actor) -> Shown:
            return await who.clicks(await stage.people["cleo"].commands("automod"), "Make it: show only")

        assert "for leads" in (await clicks(stage.people["ana"])).words
        assert FIXED in (await clicks(stage.people["dana"])).words
        assert stage.fake.world.guild().automod == []

    async def test_nothing_is_shown_where_a_customer_reads(self, stage: DiscordStage) -> None:
        await self.manages(stage)
        cleo, guild = stage.people["cleo"], stage.fake.world.guild()
        shown = await cleo.commands("automod")
        await stage.fake.allows("team", stage.persons["dana"], allow=["VIEW_CHANNEL"])
        await stage.settle()
        refused = await cleo.clicks(shown, "Make it: show only")
        assert "Somebody who isn't on the team can read the channel" in refused.words and guild.automod == []
        assert (await cleo.commands("automod")).buttons == ()

    async def test_a_full_server_is_said_and_others_rules_are_left_alone(self, stage: DiscordStage) -> None:
        await self.manages(stage)
        guild = stage.fake.world.guild()
        theirs = {"trigger_type": 1, "creator_id": guild.owner_id, "guild_id": guild.id, "event_type": 1, "actions": []}
        theirs |= {"trigger_metadata": {}, "enabled": True, "exempt_roles": [], "exempt_channels": []}
        guild.automod.extend(theirs | {"id": str(number), "name": f"rule {number}"} for number in range(6))
        shown = await stage.people["cleo"].commands("automod")
        assert "as many as Discord allows" in shown.words and shown.buttons == ()
        stage.fake.trouble.refuse("GET /guilds/*/auto-moderation/rules", 50013, "Missing Permissions")
        assert "That didn't work" in (await stage.people["cleo"].commands("automod")).words

    async def manages(self, stage: DiscordStage) -> None:
        guild = stage.fake.world.guild()
        own = next(role for role in guild.roles.values() if role.bot_id == stage.fake.world.bot.id)
        await stage.fake.changes_role(own, permissions=MANAGES)
        await stage.settle()
