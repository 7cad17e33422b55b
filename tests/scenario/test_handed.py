"""What becomes of a wait that was handed over: whoever it went to is told once, a promise is kept, and taking it back gives back
what was there."""

from __future__ import annotations

import pytest

from tests.scenario.stage import Stage
from tests.scenario.test_reminding import QUESTION

pytestmark = pytest.mark.setup(text="while_waiting")


async def test_who_was_asked_before_is_told_of_a_hand_over(stage: Stage) -> None:
    ana, ben, cleo = (stage.people[name] for name in ("ana", "ben", "cleo"))
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert stage.notified() == [("ben",)]
    await ana.commands("assign w1 @ben you know the refund")
    await stage.advance(minutes=11)
    assert stage.notified() == [("ben",), ("ben",)]
    await ben.commands("not-me w1")
    await stage.advance(minutes=2)
    await cleo.commands("assign w1 @ben please after all")
    await stage.advance(minutes=11)
    assert stage.notified()[-1] == ("ben",) and "please after all" in "".join(shown.words for shown in stage.team.sees())


async def test_a_promise_stays_when_it_is_handed_over(stage: Stage) -> None:
    ana = stage.people["ana"]
    asked = await stage.people["dana"].says(QUESTION)
    await ana.says("I'll get back to you today by 4pm.", thread=asked)
    (wait,) = await stage.waits()
    await ana.commands("assign w1 @ben the invoice is ready")
    await stage.advance(minutes=1)
    assert stage.notified() == [("ben",)]
    told = stage.team.sees()[-1].words
    assert "Ana promised Dana" in told and "the invoice is ready" in told
    (handed,) = await stage.waits()
    assert handed.hold == wait.hold
    await stage.advance(hours=4, minutes=1)
    assert set(stage.notified()) == {("ben",)} and len(stage.notified()) > 1


@pytest.mark.parametrize("before", ["claim w1", "snooze w1 2h the release"])
async def test_undo_gives_back_what_was_there(stage: Stage, before: str) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await ben.commands(before)
    (was,) = await stage.waits()
    answer = await ana.commands("assign w1 @cleo")
    await ana.clicks(answer, "Undo")
    assert await stage.waits() == (was,)


async def test_an_old_undo_takes_back_nothing_newer(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    first = await ana.commands("assign w1 @cleo from ana")
    await stage.advance(minutes=1)
    (was,) = await stage.waits()
    second = await ben.commands("assign w1 @ana from ben")
    assert "handed over again since: it is with Ana" in (await ana.clicks(first, "Undo")).words
    await ben.clicks(second, "Undo")
    (wait,) = await stage.waits()
    assert (wait.owner, wait.owner_reason) == (was.owner, "assigned")


async def test_who_works_later_is_told_when_they_do_and_the_answer_says_so(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await ben.commands("hours 16:00-18:00")
    assert "who doesn't work now, and is asked" in (await ana.commands("assign w1 @ben at four")).words
    await stage.advance(hours=3, minutes=59)
    before = stage.notified()
    assert ("ben",) not in before and not any("ana" in to for to in before[:1])
    await stage.advance(minutes=2)
    assert stage.notified()[len(before) :] == [("ben",)]


@pytest.mark.alone
async def test_of_several_in_one_message_each_says_who_handed_it_over_and_none_is_left_without_a_name(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    for person, colleague in (("dana", ana), ("omar", ben), ("pia", stage.people["cleo"])):
        await colleague.commands("hours 16:00-18:00")
        await stage.people[person].says(QUESTION)
    for number, note in ((1, "knows their setup"), (2, "the refund"), (3, "")):
        await ana.commands(f"assign w{number} @ben {note}")
    await stage.advance(hours=4, minutes=1)
    (post,) = stage.team.sees()
    assert "3 customers are waiting" in post.words and "handed to you by Ana: “knows their setup”" in post.words
    await ana.commands("mute 2h")
    await stage.people["cleo"].commands("mute 2h")
    await ben.commands("not-me w1")
    await stage.advance(minutes=1)
    post = stage.team.sees()[0]
    assert ", for whoever has a moment" in post.words and ", for Ben" in post.words
    assert "“knows their setup”" not in post.words and "handed to Ben by Ana: “the refund”" in post.words


async def test_who_wants_no_notifications_has_it_in_their_list(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await ben.commands("budget 0")
    assert "Please tell them yourself" in (await ana.commands("assign w1 @ben")).words
    assert "w1" in (await ben.commands("waiting mine")).words


async def test_the_list_and_home_say_what_whoever_handed_it_over_said(stage: Stage) -> None:
    ana, ben, cleo = (stage.people[name] for name in ("ana", "ben", "cleo"))
    await stage.people["dana"].says(QUESTION)
    await ana.commands("assign w1 @ben knows their setup")
    for shown in (await ben.commands("waiting mine"), await ben.home()):
        assert "handed to you by Ana: “knows their setup”" in shown.words
    assert "handed to Ben by Ana: “knows their setup”" in (await cleo.commands("waiting")).words
    await ben.commands("claim w1")
    assert "handed to you by Ana: “knows their setup”" in (await ben.commands("waiting mine")).words
    await ben.commands("not-me w1")
    assert "handed to" not in (await ben.commands("waiting")).words


async def test_who_was_on_it_reads_in_their_list_that_it_was_handed_on(stage: Stage) -> None:
    ana, ben, cleo = (stage.people[name] for name in ("ana", "ben", "cleo"))
    await stage.people["dana"].says(QUESTION)
    await ben.commands("claim w1")
    handed = await cleo.commands("assign w1 @ana")
    for shown in (await ben.commands("waiting mine"), await ben.home()):
        assert "Handed on by a colleague" in shown.words and "handed to Ana by Cleo" in shown.words
        assert "1 customer" not in shown.words.split("The team")[0], "it doesn't wait for him any more"
    assert "Handed on" not in (await ana.commands("waiting mine")).words
    await cleo.clicks(handed, "Undo")
    assert "Handed on" not in (await ben.commands("waiting mine")).words


async def test_what_a_lead_chose_for_somebody_stands_in_their_list(stage: Stage) -> None:
    ben, cleo = stage.people["ben"], stage.people["cleo"]
    assert "They read of it in their own list" in (await cleo.commands("mute @ben 2h")).words
    assert "Cleo chose for you: " in (await ben.commands("waiting mine")).words
    assert "Cleo" in (await ben.home()).words
    await ben.commands("unmute")
    assert "chose for you" not in (await ben.commands("waiting mine")).words


@pytest.mark.only("slack")
async def test_what_somebody_has_who_leaves_is_the_teams_again_and_a_lead_is_told(stage: Stage) -> None:
    ben = stage.people["ben"]
    await stage.people["dana"].says(QUESTION)
    await ben.commands("assign w1 @ana the refund")
    await stage.advance(minutes=1)
    await stage.persons["ana"].changes(deleted=True)
    await stage.advance(minutes=11)
    (wait,) = await stage.waits()
    assert wait.owner is None and wait.handed is None
    told = stage.team.sees()[-1]
    assert "isn't on the team any more and has 1 customer open" in told.words and told.calls == ("cleo",)


@pytest.mark.only("slack")
async def test_where_no_lead_can_be_told_of_somebody_who_left_the_team_is(stage: Stage) -> None:
    ben, cleo = stage.people["ben"], stage.people["cleo"]
    await stage.people["dana"].says(QUESTION)
    await ben.commands("assign w1 @ana the refund")
    await stage.advance(minutes=1)
    await cleo.commands("budget 0")
    await stage.persons["ana"].changes(deleted=True)
    await stage.advance(minutes=11)
    told = [shown for shown in stage.team.sees() if "isn't on the team any more" in shown.words]
    assert len(told) == 1 and told[0].calls == ()


@pytest.mark.only("local")
@pytest.mark.parametrize("words", ["assign w1 ben, the refund", "assign w1 @ben: the refund"])
async def test_punctuation_after_a_name_is_none_of_it(stage: Stage, words: str) -> None:
    await stage.people["dana"].says(QUESTION)
    said = (await stage.people["ana"].commands(words)).words
    assert "is handed to Ben" in said and "“the refund”" in said


@pytest.mark.only("local")
@pytest.mark.parametrize("to", ["@ben @cleo", "@ben, @cleo please", "@ben and @cleo", "ben cleo", "@ben & @cleo knows them"])
async def test_of_two_colleagues_it_is_asked_which(stage: Stage, to: str) -> None:
    await stage.people["dana"].says(QUESTION)
    said = (await stage.people["ana"].commands(f"assign w1 {to}")).words
    assert "one of them alone: Ben or Cleo?" in said and "assign w1 @Cleo" in said
    (wait,) = await stage.waits()
    assert wait.handed is None
    assert "“ask @cleo about it”" in (await stage.people["ana"].commands("assign w1 @ben ask @cleo about it")).words


@pytest.mark.only("local")
async def test_me_is_who_asks(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    assert "To take it yourself" in (await stage.people["ana"].commands("assign w1 @me")).words


async def test_who_loses_a_claim_reads_so_on_the_post_and_below_their_next_answer_once(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    await ana.commands("claim w1")
    await stage.advance(minutes=1)
    said = await cleo.commands("assign w1 @ben")
    assert "Ana, who was on it" in said.words
    await stage.advance(minutes=1)
    assert "Ana was on it until then" in stage.team.sees()[0].words
    first, second = await ana.commands("hours"), await ana.commands("hours")
    assert "Cleo handed w1 (Dana in #help), which you were on, to Ben" in first.words.replace("`", "")
    assert "which you were on" not in second.words
    await cleo.commands("mute @ana 2h")
    first, second = await ana.commands("hours"), await ana.commands("hours")
    assert "Cleo chose for you" in first.words and "muted until" in first.words and "Cleo chose" not in second.words
