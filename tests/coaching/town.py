"""A town of channels for the tests of tips: the real engine and judge over a database in memory, an event a call."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

from bot.domain.context import Context
from bot.domain.events import Deleted, Posted
from bot.domain.hours import ALWAYS
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.domain.preferences import Choices, OwnSwitch
from bot.domain.reading import unpack
from bot.domain.rules import ChannelRules
from bot.domain.tips import ALL_TIPS, Tip, TipKind
from bot.engine.clock import VirtualClock
from bot.engine.coach import Coach
from bot.engine.engine import Engine
from bot.engine.preferences import Preferences
from bot.judge.standard import StandardJudge
from tests.storage.sqlite.memory import in_memory
from tests.waits.world import LADDER, MINUTE, NINE

MEMBERS = frozenset({"ana", "ben", "mia"})
QUESTION = "Hi, my export fails with error 500 since this morning, how can I fix that?"
QUESTIONS = (
    "Hi, where does the boat to Porto leave from on Sunday morning?",
    "Hello, can a colleague of mine sign in twice at once?",
    "Good day, why is the map grey on my tablet?",
    "Hi there, how do I change the currency to yen?",
)
"""Of several customers, on several matters."""
LINE = "You can restart the export under Settings, Exports, where the button Retry sends the whole file again."


@cache
def judge() -> StandardJudge:
    return StandardJudge()


@dataclass
class CoachedTown:
    """`kinds` are given; `speaks`: reminders have begun."""

    kinds: frozenset[TipKind] = ALL_TIPS
    speaks: bool = True
    dm: bool = False
    now: float = NINE
    members: frozenset[str] = MEMBERS
    asked: int = 0
    switches: dict[str, OwnSwitch] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.tx = in_memory(unpack)
        self.clock = VirtualClock(self.now)
        self.restart()

    def restart(self) -> None:
        """The bot starts anew: nothing is cached."""
        self.preferences = Preferences(
            hours_of=lambda _: ALWAYS, rules_of=lambda _: ChannelRules(steps=LADDER), dm_of=lambda _: self.dm
        )
        self.preferences.take(Choices(switches=self.switches))
        self.engine = Engine(
            context=Context(judge=judge(), hours_of=lambda _: ALWAYS),
            team=Team(members=self.members),
            rules_of=self.preferences.rules_of,
            names_of=lambda person: (person.title(),),
        )
        self.engine.coach = Coach(self.kinds, self.preferences, clock=self.clock, speaks=lambda: self.speaks)

    def passes(self, seconds: float) -> None:
        """Time goes on."""
        self.now += seconds
        self.clock.advance_to(self.now)

    def says(
        self,
        who: str,
        text: str,
        *,
        channel: str = "help",
        to: Message | None = None,
        at: float | None = None,
        mentions: tuple[str, ...] = (),
        marks: tuple[str, ...] = (),
    ) -> Message:
        """Somebody writes, a minute after what was before."""
        self.passes(MINUTE)
        at = self.now if at is None else at
        message = Message(
            channel=f"local:harbor:{channel}",
            id=f"{at:.6f}",
            at=at,
            author=who,
            role=Role.APP if marks else Role.MEMBER if who in self.members else Role.CUSTOMER,
            text=text,
            thread=None if to is None else to.thread or to.id,
            mentions=mentions,
            marks=marks,
        )
        self.engine.process(self.tx, Posted(message=message))
        return message

    def answers(self, who: str, customer: str, line: str = LINE, *, channel: str = "help", question: str = "") -> Message:
        """A customer asks something else than the last one, and a member answers in the thread."""
        question = question or QUESTIONS[self.asked % len(QUESTIONS)]
        self.asked += 1
        return self.says(who, line, channel=channel, to=self.says(customer, question, channel=channel))

    def deletes(self, message: Message) -> None:
        self.engine.process(self.tx, Deleted(channel=message.channel, id=message.id, at=self.now))

    def tips(self, member: str = "ana") -> list[Tip]:
        return [kept.tip for kept in self.tx.tips(member, 0.0)]
