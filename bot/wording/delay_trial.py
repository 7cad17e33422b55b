"""The trial of first reminders, in words: that one runs, what it is, and what came of it, or that nothing can be told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import tzinfo
from typing import Final

from bot.domain.delay_trial import DELAY, ONE_IN, DelayTrial
from bot.domain.durations import MINUTE, Instant, Seconds
from bot.domain.shares import Share, difference
from bot.domain.views import Fields, Heading, Node, PersonName, Plain, SmallPrint, Spans, Timestamp, View
from bot.waits.figures import percentile
from bot.wording.own_record import percent
from bot.wording.phrases import say_date, span_of

_MINUTES: Final = round(DELAY / MINUTE)
_WHAT = f"one in {ONE_IN} first reminders, chosen by lot, leaves {_MINUTES} minutes later"
_HAD = "customers had a reply within the hour where the reminder left at once: as far as this tells, it"
_EXCEPT = "Never a newcomer's, an urgent one, nor any later reminder."


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialArm:
    """The customers whose first reminder left at once, or later: `soon` are those who had a personal reply before the later ones
    left, `within_hour` those who had one within an hour of when the reminder was to leave. `times` are the seconds from then to
    the first personal reply, of all of them; infinite where there is none."""

    soon: Share
    within_hour: Share
    times: tuple[Seconds, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialReport:
    """A trial as of `now`, with what came of those whose hour is over."""

    trial: DelayTrial
    now: Instant
    at_once: TrialArm
    later: TrialArm


def running_line(trial: DelayTrial, zone: tzinfo, now: Instant) -> Spans:
    """What the team is told while a trial runs."""
    day = say_date(trial.until, zone, now)
    return (Plain(f"A trial runs until {day}, by "), PersonName(trial.by), Plain(f": {_WHAT}. {_EXCEPT}"))


def chosen(trial: DelayTrial | None, now: Instant) -> Spans:
    """How things are, for who asks."""
    if trial is None:
        return (Plain("No trial runs: every first reminder leaves at its time."),)
    if trial.runs_at(now):
        by: Spans = (Plain(", by "), PersonName(trial.by))
        return (Plain("A trial runs until "), Timestamp(trial.until), *by, Plain(f": {_WHAT}. {_EXCEPT}"))
    return (Plain("No trial runs. The last one ended "), Timestamp(trial.until), Plain("."))


def trial_report(report: TrialReport) -> View:
    """With and without: how many, how many had a reply, and whether that can be told from chance."""
    now, trial = report.now, report.trial
    head = f"The trial of first reminders, {'so far' if trial.runs_at(now) else 'which is over'}"
    rows: list[tuple[str, Spans]] = [
        ("reminded at once", (Plain(_arm(report.at_once)),)),
        (f"reminded {_MINUTES} min later", (Plain(_arm(report.later)),)),
    ]
    if _enough(report):
        one, other = report.at_once, report.later
        rows += [
            (f"difference by {_MINUTES} min", (Plain(_apart(one.soon, other.soon)),)),
            ("difference by an hour", (Plain(_apart(one.within_hour, other.within_hour)),)),
        ]
    nodes: list[Node] = [Heading(head), Fields(tuple(rows)), SmallPrint((Plain(verdict(report)),))]
    return View(nodes=tuple(nodes), fallback=f"{head}: {verdict(report)}")


def verdict(report: TrialReport) -> str:
    """What can be told, in a sentence."""
    if not _enough(report):
        few = min(report.at_once.within_hour.of, report.later.within_hour.of)
        return f"Too few to say whether reminders help: {few} on the smaller side."
    limits = difference(report.at_once.within_hour, report.later.within_hour)
    if limits.low > 0:
        return f"More {_HAD} helped."
    if limits.high < 0:
        return f"Fewer {_HAD} didn't help."
    return "This may be chance: it can't be told whether reminders help."


def _enough(report: TrialReport) -> bool:
    return report.at_once.within_hour.known and report.later.within_hour.known


def _arm(arm: TrialArm) -> str:
    share = arm.within_hour
    if not share.of:
        return "nobody yet"
    if not share.known:
        return f"{share.of} customers: too few to say more"
    half = percentile(arm.times, 0.5)
    median = f"half within {span_of(half)}" if half is not None and half != float("inf") else "fewer than half had one at all"
    within = f"{share.number} of {share.of} had a personal reply within an hour"
    return f"{within} ({share.part:.0%}, likely {percent(share.limits())}), {median}"


def _apart(one: Share, other: Share) -> str:
    limits = difference(one, other)
    low, high = round(100 * limits.low), round(100 * limits.high)
    return f"{round(100 * (one.part - other.part)):+} points, likely {low:+} to {high:+}"
