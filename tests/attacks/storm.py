"""All troubles at once on the real command, in real time: `realreply run` is killed again and again while Slack's methods fail,
sockets close, events come twice and in reverse and are delivered again, and the database refuses writes. People go on writing.

Slack's pauses between its retries are a second and five instead of a minute and five; everything else is as it is.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import signal
import time
from collections import Counter
from pathlib import Path

from tests.attacks.counted import Counted
from tests.attacks.leftovers import bytes_left
from tests.attacks.storm_victim import REFUSE
from tests.process.lives import DATABASE, LOG, PATIENCE, Lives
from tests.process.report import read_rows
from tests.process.slack_ordeal import CONFIG, Story, a_town, key_of, prepare
from tests.process.told import command
from tests.scenario.slack_people import Outbox
from tests.slack_sandbox import FakeSlack, RealClock
from tests.storage.sqlite.rows import rows_of

GAP = 0.2
"""Seconds between two questions: with their answers some nine messages a second."""

SHORTEST, LONGEST = 0.5, 6.0
EVERY_SO_OFTEN, LONG = 4, 12.0
"""Seconds a process lives; each fourth is given time to read back and to speak."""

LEAST = 2
"""Kills, however few messages there are."""

RETRIES = (0.0, 1.0, 5.0)
ACKNOWLEDGED_WITHIN = 1.5
"""Seconds, of the wall's time."""

SQUALL = 0.4
"""Seconds between two troubles."""

LULL, AFTER = 10.0, 12.0
"""Seconds without a new trouble after so many seconds of them: time to read back, and for reminders to leave."""

CALM = 12.0
"""Seconds in which nothing new is stored, after which nothing more will be."""

ASKED = (
    *(("users.info",) * 6 + ("conversations.history",) * 4 + ("conversations.replies",) * 2),
    *("conversations.info", "conversations.members", "chat.postMessage", "chat.update"),
)
"""Methods that fail, by how often. What keeps posts from leaving does so for half a minute at once."""

TROUBLES = {
    **{"429": 6, "500": 3, "internal_error": 3, "rubbish": 3, "cut": 3},
    **{"answer lost": 1, "twice": 5, "reversed": 6, "socket closed": 6, "writes refused": 4},
}
"""What happens, by how often."""


async def stormed(folder: Path, *, messages: int, seed: int) -> Counted:
    """Let so many messages be written in the storm; then the last process lives in peace, and what is there is counted."""
    report, chance = Counted(name="all troubles and kill -9, the real process"), random.Random(seed)
    clock = RealClock()
    async with (
        FakeSlack(clock=clock, retries=RETRIES, ack_seconds=ACKNOWLEDGED_WITHIN) as fake,
        Lives("tests.attacks.storm_victim", folder) as lives,
    ):
        story, over = a_town(fake, gap=GAP), asyncio.Event()
        team = {story.ana.id, "U0BEN"}
        outbox = Outbox(fake, lambda: frozenset(team))
        fake.outgoing = outbox
        config = await prepare(folder, fake)
        await _first_life(lives)
        telling = asyncio.create_task(story.goes_on(over))
        blowing = asyncio.create_task(_blows(fake, folder, chance, report))
        while len(story.written) < messages or report.troubles["kill -9"] < LEAST:
            await _a_life(lives, chance.uniform(SHORTEST, LONGEST) if chance.randrange(EVERY_SO_OFTEN) else LONG, report)
            _look(story, folder, report)
        blowing.cancel()
        await asyncio.gather(blowing, return_exceptions=True)
        (folder / REFUSE).unlink(missing_ok=True)
        fake.trouble.clear()
        async with command(config, Wrong(report)):
            over.set()
            await telling
            await _calm(folder / DATABASE, story)
            _look(story, folder, report)
            await asyncio.gather(*(story.ana.reacts(asked.message, "white_check_mark") for asked in story.asked))
            await asyncio.sleep(3)
        _count(story, folder, outbox, report)
    return report


class Wrong:
    """Where `command` says what went wrong with the last process."""

    def __init__(self, report: Counted) -> None:
        self.wrong = report.other


async def _first_life(lives: Lives) -> None:
    """Before the storm: the channels are read for the first time, and are nobody's news from then on."""
    pid, log = await lives.begin(), lives.folder / LOG
    async with asyncio.timeout(PATIENCE):
        while '"event": "ready"' not in (log.read_text() if log.exists() else ""):
            await asyncio.sleep(0.1)
    os.kill(pid, signal.SIGKILL)
    await lives.ended(PATIENCE)


async def _a_life(lives: Lives, seconds: float, report: Counted) -> None:
    pid = await lives.begin()
    status = await lives.ended(seconds)
    if status is None:
        os.kill(pid, signal.SIGKILL)
        status = await lives.ended(PATIENCE)
    if status == -signal.SIGKILL:
        report.troubles["kill -9"] += 1
    elif status == 1:  # with a sentence in the log: whoever supervises it starts it again
        report.troubles["ended by itself"] += 1
    else:
        report.other.append(f"a process ended with {status}: see {lives.folder / LOG}")


async def _blows(fake: FakeSlack, folder: Path, chance: random.Random, report: Counted) -> None:
    """A trouble every now and then, for ever."""
    trouble, troubles = fake.trouble, report.troubles
    begun = time.monotonic()
    while True:
        await asyncio.sleep(SQUALL)
        if time.monotonic() > begun + AFTER:
            trouble.clear()
            await asyncio.sleep(LULL)
            begun = time.monotonic()
        (what,) = chance.choices(list(TROUBLES), list(TROUBLES.values()))
        method, times = chance.choice(ASKED), chance.randint(1, 3)
        troubles[what] += 1
        match what:
            case "429":
                trouble.ratelimit(method, retry_after=1, times=times)
            case "500":
                trouble.fail(method, times=times)
            case "internal_error":
                trouble.refuse(method, "internal_error", times=times)
            case "rubbish":
                trouble.garble(method, times=times)
            case "cut":
                trouble.drop(method, accepted=False, times=times)
            case "answer lost":
                trouble.drop("chat.postMessage", accepted=True)
            case "twice":
                trouble.duplicate(3)
            case "reversed":
                if not trouble.shuffled:
                    trouble.shuffle(chance.randint(2, 6))
            case "socket closed":
                if fake.sockets.connections:
                    await fake.sockets.disconnect("refresh_requested", number=0, close=True)
            case _:
                (folder / REFUSE).touch()
                await asyncio.sleep(chance.uniform(0.2, 2.0))
                (folder / REFUSE).unlink()


async def _calm(path: Path, story: Story) -> None:
    """Wait until all is stored and every reminder has left, or nothing more is going to happen."""
    changed, count = time.monotonic(), -1
    while time.monotonic() < changed + CALM:
        rows = read_rows(path)
        stored, sent = sum(rows.messages.values()), len(rows.sent)
        if stored >= len(story.written) and not rows.unsettled:
            return
        if stored + sent != count:
            changed, count = time.monotonic(), stored + sent
        await asyncio.sleep(0.2)


def _look(story: Story, folder: Path, report: Counted) -> None:
    """Whatever was acknowledged is stored by then."""
    stored = {id for (id,) in rows_of(folder / DATABASE, "SELECT id FROM platform_events", unfinished=True)}
    watched = {place.id for place in story.places}
    for delivery in story.fake.courier.deliveries:
        event = delivery.event
        if event.get("type") != "message" or event["channel"] not in watched or event.get("subtype"):
            continue
        if delivery.acknowledged and delivery.payload["event_id"] not in stored:
            report.lost.add(event["ts"])


def _count(story: Story, folder: Path, outbox: Outbox, report: Counted) -> None:
    rows = read_rows(folder / DATABASE)
    posts = [sent for sent in outbox if sent.method == "chat.postMessage" and sent.accepted]
    keys = Counter(post.arguments["metadata"]["event_payload"]["key"] for post in posts)
    report.messages, report.posts = len(story.written), len(posts)
    report.missing = [message.ts for message in story.written if not rows.messages[key_of(story, message)]]
    report.after_restart = report.missing
    report.doubled = [key for key, count in keys.items() if count > 1]
    report.readable = sum(record.accepted for record, _ in outbox.outside)
    report.given_up = sum(delivery.given_up for delivery in story.fake.courier.deliveries)
    report.other += story.fake.offences
    open_still = {message for (messages,) in rows_of(folder / DATABASE, OPEN) for message in json.loads(messages)}
    over = [f"where {asked.words} is" for asked in story.asked if asked.message.ts not in open_still]
    report.left = bytes_left(folder, over)


OPEN = "SELECT messages FROM waits WHERE state = 'waiting'"

__all__ = ["CONFIG", "stormed"]
