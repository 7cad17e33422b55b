"""Posting in a channel that was given another id: whoever still has the old one reaches it."""

from __future__ import annotations

from adapters.slack.connection import SlackConnection, SlackOptions
from adapters.slack.tokens import Tokens
from bot.domain.moves import ChannelMove, Moves
from bot.domain.outgoing import Address
from bot.domain.views import Plain, Text, View
from tests.slack_sandbox import FakeSlack

VIEW = View(nodes=(Text((Plain("Dana waits"),)),), fallback="Dana waits")


async def test_an_old_address_leads_to_the_channel() -> None:
    async with FakeSlack() as fake:
        ana = fake.person("Ana")
        place = fake.channel("team", members=[ana], private=True, id="G0TEAM")
        tokens = Tokens(bot=fake.bot_token, app=fake.app_token, secret=None)
        connection = SlackConnection(tokens, SlackOptions(api=fake.base_url), clock=fake.clock)
        try:
            await connection.open()
            old = Address("slack", "channel", "G0TEAM")
            before = await connection.deliver(old, VIEW, ("first",))
            await fake.change_id(place)
            team = fake.workspace.team.id
            move = ChannelMove(old=f"slack:{team}:G0TEAM", new=f"slack:{team}:C0TEAM", at=fake.clock.now())
            connection.workspace.recall(Moves([move]), ())
            ref = await connection.deliver(old, VIEW, ("second",))
            assert ref.startswith("C0TEAM/")
            for each in (before, ref):
                await connection.update(old, each, VIEW)
            await fake.clock.advance(10)
            assert await connection.find_delivered(old, "second", 0.0) == ref
            found = await connection.find_delivered(old, "first", 0.0)
            assert found == before.replace("G0TEAM", "C0TEAM")
            assert (await connection.readers_of(old)).internal is True
        finally:
            await connection.close()
        assert [sent.error for sent in fake.outgoing if not sent.accepted] == []
        fake.check()
