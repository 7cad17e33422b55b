"""The trial of first reminders: a lead begins and ends it, the team reads what came of it."""

from __future__ import annotations

from bot.domain.delay_trial import DelayTrial, TrialEntry
from bot.domain.preferences import EVERYBODY, Choices, SetTrial
from bot.domain.shares import Share
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.queries.delay_trial import trial_report_of
from bot.wording.delay_trial import TrialArm, TrialReport, trial_report, verdict
from tests.commands.test_commands import Given, ask, words
from tests.queries.stored import HELP, SALES, TEN, lookups, snapshot, transaction
from tests.queries.test_waits import a_wait
from tests.waits.world import DAY, HOUR, MINUTE, NINE

WEEKS = 8 * 7 * DAY
RUNNING = DelayTrial(since=NINE, until=NINE + WEEKS, by="mia")
OVER = DelayTrial(since=NINE, until=NINE + MINUTE, by="mia")


def says(line: str, trial: DelayTrial | None = None, who: str = "mia") -> Given:
    return ask(line, who, choices=Choices(trials={} if trial is None else {EVERYBODY: trial}))


def test_a_lead_begins_a_trial_that_ends_by_itself() -> None:
    given = says("trial on")
    assert given.choices == (SetTrial(trial=DelayTrial(since=TEN, until=TEN + WEEKS, by="mia"), by="mia", at=TEN),)
    told = words(given.view)
    assert "one in 10 first reminders, chosen by lot, leaves 15 minutes later" in told and "Mon 27 April" in told
    assert says("trial on", OVER).choices != (), "another one"
    again = says("trial on", RUNNING)
    assert again.choices == () and "A trial runs until" in words(again.view)


def test_a_lead_ends_it_and_what_came_of_it_stays() -> None:
    given = says("trial off", RUNNING)
    assert given.choices == (SetTrial(trial=DelayTrial(since=NINE, until=TEN, by="mia"), by="mia", at=TEN),)
    for line in ("trial off", "trial"):
        assert says(line).choices == () and "No trial runs" in words(says(line).view)
    assert "The last one ended" in words(says("trial", OVER).view)
    assert "The trial of first reminders, which is over" in words(says("trial", OVER).view)
    assert "The trial of first reminders, so far" in words(says("stats", RUNNING, "ben").view)
    assert "The trial" not in words(says("stats").view)


def test_only_leads_choose_and_the_digest_says_that_one_runs() -> None:
    refused = says("trial on", who="ben")
    assert refused.choices == () and "leads" in words(refused.view)
    assert "A trial runs until Mon 27 April, by" in words(says("digest now", RUNNING, "ben").view)
    assert "A trial" not in words(says("digest now", OVER, "ben").view)


def answered(after: float) -> tuple[Reply, ...]:
    return (Reply(message="r", by="ana", at=NINE + after, kind=ReplyKind.PERSONAL),)


def test_both_sides_are_counted_from_when_the_reminder_was_to_leave_whatever_became_of_them() -> None:
    def at(number: int, **changes: object) -> Wait:
        return a_wait(0, id=f"{HELP}/{number}", messages=(str(number),), **changes)

    waits = [
        at(1, replies=answered(10 * MINUTE)),
        at(2, replies=answered(50 * MINUTE)),
        at(3, state=WaitState.DISMISSED, ended_at=NINE + MINUTE),
        at(4, replies=answered(14 * MINUTE)),
        at(5, replies=answered(61 * MINUTE)),
        at(6, replies=answered(5 * MINUTE)),
        a_wait(0, id=f"{SALES}/7", channel=SALES, messages=("7",), replies=answered(MINUTE)),
    ]
    tx = transaction(waits)
    for wait in waits[:5]:
        tx.enter_trial(TrialEntry(wait=wait.id, at=NINE, delayed=wait in waits[3:5]))
    tx.enter_trial(TrialEntry(wait=waits[5].id, at=NINE + 2 * HOUR, delayed=False))
    tx.enter_trial(TrialEntry(wait=waits[6].id, at=NINE, delayed=False))
    known = lookups(choices=Choices(trials={EVERYBODY: RUNNING}))
    found = trial_report_of(snapshot(tx, NINE + 2 * HOUR, known), channel=HELP)
    assert found is not None
    assert (found.at_once.soon, found.at_once.within_hour) == (Share(number=1, of=3), Share(number=2, of=3))
    assert (found.later.soon, found.later.within_hour) == (Share(number=1, of=2), Share(number=1, of=2))
    assert sorted(found.at_once.times) == [10 * MINUTE, 50 * MINUTE, float("inf")]
    everywhere = trial_report_of(snapshot(tx, NINE + 2 * HOUR, known))
    assert everywhere is not None and everywhere.at_once.within_hour == Share(number=3, of=4)
    assert trial_report_of(snapshot(tx, NINE + 2 * HOUR)) is None


def report(once: tuple[int, int], later: tuple[int, int]) -> TrialReport:
    def arm(number: int, of: int) -> TrialArm:
        share = Share(number=number, of=of)
        return TrialArm(soon=share, within_hour=share, times=(600.0,) * number + (float("inf"),) * (of - number))

    return TrialReport(trial=RUNNING, now=TEN, at_once=arm(*once), later=arm(*later))


def test_what_can_be_told_is_said_and_what_cant_too() -> None:
    assert verdict(report((40, 81), (2, 9))) == "Too few to say whether reminders help: 9 on the smaller side."
    assert verdict(report((60, 81), (6, 12))) == "This may be chance: it can't be told whether reminders help."
    assert "it helped" in verdict(report((70, 80), (10, 30)))
    assert "it didn't help" in verdict(report((20, 80), (25, 30)))
    told = words(trial_report(report((70, 80), (10, 30))))
    assert "70 of 80 had a personal reply within an hour (88%, likely 78 to 93%), half within 10 min" in told
    assert "10 of 30 had a personal reply within an hour" in told and "fewer than half had one at all" in told
    assert "+54 points, likely +34 to +69" in told
    assert "nobody yet" in words(trial_report(report((0, 0), (0, 0))))
