"""What came of a trial of first reminders: with and without, from when the reminder was to leave."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.delay_trial import DELAY, TrialEntry
from bot.domain.durations import HOUR, Seconds
from bot.domain.shares import Share
from bot.domain.waits import Wait
from bot.queries.own_record import answered_at
from bot.queries.snapshot import Snapshot
from bot.wording.delay_trial import TrialArm, TrialReport

NEVER: Seconds = float("inf")


def trial_report_of(snapshot: Snapshot, *, channel: str | None = None) -> TrialReport | None:
    """The trial that runs, or ran last; None where there never was one. Everybody for whom the lot was drawn counts on the side
    that it said, whatever became of them: who is left out afterwards would be left out for what the reminder did."""
    trial, now = snapshot.lookups.preferences.choices.trial, snapshot.now
    if trial is None:
        return None
    entries = [entry for entry in snapshot.tx.trial_entries(trial.since) if entry.at < trial.until and entry.at <= now - HOUR]
    waits = {wait.id: wait for wait in snapshot.tx.waits([entry.wait for entry in entries])}
    known = [
        (entry, wait)
        for entry in entries
        if (wait := waits.get(entry.wait)) is not None and snapshot.shows(wait.channel) and channel in (None, wait.channel)
    ]
    at_once, later = ([one for one in known if one[0].delayed is delayed] for delayed in (False, True))
    return TrialReport(trial=trial, now=now, at_once=_arm(at_once), later=_arm(later))


def _arm(known: Sequence[tuple[TrialEntry, Wait]]) -> TrialArm:
    times = tuple(NEVER if (at := answered_at(wait, entry.at)) is None else at - entry.at for entry, wait in known)
    return TrialArm(
        soon=Share(number=sum(time <= DELAY for time in times), of=len(times)),
        within_hour=Share(number=sum(time <= HOUR for time in times), of=len(times)),
        times=times,
    )
