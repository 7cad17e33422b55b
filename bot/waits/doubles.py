"""What stands twice for the same, because a channel was seen under two keys before anybody knew that they are one.

One is made of both: nothing of either is lost, and nothing counts twice.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.waits import Reply, Wait, WaitState
from bot.domain.writes import BlankText, DropReminder, SaveExchange, SaveWait, Write
from bot.waits import acquaintance


def one_wait(known: Wait, double: Wait) -> Wait:
    """The wait that two stand for: `known` under the channel's old key, `double` read again under the new one.

    It is over when either is: somebody answered or dismissed it, and the other had not heard of it. What members did by hand was
    done to `known`, so that its holds and its owner stay. What ended because its channel seemed to be gone didn't.
    """
    if known.by_channel:
        known = replace(known, state=WaitState.WAITING, ended_at=None, hold=None, by_channel=False)
    over = known if not known.open else double if not double.open else None
    replies: dict[str, Reply] = {reply.message: reply for reply in (*double.replies, *known.replies)}
    merged = replace(
        known,
        messages=tuple(dict.fromkeys((*known.messages, *double.messages))),
        last_message_at=max(known.last_message_at, double.last_message_at),
        replies=tuple(sorted(replies.values(), key=lambda reply: (reply.at, reply.message))),
        probability=max(known.probability, double.probability),
        not_me=tuple(dict.fromkeys((*known.not_me, *double.not_me))),
        named_members=tuple(dict.fromkeys((*known.named_members, *double.named_members))),
        automatic_replies=max(known.automatic_replies, double.automatic_replies),
        automatic_by=tuple(dict.fromkeys((*known.automatic_by, *double.automatic_by))),
        possible_answer=known.possible_answer or double.possible_answer,
    )
    if over is None:
        return merged
    return replace(
        merged, state=over.state, ended_at=over.ended_at, marked_by=over.marked_by, hold=over.hold, possible_answer=None
    )


def writes_for(known: Wait, double: Wait) -> tuple[Write, ...]:
    """What makes a stored wait the one that two stand for."""
    wait = one_wait(known, double)
    if wait.open:
        return (SaveWait(wait=wait),)
    return (SaveWait(wait=wait), BlankText(wait=wait.id), DropReminder(wait=wait.id))


def one_exchange(known: SaveExchange, double: SaveExchange) -> SaveExchange:
    """How well a member and a customer know each other where that was counted twice: the stronger of both, as of the later. The
    same messages may have been counted in either, so they aren't added up."""
    at = max(known.at, double.at)
    strength = max(acquaintance.decayed(one.strength, one.at, at) for one in (known, double))
    return replace(known, channel=double.channel, strength=strength, at=at)
