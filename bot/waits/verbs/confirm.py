"""Confirm: a member says that the message which may have answered a wait did."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.events import Acted
from bot.domain.params import WAIT, Param
from bot.domain.trace import Trace
from bot.domain.views import PersonName, Plain, Spans, Timestamp, View
from bot.domain.waits import Reply, Wait
from bot.domain.writes import SaveMessage
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import take_reply
from bot.waits.verbs.verb import Decided, Speech, Verb, claim_button, outcome_of, reopen_button, wait_in

MESSAGE = Param(name="message", kind="text", required=False, hidden=True, most=1)
"""The message that was asked about: a button names it, so that a word on one doesn't count for another."""


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "confirmed", or "not_asked". It is a member's word now, so nothing is left to doubt."""
    maybe = in_question(wait, event, trace)
    if maybe is None:
        return [], outcome_of("not_asked", wait)
    trace.say(f"ends wait {wait.id}: {event.by} says that message {maybe.message} answered it")
    writes = take_reply(state, wait, replace(maybe, probability=1.0, asked=()), until=None)
    seen = state.window.get(maybe.message)
    if seen is not None:
        writes.append(SaveMessage(channel=state.key, seen=replace(seen, answers=(*seen.answers, wait.id))))
    return writes, outcome_of("confirmed", wait, writes, reply=maybe)


def in_question(wait: Wait, event: Acted, trace: Trace) -> Reply | None:
    """The message in question, if it is the one that `event` names (none: whichever it is)."""
    maybe = wait.possible_answer
    if maybe is None or event.text not in (None, maybe.message):
        trace.say("it isn't in question any more whether that message answered it")
        return None
    return maybe


def respond(outcome: Outcome, speech: Speech) -> View:
    """Who answered it, and when."""
    wait, reply = wait_in(outcome), outcome.reply
    if reply is None:
        return not_asked(wait, speech)
    spans: Spans = (Plain("Thank you. "), *speech.which(wait), Plain(", was answered by "), PersonName(reply.by))
    return speech.offering((*spans, Plain(", "), Timestamp(reply.at), Plain(".")), reopen_button(speech))


def not_asked(wait: Wait, speech: Speech) -> View:
    """That nothing is in question."""
    still: Spans = (*speech.which(wait), Plain(", is still waiting; nothing is in question about that message."))
    return speech.offering(still, claim_button(speech))


CONFIRM = Verb(
    name="confirm",
    help="say that the message the reminder asks about was the answer",
    examples=("confirm w17",),
    params=(WAIT, MESSAGE),
    decide=decide,
    respond=respond,
)
