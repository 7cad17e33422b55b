"""Every statement of a long day finds its rows through an index."""

from __future__ import annotations

import re
import sqlite3
from dataclasses import replace
from pathlib import Path

from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import DAY
from bot.domain.events import Deleted, EventKey
from bot.domain.gaps import FailedEvent, Gap, GapReason
from bot.domain.moves import ChannelMove
from bot.domain.notifications import Appeal, Asking
from bot.domain.outgoing import Address, Attempt, DueNotice, DueUpdate
from bot.domain.preferences import EndAway, SetAway, SetDm
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.sources import Source, SourceKind
from bot.domain.writes import (
    AddNotice,
    BlankText,
    CountPost,
    DropCorrection,
    DropEarly,
    DropMessage,
    DropReminder,
    KeepAutoDm,
    KeepEarly,
    KeepText,
    KeepTip,
    NoticeSubject,
    SaveArrival,
    SaveCorrection,
    SaveExchange,
    SaveMessage,
    SaveThanks,
    SaveWait,
    SeeTip,
    SetReminder,
)
from bot.ports import Transaction
from storage.sqlite.database import Database
from storage.sqlite.transaction import OpenTransaction
from tests.storage.contract.test_arrivals import KEY, KIRA, told
from tests.storage.contract.test_auto_dms import REPORT
from tests.storage.contract.test_thanks import TO_ANA
from tests.storage.contract.test_tips import TIP
from tests.storage.samples import CHANNEL, OTHER, full_wait, seen, wait

WHOLE = {
    "SCAN wanted VIRTUAL TABLE INDEX 1:",  # the ids that are asked for
    "SCAN outgoing USING INDEX outgoing_dead",  # what could not be delivered, latest first
    "SCAN dead USING INDEX outgoing_dead",  # what was given up: few, and all of it is to be tried again
    "SCAN waits USING INDEX waits_opened",  # all waits, in order
    "SCAN waits USING INDEX waits_open",  # all open waits, of every channel
    "SCAN channels",  # pruning visits each channel
    "SCAN choice_changes",  # as many as were chosen in some weeks, once a day
    "SCAN choices",  # a few rows per member, always read together
    "SCAN away",
    "SCAN calendar_spans",  # three months of a team's calendar, always read together
    "SCAN outgoing",  # what was only noted: looked at for the preview, and forgotten once when reminders begin
    "SCAN outgoing USING INDEX outgoing_reminders_by_time",  # the same, of those that left
    "SCAN found",  # the waits of one message
    "SCAN posts",  # pruning, once a day; and where posts are, at a start and when the team changes
    "SCAN posts USING INDEX sqlite_autoindex_posts_1",
    "SCAN posts USING COVERING INDEX posts_to_remove",  # what is to be removed next: none nearly always
    "SCAN channels USING COVERING INDEX sqlite_autoindex_channels_1",  # a look at all channels, after a gap
    "SCAN channels USING INDEX sqlite_autoindex_channels_1",
    "SCAN coverage",
    "SCAN gaps",  # a few hundred rows
    "SCAN failed_events",  # there should be none
    "SCAN exchanges",
    "SCAN outgoing USING INDEX outgoing_notices",
    "SCAN outgoing USING INDEX outgoing_leased",  # what is on its way: a few hundred at most
    "SCAN thanks USING COVERING INDEX thanks_by_member",  # of two weeks, pruned once a day
    "SCAN tips",  # one a member and week at most, pruned once a day
    "SCAN arrivals",  # those of a month: who greeted longest ago, and pruning
    "SCAN texts USING INDEX texts_unworded",  # which words are to be read again: mostly none
}
"""What may be read as a whole, because it's asked for as a whole."""


def a_day(tx: Transaction) -> None:
    """Use every method of a transaction."""
    one, two = wait(1), full_wait()
    tx.first_time(EventKey(channel=CHANNEL, message="1.0", kind="posted"), "Ev1", 1.0)
    with tx.savepoint():
        tx.save(
            [
                SaveMessage(channel=CHANNEL, seen=seen("1.0", 1.0)),
                SaveWait(wait=one),
                SaveWait(wait=two),
                SaveWait(wait=one),
                KeepText(wait=one.id, message="1.0", text="words"),
                KeepText(wait=two.id, message="2.0", text=""),
                SetReminder(wait=one.id, step=0, to="owner", due_at=1.0),
                SetReminder(wait=two.id, step=0, to="owner", due_at=2.0),
                SaveExchange(channel=CHANNEL, member="ana", customer="dana", strength=1.0, at=1.0),
                KeepEarly(event=Deleted(channel=CHANNEL, id="9.0", at=1.0)),
                DropEarly(channel=CHANNEL, id="8.0"),
                DropMessage(channel=CHANNEL, id="8.0"),
                DropMessage(channel=CHANNEL, id="7.0", at=7.0),
                SaveCorrection(channel=CHANNEL, message="1.0", says="waits", by="ana", at=1.0, judged=True),
                DropCorrection(channel=CHANNEL, message="2.0"),
                KeepTip(tip=TIP),
                CountPost(channel=CHANNEL, source=Source(id="A1", kind=SourceKind.BOT), at=10.0, name="Deploys"),
                SeeTip(key=TIP.key, at=1.0),
                SaveArrival(arrival=told(KIRA), at=1.0),
                SaveThanks(channel=CHANNEL, message="9.0", thanks=(TO_ANA,)),
                KeepAutoDm(report=REPORT),
            ]
        )
    tx.channel(CHANNEL, 10)
    tx.wait(one.id)
    tx.waits([one.id, two.id])
    tx.waits_of(CHANNEL, "1.0")
    tx.texts(one.id)
    tx.note(one.id, 1.0)
    tx.handover(one.id)
    tx.exchanges("dana")
    tx.first_waits("dana")
    tx.pending(one.id)
    tx.reminded([one.id])
    tx.drop_digests(1e9, but=["x"])
    tx.corrections_since(1.0)
    tx.corrections(CHANNEL)
    tx.replies(10)
    tx.written_in(one)
    tx.tips("ana", 1.0)
    tx.posts_of_sources(1.0)
    tx.thanks_to("ana", 1.0, 9)
    tx.latest_waits("dana", 2)
    tx.fell_silent(1.0, 2.0, waits=2, limit=9)
    tx.wrote({"dana"}, 1.0)
    tx.known_by_one({"ana"}, since=1.0, least=2.0, limit=9)
    tx.auto_dm("m1", "r1")
    tx.auto_dms(1.0)
    tx.auto_dms(1.0, sender="ana")
    tx.count_auto_dms(1.0)
    tx.count_auto_dms(1.0, reporter="r1")
    tx.said_by("ana", 1.0, 9)
    tx.customer_wrote(CHANNEL)
    tx.open_arrivals(1.0)
    tx.arrivals_of("kira")
    tx.arrivals_in(KEY)
    tx.arrival(1)
    tx.arrivals_told(CHANNEL, but="x")
    tx.greeters()
    tx.left_out("x")
    tx.notified("ana", 1.0, but=(1, 2))
    tx.skipped_reminders(one.id)
    tx.team_asked_at(but=(1,))
    tx.reminders_due(1.0, 2.0)
    tx.appeal("monday", [Appeal(wait=one.id, person="ana", at=1.0)])
    tx.appeals(one.id)
    tx.appeals_in("monday")
    tx.reminder_ahead(one.id)
    tx.appealed_to("ana", 1.0)
    tx.next_due()
    for due, mark in zip(tx.claim_due(5.0, limit=9, lease=1.0), ("again", "sent"), strict=True):
        tx.note_asking(due, Asking(lead="mia"))
        if mark == "again":
            tx.mark_again(due, due_at=6.0)
        else:
            tx.mark_sent(due, at=5.0, to=("ana",), ref=None)
    (due,) = tx.claim_due(7.0, limit=9, lease=1.0)
    tx.mark_moot(due, reason=Reason(code=ReasonCode.ENDED, about=("answered",)))
    tx.mark_dead(due, reason=Reason(code=ReasonCode.ENDED, about=("answered",)))
    tx.claim_given_up(8.0, lease=1.0)
    tx.wake(8.0, given_up=True)
    tx.drop_given_up(due)
    team = Address("local", "channel", "team")
    tx.save([AddNotice(kind="digest", key="monday", due_at=8.0), SetReminder(wait=one.id, step=1, to="owner", due_at=8.0)])
    for due in tx.claim_due(8.0, limit=9, lease=1.0):
        if isinstance(due, DueNotice):
            tx.list_handover(due, [one.id])
            tx.handover_listings(one.id, but=due.id)
        tx.renew(due, until=10.0)
        tx.mark_leaving([(due, Attempt(address=team, key="k", at=8.0, to=("ana",)))])
        tx.mark_sent(due, at=8.0, to=("ana",), ref="r", address=team)
    tx.save([SaveWait(wait=replace(one, owner="ben"))])
    tx.asked(one.id, but=due)
    tx.live_post(one.id, team)
    tx.update_posts_of(one.id, due_at=8.0, but=(team, "r"))
    tx.update_post(team, "r", due_at=8.0)
    tx.update_given_up(due_at=8.0)
    (update,) = tx.claim_due(9.0, limit=9, lease=1.0)
    assert isinstance(update, DueUpdate)
    tx.post(update.post)
    tx.mark_again(update, due_at=12.0)
    tx.remember_post(team, "r", at=8.0)
    assert tx.has_posts(team) and list(tx.places()) == [team] and tx.remove_posts(team, due_at=9.0) == 1
    for times in range(2):
        (removal,) = tx.claim_removals(9.0, limit=1, lease=1.0, rest=1.0)
        if not times:
            tx.remove_again(removal, due_at=9.0)
    tx.mark_removed(removal, at=9.0)
    tx.post_gone(update.post, at=9.0)
    tx.dead(10)
    tx.sent_reminders(one.id)
    tx.sent_since("ana", 1.0)
    tx.save([BlankText(wait=one.id), DropReminder(wait=one.id)])
    list(tx.all_waits())
    list(tx.opened_since(1.0))
    tx.open_waits(10)
    tx.wait_by_handle(tx.handle(one.id))
    tx.choose(
        [
            SetAway(member="ana", since=1.0, until=5.0, by="ana", at=1.0),
            EndAway(member="ana", since=1.0, at=2.0),
            EndAway(member="ana", since=1.0, at=1.0),
            SetDm(member="ana", on=True, by="ana", at=1.0),
            SetDm(member="ana", on=None, by="ana", at=1.0),
        ]
    )
    change = tx.choose([SetDm(member="ana", on=False, by="ana", at=1.0)], by="ana", at=1.0)
    assert tx.choice_change("ana") == tx.choice_change("ana", change) is not None
    tx.choices()
    tx.put_calendar(tx.calendar())
    tx.prune(9.0, keep=1.0, window=5)
    tx.put_mark("gap", 1.0, by="ana")
    tx.mark("gap")
    tx.marks("home ")
    tx.put_mark("gap", None)
    tx.put_coverage(CHANNEL, replace(tx.coverage(CHANNEL), missing_since=1.0))
    tx.coverage_on("local")
    tx.latest_on("local")
    tx.behind()
    gap = Gap(platform="local", reason=GapReason.STOPPED, since=1.0, noted_at=2.0)
    tx.note_gap(gap)
    tx.gaps(10)
    tx.close_gaps("local", 3.0)
    failed = FailedEvent(channel=CHANNEL, message="1", kind="posted", edit="", at=1.0, error="ValueError", noted_at=2.0)
    tx.note_failed(failed)
    tx.failed_events(10)
    tx.failed_on("local")
    tx.drop_stored_failures(CHANNEL)
    tx.end_leases(0.0)
    tx.noted_since(1.0)
    tx.left_since(1.0)
    tx.enter_trial(TrialEntry(wait=one.id, at=1.0, delayed=True))
    tx.trial_entry(one.id)
    tx.trial_entries(0.5)
    tx.key_of("trial")
    tx.forget_noted()
    tx.last_digest("digest:9:day")
    tx.lost_waits()
    tx.update_notices(NoticeSubject.PREVIEW, due_at=1.0)
    tx.update_handovers("ana", due_at=1.0)
    tx.prune_waits(99.0, keep=1.0)
    tx.prune_traces(98.0)
    tx.prune_early_edits(98.0)
    tx.prune_keys(events_before=99.0 * DAY, deliveries_before=99.0 * DAY)
    tx.first_time(EventKey(channel=CHANNEL, message="2.0", kind="posted"), None, 2.0)
    for unworded in tx.unworded(5):
        tx.leave_unworded(unworded)


def once(tx: Transaction) -> None:
    """What happens at a start, and once in a channel's life: whole tables may be read then."""
    tx.move_channel(ChannelMove(old=CHANNEL, new=OTHER, at=1.0))
    tx.moves()
    tx.latest()
    tx.channels()


async def test_every_statement_uses_an_index(db: Database) -> None:
    await db.transact(lambda tx: tx.first_time(EventKey(channel="other", message="1", kind="posted"), None, 1.0))
    called: set[str] = set()
    asked: list[str] = []
    await db.writer.run(lambda connection: connection.set_trace_callback(asked.append))
    await db.transact(a_day)
    await db.writer.run(lambda connection: connection.set_trace_callback(None))
    await db.transact(once)
    source = Path(__file__).read_text(encoding="utf-8")
    called = set(re.findall(r"tx\.(\w+)", source))
    methods = {name for name in dir(OpenTransaction) if not name.startswith("_")} - {"enter", "leave", "confirm"}
    assert methods <= called, "the day above leaves something out"

    def plans(connection: sqlite3.Connection) -> dict[str, list[str]]:
        found = {}
        for statement in dict.fromkeys(asked):
            if statement.split()[0] in ("SELECT", "INSERT", "UPDATE", "DELETE"):
                found[statement] = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {statement}")]
        return found

    read = await db.writer.run(plans)
    assert len(read) > 30
    scans = {
        statement: line
        for statement, lines in read.items()
        for line in lines
        if line.startswith("SCAN")
        and line not in WHOLE
        and not line.startswith(("SCAN (subquery", "SCAN CONSTANT", "SCAN 1 CONSTANT"))
    }
    assert set(scans.values()) == set()
    # A partial index that nothing uses would be a mistake in its condition.
    used = " ".join(line for lines in read.values() for line in lines)
    for index in (
        "outgoing_due",
        "outgoing_leased",
        "outgoing_dead",
        "outgoing_by_post",
        "outgoing_reminders_by_time",
        "trial_entries_by_time",
        "outgoing_updates",
        "waits_open ",
        "waits_ended",
        "waits_opened",
        "wait_messages_by_message",
        "posts_to_remove",
        "messages_of_members",
        "tips_by_member",
        "arrivals_by_person",
        "arrivals_by_told",
        "arrivals_open",
        "thanks_by_member",
        "tip_messages_by_message",
    ):
        assert index in used, index
