"""A message for everybody: "Hi all, it's fixed", or the news that what several people reported is over. Whose waits is it for?

An outage brings several reports within minutes, in words of their own: one speaks of the site, one of the login, one says "here
as well". So a wait is among those meant when it shares words with the message, tells of trouble, or shares words with one that
came in the same hour. A question about something else goes on waiting.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.people import MEMBER
from bot.domain.reading import Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.conversation import Conversation

SAME_TROUBLE: Seconds = 3600.0
"""How long after each other reports of one trouble come, in seconds."""

OWN_MATTER: Seconds = 60.0
"""News this soon after this member's last message belong to what they are talking about, unless they are said to be for all."""

_EVERYBODY = Cue.EVERYBODY.value
_NEWS = Cue.NEWS.value
_ANNOUNCES = Cue.ANNOUNCES.value
_SOLVED = Cue.SOLVED.value
_ADDRESSES = (
    Cue.GREETING.value | Cue.CALLS_TEAM.value | _NEWS | _SOLVED | Cue.APOLOGY.value | Cue.LATE.value | Cue.URGENT.value
    | Cue.HOLDING.value | Cue.PROMISE.value
)  # fmt: skip
"""Beside one of these "everyone" addresses them: "everyone can see it" only speaks about them."""

_PROBLEM = Cue.PROBLEM.value
_ALARM = Cue.URGENT.value | Cue.SAME.value
TELLING = _EVERYBODY | _NEWS
"""A message without one of these is for somebody, or for nobody."""


def waits_meant(seen: MessageRecord, window: Window, conversation: Conversation, waits: Sequence[Wait]) -> list[Wait] | None:
    """The open waits that a message is for all of, none if it is for everybody and about none of them. None: it isn't for
    everybody, as far as it tells."""
    cues = seen.reading.cues
    for_all = bool(cues & _EVERYBODY and cues & _ADDRESSES)
    news = cues & _NEWS and not cues & _ANNOUNCES
    if not (for_all or news) or seen.thread is not None or seen.reply_to is not None or _names_a_customer(seen, conversation):
        return None
    if seen.reading.rest == 0:
        return []  # a greeting to the group
    prints = set(seen.reading.fingerprints)
    reports = [(wait, *_told(wait, window)) for wait in waits if wait.thread is None and wait.customer != seen.author]
    # That something is over is said to whoever had a problem or shares one; anything else to whom its words are about, and to
    # those who raised the alarm.
    told_to_all = for_all and not cues & _ANNOUNCES
    over = bool(news or (told_to_all and cues & _SOLVED))
    trouble = _ALARM | _PROBLEM if told_to_all and over else _ALARM if told_to_all or over else 0
    found: list[Wait] = []
    for wait, words, told in reports:
        if not prints.isdisjoint(words) or told & trouble or (over and _shared_by_another(wait, words, reports)):
            found.append(wait)
    if for_all:
        return found
    several = len({wait.customer for wait in found}) > 1
    me = conversation.people.get(seen.author)
    goes_on = me is not None and me.last is not None and seen.at - me.last.at <= OWN_MATTER
    return found if several and not goes_on else None


def _told(wait: Wait, window: Window) -> tuple[set[int], int]:
    """The words of a wait, and its cues."""
    words: set[int] = set()
    cues = 0
    for id in wait.messages:
        entry = window.get(id)
        if entry is not None:
            words.update(entry.reading.fingerprints)
            cues |= entry.reading.cues
    return words, cues


def _shared_by_another(wait: Wait, told: set[int], reports: Sequence[tuple[Wait, set[int], int]]) -> bool:
    """Whether another customer reported something in the same words about then."""
    return any(
        other.customer != wait.customer and abs(other.opened_at - wait.opened_at) <= SAME_TROUBLE and not told.isdisjoint(words)
        for other, words, _ in reports
    )


def _names_a_customer(seen: MessageRecord, conversation: Conversation) -> bool:
    people = conversation.people
    return any(
        person != seen.author and ((known := people.get(person)) is None or known.role is not MEMBER)
        for person, _ in seen.reading.addressed
    )
