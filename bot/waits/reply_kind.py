"""What kind a member's reply to a wait is: what was judged, and the time that its words promise."""

from __future__ import annotations

from dataclasses import replace

from bot.domain import durations
from bot.domain.context import Context
from bot.domain.durations import Instant
from bot.domain.hours import Hours
from bot.domain.judge import KindJudgement
from bot.domain.messages import Message, MessageRecord
from bot.domain.reading import Cue, Reading
from bot.domain.trace import Trace
from bot.domain.value import value
from bot.domain.waits import ANSWERING, ReplyKind, Wait
from bot.language import promises
from bot.language.pitches import shipped_pitches
from bot.waits import holds
from bot.waits.channel_state import ChannelState

BY_WORD = frozenset({ReplyKind.PROMISE, ReplyKind.HOLDING, ReplyKind.NOTHING})
"""Kinds of replies whose words may say when more will come."""

FEW = 6
"""Words of content up to which a message may be nothing but a time, or after a promise its new one."""

AT_ONCE = 12
"""Characters before the promise of a message that does nothing but promise."""

_TELLS = (Cue.SOLVED | Cue.NEWS | Cue.ADVICE | Cue.LINK | Cue.CODE | Cue.QUESTION_MARK).value

MOST_MESSAGES = 3
"""Messages of a wait, its last ones, that are looked at for what it asks."""

_ASKS_OPENLY = Cue.ASKS_OPENLY.value
_ASKS_WHY = Cue.ASKS_WHY.value
_QUESTION_MARK = Cue.QUESTION_MARK.value
_NEEDS = (Cue.PROBLEM | Cue.OWN | Cue.REQUEST | Cue.HELP | Cue.WANT | Cue.URGENT).value

SHORT = 60
"""Characters up to which a message that seems to answer is searched for a spoken time: "give me ten minutes" promises
something, but an answer of some length that ends in "I'll check again tomorrow" is an answer."""

LONG = 30
"""Words of content from which a message that offers something says more than that."""

_TELLS_BESIDES = (Cue.ADVICE | Cue.SOLVED | Cue.NEWS | Cue.YES_START | Cue.NO_START | Cue.CODE).value
_SAYS_YES_OR_NO = (Cue.YES_START | Cue.NO_START | Cue.CODE).value
"""What "you can upgrade to Pro" begins with, which is advice. (Or it shows code.)"""


@value
class Pitched:
    """The judgement of a reply that offers something, and speaks of nothing that was asked: its writer is asked."""

    kind: ReplyKind
    probability: float
    asked_when: bool
    evidence: tuple[str, ...] = ("it offers something, and speaks of nothing that was asked", "whether it answers is in doubt")
    doubtful: bool = True


def hold_until(
    state: ChannelState, context: Context, kind: ReplyKind, member: str, at: Instant, promised: Instant | None
) -> Instant | None:
    """When the hold of a reply of this kind runs out; None for kinds that hold nothing."""
    holds_as = holds.BY_REPLY.get(kind)
    if holds_as is None:
        return None
    return holds.until(holds_as, state.rules.holds, at, said=promised, hours=context.hours_of(member))


def may_promise(judged: KindJudgement, text: str) -> bool:
    """Whether the words of a reply may say when more will come. A time that was asked for is an answer."""
    if judged.kind in BY_WORD:
        return True
    return judged.kind is ReplyKind.PERSONAL and len(text) <= SHORT and not judged.asked_when


def kind_of_reply(
    state: ChannelState, context: Context, message: Message, seen: MessageRecord, wait: Wait, trace: Trace
) -> tuple[KindJudgement, ReplyKind, Instant | None]:
    """What was judged, the kind that comes of it with the time that was said, and until when that holds the wait."""
    judged: KindJudgement = context.judge.reply_kind(seen, wait, state.window, state.team.members)
    away = judged.kind is ReplyKind.NOTHING and seen.reading.has(Cue.ABSENT)  # "20% off until Friday" seems to tell of absence
    if (judged.kind in ANSWERING or away) and _only_offers(state, context, message, seen, wait):
        judged = Pitched(kind=ReplyKind.PERSONAL, probability=judged.probability, asked_when=judged.asked_when)
    for reason in judged.evidence:
        trace.say(f"  {reason}")
    kind, promised = judged.kind, None
    if kind is ReplyKind.REDIRECT and len(message.text) <= SHORT:
        # "I'll email you the numbers on Thursday" sends nobody elsewhere: what is promised stands first.
        theirs = context.hours_of(seen.author)
        promise = promises.find(message.text, seen.at, theirs.zone, theirs)
        if promise is not None and promise.until is not None and promise.phrase is not None and promise.phrase[0] <= AT_ONCE:
            kind, promised = ReplyKind.PROMISE, promise.until
            trace.say(f"  it promises to write elsewhere in {durations.say(promised - seen.at)}")
    if may_promise(judged, message.text):
        theirs = context.hours_of(seen.author)
        known = kind is ReplyKind.PROMISE
        promise = promises.find(message.text, seen.at, theirs.zone, theirs, promises=known)
        if promise is not None:
            kind, promised = ReplyKind.PROMISE, promise.until
            trace.say("  it promises to come back" + ("" if promised is None else f" in {durations.say(promised - seen.at)}"))
        elif (span := _span(judged, message, seen, theirs)) is not None:
            if _asks_for_a_span(state, wait):
                kind = ReplyKind.PERSONAL
                trace.say("  it says how long, which may be what was asked")
            elif kind is not ReplyKind.HOLDING or span > seen.at + state.rules.holds.holding:  # "5 mins" holds a little longer
                kind, promised = ReplyKind.PROMISE, span
                trace.say("  it says how long it will take")
        elif judged.kind is ReplyKind.PERSONAL and _only_gives_a_time(wait, seen.reading):
            later = promises.put_off(message.text, seen.at, theirs.zone, theirs)
            if later is not None:
                kind, promised = ReplyKind.PROMISE, later.until
                trace.say("  it gives another time for what was promised")
    return judged, kind, hold_until(state, context, kind, seen.author, seen.at, promised)


def _only_offers(state: ChannelState, context: Context, message: Message, seen: MessageRecord, wait: Wait) -> bool:
    """Whether a reply offers something ("Upgrade to Pro now!"), tells nothing besides, and has no word of what was asked, which
    nothing is sold for either."""
    reading = seen.reading
    if reading.rest >= LONG or reading.cues & _SAYS_YES_OR_NO:
        return False
    asked: set[int] = set()
    for id in wait.messages[-MOST_MESSAGES:]:
        entry = state.window.get(id)
        if entry is not None:
            asked.update(entry.reading.fingerprints)
    pitches = shipped_pitches()
    if not asked.isdisjoint(reading.fingerprints) or not pitches.offers(message.text):
        return False

    def read(text: str) -> Reading:
        return context.judge.read(replace(message, text=text, mentions=()), {})

    if any(not asked.isdisjoint(read(words).fingerprints) for words in pitches.asks):
        return False
    return not any(read(each).cues & _TELLS_BESIDES for each in pitches.beside_offers(message.text))


def _span(judged: KindJudgement, message: Message, seen: MessageRecord, hours: Hours) -> Instant | None:
    """When the length of time is over that is all that a reply says, if no time was asked for."""
    if seen.reading.rest > FEW or judged.asked_when:
        return None
    span = promises.span_alone(message.text, seen.at, hours.zone, hours)
    return None if span is None else span.until


def _asks_for_a_span(state: ChannelState, wait: Wait) -> bool:
    """Whether a length of time may be what the customer asked for without asking when: "what's the timeout?", "does the link
    expire?". Not where they asked why or how to, or need something themselves."""
    cues = 0
    for id in wait.messages[-MOST_MESSAGES:]:
        entry = state.window.get(id)
        if entry is not None:
            cues |= entry.reading.cues
    if cues & _ASKS_OPENLY:
        return not cues & _ASKS_WHY
    return bool(cues & _QUESTION_MARK) and not cues & _NEEDS


def _only_gives_a_time(wait: Wait, reading: Reading) -> bool:
    """Whether somebody promised to come back, and a few words may only say when ("it'll be Monday")."""
    promised = bool(wait.replies) and wait.replies[-1].kind is ReplyKind.PROMISE
    return promised and reading.rest <= FEW and not reading.cues & _TELLS
