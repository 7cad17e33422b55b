"""Slack fails where nobody expects it: at the start, with somebody's name, with an answer, with a post that somebody removed."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.errors import AccessLost
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.scenario.test_trouble import posted

pytestmark = pytest.mark.only("slack")


async def started_slowly(stage: SlackStage, minutes: float = 20) -> None:
    """Start the bot while time passes, because it has to wait for something."""
    opening = asyncio.create_task(stage.put_up())
    for _ in range(int(minutes * 6)):
        done, _pending = await asyncio.wait([opening], timeout=0.01)
        if done:
            break
        await stage.fake.clock.advance(10)
    await opening


async def test_a_start_that_slack_slows_down_takes_its_time_and_works(stage: SlackStage) -> None:
    await stage.take_down()
    stage.fake.trouble.ratelimit("users.list", retry_after=20)
    stage.fake.trouble.ratelimit("users.conversations", retry_after=20)
    stage.fake.trouble.fail("auth.test")
    await started_slowly(stage)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(posted(stage)) == 1


@pytest.mark.alone
@pytest.mark.parametrize("error", ["token_revoked", "account_inactive"])
async def test_a_token_that_isnt_taken_at_the_start_is_said_at_once(stage: SlackStage, error: str) -> None:
    await stage.take_down()
    stage.fake.revoked = error
    with pytest.raises(AccessLost, match="set the new bot token"):
        await stage.put_up()
    stage.fake.revoked = ""
    await stage.give_up()


@pytest.mark.parametrize("how", ["at the next start", "at the next try"])
async def test_what_was_missed_is_read_back_even_if_slacks_history_fails_at_the_start(stage: SlackStage, how: str) -> None:
    await stage.people["omar"].says("good morning everybody")
    await stage.take_down()
    async with stage.fake.away():
        await stage.persons["dana"].says("help", QUESTION)
        await stage.fake.clock.advance(7200)
    stage.fake.trouble.fail("conversations.history", times=None)
    await stage.put_up()
    await stage.advance(minutes=20)  # by then it has stopped trying, and listens
    await stage.people["omar"].says("is anybody here today?")
    assert stage.stored() == 2
    stage.fake.trouble.clear()
    if how == "at the next start":
        await stage.restart()
    else:
        await stage.advance(minutes=10)
    assert stage.stored() == 3
    assert stage.persons["dana"].id in {wait.customer for wait in await stage.waits()}
    await stage.advance(minutes=1)
    assert "Dana" in stage.team.sees()[0].words


async def test_a_past_that_couldnt_be_read_at_the_very_first_start_is_read_later(stage: SlackStage) -> None:
    await stage.take_down()
    stage.path.unlink()
    async with stage.fake.away():
        asked = await stage.persons["dana"].says("help", QUESTION)
        await stage.fake.clock.advance(60)
        await stage.persons["ana"].says("help", ANSWER, thread=asked)
    stage.fake.trouble.fail("conversations.history", times=None)
    await stage.put_up()
    await stage.advance(minutes=20)
    await stage.people["omar"].says("good morning everybody")
    stage.fake.trouble.clear()
    await stage.restart()
    assert stage.stored() == 3


async def test_somebody_slack_wont_tell_about_is_watched_like_a_customer(stage: SlackStage) -> None:
    kim = stage.arrives("kim")
    stage.fake.workspace.conversation("help").members.append(kim.id)
    stage.fake.trouble.fail("users.info", times=None)
    await stage.people["kim"].says(QUESTION)
    await stage.advance(minutes=31)
    assert "has been waiting 30 min" in stage.team.sees()[0].words


async def test_a_home_that_cant_be_shown_stops_nothing(stage: SlackStage) -> None:
    stage.fake.trouble.fail("views.publish")
    await stage.persons["ana"].opens_home()
    assert stage.fake.courier.deliveries[-1].acknowledged
    await stage.people["dana"].says(QUESTION)
    assert "Dana" in (await stage.people["ben"].home()).words


async def test_an_answer_that_cant_be_shown_is_carried_out_all_the_same(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    stage.fake.trouble.fail("response_url")
    await stage.persons["ana"].slash("/realreply", "answered w1")
    await stage.settle()
    assert await stage.waits() == ()
    assert "Nobody is waiting" in (await stage.people["ana"].commands("waiting")).words


async def test_a_reminder_that_somebody_deleted_is_let_go(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.fake.workspace.conversation("team").posts
    await asyncio.gather(*stage.fake.remove(post))
    await stage.advance(hours=2)
    assert len(stage.team.sees()) == 1  # the next rung
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=5)
    (post,) = stage.team.sees()
    assert "Answered by Ana" in post.words


async def test_two_who_click_in_the_same_moment_dont_both_get_it(stage: SlackStage) -> None:
    """Both looked while nobody was on it; Ana's click is dealt with and answered, then Ben's."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert stage.bot is not None
    inbox, ana = stage.bot.inbox, stage.persons["ana"].id
    submit, ben_looked, ana_answered = inbox.submit, asyncio.Event(), asyncio.Event()

    async def in_turn(event: Any) -> Any:
        if event.by == ana:
            await ben_looked.wait()
        else:
            ben_looked.set()
            await ana_answered.wait()
        return await submit(event)

    inbox.submit = in_turn  # type: ignore[method-assign]
    anas = asyncio.create_task(stage.persons["ana"].clicks(post.native, "I'm on it"))
    bens = asyncio.create_task(stage.persons["ben"].clicks(post.native, "I'm on it"))
    await anas
    ana_answered.set()
    await bens
    await stage.settle()
    assert "You're on it" in stage.persons["ana"].sees()[-1].words
    assert "You're on it" not in stage.persons["ben"].sees()[-1].words


async def test_a_channel_that_is_deleted_stops_nothing(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.fake.erase("help")
    await stage.advance(hours=3)
    await stage.restart()
    assert "Nobody is waiting." in (await stage.people["ana"].commands("waiting")).words
    assert "The channel is gone" in (await stage.people["ana"].commands("why w1")).words


async def test_without_the_permission_to_look_a_post_in_doubt_is_named_instead_of_doubled(stage: SlackStage) -> None:
    stage.fake.scopes.discard("groups:history")
    stage.fake.trouble.drop("chat.postMessage", accepted=True)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=60)
    assert len(posted(stage)) == 1
    home = await stage.people["cleo"].home()
    assert "It may have arrived all the same." in home.words and "groups:history" in home.words


async def test_a_workspace_where_messages_cant_be_changed_still_gets_its_reminders(stage: SlackStage) -> None:
    stage.fake.trouble.refuse("chat.update", "edit_window_closed", times=None)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    await stage.people["ana"].clicks(post, "I'm on it")
    await stage.advance(hours=4)
    assert len(posted(stage)) >= 2


# What is kept of it all


@pytest.mark.only("slack", "discord")
async def test_nothing_of_what_was_said_is_left_once_it_is_answered(stage: SlackStage | DiscordStage, tmp_path: Path) -> None:
    asked = await stage.people["dana"].says("The zanzibar crate is lost, where can it be?")
    await stage.advance(minutes=31)
    await stage.people["ana"].says("It stands in the second pontoon hall.", thread=asked)
    await stage.advance(minutes=5)
    await stage.store.checkpoint()
    await stage.take_down()
    for path in tmp_path.rglob("slack.db*"):
        raw = path.read_bytes().lower()
        assert b"zanzibar" not in raw and b"pontoon" not in raw, path


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(text="never")
async def test_where_no_text_is_kept_the_reminder_only_leads_there(stage: SlackStage | DiscordStage, tmp_path: Path) -> None:
    await stage.people["dana"].says("The zanzibar crate is lost, where can it be?")
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert post.quotes == () and len(post.links) == 1
    for path in tmp_path.rglob("slack.db*"):
        assert b"zanzibar" not in path.read_bytes().lower(), path


async def test_a_restored_copy_has_no_words_and_reminders_quote_the_platform_again(stage: SlackStage, tmp_path: Path) -> None:
    question = "The zanzibar crate is lost, where can it be?"
    await stage.people["dana"].says(question)
    await stage.people["omar"].says(QUESTION)
    copy = tmp_path / "copy.db"
    await stage.store.backup(copy)
    await stage.take_down()
    assert b"zanzibar" not in copy.read_bytes()
    copy.replace(stage.path)
    await stage.put_up()
    await stage.advance(minutes=42)  # what is for Ben within ten minutes comes together
    quoted = [quote for post in stage.team.sees() for quote in post.quotes]
    if stage.setup.text == "never":
        assert quoted == []
    else:
        assert sorted(quoted) == sorted([question, QUESTION])


async def test_an_edit_of_a_message_that_was_missed_leaves_no_words(stage: SlackStage, tmp_path: Path) -> None:
    """The stage looks at the raw bytes again when the bot has ended."""
    async with stage.fake.away():
        missed = await stage.persons["dana"].says("help", "Good morning!")
    await stage.persons["dana"].edits(missed, "The zanzibar crate is lost, where can it be?")
    await stage.settle()
    if not await stage.waits():
        assert not any(b"zanzibar" in path.read_bytes() for path in tmp_path.rglob("slack.db*"))
    await stage.advance(hours=2)
    await stage.people["ana"].says("The crate stands in Mombasa", thread=missed)
