"""What else a message may be: going on with what its author said before, or starting something new. The values of both."""

from __future__ import annotations

from functools import lru_cache, reduce
from math import log1p
from operator import or_

from bot.domain.people import APP
from bot.domain.reading import Cue
from bot.judge.cue_sets import YES_NO
from bot.judge.linear import Values
from bot.judge.peers import features as flag
from bot.judge.peers.conversation import CALLS
from bot.judge.peers.values import PeerMessageContext
from bot.judge.walk import shared_words

ROW = 60
"""Messages for which somebody's own thread counts as alive."""

_UNFINISHED = Cue.UNFINISHED.value
_LOWER = Cue.LOWER_START.value
_STRANGER = Cue.STRANGER.value
_NEW_CUES = (
    (Cue.GREETING.value, flag.NEW_GREETING),
    (Cue.LOWER_START.value, flag.NEW_LOWER),
    (Cue.ACK_START.value, flag.NEW_ACCEPTS),
    (YES_NO, flag.NEW_YES_NO),
    (Cue.LAUGH.value | Cue.SMILE.value, flag.NEW_LAUGHS),
    (Cue.YOU.value, flag.NEW_YOU),
    (Cue.OWN.value, flag.NEW_OWN),
    (Cue.PROBLEM.value, flag.NEW_PROBLEM),
    (Cue.ADVICE.value, flag.NEW_ADVICE),
    (Cue.HELP.value, flag.NEW_HELP),
    (Cue.ASK_START.value, flag.NEW_ASK_START),
    (Cue.LINK.value, flag.NEW_LINK),
    (Cue.COMMAND.value, flag.NEW_COMMAND),
    (_STRANGER, flag.NEW_NAMES_STRANGER),
)


_ALL_NEW = reduce(or_, (bits for bits, _ in _NEW_CUES))


@lru_cache(maxsize=4096)
def _new_cues(cues: int) -> list[int]:
    """The flags of a message that starts something, by its cues. Most messages have one of few sets of them."""
    return [place for bits, place in _NEW_CUES if cues & bits]


def own(context: PeerMessageContext) -> Values | None:
    """The values of "goes on with what its author said before"; None when that lies too far back."""
    me, conversation, cues, shape, seen = context.me, context.conversation, context.cues, context.shape, context.seen
    if me is None or me.last is None or context.since_me > ROW:
        return None
    last = me.last
    flags = [flag.OWN_BIAS, flag.OWN_SHAPE + shape]
    add = flags.append
    gap = context.since_me
    if gap <= 7:
        add((flag.OWN_JUST, flag.OWN_ONE, flag.OWN_TWO, flag.OWN_TWO, *(flag.OWN_SEVEN,) * 4)[gap])
    if context.top:
        add(flag.OWN_NAMES_1 - 1 + context.top)
        if context.partner in context.named:
            add(flag.OWN_NAMES_PARTNER)
    if cues & _STRANGER:
        add(flag.OWN_NAMES_STRANGER)
    if conversation.last is not None and conversation.last.author == seen.author:
        add(flag.OWN_LAST_SHAPE + shape)
    if me.by_n > me.last_n:
        add(flag.OWN_TOLD_SHAPE + shape)
    if last.reply_probability >= CALLS:
        add(flag.OWN_LAST_CALLS)
    if last.reading.cues & _UNFINISHED:
        add(flag.OWN_LAST_UNFINISHED)
    if last.reading.addressed or last.reading.cues & _STRANGER:
        add(flag.OWN_LAST_NAMES)
    if cues & _LOWER:
        add(flag.OWN_LOWER)
    if context.partner is None:
        add(flag.OWN_NO_PARTNER)
    elif context.partner_gap <= 1:
        add(flag.OWN_PARTNER_JUST)
    if me.asked is not None and me.asked_n == me.last_n:
        add(flag.OWN_GOES_ON_QUESTION)
    if me.row > 1:
        add(flag.OWN_ROW)
    prints = context.prints
    shared = shared_words(prints, (last, me.before)) if prints else ()
    question = prints.intersection(me.asked.reading.fingerprints) if prints and me.asked is not None else ()
    return [
        log1p(gap) / 3.0,
        log1p(max(seen.at - last.at, 0.0) / 60.0) / 2.0,
        log1p(seen.reading.rest) / 3.0,
        seen.reply_probability,
        min(sum(conversation.rarities(shared)), 3.0) / 2.0 if shared else 0.0,
        min(sum(conversation.rarities(question)), 3.0) / 2.0 if question else 0.0,
    ], flags


def nobody(context: PeerMessageContext, common: float, alone: bool) -> Values:
    """The values of "starts something new". `common`: the words shared with anybody at most; `alone`: no candidates."""
    me, cues, shape, seen, conversation = context.me, context.cues, context.shape, context.seen, context.conversation
    flags = [flag.NEW_BIAS, flag.NEW_SHAPE + shape]
    add = flags.append
    if context.top:
        add(flag.NEW_NAMES_1 - 1 + context.top)
    gap, minutes = 0.0, 0.0
    if me is None or me.last is None:
        add(flag.NEW_HERE)
        add(flag.NEW_HERE_SHAPE + shape)
    else:
        gap = log1p(context.since_me) / 4.0
        minutes = log1p(max(seen.at - me.last.at, 0.0) / 60.0) / 3.0
        if me.by_n > me.last_n:
            add(flag.NEW_TOLD)
        if context.since_me <= 5:
            add(flag.NEW_JUST)
    flags += _new_cues(cues & _ALL_NEW)
    if alone:
        add(flag.NEW_NOBODY)
    if conversation.last is not None and conversation.last.role is APP:
        add(flag.NEW_BOT_LAST)
    if context.untold:
        add(flag.NEW_UNTOLD_SHAPE + shape)
    reading = seen.reading
    return [
        seen.reply_probability,
        log1p(reading.rest) / 3.0,
        log1p(reading.chars) / 5.0,
        context.habit if not context.top else 0.0,
        gap,
        minutes,
        1.0 - context.partner_gap / 20.0 if context.partner_gap < 20 else 0.0,
        common / 2.0,
    ], flags
