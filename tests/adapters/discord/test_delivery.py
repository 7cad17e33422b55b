"""What leaves for Discord arrives once, calls whom it should and nobody else, and is found again."""

from __future__ import annotations

import pytest

from adapters.discord.failures import PostGone
from bot.domain.outgoing import Address
from bot.domain.views import Button, Buttons, PersonName, Plain, Text, View
from bot.errors import DirectMessagesClosed, Forbidden, Gone, Rejected, RetryLater
from tests.adapters.discord.conftest import Harbor

POST = "POST /channels/*/messages"


def said(text: str, *people: str, button: bool = True) -> View:
    spans = (*(PersonName(person, ping=True) for person in people), Plain(text))
    buttons = (Buttons((Button("I'm on it", "claim", "w1"),)),) if button else ()
    return View(nodes=(Text(spans), *buttons), fallback=text, addressed=people)


def desk(harbor: Harbor) -> Address:
    return Address("discord", "channel", harbor.desk.id)


async def test_only_who_is_addressed_is_notified_also_by_an_update(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        view = said(f", @everyone <@{harbor.dana.id}> <@&{harbor.team.id}>", harbor.ana.id)
        ref = await connection.deliver(desk(harbor), view, ("k",))
        await connection.update(desk(harbor), ref, said(" and @here", harbor.ben.id))
        await connection.deliver(desk(harbor), said("good morning"), ("k2",))
    assert [out.notified for out in harbor.fake.outgoing] == [(harbor.ana.id,), (), ()]
    allowed = [out.body["allowed_mentions"] for out in harbor.fake.outgoing]
    assert [(said["parse"], said.get("users", []), said.get("replied_user", False)) for said in allowed] == [
        ([], [int(harbor.ana.id)], False), ([], [], False), ([], [], False),
    ], "and nobody else could be, whatever stood in it"  # fmt: skip
    assert [bool(post.flags & (1 << 12)) for post in harbor.desk.posts] == [False, True], "what calls nobody makes no sound"
    assert ref == f"{harbor.desk.id}/{harbor.desk.posts[0].id}"


async def test_a_second_attempt_at_one_message_is_the_first(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        harbor.fake.trouble.drop(POST, accepted=True)
        with pytest.raises(RetryLater) as dropped:
            await connection.deliver(desk(harbor), said("hello"), ("k",))
        ref = await connection.deliver(desk(harbor), said("hello"), ("k",))
    assert dropped.value.uncertain
    assert [f"{harbor.desk.id}/{post.id}" for post in harbor.desk.posts] == [ref]


async def test_one_that_was_deleted_meanwhile_isnt_posted_again(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        await connection.deliver(desk(harbor), said("hello"), ("k",))
        harbor.fake.remove(harbor.desk.posts[0])
        with pytest.raises(Rejected, match="somebody deleted it"):
            await connection.deliver(desk(harbor), said("hello"), ("k",))


@pytest.mark.parametrize("button", [True, False])
async def test_what_may_have_arrived_is_found_when_its_nonce_is_forgotten(harbor: Harbor, button: bool) -> None:
    since = harbor.fake.clock.now()
    async with harbor.watched() as connection:
        await connection.deliver(desk(harbor), said("another", button=button), ("k0",))
        ref = await connection.deliver(desk(harbor), said("hello", button=button), ("slack:T1:C1/17#0.3",))
        await harbor.fake.advance(1000)
        assert await connection.find_delivered(desk(harbor), "slack:T1:C1/17#0.3", since) == ref
        assert await connection.find_delivered(desk(harbor), "slack:T1:C1/17#0.4", since) is None
        assert await connection.find_delivered(desk(harbor), "slack:T1:C1/17#0.3", since + 900) is None


async def test_an_empty_past_that_may_not_be_read_is_no_answer(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        await connection.deliver(desk(harbor), said("hello"), ("k",))
        await harbor.fake.allows(harbor.desk, harbor.fake.world.bot, deny=["READ_MESSAGE_HISTORY"])
        await harbor.fake.settle()
        with pytest.raises(Forbidden, match="Read Message History"):
            await connection.find_delivered(desk(harbor), "k", 0)


async def test_a_line_is_a_reply_that_calls_nobody_by_itself(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        first = await connection.deliver(desk(harbor), said("hello", harbor.ana.id), ("k",))
        await connection.deliver(desk(harbor), said(" too", harbor.ben.id), ("k1",), under=first)
        line = harbor.desk.posts[1]
        assert line.reference is not None
        assert harbor.fake.outgoing[-1].notified == (harbor.ben.id,)
        harbor.fake.remove(harbor.desk.posts[0])
        with pytest.raises(Gone):
            await connection.deliver(desk(harbor), said("again"), ("k2",), under=first)
        assert await connection.find_delivered(desk(harbor), "k1", 0, under=first) == f"{harbor.desk.id}/{line.id}"


async def test_an_update_of_what_was_deleted_is_told_and_removing_it_is_done(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        ref = await connection.deliver(desk(harbor), said("hello"), ("k",))
        await connection.remove(desk(harbor), ref)
        assert harbor.desk.posts == []
        await connection.remove(desk(harbor), ref)
        with pytest.raises(PostGone):
            await connection.update(desk(harbor), ref, said("bye"))


async def test_a_direct_message_and_one_that_isnt_taken(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        ana, ben = Address("discord", "person", harbor.ana.id), Address("discord", "person", harbor.ben.id)
        ref = await connection.deliver(ana, said("hello", harbor.ana.id), ("k",))
        assert [message.text for message in harbor.ana.direct()] != []
        assert await connection.find_delivered(ana, "k", 0) == ref
        harbor.ben.dms_closed = True
        with pytest.raises(DirectMessagesClosed):
            await connection.deliver(ben, said("hello", harbor.ben.id), ("k1",))


@pytest.mark.parametrize(("lacking", "kind"), [("SEND_MESSAGES", Forbidden), ("VIEW_CHANNEL", Forbidden)])
async def test_a_permission_that_lacks_is_said(harbor: Harbor, lacking: str, kind: type[Exception]) -> None:
    async with harbor.watched() as connection:
        await harbor.fake.allows(harbor.desk, harbor.fake.world.bot, deny=[lacking])
        with pytest.raises(kind, match="role"):
            await connection.deliver(desk(harbor), said("hello"), ("k",))


async def test_a_channel_that_was_deleted_is_gone(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        await harbor.fake.erases(harbor.desk)
        with pytest.raises(Gone):
            await connection.deliver(desk(harbor), said("hello"), ("k",))


async def test_what_is_no_id_of_discords_is_refused_before_anything_is_asked(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        before = len(harbor.fake.calls)
        for address in (Address("discord", "channel", "C1"), Address("discord", "person", "U1")):
            with pytest.raises(Rejected, match="no id"):
                await connection.deliver(address, said("hello"), ("k",))
        with pytest.raises(Rejected, match="without a key"):
            await connection.deliver(desk(harbor), said("hello"), ())
        assert len(harbor.fake.calls) == before


async def test_a_post_in_a_closed_thread_opens_it(harbor: Harbor) -> None:
    async with harbor.watched() as connection:
        thread = await harbor.ana.opens_thread(harbor.desk, "reminders")
        address = Address("discord", "channel", thread.id)
        ref = await connection.deliver(address, said("hello"), ("k",))
        await harbor.fake.archives(thread)
        await connection.update(address, ref, said("bye"))
        assert "bye" in thread.posts[0].text
        await harbor.fake.archives(thread, locked=True)
        with pytest.raises(PostGone):
            await connection.update(address, ref, said("again"))
