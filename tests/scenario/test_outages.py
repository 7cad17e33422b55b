"""An outage, however long, costs nobody a reminder: what fell due in it leaves as one message afterwards, and never twice."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bot.domain.outgoing import Address, Readers
from bot.domain.views import View
from bot.errors import RetryLater
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.local_stage import LocalStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Shown, Stage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import ANSWER, QUESTION

LONG = {"60 min": 1.0, "75 min": 1.25, "2 h": 2.0}
"""Outages, in hours."""

DAYS = 72.0
"""One of three days."""

Fails = Callable[[SlackStage], None]


def everything_fails(stage: SlackStage) -> None:
    for method in ("chat.postMessage", "chat.update", "conversations.info", "conversations.history", "conversations.open"):
        stage.fake.trouble.fail(method, times=None)


def posts_fail(stage: SlackStage) -> None:
    """While the channel's history can be read, which shows that nothing arrived."""
    stage.fake.trouble.fail("chat.postMessage", times=None)


def posts_break(stage: SlackStage) -> None:
    stage.fake.trouble.drop("chat.postMessage", accepted=False, times=None)


def posts_are_slowed_down(stage: SlackStage) -> None:
    stage.fake.trouble.ratelimit("chat.postMessage", retry_after=30, times=None)


def all_is_slowed_down(stage: SlackStage) -> None:
    stage.fake.trouble.ratelimit("*", retry_after=30, times=None)


def readers_cant_be_told(stage: SlackStage) -> None:
    stage.fake.trouble.fail("conversations.info", times=None)


ON_SLACK: tuple[Fails, ...] = (
    everything_fails,
    posts_fail,
    posts_break,
    posts_are_slowed_down,
    all_is_slowed_down,
    readers_cant_be_told,
)


@contextmanager
def an_outage(stage: Stage, how: Fails = everything_fails) -> Iterator[None]:
    """Nothing can be posted while the block runs."""
    if isinstance(stage, SlackStage):
        how(stage)
        yield
        stage.fake.trouble.clear()
        return
    if isinstance(stage, DiscordStage):
        # After 500 discord.py itself tries again, for half a minute of real time.
        stage.fake.trouble.fail("POST /channels/*/messages", status=503, times=None)
        yield
        stage.fake.trouble.clear()
        return
    assert isinstance(stage, LocalStage)

    async def readers(address: Address) -> Readers:
        raise RetryLater("no connection", after=0)

    async def deliver(address: Address, view: View, keys: tuple[str, ...], *, under: str | None = None) -> str:
        raise RetryLater("no connection", after=0)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stage.town, "readers_of", readers)
        patch.setattr(stage.town, "deliver", deliver)
        yield


def told(posts: list[Shown], *names: str) -> list[int]:
    """In how many of these posts each is told of."""
    return [sum(name in post.words for post in posts) for name in names]


async def two_wait_for_a_day(stage: Stage) -> int:
    """Dana and Omar wait, and their last rung is six minutes away. Gives how many posts there were."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=2)
    await stage.people["omar"].says("@Ana " + OTHER_QUESTIONS[0])
    await stage.advance(hours=23, minutes=52)
    return len(stage.team.sees())


async def one_message_told_of_both(stage: Stage, before: int) -> None:
    new = stage.team.sees()[before:]
    assert told(new, "Dana", "Omar") == [1, 1] and len(new) == 1
    await stage.advance(days=4)
    assert len(stage.team.sees()) == before + 1, "and that was all"


@pytest.mark.parametrize("hours", LONG.values(), ids=LONG)
@pytest.mark.setup(budget=10)
async def test_an_outage_around_the_last_rung_ends_in_one_message(stage: Stage, hours: float) -> None:
    before = await two_wait_for_a_day(stage)
    with an_outage(stage):
        await stage.advance(hours=hours, minutes=10)
        assert len(stage.team.sees()) == before
    await stage.advance(minutes=16)
    await one_message_told_of_both(stage, before)


@pytest.mark.alone
@pytest.mark.setup(budget=10)
async def test_so_does_one_of_three_days(stage: Stage) -> None:
    before = await two_wait_for_a_day(stage)
    with an_outage(stage, posts_fail):
        await stage.advance(hours=DAYS)
    await stage.advance(minutes=16)
    await one_message_told_of_both(stage, before)


@pytest.mark.only("slack")
@pytest.mark.alone
@pytest.mark.parametrize("how", ON_SLACK, ids=lambda how: how.__name__)
@pytest.mark.setup(budget=10)
async def test_whatever_fails_it_ends_in_one_message(stage: SlackStage, how: Fails) -> None:
    before = await two_wait_for_a_day(stage)
    calls = len(stage.fake.calls)
    with an_outage(stage, how):
        await stage.advance(hours=2, minutes=10)
        assert len(stage.team.sees()) == before
    # Of a line it is asked first whether the post it goes with is there.
    assert len(stage.fake.calls) - calls < 80, "Slack isn't hammered"
    await stage.advance(minutes=16)
    await one_message_told_of_both(stage, before)


@pytest.mark.only("slack", "discord")
@pytest.mark.alone
@pytest.mark.setup(budget=10)
async def test_all_that_fell_due_in_an_outage_leaves_together_also_after_a_restart_in_it(
    stage: SlackStage | DiscordStage,
) -> None:
    with an_outage(stage, posts_fail):
        for number, name in enumerate(("dana", "omar", "pia")):
            await stage.people[name].says(OTHER_QUESTIONS[number])
            await stage.advance(minutes=25)
        await stage.restart()
        await stage.advance(minutes=50)
    await stage.advance(minutes=16)
    (post,) = stage.team.sees()
    assert told([post], "Dana", "Omar", "Pia") == [1, 1, 1]


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(budget=10)
async def test_an_answer_in_the_outage_leaves_nothing_to_say(stage: SlackStage | DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    with an_outage(stage, posts_fail):
        await stage.advance(hours=3)
        await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(hours=3)
    assert stage.team.sees() == []
