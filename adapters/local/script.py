"""A made-up working day at a made-up firm, as data, and how it is played: Harbor makes software for boat logistics.

Nothing in it is special to the demo: the texts are judged, the waits stored and the reminders sent as anywhere else. The notes
say beforehand what is to be seen.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from adapters.local.people import BotPost
from adapters.local.platform import LocalPlatform
from adapters.local.render import actions
from adapters.local.timeline import Block, Timeline
from bot.domain import durations
from bot.domain.durations import Instant
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.messages import Message
from bot.domain.people import Team
from bot.domain.rules import ChannelRules, Step
from bot.domain.views import View
from bot.domain.waits import Holds

ZONE = "Europe/Berlin"
OPENS = 9 * 60
CLOSES = 17 * 60
"""The working day, in minutes after midnight."""

HELP = "help"
BILLING = "billing"
TEAM_CHANNEL = "team"

TEAM = Team(members=frozenset({"ana", "ben", "mia", "theo"}), leads=("mia",), duty=("ana",))
MEMBERS = ("ana", "ben", "mia", "theo")
CUSTOMERS = ("dana", "greta", "hugo", "ines", "lukas", "omar", "yuki")
APP = "autoreply"

RULES = ChannelRules(
    steps=(
        Step(after=20 * durations.MINUTE, to="owner"),
        Step(after=durations.HOUR, to="duty"),
        Step(after=3 * durations.HOUR, to="lead"),
    ),
    holds=Holds(redirect=3 * durations.HOUR),
)
"""Quicker than the defaults, so that one day shows every rung."""

START = "2026-03-02 09:00"
START_FORM = "%Y-%m-%d %H:%M"


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """What is about to be seen."""

    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SaysLine:
    """Somebody writes in #help, at "02 09:14" (day of March 2026, clock in Berlin). `thread`: below the last message of whom."""

    at: str
    who: str
    text: str
    thread: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reacts:
    """Somebody puts a reaction on the last message of `to`."""

    at: str
    who: str
    emoji: str
    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Presses:
    """Somebody presses a button, by its label, below the bot's last post."""

    at: str
    who: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Until:
    """Nobody says anything until then."""

    at: str


Beat = Narration | SaysLine | Reacts | Presses | Until

DAY: tuple[Beat, ...] = (
    Narration(text="a burst: Dana writes three times, and that is one wait"),
    SaysLine(at="02 09:02", who="dana", text="Good morning!"),
    SaysLine(at="02 09:02", who="dana", text="Since the weekend we can't export the crew list,"),
    SaysLine(at="02 09:03", who="dana", text="it only gives us an empty page. Can you have a look?"),
    Narration(text="an automatic reply doesn't count: Dana still waits"),
    SaysLine(
        at="02 09:03",
        who=APP,
        text="Thank you for your message! We have received it and will reply within one business day.",
        thread="dana",
    ),
    SaysLine(at="02 09:08", who="omar", text="How do I add a second skipper to a booking?"),
    SaysLine(
        at="02 09:14",
        who="ben",
        text="Omar, open the booking, choose Crew, then Add skipper. Each of them gets a code of their own.",
    ),
    Until(at="02 09:30"),
    Narration(text="a real reply ends the wait: the reminder is updated, the quote is gone"),
    SaysLine(
        at="02 09:33",
        who="ana",
        text="Dana, that came with Friday's update and is mended now: reload the page and the list is back.",
        thread="dana",
    ),
    SaysLine(at="02 09:36", who="dana", text="It works, thank you!", thread="dana"),
    SaysLine(at="02 09:41", who="yuki", text="Is it possible to see the berth plan on a phone?"),
    SaysLine(
        at="02 09:50",
        who="theo",
        text="Yuki, yes: on a phone it is in the menu at the top, under Berths. Turn the phone sideways for the whole quay.",
    ),
    Narration(text="“please email support” is no answer: it only keeps things quiet for a while, then it comes back"),
    SaysLine(at="02 10:05", who="lukas", text="Can we get last year's invoices as one file?"),
    SaysLine(at="02 10:09", who="theo", text="Hi Lukas, please email billing@harbor.example for that."),
    Narration(text="a promise: quiet until its time"),
    SaysLine(at="02 10:30", who="greta", text="Does the tide warning work for the harbour in Husum too?"),
    SaysLine(at="02 10:34", who="ben", text="Good question, Greta! I'll ask our map people and get back to you by 14:00."),
    Narration(text="Ben helped Omar this morning, so Ben is asked, and is told why"),
    SaysLine(at="02 11:00", who="omar", text="The second skipper never gets the code on his phone. What can we do?"),
    SaysLine(
        at="02 11:26",
        who="ben",
        text="Omar, his number had a blank in it, so nothing was sent. I've corrected it and sent the code again.",
        thread="omar",
    ),
    Narration(text="Theo puts 👀 on it and is on it: nothing is sent, though it takes a while"),
    SaysLine(at="02 11:40", who="hugo", text="Our crane bookings overlap on Thursday, how can that happen?"),
    Reacts(at="02 11:44", who="theo", emoji="eyes", to="hugo"),
    SaysLine(
        at="02 12:50",
        who="theo",
        text="Hugo, two people booked within the same second. I've moved the later one to 15:00, and it can't happen again.",
        thread="hugo",
    ),
    Narration(text="what was only pointed elsewhere comes back, and is answered for real"),
    SaysLine(
        at="02 13:25",
        who="theo",
        text="Lukas, I've asked for it myself: all invoices of last year are now one PDF under Billing, Archive.",
        thread="lukas",
    ),
    SaysLine(at="02 13:50", who="yuki", text="The plan for tomorrow shows two boats at the same berth. Which one is right?"),
    Narration(text="the promise falls due, to who made it"),
    Until(at="02 14:05"),
    Narration(text="nobody answers Yuki: first who knows Yuki is asked, then who is on duty, then a lead"),
    SaysLine(
        at="02 14:12",
        who="ben",
        text="Greta, yes: Husum is covered, the warning comes two hours ahead there.",
        thread="greta",
    ),
    SaysLine(at="02 16:30", who="ines", text="Could we have a second login for the night shift?"),
    SaysLine(at="02 16:41", who="ben", text="Hi Ines, I'll check and tell you tomorrow by 11:00."),
    Until(at="03 06:00"),
    Narration(text="the next morning's digest: who waits, and what is promised"),
    Until(at="03 09:00"),
    Narration(text="Mia takes Yuki's: the three reminders say so, then who answered"),
    Presses(at="03 09:05", who="mia", label="I'm on it"),
    SaysLine(
        at="03 09:12",
        who="mia",
        text="Yuki, the Marta is at berth 7 and the Lena moves to 9. I've put it right in the plan.",
        thread="yuki",
    ),
    Narration(text="Ben keeps the promise in time: nobody was reminded at all"),
    SaysLine(
        at="03 10:35",
        who="ben",
        text="Ines, your contract has room for three more: I've added a login called nightshift, the invitation is in your mail.",
        thread="ines",
    ),
)

Show = Callable[[list[Block]], Awaitable[None]]
Advance = Callable[[Instant], Awaitable[None]]


def team_hours() -> Hours:
    """When the team works: Monday to Friday."""
    return Hours(zone=ZoneInfo(ZONE), week=weekly(range(5), [WorkingSpan(opens=OPENS, closes=CLOSES)]))


def people(town: LocalPlatform, *, internal: str = TEAM_CHANNEL) -> None:
    """Settle everybody, and open the channels. `internal` is the team's own."""
    town.channel(HELP)
    town.channel(BILLING)
    town.channel(internal, internal=True)
    for member in MEMBERS:
        town.member(member)
    for customer in CUSTOMERS:
        town.customer(customer)
    town.app(APP)


def instant(day_and_clock: str) -> Instant:
    """ "02 09:14": of March 2026, by the clock in Berlin."""
    return datetime.strptime(f"2026-03-{day_and_clock}", START_FORM).replace(tzinfo=ZoneInfo(ZONE)).timestamp()


def introduction() -> list[str]:
    """Who is who, and how soon reminders go out: the lines above the day."""
    owner, duty, lead = (durations.say(step.after) for step in RULES.steps)
    redirect = durations.say(RULES.holds.redirect)
    return [
        "A day at Harbor, who make software for boat logistics. On the team: Ana (on duty), Ben, Mia (lead) and Theo, 9:00 to "
        "17:00 in Berlin. Customers write in #help; realreply posts in #team, which only the team reads.",
        f"Reminders are quick here, so that a day is enough: after {owner} to the owner of a question, after {duty} to who is on "
        f"duty, after {lead} to a lead; “please email support” keeps quiet for {redirect}.",
    ]


@dataclass(slots=True, kw_only=True)
class Player:
    """Plays a script in a town. `advance` lets time pass, `answers` are the private answers to clicks, newest last, and `show`
    gets what there is to see, in order."""

    town: LocalPlatform
    timeline: Timeline
    advance: Advance
    answers: list[tuple[str, View]]
    show: Show

    async def play(self, beats: tuple[Beat, ...] = DAY) -> None:
        """All beats, each at its time. Raises UsageError for a script that names what isn't there."""
        last: dict[str, Message] = {}
        timeline, town = self.timeline, self.town
        for beat in beats:
            if isinstance(beat, Narration):
                await self.show([timeline.note(beat.text)])
                continue
            await self.advance(instant(beat.at))
            await self.show(timeline.news())
            if isinstance(beat, SaysLine):
                thread = last[beat.thread] if beat.thread is not None else None
                message = await town.person(beat.who).says(HELP, beat.text, thread=thread)
                if thread is None:
                    last[beat.who] = message
                await self.show([timeline.said(message), *timeline.news()])
            elif isinstance(beat, Reacts):
                await town.person(beat.who).reacts(last[beat.to], beat.emoji)
                await self.show([timeline.reacted(beat.who, last[beat.to], beat.emoji), *timeline.news()])
            elif isinstance(beat, Presses):
                await self._press(beat)

    async def _press(self, beat: Presses) -> None:
        post, code = self._button(beat.label)
        await self.town.person(beat.who).clicks(post, code)
        who, view = self.answers[-1]
        timeline = self.timeline
        await self.show([timeline.pressed(beat.who, beat.label, post), timeline.answered(who, view), *timeline.news()])

    def _button(self, label: str) -> tuple[BotPost, str]:
        """The latest post with such a button, and what it carries."""
        for post in reversed(self.town.posts):
            for action in actions(post.view) if post.view is not None else ():
                if action.label == label:
                    return post, action.code
        raise LookupError(f"no post has a button {label!r}")
