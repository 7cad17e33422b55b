"""Broadcast: the same message in several channels of customers within a day.

It takes three: the same in two is a question of where it belongs. What replies to somebody isn't one, nor what tells of trouble
or of its end, and a channel in which only the team writes is there for announcements.
"""

from __future__ import annotations

from bot.coaching.noticed import LEAST_WORDS, Noticed, place_of
from bot.domain.durations import DAY, Seconds
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.tips import Tip, TipKind, TipMessage

WITHIN: Seconds = DAY

CHANNELS = 3

MOST_NAMED = 5
"""Messages that a tip leads to, the latest."""


def broadcast(noticed: Noticed) -> Tip | None:
    """The tip that a message gives rise to, if it stands in several channels."""
    seen = noticed.seen
    if not _to_all(seen) or len(seen.reading.fingerprints) < LEAST_WORDS or noticed.tells_trouble:
        return None
    known = noticed.known
    copies = [
        one
        for one in noticed.copies(seen.at - WITHIN)
        if one.channel != noticed.state.key and _to_all(one.message) and one.message.at > known.last_about()
    ]
    by_channel: dict[str, TipMessage] = {one.channel: place_of(one) for one in copies}
    if len(by_channel) + 1 < CHANNELS:
        return None
    of_customers = [place for channel, place in by_channel.items() if known.customer_wrote(channel)]
    if len(of_customers) + 1 < CHANNELS or not known.customer_wrote(noticed.state.key):
        return None
    return Tip(
        kind=TipKind.BROADCAST,
        member=seen.author,
        at=seen.at,
        trigger=message_key(noticed.state.key, seen.id),
        count=len(of_customers) + 1,
        messages=(*sorted(of_customers, key=lambda one: one.at), noticed.place)[-MOST_NAMED:],
    )


def _to_all(seen: MessageRecord) -> bool:
    """Whether a message is for the channel as a whole: it opens something, and replies to nobody."""
    begins = seen.thread is None or seen.thread == seen.id
    return begins and seen.reply_to is None and not seen.answers
