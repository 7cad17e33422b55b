"""What a message costs on the live path, beside what the platforms' own libraries spend on the same message.

All three take the same text from the same made-up customer. Ours is everything from an event to its commit (judging, waits,
reminders, SQLite with `synchronous=FULL`), with 100 events in flight. discord.py decodes and parses the MESSAGE_CREATE frame;
slack-bolt decodes and dispatches the event to a listener that does nothing. Each is run in turns, several rounds, and the best
round counts: what disturbs a round is the machine, not the code.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path

import discord
from slack_bolt.async_app import AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult

from adapters.archives.slack_export import open_archive
from adapters.local.platform import LocalPlatform
from benchmarks.archive import TEAM, make_archive
from bot.domain.events import Posted
from bot.domain.hours import ALWAYS
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.judge.standard import StandardJudge
from bot.wiring.build import Policy, Timing, build
from bot.wiring.database import database

IN_FLIGHT = 100
GUILD, CHANNEL = 1000, 2000


def sample(messages: int) -> list[Posted]:
    """Events of a made archive: a customer's or member's messages in one channel."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made"
        make_archive(path, messages * 2, channels=4)
        archive = open_archive(path)
        members = {person.id for person in archive.people.values() if person.names[0] in TEAM}

        def role(person: str, _: object) -> Role:
            return Role.MEMBER if person in members else Role.CUSTOMER

        events = archive.events(role=role, channels=("*",), problem=lambda _: None)
        return [event for event in events if isinstance(event, Posted) and not event.message.marks][:messages]


async def ours(events: list[Posted], folder: Path) -> float:
    """Seconds per message through the inbox, 100 in flight, each acknowledged after its commit."""
    members = frozenset(event.message.author for event in events if event.message.role is Role.MEMBER)
    rules = ChannelRules(steps=(Step(after=1800, to="owner"),))
    time = Timing()
    town = LocalPlatform(clock=time.clock, team=Team(members=members))
    for event in events:
        town.customer(event.message.author, event.message.author)
    policy = Policy(hours_of=lambda _, __: ALWAYS, rules_of=lambda _: rules)
    async with database(folder / "live.db") as store:
        inbox = build([town], store, policy, judge=StandardJudge(), time=time, activates=False).inbox
        running = asyncio.create_task(inbox.run())
        spent = await in_flight(events, inbox.submit)
        inbox.close()
        await running
    return spent


async def in_flight(items: list, work: Callable[..., Awaitable[object]]) -> float:  # type: ignore[type-arg]
    """Seconds per item when 100 workers take the items one after the other."""
    queue = iter(items)

    async def worker() -> None:
        for item in queue:
            await work(item)

    started = time.perf_counter()
    await asyncio.gather(*(worker() for _ in range(IN_FLIGHT)))
    return (time.perf_counter() - started) / len(items)


def discord_frames(events: list[Posted]) -> list[str]:
    """The same messages as gateway frames (https://discord.com/developers/docs/events/gateway-events#message-create)."""
    frames = []
    for number, event in enumerate(events):
        author = str(10_000 + sum(event.message.author.encode()))
        user = {"id": author, "username": event.message.author, "discriminator": "0", "global_name": "Dana", "avatar": None}
        member = {
            "roles": ["3000"], "joined_at": "2026-01-05T09:00:00+00:00", "deaf": False, "mute": False, "nick": None,
            "avatar": None, "flags": 0, "premium_since": None, "pending": False, "communication_disabled_until": None,
        }  # fmt: skip
        data = {
            "id": str(1_400_000_000_000_000_000 + number), "channel_id": str(CHANNEL), "guild_id": str(GUILD), "author": user,
            "member": member, "content": event.message.text, "timestamp": "2026-03-02T09:00:00+00:00",
            "edited_timestamp": None, "tts": False, "mention_everyone": False, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": False, "type": 0, "flags": 0, "components": [], "nonce": None,
        }  # fmt: skip
        frames.append(json.dumps({"t": "MESSAGE_CREATE", "s": number, "op": 0, "d": data}))
    return frames


async def discords(frames: list[str]) -> float:
    """Seconds per message that discord.py spends from the frame's text to its Message."""
    client = discord.Client(intents=discord.Intents.all())
    state = client._connection
    guild = {
        "id": str(GUILD), "name": "Harbor", "owner_id": "1", "roles": [], "emojis": [], "features": [], "channels": [
            {"id": str(CHANNEL), "type": 0, "name": "help", "position": 0, "permission_overwrites": [], "nsfw": False}
        ], "threads": [], "members": [], "voice_states": [], "presences": [], "stickers": [], "member_count": 2,
        "verification_level": 0, "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0,
        "nsfw_level": 0, "premium_tier": 0, "preferred_locale": "en-US", "system_channel_flags": 0,
        "premium_progress_bar_enabled": False, "stage_instances": [], "guild_scheduled_events": [], "soundboard_sounds": [],
    }  # fmt: skip
    state._add_guild_from_data(guild)  # type: ignore[arg-type]
    parsed = 0
    started = time.perf_counter()
    for frame in frames:
        payload = json.loads(frame)
        state.parse_message_create(payload["d"])
        parsed += 1
    spent = (time.perf_counter() - started) / parsed
    assert len(state._messages or ()) > 0, "discord.py parsed nothing"
    return spent


def slack_bodies(events: list[Posted]) -> list[str]:
    """The same messages as Events API bodies (https://docs.slack.dev/reference/events/message)."""
    return [
        json.dumps(
            {
                "token": "-",
                "team_id": "T1",
                "api_app_id": "A1",
                "type": "event_callback",
                "event_id": f"Ev{number}",
                "event_time": int(event.at),
                "is_ext_shared_channel": False,
                "authorizations": [{"enterprise_id": None, "team_id": "T1", "user_id": "U1", "is_bot": True}],
                "event": {
                    "type": "message",
                    "channel": "C1",
                    "channel_type": "channel",
                    "user": event.message.author,
                    "team": "T1",
                    "text": event.message.text,
                    "ts": event.message.id,
                    "event_ts": event.message.id,
                    "client_msg_id": f"00000000-0000-4000-8000-{number:012d}",
                },
            }
        )
        for number, event in enumerate(events)
    ]


async def slacks(bodies: list[str]) -> float:
    """Seconds per message that slack-bolt spends from the body's text to a listener that does nothing."""

    async def authorize(**_: object) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=None, team_id="T1", bot_token="xoxb-made", bot_id="B1", bot_user_id="U1")

    app = AsyncApp(authorize=authorize, signing_secret="made", request_verification_enabled=False)
    heard = 0

    @app.event("message")
    async def listen(event: dict[str, object]) -> None:
        nonlocal heard
        heard += 1

    async def dispatch(body: str) -> None:
        response = await app.async_dispatch(AsyncBoltRequest(body=json.loads(body), mode="socket_mode"))
        assert response.status == 200

    spent = await in_flight(bodies, dispatch)
    for _ in range(100):
        if heard == len(bodies):
            break
        await asyncio.sleep(0.01)
    assert heard == len(bodies), f"slack-bolt's listener heard {heard} of {len(bodies)}"
    return spent


def measure(messages: int = 3000, rounds: int = 5) -> dict[str, float]:
    """The best round of each, in seconds per message: "ours", "discord.py", "slack-bolt"."""
    events = sample(messages)
    frames, bodies = discord_frames(events), slack_bodies(events)
    best = {"ours": float("inf"), "discord.py": float("inf"), "slack-bolt": float("inf")}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(prefix="realreply-bench-", dir=".") as folder:
            best["ours"] = min(best["ours"], asyncio.run(ours(events, Path(folder))))
        best["discord.py"] = min(best["discord.py"], asyncio.run(discords(frames)))
        best["slack-bolt"] = min(best["slack-bolt"], asyncio.run(slacks(bodies)))
    return best


if __name__ == "__main__":
    for name, seconds in measure().items():
        print(f"{name:12} {seconds * 1e6:7.1f} microseconds a message")
