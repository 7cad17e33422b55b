"""What is known beside a reply that is checked."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.messages import Message, MessageRecord
from bot.domain.people import CUSTOMER, MEMBER, Role
from bot.domain.reading import unpack
from bot.domain.waits import Reply, ReplyKind, Wait
from bot.domain.writes import SaveMessage, SaveWait
from bot.judge.standard import StandardJudge
from bot.queries.checks import check_facts, replied_to
from bot.queries.snapshot import Snapshot
from tests.queries.stored import HELP, NINE, lookups, snapshot
from tests.storage.sqlite.memory import in_memory

JUDGE = StandardJudge()
MACRO = "We apologise for the inconvenience, our engineers investigate the outage and restore all exports shortly"
QUESTION = "why does the csv export of March come out empty?"


def message(id: str, author: str, role: Role, text: str, **changes: object) -> Message:
    return Message(channel=HELP, id=id, at=NINE + float(id), author=author, role=role, text=text, **changes)  # type: ignore[arg-type]


def record(said: Message, wait: str | None = None) -> MessageRecord:
    reading = JUDGE.read(said, {})
    return MessageRecord(
        id=said.id, at=said.at, author=said.author, role=said.role, thread=None, reply_to=None, reading=reading, wait=wait
    )


def stored(*replied: str) -> Snapshot:
    """Dana and Omar asked the same; Ana's message "3" replies to those of them."""
    tx = in_memory(unpack)
    for id, customer in (("1", "dana"), ("2", "omar")):
        said = message(id, customer, CUSTOMER, QUESTION)
        replies = (Reply(message="3", by="ana", at=NINE + 3, kind=ReplyKind.PERSONAL),) if customer in replied else ()
        wait = Wait(
            id=f"{HELP}/{id}", channel=HELP, customer=customer, thread=None, messages=(id,), opened_at=said.at,
            last_message_at=said.at, replies=replies,
        )  # fmt: skip
        tx.save([SaveWait(wait=wait), SaveMessage(channel=HELP, seen=record(said, wait.id))])
    tx.save([SaveMessage(channel=HELP, seen=record(message("3", "ana", MEMBER, MACRO)))])
    return snapshot(tx, known=replace(lookups(), judge=JUDGE))


def test_a_message_is_no_copy_of_itself_whomever_it_answered() -> None:
    both = stored("dana", "omar")
    said = message("3", "ana", MEMBER, MACRO)
    reply_to = replied_to(both, said)
    assert reply_to is not None
    facts = check_facts(both, MACRO, "ana", reply_to=reply_to, message="3")
    assert facts.seen.copies is None and facts.handle == reply_to.handle
    again = check_facts(stored("omar"), MACRO, "ana")
    assert again.seen.copies is not None and again.seen.copies.customers == 1


def test_what_was_asked_is_looked_up_by_the_wait_the_thread_or_whom_it_names() -> None:
    none = stored()
    in_thread = replied_to(none, message("4", "ana", MEMBER, "March is whole", thread="1"))
    assert in_thread is not None and in_thread.wait.customer == "dana"
    assert replied_to(none, message("4", "ana", MEMBER, "March is whole")) is None
    named = check_facts(none, "Omar, the csv export of March is whole now", "ana")
    assert (named.customer, named.seen.shared) == ("omar", ("csv", "export", "march"))
    nobody = check_facts(none, "Lee, the csv export is whole", "ana")
    assert nobody.customer is None and nobody.seen.shared == () and not nobody.seen.names_nothing
