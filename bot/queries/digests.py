"""What the team's digests tell: who is waiting, and the week in sums."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.durations import DAY, HOUR, WEEK, Instant
from bot.domain.marks import CALENDAR_FAILS
from bot.domain.notifications import Appeal
from bot.domain.waits import Wait
from bot.queries.arrivals import still_to_greet
from bot.queries.came_back import came_back
from bot.queries.pauses import paused_places
from bot.queries.snapshot import Snapshot
from bot.queries.thanks import public_thanks
from bot.queries.topics import asked_again
from bot.queries.waits import rows
from bot.waits.figures import Figures
from bot.wording.digest import DigestFacts, WeekFacts
from bot.wording.switches import Quieted

MOST_AGAIN = 3
"""Matters that a weekly digest names which several customers asked about."""

MOST_IN_DIGEST = 500
"""Open waits a digest looks at, the latest; it lists far fewer."""


def digest_facts(
    snapshot: Snapshot, appeals: Sequence[Appeal] = (), place: str | None = None, since: Instant | None = None
) -> DigestFacts:
    """Who is waiting, for the digest of a day, which mentions these. That of one `place` (a platform, or a server with a team of
    its own) tells of who waits there; of others only where it mentions somebody about them, and not what they wrote. `since` the
    last digest."""
    lookups = snapshot.lookups

    def tells(channel: str) -> bool:
        return lookups.digest_tells(place, channel)

    about = {one.wait: one for one in appeals}
    waits = [one for one in snapshot.open_waits(MOST_IN_DIGEST) if tells(one.wait.channel) or one.wait.id in about]
    listed = tuple(
        replace(row, appeal=about.get(row.wait.id), texts=row.texts if tells(row.wait.channel) else ())
        for row in rows(snapshot, waits, with_reminders=True)
    )
    held = lookups.held_since(snapshot.now - HOUR)
    unread = {lookups.channel_name(channel): held_from for channel, held_from in held.items() if tells(channel)}
    return DigestFacts(
        rows=listed,
        now=snapshot.now,
        zone=lookups.preferences.hours_of("").zone,
        unread=unread,
        calendar_fails=_calendar_fails(snapshot),
        quieted=quieted(snapshot, place),
        trial=lookups.preferences.choices.running_trial(snapshot.now),
        greetings=still_to_greet(snapshot, tells),
        lost=_lost(snapshot, since, place, threads=False),
        lost_threads=_lost(snapshot, since, place, threads=True),
        troubles=[says for server, says in lookups.troubles() if place is None or server is None or server == place],
    )


def _lost(snapshot: Snapshot, since: Instant | None, place: str | None, *, threads: bool) -> dict[str, int]:
    """How many customers waited in channels that are gone since an instant (None: a day ago), by the channels' names; or in
    `threads` of theirs that are."""
    lookups, after = snapshot.lookups, snapshot.now - DAY if since is None else since
    lost = [wait for wait in snapshot.tx.lost_waits() if wait.ended_at is not None and after < wait.ended_at <= snapshot.now]
    told = [
        wait
        for wait in lost
        if wait.by_thread is threads and snapshot.shows(wait.channel) and lookups.digest_tells(place, wait.channel)
    ]
    return dict(Counter(lookups.channel_name(wait.channel) for wait in told))


def _calendar_fails(snapshot: Snapshot) -> Instant | None:
    """Since when the team's calendar can't be read, where that is long."""
    mark = snapshot.tx.mark(CALENDAR_FAILS)
    return mark.at if mark is not None and snapshot.now - mark.at >= DAY else None


def quieted(snapshot: Snapshot, place: str | None = None) -> Quieted:
    """What keeps reminders from leaving though customers wait, by somebody's word; for the digest of one `place` by whom is asked
    there."""
    lookups, now = snapshot.lookups, snapshot.now
    there = lookups.team().servers.get(place, snapshot.members()) if place is not None else snapshot.members()
    switches = {member: lookups.preferences.switch_of(member) for member in sorted(there)}
    muted = tuple(
        (member, switch.muted_until)
        for member, switch in switches.items()
        if switch.muted_until is not None and switch.muted_at(now)
    )
    off = {member for member, _ in muted}
    without = tuple(member for member, switch in switches.items() if switch.budget == 0 and member not in off)
    unwilling = tuple(
        member
        for member, switch in switches.items()
        if "reminders" not in switch.wanted and member not in off and member not in without
    )
    return Quieted(
        pauses=paused_places(snapshot, ahead=True, place=place),
        muted=muted,
        without_budget=without,
        unwilling=unwilling,
        nobody_left=bool(switches) and len(off) + len(without) + len(unwilling) == len(switches),
    )


def week_facts(snapshot: Snapshot, place: str | None = None) -> WeekFacts:
    """The sums of the last seven days beside those of the seven before; for the digest of one `place` its own."""
    now, tx = snapshot.now, snapshot.tx
    last, before = Figures(end=now), Figures(end=now - WEEK)
    back: list[Wait] = []

    def tells(channel: str) -> bool:
        return snapshot.shows(channel) and snapshot.lookups.digest_tells(place, channel)

    def told(wait: Wait) -> bool:
        return tells(wait.channel)

    for wait in tx.opened_since(now - 2 * WEEK):
        if wait.opened_at <= now and told(wait):
            (last if wait.opened_at > now - WEEK else before).add(wait)
            if wait.opened_at > now - WEEK and wait.came_back_from is not None:
                back.append(wait)
    last.came_back = came_back(snapshot, back)
    open_now = sum(map(told, tx.open_waits(MOST_IN_DIGEST)))
    return WeekFacts(
        figures=last,
        open_now=open_now,
        before=before if before.waits else None,
        thanks=public_thanks(snapshot, tells),
        again=asked_again(snapshot, tells, MOST_AGAIN),
    )
