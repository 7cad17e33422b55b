"""What the bot says to who asked it something: why a reminder came, figures, help, and friendly refusals. Always private."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Literal

from bot.domain.durations import Instant, Seconds, say
from bot.domain.notifications import Appeal, PassedOver
from bot.domain.outgoing import SentReminder, SkippedReminder
from bot.domain.preferences import Pause
from bot.domain.views import (
    BULLET,
    Bold,
    Button,
    Buttons,
    CommandText,
    Fields,
    Heading,
    Node,
    PersonName,
    Plain,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import ReplyKind, Wait
from bot.waits.figures import Figures
from bot.wording import loops
from bot.wording.automatic import by_apps
from bot.wording.digest import sums, times
from bot.wording.ended import SettledFacts, going_on, outcome
from bot.wording.evidence import sentences
from bot.wording.holds import hold_line, said_why
from bot.wording.owner_reasons import OWNER_WORDS
from bot.wording.passed import passed_over
from bot.wording.phrases import channel, count, customer_name, people, place, say_day, say_moment, waited
from bot.wording.reasons import sentence
from bot.wording.reminder import check_handle

FOR_THE_TEAM = (
    "This is a tool of the team here, and it has nothing to show you. If you need something, please just ask in the channel."
)
"""The one sentence that somebody who isn't a member gets, whatever they typed: it tells nothing."""

SAID_OF_REPLIES = {
    ReplyKind.PERSONAL: "replied",
    ReplyKind.CLARIFYING: "asked back",
    ReplyKind.HOLDING: "said one moment (that alone ends no wait)",
    ReplyKind.PROMISE: "promised an answer",
    ReplyKind.REDIRECT: "pointed them elsewhere (that alone ends no wait)",
    ReplyKind.AUTOMATIC: "was answering automatically (that ends no wait)",
    ReplyKind.NOTHING: "said nothing yet (that ends no wait)",
}
"""What somebody did with a reply, after their name."""


NAMES = "\0"
"""Where a sentence about members has their names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """How sure the judge must be in a channel, and how sure it would have to be without the corrections that were made."""

    now: float
    usual: float
    corrections: int


@dataclass(frozen=True, slots=True, kw_only=True)
class WhyFacts:
    """What `why` tells about one wait, as of `now`. `last_exchange` as in ReminderFacts; `threshold` of the wait's channel where
    corrections have moved it; `reminders` that left, and those that were `skipped`; `next_reminder`: when the next one falls due,
    and `next_passed`: who couldn't be asked when it was looked at; `paused`: reminders of its channel stand still; `appeals` in
    digests after the last reminder; `note`: what was said of why it is on hold; `put_off`: until when a trial put its
    first reminder off."""

    wait: Wait
    handle: str
    now: Instant
    zone: tzinfo
    channel_name: str
    working_seconds: Seconds
    link: str | None = None
    last_exchange: tuple[str, Instant] | None = None
    by: str | None = None
    threshold: Threshold | None = None
    reminders: tuple[SentReminder, ...] = ()
    next_reminder: Instant | None = None
    note: str = ""
    skipped: tuple[SkippedReminder, ...] = ()
    next_passed: tuple[PassedOver, ...] = ()
    paused: Pause | None = None
    appeals: tuple[Appeal, ...] = ()
    company: str | None = None
    put_off: Instant | None = None

    def __post_init__(self) -> None:
        check_handle(self.handle)


def why(facts: WhyFacts) -> View:
    """Why a wait is on the list, and why with this member: the evidence in words, and the way to undo it."""
    wait = facts.wait
    end = wait.ended_at if wait.ended_at is not None else facts.now
    lasted = waited(max(0.0, end - wait.opened_at), facts.working_seconds)
    where: Spans = (
        *customer_name(wait.customer, facts.company),
        Plain(" wrote in "),
        place(facts.channel_name, facts.link),
        Plain(" ("),
        Timestamp(wait.opened_at),
        Plain(")"),
    )
    nodes: list[Node] = [
        Heading(f"Why this {'is' if wait.open else 'was'} on the list"),
        Text((*where, Plain(" and has waited " if wait.open else " and waited "), *lasted, Plain("."))),
    ]
    reasons = sentences(wait.evidence)
    because = ", because:" if reasons else "."
    nodes.append(Text((Plain(f"I'm {sureness(wait.probability)} that it wants a reply{because}"),)))
    nodes += [Text((Plain(f"{BULLET}{reason}"),)) for reason in reasons]
    nodes.append(Text(whom_to_ask(facts)))
    if wait.newcomer or wait.target is not None:
        nodes.append(Text(_target(wait)))
    if wait.replies or wait.possible_answer is not None or wait.automatic_replies:
        nodes.append(Text((Plain("What came so far:"),)))
    nodes += [
        Text(
            (
                Plain(BULLET),
                Timestamp(reply.at),
                Plain(": "),
                PersonName(reply.by),
                Plain(f" {SAID_OF_REPLIES[reply.kind]}"),
                *_perhaps(reply.probability),
            )
        )
        for reply in wait.replies
    ]
    if wait.possible_answer is not None:
        maybe, likely = wait.possible_answer, min(0.99, wait.possible_answer.probability)
        wrote: Spans = (
            Plain(BULLET),
            Timestamp(maybe.at),
            Plain(": "),
            PersonName(maybe.by),
            Plain(" wrote what I can't read; it may answer it" if maybe.unread else f" wrote what may answer it ({likely:.0%})"),
        )
        nodes.append(Text(wrote))
    if wait.automatic_replies:
        nodes.append(
            Text((Plain(f"{BULLET}{count(wait.automatic_replies, 'automatic post')}{by_apps(wait)}, which end no wait"),))
        )
    if wait.open:
        if wait.hold is not None:
            nodes.append(Text((Plain("Quiet just now: "), *going_on(hold_line(wait)), *said_why(facts.note), Plain("."))))
        nodes.append(
            Buttons((Button("Answered elsewhere", "answered", facts.handle), Button("No reply needed", "dismiss", facts.handle)))
        )
    else:
        ended = SettledFacts(
            wait=wait, handle=facts.handle, now=facts.now, zone=facts.zone, channel_name=facts.channel_name, by=facts.by
        )
        nodes.append(Text((*outcome(ended), Plain("."))))
    nodes += [SmallPrint(line) for line in (*_threshold(facts.threshold), *_reminded(facts))]
    return View(
        nodes=tuple(nodes),
        fallback=f"Why {facts.handle} in {channel(facts.channel_name)} {'is' if wait.open else 'was'} on the list",
    )


def _threshold(threshold: Threshold | None) -> tuple[Spans, ...]:
    if threshold is None:
        return ()
    moved = f"This channel's threshold is {threshold.now:.0%} instead of {threshold.usual:.0%}"
    return ((Plain(f"{moved}, after {count(threshold.corrections, 'correction')} by the team."),),)


def _reminded(facts: WhyFacts) -> list[Spans]:
    timed = [(sent.at, reminded(facts, sent, (Plain(", "), Timestamp(sent.at)))) for sent in facts.reminders]
    timed += [(skipped[-1].at, left_out(facts, skipped)) for skipped in repeated(facts.skipped)]
    timed += [(one.at, _mentioned(one)) for one in facts.appeals]
    lines = [line for _, line in sorted(timed, key=lambda one: one[0])]
    if facts.put_off is not None:
        drawn: Spans = (Plain("A trial put its first reminder off by lot, until "), Timestamp(facts.put_off), Plain("."))
        lines.insert(0, drawn)
    if facts.next_reminder is not None:
        due: Spans = (Plain("The next reminder is due "), Timestamp(facts.next_reminder), Plain(", unless somebody answers."))
        lines.append((*due, *_passed(facts, facts.next_passed, "Couldn't be asked before: ")))
    if facts.paused is not None:
        until = say_moment(facts.paused.until, facts.zone, facts.now)
        lines.append((Plain(f"Reminders are paused until {until}, by "), PersonName(facts.paused.by), Plain(".")))
    if facts.wait.not_me:
        lines.append((Plain("Not asked any more, as they wished: "), *people(facts.wait.not_me), Plain(".")))
    return lines


def reminded(facts: WhyFacts, sent: SentReminder, then: Spans = ()) -> Spans:
    """Who was told of a wait by a reminder. `then` is what follows their names: when, or why them."""
    whom: Spans = people(sent.to) if sent.to else (Plain("the team"),)
    if sent.asking.promised is not None:
        told: Spans = (Plain("Told "), *whom, Plain(" that their promise is due "), Timestamp(sent.asking.promised))
        if sent.asking.loop:
            told = loops.told(sent.to)
        elif sent.asking.pressed:
            told = (Plain("Told "), *whom, Plain(" that the customer asked again, to whom an answer is promised"))
        return (*told, *then, Plain("."))
    line: Spans = (Plain("Reminded "), *whom, *then, Plain("."))
    if sent.asking.lead is not None:
        line = (*line, Plain(" It named "), PersonName(sent.asking.lead), Plain(", since nobody could be asked."))
    return (*line, *_passed(facts, sent.asking.passed, "Passed over: "))


def repeated(skipped: Sequence[SkippedReminder]) -> list[list[SkippedReminder]]:
    """Those that were left out, together where it was the same rung for the same reason."""
    found: list[list[SkippedReminder]] = []
    for one in sorted(skipped, key=lambda one: one.at):
        alike = next((others for others in found if _is_like(others[-1], one)), None)
        if alike is None:
            found.append([one])
        else:
            alike.append(one)
    return found


def _is_like(one: SkippedReminder, other: SkippedReminder) -> bool:
    passed, others = ({(each.member, each.why) for each in skipped.asking.passed} for skipped in (one, other))
    return (one.step, one.reason, passed) == (other.step, other.reason, others)


def left_out(facts: WhyFacts, alike: Sequence[SkippedReminder]) -> Spans:
    """That a reminder was left out, for the same reason each time."""
    skipped = alike[-1]
    times: Spans = (Timestamp(skipped.at),)
    if len(alike) > 1:
        times = (Plain(f"{len(alike)} times from "), Timestamp(alike[0].at), Plain(" to "), *times)
    line: Spans = (Plain(f"Reminder {skipped.step + 1} was left out, "), *times, Plain(": "))
    if skipped.asking.passed:
        return (*line, *passed_over(skipped.asking.passed, facts.zone, facts.now), Plain("."))
    said = sentence(replace(skipped.reason, about=(NAMES,) if skipped.reason.about else ()))
    before, names, after = said.partition(NAMES)
    return (*line, Plain(before), *(people(skipped.reason.about) if names else ()), Plain(f"{after}."))


def _mentioned(one: Appeal) -> Spans:
    why = ", to decide." if one.decides else "."
    return (Plain("A digest mentioned "), PersonName(one.person), Plain(", "), Timestamp(one.at), Plain(why))


def _passed(facts: WhyFacts, passed: Sequence[PassedOver], says: str) -> Spans:
    return (Plain(f" {says}"), *passed_over(passed, facts.zone, facts.now), Plain(".")) if passed else ()


def sureness(probability: float) -> str:
    """How sure the bot is of something, after "I'm"."""
    words = "quite" if probability >= 0.9 else ("fairly" if probability >= 0.7 else "not very")
    return f"{words} sure ({min(0.99, max(0.01, probability)):.0%})"


def _perhaps(probability: float) -> Spans:
    return () if probability >= 0.7 else (Plain(f" (perhaps meant for somebody else: {1 - probability:.0%})"),)


def _target(wait: Wait) -> Spans:
    first: Spans = (Plain("It is "), PersonName(wait.customer), Plain("'s first question here")) if wait.newcomer else ()
    if wait.target is None:
        return (*first, Plain("."))
    after = f"the first reminder comes after {say(wait.target.first)}"
    if wait.target.whose == "customer":
        return (*first, *((Plain(". "),) if first else ()), Plain(f"By the settings {after} for this customer."))
    return (*first, Plain(f": {after}, unless it comes sooner here anyway."))


def whom_to_ask(facts: WhyFacts) -> Spans:
    """Whose a wait is, and why."""
    wait = facts.wait
    if wait.owner is None:
        return (Plain("Nobody stands out as the one to ask, so it goes to who is on duty or to the team."),)
    spans: Spans = (Plain("The one to ask is "), PersonName(wait.owner), Plain(f", who {OWNER_WORDS[wait.owner_reason].why}"))
    known = facts.last_exchange
    if known is not None and wait.owner_reason == "acquaintance":
        spans = (*spans, Plain(" (last "), Plain(say_day(known[1], facts.zone, facts.now)), Plain(")"))
    return (*spans, Plain("."))


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnFigures:
    """A member's own figures, for nobody else's eyes. `times` are the seconds to their personal replies, `marked` the waits that
    they said were answered; `reminders` None: they aren't counted here."""

    days: int
    customers: int
    replies: int
    times: tuple[Seconds, ...] = ()
    promises: int = 0
    kept: int = 0
    canned: int = 0
    marked: int = 0
    reminders: int | None = 0


def own_stats(own: OwnFigures, *, channel_name: str | None = None) -> View:
    """A member's own figures, in a channel or everywhere. Show it to that member alone."""
    head = f"You{_in(channel_name)}, {_lately(own.days)}"
    if not own.replies and not own.reminders and not own.marked:
        nothing = f"{head}: nothing to count yet."
        return View(nodes=(Text((Plain(nothing),)),), fallback=nothing)
    replies = f"{own.replies} to {count(own.customers, 'customer')}" if own.replies else "none yet"
    rows: list[tuple[str, Spans]] = [
        ("personal replies", (Plain(replies),)),
        *times("time to reply", own.times),
    ]
    if own.marked:
        rows.append(("you marked as answered", (Plain(str(own.marked)),)))
    if own.promises:
        rows.append(("promises kept", (Plain(f"{own.kept} of {own.promises}"),)))
    if own.canned:
        rows.append(("near-copies of earlier replies", (Plain(str(own.canned)),)))
    if own.reminders is not None:
        rows.append(("reminders you got", (Plain(str(own.reminders)),)))
    note = SmallPrint((Plain("Only you see this. The team sees sums."),))
    return View(
        nodes=(Heading(head), Fields(tuple(rows)), note),
        fallback=f"{head}: {count(own.replies, 'personal reply', 'personal replies')}",
    )


def _in(channel_name: str | None) -> str:
    return "" if channel_name is None else f" in {channel(channel_name)}"


def _lately(days: int) -> str:
    return "in the last 24 hours" if days == 1 else f"in the last {count(days, 'day')}"


def team_stats(figures: Figures, *, days: int, channel_name: str | None = None) -> View:
    """The team's figures, in a channel or everywhere: sums, never by member."""
    head = f"The team{_in(channel_name)}, {_lately(days)}"
    if not figures.waits:
        nothing = f"{head}: nobody asked anything."
        return View(nodes=(Text((Plain(nothing),)),), fallback=nothing)
    return View(
        nodes=(Heading(head), Fields((("customers", (Plain(str(len(figures.customers))),)), *sums(figures)))),
        fallback=f"{head}: {count(figures.waits, 'question')}",
    )


Topic = Literal["lists", "wait", "me", "leads"]
"""What a command is about: lists and figures, one wait, who asks; or it is for leads."""

_TOPICS: dict[Topic, str] = {"lists": "My list", "wait": "A wait", "me": "Me", "leads": "For leads"}
"""The topics' titles, in the order help lists them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HelpRow:
    """A command: how it is written, what it does in one line, and what it is about."""

    usage: str
    help: str
    topic: Topic = "lists"


def help_for(rows: Sequence[HelpRow], *, about: str = "What you can ask me") -> View:
    """The commands somebody may use, those of a topic together. Raises ValueError without any."""
    if not rows:
        raise ValueError("help needs at least one command")
    nodes: list[Node] = [Heading(about)]
    for topic, title in _TOPICS.items():
        listed = [Text((CommandText(row.usage), Plain("  " + row.help))) for row in rows if row.topic == topic]
        nodes += [Text((Bold(title),)), *listed] if listed else []
    more = SmallPrint((CommandText("help snooze"), Plain(" tells more of one, with examples. A customer's name does for WAIT.")))
    return View(nodes=(*nodes, more), fallback=f"{about}: {count(len(rows), 'command')}")


def refused(text: str) -> View:
    """A friendly no: what went wrong and what to do instead, as `text` says it."""
    said = text.strip() or "That didn't work. Try help."
    return View(nodes=(Text((Plain(said),)),), fallback=said)


def for_the_team() -> View:
    """What somebody who isn't a member gets, whatever they asked."""
    return refused(FOR_THE_TEAM)
