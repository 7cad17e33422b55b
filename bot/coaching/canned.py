"""Canned: nearly the same words to the third customer within a month.

It is said to somebody where it answers them, or names them by the platform's own mention (a welcome). Only what somebody wrote
themselves counts, and each message for one customer: what answers several who wait at once is one answer. Trouble, and that it is
over, is told to everybody who waits for it in the same words, and isn't counted. Nor is the same answer to the same question: to
customers whose questions have words in common, or whose words the reply takes up; one word may be chance. A receipt says nothing
to any question: that one is counted whatever they asked. Nor does it say anything that one is sorry "for the inconvenience", and
that is compared however short it is.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.coaching.noticed import Noticed, is_template, place_of
from bot.domain.durations import DAY, Seconds
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.reading import MENTIONED, Cue
from bot.domain.tips import Tip, TipKind, TipMessage
from bot.language.personal import load_personal_words

WITHIN: Seconds = 30 * DAY

CUSTOMERS = 3
"""To the second one it may be chance."""

SHARED = 2
"""Words in common from which on it is the same matter; of a question that is shorter than twice that, half are enough."""

MOST_NAMED = 5
"""Messages that a tip leads to, the latest."""

_ASKS_LINK = (Cue.ASKS_FACT | Cue.ASKS_WHERE).value


def canned(noticed: Noticed) -> Tip | None:
    """The tip that a reply gives rise to, if it is the third of its kind."""
    seen, members = noticed.seen, noticed.state.team.members
    customers = {wait.customer for wait in noticed.waits} or set(_named(seen, members))
    replies = [reply for wait in noticed.waits for reply in wait.replies if reply.message == seen.id]
    template = is_template(seen) and not load_personal_words().read(noticed.message.text).says_i
    alike = any(reply.canned for reply in replies) if replies and not template and not noticed.only_regrets else bool(customers)
    if not alike or noticed.tells_trouble:
        return None
    asked = frozenset() if template else _asked(noticed)
    if _speaks_of(noticed.words, asked) or (seen.reading.has(Cue.LINK) and _asks_for_link(noticed)):
        return None  # it speaks of what they asked
    known = noticed.known
    copies = [one for one in noticed.copies(seen.at - WITHIN) if one.message.at > known.last_about()]
    answered = [wait for one in copies for wait in one.message.answers]
    whose = known.customers_of(answered)
    if not template and asked:
        questions = known.asked_in(answered)
        copies = [
            one for one in copies if not any(_meets(asked, noticed.words, questions.get(wait)) for wait in one.message.answers)
        ]
    told: dict[str, TipMessage] = {}
    for one in copies:
        to = [whose[wait] for wait in one.message.answers if wait in whose] or _named(one.message, members)
        first = next((customer for customer in to if customer not in told), None)
        if first is not None:
            told[first] = place_of(one)
    if customers <= told.keys() or len(told) + 1 < CUSTOMERS:
        return None
    return Tip(
        kind=TipKind.CANNED,
        member=seen.author,
        at=seen.at,
        trigger=message_key(noticed.state.key, seen.id),
        count=len(told) + 1,
        messages=(*sorted(told.values(), key=lambda one: one.at), noticed.place)[-MOST_NAMED:],
    )


def _asked(noticed: Noticed) -> frozenset[int]:
    """The content words of what those asked whom the reply answers."""
    return frozenset(word for one in _questions(noticed) for word in one.reading.fingerprints)


def _questions(noticed: Noticed) -> Iterator[MessageRecord]:
    for wait in noticed.waits:
        for id in wait.messages:
            found = noticed.state.window.get(id)
            if found is not None:
                yield found


def _asks_for_link(noticed: Noticed) -> bool:
    """Whether a link may be what was asked for."""
    return any(one.reading.cues & _ASKS_LINK for one in _questions(noticed))


def _meets(asked: frozenset[int], said: frozenset[int], other: frozenset[int] | None) -> bool:
    """Whether an earlier question is like this one, or the reply speaks of it."""
    if other is None:
        return False
    common = asked & other
    return bool(common & said) or _is_much(len(common), min(len(asked), len(other))) or _speaks_of(said, other)


def _speaks_of(said: frozenset[int], asked: frozenset[int]) -> bool:
    """Whether a reply takes up what was asked. One word of many may be chance: "restart the app" meets any question about the
    app."""
    return _is_much(len(said & asked), len(asked))


def _is_much(common: int, of: int) -> bool:
    return common >= SHARED or (common > 0 and common * 2 >= of)


def _named(seen: MessageRecord, members: frozenset[str]) -> list[str]:
    """The customers that a message names by the platform's own mention."""
    return [person for person, strength in seen.reading.addressed if strength >= MENTIONED and person not in members]
