"""Kills `realreply run` again and again while people write to each other on a Discord on loopback, and examines what is left.

All times are the wall's. Discord goes on while nobody lives, and tells nobody twice: what was written meanwhile must be read
back. Posts are answered late, so that kills fall between Discord's taking a post and our knowing it; some answers are lost. It
forgets nonces at once, as after minutes: nothing but looking for a post keeps it from being sent twice.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from bot.domain.marks import STARTED
from bot.domain.reading import unpack
from bot.domain.waits import Wait
from storage.sqlite.database import Database
from tests.discord_sandbox import Channel, FakeDiscord, Message, Person
from tests.discord_sandbox.model import Outgoing
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
from tests.sandbox.clock import RealClock

POST = "POST /channels/*/messages"

SHORTEST, LONGEST = 0.5, 1.7
"""Seconds a process lives. It speaks after about one: a session begins with more than a socket."""


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

    fake: FakeDiscord
    ana: Person
    places: list[Channel]
    asked: list[Asked] = field(default_factory=list)
    written: list[Message] = field(default_factory=list)

    async def goes_on(self, over: asyncio.Event) -> None:
        """A customer asks every `GAP` seconds until `over`."""
        async with asyncio.TaskGroup() as tasks:
            while not over.is_set():
                tasks.create_task(self._asks(len(self.asked)))
                await asyncio.sleep(GAP)

    async def _asks(self, number: int) -> None:
        fake, place = self.fake, self.places[number % len(self.places)]
        customer = fake.person(f"Guest{number:04}")
        words = f"container {number:04}"
        question = fake.put(place, customer, f"Hello, could you tell me where {words} is? It was due on Friday.")
        asked = Asked(customer=customer.id, message=question, words=words, answered=number % UNANSWERED != 0)
        self.asked.append(asked)
        self.written.append(question)
        if not asked.answered:
            return
        await asyncio.sleep(ANSWERED_AFTER[number % len(ANSWERED_AFTER)])
        reply = "It is in Rotterdam since this morning and leaves for you tonight at eight."
        if number <= THREADS:
            thread = fake.open_thread(place, words, self.ana, starter=question)
            self.written.append(fake.put(thread, self.ana, reply))
        else:
            self.written.append(fake.put(place, self.ana, reply, reply_to=question))


SETTINGS = """
[team]
hours = "00:00-24:00"
days = "mon-sun"
[[members]]
name = "Ana"
discord = "{ana}"
lead = true
[[members]]
name = "Ben"
discord = "{ben}"
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
[discord]
token = "file:discord.token"
api = "{api}"
gateway = "{gateway}"
[[discord.guilds]]
id = "{guild}"
team_roles = ["team"]
"""


async def prepare(folder: Path, story: Story) -> Path:
    """A settings file for a team on this fake, and a database in which reminders have begun."""
    fake = story.fake
    (folder / "discord.token").write_text(fake.token)
    (folder / "discord.token").chmod(0o600)
    steps = ", ".join(f'{{ after = "{after}", to = "{to}" }}' for after, to in LADDER)
    ben, guild = fake.world.user("Ben").id, fake.world.guild().id
    text = SETTINGS.format(
        steps=steps, path=DATABASE, api=fake.api_url, gateway=fake.gateway_url, guild=guild, ana=story.ana.id, ben=ben
    )
    (folder / CONFIG).write_text(text)
    async with await Database.open(folder / DATABASE, unpack=unpack) as store:
        await store.transact(lambda tx: tx.put_mark(STARTED, time.time(), by=story.ana.id))
    return folder / CONFIG


def run(folder: Path, *, kills: int, seed: int, long: bool = False) -> Report:
    """Let people write while the process is killed at least `kills` times, and a little longer; then examine what is there.
    `long`: there is time for answers to be lost all along."""
    started = time.monotonic()
    report = asyncio.run(_run(folder, kills, random.Random(seed), long))
    report.seconds = time.monotonic() - started
    return report


async def _run(folder: Path, kills: int, chance: random.Random, long: bool) -> Report:
    report, over = Report(), asyncio.Event()
    fake = FakeDiscord(clock=RealClock(), nonce_seconds=0.0)
    fake.identifies_left = 10**6
    async with fake, Lives("tests.process.discord_victim", folder) as lives:
        story = a_server(fake)
        trouble(fake, long=long)
        config = await prepare(folder, story)
        telling = asyncio.create_task(story.goes_on(over))
        await lives.are_killed(report, kills, (SHORTEST, LONGEST), chance)
        # An answer that is lost now would be waited for half a minute.
        fake.trouble.clear()
        async with command(config, report):
            over.set()
            await telling
            await settled(folder / DATABASE, (story,), report)
        await _examine(folder, story, report)
    return report


def a_server(fake: FakeDiscord) -> Story:
    """People and places on a fake, in which the story goes on."""
    guild = fake.guild("Harbor")
    fake.role("team")
    ana = fake.person("Ana", roles=["team"])
    fake.person("Ben", roles=["team"])
    del guild.members[guild.owner_id]  # whoever owns a server reads everything in it
    guild.owner_id = ana.id
    places = [fake.channel(f"help-{n}") for n in range(3)]
    fake.channel("support-team", only=["team"])
    return Story(fake=fake, ana=ana, places=places)


def trouble(fake: FakeDiscord, *, long: bool) -> None:
    """Answers come late, and some never. `long`: all along."""
    fake.trouble.drop(POST, accepted=True)
    for _ in range(POSTS // UNHEARD if long else 0):
        fake.trouble.delay(POST, seconds=DWELL, accepted=True, times=UNHEARD - 1)
        fake.trouble.drop(POST, accepted=True)
    fake.trouble.delay(POST, seconds=DWELL, accepted=True, times=None)


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
    posts = [sent for sent in fake.outgoing if sent.what == "message" and sent.accepted]
    report.messages += len(story.written)
    report.posts += len(posts)
    report.reminders += len(rows.sent)
    report.updates += sum(sent.what == "edit" and sent.accepted for sent in fake.outgoing)
    report.wrong += [f"offence: {offence}" for offence in fake.offences]
    report.wrong += _lost(story, rows)
    report.wrong += misjudged({asked.message.id: asked for asked in story.asked}, waits)
    report.wrong += unreminded(rows, waits, len(LADDER))
    report.wrong += _unlike(posts, rows, story, waits)
    report.unheard += sum(call.what == POST and call.outcome in ("", "dropped") for call in fake.calls)


def _lost(story: Story, rows: Rows) -> Iterator[str]:
    """Everything that people wrote was dealt with: also what was written while nobody listened."""
    for message in story.written:
        if not rows.messages[key_of(story, message)]:
            yield f"message {message.id} was lost"


def key_of(story: Story, message: Message) -> tuple[str, str]:
    """How a message is known in the database: a thread's by its channel."""
    place = story.fake.world.channels[message.channel_id]
    return f"discord:{place.guild_id}:{place.parent_id if place.is_thread else place.id}", message.id


def _unlike(posts: list[Outgoing], rows: Rows, story: Story, waits: list[Wait]) -> Iterator[str]:
    """Discord has what is recorded and nothing else, no post twice, and no wait in more posts than it has reminders."""
    keys = Counter(post.body["nonce"] for post in posts)
    yield from (f"posted {count} times: {key}" for key, count in keys.items() if count != 1)
    there = {f"{post.channel}/{post.id}" for post in posts}
    recorded = {row.ref for row in rows.sent}
    yield from (f"recorded as sent and never posted: {row}" for row in rows.sent if row.ref not in there)
    yield from (f"posted and not recorded: {ref}" for ref in there if ref not in recorded)
    reminded = Counter(row.wait for row in rows.sent)
    wait_of = {wait.messages: wait for wait in waits}
    for asked in story.asked:
        wait = wait_of.get((asked.message.id,))
        in_posts = sum(asked.words in str(post.body) for post in posts)
        # Fewer is no wonder: a post about very many doesn't tell of each.
        if wait is not None and in_posts > reminded[wait.id]:
            yield f"{asked.words} stands in {in_posts} posts, with {reminded[wait.id]} reminders"
