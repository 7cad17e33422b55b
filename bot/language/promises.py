"""Does a team member's message promise to come back, and when?

The rules, in the order they are tried, sentence by sentence; a phrase is in English unless said otherwise, and German, French,
Spanish and Portuguese have their commonest forms:

1. Quoted lines, code and links are no words of the author. Only the first 4,000 characters are read.
2. *Return* phrases promise by themselves: somebody commits (I'll, we will, let me, Ben will, going to, should, hope to) to get
   back, follow up, let you know, update you, keep you posted, reply, report back, have an answer. So do "you'll hear from us"
   and "you can expect an answer". Without a time, `until` is None: the caller waits for the next working day.
3. *Work* phrases (look, check, ask, send, test, "give me 10 minutes") promise only when a time is said: "I'll look into it" is a
   holding reply, "I'll look into it tomorrow" a promise. "In a sec" is no time here.
4. "I won't get to this before Monday" promises Monday.
5. No promise: what depends on the customer ("once you send the log, I'll get back to you", "if it fails, ..."); what
   happens by itself ("you'll get an email tomorrow", "it should be fixed tomorrow"); questions to the customer ("did you get
   back to them?"); absences ("I'll be back on Monday"); requests ("let me know tomorrow"); what is taken back ("will not").
6. The time is looked for after the phrase, then inside it ("I'll check tomorrow and get back to you"), then directly before
   it ("tomorrow I'll get back to you"), always in the same sentence. The first promise with a time counts, else the first.

What instant a spoken time becomes is the table in `bot.language.times.expressions`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.domain.durations import Instant
from bot.domain.hours import Hours
from bot.language.times import expressions as time_expressions
from bot.language.times import words as time_words

CAP = 4000
"""Characters read. A promise further down a message that long hasn't been seen by its reader either."""

_RETURN_REACH, _WORK_REACH = 80, 30
"""Characters between "I'll" and "get back to you" / between "I'll" and "check"."""

_TIME_REACH = 120
"""Characters after a phrase in which its time may stand."""

_MOST_PHRASES = 20
"""Phrases of one message whose time is looked for: nobody promises that much, and the search is most of the cost."""

_LEAD = 30
"""Characters directly before a phrase in which its time may stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """A promise to come back at `until` (None: no usable time was said: none, a past one, or over 60 days ahead).

    `phrase` is where in the text it stands, from the commitment to the time. `exact` says that the very instant was
    said ("in an hour", "at 3pm") and not a day or a part of it.
    """

    until: Instant | None
    phrase: tuple[int, int] | None
    exact: bool


_ENGLISH = (
    "'ll ",
    "ill ",
    "let me",
    "lemme",
    "going to",
    "gonna",
    "should ",
    "hope to",
    "expect",
    "give me",
    "gimme",
    "plan to",
    "aim to",
    "want to",
    "intend to",
    "shall ",
    "won't",
    "wont ",
    "can't",
    "cannot",
    " not ",
    "i can ",
    "we can ",
)
_OTHERS = (
    "melde",
    "bescheid",
    "laufenden",
    "antwort",
    "ruckmeldung",
    "auf dich",
    "auf sie",
    "auf euch",
    "schau",
    "prufe",
    "klare",
    "frage",
    "sage ",
    "sag ",
    "vers ",
    "courant",
    "inform",
    "redi",
    "recontact",
    "repond",
    "dira",
    "diro",
    " un retour",
    "un point",
    "regard",
    "verifi",
    "demand",
    " dis ",
    "envo",
    "avis",
    "respond",
    "contest",
    "escrib",
    "manten",
    "contact",
    "cuento",
    "digo",
    "decimos",
    "confirm",
    "mand",
    "envi",
    "miro",
    "revis",
    "vemos",
    "dire",
    "retorn",
    "resposta",
    "notic",
    "contat",
    "volt",
    "vejo",
    "olho",
)
"""Scraps of the rules: a message that holds none of them ends here, after a few microseconds, as most messages do."""

_COMMITS = re.compile(
    r"\b(?:(?:i|we)(?:'ll| ?'m (?:going to|gonna)| ?'re (?:going to|gonna)|(?: am| are) (?:going to|gonna)| will| shall| can"
    r"| should"
    r"| plan to| hope to| expect to| aim to| intend to| want to)|ill(?= (?:get|let|look|check|keep|follow|reply|be|come|ask"
    r"|see|try|update))"
    r"|let me(?! know)|lemme(?! know)|gonna|going to|(?:he|she|they|someone|somebody)(?:'ll| will)"
    r"|(?:team|colleagues?|engineers?|devs?|developers?|support|leads?|managers?) will|will)\b"
)
_WILL_AFTER = frozenset(
    [
        "and",
        "but",
        "or",
        "so",
        "then",
        "ok",
        "okay",
        "sure",
        "yes",
        "yep",
        "yeah",
        "thanks",
        "thx",
        "i",
        "we",
        "also",
        "just",
        "noted",
        "understood",
        "great",
        "alright",
        "right",
        "hi",
        "hello",
        "hey",
    ]
)
_RETURNS = re.compile(
    r"\b(?:get (?:right |straight )?back(?: (?:to|with) (?:you|u|ya|y'all|yall|this|that|it|everyone|everybody|all|both|@\w+)\b|"
    r"(?= (?:asap|soon|shortly|later|tomorrow|today|in|by|on|once|when|as|with|within|first|before|next|this)\b)"
    r"|(?=\s*(?:[,!?.)]|$)))"
    r"|(?:come|be) back (?:to (?:you|u|this|it)\b|with (?:an?|more|some|the|news|details)\b)|(?:circle|loop|report|write) back\b"
    r"|follow(?:ing)?[ -]?up\b|let (?:you|u|ya|everyone|everybody|y'all)(?: guys| all| both| two| folks)? know"
    r"|keep (?:you|u|ya|everyone|this thread)(?: guys| all| both)? (?:posted|updated|informed|in the loop|apprised)"
    r"|update (?:you|u|ya|this thread|the thread|this ticket|here|everyone)\b|reach (?:back )?out\b|(?:be|get) in touch\b"
    r"|revert(?: back)?(?: to you\b|(?= (?:by|tomorrow|today|asap|soon|shortly)\b))|reply\b|respond\b"
    r"|(?:have|send|give|share|provide|post|get|bring)(?: (?!me\b)[\w']+){0,3} (?:updates?|answers?|news|feedback|response"
    r"|reply|eta)\b)"
)
_HEAR = re.compile(
    r"\byou(?:'ll| will| should) hear (?:back )?from (?:me|us)\b"
    r"|(?<!i )(?<!we )\bexpect (?:an?|some|more|our|my)(?: \w+)? (?:update|answer|reply|response|news)\b"
)
_COMPLETE = re.compile(
    # German
    r"\bmeld(?:e|en) (?:ich |wir )?(?:mich|uns)\b(?! (?:ab|krank|an)\b)|\bwerden? (?:mich|uns) [\w ]{0,40}melden\b"
    r"|\b(?:gebe?|geben|sage?|sagen) (?:ich |wir )?(?:dir|ihnen|euch|hier) [\w .:]{0,40}bescheid\b"
    r"|\bkomme?n? (?:ich |wir )?[\w .:]{0,30}auf (?:dich|sie|euch) zu(?:ruck)?\b|\bantworte? (?:ich )?(?:dir|ihnen|euch)\b"
    r"|\bhalten? (?:ich |wir )?(?:dich|sie|euch) auf dem laufenden\b|\bvon (?:mir|uns) [\w .:]{0,30}(?:antwort|ruckmeldung)\b"
    # French
    r"|\b(?:reviens|revenons|reviendrai|reviendrons|revient|reviendra) (?:rapidement )?vers (?:vous|toi)\b"
    r"|\b(?:te|vous|t'|on te|on vous) ?(?:tiens|tient|tenons|tiendrai|tiendrons) (?:au courant|informee?s?)\b"
    r"|\b(?:te|vous) (?:redis|redirai|recontacte|recontacterai|recontacterons|reponds|repondrai|repondrons|dirai|dirons)\b"
    r"|\b(?:fais|ferai|faisons|ferons|fait) un (?:retour|point)\b"
    # Spanish
    r"|\b(?:te|le|les|os|lo) (?:avis(?:o|amos|are|aremos)|respond(?:o|emos|ere|eremos)|contest(?:o|amos|are|aremos)"
    r"|escrib(?:o|imos|ire|iremos)|inform(?:o|amos|are|aremos)|manten(?:go|emos|dre|dremos)|dire|diremos)\b(?! que\b)"
    r"|\b(?:me|nos) (?:pongo|ponemos|pondre|pondremos) en contacto\b"
    # Portuguese
    r"|\b(?:te|lhe|vos) (?:retorno|retornamos|aviso|avisamos)\b(?! que\b)"
    r"|(?<!\bo )(?<!um )(?<!seu )(?<!sem )(?<!de )(?<!meu )\bretorn(?:o|amos|arei|aremos)\b"
    r"|\b(?:dou|damos|darei|daremos) (?:um |uma |te |lhe )?(?:retorno|resposta|notic)|\b(?:entro|entramos|entrarei"
    r"|entraremos) em contac?to\b"
    r"|\bvolt(?:o|amos|arei|aremos) a (?:falar|contactar|responder)|\bavis(?:o|amos) (?:voce|vc|voces|vcs)\b|\bvamos (?:te "
    r"|lhe )?(?:retornar|avisar)\b"
    r"|\bvou (?:te |lhe )?(?:retornar|avisar|responder)\b"
)
_WORK = re.compile(
    r"\b(?:look|check|recheck|double[- ]check|dig|investigate|ask|find out|see (?:what|if|whether|why|how)|send|call|phone"
    r"|e-?mail|write|confirm"
    r"|test|try|reproduce|debug|talk to|discuss|review|read|tackle|do (?:it|that|this|so)|do(?= (?:tomorrow|today|on|by"
    r"|this)\b)|work on|handle"
    r"|take care|sort|chase|ping|raise|bring (?:it|this) up|answer|post|share|get to|report|finish|continue|go through"
    r"|come back|have (?:something|more|some info))\b"
)
_GIVE_ME = re.compile(
    r"\b(?:give me|gimme)(?= (?:about |like |~ ?|another )?(?:\d|an? hour|half|two|three|five|ten|fifteen|twenty|thirty|a few"
    r"|a couple))"
)
_WORK_COMPLETE = re.compile(
    r"\b(?:schaue?|schauen|prufe?|prufen|klare?|klaren|frage?|fragen) (?:ich|wir|mir|uns|das|es|nach|mal)\b"
    r"|\bsage? (?:ich )?(?:dir|ihnen|euch)\b"
    r"|\b(?:je|on|nous) (?:te |vous |le |la |l')?(?:regarde|regardons|verifie|verifions|demande|demandons|dis|envoie)\b"
    r"|\b(?:te|vous) dis\b"
    r"|\b(?:te|le|les|os) (?:digo|decimos|cuento|confirmo|confirmamos|mando|mandamos|envio|enviamos)\b(?! que\b)|\blo (?:miro"
    r"|reviso|vemos|revisamos)\b"
    r"|\b(?:eu )?(?:vejo|verifico|olho|confirmo|mando|envio) (?:isso|isto|te|lhe|com)\b"
)
_NOT_UNTIL = re.compile(
    r"\b(?:i|we)(?:'m| am|'re| are)? ?(?:won't|wont|can't|cannot|can not|will not|not|'ll not)\b[^\n]{0,60}?\b(?:until|till"
    r"|before)(?= )"
)
_CONDITION = re.compile(
    r"\b(?:if|once|when|after|as soon as|until|unless|wenn|sobald|falls|nachdem|si|quand|des que|une fois que|cuando|en cuanto"
    r"|quando|assim que|se)"
    r" (?:you|u|du|ihr|sie|tu|vous|usted|ustedes|voce|voces|vc|puedas|puede|tengas|puder|tiver)\b(?! (?:can|could|may|should)\b)"
)
_HANGS_ON = re.compile(r"(?:^|[,(]|\b(?:and|but|so|or)\b) ?(?:only )?(?:if|unless|in case|falls|au cas ou)\b")
_ASKS = re.compile(
    r"\s*(?:and |so |or |but )?(?:do|did|does|will|would|could|can|should|shall|have|has|when|why|who|what|how|where|are|is)\b"
)
_TURNS = re.compile(r", ?(?:and |but |so )?(?:can|could|would|please|pls|you|meanwhile|in the meantime)\b")
_AWAY = re.compile(r"\b(?:off|out|away|holiday|vacation|busy|closed|leave|pto|ooo|urlaub|weg|vacances|vacaciones|ferias)\b")
_NOT_OURS = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`|^[ \t]*(?:>|&gt;)[^\n]*|https?://\S+", re.DOTALL | re.MULTILINE)
_END = re.compile(r"(?<!\d)\.(?=\s|$)|[!?;](?=\s|$)|\n")


def find(text: str, said_at: Instant, zone: tzinfo, hours: Hours | None) -> Promise | None:
    """The promise to come back that a team member's message makes, or None.

    `zone` is the clock the member speaks by, `hours` are their working hours (None: every day is worked 09:00-18:00). Takes any
    text; raises only for an instant that no calendar holds.
    """
    folded = time_words.fold(text[:CAP])
    rules = [*(_ENGLISH_RULES if any(scrap in folded for scrap in _ENGLISH) else ())]
    rules += _OTHER_RULES if any(scrap in folded for scrap in _OTHERS) else ()
    if not rules:
        return None
    if "`" in folded or ">" in folded or "&gt;" in folded or "://" in folded:
        folded = _NOT_OURS.sub(lambda found: re.sub(r"[^\n]", " ", found.group()), folded)
    timeless: Promise | None = None
    tried = 0
    for start, end in _sentences(folded):
        for first, last, timed in _phrases(folded, start, end, text, rules):
            tried += 1
            if tried > _MOST_PHRASES:
                return timeless
            found = _time(folded, (start, end), (first, last), said_at, zone, hours)
            if timed and (found is None or found.moment):
                continue
            if found is None:
                timeless = timeless or Promise(until=None, phrase=(first, last), exact=False)
                continue
            phrase = (min(first, found.span[0]), max(last, found.span[1]))
            return Promise(until=found.until, phrase=phrase, exact=found.exact and found.until is not None)
    return timeless


def _sentences(folded: str) -> Iterator[tuple[int, int]]:
    start = 0
    for mark in _END.finditer(folded):
        yield start, mark.end()
        start = mark.end()
    yield start, len(folded)


_Rule = tuple[re.Pattern[str], int, bool]
"""A pattern, how far before it a commitment must stand (0: it is one by itself), and whether it needs a time."""

_ENGLISH_RULES: tuple[_Rule, ...] = (
    (_NOT_UNTIL, 0, True),
    (_RETURNS, _RETURN_REACH, False),
    (_HEAR, 0, False),
    (_WORK, _WORK_REACH, True),
    (_GIVE_ME, 0, True),
)
_OTHER_RULES: tuple[_Rule, ...] = ((_COMPLETE, 0, False), (_WORK_COMPLETE, 0, True))


def _phrases(folded: str, start: int, end: int, text: str, rules: Sequence[_Rule]) -> Iterator[tuple[int, int, bool]]:
    """(start, end, whether it needs a time) of each promising phrase of a sentence, in the order of the rules."""
    found = [
        (first, last, timed)
        for pattern, reach, timed in rules
        for first, last, timed in (
            _committed(folded, start, end, text, pattern, reach, timed=timed)
            if reach
            else ((each.start(), each.end(), timed) for each in pattern.finditer(folded, start, end))
        )
    ]
    if not found:
        return
    sentence = folded[start:end]
    if _CONDITION.search(sentence) or (sentence.rstrip().endswith("?") and _ASKS.match(sentence)):
        return
    hangs = _HANGS_ON.search(sentence)
    for phrase in found:
        if hangs is None or phrase[0] <= start + hangs.start():
            yield phrase


def _committed(
    folded: str, start: int, end: int, text: str, pattern: re.Pattern[str], reach: int, *, timed: bool
) -> Iterator[tuple[int, int, bool]]:
    """The phrases that a commitment stands before, from the commitment on."""
    commits = [found for found in _COMMITS.finditer(folded, start, end) if _ours(folded, start, found, text)]
    place = 0
    for found in pattern.finditer(folded, start, end) if commits else ():
        while place + 1 < len(commits) and commits[place + 1].end() <= found.start():
            place += 1
        commit = commits[place]
        if 0 <= found.start() - commit.end() <= reach and not _TURNS.search(folded, commit.end(), found.start()):
            # "let me reply to each point: ..." is an answer, "we can follow up" an offer: promises only with a time.
            weak = commit.group().endswith(" can") or (commit.group() == "let me" and found.group() in ("reply", "respond"))
            yield commit.start(), found.end(), timed or weak


def _ours(folded: str, start: int, found: re.Match[str], text: str) -> bool:
    """Whether "will", "going to" and the like are said of somebody on the team, and not denied."""
    if re.match(r"'t| ?(?:not|never|you|u)\b", folded[found.end() : found.end() + 8]):
        return False
    if found.group() not in ("will", "going to", "gonna"):
        return True
    before = folded[max(start, found.start() - 40) : found.start()].rstrip(" ")
    word = re.search(r"@?[\w'-]+$", before)
    if word is None:
        return found.group() == "will"
    if word.group() in _WILL_AFTER or word.group() in ("i'm", "we're", "am", "im"):
        return True
    # "Ben will get back to you": a name is written large and isn't a sentence's first common word.
    place = max(start, found.start() - 40) + word.start()
    return word.group().startswith("@") or (text[place : place + 1].isupper() and word.group() not in _NO_NAMES)


_NO_NAMES = frozenset(
    ("it", "this", "that", "these", "those", "there", "you", "which", "what", "who", "when", "everything", "nothing", "that's")
)


def _time(
    folded: str, sentence: tuple[int, int], phrase: tuple[int, int], said_at: Instant, zone: tzinfo, hours: Hours | None
) -> time_expressions.TimeExpression | None:
    """The time of a promise: after its phrase, inside it, or directly before it."""
    start, end = sentence
    first, last = phrase
    after = folded[last : min(end, last + _TIME_REACH)]
    turn = _TURNS.search(after)
    if turn is not None:
        after = after[: turn.start()]
    found = time_expressions.find(after, said_at, zone, hours, bare=True)
    if found is not None:
        return _moved(found, last)
    found = time_expressions.find(folded[first:last], said_at, zone, hours)
    if found is not None:
        return _moved(found, first)
    lead = max(start, first - _LEAD)
    before = folded[lead:first]
    if not before.strip() or _AWAY.search(before):
        return None
    found = time_expressions.find(before, said_at, zone, hours)
    return None if found is None else _moved(found, lead)


def _moved(found: time_expressions.TimeExpression, by: int) -> time_expressions.TimeExpression:
    span = (found.span[0] + by, found.span[1] + by)
    return time_expressions.TimeExpression(until=found.until, span=span, exact=found.exact, moment=found.moment)
