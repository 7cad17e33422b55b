"""The fake is strict: what an app should never send is answered as Discord answers it, and fails the test."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from tests.discord_sandbox import FakeDiscord, Message

AGENT = "DiscordBot (https://example.com, 1)"
NONE: dict[str, Any] = {"allowed_mentions": {"parse": []}}


class Sender:
    """Sends what a careful library never would."""

    def __init__(self, fake: FakeDiscord, session: aiohttp.ClientSession) -> None:
        self.fake, self.session = fake, session

    async def __call__(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, Any]:
        own = {"Authorization": f"Bot {self.fake.token}", "User-Agent": AGENT, **headers}
        async with self.session.request(method, self.fake.api_url + path, json=body, headers=own) as answer:
            return answer.status, (await answer.json(content_type=None) if answer.status != 204 else None)

    async def refused(self, method: str, path: str, body: Any = None, *, code: int = 50035, says: str) -> None:
        """What is sent is refused with this code, and noted."""
        status, answer = await self(method, path, body)
        assert status >= 400 and answer["code"] == code, answer
        assert len(self.fake.offences) == 1 and says in self.fake.offences[0], self.fake.offences
        with pytest.raises(AssertionError, match="offended Discord"):
            self.fake.check()
        self.fake.offences.clear()


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Sender]:
    async with FakeDiscord() as fake, aiohttp.ClientSession() as session:
        fake.guild("Harbor")
        fake.role("team")
        fake.person("Ana", roles=["team"])
        fake.channel("team", id="77", only=["team"])
        yield Sender(fake, session)
        fake.check()


def row(*components: dict[str, Any]) -> dict[str, Any]:
    return {"type": 1, "components": list(components)}


def button(**more: Any) -> dict[str, Any]:
    return {"type": 2, "style": 2, "label": "Press", "custom_id": "a", **more}


def menu(**more: Any) -> dict[str, Any]:
    return {"type": 3, "custom_id": "m", "options": [{"label": "One", "value": "1"}], **more}


def text(content: str = "x", **more: Any) -> dict[str, Any]:
    return {"type": 10, "content": content, **more}


WRONG = [
    ({"content": "x" * 2001}, "2000 or fewer"),
    ({"content": "  "}, "empty message"),
    ({}, "empty message"),
    ({"content": "x", "contents": "x"}, "contents"),
    ({"content": 5}, "content"),
    ({"content": "x", "nonce": "n" * 26, "enforce_nonce": True}, "nonce"),
    ({"content": "x", "enforce_nonce": True}, "needs a nonce"),
    ({"content": "x", "flags": 64}, "ephemeral"),
    ({"content": "x", "allowed_mentions": {"parse": ["users"], "users": ["1"]}}, "mutually exclusive"),
    ({"content": "x", "allowed_mentions": {"parse": ["everybody"]}}, "parse"),
    ({"embeds": [{"title": "x" * 257}]}, "embeds.0.title"),
    ({"embeds": [{"description": "x" * 4097}]}, "embeds.0.description"),
    ({"embeds": [{"title": "x", "fields": [{"name": "n", "value": "v" * 1025}]}]}, "fields.0.value"),
    ({"embeds": [{"title": "x", "fields": [{"name": "n", "value": " "}]}]}, "fields.0.value"),
    ({"embeds": [{"title": "x", "fields": [{"name": "n", "value": "v"}] * 26}]}, "embeds.0.fields"),
    ({"embeds": [{"description": "x" * 4000}, {"description": "x" * 2001}]}, "6000"),
    ({"embeds": [{"title": "x"}] * 11}, "embeds"),
    ({"embeds": [{}]}, "without anything"),
    ({"embeds": [{"title": "x", "url": "javascript:alert(1)"}]}, "url"),
    ({"content": "x", "components": [row(button())] * 6}, "5 or fewer"),
    ({"content": "x", "components": [row(*[button(custom_id=str(n)) for n in range(6)])]}, "components.0.components"),
    ({"content": "x", "components": [row(button(), button())]}, "duplicated"),
    ({"content": "x", "components": [row(button(custom_id="x" * 101))]}, "custom_id"),
    ({"content": "x", "components": [row(button(label="x" * 81))]}, "label"),
    ({"content": "x", "components": [row(button(label=""))]}, "label"),
    ({"content": "x", "components": [row(button(style=5))]}, "link"),
    ({"content": "x", "components": [row({"type": 2, "style": 2, "label": "x"})]}, "custom_id"),
    ({"content": "x", "components": [row(menu(options=[]))]}, "options"),
    ({"content": "x", "components": [row(menu(options=[{"label": "x", "value": str(n)} for n in range(26)]))]}, "options"),
    ({"content": "x", "components": [row(menu(options=[{"label": "x", "value": "1"}] * 2))]}, "already used"),
    ({"content": "x", "components": [row(menu(options=[{"label": "x" * 101, "value": "1"}]))]}, "label"),
    ({"content": "x", "components": [row(menu(max_values=2))]}, "max_values"),
    ({"content": "x", "components": [row(menu(), button())]}, "one select"),
    ({"content": "x", "components": [row({"type": 4, "custom_id": "t", "style": 1, "label": "x"})]}, "components"),
    ({"content": "x", "components": [text()]}, "IS_COMPONENTS_V2"),
    ({"content": "x", "components": [text()], "flags": 1 << 15}, "cannot be used"),
    ({"components": [text("x" * 2000), text("x" * 2001)], "flags": 1 << 15}, "4000"),
    ({"components": [text(" ")], "flags": 1 << 15}, "content"),
    ({"components": [text()] * 41, "flags": 1 << 15}, "components"),
    ({"components": [{"type": 17, "components": [text() for _ in range(40)]}], "flags": 1 << 15}, "40"),
    ({"components": [text(id=1), text(id=1)], "flags": 1 << 15}, "unique"),
    ({"components": [{"type": 9, "components": [text()]}], "flags": 1 << 15}, "accessory"),
]


@pytest.mark.parametrize(("body", "says"), WRONG)
async def test_a_message_that_discord_would_refuse(api: Sender, body: dict[str, Any], says: str) -> None:
    await api.refused("POST", "/channels/77/messages", {**NONE, **body}, says=says)


async def test_a_message_that_discord_takes(api: Sender) -> None:
    embeds = [{"title": "x" * 256, "description": "x" * 4096, "fields": [{"name": "n", "value": "v" * 1024}]}]
    parts = [row(button(), button(custom_id="b")), row(menu())]
    body = {**NONE, "content": "x" * 2000, "embeds": embeds, "components": parts, "nonce": "n" * 25, "enforce_nonce": True}
    status, answer = await api("POST", "/channels/77/messages", body)
    assert status == 200, answer
    modern = {
        "type": 17,
        "components": [text(), {"type": 9, "components": [text()], "accessory": button()}, row(button(custom_id="b"))],
    }
    status, answer = await api("POST", "/channels/77/messages", {**NONE, "components": [modern], "flags": 1 << 15})
    assert status == 200, answer


async def test_a_text_without_allowed_mentions_is_an_offence_also_in_an_edit(api: Sender) -> None:
    status, answer = await api("POST", "/channels/77/messages", {"content": "Hi"})
    assert status == 200
    await api("PATCH", f"/channels/77/messages/{answer['id']}", {"embeds": [{"title": "Hi"}]})
    assert [said.split(": ")[1] for said in api.fake.offences] == ["sent without allowed_mentions"] * 2
    api.fake.offences.clear()


async def test_mentioning_everyone_is_an_offence(api: Sender) -> None:
    own = next(role for role in api.fake.world.guild().roles.values() if role.bot_id)
    own.permissions |= 1 << 17
    await api("POST", "/channels/77/messages", {"content": "@everyone", "allowed_mentions": {"parse": ["everyone"]}})
    assert api.fake.outgoing[0].notified and "@everyone" in api.fake.offences.pop()


async def test_a_message_of_components_stays_one(api: Sender) -> None:
    _, sent = await api("POST", "/channels/77/messages", {**NONE, "components": [text()], "flags": 1 << 15})
    await api.refused("PATCH", f"/channels/77/messages/{sent['id']}", {**NONE, "content": "words"}, says="cannot be used")


async def test_others_messages_are_left_alone(api: Sender) -> None:
    ana: Any = api.fake.world.user("Ana")
    said: Message = await ana.says("team", "hello")
    at = f"/channels/77/messages/{said.id}"
    await api.refused("PATCH", at, {**NONE, "content": "x"}, code=50005, says="somebody else's")
    await api.refused("DELETE", at, code=50013, says="somebody else's")
    await api.refused("PUT", f"{at}/reactions/%F0%9F%91%80/@me", code=50013, says="reacts")


@pytest.mark.parametrize(
    ("method", "path", "says"),
    [
        ("GET", "/guilds/1/bans", "no such route"),
        ("DELETE", "/channels/77", "no such route"),
        ("GET", "/channels/77/messages?limit=101", "limit=101"),
        ("GET", "/channels/77/messages?after=1&before=2", "exclude each other"),
        ("GET", "/channels/77/messages?since=1", "unknown query"),
        ("GET", "/applications/5/commands", "another application's"),
    ],
)
async def test_a_request_that_makes_no_sense(api: Sender, method: str, path: str, says: str) -> None:
    await api(method, path)
    assert says in api.fake.offences.pop()


async def test_who_asks_must_say_who_they_are(api: Sender) -> None:
    assert (await api("GET", "/users/@me", Authorization="Bot wrong"))[0] == 401
    assert api.fake.offences == []
    assert (await api("GET", "/users/@me", Authorization=""))[0] == 401
    assert "token" in api.fake.offences.pop()
    assert (await api("GET", "/users/@me", **{"User-Agent": "curl"}))[0] == 200
    assert "User-Agent" in api.fake.offences.pop()


def command(**more: Any) -> dict[str, Any]:
    return {"name": "realreply", "description": "Who waits", **more}


def option(**more: Any) -> dict[str, Any]:
    return {"type": 3, "name": "whose", "description": "Whose", **more}


@pytest.mark.parametrize(
    ("commands", "says"),
    [
        ([command(name="Real Reply")], "regex"),
        ([command(name="x" * 33)], "name"),
        ([command(description="")], "description"),
        ([command(description="x" * 101)], "description"),
        ([command(), command()], "twice"),
        ([command(options=[option() for _ in range(26)])], "options"),
        ([command(options=[option(), option()])], "twice"),
        ([command(options=[option(name="a"), option(name="b", required=True)])], "Required options"),
        ([command(options=[option(), {"type": 1, "name": "sub", "description": "x"}])], "mixed"),
        ([command(options=[option(choices=[{"name": "x", "value": "x"}], autocomplete=True)])], "autocomplete"),
        ([command(options=[option(choices=[{"name": "x", "value": str(n)} for n in range(26)])])], "choices"),
        ([command(options=[{"type": 1, "name": f"s{n}", "description": "x" * 100, "options": [
            option(name=f"o{m}", description="y" * 100) for m in range(20)]} for n in range(5)])], "maximum size"),
        ([{"name": f"Menu {n}", "type": 3} for n in range(16)], "more than 15"),
        ([{"name": "Mark as waiting", "type": 3, "description": "x"}], "context menu"),
        ([command(default_permission=5)], "default_permission"),
    ],
)  # fmt: skip
async def test_commands_that_discord_would_refuse(api: Sender, commands: Any, says: str) -> None:
    await api.refused("PUT", f"/applications/{api.fake.world.application_id}/commands", commands, says=says)


async def test_two_hundred_new_commands_a_day_are_the_most(api: Sender) -> None:
    path = f"/applications/{api.fake.world.application_id}/commands"
    for _ in range(3):
        assert (await api("PUT", path, [command(name=f"c{n}") for n in range(100)]))[0] == 200
    assert api.fake.commands_made == 100
    api.fake.commands_made = 200
    await api.refused("PUT", path, [command(name="more")], code=30034, says="200 commands")
