"""Reading back: what was missed while away, whether a post of ours arrived, what a message says now.

Sources: docs.slack.dev, /reference/methods/conversations.history, .../conversations.replies, /messaging/message-metadata.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import Any, Final

import structlog

from adapters.slack.calls import Calls, pages
from adapters.slack.failures import MessageGone
from adapters.slack.inbound import Inbound
from adapters.slack_format.records import stamp
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.events import Event, Posted, Reacted
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.errors import Gone, Rejected
from bot.ports import HISTORY_LAG, Clock

POST: Final = "realreply_post"
"""The `event_type` of the metadata on our posts; its payload is {"key": ...}."""

FIRST_READ: Final[Seconds] = 30 * DAY
"""How far a channel's past is read when the bot comes in: enough to learn who knows whom."""

THREADS: Final[Seconds] = 14 * DAY
"""How old a thread's first message may be for its late replies to be looked for."""

MOST_MESSAGES: Final = 20_000
"""Messages of one channel that are read back outside threads, newest first: 100 calls, two and a half minutes at Slack's rate."""

MOST_THREADS: Final = 1_000
"""Threads of one channel that are read back, those with the latest replies first: a call each, 25 minutes at worst."""

MOST_REPLIES: Final = 2_000
"""Replies of one thread that are read back, oldest first."""

MOST_SEARCHED: Final = 4_000
"""Messages that are searched for a post of ours."""

LATEST: Final = 200
"""Messages of the team's channel that are looked through for posts of ours: one page. In the busiest channel of a team the day's
digest is among them."""

CLOCKS_APART: Final[Seconds] = 120.0
"""Our clock and Slack's may differ by this much: a post is searched from so much earlier on."""

log = structlog.get_logger()


@dataclass(slots=True)
class _Found:
    """What was read of a channel: which messages, and the events of those that are to be given."""

    read: set[str] = field(default_factory=set)
    events: dict[str, tuple[Event, ...]] = field(default_factory=dict)


class SlackHistory:
    """Fits `bot.ports.History`. `inbound` says what a record means, so that reading back and listening give the same events;
    `readable` gives the keys of the channels. `threads`: how old a thread's first message may be for its late replies to be
    looked for."""

    def __init__(
        self,
        web: Calls,
        inbound: Inbound,
        *,
        clock: Clock,
        readable: Callable[[], Sequence[str]] = tuple,
        first_read: Seconds = FIRST_READ,
        threads: Seconds = THREADS,
    ) -> None:
        self._web = web
        self._inbound = inbound
        self._clock = clock
        self.threads = threads
        self.readable = readable
        self.first_read = first_read

    async def since(
        self,
        channel: str,
        mark: Instant,
        *,
        parents: Instant | None = None,
        threads: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> AsyncIterator[Event]:
        """All events of a channel after `mark`, oldest first: messages, replies, and the reactions on them (untimed); members'
        reactions on what is read of messages from before it too, for they may be what says that a wait is over.

        Replies are looked for in `threads` (a call each), and in the threads whose first message is later than `parents` (`mark`
        by itself): messages are read from there on, for only they tell of their replies. What is `below` a message that isn't
        among these costs a call, too. All at Slack's pace. Edits and deletions
        made meanwhile can't be asked for: a message reads as it stands now. The messages of the channel itself are collected
        before the first event is given, since Slack pages from the newest; a thread is asked for when its first message's turn
        comes. A gap of more than `MOST_MESSAGES` loses its oldest ones, and that is told in the log.

        Raises DeliveryError and its kinds. What came before an error was given.
        """
        id = channel_id(channel)
        begins = mark if parents is None else min(mark, parents)
        found, open_to_replies = await self._top(id, channel, mark, begins)
        ready: list[tuple[float, str, tuple[Event, ...]]] = []
        # What stands among the messages that were read tells by itself whether there are replies.
        asked = dict.fromkeys((*threads, *(message for message in below if message not in found.read)))
        for first in asked:
            await self._replies(id, first, mark, found.events, ready, begins=begins)
        for ts in sorted(found.read, key=float):
            while ready and ready[0][0] < float(ts):
                for event in heappop(ready)[2]:
                    yield event
            for event in found.events.get(ts, ()):
                yield event
            if ts in open_to_replies and ts not in asked:
                await self._replies(id, ts, mark, found.events, ready)
        while ready:
            for event in heappop(ready)[2]:
                yield event

    async def _top(self, id: str, channel: str, mark: Instant, begins: Instant) -> tuple[_Found, frozenset[str]]:
        """The messages of a channel itself since `begins`, and those of them that have replies later than `mark`."""
        found = _Found()
        threads: list[tuple[Instant, str]] = []
        oldest, is_cut = float("inf"), False
        read = pages(self._web, "conversations.history", "messages", most=MOST_MESSAGES, channel=id, oldest=_stamped(begins))
        async for records, more in read:
            is_cut = more
            for record in records:
                ts = _ts(record)
                if not ts or ts in found.read:
                    continue
                found.read.add(ts)
                oldest = min(oldest, float(ts))
                latest = stamp(record.get("latest_reply"))
                if latest and float(latest) > mark:
                    threads.append((float(latest), ts))
                await self._take(record, id, mark, found.events)
        threads.sort(reverse=True)
        if is_cut or len(threads) > MOST_THREADS:
            log.warning(
                "slack_gap_too_long",
                say="More stands in a channel than is read back. What is older than `read_from` is missing, with its threads.",
                channel=channel,
                read_from=oldest,
                since=mark,
                threads=len(threads),
            )
        return found, frozenset(parent for _, parent in threads[:MOST_THREADS])

    async def _take(self, record: dict[str, Any], channel: str, mark: Instant, into: dict[str, tuple[Event, ...]]) -> bool:
        """Read a record: whole, if it is later than `mark`, else for the members' reactions on it. False when there is nothing to
        read."""
        ts = _ts(record)
        is_new = float(ts) > mark
        if ts in into or not (is_new or record.get("reactions")):
            return False
        events = await self._inbound.read(record, channel)
        into[ts] = events if is_new else tuple(each for each in events if _is_mark(each))
        return True

    async def _replies(
        self,
        channel: str,
        parent: str,
        mark: Instant,
        found: dict[str, tuple[Event, ...]],
        ready: list[tuple[float, str, tuple[Event, ...]]],
        begins: Instant | None = None,
    ) -> None:
        """Read a thread from `begins` on (`mark` by itself), and put what isn't `found` yet among what is `ready` to be given in
        its turn."""
        read = pages(
            self._web,
            "conversations.replies",
            "messages",
            most=MOST_REPLIES,
            channel=channel,
            ts=parent,
            oldest=_stamped(mark if begins is None else begins),
        )
        try:
            async for records, _ in read:
                for record in records:
                    # The first message comes with every page, and a reply that was also sent to the channel was read there.
                    if _ts(record) and await self._take(record, channel, mark, found):
                        ts = _ts(record)
                        heappush(ready, (float(ts), ts, found[ts]))
        except Gone as error:
            log.info("slack_thread_gone", say="A thread was deleted before it could be read back.", error=str(error))

    async def find(self, channel: str, key: str, since: Instant, *, thread: str | None = None) -> str | None:
        """The reference (`ts`) of our post with this key in its metadata, posted at `since` or later (in a thread, if that is
        given); None when it isn't there.

        Slack's history may lag by some seconds: a post that was taken just now can be missing. Raises DeliveryError; Rejected
        when too much was posted since to tell.
        """
        below: dict[str, Any] = {} if thread is None else {"ts": thread}
        read = pages(
            self._web,
            "conversations.history" if thread is None else "conversations.replies",
            "messages",
            most=MOST_SEARCHED,
            patient=False,
            channel=channel,
            oldest=_stamped(since - CLOCKS_APART),
            include_all_metadata=True,
            **below,
        )
        is_cut = False
        try:
            async for records, more in read:
                is_cut = more
                for record in records:
                    ts = _ts(record)
                    if ts and self._inbound.is_own(record) and _key(record) == key:
                        return ts
        except MessageGone:
            if thread is None:
                raise
            return None  # a thread that isn't there any more holds nothing
        if is_cut:
            raise Rejected(f"so much was posted in channel {channel} that it can't be told whether a message of ours arrived")
        return None

    async def stands(self, channel: str, ts: str) -> bool:
        """Whether a message of a channel is there, and hasn't left a mere stone where its thread hangs. One so new that history
        may not have it yet is."""
        if float(ts) > self._clock.now() - HISTORY_LAG:
            return True
        try:
            told = await self._web.call("conversations.replies", channel=channel, ts=ts, limit=1)
        except MessageGone:
            return False
        records = told.get("messages")
        found = records[0] if isinstance(records, list) and records else None
        return isinstance(found, dict) and found.get("subtype") != "tombstone"

    async def posts(self, channel: str, since: Instant) -> list[str]:
        """The references (`ts`) of our posts in a channel since an instant, among the latest `MOST_SEARCHED` messages. Raises
        DeliveryError and its kinds."""
        read = pages(
            self._web,
            "conversations.history",
            "messages",
            most=MOST_SEARCHED,
            patient=False,
            channel=channel,
            oldest=_stamped(since),
            include_all_metadata=True,
        )
        found: list[str] = []
        async for records, _ in read:
            for record in records:
                ts = _ts(record)
                if ts and self._inbound.is_own(record) and _key(record) is not None:
                    found.append(ts)
                    if record.get("reply_count"):
                        found += await self._lines(channel, ts)
        return found

    async def _lines(self, channel: str, ts: str) -> list[str]:
        """Our own posts in the thread of one of ours."""
        read = pages(
            self._web,
            "conversations.replies",
            "messages",
            most=MOST_REPLIES,
            channel=channel,
            ts=ts,
            include_all_metadata=True,
        )
        return [
            reply
            async for records, _ in read
            for record in records
            if (reply := _ts(record)) != ts and reply and self._inbound.is_own(record) and _key(record) is not None
        ]

    async def message(self, channel: str, message: str, thread: str | None = None) -> Message | None:
        """A message as it reads now, or None when it is gone. `thread` for a reply: its thread's first message.

        Raises DeliveryError and its kinds; Gone when the channel or thread is.
        """
        id = channel_id(channel)
        arguments: dict[str, Any] = {"channel": id, "oldest": message, "latest": message, "inclusive": True, "limit": 1}
        if thread is None:
            told = await self._web.call("conversations.history", **arguments)
        else:
            # The thread's first message always comes too.
            told = await self._web.call("conversations.replies", ts=thread, **(arguments | {"limit": 2}))
        records = told.get("messages")
        for record in records if isinstance(records, list) else ():
            if _ts(record) == message:
                for event in await self._inbound.read(record, id):
                    if isinstance(event, Posted):
                        return event.message
        return None


def _is_mark(event: Event) -> bool:
    """Whether this is a member's reaction. On a message from before the gap it may be new; if it isn't, it changes nothing."""
    return isinstance(event, Reacted) and event.by_member


def _stamped(at: Instant) -> str:
    """An instant as Slack writes them."""
    return f"{max(at, 0.0):.6f}"


def _ts(record: object) -> str:
    return stamp(record.get("ts")) if isinstance(record, dict) else ""


def _key(record: Mapping[str, Any]) -> object:
    metadata = record.get("metadata")
    if not isinstance(metadata, dict) or metadata.get("event_type") != POST:
        return None
    payload = metadata.get("event_payload")
    return payload.get("key") if isinstance(payload, dict) else None
