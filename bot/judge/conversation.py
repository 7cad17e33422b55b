"""Who has been talking with whom: what the judge derives from a channel's window, kept up as messages come.

Everything here can be worked out again from the window alone, and is when the window changes anywhere but at its end.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import message_of
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import FUZZY, Cue
from bot.domain.window import Window, position
from bot.judge.word_frequency import WordFrequency

GOES_ON: Seconds = 240.0
"""A member who writes again within this time, naming nobody, still speaks to the same person."""

MOST_PEOPLE = 400
"""Voices kept; the window holds 200 messages, so only people who left it are dropped."""

HABIT = 0.15
"""Share of the latest message in a moving average: about the last dozen messages count."""

MOST_WORDS = 20_000
"""Word fingerprints counted per channel before counting starts afresh."""

MOST_OWN_WORDS = 300
"""Word fingerprints remembered of one person."""

MOST_UNLEARNT = 50
"""Messages of a person whose words wait to be gathered: bounds what is kept where nobody ever asks for them."""

RECENT = 10
"""Messages of a person of which is remembered whom they were for."""

ASKS = Cue.QUESTION_MARK.value | Cue.ASKS_FOR.value

# Looking a member of an Enum up costs as much as a small call, and these are asked for many times a message.
_MEMBER, _CUSTOMER = Role.MEMBER, Role.CUSTOMER


class Speaker:
    """One person in a channel: their own last messages and what was said to them.

    `n` counts the channel's messages, so differences are numbers of messages between. `told` is the last member's message
    to this person, `asked` whether the member's messages since this person last spoke hold a question, `peer` the last
    message another customer addressed to them. `partner` is whom they last addressed, at `partner_at`.
    """

    __slots__ = (
        "_words",
        "asked",
        "before",
        "cursor",
        "habit",
        "last",
        "last_n",
        "messages",
        "partner",
        "partner_at",
        "partner_n",
        "partner_role",
        "peer",
        "peer_n",
        "recent",
        "role",
        "told",
        "told_n",
        "told_since",
        "unlearnt",
    )

    def __init__(self, role: Role) -> None:
        self.role = role
        self.last: MessageRecord | None = None
        self.before: MessageRecord | None = None
        self.last_n = -1
        self.messages = 0
        self.told: MessageRecord | None = None
        self.told_n = -1
        self.told_since = 0
        self.asked = False
        self.peer: MessageRecord | None = None
        self.peer_n = -1
        self.habit = 0.5
        """How often this person names somebody in what they write, a moving average."""
        self.partner: str | None = None
        self.partner_at: Instant = 0.0
        self.partner_n = -1
        self.partner_role = _CUSTOMER
        self.recent: list[str] = []
        """Whom the last messages of this person were for."""
        self.unlearnt: list[tuple[int, ...]] = []
        """The word fingerprints of what this person wrote, as far as `words` hasn't gathered them."""
        self._words: set[int] = set()
        self.cursor: Instant = 0.0
        """When the message was written that this member answered last."""

    def words(self) -> set[int]:
        """The word fingerprints of what this person wrote. Gathered when somebody asks: of few voices anybody does."""
        words = self._words
        if self.unlearnt:
            for prints in self.unlearnt:
                if len(words) > MOST_OWN_WORDS:
                    words.clear()
                words.update(prints)
            self.unlearnt.clear()
        return words


class Conversation:
    """The state of the conversations in a window, up to but not including the message being judged."""

    __slots__ = ("customers", "last", "n", "people", "rewrites", "spread", "threaded", "threads", "told")

    def __init__(self, rewrites: int) -> None:
        self.rewrites = rewrites
        self.n = 0
        self.people: dict[str, Speaker] = {}
        self.last: MessageRecord | None = None
        self.threaded = 0.0
        """How often members answer in threads here, a moving average."""
        self.spread = WordFrequency(MOST_WORDS)
        self.threads: dict[str, MessageRecord] = {}
        """The last message of each thread."""
        self.customers: dict[str, None] = {}
        """Customers in the order in which they last spoke, the latest at the end."""
        self.told: dict[str, None] = {}
        """People in the order in which a member last said something to them, the latest at the end."""

    def fits(self, window: Window, place: tuple[Instant, str]) -> bool:
        """Whether this is still what the window says, up to a point before `place`."""
        last = self.last
        return last is None or ((last.at, last.id) < place and window.get(last.id) is last)

    def voice(self, person: str, role: Role) -> Speaker:
        """The person's voice, made when they are new."""
        found = self.people.get(person)
        if found is None:
            if len(self.people) >= MOST_PEOPLE:
                for gone in list(self.people)[: MOST_PEOPLE // 2]:
                    del self.people[gone]
                    self.customers.pop(gone, None)
                    self.told.pop(gone, None)
            found = self.people[person] = Speaker(role)
        return found

    def take(self, seen: MessageRecord, window: Window) -> None:
        """Move on over the next message. (One long function: it runs for every message, and for the whole window again
        whenever something but its end changed.)"""
        self.n += 1
        n = self.n
        at, author, role, thread, reading = seen.at, seen.author, seen.role, seen.thread, seen.reading
        addressed, prints = reading.addressed, reading.fingerprints
        self.spread.add(prints)
        voice = self.people.get(author) or self.voice(author, role)
        voice.role = role
        voice.habit += HABIT * ((1.0 if addressed else 0.0) - voice.habit)
        if role is _MEMBER:
            self.threaded += HABIT * ((1.0 if thread is not None else 0.0) - self.threaded)
        last = voice.last
        if addressed or thread is not None or seen.answers or seen.reply_to is not None:
            partner = self._partner(seen, voice, window)
        else:
            # As `_partner` would: most messages refer to nobody.
            partner = voice.partner if role is _MEMBER and last is not None and at - last.at <= GOES_ON else None
        if partner is not None:
            voice.recent.append(partner)
            if len(voice.recent) > RECENT:
                del voice.recent[0]
            other = self.people.get(partner)
            voice.partner, voice.partner_at, voice.partner_n = partner, at, n
            if other is None:
                voice.partner_role = _CUSTOMER
            else:
                voice.partner_role = other.role
                if role is _MEMBER:
                    if other.last is not None:
                        voice.cursor = other.last.at
                    other.told, other.told_n = seen, n
                    self.told.pop(partner, None)
                    self.told[partner] = None
                    other.told_since += 1
                    other.asked = other.asked or bool(reading.cues & ASKS)
                elif role is _CUSTOMER:
                    other.peer, other.peer_n = seen, n
        voice.before, voice.last, voice.last_n = voice.last, seen, n
        voice.messages += 1
        voice.unlearnt.append(prints)
        if len(voice.unlearnt) > MOST_UNLEARNT:
            voice.words()
        if role is not _MEMBER:
            voice.told_since = 0
            voice.asked = False
            self.customers.pop(author, None)
            self.customers[author] = None
        if thread is not None:
            if len(self.threads) >= MOST_PEOPLE:
                self.threads.clear()
            self.threads[thread] = seen
        self.last = seen

    def rarities(self, words: Iterable[int]) -> list[float]:
        """How telling each word is here: near 1 when it is new, near 0 when every message has it."""
        return self.spread.rarities(words, self.n)

    def _partner(self, seen: MessageRecord, voice: Speaker, window: Window) -> str | None:
        """Whom a message is meant for: who is named, else whose wait it answered, else the author of what it replies to,
        else, for a member who goes on talking, the one they were talking to."""
        named = None
        for person, strength in seen.reading.addressed:
            if strength >= FUZZY and person != seen.author:
                known = self.people.get(person)
                if known is not None and (seen.role is not _MEMBER or known.role is not _MEMBER):
                    return person
                named = named or person
        for wait in seen.answers:
            asked = window.get(message_of(wait))
            if asked is not None:
                return asked.author
        for reference in (seen.reply_to, seen.thread):
            if reference is not None and reference != seen.id:
                target = window.get(reference)
                if target is not None and target.author != seen.author:
                    return target.author
        if named is not None:
            return named
        if seen.role is _MEMBER and voice.last is not None and seen.at - voice.last.at <= GOES_ON:
            return voice.partner
        return None


def talk_before(window: Window, seen: MessageRecord) -> Conversation:
    """The conversations as they were right before a message's place in the window."""
    place = (seen.at, seen.id)
    known = window.talk
    if isinstance(known, Conversation) and known.rewrites == window.rewrites and known.fits(window, place):
        last = known.last
        if last is not None and last is window.last:
            return known
        for entry in window.between(last, seen.at, seen.id):
            known.take(entry, window)
        return known
    talk = Conversation(window.rewrites)
    for entry in window.between(None, seen.at, seen.id):
        talk.take(entry, window)
    latest = window.last
    if latest is None or position(latest) <= place:
        window.talk = talk
    return talk
