"""Promises and times as people say them: the grammar of `language.times.expressions`, the rules of `language.promises`."""

import time
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.hours import ALWAYS, Hours, weekly
from bot.domain.written_hours import read_span
from bot.language.promises import Promise, find
from bot.language.times.words import load_time_words
from tests.domain.dates import Dates

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(zone=BERLIN, week=weekly(range(5), [read_span("09:00-18:00")]))
WEDNESDAY = (2024, 5, 15, 10, 0)
FRIDAY = (2024, 5, 17, 16, 0)


def instant(*parts: int) -> float:
    return datetime(*parts, tzinfo=BERLIN).timestamp()  # type: ignore[arg-type, misc]


def said(text: str, when: tuple[int, ...] = WEDNESDAY, hours: Hours | None = OFFICE) -> Promise | None:
    return find(text, instant(*when), BERLIN, hours)


def until(text: str, when: tuple[int, ...] = WEDNESDAY, hours: Hours | None = OFFICE) -> str:
    promise = said(text, when, hours)
    assert promise is not None, f"no promise seen in {text!r}"
    if promise.until is None:
        return "no time"
    return datetime.fromtimestamp(promise.until, BERLIN).strftime("%a %-d %b %H:%M") + (" exactly" if promise.exact else "")


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("in an hour", "Wed 15 May 11:00 exactly"), ("in 20 minutes", "Wed 15 May 10:20 exactly"),
        ("within 2 hours", "Wed 15 May 12:00 exactly"), ("in 1h30", "Wed 15 May 11:30 exactly"),
        ("5 min", "Wed 15 May 10:05 exactly"),
        ("in an hour and a half", "Wed 15 May 11:30 exactly"), ("in half an hour", "Wed 15 May 10:30 exactly"),
        ("in 10-15 min", "Wed 15 May 10:15 exactly"), ("in an hour or two", "Wed 15 May 12:00 exactly"),
        ("within the hour", "Wed 15 May 11:00 exactly"), ("in the next hour", "Wed 15 May 11:00 exactly"),
        ("in a few minutes", "Wed 15 May 10:15"), ("in a few hours", "Wed 15 May 13:00"), ("in a moment", "Wed 15 May 10:15"),
        ("shortly", "Wed 15 May 11:00"), ("in a bit", "Wed 15 May 11:00"),
        ("by 3pm", "Wed 15 May 15:00 exactly"), ("at 15:00", "Wed 15 May 15:00 exactly"), ("at 3", "Wed 15 May 15:00 exactly"),
        ("at 3 o'clock", "Wed 15 May 15:00 exactly"),
        ("before noon", "Wed 15 May 12:00 exactly"), ("at 4 p.m. tomorrow", "Thu 16 May 16:00 exactly"),
        ("at 9am", "Thu 16 May 09:00 exactly"), ("at 14:00 UTC", "Wed 15 May 16:00 exactly"),
        ("today", "Wed 15 May 17:00"), ("later today", "Wed 15 May 17:00"), ("this afternoon", "Wed 15 May 17:00"),
        ("by end of day", "Wed 15 May 17:00"), ("eod", "Wed 15 May 17:00"), ("this morning", "Wed 15 May 11:00"),
        ("this evening", "Wed 15 May 20:00"), ("tomorrow", "Thu 16 May 12:00"), ("by tomorrow", "Thu 16 May 17:00"),
        ("first thing tomorrow", "Thu 16 May 10:00"), ("tomorrow morning", "Thu 16 May 11:00"),
        ("tomorrow at 10:30", "Thu 16 May 10:30 exactly"), ("the day after tomorrow", "Fri 17 May 12:00"),
        ("on Friday", "Fri 17 May 12:00"), ("by Friday", "Fri 17 May 17:00"), ("end of Friday", "Fri 17 May 17:00"),
        ("before Friday", "Thu 16 May 17:00"), ("on Monday morning", "Mon 20 May 11:00"),
        ("Friday afternoon", "Fri 17 May 17:00"),
        ("next Friday", "Fri 24 May 12:00"), ("on Friday at 3pm", "Fri 17 May 15:00 exactly"), ("on 3 June", "Mon 3 Jun 12:00"),
        ("by June 3rd, 4pm", "Mon 3 Jun 16:00 exactly"), ("in two days", "Fri 17 May 12:00"),
        ("within two days", "Fri 17 May 17:00"),
        ("in 3 working days", "Mon 20 May 12:00"), ("in a week", "Wed 22 May 12:00"), ("this week", "Fri 17 May 17:00"),
        ("next week", "Wed 22 May 12:00"), ("early next week", "Tue 21 May 12:00"),
        ("by the end of next week", "Fri 24 May 17:00"),
        ("after the weekend", "Mon 20 May 12:00"), ("next month", "Mon 3 Jun 12:00"),
    ],
)  # fmt: skip
def test_each_way_of_saying_when(when: str, expected: str) -> None:
    assert until(f"Thanks! I'll get back to you {when}.") == expected


@pytest.mark.parametrize(
    ("when", "at", "expected"),
    [
        ("tomorrow", FRIDAY, "Mon 20 May 12:00"), ("on Saturday", FRIDAY, "Sat 18 May 12:00"),
        ("by Friday", FRIDAY, "Fri 24 May 17:00"), ("by Friday", (2024, 5, 17, 8, 0), "Fri 17 May 17:00"),
        ("on Friday", (2024, 5, 17, 18, 30), "Fri 24 May 12:00"), ("today", (2024, 5, 15, 17, 30), "Wed 15 May 18:00"),
        ("today", (2024, 5, 15, 20, 0), "Wed 15 May 23:00"), ("before Friday", (2024, 5, 16, 17, 30), "Fri 17 May 09:00"),
        ("by 3pm", FRIDAY, "no time"), ("in 3 months", FRIDAY, "no time"), ("in 90 days", FRIDAY, "no time"),
        ("tomorrow", (2024, 3, 29, 9, 0), "Mon 1 Apr 12:00"), ("in 2 hours", (2024, 3, 31, 1, 0), "Sun 31 Mar 04:00 exactly"),
    ],
)  # fmt: skip
def test_the_same_words_on_other_days(when: str, at: tuple[int, ...], expected: str) -> None:
    assert until(f"I'll get back to you {when}", at) == expected


def test_hours_move_the_moment_of_a_day() -> None:
    late = Hours(zone=BERLIN, week=weekly(range(5), [read_span("14:00-20:00")]))
    assert until("I'll get back to you tomorrow", hours=late) == "Thu 16 May 17:00"
    assert until("I'll get back to you by Friday", hours=late) == "Fri 17 May 19:00"
    off = Hours(zone=BERLIN, week=OFFICE.week, holidays=(Dates(dates=frozenset({date(2024, 5, 16)})),))
    assert until("I'll get back to you tomorrow", hours=off) == "Fri 17 May 12:00"
    assert until("I'll get back to you before Friday", hours=off) == "Wed 15 May 17:00"


@pytest.mark.parametrize("hours", [None, ALWAYS])
def test_without_hours_every_day_is_worked_from_nine_to_six(hours: Hours | None) -> None:
    assert until("I'll get back to you tomorrow", FRIDAY, hours) == "Sat 18 May 12:00"
    assert until("I'll get back to you by end of day", FRIDAY, hours) == "Fri 17 May 17:00"


@pytest.mark.parametrize(
    "text",
    [
        "I'll let you know", "will follow up", "I’ll update you", "let me check and get back to you", "ok, will let you know!",
        "We'll keep you posted.", "I'll let you know once it's deployed", "Ben will get back to you",
        "@Ana will follow up with you",
        "I'll check why it's not working and get back to you", "I'll reply as soon as I can", "You'll hear from us.",
        "Ich gebe dir Bescheid.", "Je vous tiens au courant", "te aviso", "nos pondremos en contacto", "dou um retorno",
    ],
)  # fmt: skip
def test_a_promise_without_a_time_leaves_it_to_the_caller(text: str) -> None:
    assert until(text) == "no time"


@pytest.mark.parametrize(
    "text",
    [
        "", "one sec", "looking into it", "I'll look into it", "I'll check in a sec", "give me a sec", "checking", "on it!",
        "you'll get an email tomorrow", "it should be fixed tomorrow", "can you try again tomorrow?", "did you get back to them?",
        "I'll be back on Monday", "let me know tomorrow", "Will you get back to me tomorrow?", "we got back to him 5 minutes ago",
        "if you send the logs I'll get back to you tomorrow", "I'll get back to you once you've sent the file",
        "see you tomorrow",
        "The server will reply within 2 minutes", "the bank will get back to you tomorrow",
        "I can't get a response from it today",
        "Let me reply to your points: first, restart it", "I'll look at the last 24 hours of logs",
        "> I'll get back to you tomorrow", "```I'll get back to you tomorrow```", "I will not get back to you on this",
        "If it fails again I'll get back to you tomorrow",
        "Melde dich morgen", "gib mir bis Freitag Bescheid", "je reviens lundi", "te digo que no", "te confirmo que ya funciona",
        "volto na segunda", "o retorno foi ontem", "we can follow up on that",
    ],
)  # fmt: skip
def test_what_is_no_promise(text: str) -> None:
    assert said(text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I'll look into it tomorrow", "Thu 16 May 12:00"), ("give me 10 minutes", "Wed 15 May 10:10 exactly"),
        ("will do tomorrow", "Thu 16 May 12:00"), ("We'll have an answer for you by Thursday", "Thu 16 May 17:00"),
        ("We should have news by tomorrow evening", "Thu 16 May 20:00"),
        ("I won't get to this before Monday", "Mon 20 May 12:00"),
        ("I'll check with the team tomorrow and let you know", "Thu 16 May 12:00"),
        ("we can follow up on Monday", "Mon 20 May 12:00"),
        ("Tomorrow morning I'll get back to you", "Thu 16 May 11:00"), ("I'm off tomorrow, I'll get back to you", "no time"),
        ("I'm off tomorrow, will get back to you on Friday", "Fri 17 May 12:00"),
        ("I'll let you know. I'll test it tomorrow.", "Thu 16 May 12:00"),
        ("I'll keep you posted, can you try again tomorrow?", "no time"),
        ("You can expect an answer by Friday", "Fri 17 May 17:00"),
    ],
)  # fmt: skip
def test_where_the_time_stands(text: str, expected: str) -> None:
    assert until(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ich melde mich morgen", "Thu 16 May 12:00"), ("ich melde mich morgen früh bei dir", "Thu 16 May 11:00"),
        ("Morgen melde ich mich.", "Thu 16 May 12:00"), ("wir geben Ihnen bis Freitag Bescheid", "Fri 17 May 17:00"),
        ("ich melde mich in einer halben Stunde", "Wed 15 May 10:30 exactly"),
        ("ich melde mich um 15 Uhr", "Wed 15 May 15:00 exactly"),
        ("Ich schaue mir das heute Nachmittag an", "Wed 15 May 17:00"), ("Wir melden uns nächste Woche", "Wed 22 May 12:00"),
        ("je reviens vers vous demain", "Thu 16 May 12:00"), ("je reviens vers toi d'ici une heure", "Wed 15 May 11:00 exactly"),
        ("je reviens vers vous à 15h30", "Wed 15 May 15:30 exactly"), ("On revient vers vous lundi matin", "Mon 20 May 11:00"),
        ("te aviso mañana", "Thu 16 May 12:00"), ("te digo en una hora", "Wed 15 May 11:00 exactly"),
        ("te digo en dos horas", "Wed 15 May 12:00 exactly"), ("je reviens vers vous à 18 heures", "Wed 15 May 18:00 exactly"),
        ("je reviens vers vous dans 5 jours ouvrés", "Wed 22 May 12:00"),
        ("te aviso el viernes por la mañana", "Fri 17 May 11:00"), ("le respondemos la próxima semana", "Wed 22 May 12:00"),
        ("retorno amanhã", "Thu 16 May 12:00"), ("te retorno amanhã de manhã", "Thu 16 May 11:00"),
        ("dou um retorno até sexta", "Fri 17 May 17:00"), ("aviso você na segunda", "Mon 20 May 12:00"),
    ],
)  # fmt: skip
def test_other_languages(text: str, expected: str) -> None:
    assert until(text) == expected


def test_the_phrase_is_shown_where_it_stands() -> None:
    text = "Ça va, Ömer… I’ll get back to you by Friday, thanks"
    promise = said(text)
    assert promise is not None and promise.phrase is not None
    assert text[slice(*promise.phrase)] == "I’ll get back to you by Friday"


NOT_WORDS = ("I'll", "get back to you", "will", "let you know", "check", "7", "99:99", "25:00", "31", "0", "\n", "?")
PROMISES = (
    st.lists(st.sampled_from([*load_time_words().meanings, *NOT_WORDS]), max_size=12)
    .map(" ".join)
    .map("I'll get back to you ".__add__)
)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=200) | PROMISES, st.sampled_from([OFFICE, None]))
def test_no_text_breaks_it_and_what_it_finds_is_usable(text: str, hours: Hours | None) -> None:
    now = instant(*WEDNESDAY)
    promise = find(text, now, BERLIN, hours)
    if promise is not None:
        assert promise.until is None or now < promise.until <= now + 60 * 86400
        assert promise.phrase is not None and 0 <= promise.phrase[0] < promise.phrase[1] <= len(text)
        assert not promise.exact or promise.until is not None


@pytest.mark.parametrize(
    "piece",
    [
        "i'll ",
        ".",
        "a.\n",
        "`",
        "`a",
        ">",
        "i will check ",
        "i won't ",
        "i'll get back to you in the next ",
        "ich melde mich ",
        "gebe dir ",
        "10 ",
    ],
)
def test_a_hostile_page_is_read_no_further_than_its_start(piece: str) -> None:
    text = "I'll get back " + piece * (100_000 // len(piece))
    began = time.process_time()
    find(text, instant(*WEDNESDAY), BERLIN, OFFICE)
    # Some 10 ms in truth; a backtracking pattern takes minutes, so a second tells them apart on any machine.
    assert time.process_time() - began < 1
    assert said("x" * 5000 + " I'll get back to you tomorrow") is None


LEFT_OVER = """
Ich melde mich in KW 12 | Wed 18 Mar 12:00
Wir melden uns in Kalenderwoche 13 | Wed 25 Mar 12:00
I'll get back to you in week 12 | Wed 18 Mar 12:00
Je reviens vers vous en semaine 12 | Wed 18 Mar 12:00
I'll get back to you by the end of week 12 | Fri 20 Mar 17:00
Je reviens vers vous sous huitaine | Wed 11 Mar 17:00
Odezwę się do 12.03 | Thu 12 Mar 12:00
Dam znać do 13.03. | Fri 13 Mar 12:00
Main 12/3 ko batata hoon | Thu 12 Mar 12:00
I'll get back to you in twenty-two minutes | Wed 4 Mar 10:22
I'll get back to you in twenty two days | Thu 26 Mar 12:00
Ich melde mich in zweiundzwanzig Tagen | Thu 26 Mar 12:00
Ich melde mich in dreiunddreißig Minuten | Wed 4 Mar 10:33
Je reviens vers vous dans trente-cinq minutes | Wed 4 Mar 10:35
Te aviso en veintidós días | Thu 26 Mar 12:00
Te aviso en treinta y cinco minutos | Wed 4 Mar 10:35
Retorno em vinte e dois dias | Thu 26 Mar 12:00
Ti faccio sapere tra ventidue giorni | Thu 26 Mar 12:00
Ik laat het je weten over tweeëntwintig dagen | Thu 26 Mar 12:00
Odezwę się za dwadzieścia dwa dni | Thu 26 Mar 12:00
Ich melde mich nach der Mittagspause | Wed 4 Mar 17:00
Je reviens vers vous après le déjeuner | Wed 4 Mar 17:00
Te aviso después de comer | Wed 4 Mar 17:00
Te respondo na segunda ao meio-dia | Mon 9 Mar 12:00
It'll be Monday | Mon 9 Mar 12:00
Sorry, it'll be Monday now | Mon 9 Mar 12:00
That will have to wait until Thursday | Thu 5 Mar 12:00
Make that Friday 3pm | Fri 6 Mar 15:00
Pushed to next week | Wed 11 Mar 12:00
I need until Friday | Fri 6 Mar 12:00
Es wird leider erst Montag | Mon 9 Mar 12:00
Ce sera plutôt lundi | Mon 9 Mar 12:00
Será el lunes | Mon 9 Mar 12:00
Vai ficar para segunda | Mon 9 Mar 12:00
Sarà lunedì | Mon 9 Mar 12:00
Het wordt maandag | Mon 9 Mar 12:00
"""
"""Promises of Wednesday 4 March, 10:00, and until when they hold."""


@pytest.mark.parametrize("line", LEFT_OVER.strip().splitlines())
def test_weeks_by_number_numbers_in_words_and_promises_put_off(line: str) -> None:
    text, until = line.split(" | ")
    zone = ZoneInfo("Europe/Berlin")
    office = Hours(zone=zone, week=weekly(range(5), [read_span("09:00-18:00")]))
    promise = find(text, datetime(2026, 3, 4, 10, tzinfo=zone).timestamp(), zone, office)
    assert promise is not None and promise.until is not None
    then = datetime.fromtimestamp(promise.until, zone)
    assert f"{then:%a} {then.day} {then:%b %H:%M}" == until


@pytest.mark.parametrize(
    "text",
    ["It'll be fine", "it'll be a while", "It will be Monday before the release with the fix is out",
     "Ce sera plus simple demain", "Das wird schon",
     "Es wird Montag von allein noch einmal versucht", "make it two lines", "The logs moved to another place"],
)  # fmt: skip
def test_what_only_sounds_like_putting_off_promises_nothing(text: str) -> None:
    zone = ZoneInfo("Europe/Berlin")
    assert find(text, datetime(2026, 3, 4, 10, tzinfo=zone).timestamp(), zone, None) is None
