"""The fake's own HTTP surface, `/fake/...`, for other processes and for the page: act as anybody, look at everything.

| request | what it does |
|---|---|
| GET /fake/state | people, channels with posts, what each person sees, open forms, commands, offences, connections |
| POST /fake/do | `{"who": "Dana", "verb": "says", "channel": "help", "text": "Hello"}`: any verb of a person |
| POST /fake/app_posts, /fake/webhook_posts | a post by another app, or by a webhook |
| POST /fake/happen | `{"what": "outage"}`: what happens to places, see HAPPENINGS |
| POST /fake/trouble | `{"kind": "ratelimit", "what": "POST /channels/*/messages"}`; kinds as in trouble.py |
| POST /fake/gateway | `{"verb": "reconnect"}`, or cut, zombies, close, invalidate, refuse_resume |
| POST /fake/advance | `{"seconds": 60}`, on a clock that is moved by hand |
| GET, DELETE /fake/offences | what the app should not have done |
| GET /fake/calls, /fake/outgoing | what the app asked and sent |
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.discord_sandbox import shapes
from tests.discord_sandbox.acting import NotOffered, Person
from tests.discord_sandbox.interactions import Interaction
from tests.discord_sandbox.model import FORUM, MEDIA, Channel, Json, Message
from tests.sandbox.pages import Pages

if TYPE_CHECKING:
    from tests.discord_sandbox.fake import FakeDiscord

PAGE = Path(__file__).parent / "page"

MOST_SHOWN = 300
"""Posts per channel in /fake/state: the latest."""

VERBS = frozenset(
    {"says", "edits", "deletes", "reacts", "unreacts", "types", "opens_thread", "posts", "joins", "leaves", "changes"}
    | {"slash", "completes", "uses_menu", "clicks", "presses", "chooses", "submits", "dismisses"}
)
HAPPENINGS = frozenset({"creates", "erases", "renames", "allows", "outage", "back", "kicks", "invites", "archives", "tags"})
TROUBLES = frozenset({"ratelimit", "ban", "fail", "refuse", "drop", "delay", "duplicate", "shuffle", "lose", "clear"})
LINKS = frozenset({"reconnect", "cut", "zombies", "close", "invalidate", "refuse_resume", "refuse", "down"})


class Wrong(Exception):
    """A control request that makes no sense."""


class Control:
    """Handlers of `/fake/...` and of the page."""

    def __init__(self, fake: FakeDiscord) -> None:
        self.fake = fake

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Adds the routes."""
        router.add_get("/fake/state", self.state)
        router.add_get("/fake/{what:offences|calls|outgoing}", self.look)
        router.add_delete("/fake/offences", self.forgive)
        for name in ("do", "app_posts", "webhook_posts", "happen", "trouble", "gateway", "advance"):
            router.add_post(f"/fake/{name}", self.post)
        Pages(PAGE, wanted=lambda: self.fake.page, nowhere=self.nowhere).add_to(router)

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """What isn't there is an offence, like every other route."""
        assert self.fake.server is not None
        return await self.fake.server.nowhere(request)

    # -- looking

    async def state(self, _: web.Request) -> web.Response:
        """Everything at once."""
        fake, world, now = self.fake, self.fake.world, self.fake.clock.now()
        guild = world.guild()
        people = [user for user in world.users.values() if isinstance(user, Person)]
        for person in people:
            world.dm(person)
        return web.json_response(
            {
                "now": now,
                "team": {"id": guild.id, "name": guild.name},
                "bot": {"id": world.bot.id, "name": world.bot.name},
                "apps": {user.id: user.name for user in world.users.values() if user.bot},
                "roles": {role.id: role.name for role in guild.roles.values()},
                "people": [self._person(person) for person in people],
                "channels": [self._channel(channel) for channel in world.channels.values() if not channel.deleted],
                "commands": [command for scope in fake.commands.values() for command in scope.values()],
                "presence": fake.gateway.presences[-1] if fake.gateway.presences else None,
                "connections": sum(connection.session is not None for connection in fake.gateway.connections),
                "offences": fake.offences,
            }
        )

    def _person(self, person: Person) -> Json:
        guild = self.fake.world.guild()
        member = guild.members.get(person.id)
        modal = self.fake.modals.get(person.id)
        return {
            "id": person.id,
            "name": person.name,
            "roles": [guild.roles[id].name for id in member.roles] if member is not None else [],
            "sees": [self._message(message) for message in person.sees()],
            "modal": None if modal is None else {"key": modal[0].id, **modal[1]},
        }

    def _channel(self, channel: Channel) -> Json:
        world, now = self.fake.world, self.fake.clock.now()
        tags = {tag["id"]: tag["name"] for tag in self._tags(channel)}
        return {
            "id": channel.id,
            "name": channel.name,
            "kind": channel.kind,
            "parent": channel.parent_id,
            "topic": channel.topic,
            "readers": sorted(world.readers(channel, now=now)),
            "archived": channel.archived,
            "tags": [tags[id] for id in channel.applied_tags if id in tags],
            "available": [tag["name"] for tag in channel.available_tags],
            "posts": [self._message(message) for message in channel.posts[-MOST_SHOWN:]],
        }

    def _tags(self, channel: Channel) -> list[Json]:
        parent = self.fake.world.channels.get(channel.parent_id or "")
        return parent.available_tags if parent is not None and parent.kind in (FORUM, MEDIA) else []

    def _message(self, message: Message) -> Json:
        shown = shapes.message_object(self.fake.world, message)
        shown["reactors"] = {emoji: users for emoji, users in message.reactions.items() if users}
        return {**shown, "at": message.posted_at}

    async def look(self, request: web.Request) -> web.Response:
        """A list of what went back and forth."""
        match request.match_info["what"]:
            case "offences":
                return web.json_response(self.fake.offences)
            case "calls":
                shown = [{"what": call.what, "outcome": call.outcome, "at": call.at} for call in self.fake.calls]
                return web.json_response(shown)
            case _:
                return web.json_response([dataclasses.asdict(sent) for sent in self.fake.outgoing], dumps=_dumps)

    async def forgive(self, _: web.Request) -> web.Response:
        """Forgets the offences."""
        self.fake.offences.clear()
        return web.json_response({"ok": True})

    # -- acting

    async def post(self, request: web.Request) -> web.Response:
        """Any of the POST requests; errors are 400 with a sentence."""
        name = request.path.rpartition("/")[2]
        try:
            answer = await getattr(self, f"_{name}")(await request.json())
        except (Wrong, NotOffered, KeyError, LookupError, ValueError, TypeError, AttributeError, PermissionError) as wrong:
            words = str(wrong.args[0]) if wrong.args else type(wrong).__name__
            return web.json_response({"ok": False, "error": words}, status=400)
        return web.json_response({"ok": True, **(answer or {})})

    def _found(self, asked: Json) -> Message:
        """A message by its id: in a channel, or one that somebody alone sees."""
        for seen in (message for messages in self.fake.seen.values() for message in messages):
            if seen.id == asked["message"]:
                return seen
        return self.fake.world.message(asked["channel"], asked["message"])

    async def _do(self, asked: Json) -> Json:
        person, verb = self.fake.world.user(asked.pop("who")), asked.pop("verb")
        if verb not in VERBS or not isinstance(person, Person):
            raise Wrong(f"verbs are {', '.join(sorted(VERBS))}")
        given: list[Any] = []
        if verb in ("edits", "deletes", "reacts", "unreacts", "clicks", "presses", "chooses"):
            given.append(self._found(asked))
            asked = {key: value for key, value in asked.items() if key not in ("message", "channel")}
        elif verb == "uses_menu":
            given += [asked.pop("name"), self._found(asked)]
            asked = {key: value for key, value in asked.items() if key not in ("message", "channel")}
        elif verb == "opens_thread" and "message" in asked:
            asked["on"] = self._found(asked)
            del asked["message"]
        elif verb == "says" and asked.get("reply_to"):
            asked["reply_to"] = self.fake.world.message(asked["channel"], asked["reply_to"])
        called = getattr(person, verb)(*given, **asked)
        result = called if called is None else await called
        if isinstance(result, Message):
            return {"message": result.id, "channel": result.channel_id}
        if isinstance(result, Channel):
            return {"channel": result.id}
        if isinstance(result, Interaction):
            return {"answered": result.answered}
        return {"choices": result} if isinstance(result, list) else {}

    async def _app_posts(self, asked: Json) -> Json:
        if "because_of" in asked:
            asked["because_of"] = self.fake.world.user(asked["because_of"])
        said = await self.fake.app_posts(**asked)
        return {"message": said.id, "channel": said.channel_id}

    async def _webhook_posts(self, asked: Json) -> Json:
        said = await self.fake.webhook_posts(**asked)
        return {"message": said.id, "channel": said.channel_id}

    async def _happen(self, asked: Json) -> None:
        what = asked.pop("what")
        if what not in HAPPENINGS:
            raise Wrong(f"what can happen is {', '.join(sorted(HAPPENINGS))}")
        if what in ("archives", "tags"):
            thread = self.fake.world.channel(asked.pop("channel"))
            if what == "tags":
                await self.fake.tags(thread, *asked["names"])
                return
            await self.fake.archives(thread, **asked)
            return
        await getattr(self.fake, what)(**asked)

    async def _trouble(self, asked: Json) -> None:
        kind = asked.pop("kind")
        if kind not in TROUBLES:
            raise Wrong(f"kinds of trouble are {', '.join(sorted(TROUBLES))}")
        getattr(self.fake.trouble, kind)(**asked)

    async def _gateway(self, asked: Json) -> None:
        verb = asked.pop("verb")
        if verb not in LINKS:
            raise Wrong(f"verbs are {', '.join(sorted(LINKS))}")
        getattr(self.fake.gateway, verb)(**asked)

    async def _advance(self, asked: Json) -> Json:
        await self.fake.advance(float(asked["seconds"]))
        return {"now": self.fake.clock.now()}


def _dumps(value: Any) -> str:
    return json.dumps(value, default=repr)
