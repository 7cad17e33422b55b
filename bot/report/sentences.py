"""A report's sentences: what a terminal and a page say alike."""

from __future__ import annotations

from datetime import datetime

from bot.domain import durations
from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.waits import ReplyKind
from bot.queries.report import OUTCOMES, Basis, Report, ReportedWait
from bot.report.page.charts import DAYS
from bot.wording.evidence import KINDS

MOST_NAMED = 6


def said(seconds: Seconds | None) -> str:
    """A span of time; a dash where there is none."""
    if seconds is None:
        return "–"
    return "under 1 min" if seconds < durations.MINUTE / 2 else durations.say(seconds)


def both(wall: Seconds | None, working: Seconds | None) -> str:
    """A span by the wall's clock, with how much of it was working time."""
    if wall is None or working is None:
        return said(wall)
    return f"{said(wall)} ({said(working) if working else 'none'} of working time)"


def clock(at: Instant, basis: Basis) -> str:
    """An instant by the team's clock, with its date."""
    return f"{datetime.fromtimestamp(at, basis.hours.zone):%a %d %b %Y %H:%M}"


def share(part: int, whole: int) -> str:
    """A share of some, with what it is a share of."""
    return f"{part / whole:.0%} ({part} of {whole})" if whole else "–"


def basis_rows(basis: Basis) -> list[tuple[str, str, str]]:
    """What figures rest on: (what, what it is, the option that changes it or "")."""
    zone = str(basis.hours.zone)
    rows = [
        ("Span", f"{clock(basis.since, basis)} to {clock(basis.until, basis)}, {said(basis.lasted)}", ""),
        ("Team", basis.members, "--team NAME"),
        ("Time zone", zone, "--zone ZONE"),
        ("Working hours", basis.hours_said, "--hours HOURS"),
        ("On duty", _people(basis.duty, guessed=basis.duty_guessed), "--duty NAME"),
        ("Leads", _people(basis.leads), "--lead NAME"),
    ]
    if basis.messages is not None:
        rows.insert(1, ("Messages", f"{basis.messages:,}", "--channel GLOB"))
    return rows if basis.changes else [(what, is_, "") for what, is_, _ in rows]


def _people(names: tuple[str, ...], *, guessed: bool = False) -> str:
    if not names:
        return "nobody named"
    told = ", ".join(names[:MOST_NAMED]) + (f" and {len(names) - MOST_NAMED} more" if len(names) > MOST_NAMED else "")
    return f"{told}, guessed from who answers most" if guessed else told


def reminder_sentences(report: Report) -> list[str]:
    """What the bot did, or would have changed."""
    basis = report.basis
    would = "would have gone out" if basis.rehearsed else "went out"
    rate = f", {report.reminders / (basis.lasted / DAY):.1f} a day" if basis.has_rates and report.reminders else ""
    lines = [f"{_count(report.reminders, 'reminder')} {would} about {_count(report.waits_reminded, 'wait')}{rate}."]
    if report.reminders_to_all:
        why = "nobody who could be asked was at work, or nobody is named for that rung"
        if not basis.duty:
            why = "nobody is on duty" + (": name them with --duty NAME" if basis.changes else "")
        lines.append(
            f"{report.reminders_to_all} of them were for the team as a whole: one post in the team's channel that notifies nobody"
            f" by name ({why})."
        )
    if report.asked:
        who = "Who would have been asked by name" if basis.rehearsed else "Who was asked by name"
        lines.append(f"{who} was also the one who answered: {share(report.asked_answered, report.asked)}.")
    if report.reminders_after:
        lines.append(f"{_count(report.reminders_after, 'reminder')} would follow after the span's end and don't count.")
    return lines


def slowest(report: Report) -> list[tuple[str, int, Seconds]]:
    """The hours of the week that are slow: (when, waits, half within what working time), slowest first. Only hours in which
    enough people asked to tell."""
    least = 3 if report.waits >= 30 else 1
    told = [
        (f"{DAYS[day]} {hour:02}–{(hour + 1) % 24:02}", count, half)
        for (day, hour), (count, half) in report.slots.items()
        if count >= least and half is not None
    ]
    return sorted(told, key=lambda row: (-row[2], row[0]))[:5]


def life(one: ReportedWait, basis: Basis) -> list[tuple[str, str]]:
    """A wait's timeline: (when, what happened)."""
    found: list[tuple[Instant, str]] = [
        (one.opened_at, "asked" + (f" ({one.messages} messages in all)" if one.messages > 1 else ""))
    ]
    would = "would have been asked" if basis.rehearsed else "was asked"
    for reminder in one.reminders:
        whom = " and ".join(reminder.to) if reminder.to else "the team as a whole"
        owner = f", {_owner(one)}" if one.owner is not None and reminder.step == 0 and one.owner in reminder.to else ""
        found.append((reminder.at, f"reminder {reminder.step + 1}: {whom} {would}{owner}"))
    for reply in one.replies:
        found.append((reply.at, f"{reply.by}: {KINDS[reply.kind] if reply.kind is not ReplyKind.NOTHING else 'a message'}"))
    found.sort(key=lambda entry: entry[0])
    end = one.ended_at if one.ended_at is not None else basis.until
    return [*((clock(at, basis), what) for at, what in found), (clock(max(end, one.opened_at), basis), OUTCOMES[one.outcome])]


OWNED = {
    "claimed": "who took it",
    "assigned": "who was handed it",
    "promised": "who promised an answer",
    "named": "whom the customer named",
    "thread": "who spoke in the thread",
    "acquaintance": "who knows the customer",
    "duty": "who is on duty",
    "team": "as one of the team",
}


def _owner(one: ReportedWait) -> str:
    return OWNED[one.owner_reason]


def _count(count: int, what: str) -> str:
    return f"{count} {what}" + ("" if count == 1 else "s")
