"""Times as people say them: each way of saying a day, a clock time or a zone, in each language that the grammar has words for in
full, read alike in a member's promise and in what is typed to the bot."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import Hours, weekly
from bot.domain.refusal import Moment, Refusal
from bot.domain.written_hours import read_span
from bot.language import promises as data
from bot.language.languages import read_languages
from bot.language.promises import find
from bot.language.times.input import read_when

BERLIN = ZoneInfo("Europe/Berlin")
OFFICE = Hours(zone=BERLIN, week=weekly(range(5), [read_span("09:00-18:00")]))
MONDAY = datetime(2026, 3, 2, 10, 0, tzinfo=BERLIN)

PROMISES = {
    "en": "I'll get back to you",
    "de": "Ich melde mich",
    "fr": "Je reviens vers vous",
    "es": "Te aviso",
    "pt": "Te retorno",
    "it": "Ti faccio sapere",
    "nl": "Ik antwoord je",
    "pl": "Odezwę się",
}


def promised(when: str, language: str = "en", *, at: datetime = MONDAY, hours: Hours | None = OFFICE) -> str:
    text = f"{PROMISES[language]} {when}"
    promise = find(text, at.timestamp(), BERLIN, hours)
    assert promise is not None, f"no promise seen in {text!r}"
    if promise.until is None:
        return "no time"
    return datetime.fromtimestamp(promise.until, BERLIN).strftime("%-d %b %H:%M")


def typed(when: str, *, at: datetime = MONDAY) -> str:
    moment = read_when(when, at.timestamp(), OFFICE)
    if isinstance(moment, Refusal):
        return f"refused: {moment.says}"
    return datetime.fromtimestamp(moment.at, BERLIN).strftime("%-d %b %H:%M")


@pytest.mark.parametrize(
    ("when", "until"),
    [
        # A weekday with a date, in any order.
        ("on Friday 20 March", "20 Mar 12:00"), ("Friday, March 20", "20 Mar 12:00"), ("on Fri 20 Mar", "20 Mar 12:00"),
        ("by Friday the 20th", "20 Mar 17:00"), ("Wednesday 18th", "18 Mar 12:00"), ("Tue 10", "10 Mar 12:00"),
        ("on Monday, March 16th at 2pm", "16 Mar 14:00"), ("Thu 12/3", "12 Mar 12:00"), ("Thursday week", "12 Mar 12:00"),
        ("Wednesday next week", "11 Mar 12:00"), ("next week Wednesday", "11 Mar 12:00"),
        ("Tuesday in two weeks", "17 Mar 12:00"),
        ("the third Thursday of March", "19 Mar 12:00"), ("on the last Monday of the month", "30 Mar 12:00"),
        ("on the first Wednesday of April", "1 Apr 12:00"), ("two weeks from Wednesday", "18 Mar 12:00"),
        ("a week from tomorrow", "10 Mar 12:00"), ("this coming Thursday", "5 Mar 12:00"),
        ("between Tuesday and Thursday", "5 Mar 12:00"),
        ("on Wednesday or Thursday", "5 Mar 12:00"),
        # A date.
        ("on 2026-03-19", "19 Mar 12:00"), ("2026-03-19 16:30", "19 Mar 16:30"), ("by 19 Mar", "19 Mar 17:00"),
        ("on Mar. 19", "19 Mar 12:00"), ("on the 19th of March", "19 Mar 12:00"), ("on the 19th", "19 Mar 12:00"),
        ("by March 19, 2026", "19 Mar 17:00"), ("on 19/03", "19 Mar 12:00"), ("on 3/19", "19 Mar 12:00"),
        ("on Thu 19.3.", "19 Mar 12:00"),
        ("by the 10th of next month", "10 Apr 17:00"), ("on the first of April", "1 Apr 12:00"), ("on 1 March", "no time"),
        # 4 March or 3 April, 11 March or 3 November: the later one that is near.
        ("by 3/4", "3 Apr 17:00"), ("on 11/3", "11 Mar 12:00"),
        # It is no Friday: the later of the two that may be meant.
        ("on Friday 12 March", "13 Mar 12:00"), ("on Friday 14 March", "14 Mar 12:00"),
        # Weeks, months, feasts.
        ("by the end of the month", "31 Mar 17:00"), ("at the end of April", "30 Apr 17:00"), ("by mid-April", "15 Apr 17:00"),
        ("early next month", "6 Apr 12:00"), ("by EOM", "31 Mar 17:00"), ("in April", "1 Apr 12:00"),
        ("before April", "31 Mar 17:00"),
        ("before the weekend", "6 Mar 17:00"), ("over the weekend", "8 Mar 17:00"), ("the week after next", "18 Mar 12:00"),
        ("in a fortnight", "16 Mar 12:00"), ("midweek", "4 Mar 12:00"), ("after next week", "16 Mar 12:00"),
        ("in the coming days", "5 Mar 12:00"), ("in a month", "2 Apr 12:00"), ("in Q3", "no time"),
        ("after Easter", "7 Apr 12:00"),
        ("before Easter", "2 Apr 17:00"), ("after Christmas", "no time"), ("after Wednesday", "5 Mar 12:00"),
        # Clock times.
        ("at half past two", "2 Mar 14:30"), ("by a quarter past four", "2 Mar 16:15"), ("at quarter to six", "2 Mar 17:45"),
        ("by ten to four", "2 Mar 15:50"), ("at 20 past 3", "2 Mar 15:20"), ("between 2 and 4", "2 Mar 16:00"),
        ("between 2pm and 4pm tomorrow", "3 Mar 16:00"), ("from 2 to 4", "2 Mar 16:00"), ("2-4pm", "2 Mar 16:00"),
        ("at midnight", "3 Mar 00:00"), ("tomorrow at noon", "3 Mar 12:00"), ("after 3pm", "2 Mar 16:00"),
        ("at 3:30", "2 Mar 15:30"),
        ("tomorrow morning at 6", "3 Mar 06:00"), ("tonight at 8", "2 Mar 20:00"), ("first thing Monday", "9 Mar 10:00"),
        ("in three quarters of an hour", "2 Mar 10:45"), ("two hours from now", "2 Mar 12:00"),
        ("in 2 hours' time", "2 Mar 12:00"),
        ("on Monday at 9", "9 Mar 09:00"), ("at 1500", "2 Mar 15:00"), ("around 3ish", "2 Mar 15:00"),
        ("at 17:00 JST", "3 Mar 09:00"),
        ("first thing in the morning", "3 Mar 10:00"), ("at the end of the day", "2 Mar 17:00"),
        ("in an hour and a quarter", "2 Mar 11:15"),
        ("the Friday after next", "13 Mar 12:00"), ("a week tomorrow", "10 Mar 12:00"),
        ("in a fortnight's time", "16 Mar 12:00"),
        ("the 2nd Tuesday of the month", "10 Mar 12:00"), ("in the second week of March", "13 Mar 17:00"),
        ("on 12-Mar", "12 Mar 12:00"),
    ],
)  # fmt: skip
def test_english(when: str, until: str) -> None:
    assert promised(when) == until
    assert promised(f"{when}, thanks for waiting") == until


@pytest.mark.parametrize(
    ("language", "when", "until"),
    [
        ("de", "am Freitag, den 20.", "20 Mar 12:00"), ("de", "am Freitag, 20. März", "20 Mar 12:00"),
        ("de", "am Fr, 20.3.", "20 Mar 12:00"),
        ("de", "bis 20. März um 14 Uhr", "20 Mar 14:00"), ("de", "bis zum 20.", "20 Mar 17:00"),
        ("de", "am 20.03.", "20 Mar 12:00"),
        ("de", "am 3.4.", "3 Apr 12:00"), ("de", "am zweiten Freitag im März", "13 Mar 12:00"),
        ("de", "am ersten April", "1 Apr 12:00"),
        ("de", "bis Ende des Monats", "31 Mar 17:00"), ("de", "Ende April", "30 Apr 17:00"),
        ("de", "bis Ende nächsten Monats", "30 Apr 17:00"),
        ("de", "Mitte April", "15 Apr 12:00"), ("de", "Anfang nächster Woche", "10 Mar 12:00"),
        ("de", "vor dem Wochenende", "6 Mar 17:00"),
        ("de", "Freitag nächster Woche", "13 Mar 12:00"), ("de", "heute in einer Woche", "9 Mar 12:00"),
        ("de", "nach Ostern", "7 Apr 12:00"),
        ("de", "in den nächsten Tagen", "5 Mar 12:00"), ("de", "in vierzehn Tagen", "16 Mar 12:00"),
        ("de", "um halb fünf", "2 Mar 16:30"), ("de", "um Viertel vor drei", "2 Mar 14:45"),
        ("de", "um drei Viertel drei", "2 Mar 14:45"),
        ("de", "um zehn nach zwei", "2 Mar 14:10"), ("de", "um fünf vor halb drei", "2 Mar 14:25"),
        ("de", "zwischen 14 und 16 Uhr", "2 Mar 16:00"),
        ("de", "von 14 bis 16 Uhr", "2 Mar 16:00"), ("de", "um Mitternacht", "3 Mar 00:00"), ("de", "ab 14 Uhr", "2 Mar 14:00"),
        ("de", "in einer Dreiviertelstunde", "2 Mar 10:45"), ("de", "in anderthalb Stunden", "2 Mar 11:30"),
        ("de", "morgen um 9", "3 Mar 09:00"),
        ("de", "Freitagnachmittag", "6 Mar 17:00"), ("de", "am Donnerstagmorgen", "5 Mar 12:00"),
        ("de", "am 12. 3.", "12 Mar 12:00"),
        ("de", "in der nächsten Stunde", "2 Mar 11:00"), ("de", "über Ostern", "7 Apr 12:00"),
        ("fr", "mardi prochain, le 17 mars", "17 Mar 12:00"), ("fr", "vers le 13", "13 Mar 12:00"),
        ("fr", "dans l'heure", "2 Mar 11:00"),
        ("fr", "à quinze heures trente", "2 Mar 15:30"), ("fr", "demain en début d'après-midi", "3 Mar 17:00"),
        ("es", "mañana temprano", "3 Mar 10:00"), ("es", "desde las 2 hasta las 4", "2 Mar 16:00"),
        ("es", "en hora y media", "2 Mar 11:30"),
        ("es", "de aquí a dos semanas", "16 Mar 12:00"), ("es", "en las próximas horas", "2 Mar 13:00"),
        ("pt", "dia 13 às 14h", "13 Mar 14:00"), ("pt", "amanhã cedo", "3 Mar 10:00"),
        ("pt", "no dia 1º de abril", "1 Apr 12:00"),
        ("pt", "às 15 e 30", "2 Mar 15:30"), ("pt", "às 15h de Brasília", "2 Mar 19:00"),
        ("pt", "sexta da próxima semana", "13 Mar 12:00"),
        ("de", "heute Abend um 8", "2 Mar 20:00"), ("de", "um 15 Uhr, ist das ok", "2 Mar 15:00"),
        ("fr", "vendredi 20", "20 Mar 12:00"), ("fr", "le vendredi 20 mars à 14h", "20 Mar 14:00"),
        ("fr", "le 20/03", "20 Mar 12:00"),
        ("fr", "le 3/4", "3 Apr 12:00"), ("fr", "avant le 20", "19 Mar 17:00"), ("fr", "d'ici le 20", "20 Mar 17:00"),
        ("fr", "le 1er avril", "1 Apr 12:00"), ("fr", "le deuxième vendredi de mars", "13 Mar 12:00"),
        ("fr", "fin avril", "30 Apr 17:00"),
        ("fr", "d'ici la fin du mois", "31 Mar 17:00"), ("fr", "à la fin du mois prochain", "30 Apr 17:00"),
        ("fr", "mi-avril", "15 Apr 12:00"),
        ("fr", "mardi en huit", "10 Mar 12:00"), ("fr", "mardi de la semaine prochaine", "10 Mar 12:00"),
        ("fr", "dans quinze jours", "16 Mar 12:00"),
        ("fr", "avant le week-end", "6 Mar 17:00"), ("fr", "après Pâques", "7 Apr 12:00"),
        ("fr", "à deux heures et demie", "2 Mar 14:30"),
        ("fr", "à trois heures moins le quart", "2 Mar 14:45"), ("fr", "à trois heures moins dix", "2 Mar 14:50"),
        ("fr", "à midi et demi", "2 Mar 12:30"), ("fr", "entre 14h et 16h", "2 Mar 16:00"),
        ("fr", "de 14h à 16h", "2 Mar 16:00"),
        ("fr", "dans trois quarts d'heure", "2 Mar 10:45"), ("fr", "à minuit", "3 Mar 00:00"),
        ("fr", "le lun. 16 mars", "16 Mar 12:00"),
        ("es", "el viernes 20", "20 Mar 12:00"), ("es", "el viernes, 20 de marzo a las 14h", "20 Mar 14:00"),
        ("es", "el 20/03", "20 Mar 12:00"),
        ("es", "el 3/4", "3 Apr 12:00"), ("es", "antes del 20", "19 Mar 17:00"), ("es", "el día 20", "20 Mar 12:00"),
        ("es", "a finales de abril", "30 Apr 17:00"), ("es", "a fin de mes", "31 Mar 17:00"),
        ("es", "a mediados de abril", "15 Apr 12:00"),
        ("es", "a finales del próximo mes", "30 Apr 17:00"), ("es", "el segundo viernes de marzo", "13 Mar 12:00"),
        ("es", "el martes de la semana que viene", "10 Mar 12:00"), ("es", "en quince días", "16 Mar 12:00"),
        ("es", "antes del fin de semana", "6 Mar 17:00"), ("es", "después de Semana Santa", "7 Apr 12:00"),
        ("es", "a las dos y media", "2 Mar 14:30"), ("es", "a las dos y cuarto", "2 Mar 14:15"),
        ("es", "a las tres menos cuarto", "2 Mar 14:45"),
        ("es", "a las tres menos diez", "2 Mar 14:50"), ("es", "a las dos y veinte", "2 Mar 14:20"),
        ("es", "un cuarto para las tres", "2 Mar 14:45"),
        ("es", "entre las 2 y las 4", "2 Mar 16:00"), ("es", "en un cuarto de hora", "2 Mar 10:15"),
        ("es", "a medianoche", "3 Mar 00:00"),
        ("pt", "na sexta, dia 20", "20 Mar 12:00"), ("pt", "na sexta-feira, 20 de março", "20 Mar 12:00"),
        ("pt", "sexta 20", "20 Mar 12:00"),
        ("pt", "dia 20/03", "20 Mar 12:00"), ("pt", "dia 3/4", "3 Apr 12:00"), ("pt", "até o dia 20", "20 Mar 17:00"),
        ("pt", "na segunda sexta-feira de março", "13 Mar 12:00"), ("pt", "no fim do mês", "31 Mar 17:00"),
        ("pt", "até o final do mês que vem", "30 Apr 17:00"),
        ("pt", "no final de abril", "30 Apr 17:00"), ("pt", "em meados de abril", "15 Apr 12:00"),
        ("pt", "na terça da semana que vem", "10 Mar 12:00"),
        ("pt", "sexta que vem", "6 Mar 12:00"), ("pt", "em quinze dias", "16 Mar 12:00"),
        ("pt", "antes do fim de semana", "6 Mar 17:00"),
        ("pt", "depois da Páscoa", "7 Apr 12:00"), ("pt", "às duas e meia", "2 Mar 14:30"),
        ("pt", "às duas e quinze", "2 Mar 14:15"),
        ("pt", "quinze para as três", "2 Mar 14:45"), ("pt", "ao meio-dia e meia", "2 Mar 12:30"),
        ("pt", "entre as 14h e as 16h", "2 Mar 16:00"),
        ("pt", "das 14h às 16h", "2 Mar 16:00"), ("pt", "à meia-noite", "3 Mar 00:00"),
        ("pt", "em um quarto de hora", "2 Mar 10:15"),
        ("it", "domani", "3 Mar 12:00"), ("it", "entro venerdì", "6 Mar 17:00"), ("it", "alle 15:30", "2 Mar 15:30"),
        ("it", "tra due ore", "2 Mar 12:00"), ("it", "tra mezz'ora", "2 Mar 10:30"), ("it", "entro un'ora", "2 Mar 11:00"),
        ("it", "tra un quarto d'ora", "2 Mar 10:15"), ("it", "alle tre e mezza", "2 Mar 15:30"),
        ("it", "alle cinque meno un quarto", "2 Mar 16:45"), ("it", "giovedì 12 marzo", "12 Mar 12:00"),
        ("it", "il 13/03", "13 Mar 12:00"), ("it", "la prossima settimana", "11 Mar 12:00"),
        ("it", "entro fine mese", "31 Mar 17:00"),
        ("it", "prima del weekend", "6 Mar 17:00"), ("it", "domani mattina", "3 Mar 11:00"), ("it", "stasera", "2 Mar 20:00"),
        ("nl", "morgen", "3 Mar 12:00"), ("nl", "uiterlijk vrijdag", "6 Mar 17:00"), ("nl", "om 15 uur", "2 Mar 15:00"),
        ("nl", "over twee uur", "2 Mar 12:00"), ("nl", "over een half uur", "2 Mar 10:30"),
        ("nl", "over een kwartier", "2 Mar 10:15"),
        ("nl", "om half vier", "2 Mar 15:30"), ("nl", "om kwart over vier", "2 Mar 16:15"),
        ("nl", "om kwart voor vijf", "2 Mar 16:45"),
        ("nl", "donderdag 12 maart", "12 Mar 12:00"), ("nl", "volgende week", "11 Mar 12:00"), ("nl", "vanmiddag", "2 Mar 17:00"),
        ("nl", "voor eind van de maand", "31 Mar 17:00"), ("nl", "na het weekend", "9 Mar 12:00"),
        ("nl", "overmorgen", "4 Mar 12:00"),
        ("pl", "jutro", "3 Mar 12:00"), ("pl", "w piątek", "6 Mar 12:00"), ("pl", "o 15", "2 Mar 15:00"),
        ("pl", "o 15:30", "2 Mar 15:30"),
        ("pl", "za dwie godziny", "2 Mar 12:00"), ("pl", "za pół godziny", "2 Mar 10:30"), ("pl", "za kwadrans", "2 Mar 10:15"),
        ("pl", "o wpół do czwartej", "2 Mar 15:30"), ("pl", "w czwartek 12 marca", "12 Mar 12:00"),
        ("pl", "w srode", "4 Mar 12:00"),
        ("pl", "w przyszłym tygodniu", "11 Mar 12:00"), ("pl", "do końca miesiąca", "31 Mar 17:00"),
        ("pl", "pojutrze", "4 Mar 12:00"),
        ("pl", "jutro rano", "3 Mar 11:00"), ("pl", "po południu", "2 Mar 17:00"), ("pl", "po weekendzie", "9 Mar 12:00"),
    ],
)  # fmt: skip
def test_other_languages(language: str, when: str, until: str) -> None:
    assert promised(when, language) == until


WEEKDAYS = {
    "en": "Monday Tuesday Wednesday Thursday Friday Saturday Sunday",
    "de": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag",
    "fr": "lundi mardi mercredi jeudi vendredi samedi dimanche",
    "es": "lunes martes miércoles jueves viernes sábado domingo",
    "pt": "segunda-feira terça-feira quarta-feira quinta-feira sexta-feira sábado domingo",
    "it": "lunedì martedì mercoledì giovedì venerdì sabato domenica",
    "nl": "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",
    "pl": "poniedziałek wtorek środę czwartek piątek sobotę niedzielę",
}
ON = {"en": "on", "de": "am", "fr": "le", "es": "el", "pt": "na", "it": "per", "nl": "op", "pl": "w"}


@pytest.mark.parametrize("language", WEEKDAYS)
@pytest.mark.parametrize("number", range(7))
def test_each_weekday_said_on_each_day(language: str, number: int) -> None:
    name = WEEKDAYS[language].split()[number]
    for said in range(7):
        at = MONDAY + timedelta(days=said)
        wanted = at.date() + timedelta(days=(number - said) % 7)
        # Its own name is the next one's: of today one says "today".
        named = wanted if number != said else wanted + timedelta(days=7)
        assert promised(f"{ON[language]} {name}", language, at=at).startswith(f"{named:%-d %b}")
        assert typed(name, at=at) == f"{named:%-d %b} 09:00"
        assert typed(f"{name} 15:00", at=at) == f"{wanted:%-d %b} 15:00"
        if language != "en":
            assert typed(f"{ON[language]} {name}", at=at) == typed(name, at=at)


@pytest.mark.parametrize(
    ("language", "when", "hour", "until"),
    [
        ("en", "on Monday", 0, "2 Mar 17:00"), ("en", "by Monday", 8, "2 Mar 17:00"), ("en", "on Monday", 9, "9 Mar 12:00"),
        ("en", "by Monday", 10, "9 Mar 17:00"), ("en", "this Monday", 10, "2 Mar 17:00"),
        ("en", "after Monday", 19, "3 Mar 12:00"), ("en", "Monday morning", 10, "9 Mar 11:00"),
        ("en", "before Monday", 10, "6 Mar 17:00"),
        ("en", "Monday at 3pm", 10, "2 Mar 15:00"), ("en", "at 3pm on Monday", 10, "2 Mar 15:00"),
        ("en", "Monday at 3pm", 16, "9 Mar 15:00"), ("de", "am Montag um 15 Uhr", 10, "2 Mar 15:00"),
        ("de", "Montagvormittag", 17, "9 Mar 11:00"), ("fr", "lundi à 15h", 10, "2 Mar 15:00"),
    ],
)  # fmt: skip
def test_todays_own_name_in_a_promise(language: str, when: str, hour: int, until: str) -> None:
    assert promised(when, language, at=MONDAY.replace(hour=hour)) == until


MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia",
}
DATED = {"en": "on {} {}", "de": "am {}. {}", "fr": "le {} {}", "es": "el {} de {}", "pt": "dia {} de {}"} | dict.fromkeys(
    ("it", "nl", "pl"), "{} {}"
)
END = {"en": "by the end of {}", "de": "bis Ende {}", "fr": "d'ici fin {}", "es": "a finales de {}", "pt": "até o fim de {}"} | {
    "it": "entro fine {}", "nl": "voor eind {}", "pl": "do końca {}",
}  # fmt: skip


@pytest.mark.parametrize("language", MONTHS)
@pytest.mark.parametrize("number", range(1, 13))
def test_each_month(language: str, number: int) -> None:
    written = DATED[language].format(20, MONTHS[language].split()[number - 1])
    on = date(2026, number, 20)
    early = datetime(2026, number, 1, 10, 0, tzinfo=BERLIN)
    assert promised(written, language, at=early) == f"{on:%-d %b} 12:00"
    assert typed(written.removeprefix("on "), at=early) == f"{on:%-d %b} 09:00"
    last = (on.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    said = promised(END[language].format(MONTHS[language].split()[number - 1]), language, at=early, hours=None)
    assert said == f"{last:%-d %b} 17:00"


ZONES = {
    "America/New_York": ["ET", "EST", "EDT", "Eastern"],
    "America/Chicago": ["CT", "CST", "CDT", "Central"],
    "America/Denver": ["MT", "MST", "Mountain time"],
    "America/Los_Angeles": ["PT", "PST", "PDT", "Pacific", "Pacific time"],
    "Europe/London": ["BST", "UK time"],
    "Europe/Berlin": ["CET", "CEST"],
    "Europe/Athens": ["EET", "EEST"],
    "Asia/Kolkata": ["IST"],
    "Asia/Tokyo": ["JST"],
    "Asia/Singapore": ["SGT"],
    "Australia/Sydney": ["AEST", "AEDT"],
    "Pacific/Auckland": ["NZST", "NZDT"],
    "America/Sao_Paulo": ["BRT"],
    "UTC": ["UTC", "GMT"],
}


@pytest.mark.parametrize(("zone", "names"), ZONES.items())
@pytest.mark.parametrize("month", [3, 7])
def test_each_zone_is_the_wall_clock_of_its_place(zone: str, names: list[str], month: int) -> None:
    at = datetime(2026, month, 2, 10, 0, tzinfo=BERLIN)
    there = datetime(2026, month, 3, 15, 0, tzinfo=ZoneInfo(zone)).astimezone(BERLIN)
    for name in names:
        for clock in ("3pm", "15:00"):
            assert promised(f"tomorrow at {clock} {name}", at=at) == f"{there:%-d %b %H:%M}", name
            assert typed(f"tomorrow {clock} {name}", at=at) == f"{there:%-d %b %H:%M}", name


@pytest.mark.parametrize(
    ("when", "until"),
    [
        ("at 3pm (EST)", "2 Mar 21:00"), ("at 9 am Pacific", "2 Mar 18:00"), ("by noon ET", "2 Mar 18:00"),
        ("at 15:00 UTC+2", "2 Mar 14:00"), ("at 15:00 UTC-5", "2 Mar 21:00"), ("at 15:00 GMT+05:30", "2 Mar 10:30"),
        ("Friday at 5 PM PST", "7 Mar 02:00"), ("between 2pm and 4pm EST", "2 Mar 22:00"),
    ],
)  # fmt: skip
def test_zones_beside_clock_times(when: str, until: str) -> None:
    assert promised(when) == until


@pytest.mark.parametrize(
    "text",
    [
        "I'll check 24/7 coverage", "I'll look at 1/2 of the logs", "I'll check the may release notes",
        "I'll test the march build",
        "I'll look into the second report", "I'll check page 12 of 20", "I'll check version 3.12", "I'll test it on 12.04.",
        "I'll test on 12.04 first", "I'll check the weekend logs",
        "I'll review the quarter figures", "Ich schaue mir das Thema des Monats an",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_time(text: str) -> None:
    assert find(text, MONDAY.timestamp(), BERLIN, OFFICE) is None


@pytest.mark.parametrize(
    ("when", "ways"),
    [
        ("12/03", ("12 March", "3 December")), ("until 4/5", ("4 May", "5 April")),
        ("12/03 14:00", ("12 March 14:00", "3 December 14:00")),
        ("friday 12 march", ("12 March", "13 March")), ("le 12/03", ("12 March", "3 December")),
    ],
)  # fmt: skip
def test_what_is_ambiguous_is_asked_where_it_is_typed(when: str, ways: tuple[str, ...]) -> None:
    answer = read_when(when, MONDAY.timestamp(), OFFICE)
    assert isinstance(answer, Refusal) and answer.tries == ways
    assert "two ways" in answer.says and all(way in answer.says for way in ways)
    for way in ways:
        assert isinstance(read_when(way, MONDAY.timestamp(), OFFICE), Moment)


@pytest.mark.parametrize(
    ("when", "at"),
    [
        ("friday the 20th", "20 Mar 09:00"), ("13/03", "13 Mar 09:00"), ("03/13", "13 Mar 09:00"), ("13.3.", "13 Mar 09:00"),
        ("3/3", "3 Mar 09:00"), ("12 mar", "12 Mar 09:00"), ("mar 12 2pm", "12 Mar 14:00"), ("half past three", "2 Mar 15:30"),
        ("um halb vier", "2 Mar 15:30"), ("a las tres y media", "2 Mar 15:30"), ("end of the month", "31 Mar 17:00"),
        ("fin mars", "31 Mar 17:00"), ("a week from friday", "13 Mar 09:00"), ("friday week", "13 Mar 09:00"),
        ("fri 3", "6 Mar 15:00"),
        ("in a fortnight", "16 Mar 10:00"), ("in 3 working days", "5 Mar 09:00"), ("after easter", "7 Apr 09:00"),
        ("until april", "1 Apr 09:00"), ("before the weekend", "6 Mar 09:00"), ("9am Pacific", "2 Mar 18:00"),
        ("monday", "9 Mar 09:00"),
        ("tomorrow afternoon", "3 Mar 15:00"), ("eow", "6 Mar 17:00"), ("2027-01-04", "4 Jan 09:00"),
        ("quarter of an hour", "2 Mar 10:15"),
    ],
)  # fmt: skip
def test_the_same_grammar_reads_what_is_typed(when: str, at: str) -> None:
    assert typed(when) == at


@pytest.mark.parametrize(
    "when",
    [
        "3pm XYZ", "friday banana", "march", "12 smarch", "friday the 40th", "3pm friday nowhere time",
        "friday 3pm and 20 minutes", "wed 3pm 2026", "friday noon 3",
    ],
)  # fmt: skip
def test_what_is_understood_in_part_is_refused(when: str) -> None:
    assert typed(when).startswith("refused: I don't understand")


def test_a_date_that_no_calendar_has_is_said_to_be_none() -> None:
    assert typed("31 june") == "refused: There is no “31 june” in the calendar."


PACKED = """
language = "yy"
order = 9
[promises.complete]
scraps = ["連絡"]
returns = ["連絡します"]
[times]
date_order = ["md"]
day_sign = ["日"]
oclock_by_day = ["時"]
and_half = ["半"]
fill = ["の", "に"]
from_now = ["後"]
by_after = ["まで"]
[times.day]
tomorrow = ["明日"]
[times.weekday]
friday = ["金曜日"]
[times.month]
march = ["3月"]
[times.part]
afternoon = ["午後"]
[times.week]
next_week = ["来週"]
end_of_month = ["月末"]
[times.unit]
hour = ["時間"]
day = ["日"]
"""
"""A language without spaces that says after a time how it is meant."""


@pytest.mark.parametrize(
    ("when", "until"),
    [
        ("明日", "3 Mar 12:00"), ("金曜日までに", "6 Mar 17:00"), ("来週の金曜日に", "13 Mar 12:00"),
        ("2時間後に", "2 Mar 12:00"),
        ("3日後に", "5 Mar 12:00"), ("12日に", "12 Mar 12:00"), ("３月１２日の午後３時に", "12 Mar 15:00"),
        ("明日3時半に", "3 Mar 15:30"),
        ("3/12に", "12 Mar 12:00"), ("4/3に", "3 Apr 12:00"), ("月末まで", "31 Mar 17:00"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("beside", [False, True], ids=["alone", "beside the others"])
def test_a_language_without_spaces_is_read_by_its_lists(tmp_path: Path, when: str, until: str, beside: bool) -> None:
    if beside:
        for each in (Path(data.__file__).parent / "data").glob("[deflps]*.toml"):
            shutil.copy(each, tmp_path)
    (tmp_path / "yy.toml").write_text(PACKED, encoding="utf-8")
    promise = find(f"{when}連絡します", MONDAY.timestamp(), BERLIN, OFFICE, languages=read_languages(tmp_path))
    assert promise is not None and promise.until is not None
    assert datetime.fromtimestamp(promise.until, BERLIN).strftime("%-d %b %H:%M") == until
