"""All troubles at once, by the fake's clock: people write, edit, delete and react while Slack's methods fail in every way,
sockets close or the proxy is away, events come twice, late, in another order or not at all, the database refuses writes, and the
bot is ended and started again. Hours pass in seconds. Then the sky clears, and what is there is counted.
"""

from __future__ import annotations

import asyncio
import random
import re
from collections import Counter
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, Literal

import pytest

from bot.errors import RealReplyError, StorageError
from tests.attacks.counted import Counted
from tests.attacks.leftovers import bytes_left
from tests.scenario.conftest import ABOUT, FIXED
from tests.scenario.slack_stage import SlackStage, slack_stage
from tests.scenario.stage import MINUTE, Setup
from tests.slack_sandbox.acting import Person
from tests.slack_sandbox.model import Conversation, Json, Message
from tests.storage.sqlite.rows import rows_of

Mode = Literal["socket", "http"]

PLACES = 6
TOGETHER = 8
"""Things that happen between two moves of the clock."""

WORD = re.compile(r"container\d+x")

NOWHERE = "http://127.0.0.1:9/slack/events"
"""Where nobody listens: a proxy that is down."""

ASKED = (
    *("users.info", "conversations.info", "conversations.members", "conversations.history", "conversations.replies", "auth.test"),
    *("chat.postMessage", "chat.update", "views.publish", "dnd.info", "apps.connections.open"),
)
"""Methods that fail now and then."""

CLEARING: float = 3 * 60 * MINUTE
"""Seconds after which whatever was missed has been read back, without a restart."""


class Weather:
    """People who write, and what goes wrong meanwhile."""

    def __init__(self, stage: SlackStage, mode: Mode, seed: int) -> None:
        self.stage, self.fake, self.mode = stage, stage.fake, mode
        self.chance = random.Random(seed)
        self.report = Counted(name=f"all troubles at once, over {mode}")
        self.places = [self.fake.channel(f"help-{n}", members=[stage.persons["ana"]]) for n in range(PLACES)]
        self.written: list[Message] = []
        self.open: list[tuple[Person, Message]] = []
        self.words: dict[str, list[str]] = {}
        """What stands in a message and nowhere else, by the message, whatever became of it."""
        self.looked_at = self.said = 0
        self.target = self.fake.http_target
        self.refuses_until = self.away_until = 0.0

    # -- what people do

    def _word(self) -> str:
        self.said += 1
        return f"container{self.said:05}x"

    async def _asks(self) -> None:
        place = self.chance.choice(self.places)
        person = self.fake.person(f"Guest {len(self.written)}")
        place.members.append(person.id)
        self.open.append(
            (person, await self._says(person, place, f"Hello, could you tell me where {self._word()} is? It is due."))
        )

    async def _says(self, person: Person, place: Conversation, text: str, *, thread: Message | None = None) -> Message:
        saying = asyncio.create_task(person.says(place, text, thread=thread))
        await asyncio.sleep(0)  # by now it is in the channel; whether it was acknowledged is another matter
        said = next(reversed(place.messages.values()))
        self.written.append(said)
        self.words[said.ts] = WORD.findall(text)
        await saying
        return said

    async def _answers(self) -> None:
        if self.open:
            customer, asked = self.open.pop(self.chance.randrange(len(self.open)))
            place = self.fake.workspace.conversations[asked.channel]
            thread = asked if self.chance.random() < 0.3 else None
            text = f"<@{customer.id}> {self._word()} leaves for you tonight at eight."
            await self._says(self.stage.persons["ana"], place, text, thread=thread)

    async def _adds(self) -> None:
        if self.open:
            customer, asked = self.chance.choice(self.open)
            await self._says(customer, self.fake.workspace.conversations[asked.channel], f"It is {self._word()}, by the way")

    async def _edits(self) -> None:
        if self.open:
            customer, asked = self.chance.choice(self.open)
            self.words[asked.ts].append(word := self._word())
            await customer.edits(asked, f"{asked.text} And {word}?")

    async def _deletes(self) -> None:
        if self.open:
            customer, asked = self.open.pop(self.chance.randrange(len(self.open)))
            await customer.deletes(asked)

    async def _reacts(self) -> None:
        if self.open:
            await self.stage.persons["ana"].reacts(self.chance.choice(self.open)[1], self.chance.choice(("eyes", "tada")))

    # -- what goes wrong

    def _methods_fail(self) -> None:
        trouble, method, times = self.fake.trouble, self.chance.choice((*ASKED, "*")), self.chance.randint(1, 6)
        how = self.chance.choice(("429", "500", "internal_error", "rubbish", "cut"))
        self.report.troubles[how] += times
        match how:
            case "429":
                trouble.ratelimit(method, retry_after=self.chance.randint(1, 60), times=times)
            case "500":
                trouble.fail(method, times=times)
            case "internal_error":
                trouble.refuse(method, "internal_error", times=times)
            case "rubbish":
                trouble.garble(method, times=times)
            case _:
                trouble.drop(method, accepted=False, times=times)

    def _answers_get_lost(self) -> None:
        self.report.troubles["answer lost"] += 1
        self.fake.trouble.drop("chat.postMessage", accepted=True)

    def _events_come_twice(self) -> None:
        self.report.troubles["twice"] += 5
        self.fake.trouble.duplicate(5)

    def _events_come_in_reverse(self) -> None:
        if not self.fake.trouble.shuffled:
            count = self.chance.randint(2, TOGETHER)
            self.report.troubles["reordered"] += count
            self.fake.trouble.shuffle(count)

    def _writes_are_refused(self) -> None:
        self.refuses_until = self.stage.now + self.chance.choice((1, 8)) * MINUTE
        self.report.troubles["refused writes"] += 1
        self._refuse()

    def _refuse(self) -> None:
        async def fails(_work: object) -> None:
            raise StorageError("the disk is full")

        if self.stage.bot is not None:
            self.stage.store.transact = fails

    def _accept(self) -> None:
        if self.stage.bot is not None and "transact" in vars(self.stage.store):
            del self.stage.store.transact

    async def _connection_breaks(self) -> None:
        if self.mode == "http":
            self.report.troubles["proxy down"] += 1
            self.fake.http_target = NOWHERE
            self.away_until = self.stage.now + self.chance.choice((1, 20)) * MINUTE
        elif len(self.fake.sockets.connections) == 2:
            self.report.troubles["socket closed"] += 1
            opened = self.fake.sockets.opened
            both = self.chance.random() < 0.3
            for number in (1, 0) if both else (self.chance.randrange(2),):
                await self.fake.sockets.disconnect("refresh_requested", number=number, close=True)
            await self._until(lambda: self.fake.sockets.opened > opened + both)

    async def _until(self, condition: Callable[[], bool]) -> None:
        """Wait for what the SDK does in real time; a connection that isn't renewed soon isn't waited for."""
        for _ in range(100):
            if condition() or self._ended:
                return
            await asyncio.sleep(0.01)

    async def _restarts(self) -> None:
        self.report.troubles["restart"] += 1
        await self._stop()
        if self.chance.random() < 0.5:  # what is written meanwhile is never told
            async with self.fake.away():
                await asyncio.gather(*(self._happens() for _ in range(TOGETHER)))
                await self.fake.clock.advance(self.chance.choice((60, 1800)))
        await self._start()

    @property
    def _ended(self) -> bool:
        return self.stage.running is None or self.stage.running.done()

    async def _stop(self) -> None:
        self._accept()
        try:
            await self.stage.take_down()
        except RealReplyError:
            self.report.troubles["ended by itself"] += 1

    async def _start(self) -> None:
        """A start may fail in this weather; whoever supervises it tries again."""
        for _ in range(10):
            starting = asyncio.create_task(self.stage.put_up())
            try:
                while not (await asyncio.wait([starting], timeout=0.05))[0]:
                    await self.fake.clock.advance(10)  # it waits out what Slack asks for
                return await starting
            except (RealReplyError, AssertionError):
                self.report.troubles["start failed"] += 1
                await self.stage.give_up()
                self.fake.trouble.clear()
        raise AssertionError("the bot doesn't start")

    # -- the course of it

    async def _happens(self) -> None:
        kinds = (self._asks, self._answers, self._adds, self._edits, self._deletes, self._reacts)
        await self.chance.choices(kinds, (10, 7, 3, 2, 1, 2))[0]()

    async def _goes_wrong(self) -> None:
        kinds: tuple[Callable[[], None] | Callable[[], Coroutine[Any, Any, None]], ...] = (
            *(self._methods_fail, self._answers_get_lost, self._events_come_twice, self._events_come_in_reverse),
            *(self._writes_are_refused, self._connection_breaks, self._restarts),
        )
        done = self.chance.choices(kinds, (12, 2, 3, 6, 1, 3, 1))[0]()
        if done is not None:
            await done

    async def blows(self, messages: int) -> None:
        """Let so many messages be written."""
        begun = self.stage.now
        while len(self.written) < messages:
            await asyncio.gather(*(self._happens() for _ in range(TOGETHER)))
            await self._goes_wrong()
            await self._passes(self.chance.choice((5, 20, 60, 120)))
            self._look()
        self.report.troubles["hours"] = round((self.stage.now - begun) / 3600)

    async def _passes(self, seconds: float) -> None:
        if self._ended:
            await self._stop()
            await self._start()
        if self.stage.now >= self.away_until and self.mode == "http":
            self.fake.http_target = self.target
        if self.stage.now >= self.refuses_until:
            self._accept()
        try:
            await self.stage.advance(minutes=seconds / MINUTE)
        except RealReplyError:  # the bot ended: seen above, the next time
            self.report.troubles["ended while time passed"] += 1

    async def clears(self) -> None:
        """Everything works again; hours later all that was written is there, and everybody is answered."""
        self._accept()
        self.refuses_until = self.away_until = 0.0
        self.fake.trouble.clear()
        self.fake.http_target = self.target
        await self._passes(1)
        await self.stage.advance(minutes=CLEARING / MINUTE)
        self._look()
        self.report.missing = self._missing()
        await self._stop()
        await self._start()
        await self.stage.advance(minutes=30)
        self.report.after_restart = self._missing()
        ana = self.stage.persons["ana"]
        for _, asked in self.open:
            await ana.reacts(asked, "white_check_mark")
        await self.stage.advance(minutes=30)
        self._count()
        waiting = {message for wait in await self.stage.waits() for message in wait.messages}
        await self._stop()
        over = [word for message, words in self.words.items() if message not in waiting for word in words]
        self.report.left = bytes_left(self.stage.path.parent, over)

    # -- what is counted

    def _look(self) -> None:
        """Whatever was acknowledged is stored by then."""
        stored = {id for (id,) in rows_of(self.stage.path, "SELECT id FROM platform_events")}
        deliveries = self.fake.courier.deliveries
        for delivery in deliveries[self.looked_at :]:
            if delivery.acknowledged and self._is_kept(delivery.event) and delivery.payload["event_id"] not in stored:
                event = delivery.event
                whole = event["type"] == "message" and "subtype" not in event
                (self.report.lost if whole else self.report.forgotten).add(f"{event['type']} {event['event_ts']}")
        # What isn't acknowledged yet may be, later.
        while self.looked_at < len(deliveries) and (done := deliveries[self.looked_at]) and (done.acknowledged or done.given_up):
            self.looked_at += 1

    def _is_kept(self, event: Json) -> bool:
        """Whether an event is one of those that the database holds once it was dealt with."""
        item = event.get("item")
        channel = item["channel"] if isinstance(item, dict) else event.get("channel")
        if channel not in {place.id for place in self.places}:
            return False
        if event["type"] == "message":
            return event.get("subtype") in (None, "message_changed", "message_deleted")
        return str(event["type"]).startswith("reaction_")

    def _missing(self) -> list[str]:
        known = {message for (message,) in rows_of(self.stage.path, "SELECT message FROM event_keys WHERE kind = 'posted'")}
        return [message.ts for message in self.written if not message.deleted and message.ts not in known]

    def _count(self) -> None:
        report, posts = self.report, [sent for sent in self.fake.outgoing if sent.method == "chat.postMessage" and sent.accepted]
        keys = Counter(post.arguments["metadata"]["event_payload"]["key"] for post in posts)
        report.messages, report.posts = len(self.written), len(posts)
        report.doubled = [key for key, count in keys.items() if count > 1]
        report.readable = sum(FIXED not in said and ABOUT not in said for said in self.stage.seen_outside())
        report.given_up = sum(delivery.given_up for delivery in self.fake.courier.deliveries)


async def weathered(folder: Path, *, mode: Mode, messages: int, seed: int) -> Counted:
    """Let so many messages be written in all weathers, and count."""
    setup = Setup(mode=mode, ack_seconds=0.3, ping=0.05, budget=100)
    with pytest.MonkeyPatch.context() as patch:
        async with slack_stage(setup, folder, patch) as stage:
            weather = Weather(stage, mode, seed)
            for place in weather.places:
                await stage.fake.bot_joins(place)
            await stage.restart()
            await weather.blows(messages)
            await weather.clears()
            return weather.report
