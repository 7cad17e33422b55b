"""Reasons in words: why a message of ours didn't leave."""

from __future__ import annotations

from bot.domain.reasons import Reason, ReasonCode

SENTENCES = {
    ReasonCode.ENDED: "the wait has ended: {0}",
    ReasonCode.NO_STEP: "the ladder has no such step any more",
    ReasonCode.NOBODY_WORKS: "nobody it could go to works within the next year",
    ReasonCode.BACK_TOO_LATE: "{all} will be at work only after the next step can be taken",
    ReasonCode.OVER_BUDGET: "over the daily budget of {all}",
    ReasonCode.UNWANTED: "{all} wants no such messages",
    ReasonCode.ASKED_LATELY: "{all} had been asked a moment ago",
    ReasonCode.REPLACED: "a later one took its place",
    ReasonCode.MISSED: "missed; a later one says it all",
    ReasonCode.WAIT_GONE: "its wait is gone",
    ReasonCode.WAITS_FORGOTTEN: "the waits it told of are forgotten",
    ReasonCode.NO_DIRECT_MESSAGES: "it stays in the member's own list: they haven't asked for direct messages",
    ReasonCode.NOTHING_TO_SAY: "there was nothing to say",
    ReasonCode.POST_DELETED: "its post was deleted",
    ReasonCode.POST_REMOVED: "its post is removed: somebody who isn't on the team could read it",
    ReasonCode.NOT_POSTED: "nothing is posted here",
    ReasonCode.ONLY_NOTED: "only noted",
    ReasonCode.NOWHERE: "there is no channel to send it to: set reminders.destination in the settings",
    ReasonCode.UNREADABLE: "it may have arrived, and what was sent there can't be read back: it isn't sent twice",
    ReasonCode.IN_DOUBT: "it may have arrived, and that can't be found out: {0}",
    ReasonCode.REFUSED: "{0}",
    ReasonCode.TOO_OFTEN: "gave up after {0} attempts: {1}",
    ReasonCode.OLD: "{0}",
}
"""By code; {0} and {1} are what it is about, {all} the members it is about."""


def sentence(reason: Reason) -> str:
    """A reason as people read it, without a capital or a full stop: it follows a colon."""
    return SENTENCES[reason.code].format(*reason.about, all=", ".join(reason.about) or "the team")
