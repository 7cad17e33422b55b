"""The embedded platform: a town with people, channels and messages, in this process. For the demo, `realreply local` and tests.

    town = Town(clock=clock, sink=inbox.submit)
    help, team = town.channel("help"), town.channel("team", internal=True)
    dana, ana = town.customer("dana", "Dana"), town.member("ana", "Ana")
    asked = await dana.says(help, "Where is my crate?")
    await ana.says(help, "In Rotterdam, it leaves tonight.", thread=asked)
    team.posts[-1].view

It is as strict and as forgetful as the real ones: it takes the same key twice and posts twice (finding out is the caller's
part), it can be told to refuse, to fail, to be slow and to take a message and say it failed (`stumble`). With a journal,
a town that was killed is opened again with everything that was posted in it.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from adapters.local import journal
from adapters.local.people import BotPost, Click, LocalChannel, LocalPerson
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Role
from bot.domain.views import View
from bot.errors import Gone, RetryLater, UsageError
from bot.ports import Clock

Sink = Callable[[Event], Awaitable[object]]
Sleep = Callable[[Seconds], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """What goes wrong with the next call: `refused` (too many, nothing posted), `broken` (a server's error, nothing posted),
    `dropped` (posted, and then the connection breaks), `slow` (takes `after` seconds, and works)."""

    kind: Literal["refused", "broken", "dropped", "slow"]
    after: Seconds = 0.0


async def _nobody_listens(_: object) -> None:
    return None


async def _real_sleep(seconds: Seconds) -> None:
    await asyncio.sleep(seconds)


class LocalPlatform:
    """The platform. `sink` gets every event as it happens; `on_click` clicks; `on_readers` the address of a channel whose
    readers changed (the guard's `forget`); `on_post` every post of the bot's, when it is made and when it is updated. `lag`: how
    old a message must be to be found again, as in a real search. Several towns in one process have a `name` each."""

    def __init__(
        self,
        *,
        clock: Clock,
        name: str = "local",
        sink: Sink = _nobody_listens,
        workspace: str = "harbor",
        path: Path | None = None,
        sync: bool = False,
        sleep: Sleep = _real_sleep,
        lag: Seconds = 0.0,
    ) -> None:
        self.name = name
        self.clock = clock
        self.sink = sink
        self.workspace = workspace
        self.on_click: Callable[[Click], Awaitable[object]] = _nobody_listens
        self.on_readers: Callable[[Address], object] = lambda _: None
        self.on_post: Callable[[BotPost], object] = lambda _: None
        self.channels: dict[str, LocalChannel] = {}
        self.people: dict[str, LocalPerson] = {}
        self.direct: dict[str, list[BotPost]] = {}
        self.lag = lag
        self._sleep = sleep
        self._stumbles: deque[Stumble] = deque()
        self.posted: dict[tuple[Address, str], BotPost] = {}
        """What the bot posted, by where and reference."""
        self._journal: journal.Journal | None = None
        if path is not None:
            # Opened first: it cuts off what was half written when somebody pulled the plug.
            self._journal = journal.Journal(path, sync=sync)
            for entry in journal.read(path):
                self._restore(entry)

    def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    # -- the town

    def channel(self, id: str, *, internal: bool = False, shared: bool = False) -> LocalChannel:
        """A channel by its name; it is made if there is none. `internal`: for the team only."""
        found = self.channels.get(id)
        if found is None:
            found = self.channels[id] = LocalChannel(town=self, id=id)
        found.internal = internal or found.internal
        found.shared = shared or found.shared
        return found

    def customer(self, id: str, name: str | None = None) -> LocalPerson:
        """Somebody who isn't on the team."""
        return self._settle(id, name, Role.CUSTOMER)

    def member(self, id: str, name: str | None = None) -> LocalPerson:
        """Somebody on the team."""
        return self._settle(id, name, Role.MEMBER)

    def app(self, id: str, name: str | None = None) -> LocalPerson:
        """A bot, webhook or workflow: what it says carries the platform's mark."""
        return self._settle(id, name, Role.APP)

    def person(self, id: str) -> LocalPerson:
        """Somebody who lives here. Raises UsageError for a stranger."""
        try:
            return self.people[id]
        except KeyError:
            known = ", ".join(sorted(self.people)) or "nobody"
            raise UsageError(f"there is no {id!r} in this town; there is {known}.") from None

    def find(self, where: LocalChannel | str) -> LocalChannel:
        """A channel by itself, its name ("help", "#help") or its key. Raises UsageError when there is none."""
        if isinstance(where, LocalChannel):
            return where
        name = where.removeprefix("#")
        name = name if name in self.channels else channel_id(name)
        try:
            return self.channels[name]
        except KeyError:
            known = ", ".join(f"#{name}" for name in sorted(self.channels)) or "no channel at all"
            raise UsageError(f"there is no #{name} in this town; there is {known}.") from None

    def of(self, message: Message) -> LocalChannel:
        """The channel a message is in."""
        return self.find(message.channel)

    def names_of(self, person: str) -> tuple[str, ...]:
        """What a person is called, for the engine."""
        known = self.people.get(person)
        return (known.name,) if known is not None else ()

    def permalink(self, channel: str, message: str) -> str:
        """The address of a message, by its channel's key or name. It leads nowhere: the town has no web site."""
        return f"https://{self.workspace}.example/{channel_id(channel)}/{message}"

    def stumble(self, *kinds: Literal["refused", "broken", "dropped", "slow"], after: Seconds = 0.0) -> None:
        """Let the next calls of `deliver`, `update` and `find_delivered` go wrong, one each, in this order."""
        self._stumbles.extend(Stumble(kind=kind, after=after) for kind in kinds)

    def readers_changed(self, channel: LocalChannel) -> None:
        """Tell whoever remembers who reads a channel that it isn't so any more."""
        self.on_readers(channel.address)

    @property
    def posts(self) -> list[BotPost]:
        """Everything the bot posted, in order."""
        return list(self.posted.values())

    # -- the platform (ports.Platform)

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...]) -> str:
        """Post a message and give its reference. The same key twice is two posts: nothing here looks."""
        dropped = await self._go_wrong()
        self._open(address)
        ref = f"b{len(self.posted) + 1}"
        post = BotPost(ref=ref, address=address, keys=keys, at=self.clock.now(), gist=view.fallback, view=view)
        self.record("posted", ref=ref, kind=address.kind, to=address.id, keys=keys, gist=view.fallback)
        self._keep(post)
        self.on_post(post)
        if dropped:
            raise RetryLater("the connection was lost before the answer came", after=0)
        return ref

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says."""
        dropped = await self._go_wrong()
        self._open(address)
        post = self.posted.get((address, ref))
        if post is None or post.deleted:
            raise Gone(f"the post {ref} was deleted")
        post.view, post.gist, post.updates = view, view.fallback, post.updates + 1
        self.record("updated", ref=ref, kind=address.kind, to=address.id, gist=view.fallback)
        self.on_post(post)
        if dropped:
            raise RetryLater("the connection was lost before the answer came", after=0)

    def can_find(self, address: Address) -> bool:
        """Channels can be read back, direct messages can't, as on Slack without im:history."""
        return address.kind == "channel"

    async def find_delivered(self, address: Address, key: str, since: Instant) -> str | None:
        """The reference of the first message posted under a key at `since` or later."""
        await self._go_wrong()
        latest = self.clock.now() - self.lag
        for (where, ref), post in self.posted.items():
            if where == address and key in post.keys and since <= post.at <= latest and not post.deleted:
                return ref
        return None

    async def audience(self, address: Address) -> Readers:
        """Who can read a channel."""
        channel = self._open(address)
        if channel is None or not channel.readers_known:
            return Readers(shared=None, outsiders=None)
        guests = any(id not in self.people or self.people[id].role is not Role.MEMBER for id in channel.guests)
        return Readers(shared=channel.shared, outsiders=not channel.internal or guests)

    # -- inside

    def record(self, what: str, **values: Any) -> None:
        """Write a line into the journal, if there is one."""
        if self._journal is not None:
            self._journal.append({"do": what, "at": self.clock.now(), **values})

    def _settle(self, id: str, name: str | None, role: Role) -> LocalPerson:
        known = self.people.get(id)
        if known is not None and known.role is role and name in (None, known.name):
            return known
        person = self.people[id] = LocalPerson(self, id, name or id.title(), role)
        return person

    def _open(self, address: Address) -> LocalChannel | None:
        """The channel at an address (None: a person's). Raises Gone when there is none any more."""
        if address.kind == "person":
            return None
        channel = self.channels.get(address.id)
        if channel is None or channel.archived:
            raise Gone(f"there is no channel #{address.id} any more")
        return channel

    async def _go_wrong(self) -> bool:
        """Do what `stumble` asked for. True: the caller is to do its work and then fail."""
        if not self._stumbles:
            return False
        stumble = self._stumbles.popleft()
        if stumble.kind == "refused":
            raise RetryLater("too many requests", after=stumble.after, uncertain=False)
        if stumble.kind == "broken":
            raise RetryLater("the server answered 500", after=stumble.after)
        if stumble.kind == "slow":
            await self._sleep(stumble.after)
        return stumble.kind == "dropped"

    def _keep(self, post: BotPost) -> None:
        self.posted[(post.address, post.ref)] = post
        if post.address.kind == "person":
            self.direct.setdefault(post.address.id, []).append(post)
        else:
            self.channel(post.address.id).posts.append(post)

    def _restore(self, entry: dict[str, Any]) -> None:
        """Take over what the bot had posted. What people had said is the sender's to repeat, as with a real platform."""
        if entry["do"] == "posted":
            address = Address(self.name, entry["kind"], entry["to"])
            keys = tuple(entry["keys"])
            self._keep(BotPost(ref=entry["ref"], address=address, keys=keys, at=entry["at"], gist=entry["gist"]))
        elif entry["do"] == "updated":
            post = self.posted[(Address(self.name, entry["kind"], entry["to"]), entry["ref"])]
            post.gist, post.updates = entry["gist"], post.updates + 1
