"""What the bot needs of a platform, and what a platform asks of the bot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event, Says
from bot.domain.gaps import FailedEvent, GapReason
from bot.domain.hours import Own
from bot.domain.messages import Message
from bot.domain.moves import ChannelMove, Moves
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Role, Team
from bot.domain.views import Form, View
from bot.errors import AccessLost
from bot.ports.apps import Moderation, PresentApps

HISTORY_LAG: Seconds = 5
"""A platform's history may lack a message for so long after it was taken (a guess on the safe side: nobody states a figure). One
that may have left more recently isn't looked for yet: not found would be taken for not sent, and it would be doubled."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkspaceChange:
    """What changed about people and channels, for whoever relies on how it was.

    `team`: who is on the team may be another. `readers`: who reads this address may be, or who reads any ("all"). `times`: this
    member's absences or time zone are others. `joined`: the bot came into a channel (its key), whose past it doesn't know yet.
    `seek`: a channel (its key) may be gone, out of sight, or there again.
    `moved`: a channel goes by another key from now on, with all that is known of it. `destination_found`: the team's channel for
    reminders is there, which it wasn't before.
    """

    team: bool = False
    readers: Address | Literal["all"] | None = None
    times: str | None = None
    joined: str | None = None
    seek: str | None = None
    moved: ChannelMove | None = None
    destination_found: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """What became of channels that aren't where they were: they go by another key, or nobody can reply there any more as far as
    the bot sees (`gone`): they were deleted or archived, or it was taken out of them."""

    moves: tuple[ChannelMove, ...] = ()
    gone: tuple[str, ...] = ()


class Intake(Protocol):
    """What a platform hands in while it is listened to."""

    async def receive(self, event: Event) -> object:
        """Something happened. Returns when it is committed; raises what made it fail, and then nothing of it was kept."""
        ...

    async def missed(self, reason: GapReason, since: Instant, *, whole: bool, channel: str | None = None) -> None:
        """Events since then may have been missed, and are to be read back: in one channel, by its key, or in all. `whole`: so
        many that an answer may be among them. Returns when that is remembered for good."""
        ...

    async def unreadable(self, failed: FailedEvent) -> None:
        """Something happened of which no event could be made. Returns when that is noted; raises when it can't be."""
        ...

    async def changed(self, change: WorkspaceChange) -> None:
        """Something changed about people or channels."""
        ...

    def lost(self, error: AccessLost) -> None:
        """The platform threw us out."""
        ...


class InteractionHandler(Protocol):
    """What people ask of the bot where a platform shows it. `role` is the platform's word on who asks; views are for who asked
    alone."""

    async def command(self, who: str, role: Role, text: str) -> View:
        """A command ("snooze w17 2h")."""
        ...

    async def ask(self, who: str, role: Role, command: str, given: Mapping[str, str]) -> View:
        """A command by its name, with what was given for what it takes, each by its param's name: where a platform asks for them
        one by one. People and channels are tags."""
        ...

    async def offer(self, who: str, role: Role, command: str, param: str, typed: str) -> Sequence[tuple[str, str]]:
        """What may be meant by what somebody has typed for a command's param so far: how it reads, and what is given for it,
        likeliest first. Nothing for who isn't on the team."""
        ...

    async def click(self, who: str, role: Role, code: str) -> View:
        """A button or a menu that carries `verb:argument`."""
        ...

    async def form(self, who: str, role: Role, code: str) -> Form | None:
        """The form that a button opens; None when it opens none."""
        ...

    async def submit(self, who: str, role: Role, code: str, values: Mapping[str, str]) -> View:
        """A form that was filled in and sent."""
        ...

    async def home(self, who: str, role: Role) -> View:
        """Somebody's own page. Of whom it is given a member's it is remembered that they were shown it."""
        ...

    async def homes_left(self) -> Sequence[str]:
        """Who were shown a member's own page and aren't on the team any more. Raises StorageError."""
        ...

    async def home_emptied(self, who: str) -> None:
        """Somebody's own page shows nothing any more that isn't for everybody. Raises StorageError."""
        ...

    async def called(
        self, who: str, role: Role, where: Address, text: str, *, before: str = "", thread: str | None = None
    ) -> None:
        """Somebody named the bot in a channel, in a message or in its thread; `text` is what comes after its name, `before` what
        stands in front of that. What is answered, and whether anything is, is decided here: a customer may read there, and who is
        spoken about isn't called."""
        ...

    async def correct(self, who: str, role: Role, message: Message | None, says: Says) -> View:
        """A message was judged wrongly, says a member. None: it can't be read, or isn't looked at for who asks."""
        ...

    async def check(self, who: str, role: Role, message: Message | None) -> View:
        """A member asks whether a message of their own is personal. None: it can't be read, or isn't looked at for who asks."""
        ...

    async def report_auto_dm(self, who: str, message: DirectMessage | None) -> Form | View:
        """Somebody, customers too, reports a direct message that nobody typed: the form to send, or why there is none. None: it
        is no direct message."""
        ...

    async def explain(self, who: str, role: Role, channel: str, message: str) -> View:
        """Why the wait that a message belongs to is one, and why it is whose it is; `channel` is a key."""
        ...


class Platform(Protocol):
    """Where members read. All methods raise DeliveryError and its kinds only. Nobody but the guard calls `deliver`,
    `whisper`, `update` and `remove` (see outbox.guard)."""

    @property
    def name(self) -> str:
        """ "slack", "discord", "local": what the keys of its channels begin with."""
        ...

    async def open_direct(self, person: Address) -> None:
        """Make sure that a person can be sent direct messages, so that `deliver` need ask for nothing first. Posts nothing."""
        ...

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Post a message and give its reference. `keys` are those of everything it says; the first is the message's own, and
        the one it can be found by. `under` is the reference of a post of ours there that it goes with: it is put into that one's
        thread, or is a reply that refers to it, whichever the platform has. Raises Gone where that one was deleted."""
        ...

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        """Show something in a channel, or in a thread there by its first message, to one person alone, by their account. It
        needn't last, and can't be found again: never the only form of what has to arrive."""
        ...

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says. Notifies nobody."""
        ...

    async def remove(self, address: Address, ref: str) -> None:
        """Delete a post. One that is gone already is as good as deleted. Raises Forbidden where posts can't be deleted."""
        ...

    def can_find(self, address: Address) -> bool:
        """Whether what was posted there can be read back. Where it can't, nothing is ever sent twice."""
        ...

    async def find_delivered(self, address: Address, key: str, since: Instant, *, under: str | None = None) -> str | None:
        """The reference of the message posted under a key at `since` or later, if there is one; `under` the post that it was to
        go with. None, too, where that one was deleted, and all that went with it."""
        ...

    async def readers_of(self, address: Address) -> Readers:
        """Who can read what is posted there, asked of the platform now. Of a person's direct messages `outsiders` says whether
        they are on the team, by the platform's own word."""
        ...


class History(Protocol):
    """What a platform remembers of its channels. Channels go by their keys. Raises DeliveryError and its kinds only."""

    @property
    def first_read(self) -> Seconds:
        """How far a channel's past is read when the bot comes in."""
        ...

    def readable(self) -> Sequence[str]:
        """The channels whose past can be read."""
        ...

    @property
    def threads(self) -> Seconds:
        """How old a thread's first message may be for its late replies to be looked for every few hours; 0 where they are found
        with everything else."""
        ...

    def since(
        self,
        channel: str,
        mark: Instant,
        *,
        parents: Instant | None = None,
        threads: Sequence[str] = (),
        below: Sequence[str] = (),
    ) -> AsyncIterator[Event]:
        """Everything posted in a channel later than `mark`, in order of time. Replies are looked for in threads whose first
        message is later than `parents` (None: than `mark`), in `threads`, by their first messages, and `below` these messages,
        which may have become threads. Members' marks since `parents` come, too. What came before an error was given."""
        ...

    async def message(self, channel: str, message: str, thread: str | None) -> Message | None:
        """A message as it reads now, by its id and its thread's; None when it is gone."""
        ...


class Workspace(Protocol):
    """Who and what is there, as the platform knows it, the settings' word included. Channels go by their keys."""

    def team(self) -> Team:
        """Who is on the team now."""
        ...

    def names(self, person: str) -> tuple[str, ...]:
        """What somebody is called, the name shown first; empty when they aren't known here."""
        ...

    def company(self, person: str) -> str | None:
        """Which other organisation somebody comes from, in its own words, to be shown beside their name; None where the platform
        doesn't tell, or hasn't yet."""
        ...

    def channels(self) -> Mapping[str, str]:
        """The names of the channels that the bot looks at, by their keys."""
        ...

    def watches(self, channel: str) -> bool:
        """Whether a channel's messages are looked at at all: the bot's own posts to the team are nothing to watch."""
        ...

    def channel_name(self, channel: str) -> str:
        """What a channel is called; its id when it isn't known."""
        ...

    def destination(self, about: str | None = None) -> Address | None:
        """The team's channel for reminders about what happens in a channel, or a server, by its key (None: about nothing in
        particular); None while there is none."""
        ...

    def destinations(self) -> Sequence[Address]:
        """All channels for reminders there are now: a platform of several servers may have one in each."""
        ...

    def servers(self) -> Sequence[str]:
        """The servers that have a team each, as the keys of their channels begin ("discord:41771983423143937"); none where all of
        the platform is one."""
        ...

    def server_of(self, address: Address) -> str | None:
        """The one of these servers in which a channel for reminders is; None where it is in none of several."""
        ...

    def troubles(self) -> Sequence[tuple[str | None, str]]:
        """What is wrong there that a lead can mend in the settings or on the platform: a sentence each, with the one of several
        servers that it is about."""
        ...

    def apps(self) -> PresentApps:
        """The apps that are there, as far as the platform lists them; and in a sentence what it doesn't tell."""
        ...

    async def ask_apps(self) -> None:
        """Ask which apps are there, where nothing has told that yet. What can't be asked stays unknown. Raises DeliveryError and
        its kinds."""
        ...

    def link(self, channel: str, message: str, thread: str | None) -> str | None:
        """The address of a message, for people."""
        ...

    def times(self, person: str) -> Own:
        """Somebody's time zone and absences, as last heard of."""
        ...

    async def ask_times(self, person: str) -> None:
        """Ask for somebody's absences anew. What can't be asked stays as it was."""
        ...

    async def ask_names(self, people: Collection[str]) -> None:
        """Ask for the people who aren't known yet, such as customers from other organisations, and what those are called. Who
        can't be asked for stays unknown."""
        ...

    def recall(self, moves: Moves, learnt: Collection[str]) -> None:
        """These channels go by another key than they did: whoever names one by its old id means the one of now. `learnt`: what an
        earlier run knew, as `learnt` gave it."""
        ...

    def learnt(self) -> frozenset[str]:
        """What is known here that a later start can't ask for any more, as texts of the platform's own; it is kept."""
        ...

    async def seek(self, channels: Sequence[str], waiting: Collection[str]) -> Sought:
        """What became of channels that are known from before: nobody may have told us, while we weren't here, that one goes by
        another key. Those in which somebody waits may be asked for one by one. Raises AccessLost; what can't be asked now is
        as it was."""
        ...

    async def refresh(self) -> None:
        """Ask for everybody, every group and every channel anew. Raises DeliveryError and its kinds; what is known stays known
        then."""
        ...


class Connection(Platform, Protocol):
    """A platform, whole: it is listened to, delivered to, read back, and knows who and what is there. One of several that run
    side by side."""

    @property
    def history(self) -> History:
        """What it remembers."""
        ...

    @property
    def moderation(self) -> Moderation | None:
        """The filters of its own that the bot may set up there; None where there are none."""
        ...

    @property
    def workspace(self) -> Workspace:
        """Who and what is there; complete once `open` is through."""
        ...

    async def open(self) -> None:
        """Come in: ask who and what is there. Raises DeliveryError and its kinds when that can't be."""
        ...

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        """Hand in everything from now on, until `stop`; what is acknowledged to the platform when is decided here. Raises
        DeliveryError or UsageError when it can't be listened to."""
        ...

    async def listened_until(self) -> Instant | None:
        """Until when everything that happened here was handed in, as far as can be told: now, while a connection is there that
        shows that it lives; else when something came in last. None: nothing did yet."""
        ...

    async def posted_in(self, channel: Address, since: Instant) -> Sequence[tuple[str, Instant]]:
        """The posts of ours that stand in a channel, by reference, and when they were posted: those since an instant, and of many
        the latest. Where there are any the bot was here before, whatever it remembers."""
        ...

    async def stop(self) -> None:
        """Take no more events. What wasn't acknowledged will be delivered again, or is read back."""
        ...

    async def close(self) -> None:
        """Leave. Not to be used any more."""
        ...
