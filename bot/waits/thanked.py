"""Whom a customer thanks, and whether they do: a member who replied to them personally, never another customer. What isn't sure
is no thanks: better one that isn't passed on than one that wasn't meant.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from bot.domain.durations import DAY, Seconds
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import SaveMessage, SaveWait, Write
from bot.language.thanks import shipped_gratitude
from bot.waits.channel_state import ChannelState, same_place

LATELY: Final[Seconds] = 2 * DAY
"""How long after a reply somebody still thanks for it without saying whom."""

_THANKS: Final = Cue.THANKS.value
_NEVER: Final = (Cue.CONTRAST | Cue.WAITING | Cue.BUMP | Cue.UNCOVERED | Cue.PASSED_ON | Cue.QUOTE).value
"""With these it is no thanks for sure: "thanks, but ...", "still waiting, thanks"."""

_GLAD: Final = (Cue.SOLVED | Cue.PRAISE).value
_ELSE: Final = (
    Cue.PROBLEM
    | Cue.NEGATION
    | Cue.QUESTION_MARK
    | Cue.ENDS_ASKING
    | Cue.ASK_START
    | Cue.REQUEST
    | Cue.HELP
    | Cue.WANT
    | Cue.URGENT
).value
"""Nor with these, unless it says that it was solved, or praises: "thanks, please look again"."""


def as_decided(message: str, writes: Iterable[Write]) -> tuple[MessageRecord | None, dict[str, Wait]]:
    """A message as it was decided on, and the waits that the decision changed, by id."""
    seen: MessageRecord | None = None
    waits: dict[str, Wait] = {}
    for write in writes:
        if isinstance(write, SaveMessage) and write.seen.id == message:
            seen = write.seen
        elif isinstance(write, SaveWait):
            waits[write.wait.id] = write.wait
    return seen, waits


def may_thank(seen: MessageRecord) -> bool:
    """Whether a message has the cue for thanks at all."""
    return seen.role is Role.CUSTOMER and bool(seen.reading.cues & _THANKS)


def thanked(state: ChannelState, message: Message, seen: MessageRecord, changed: Mapping[str, Wait]) -> tuple[str, ...]:
    """The members whom a customer thanks in a message that may thank, in no particular order; nobody where that isn't sure.
    `changed` are the waits as the message leaves them."""
    cues = seen.reading.cues
    if cues & _NEVER or (cues & _ELSE and not cues & _GLAD) or not shipped_gratitude().is_meant(message.text):
        return ()
    waits = _waits(state, seen, changed)
    to = _spoken_to(state, message, seen)
    if to is not None:
        if not to or not to <= state.team.members:
            return ()  # to another customer, or among others to one
        helped = {reply.by for wait in waits for reply in _personal(wait, seen)}
        return tuple(sorted(to & (helped | _replied_at(state, seen))))
    here = [(wait, replies[-1]) for wait in waits if same_place(wait, message) and (replies := _before(wait, seen))]
    if not here:
        return ()
    wait, last = max(here, key=lambda one: one[1].at)
    if last.kind is not ReplyKind.PERSONAL or wait.state is WaitState.HELPED or last.by not in state.team.members:
        return ()
    if _others_since(state, wait, last, seen):
        return ()
    return (last.by,)


def _waits(state: ChannelState, seen: MessageRecord, changed: Mapping[str, Wait]) -> list[Wait]:
    """The author's waits that are known here, as the message leaves them."""
    known = {wait.id: wait for wait in (*state.waits_of(seen.author), *state.ended_waits()) if wait.customer == seen.author}
    return [*(known | {id: wait for id, wait in changed.items() if wait.customer == seen.author}).values()]


def _before(wait: Wait, seen: MessageRecord) -> list[Reply]:
    return sorted((one for one in wait.replies if seen.at - LATELY <= one.at <= seen.at), key=lambda one: one.at)


def _personal(wait: Wait, seen: MessageRecord) -> list[Reply]:
    return [reply for reply in _before(wait, seen) if reply.kind is ReplyKind.PERSONAL]


def _spoken_to(state: ChannelState, message: Message, seen: MessageRecord) -> frozenset[str] | None:
    """Whom a message speaks to, as far as it or its platform says so; None where neither does."""
    named = {*message.mentions, *(person for person, _ in seen.reading.addressed)} - {seen.author}
    if named:
        return frozenset(named)
    to = None if message.reply_to is None else state.window.get(message.reply_to)
    if to is not None and to.author != seen.author:
        return frozenset({to.author} if to.role is Role.MEMBER else ())
    return None


def _replied_at(state: ChannelState, seen: MessageRecord) -> set[str]:
    """The member to whose personal reply, to whomever it was, the message replies by its platform's own reference."""
    if seen.reply_to is None:
        return set()
    replies = (reply for wait in state.waits_with(seen.reply_to) for reply in wait.replies if reply.message == seen.reply_to)
    return {reply.by for reply in replies if reply.kind is ReplyKind.PERSONAL}


def _others_since(state: ChannelState, wait: Wait, last: Reply, seen: MessageRecord) -> bool:
    """Whether somebody else wrote since the last reply what the thanks may be for: in a thread anything; else what asks nothing
    of the team, and answers nobody else."""
    for one in state.window.before(seen.at, seen.id):
        if one.id == last.message or one.at < last.at:
            return False
        if one.role is Role.APP or one.author in (seen.author, last.by):
            continue
        if one.reply_to in wait.messages or one.reading.names(seen.author) > 0:
            return True
        if one.thread == seen.thread and (one.thread is not None or not (one.wait or one.answers)):
            return True
    return False
