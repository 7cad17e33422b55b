"""Made messages of members and customers, by language, and whether the engine takes each for what it is.

`messages/<code>.toml` holds a language's. `plain` is the conversation in which they stand: a customer's open `question`, an
`answer` to it, and a `promise`. Each list is a kind of message; what is to come of it stands in `KINDS`. Whoever adds a language
writes its file first, before a single word of `bot/language/data/<code>.toml`. `wrong_at_most` counts what isn't right yet, by
kind: a number that only goes down.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC
from functools import cache
from pathlib import Path

from bot.domain.context import Context
from bot.domain.events import Posted
from bot.domain.hours import Hours, weekly
from bot.domain.messages import Message
from bot.domain.people import Role, Team
from bot.domain.reading import Reading
from bot.domain.rules import ChannelRules
from bot.domain.waits import HoldKind, ReplyKind, Wait, WaitState
from bot.domain.written_hours import read_span
from bot.judge.standard import StandardJudge
from bot.waits.channel_state import ChannelState
from bot.waits.decide import decide

FILES = sorted((Path(__file__).parent / "messages").glob("*.toml"))

NINE = 1_772_442_000.0
"""Monday, 2 March 2026, 09:00 UTC."""

OFFICE = Hours(zone=UTC, week=weekly(range(5), [read_span("08:00-18:00")]))

FIVE_MINUTES = 300.0

NAMES = {"ana": ("Ana",), "ben": ("Ben",), "dana": ("Dana",), "omar": ("Omar",), "lena": ("Lena",)}
TEAM = Team(members=frozenset({"ana", "ben"}))


@cache
def _judge() -> StandardJudge:
    return StandardJudge()


def read(author: str, text: str) -> Reading:
    """What a text shows by itself."""
    role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
    return _judge().read(Message(channel="C", id="1", at=NINE, author=author, role=role, text=text), NAMES)


@dataclass(slots=True)
class Channel:
    """A channel in memory: people say things five minutes apart, the engine decides."""

    state: ChannelState = field(default_factory=lambda: ChannelState(key="C", rules=ChannelRules(), team=TEAM, names=dict(NAMES)))
    at: float = NINE

    def says(self, author: str, text: str, *, after: float = FIVE_MINUTES) -> None:
        """Somebody says something, `after` seconds on."""
        self.at += after
        role = Role.MEMBER if author in TEAM.members else Role.CUSTOMER
        message = Message(channel="C", id=f"{self.at:.0f}", at=self.at, author=author, role=role, text=text)
        context = Context(judge=_judge(), hours_of=lambda _: OFFICE)
        self.state.apply(decide(self.state, context, Posted(message=message)).writes)

    @property
    def waits(self) -> list[Wait]:
        """All waits, open or ended, oldest first."""
        return sorted(self.state.waits.values(), key=lambda wait: wait.opened_at)

    @property
    def waiting(self) -> list[Wait]:
        """The open ones."""
        return self.state.open_waits()


@dataclass(frozen=True, slots=True)
class Plain:
    """The conversation in which a language's messages stand."""

    question: str
    answer: str
    promise: str


def _replied(plain: Plain, text: str) -> list[Wait]:
    channel = Channel()
    channel.says("dana", plain.question)
    channel.says("ana", text)
    return channel.waits


def _of_kind(kind: ReplyKind) -> Callable[[Plain, str], bool]:
    def right(plain: Plain, text: str) -> bool:
        waits = _replied(plain, text)
        return len(waits) == 1 and [reply.kind for reply in waits[0].replies] == [kind]

    return right


def _goes_on(plain: Plain, text: str) -> bool:
    waits = _replied(plain, text)
    return len(waits) == 1 and waits[0].open


def _answers_or_may(plain: Plain, text: str) -> bool:
    waits = _replied(plain, text)
    return len(waits) == 1 and (waits[0].state is WaitState.ANSWERED or waits[0].possible_answer is not None)


def _nothing(plain: Plain, text: str) -> bool:
    waits = _replied(plain, text)
    return len(waits) == 1 and waits[0].open and (waits[0].hold is None or waits[0].hold.kind is HoldKind.TYPING)


def _answers_all(plain: Plain, text: str) -> bool:
    channel = Channel()
    channel.says("dana", plain.question)
    channel.says("omar", plain.question)
    channel.says("ben", text)
    return len(channel.waits) == 2 and not channel.waiting


def _opens(plain: Plain, text: str) -> bool:
    channel = Channel()
    channel.says("dana", text)
    return len(channel.waiting) == 1


def _opens_nothing(plain: Plain, text: str) -> bool:
    return not _opens(plain, text)


def _after_the_answer(plain: Plain, text: str) -> Channel:
    channel = Channel()
    channel.says("dana", plain.question)
    channel.says("ana", plain.answer)
    channel.says("dana", text)
    return channel


def _is_over(plain: Plain, text: str) -> bool:
    channel = _after_the_answer(plain, text)
    return len(channel.waits) == 1 and not channel.waiting


def _asks_again(plain: Plain, text: str) -> bool:
    channel = _after_the_answer(plain, text)
    return len(channel.waits) == 2 and channel.waits[0].state is WaitState.ANSWERED and channel.waits[1].open


def _still_waits(plain: Plain, text: str) -> bool:
    channel = Channel()
    channel.says("dana", plain.question)
    channel.says("ana", plain.promise)
    channel.says("dana", text)
    return len(channel.waits) == 1 and bool(channel.waiting)


def _joins(plain: Plain, text: str) -> bool:
    channel = Channel()
    channel.says("dana", plain.question)
    channel.says("omar", text, after=60.0)
    channel.says("ana", plain.answer)
    return bool(channel.waits) and not channel.waiting


KINDS: Mapping[str, tuple[str, Callable[[Plain, str], bool]]] = {
    # a member replies to the plain question (`kind_answer`: with thanks or regrets first; `formulas`: with nothing else)
    "answer": ("members", _of_kind(ReplyKind.PERSONAL)),
    "kind_answer": ("members", _answers_or_may),
    "question": ("members", _of_kind(ReplyKind.CLARIFYING)),
    "holding": ("members", _of_kind(ReplyKind.HOLDING)),
    "passed_on": ("members", _goes_on),
    "receipt": ("members", _goes_on),
    "formulas": ("members", _goes_on),
    "absent": ("members", _goes_on),
    "promise": ("members", _of_kind(ReplyKind.PROMISE)),
    "redirect": ("members", _of_kind(ReplyKind.REDIRECT)),
    "no_answer": ("members", _nothing),
    "nothing": ("members", _nothing),
    # ... to two customers with the same question
    "everybody": ("members", _answers_all),
    # a customer's first message
    "opens": ("customers", _opens),
    "opens_nothing": ("customers", _opens_nothing),
    # ... right after another's question
    "same": ("customers", _joins),
    # ... after the plain answer
    "over": ("customers", _is_over),
    "again": ("customers", _asks_again),
    # ... after the promise
    "thanks_for_promise": ("customers", _still_waits),
}
"""Kind of message: who writes it, and whether the engine takes a text for one."""


@dataclass(frozen=True, slots=True)
class LanguageMessages:
    """The messages of one language: by kind. `wrong_at_most` says how many of a kind may be taken for something else so far."""

    code: str
    plain: Plain
    kinds: Mapping[str, Sequence[str]]
    wrong_at_most: Mapping[str, int]

    def wrong(self, kind: str) -> list[str]:
        """Those of a kind that the engine takes for something else."""
        right = KINDS[kind][1]
        return [text for text in self.kinds.get(kind, ()) if not right(self.plain, text)]


def load(file: Path) -> LanguageMessages:
    """What a file holds. Raises ValueError for a kind that isn't known."""
    content = tomllib.loads(file.read_text(encoding="utf-8"))
    kinds = content["messages"]
    if unknown := kinds.keys() - KINDS.keys():
        raise ValueError(f"{file.name}: no kind of message is called {min(unknown)!r}")
    return LanguageMessages(
        code=file.stem, plain=Plain(**content["plain"]), kinds=kinds, wrong_at_most=content.get("wrong_at_most", {})
    )
