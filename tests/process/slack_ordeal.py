"""Kills `realreply run` again and again while people write to each other on a Slack on loopback, and examines what is left.

All times are the wall's. Slack goes on while nobody lives: customers ask, members answer, and what was sent meanwhile must be
read back. Posts are answered late, so that kills fall between Slack's taking a post and our knowing it; some answers are lost.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.marks import STARTED
from bot.domain.reading import unpack
from bot.domain.waits import Wait
from storage.sqlite.database import Database
from tests.process.lives import DATABASE, Lives
from tests.process.report import Report, Rows, read_rows, unreminded
from tests.process.slack_victim import CONFIG
from tests.process.told import (
    ANSWERED_AFTER,
    DWELL,
    GAP,
    LADDER,
    POSTS,
    THREADS,
    UNANSWERED,
    UNHEARD,
    command,
    misjudged,
    settled,
)
from tests.sandbox.clock import Work
from tests.slack_sandbox import Conversation, FakeSlack, Message, Person, RealClock
from tests.slack_sandbox.acting import texts
from tests.slack_sandbox.model import Outgoing

SHORTEST, LONGEST = 0.1, 0.9
"""Seconds a process lives. It listens after about 0.3."""


class OnceOnly(RealClock):
    """What nobody takes at once is never sent again, as after an outage that outlasts Slack's retries: it must be read back."""

    def at(self, when: float, work: Work) -> Callable[[], None]:
        """Nothing is ever done later."""
        return lambda: None


@dataclass(kw_only=True)
class Asked:
    """A customer's question, and whether somebody answers it."""

    customer: str
    message: Message
    words: str
    answered: bool


@dataclass(kw_only=True)
class Story:
    """What people wrote."""

    fake: FakeSlack
    ana: Person
    places: list[Conversation]
    gap: float = GAP
    asked: list[Asked] = field(default_factory=list)
    written: list[Message] = field(default_factory=list)

    async def goes_on(self, over: asyncio.Event) -> None:
        """A customer asks every `gap` seconds until `over`."""
        async with asyncio.TaskGroup() as tasks:
            while not over.is_set():
                tasks.create_task(self._asks(len(self.asked)))
                await asyncio.sleep(self.gap)

    async def _asks(self, number: int) -> None:
        fake, place = self.fake, self.places[number % len(self.places)]
        customer = fake.person(f"Guest{number:04}")
        place.members.append(customer.id)
        words = f"container {number:04}"
        saying = asyncio.create_task(customer.says(place, f"Hello, could you tell me where {words} is? It was due on Friday."))
        await asyncio.sleep(0)  # by now it is in the channel; whether it was acknowledged is another matter
        question = next(reversed(place.messages.values()))
        assert words in question.text
        asked = Asked(customer=customer.id, message=question, words=words, answered=number % UNANSWERED != 0)
        self.asked.append(asked)
        self.written.append(question)
        if asked.answered:
            await asyncio.sleep(ANSWERED_AFTER[number % len(ANSWERED_AFTER)])
            thread = question if number <= THREADS else None
            reply = f"<@{customer.id}> it is in Rotterdam since this morning and leaves for you tonight at eight."
            self.written.append(await self.ana.says(place, reply, thread=thread))
        await saying


SETTINGS = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[[members]]
name = "Ana"
slack = "U0ANA"
lead = true
[[members]]
name = "Ben"
slack = "U0BEN"
duty = true
[[channels]]
match = "*"
watch = "everything"
[reminders]
steps = [{steps}]
budget = 100
destination = "support-team"
digest = []
[storage]
path = "{path}"
[slack]
bot_token = "file:bot.token"
{secret}
{more}
api = "{api}"
"""


async def prepare(folder: Path, fake: FakeSlack) -> Path:
    """A settings file for a team on this fake, in Socket Mode, and a database in which reminders have begun."""
    for name, token in (("bot.token", fake.bot_token), ("app.token", fake.app_token)):
        (folder / name).write_text(token)
        (folder / name).chmod(0o600)
    steps = ", ".join(f'{{ after = "{after}", to = "{to}" }}' for after, to in LADDER)
    secret = 'app_token = "file:app.token"'
    text = SETTINGS.format(steps=steps, path=DATABASE, api=fake.base_url, secret=secret, more="")
    (folder / CONFIG).write_text(text)
    async with await Database.open(folder / DATABASE, unpack=unpack) as store:
        await store.transact(lambda tx: tx.put_mark(STARTED, time.time(), by="U0ANA"))
    return folder / CONFIG


def run(folder: Path, *, kills: int, seed: int, long: bool = False) -> Report:
    """Let people write while the process is killed at least `kills` times, and a little longer; then examine what is there.
    `long`: there is time for answers to be lost all along (see UNHEARD)."""
    started = time.monotonic()
    report = asyncio.run(_run(folder, kills, random.Random(seed), long))
    report.seconds = time.monotonic() - started
    return report


async def _run(folder: Path, kills: int, chance: random.Random, long: bool) -> Report:
    report, over = Report(), asyncio.Event()
    async with FakeSlack(clock=OnceOnly()) as fake, Lives("tests.process.slack_victim", folder) as lives:
        story = a_town(fake)
        trouble(fake, long=long)
        config = await prepare(folder, fake)
        telling = asyncio.create_task(story.goes_on(over))

        def look() -> None:
            report.wrong.extend(_forgotten(story, read_rows(folder / DATABASE)))

        def hit() -> bool:
            return bool(report.on_their_way) and _unheard(fake) > 1

        await lives.are_killed(report, kills, (SHORTEST, LONGEST), chance, on_kill=look, hit=hit)
        # An answer that is lost now would be waited for half a minute.
        fake.trouble.clear()
        async with command(config, report):
            over.set()
            await telling
            await settled(folder / DATABASE, (story,), report)
        await _examine(folder, story, report)
    return report


def a_town(fake: FakeSlack, *, gap: float = GAP) -> Story:
    """People and places on a fake, in which the story goes on."""
    ana, ben = fake.person("Ana", id="U0ANA"), fake.person("Ben", id="U0BEN")
    places = [fake.channel(f"help-{n}", members=[ana, ben]) for n in range(3)]
    fake.channel("support-team", members=[ana, ben], private=True)
    return Story(fake=fake, ana=ana, places=places, gap=gap)


def trouble(fake: FakeSlack, *, long: bool) -> None:
    """Answers come late, and some never. `long`: all along."""
    fake.trouble.drop("chat.postMessage", accepted=True)
    for _ in range(POSTS // UNHEARD if long else 0):
        fake.trouble.linger("chat.postMessage", seconds=DWELL, times=UNHEARD - 1)
        fake.trouble.drop("chat.postMessage", accepted=True)
    fake.trouble.linger("chat.postMessage", seconds=DWELL, times=None)


async def _examine(folder: Path, story: Story, report: Report) -> None:
    path = folder / DATABASE
    async with await Database.open(path, unpack=unpack) as store:
        await store.check()
        waits = await store.read(lambda tx: list(tx.all_waits()))
        dead = await store.read(lambda tx: tx.dead(100))
    report.wrong += [f"given up: {row}" for row in dead]
    examine(story, read_rows(path), waits, report)


def examine(story: Story, rows: Rows, waits: list[Wait], report: Report) -> None:
    """What is wrong with what is left of a story, beside what was found before."""
    fake = story.fake
    posts = [sent for sent in fake.outgoing if sent.method == "chat.postMessage" and sent.accepted]
    report.messages += len(story.written)
    report.posts += len(posts)
    report.reminders += len(rows.sent)
    report.updates += sum(sent.method == "chat.update" and sent.accepted for sent in fake.outgoing)
    report.wrong += [f"offence: {offence}" for offence in fake.offences]
    report.wrong += _lost(story, rows)
    report.wrong += misjudged({asked.message.ts: asked for asked in story.asked}, waits)
    report.wrong += unreminded(rows, waits, len(LADDER))
    report.wrong += _unlike(posts, rows, story, waits)
    report.unheard += _unheard(fake)
    report.untaken += sum(not delivery.acknowledged for delivery in fake.courier.deliveries)


def _unheard(fake: FakeSlack) -> int:
    """Posts that Slack took, and whose sender never got an answer."""
    return sum(call.method == "chat.postMessage" and call.outcome in ("", "dropped") for call in fake.calls)


def _forgotten(story: Story, rows: Rows) -> Iterator[str]:
    """Whatever was acknowledged was stored before, whether it can be read back or not."""
    taken = {d.event.get("ts") for d in story.fake.courier.deliveries if d.acknowledged and d.event.get("type") == "message"}
    for message in story.written:
        if message.ts in taken and not rows.messages[key_of(story, message)]:
            yield f"message {message.ts} was acknowledged, and isn't stored"


def _lost(story: Story, rows: Rows) -> Iterator[str]:
    """Everything that people wrote was dealt with: also what was sent while nobody listened."""
    for message in story.written:
        if not rows.messages[key_of(story, message)]:
            yield f"message {message.ts} was lost"


def key_of(story: Story, message: Message) -> tuple[str, str]:
    """How a message is known in the database."""
    return f"slack:{story.fake.workspace.team.id}:{message.channel}", message.ts


def _unlike(posts: list[Outgoing], rows: Rows, story: Story, waits: list[Wait]) -> Iterator[str]:
    """Slack has what is recorded and nothing else, no post twice, and no wait in more posts than it has reminders."""
    keys = Counter(post.arguments["metadata"]["event_payload"]["key"] for post in posts)
    yield from (f"posted {count} times: {key}" for key, count in keys.items() if count != 1)
    there = {f"{post.channel}/{post.ts}" for post in posts}
    recorded = {row.ref for row in rows.sent}
    yield from (f"recorded as sent and never posted: {row}" for row in rows.sent if row.ref not in there)
    yield from (f"posted and not recorded: {ref}" for ref in there if ref not in recorded)
    shown = ["\n".join(texts(post.arguments.get("blocks"))) for post in posts]
    reminded = Counter(row.wait for row in rows.sent)
    wait_of = {wait.messages: wait for wait in waits}
    for asked in story.asked:
        wait = wait_of.get((asked.message.ts,))
        in_posts = sum(asked.words in words for words in shown)
        # Fewer is no wonder: a post about very many doesn't tell of each.
        if wait is not None and in_posts > reminded[wait.id]:
            yield f"{asked.words} stands in {in_posts} posts, with {reminded[wait.id]} reminders"
