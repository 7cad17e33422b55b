"""Who speaks with whom where everybody is a peer: kept up message by message, from a channel's window alone.

Unlike judge.conversation, which rests on who is a member, this rests on whom each message was held to be meant for
(peers/model.py), and it remembers how sure that was: an answer is recognised by what it follows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.durations import Instant
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.window import Window
from bot.judge.linear import Values
from bot.judge.word_frequency import WordFrequency

MOST_PEOPLE = 200
MOST_PAIRS = 1_000
MOST_WORDS = 8_000
MOST_PLACES = 400
"""What is kept per channel, at most. The window holds 200 messages: what is dropped lies far outside."""

MOST_LINES = 10
MOST_TOLD = 16
"""A person's own messages, and messages perhaps meant for them, that are remembered: the latest."""

HABIT = 0.15
"""Share of the latest message in a moving average: about the last dozen messages count."""

CALLS = 0.5

LEAST = 0.03
"""Probability below which a message isn't worth remembering as perhaps meant for somebody."""

OWN = "\x00own"
"""Stands for "goes on with what its author said before" where a person's id is expected. No platform's id looks like it."""

# Looking a member of an Enum up costs as much as a small call, and these are asked for many times a message.
_APP = Role.APP


@dataclass(slots=True)
class Addressee:
    """Whom a message is meant for: a probability for each person, for its author's own thread (OWN), for nobody (None)."""

    people: dict[str, float] = field(default_factory=dict)
    own: float = 0.0
    nobody: float = 1.0
    why: Mapping[str, Values] = field(default_factory=dict)
    """The values that spoke for and against each person."""
    named: bool = False
    """Whether the message names any of them: names decide differently than everything else does."""

    def likeliest(self) -> str | None:
        """The person, OWN, or None."""
        best, most = (OWN, self.own) if self.own > self.nobody else (None, self.nobody)
        for person, probability in self.people.items():
            if probability > most:
                best, most = person, probability
        return best


@dataclass(slots=True)
class Line:
    """One message of a person's own: its place, what it was held to be, and how much it calls for an answer."""

    n: int
    own: float
    nobody: float
    to: str | None
    calls: float
    prints: tuple[int, ...]


class Peer:
    """One person. `n` counts the channel's messages, so differences are numbers of messages between.

    `to` is whom they last spoke to; `by` who last spoke to them; `told_since` how many messages were meant for them since they
    last wrote; `told` the messages perhaps meant for them, as (place, author, probability); `asked` their last message that
    calls and is meant for nobody.
    """

    __slots__ = (
        "asked", "asked_n", "before", "by", "by_n", "habit", "helped", "last", "last_n", "lines", "messages", "row", "to", "to_n",
        "told", "told_since",
    )  # fmt: skip

    def __init__(self) -> None:
        self.last: MessageRecord | None = None
        self.before: MessageRecord | None = None
        self.last_n = -1
        self.messages = 0
        self.row = 0
        self.to: str | None = None
        self.to_n = -1
        self.by: str | None = None
        self.by_n = -1
        self.told_since = 0
        self.told: list[tuple[int, str, float]] = []
        self.lines: list[Line] = []
        self.asked: MessageRecord | None = None
        self.asked_n = -1
        self.habit = 0.5
        self.helped = 0


class PeerConversation:
    """The conversations in a window, up to but not including the message being judged."""

    __slots__ = ("asking", "last", "n", "order", "pairs", "people", "places", "rewrites", "spread", "upcoming")

    def __init__(self, rewrites: int) -> None:
        self.rewrites = rewrites
        self.n = 0
        self.people: dict[str, Peer] = {}
        self.order: dict[str, None] = {}
        """People in the order in which they last spoke, the latest at the end."""
        self.asking: dict[str, None] = {}
        """Those of them whose last message calls and to whom nothing was said since, in the same order."""
        self.pairs: dict[tuple[str, str], int] = {}
        """Where somebody last spoke to somebody."""
        self.places: dict[str, int] = {}
        """Where a message stands, by its id."""
        self.spread = WordFrequency(MOST_WORDS)
        self.last: MessageRecord | None = None
        self.upcoming: tuple[MessageRecord, Addressee] | None = None
        """The message judged last, which will most likely be the next to be taken."""

    def fits(self, window: Window, place: tuple[Instant, str]) -> bool:
        """Whether this is still what the window says, up to a point before `place`."""
        last = self.last
        if self.rewrites != window.rewrites:
            return False
        return last is None or ((last.at, last.id) < place and window.get(last.id) is last)

    def rarities(self, words: Iterable[int]) -> list[float]:
        """How telling each word is here: near 1 when it is new, near 0 when every message has it."""
        return self.spread.rarities(words, self.n)

    def peer(self, person: str) -> Peer:
        """The person's entry, made when they are new."""
        found = self.people.get(person)
        if found is None:
            found = self.people[person] = Peer()
        return found

    def take(self, seen: MessageRecord, choice: Addressee) -> None:
        """Move on over the next message."""
        self.n += 1
        n = self.n
        if seen.role is _APP:
            self.last = seen
            return
        author, calls, reading, people = seen.author, seen.reply_probability, seen.reading, self.people
        if len(people) >= MOST_PEOPLE or len(self.places) >= MOST_PLACES or len(self.pairs) >= MOST_PAIRS:
            self._make_room()
        self.spread.add(reading.fingerprints)
        self.places[seen.id] = n
        peer = people.get(author) or self.peer(author)
        peer.habit += HABIT * ((1.0 if reading.addressed else 0.0) - peer.habit)
        likeliest = choice.likeliest()
        to = peer.to if likeliest == OWN else likeliest
        for person, probability in choice.people.items():
            if probability >= LEAST:
                told = (people.get(person) or self.peer(person)).told
                told.append((n, author, probability))
                if len(told) > MOST_TOLD:
                    del told[0]
        if to is not None and to != author:
            other = people.get(to) or self.peer(to)
            if other.last is not None and other.last.reply_probability >= CALLS:
                peer.helped += 1
            peer.to, peer.to_n = to, n
            other.by, other.by_n = author, n
            other.told_since += 1
            self.asking.pop(to, None)
            self.pairs[author, to] = n
        peer.lines.append(Line(n, choice.own, choice.nobody, likeliest, calls, reading.fingerprints))
        if len(peer.lines) > MOST_LINES:
            del peer.lines[0]
        peer.row = peer.row + 1 if self.last is not None and self.last.author == author else 1
        peer.before, peer.last, peer.last_n = peer.last, seen, n
        peer.messages += 1
        peer.told_since = 0
        if calls >= CALLS and to is None:
            peer.asked, peer.asked_n = seen, n
        self.order.pop(author, None)
        self.order[author] = None
        self.asking.pop(author, None)
        if calls >= CALLS:
            self.asking[author] = None
        self.last = seen

    def _make_room(self) -> None:
        if len(self.people) >= MOST_PEOPLE:
            for gone in sorted(self.people, key=lambda person: self.people[person].last_n)[: MOST_PEOPLE // 2]:
                del self.people[gone]
                self.order.pop(gone, None)
                self.asking.pop(gone, None)
        if len(self.places) >= MOST_PLACES:
            for message in list(self.places)[: MOST_PLACES // 2]:
                del self.places[message]
        if len(self.pairs) >= MOST_PAIRS:
            for pair in sorted(self.pairs, key=self.pairs.__getitem__)[: MOST_PAIRS // 2]:
                del self.pairs[pair]
