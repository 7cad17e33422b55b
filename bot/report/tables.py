"""A report for spreadsheets and for scripts."""

from __future__ import annotations

import csv
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, TextIO

from bot.domain.durations import Instant
from bot.queries.report import OUTCOMES, Report, ReportedWait

COLUMNS = (
    "wait", "channel", "customer", "opened_at", "ended_at", "how", "waited_seconds", "working_seconds", "first_reply_seconds",
    "personal_reply_seconds", "personal_reply_working_seconds", "reminders", "asked_answered", "question", "link",
)  # fmt: skip


def write_csv(out: TextIO, report: Report) -> None:
    """One line a wait, in the order in which they opened. A cell that a spreadsheet would take for a formula begins with '."""
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for one in report.details:
        table.writerow([_cell(value) for value in _row(one).values()])


def _row(one: ReportedWait) -> dict[str, Any]:
    values = (
        one.id, one.channel, one.customer, _iso(one.opened_at), _iso(one.ended_at), OUTCOMES[one.outcome], round(one.waited),
        round(one.working), _whole(one.first), _whole(one.personal), _whole(one.personal_working), len(one.reminders),
        one.answered_by_asked, one.question, one.link,
    )  # fmt: skip
    return dict(zip(COLUMNS, values, strict=True))


def _cell(value: object) -> object:
    if isinstance(value, str) and value.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r"):
        return f"'{value}"
    return "" if value is None else value


def as_json(report: Report) -> str:
    """The figures and every wait as one object, in one line. docs/report.md says what each field is."""
    basis = report.basis
    told = {
        "since": _iso(basis.since),
        "until": _iso(basis.until),
        "zone": str(basis.hours.zone),
        "hours": basis.hours_said,
        "duty": list(basis.duty),
        "duty_guessed": basis.duty_guessed,
        "leads": list(basis.leads),
        "waits": report.waits,
        "customers": report.customers,
        "how": {str(key): count for key, count in report.outcomes.items()},
        "first_reply": _spread(report.first),
        "personal_reply": _spread(report.personal),
        "personal_reply_working": _spread(report.personal_working),
        "within": [asdict(each) for each in report.within],
        "channels": [asdict(part) for part in report.channels],
        "by_customer": [asdict(part) for part in report.by_customer],
        "reminders": report.reminders,
        "reminders_to_the_team": report.reminders_to_all,
        "reminders_after_the_end": report.reminders_after,
        "waits_reminded": report.waits_reminded,
        "asked": report.asked,
        "asked_answered": report.asked_answered,
        "reminders_by_day": dict(report.reminders_by_day),
        "every_wait": [_row(one) for one in report.details],
    }
    return json.dumps(told)


def _spread(times: tuple[float | None, float | None]) -> dict[str, float | None]:
    return {"half_within": times[0], "nine_in_ten_within": times[1]}


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else round(seconds)


def _iso(at: Instant | None) -> str | None:
    return None if at is None else datetime.fromtimestamp(round(at), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
