"""Slack as one of the bot's connections: listened to, posted in, read back, asked who and what is there.

https://docs.slack.dev/reference/methods/chat.postMessage has no idempotency key. Ours stands in the post's metadata, and a post
that may have arrived is looked for in the channel's history before anything is sent twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

import structlog

from adapters.slack.accounts import WhoIsWho
from adapters.slack.changes import Changes
from adapters.slack.channels import channel_key
from adapters.slack.directory import Directory
from adapters.slack.failures import MessageGone
from adapters.slack.history import FIRST_READ, POST, THREADS, SlackHistory
from adapters.slack.http.server import HttpServer
from adapters.slack.inbound import Inbound
from adapters.slack.installation import Installation
from adapters.slack.listening import PING, Heard, Sockets
from adapters.slack.render import render_message
from adapters.slack.surfaces import Surfaces, make_app
from adapters.slack.tokens import Tokens
from adapters.slack.web import ADDRESS, Web
from adapters.slack.workspace import SlackWorkspace
from bot.domain.durations import Instant, Seconds
from bot.domain.gaps import GapReason
from bot.domain.keys import post_ref, split_ref
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Team
from bot.domain.views import View
from bot.errors import DeliveryError, Rejected
from bot.ports import Clock, Intake, InteractionHandler, Sleep, WorkspaceChange

PLAIN: Final[dict[str, Any]] = {"link_names": False, "parse": "none"}
"""Nothing in a text becomes a mention or a link that we didn't make one."""

TELL_AGAIN: Final[Seconds] = 5.0
"""What the bot couldn't take up about its people is told again after so long."""

MEET_AGAIN: Final[Seconds] = 5.0
MEET_AGAIN_AT_MOST: Final[Seconds] = 5 * 60.0
"""After these, longer each time, Slack is asked again what a channel is that the bot came into."""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackOptions:
    """What the settings say about Slack, as plain values. `listed` are the members, leads and duty that they name,
    `destination` the id or name of the channel for reminders; `listen` is where HTTP requests are taken when there is no app
    token. Spans in seconds, `ping` in real ones."""

    who: WhoIsWho = field(default_factory=WhoIsWho)
    listed: Team = field(default_factory=Team)
    destination: str | None = None
    listen: tuple[str, int] = ("127.0.0.1", 3000)
    first_read: Seconds = FIRST_READ
    threads: Seconds = THREADS
    api: str = ADDRESS
    ping: Seconds = PING


class SlackConnection:
    """Fits `bot.ports.Connection`."""

    name = "slack"

    def __init__(self, tokens: Tokens, options: SlackOptions, *, clock: Clock, sleep: Sleep = asyncio.sleep) -> None:
        self._tokens = tokens
        self._options = options
        self._clock = clock
        self._sleep = sleep
        self._web = Web(tokens.bot, clock=clock, sleep=sleep, base_url=options.api)
        self._directory = Directory(self._web, settings=options.who, clock=clock)
        self._inbound = Inbound(self._directory, trusted_apps=options.who.trusted_apps)
        self._conversations: dict[str, str] = {}
        self._listener: Sockets | HttpServer | None = None
        self._heard: Heard | None = None
        self._news = asyncio.Event()
        self._directory.on_news = self._news.set
        self._unmet: set[str] = set()
        self._came_in = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.workspace = SlackWorkspace(self._directory, listed=options.listed, wanted=options.destination)
        self.history = SlackHistory(
            self._web,
            self._inbound,
            clock=clock,
            readable=lambda: [info.key for info in self._directory.channels().values() if not (info.archived or info.unmet)],
            first_read=options.first_read,
            threads=options.threads,
        )

    # -- listened to

    async def open(self) -> None:
        """Ask who and what is there, and say what keeps reminders from leaving: that is no reason not to start, for what is asked
        meanwhile is noted all the same. Raises DeliveryError and its kinds."""
        await self._directory.start()
        self._note_wanted()
        self._directory.news()  # whoever lets us in takes the team as it is now
        if self.workspace.wanted is None:
            log.warning(
                "no_reminders_channel",
                say="No reminder can leave: name the team's own channel as destination under [reminders] and start again.",
            )
        elif self.workspace.destination() is None:
            log.warning(
                "reminders_channel_missing",
                say="realreply isn't in the channel for reminders, or there is none of this name, or it is archived. Make it if "
                "need be and say /invite @realreply there: until then it watches and only notes.",
                channel=self.workspace.wanted,
            )
        if not self.workspace.team().members:
            log.warning(
                "nobody_on_the_team",
                say="Nobody is on the team, so everybody counts as a customer: list the team's ids under [[members]] or name a "
                "user group in slack_user_groups, and start again.",
            )

    def _note_wanted(self) -> None:
        """Say that the settings name the channel for reminders by an id it had."""
        wanted = self.workspace.wanted
        if wanted is not None and (now := self._directory.current(wanted)) != wanted:
            log.warning(
                "reminders_channel_moved",
                say="The channel for reminders has another id now, and reminders go on there. Correct destination under "
                "[reminders].",
                channel=now,
                before=wanted,
            )

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        """Take events over Socket Mode, or over HTTP where there is no app token. An event is acknowledged after its commit.
        Raises DeliveryError, and UsageError when the address to listen at can't be had."""

        async def changed(event: Mapping[str, Any]) -> None:
            await self._changed(event, intake)

        async def missed(reason: GapReason, since: Instant, whole: bool) -> None:
            await intake.missed(reason, since, whole=whole)

        installation = Installation(self._directory, self._tokens.bot)
        app = make_app(self._web, self._tokens.secret, installation)
        self._heard = Heard(self._clock, missed, posts_to_us=self._tokens.app is None)
        app.middleware(self._heard)
        surfaces = Surfaces(self._web, self._directory, self._inbound, intake, interactions, on_change=changed, clock=self._clock)
        surfaces.put_up(app, installation)
        listener: Sockets | HttpServer
        if self._tokens.app is not None:
            listener = Sockets(app, self._tokens.app, self._clock, missed, ping=self._options.ping)
        else:
            assert self._tokens.secret is not None, "over HTTP there is a signing secret (bot.settings.checks)"
            listener = HttpServer(app, self._tokens.secret, *self._options.listen)
        await listener.start()
        self._listener = listener
        self._news.set()  # somebody may have left the team while we weren't here
        self._tasks = [
            asyncio.create_task(self._tell_news(intake, surfaces), name="slack people"),
            asyncio.create_task(self._meet_again(intake), name="slack channels"),
        ]

    async def listened_until(self) -> Instant | None:
        """Until when everything came in: now, while a socket is alive. Over HTTP when Slack last posted something: nobody can
        tell whether it could reach us since."""
        if isinstance(self._listener, Sockets):
            return await self._listener.heard_until()
        return None if self._heard is None else self._heard.at

    async def stop(self) -> None:
        """Take no more events. What isn't acknowledged yet Slack delivers again."""
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        listener, self._listener = self._listener, None
        if listener is not None:
            await listener.stop()

    async def close(self) -> None:
        """Close the connections to Slack's methods."""
        await self._web.close()

    async def _tell_news(self, intake: Intake, surfaces: Surfaces) -> None:
        """Whoever's standing turns out to be another by whatever was asked for is told on, as if Slack had sent an event: it may
        have come while nobody listened, and a late one has nothing new to tell. Who left the team has their Home emptied."""
        directory = self._directory
        while True:
            await self._news.wait()
            self._news.clear()
            try:
                if directory.news():
                    await intake.changed(WorkspaceChange(team=True, readers="all"))
                if not await surfaces.empty_homes():
                    await self._sleep(TELL_AGAIN)
                    self._news.set()
            except Exception as error:  # a database that fails ends the bot elsewhere; until then it isn't forgotten
                say = "The team changed and that couldn't be taken up yet; it is tried again in a moment."
                log.error("team_not_taken_up", say=say, error=repr(error))
                directory.news_again()
                await self._sleep(TELL_AGAIN)

    async def _changed(self, event: Mapping[str, Any], intake: Intake) -> None:
        """Slack tells of people or channels: learn it, and tell the bot what that changes."""
        directory, workspace = self._directory, self.workspace
        nowhere = workspace.destination() is None
        changes = directory.learn(event)
        if changes.joined and changes.channel is not None:
            await self._meet(changes.channel)
        if changes.moved is not None:
            self._note_wanted()
            now = directory.current(changes.channel or "")
            if changes.moved.new not in directory.channels() or directory.is_unmet(now):
                await self._meet(now)
        if changes.times is not None:
            directory.forget_times(changes.times)
        found = workspace.destination() is not None
        if changes.left or changes.archived:
            log.warning(
                "channel_lost",
                say="A channel was archived, or realreply was taken out of it: nothing more is seen of it.",
                channel=directory.channel_name(changes.channel or "") or changes.channel,
            )
        if not nowhere and not found:
            log.error(
                "reminders_nowhere",
                say="The reminders channel is gone: nothing is sent until it is back. Unarchive it and invite realreply again, "
                "or set reminders.destination to another.",
                channel=changes.channel,
            )
        news = directory.news()
        joined = changes.joined and changes.channel not in self._unmet  # else that is told once it is known what it is
        changes = replace(changes, people=changes.people or news, joined=joined)
        change = self._change(changes, destination_found=nowhere and found)
        if change == WorkspaceChange():
            return
        try:
            await intake.changed(change)
        except BaseException:
            if change.team:  # the event comes again and then has nothing new to tell
                directory.news_again()
            raise
        if change.team:  # whose Home is to be emptied is told by the team, which is another only now
            self._news.set()

    async def _meet(self, channel: str) -> None:
        """Ask what a channel is that the bot came into. While Slack can't say, its messages are left where they are, for nobody
        can tell by which rules to judge them: it is asked again, and then they are read with the channel's past."""
        self._directory.expect(channel)
        try:
            await self._directory.meet(channel)
        except DeliveryError as error:
            if not self._directory.is_unmet(channel):
                return  # what was known of it holds
            log.warning(
                "channel_unknown",
                say="realreply was invited to a channel and couldn't ask what it is called, so nobody can tell which rules hold "
                "there. It is asked again, and the channel is read then.",
                channel=channel,
                reason=str(error),
            )
            self._unmet.add(channel)
            self._came_in.set()

    async def _meet_again(self, intake: Intake) -> None:
        """Ask again what the channels are that the bot came into and Slack couldn't tell of, until it can."""
        pause = MEET_AGAIN
        while True:
            if not self._unmet:
                self._came_in.clear()
                await self._came_in.wait()
                pause = MEET_AGAIN
            await self._sleep(pause)
            pause = min(MEET_AGAIN_AT_MOST, 2 * pause)
            for channel in sorted(self._unmet):
                try:
                    await self._tell_met(channel, intake)
                    self._unmet.discard(channel)
                except Exception as error:  # Slack's trouble, or a database's that ends the bot elsewhere
                    say = "It couldn't be asked what a channel is that realreply was invited to; it is asked again."
                    log.info("channel_still_unknown", say=say, channel=channel, reason=str(error))

    async def _tell_met(self, channel: str, intake: Intake) -> None:
        """Ask what a channel is, unless that is known by now, and tell the bot that it came in. Raises DeliveryError."""
        directory, workspace = self._directory, self.workspace
        nowhere = workspace.destination() is None
        if directory.is_unmet(channel):
            await directory.meet(channel)
        found = workspace.destination() is not None
        here = channel_key(directory.team_id, channel) in directory.channels()
        changes = Changes(channel=channel, readers_changed=True, joined=here)
        await intake.changed(self._change(changes, destination_found=nowhere and found))

    def _change(self, changes: Changes, *, destination_found: bool) -> WorkspaceChange:
        channel, closed = changes.channel, changes.deleted or changes.archived is not None
        readers: Address | Literal["all"] | None = None
        if changes.readers_changed or changes.people:
            readers = "all" if channel is None or changes.people else Address(self.name, "channel", channel)
        return WorkspaceChange(
            team=changes.people,
            readers=readers,
            times=changes.times,
            joined=channel_key(self._directory.team_id, channel) if changes.joined and channel is not None else None,
            seek=self._directory.key_of(channel) if channel is not None and closed else None,
            moved=changes.moved,
            destination_found=destination_found,
        )

    # -- delivered to

    @property
    def _name_of(self) -> Callable[[str], str]:
        return self._directory.name

    async def open_direct(self, person: Address) -> None:
        """Open the conversation with a person, unless that was done since the start."""
        await self._channel(person)

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Post a message and give its reference ("channel/ts"). The first key is kept in its metadata. `under` a post: in its
        thread."""
        if not keys:
            raise Rejected("a message without a key can't be found again, so it isn't sent")
        channel = await self._channel(address)
        rendered = render_message(view, name_of=self._name_of)
        in_thread: dict[str, Any] = {} if under is None else {"thread_ts": await self._thread(address, channel, under)}
        answer = await self._web.call(
            "chat.postMessage",
            channel=channel,
            text=rendered.text,
            blocks=rendered.blocks,
            metadata={"event_type": POST, "event_payload": {"key": keys[0]}},
            unfurl_links=False,
            unfurl_media=False,
            **PLAIN,
            **in_thread,
        )
        return post_ref(str(answer["channel"]), str(answer["ts"]))

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        """Show something to one member of a channel (https://docs.slack.dev/reference/methods/chat.postEphemeral): Slack keeps it
        nowhere, and a reload may take it away."""
        rendered = render_message(view, name_of=self._name_of)
        await self._web.call(
            "chat.postEphemeral",
            channel=self._directory.current(address.id),
            user=person,
            text=rendered.text,
            blocks=rendered.blocks,
            thread_ts=thread,
            **PLAIN,
        )

    async def _thread(self, address: Address, channel: str, under: str) -> str:
        """The thread of a post. Raises MessageGone when that was deleted. Slack doesn't say so: the reply stands in the channel
        (https://github.com/slack-go/slack/issues/1571). So it is asked first, but for direct messages, which can't be read."""
        _, ts = split_ref(under)
        if self.can_find(address) and not await self.history.stands(channel, ts):
            raise MessageGone(f"the post {ts} was deleted")
        return ts

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says; Slack notifies nobody of that, and leaves its metadata as it is."""
        conversation, ts = split_ref(ref)
        channel = self._directory.current(conversation)
        rendered = render_message(view, name_of=self._name_of)
        await self._web.call("chat.update", channel=channel, ts=ts, text=rendered.text, blocks=rendered.blocks, **PLAIN)

    async def remove(self, address: Address, ref: str) -> None:
        """Delete a post of ours; chat:write is enough for that (https://docs.slack.dev/reference/methods/chat.delete)."""
        conversation, ts = split_ref(ref)
        with suppress(MessageGone):
            await self._web.call("chat.delete", channel=self._directory.current(conversation), ts=ts)

    def can_find(self, address: Address) -> bool:
        """Direct messages can't be read back without im:history, which isn't asked for."""
        return address.kind == "channel"

    async def find_delivered(self, address: Address, key: str, since: Instant, *, under: str | None = None) -> str | None:
        """The reference of the message posted under a key at `since` or later, in the thread of `under` if that is given."""
        channel = self._directory.current(address.id)
        ts = await self.history.find(channel, key, since, thread=None if under is None else split_ref(under)[1])
        return None if ts is None else post_ref(channel, ts)

    @property
    def moderation(self) -> None:
        """Slack has no filters that an app could set up."""
        return None

    async def posted_in(self, channel: Address, since: Instant) -> list[tuple[str, Instant]]:
        """The posts of ours in a channel since an instant, and when they were posted."""
        id = self._directory.current(channel.id)
        return [(post_ref(id, ts), float(ts)) for ts in await self.history.posts(id, since)]

    async def readers_of(self, address: Address) -> Readers:
        """Who can read a channel, asked of Slack now; of a person's direct messages, whether they are on the team."""
        if address.kind == "person":
            member = await self._directory.is_member_now(address.id)
            return Readers(shared=False, outsiders=None if member is None else not member)
        return await self._directory.readers_of(self._directory.current(address.id))

    async def _channel(self, address: Address) -> str:
        """The conversation to post in. Opening one with a person needs im:write and posts nothing."""
        if address.kind == "channel":
            return self._directory.current(address.id)
        known = self._conversations.get(address.id)
        if known is None:
            answer = await self._web.call("conversations.open", users=address.id)
            known = self._conversations[address.id] = str(answer["channel"]["id"])
        return known
