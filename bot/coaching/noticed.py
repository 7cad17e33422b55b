"""What a tip is decided on: a member's message with what was decided of it, and what storage is asked only where it matters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.context import Context
from bot.domain.durations import Instant
from bot.domain.messages import Message, MessageRecord
from bot.domain.reading import Cue
from bot.domain.tips import SaidBefore, TipMessage
from bot.domain.waits import Wait
from bot.language.personal import load_personal_words
from bot.language.pitches import shipped_pitches
from bot.waits.channel_state import ChannelState

ALIKE = 0.8
"""Share of all content words of two messages that both must have to be called the same. A reply is marked as canned from less on:
a mark changes nothing, a tip is read by somebody."""

LEAST_WORDS = 6
"""Content words a message must have to be compared: people say short things alike without copying them."""


_TROUBLE = (Cue.PROBLEM | Cue.NEWS | Cue.SOLVED | Cue.APOLOGY | Cue.URGENT).value
"""Who tells of trouble, or of its end, tells everybody, and in the same words."""

_DESK = (Cue.RECEIPT | Cue.PASSED_ON | Cue.FORMULAS).value
"""What desks write beside it that they are sorry."""

REGRET_WORDS, REGRET_CONTENT = 14, 6
"""Words of any sort, and of content, that a message may have which only says that one is sorry."""

TEMPLATE_WORDS = 12
"""Words of any sort from which on a receipt is compared by these, too: "your request is important to us" holds hardly one of
content."""

_SAYS_MORE = (Cue.QUESTION_MARK | Cue.ASKS_FOR | Cue.ADVICE | Cue.CODE | Cue.LINK | Cue.IDENTIFIER).value
_EXACT = (Cue.IDENTIFIER | Cue.CODE | Cue.LINK).value


class KnownBefore(Protocol):
    """What storage knows, each asked only where a tip hangs on it."""

    def said(self, since: Instant) -> Sequence[SaidBefore]:
        """What else the member wrote at an instant or later, in whatever channel, oldest first."""
        ...

    def customers_of(self, waits: Sequence[str]) -> Mapping[str, str]:
        """Whose these waits are, by their ids."""
        ...

    def asked_in(self, waits: Sequence[str]) -> Mapping[str, frozenset[int]]:
        """What was asked in these waits, by their ids: the fingerprints of its content words, as far as they are kept."""
        ...

    def customer_wrote(self, channel: str) -> bool:
        """Whether customers write in a channel."""
        ...

    def is_new(self, customer: str) -> bool:
        """Whether nobody on the team has spoken with them before, and they waited at most once."""
        ...

    def last_about(self) -> Instant:
        """When they got a tip of this kind last; 0 where they didn't."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Noticed:
    """A member's message (`message`, as it is kept: `seen`) in its channel, the `waits` it replies to as they are after it, and
    what else is known."""

    state: ChannelState
    context: Context
    message: Message
    seen: MessageRecord
    waits: tuple[Wait, ...]
    known: KnownBefore

    @property
    def words(self) -> frozenset[int]:
        """The fingerprints of its content words."""
        return frozenset(self.seen.reading.fingerprints)

    @property
    def tells_trouble(self) -> bool:
        """Whether it tells of trouble, or of its end. To be sorry as desks are tells of none by itself."""
        cues = self.seen.reading.cues
        told = _TROUBLE
        if self.regrets or cues & _DESK:
            told &= ~(Cue.APOLOGY | Cue.URGENT).value  # "as soon as possible"
        if cues & Cue.ADVICE.value:
            told &= ~Cue.NEWS.value  # "restart it with another network" is none
        return bool(cues & told) or shipped_pitches().tells_trouble(self.message.text)

    @property
    def regrets(self) -> bool:
        """Whether it is sorry as desks are, and not in the writer's own voice."""
        words = load_personal_words()
        return words.regrets(self.message.text) and not words.read(self.message.text).says_i

    @property
    def only_regrets(self) -> bool:
        """Whether that is all it says."""
        return self.seen.reading.words <= REGRET_WORDS and len(self.words) <= REGRET_CONTENT and self.regrets

    @property
    def place(self) -> TipMessage:
        """Where it stands."""
        return TipMessage(channel=self.state.key, id=self.seen.id, at=self.seen.at, thread=self.seen.thread)

    def copies(self, since: Instant) -> list[SaidBefore]:
        """What the member wrote since then in nearly the same words, oldest first. What has another number in it than theirs
        says something else: an order's, a day's, a price."""
        mine, light, sorry = self.words, is_template(self.seen), self.only_regrets
        if len(mine) < LEAST_WORDS and not light and not sorry:
            return []
        return [
            one
            for one in self.known.said(since)
            if one.message.at <= self.seen.at
            and (
                same(mine, one.message)
                or (light and same_template(self.seen, one.message))
                or (sorry and same_regret(self.seen, one.message))
            )
            and not self._has_other_number(one.message)
        ]

    def _has_other_number(self, other: MessageRecord) -> bool:
        if other.reading.cues & _EXACT != self.seen.reading.cues & _EXACT:
            return True
        own = self.words.difference(other.reading.fingerprints)
        return any(map(_has_digit, self.context.judge.words_with(self.message.text, own))) if own else False


def same(words: frozenset[int], other: MessageRecord) -> bool:
    """Whether a message says nearly the same in nearly the same words, or in the same but for one: the name of somebody who never
    spoke here is a word like any other."""
    theirs = other.reading.fingerprints
    if len(theirs) < LEAST_WORDS:
        return False
    common = len(words.intersection(theirs))
    but_one = common >= LEAST_WORDS and max(len(words), len(theirs)) - common <= 1
    return but_one or common >= ALIKE * (len(words) + len(theirs) - common)


def is_template(seen: MessageRecord) -> bool:
    """Whether a message is a receipt of some length: it thanks for a message, and says that somebody will see to it."""
    reading = seen.reading
    return (
        reading.has(Cue.RECEIPT)
        and reading.words >= TEMPLATE_WORDS
        and not reading.cues & (_SAYS_MORE | _TROUBLE & ~Cue.APOLOGY.value)
    )


def same_template(seen: MessageRecord, other: MessageRecord) -> bool:
    """Whether two receipts are the same: of as many words, give or take a name, and with the same ones of content."""
    mine, theirs = seen.reading, other.reading
    return is_template(other) and abs(mine.words - theirs.words) <= 2 and mine.fingerprints == theirs.fingerprints


def same_regret(seen: MessageRecord, other: MessageRecord) -> bool:
    """Whether two messages that only say that one is sorry are the same: of as many words, give or take a name, and with
    the same ones of content."""
    mine, theirs = seen.reading, other.reading
    return bool(mine.fingerprints) and abs(mine.words - theirs.words) <= 2 and set(mine.fingerprints) == set(theirs.fingerprints)


def _has_digit(word: str) -> bool:
    return any(map(str.isdigit, word))


def place_of(said: SaidBefore) -> TipMessage:
    """Where an earlier message stands."""
    message = said.message
    return TipMessage(channel=said.channel, id=message.id, at=message.at, thread=message.thread)
