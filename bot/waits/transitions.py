"""How a wait takes a reply, ends, and comes back: the writes for each."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from bot.domain.durations import Instant
from bot.domain.waits import (
    ANSWERING,
    MOST_LET_GO,
    Displaced,
    Hold,
    HoldKind,
    LetGo,
    Reply,
    ReplyKind,
    Wait,
    WaitState,
)
from bot.domain.writes import BlankText, DropReminder, SaveExchange, SaveWait, SetReminder, Write
from bot.waits import acquaintance, asked, holds, ladder, ownership
from bot.waits.channel_state import ChannelState


def end(wait: Wait, how: WaitState, at: Instant) -> list[Write]:
    """End a wait: its kept text is blanked and its pending reminder withdrawn. It never ends before it opened."""
    ended = replace(wait, state=how, ended_at=max(at, wait.opened_at), hold=None, possible_answer=None, insisted=None, let_go=())
    return [SaveWait(wait=ended), BlankText(wait=wait.id), DropReminder(wait=wait.id)]


MOST_DISPLACED = 4
"""Acts on a wait, one upon the other, that can be taken back one by one."""


def displaced_by(wait: Wait, by: str, at: Instant) -> Wait:
    """A wait that remembers what it is, as a member is about to claim it, put it off or end it at `at`."""
    at = max(at, wait.opened_at)
    held = wait.as_of(at).hold
    if held is not None and holds.is_passing(held):
        held = None
    earlier = _taking_back(wait, None if held is None else held.since)
    was = Displaced(
        at=at,
        hold=held,
        owner=wait.owner,
        owner_reason=wait.owner_reason,
        ladder_start=wait.ladder_start,
        passed=by in wait.not_me,
        earlier=_no_deeper(earlier, MOST_DISPLACED - 1),
    )
    return replace(wait, displaced=was)


def let_go_by(wait: Wait, by: str, how: Literal["unclaim", "unsnooze", "not_me"], at: Instant) -> tuple[LetGo, ...]:
    """Who let a wait go, when a member does so by their word at `at`: it may be as it is now again."""
    was = Displaced(
        at=at,
        hold=wait.as_of(at).hold,
        owner=wait.owner,
        owner_reason=wait.owner_reason,
        ladder_start=wait.ladder_start,
        passed=by in wait.not_me,
        earlier=wait.displaced,
    )
    return (*wait.let_go, LetGo(by=by, how=how, was=was))[-MOST_LET_GO:]


def letting_go(writes: list[Write], let_go: tuple[LetGo, ...]) -> list[Write]:
    """The writes of an act, which remember who let the wait go."""
    return [replace(one, wait=replace(one.wait, let_go=let_go)) if isinstance(one, SaveWait) else one for one in writes]


def _taking_back(wait: Wait, at: Instant | None) -> Displaced | None:
    """What the act at `at` took the place of, if that is known."""
    return wait.displaced if wait.displaced is not None and wait.displaced.at == at else None


def _no_deeper(was: Displaced | None, most: int) -> Displaced | None:
    if was is None or not most:
        return None
    return replace(was, earlier=_no_deeper(was.earlier, most - 1))


def _still_held(wait: Wait, was: Displaced, at: Instant) -> Hold | None:
    """What held a wait before, if that still would: it runs, and who is on it hasn't passed the wait on since."""
    held = None if was.hold is None or was.hold.until <= at else was.hold
    return None if held is not None and held.by in wait.not_me and holds.is_on_it(held) else held


def hold(
    state: ChannelState, wait: Wait, kind: HoldKind, *, by: str, since: Instant, until: Instant, noted: bool = False
) -> list[Write]:
    """Let the ladder stand still until `until`; then its first rung falls due (every hold expires into the ladder)."""
    held = replace(
        wait,
        hold=Hold(kind=kind, since=since, until=until, by=by, noted=noted),
        insisted=None,
        ladder_start=ladder.restart(wait, state.rules, until),
    )
    return save_and_schedule(state, held, since)


def release(state: ChannelState, wait: Wait, at: Instant) -> list[Write]:
    """Take a hold back: the wait is as it was before, if that is known, else the ladder goes on as if the hold hadn't been there;
    but no reminder comes before `at`."""
    was = _taking_back(wait, None if wait.hold is None else wait.hold.since)
    if was is not None and wait.hold is not None:
        return _given_back(state, wait, wait.hold.by, was, at)
    return save_and_schedule(state, replace(wait, hold=None, ladder_start=wait.opened_at), at)


def spared(state: ChannelState, writes: list[Write], by: str, at: Instant) -> list[Write]:
    """The writes of what a member took back just now: a rung that would be for them alone comes a rung's span later, as if they
    had been asked at `at`. They know."""
    saved = next((write.wait for write in writes if isinstance(write, SaveWait)), None)
    if saved is None or saved.hold is not None:
        return writes

    def later(write: Write) -> Write:
        if not isinstance(write, SetReminder) or write.due_at > at:  # what is still to come keeps its time
            return write
        if ladder.recipients(saved, state.rules, state.team, step=write.step) != (by,):
            return write
        return replace(write, due_at=max(write.due_at, at + ladder.span(saved, state.rules, write.step)))

    return [later(write) for write in writes]


def _given_back(state: ChannelState, wait: Wait, by: str, was: Displaced, at: Instant) -> list[Write]:
    passed = replace(wait, not_me=(*wait.not_me, by)) if was.passed and by not in wait.not_me else wait
    held = _still_held(passed, was, at)
    theirs = was.owner_reason == "claimed" or (was.owner_reason == "assigned" and wait.handed is not None)
    restored = replace(
        passed,
        hold=held,
        owner=was.owner if theirs else None,
        owner_reason=was.owner_reason if theirs else "team",
        ladder_start=wait.opened_at if held is None and was.hold is not None else was.ladder_start,
        displaced=was.earlier,
    )
    return save_and_schedule(state, restored, at)


def unclaim(state: ChannelState, wait: Wait, at: Instant) -> list[Write]:
    """Take it back that somebody is on it, as if they hadn't said so: what was handed to a member is theirs again, else the owner
    is chosen anew."""
    was = _taking_back(wait, None if wait.hold is None else wait.hold.since)
    if was is not None:
        return release(state, wait, at)
    handed = wait.handed
    if handed is None or handed.to in wait.not_me:
        return release(state, replace(wait, owner=None, owner_reason="team"), at)
    start = ladder.restart(wait, state.rules, handed.at)
    theirs = replace(wait, owner=handed.to, owner_reason="assigned", hold=None, ladder_start=start)
    return save_and_schedule(state, theirs, at)


def retake(state: ChannelState, wait: Wait, let_go: LetGo, at: Instant) -> list[Write]:
    """Take it back that a member let a wait go: what held it holds it again, if it still would, and whose it was by somebody's
    word it is again."""
    was, by = let_go.was, let_go.by
    passed = wait.not_me if was.passed else tuple(member for member in wait.not_me if member != by)
    others = tuple(one for one in wait.let_go if one != let_go)
    again = replace(wait, not_me=passed, let_go=others)
    held = _still_held(again, was, at)
    if held is not None:
        again = replace(again, hold=held, ladder_start=was.ladder_start, displaced=was.earlier)
    theirs = was.owner_reason in ("claimed", "assigned") and was.owner not in again.not_me
    if theirs and (held is not None or let_go.how == "not_me"):
        again = replace(again, owner=was.owner, owner_reason=was.owner_reason)
    if let_go.how == "not_me" and held is None and asked.last_taken(again, state.sent) is not None:
        return save(state, again, at)  # the steps taken are done, whoever knows of it again
    return save_and_schedule(state, again, at)


def is_retaken(wait: Wait, let_go: LetGo, at: Instant) -> bool:
    """Whether taking it back that a member let a wait go would change anything at `at`: nothing newer holds it, and it isn't
    somebody's by a newer word."""
    was = let_go.was
    held = wait.as_of(at).hold
    if held is not None and held.since >= was.at:
        return False
    if wait.handed is not None and wait.handed.at >= was.at:
        return False
    if let_go.how == "not_me":
        return let_go.by in wait.not_me
    return _still_held(wait, was, at) is not None


def save_and_schedule(state: ChannelState, wait: Wait, at: Instant) -> list[Write]:
    """Save an open wait with the owner it has now, and its first reminder."""
    owner, reason = ownership.choose(state, wait, at)
    wait = replace(wait, owner=owner, owner_reason=reason)
    return [SaveWait(wait=wait), *ladder.schedule(wait, state.rules, now=at)]


def pass_on(state: ChannelState, wait: Wait, by: str, at: Instant, *, handed: bool) -> list[Write]:
    """Save an open wait that a member passes on, and ask somebody else where they alone were asked: on the rung that was theirs,
    since those that left before it are done. Where others know of it, or they weren't asked at all, its reminder stays when it
    is. `handed`: it was handed to them."""
    taken = asked.last_taken(wait, state.sent)
    if taken is None or (handed and by not in taken.to):
        return save_and_schedule(state, wait, at)
    saved = save(state, wait, at)
    if by not in taken.to or any(member not in wait.not_me for member in taken.to):
        return saved
    return [*saved, *ladder.again(wait, state.rules, step=taken.step, at=at)]


def save(state: ChannelState, wait: Wait, at: Instant) -> list[Write]:
    """Save an open wait with the owner it has now; its reminder stays when it is."""
    owner, reason = ownership.choose(state, wait, at)
    return [SaveWait(wait=replace(wait, owner=owner, owner_reason=reason))]


def take_reply(state: ChannelState, wait: Wait, reply: Reply, *, until: Instant | None, helped: bool = False) -> list[Write]:
    """A human reply to this wait: personal and clarifying ones end it, the others hold it until `until`.

    A reply that lies before one already known takes its place in time. A wait that has ended learns of the reply and
    stays ended (at the earlier instant, if this one would have ended it).
    """
    if reply.kind is ReplyKind.PROMISE:
        reply = replace(reply, until=until)
    known = (*wait.replies, reply)
    replied = replace(wait, replies=tuple(sorted(known, key=lambda r: (r.at, r.message))), possible_answer=None)
    writes: list[Write] = []
    if not helped:
        writes.append(exchange(state, member=reply.by, customer=wait.customer, at=reply.at))
    if reply.kind in ANSWERING:
        if wait.ended_at is not None and wait.ended_at <= reply.at:
            return [*writes, SaveWait(wait=replied)]
        return [*writes, *end(replied, WaitState.HELPED if helped else WaitState.ANSWERED, reply.at)]
    if not wait.open or until is None or not holds.gives_way(wait.hold, reply.kind, reply.at) or _points_again(wait, reply):
        return [*writes, SaveWait(wait=replied)]
    return [*writes, *hold(state, replied, holds.BY_REPLY[reply.kind], by=reply.by, since=reply.at, until=until)]


def _points_again(wait: Wait, reply: Reply) -> bool:
    """Whether a reply points a customer elsewhere who was pointed there before, and wasn't answered since: that keeps nothing
    quiet, or a question could be put off so for ever."""
    if reply.kind is not ReplyKind.REDIRECT:
        return False
    last = next((known for known in reversed(wait.replies) if known.kind in ANSWERING or known.kind is reply.kind), None)
    return last is not None and last.kind is reply.kind


def reopen(state: ChannelState, wait: Wait, at: Instant, *, ladder_from: Instant | None = None) -> list[Write]:
    """The wait isn't over after all. Its clock goes on from its own opening; its reminder comes no earlier than `at`. Its ladder
    goes on, too, or begins anew at `ladder_from`. Where a member's word ended it, what held it then holds it again."""
    rungs = wait.opened_at if ladder_from is None else ladder_from
    was = _taking_back(wait, wait.ended_at)
    held = None if was is None else _still_held(wait, was, at)
    again = replace(wait, state=WaitState.WAITING, ended_at=None, hold=held, marked_by=None, ladder_start=rungs, displaced=None)
    again = replace(again, by_thread=False, in_private=False, by_channel=False)
    if was is not None and held is not None:
        again = replace(again, ladder_start=was.ladder_start, displaced=was.earlier)
    return save_and_schedule(state, again, at)


def exchange(state: ChannelState, *, member: str, customer: str, at: Instant) -> SaveExchange:
    """One more exchange between a member and a customer."""
    known = state.acquainted.get(customer, {}).get((state.key, member))
    return SaveExchange(
        channel=state.key, member=member, customer=customer, strength=acquaintance.after_exchange(known, at), at=at
    )
