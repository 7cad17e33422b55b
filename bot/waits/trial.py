"""One sentence through the decisions that a channel would make: what the bot thinks of it. Nothing is stored.

A customer's sentence is their first message in an empty channel. A member's sentence stands in the thread of a customer's open
question, a few minutes after it.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Posted
from bot.domain.judge import Judgement
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role, Team
from bot.domain.rules import ChannelRules, Step
from bot.domain.trace import SILENT
from bot.domain.value import value
from bot.domain.waits import Hold, ReplyKind, Wait
from bot.domain.writes import SaveMessage, SaveWait, Write
from bot.waits import decide as deciding
from bot.waits.channel_state import ChannelState
from bot.waits.reply_kind import kind_of_reply

REPLIED_AFTER: Seconds = 5 * 60
"""How long after the question a member's sentence is said, in seconds."""

CUSTOMER, WRITER, COLLEAGUE = "dana", "ana", "ben"
NAMES: dict[str, tuple[str, ...]] = {CUSTOMER: ("Dana",), WRITER: ("Ana",), COLLEAGUE: ("Ben",)}
"""Who is in the channel: the customer, the member who writes, and a colleague of theirs."""

SAYS_WHEN = ("it says when an answer will come",)
SAYS_HOW_LONG = ("it says how long, which may be what was asked",)

_RULES = ChannelRules(steps=(Step(after=10 * 60.0, to="owner"),))
_QUESTION, _SENTENCE = "1", "2"


@value
class FirstMessage:
    """What a customer's first message does: whether it opens a wait, and the judgement behind that."""

    opens: bool
    judgement: Judgement


@value
class ReplyToQuestion:
    """What a member's message does to an open question. `kind` is None where nobody is sure whether it answers: then its writer
    is asked. `probability` that it is an answer; `hold`: what keeps the wait quiet since; `evidence`: sentences."""

    kind: ReplyKind | None
    probability: float
    hold: Hold | None
    evidence: tuple[str, ...]


def first_message(context: Context, text: str, at: Instant) -> FirstMessage:
    """What a customer's first message in a channel does, posted at `at`."""
    state = _channel()
    message = Message(channel=state.key, id=_SENTENCE, at=at, author=CUSTOMER, role=Role.CUSTOMER, text=text)
    writes = deciding.decide(state, context, Posted(message=message)).writes
    seen = next(write.seen for write in writes if isinstance(write, SaveMessage))
    return FirstMessage(
        opens=any(isinstance(write, SaveWait) for write in writes), judgement=context.judge.expects_reply(seen, state.window, ())
    )


def reply_to_question(context: Context, question: str, text: str, at: Instant) -> ReplyToQuestion:
    """What a member's message at `at` does to a customer's open question."""
    state = _channel()
    asked = Message(
        channel=state.key,
        id=_QUESTION,
        at=at - REPLIED_AFTER,
        author=CUSTOMER,
        role=Role.CUSTOMER,
        text=question,
        is_request=True,
    )
    opened = _apply(state, deciding.decide(state, context, Posted(message=asked)).writes)
    message = Message(channel=state.key, id=_SENTENCE, at=at, author=WRITER, role=Role.MEMBER, text=text, thread=_QUESTION)
    writes = deciding.decide(state, context, Posted(message=message)).writes
    judged, _, _ = kind_of_reply(state, context, message, _seen(context, state, message), opened[0], SILENT)
    _apply(state, writes)
    wait = state.waits[opened[0].id]
    if wait.possible_answer is not None:
        return ReplyToQuestion(kind=None, probability=wait.possible_answer.probability, hold=wait.hold, evidence=judged.evidence)
    reply = wait.replies[-1] if wait.replies else None
    kind = reply.kind if reply is not None else judged.kind
    by_its_time = judged.evidence
    if judged.kind is not kind and kind in (ReplyKind.PROMISE, ReplyKind.PERSONAL):
        by_its_time = SAYS_WHEN if kind is ReplyKind.PROMISE else SAYS_HOW_LONG
    return ReplyToQuestion(
        kind=kind,
        probability=judged.probability,
        hold=wait.hold,
        evidence=by_its_time,
    )


def _channel() -> ChannelState:
    team = Team(members=frozenset({WRITER, COLLEAGUE}), duty=(WRITER,))
    return ChannelState(key="help", rules=_RULES, team=team, names=NAMES)


def _apply(state: ChannelState, writes: Iterable[Write]) -> list[Wait]:
    """The waits that were saved."""
    writes = tuple(writes)
    state.apply(writes)
    return [write.wait for write in writes if isinstance(write, SaveWait)]


def _seen(context: Context, state: ChannelState, message: Message) -> MessageRecord:
    return MessageRecord(
        id=message.id, at=message.at, author=message.author, role=message.role, thread=message.thread, reply_to=message.reply_to,
        reading=context.judge.read(message, state.names),
    )  # fmt: skip
