"""The fake's own HTTP surface, `/fake/...`, for other processes and for the page: act as anybody, look at everything.

| request | what it does |
|---|---|
| GET /fake/state | people, channels with posts, what each person sees, App Homes, open modals, offences, connections |
| POST /fake/do | `{"who": "Dana", "verb": "says", "channel": "help", "text": "Hello"}`: any verb of a person |
| POST /fake/make | `{"kind": "person" / "channel" / "team", "name": ...}` |
| POST /fake/app_posts | a post by another app |
| POST /fake/channel | `{"channel": ..., "verb": "archive"}`; the others are in CHANNEL_VERBS |
| POST /fake/trouble | `{"kind": "ratelimit", "method": "chat.postMessage", "retry_after": 3}`; kinds as in trouble.py |
| POST /fake/advance | `{"seconds": 60}`, on a clock that is moved by hand |
| POST /fake/socket | `{"verb": "disconnect", "reason": "refresh_requested"}`, or cut, ping |
| POST /fake/http | `{"target": url}`, `{"replay": true}`, `{"verify": true}`, `wrong_signature`, `age` |
| POST /fake/flood | `{"count": 1000, "concurrency": 20, "channel": "help"}` |
| GET, DELETE /fake/offences | what the app should not have done |
| GET /fake/calls, /fake/outgoing, /fake/deliveries | what went back and forth |
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.sandbox.pages import Pages
from tests.slack_sandbox.acting import Person, Thing
from tests.slack_sandbox.delivery import Delivery
from tests.slack_sandbox.model import Json, Message

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

PAGE = Path(__file__).parent / "page"

SHOWN = 300
"""Posts per channel in /fake/state: the latest."""

VERBS = frozenset(
    {"says", "edits", "deletes", "reacts", "unreacts", "joins", "leaves", "changes", "slash", "clicks", "chooses", "submits"}
    | {"closes", "opens_home", "uses_shortcut"}
)
CHANNEL_VERBS = frozenset({"archive", "unarchive", "rename", "erase", "share", "unshare", "kick", "bot_joins", "change_id"})
TROUBLES = frozenset({"ratelimit", "fail", "refuse", "drop", "delay", "duplicate", "shuffle", "clear"})


class Wrong(Exception):
    """A control request that makes no sense."""


class Control:
    """Handlers of `/fake/...` and of the page."""

    def __init__(self, fake: FakeSlack) -> None:
        self.fake = fake

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Adds the routes."""
        router.add_get("/fake/state", self.state)
        router.add_get("/fake/{what:offences|calls|outgoing|deliveries}", self.look)
        router.add_delete("/fake/offences", self.forgive)
        for name in ("do", "make", "app_posts", "channel", "trouble", "advance", "socket", "http", "flood"):
            router.add_post(f"/fake/{name}", self.post)
        Pages(PAGE, wanted=lambda: self.fake.page, nowhere=self.nowhere).add_to(router)

    async def nowhere(self, request: web.Request) -> web.StreamResponse:
        """What isn't there is an offence, like every other route."""
        return await self.fake.server.nowhere(request)

    # Looking

    async def state(self, _: web.Request) -> web.Response:
        """Everything at once."""
        fake, workspace = self.fake, self.fake.workspace
        people = [p for p in workspace.people.values() if isinstance(p, Person)]
        return web.json_response(
            {
                "now": fake.clock.now(),
                "team": dataclasses.asdict(workspace.team),
                "teams": {team.id: team.name for team in workspace.teams.values()},
                "bot": {"id": workspace.bot.id, "name": workspace.bot.name},
                "commands": list(fake.commands),
                "shortcuts": fake.shortcuts,
                "groups": {group.id: group.handle for group in workspace.groups.values()},
                "connections": len(fake.sockets.connections),
                "http_target": fake.http_target,
                "offences": fake.offences,
                "people": [self._person(person) for person in people],
                "apps": {p.id: p.real_name for p in workspace.people.values() if p.is_bot},
                "channels": [self._channel(c) for c in workspace.conversations.values() if not c.deleted],
            }
        )

    def _person(self, person: Person) -> Json:
        return {
            "id": person.id,
            "name": person.display_name,
            "team": person.team.id,
            "guest": person.guest,
            "is_stranger": person.is_stranger,
            "status_emoji": person.status_emoji,
            "status_text": person.status_text,
            "sees": [dataclasses.asdict(seen) for seen in person.sees()],
            "home": person.home,
            "modals": self.fake.modals.get(person.id, []),
        }

    def _channel(self, conversation: Any) -> Json:
        return {
            "id": conversation.id,
            "name": conversation.name,
            "kind": conversation.kind,
            "members": conversation.members,
            "shared_with": conversation.connected_team_ids,
            "archived": conversation.archived,
            "purpose": conversation.purpose,
            "posts": [self.fake.workspace.message_object(message) for message in conversation.posts[-SHOWN:]],
        }

    async def look(self, request: web.Request) -> web.Response:
        """A list of what went back and forth."""
        fake = self.fake
        match request.match_info["what"]:
            case "offences":
                return web.json_response(fake.offences)
            case "calls":
                return web.json_response([dataclasses.asdict(call) for call in fake.calls], dumps=_dumps)
            case "outgoing":
                return web.json_response([dataclasses.asdict(sent) for sent in fake.outgoing], dumps=_dumps)
            case _:
                return web.json_response([_shown(delivery) for delivery in fake.courier.deliveries])

    async def forgive(self, _: web.Request) -> web.Response:
        """Forgets the offences."""
        self.fake.offences.clear()
        return web.json_response({"ok": True})

    # Acting

    async def post(self, request: web.Request) -> web.Response:
        """Any of the POST requests; errors are 400 with a sentence."""
        name = request.path.rpartition("/")[2]
        try:
            asked = await request.json()
            answer = await getattr(self, "_channel_verb" if name == "channel" else f"_{name}")(asked)
        except (Wrong, KeyError, LookupError, ValueError, TypeError, AttributeError) as wrong:
            words = str(wrong.args[0]) if wrong.args else type(wrong).__name__
            return web.json_response({"ok": False, "error": words}, status=400)
        return web.json_response({"ok": True, **(answer or {})})

    def _thing(self, person: Person, asked: Json) -> Thing:
        found: list[Thing]
        if "view" in asked:
            found = [v for v in (person.home, *self.fake.modals.get(person.id, [])) if v is not None and v["id"] == asked["view"]]
        else:
            seen = [s for s in self.fake.seen.get(person.id, []) if s.ts == asked["ts"]]
            found = [*seen, *([] if seen else [self.fake.workspace.message(asked["channel"], asked["ts"])])]
        if not found:
            raise Wrong(f"{person.display_name} has nothing like that in view")
        return found[0]

    async def _do(self, asked: Json) -> Json:
        person, verb = self.fake.workspace.person(asked.pop("who")), asked.pop("verb")
        if verb not in VERBS or not isinstance(person, Person):
            raise Wrong(f"verbs are {', '.join(sorted(VERBS))}")
        if verb in ("clicks", "chooses"):
            thing = self._thing(person, asked)
            asked = {key: value for key, value in asked.items() if key not in ("view", "ts", "channel")}
            for key in ("what", "where"):
                if isinstance(asked.get(key), list):
                    asked[key] = tuple(asked[key])
            result = await getattr(person, verb)(thing, **asked)
        elif verb in ("edits", "deletes", "reacts", "unreacts") or (verb == "uses_shortcut" and "ts" in asked):
            message = self.fake.workspace.message(asked.pop("channel"), asked.pop("ts"))
            result = await getattr(person, verb)(message=message, **asked)
        elif verb in ("submits", "closes") and "view" in asked:
            result = await getattr(person, verb)(self._thing(person, {"view": asked.pop("view")}), **asked)
        else:
            result = await getattr(person, verb)(**asked)
        if isinstance(result, Message):
            return {"ts": result.ts, "channel": result.channel}
        return {"acknowledged": result.acknowledged, "answer": result.answer} if isinstance(result, Delivery) else {}

    async def _make(self, asked: Json) -> Json:
        fake, kind = self.fake, asked.pop("kind")
        if "team" in asked:
            asked["team"] = fake.workspace.teams[asked["team"]]
        if "members" in asked:
            asked["members"] = [fake.workspace.person(name) for name in asked["members"]]
        if "shared_with" in asked:
            asked["shared_with"] = [fake.workspace.teams[team] for team in asked["shared_with"]]
        makers: dict[str, Callable[..., Any]] = {"person": fake.person, "channel": fake.channel, "team": fake.other_team}
        return {"id": makers[kind](**asked).id}

    async def _app_posts(self, asked: Json) -> Json:
        if "user" in asked:
            asked["user"] = self.fake.workspace.person(asked["user"])
        message = await self.fake.app_posts(**asked)
        return {"ts": message.ts, "channel": message.channel}

    async def _channel_verb(self, asked: Json) -> None:
        verb = asked.pop("verb")
        if verb not in CHANNEL_VERBS:
            raise Wrong(f"verbs are {', '.join(sorted(CHANNEL_VERBS))}")
        if "team" in asked:
            asked["team"] = self.fake.workspace.teams[asked["team"]]
        await getattr(self.fake, verb)(**asked)

    async def _trouble(self, asked: Json) -> None:
        kind = asked.pop("kind")
        if kind not in TROUBLES:
            raise Wrong(f"kinds of trouble are {', '.join(sorted(TROUBLES))}")
        getattr(self.fake.trouble, kind)(**asked)

    async def _advance(self, asked: Json) -> Json:
        await self.fake.advance(float(asked["seconds"]))
        return {"now": self.fake.clock.now()}

    async def _socket(self, asked: Json) -> None:
        verb = asked.pop("verb")
        if verb not in ("disconnect", "cut", "ping"):
            raise Wrong("verbs are disconnect, cut and ping")
        await getattr(self.fake.sockets, verb)(**asked)

    async def _http(self, asked: Json) -> Json:
        push = self.fake.http
        if "target" in asked:
            push.target = asked["target"]
        push.wrong_signature = bool(asked.get("wrong_signature", push.wrong_signature))
        push.age = float(asked.get("age", push.age))
        answer: Json = {}
        if asked.get("verify"):
            answer["verified"] = await push.verify()
        if asked.get("replay"):
            answer["failed"], answer["answer"] = await push.replay()
        return answer

    async def _flood(self, asked: Json) -> Json:
        flooded = await self.fake.flood(asked["count"], asked["concurrency"], channel=asked["channel"])
        parts = {f"p{part}": flooded.percentile(part / 100) for part in (50, 90, 99)} if flooded.seconds else {}
        return {"answered": len(flooded.seconds), "failed": flooded.failed, "rate": flooded.rate, **parts}


def _shown(delivery: Delivery) -> Json:
    return {"kind": delivery.kind, "tries": delivery.tries, "acknowledged": delivery.acknowledged, "payload": delivery.payload}


def _dumps(value: Any) -> str:
    return json.dumps(value, default=repr)
