"""What members do to a wait by hand: with the buttons of a reminder, with commands, in their own list."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from bot.domain.waits import HoldKind, WaitState
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import HOUR, NOON, Shown, Stage
from tests.scenario.test_reminding import ANSWER, QUESTION


async def reminded(stage: Stage) -> Shown:
    """Dana asked half an hour ago, and here is the reminder."""
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    return post


async def test_claiming_holds_the_ladder_and_says_so_in_the_post(stage: Stage) -> None:
    post = await reminded(stage)
    answer = await stage.people["ana"].clicks(post, "I'm on it")
    assert "You're on it: w1, Dana in #help" in answer.words
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "Ana is on it" in post.words and post.quotes == () and post.calls == ()
    await stage.advance(minutes=118)
    assert len(stage.team.sees()) == 1
    await stage.advance(minutes=45)
    assert stage.notified()[-1] == ("ana",)
    assert "You took this one earlier." in stage.team.sees()[-1].words


async def test_claiming_twice_changes_nothing(stage: Stage) -> None:
    post = await reminded(stage)
    await stage.people["ana"].clicks(post, "I'm on it")
    (first,) = await stage.waits()
    await stage.advance(minutes=2)
    again = await stage.people["ana"].commands("claim w1")
    assert "You are on it already." in again.words
    assert (await stage.waits())[0].hold == first.hold


async def test_what_somebody_is_on_another_can_take_over_knowingly(stage: Stage) -> None:
    post = await reminded(stage)
    await stage.people["ana"].clicks(post, "I'm on it")
    told = await stage.people["ben"].commands("claim dana")
    assert "Ana has been on w1 since" in told.words
    assert (await stage.waits())[0].hold is not None
    await stage.people["ben"].clicks(told, "Take it over")
    (wait,) = await stage.waits()
    assert wait.owner_reason == "claimed" and wait.hold is not None and wait.hold.by == wait.owner


async def test_snoozing_from_the_menu(stage: Stage) -> None:
    post = await reminded(stage)
    answer = await stage.people["ben"].clicks(post, "Snooze 2 hours")
    assert "comes up again" in answer.words
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.SNOOZE
    await stage.advance(minutes=119)
    assert len(stage.team.sees()) == 1
    await stage.advance(minutes=2)
    assert len(stage.team.sees()) == 2


@pytest.mark.setup(text="while_waiting")
async def test_snoozing_to_a_time_of_ones_own(stage: Stage) -> None:
    await reminded(stage)
    mine = await stage.people["ben"].commands("waiting mine")
    form = await stage.people["ben"].clicks(mine, "Snooze…")
    assert form.inputs == ("Until when?", "Why? The team reads it")
    answer = await stage.people["ben"].fills(form, {"Until when?": NOON + 21 * HOUR})
    assert "comes up again" in answer.words
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.until == NOON + 21 * HOUR


@pytest.mark.setup(text="never")
async def test_where_nothing_is_kept_a_snooze_isnt_asked_why(stage: Stage) -> None:
    await reminded(stage)
    form = await stage.people["ben"].clicks(await stage.people["ben"].commands("waiting mine"), "Snooze…")
    assert form.inputs == ("Until when?",)


async def test_a_time_nobody_understands_is_asked_for_again(stage: Stage) -> None:
    await reminded(stage)
    answer = await stage.people["ben"].commands("snooze w1 when the cows come home")
    assert "comes up again" not in answer.words
    assert (await stage.waits())[0].hold is None


@pytest.mark.parametrize(
    ("label", "command", "state", "says"),
    [
        ("Answered elsewhere", "answered w1", WaitState.ANSWERED, "counts as answered by you"),
        ("No reply needed", "dismiss w1", WaitState.DISMISSED, "needs no reply: it is off the list"),
    ],
)
@pytest.mark.parametrize("how", ["button", "command"])
async def test_taking_it_off_the_list(stage: Stage, how: str, label: str, command: str, state: WaitState, says: str) -> None:
    post = await reminded(stage)
    ana = stage.people["ana"]
    answer = await (ana.clicks(post, label) if how == "button" else ana.commands(command))
    assert says in answer.words
    (wait,) = await stage.all_waits()
    assert wait.state is state
    await stage.advance(days=2)
    (post,) = stage.team.sees()
    assert post.quotes == () and "Still waiting" in post.buttons


async def test_putting_it_back_on_the_list(stage: Stage) -> None:
    post = await reminded(stage)
    answer = await stage.people["ana"].clicks(post, "No reply needed")
    await stage.people["ana"].clicks(answer, "Still waiting")
    (wait,) = await stage.waits()
    assert wait.open
    assert len(stage.notified()) == 1
    await stage.advance(minutes=31)
    assert len(stage.notified()) == 2


@pytest.mark.parametrize("how", ["button", "command"])
async def test_not_me_passes_it_on(stage: Stage, how: str) -> None:
    post = await reminded(stage)
    ben = stage.people["ben"]
    answer = await (ben.clicks(post, "Not me") if how == "button" else ben.commands("not-me w1"))
    assert "you aren't asked again about w1" in answer.words
    await stage.advance(hours=3)
    assert all("ben" not in to for to in stage.notified()[1:])
    assert len(stage.notified()) >= 2


@pytest.mark.setup(text="while_waiting")
async def test_a_post_that_is_passed_on_goes_on_telling_and_calls_nobody_anew(stage: Stage) -> None:
    post = await reminded(stage)
    await stage.people["ben"].clicks(post, "Not me")
    await stage.advance(minutes=2)
    first = stage.team.sees()[0]
    assert first.updates >= 1
    assert "@" not in first.words and QUESTION[:20] in first.quotes[0], "Dana still waits"


async def test_clicking_twice_tells_that_it_is_done(stage: Stage) -> None:
    post = await reminded(stage)
    before = replace(post, native=copy.deepcopy(post.native))
    await stage.people["ana"].clicks(post, "Answered elsewhere")
    (first,) = await stage.all_waits()
    again = await stage.people["ana"].clicks(before, "Answered elsewhere")
    assert "w1, Dana in #help, is over already" in again.words
    assert await stage.all_waits() == (first,)


@pytest.mark.parametrize("how", ["button", "command"])
async def test_why_tells_the_evidence(stage: Stage, how: str) -> None:
    post = await reminded(stage)
    ana = stage.people["ana"]
    answer = await (ana.clicks(post, "Why?") if how == "button" else ana.commands("why dana"))
    assert "sure" in answer.words and "it has a question mark" in answer.words
    assert "ben, who is on duty" in answer.words.lower()


async def test_a_click_on_what_is_over_says_how_it_ended(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    (post,) = stage.team.sees()
    before = replace(post, native=copy.deepcopy(post.native))
    await stage.people["ana"].says(ANSWER, thread=asked)
    answer = await stage.people["ben"].clicks(before, "I'm on it")
    assert "w1, Dana in #help, is over already: answered by Ana after 31 min" in answer.words
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED and wait.owner_reason != "claimed"


async def test_a_button_works_after_a_restart(stage: Stage) -> None:
    await reminded(stage)
    await stage.restart()
    (post,) = stage.team.sees()
    answer = await stage.people["ana"].clicks(post, "Answered elsewhere")
    assert "counts as answered by you" in answer.words
    assert await stage.waits() == ()


@pytest.mark.setup(text="while_waiting")
async def test_one_wait_of_several_in_a_post_is_chosen_from_its_menu(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].says("Where can I change the address on my invoices?")
    await stage.people["ben"].commands("away 31m")
    await stage.people["cleo"].commands("away 31m")
    await stage.advance(minutes=35)
    post = stage.team.sees()[-1]
    assert "2 customers are waiting" in post.words
    assert set(post.menus) >= {"I'm on it", "Answered elsewhere", "No reply needed", "Hand over…"}
    omar = next(option for option in post.menus["Hand over…"] if "Omar" in option)
    form = await stage.people["ana"].chooses(post, "Hand over…", omar)
    handed = await stage.people["ana"].fills(form, {form.inputs[0]: "cleo"})
    assert "Omar in #help, is handed to" in handed.words
    assert "2 customers are waiting" in (await stage.people["ana"].clicks(post, "Everybody who waits")).words
    dana = next(option for option in post.menus["Answered elsewhere"] if "Dana" in option)
    answer = await stage.people["ana"].chooses(post, "Answered elsewhere", dana)
    assert "Dana in #help, counts as answered by you" in answer.words
    assert len(await stage.waits()) == 1
    await stage.advance(minutes=2)
    post = next(shown for shown in reversed(stage.team.sees()) if not shown.below)
    assert "Dana in #help: ana has marked it answered" in post.words.replace("Ana", "ana")
    assert "Omar" in post.words and len(post.quotes) == 1 and "invoices" in post.quotes[0] and post.calls == ()


@pytest.mark.setup(text="while_waiting")
async def test_the_list_of_who_waits(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=10)
    await stage.people["omar"].says("Where can I change the address on my invoices?")
    shown = await stage.people["cleo"].commands("")
    assert "2 customers are waiting" in shown.words
    assert shown.words.index("Dana") < shown.words.index("Omar")
    assert len(shown.quotes) == 2 or QUESTION[:20] in shown.words


async def test_a_command_nobody_knows_helps_on(stage: Stage) -> None:
    shown = await stage.people["ana"].commands("wating")
    assert "Did you mean waiting?" in shown.words


@pytest.mark.only("slack")
async def test_whom_slacks_own_markup_names_is_understood(stage: SlackStage) -> None:
    """Clients put it where somebody is picked from the list that opens behind "@" or "#"."""
    await reminded(stage)
    answer = await stage.people["ana"].commands(f"claim <@{stage.persons['dana'].id}|dana>")
    assert "You're on it: w1, Dana in #help" in answer.words
    channel = stage.fake.workspace.conversation("help")
    shown = await stage.people["cleo"].commands(f"watch <#{channel.id}|help>")
    assert "#help: every message that calls for a reply counts" in shown.words


@pytest.mark.only("slack", "discord")
async def test_a_customer_who_clicks_learns_nothing(stage: SlackStage | DiscordStage) -> None:
    """Nobody off the team sees the post; but a click can be forged, and people leave the team."""
    post = await reminded(stage)
    answer = await stage.people["omar"].clicks(post, "I'm on it")
    assert answer.words.startswith("This is a tool of the team here")
    assert "Dana" not in answer.words
    (wait,) = await stage.waits()
    assert wait.hold is None


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(text="while_waiting")
async def test_what_is_open_again_is_quoted_again_as_it_reads_now(stage: SlackStage | DiscordStage) -> None:
    post = await reminded(stage)
    answer = await stage.people["ana"].clicks(post, "No reply needed")
    await stage.people["ana"].clicks(answer, "Still waiting")
    assert len(await stage.waits()) == 1
    await stage.advance(hours=3)
    assert any(QUESTION[:20] in quote for quote in stage.team.sees()[0].quotes)


@pytest.mark.only("slack")
async def test_a_mistake_in_a_form_leaves_it_open_for_another_try(stage: SlackStage) -> None:
    await reminded(stage)
    mine = await stage.people["ben"].commands("waiting mine")
    form = await stage.people["ben"].clicks(mine, "Snooze…")
    await stage.people["ben"].fills(form, {"Until when?": NOON - HOUR})
    still = stage.persons["ben"].modal
    assert len(still["errors"]) == 1 and (await stage.waits())[0].hold is None
    answer = await stage.people["ben"].fills(form, {"Until when?": NOON + 21 * HOUR})
    assert "comes up again" in answer.words
