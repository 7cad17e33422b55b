"""How long reminders are late when a connection to Slack is renewed: many channels with a past, questions that fall due all the
time, one of the two sockets renewed now and then. By the fake's clock, at the pace at which Slack lets itself be read.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.waits import ladder
from tests.scenario.slack_stage import SlackStage, slack_stage
from tests.scenario.stage import DAY, MINUTE, Setup
from tests.slack_sandbox.acting import Person
from tests.slack_sandbox.model import Conversation, Message
from tests.storage.sqlite.rows import rows_of

DUE_AFTER = 30 * MINUTE
"""Seconds after which the first reminder is due, by default."""

STEP = 10.0
"""Seconds by which time goes on."""

BEFORE = 15 * MINUTE
"""Seconds given to reading the channels for the first time."""

SPAN = 60 * MINUTE
"""How long people ask, in seconds; then another half hour until the last question is due, and an hour for what is late."""

READING = ("conversations.history", "conversations.replies")


@dataclass(frozen=True, kw_only=True)
class Renewals:
    """What was measured. `late` is by how many seconds each reminder left after it was due, sorted; one that never left counts
    with all the time there was. `calls`: reads of the history for each renewal."""

    channels: int
    messages: int
    renewals: int
    asked: int
    late: tuple[float, ...]
    never: int
    calls: float

    def share(self, part: float) -> float:
        """The lateness that so large a part of the reminders doesn't exceed."""
        return self.late[min(len(self.late) - 1, int(len(self.late) * part))] if self.late else 0.0

    def __str__(self) -> str:
        return (
            f"{self.channels} channels of {self.messages} messages, {self.renewals} renewals, {self.asked} reminders: late by "
            f"{self.share(0.5):.0f} s (p50), {self.share(0.99):.0f} s (p99), {self.late[-1]:.0f} s at most; {self.never} never; "
            f"{self.calls:.0f} reads a renewal"
        )


async def renewed_now_and_then(
    folder: Path, *, channels: int, messages: int, questions: int, every: float, patience: float = 60.0
) -> Renewals:
    """Let `questions` be asked within an hour in `channels` that have `messages` of 14 days each, while one socket is renewed
    `every` so many seconds. `patience` is real."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ladder, "APART", 0.0)  # all of it is for one member: what is measured is how long the renewal takes
        async with slack_stage(Setup(ping=0.05, budget=100), folder, patch) as stage:
            places = await with_past(stage, channels, messages)
            return await _asked(stage, places, messages, questions, every, patience)


async def with_past(stage: SlackStage, channels: int, messages: int) -> list[Conversation]:
    """Channels that were there all along: the bot reads their past, and goes on."""
    fake, ana, dana = stage.fake, stage.persons["ana"], stage.persons["dana"]
    await stage.take_down()
    places = [fake.channel(f"help-{n:02}", members=[ana, dana]) for n in range(channels)]
    for n, place in enumerate(places):
        for k in range(messages):
            at = stage.now - 14 * DAY * (1 - k / messages) + n / 100
            said(place, ana if k % 2 else dana, "good morning everybody", at)
    await stage.put_up()
    await stage.advance(minutes=BEFORE / MINUTE)
    return places


def said(place: Conversation, who: Person, text: str, at: float) -> Message:
    """Put something into a channel's past."""
    ts = f"{at:.6f}"
    body = {"type": "message", "ts": ts, "text": text, "user": who.id, "team": who.team.id, "client_msg_id": ts}
    message = Message(channel=place.id, ts=ts, body=body, posted_at=at)
    place.add(message)
    return message


async def _asked(
    stage: SlackStage, places: list[Conversation], messages: int, questions: int, every: float, patience: float
) -> Renewals:
    fake = stage.fake
    begun, renewals, asked = stage.now, 0, 0
    read = _reads(stage)
    while stage.now < begun + SPAN + DUE_AFTER + SPAN:
        passed = stage.now - begun
        while asked < questions and asked * SPAN / questions <= passed:
            place = places[asked % len(places)]
            guest = fake.person(f"Guest {asked}")
            place.members.append(guest.id)
            await guest.says(place, f"Hello, how do I change the address on invoice {asked}?")
            asked += 1
        if DUE_AFTER <= passed <= SPAN + DUE_AFTER and passed >= DUE_AFTER + renewals * every:
            await _renew(stage, renewals % 2, patience)
            renewals += 1
        await stage.settle()
        await fake.clock.advance(STEP)
    await stage.settle()
    return Renewals(
        channels=len(places),
        messages=messages,
        renewals=renewals,
        asked=asked,
        late=tuple(sorted(_late(stage))),
        never=asked - len(rows_of(stage.path, SENT)),
        calls=(_reads(stage) - read) / max(1, renewals),
    )


async def _renew(stage: SlackStage, number: int, patience: float) -> None:
    """Slack ends one connection, and the SDK opens another: it looks in real time."""
    sockets = stage.fake.sockets
    opened = sockets.opened
    await sockets.disconnect("refresh_requested", number=number)
    async with asyncio.timeout(patience):
        while sockets.opened <= opened or len(sockets.connections) < 2:
            await asyncio.sleep(0.01)


def _reads(stage: SlackStage) -> int:
    return sum(call.method in READING for call in stage.fake.calls)


LEFT = "FROM outgoing WHERE kind = 'reminder' AND step = 0 AND state = 'sent'"
SENT = f"SELECT waits.opened_at, sent_at FROM waits JOIN (SELECT wait, sent_at {LEFT}) ON wait = waits.no"
WAITING = f"SELECT opened_at FROM waits WHERE no NOT IN (SELECT wait {LEFT})"


def _late(stage: SlackStage) -> list[float]:
    late = [sent_at - (opened_at + DUE_AFTER) for opened_at, sent_at in rows_of(stage.path, SENT)]
    return late + [stage.now - (opened_at + DUE_AFTER) for (opened_at,) in rows_of(stage.path, WAITING)]
