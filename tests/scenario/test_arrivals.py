"""Who joins a community channel is greeted by hand: one of the team is asked, fairly, once; nothing ever goes to who joined."""

from __future__ import annotations

import pytest

from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import Shown, Stage
from tests.scenario.test_reminding import QUESTION

pytestmark = pytest.mark.setup(greets=True)

ASKS = "will you say hello"
BUTTONS = ("I said hello", "Not me", "No need")


async def joined(stage: Stage, *names: str) -> None:
    for name in names:
        stage.arrives(name)
        await stage.people[name].joins()


def asked_in(stage: Stage) -> list[Shown]:
    assert stage.seen_outside() == [], "nothing goes to who joined"
    return [post for post in stage.team.sees() if ASKS in post.words]


async def test_who_joins_within_half_an_hour_is_told_of_once_and_to_one_member(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.advance(minutes=10)
    await joined(stage, "rosa")
    await stage.people["rosa"].says("hi all")
    await stage.advance(minutes=21)
    (asked,) = asked_in(stage)
    assert "2 people joined #help" in asked.words and "Kira" in asked.words and "Rosa" in asked.words
    assert set(BUTTONS) <= set(asked.buttons) and len(asked.calls) == 1 and not asked.quotes
    await joined(stage, "tom")
    await stage.advance(hours=3)
    assert len(asked_in(stage)) == 1, "one message a channel and day"
    await stage.advance(hours=9)
    first, second = asked_in(stage)
    assert "Tom" in second.words and second.calls != first.calls, "another member's turn"


async def test_a_member_who_speaks_to_them_ends_it(stage: Stage) -> None:
    await joined(stage, "kira", "rosa")
    await stage.people["ana"].says("Welcome @Kira, good to have you here!")
    await stage.advance(minutes=31)
    (asked,) = asked_in(stage)
    assert "Kira" not in asked.words and "Rosa joined #help" in asked.words
    hello = await stage.people["rosa"].says("hi all")
    await stage.people["ben"].says("Hi, nice that you came by", thread=hello)
    await stage.advance(minutes=1)
    assert asked_in(stage) == []
    (post,) = stage.team.sees()
    assert "Rosa: Ben said hello" in post.words and post.buttons == ("Still to greet",)


async def test_what_they_ask_is_a_wait_and_no_second_ping(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.people["kira"].says(QUESTION)
    assert len(await stage.waits()) == 1
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    assert ASKS not in post.words, "the wait's ladder alone"


async def test_who_leaves_or_comes_again_is_not_greeted(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.people["kira"].leaves()
    await stage.advance(minutes=5)
    await stage.people["kira"].joins()
    await stage.advance(hours=2)
    assert stage.team.sees() == []


async def test_the_buttons_pass_it_on_and_end_it_and_hold_after_a_restart(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.restart()
    await stage.advance(minutes=31)
    (asked,) = asked_in(stage)
    (named,) = asked.calls
    other = next(name for name in ("ana", "ben", "cleo") if name != named)
    assert "is asked, not you" in (await stage.people[other].clicks(asked, "Not me")).words
    assert "somebody else is asked" in (await stage.people[named].clicks(asked, "Not me")).words
    await stage.advance(minutes=1)
    (again,) = asked_in(stage)
    assert named.title() not in again.words and again.calls != asked.calls
    assert "passed on" in stage.team.sees()[0].words
    await stage.restart()
    assert "Kira joined #help" in (await stage.people[named].commands("hello")).words
    done = await stage.people[other].clicks(asked_in(stage)[0], "I said hello")
    assert "Kira in #help: you said hello" in done.words
    await stage.advance(minutes=1)
    assert asked_in(stage) == [] and "Nobody is waiting" in (await stage.people["ana"].commands("hello")).words


async def test_what_was_said_of_it_is_taken_back_and_stands_on_the_list_of_who_is_asked(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.advance(minutes=31)
    (asked,) = asked_in(stage)
    (named,) = asked.calls
    other = stage.people[next(name for name in ("ana", "ben", "cleo") if name != named)]
    for shown in (await stage.people[named].home(), await stage.people[named].commands("waiting mine")):
        assert "Will you say hello? Kira joined #help" in shown.words and set(BUTTONS) <= set(shown.buttons)
    assert "Kira" not in (await other.home()).words
    done = await other.clicks(asked, "I said hello")
    await stage.restart()
    assert "Kira in #help: still to be greeted" in (await other.clicks(done, "Undo")).words
    await stage.advance(minutes=1)
    (post,) = asked_in(stage)
    assert post.updates == 2 and set(BUTTONS) <= set(post.buttons) and len(stage.notified()) == 1, "nobody is told again"
    done = await stage.people[named].clicks(await stage.people[named].home(), "No need")
    assert "nothing is changed" not in done.words and "not-yet" in done.words
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Kira in #help: still to be greeted" in (await other.clicks(post, "Still to greet")).words
    assert "nothing is changed" in (await other.commands("hello 1 not-yet")).words


async def test_who_was_settled_before_anybody_was_asked_is_asked_about_after_all(stage: Stage) -> None:
    await joined(stage, "kira")
    done = await stage.people["ana"].commands("hello 1 needless")
    await stage.advance(hours=1)
    assert stage.team.sees() == []
    assert "Somebody will be asked" in (await stage.people["ana"].clicks(done, "Undo")).words
    await stage.advance(minutes=1)
    (asked,) = asked_in(stage)
    assert "Kira joined #help" in asked.words and len(asked.calls) == 1


@pytest.mark.setup(greets=True, user_groups=("support",))
@pytest.mark.only("slack")
async def test_who_is_taken_onto_the_team_meanwhile_is_no_stranger(stage: SlackStage) -> None:
    await joined(stage, "kira", "rosa")
    everybody = [stage.persons[name] for name in ("ana", "ben", "cleo", "kira")]
    await stage.fake.regroup(stage.groups["support"], everybody)
    await stage.advance(minutes=31)
    (asked,) = asked_in(stage)
    assert "Rosa joined #help" in asked.words and "Kira" not in asked.words


async def test_without_a_number_the_only_ones_are_meant(stage: Stage) -> None:
    ben = stage.people["ben"]
    assert "Of whom?" in (await ben.commands("hello said")).words
    await joined(stage, "kira")
    assert "hello 1 said" in (await ben.commands("hello")).words
    assert "Of whom?" in (await ben.commands("hello not-yet")).words
    assert "Kira in #help: you said hello" in (await ben.commands("hello said")).words


async def test_a_flood_is_a_number(stage: Stage) -> None:
    await joined(stage, *(f"guest{number:02}" for number in range(22)))
    await stage.advance(minutes=31)
    (asked,) = asked_in(stage)
    assert "22 people joined #help" in asked.words and "to all of them" in asked.words and "Guest07" not in asked.words
    assert "22 people in #help" in (await stage.people["ana"].clicks(asked, "No need")).words
    await stage.advance(minutes=1)
    assert asked_in(stage) == []


@pytest.mark.setup(greets=True, started=False)
@pytest.mark.alone
@pytest.mark.only("slack", "discord")
async def test_before_reminders_begin_nobody_is_asked(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.advance(hours=2)
    assert asked_in(stage) == []
    await stage.people["cleo"].commands("start")
    await stage.advance(hours=2)
    assert asked_in(stage) == [], "nor afterwards, of who came before"
    await joined(stage, "rosa")
    await stage.advance(hours=2)
    assert len(asked_in(stage)) == 1


@pytest.mark.setup(greets=True, observe=True)
@pytest.mark.alone
@pytest.mark.only("slack")
async def test_who_only_observes_asks_nobody(stage: Stage) -> None:
    await joined(stage, "kira")
    await stage.advance(hours=2)
    assert stage.team.sees() == []


@pytest.mark.alone
@pytest.mark.only("slack", "discord")
async def test_who_came_while_the_bot_was_away_is_greeted_if_that_was_within_a_day(stage: Stage) -> None:
    async with stage.away():
        stage.arrives("tom")
        await stage.people["tom"].joins()
        await stage.advance(days=2)
        stage.arrives("kira")
        await stage.people["kira"].joins()
    await stage.advance(hours=1)
    (asked,) = asked_in(stage)
    assert "Kira joined #help" in asked.words and "Tom" not in asked.words


@pytest.mark.alone
@pytest.mark.only("discord")
async def test_who_is_still_being_screened_has_not_come_in(stage: DiscordStage) -> None:
    stage.arrives("kira")
    await stage.persons["kira"].joins(pending=True)
    await stage.advance(hours=2)
    assert asked_in(stage) == []
    await stage.persons["kira"].changes(pending=False)
    await stage.persons["kira"].changes(nick="Kiki")
    await stage.advance(hours=1)
    assert len(asked_in(stage)) == 1
