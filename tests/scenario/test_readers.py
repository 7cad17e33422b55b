"""Who reads the team's channel changes while the bot runs, or while it isn't told: nothing is shown to a customer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from tests.scenario.conftest import ABOUT
from tests.scenario.local_stage import LocalStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.test_gone import until
from tests.scenario.test_reminding import ANSWER, QUESTION
from tests.slack_sandbox.acting import texts

pytestmark = [pytest.mark.only("slack"), pytest.mark.alone]


def leaked(stage: SlackStage) -> list[str]:
    """What somebody off the team could read, but for what anybody may: what the bot is."""
    return [said for said in stage.seen_outside() if ABOUT not in said]


async def two_questions_half_a_minute_apart(stage: SlackStage) -> None:
    """Their reminders leave half a minute apart, too; the first has left."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=0.5)
    await stage.people["omar"].says("Can somebody tell me where my crate is?")
    await stage.advance(minutes=29.6)
    assert len(stage.notified()) == 1 and leaked(stage) == []


async def test_a_channel_that_is_made_public_gets_nothing_from_that_moment_on(stage: SlackStage) -> None:
    await two_questions_half_a_minute_apart(stage)
    await stage.fake.convert("team", by=stage.persons["ana"])
    await stage.advance(minutes=5)
    assert len(stage.notified()) == 1 and leaked(stage) == []


@pytest.mark.parametrize("what", ["set back", "slept"])
async def test_a_machine_whose_clock_was_set_back_or_that_slept_asks_who_reads_the_channel(stage: SlackStage, what: str) -> None:
    await two_questions_half_a_minute_apart(stage)
    async with stage.fake.away():  # an event that never comes
        await stage.fake.share("team", stage.fake.other_team("Quay"))
    if what == "slept":
        stage.machine.sleep(3600)
    else:
        stage.machine.set_forward(-3600)
    await stage.advance(minutes=90)
    assert len(stage.notified()) == 1 and leaked(stage) == []


@pytest.fixture(params=["live", "missed"])
def told(request: pytest.FixtureRequest) -> str:
    """Whether the bot is told of a change, or its event never comes."""
    return str(request.param)


async def demote(stage: SlackStage, name: str, told: str) -> None:
    async with AsyncExitStack() as stack:
        if told == "missed":
            await stack.enter_async_context(stage.fake.away())
        await stage.persons[name].changes(guest="multi")


@pytest.mark.setup(unlisted=("ana",))
async def test_a_member_who_became_a_guest_gets_no_direct_message(stage: SlackStage, told: str) -> None:
    await stage.people["ana"].commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.people["ana"].direct()) == 1
    await stage.persons["ana"].leaves("team")
    await demote(stage, "ana", told)
    await stage.people["omar"].says("@Ana where is my crate, please?")
    await stage.advance(hours=3)
    assert leaked(stage) == []
    assert stage.bot is not None and stage.persons["ana"].id not in stage.bot.engine.team.members
    assert all("ana" not in to for to in stage.notified()[1:]) and len(stage.notified()) > 1, "somebody else is asked"


@pytest.mark.setup(unlisted=("ana",))
async def test_a_member_who_became_a_guest_can_do_nothing_more(stage: SlackStage, told: str) -> None:
    await stage.people["ana"].commands("dm on")
    asked = await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    (direct,) = stage.people["ana"].direct()
    await stage.advance(minutes=5)
    await demote(stage, "ana", told)
    ana = stage.people["ana"]
    answers = [
        await ana.clicks(direct, "I'm on it") if ana.direct() else None,
        await ana.commands("waiting"),
        await ana.home(),
        await ana.corrects(asked, "needs_none"),
    ]
    assert all("Dana" not in answer.words and QUESTION not in answer.words for answer in answers if answer is not None)
    (wait,) = await stage.waits()
    assert wait.hold is None
    assert stage.bot is not None and stage.persons["ana"].id not in stage.bot.engine.team.members


@pytest.mark.setup(unlisted=("ana",))
async def test_the_home_of_who_is_no_member_is_emptied_before_they_open_it_again(stage: SlackStage) -> None:
    await stage.people["dana"].says("@Ana " + QUESTION)
    assert "Dana" in (await stage.people["ana"].home()).words
    await stage.persons["ana"].changes(guest="multi")
    await stage.advance(minutes=1)  # what Slack is asked for in between takes real time
    assert "Dana" not in "\n".join(texts(stage.persons["ana"].home))


@pytest.mark.setup(unlisted=("ana",))
@pytest.mark.parametrize("how", ["publishing fails", "the bot was down", "deactivated before"])
async def test_a_home_is_emptied_however_long_that_takes(stage: SlackStage, how: str) -> None:
    await stage.people["dana"].says("@Ana " + QUESTION)
    assert "Dana" in (await stage.people["ana"].home()).words
    ana = stage.persons["ana"]
    match how:
        case "publishing fails":
            stage.fake.trouble.fail("views.publish", times=3)
            await ana.changes(guest="multi")
        case "the bot was down":
            async with stage.away():
                await ana.changes(guest="multi")
        case _:
            await ana.changes(deleted=True)
            await stage.advance(hours=1)
            await ana.changes(deleted=False, guest="multi")
    for _ in range(15):  # minute by minute: a failed call's answer takes real time
        await stage.advance(minutes=1)
    assert "Dana" not in "\n".join(texts(ana.home))
    published = sum(call.method == "views.publish" for call in stage.fake.calls)
    await stage.advance(hours=1)
    assert published == sum(call.method == "views.publish" for call in stage.fake.calls), "that is done once"


@pytest.mark.setup(unlisted=("ana",))
async def test_somebody_seen_to_be_a_guest_when_their_times_are_asked_is_on_the_team_no_more(stage: SlackStage) -> None:
    """And the event, which comes late, isn't needed."""
    await stage.advance(minutes=11)
    await demote(stage, "ana", "missed")
    assert stage.bot is not None
    await stage.bot.membership.ask_everybody()
    await stage.settle()
    assert stage.persons["ana"].id not in stage.bot.engine.team.members


@pytest.mark.setup(user_groups=("support",))
async def test_who_left_the_teams_group_unheard_reads_nothing_more(stage: SlackStage) -> None:
    omar = stage.persons["omar"]
    team = [stage.persons[name] for name in ("ana", "ben", "cleo")]
    await stage.fake.regroup(stage.groups["support"], [*team, omar])
    await omar.joins("team")
    await stage.settle()
    async with stage.fake.away():
        await stage.fake.regroup(stage.groups["support"], team)
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert [record.method for record in stage.fake.outgoing if record.method == "chat.postMessage"] == []
    await stage.people["omar"].says(ANSWER, thread=asked)
    assert (await stage.waits())[0].customer == stage.persons["dana"].id, "a customer's word ends nothing"


# -- what was posted before


async def share(stage: SlackStage) -> None:
    await stage.fake.share("team", stage.fake.other_team("Quay"))


async def make_public(stage: SlackStage) -> None:
    await stage.fake.convert("team", by=stage.persons["ben"])


async def let_a_customer_in(stage: SlackStage) -> None:
    await stage.persons["pia"].joins("team")


async def make_a_member_a_guest(stage: SlackStage) -> None:
    await stage.persons["ana"].changes(guest="multi")


DIGEST = pytest.mark.setup(digests=("12:45",))
HOME = pytest.mark.setup(unlisted=("ana",), digests=("12:45",))


@pytest.mark.parametrize(
    "how",
    [
        pytest.param(share, marks=DIGEST),
        pytest.param(make_public, marks=DIGEST),
        pytest.param(let_a_customer_in, marks=DIGEST),
        pytest.param(make_a_member_a_guest, marks=HOME),
    ],
)
async def test_what_was_posted_goes_at_once_when_others_can_read_it(
    stage: SlackStage, how: Callable[[SlackStage], Awaitable[None]]
) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=50)
    assert len(stage.team.sees()) == 2, "a reminder and a digest"
    await how(stage)
    await stage.advance(minutes=0.1)
    assert stage.team.sees() == [] and leaked(stage) == []
    assert len(await stage.waits()) == 1
    await stage.advance(days=1)
    assert stage.team.sees() == [] and leaked(stage) == []


@pytest.mark.setup(started=False)
async def test_a_preview_goes_too(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    await make_public(stage)
    await stage.advance(minutes=0.1)
    assert stage.team.sees() == [] and leaked(stage) == []


@pytest.mark.parametrize("found_by", ["a start", "a gap", "the next reminder", "the wait's end"])
async def test_what_others_read_since_an_event_that_never_came_goes_when_it_is_found(stage: SlackStage, found_by: str) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    async with stage.fake.away():
        await share(stage)
    await stage.advance(minutes=2)
    assert stage.bot is not None
    match found_by:
        case "a start":
            await stage.restart()
        case "a gap":
            await stage.bot.membership.refresh()
            await stage.settle()
        case "the next reminder":
            await stage.people["omar"].says("Can somebody tell me where my crate is?")
            await stage.advance(minutes=31)
        case _:
            await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=0.1)
    assert stage.team.sees() == [] and leaked(stage) == []


@pytest.mark.setup(unlisted=("ana",), ping=0.05)
async def test_what_changed_while_no_connection_was_there_is_found_when_one_is(stage: SlackStage) -> None:
    await stage.people["ana"].commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.people["omar"].says("Can somebody tell me where my crate is?")
    await stage.advance(minutes=31)
    assert (len(stage.team.sees()), len(stage.people["ana"].direct())) == (1, 1)
    sockets = stage.fake.sockets
    for number in (1, 0):
        await sockets.disconnect("link_disabled", number=number, close=True)
    await sockets.disconnected()
    async with stage.fake.away():
        await share(stage)
        await stage.persons["ana"].changes(guest="multi")
    asked = sum(call.method == "users.list" for call in stage.fake.calls)
    sockets.enabled = True
    await until(stage, lambda: len(sockets.connections) == 2)
    await until(stage, lambda: sum(call.method == "users.list" for call in stage.fake.calls) > asked)
    await stage.advance(minutes=2)
    assert stage.team.sees() == [] and stage.people["ana"].direct() == []
    assert stage.bot is not None and stage.persons["ana"].id not in stage.bot.engine.team.members
    assert leaked(stage) == []


@pytest.mark.parametrize("method", ["chat.delete", "conversations.info"])
@pytest.mark.parametrize("then", ["goes on", "starts again"])
async def test_an_outage_at_that_moment_leaves_nothing_there(stage: SlackStage, method: str, then: str) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.trouble.fail(method, times=None)
    await share(stage)
    await stage.advance(minutes=90)
    assert len(stage.team.sees()) == 1
    stage.fake.trouble.clear()
    if then == "starts again":
        await stage.restart()
    await stage.advance(minutes=2)
    assert stage.team.sees() == []


async def test_an_answer_that_got_lost_makes_it_try_twice_and_that_does_no_harm(stage: SlackStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.trouble.drop("chat.delete", accepted=True)
    await share(stage)
    await stage.advance(minutes=5)
    assert stage.team.sees() == []
    deletions = [call for call in stage.fake.calls if call.method == "chat.delete"]
    await stage.advance(days=2)
    assert len(deletions) == 2 == len([call for call in stage.fake.calls if call.method == "chat.delete"])


async def test_where_slack_lets_nobody_delete_a_fixed_sentence_takes_its_place(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    stage.fake.trouble.refuse("chat.delete", "compliance_exports_prevent_deletion", times=None)
    await share(stage)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert post.quotes == post.calls == post.buttons == ()
    assert "Dana" not in post.words and "help" not in post.words
    await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(hours=3)
    assert stage.team.sees()[0].words == post.words, "it isn't brought up to date"
    (allowed,) = stage.outbox.outside
    assert allowed[0].method == "chat.update"
    stage.outbox.outside.clear()


@pytest.mark.setup(unlisted=("ana",))
async def test_the_direct_messages_of_who_is_no_member_go_and_somebody_else_is_asked(stage: SlackStage, told: str) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    assert len(ana.direct()) == 1 and stage.team.sees() == []
    await stage.persons["ana"].leaves("team")
    await demote(stage, "ana", told)
    if told == "missed":
        assert stage.bot is not None
        await stage.bot.membership.refresh()  # which follows a gap
    await stage.advance(hours=3)
    assert ana.direct() == [] and leaked(stage) == []
    assert stage.team.sees() and all("ana" not in post.calls for post in stage.team.sees())


async def test_a_member_who_wants_no_direct_messages_any_more_keeps_the_old_ones(stage: SlackStage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    await ana.commands("dm off")
    await stage.restart()
    assert len(ana.direct()) == 1


@pytest.mark.only("local")
async def test_what_was_posted_goes_on_the_embedded_platform_too(stage: LocalStage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.team.sees()) == 1
    await stage.town.channel("team").share()
    assert stage.team.sees() == []
    await stage.advance(days=1)
    assert stage.team.sees() == [] and len(await stage.waits()) == 1


async def test_who_was_told_of_by_a_later_rung_is_told_of_again_once_that_may_be(stage: SlackStage) -> None:
    """And the rung after it keeps its time."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=125)
    assert len(stage.notified()) == 2
    team = stage.fake.other_team("Quay")
    await stage.fake.share("team", team)
    await stage.advance(minutes=5)
    assert stage.team.sees() == []
    await stage.fake.unshare("team", team)
    await stage.advance(minutes=2)
    assert len(stage.team.sees()) == 1 and stage.notified()[2] == stage.notified()[1], "the same rung"
    await stage.advance(hours=21)
    assert len(stage.notified()) == 3
    await stage.advance(hours=8)
    assert len(stage.notified()) == 4


@pytest.mark.setup(unlisted=("ana",))
async def test_somebody_else_is_asked_within_minutes_of_a_demotion(stage: SlackStage) -> None:
    await stage.people["ana"].commands("dm on")
    await stage.people["dana"].says("@Ana " + QUESTION)
    await stage.advance(minutes=31)
    await stage.persons["ana"].leaves("team")
    await stage.persons["ana"].changes(guest="multi")
    await stage.advance(minutes=5)
    left, asked = stage.team.sees()
    assert "isn't on the team any more and has 1 customer open" in left.words and "Dana has been waiting" in asked.words
