"""What `realreply doctor` says of what may be missing: channels that aren't read back, gaps there were, events that failed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.doctor.findings import clock
from bot.domain.durations import DAY, Instant
from bot.domain.gaps import FailedEvent, Gap, GapReason
from bot.ports import Finding, Naming, QueryTransaction

MOST_GAPS = 200
MOST_FAILED = 20
MOST_NAMED = 5

WHY = {
    GapReason.STOPPED: "realreply didn't run",
    GapReason.DISCONNECTED: "there was no connection",
    GapReason.RENEWED: "one of the connections was renewed",
    GapReason.DROPPED: "the platform dropped events, and said so",
    GapReason.RETRIED: "the platform had to deliver something twice",
    GapReason.SILENT: "nothing was delivered, though something had happened",
    GapReason.REFUSED: "what came in couldn't be stored",
    GapReason.LEFT: "the channel couldn't be seen",
}


def of_missing(tx: QueryTransaction, names: Naming, now: Instant) -> list[Finding]:
    """Everything there is to say about what may be missing."""
    gaps = tx.gaps(MOST_GAPS)
    found = _behind(tx.behind(), names)
    found += [_open(gap, names) for gap in gaps if gap.closed_at is None]
    closed = [gap for gap in gaps if gap.closed_at is not None and gap.closed_at >= now - 7 * DAY]
    if closed:
        found.append(_closed(closed))
    return found + [_failed(event, names) for event in tx.failed_events(MOST_FAILED)]


def _behind(behind: Mapping[str, Instant], names: Naming) -> list[Finding]:
    if not behind:
        return []
    named = [f"{names.channel(channel)} since {clock(since)}" for channel, since in list(behind.items())[:MOST_NAMED]]
    more = len(behind) - len(named)
    says = f"may be incomplete, and isn't read back yet: {', '.join(named)}" + (f" and {more} more" if more else "")
    do = "the running bot reads it back. If this stays, realreply isn't in the channel any more, or its log says why it can't be"
    return [Finding(level="note", says=says, do=do)]


def _open(gap: Gap, names: Naming) -> Finding:
    where = f" in {names.channel(gap.channel)}" if gap.channel is not None else ""
    says = f"events since {clock(gap.since)}{where} may have been missed ({WHY[gap.reason]}), noted {clock(gap.noted_at)}"
    return Finding(level="note", says=says, do="it closes when all that may be missing was read back")


def _closed(closed: Sequence[Gap]) -> Finding:
    last = closed[0]
    count = "one gap" if len(closed) == 1 else f"{len(closed)} gaps"
    says = f"{count} in the last week, read back; the last: since {clock(last.since)} ({WHY[last.reason]})"
    return Finding(level="good", says=says + (f", closed {clock(last.closed_at)}" if last.closed_at is not None else ""))


def _failed(event: FailedEvent, names: Naming) -> Finding:
    says = (
        f"what happened in {names.channel(event.channel)} at {clock(event.at)} ({event.kind} of message {event.message}) "
        f"couldn't be stored: {event.error}"
    )
    return Finding(level="bad", says=says, do="see that the customer is answered, and report this; the next start reads it again")
