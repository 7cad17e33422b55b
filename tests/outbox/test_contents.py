"""What messages say is what people are told when they ask."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.command import Arguments
from bot.commands.context import CommandContext
from bot.commands.responses import Response
from bot.commands.start import preview
from bot.domain.marks import STARTED
from bot.domain.outgoing import Address, DueNotice, DueReminder, Post, WaitInMessage
from bot.domain.preferences import ALL_KINDS, Choices, OwnSwitch
from bot.domain.views import PersonName, Quote, Text, View
from bot.domain.waits import Hold, HoldKind
from bot.domain.writes import KeepText, NoticeSubject, SetReminder
from bot.outbox.contents import StoredContents
from bot.wording import digest
from storage.sqlite.transaction import OpenTransaction
from tests.commands.test_commands import a_wait
from tests.queries.stored import TEN, lookups, snapshot, transaction
from tests.waits.world import DAY, HOUR, NINE

PREVIEW = DueNotice(id=1, key="preview:team", kind="digest", person=None, subject=NoticeSubject.PREVIEW, due_at=TEN, attempt=1)
KNOWN = lookups(begins_by_lead=True)


def a_new_house() -> OpenTransaction:
    """One who waits, one who is promised something, one who has waited for days; one reminder was noted."""
    hold = Hold(kind=HoldKind.PROMISE, since=NINE, until=TEN + HOUR, by="ana")
    waits = [a_wait(1).wait, a_wait(2, "omar", hold=hold).wait, a_wait(-3 * 24 * 60, "dan").wait]
    tx = transaction(waits, [SetReminder(wait=waits[0].id, step=0, to="owner", due_at=NINE + HOUR / 2)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    assert isinstance(due, DueReminder)
    tx.mark_sent(due, at=NINE + HOUR / 2, to=("ben",))
    return tx


def a_post(subject: NoticeSubject) -> Post:
    return Post(address=Address("local", "channel", "team"), ref="1", at=NINE, reminders=(), notices=(subject,))


def asked(tx: OpenTransaction) -> Response:
    ctx = CommandContext(who="mia", is_a="lead", snapshot=snapshot(tx, TEN, KNOWN))
    answered = preview(Arguments(said="preview"), ctx, TEN)
    assert isinstance(answered, Response)
    return answered


def test_the_preview_that_is_posted_is_what_preview_answers() -> None:
    tx = a_new_house()
    view = StoredContents(KNOWN).notice(tx, PREVIEW, TEN)
    assert view is not None and view == asked(tx).view
    assert view.fallback == "In the last 24 hours I would have sent 1 reminder"
    assert "2 customers are waiting" in str(view.nodes) and "1 of them for more than a day" in str(view.nodes)


def test_once_reminders_have_begun_there_is_no_preview_and_the_posted_one_says_so() -> None:
    tx, contents = a_new_house(), StoredContents(KNOWN)
    assert contents.notice_now(tx, a_post(NoticeSubject.PREVIEW), TEN) is None
    tx.put_mark(STARTED, NINE, by="mia")
    assert contents.notice(tx, PREVIEW, TEN) is None
    view = contents.notice_now(tx, a_post(NoticeSubject.PREVIEW), TEN + DAY)
    assert view is not None and view.fallback == "Reminders are on"
    assert contents.notice_now(tx, a_post(NoticeSubject.DAY), TEN) is None, "a digest stays as it was posted"
    assert "Reminders are on since 09:00, by Mia." in asked(tx).view.fallback


def test_a_reminder_of_several_quotes_each_of_them() -> None:
    waits = [a_wait(number).wait for number in range(1, 4)]
    asked_for = [KeepText(wait=wait.id, message=wait.messages[0], text=f"question {wait.id}") for wait in waits]
    told = [WaitInMessage(wait=wait, step=0, to=("ana",)) for wait in waits]
    view = StoredContents(KNOWN).reminder(transaction(waits, asked_for), told, TEN)
    assert [node.text for node in view.nodes if isinstance(node, Quote)] == [f"question {wait.id}" for wait in waits]


def test_a_digest_calls_only_those_who_want_to_be_called(monkeypatch: pytest.MonkeyPatch) -> None:
    def calling(_: object) -> View:
        return View(nodes=(Text((PersonName("ana"),)),), fallback="digest", addressed=("ana", "ben", "mia", "kim"))

    monkeypatch.setattr(digest, "digest", calling)
    monkeypatch.setattr(digest, "week", calling)
    switches = {
        "ana": OwnSwitch(wanted=ALL_KINDS - {"digests"}),
        "ben": OwnSwitch(muted_until=TEN + 1),
        "mia": OwnSwitch(muted_until=TEN, budget=1),
        "kim": OwnSwitch(budget=0),
    }
    contents = StoredContents(lookups(choices=Choices(switches=switches)))
    for subject in (NoticeSubject.DAY, NoticeSubject.WEEK):
        view = contents.notice(transaction(), replace(PREVIEW, subject=subject), TEN)
        assert view is not None and view.addressed == ("mia",)
