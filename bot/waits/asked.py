"""Who was asked about a wait lately: they aren't notified of it again within a rung's span, whatever makes a rung come.

A colleague passes it on, goes away, claims it and lets it go; a rung is regrouped with others, or comes again after a restart:
the one who was asked a minute ago knows. What makes it news to them is that a hold ran out, or that the customer asked again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.durations import Instant, Seconds
from bot.domain.outgoing import SentReminder
from bot.domain.people import Team
from bot.domain.rules import ChannelRules
from bot.domain.waits import Wait
from bot.waits import holds, ladder


def not_lately(
    wait: Wait, rules: ChannelRules, sent: Sequence[SentReminder], to: tuple[str, ...], now: Instant
) -> tuple[str, ...] | None:
    """Those of `to` (empty: the team as a whole) who may be asked now, after the reminders that were `sent`; None: nobody. A word
    before a promise is due asked nobody."""
    if to and to == (handed_to(wait, sent),):
        return to  # a new word, whenever they were asked before
    sent = [one for one in sent if one.asking.promised is None]
    if not to:
        return None if _lately(wait, rules, [one for one in sent if not one.to], now) else ()
    return (
        tuple(
            member
            for member in to
            if _asks_them(wait, member, sent) or not _lately(wait, rules, [one for one in sent if member in one.to], now)
        )
        or None
    )


def holder_to_tell(wait: Wait, team: Team) -> str | None:
    """Who held a wait until its customer asked again: they are told of it before anybody else is asked."""
    insisted = wait.insisted
    if insisted is None or insisted.by not in team.members or insisted.by in wait.not_me:
        return None
    return insisted.by


def pressed(wait: Wait, sent: Sequence[SentReminder], now: Instant) -> Wait | None:
    """A wait whose customer asked again while a promise holds it, as whoever is to keep that is asked of it; None where that
    isn't so, or was told."""
    hold, insisted = wait.as_of(now).hold, wait.insisted
    if hold is None or insisted is None or holds.promised_for(hold) is None or any(one.at >= insisted.at for one in sent):
        return None
    keeper = wait.handed_to or hold.by
    return replace(wait, hold=None, owner=keeper, owner_reason="assigned", possible_answer=None)


def lately_until(
    wait: Wait, rules: ChannelRules, sent: Sequence[SentReminder], member: str | None, now: Instant
) -> Instant | None:
    """Until when a member (None: the team as a whole) was asked too lately to be asked again; None where they may be."""
    if member is not None and member == handed_to(wait, sent):
        return None  # a new word, whenever they were asked before
    sent = [one for one in sent if one.asking.promised is None]
    theirs = [one for one in sent if (not one.to if member is None else member in one.to)]
    if not _lately(wait, rules, theirs, now) or (member is not None and _asks_them(wait, member, sent)):
        return None
    return theirs[-1].at + _span(wait, rules, theirs[-1].step)


def last_asked(wait: Wait, sent: Sequence[SentReminder]) -> tuple[str, ...]:
    """Who was asked of a wait last by name; nobody, where nobody was. While it is handed to somebody, whoever was asked before
    that isn't to see to it any more."""
    since = 0.0 if wait.handed is None or wait.handed_to is None else wait.handed.at
    return next((one.to for one in reversed(sent) if one.to and one.at >= since and one.asking.promised is None), ())


def last_taken(wait: Wait, sent: Sequence[SentReminder]) -> SentReminder | None:
    """The rung that left last since the wait's ladder began; None: none did, or what is said before a promise is due alone."""
    taken = [one for one in sent if one.wait == wait.id and one.at >= wait.ladder_start and one.asking.promised is None]
    return taken[-1] if taken else None


def latest_rung(wait: Wait, sent: Sequence[SentReminder]) -> SentReminder | None:
    """The rung that says who is asked about a wait: the latest that is read somewhere. One that went to whom the wait was handed
    to calls on nobody once that is taken back, unless there was no other. Posts, lists and digests all go by it."""
    read = [one for one in sent if one.address is not None]
    theirs = [one for one in read if not one.asking.assigned or (wait.handed_to is not None and one.to == (wait.handed_to,))]
    found = theirs or read
    return found[-1] if found else None


def handed_to(wait: Wait, sent: Sequence[SentReminder]) -> str | None:
    """Whom a wait was handed to and who wasn't told of that yet; None: there is nobody to tell."""
    handed, member = wait.handed, wait.handed_to
    if handed is None or member is None or member != handed.to or member in wait.not_me:
        return None
    if wait.hold is not None and holds.promised_for(wait.hold) is None:
        return None
    return None if any(member in one.to and one.at >= handed.at for one in sent) else member


def _lately(wait: Wait, rules: ChannelRules, sent: Sequence[SentReminder], now: Instant) -> bool:
    if not sent:
        return False
    last = sent[-1]
    return now - last.at < _span(wait, rules, last.step) and not _is_news_since(wait, last.at, now)


def _is_news_since(wait: Wait, at: Instant, now: Instant) -> bool:
    """Whether the ladder began anew since then: a hold ran out, the customer ended one by asking again, or the wait came back."""
    hold, insisted = wait.hold, wait.insisted
    if insisted is not None and insisted.at >= at:
        return True
    if hold is None:
        return wait.ladder_start > at
    return at <= hold.since and holds.ran_out(hold, now)


def _asks_them(wait: Wait, member: str, sent: Sequence[SentReminder]) -> bool:
    """Whether it is to be the question about what this member wrote since they were asked last."""
    maybe = wait.possible_answer
    if maybe is None or maybe.by != member or member in maybe.asked:
        return False
    return all(one.at < maybe.at for one in sent if member in one.to)


def _span(wait: Wait, rules: ChannelRules, step: int) -> Seconds:
    """How long who was asked isn't asked again: a rung may leave a little late, and the next one on its time."""
    if not rules.steps:
        return 0.0
    span = ladder.span(wait, rules, min(step, len(rules.steps) - 1))
    return span - min(ladder.LATE, span / 2)
