"""Where the place of a customer's message says more than its words: a file without any, an urgent word while a wait is on hold or
after it was closed by hand, no answer where a member sent them, "same here" after what another customer reports, a mention of a
member and nothing else."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.durations import DAY, HOUR, Instant, Seconds
from bot.domain.judge import Evidence, Judgement
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.domain.value import value
from bot.domain.waits import ReplyKind, Wait, WaitState
from bot.waits.channel_state import ChannelState

FEW = 2
"""Words of content up to which a message with a file says no more than that it is there ("see here", a confused face)."""

LITTLE = 6
"""Words of content up to which "same here, since this morning" says nothing of its own."""

SOON: Seconds = 2 * HOUR
"""How long after a wait was closed by hand an urgent word says that it shouldn't have been."""

TRIED: Seconds = 3 * DAY
"""How long after a wait was closed because its customer was sent elsewhere they may say that nobody answers there."""

SAME_WORDS = 3
SAME_SHARE = 0.6
"""Telling words that two questions share at least, in number and of the longer one, to be the same question."""

ALIKE_SHARE = 0.4
"""Of the longer one: from here on two questions may be the same, however short. (To take those for the same that share two words
ended a wait of the labelled channels wrongly.)"""

FRESH: Seconds = 24 * HOUR
"""How long after its last message a report is what "same here" is said to."""

_FINE = (
    Cue.THANKS | Cue.ACK_START | Cue.YES_START | Cue.NO_START | Cue.SOLVED | Cue.WILL | Cue.LAUGH | Cue.PRAISE | Cue.FAREWELL
    | Cue.WELCOME | Cue.ADVICE
).value  # fmt: skip
"""What says by itself what a message is, with or without a file."""

_NOTHING_ASKED = (Cue.APOLOGY | Cue.ACK_IN).value
_ASKS = (Cue.QUESTION_MARK | Cue.ASK_START | Cue.ASK_IN | Cue.REQUEST | Cue.HELP).value
_URGENT = Cue.URGENT.value
_SAME = Cue.SAME.value
_OVER = (Cue.THANKS | Cue.SOLVED).value
_NO_NEWS = (Cue.BUMP | Cue.WAITING | Cue.NEGATION | Cue.PROBLEM).value
_CONTENT_WITH_IT = (
    Cue.THANKS | Cue.SOLVED | Cue.ACK_START | Cue.ACK_IN | Cue.PRAISE | Cue.WILL | Cue.APOLOGY | Cue.FAREWELL | Cue.LAUGH
).value  # fmt: skip
_BUT = (Cue.CONTRAST | Cue.WAITING).value


@value
class Circumstance:
    """A judgement that rests on one fact, by its name."""

    probability: float
    name: str

    def evidence(self) -> tuple[Evidence, ...]:
        """That fact."""
        return (Evidence(name=self.name, value=1.0, weight=1.0 if self.probability > EVEN else -1.0),)


EVEN = 0.5

SHOWN = Circumstance(probability=0.6, name="files")
"""A file shows something to somebody, and what it wants nobody can tell: worth one question."""

CALLED = Circumstance(probability=0.9, name="calls a member")
URGENT = Circumstance(probability=0.9, name="urgent")
IN_VAIN = Circumstance(probability=0.9, name="elsewhere in vain")
SAME = Circumstance(probability=0.9, name="same")
NOTHING_TO_JOIN = Circumstance(probability=0.02, name="same")


def weigh(state: ChannelState, message: Message, seen: MessageRecord, waits: Sequence[Wait], judgement: Judgement) -> Judgement:
    """The judgement of a customer's message (of whose open waits `waits` holds all), by its circumstances where these say
    more."""
    cues = seen.reading.cues
    if message.files:
        doubtful = judgement.probability < SHOWN.probability and shows_only(message, seen) and _is_for_the_team(state, message)
        if doubtful and not _waits_already(message, waits):
            return SHOWN
    if judgement.probability < CALLED.probability and only_calls(state, message, seen):
        return CALLED
    if cues & _URGENT and judgement.probability < URGENT.probability and not cues & _OVER:
        before = state.last_ended_of(message.author, message.at)
        closed = before is not None and _is_closed_by_hand(before) and message.at - (before.ended_at or 0.0) <= SOON
        if closed or any(wait.customer == message.author and wait.hold is not None for wait in waits):
            return URGENT
    if cues & _NO_NEWS and judgement.probability < IN_VAIN.probability and _was_sent_in_vain(state, message, seen):
        return IN_VAIN
    if cues & _SAME and says_same(seen) and not _waits_already(message, waits):
        if report_of(state, seen) is None:
            return NOTHING_TO_JOIN
        return judgement if judgement.probability >= SAME.probability else SAME
    return judgement


def only_calls(state: ChannelState, message: Message, seen: MessageRecord) -> bool:
    """Whether a message mentions a member and says nothing else, a hello at most: it calls them. After what the team said to
    its author a smile isn't a wave."""
    reading = seen.reading
    if reading.rest or reading.cues & (_FINE | _NOTHING_ASKED) or not any(one in state.team.members for one in message.mentions):
        return False
    if not reading.cues & Cue.SMILE.value or reading.cues & Cue.GREETING.value:
        return True
    return not any(one.author == message.author for one in state.window.before(seen.at, seen.id))


def shows_only(message: Message, seen: MessageRecord) -> bool:
    """Whether a message is a file and little else: hardly a word goes with it."""
    reading = seen.reading
    return message.files > 0 and (reading.wordless or (reading.rest <= FEW and not reading.cues & _FINE))


def says_same(seen: MessageRecord) -> bool:
    """Whether a message says that its author has what somebody else has, and nothing more."""
    reading = seen.reading
    return bool(reading.cues & _SAME) and reading.rest <= LITTLE and not reading.cues & _ASKS


def report_of(state: ChannelState, seen: MessageRecord) -> Wait | None:
    """The wait of another customer that "same here" joins: the one it refers to, else the latest that was open then outside
    threads."""
    found: Wait | None = None
    references = {seen.reply_to, seen.thread} - {None}
    for wait in state.waits.values():
        if wait.customer == seen.author or not _is_open_at(wait, seen.at):
            continue
        refers = bool(references) and not references.isdisjoint((wait.thread, *wait.messages))
        near = not references and wait.thread is None and seen.at - wait.last_message_at <= FRESH
        if (refers or near) and (found is None or wait.opened_at > found.opened_at):
            found = wait
    return found


def sharing(state: ChannelState, wait: Wait) -> list[Wait]:
    """The other open waits that are about the same by their customers' own word: one that this one said "same here" to, and
    those that said so to it."""
    report = joins(state, wait) or wait
    return [other for other in state.near_waits() if other.id != wait.id and (joins(state, other) or other).id == report.id]


def asking_the_same(state: ChannelState, wait: Wait) -> tuple[list[Wait], list[Wait]]:
    """The other open waits, outside threads, whose customers ask in nearly the same words what this one asks, and those who may.
    An answer that names nobody is for all the first, and may be for the others."""
    opening = state.window.get(wait.opening)
    same: list[Wait] = []
    alike: list[Wait] = []
    if opening is None or wait.thread is not None:
        return same, alike
    words = set(opening.reading.fingerprints)
    for other in state.near_waits():
        asked = state.window.get(other.opening)
        if asked is None or other.id == wait.id or other.thread is not None or other.customer == wait.customer:
            continue
        theirs = asked.reading.fingerprints
        shared = len(words.intersection(theirs))
        longer = max(len(words), len(theirs))
        if shared >= SAME_WORDS and shared >= SAME_SHARE * longer:
            same.append(other)
        elif shared and shared >= ALIKE_SHARE * longer:
            alike.append(other)
    return same, alike


def joins(state: ChannelState, wait: Wait) -> Wait | None:
    """The wait of another customer that this one was opened to join, if it was."""
    opening = state.window.get(wait.opening)
    return report_of(state, opening) if opening is not None and says_same(opening) else None


def _is_open_at(wait: Wait, at: Instant) -> bool:
    return wait.opened_at < at and (wait.open or (wait.ended_at is not None and wait.ended_at > at))


def _is_closed_by_hand(wait: Wait) -> bool:
    return wait.state is WaitState.DISMISSED or wait.marked_by is not None


def _was_sent_in_vain(state: ChannelState, message: Message, seen: MessageRecord) -> bool:
    """Whether a customer who was sent elsewhere, and whose wait was closed with that, tells that nothing came of it ("I wrote to
    support and nobody answers")."""
    before = state.last_ended_of(message.author, message.at)
    if before is None or before.marked_by is None or message.at - (before.ended_at or 0.0) > TRIED:
        return False
    if not any(reply.kind is ReplyKind.REDIRECT for reply in before.replies):
        return False
    cues = seen.reading.cues
    return not cues & _CONTENT_WITH_IT or bool(cues & _BUT and not cues & Cue.SOLVED.value)


def _waits_already(message: Message, waits: Sequence[Wait]) -> bool:
    """Whether the author waits because of something else."""
    return any(wait.customer == message.author and message.id not in wait.messages for wait in waits)


def _is_for_the_team(state: ChannelState, message: Message) -> bool:
    """Whether nothing says that a message is for another customer: it neither stands in their thread nor replies to them."""
    for reference in (message.thread, message.reply_to):
        target = state.window.get(reference) if reference is not None else None
        if target is not None and target.role is Role.CUSTOMER and target.author != message.author:
            return False
    return True
