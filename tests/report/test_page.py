"""The report of a replay: what counts, and what the page lets through."""

from __future__ import annotations

import json
import re
from zoneinfo import ZoneInfo

from bot.domain.durations import DAY, HOUR, Instant
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.outgoing import SentReminder
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.queries.report import Basis, Counting, Report, with_questions
from bot.report.page.document import page
from bot.report.sentences import reminder_sentences
from bot.report.tables import as_json

NINE = 1_772_442_000.0
"""Monday, 2 March 2026, 09:00 UTC."""

OFFICE = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=540, closes=1020)]))


def a_wait(number: int, opened: Instant, *, answered: Instant | None = None, customer: str = "dana", by: str = "ana") -> Wait:
    replies = () if answered is None else (Reply(message="r", by=by, at=answered, kind=ReplyKind.PERSONAL),)
    state = WaitState.WAITING if answered is None else WaitState.ANSWERED
    return Wait(
        id=f"c/{number}", channel="c", customer=customer, thread=None, messages=(str(number),), opened_at=opened,
        last_message_at=opened, state=state, ended_at=answered, replies=replies,
    )  # fmt: skip


def reported(*told: tuple[Wait, list[SentReminder]], lasts: float = 3 * DAY, name: str = "") -> Report:
    basis = Basis(
        since=NINE,
        until=NINE + lasts,
        hours=OFFICE,
        hours_said="Mon-Fri 9-17",
        members="2 members",
        duty=(),
        leads=(),
        messages=9,
    )
    counting = Counting(
        basis, name=lambda id: name or id, channel_name=lambda key: name or key, sentences=lambda _: (name,), details=True
    )
    for wait, sent in told:
        counting.add(wait, sent)
    return counting.report()


def reminder(wait: Wait, after: float, *to: str) -> SentReminder:
    return SentReminder(wait=wait.id, step=0, at=wait.opened_at + after, to=to)


def test_who_waits_less_than_a_working_day_at_the_end_is_still_open_and_not_never_answered() -> None:
    report = reported((a_wait(1, NINE), []), (a_wait(2, NINE + 2.5 * DAY), []))
    assert (report.outcomes["never"], report.outcomes["open"]) == (1, 1)


def test_reminders_after_the_end_are_told_apart() -> None:
    late = a_wait(1, NINE + 3 * DAY - HOUR)
    report = reported((late, [reminder(late, 60.0, "ana"), reminder(late, 2 * HOUR)]))
    assert (report.reminders, report.reminders_after, report.reminders_to_all) == (1, 1, 0)


def test_a_wait_from_before_the_span_is_the_longest_but_tells_nothing_of_how_soon_people_are_answered_now() -> None:
    old = a_wait(1, NINE - 9 * DAY)
    report = reported((old, [reminder(old, HOUR), reminder(old, 9 * DAY + HOUR)]), (a_wait(2, NINE, answered=NINE + 60), []))
    assert [one.id for one in report.longest] == ["c/1", "c/2"] and report.outcomes["never"] == 1
    assert (report.within[0].wall, report.within[0].wall_of, report.reminders) == (1, 1, 1)


def test_a_rate_needs_more_than_a_week() -> None:
    wait = a_wait(1, NINE)
    told = (wait, [reminder(wait, 60.0, "ana")])
    assert "a day" not in reminder_sentences(reported(told, lasts=7 * DAY))[0]
    assert "a day" in reminder_sentences(reported(told, lasts=8 * DAY))[0]


def test_working_time_stands_beside_the_clocks_and_a_wait_not_come_to_a_bound_tells_nothing_of_it() -> None:
    overnight = a_wait(1, NINE + 7.5 * HOUR, answered=NINE + DAY + HOUR / 2)  # 16:30 to 09:30
    young = a_wait(2, NINE + 3 * DAY - HOUR / 2)
    report = reported((overnight, []), (young, []))
    assert (report.personal[0], report.personal_working[0]) == (17 * HOUR, HOUR)
    assert [(each.wall, each.wall_of) for each in report.within] == [(0, 2), (0, 1), (0, 1), (1, 1)]
    assert [(each.working, each.working_of) for each in report.within] == [(0, 1), (1, 1), (1, 1), (1, 1)]


def test_how_often_who_was_asked_answered_counts_only_whom_was_asked_before() -> None:
    asked, other, before = (a_wait(n, NINE, answered=NINE + HOUR, by=by) for n, by in ((1, "ana"), (2, "ben"), (3, "ana")))
    report = reported(
        (asked, [reminder(asked, 60.0, "ana")]),
        (other, [reminder(other, 60.0, "ana")]),
        (before, [reminder(before, 2 * HOUR, "ana")]),
    )
    assert (report.asked, report.asked_answered) == (2, 1)


def test_nothing_that_people_wrote_becomes_markup() -> None:
    hostile = '</script><script>alert(1)</script>"><img src=x onerror=alert(1)><!--\u202egnirts\u200b\x00\u2028'
    report = with_questions(reported((a_wait(1, NINE), []), name=hostile), {"c/1": hostile + "x" * 10_000})
    written = page(report, hostile)
    assert "<img" not in written and "alert(1)</script>" not in written
    assert not re.search("[\u202e\u200b\x00\u2028]", written)
    assert written.count("<script") == written.count("</script>") == 2
    data = re.search(r'id="data">(.*?)</script>', written, re.DOTALL)
    assert data is not None and json.loads(data[1])["waits"][0]["q"].startswith("</script>")
    assert "http" not in re.sub(r"http-equiv|http://www.w3.org/2000/svg", "", written), "nothing is loaded from anywhere"


def test_ten_thousand_waits_stay_under_ten_megabytes() -> None:
    waits = [a_wait(n, NINE + n, answered=NINE + n + HOUR, customer=f"customer {n % 900}") for n in range(10_000)]
    report = reported(*((wait, [reminder(wait, 60.0, "ana")]) for wait in waits))
    report = with_questions(report, {wait.id: "q" * 300 for wait in waits})
    assert len(page(report, "many")) < 10_000_000


def test_json_says_it_all_in_one_object() -> None:
    told = json.loads(as_json(reported((a_wait(1, NINE), []))))
    assert (told["waits"], told["how"]["never"], told["every_wait"][0]["how"]) == (1, 1, "never answered")
