"""What members choose to be told and what a lead pauses, said in chat: answered privately, shown on the own page, kept over a
restart, told in the digest. Why something was put off is there for the team while it lasts, and nowhere afterwards."""

from __future__ import annotations

import pytest

from tests.scenario.stage import DAY, NOON, Stage
from tests.scenario.test_quiet import OTHER_QUESTIONS
from tests.scenario.test_reminding import QUESTION

WHY = "the vendor ships a fix on Thursday"


async def test_what_one_chose_is_on_ones_own_page_and_survives_a_restart(stage: Stage) -> None:
    ana = stage.people["ana"]
    assert "at most 1 notification a day" in (await ana.commands("budget 1")).words
    assert "muted until" in (await ana.commands("mute 2h")).words
    assert "only about what is yours" in (await ana.commands("only mine")).words
    assert "reminders and digests, no tips" in (await ana.commands("tips off")).words
    await stage.restart()
    home = await ana.home()
    for told in ("at most 1 a day", "only about what is yours", "no tips", "muted", "Unmute"):
        assert told in home.words.lower() or told in home.buttons, told
    assert "aren't muted any more" in (await ana.clicks(home, "Unmute")).words
    home = await ana.home()
    assert "Unmute" not in home.buttons and "at most 1 a day" in home.words
    bens = await stage.people["ben"].home()
    assert "at most 3 a day" in bens.words and "no tips" not in bens.words


async def test_only_a_lead_chooses_for_others_and_pauses(stage: Stage) -> None:
    ana, cleo = stage.people["ana"], stage.people["cleo"]
    for line in ("budget @ben 0", "mute @ben 2h", "pause all 2h", "pause #help 2h"):
        assert "lead" in (await ana.commands(line)).words
    assert "no notifications" in (await cleo.commands("budget @ben 0")).words
    assert "none: what waits is on this list" in (await stage.people["ben"].home()).words
    outsider = await stage.people["dana"].commands("mute 2h")
    assert "tool of the team" in outsider.words


@pytest.mark.setup(digests=("15:00",))
async def test_the_digest_says_what_keeps_quiet(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].commands("budget 0")
    await stage.people["ben"].commands("mute today")
    paused = await stage.people["cleo"].commands("pause #help until 18:00")
    assert "1 customer waits there" in paused.words
    await stage.advance(hours=3, minutes=1)
    digest = stage.team.sees()[-1]
    assert "#help is paused until" in digest.words and "Cleo" in digest.words
    assert "Muted: Ben until" in digest.words and "with a budget of 0: Ana" in digest.words
    assert "everybody on the team" not in digest.words and digest.calls == ()
    await stage.people["cleo"].commands("resume")
    assert "paused" not in (await stage.people["ana"].commands("digest now")).words


@pytest.mark.setup(text="while_waiting")
async def test_why_it_was_put_off_is_read_by_the_team_until_it_is_over(stage: Stage) -> None:
    ana, ben = stage.people["ana"], stage.people["ben"]
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    answer = await ana.commands(f"snooze w1 2h {WHY}")
    assert WHY in answer.words
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert "put it off until" in post.words and WHY in post.words
    for line in ("waiting", "why w1", "digest now"):
        assert WHY in (await ben.commands(line)).words, line
    assert WHY in (await ana.home()).words
    await ben.commands("claim w1")
    assert WHY not in (await ben.commands("why w1")).words, "it was said of the snooze"
    for line, told in (("tomorrow because of the vendor", "the vendor"), (f"tomorrow {WHY}", WHY), ("tomorrow", "")):
        await ana.commands(f"snooze w1 {line}")
        await stage.advance(minutes=1)
        (post,) = stage.team.sees()
        assert "put it off until" in post.words and told in post.words, line
        assert ("the vendor" in post.words) is ("the vendor" in told), "what was said last stands there"
    await ana.commands(f"snooze w1 2h {WHY}")
    await stage.people["ana"].says("The export is mended, could you try it once more?", thread=asked)
    await stage.advance(minutes=1)
    (post,) = stage.team.sees()
    assert WHY not in post.words and WHY not in (await ben.commands("why w1")).words
    assert all(WHY not in seen for seen in stage.seen_outside())


@pytest.mark.setup(text="while_waiting")
async def test_a_form_asks_why_too(stage: Stage) -> None:
    await stage.people["dana"].says(OTHER_QUESTIONS[0])
    await stage.advance(minutes=31)
    ana = stage.people["ana"]
    await ana.commands("claim w1")
    form = await ana.clicks(await ana.commands("waiting"), "Snooze…", of="w1")
    await ana.fills(form, {"Until when?": NOON + DAY, "Why? The team reads it": WHY})
    assert WHY in (await stage.people["ben"].commands("why w1")).words
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind == "snooze"


@pytest.mark.setup(text="never")
async def test_where_no_words_are_kept_none_is(stage: Stage) -> None:
    await stage.people["dana"].says(QUESTION)
    answer = await stage.people["ana"].commands(f"snooze w1 2h {WHY}")
    assert "isn't kept" in answer.words and WHY not in answer.words
    assert WHY not in (await stage.people["ben"].commands("why w1")).words
    assert all(
        WHY.encode() not in file.read_bytes() for file in stage.path.parent.glob(stage.path.name + "*") if file.suffix != ".town"
    )


async def test_a_pause_that_was_planned_begins_at_its_time_and_ends(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    assert "will stand still from" in (await cleo.commands("pause #help from 14:00 to 16:00")).words
    assert "will be paused from" in (await cleo.home()).words
    await stage.restart()
    await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=31)
    assert len(stage.notified()) == 1, "it hasn't begun"
    await stage.advance(hours=1, minutes=15)
    await stage.people["omar"].says(OTHER_QUESTIONS[0])
    await stage.advance(hours=2, minutes=10)
    assert len(stage.notified()) == 1
    assert "#help is paused until" in (await cleo.home()).words
    await stage.advance(minutes=10)
    assert len(stage.notified()) > 1, "it is over"


async def test_undo_takes_a_claim_back_as_if_it_hadnt_been(stage: Stage) -> None:
    ana = stage.people["ana"]
    await stage.people["dana"].says("@Ana " + QUESTION)
    claimed = await ana.commands("claim w1")
    assert "Undo" in claimed.buttons
    assert "You aren't on w1" in (await ana.commands("undo")).words
    (wait,) = await stage.waits()
    assert wait.hold is None and wait.not_me == () and wait.owner_reason == "named"
    assert "nothing of yours to undo" in (await ana.commands("undo")).words
    await stage.advance(minutes=31)
    assert stage.notified() == [("ana",)], "it is theirs all the same"
    post = stage.team.sees()[0]
    await ana.clicks(post, "I'm on it")
    assert "Ana is on it" in stage.team.sees()[0].words
    assert "any more" in (await ana.commands("unclaim w1")).words
    await stage.advance(minutes=1)
    assert "Ana is on it" not in stage.team.sees()[0].words and "You aren't on" in (await ana.commands("unclaim w1")).words
    await ana.commands("not-me w1")
    assert "is as it was" in (await ana.commands("undo")).words
    (wait,) = await stage.waits()
    assert wait.not_me == ()
