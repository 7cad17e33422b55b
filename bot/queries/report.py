"""What a team's waits come to over a span of time: counted once, then shown by a terminal, a page, a table or JSON.

Nothing after the end of the span counts. Where a wait is still open then, it counts as never answered only once it has lasted
longer than the team works in a day; until that it is still open.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from bot.domain.durations import DAY, HOUR, MINUTE, WEEK, Instant, Seconds
from bot.domain.hours import Hours, working_between
from bot.domain.outgoing import SentReminder
from bot.domain.waits import ANSWERING, OwnerReason, ReplyKind, Wait, WaitState
from bot.waits.figures import marked, percentile

HowEnded = Literal[
    "personal",
    "marked",
    "helped",
    "resolved",
    "redirected",
    "held",
    "automatic",
    "never",
    "open",
    "withdrawn",
    "dismissed",
]

OUTCOMES: dict[HowEnded, str] = {
    "personal": "answered personally",
    "marked": "marked answered by a member",
    "helped": "helped by another customer",
    "resolved": "solved by the customer",
    "redirected": "only redirected",
    "held": "put off, and nothing more",
    "automatic": "got an automatic post only",
    "never": "never answered",
    "open": "still open when it ends",
    "withdrawn": "withdrawn by the customer",
    "dismissed": "needed no reply",
}
"""How a wait stands at the end of the span, in words, in the order in which they are shown."""

UNANSWERED: frozenset[HowEnded] = frozenset({"automatic", "never"})
"""Nobody replied, though there was a working day for it."""

NO_REPLY_NEEDED: frozenset[HowEnded] = frozenset({"withdrawn", "dismissed"})

BOUNDS: tuple[tuple[str, Seconds], ...] = (("15 min", 15 * MINUTE), ("1 h", HOUR), ("4 h", 4 * HOUR))
"""Within what time a personal reply is looked for; a working day comes after them."""

LONGEST = 10
"""How many of the longest waits are named."""

QUESTION_LENGTH = 300
"""Characters of a question that are shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Basis:
    """What figures rest on. `members` is how the team is known; `duty_guessed`: who is on duty is guessed from who answers.
    `rehearsed`: the reminders are those that would have gone out. `changes`: what is printed beside each is the option
    that changes it."""

    since: Instant
    until: Instant
    hours: Hours
    hours_said: str
    members: str
    duty: tuple[str, ...]
    leads: tuple[str, ...]
    messages: int | None
    duty_guessed: bool = False
    rehearsed: bool = True
    changes: bool = True

    @property
    def lasted(self) -> Seconds:
        """How long the span is."""
        return max(0.0, self.until - self.since)

    @property
    def has_rates(self) -> bool:
        """Whether it is long enough for a figure a day to mean something."""
        return self.lasted > WEEK


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedReminder:
    """A reminder within the span: when, which rung (0 is the first), to whom by name (nobody: the team as a whole)."""

    at: Instant
    step: int
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedReply:
    """A reply within a wait: when, of what kind, by whom."""

    at: Instant
    kind: ReplyKind
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportedWait:
    """A wait as a report tells it, names and not ids. `waited` and `working` last until the first personal reply, else until
    its end, else until the span's. `question` is the beginning of what was asked, where that is known; `answered_by_asked`:
    whether who was asked by name answered (None: nobody was asked before somebody answered)."""

    id: str
    channel: str
    customer: str
    opened_at: Instant
    ended_at: Instant | None
    outcome: HowEnded
    waited: Seconds
    working: Seconds
    first: Seconds | None
    personal: Seconds | None
    personal_working: Seconds | None
    owner: str | None
    owner_reason: OwnerReason
    messages: int
    replies: tuple[ReportedReply, ...]
    reminders: tuple[ReportedReminder, ...]
    evidence: tuple[str, ...]
    answered_by_asked: bool | None
    question: str | None = None
    link: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Within:
    """How many of the waits that could be told were answered personally within a bound, by the clock and in working time."""

    bound: str
    wall: int
    wall_of: int
    working: int
    working_of: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartSums:
    """The waits of a channel, or of a customer, in sums."""

    name: str
    waits: int
    personally: int
    unanswered: int
    still_open: int
    half: Seconds | None
    half_working: Seconds | None
    longest: Seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """All figures of a span. Times are seconds. `slots` holds of each weekday (0 is Monday) and hour of the team's clock with
    how many waits began then and half of them were answered within what working time; `weeks` the same by the day a week
    begins on; `reminders_by_day` counts by local date. `reminders_after` are those that come only after the span's end."""

    basis: Basis
    waits: int
    customers: int
    outcomes: dict[HowEnded, int]
    first: tuple[Seconds | None, Seconds | None]
    personal: tuple[Seconds | None, Seconds | None]
    personal_working: tuple[Seconds | None, Seconds | None]
    within: tuple[Within, ...]
    channels: tuple[PartSums, ...]
    by_customer: tuple[PartSums, ...]
    reminders: int
    reminders_to_all: int
    reminders_after: int
    waits_reminded: int
    asked: int
    asked_answered: int
    slots: dict[tuple[int, int], tuple[int, Seconds | None]]
    weeks: tuple[tuple[str, int, Seconds | None], ...]
    reminders_by_day: tuple[tuple[str, int], ...]
    lengths: tuple[tuple[str, int], ...]
    longest: tuple[ReportedWait, ...]
    details: tuple[ReportedWait, ...]

    @property
    def unanswered(self) -> int:
        """Waits that nobody replied to though there was time."""
        return sum(self.outcomes[outcome] for outcome in UNANSWERED)


LENGTHS: tuple[tuple[str, Seconds], ...] = (
    ("under 5 min", 5 * MINUTE),
    ("5–15 min", 15 * MINUTE),
    ("15–60 min", HOUR),
    ("1–4 h", 4 * HOUR),
    ("4–8 h", 8 * HOUR),
    ("8–24 h", DAY),
    ("1–3 days", 3 * DAY),
    ("over 3 days", float("inf")),
)
"""The bars of how long people waited for a personal reply."""


def working_day(hours: Hours) -> Seconds:
    """How long the team works on its longest day."""
    return max((sum(span.closes - span.opens for span in spans) * MINUTE for spans in hours.week), default=0.0) or DAY


@dataclass(slots=True)
class _Sums:
    """One channel's, or customer's, waits while they are counted."""

    outcomes: Counter[HowEnded] = field(default_factory=Counter)
    personal: array[float] = field(default_factory=lambda: array("d"))
    working: array[float] = field(default_factory=lambda: array("d"))
    longest: Seconds = 0.0

    def part(self, name: str) -> PartSums:
        return PartSums(
            name=name,
            waits=self.outcomes.total(),
            personally=self.outcomes["personal"],
            unanswered=sum(self.outcomes[outcome] for outcome in UNANSWERED),
            still_open=self.outcomes["open"],
            half=percentile(self.personal, 0.5),
            half_working=percentile(self.working, 0.5),
            longest=self.longest,
        )


@dataclass(slots=True)
class _Began:
    """The waits that began in one hour of the week, or in one week."""

    count: int = 0
    times: array[float] = field(default_factory=lambda: array("d"))


class Counting:
    """Waits counted one by one into a report. `name` says what a person is called, `channel_name` a channel; `link` where a
    wait's first message is. `details`: every wait is kept, not only the longest."""

    def __init__(
        self,
        basis: Basis,
        *,
        name: Callable[[str], str],
        channel_name: Callable[[str], str],
        sentences: Callable[[Iterable[str]], tuple[str, ...]],
        link: Callable[[Wait], str | None] = lambda _: None,
        details: bool = False,
    ) -> None:
        self._basis = basis
        self._name = name
        self._channel_name = channel_name
        self._sentences = sentences
        self._link = link
        self._keep = details
        self._day = working_day(basis.hours)
        self._all = _Sums()
        self._channels: dict[str, _Sums] = {}
        self._customers: dict[str, _Sums] = {}
        self._first = array("d")
        self._censored: list[tuple[Seconds, Seconds, Seconds | None, Seconds | None]] = []
        self._slots: dict[tuple[int, int], _Began] = {}
        self._weeks: dict[str, _Began] = {}
        self._by_day: Counter[str] = Counter()
        self._reminders = self._to_all = self._after = self._reminded = self._asked = self._asked_answered = 0
        self._kept: list[ReportedWait] = []
        self._longest: list[ReportedWait] = []

    def add(self, wait: Wait, sent: Sequence[SentReminder]) -> None:
        """Count a wait with its reminders. One that began before the span is told as what it is, but says nothing of how soon
        those who asked within it were answered."""
        end = self._basis.until
        if wait.opened_at > end:
            return
        within = [reminder for reminder in sent if self._basis.since <= reminder.at <= end]
        self._after += sum(reminder.at > end for reminder in sent)
        one = self._told(wait, within)
        for sums in (
            self._all,
            self._channels.setdefault(wait.channel, _Sums()),
            self._customers.setdefault(wait.customer, _Sums()),
        ):
            sums.outcomes[one.outcome] += 1
            if one.personal is not None and one.personal_working is not None:
                sums.personal.append(one.personal)
                sums.working.append(one.personal_working)
            if one.outcome not in NO_REPLY_NEEDED:
                sums.longest = max(sums.longest, one.waited)
        if one.first is not None:
            self._first.append(one.first)
        if one.opened_at >= self._basis.since:
            self._count_times(one)
        self._count_reminders(one)
        if self._keep:
            self._kept.append(one)
        if one.outcome not in NO_REPLY_NEEDED:
            self._longest.append(one)
            if len(self._longest) >= 4 * LONGEST:
                self._longest = longest_of(self._longest)

    def _told(self, wait: Wait, sent: Sequence[SentReminder]) -> ReportedWait:
        hours, end = self._basis.hours, self._basis.until
        first, personal = wait.first_reply, wait.first_personal
        over = personal.at if personal is not None else (wait.ended_at if wait.ended_at is not None else end)
        over = max(over, wait.opened_at)
        working = working_between(hours, wait.opened_at, over)
        asked = {person for reminder in sent if personal is None or reminder.at <= personal.at for person in reminder.to}
        return ReportedWait(
            id=wait.id,
            channel=self._channel_name(wait.channel),
            customer=self._name(wait.customer),
            opened_at=wait.opened_at,
            ended_at=wait.ended_at,
            outcome=self._outcome(wait, working),
            waited=over - wait.opened_at,
            working=working,
            first=None if first is None else max(0.0, first.at - wait.opened_at),
            personal=None if personal is None else over - wait.opened_at,
            personal_working=None if personal is None else working,
            owner=None if wait.owner is None else self._name(wait.owner),
            owner_reason=wait.owner_reason,
            messages=wait.written,
            replies=tuple(ReportedReply(at=reply.at, kind=reply.kind, by=self._name(reply.by)) for reply in wait.replies),
            reminders=tuple(
                ReportedReminder(at=reminder.at, step=reminder.step, to=tuple(map(self._name, reminder.to))) for reminder in sent
            ),
            evidence=self._sentences(wait.evidence),
            answered_by_asked=None if personal is None or not asked else personal.by in asked,
            link=self._link(wait),
        )

    def _outcome(self, wait: Wait, working: Seconds) -> HowEnded:
        ended: dict[WaitState, HowEnded] = {
            WaitState.RESOLVED: "resolved",
            WaitState.WITHDRAWN: "withdrawn",
            WaitState.DISMISSED: "dismissed",
        }
        found: HowEnded
        if wait.state is WaitState.HELPED:
            found = "helped"
        elif any(reply.kind in ANSWERING for reply in wait.replies):
            found = "personal"
        elif marked(wait):
            found = "marked"
        elif wait.state in ended:
            found = ended[wait.state]
        elif wait.open and working < self._day:
            found = "open"
        elif any(reply.kind is ReplyKind.REDIRECT for reply in wait.replies):
            found = "redirected"
        elif wait.replies:
            found = "held"
        else:
            found = "automatic" if wait.automatic_replies else "never"
        return found

    def _count_times(self, one: ReportedWait) -> None:
        if one.outcome not in NO_REPLY_NEEDED and one.outcome not in ("helped", "resolved", "marked"):
            self._censored.append((one.waited, one.working, one.personal, one.personal_working))
        began = datetime.fromtimestamp(one.opened_at, self._basis.hours.zone)
        week = began.isocalendar()
        monday = datetime.fromisocalendar(week.year, week.week, 1).date().isoformat()
        for began_in in (
            self._slots.setdefault((began.weekday(), began.hour), _Began()),
            self._weeks.setdefault(monday, _Began()),
        ):
            began_in.count += 1
            if one.personal_working is not None:
                began_in.times.append(one.personal_working)

    def _count_reminders(self, one: ReportedWait) -> None:
        self._reminders += len(one.reminders)
        self._reminded += bool(one.reminders)
        for reminder in one.reminders:
            self._to_all += not reminder.to
            self._by_day[datetime.fromtimestamp(reminder.at, self._basis.hours.zone).date().isoformat()] += 1
        if one.answered_by_asked is not None:
            self._asked += 1
            self._asked_answered += one.answered_by_asked

    def report(self) -> Report:
        """What was counted."""
        all_ = self._all
        return Report(
            basis=self._basis,
            waits=all_.outcomes.total(),
            customers=len(self._customers),
            outcomes={outcome: all_.outcomes[outcome] for outcome in OUTCOMES},
            first=_spread(self._first),
            personal=_spread(all_.personal),
            personal_working=_spread(all_.working),
            within=self._within(),
            channels=_parts(self._channels, self._channel_name),
            by_customer=_parts(self._customers, self._name),
            reminders=self._reminders,
            reminders_to_all=self._to_all,
            reminders_after=self._after,
            waits_reminded=self._reminded,
            asked=self._asked,
            asked_answered=self._asked_answered,
            slots={key: (began.count, percentile(began.times, 0.5)) for key, began in sorted(self._slots.items())},
            weeks=tuple((key, began.count, percentile(began.times, 0.5)) for key, began in sorted(self._weeks.items())),
            reminders_by_day=tuple(sorted(self._by_day.items())),
            lengths=_lengths(all_.personal),
            longest=tuple(longest_of(self._longest)),
            details=tuple(self._kept),
        )

    def _within(self) -> tuple[Within, ...]:
        found = []
        for bound, seconds in BOUNDS:
            wall, wall_of = _share((waited, personal) for waited, _, personal, _ in self._censored)(seconds)
            working, working_of = _share((working, personal) for _, working, _, personal in self._censored)(seconds)
            found.append(Within(bound=bound, wall=wall, wall_of=wall_of, working=working, working_of=working_of))
        working, working_of = _share((working, personal) for _, working, _, personal in self._censored)(self._day)
        wall, wall_of = _share((waited, personal) for waited, _, personal, _ in self._censored)(DAY)
        return (
            *found,
            Within(bound="a working day (wall: 24 h)", wall=wall, wall_of=wall_of, working=working, working_of=working_of),
        )


def _share(times: Iterable[tuple[Seconds, Seconds | None]]) -> Callable[[Seconds], tuple[int, int]]:
    """Of waits with how long they took and how long to a personal reply: (answered within a bound, of how many that is known).
    One that is still open and hasn't come to the bound yet tells nothing."""
    kept = tuple(times)

    def within(bound: Seconds) -> tuple[int, int]:
        known = [personal for waited, personal in kept if personal is not None or waited >= bound]
        return sum(personal is not None and personal <= bound for personal in known), len(known)

    return within


def _spread(times: Sequence[Seconds]) -> tuple[Seconds | None, Seconds | None]:
    return percentile(times, 0.5), percentile(times, 0.9)


def _parts(sums: Mapping[str, _Sums], name: Callable[[str], str]) -> tuple[PartSums, ...]:
    return tuple(sorted((each.part(name(key)) for key, each in sums.items()), key=lambda part: (-part.waits, part.name)))


def _lengths(times: Iterable[Seconds]) -> tuple[tuple[str, int], ...]:
    counts = Counter(next(name for name, bound in LENGTHS if seconds < bound) for seconds in times)
    return tuple((name, counts[name]) for name, _ in LENGTHS)


def longest_of(waits: Iterable[ReportedWait]) -> list[ReportedWait]:
    """The longest of some waits, longest first."""
    return sorted(waits, key=lambda one: (-one.waited, one.id))[:LONGEST]


def worth_quoting(report: Report) -> frozenset[str]:
    """The ids of the waits whose question is shown: the longest, and those that nobody answered or that lasted an hour."""
    long = (one.id for one in report.details if one.personal is None or one.working >= HOUR)
    return frozenset((*long, *(one.id for one in report.longest)))


def with_questions(report: Report, questions: Mapping[str, str]) -> Report:
    """A report with what was asked, by the id of the wait."""

    def quoted(waits: Collection[ReportedWait]) -> tuple[ReportedWait, ...]:
        return tuple(replace(one, question=questions[one.id]) if one.id in questions else one for one in waits)

    return replace(report, longest=quoted(report.longest), details=quoted(report.details))
