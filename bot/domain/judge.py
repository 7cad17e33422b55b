"""The judge as the core sees it: text in once, as a reading; judgements out, with evidence."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol

from bot.domain.messages import Message, MessageRecord
from bot.domain.reading import Reading
from bot.domain.reply_index import ReplyIndex
from bot.domain.rules import Sensitivity
from bot.domain.value import value
from bot.domain.waits import ReplyKind, Wait
from bot.domain.window import Window


@value
class Evidence:
    """One reason for a judgement: `name` of the feature, its `value`, and its `weight` for (+) or against (-), in log odds."""

    name: str
    value: float
    weight: float


class Judgement(Protocol):
    """A probability with the reasons for it. Evidence is worked out only when asked for."""

    @property
    def probability(self) -> float:
        """From 0 to 1."""
        ...

    def evidence(self) -> tuple[Evidence, ...]:
        """The features that mattered, heaviest first."""
        ...


class Attribution(Judgement, Protocol):
    """How likely a member's message replies to one open wait."""

    @property
    def wait(self) -> str:
        """The wait's id."""
        ...


class KindJudgement(Protocol):
    """What kind of reply a message is to a wait."""

    @property
    def kind(self) -> ReplyKind:
        """Never AUTOMATIC: that is said on the platform's marks alone."""
        ...

    @property
    def probability(self) -> float:
        """How likely it is that the message answers, from 0 to 1."""
        ...

    @property
    def doubtful(self) -> bool:
        """Whether that is too unsure to end the wait, and too likely to be passed over: somebody is asked. `kind` then says what
        it would be."""
        ...

    @property
    def asked_when(self) -> bool:
        """Whether the customer asked for a time, so that a time is what answers."""
        ...

    @property
    def evidence(self) -> tuple[str, ...]:
        """The reasons, one sentence each."""
        ...


class Judge(Protocol):
    """Judges text and context. Pure: the same values give the same judgement."""

    def read(self, message: Message, names: Mapping[str, tuple[str, ...]]) -> Reading:
        """What the text says by itself. `names`: person id -> the names of people recently seen in this channel."""
        ...

    def words_with(self, text: str, fingerprints: Collection[int]) -> tuple[str, ...]:
        """The words of a text that have one of these fingerprints (`Reading.fingerprints`), each once."""
        ...

    def expects_reply(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Judgement:
        """Does this customer message call for a reply? `window` holds what came before (and perhaps later messages,
        which must not be looked at), `waits` the customer's open waits (others may be among them)."""
        ...

    def calls(self, judgement: Judgement, sensitivity: Sensitivity, shift: float = 0.0) -> bool:
        """Whether the judgement is over the channel's threshold, which members' corrections moved by `shift` log odds."""
        ...

    def threshold(self, sensitivity: Sensitivity, shift: float = 0.0) -> float:
        """The probability from which `calls` says yes."""
        ...

    def closes(self, seen: MessageRecord, window: Window, wait: Wait) -> Judgement | None:
        """Does the customer say with this message that their open wait is over (solved, never mind, thanks)? None: no."""
        ...

    def belongs(self, seen: MessageRecord, wait: Wait, window: Window) -> bool:
        """Does a calling message of the customer go on with their open wait? False: it is a new matter, with a wait of its
        own."""
        ...

    def overlooked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        """The customer's message closes the wait: which earlier member's message was the answer that was overlooked?"""
        ...

    def attribute(
        self, seen: MessageRecord, window: Window, waits: Sequence[Wait], without: frozenset[str] = frozenset()
    ) -> Sequence[Attribution]:
        """Which of the open waits does this message reply to? One entry a wait that was considered, likeliest first. `without`
        are customers whom it is known not to be for."""
        ...

    def answers(self, attribution: Attribution) -> bool:
        """Whether the attribution is over the threshold at which the bot asserts it."""
        ...

    def may_answer(self, attribution: Attribution) -> bool:
        """Whether an attribution that isn't asserted is likely enough to ask the owner about."""
        ...

    def peers(self, seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Sequence[Attribution]:
        """Where customers may answer each other: which of the others' open waits does a customer's message answer? One entry a
        wait that was considered, likeliest first. To be asked about every message of a customer in such a channel."""
        ...

    def helps(self, attribution: Attribution) -> bool:
        """Whether what `peers` gave is over the threshold at which the bot asserts it."""
        ...

    def thanked(self, seen: MessageRecord, wait: Wait, window: Window) -> str | None:
        """Does the customer thank another customer with this message for something that ends their open wait? The message they
        thank for, else None."""
        ...

    def canned(self, seen: MessageRecord, customer: str, replies_sent: ReplyIndex) -> float | None:
        """Is a member's reply a near-copy of what somebody else than this customer was told before? The share of words they have
        in common, else None."""
        ...

    def reply_kind(self, seen: MessageRecord, wait: Wait, window: Window, members: Collection[str] = ()) -> KindJudgement:
        """What kind of reply a message is to this wait: an answer, a question back, holding, a promise, a redirect, nothing.
        `members` are the team's, who may be spoken to as colleagues."""
        ...
