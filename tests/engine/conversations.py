"""Made-up conversations in a watched channel, each from a seed: several customers and members at once, who ask, add to it, answer
in threads and outside, hold, promise, thank, chat, edit, delete, react and claim. As events in the order in which they happened.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace

from bot.domain.events import Acted, Deleted, Edited, Event, Posted, Reacted
from bot.domain.keys import message_key
from bot.domain.messages import Message
from bot.domain.people import Role, Team

START = 1_772_442_000.0
"""Monday, 2 March 2026, 09:00 UTC."""

TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
CUSTOMERS = ("dana", "omar", "pia", "lev")
"""Each channel's own: "dana-17" is called Dana."""

TOPICS = (
    ("the CSV export of orders", "stops after the first row", "under Settings, Export, choose the new format for orders"),
    ("the billing address on our invoices", "still shows the old office", "Account, Billing, then edit the address on invoices"),
    ("the login with SSO", "says the certificate has expired", "upload the new certificate on the SSO page and log in again"),
    ("the webhook for refunds", "isn't called any more since noon", "the webhook is switched off after ten failures, enable it"),
    ("the import of customers", "fails with an error 500", "the import needs a column called email, then it goes through"),
    ("the discount code for spring", "is refused at the checkout", "the discount starts at midnight, I have moved it to now"),
    ("the mobile app on Android", "crashes when I open a photo", "update the app to 4.2, the crash with photos is mended there"),
    ("the shipping label printer", "prints two labels for each parcel", "set copies to one in the printer's label options"),
)
ASKS = (
    "Hi, {what} {trouble}. Can somebody help?",
    "How do I change {what}?",
    "{what} {trouble}, any idea?",
    "Good morning, is there a way to fix {what}? It {trouble}.",
    "Hello team, we need help with {what} please",
)
ADDS = ("It worked yesterday.", "Here is the log", "We are on the business plan, by the way", "Sorry, I meant {what}")
BUMPS = ("Any news on this?", "Is anybody there?", "Still waiting for an answer about {what}", "hello?")
ANSWERS = ("You can do that {how}.", "{Name}, {how}.", "That one is easy: {how}", "Please try this: {how}. Does it help?")
HOLDS = ("one sec, looking into it", "let me check {what}", "give me a moment")
PROMISES = ("I'll get back to you tomorrow", "will look at it this afternoon", "I'll have an answer for you on Thursday")
REDIRECTS = ("please email support@shop.example", "Please open a ticket for {what}")
QUESTIONS_BACK = ("Which version do you use?", "{Name}, can you send me the order number?", "since when does it happen?")
THANKS = ("thanks, that works!", "Perfect, thank you", "Thanks {Name}", "ok great, solved")
CHATTER = ("good morning everybody", "have a nice weekend", "haha", "we had rain all day", "congrats on the release!")
APPS = ("Thank you for your message. We have received it.", "Deploy 1412 finished.")


def names_of(person: str) -> tuple[str, ...]:
    """What somebody is called."""
    return (person.partition("-")[0].title(),)


@dataclass
class Conversation:
    """One channel's, from a seed. `events` are in the order in which they happened; `channel` is its key."""

    seed: int
    events: list[Event] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        self.channel = f"local:harbor:c{self.seed}"
        self._taken: set[str] = set()
        self.customers = tuple(f"{name}-{self.seed}" for name in CUSTOMERS)
        for _ in range(self.random.randint(2, 4)):
            self._matter()
        if self.random.random() < 0.5:
            self._says(
                "chatter", self.random.choice((*self.customers, "ana")), self.random.choice(CHATTER), START + self._wait(3600)
            )
        self.events.sort(key=lambda event: event.at)

    def _wait(self, mean: float) -> float:
        return self.random.expovariate(1 / mean)

    def _matter(self) -> None:
        """One customer's question and what comes of it."""
        pick = self.random.choice
        at = START + self._wait(1800)
        customer, member = pick(self.customers), pick(("ana", "ben", "mia"))
        what, trouble, how = pick(TOPICS)
        words = {"what": what, "trouble": trouble, "how": how, "Name": names_of(customer)[0]}
        asked = self._says("asks", customer, pick(ASKS), at, **words)
        threaded = self.random.random() < 0.5
        thread = asked.id if threaded else None
        last = asked
        steps = self.random.choices(
            ("adds", "bumps", "holds", "promises", "redirects", "asks back", "app", "eyes", "claims", "edits", "aside"),
            (5, 3, 3, 2, 1, 2, 1, 2, 2, 2, 2),
            k=self.random.randint(0, 4),
        )
        for step in steps:
            at += 5.0 + self._wait(60 if step == "adds" else 600)
            match step:
                case "adds":
                    last = self._says(
                        step, customer, pick(ADDS), at, thread=thread if self.random.random() < 0.6 else None, **words
                    )
                case "bumps":
                    self._says(step, customer, pick(BUMPS), at, thread=thread, **words)
                case "holds":
                    held = self._says(step, member, pick(HOLDS), at, thread=thread, **words)
                    if self.random.random() < 0.3:
                        at += self._wait(600)
                        self._edits(held, f"{names_of(customer)[0]}, {how}", at)
                case "promises":
                    self._says(step, member, pick(PROMISES), at, thread=thread, **words)
                case "redirects":
                    self._says(step, member, pick(REDIRECTS), at, thread=thread, **words)
                case "asks back":
                    self._says(step, member, pick(QUESTIONS_BACK), at, thread=thread, **words)
                    at += 10 + self._wait(300)
                    self._says("tells", customer, "It's 4.1, and the order is 88213", at, thread=thread, **words)
                case "app":
                    self._says(step, "robot", pick(APPS), at, thread=thread)
                case "eyes":
                    self._reacts(asked, member, "eyes", at)
                case "claims":
                    claim = Acted(channel=self.channel, wait=message_key(self.channel, asked.id), verb="claim", by=member, at=at)
                    self.events.append(claim)
                case "edits":
                    self._edits(
                        pick((asked, last)), pick((ASKS[0].format(**words) + " It is urgent.", "never mind", "thanks!")), at
                    )
                case _:
                    self._says(step, pick(self.customers), pick(CHATTER), at)
        at += 5.0 + self._wait(1200)
        ending = self.random.choices(("answers", "nothing", "check", "deletes", "says so"), (12, 4, 2, 1, 1))[0]
        if ending == "answers":
            answer = self._says(ending, member, pick(ANSWERS), at, thread=thread, **words)
            if self.random.random() < 0.5:
                self._says(
                    "thanks",
                    customer,
                    pick(THANKS),
                    at + 20 + self._wait(300),
                    thread=thread,
                    **(words | {"Name": member.title()}),
                )
            if self.random.random() < 0.1:
                self.events.append(Deleted(channel=self.channel, id=answer.id, at=at + self._wait(900)))
        elif ending == "check":
            self._reacts(asked, member, "white_check_mark", at)
            if self.random.random() < 0.2:
                self._reacts(asked, member, "white_check_mark", at + self._wait(60), added=False)
        elif ending == "deletes":
            self.events.append(Deleted(channel=self.channel, id=pick((asked, last)).id, at=at))
        elif ending == "says so":
            self._says("solved", customer, "found it myself, it's solved", at, thread=thread)

    def _says(self, _step: str, author: str, text: str, at: float, *, thread: str | None = None, **words: str) -> Message:
        id = f"{at:.6f}"
        while id in self._taken:
            at += 0.001
            id = f"{at:.6f}"
        self._taken.add(id)
        role = Role.APP if author == "robot" else Role.MEMBER if author in TEAM.members else Role.CUSTOMER
        text = text.format(**words) if words else text
        text = text[:1].upper() + text[1:] if self.random.random() < 0.5 else text
        message = Message(
            channel=self.channel,
            id=id,
            at=float(id),
            author=author,
            role=role,
            text=text,
            thread=thread if thread != id else None,
            marks=("bot_id",) if author == "robot" else (),
        )
        self.events.append(Posted(message=message))
        return message

    def _edits(self, message: Message, text: str, at: float) -> None:
        self.events.append(Edited(message=replace(message, text=text), at=at))

    def _reacts(self, message: Message, by: str, emoji: str, at: float, *, added: bool = True) -> None:
        self.events.append(Reacted(channel=self.channel, id=message.id, by=by, by_member=True, emoji=emoji, at=at, added=added))


def shuffled(conversation: Conversation, seed: int) -> list[Event]:
    """The events in any order."""
    events = list(conversation.events)
    random.Random(f"{conversation.seed} {seed}").shuffle(events)
    return _claims_after(events)


def late(conversation: Conversation, seed: int, *, share: float = 0.15, most: int = 6) -> list[Event]:
    """Some of the events, a `share` of them, come up to `most` places too late: as what Slack delivers again does."""
    chance = random.Random(f"{conversation.seed} {seed}")
    placed = [
        (n + (chance.randint(1, most) + 0.5 if chance.random() < share and not isinstance(event, Acted) else 0.0), n, event)
        for n, event in enumerate(conversation.events)
    ]
    return _claims_after([event for _, _, event in sorted(placed, key=lambda each: each[:2])])


def retried(conversation: Conversation, seed: int, *, share: float = 0.15) -> list[Event]:
    """Some of the events come when Slack tries again: a minute or six later."""
    chance = random.Random(f"{conversation.seed} {seed}")
    arriving = [
        (event.at + (chance.choice((60.0, 360.0)) if chance.random() < share and not isinstance(event, Acted) else 0.0), n, event)
        for n, event in enumerate(conversation.events)
    ]
    return _claims_after([event for _, _, event in sorted(arriving, key=lambda each: each[:2])])


def backwards(conversation: Conversation, seed: int) -> list[Event]:
    """The last one first."""
    return _claims_after(conversation.events[::-1])


def _claims_after(events: list[Event]) -> list[Event]:
    """Who claims a wait was shown it: a claim comes after its question, and is never delivered late itself."""
    for claim in [event for event in events if isinstance(event, Acted)]:
        place = next(
            (n for n, event in enumerate(events) if isinstance(event, Posted) and claim.wait.endswith(event.message.id)), -1
        )
        if events.index(claim) < place:
            events.remove(claim)
            events.insert(place, claim)
    return events


def one_late(conversation: Conversation, seed: int) -> list[Event]:
    """One event comes up to six places too late."""
    chance = random.Random(f"{conversation.seed} {seed}")
    events = list(conversation.events)
    place = chance.randrange(len(events) - 1)
    events.insert(min(len(events) - 1, place + chance.randint(1, 6)), events.pop(place))
    return _claims_after(events)
