"""Summaries of who is waiting: the daily digest, and the week in sums.

The team sees sums. Nothing here counts by member, and a list never says whose fault a wait is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo

from bot.domain import keys
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant, Seconds
from bot.domain.notifications import Appeal
from bot.domain.views import (
    ALL_WAITING,
    BULLET,
    Bold,
    Code,
    CommandText,
    Fields,
    Heading,
    Menu,
    Node,
    PersonName,
    Plain,
    Quote,
    SmallPrint,
    Spans,
    Text,
    Timestamp,
    View,
)
from bot.domain.waits import Handover, Wait
from bot.waits import holds
from bot.waits.figures import Figures, percentile
from bot.wording.arrivals import ArrivalsFacts, digest_line
from bot.wording.delay_trial import running_line
from bot.wording.ended import going_on
from bot.wording.holds import hold_line, said_why
from bot.wording.phrases import channel, count, customer_name, people, place, snippet, span_of, waited
from bot.wording.reminder import check_handle, perhaps_answered
from bot.wording.switches import Quieted, quieted_lines
from bot.wording.thanks import ThanksRow, public_thanks
from bot.wording.topics import AskedAgain, in_digest

AFTER_LAST = "Still waiting, after the last reminder"

MOST_PER_GROUP = 8
"""Waits a digest lists in each of its groups."""

_OPENINGS = (
    "Here is who would like to hear from us.",
    "A few people are hoping for a word.",
    "This is where a reply would be welcome.",
    "Some questions are still open.",
    "Whoever has a moment: these are open.",
    "A short reply goes a long way here.",
    "These people have asked and not heard back yet.",
)
"""Said in turn, a day each, so that Monday's digest doesn't read like Friday's. Seven: a weekday isn't tied to a sentence when
weekends are left out, and a week passes before one comes again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One wait in a list. `unsent`: the day's budget left no room to remind anybody of it. `note`: what was said of why it is on
    hold. `after_last`: its last reminder has left. `appeal`: whom the list mentions about it, since then. `company` stands beside
    the customer's name; `due_soon`: when its first reminder is due, where that is within the hour; `asked`: who were asked by its
    latest reminder; `handover`: how it was handed to whose it is. `asks_loop`: who pointed them
    elsewhere is asked whether they close the loop."""

    wait: Wait
    handle: str
    channel_name: str
    working_seconds: Seconds
    link: str | None = None
    texts: tuple[str, ...] = ()
    unsent: bool = False
    note: str = ""
    after_last: bool = False
    appeal: Appeal | None = None
    company: str | None = None
    due_soon: Instant | None = None
    asked: tuple[str, ...] = ()
    handover: Handover | None = None
    asks_loop: bool = False

    def __post_init__(self) -> None:
        check_handle(self.handle)


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestFacts:
    """Everything open at `now`, in any order. `zone` is the team's: it decides which part of the day it is. `unread`: since when
    channels, by name, couldn't be read back, so that nothing is said about them; `quieted`: what keeps reminders from leaving by
    somebody's word.
    `calendar_fails`: since when the team's calendar can't be read; `lost`: how many customers waited in channels, by name, that
    are gone since the last digest, `lost_threads` in threads of these; `troubles`: what is wrong on a platform, for a lead to
    mend, a sentence each;
    `trial`: the trial of first reminders that runs; `greetings`: who came in, and nobody has greeted yet."""

    rows: tuple[Row, ...]
    now: Instant
    zone: tzinfo
    unread: Mapping[str, Instant] = field(default_factory=dict)
    calendar_fails: Instant | None = None
    lost: Mapping[str, int] = field(default_factory=dict)
    lost_threads: Mapping[str, int] = field(default_factory=dict)
    troubles: Sequence[str] = ()
    quieted: Quieted = field(default_factory=Quieted)
    trial: DelayTrial | None = None
    greetings: Sequence[ArrivalsFacts] = ()


def digest(facts: DigestFacts) -> View | None:
    """Who is waiting, longest first, then what is promised and what is on hold. None when nothing is open: then it is silent,
    unless there are channels that can't be looked at."""
    if not facts.rows:
        nodes = _to_mend(facts)
        return View(nodes=tuple(nodes), fallback="some channels can't be looked at") if nodes else None
    waiting, promised, quiet = grouped(facts.rows)
    local = datetime.fromtimestamp(facts.now, facts.zone)
    day = "Good morning." if local.hour < 12 else ("Good afternoon." if local.hour < 18 else "Good evening.")
    opening = _OPENINGS[local.toordinal() % len(_OPENINGS)] if waiting else "Nobody is waiting; what is on its way is below."
    nodes = [Text((Plain(f"{day} {opening}"),))]
    left = [row for row in waiting if row.appeal is None and not row.after_last]
    reminded = [row for row in waiting if row.appeal is not None and not row.appeal.decides]
    unmentioned = [row for row in waiting if row.appeal is None and row.after_last]
    undecided = [row for row in waiting if row.appeal is not None and row.appeal.decides]
    nodes += _group("Waiting", left, facts.now, MOST_PER_GROUP)
    called: set[str] = set()
    nodes += _after_reminders(reminded, unmentioned, facts.now, called)
    nodes += _to_decide(undecided, facts.now, called)
    nodes += _group("Promised", promised, facts.now, MOST_PER_GROUP)
    nodes += _group("On hold", quiet, facts.now, MOST_PER_GROUP)
    unsent = sum(row.unsent for row in facts.rows)
    if unsent:
        which = "For one of these" if unsent == 1 else f"For {unsent} of these"
        nodes.append(SmallPrint((Plain(f"{which} no reminder went out, to keep the day quiet."),)))
    greetings = digest_line(facts.greetings)
    nodes += [] if greetings is None else [greetings]
    nodes += [SmallPrint(line) for line in quieted_lines(facts.quieted)]
    if facts.trial is not None:
        nodes.append(SmallPrint(running_line(facts.trial, facts.zone, facts.now)))
    nodes += _to_mend(facts)
    if facts.calendar_fails is not None:
        nodes.append(_calendar(facts.calendar_fails))
    longest = f", the longest for {span_of(facts.now - waiting[0].wait.opened_at)}" if waiting else ""
    return View(
        nodes=tuple(nodes),
        fallback=count(len(waiting), "customer is waiting", "customers are waiting") + longest,
        addressed=tuple(sorted(called)),
    )


def _to_mend(facts: DigestFacts) -> list[Node]:
    """What nobody is reminded of because of something that a lead can mend, or must know."""
    nodes: list[Node] = [_unread(facts)] if facts.unread else []
    lost = [(f"The channel {channel(name)}", waited_there) for name, waited_there in facts.lost.items()]
    lost += [(f"A thread in {channel(name)}", waited_there) for name, waited_there in facts.lost_threads.items()]
    for where, waited_there in lost[:MOST_PER_GROUP]:
        who = count(waited_there, "customer was waiting", "customers were waiting")
        says = f"{where} is gone, or I can't see it any more, and {who} there. "
        nodes.append(Text((Plain(f"{says}Nobody is reminded of them; if you know them, please see to them elsewhere."),)))
    if len(lost) > MOST_PER_GROUP:
        nodes.append(Text((Plain(f"So are {len(lost) - MOST_PER_GROUP} more places."),)))
    return nodes + [Text((Plain(trouble),)) for trouble in facts.troubles]


def _after_reminders(rows: Sequence[Row], others: Sequence[Row], now: Instant, called: set[str]) -> list[Node]:
    """Who still waits after the last reminder, with who should reply: each is notified once. Then the `others`, about whom nobody
    is mentioned this time."""
    if not rows and not others:
        return []
    nodes: list[Node] = [Text((Bold(AFTER_LAST),))]
    for row in rows:
        nodes += _listed(row, now, mentioned=_mention(row, called))
    return nodes + _items(others, now, max(0, MOST_PER_GROUP - len(rows)))


def _to_decide(rows: Sequence[Row], now: Instant, called: set[str]) -> list[Node]:
    """What a lead is asked to decide, once."""
    if not rows:
        return []
    leads = tuple(dict.fromkeys(row.appeal.person for row in rows if row.appeal is not None))
    new = [lead for lead in leads if lead not in called]
    called.update(leads)
    what = " please decide what becomes of these: reply, find somebody who does, or say that no reply is needed."
    nodes: list[Node] = [Text((Bold("To be decided"),)), Text((*people(leads, ping=new), Plain(f",{what}")))]
    for row in rows:
        nodes += _listed(row, now)
    labels = tuple((row.handle, row.handle) for row in rows)
    to_hand = tuple((row.handle, keys.argument("assign", row.handle)) for row in rows)
    menus = (Menu("I'll reply", "claim", labels), Menu("Hand over…", "form", to_hand), Menu("No reply needed", "dismiss", labels))
    return [*nodes, *menus]


def _mention(row: Row, called: set[str]) -> Spans:
    assert row.appeal is not None
    person = row.appeal.person
    ping = person not in called
    called.add(person)
    return (PersonName(person, ping=ping), Plain(", could you reply, or find somebody who can?"))


def _calendar(since: Instant) -> SmallPrint:
    """That nobody knows what the team's calendar says now, for the lead who can mend it."""
    says = Plain("The team's calendar can't be read since "), Timestamp(since)
    return SmallPrint(
        (*says, Plain("; who is on duty and away goes by what it said last. "), Code("realreply doctor"), Plain(" says why."))
    )


def _unread(facts: DigestFacts) -> Text:
    """Which channels reminders wait for, for whoever can mend it."""
    named = [f"{channel(name)} (for {span_of(facts.now - since)})" for name, since in list(facts.unread.items())[:MOST_PER_GROUP]]
    more = f" and {len(facts.unread) - len(named)} more" if len(facts.unread) > len(named) else ""
    says = "What was written meanwhile couldn't be read back yet, so nobody is reminded of these channels: "
    return Text((Plain(f"{says}{', '.join(named)}{more}. The bot's log says why; please look into them yourselves."),))


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFacts:
    """A week in sums: of the waits that opened in it, what became of them. `before` is the week before, if it is known; `thanks`
    are those to members who agreed that it tells of them, `again` what several customers asked lately."""

    figures: Figures
    open_now: int
    before: Figures | None = None
    thanks: Sequence[ThanksRow] = ()
    again: Sequence[AskedAgain] = ()


def week(facts: WeekFacts) -> View | None:
    """The weekly digest: sums only. None when nobody wrote."""
    if not facts.figures.waits:
        return None
    figures = facts.figures
    nodes: tuple[Node, ...] = (
        Heading("The week in short"),
        Text((Plain(f"{count(len(figures.customers), 'customer')} asked, and {_answered(figures)}."),)),
        Fields((*sums(figures), ("open now", (Plain(str(facts.open_now)),)))),
        *_compared(figures, facts.before),
        *in_digest(facts.again),
        *public_thanks(facts.thanks),
    )
    return View(
        nodes=nodes, fallback=f"The week in short: {count(figures.waits, 'question')}, {figures.personally} answered personally"
    )


def sums(figures: Figures) -> tuple[tuple[str, Spans], ...]:
    """The figures of a whole team as (label, value), what is zero and no news left out."""
    rows: list[tuple[str, Spans]] = [("questions", (Plain(str(figures.waits)),))]
    answered = figures.personally + figures.marked
    share = f" ({answered / figures.waits:.0%})" if figures.waits else ""
    rows.append(("answered personally", (Plain(f"{answered}{share}"),)))
    rows += [
        (label, (Plain(str(number)),))
        for label, number in (
            ("of them marked as answered", figures.marked),
            ("of them dealt with in private", figures.in_private),
            ("helped by another customer", figures.helped),
            ("solved by the customer", figures.resolved),
            ("only pointed elsewhere", figures.redirected),
            ("only had an automatic answer", figures.automatic_only),
            ("somebody is on it", figures.claimed),
            ("no answer yet", figures.unanswered + figures.held),
        )
        if number
    ]
    if figures.overlooked or figures.needless:
        rows.append(("corrected", (Plain(f"{figures.overlooked} overlooked, {figures.needless} needless"),)))
    if figures.came_back:
        rows.append(("came back with the same within two days", (Plain(count(figures.came_back, "customer")),)))
    if figures.promises:
        rows.append(("promises kept in time", (Plain(f"{figures.promises_kept} of {figures.promises}"),)))
    return (*rows, *times("first personal reply", figures.personal))


FEW = 5
"""Of fewer times than these a half and nine in ten say less than the shortest and the longest."""


def times(label: str, values: Sequence[float]) -> tuple[tuple[str, Spans], ...]:
    """Half and nine in ten of some times, as (label, value); nothing without times."""
    half, most = percentile(values, 0.5), percentile(values, 0.9)
    if half is None or most is None:
        return ()
    if len(values) == 1:
        return ((label, (Plain(f"{span_of(half)}, of one"),)),)
    if len(values) < FEW:
        return ((label, (Plain(f"{span_of(min(values))} to {span_of(max(values))}, of {len(values)}"),)),)
    return ((label, (Plain(f"half within {span_of(half)}, nine in ten within {span_of(most)}"),)),)


def _answered(figures: Figures) -> str:
    answered = figures.personally + figures.marked
    if answered == figures.waits:
        return "every question got a reply"
    return f"{answered} of {count(figures.waits, 'question')} got a personal reply"


def _compared(figures: Figures, before: Figures | None) -> tuple[Node, ...]:
    """How the time to a personal reply has moved, where both weeks have enough replies to say so."""
    if before is None or min(len(before.personal), len(figures.personal)) < 5:
        return ()
    now, then = percentile(figures.personal, 0.5), percentile(before.personal, 0.5)
    if now is None or then is None or abs(now - then) <= 0.1 * then:
        return ()
    how = "Quicker" if now < then else "Slower"
    return (SmallPrint((Plain(f"{how} than the week before, when half had a personal reply within {span_of(then)}."),)),)


def grouped(rows: Sequence[Row]) -> tuple[list[Row], list[Row], list[Row]]:
    """Rows as lists show them: (waiting, promised, on hold): longest wait first, what is promised by its time."""
    ranked = sorted(rows, key=lambda row: (row.wait.opened_at, row.wait.id))
    waiting = [row for row in ranked if row.wait.hold is None]
    promised = [row for row in ranked if holds.promised_for(row.wait.hold) is not None]
    promised.sort(key=lambda row: holds.promised_for(row.wait.hold) or 0.0)
    quiet = [row for row in ranked if row.wait.hold is not None and holds.promised_for(row.wait.hold) is None]
    return waiting, promised, quiet


def _group(title: str, rows: Sequence[Row], now: Instant, most: int) -> list[Node]:
    if not rows:
        return []
    return [Text((Bold(title),)), *_items(rows, now, most)]


def _items(rows: Sequence[Row], now: Instant, most: int) -> list[Node]:
    nodes: list[Node] = []
    for row in rows[:most]:
        nodes += _listed(row, now)
    if len(rows) > most:
        nodes.append(Text((Plain(f"and {len(rows) - most} more: "), CommandText(ALL_WAITING))))
    return nodes


def head_of(row: Row, now: Instant) -> Spans:
    """What an item of a list begins with: how long who has waited, and where."""
    lasted = waited(max(0.0, now - row.wait.opened_at), row.working_seconds)
    where = place(row.channel_name, row.link)
    soon: Spans = () if row.due_soon is None else (Plain(", due soon ("), Timestamp(row.due_soon), Plain(")"))
    first: Spans = (Plain(", their first question here"),) if row.wait.newcomer and row.wait.open else ()
    named = customer_name(row.wait.customer, row.company)
    return (Plain(BULLET), *lasted, Plain("  "), *named, Plain(" in "), where, *first, *soon)


def perhaps(wait: Wait, reader: str | None = None) -> Spans:
    """What an item of a list says of a message that may have been the answer; nothing where there is none."""
    maybe = wait.possible_answer
    if maybe is None:
        return ()
    to = () if reader is None else (reader,)
    return (Plain(" ("), *perhaps_answered(maybe, PersonName(wait.customer), to), Plain(")"))


def whose(row: Row, named: Callable[[tuple[str, ...]], Spans]) -> Spans:
    """Who has a wait that nothing holds, in a list of any kind: who is asked, as its posts say, else whose it is."""
    owner = row.wait.owner
    if row.asked and owner not in row.asked:
        return (Plain(", asked: "), *named(row.asked))
    return () if owner is None else (Plain(", with "), *named((owner,)))


def _listed(row: Row, now: Instant, *, mentioned: Spans = ()) -> list[Node]:
    wait = row.wait
    spans = head_of(row, now)
    if wait.hold is not None:
        spans = (*spans, Plain(": "), *going_on(hold_line(wait)), *said_why(row.note))
    elif mentioned:
        spans = (*spans, Plain(": "), *mentioned)
    else:
        spans = (*spans, *whose(row, people))
    spans = (*spans, *perhaps(wait))
    asked = snippet(row.texts)
    return [Text((*spans, Plain("  "), Code(row.handle))), *([Quote(asked)] if asked else [])]
