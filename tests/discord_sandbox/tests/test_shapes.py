"""What the fake shows fits Discord's own specification of what it shows."""

from __future__ import annotations

from typing import Any

import aiohttp
import pytest

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.model import ANNOUNCEMENT, CATEGORY, FORUM, VOICE
from tests.discord_sandbox.validation import SHOWN, misfits


@pytest.fixture
def town() -> FakeDiscord:
    fake = FakeDiscord()
    fake.guild("Harbor", id="10")
    fake.role("team", 8)
    fake.person("Ana", roles=["team"], id="30", nick="Ana L")
    for kind in (0, CATEGORY, VOICE, ANNOUNCEMENT):
        fake.channel(f"c{kind}", id=f"5{kind}", kind=kind, only=["team"])
    fake.channel("questions", id="60", kind=FORUM, tags=["solved"])
    return fake


async def got(fake: FakeDiscord, *paths: str) -> list[Any]:
    headers = {"Authorization": f"Bot {fake.token}", "User-Agent": "DiscordBot (x, 1)"}
    found = []
    async with fake, aiohttp.ClientSession(headers=headers) as session:
        for path in paths:
            async with session.get(fake.api_url + path) as answer:
                assert answer.status == 200, await answer.text()
                assert answer.headers["Content-Type"] == "application/json", "clients take anything else for text"
                found.append(await answer.json())
    fake.check()
    return found


def fits(name: str, shown: Any) -> None:
    assert misfits(name, shown, SHOWN) == ()


async def test_guilds_channels_members_and_the_gateway(town: FakeDiscord) -> None:
    guild, channels, member, me, roles, gateway, guilds = await got(
        town,
        "/guilds/10?with_counts=true",
        "/guilds/10/channels",
        "/guilds/10/members/30",
        "/users/@me",
        "/guilds/10/roles",
        "/gateway/bot",
        "/users/@me/guilds",
    )
    fits("GuildWithCountsResponse", guild)
    for channel in channels:
        fits("GuildChannelResponse", channel)
    fits("GuildMemberResponse", member)
    fits("UserResponse", me)
    for role in roles:
        fits("GuildRoleResponse", role)
    fits("GatewayBotResponse", gateway)
    for one in guilds:
        fits("MyGuildResponse", one)


async def test_messages_of_every_kind(town: FakeDiscord) -> None:
    ana: Any = town.world.user("Ana")
    first = await ana.says("c0", "hello @Ana", files=["log.txt"])
    await ana.reacts(first, "👀")
    await ana.says("c0", "yes", reply_to=first)
    await ana.says("c0", "", forwards=first)
    await ana.says("c0", "", voice=True)
    await ana.says("c0", "", sticker="wave")
    await ana.says("c0", "", poll="Lunch?")
    await town.webhook_posts("c0", "copied", name="Bridge")
    await town.app_posts("c0", "deployed", because_of=ana)
    await ana.edits(first, "hello")
    thread = await ana.opens_thread("c0", "Export", on=first)
    post = await ana.posts("questions", "Title", "words", tags=["solved"])
    await town.archives(town.world.channel(post.id))
    history, in_thread, channel, forum, active, archived = await got(
        town,
        "/channels/50/messages",
        f"/channels/{thread.id}/messages",
        f"/channels/{thread.id}",
        f"/channels/{post.id}",
        "/guilds/10/threads/active",
        "/channels/60/threads/archived/public",
    )
    assert len(history) == 8 and len(in_thread) == 1
    for message in [*history, *in_thread]:
        if message.get("message_reference", {}).get("type") == 1:
            message["message_reference"]["type"] = 0  # the documentation knows forwards, the specification doesn't yet
        fits("MessageResponse", message)
    fits("ThreadResponse", channel)
    fits("ThreadResponse", forum)
    fits("ThreadsResponse", {"has_more": False, **active})
    fits("ThreadsResponse", archived)
    assert [one["name"] for one in archived["threads"]] == ["Title"]
