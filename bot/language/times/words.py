"""The words that times are made of, in English, German, French, Spanish and Portuguese, and the folding they are matched in.

A table a kind: each phrase (folded, words separated by one space, hyphens written as words of their own) with its value.
`spoken` says what the kinds mean. Where two languages
share a word, it has the meaning that does less harm: "a" is a number ("in a week"), "am" goes with a clock time.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

THIS_WEEK, NEXT_WEEK, EARLY_NEXT_WEEK, END_OF_NEXT_WEEK, AFTER_WEEKEND, NEXT_MONTH = range(6)
PARTS = ("end", "morning", "noon", "afternoon", "evening")
MARKERS = frozenset({"in", "within", "by", "before", "at", "on", "next", "this", "first", "end", "past", "fill"})
"""Kinds that say how the time after them is meant."""

OCLOCK = frozenset({"uhr", "h", "hrs", "heures", "o'clock", "horas"})
WORKING = ("working", "business", "werktag", "arbeitstag", "jour ouvr", "jours ouvr", "dia ut", "dias ut", "dia hab", "dias hab")
"""How the units that count working days begin."""

_KINDS: dict[str, dict[float, str]] = {
    "in": {0: "in|dans|en|em|dentro de|daqui a|daqui|in about|give me|in the next|in den nachsten|nas proximas|nos proximos"},
    "within": {0: "within|inside|innerhalb von|innerhalb|binnen|d'ici|sous"},
    "by": {
        0: "by|until|till|til|no later than|not later than|bis|bis zum|spatestens|spatestens bis|pour|d'ici a|para|para el|para o"
        "|hasta|hasta el|ate|ate o|ate a|a mas tardar|au plus tard"
    },
    "before": {0: "before|vor|vor dem|avant|antes de|antes del|antes do|antes da|prior to"},
    "at": {0: "at|um|gegen|as|vers|a las|a la|las|around|about|at about|at around|ab|sobre las|por volta das|pelas|@"},
    "on": {0: "on|le|el|na|no|nesta|neste|ce|come"},
    "next": {0: "next|nachste|nachsten|nachster|nachstes|kommenden|kommende|proximo|proxima|the following"},
    "this": {0: "this|diesen|diese|dieser|cette|este|esta"},
    "first": {0: "first thing|early|als erstes|gleich|a primera hora de|a primera hora del|first"},
    "end": {0: "end of|the end of|late|ende|fin de|final de|final del|finales de|fim de|fim da"},
    "past": {
        0: "last|past|ago|every|each|letzten|letzte|jeden|jede|derniere|dernieres|dernier|derniers|pasado|pasada|ultimas"
        "|ultimos|ultima|ultimo|passada|passado|hace|il y a|ha|depuis|desde|seit|since|for the last|all|for over"
    },
    "fill": {
        0: "the|of|der|dem|den|la|los|o|like|ca|circa|approx|roughly|maybe|probably|say|more|~|latest|ungefahr|etwa"
        "|environ|unos|unas|cerca de|uns|umas|sometime|some time|just"
    },
    "or": {0: "or|to|oder|ou|bis zu"},
    "and": {0: "and|et|und|y|e"},
    "half": {0: "and a half|einhalb|et demie|y media|e meia"},
    "day": {
        0: "today|tday|heute|aujourd'hui|hoy|hoje",
        1: "tomorrow|tomorow|tommorow|tommorrow|tmrw|tmw|tmr|morgen|demain|manana|amanha|the next day",
        2: "day after tomorrow|the day after tomorrow|overmorrow|ubermorgen|uebermorgen|apres - demain|apres demain|pasado manana"
        "|depois de amanha",
    },
    "weekday": {
        0: "monday|mondays|montag|lundi|lunes|segunda - feira|segunda feira",
        1: "tuesday|tue|tues|dienstag|mardi|martes|terca - feira|terca feira",
        2: "wednesday|wed|weds|mittwoch|mercredi|miercoles|quarta - feira|quarta feira",
        3: "thursday|thu|thur|thurs|donnerstag|jeudi|jueves|quinta - feira|quinta feira",
        4: "friday|fri|freitag|vendredi|viernes|sexta - feira|sexta feira",
        5: "saturday|samstag|sonnabend|samedi|sabado",
        6: "sunday|sonntag|dimanche|domingo",
    },
    "abbr": {0: "mon|segunda", 1: "terca", 2: "quarta", 3: "quinta", 4: "sexta", 5: "sat", 6: "sun"},
    "month": {
        1: "january|jan|januar|janvier|enero|janeiro",
        2: "february|feb|februar|fevrier|febrero|fevereiro",
        3: "march|marz|maerz|mars|marzo|marco",
        4: "april|apr|avril|abril",
        5: "may|mai|mayo|maio",
        6: "june|jun|juni|juin|junio|junho",
        7: "july|jul|juli|juillet|julio|julho",
        8: "august|aug|aout|agosto",
        9: "september|sept|sep|septembre|septiembre|setembro",
        10: "october|oct|oktober|octobre|octubre|outubro",
        11: "november|nov|novembre|noviembre|novembro",
        12: "december|dec|dezember|decembre|diciembre|dezembro",
    },
    "part": {
        0: "eod|cob|eob|end of day|end of the day|end of today|end of business|end of business day|end of the business day"
        "|close of business|later|later on|later today|feierabend|ende des tages|spater|nachher|plus tard|fin de journee"
        "|fin de la journee|mas tarde|fin del dia|final del dia|mais tarde|fim do dia|final do dia",
        1: "morning|vormittag|fruh|matin|matinee|por la manana|de la manana|de manha|da manha|pela manha|in the morning",
        2: "noon|midday|noontime|lunch|lunchtime|mittag|midi|mediodia|medio dia|meio - dia|meio dia",
        3: "afternoon|later this afternoon|after lunch|nachmittag|apres - midi|apres midi|por la tarde|de la tarde|tarde"
        "|da tarde|de tarde",
        4: "evening|tonight|this evening|night|abend|soir|ce soir|noche|esta noche|por la noche|noite|hoje a noite|da noite",
    },
    "week": {
        THIS_WEEK: "this week|later this week|end of week|end of the week|end of this week|eow|diese woche|dieser woche"
        "|ende der woche"
        "|ende dieser woche|cette semaine|fin de semaine|fin de la semaine|esta semana|finales de semana|fim da semana",
        NEXT_WEEK: "next week|nachste woche|nachster woche|kommende woche|la semaine prochaine|semaine prochaine"
        "|la proxima semana"
        "|proxima semana|la semana que viene|semana que viene|semana que vem|na proxima semana",
        EARLY_NEXT_WEEK: "early next week|beginning of next week|the beginning of next week|start of next week"
        "|the start of next week"
        "|first thing next week|anfang nachster woche|anfang der woche|debut de semaine prochaine|en debut de semaine prochaine"
        "|a principios de la proxima semana|inicio da proxima semana",
        END_OF_NEXT_WEEK: "end of next week|the end of next week|late next week|later next week|ende nachster woche"
        "|fin de semaine prochaine|fim da proxima semana",
        AFTER_WEEKEND: "after the weekend|nach dem wochenende|apres le week - end|apres le weekend|despues del fin de semana"
        "|depois do fim de semana",
        NEXT_MONTH: "next month|nachsten monat|le mois prochain|el proximo mes|proximo mes|mes que vem",
    },
    "soon": {
        3600: "shortly|soon|in a bit|in a little bit|in a while|in a little while|bald|gleich nachher|demnachst|sous peu|bientot"
        "|dentro de poco|en breve|pronto|em breve|logo|daqui a pouco",
        900: "in a sec|in a second|in a min|in a minute|in a mo|in a moment|in a jiffy|in 1 sec|in one sec|in one second"
        "|in one moment|a sec|a second|a moment|in kurze|in einem moment|dans un instant|dans une minute|en un momento|en un rato"
        "|em um momento|num instante|a minute|a min|one minute|1 min|one sec|one second|1 sec",
    },
    "unit": {
        60: "m|min|mins|minute|minutes|minuten|minuto|minutos|mn",
        3600: "h|hr|hrs|hour|hours|std|stunde|stunden|heure|heures|hora|horas",
        86400: "d|day|days|tag|tage|tagen|jour|jours|dia|dias|working day|working days|business day|business days|werktag"
        "|werktage"
        "|werktagen|arbeitstage|arbeitstagen|jour ouvre|jours ouvres|dia util|dias uteis|dia habil|dias habiles",
        604800: "w|wk|wks|week|weeks|woche|wochen|semaine|semaines|semana|semanas",
    },
    "num": {
        0.5: "half|half a|half an|a half|einer halben|eine halbe|une demi -|une demi|media|meia",
        1: "a|an|one|ein|eine|einer|einem|un|une|una|uma|1",
        2: "two|couple|couple of|a couple|a couple of|zwei|deux|dos|dois|duas|a pair of",
        3: "three|a few|few|the next few|several|some|drei|ein paar|einigen|trois|quelques|tres|unos pocos|alguns|algumas"
        "|algunos|algunas",
        4: "four|vier|quatre|cuatro|quatro",
        5: "five|funf|cinq|cinco",
        6: "six|sechs|seis",
        7: "seven|sieben|sept jours|siete|sete",
        8: "eight|acht|huit|ocho|oito",
        9: "nine|neun|neuf|nueve|nove",
        10: "ten|zehn|dix|diez|dez",
        12: "twelve|zwolf|douze|doce|doze",
        15: "fifteen|funfzehn|quinze|quince",
        20: "twenty|zwanzig|vingt|veinte|vinte",
        24: "twenty four|twenty - four",
        30: "thirty|dreissig|trente|treinta|trinta",
        45: "forty five|forty - five",
    },
    "am": {0: "am"},
    "pm": {0: "pm"},
    "zone": {0: "utc|gmt"},
    "ordinal": {0: "st|nd|rd|th"},
    "other": {0: "as soon as|soon as|good morning|good afternoon|good evening|guten morgen|guten abend|bis morgen"},
    "stop": {0: ".|,|;|!|?|(|)|:"},
}


def _table() -> dict[str, tuple[str, float]]:
    return {phrase: (kind, value) for kind, rows in _KINDS.items() for value, row in rows.items() for phrase in row.split("|")}


WORDS = _table()
"""Phrase -> (kind, value)."""


def _reach() -> dict[str, int]:
    reach: dict[str, int] = {}
    for phrase in WORDS:
        first = phrase.partition(" ")[0]
        reach[first] = max(reach.get(first, 0), phrase.count(" ") + 1)
    return reach


REACH = _reach()
"""First word of a phrase -> words in the longest phrase that begins with it; most words of a message begin none."""

_DOTTED = re.compile(r"(?<![a-z])(?:([ap])\.m\.|(approx|ca)\.)")


class _Folding(dict[int, str]):
    """Character -> folded character, worked out when first met; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        lowered = char.lower()
        folded = unicodedata.normalize("NFD", lowered)[0] if len(lowered) == 1 else lowered[0]
        if code < _ALPHABETS:  # remember letters, not everything that a hostile text may hold
            self[code] = folded
        return folded


_ALPHABETS = 0x250
_folding = _Folding({ord(quote): "'" for quote in "\u2019\u2018\u02bc\u00b4"} | {0xA0: " ", 0x2009: " ", 0x202F: " "})


def fold(text: str) -> str:
    """Lower case, without accents, with straight apostrophes, "p.m." as "pm  ": character by character, so places stay true."""
    folded = text.lower() if text.isascii() else text.translate(_folding)
    if ".m." in folded or "ca." in folded or "approx." in folded:
        folded = _DOTTED.sub(lambda found: (found[2] or found[1] + "m").ljust(len(found[0])), folded)
    return folded


_TOKEN = re.compile(r"\d{1,2}:\d\d|\d+(?:[.,]\d+)?|[a-z\u00df]+(?:'[a-z]+)*|[-\u2013~]|[^\sa-z\d]")


@dataclass(frozen=True, slots=True)
class TimeWord:
    """A word or phrase of the lexicon, or a number, in the text."""

    kind: str
    value: float
    start: int
    end: int
    text: str


def items(text: str) -> list[TimeWord]:
    """The words, phrases and numbers of a folded text, in order, the longest known phrase first; unknown words are "other"."""
    tokens = [(token.group(), token.start(), token.end()) for token in _TOKEN.finditer(text)]
    words = [token if token not in ("-", "\u2013") else "-" for token, _, _ in tokens]
    found: list[TimeWord] = []
    index = 0
    while index < len(words):
        for length in range(min(REACH.get(words[index], 0), len(words) - index), 0, -1):
            entry = WORDS.get(" ".join(words[index : index + length]))
            if entry is not None:
                break
        else:
            length, entry = 1, _number(words[index])
        start, end = tokens[index][1], tokens[index + length - 1][2]
        found.append(TimeWord(entry[0], entry[1], start, end, text[start:end]))
        index += length
    return found


def _number(word: str) -> tuple[str, float]:
    if not word[0].isdecimal() or not word.isascii():
        return ("-", 0) if word == "-" else ("other", 0)
    if ":" in word:
        hour, minute = word.split(":")
        valid = int(hour) <= 24 and int(minute) < 60
        return ("time", int(hour) * 60 + int(minute)) if valid else ("other", 0)
    return ("num", float(word.replace(",", "."))) if len(word) <= 6 else ("other", 0)
