"""The bot's own record: how often its reminders were of use, and how often they were wrong. Sums, never by member.

What is of few is said to be of few.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.shares import Limits, Share
from bot.domain.views import Fields, Heading, Node, Plain, SmallPrint, Spans, View
from bot.wording.phrases import channel, count

_LIKELY = (
    "“Likely” is where the true share lies, 19 times in 20. That a reply followed a reminder doesn't say that it came of it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MovedThreshold:
    """How a channel's threshold moved by what members marked: `less` is asked there, or more; and what was marked."""

    less: bool
    needless: int
    overlooked: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnRecord:
    """The record of the last `days` days. `heeded`: of the reminders that left and whose hour is over, those that a member's
    reply followed within it (or their word that there was one). `about`: the customers' waits they were about. `needless`: of the
    waits that anybody was reminded of, those that a member said need no reply. `overlooked`: of all waits, those that a member
    had to mark. `moved`: the threshold of the one channel that is asked about."""

    days: int
    heeded: Share
    about: int
    needless: Share
    overlooked: Share
    moved: MovedThreshold | None = None


def own_record(record: OwnRecord, *, channel_name: str | None = None) -> View:
    """The record, with how sure its figures are."""
    place = "" if channel_name is None else f" in {channel(channel_name)}"
    head = f"My own record{place}, in the last {count(record.days, 'day')}"
    moved = () if record.moved is None else (SmallPrint((Plain(moved_line(record.moved)),)),)
    if not record.needless.of and not record.overlooked.of:
        nothing = f"{head}: no reminder left."
        return View(nodes=(Heading(head), Fields((("reminders", (Plain("none left"),)),)), *moved), fallback=nothing)
    rows: list[tuple[str, Spans]] = [
        ("a reply within an hour", _of("reminders", record.heeded, independent=record.about)),
        ("needed no reply", _of("customers I reminded of", record.needless)),
    ]
    rows.append(("overlooked until you marked it", _of("questions", record.overlooked)))
    nodes: list[Node] = [Heading(head), Fields(tuple(rows)), *moved]
    if record.heeded.known or record.needless.known or record.overlooked.known:
        nodes.append(SmallPrint((Plain(_LIKELY),)))
    return View(nodes=tuple(nodes), fallback=f"{head}: {_said(record.heeded, 'reminders')} had a reply within an hour")


def moved_line(moved: MovedThreshold) -> str:
    """That a channel's threshold moved, and by what."""
    marked = [f"{moved.needless} marked needless"] if moved.needless else []
    marked += [f"{moved.overlooked} marked overlooked"] if moved.overlooked else []
    return f"I ask a little {'less' if moved.less else 'more'} here: {' and '.join(marked)} by the team."


def percent(limits: Limits) -> str:
    """ "46 to 72%"."""
    low, high = round(100 * limits.low), round(100 * limits.high)
    return f"{low} to {high}%" if low != high else f"{low}%"


def _said(share: Share, what: str) -> str:
    return f"{share.number} of {share.of} {what}"


def _of(what: str, share: Share, *, independent: int | None = None) -> Spans:
    if not share.of:
        return (Plain(f"none of the {what} to count yet"),)
    if not share.known:
        return (Plain(f"{_said(share, what)}: too few to say more"),)
    return (Plain(f"{_said(share, what)} ({share.part:.0%}, likely {percent(share.limits(independent))})"),)
