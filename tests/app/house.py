"""A running house for tests: real SQLite, the scripted judge, an injected clock, and a courier that can be made to fail."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from bot.app.due import DueLoop
from bot.app.engine import Engine
from bot.app.inbox import Inbox
from bot.core.context import Context
from bot.core.events import Posted
from bot.core.hours import ALWAYS
from bot.core.ladder import ROUND_THE_CLOCK, Quiet
from bot.core.model import ChannelRules, Message, Role, Team, Wait
from bot.errors import DeliveryError
from storage.database import Database
from tests.core.world import LADDER, NINE, Said, ScriptedJudge

CHANNEL = "local:harbor:help"
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))


@dataclass
class Courier:
    """Notes what it delivered; raises `trouble` instead, as often as there is some."""

    delivered: list[tuple[str, tuple[str, ...], int, str]] = field(default_factory=list)
    trouble: list[DeliveryError] = field(default_factory=list)
    meanwhile: Callable[[], None] = lambda: None

    async def remind(self, wait: Wait, *, to: tuple[str, ...], step: int, key: str) -> str | None:
        if self.trouble:
            raise self.trouble.pop(0)
        self.delivered.append((wait.id, to, step, key))
        return f"post-{len(self.delivered)}"


def engine(rules: ChannelRules | None = None) -> Engine:
    names = {person: (person.title(),) for person in ("ana", "ben", "mia", "dana", "omar")}
    return Engine(
        context=Context(judge=ScriptedJudge(), hours_of=lambda _: ALWAYS),  # type: ignore[arg-type]
        team=TEAM,
        rules_of=lambda _: rules or ChannelRules(steps=LADDER),
        names_of=lambda person: names.get(person, ()),
    )


@dataclass
class House:
    store: Database
    engine: Engine
    inbox: Inbox
    due: DueLoop
    courier: Courier

    async def wait(self, id: str) -> Wait | None:
        return await self.store.read(lambda tx: tx.wait(id))


@asynccontextmanager
async def a_house(path: Path, *, quiet: Quiet = ROUND_THE_CLOCK, rules: ChannelRules | None = None) -> AsyncIterator[House]:
    async with await Database.open(path, unpack=Said.unpack, synchronous="OFF") as store:  # type: ignore[arg-type]
        courier = Courier()
        made = engine(rules)
        yield House(store, made, Inbox(made, store), DueLoop(made, store, courier, quiet=quiet), courier)


def posted(
    author: str, text: str, at: float = NINE, *, channel: str = CHANNEL, event: str | None = None, **more: object
) -> Posted:
    role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
    message = Message(channel=channel, id=f"{at:.6f}", at=at, author=author, role=role, text=text, **more)  # type: ignore[arg-type]
    return Posted(message=message, platform_event=event)


def wait_id(at: float = NINE, channel: str = CHANNEL) -> str:
    return f"{channel}/{at:.6f}"
