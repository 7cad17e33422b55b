"""Who has been talking with whom, resting on who is a member: kept up as messages come."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from bot.domain.durations import Instant, Seconds
from bot.domain.keys import message_of
from bot.domain.messages import MessageRecord
from bot.domain.people import CUSTOMER, MEMBER, Role
from bot.domain.reading import FUZZY, Cue
from bot.domain.window import Window
from bot.judge.cue_sets import ASKS
from bot.judge.silence import Silence
from bot.judge.walk import HABIT, Participant, WindowWalk

GOES_ON: Seconds = 240.0
"""A member who writes again within this time, naming nobody, still speaks to the same person."""

MOST_PEOPLE = 400
"""Speakers kept; the window holds 200 messages, so only people who left it are dropped."""

MOST_OWN_WORDS = 300
"""Word fingerprints remembered of one person."""

MOST_UNLEARNT = 50
"""Messages of a person whose words wait to be gathered: bounds what is kept where nobody ever asks for them."""

EVEN = 0.5
"""As likely to call as not: what is taken for granted of who has written nothing yet."""
LATELY = 0.3
"""How much a person's last message weighs in what they usually write."""

_SAME = Cue.SAME.value

RECENT = 10
"""Messages of a person of which is remembered whom they were for."""


class Speaker(Participant):
    """One person, with what was said to them and whom they speak with.

    `from_member` is the last member's message to this person, `asked` whether the members' messages since this person last
    spoke hold a question, `from_customer` the last message another customer addressed to them. `partner` is whom they last
    addressed, at `partner_at`.
    """

    __slots__ = (
        "_words",
        "asked",
        "calls",
        "cursor",
        "from_customer",
        "from_customer_n",
        "from_member",
        "from_member_n",
        "from_members_since",
        "partner",
        "partner_at",
        "partner_n",
        "partner_role",
        "recent",
        "role",
        "unlearnt",
    )

    def __init__(self, role: Role) -> None:
        super().__init__()
        self.role = role
        self.from_member: MessageRecord | None = None
        self.from_member_n = -1
        self.from_members_since = 0
        """Members' messages to this person since they last spoke."""
        self.asked = False
        self.from_customer: MessageRecord | None = None
        self.from_customer_n = -1
        self.partner: str | None = None
        self.partner_at: Instant = 0.0
        self.partner_n = -1
        self.partner_role = CUSTOMER
        self.recent: list[str] = []
        """Whom the last messages of this person were for."""
        self.unlearnt: list[tuple[int, ...]] = []
        """The word fingerprints of what this person wrote, as far as `words` hasn't gathered them."""
        self._words: set[int] | None = None
        self.calls = EVEN
        """How probably what this person wrote lately called for a reply, a moving average."""
        self.cursor: Instant = 0.0
        """When the message was written that this member answered last."""

    def words(self) -> set[int]:
        """The word fingerprints of what this person wrote. Gathered when somebody asks: of few people anybody does."""
        words = self._words
        if words is None:
            words = self._words = set()
        if self.unlearnt:
            for prints in self.unlearnt:
                if len(words) > MOST_OWN_WORDS:
                    words.clear()
                words.update(prints)
            self.unlearnt.clear()
        return words


class Conversation(WindowWalk):
    """Who speaks with whom where there are members and customers."""

    __slots__ = ("addressees", "customers", "joining", "people", "silence", "threaded", "threads")

    MOST_WORDS = 20_000

    def __init__(self, rewrites: int) -> None:
        super().__init__(rewrites)
        self.people: dict[str, Speaker] = {}
        self.threaded = 0.0
        """How often members answer in threads here, a moving average."""
        self.threads: dict[str, MessageRecord] = {}
        """The last message of each thread."""
        self.customers: dict[str, int] = {}
        """Customers in the order in which they last spoke, the latest at the end, each with the message's number."""
        self.addressees: dict[str, None] = {}
        """People in the order in which a member last said something to them, the latest at the end."""
        self.silence = Silence()
        self.joining: set[str] = set()
        """Customers who said that they have what somebody else has."""

    def speaker(self, person: str, role: Role) -> Speaker:
        """The person's entry, made when they are new."""
        found = self.people.get(person)
        if found is None:
            if len(self.people) >= MOST_PEOPLE:
                for gone in list(self.people)[: MOST_PEOPLE // 2]:
                    del self.people[gone]
                    self.customers.pop(gone, None)
                    self.addressees.pop(gone, None)
                    self.joining.discard(gone)
            found = self.people[person] = Speaker(role)
        return found

    def customers_since(self, customers: Iterable[str]) -> list[int]:
        """For each of these, how many customers have spoken since they did; more than there are, if they haven't."""
        spoke, number_of = list(self.customers.values()), self.customers.get
        return [
            len(spoke) - bisect_right(spoke, number) if (number := number_of(customer)) is not None else MOST_PEOPLE
            for customer in customers
        ]

    def take(self, entries: Iterable[MessageRecord], window: Window) -> None:
        """Move on over the next messages. (One long function: it runs for every message, and for the whole window again
        whenever something but its end changed.)"""
        n, seen, threaded = self.n, self.last, self.threaded
        people, customers = self.people, self.customers
        words: list[tuple[int, ...]] = []
        for seen in entries:
            n += 1
            at, author, role, thread, reading = seen.at, seen.author, seen.role, seen.thread, seen.reading
            addressed, prints = reading.addressed, reading.fingerprints
            words.append(prints)
            speaker = people.get(author) or self.speaker(author, role)
            speaker.role = role
            last = speaker.last
            by_member = role is MEMBER
            if by_member:
                threaded += HABIT * ((1.0 if thread is not None else 0.0) - threaded)
                self.silence.broken(at, window.worked)
            elif reading.cues & _SAME:
                self.joining.add(author)
            if addressed or thread is not None or seen.answers or seen.reply_to is not None:
                partner = self._partner(seen, speaker, window)
            else:
                # As `_partner` would: most messages refer to nobody.
                partner = speaker.partner if by_member and last is not None and at - last.at <= GOES_ON else None
            if partner is not None:
                recent = speaker.recent
                recent.append(partner)
                if len(recent) > RECENT:
                    del recent[0]
                other = people.get(partner)
                speaker.partner, speaker.partner_at, speaker.partner_n = partner, at, n
                if other is None:
                    speaker.partner_role = CUSTOMER
                else:
                    speaker.partner_role = other.role
                    if by_member:
                        if other.last is not None:
                            speaker.cursor = other.last.at
                        other.from_member, other.from_member_n = seen, n
                        self.addressees.pop(partner, None)
                        self.addressees[partner] = None
                        other.from_members_since += 1
                        if reading.cues & ASKS:
                            other.asked = True
                    elif role is CUSTOMER:
                        other.from_customer, other.from_customer_n = seen, n
            speaker.habit += HABIT * ((1.0 if addressed else 0.0) - speaker.habit)
            speaker.before, speaker.last, speaker.last_n = last, seen, n
            speaker.messages += 1
            unlearnt = speaker.unlearnt
            unlearnt.append(prints)
            if len(unlearnt) > MOST_UNLEARNT:
                speaker.words()
            if not by_member:
                speaker.from_members_since = 0
                speaker.asked = False
                speaker.calls += LATELY * (seen.reply_probability - speaker.calls)
                customers.pop(author, None)
                customers[author] = n
            if thread is not None:
                if len(self.threads) >= MOST_PEOPLE:
                    self.threads.clear()
                self.threads[thread] = seen
        self.frequency.add(words)
        self.n, self.last, self.threaded = n, seen, threaded

    def _partner(self, seen: MessageRecord, speaker: Speaker, window: Window) -> str | None:
        """Whom a message is meant for: who is named, else whose wait it answered, else the author of what it replies to,
        else, for a member who goes on talking, the one they were talking to."""
        named = None
        for person, strength in seen.reading.addressed:
            if strength >= FUZZY and person != seen.author:
                known = self.people.get(person)
                if known is not None and (seen.role is not MEMBER or known.role is not MEMBER):
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
        if seen.role is MEMBER and speaker.last is not None and seen.at - speaker.last.at <= GOES_ON:
            return speaker.partner
        return None
