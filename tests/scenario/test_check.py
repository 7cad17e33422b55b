"""Is this personal? A member asks about what they are about to send, or have sent; who else asks learns nothing."""

from __future__ import annotations

import pytest

from tests.scenario.stage import Stage
from tests.scenario.test_corrections import FIXED

MACRO = "We apologise for the inconvenience, our engineers investigate the outage and restore all exports shortly"


async def test_a_reply_is_checked_before_it_is_sent(stage: Stage) -> None:
    await stage.people["dana"].says("Hello, why does the csv export of March come out empty?")
    ana = stage.people["ana"]
    stage.said.append("Hi {{first_name}}, we have received your request")  # nothing of it may lie in any file afterwards
    shown = await ana.commands("check Hi {{first_name}}, we have received your request")
    assert "“{{first_name}}”" in shown.words and "never “I”" in shown.words and "Only you see this" in shown.words
    named = await ana.commands("check w1 I looked at the csv export, Dana: March is back")
    assert "It names what they asked: csv, export, march" in named.words and "Compared with what Dana asked" in named.words
    assert "Nothing to remark" in named.words
    by_name = await ana.commands("check Dana, I looked at the csv export: March is back")
    assert "Compared with what Dana asked" in by_name.words
    assert "There is no wait w99" in (await ana.commands("check w99 hello there")).words
    assert await stage.waits() and stage.team.sees() == [] and stage.seen_outside() == []


@pytest.mark.alone
async def test_that_nothing_asked_is_named_is_said_where_the_question_is_kept_and_in_its_language(stage: Stage) -> None:
    await stage.people["dana"].says("Hello, why does the csv export of March come out empty?")
    ana = stage.people["ana"]
    off = await ana.commands("check w1 Restart the machine, clear cookies, install the browser and printer")
    assert "It names nothing of what they asked" in off.words
    german = await ana.commands("check w1 Ich habe den Drucker und die Anlage von gestern im Keller neu gestartet, Kollege")
    assert "names nothing" not in german.words and "Compared with what Dana asked" in german.words


async def test_ones_own_message_is_checked_and_nobody_elses(stage: Stage) -> None:
    people = stage.people
    for customer in ("omar", "pia"):
        asked = await people[customer].says(f"Hi, {customer} here: is the export down?")
        await people["ben"].says(MACRO, thread=asked)
        await stage.advance(minutes=5)
    asked = await people["dana"].says("Hello, why does the csv export of March come out empty?")
    said = await people["ana"].says(MACRO, thread=asked)
    shown = await people["ana"].checks(said)
    assert "Nearly the same was written to 2 other customers before, last today" in shown.words
    assert "Ben" not in shown.words, "who wrote it is nobody's business"
    assert "your own messages only" in (await people["cleo"].checks(said)).words, "a lead neither"
    assert "your own messages only" in (await people["ana"].checks(asked)).words


async def test_a_customer_who_asks_gets_the_one_sentence(stage: Stage) -> None:
    said = await stage.people["dana"].says("Hello, why does the csv export of March come out empty?")
    assert FIXED in (await stage.people["dana"].commands("check Hi {{name}}, we have received it")).words
    assert FIXED in (await stage.people["dana"].checks(said)).words


async def test_hostile_words_are_only_looked_at(stage: Stage) -> None:
    markup = "<script>alert(1)</script> @everyone <!channel> *we* `we"
    for text in (f"\u202e{{{{name}}}} \u2066we {markup}", "we " * 1200):
        shown = await stage.people["ana"].commands(f"check {text}")
        assert "never “I”" in shown.words and "\u202e" not in shown.words and shown.calls == ()


@pytest.mark.only("local")
async def test_what_is_too_long_is_refused_in_a_sentence(stage: Stage) -> None:
    shown = await stage.people["ana"].commands("check " + "we are " * 1500)
    assert "longer than a command can be" in shown.words
    assert "What would you like to send?" in (await stage.people["ana"].commands("check")).words


@pytest.mark.only("slack", "local")
@pytest.mark.alone
async def test_a_message_of_ten_thousand_characters_is_looked_at(stage: Stage) -> None:
    said = await stage.people["ana"].says("Hi {{name}}, " + "we looked at it and " * 500)
    shown = await stage.people["ana"].checks(said)
    assert "“{{name}}”" in shown.words and "never “I”" in shown.words and len(shown.words) < 1_000
