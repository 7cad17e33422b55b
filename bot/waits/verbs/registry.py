"""The verbs there are, and the one way each of them goes: decided on the wait as it is, then put into words."""

from __future__ import annotations

from bot.domain.events import Acted
from bot.domain.trace import Trace
from bot.domain.views import Plain, View
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome
from bot.waits.verbs.answered import ANSWERED
from bot.waits.verbs.assign import ASSIGN
from bot.waits.verbs.claim import CLAIM
from bot.waits.verbs.close_loop import CLOSE_LOOP
from bot.waits.verbs.confirm import CONFIRM
from bot.waits.verbs.dismiss import DISMISS
from bot.waits.verbs.not_me import NOT_ME
from bot.waits.verbs.not_yet import NOT_YET
from bot.waits.verbs.reopen import REOPEN
from bot.waits.verbs.retake import RETAKE
from bot.waits.verbs.snooze import SNOOZE
from bot.waits.verbs.unassign import UNASSIGN
from bot.waits.verbs.unclaim import UNCLAIM
from bot.waits.verbs.unsnooze import UNSNOOZE
from bot.waits.verbs.unwatch import UNWATCH
from bot.waits.verbs.verb import Decided, Speech, Verb, outcome_of

VERBS: dict[str, Verb] = {
    verb.name: verb
    for verb in (
        *(CLAIM, UNCLAIM, SNOOZE, UNSNOOZE, ASSIGN, UNASSIGN),
        *(ANSWERED, DISMISS, REOPEN, CLOSE_LOOP, CONFIRM, NOT_YET, NOT_ME, RETAKE, UNWATCH),
    )
}
"""Every verb by its name, in the order help lists them."""


def decide(state: ChannelState, event: Acted, trace: Trace) -> Decided:
    """What a member's verb changes and what came of it. Only members' count; on a wait that is over nothing happens but what is
    made for that. Raises KeyError for a verb that doesn't exist."""
    verb = VERBS[event.verb]
    wait = state.waits.get(event.wait)
    if wait is None or event.by not in state.team.members:
        trace.say("there is no such wait for this person")
        return [], Outcome(how="gone")
    if not wait.open and not verb.on_ended:
        trace.say("the wait is over already")
        return [], outcome_of("over", wait)
    return verb.decide(state, wait, event, trace)


def respond(verb: Verb, outcome: Outcome, speech: Speech) -> View:
    """What is said of what came of a verb."""
    if outcome.wait is None:
        return speech.said(Plain("That wait isn't there any more."))
    return speech.over(outcome.wait) if outcome.how == "over" else verb.respond(outcome, speech)
