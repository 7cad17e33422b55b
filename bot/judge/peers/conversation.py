"""Who speaks with whom where everybody is a peer: kept up message by message, from a channel's window alone.

Unlike judge.conversation, which rests on who is a member, this rests on whom each message was held to be meant for
(peers/model.py), and it remembers how sure that was: an answer is recognised by what it follows. Only the walk over the window
is shared: whom a message is meant for is another question here, costs more, and is only asked while somebody waits, so the two
walks begin at different messages, and what one counts would be wrong for the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from bot.domain.messages import MessageRecord
from bot.domain.people import APP
from bot.domain.window import Window
from bot.judge.linear import Values
from bot.judge.walk import HABIT, Participant, WindowWalk

MOST_PEOPLE = 200
MOST_PAIRS = 1_000
MOST_PLACES = 400
"""What is kept per channel, at most. The window holds 200 messages: what is dropped lies far outside."""

MOST_LINES = 10
MOST_RECEIVED = 16
"""A person's own messages, and messages perhaps meant for them, that are remembered: the latest."""

CALLS = 0.5

LEAST = 0.03
"""Probability below which a message isn't worth remembering as perhaps meant for somebody."""

Received = tuple[int, str, float]
"""A message perhaps meant for somebody: its place, its author, and how probably. A bare tuple: several are made for every
message."""

OWN = "\x00own"
"""Stands for "goes on with what its author said before" where a person's id is expected. No platform's id looks like it."""


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


class Peer(Participant):
    """One person.

    `to` is whom they last spoke to; `by` who last spoke to them; `received_since` how many messages were meant for them since
    they last wrote; `received` the messages perhaps meant for them; `asked` their last message that calls and is meant for
    nobody.
    """

    __slots__ = (
        "asked", "asked_n", "by", "by_n", "helped", "lines", "received", "received_since", "row", "to", "to_n",
    )  # fmt: skip

    def __init__(self) -> None:
        super().__init__()
        self.row = 0
        self.to: str | None = None
        self.to_n = -1
        self.by: str | None = None
        self.by_n = -1
        self.received_since = 0
        self.received: list[Received] = []
        self.lines: list[Line] = []
        self.asked: MessageRecord | None = None
        self.asked_n = -1
        self.helped = 0


class PeerConversation(WindowWalk):
    """Who speaks with whom among peers. `whom` says whom a message that is to be gone over is meant for."""

    __slots__ = ("asking", "order", "pairs", "people", "places", "upcoming", "whom")

    MOST_WORDS = 8_000

    def __init__(self, rewrites: int, whom: Whom) -> None:
        super().__init__(rewrites)
        self.whom = whom
        self.people: dict[str, Peer] = {}
        self.order: dict[str, None] = {}
        """People in the order in which they last spoke, the latest at the end."""
        self.asking: dict[str, None] = {}
        """Those of them whose last message calls and to whom nothing was said since, in the same order."""
        self.pairs: dict[tuple[str, str], int] = {}
        """Where somebody last spoke to somebody."""
        self.places: dict[str, int] = {}
        """Where a message stands, by its id."""
        self.upcoming: tuple[MessageRecord, Addressee] | None = None
        """The message judged last, which will most likely be the next to be taken."""

    def peer(self, person: str) -> Peer:
        """The person's entry, made when they are new."""
        found = self.people.get(person)
        if found is None:
            found = self.people[person] = Peer()
        return found

    def take(self, entries: Iterable[MessageRecord], window: Window) -> None:
        """Move on over the next messages."""
        for seen in entries:
            self._take(seen, window)

    def _take(self, seen: MessageRecord, window: Window) -> None:
        if seen.role is APP:
            self.n += 1
            self.last = seen
            return
        addressee = self.whom(seen, self, window)
        self.n += 1
        n = self.n
        author, calls, reading, people = seen.author, seen.reply_probability, seen.reading, self.people
        if len(people) >= MOST_PEOPLE or len(self.places) >= MOST_PLACES or len(self.pairs) >= MOST_PAIRS:
            self._make_room()
        self.frequency.add((reading.fingerprints,))
        self.places[seen.id] = n
        peer = people.get(author) or self.peer(author)
        likeliest = addressee.likeliest()
        to = peer.to if likeliest == OWN else likeliest
        for person, probability in addressee.people.items():
            if probability >= LEAST:
                received = (people.get(person) or self.peer(person)).received
                received.append((n, author, probability))
                if len(received) > MOST_RECEIVED:
                    del received[0]
        if to is not None and to != author:
            other = people.get(to) or self.peer(to)
            if other.last is not None and other.last.reply_probability >= CALLS:
                peer.helped += 1
            peer.to, peer.to_n = to, n
            other.by, other.by_n = author, n
            other.received_since += 1
            self.asking.pop(to, None)
            self.pairs[author, to] = n
        peer.lines.append(Line(n, addressee.own, addressee.nobody, likeliest, calls, reading.fingerprints))
        if len(peer.lines) > MOST_LINES:
            del peer.lines[0]
        peer.row = peer.row + 1 if self.last is not None and self.last.author == author else 1
        peer.habit += HABIT * ((1.0 if reading.addressed else 0.0) - peer.habit)
        peer.before, peer.last, peer.last_n = peer.last, seen, n
        peer.messages += 1
        peer.received_since = 0
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


Whom = Callable[[MessageRecord, PeerConversation, Window], Addressee]
"""Whom a message is meant for, which stands right after those of the conversation, in the window."""
