"""What members say was judged wrongly: a message that was overlooked, or one that needs no reply. Their word wins.

A correction is about a message; of a wait's messages, about the one that opened it. The last word on a message counts. Saying the
opposite takes a correction back: where members and judge agree again, nothing is kept.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.context import Context
from bot.domain.durations import Instant
from bot.domain.events import Corrected
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.trace import Trace
from bot.domain.views import Button, PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import ANSWERING, Reply, Wait, WaitState
from bot.domain.writes import DropCorrection, KeepText, SaveCorrection, SaveMessage, SaveWait, Write
from bot.waits import ladder, ownership
from bot.waits.answers import looks_answered
from bot.waits.channel_state import ChannelState
from bot.waits.customer_messages import BURST, CHATTER, new_wait
from bot.waits.outcome import Outcome
from bot.waits.transitions import displaced_by, end, reopen
from bot.waits.verbs.verb import Decided, Speech, dismiss_button, outcome_of, reopen_button

MEMBER_SAID = "a member said so"
"""The evidence of a wait that is open on a member's word."""


def corrected(state: ChannelState, context: Context, event: Corrected, trace: Trace) -> Decided:
    """The writes for a correction, and what came of it. Only members' count.

    "opened", "reopened", "joined" (it belongs to the customer's open wait now) and "waits_already"; "dismissed", "off_already"
    and "noted" (the wait had ended already, so only the correction is kept); "not_listed": nobody waits because of that message;
    "not_a_customer": a member or an app wrote it; "unknown": nothing is known of it any more.
    """
    if event.by not in state.team.members:
        trace.say("only members correct anything")
        return [], Outcome(how="not_listed")
    known = [wait for wait in state.waits_with(event.message) if event.message in wait.messages]
    wait = max(known, key=lambda wait: (wait.open, wait.opened_at), default=None)
    if event.says == "needs_none":
        return _needs_none(wait, event, trace)
    if wait is None:
        return _overlooked(state, context, event, trace)
    if wait.open:
        trace.say(f"wait {wait.id} is open as it is")
        return [], outcome_of("waits_already", wait)
    answered = _answer(wait)
    writes = reopened(state, wait, by=event.by, at=event.at, trace=trace)
    if state.rules.keep_text and event.posted is not None and event.posted.text:
        writes.append(KeepText(wait=wait.id, message=event.message, text=event.posted.text))
    return writes, outcome_of("reopened", wait, writes, reply=answered)


def dismiss(wait: Wait, *, by: str, at: Instant) -> list[Write]:
    """A member says that an open wait needs no reply."""
    return [*end(displaced_by(wait, by, at), WaitState.DISMISSED, at), _needless(wait, by=by, at=at)]


def reopened(state: ChannelState, wait: Wait, *, by: str, at: Instant, trace: Trace) -> list[Write]:
    """A member says that a wait which ended isn't over: it goes on as if it hadn't ended, its time from its own opening and its
    ladder from now. What was taken for the answer isn't one."""
    trace.say(f"wait {wait.id} is open again: {by} says so")
    writes: list[Write] = []
    again = replace(wait, probability=1.0, evidence=_with_word(wait.evidence))
    if wait.state in (WaitState.ANSWERED, WaitState.HELPED):
        again = replace(again, replies=tuple(reply for reply in wait.replies if reply.kind not in ANSWERING))
        for reply in wait.replies:
            seen = state.window.get(reply.message) if reply.kind in ANSWERING else None
            if seen is not None:
                others = tuple(other for other in seen.answers if other != wait.id)
                writes.append(SaveMessage(channel=state.key, seen=replace(seen, answers=others)))
    writes += reopen(state, again, at, ladder_from=at)
    if wait.state is WaitState.DISMISSED and wait.opened_by != "member":
        writes.append(DropCorrection(channel=wait.channel, message=wait.opening))
    elif wait.marked_by is None:
        writes.append(_waits(wait, by=by, at=at))
    return writes


def _needs_none(wait: Wait | None, event: Corrected, trace: Trace) -> Decided:
    if wait is None:
        trace.say("nobody waits because of this message")
        return [], Outcome(how="not_listed")
    own: list[Write] = []
    if event.message != wait.opening:  # it may have been said to wait by itself, and joined the wait
        own.append(DropCorrection(channel=wait.channel, message=event.message))
    if wait.open:
        trace.say(f"ends wait {wait.id}: {event.by} says it needs no reply")
        writes = [*own, *dismiss(wait, by=event.by, at=event.at)]
        return writes, outcome_of("dismissed", wait, writes)
    if wait.state is WaitState.DISMISSED:
        trace.say(f"wait {wait.id} is off the list already")
        return [], outcome_of("off_already", wait)
    trace.say(f"wait {wait.id} is over already; that it needed no reply is kept")
    return [*own, _needless(wait, by=event.by, at=event.at)], outcome_of("noted", wait)


def _needless(wait: Wait, *, by: str, at: Instant) -> Write:
    """What is kept of "needs no reply": nothing where only members had said otherwise."""
    if wait.opened_by == "member":
        return DropCorrection(channel=wait.channel, message=wait.opening)
    judged = wait.opened_by == "judge"
    return SaveCorrection(channel=wait.channel, message=wait.opening, says="needs_none", by=by, at=at, judged=judged)


def _waits(wait: Wait, *, by: str, at: Instant) -> Write:
    """What is kept of "is waiting": against the judge's word where that hadn't opened it."""
    judged = wait.opened_by == "member"
    return SaveCorrection(channel=wait.channel, message=wait.opening, says="waits", by=by, at=at, judged=judged)


def _overlooked(state: ChannelState, context: Context, event: Corrected, trace: Trace) -> Decided:
    """A message of no wait is said to wait: it opens one, or joins the customer's own."""
    seen = state.window.get(event.message)
    message = event.posted if event.posted is not None else _bare(state, seen)
    if message is None:
        trace.say("the message isn't known any more")
        return [], Outcome(how="unknown")
    if message.role is not Role.CUSTOMER or message.marks or message.author in state.team.members:
        trace.say("it was written by a member or an app: only customers wait")
        return [], Outcome(how="not_a_customer", author=message.author)
    if seen is None:
        seen = MessageRecord(
            id=message.id,
            at=message.at,
            author=message.author,
            role=message.role,
            thread=message.thread,
            reply_to=message.reply_to,
            reading=context.judge.read(message, state.names),
        )
    judgement = context.judge.expects_reply(seen, state.window, state.waits_of(message.author))
    trace.judged("calls for a reply", judgement)
    seen = seen.marked(reply_probability=judgement.probability, answers=seen.answers)
    mine = state.open_wait_of(message.author, message)
    if mine is not None and _goes_on(state, context, seen, mine):
        joined = _join(state, event, message, seen, mine, trace)
        return joined, outcome_of("joined", mine, joined)
    by_judge = context.judge.calls(judgement, state.rules.sensitivity, state.shift.log_odds)
    wait = new_wait(state, context, message, seen, judgement, opened_by="judge" if by_judge else "member")
    before = state.waits.get(wait.came_back_from or "")
    burst = list(_burst(state, message))
    wait = replace(
        wait,
        messages=(message.id, *(other.id for other in burst)),
        last_message_at=burst[-1].at if burst else message.at,
        probability=1.0,
        evidence=_with_word(wait.evidence),
        came_back_from=wait.came_back_from if before is not None and before.opened_at < message.at else None,
        ladder_start=event.at,
    )
    owner, reason = ownership.choose(state, wait, event.at)
    wait = replace(wait, owner=owner, owner_reason=reason)
    trace.say(f"opens wait {wait.id}: {event.by} says so")
    writes: list[Write] = [SaveWait(wait=wait)]
    writes += [SaveMessage(channel=state.key, seen=replace(one, wait=wait.id)) for one in (seen, *burst)]
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=wait.id, message=message.id, text=message.text))
    writes += ladder.schedule(wait, state.rules, now=event.at)
    writes.append(_waits(wait, by=event.by, at=event.at))
    return writes, outcome_of("opened", wait, reply=looks_answered(state, context, wait))


def _bare(state: ChannelState, seen: MessageRecord | None) -> Message | None:
    """A message of which only its place is kept, without its text."""
    if seen is None:
        return None
    return Message(
        channel=state.key,
        id=seen.id,
        at=seen.at,
        author=seen.author,
        role=seen.role,
        thread=seen.thread,
        reply_to=seen.reply_to,
    )


def _goes_on(state: ChannelState, context: Context, seen: MessageRecord, mine: Wait) -> bool:
    """Whether a message belongs to its customer's open wait: the same burst, or the same matter."""
    if mine.opened_at - BURST <= seen.at <= mine.last_message_at + BURST:
        return True
    return seen.at > mine.opened_at and context.judge.belongs(seen, mine, state.window)


def _join(state: ChannelState, event: Corrected, message: Message, seen: MessageRecord, mine: Wait, trace: Trace) -> list[Write]:
    trace.say(f"belongs to wait {mine.id}: {event.by} says it waits")
    first = seen.at < mine.opened_at
    longer = replace(
        mine,
        messages=(seen.id, *mine.messages) if first else (*mine.messages, seen.id),
        opened_at=min(mine.opened_at, seen.at),
        last_message_at=max(mine.last_message_at, seen.at),
        probability=1.0,
        evidence=_with_word(mine.evidence),
    )
    writes: list[Write] = [SaveWait(wait=longer), SaveMessage(channel=state.key, seen=replace(seen, wait=mine.id))]
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=mine.id, message=message.id, text=message.text))
    word = SaveCorrection(channel=state.key, message=event.message, says="waits", by=event.by, at=event.at, judged=False)
    return [*writes, word]


def _burst(state: ChannelState, message: Message) -> Iterator[MessageRecord]:
    """What the customer wrote right after a message, in the same place: it belongs to it."""
    last = message.at
    for seen in state.window.by(message.author):
        if (seen.at, seen.id) <= (message.at, message.id):
            continue
        alone = not any(seen.id in wait.messages for wait in state.waits_with(seen.id))
        if seen.at - last > BURST or seen.reply_probability < CHATTER or not alone or seen.thread != message.thread:
            return
        last = seen.at
        yield seen


def _answer(wait: Wait) -> Reply | None:
    """The reply that ended a wait, if one did."""
    if wait.state not in (WaitState.ANSWERED, WaitState.HELPED) or wait.marked_by is not None:
        return None
    return next((reply for reply in wait.replies if reply.kind in ANSWERING), None)


def _with_word(evidence: tuple[str, ...]) -> tuple[str, ...]:
    return (MEMBER_SAID, *(name for name in evidence if name != MEMBER_SAID))


_ON_THE_LIST = {
    "opened": "is on the list now",
    "reopened": "is back on the list",
    "joined": "was on the list; this message belongs to it now",
    "waits_already": "is on the list already",
}


def respond(outcome: Outcome, speech: Speech) -> View:
    """What a member who corrected something is told: privately, with the way to take it back."""
    wait, how = outcome.wait, outcome.how
    if how == "not_a_customer":
        author = outcome.author or ""
        what = ", who is on the team" if speech.is_member(author) else ", an app"
        return speech.said(Plain("That was written by "), PersonName(author), Plain(f"{what}: only customers wait."))
    if how == "unknown":
        return speech.said(Plain("That message is older than anything I keep, so I can't put it on the list."))
    if wait is None:
        return speech.said(Plain("Nobody is waiting because of that message, so there is nothing to take off the list."))
    which = speech.which(wait)
    if how in _ON_THE_LIST:
        so: Spans = (
            *which,
            Plain(", "),
            Plain(_ON_THE_LIST[how]),
            Plain(", waiting since "),
            Timestamp(wait.opened_at),
            Plain("."),
        )
        claim = Button("I'm on it", "claim", speech.handle, "primary")
        return speech.offering((*so, *_overruled(outcome.reply)), claim, dismiss_button(speech))
    if how == "dismissed":
        thanks: Spans = (Plain("Thank you. "), *which, Plain(", needs no reply: it is off the list."))
        return speech.offering(thanks, reopen_button(speech))
    if how == "off_already":
        return speech.offering((*which, Plain(", is off the list already.")), reopen_button(speech))
    ended: Spans = (*which, Plain(", is over already: "), *speech.how_it_ended(wait))
    return speech.said(*ended, Plain(". I've noted that it needed no reply."))


def _overruled(answered: Reply | None) -> Spans:
    if answered is None:
        return ()
    whose: Spans = (Plain(" I had taken "), PersonName(answered.by), Plain("'s message of "), Timestamp(answered.at))
    return (*whose, Plain(" for the answer; your word counts."))
