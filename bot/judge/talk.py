"""Who has been talking with whom: what the judge derives from a channel's window, kept up as messages come.

Everything here can be worked out again from the window alone, and is when the window changes anywhere but at its end.
"""

from __future__ import annotations

from collections import Counter
from itertools import chain
from math import log

from bot.core.model import Instant, Role, Seconds, Seen
from bot.core.window import Window, position
from bot.judge.reading import FUZZY, Cue

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

RECENT = 10
"""Messages of a person of which is remembered whom they were for."""

ASKS = Cue.QUESTION_MARK.value | Cue.ASKS_FOR.value


class Voice:
    """One person in a channel: their own last messages and what was said to them.

    `n` counts the channel's messages, so differences are numbers of messages between. `told` is the last member's message
    to this person, `asked` whether the member's messages since this person last spoke hold a question, `peer` the last
    message another customer addressed to them. `partner` is whom they last addressed, at `partner_at`.
    """

    __slots__ = (
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
        "words",
    )

    def __init__(self, role: Role) -> None:
        self.role = role
        self.last: Seen | None = None
        self.before: Seen | None = None
        self.last_n = -1
        self.messages = 0
        self.told: Seen | None = None
        self.told_n = -1
        self.told_since = 0
        self.asked = False
        self.peer: Seen | None = None
        self.peer_n = -1
        self.habit = 0.5
        """How often this person names somebody in what they write, a moving average."""
        self.partner: str | None = None
        self.partner_at: Instant = 0.0
        self.partner_n = -1
        self.partner_role = Role.CUSTOMER
        self.recent: list[str] = []
        """Whom the last messages of this person were for."""
        self.words: set[int] = set()
        """The word fingerprints of what this person wrote."""
        self.cursor: Instant = 0.0
        """When the message was written that this member answered last."""


class Talk:
    """The state of the conversations in a window, up to but not including the message being judged."""

    __slots__ = ("customers", "last", "n", "people", "rewrites", "spread", "threaded", "threads", "told", "upto")

    def __init__(self, rewrites: int) -> None:
        self.rewrites = rewrites
        self.upto: tuple[Instant, str] | None = None
        self.n = 0
        self.people: dict[str, Voice] = {}
        self.last: Seen | None = None
        self.threaded = 0.0
        """How often members answer in threads here, a moving average."""
        self.spread: dict[int, int] = {}
        """In how many messages each word fingerprint came up."""
        self.threads: dict[str, Seen] = {}
        """The last message of each thread."""
        self.customers: dict[str, None] = {}
        """Customers in the order in which they last spoke, the latest at the end."""
        self.told: dict[str, None] = {}
        """People in the order in which a member last said something to them, the latest at the end."""

    def fits(self, window: Window, place: tuple[Instant, str]) -> bool:
        """Whether this is still what the window says, up to a point before `place`."""
        last = self.last
        return last is None or (position(last) < place and window.get(last.id) is last)

    def voice(self, person: str, role: Role) -> Voice:
        """The person's voice, made when they are new."""
        found = self.people.get(person)
        if found is None:
            if len(self.people) >= MOST_PEOPLE:
                for gone in list(self.people)[: MOST_PEOPLE // 2]:
                    del self.people[gone]
                    self.customers.pop(gone, None)
                    self.told.pop(gone, None)
            found = self.people[person] = Voice(role)
        return found

    def take(self, seen: Seen, window: Window) -> None:
        """Move on over the next message."""
        spread = self.spread
        if len(spread) > MOST_WORDS:
            spread.clear()
        for word in seen.reading.fingerprints:
            spread[word] = spread.get(word, 0) + 1
        self._move(seen, window)

    def take_all(self, entries: list[Seen], window: Window) -> None:
        """Move on over a window's worth of messages. The same as `take` for each, but their words are counted in one go."""
        self.spread = Counter(chain.from_iterable(seen.reading.fingerprints for seen in entries))
        for seen in entries:
            self._move(seen, window)

    def _move(self, seen: Seen, window: Window) -> None:
        self.upto = (seen.at, seen.id)
        self.n += 1
        voice = self.voice(seen.author, seen.role)
        voice.role = seen.role
        reading = seen.reading
        voice.habit += HABIT * ((1.0 if reading.addressed else 0.0) - voice.habit)
        if seen.role is Role.MEMBER:
            self.threaded += HABIT * ((1.0 if seen.thread is not None else 0.0) - self.threaded)
        partner = self._partner(seen, voice, window)
        if partner is not None:
            other = self.people.get(partner)
            role = other.role if other is not None else Role.CUSTOMER
            voice.recent.append(partner)
            if len(voice.recent) > RECENT:
                del voice.recent[0]
            voice.partner, voice.partner_at, voice.partner_n, voice.partner_role = partner, seen.at, self.n, role
            if other is not None:
                if seen.role is Role.MEMBER:
                    if other.last is not None:
                        voice.cursor = other.last.at
                    other.told, other.told_n = seen, self.n
                    self.told.pop(partner, None)
                    self.told[partner] = None
                    other.told_since += 1
                    other.asked = other.asked or bool(seen.reading.cues & ASKS)
                elif seen.role is Role.CUSTOMER:
                    other.peer, other.peer_n = seen, self.n
        voice.before, voice.last, voice.last_n = voice.last, seen, self.n
        voice.messages += 1
        if len(voice.words) > MOST_OWN_WORDS:
            voice.words.clear()
        voice.words.update(reading.fingerprints)
        if seen.role is not Role.MEMBER:
            voice.told_since = 0
            voice.asked = False
            self.customers.pop(seen.author, None)
            self.customers[seen.author] = None
        if seen.thread is not None:
            if len(self.threads) >= MOST_PEOPLE:
                self.threads.clear()
            self.threads[seen.thread] = seen
        self.last = seen

    def rarity(self, word: int) -> float:
        """How telling a word is here: near 1 when it is new, near 0 when every message has it."""
        return 1.0 - log(1.0 + self.spread.get(word, 0)) / log(3.0 + self.n)

    def _partner(self, seen: Seen, voice: Voice, window: Window) -> str | None:
        """Whom a message is meant for: who is named, else whose wait it answered, else the author of what it replies to,
        else, for a member who goes on talking, the one they were talking to."""
        named = None
        for person, strength in seen.reading.addressed:
            if strength >= FUZZY and person != seen.author:
                known = self.people.get(person)
                if known is not None and (seen.role is not Role.MEMBER or known.role is not Role.MEMBER):
                    return person
                named = named or person
        for wait in seen.answers:
            asked = window.get(wait.rpartition("/")[2])
            if asked is not None:
                return asked.author
        for reference in (seen.reply_to, seen.thread):
            if reference is not None and reference != seen.id:
                target = window.get(reference)
                if target is not None and target.author != seen.author:
                    return target.author
        if named is not None:
            return named
        if seen.role is Role.MEMBER and voice.last is not None and seen.at - voice.last.at <= GOES_ON:
            return voice.partner
        return None


def talk_before(window: Window, seen: Seen) -> Talk:
    """The conversations as they were right before a message's place in the window."""
    place = (seen.at, seen.id)
    known = window.talk
    if isinstance(known, Talk) and known.rewrites == window.rewrites and known.fits(window, place):
        talk = known
        fresh: list[Seen] = []
        upto = talk.upto
        for entry in window.before(seen.at, seen.id):
            if upto is not None and position(entry) <= upto:
                break
            fresh.append(entry)
        for entry in reversed(fresh):
            talk.take(entry, window)
        return talk
    talk = Talk(window.rewrites)
    talk.take_all([entry for entry in window if (entry.at, entry.id) < place], window)
    latest = window.last
    if latest is None or position(latest) <= place:
        window.talk = talk
    return talk
