"""Report an auto-DM: from within direct messages, by anybody; what becomes of it, and what nobody learns."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.domain.auto_dms import DirectMessage
from bot.domain.people import Role
from bot.domain.views import Form
from tests.scenario.local_stage import LocalStage
from tests.scenario.stage import Stage
from tests.scenario.test_corrections import FIXED
from tests.scenario.test_tips import TIP, public
from tests.storage.sqlite.rows import rows_of

WELCOME = "Hey there, welcome aboard our community! Check out the premium plans and book a demo call with us today"
THANKS = "Thank you for reporting it"
REPORTED = "automatic direct messages that people here got in your name were reported"


async def reported(stage: Stage, who: str, sender: str, text: str = WELCOME, *, through: str = "", sort: str = "") -> str:
    """Somebody gets a direct message and reports it; what they are told."""
    message = await stage.people[who].gets(sender, text, through=through)
    stage.said.append(text)
    form = await stage.people[who].reports(message)
    assert "Report an auto-DM" in form.words and form.inputs == ("What was it?",)
    return (await stage.people[who].fills(form, {"What was it?": sort} if sort else {})).words


async def sums(stage: Stage) -> str:
    return (await stage.people["cleo"].commands("auto-dms")).words


async def test_a_customer_gets_the_form_and_a_thank_you_and_leads_see_the_app(stage: Stage) -> None:
    told = await reported(stage, "dana", "Greeter", sort="A welcome message")
    assert told.strip().endswith(f"{THANKS}. As: a welcome message."), "nothing else"
    await reported(stage, "omar", "Greeter", f"{WELCOME}, Omar", sort="A sales pitch")
    await reported(stage, "pia", "Zap", "Your ticket was received")
    shown = await sums(stage)
    assert "Greeter" in shown and "2 messages, welcome 1, sales pitch 1, 2 in nearly the same words" in shown
    assert "Zap" in shown and "1 message" in shown
    audited = await stage.people["cleo"].commands("audit")
    assert "3 direct messages were reported as automatic" in audited.words
    assert "Greeter" in (await stage.people["cleo"].clicks(audited, "Reported auto-DMs")).words
    for name in ("Dana", "Omar", "Pia"):
        assert name not in shown
    assert "for leads" in (await stage.people["ana"].commands("auto-dms")).words.lower()
    assert FIXED in (await stage.people["dana"].commands("auto-dms")).words
    assert public(stage) == [] and stage.team.sees() == []


async def test_one_person_s_word_tells_nobody_and_two_tell_the_member_days_later(stage: Stage) -> None:
    ana = stage.people["ana"]
    await reported(stage, "dana", "ana")
    await stage.advance(days=5)
    assert TIP not in (await ana.commands("waiting mine")).words
    told = await reported(stage, "ben", "ana", f"{WELCOME}, Ben")
    assert THANKS in told and "Nobody learns that it was you" in told
    await stage.advance(hours=23)
    assert TIP not in (await ana.commands("waiting mine")).words, "nobody is to guess by the hour who it was"
    await stage.restart()
    await stage.advance(days=4)
    shown = (await ana.commands("waiting mine")).words
    assert TIP in shown and REPORTED in shown
    assert "Dana" not in shown and "Ben" not in shown and WELCOME not in shown
    assert TIP not in (await ana.commands("waiting mine")).words, "once"
    assert TIP not in (await stage.people["cleo"].commands("waiting mine")).words
    shown = (await sums(stage)).casefold()
    assert "without the mark of an app" in shown and "2 messages" in shown
    assert "ana" not in shown.split()


async def test_a_lead_s_own_aren_t_in_the_sums_that_they_read(stage: Stage) -> None:
    cleo = stage.people["cleo"]
    await reported(stage, "dana", "cleo")
    for shown in (await cleo.commands("auto-dms"), await cleo.commands("audit")):
        assert "reported as automatic" not in shown.words and "1 message" not in shown.words
    await reported(stage, "dana", "ana")
    assert "1 message" in (await cleo.commands("auto-dms")).words
    assert "1 direct message was reported" in (await cleo.commands("audit")).words


@pytest.mark.only("local", "slack")
async def test_what_the_platform_marks_needs_no_second_person(stage: Stage) -> None:
    ana = stage.people["ana"]
    await ana.commands("dm on")
    await reported(stage, "dana", "ana", through="Zap")
    assert ana.direct() == []
    await stage.advance(days=4)
    (tip,) = [shown for shown in ana.direct() if TIP in shown.words]
    assert REPORTED in tip.words and "through Zap" in tip.words and "Dana" not in tip.words
    await reported(stage, "omar", "ana", through="Zap")
    await stage.advance(days=4)
    assert len([shown for shown in ana.direct() if TIP in shown.words]) == 1, "one a week at most"


async def test_the_same_message_counts_once_and_ones_own_not_at_all(stage: Stage) -> None:
    dana = stage.people["dana"]
    message = await dana.gets("ana", WELCOME)
    await dana.reports(message)  # a form that is closed again reports nothing
    assert "No auto-DM was reported" in await sums(stage)
    assert THANKS in (await dana.fills(await dana.reports(message), {})).words
    assert "already" in (await dana.reports(message)).words
    assert "your own" in (await stage.people["ana"].reports(message)).words
    assert "1 message" in await sums(stage)
    await stage.advance(days=5)
    assert TIP not in (await stage.people["ana"].commands("waiting mine")).words


@pytest.mark.only("local", "slack")
async def test_it_is_for_direct_messages(stage: Stage) -> None:
    said = await stage.people["ana"].says("Anybody seen the figures of March?")
    assert "This is for direct messages" in (await stage.people["dana"].reports(said)).words


@pytest.mark.only("local")
async def test_ten_a_day_are_taken_from_one_person(stage: Stage) -> None:
    for number in range(10):
        assert THANKS in await reported(stage, "dana", "Greeter", f"{WELCOME} {number}")
    message = await stage.people["dana"].gets("Greeter", WELCOME)
    assert "more than 10 within a day" in (await stage.people["dana"].reports(message)).words
    assert THANKS in await reported(stage, "omar", "Greeter")
    await stage.advance(hours=25)
    assert THANKS in await reported(stage, "dana", "Greeter")


@pytest.mark.only("slack", "discord")
@pytest.mark.setup(observe=True, started=False)
async def test_while_nothing_is_sent_nobody_is_told(stage: Stage) -> None:
    await reported(stage, "dana", "ana")
    await reported(stage, "omar", "ana")
    await stage.advance(days=5)
    assert TIP not in (await stage.people["ana"].commands("waiting mine")).words


@pytest.mark.only("local")
async def test_a_form_is_believed_in_nothing(stage: LocalStage) -> None:
    dana, bot = stage.people["dana"], stage.bot
    (form,) = (await dana.reports(await dana.gets("ana", WELCOME))).native.nodes
    code = f"{form.verb}:{form.argument}"
    for who, forged in (("omar", code), ("dana", "auto-dm:0"), ("dana", "auto-dm:"), ("cleo", code + "/x")):
        assert "isn't open any more" in (await bot.submit(who, Role.CUSTOMER, forged, {"sort": ""})).fallback
    odd = await bot.submit("dana", Role.CUSTOMER, code, {"sort": "'; DROP TABLE auto_dms"})
    assert odd.refused and "none of the choices" in odd.fallback
    await stage.advance(minutes=61)
    assert "isn't open any more" in (await bot.submit("dana", Role.CUSTOMER, code, {"sort": "pitch"})).fallback
    assert "No auto-DM was reported" in await sums(stage)


@pytest.mark.only("local")
async def test_neither_words_nor_who_reported_are_stored(stage: LocalStage) -> None:
    await reported(stage, "dana", "ana")
    ((message, reporter, words),) = rows_of(stage.path, "SELECT message, reporter, words FROM auto_dms")
    assert "dana" not in f"{message}{reporter}" and "welcome" not in words
    assert len(json.loads(words)) > 6


@pytest.mark.only("local")
async def test_hostile_direct_messages_are_only_counted(stage: LocalStage) -> None:
    for number, name in enumerate(("\u202eretniop", "<!channel> " * 40, "a" * 5000, "| ` * _")):
        direct = DirectMessage(
            id=f"\ud800{number}",
            at=stage.now + 1e9,
            author="B1\n",
            text="\u0000<@everyone> " * 3000,
            marks=("bot_id",),
            app=name,
            app_name=name,
        )
        form = await stage.bot.report_auto_dm("dana", direct)
        assert isinstance(form, Form)
        await stage.bot.submit("dana", Role.CUSTOMER, f"{form.verb}:{form.argument}", {"sort": "other"})
    shown = await stage.people["cleo"].commands("auto-dms")
    assert shown.words.count("1 message") == 4 and "\u202e" not in shown.words and shown.calls == ()
    assert max(map(len, shown.words.split())) <= 130


@pytest.mark.only("discord")
async def test_who_is_in_no_server_of_the_team_reports_nothing(stage: Stage) -> None:
    """Anybody may install an app for themselves."""
    message = await stage.people["dana"].gets("ana", WELCOME)
    dana: Any = stage.people["dana"]
    await dana.person.leaves()
    assert "and you aren't" in (await dana.reports(message)).words
    assert "No auto-DM was reported" in await sums(stage)
