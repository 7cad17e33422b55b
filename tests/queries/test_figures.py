"""A member's own figures beside the team's, and everything a database holds."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.outgoing import DueReminder
from bot.domain.waits import Reply, ReplyKind
from bot.domain.writes import SaveCorrection, SetReminder
from bot.queries.figures import counted, figures_of
from bot.waits.figures import Figures
from bot.wording.answers import own_stats, team_stats
from tests.queries.stored import HELP, SALES, TEN, snapshot, transaction
from tests.queries.test_waits import a_wait
from tests.waits.world import DAY, HOUR, MINUTE, NINE


def reply(by: str, at: float, kind: ReplyKind, canned: bool = False) -> Reply:
    return Reply(message=f"{by}{at}", by=by, at=at, kind=kind, canned=canned)


def test_ones_own_figures_count_answers_and_promises_that_were_kept() -> None:
    promised = reply("ana", NINE + 10 * MINUTE, ReplyKind.PROMISE)
    waits = [
        a_wait(0, replies=(promised, reply("ana", TEN, ReplyKind.PERSONAL, canned=True))),
        a_wait(1, replies=(promised, reply("ben", TEN, ReplyKind.PERSONAL))),
        a_wait(2, customer="omar", replies=(reply("ana", NINE + 5 * MINUTE, ReplyKind.CLARIFYING),)),
        a_wait(3, customer="lea", replies=(reply("ana", TEN, ReplyKind.HOLDING), reply("ana", TEN, ReplyKind.REDIRECT))),
        a_wait(-9 * 24 * 60, customer="kim", replies=(reply("ana", TEN - 8 * DAY, ReplyKind.PERSONAL),)),
    ]
    overlooked = SaveCorrection(channel=HELP, message="1", says="waits", by="ana", at=TEN, judged=True)
    own, team = figures_of(snapshot(transaction(waits, [overlooked])), "ana", days=7)
    assert (own.customers, own.replies, own.times) == (2, 2, (HOUR, 3 * MINUTE))
    assert (own.promises, own.kept, own.canned, own.reminders) == (2, 1, 1, 0)
    assert (team.waits, team.overlooked, team.needless) == (4, 1, 0)


def test_what_somebody_marked_as_answered_is_theirs_as_it_is_the_teams() -> None:
    waits = [
        a_wait(0, marked_by="ana"),
        a_wait(1, customer="omar", marked_by="ben"),
        a_wait(2, customer="lea", marked_by="ana", replies=(reply("ana", TEN, ReplyKind.PERSONAL),)),
    ]
    own, team = figures_of(snapshot(transaction(waits)), "ana", days=7)
    assert (own.marked, own.replies) == (1, 1) and (team.marked, team.personally) == (2, 1)
    assert "you marked as answered" in repr(own_stats(replace(own, replies=0))) and "nothing to count" not in repr(own_stats(own))
    assert "of them marked as answered" in repr(team_stats(team, days=7))
    assert "marked as answered" not in repr(team_stats(Figures(end=TEN, waits=1, personally=1), days=7))


def test_figures_of_one_channel() -> None:
    waits = [
        a_wait(0, replies=(reply("ana", TEN, ReplyKind.PERSONAL),)),
        a_wait(1, customer="omar", channel=SALES, replies=(reply("ana", TEN, ReplyKind.PERSONAL),)),
    ]
    corrections = [
        SaveCorrection(channel=HELP, message="1", says="waits", by="ana", at=TEN, judged=True),
        SaveCorrection(channel=HELP, message="2", says="needs_none", by="ana", at=TEN - 8 * DAY, judged=True),
        SaveCorrection(channel=SALES, message="3", says="needs_none", by="ana", at=TEN, judged=True),
    ]
    known = snapshot(transaction(waits, corrections))
    own, team = figures_of(known, "ana", days=7, channel=HELP)
    assert (own.replies, own.reminders, team.waits, team.overlooked, team.needless) == (1, None, 1, 1, 0)
    own, team = figures_of(known, "ana", days=7, channel=SALES)
    assert (own.times, team.waits, team.overlooked, team.needless) == ((59 * MINUTE,), 1, 0, 1)


def test_everything_is_counted_as_it_is_read() -> None:
    waits = [a_wait(0), a_wait(1, customer="omar")]
    tx = transaction(waits, [SetReminder(wait=waits[0].id, step=0, to="owner", due_at=TEN)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    assert isinstance(due, DueReminder)
    tx.mark_sent(due, at=TEN, to=("ana",))
    figures = Figures(end=TEN)
    assert [(wait.id, len(sent)) for wait, sent in counted(tx, figures)] == [(waits[0].id, 1), (waits[1].id, 0)]
    assert (figures.waits, figures.reminders, figures.reminded["ana"]) == (2, 1, 1)
