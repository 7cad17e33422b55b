"""Slack as the bot's `Platform` and `SlackHistory`: posting where members read, changing a post, finding it again, reading back.

https://docs.slack.dev/reference/methods/chat.postMessage has no idempotency key. Ours stands in the post's metadata, and a post
that may have arrived is looked for in the channel's history before anything is sent twice.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

from adapters.slack.directory import Directory
from adapters.slack.history import POST, SlackHistory
from adapters.slack.render import render_message
from adapters.slack.web import Web
from bot.domain.durations import Instant
from bot.domain.events import Event
from bot.domain.keys import channel_id, post_ref, split_ref
from bot.domain.outgoing import Address, Readers
from bot.domain.views import View
from bot.errors import Rejected

PLAIN: dict[str, Any] = {"link_names": False, "parse": "none"}
"""Nothing in a text becomes a mention or a link that we didn't make one."""


class SlackPlatform:
    """Fits `bot.ports.Platform` and `bot.ports.History`."""

    name = "slack"

    def __init__(self, web: Web, directory: Directory, history: SlackHistory) -> None:
        self._web = web
        self._directory = directory
        self._history = history
        self._conversations: dict[str, str] = {}

    @property
    def _name_of(self) -> Callable[[str], str]:
        return self._directory.name

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...]) -> str:
        """Post a message and give its reference ("channel/ts"). The first key is kept in its metadata."""
        if not keys:
            raise Rejected("a message without a key can't be found again, so it isn't sent")
        channel = await self._channel(address)
        rendered = render_message(view, name_of=self._name_of)
        answer = await self._web.call(
            "chat.postMessage",
            channel=channel,
            text=rendered.text,
            blocks=rendered.blocks,
            metadata={"event_type": POST, "event_payload": {"key": keys[0]}},
            unfurl_links=False,
            unfurl_media=False,
            **PLAIN,
        )
        return post_ref(answer["channel"], answer["ts"])

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says; Slack notifies nobody of that, and leaves its metadata as it is."""
        channel, ts = split_ref(ref)
        rendered = render_message(view, name_of=self._name_of)
        await self._web.call("chat.update", channel=channel, ts=ts, text=rendered.text, blocks=rendered.blocks, **PLAIN)

    def can_find(self, address: Address) -> bool:
        """Direct messages can't be read back without im:history, which isn't asked for."""
        return address.kind == "channel"

    async def find_delivered(self, address: Address, key: str, since: Instant) -> str | None:
        """The reference of the message posted under a key at `since` or later."""
        ts = await self._history.find(address.id, key, since)
        return None if ts is None else post_ref(address.id, ts)

    async def audience(self, address: Address) -> Readers:
        """Who can read a channel, asked of Slack now."""
        return await self._directory.audience(address.id)

    def since(self, channel: str, mark: Instant, *, parents_since: Instant) -> AsyncIterator[Event]:
        """Everything posted in a channel (by key) later than `mark`."""
        return self._history.since(channel_id(channel), mark, parents_since=parents_since)

    async def _channel(self, address: Address) -> str:
        """The conversation to post in. Opening one with a person needs im:write and posts nothing."""
        if address.kind == "channel":
            return address.id
        known = self._conversations.get(address.id)
        if known is None:
            answer = await self._web.call("conversations.open", users=address.id)
            known = self._conversations[address.id] = str(answer["channel"]["id"])
        return known
