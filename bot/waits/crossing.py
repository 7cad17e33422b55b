"""Questions that cross: a member answers the first while the customer writes the second. The second is still open then.

Nobody reads a question, and writes an answer to it, in a second or two. Where a burst holds two questions about different things,
and the answer comes before its writer can have seen the second, that one becomes a wait of its own.
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

REFERRED: Seconds = 60.0
"""The same for a reply that refers to an earlier message of the burst by thread or reply reference."""

TYPED = 10.0
"""Characters a second: nobody types faster than that."""

ASKS = 0.5
"""Probability of calling for a reply from which a message is a question."""

TELLING = 2
"""Words of content from which a question says what it is about."""

_NO_MATTER_OF_ITS_OWN = (Cue.BUMP | Cue.WAITING | Cue.URGENT).value


def crossed(state: ChannelState, wait: Wait, reply: MessageRecord) -> tuple[str, ...]:
    """The messages at the end of a wait that a reply crossed: a question about something else, and what followed it."""
    if len(wait.messages) < 2:
        return ()
    records = [seen for id in wait.messages if (seen := state.window.get(id)) is not None and seen.at <= reply.at]
    late: list[MessageRecord] = []
    while records and reply.at - records[-1].at <= _span(records, reply):
        late.insert(0, records.pop())
    asked = [seen for seen in late if seen.reply_probability >= ASKS and not seen.reading.cues & _NO_MATTER_OF_ITS_OWN]
    if not asked or not any(seen.reply_probability >= ASKS for seen in records) or len(records) + len(late) < len(wait.messages):
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


def _span(records: list[MessageRecord], reply: MessageRecord) -> Seconds:
    thread = reply.thread if reply.thread != records[-1].thread else None  # where both write, a thread points at neither
    if {reply.reply_to, thread} & {seen.id for seen in records[:-1]}:
        return REFERRED
    return min(MOST, max(LEAST, reply.reading.chars / TYPED))


def _words(records: list[MessageRecord]) -> set[int]:
    return {word for seen in records for word in seen.reading.fingerprints}
