"""Who reads a place, or who is on the team, changes while something about it is on its way: the newer word counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_readers import leaked
from tests.scenario.test_reminding import QUESTION
from tests.slack_sandbox.acting import texts

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]


async def met(condition: Callable[[], bool]) -> bool:
    """Whether something comes true in a moment, while an answer is held back: things don't settle then."""
    for _ in range(3000):
        if condition():
            return True
        await asyncio.sleep(0.001)
    return False


def calls(stage: SlackStage, method: str) -> int:
    """How often a method was called."""
    return sum(call.method == method for call in stage.fake.calls)


@pytest.mark.parametrize("id", ["G0TEAM001", "C0TEAM001"])
@pytest.mark.parametrize("earlier", [False, True], ids=["the first post", "another post"])
async def test_a_post_on_its_way_into_a_channel_that_is_shared_goes(stage: SlackStage, id: str, earlier: bool) -> None:
    """A G channel gets another id by that."""
    await stage.fake.change_id("team", id)
    await stage.settle()
    if earlier:
        await stage.people["omar"].says("Can somebody tell me where my crate is?")
        await stage.advance(minutes=20)
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29.9)
    stage.fake.trouble.linger("chat.postMessage", seconds=0.3)
    moving = asyncio.create_task(stage.fake.clock.advance(12))
    assert await met(lambda: len(stage.posts_in("team")) > earlier)
    await stage.fake.share("team", stage.fake.other_team("Quay"))
    await moving
    await stage.advance(minutes=2)
    assert stage.team.sees() == []


@pytest.mark.setup(unlisted=("ana",))
async def test_a_first_direct_message_on_its_way_to_who_becomes_a_guest_goes(stage: SlackStage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=29.9)
    stage.fake.trouble.linger("chat.postMessage", seconds=0.3)
    moving = asyncio.create_task(stage.fake.clock.advance(12))
    assert await met(lambda: bool(ana.direct()))
    await stage.persons["ana"].changes(guest="multi")
    await moving
    await stage.advance(minutes=2)
    assert ana.direct() == []


@pytest.mark.setup(unlisted=("ana",))
async def test_who_becomes_a_guest_while_the_conversation_with_them_is_opened_gets_nothing(stage: SlackStage) -> None:
    await stage.people["ana"].commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=29.9)
    opened = stage.fake.trouble.delay("conversations.open")
    moving = asyncio.create_task(stage.fake.clock.advance(12))
    assert await met(lambda: calls(stage, "conversations.open") > 0)
    await stage.persons["ana"].changes(guest="multi")
    ana = stage.persons["ana"].id
    assert stage.bot is not None
    team = stage.bot.engine
    assert await met(lambda: ana not in team.team.members)
    opened.set()
    await moving
    await stage.advance(minutes=2)
    assert stage.people["ana"].direct() == [] and leaked(stage) == []


@pytest.mark.setup(unlisted=("ana",))
@pytest.mark.parametrize("method", ["users.info", "users.list"])
async def test_an_answer_about_somebody_that_is_older_than_an_event_does_not_count(stage: SlackStage, method: str) -> None:
    await stage.advance(minutes=11)
    assert stage.bot is not None
    stage.fake.trouble.linger(method, seconds=0.3)
    before, membership = calls(stage, method), stage.bot.membership
    asking = asyncio.create_task(membership.refresh() if method == "users.list" else membership.ask_everybody())
    assert await met(lambda: calls(stage, method) > before)
    await stage.persons["ana"].changes(guest="multi")
    await asking
    await stage.settle()
    assert stage.persons["ana"].id not in stage.bot.engine.team.members


@pytest.mark.setup(user_groups=("support",))
async def test_an_answer_about_a_group_that_is_older_than_an_event_does_not_count(stage: SlackStage) -> None:
    omar, group = stage.persons["omar"], stage.groups["support"]
    team = [stage.persons[name] for name in ("ana", "ben", "cleo")]
    await stage.fake.regroup(group, [*team, omar])
    await omar.joins("team")
    await stage.settle()
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=29.9)
    stage.fake.trouble.linger("usergroups.list", seconds=0.3)
    before = calls(stage, "usergroups.list")
    moving = asyncio.create_task(stage.fake.clock.advance(12))
    assert await met(lambda: calls(stage, "usergroups.list") > before)
    await stage.fake.regroup(group, team)
    await moving
    await stage.settle()
    assert stage.team.sees() == [] and leaked(stage) == []
    assert stage.bot is not None and omar.id not in stage.bot.engine.team.members


@pytest.mark.setup(unlisted=("ana",))
async def test_a_home_on_its_way_to_who_becomes_a_guest_is_emptied(stage: SlackStage) -> None:
    await stage.people["dana"].says("@Ana " + QUESTION)
    published = stage.fake.trouble.delay("views.publish")
    opening = asyncio.create_task(stage.persons["ana"].opens_home())
    assert await met(lambda: calls(stage, "views.publish") > 0)
    await stage.persons["ana"].changes(guest="multi")
    published.set()
    await opening
    await stage.settle()
    assert await met(lambda: "Dana" not in "\n".join(texts(stage.persons["ana"].home)))  # in the background
    stage.outbox.outside.clear()  # it left when she was on the team
