"""Who was told what: when messages for a person left, how those were chosen who were asked, and whom digests mentioned."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Sequence

from bot.domain.durations import Instant
from bot.domain.notifications import STRAIGHT, Appeal, Asking, PassedOver, Unavailable
from bot.domain.outgoing import Due, SkippedReminder
from bot.domain.reasons import Reason, ReasonCode
from storage.sqlite.flushed import Flushed

NOTIFIED = """
SELECT sent_at FROM recipients WHERE person = :person AND sent_at >= :since
UNION
SELECT iif(failures > 0, max(due_at, :since), left_at) FROM outgoing, json_each(outgoing.sent_to) AS wanted
WHERE state = 'sending' AND left_at >= :since AND wanted.value = :person
    AND outgoing.id NOT IN (SELECT wanted.value FROM json_each(:but) AS wanted)
ORDER BY 1
"""
"""What is on its way may arrive: it counts. What failed is tried again and again, and counts as of when it was due: an outage on
one platform keeps nobody from being told something on another."""

COUNT_DOUBTFUL = """
INSERT OR IGNORE INTO recipients (person, sent_at, reminder)
SELECT wanted.value, outgoing.left_at, outgoing.id FROM outgoing, json_each(outgoing.sent_to) AS wanted
WHERE outgoing.id = ? AND outgoing.left_at IS NOT NULL
"""
"""What was given up and may have arrived counts: who reads it was notified."""

TEAM_ASKED = """
SELECT max(at) FROM (
    SELECT max(sent_at) AS at FROM outgoing WHERE state = 'sent' AND asking IS NOT NULL AND sent_to = '[]'
    UNION ALL
    SELECT max(iif(failures > 0, due_at, left_at)) FROM outgoing
    WHERE state = 'sending' AND asking IS NOT NULL AND sent_to = '[]'
        AND id NOT IN (SELECT wanted.value FROM json_each(?) AS wanted)
)
"""

REMINDERS_DUE = """
SELECT max(due_at) FROM outgoing WHERE state = 'pending' AND kind = 'reminder' AND due_at > ? AND due_at <= ?
"""

NOTE_ASKING = "UPDATE outgoing SET asking = ? WHERE id = ? AND state = 'sending' AND attempt = ?"

LEFT_OUT_WHY = (ReasonCode.OVER_BUDGET, ReasonCode.BACK_TOO_LATE, ReasonCode.NOBODY_WORKS, ReasonCode.ASKED_LATELY)

SKIPPED = f"""
SELECT outgoing.step, outgoing.due_at, outgoing.reason, outgoing.detail, outgoing.asking
FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.id = ? AND outgoing.state = 'moot' AND outgoing.reason IN ({", ".join(f"'{code}'" for code in LEFT_OUT_WHY)})
ORDER BY outgoing.due_at, outgoing.id
"""

LEFT_OUT = """
SELECT 1 FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.id = ? AND outgoing.state = 'moot' AND outgoing.reason = ?
    AND NOT EXISTS (
        SELECT 1 FROM outgoing AS later WHERE later.wait = waits.no AND later.state = 'sent' AND later.id > outgoing.id
    )
LIMIT 1
"""

APPEAL = """
INSERT INTO appeals (wait, digest, person, at, decides)
SELECT no, ?, ?, ?, ? FROM waits WHERE id = ?
"""

WITHDRAW_APPEALS = "DELETE FROM appeals WHERE digest = ?"

ARRIVED = """
NOT EXISTS (
    SELECT 1 FROM outgoing
    WHERE outgoing.key = appeals.digest AND outgoing.kind IN ('digest', 'tip') AND outgoing.state NOT IN ('sent', 'sending')
)
"""
"""Its digest left, as far as is known. The row of an old one is forgotten."""

OF_WAIT = f"""
SELECT appeals.person, appeals.at, appeals.decides
FROM waits CROSS JOIN appeals ON appeals.wait = waits.no
WHERE waits.id = ? AND {ARRIVED} ORDER BY appeals.at
"""

OF_DIGEST = """
SELECT waits.id, appeals.person, appeals.at, appeals.decides
FROM appeals CROSS JOIN waits ON waits.no = appeals.wait
WHERE appeals.digest = ? ORDER BY appeals.wait
"""

AHEAD = """
SELECT 1 FROM waits CROSS JOIN outgoing ON outgoing.wait = waits.no
WHERE waits.id = ? AND outgoing.state IN ('pending', 'sending') LIMIT 1
"""

OF_PERSON = f"""
SELECT max(at) FROM appeals WHERE person = ? AND at >= ? AND {ARRIVED}
    AND NOT EXISTS (SELECT 1 FROM outgoing WHERE outgoing.key = appeals.digest AND state = 'sending' AND failures > 0)
"""
"""A digest that is tried again and again mentions them anew each time, and mostly never arrived."""


def notified(connection: sqlite3.Connection, person: str, since: Instant, but: Sequence[int]) -> tuple[Instant, ...]:
    """When messages for a person left, or went on their way, since an instant; not counting the rows in `but`."""
    values = {"person": person, "since": since, "but": json.dumps(but)}
    return tuple(at for (at,) in connection.execute(NOTIFIED, values))


def team_asked_at(connection: sqlite3.Connection, but: Sequence[int]) -> Instant | None:
    """When the team as a whole was asked last because nobody could be."""
    at: Instant | None = connection.execute(TEAM_ASKED, (json.dumps(but),)).fetchone()[0]
    return at


def reminders_due(connection: sqlite3.Connection, after: Instant, until: Instant) -> Instant | None:
    """When the latest reminder falls due that does between two instants."""
    at: Instant | None = connection.execute(REMINDERS_DUE, (after, until)).fetchone()[0]
    return at


def count_doubtful(connection: sqlite3.Connection, due: Due) -> None:
    """A row that was given up counts where it may have arrived."""
    connection.execute(COUNT_DOUBTFUL, (due.id,))


def note_asking(connection: sqlite3.Connection, due: Due, asking: Asking) -> None:
    """How those are chosen whom a leased reminder goes to."""
    connection.execute(NOTE_ASKING, (packed(asking), due.id, due.attempt))


def skipped(connection: Flushed, wait: str) -> tuple[SkippedReminder, ...]:
    """The rungs of a wait that were left out because of people's days, in order."""
    rows = connection.execute(SKIPPED, (wait,)).fetchall()
    return tuple(
        SkippedReminder(
            step=step,
            at=at,
            reason=Reason(code=ReasonCode(reason), about=() if detail is None else tuple(json.loads(detail))),
            asking=unpacked(asking),
        )
        for step, at, reason, detail, asking in rows
    )


def left_out(connection: Flushed, wait: str) -> bool:
    """Whether a reminder about a wait was left out because a day's budget had no room for it, and none has left since."""
    return connection.execute(LEFT_OUT, (wait, ReasonCode.OVER_BUDGET.value)).fetchone() is not None


def appeal(connection: sqlite3.Connection, digest: str, appeals: Iterable[Appeal]) -> None:
    """A digest that goes on its way appeals these, and nobody else."""
    connection.execute(WITHDRAW_APPEALS, (digest,))
    connection.executemany(APPEAL, [(digest, one.person, one.at, one.decides, one.wait) for one in appeals])


def withdraw_appeals(connection: sqlite3.Connection, digest: str) -> None:
    """A digest won't arrive: whom it appeals don't hear of it."""
    connection.execute(WITHDRAW_APPEALS, (digest,))


def appeals_of(connection: Flushed, wait: str) -> tuple[Appeal, ...]:
    """Whom digests mentioned about a wait, in order."""
    rows = connection.execute(OF_WAIT, (wait,)).fetchall()
    return tuple(Appeal(wait=wait, person=person, at=at, decides=bool(decides)) for person, at, decides in rows)


def appeals_in(connection: Flushed, digest: str) -> tuple[Appeal, ...]:
    """Whom a digest appeals, about which waits."""
    rows = connection.execute(OF_DIGEST, (digest,)).fetchall()
    return tuple(Appeal(wait=wait, person=person, at=at, decides=bool(decides)) for wait, person, at, decides in rows)


def ahead(connection: Flushed, wait: str) -> bool:
    """Whether a reminder of a wait is still to come."""
    return connection.execute(AHEAD, (wait,)).fetchone() is not None


def appealed_to(connection: sqlite3.Connection, person: str, since: Instant) -> Instant | None:
    """When a digest mentioned somebody last, at an instant or later."""
    at: Instant | None = connection.execute(OF_PERSON, (person, since)).fetchone()[0]
    return at


def packed(asking: Asking) -> str | None:
    """How those were chosen who are asked, as a row holds it."""
    if asking == STRAIGHT:
        return None
    passed = [[one.member, one.why.value, one.until, one.budget] for one in asking.passed]
    found = {"lead": asking.lead, "back": asking.back, "days_full": asking.days_full, "promised": asking.promised}
    if asking.handed or asking.returns is not None:  # rare, and not known to earlier versions
        found |= {"handed": asking.handed, "returns": asking.returns}
    if asking.anybody:
        found |= {"anybody": True}
    if asking.since is not None:
        found |= {"since": asking.since}
    if asking.assigned:
        found |= {"assigned": True}
    if asking.pressed:
        found |= {"pressed": True}
    if asking.loop:
        found |= {"loop": True}
    return json.dumps({"passed": passed} | found)


def unpacked(text: str | None) -> Asking:
    """What `packed` made."""
    if text is None:
        return STRAIGHT
    found = json.loads(text)
    passed = tuple(
        PassedOver(member=member, why=Unavailable(why), until=until, budget=budget)
        for member, why, until, budget in found["passed"]
    )
    return Asking(
        passed=passed,
        lead=found["lead"],
        back=found.get("back"),
        days_full=found["days_full"],
        promised=found.get("promised"),
        handed=found.get("handed", False),
        returns=found.get("returns"),
        anybody=found.get("anybody", False),
        since=found.get("since"),
        assigned=found.get("assigned", False),
        pressed=found.get("pressed", False),
        loop=found.get("loop", False),
    )
