"""The embedded platform: a town with people, channels and messages, in this process. For the demo, `realreply local` and tests.

    town = LocalPlatform(clock=clock)
    await town.listen(intake, interactions)
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
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from adapters.local import journal
from adapters.local.people import BotPost, Click, LocalChannel, LocalPerson
from adapters.local.workspace import LocalHistory, LocalWorkspace
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Event
from bot.domain.keys import channel_id
from bot.domain.messages import Message
from bot.domain.outgoing import Address, Readers
from bot.domain.people import Role, Team
from bot.domain.views import View
from bot.errors import AccessLost, Gone, RetryLater, UsageError
from bot.ports import Clock, Intake, InteractionHandler, Sleep, WorkspaceChange

NOBODY = Team()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stumble:
    """What goes wrong with the next call: `refused` (too many, nothing posted), `broken` (a server's error, nothing posted),
    `dropped` (posted, and then the connection breaks), `slow` (takes `after` seconds, and works)."""

    kind: Literal["refused", "broken", "dropped", "slow"]
    after: Seconds = 0.0


async def _real_sleep(seconds: Seconds) -> None:
    await asyncio.sleep(seconds)


class LocalPlatform:
    """Fits `bot.ports.Connection`. `team` is who is on the team and `destination` the name of its channel for reminders.
    `on_post` is told of every post of the bot's, when it is made and when it is updated. `lag`: how old a message must be to be
    found again, as in a real search. Several towns in one process have a `name` each."""

    def __init__(
        self,
        *,
        clock: Clock,
        name: str = "local",
        workspace: str = "harbor",
        team: Team = NOBODY,
        destination: str | None = None,
        path: Path | None = None,
        sync: bool = False,
        sleep: Sleep = _real_sleep,
        lag: Seconds = 0.0,
    ) -> None:
        self.name = name
        self.clock = clock
        self.workspace_id = workspace
        self.workspace = LocalWorkspace(self, team, destination)
        self.history = LocalHistory(self)
        self.on_post: Callable[[BotPost], object] = lambda _: None
        self.answers: list[tuple[str, View]] = []
        """What the bot answered privately to clicks and to who named it, with whom it is for, newest last."""
        self._intake: Intake | None = None
        self._interactions: InteractionHandler | None = None
        self.channels: dict[str, LocalChannel] = {}
        self.people: dict[str, LocalPerson] = {}
        self.direct: dict[str, list[BotPost]] = {}
        self.lag = lag
        self._sleep = sleep
        self._lost: AccessLost | None = None
        self._stumbles: deque[Stumble] = deque()
        self.posted: dict[tuple[Address, str], BotPost] = {}
        """What the bot posted, by where and reference."""
        self._journal: journal.Journal | None = None
        if path is not None:
            # Opened first: it cuts off what was half written when somebody pulled the plug.
            self._journal = journal.Journal(path, sync=sync)
            for entry in journal.read(path):
                self._restore(entry)

    # -- listened to (ports.Connection)

    async def open(self) -> None:
        """Come in. Raises what `stumble` asked for."""
        await self.go_wrong()

    async def listen(self, intake: Intake, interactions: InteractionHandler) -> None:
        """Hand in every event as it happens, and every click."""
        self._intake, self._interactions = intake, interactions

    async def listened_until(self) -> Instant:
        """Now: nothing gets lost on the way here."""
        return self.clock.now()

    async def stop(self) -> None:
        """Tell the bot of nothing any more. What happens meanwhile is remembered."""
        self._intake = self._interactions = None

    async def close(self) -> None:
        """Close the journal."""
        if self._journal is not None:
            self._journal.close()

    async def happen(self, event: Event) -> None:
        """Something happened here; returns once the bot has dealt with it."""
        if self._intake is not None:
            await self._intake.receive(event)

    async def clicked(self, click: Click) -> None:
        """Somebody pressed a button of the bot's. The answer is for them alone, see `answers`."""
        if self._interactions is not None:
            role = self.people[click.by].role
            self.answers.append((click.by, await self._interactions.click(click.by, role, click.code)))

    async def called(self, person: LocalPerson, channel: LocalChannel, text: str, before: str, thread: str | None) -> None:
        """Somebody named the bot, with these words after its name and `before` it. What it answers, if it does, is for them
        alone, see `answers`."""
        if self._interactions is not None:
            await self._interactions.called(person.id, person.role, channel.address, text, before=before, thread=thread)

    async def readers_changed(self, channel: LocalChannel) -> None:
        """Somebody joined a channel, or it was shared."""
        if self._intake is not None:
            await self._intake.changed(WorkspaceChange(readers=channel.address))

    def throw_out(self, why: str) -> None:
        """Let the bot in no longer."""
        self._lost = AccessLost(f"the town {self.name} no longer lets realreply in: {why}")
        if self._intake is not None:
            self._intake.lost(self._lost)

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

    def stumble(self, *kinds: Literal["refused", "broken", "dropped", "slow"], after: Seconds = 0.0) -> None:
        """Let the next calls go wrong, one each, in this order: of `open`, of `deliver`, `update` and `find_delivered`, and of
        reading a channel back."""
        self._stumbles.extend(Stumble(kind=kind, after=after) for kind in kinds)

    @property
    def posts(self) -> list[BotPost]:
        """Everything the bot posted, in order."""
        return list(self.posted.values())

    # -- delivered to (ports.Platform)

    async def open_direct(self, person: Address) -> None:
        """There is nothing to open."""

    async def deliver(self, address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        """Post a message and give its reference; `under` a post it is a line in that one's thread. The same key twice is two
        posts: nothing here looks."""
        dropped = await self.go_wrong()
        self._open(address)
        if under is not None:
            parent = self.posted.get((address, under))
            if parent is None or parent.deleted:
                raise Gone(f"the post {under} was deleted")
        ref = f"b{len(self.posted) + 1}"
        post = BotPost(ref=ref, address=address, keys=keys, at=self.clock.now(), gist=view.fallback, view=view, under=under)
        below = {} if under is None else {"under": under}
        self.record("posted", ref=ref, kind=address.kind, to=address.id, keys=keys, gist=view.fallback, **below)
        self._keep(post)
        self.on_post(post)
        if dropped:
            raise RetryLater("the connection was lost before the answer came", after=0)
        return ref

    async def whisper(self, address: Address, person: str, view: View, *, thread: str | None = None) -> None:
        """Show something to one person where they are; see `answers`."""
        await self.go_wrong()
        self._open(address)
        self.answers.append((person, view))

    async def update(self, address: Address, ref: str, view: View) -> None:
        """Replace what a post says."""
        dropped = await self.go_wrong()
        self._open(address)
        post = self.posted.get((address, ref))
        if post is None or post.deleted:
            raise Gone(f"the post {ref} was deleted")
        post.view, post.gist, post.updates = view, view.fallback, post.updates + 1
        self.record("updated", ref=ref, kind=address.kind, to=address.id, gist=view.fallback)
        self.on_post(post)
        if dropped:
            raise RetryLater("the connection was lost before the answer came", after=0)

    async def remove(self, address: Address, ref: str) -> None:
        """Delete a post. One that isn't there is as good as deleted."""
        dropped = await self.go_wrong()
        post = self.posted.get((address, ref))
        if post is not None and not post.deleted:
            self._delete(post)
            self.record("removed", ref=ref, kind=address.kind, to=address.id)
            self.on_post(post)
        if dropped:
            raise RetryLater("the connection was lost before the answer came", after=0)

    def can_find(self, address: Address) -> bool:
        """Channels can be read back, direct messages can't, as on Slack without im:history."""
        return address.kind == "channel"

    async def find_delivered(self, address: Address, key: str, since: Instant, *, under: str | None = None) -> str | None:
        """The reference of the first message posted under a key at `since` or later, in the thread of `under` if given."""
        await self.go_wrong()
        latest = self.clock.now() - self.lag
        for (where, ref), post in self.posted.items():
            if where == address and key in post.keys and since <= post.at <= latest and not post.deleted:
                return ref
        return None

    @property
    def moderation(self) -> None:
        """The town has no filters of its own."""
        return None

    async def posted_in(self, channel: Address, since: Instant) -> list[tuple[str, Instant]]:
        """The posts of ours that stand in a channel since an instant."""
        await self.go_wrong()
        posts = self.posted.items()
        return [(ref, post.at) for (where, ref), post in posts if where == channel and not post.deleted and post.at >= since]

    async def readers_of(self, address: Address) -> Readers:
        """Who can read a channel; of direct messages, whether they are a member's."""
        channel = self._open(address)
        if channel is None:
            known = self.people.get(address.id)
            is_member = address.id in self.workspace.team().members if known is None else known.role is Role.MEMBER
            return Readers(shared=False, outsiders=not is_member)
        if not channel.readers_known:
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

    async def go_wrong(self) -> bool:
        """Do what `stumble` and `throw_out` asked for. True: the caller is to do its work and then fail."""
        if self._lost is not None:
            raise self._lost
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
            under = entry.get("under")
            self._keep(BotPost(ref=entry["ref"], address=address, keys=keys, at=entry["at"], gist=entry["gist"], under=under))
        elif entry["do"] == "updated":
            post = self.posted[(Address(self.name, entry["kind"], entry["to"]), entry["ref"])]
            post.gist, post.updates = entry["gist"], post.updates + 1
        elif entry["do"] == "removed":
            self._delete(self.posted[(Address(self.name, entry["kind"], entry["to"]), entry["ref"])])

    @staticmethod
    def _delete(post: BotPost) -> None:
        post.view, post.gist, post.deleted = None, "", True
