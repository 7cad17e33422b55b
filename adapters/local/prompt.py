"""The made-up town, interactively: whoever types is everybody in it, and sees what the team would see."""

from __future__ import annotations

import importlib
import importlib.util
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime

from rich.text import Text

from adapters.local import typed
from adapters.local.completion import Nameable, complete_on
from adapters.local.filling import values_in
from adapters.local.people import BotPost, LocalChannel, LocalPerson
from adapters.local.received import received
from adapters.local.render import actions
from adapters.local.scene import LINES, Scene
from adapters.local.timeline import Block
from adapters.local.typed import (
    Arrive,
    Ask,
    CheckOwn,
    Correct,
    Edit,
    Fill,
    Home,
    Join,
    Look,
    Pass,
    Press,
    React,
    ReportDirect,
    Say,
    Type,
    Typed,
)
from bot.commands.responses import refusal
from bot.domain import keys
from bot.domain.durations import WEEK, Instant, Seconds
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.refusal import Refusal
from bot.domain.views import Code, Fields, Form, PersonName, Plain, SmallPrint, Spans, Timestamp, View
from bot.domain.views import Text as Paragraph
from bot.domain.waits import Wait
from bot.ports import QueryTransaction
from bot.wording.ended import SettledFacts, going_on, outcome
from bot.wording.holds import hold_line

MOST_SHOWN = 8
"""Posts of the team's channel that `team` shows, the latest."""

MOST_HELD = 1000
"""Waits looked through, the latest, for those that somebody's typing holds."""

A_MOMENT: Seconds = 1
"""What passes between two things that happen."""

"""Time passes in strides of a week at most, because digests are planned about that far ahead."""

GREETING = (
    "This is Harbor, who make software for boat logistics. You are everybody here:",
    "  dana: where is my boat?     a customer writes in #help",
    "  ana > 1: it leaves tonight  Ana of the team answers below message 1",
    "  +30m                        half an hour passes",
    "  help                        all that can be typed",
)


class Session:
    """What lines typed one after the other do. It remembers which numbers stand for which messages and posts."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._town, self._timeline = scene.town, scene.timeline
        self._messages: list[Message | None] = []
        self._private: list[tuple[str, View]] = []
        self._last: dict[str, str] = {}
        self._forms: dict[str, Form] = {}
        self._handles: set[str] = set()
        self._direct = 0
        self.over = False

    @property
    def clock(self) -> str:
        """The time, for the prompt: "Mon 09:00"."""
        return f"{datetime.fromtimestamp(self._scene.clock.now(), self._scene.zone):%a %H:%M}"

    @property
    def known(self) -> Nameable:
        """What there is to be named, for Tab. Handles are those that were shown."""
        members = [person.name for person in self._town.people.values() if person.role is Role.MEMBER]
        watched = [name for name, channel in self._town.channels.items() if not channel.internal]
        return Nameable(
            people=self._town.people,
            channels=self._town.channels,
            watched=watched,
            members=members,
            handles=self._handles,
        )

    async def take(self, line: str) -> list[Block]:
        """Do what a line says. Gives what there is to see; never raises for what somebody typed."""
        scene = self._scene
        clean = line.encode(errors="replace").decode()
        meant = typed.understand(clean, people=set(self._town.people), now=scene.clock.now(), read_when=scene.read_when)
        shown = [self._refused(meant)] if isinstance(meant, Refusal) else await self._do(meant)
        return [block for block in shown if block]

    async def _do(self, meant: Typed) -> list[Block]:
        match meant:
            case Look(at=at):
                return self._look(at)
            case Pass(until=until):
                return await self._pass(until)
            case Arrive(name=name):
                self._town.customer(name.casefold(), name)
                return [self._remark(Plain(f"{name} is here now, a customer. "), Code(f"{name.casefold()}: hello?"))]
            case Say():
                return await self._say(meant)
            case Type():
                return await self._type(meant)
            case Join():
                return await self._join(meant)
            case Edit():
                return await self._edit(meant)
            case React():
                return await self._react(meant)
            case Ask():
                return await self._ask(meant)
            case Correct():
                return await self._correct(meant)
            case CheckOwn():
                return await self._check(meant)
            case ReportDirect():
                return await self._report(meant)
            case Press():
                return await self._press(meant)
            case Fill():
                return await self._fill(meant)
            case Home(who=who):
                person = self._town.person(who)
                return [self._answered(person, await self._scene.interactions.home(person.id, person.role))]

    # -- what people do

    async def _say(self, meant: Say) -> list[Block]:
        person, town = self._town.person(meant.who), self._town
        place = self._place(meant, meant.text[:20])
        if isinstance(place, Refusal):
            return [self._refused(place)]
        channel, thread = place
        shown = await self._a_moment()
        answers = len(town.answers)
        mentions = tuple(p for p in town.people.values() if _names(meant.text, p.name))
        message = await person.says(
            channel, meant.text, thread=thread, mentions=mentions, calls_team=_names(meant.text, "realreply")
        )
        self._messages.append(message)
        said = self._timeline.said(message, number=len(self._messages))
        told = [self._answered(town.person(who), view) for who, view in town.answers[answers:]]
        return [*shown, said, await self._made_of(message), *told, *self._timeline.news()]

    async def _type(self, meant: Type) -> list[Block]:
        place = self._place(meant, "hello?")
        if isinstance(place, Refusal):
            return [self._refused(place)]
        channel, thread = place
        shown = await self._a_moment()
        await self._town.person(meant.who).types(channel, thread=thread)
        typing = self._timeline.typing(meant.who, channel.key, in_thread=thread is not None)
        now = self._scene.clock.now()

        def held(tx: QueryTransaction) -> list[Wait]:
            waits = tx.open_waits(MOST_HELD)
            return [wait for wait in waits if wait.channel == channel.key and wait.hold is not None and wait.hold.since == now]

        return [*shown, typing, self._lines(await self._standing(held)), *self._timeline.news()]

    def _place(self, meant: Say | Type, words: str) -> tuple[LocalChannel, Message | None] | Refusal:
        """Where somebody writes or types: the channel, and the message whose thread it is in. `words` for what to try."""
        person, town = self._town.person(meant.who), self._town
        thread = None if meant.thread is None else self._message(meant.thread)
        if isinstance(thread, Refusal):
            return thread
        name = meant.channel or (town.of(thread).id if thread is not None else self._scene.channel)
        channel = town.channels.get(name.casefold())
        if channel is None:
            known = tuple(f"{meant.who} #{id}: {words}" for id in town.channels)
            return Refusal(says=f"There is no #{name[:40]} here.{typed.nearest(name, town.channels)}", tries=known)
        if thread is not None and town.of(thread) is not channel:
            says = f"Message {meant.thread} is in #{town.of(thread).id}, not in #{channel.id}. Leave the channel out."
            return Refusal(says=says, tries=(f"{meant.who} > {meant.thread}: {words}",))
        if channel.internal and person.role is Role.CUSTOMER:
            return Refusal(says=f"#{channel.id} is the team's own channel: {person.name} can't see it.")
        return channel, thread

    async def _join(self, meant: Join) -> list[Block]:
        place = self._place(Type(who=meant.who, channel=meant.channel), "hello?")
        if isinstance(place, Refusal):
            return [self._refused(place)]
        channel, _ = place
        shown = await self._a_moment()
        await self._town.person(meant.who).joins(channel, left=meant.left)
        name = self._town.person(meant.who).name
        did = self._remark(Plain(f"{name} {'left' if meant.left else 'joined'} #{channel.id}."))
        return [*shown, did, *self._timeline.news()]

    async def _edit(self, meant: Edit) -> list[Block]:
        message = self._message(meant.number)
        if isinstance(message, Refusal):
            return [self._refused(message)]
        if message.author != meant.who:
            author = self._town.person(message.author).name
            does = "deletes" if meant.text is None else "changes"
            return [self._refused(Refusal(says=f"Message {meant.number} is {author}'s: nobody else {does} it."))]
        shown, person = await self._a_moment(), self._town.person(meant.who)
        now = self._scene.clock.now()
        if meant.text is None:
            await person.deletes(message)
            self._messages[meant.number - 1] = None
            done = self._timeline.deleted(message, at=now, number=meant.number)
        else:
            message = await person.edits(message, meant.text)
            self._messages[meant.number - 1] = message
            done = self._timeline.edited(message, at=now, number=meant.number)
        return [*shown, done, await self._made_of(message), *self._timeline.news()]

    async def _react(self, meant: React) -> list[Block]:
        message = self._message(meant.number)
        if isinstance(message, Refusal):
            return [self._refused(message)]
        shown = await self._a_moment()
        await self._town.person(meant.who).reacts(message, meant.emoji, added=meant.added)
        reacted = self._timeline.reacted(meant.who, message, meant.emoji, added=meant.added)
        return [*shown, reacted, await self._made_of(message, brief=True), *self._timeline.news()]

    async def _ask(self, meant: Ask) -> list[Block]:
        shown, person = await self._a_moment(), self._town.person(meant.who)
        view = await self._scene.interactions.command(person.id, person.role, meant.command)
        asked = self._timeline.asked(person.id, meant.command)
        return [*shown, asked, self._answered(person, view), *self._timeline.news()]

    async def _correct(self, meant: Correct) -> list[Block]:
        message = self._message(meant.number)
        if isinstance(message, Refusal):
            return [self._refused(message)]
        shown, person = await self._a_moment(), self._town.person(meant.who)
        view = await self._scene.interactions.correct(person.id, person.role, message, meant.says)
        said = self._timeline.corrected(person.id, message, meant.says)
        return [*shown, said, self._answered(person, view), *self._timeline.news()]

    async def _check(self, meant: CheckOwn) -> list[Block]:
        message = self._message(meant.number)
        if isinstance(message, Refusal):
            return [self._refused(message)]
        shown, person = await self._a_moment(), self._town.person(meant.who)
        view = await self._scene.interactions.check(person.id, person.role, message)
        asked = self._timeline.checked(person.id, message)
        return [*shown, asked, self._answered(person, view), *self._timeline.news()]

    async def _report(self, meant: ReportDirect) -> list[Block]:
        """What somebody got in a direct message stands nowhere here but in their report."""
        shown, person = await self._a_moment(), self._town.person(meant.who)
        self._direct += 1
        now = self._scene.clock.now()
        message = received(self._town, meant.sender, meant.text, through=meant.through, number=self._direct, at=now)
        view = await self._scene.interactions.report_auto_dm(person.id, message)
        answer = View(nodes=(view,), fallback=view.title) if isinstance(view, Form) else view
        reported = self._timeline.reported(person.id, meant.sender, meant.through)
        return [*shown, reported, self._answered(person, answer), *self._timeline.news()]

    async def _press(self, meant: Press) -> list[Block]:
        person = self._town.person(meant.who)
        seen = self._seen_by(person)
        ref = meant.ref or self._last.get(person.id) or next(reversed(seen), None)
        if ref is None or ref not in seen:
            there = f"{person.name} sees no buttons" + (f" at {meant.ref}." if meant.ref is not None else " so far.")
            return [self._refused(Refusal(says=there, tries=("team", f"{person.id} /waiting")))]
        offered = actions(seen[ref][0])
        action = next((action for action in offered if action.number == meant.button), None)
        if action is None:
            there = "There is 1 button" if len(offered) == 1 else f"There are {len(offered)} buttons"
            says = f"{there} at {ref}, and no {meant.button}."
            return [self._refused(Refusal(says=says, tries=(f"{person.id} !{ref}.1",)))]
        shown = await self._a_moment()
        view = await self._scene.interactions.click(person.id, person.role, action.code)
        pressed = self._timeline.pressed(person.id, action.label, seen[ref][1])
        return [*shown, pressed, self._answered(person, view), *self._timeline.news()]

    async def _fill(self, meant: Fill) -> list[Block]:
        person, form = self._town.person(meant.who), self._forms.pop(meant.who, None)
        if form is None:
            nothing = f"{person.name} has no form open. A button with an ellipsis opens one."
            return [self._refused(Refusal(says=nothing, tries=(f"{person.id} home",)))]
        values = values_in(form, meant.text)
        if isinstance(values, Refusal):
            self._forms[meant.who] = form
            return [self._refused(values)]
        shown = await self._a_moment()
        view = await self._scene.interactions.submit(person.id, person.role, keys.code(form.verb, form.argument), values)
        if view.refused:
            self._forms[meant.who] = form  # it stays open for another try
        sent = self._timeline.filled(person.id, form.title, meant.text)
        return [*shown, sent, self._answered(person, view), *self._timeline.news()]

    def _answered(self, person: LocalPerson, view: View) -> Block:
        ref = None
        opened = next((node for node in view.nodes if isinstance(node, Form)), None)
        if opened is not None:
            self._forms[person.id] = opened
        if actions(view):
            self._private.append((person.id, view))
            ref = self._last[person.id] = f"a{len(self._private)}"
        return self._timeline.answered(person.id, view, ref=ref)

    def _seen_by(self, person: LocalPerson) -> dict[str, tuple[View, BotPost | None]]:
        """Everything with buttons that somebody can see, by its name. The last is what is meant when nobody says which."""
        seen: dict[str, tuple[View, BotPost | None]] = {}
        for post in self._town.posts:
            here = post.address.kind == "channel" and person.role is Role.MEMBER
            if post.view is not None and actions(post.view) and (here or post.address == person.address):
                seen[post.ref] = (post.view, post)
        # A private answer is only meant where it came after the last post, and `_last` remembers that.
        answers = {f"a{at}": (view, None) for at, (who, view) in enumerate(self._private, 1) if who == person.id}
        return {**answers, **seen}

    # -- time

    async def _a_moment(self) -> list[Block]:
        """A second passes before anything happens: no two things happen at once, as in life."""
        await self._scene.simulation.advance(self._scene.clock.now() + A_MOMENT)
        return self._news()

    async def _pass(self, until: Instant) -> list[Block]:
        shown: list[Block] = []
        while self._scene.clock.now() < until:
            await self._scene.simulation.advance(min(until, self._scene.clock.now() + WEEK))
            shown += self._news()
        nothing = () if shown else (Plain("; nothing happened"),)
        return [*shown, self._remark(Plain("It is now "), Plain(self.clock), *nothing, Plain("."))]

    def _news(self) -> list[Block]:
        """What the bot posted by itself. Who presses a button next means that."""
        news = self._timeline.news()
        if news:
            self._last.clear()
        return news

    # -- what is shown

    def _look(self, at: str) -> list[Block]:
        match at:
            case "help":
                return [
                    self._timeline.remark(
                        View(nodes=(Fields(tuple((line, (Plain(does),)) for line, does in LINES)),), fallback="help")
                    )
                ]
            case "who":
                return [self._who()]
            case "team":
                return self._team()
            case "quit":
                self.over = True
        return []

    def _who(self) -> Block:
        by_role: dict[str, list[str]] = {"on the team": [], "customers": [], "apps": []}
        titles = {Role.MEMBER: "on the team", Role.CUSTOMER: "customers", Role.APP: "apps"}
        for person in self._town.people.values():
            marks = [
                mark for mark, ids in (("on duty", self._scene.team.duty), ("lead", self._scene.team.leads)) if person.id in ids
            ]
            by_role[titles[person.role]].append(person.name + (f" ({', '.join(marks)})" if marks else ""))
        rows = [(title, ", ".join(names)) for title, names in by_role.items()]
        rows.append(
            (
                "channels",
                ", ".join(f"#{c.id}" + (" (the team's own)" if c.internal else "") for c in self._town.channels.values()),
            )
        )
        rows.append(("the time", self.clock))
        fields = Fields(tuple((label, (Plain(value),)) for label, value in rows))
        return self._timeline.remark(View(nodes=(fields,), fallback="who"))

    def _team(self) -> list[Block]:
        posts = self._town.channel(self._scene.internal).posts
        if not posts:
            return [self._remark(Plain(f"#{self._scene.internal} is empty: the bot has posted nothing so far."))]
        earlier = len(posts) - MOST_SHOWN
        more = [self._remark(Plain(f"and {earlier} earlier"))] if earlier > 0 else []
        return [*more, *(self._timeline.standing(post) for post in posts[-MOST_SHOWN:])]

    async def _made_of(self, message: Message, *, brief: bool = False) -> Block:
        """What the bot made of a message: the waits it belongs to as they are now, or that it opened none."""

        if self._town.of(message).internal:
            return []
        lines = await self._standing(lambda tx: tx.waits_of(message.channel, message.id)[::-1])
        if not lines and not brief and message.role is Role.CUSTOMER:
            lines = [(Plain("opens no wait: it doesn't seem to call for a reply"),)]
        return self._lines(lines)

    async def _standing(self, find: Callable[[QueryTransaction], Sequence[Wait]]) -> list[Spans]:
        """How it stands with some waits, a line each."""

        def look(tx: QueryTransaction) -> list[tuple[str, Wait, Instant | None]]:
            return [
                (tx.handle(wait.id), wait, pending.due_at if (pending := tx.pending(wait.id)) is not None else None)
                for wait in find(tx)
            ]

        found = await self._scene.simulation.store.read(look)
        self._handles |= {handle for handle, wait, _ in found if wait.open}
        self._handles -= {handle for handle, wait, _ in found if not wait.open}
        return [(Code(handle), Plain(": "), *self._state(wait, handle, due)) for handle, wait, due in found]

    def _lines(self, lines: Sequence[Spans]) -> Block:
        return self._timeline.remark(View(nodes=tuple(SmallPrint(line) for line in lines), fallback="waits")) if lines else []

    def _state(self, wait: Wait, handle: str, due: Instant | None) -> Spans:
        now = self._scene.clock.now()
        if not wait.open:
            facts = SettledFacts(
                wait=wait, handle=handle, now=now, zone=self._scene.zone, channel_name=self._town.find(wait.channel).id
            )
            return going_on(outcome(facts))
        customer = PersonName(wait.customer)
        held = wait.hold is not None and wait.hold.until > now
        quiet: Spans = (customer, Plain(" is waiting")) if not held else going_on(hold_line(wait))
        return (*quiet, *((Plain("; the next reminder is due "), Timestamp(due)) if due is not None else ()))

    def _message(self, number: int) -> Message | Refusal:
        if not 1 <= number <= len(self._messages):
            there = f"there are {len(self._messages)} so far" if self._messages else "nobody has said anything yet"
            return Refusal(says=f"There is no message {number}: {there}.")
        return self._messages[number - 1] or Refusal(says=f"Message {number} was deleted.")

    def _refused(self, refused: Refusal) -> Block:
        return self._timeline.remark(refusal(refused))

    def _remark(self, *spans: Plain | Code) -> Block:
        return self._timeline.remark(View(nodes=(Paragraph(spans),), fallback="remark"))


def _names(text: str, name: str) -> bool:
    """Whether a text mentions somebody: "@Ana"."""
    at = f"@{name}".casefold()
    folded = text.casefold()
    place = folded.find(at)
    return place >= 0 and not folded[place + len(at) : place + len(at) + 1].isalnum()


class Prompt:
    """Reads lines and shows what they lead to. On a terminal it asks with the clock; from a pipe it only reads."""

    def __init__(self, session: Session, *, show: Callable[[Block], None], terminal: bool) -> None:
        self._session, self._show, self._terminal = session, show, terminal

    async def run(self) -> None:
        """Until "quit", the end of the input, or Ctrl-C at the prompt."""
        if self._terminal and importlib.util.find_spec("readline") is not None:
            # From then on `input` has a history, and the arrow keys work.
            complete_on(importlib.import_module("readline"), lambda: self._session.known)
        self._show([Text(line) for line in GREETING])
        for line in self._lines():
            for block in await self._session.take(line):
                self._show(block)
            if self._session.over:
                break
        self._show([Text("Bye.")])

    def _lines(self) -> Iterator[str]:
        # Waiting for a line blocks everything, and that is right: nothing happens here unless somebody types.
        while True:
            line = self._line()
            if line is None:
                return
            yield line

    def _line(self) -> str | None:
        # Until the line is there, Ctrl-C means leaving; asyncio's own handler would wait for Enter.
        before = signal.signal(signal.SIGINT, signal.default_int_handler)
        try:
            if self._terminal:
                return input(f"{self._session.clock} > ")
            return sys.stdin.readline() or None
        except (EOFError, KeyboardInterrupt):
            self._show([Text()])
            return None
        finally:
            signal.signal(signal.SIGINT, before)
