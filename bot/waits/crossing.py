"""Questions that cross: a member answers the first while the customer writes the second. The second is still open then.

Nobody reads a question, and writes an answer to it, in a second or two. Where a burst holds two questions about different things,
and the answer comes before its writer can have seen the second, that one becomes a wait of its own. What was written in one go is
one question, and so is one with what its customer adds to it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.durations import Seconds
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue
from bot.domain.waits import Wait
from bot.domain.writes import KeepText, SaveMessage, SaveWait, Write
from bot.waits import ladder, ownership
from bot.waits.channel_state import ChannelState

LEAST: Seconds = 3.0
MOST: Seconds = 20.0
"""A reply crosses what was written so long before it at most, and so long at least, however short the reply."""

TYPED = 10.0
"""Characters a second: nobody types faster than that."""

IN_ONE_GO: Seconds = 10.0
"""Up to this long after the one before it, a message goes on with it."""

ASKS = 0.5
"""Probability of calling for a reply from which a message is a question."""

TELLING = 2
"""Words of content from which a question says what it is about."""

_ASKS = (Cue.QUESTION_MARK | Cue.ASK_START | Cue.ASK_IN | Cue.REQUEST).value
_NO_MATTER_OF_ITS_OWN = (Cue.BUMP | Cue.WAITING | Cue.URGENT).value


def crossed(state: ChannelState, wait: Wait, reply: MessageRecord) -> tuple[str, ...]:
    """The messages at the end of a wait that a reply crossed: a question about something else, and what followed it."""
    if len(wait.messages) < 2:
        return ()
    records = [seen for id in wait.messages if (seen := state.window.get(id)) is not None and seen.at <= reply.at]
    late: list[MessageRecord] = []
    span = min(MOST, max(LEAST, reply.reading.chars / TYPED))
    while records and reply.at - records[-1].at <= span:
        late.insert(0, records.pop())
    asked = [seen for seen in late if _is_question(seen)]
    if not asked or asked[0].at - (late[: late.index(asked[0])] or records or asked)[-1].at <= IN_ONE_GO:
        return ()
    if not any(seen.reply_probability >= ASKS for seen in records) or len(records) + len(late) < len(wait.messages):
        return ()
    late = late[late.index(asked[0]) :]
    before, after = _words(records), _words(late)
    said = set(reply.reading.fingerprints)
    if len(after) < TELLING or after & before or after & said or {reply.reply_to, reply.thread} & {seen.id for seen in late}:
        return ()
    return tuple(seen.id for seen in late)


def part(state: ChannelState, wait: Wait, late: tuple[str, ...]) -> tuple[Wait, list[Write]]:
    """The wait without its last messages, and the writes that make these a wait of their own. Their words, kept with the wait
    that ends, are read again."""
    records = [seen for id in late if (seen := state.window.get(id)) is not None]
    first, last = records[0], records[-1]
    kept = tuple(id for id in wait.messages if id not in late)
    known = state.window.get(kept[-1])
    shorter = replace(wait, messages=kept, last_message_at=known.at if known is not None else wait.opened_at)
    other = Wait(
        id=message_key(state.key, first.id),
        channel=wait.channel,
        customer=wait.customer,
        thread=wait.thread,
        messages=late,
        opened_at=first.at,
        last_message_at=last.at,
        probability=max(seen.reply_probability for seen in records),
        came_back_from=wait.id,
        named_members=wait.named_members,
        ladder_start=first.at,
    )
    owner, reason = ownership.choose(state, other, first.at)
    other = replace(other, owner=owner, owner_reason=reason)
    writes: list[Write] = [SaveWait(wait=shorter), SaveWait(wait=other)]
    writes += [SaveMessage(channel=state.key, seen=replace(seen, wait=other.id)) for seen in records]
    if state.rules.keep_text:
        writes += [KeepText(wait=other.id, message=seen.id, text="") for seen in records]
    return shorter, [*writes, *ladder.schedule(other, state.rules, now=first.at)]


def _is_question(seen: MessageRecord) -> bool:
    cues = seen.reading.cues
    return seen.reply_probability >= ASKS and bool(cues & _ASKS) and not cues & _NO_MATTER_OF_ITS_OWN


def _words(records: list[MessageRecord]) -> set[int]:
    return {word for seen in records for word in seen.reading.fingerprints}
