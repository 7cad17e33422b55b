"""The bot's own record, counted from what is stored: the reminders that left, the replies, what members marked."""

from __future__ import annotations

from collections.abc import Collection

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.outgoing import SentReminder
from bot.domain.shares import Share
from bot.domain.thresholds import shift_under
from bot.domain.waits import ANSWERING, Wait, WaitState
from bot.queries.snapshot import Snapshot
from bot.wording.own_record import MovedThreshold, OwnRecord

DAYS = 30
"""The record is of the last month: of less there is seldom enough."""

HEEDED: Seconds = HOUR
"""A reply within this time counts as having followed a reminder."""


def own_record_of(snapshot: Snapshot, *, channel: str | None = None) -> OwnRecord:
    """The record of the last month, in a channel, by its key, or everywhere."""
    now, tx = snapshot.now, snapshot.tx
    since = now - DAYS * DAY
    # A word before a promise is due is no reminder.
    left = [sent for sent in tx.left_since(since) if sent.asking.promised is None]
    waits = {wait.id: wait for wait in tx.waits(list({sent.wait for sent in left})) if _is_asked(snapshot, wait, channel)}
    left = [sent for sent in left if sent.wait in waits]
    over = [sent for sent in left if sent.at <= now - HEEDED]
    needless = _needless(snapshot, waits.values())
    opened = [wait for wait in snapshot.opened_since(since) if channel is None or wait.channel == channel]
    overlooked = sum(wait.opened_by == "member" and wait.state is not WaitState.DISMISSED for wait in opened)
    return OwnRecord(
        days=DAYS,
        heeded=Share(number=sum(_is_heeded(waits[sent.wait], sent) for sent in over), of=len(over)),
        about=len({sent.wait for sent in over}),
        needless=Share(number=needless, of=len(waits)),
        overlooked=Share(number=overlooked, of=len(opened)),
        moved=None if channel is None else moved_threshold(snapshot, channel),
    )


def moved_threshold(snapshot: Snapshot, channel: str) -> MovedThreshold | None:
    """How a channel's threshold moved by what members marked; None where it didn't."""
    corrections = snapshot.tx.corrections(channel)
    rules = snapshot.lookups.preferences.rules_of(channel)
    shift = shift_under(rules, corrections)
    if not shift.log_odds:
        return None
    said = [correction.says for correction in corrections if correction.judged and correction.at >= rules.learns_from]
    return MovedThreshold(less=shift.log_odds > 0, needless=said.count("needs_none"), overlooked=said.count("waits"))


def answered_at(wait: Wait, after: Instant) -> Instant | None:
    """When a member first answered in their own words after an instant, or said that somebody had; None: not yet."""
    replies = [reply.at for reply in wait.replies if reply.kind in ANSWERING and reply.at > after]
    found = [] if wait.state is WaitState.HELPED else replies  # who helped was a customer
    if wait.marked_by is not None and wait.ended_at is not None and wait.ended_at > after:
        found.append(wait.ended_at)
    return min(found, default=None)


def _is_asked(snapshot: Snapshot, wait: Wait, channel: str | None) -> bool:
    return snapshot.shows(wait.channel) and channel in (None, wait.channel)


def _is_heeded(wait: Wait, sent: SentReminder) -> bool:
    until = sent.at + HEEDED
    answered = answered_at(wait, sent.at)
    if answered is not None and answered <= until:
        return True
    return any(reply.kind not in ANSWERING and sent.at < reply.at <= until for reply in wait.replies)


def _needless(snapshot: Snapshot, waits: Collection[Wait]) -> int:
    """How many of them a member said need no reply."""
    said = {
        (correction.channel, correction.message)
        for channel in {wait.channel for wait in waits}
        for correction in snapshot.tx.corrections(channel)
        if correction.says == "needs_none"
    }
    return sum(wait.state is WaitState.DISMISSED or (wait.channel, wait.opening) in said for wait in waits)
