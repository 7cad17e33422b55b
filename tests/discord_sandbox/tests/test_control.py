"""The fake as a process: acted upon and looked at over HTTP, and the page on which one plays everybody."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import discord
import pytest
import pytest_asyncio

from tests.discord_sandbox import FakeDiscord
from tests.discord_sandbox.control import PAGE
from tests.discord_sandbox.sample import harbor, lounge
from tests.discord_sandbox.tests.conftest import Watcher, running
from tests.sandbox.pages import SHARED


class Page:
    """What the page does."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.url, self.session = f"http://127.0.0.1:{fake.port}/", session

    async def state(self) -> Any:
        async with self.session.get(self.url + "fake/state") as answer:
            return await answer.json()

    async def asks(self, path: str, /, **body: Any) -> Any:
        async with self.session.post(self.url + "fake/" + path, json=body) as answer:
            return await answer.json()


@pytest_asyncio.fixture
async def town(discord_fake: FakeDiscord) -> FakeDiscord:
    harbor(discord_fake)
    lounge(discord_fake)
    discord_fake.page = True
    return discord_fake


@pytest_asyncio.fixture
async def page(town: FakeDiscord) -> AsyncIterator[Page]:
    async with aiohttp.ClientSession() as session:
        yield Page(town, session)


async def test_what_people_do_is_seen_in_the_state(town: FakeDiscord, page: Page) -> None:
    said = await page.asks("do", who="Dana", verb="says", channel="help", text="Hello @Ana")
    await page.asks("do", who="Ana", verb="reacts", channel="help", message=said["message"], emoji="👀")
    made = await page.asks("do", who="Omar", verb="posts", forum="questions", title="Invoice", text="It is wrong")
    await page.asks("happen", what="tags", channel=made["channel"], names=["solved"])
    state = await page.state()
    channels = {channel["name"]: channel for channel in state["channels"]}
    (post,) = channels["help"]["posts"]
    assert post["content"] == "Hello <@900000000000000200>" and list(post["reactors"]) == ["👀"]
    assert channels["Invoice"]["parent"] == channels["questions"]["id"] and channels["Invoice"]["tags"] == ["solved"]
    assert channels["support-team"]["readers"] == sorted(
        [town.world.bot.id, *(one["id"] for one in state["people"] if "team" in one["roles"])]
    )


async def test_what_makes_no_sense_is_answered_with_a_sentence(page: Page) -> None:
    for path, body, says in (
        ("do", {"who": "Nobody", "verb": "says"}, "nobody called"),
        ("do", {"who": "Dana", "verb": "revoke"}, "verbs are"),
        ("do", {"who": "Dana", "verb": "says", "channel": "support-team", "text": "x"}, "may not do that"),
        ("trouble", {"kind": "rain"}, "kinds of trouble"),
        ("gateway", {"verb": "link"}, "verbs are"),
        ("happen", {"what": "stop"}, "what can happen"),
    ):
        answer = await page.asks(path, **body)
        assert not answer["ok"] and says in answer["error"], answer


async def test_a_command_and_its_button_are_used_from_outside(town: FakeDiscord, page: Page) -> None:
    class Answering(Watcher):
        async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
            view = discord.ui.View(timeout=None)
            view.add_item(discord.ui.Button(label="More", custom_id="more"))
            await interaction.response.send_message("Nobody waits", ephemeral=True, view=view)

    async with running(Answering(), town) as client:
        await client.http.bulk_upsert_global_commands(
            client.application_id or 0,
            [{"name": "realreply", "description": "x"}],  # type: ignore[list-item]
        )
        assert (await page.asks("do", who="Ana", verb="slash", path="realreply", channel="help"))["answered"]
        ana = next(one for one in (await page.state())["people"] if one["name"] == "Ana")
        (seen,) = ana["sees"]
        pressed = await page.asks("do", who="Ana", verb="presses", channel="help", message=seen["id"], custom_id="more")
        assert pressed["answered"]


async def test_trouble_and_the_network_are_ordered_from_outside(town: FakeDiscord, page: Page) -> None:
    assert (await page.asks("trouble", kind="fail", what="GET /users/@me", status=503))["ok"]
    assert town.trouble.next_for("GET /users/@me", None) is not None
    assert (await page.asks("gateway", verb="refuse_resume"))["ok"]
    assert (await page.asks("advance", seconds=60))["now"] == town.clock.now()


async def test_the_page_is_there_with_all_that_it_is_made_of(town: FakeDiscord, page: Page) -> None:
    async with page.session.get(page.url) as answer:
        text = await answer.text()
    parts = re.findall(r'(?:href|src)="/page/([^"]+)"', text)
    assert len(parts) >= 5
    for name in parts:
        async with page.session.get(page.url + "page/" + name) as answer:
            assert answer.status == 200, name
    used = set(re.findall(r'\$\("(\w+)"\)', "".join(path.read_text() for path in (PAGE / "page.js", SHARED / "common.js"))))
    assert {id for id in used if f'id="{id}"' not in text} == set()


@pytest.mark.parametrize("path", ["", "page/page.js"])
async def test_without_being_asked_for_there_is_no_page(town: FakeDiscord, page: Page, path: str) -> None:
    town.page = False
    async with page.session.get(page.url + path) as answer:
        assert answer.status == 404
    assert "no such route" in town.offences.pop()
