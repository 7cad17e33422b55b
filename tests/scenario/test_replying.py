"""What ends a wait, what only holds it, and what does neither."""

from __future__ import annotations

import asyncio

import pytest

from bot.domain.waits import HoldKind, WaitState
from tests.scenario.discord_stage import DiscordStage
from tests.scenario.slack_stage import SlackStage
from tests.scenario.stage import MINUTE, Stage
from tests.scenario.test_reminding import ANSWER, QUESTION

PEERS_HELP = "You can rotate it under Settings, API keys. It takes effect at once."


async def test_one_sec_holds_and_the_reminder_comes_later_to_who_said_it(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=25)
    await stage.people["ana"].says("one sec, looking into it", thread=asked)
    await stage.advance(minutes=14)
    assert stage.team.sees() == []
    await stage.advance(minutes=90)
    first = stage.team.sees()[0]
    assert first.calls == ("ana",)
    assert "You were looking into it." in first.words


async def test_a_promise_is_left_alone_until_its_time(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("I'll check and get back to you by 16:00", thread=asked)
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.PROMISE
    await stage.advance(hours=3, minutes=59)
    assert stage.team.sees() == []
    await stage.advance(minutes=35)
    (post,) = stage.team.sees()
    assert post.calls == ("ana",)
    assert "You said you'd get back to Dana" in post.words


async def test_being_sent_elsewhere_is_no_answer(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].says("Please send me a DM.", thread=asked)
    (wait,) = await stage.waits()
    assert wait.hold is not None and wait.hold.kind is HoldKind.REDIRECT
    await stage.advance(hours=23)
    assert stage.team.sees() == []
    await stage.advance(hours=3)
    post = stage.team.sees()[0]
    assert "So far Dana has only been pointed elsewhere." in post.words
    assert "Ana" not in post.words


async def test_a_question_back_ends_the_wait_and_its_answer_opens_the_next(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.people["ana"].says("Which version of the exporter do you use?", thread=asked)
    assert await stage.waits() == ()
    await stage.advance(minutes=5)
    await dana.says("It is version 4.2, on Windows. It still fails.", thread=asked)
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert post.calls == ("ana",)


async def test_eyes_hold_the_wait_and_a_check_mark_ends_it(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["ana"].reacts(asked, "eyes")
    await stage.advance(minutes=110)
    assert stage.team.sees() == []
    await stage.people["ana"].reacts(asked, "white_check_mark")
    await stage.advance(days=2)
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED
    assert stage.team.sees() == []


async def test_a_customers_own_check_mark_says_nothing(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.people["omar"].reacts(asked, "white_check_mark")
    await stage.advance(minutes=30)
    assert len(stage.team.sees()) == 1


async def test_a_customer_who_asks_again_ends_one_sec(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.people["ana"].reacts(asked, "eyes")
    await stage.advance(minutes=40)
    await dana.says("Hello? Is anybody looking at my export?")
    (wait,) = await stage.waits()
    assert wait.hold is None
    await stage.advance(minutes=31)
    assert stage.team.sees()[0].calls == ("ana",)


async def test_a_question_edited_away_is_taken_back(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.advance(minutes=30)
    await dana.edits(asked, "Never mind, thanks!")
    await stage.advance(minutes=1)
    assert await stage.waits() == ()
    (post,) = stage.team.sees()
    assert "took the question back" in post.words and post.quotes == ()


@pytest.mark.setup(text="while_waiting")
async def test_an_edit_changes_what_the_reminder_quotes(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await dana.edits(asked, "Hi, my import fails with error 404 since today, how can I fix that?")
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert post.quotes == ("Hi, my import fails with error 404 since today, how can I fix that?",)


async def test_chatter_edited_into_a_question_counts_from_the_edit(stage: Stage) -> None:
    dana = stage.people["dana"]
    said = await dana.says("good morning!")
    await stage.advance(minutes=20)
    await dana.edits(said, QUESTION)
    await stage.advance(minutes=29)
    assert stage.team.sees() == []
    await stage.advance(minutes=2)
    assert len(stage.team.sees()) == 1


async def test_a_deleted_question_is_withdrawn(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.advance(minutes=30)
    await dana.deletes(asked)
    await stage.advance(days=1)
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.WITHDRAWN
    (post,) = stage.team.sees()
    assert post.quotes == () and "took the question back" in post.words and "Still waiting" not in post.buttons


async def test_a_deleted_answer_leaves_the_customer_waiting_again(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    answer = await stage.people["ana"].says(ANSWER, thread=asked)
    await stage.advance(minutes=5)
    await stage.people["ana"].deletes(answer)
    (wait,) = await stage.waits()
    assert wait.state is WaitState.WAITING
    await stage.advance(minutes=60)
    assert len(stage.team.sees()) == 1


async def test_what_an_app_posts_never_ends_a_wait(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.app_says("Thank you for your message. Your disk was full; the export runs again.", thread=asked)
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana has had only an automatic reply so far (by " in post.words


@pytest.mark.only("slack")
async def test_an_app_that_speaks_with_a_members_token_never_ends_a_wait(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.app_says("Your disk was full; the export runs again.", thread=asked, as_person="ana")
    await stage.advance(minutes=30)
    assert len(stage.team.sees()) == 1


@pytest.mark.only("slack")
@pytest.mark.setup(trusted_apps=("A12450FA24",))
async def test_what_people_say_through_a_trusted_app_counts_as_their_words(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    said = await stage.app_says(ANSWER, thread=asked, as_person="ana")
    assert said.body["app_id"] == "A12450FA24"
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED
    assert wait.replies[0].by == stage.persons["ana"].id


async def test_lists_and_the_reasons_say_which_app_alone_replied(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.app_says("Thank you for your message. Your disk was full; the export runs again.", thread=asked)
    await stage.restart()
    assert "only an automatic reply so far (by Zap)" in (await stage.people["ben"].commands("waiting")).words
    assert "1 automatic post (by Zap)" in (await stage.people["ben"].commands("why w1")).words
    await stage.advance(minutes=30)
    (post,) = stage.team.sees()
    assert "Dana has had only an automatic reply so far (by Zap)." in post.words


async def test_an_app_that_names_a_member_as_who_sent_it_speaks_for_nobody(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    ana = f"<@{stage.persons['ana'].id}>" if hasattr(stage, "persons") else "@Ana"
    await stage.app_says(f"*Answer submission* from {ana}\nYour disk was full, the export runs again.", thread=asked)
    (wait,) = await stage.waits()
    assert wait.replies == ()


@pytest.mark.only("discord")
async def test_a_form_that_a_customer_sent_through_an_app_is_their_request(stage: DiscordStage) -> None:
    dana, ana = stage.persons["dana"], stage.persons["ana"]
    await stage.fake.app_posts("help", "Ticket 17: the printer on floor three", name="Help desk", because_of=dana, form=True)
    await stage.fake.app_posts("help", "Ticket 18: the printer on floor two", name="Help desk", because_of=ana, form=True)
    await stage.fake.app_posts("help", "The printers are on floors two and three.", name="Help desk", because_of=dana)
    await stage.advance(minutes=30)
    (wait,) = await stage.waits()
    assert wait.customer == str(dana.id)
    assert "Dana has been waiting" in stage.team.sees()[0].words


@pytest.mark.only("slack")
async def test_a_workflow_form_is_the_words_of_who_filled_it_in(stage: SlackStage) -> None:
    dana = stage.persons["dana"]
    await stage.fake.app_posts(
        "help",
        f"*Support request submission* from <@{dana.id}>\n*What is wrong?*\nOur export fails with error 500, can you help?",
        name="Workflow",
        workflow=True,
    )
    await stage.advance(minutes=30)
    (wait,) = await stage.waits()
    assert wait.customer == dana.id
    assert "Dana has been waiting" in stage.team.sees()[0].words


@pytest.mark.only("slack")
async def test_a_form_that_asks_nothing_in_its_words_waits_all_the_same(stage: SlackStage) -> None:
    dana, ana = stage.persons["dana"], stage.persons["ana"]
    for who in (dana, ana):
        text = f"New ticket by <@{who.id}>\n*What is it about?*\nThe printer on floor three"
        await stage.fake.app_posts("help", text, name="Help desk", workflow=True)
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.customer == dana.id, "what a member fills in asks nothing of the team, and answers nobody"
    await stage.fake.app_posts("help", f"*Solved* submission from <@{ana.id}>\n*Reply*\nIt works again.", name="Zap")
    await stage.settle()
    (wait,) = await stage.waits()
    assert wait.replies == ()


@pytest.mark.only("slack")
async def test_what_a_member_passes_on_is_no_answer_of_theirs(stage: SlackStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    help_channel = stage.fake.workspace.conversation("help")
    link = f"https://harbor.slack.com/archives/{help_channel.id}/p{asked.ts.replace('.', '')}"
    quoted = {"is_share": True, "is_msg_unfurl": True, "text": ANSWER, "from_url": link, "fallback": ANSWER}
    for body in ({"text": "", "attachments": [quoted]}, {"text": f"<{link}>"}):
        whole = {"user": stage.persons["ana"].id, "team": stage.fake.workspace.team.id, **body}
        _, sending = stage.fake.put(help_channel, whole, thread=asked.ts)
        await asyncio.gather(*sending)
        await stage.settle()
    (wait,) = await stage.waits()
    assert wait.replies == () and wait.open
    await stage.advance(minutes=35)
    assert len(stage.team.sees()) == 1


@pytest.mark.setup(peers_may_answer=True)
async def test_where_peers_may_answer_a_customers_help_counts(stage: Stage) -> None:
    asked = await stage.people["dana"].says("How do I rotate my API key?")
    await stage.advance(minutes=2)
    await stage.people["omar"].says(PEERS_HELP, thread=asked)
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.HELPED
    await stage.advance(hours=3)
    assert stage.team.sees() == []


async def test_elsewhere_a_customers_help_doesnt(stage: Stage) -> None:
    asked = await stage.people["dana"].says("How do I rotate my API key?")
    await stage.advance(minutes=2)
    await stage.people["omar"].says(PEERS_HELP, thread=asked)
    await stage.advance(minutes=30)
    assert len(stage.team.sees()) == 1


async def test_a_customer_who_found_the_answer_says_so(stage: Stage) -> None:
    dana = stage.people["dana"]
    asked = await dana.says(QUESTION)
    await stage.advance(minutes=10)
    await dana.says("never mind, I solved it myself", thread=asked)
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.RESOLVED
    await stage.advance(hours=3)
    assert stage.team.sees() == []


async def test_both_clocks_are_kept(stage: Stage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    at = stage.now
    await stage.advance(minutes=5)
    await stage.people["ana"].says("one sec, looking into it", thread=asked)
    await stage.advance(minutes=5)
    await stage.people["ana"].says(ANSWER, thread=asked)
    (wait,) = await stage.all_waits()
    assert wait.first_reply is not None and wait.first_personal is not None
    assert wait.first_reply.at - at == pytest.approx(5 * MINUTE, abs=1)
    assert wait.first_personal.at - at == pytest.approx(10 * MINUTE, abs=1)


@pytest.mark.only("slack", "discord")
async def test_who_wrote_what_may_be_the_answer_is_asked_once_and_then_the_wait_goes_on(stage: SlackStage | DiscordStage) -> None:
    asked = await stage.people["dana"].says(QUESTION)
    await stage.advance(minutes=5)
    await stage.people["cleo"].says("", thread=asked, files=("where.png",))
    await stage.advance(minutes=26)
    (post,) = stage.team.sees()
    assert post.calls == ("cleo",) and "did your message of" in post.words
    await stage.advance(minutes=91)
    assert len(stage.team.sees()) == 2, "asked once"
    post, line = stage.team.sees()
    assert line.calls == ("ben",) and "Dana still waits in #help" in line.words
    assert all("Cleo wrote" in shown.words and "unsure whether that answers Dana" in shown.words for shown in (post, line))
    assert "unsure whether that answers Dana" in (await stage.people["ana"].commands("waiting")).words
    await stage.people["ben"].clicks(post, "That was the answer")
    (wait,) = await stage.all_waits()
    assert wait.state is WaitState.ANSWERED and wait.replies[0].at - wait.opened_at == 5 * MINUTE


async def test_what_says_nothing_in_words_that_no_list_knows_is_asked_about(stage: Stage) -> None:
    first = await stage.people["dana"].says("Warum ist mein Bericht leer?")
    second = await stage.people["omar"].says("レポートが空なのはなぜですか？")
    await stage.advance(minutes=5)
    await stage.people["cleo"].says("Das Team berät sich noch", thread=first)
    await stage.people["ben"].says("管理者権限が必要です", thread=second)
    asked, answered = await stage.all_waits()
    assert asked.possible_answer is not None and asked.state is WaitState.WAITING
    assert answered.state is WaitState.ANSWERED
    await stage.advance(minutes=26)
    (post,) = stage.team.sees()
    assert post.calls == ("cleo",) and "did your message of" in post.words
