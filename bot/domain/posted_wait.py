"""What our posts say of a wait. When that changes, every post that tells of the wait has to be brought up to date.

This is the one place that knows what "changes" means: storage compares what was stored with what is saved, and whoever posted a
reminder compares what it said with what the wait has become meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Instant
from bot.domain.value import value
from bot.domain.waits import HoldKind, Reply, Wait, WaitState


@value
class PostedWait:
    """A wait as a post tells of it: whether and how it ended, whose it is, what holds it until when and by whom, and which
    message may have answered it."""

    state: WaitState
    owner: str | None
    hold: tuple[HoldKind, Instant, str] | None
    possible_answer: Reply | None


def as_posted(wait: Wait) -> PostedWait:
    """What a post says of a wait. That somebody is typing isn't worth a word: by the time it is read, it is over. Nor does a post
    change because somebody was asked by another."""
    hold, maybe = wait.hold, wait.possible_answer
    return PostedWait(
        state=wait.state,
        owner=wait.owner,
        hold=None if hold is None or hold.kind is HoldKind.TYPING else (hold.kind, hold.until, hold.by),
        possible_answer=replace(maybe, asked=()) if maybe is not None and maybe.asked else maybe,
    )


def changed_at(wait: Wait) -> Instant:
    """The latest instant a wait itself tells of: its posts have been out of date since then, if they are."""
    instants = [wait.last_message_at, *(reply.at for reply in wait.replies)]
    if wait.ended_at is not None:
        instants.append(wait.ended_at)
    if wait.possible_answer is not None:
        instants.append(wait.possible_answer.at)
    if wait.hold is not None:
        instants.append(wait.hold.since)
    return max(instants)
