"""What leaves for Discord: posts, their updates, their removal, and looking for one that may have arrived.

Discord knows two attempts at one message by their nonce, for some minutes
(https://docs.discord.com/developers/resources/message, "Create Message", `enforce_nonce`). Later they are told by the key's mark,
which stands in what is clicked, and in the number of the first component where there is nothing to click.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import suppress
from typing import Any, Final

import discord

from adapters.discord.codes import Carried, mark_of, nonce_of, number_of
from adapters.discord.failures import PostGone, ReplyToNothing, ThreadClosed, Waiting
from adapters.discord.laid import Laid, only
from adapters.discord.readers import DiscordReaders
from adapters.discord.render import RenderedMessage, render_answer, render_message
from adapters.discord_format.snowflakes import first_of
from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.keys import post_ref, split_ref
from bot.domain.outgoing import Address, Readers
from bot.domain.views import View
from bot.errors import DeliveryError, Forbidden, Rejected, RetryLater

EARLIER: Final[Seconds] = 2 * MINUTE
"""How far before an attempt its message is looked for: our clock and Discord's needn't agree."""

MOST_LOOKED_AT: Final = 2_000
"""Messages of a channel among which one is looked for."""

POST: Final = "View Channel, Send Messages; in threads Send Messages in Threads"


class DiscordDelivery:
    """The methods of `bot.ports.Platform`. `name_of` gives what somebody is called."""

    def __init__(
        self, client: Callable[[], discord.Client], waiting: Waiting, readers: DiscordReaders, *, name_of: Callable[[str], str]
    ) -> None:
        self._client = client
        self._waiting = waiting
        self._readers = readers
        self._name_of = name_of
        self._conversations: dict[str, int] = {}

    async def open_direct(self, person: Address) -> None:
        """Open the conversation with a person, unless that was done since the start. That posts nothing."""
        await self._channel(person)

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Post a message and give its reference ("channel/message"). `under` a post: as a reply to it, which calls nobody by
        that. A message that calls nobody makes no sound either. Raises Rejected where it was posted before and somebody has
        deleted it: they have seen it."""
        if not keys:
            raise Rejected("a message without a key can't be found again, so it isn't sent")
        channel = await self._channel(address)
        rendered = render_message(view, name_of=self._name_of, key=keys[0])
        silent = address.kind == "channel" and not rendered.called
        try:
            posted = await self._send(channel, rendered, nonce=nonce_of(keys[0]), silent=silent, under=under)
        except ReplyToNothing:
            raise
        except PostGone as error:
            raise Rejected(f"{error}: it had arrived already, and somebody deleted it") from error
        return post_ref(str(channel), str(posted.id))

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        """Show something to one person alone. In a channel Discord does that only as the answer to a command or a click; who
        called the bot in words reads it in their direct messages."""
        del address, thread
        channel = await self._channel(Address("discord", "person", person))
        for part in render_answer(view, name_of=self._name_of):
            await self._send(channel, part, silent=False)

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says, and notify nobody by that. In a thread that was closed meanwhile it is opened for that; where
        it can't be, the post counts as gone, and what comes next is posted anew."""
        rendered = render_message(view, name_of=self._name_of)
        try:
            await self._edit(ref, rendered)
        except ThreadClosed as error:
            await self._reopen(ref, error)
            await self._edit(ref, rendered)

    async def remove(self, address: Address, ref: str) -> None:
        """Delete a post of ours, for which no permission is needed but to see the channel."""
        message = self._message(ref)
        with suppress(PostGone):
            await self._waiting.answer(message.delete(), "deleting a post", where=str(message.channel.id))

    def can_find(self, address: Address) -> bool:
        """Direct messages with the bot can be read back like channels."""
        return True

    async def find_delivered(self, address: Address, key: str, since: Instant, *, under: str | None = None) -> str | None:
        """The reference of the message posted under a key at `since` or later. What replies to a post stays when that is deleted,
        so it is found all the same. Raises Forbidden where the channel's past can't be read: Discord shows an empty one then."""
        channel = await self._channel(address)
        if address.kind == "channel" and not await self._readers.reads_past(channel):
            raise Forbidden(f"what was posted in {channel} can't be read back: give the bot's role Read Message History there")
        where = self._client().get_partial_messageable(channel)
        after = discord.Object(max(0, first_of(since - EARLIER) - 1))
        history = where.history(limit=MOST_LOOKED_AT, after=after, oldest_first=True)
        found = await self._waiting.answer(self._among(history, key), "looking for a post", where=str(channel))
        return None if found is None else post_ref(str(channel), str(found))

    async def readers_of(self, address: Address) -> Readers:
        """Who can read a channel; of a person's direct messages, whether they are on the team."""
        return await self._readers.readers_of(address)

    # -- by the library

    async def _channel(self, address: Address) -> int:
        """The channel to post in. Opening a conversation with a person posts nothing."""
        if address.kind == "channel":
            return _id(address.id)
        known = self._conversations.get(address.id)
        if known is None:
            opening = self._client().create_dm(discord.Object(_id(address.id)))
            opened = await self._waiting.answer(opening, "opening direct messages", where=address.id)
            known = self._conversations[address.id] = opened.id
        return known

    async def _send(
        self, channel: int, rendered: RenderedMessage, *, nonce: str | None = None, silent: bool, under: str | None = None
    ) -> discord.Message:
        where = self._client().get_partial_messageable(channel)
        more: dict[str, Any] = {} if nonce is None else {"nonce": nonce}
        if under is not None:
            conversation, message = split_ref(under)
            referred = discord.MessageReference(message_id=_id(message), channel_id=_id(conversation), fail_if_not_exists=True)
            more = {"reference": referred, "mention_author": False}
        sending = where.send(view=Laid(rendered.components), allowed_mentions=only(rendered.called), silent=silent, **more)
        posted: discord.Message = await self._waiting.answer(sending, "posting a message", where=str(channel), needs=POST)
        return posted

    async def _edit(self, ref: str, rendered: RenderedMessage) -> None:
        message = self._message(ref)
        editing = message.edit(view=Laid(rendered.components), allowed_mentions=only(()))
        await self._waiting.answer(editing, "updating a post", where=str(message.channel.id), needs=POST)

    def _message(self, ref: str) -> discord.PartialMessage:
        conversation, message = split_ref(ref)
        return self._client().get_partial_messageable(_id(conversation)).get_partial_message(_id(message))

    async def _reopen(self, ref: str, closed: ThreadClosed) -> None:
        """Open a thread that was archived. Raises PostGone where that isn't allowed, or it is locked."""
        id = _id(split_ref(ref)[0])
        try:
            thread = await self._waiting.answer(self._client().fetch_channel(id), "asking for a thread", where=str(id))
            if not isinstance(thread, discord.Thread) or thread.locked:
                raise PostGone(str(closed)) from closed
            await self._waiting.answer(thread.edit(archived=False), "opening a thread again", where=str(id))
        except RetryLater:
            raise
        except DeliveryError as error:
            raise PostGone(f"{closed}, and can't be opened again: {error}") from error

    async def _among(self, history: AsyncIterator[discord.Message], key: str) -> int | None:
        """The id of the message of ours that was posted under a key, if it is among these."""
        me = self._client().user
        nonce, mark, number = nonce_of(key), mark_of(key), number_of(key)
        async for message in history:
            if me is None or message.author.id != me.id:
                continue
            if str(message.nonce) == nonce or number in _numbers(message) or mark in _marks(message):
                return message.id
        return None


def _marks(message: discord.Message) -> Iterator[str]:
    """The keys' marks in what can be clicked in a message."""
    for component in _walk(message.components):
        custom_id = getattr(component, "custom_id", None)
        carried = Carried.parse(custom_id) if isinstance(custom_id, str) else None
        if carried is not None and carried.post:
            yield carried.post


def _numbers(message: discord.Message) -> Iterator[int]:
    yield from (number for component in message.components if (number := getattr(component, "id", None)) is not None)


def _walk(components: Any) -> Iterator[Any]:
    for component in components:
        yield component
        yield from _walk(getattr(component, "children", ()))
        accessory = getattr(component, "accessory", None)
        if accessory is not None:
            yield accessory


def _id(id: str) -> int:
    """An id of Discord's. Raises Rejected for what is none: what another platform's account looks like."""
    if not (id.isascii() and id.isdecimal()):
        raise Rejected(f"{id} is no id of Discord's")
    return int(id)
