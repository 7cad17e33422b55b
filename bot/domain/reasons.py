"""Why something that was due didn't leave: codes. The sentences are wording's (bot.wording.reasons), so that rewording or
translating one changes nothing that is stored or asked for."""

from __future__ import annotations

from enum import StrEnum

from bot.domain.value import value


class ReasonCode(StrEnum):
    """What kept a row of the outbox from leaving. Stored: a code that is out of use needs a migration."""

    # It isn't needed, or not at this rung.
    ENDED = "ended"
    """Its wait is over. About: the wait's state."""
    NO_STEP = "no_step"
    """The ladder has no such rung any more."""
    NOBODY_WORKS = "nobody_works"
    """Nobody it could go to works within the next year."""
    BACK_TOO_LATE = "back_too_late"
    """Those it was for are at work only after the next rung (a colleague is asked instead by now). About: these members (none:
    the team)."""
    OVER_BUDGET = "over_budget"
    """The settings leave no room for it in anybody's day. About: the members it was for."""
    UNWANTED = "unwanted"
    """It is for one member alone, who doesn't want its kind. About: this member."""
    ASKED_LATELY = "asked_lately"
    """Those it was for were asked about the wait so lately that they aren't notified again. About: these members (none: the
    team)."""
    REPLACED = "replaced"
    """A later row says the same."""
    MISSED = "missed"
    """A digest's slot passed unseen, and a later one says it all."""
    WAIT_GONE = "wait_gone"
    """Its wait isn't stored any more."""
    WAITS_FORGOTTEN = "waits_forgotten"
    """None of the waits that a post told of is stored any more."""
    NO_DIRECT_MESSAGES = "no_direct_messages"
    """It is for one member alone, who hasn't asked for direct messages."""
    NOTHING_TO_SAY = "nothing_to_say"
    """There was nothing to tell when its time came."""
    POST_DELETED = "post_deleted"
    """The post that it was to bring up to date was deleted."""
    POST_REMOVED = "post_removed"
    """The post that it was to bring up to date is removed, because somebody reads it who isn't on the team."""
    NOT_POSTED = "not_posted"
    """Nothing is posted in this run: a replay, or reminders haven't begun."""
    ONLY_NOTED = "only_noted"
    """It was noted instead of sent, before reminders began."""

    # It was given up.
    NOWHERE = "nowhere"
    """There is no channel for reminders."""
    UNREADABLE = "unreadable"
    """It may have arrived where nothing can be read back."""
    IN_DOUBT = "in_doubt"
    """It may have arrived, and the platform refused to say. About: the platform's own words."""
    REFUSED = "refused"
    """The platform, or the guard, refused it. About: their own words."""
    TOO_OFTEN = "too_often"
    """It failed too often. About: how many times, and the last failure in the platform's own words."""

    OLD = "old"
    """What an earlier version wrote, when reasons were sentences. About: the sentence."""


@value
class Reason:
    """A code, and what it is about: members' ids, or the platform's words (see each code)."""

    code: ReasonCode
    about: tuple[str, ...] = ()
