"""What goes wrong on order, as discord.py meets it: https://docs.discord.com/developers/topics/rate-limits"""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import discord
import pytest

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.tests.conftest import Watcher

SEND = "POST /channels/*/messages"


def team_of(client: Watcher) -> Any:
    return discord.utils.get(client.guilds[0].channels, name="support-team")


def posts(fake: FakeDiscord) -> list[str]:
    return [m.text for m in fake.world.channel("support-team").posts]


@pytest.mark.parametrize("globally", [False, True])
async def test_a_limit_is_waited_for_and_the_message_sent_once(harbor: FakeDiscord, client: Watcher, globally: bool) -> None:
    harbor.trouble.ratelimit(SEND, retry_after=0.02, globally=globally)
    await team_of(client).send("Dana waits")
    assert posts(harbor) == ["Dana waits"]
    assert [call.outcome for call in harbor.calls if call.what == SEND] == ["429", "ok"]


async def test_a_long_limit_is_raised(harbor: FakeDiscord, client: Watcher) -> None:
    client.http.max_ratelimit_timeout = 30
    harbor.trouble.ratelimit(SEND, retry_after=1800)
    with pytest.raises(discord.RateLimited):
        await team_of(client).send("x")


async def test_a_banned_address_is_told_so(harbor: FakeDiscord, client: Watcher) -> None:
    harbor.trouble.ban()
    with pytest.raises(discord.HTTPException, match="429"):
        await team_of(client).send("x")


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_dropped_connection_leaves_it_in_doubt(harbor: FakeDiscord, client: Watcher, accepted: bool) -> None:
    harbor.trouble.drop(SEND, accepted=accepted)
    with pytest.raises(aiohttp.ClientError):
        await team_of(client).send("Dana waits", nonce="k")
    assert posts(harbor) == (["Dana waits"] if accepted else [])
    await team_of(client).send("Dana waits", nonce="k")
    assert posts(harbor) == ["Dana waits"]


async def test_a_server_error_after_posting_does_not_post_twice(
    harbor: FakeDiscord, client: Watcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    harbor.trouble.fail(SEND, status=503, accepted=True)
    with pytest.raises(discord.DiscordServerError):
        await team_of(client).send("Dana waits", nonce="k")
    await team_of(client).send("Dana waits", nonce="k")
    assert posts(harbor) == ["Dana waits"]


async def test_refusals_on_order(harbor: FakeDiscord, client: Watcher) -> None:
    harbor.trouble.refuse(SEND, 200000, "Message was blocked by automatic moderation", status=400)
    with pytest.raises(discord.HTTPException, match="200000"):
        await team_of(client).send("x")
    assert posts(harbor) == []


async def test_a_slow_answer_comes_when_it_is_let_go(harbor: FakeDiscord, client: Watcher) -> None:
    gate = harbor.trouble.delay(SEND, accepted=True)
    sending = asyncio.create_task(team_of(client).send("Dana waits"))
    await harbor.until(lambda: posts(harbor) == ["Dana waits"])
    assert not sending.done()
    gate.set()
    await sending


async def test_a_narrow_bucket_makes_the_client_wait(harbor: FakeDiscord, client: Watcher) -> None:
    harbor.limits.narrow(SEND, 2, 0.05)
    begun = asyncio.get_running_loop().time()
    for number in range(5):
        await team_of(client).send(str(number))
    assert asyncio.get_running_loop().time() - begun >= 0.05
    assert len(posts(harbor)) == 5 and harbor.limits.refused == 0


async def test_a_nonce_of_a_deleted_message_says_that_it_is_gone(harbor: FakeDiscord, client: Watcher) -> None:
    sent = await team_of(client).send("Dana waits", nonce="k")
    await team_of(client).get_partial_message(sent.id).delete()
    with pytest.raises(discord.NotFound, match="10008"):
        await team_of(client).send("Dana waits", nonce="k")
