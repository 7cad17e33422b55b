"""What the team's calendar said when it could be read last: who is on duty or away when."""

from __future__ import annotations

import sqlite3

from bot.domain.duty import CalendarSpans, MemberSpan

EVERY = "SELECT kind, member, since, until FROM calendar_spans ORDER BY kind, since, until, member"

FORGET = "DELETE FROM calendar_spans"

PUT = "INSERT INTO calendar_spans (kind, member, since, until) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING"


def spans(connection: sqlite3.Connection) -> CalendarSpans:
    """All of it."""
    found: dict[str, list[MemberSpan]] = {"duty": [], "away": []}
    for kind, member, since, until in connection.execute(EVERY):
        found[kind].append(MemberSpan(member=member, since=since, until=until))
    return CalendarSpans(duty=tuple(found["duty"]), away=tuple(found["away"]))


def put(connection: sqlite3.Connection, said: CalendarSpans) -> None:
    """What it says now, instead of what it said before."""
    connection.execute(FORGET)
    for kind, listed in (("duty", said.duty), ("away", said.away)):
        connection.executemany(PUT, [(kind, span.member, span.since, span.until) for span in listed])
