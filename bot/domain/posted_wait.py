"""What our posts say of a wait. When that changes, every post that tells of the wait has to be brought up to date.

This is the one place that knows what "changes" means: storage compares what was stored with what is saved, and whoever posted a
reminder compares what it said with what the wait has become meanwhile.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Instant, Seconds
from bot.domain.value import value
from bot.domain.waits import FollowUp, Hold, HoldKind, Insistence, Reply, Wait, WaitState

GATHERED: Seconds = 15
"""What a customer writes within so short a time brings a post up to date once: platforms take few updates a minute."""


@value
class PostedWait:
    """A wait as a post tells of it: whether and how it ended, whose it is, what holds it until when and by whom, which message
    may have answered it, which messages its customer has written, whether they ended a hold by asking again, and how it was
    handed over last. Of a snooze also when it was put off: it may be said anew, until the same time, with another note."""

    state: WaitState
    owner: str | None
    hold: tuple[HoldKind, Instant, str, Instant] | None
    possible_answer: Reply | None
    messages: tuple[str, ...]
    insisted: Insistence | None
    went_on: tuple[FollowUp, ...]
    handed: str | None


def as_posted(wait: Wait) -> PostedWait:
    """What a post says of a wait. That somebody is typing isn't worth a word: by the time it is read, it is over. Nor does a post
    change because somebody was asked by another."""
    maybe = wait.possible_answer
    return PostedWait(
        state=wait.state,
        owner=wait.owner,
        hold=_posted_hold(wait.hold),
        possible_answer=replace(maybe, asked=()) if maybe is not None and maybe.asked else maybe,
        messages=wait.messages,
        insisted=wait.insisted,
        went_on=wait.went_on,
        handed=None if wait.handed is None else wait.handed.number,
    )


def _posted_hold(hold: Hold | None) -> tuple[HoldKind, Instant, str, Instant] | None:
    if hold is None or hold.kind is HoldKind.TYPING:
        return None
    return hold.kind, hold.until, hold.by, hold.since if hold.kind is HoldKind.SNOOZE else 0.0


def update_due(before: Wait, after: Wait, *, line: bool) -> Instant | None:
    """When a post that tells of a wait is to be brought up to date, as the wait changes; None where it says what it said. One
    that has only a `line` about it is history: it changes once, when what it said isn't so any more. What a customer goes on
    writing is gathered for a moment: a burst is one update."""
    was, is_ = as_posted(before), as_posted(after)
    if was == is_ or (line and not _is_past(was, is_)):
        return None
    goes_on = replace(was, messages=is_.messages, went_on=is_.went_on) == is_
    return changed_at(after) + (GATHERED if goes_on else 0.0)


def list_update_due(before: Wait, after: Wait) -> Instant | None:
    """The same of a hand-over list: it tells whether and how a wait ended, whose it is and what holds it, and nothing of what its
    customer writes."""
    return changed_at(after) if _in_list(before) != _in_list(after) else None


def _in_list(wait: Wait) -> PostedWait:
    return replace(as_posted(wait), possible_answer=None, messages=(), insisted=None, went_on=())


def _is_past(was: PostedWait, is_: PostedWait) -> bool:
    """Whether a line that was posted when a wait was as it `was` isn't so any more: they don't wait for the moment, or what may
    have answered them is settled, about which it may have asked; or whom it may have told that it was handed to them, it isn't
    any more. Before a promise is due a line leaves although it holds the wait; so does the question to who pointed them
    elsewhere."""
    waited = was.state is WaitState.WAITING and was.hold is None
    waits = is_.state is WaitState.WAITING and is_.hold is None
    promised = was.hold is not None and was.hold[0] in _LINES_LEAVE and was.hold != is_.hold
    handed_on = was.handed is not None and was.handed != is_.handed
    return (
        (waited and not waits)
        or promised
        or handed_on
        or (was.possible_answer is not None and was.possible_answer != is_.possible_answer)
    )


_LINES_LEAVE = frozenset({HoldKind.PROMISE, HoldKind.OUTCOME, HoldKind.REDIRECT})
"""Holds about which somebody may be asked while they last."""


def so_until(wait: Wait, now: Instant) -> Instant | None:
    """Until when a post that says at `now` what holds a wait is so, where nothing happens; None where nothing holds it. A moment
    more than its hold, so that what leaves then is told with it."""
    hold = wait.hold
    if not wait.open or hold is None or hold.kind is HoldKind.TYPING or hold.until <= now:
        return None
    return hold.until + GATHERED


def changed_at(wait: Wait) -> Instant:
    """The latest instant a wait itself tells of: its posts have been out of date since then, if they are."""
    instants = [wait.last_message_at, *(reply.at for reply in wait.replies), *(further.at for further in wait.went_on[-1:])]
    if wait.ended_at is not None:
        instants.append(wait.ended_at)
    if wait.possible_answer is not None:
        instants.append(wait.possible_answer.at)
    if wait.hold is not None:
        instants.append(wait.hold.since)
    if wait.handed is not None:
        instants.append(wait.handed.at)
    return max(instants)
