"""Unwatch: a wait is off the list because its channel isn't watched any more. Part of the command about the channel; unlike
dismiss, it says nothing of the message."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import View
from bot.domain.waits import Wait, WaitState
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.transitions import end
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of, wait_in


def decide(state: ChannelState, wait: Wait, event: Acted, trace: Trace) -> Decided:
    """ "unwatched"."""
    del state
    trace.say(f"ends wait {wait.id}: {event.by} has its channel watched no more")
    writes = end(wait, WaitState.DISMISSED, event.at)
    return writes, outcome_of("unwatched", wait, writes)


def respond(outcome: Outcome, speech: Speech) -> View:
    """That it is over."""
    return speech.over(wait_in(outcome))


UNWATCH = Verb(
    name="unwatch",
    help="take it off the list, because its channel isn't watched any more",
    examples=(),
    role="lead",
    button=False,
    asked=False,
    decide=decide,
    respond=respond,
)
