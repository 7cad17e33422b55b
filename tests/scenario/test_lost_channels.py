"""A channel that is deleted or archived, or out of the bot's sight: nobody is nagged about it, and who waits comes back with
it."""

from __future__ import annotations

import pytest
from structlog.testing import capture_logs

from bot.domain.waits import WaitState
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

pytestmark = pytest.mark.alone


async def ask_and_remind(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1


async def is_quiet(stage: Stage) -> None:
    """The post says what became of it, and nothing comes after it but the digest's line."""
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.WITHDRAWN and wait.by_channel
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "channel is gone" in post.words and post.quotes == ()
    notified = stage.notified()
    await stage.advance(hours=44)
    digests = [post for post in stage.team.sees()[1:] if "The channel #" in post.words]
    assert stage.notified()[len(notified) :] in ([()], [(), ()]) and len(digests) == 1, "it is told once"
    assert "is gone" in digests[0].words and "1 customer was waiting" in digests[0].words


async def is_back(stage: Stage) -> None:
    """Its customer waits again, and an answer there ends that."""
    (wait,) = await stage.waits()
    assert wait.open and not wait.by_channel
    await stage.people["ana"].says(ANSWER)
    assert await stage.waits() == ()


@pytest.mark.only("discord")
@pytest.mark.setup(digests=("09:00",))
@pytest.mark.parametrize("away", [False, True])
async def test_a_channel_that_was_deleted(stage: DiscordStage, away: bool) -> None:
    await ask_and_remind(stage)
    if away:
        async with stage.away():
            await stage.fake.erases("help")
    else:
        await stage.fake.erases("help")
    await stage.settle()
    await is_quiet(stage)


@pytest.mark.only("discord")
async def test_a_server_that_threw_the_bot_out_and_let_it_in_again(stage: DiscordStage) -> None:
    await ask_and_remind(stage)
    await stage.fake.kicks()
    await stage.settle()
    assert await stage.waits() == ()
    await stage.advance(hours=3)
    await stage.fake.invites()
    await stage.settle()
    await stage.advance(minutes=1)
    await is_back(stage)


@pytest.mark.only("discord")
@pytest.mark.parametrize("away", [False, True])
async def test_a_channel_that_is_hidden_from_the_bot_and_shown_again(stage: DiscordStage, away: bool) -> None:
    await ask_and_remind(stage)
    role = stage.fake.world.role(stage.fake.world.guild(), "realreply")
    await stage.fake.allows("help", role, deny=["VIEW_CHANNEL"])
    await stage.settle()
    assert await stage.waits() == ()
    if away:
        async with stage.away():
            await stage.fake.allows("help", role, allow=["VIEW_CHANNEL"])
    else:
        await stage.fake.allows("help", role, allow=["VIEW_CHANNEL"])
    await stage.settle()
    await stage.advance(minutes=1)
    await is_back(stage)


@pytest.mark.only("discord")
async def test_a_channel_whose_permissions_are_tried_out_is_said_to_be_gone_once(stage: DiscordStage) -> None:
    await stage.people["dana"].says(QUESTION)
    bot = stage.fake.world.bot
    with capture_logs() as logs:
        for _ in range(4):
            await stage.fake.allows("help", bot, deny=["VIEW_CHANNEL"])
            await stage.settle()
            await stage.fake.allows("help", bot, allow=["VIEW_CHANNEL"])
            await stage.settle()
        await stage.advance(hours=1)
        assert [line["event"] for line in logs if line["log_level"] == "warning"] == ["channel_lost", "channel_gone"]
        await stage.fake.allows("help", bot, deny=["VIEW_CHANNEL"])
        await stage.settle()
    assert [line["event"] for line in logs].count("channel_gone") == 2, "that is news again"


@pytest.mark.only("slack")
@pytest.mark.setup(digests=("09:00",))
async def test_a_channel_that_was_archived_and_taken_back(stage: SlackStage) -> None:
    await ask_and_remind(stage)
    await stage.fake.archive("help")
    await stage.settle()
    await is_quiet(stage)
    await stage.fake.unarchive("help")
    await stage.settle()
    await stage.advance(minutes=1)
    await is_back(stage)


@pytest.mark.only("discord")
async def test_a_post_in_a_server_that_the_bot_comes_back_to_says_what_became_of_it(stage: DiscordStage) -> None:
    await ask_and_remind(stage)
    await stage.fake.kicks()
    await stage.advance(days=8)
    await stage.fake.invites()
    assert "is over already: the channel is gone" in (await stage.people["ben"].commands("claim w1")).words, "as a press says"
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "channel is gone" in post.words and post.quotes == () and "Still waiting" in post.buttons
    assert await stage.waits() == (), "it is too long ago"
    assert "is back on the list" in (await stage.people["ben"].clicks(post, "Still waiting")).words
    await is_back(stage)


@pytest.mark.only("slack", "discord")
async def test_a_post_that_could_not_be_brought_up_to_date_is_once_its_channel_is_there_again(stage: Stage) -> None:
    await ask_and_remind(stage)
    await set_reminders_channel(stage, hidden=True)
    await stage.people["ana"].says(ANSWER)
    await stage.advance(minutes=5)
    assert stage.team.sees()[0].quotes, "nobody can change it"
    await stage.restart()
    assert stage.team.sees()[0].quotes
    await set_reminders_channel(stage, hidden=False)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Answered by Ana" in post.words and post.quotes == ()
    assert await stage.people["cleo"].home(), "nothing is left undelivered"


async def set_reminders_channel(stage: Stage, *, hidden: bool) -> None:
    """The bot can't write in #team any more, or can again."""
    if isinstance(stage, SlackStage):
        await (stage.fake.archive("team") if hidden else stage.fake.unarchive("team"))
    else:
        assert isinstance(stage, DiscordStage)
        await stage.fake.allows("team", stage.fake.world.bot, **{"deny" if hidden else "allow": ["VIEW_CHANNEL"]})
    await stage.settle()
