"""A scripted Slack: answers by method, and what was asked of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from adapters.slack.accounts import WhoIsWho
from adapters.slack.directory import Directory
from adapters.slack.inbound import Inbound
from bot.engine.clock import VirtualClock
from bot.errors import Gone

NOW = 1_772_442_000.0  # 2026-03-02, 09:00 UTC

Answer = dict[str, Any] | Exception | Callable[[dict[str, Any]], dict[str, Any]]


def user(id: str, name: str, team: str = "T1", **more: Any) -> dict[str, Any]:
    """A user object (docs.slack.dev, /reference/objects/user-object). `profile` is merged into the profile."""
    profile = {"display_name": name, "real_name": f"{name} Vester", "team": team} | more.pop("profile", {})
    return {"id": id, "team_id": team, "name": name.lower(), "deleted": False, "profile": profile, "tz": "Europe/Lisbon"} | more


def conversation(id: str, name: str, **more: Any) -> dict[str, Any]:
    """A conversation object (docs.slack.dev, /reference/objects/conversation-object)."""
    given = {"id": id, "name": name, "is_channel": True, "is_private": False, "is_member": True, "is_archived": False}
    return given | {"is_ext_shared": False, "is_shared": False, "is_org_shared": False, "is_pending_ext_shared": False} | more


class Script:
    """Stands for Web: `answers` by method, or by "method argument". Lists of people and channels are made of its own."""

    def __init__(self) -> None:
        self.clock = VirtualClock(NOW)
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.patient: dict[str, bool] = {}
        self.people: dict[str, dict[str, Any]] = {}
        self.listed: list[str] | None = None
        self.channels: dict[str, dict[str, Any]] = {}
        self.inside: dict[str, list[str]] = {}
        self.groups: list[dict[str, Any]] = []
        self.bots: dict[str, dict[str, Any]] = {}
        self.answers: dict[str, Answer] = {}

    def knows(self, *people: dict[str, Any]) -> None:
        self.people |= {person["id"]: person for person in people}

    def has(self, *channels: dict[str, Any], inside: list[str] | None = None) -> None:
        self.channels |= {channel["id"]: channel for channel in channels}
        for channel in channels:
            self.inside[channel["id"]] = inside or []

    def count(self, method: str) -> int:
        return sum(1 for name, _ in self.asked if name == method)

    async def call(self, method: str, *, patient: bool = False, **arguments: Any) -> dict[str, Any]:
        given = {key: value for key, value in arguments.items() if value is not None}
        self.asked.append((method, given))
        self.patient[method] = patient
        about = next((given[kind] for kind in ("user", "channel", "team") if kind in given), None)
        answer = self.answers.get(f"{method} {about}", self.answers.get(method))
        if answer is None:
            answer = self._usual(method, given)
        if isinstance(answer, Exception):
            raise answer
        return answer(given) if callable(answer) else answer

    def _usual(self, method: str, given: dict[str, Any]) -> Answer:
        match method:
            case "auth.test":
                return {"ok": True, "url": "https://harbor.slack.com/", "team_id": "T1", "user_id": "UBOT", "bot_id": "BBOT"}
            case "users.list":
                names = self.listed if self.listed is not None else list(self.people)
                return {"members": [self.people[name] for name in names], "response_metadata": {"next_cursor": ""}}
            case "users.info":
                found = self.people.get(given["user"])
                return {"user": found} if found is not None else Gone("user_not_found")
            case "bots.info":
                bot = self.bots.get(given["bot"])
                return {"bot": bot} if bot is not None else Gone("bot_not_found")
            case "usergroups.list":
                return {"usergroups": self.groups}
            case "users.conversations":
                return {"channels": list(self.channels.values())}
            case "conversations.info":
                found = self.channels.get(given["channel"])
                return {"channel": found} if found is not None else Gone("channel_not_found")
            case "conversations.members":
                return {"members": self.inside[given["channel"]]}
            case "team.info":
                return {"team": {"id": given["team"], "name": "Reef Hotels"}}
            case "dnd.info":
                return {"dnd_enabled": False, "next_dnd_start_ts": 1, "next_dnd_end_ts": 1}
            case _:
                raise AssertionError(f"{method} was called, which this script doesn't know")

    async def directory(self, **settings: Any) -> Directory:
        directory = Directory(self, settings=WhoIsWho(**settings), clock=self.clock)
        await directory.start()
        return directory

    async def inbound(self, **settings: Any) -> Inbound:
        directory = await self.directory(**settings)
        trusted = settings.get("trusted_apps", frozenset())
        return Inbound(directory, trusted_apps=trusted)


@pytest.fixture
def slack() -> Script:
    """A workspace T1 with Ana and Ben, a guest (Dana), somebody of another organisation (Omar) and an app."""
    script = Script()
    script.knows(
        user("UANA", "Ana"),
        user("UBEN", "Ben"),
        user("UDANA", "Dana", is_restricted=True),
        user("UOMAR", "Omar", team="T2"),
        user("UROBOT", "Robot", is_bot=True, profile={"api_app_id": "A7", "bot_id": "B7"}),
        user("UBOT", "realreply", is_bot=True),
    )
    script.has(conversation("C1", "help"), inside=["UANA", "UBEN", "UDANA", "UBOT"])
    script.has(conversation("G1", "team", is_private=True), inside=["UANA", "UBEN", "UBOT", "UROBOT"])
    return script
