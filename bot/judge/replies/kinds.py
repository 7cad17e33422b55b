"""What a reply's own words say it is, where they don't look like an answer: it holds, promises, sends elsewhere, says nothing."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.reading import INLINE, LEADING, Cue, Reading
from bot.domain.waits import ReplyKind
from bot.judge.cue_sets import ASKS
from bot.judge.replies.context import Question

SHORT = 12
"""Words of content up to which a "let me check" is all that a message says; a longer one also answers."""

IN_PASSING = 6
"""Words of content up to which a message that names a colleague further on is for them ("cc @ben")."""

FEW = 4
"""Words of content up to which a message gives the fact that was asked for, and no more."""

LITTLE = 1
"""Words of content up to which an apology, a yes or a file is all that a message is."""

_HOLDING = Cue.HOLDING.value
_PROMISE = Cue.PROMISE.value
_ONLY = Cue.REDIRECT_ONLY.value
_QM = Cue.QUESTION_MARK.value
_HELPS = Cue.LINK.value | Cue.CODE.value
_ONLY_LINK = Cue.ONLY_LINK.value
_RECEIPT = Cue.RECEIPT.value
_PASSED_ON = Cue.PASSED_ON.value
_ABSENT = Cue.ABSENT.value
_NO_ANSWER = Cue.NO_ANSWER.value
_APOLOGY = Cue.APOLOGY.value
_SAYS = (
    ASKS | _HELPS | Cue.YES_START.value | Cue.NO_START.value | Cue.WELCOME.value | Cue.THANKS.value | Cue.NEGATION.value
    | Cue.IDENTIFIER.value | Cue.FILES.value | Cue.ACK_START.value
)  # fmt: skip
_YES_OR_NO = Cue.YES_START.value | Cue.NO_START.value
_DONE = Cue.SOLVED.value | Cue.NEWS.value
_BACK = Cue.ENDS_ASKING.value | Cue.ASKS_FOR.value
_ASKS_COLLEAGUE = ASKS | Cue.ASK_START.value | Cue.ASK_IN.value | Cue.REQUEST.value | Cue.HELP.value
_REDIRECT = Cue.REDIRECT.value
_ASKS_FOR = Cue.ASKS_FOR.value
_FILES = Cue.FILES.value
_THANKS = Cue.THANKS.value
_ANSWERS = ASKS | Cue.ADVICE.value | Cue.NEWS.value | Cue.SOLVED.value
_TELLS = Cue.ADVICE.value | Cue.NEWS.value | Cue.SOLVED.value | Cue.FACT.value | Cue.CODE.value
_WILL = Cue.WILL.value
_WHEN = Cue.WHEN.value
_WHEN_OR_NOT = _WHEN | Cue.NEGATION.value
_PUTS_OFF = (
    Cue.PROMISE.value | Cue.NO_ANSWER.value | Cue.WILL.value | Cue.HEDGE.value | Cue.OWN.value | Cue.YOU.value
    | Cue.PASSED_ON.value
)  # fmt: skip


_WELCOME = Cue.WELCOME.value
_ASKS_AROUND = Cue.ASKS_AROUND.value
_LEAVES_TO = Cue.LEAVES_TO.value
_ASK_START = Cue.ASK_START.value
_TELLS_MUCH = Cue.NEWS.value | Cue.SOLVED.value | Cue.FACT.value | Cue.CODE.value | Cue.LINK.value | Cue.PRECISE.value
_TO_THE_CUSTOMER = Cue.YOU.value | Cue.ASKS_FOR.value
_QUESTION_WORD = Cue.ASK_START.value | Cue.ASK_IN.value | Cue.ASKS_FOR.value
_MORE_THAN_A_NAME = Cue.QUESTION_MARK.value | Cue.LINK.value | Cue.CODE.value | Cue.FILES.value | Cue.SMILE.value
_PRECISE = Cue.PRECISE.value
_LAUGH = Cue.LAUGH.value
_FORMULAS = Cue.FORMULAS.value
_SAYS_MUCH = (
    Cue.PRECISE.value | Cue.ADVICE.value | Cue.NEWS.value | Cue.SOLVED.value | Cue.CODE.value | Cue.LINK.value
    | Cue.QUESTION_MARK.value | Cue.FILES.value
)  # fmt: skip
_ASKS_SOMETHING = Cue.ASKS_WHERE.value | Cue.PASSED_ON.value | Cue.WHEN.value | Cue.ASKS_FACT.value
"""In a question: there is something that a few words are the answer to, besides a yes or no."""
_NO_FACT = (
    Cue.HOLDING.value | Cue.PROMISE.value | Cue.PASSED_ON.value | Cue.NO_ANSWER.value | Cue.ABSENT.value | Cue.RECEIPT.value
    | Cue.REDIRECT.value | Cue.REMARK.value | Cue.LAUGH.value | Cue.PRAISE.value | Cue.EXCLAIM.value | Cue.APOLOGY.value
    | Cue.HEDGE.value | Cue.WILL.value | Cue.BUMP.value | Cue.GREETING.value | Cue.STRANGER.value
)  # fmt: skip


_NO_NAME = (
    Cue.HOLDING.value | Cue.PROMISE.value | Cue.NO_ANSWER.value | Cue.WILL.value | Cue.RECEIPT.value | Cue.REDIRECT.value
    | Cue.HEDGE.value | Cue.GREETING.value
)  # fmt: skip

TELLTALE = (
    ASKS | Cue.ABSENT.value | Cue.REDIRECT_ONLY.value | Cue.PROMISE.value | Cue.HOLDING.value | Cue.PASSED_ON.value
    | Cue.RECEIPT.value | Cue.NO_ANSWER.value | Cue.WELCOME.value | Cue.APOLOGY.value | Cue.ASKS_AROUND.value | Cue.FORMULAS.value
)  # fmt: skip
"""A reply with words of content and none of these looks like an answer, unless it is put to a colleague or left to one. Whatever
`looks_like` asks of such a reply has to be here."""


MAY_BE_FORMULAS = (
    Cue.THANKS.value | Cue.APOLOGY.value | Cue.RECEIPT.value | Cue.HOLDING.value | Cue.PASSED_ON.value | Cue.PROMISE.value
    | Cue.PROBLEM.value
)  # fmt: skip
"""What is made of formulas shows one of these: it thanks, regrets, speaks of the problem, or says that somebody is at it."""

_NO_FORMULAS = (
    Cue.QUESTION_MARK.value | Cue.CODE.value | Cue.LINK.value | Cue.FILES.value | Cue.PRECISE.value | Cue.NEWS.value
    | Cue.SOLVED.value | Cue.YES_START.value | Cue.NO_START.value
)  # fmt: skip

SHARED = 2
"""Words shared with the question from which formulas may be what was asked for ("are you aware of the problem?")."""


@dataclass(frozen=True, slots=True)
class Impression:
    """What a reply looks like by its words: the kind, the reasons, and whether how it stands to the question can't change
    that (`certain`). `kind_words`: it is nothing but courtesy, which while people are talking may be all that is to be said."""

    kind: ReplyKind
    evidence: tuple[str, ...]
    certain: bool = False
    kind_words: bool = False


# The same few values for all messages: what makes a frozen one costs more than what decides which.
_REDIRECTS = Impression(ReplyKind.REDIRECT, ("it only sends the customer elsewhere",), certain=True)
_PROMISES = Impression(ReplyKind.PROMISE, ("it says that an answer will come",))
_LOOKS = Impression(ReplyKind.HOLDING, ("it says that somebody is looking",))
_PASSES_ON = Impression(ReplyKind.HOLDING, ("it says that somebody else has it now",))
_ASKS_A_COLLEAGUE = Impression(ReplyKind.HOLDING, ("it asks a colleague",), certain=True)
_LEAVES_IT = Impression(ReplyKind.HOLDING, ("it leaves it to a colleague",), certain=True)
_LOOKS_FOR_SOMEBODY = Impression(ReplyKind.HOLDING, ("it asks around among colleagues",), certain=True)
_FORMULAS_ONLY = Impression(ReplyKind.HOLDING, ("it is made of formulas, and tells nothing",), certain=True)
_FORMULAS_PERHAPS = Impression(ReplyKind.HOLDING, _FORMULAS_ONLY.evidence)
_SORRY = Impression(ReplyKind.HOLDING, ("it says sorry, and nothing else yet",))
_TELLS_A_COLLEAGUE = Impression(ReplyKind.NOTHING, ("it speaks to a colleague, not to the customer",))
_RECEIVES = Impression(ReplyKind.NOTHING, ("it only says that the message has arrived",))
_AWAY = Impression(ReplyKind.NOTHING, ("it says that its writer isn't there",))
_DOES_NOT_KNOW = Impression(ReplyKind.NOTHING, ("it says that its writer doesn't know, has no time, or hasn't met this yet",))
_BARE_LINK = Impression(ReplyKind.NOTHING, ("it is a link, and says nothing besides",))
_WORDLESS = Impression(ReplyKind.NOTHING, ("it holds no words",), certain=True)
_ONLY_A_NAME = Impression(ReplyKind.NOTHING, ("it is somebody's name, and no word with it",), certain=True)
_THANKS_BACK = Impression(ReplyKind.NOTHING, ("it returns thanks",))
_BARE_NO = Impression(ReplyKind.NOTHING, ("it says yes or no, and no more",), kind_words=True)
_BARE = Impression(ReplyKind.NOTHING, ("it greets, thanks, agrees or smiles, and says nothing else yet",), kind_words=True)
_SAYS_NOTHING = Impression(ReplyKind.NOTHING, ("nothing in it seems to be about the question",))
_ASKS_FOR_IT = Impression(ReplyKind.CLARIFYING, ("it asks the customer for something",), certain=True)
_CLARIFIES = Impression(ReplyKind.CLARIFYING, ("it asks the customer something",))

_HELPS_BESIDES = ("it sends the customer elsewhere, and helps besides",)
_SAYS_YES_OR_NO = ("it says yes or no to what was asked",)
_OF_ANSWERS = (
    (Cue.SOLVED.value | Cue.NEWS.value, ("it says that something is done or works again",)),
    (Cue.ADVICE.value, ("it says what to do",)),
    (Cue.CODE.value, ("it holds code",)),
    (Cue.LINK.value, ("it holds a link, and says something with it",)),
    (Cue.FACT.value, ("it tells how something is, or why",)),
    (Cue.PRECISE.value, ("it names something exactly",)),
)
"""What in an answer says most, in this order."""
_SHARES_WORDS = ("it speaks of what was asked",)
_SAYS_SOMETHING = ("it says something in substance, and is no hold, promise or redirect",)


def may_be_formulas(reading: Reading) -> bool:
    """Whether a reply is long enough that no list knows it as a whole, and shows nothing that an answer does."""
    return reading.rest > SHORT // 2 and not reading.cues & _NO_FORMULAS


def leaves_it(reading: Reading, question: Question) -> bool:
    """Whether a reply's words leave a question to whomever of the team they name ("Ben knows that", "ask Ben"), if they name one
    of the team. Who is to be asked may be what was asked for."""
    cues = reading.cues
    if not cues & _LEAVES_TO or not reading.addressed or question.asks_who or question.asks_where:
        return False
    return reading.rest <= (IN_PASSING if cues & _TELLS_MUCH else SHORT)


def looks_like(reading: Reading, question: Question, colleague: int, *, leaves: bool = False) -> Impression | None:
    """What a reply's words look like, before it is weighed against the question. None: like an answer.

    `colleague`: how strongly it is put to a colleague by name; `leaves`: it leaves the question to one.

    The same words are an answer where they were asked for ("email
    support@..." to "where do I report this?", "escalated" to "can you escalate it?"): then they look like one.
    """
    cues, rest = reading.cues, reading.rest
    if rest and not cues & TELLTALE and not colleague and not leaves:
        return None  # as most are
    if reading.words == 0 and not cues & (_QM | _HELPS | _FILES):
        return _WORDLESS
    if reading.rest == 0 and reading.words <= len(reading.addressed) and not cues & _MORE_THAN_A_NAME:
        return _ONLY_A_NAME
    if cues & _ABSENT and rest <= 2 * SHORT and not (question.asks_when and _says_when_away(reading)):
        return _AWAY
    if cues & _ONLY and not question.asks_where:
        return _REDIRECTS
    if colleague:
        if cues & _ASKS_COLLEAGUE:
            return _ASKS_A_COLLEAGUE
        if not leaves and rest <= (SHORT if colleague >= LEADING else IN_PASSING):
            return _TELLS_A_COLLEAGUE
    if leaves:
        return _LEAVES_IT
    asks_team = cues & _ASKS_AROUND and (cues & _QM or (cues & _ASK_START and not reading.addressed))
    if asks_team and not cues & _TO_THE_CUSTOMER and rest <= SHORT:
        return _LOOKS_FOR_SOMEBODY
    if cues & _PROMISE and not cues & _QM and rest <= (SHORT if cues & _TELLS else 2 * SHORT):
        return _PROMISES
    if cues & _HOLDING and not cues & _QM and rest <= SHORT and not cues & _HELPS:
        return _LOOKS
    if cues & _FORMULAS:
        shared = len(question.prints.intersection(reading.fingerprints))
        return _FORMULAS_ONLY if shared < SHARED else _FORMULAS_PERHAPS
    if cues & _PASSED_ON and not cues & _QM and rest <= SHORT and not question.asks_to_pass_on:
        return _PASSES_ON
    if cues & _RECEIPT and not cues & _ANSWERS and rest <= (LITTLE if cues & _THANKS else SHORT):
        return _RECEIVES
    if cues & _NO_ANSWER and not cues & (_ANSWERS | _HELPS) and rest <= SHORT:
        return _DOES_NOT_KNOW
    if cues & ASKS and cues & _BACK and (rest or cues & _QUESTION_WORD):
        return _ASKS_FOR_IT if cues & _ASKS_FOR and not cues & _REDIRECT else _CLARIFIES if reading.words else _WORDLESS
    if cues & _WELCOME and 0 < rest <= SHORT // 2 and not cues & (_TELLS | _HELPS | ASKS | _YES_OR_NO):
        return _THANKS_BACK
    if cues & _APOLOGY and rest <= LITTLE and not cues & _SAYS:
        return _SORRY
    if rest == 0 and not cues & _FILES:
        if cues & _ONLY_LINK:
            return _BARE_LINK
        if not cues & (_HELPS | _DONE) and not (cues & _YES_OR_NO and question.asks_yes_or_no):
            return _BARE_NO if cues & _YES_OR_NO and not cues & (_THANKS | _WELCOME) else _BARE
    return None


def leaning(reading: Reading) -> Impression:
    """What a reply is that doesn't look like anything in particular and doesn't answer either."""
    return _REDIRECTS if reading.cues & _REDIRECT else _SAYS_NOTHING


def laughs(reading: Reading, question: Question) -> bool:
    """Whether a reply laughs, and says little besides: a joke, or an answer with a smile."""
    cues = reading.cues
    if not cues & _LAUGH or reading.rest > FEW or cues & _SAYS_MUCH:
        return False
    return not (cues & _YES_OR_NO and question.asks_yes_or_no)


def welcomes(reading: Reading, question: Question) -> bool:
    """Whether a reply welcomes somebody, or says that they are welcome, and little besides that has no word of what was asked
    ("happy to have you in the beta")."""
    if not reading.cues & _WELCOME or reading.rest > FEW or reading.cues & (_SAYS_MUCH | _YES_OR_NO):
        return False
    return question.prints.isdisjoint(reading.fingerprints)


def only_a_file(reading: Reading) -> bool:
    """Whether a reply is a file with hardly a word: what it shows nobody here can see."""
    return reading.rest <= LITTLE and bool(reading.cues & _FILES)


def plainly_answers(reading: Reading, question: Question) -> bool:
    """Whether a reply is the very thing that was asked for: a yes or no, a time, where to turn to, that it has been passed on."""
    cues = reading.cues
    if cues & _QM or not (question.cues & _ASKS_SOMETHING or cues & _YES_OR_NO):
        return False
    if question.asks_where and cues & _REDIRECT:
        return True
    if question.asks_to_pass_on and cues & _PASSED_ON and not cues & _WILL:
        return True
    if question.asks_when and _says_when_away(reading):
        return True
    if question.asks_link and cues & _ONLY_LINK:
        return True
    if question.asks_fact and _names_one(reading):
        return True
    if question.asks_when and cues & _WHEN and reading.rest <= SHORT and not cues & _PUTS_OFF:
        return True
    if question.asks_fact and 0 < reading.rest <= FEW and not cues & _NO_FACT:
        return not question.prints.issuperset(reading.fingerprints) or bool(cues & _PRECISE)
    return bool(cues & _YES_OR_NO) and not cues & ASKS and reading.rest <= LITTLE and question.asks_yes_or_no


def _says_when_away(reading: Reading) -> bool:
    """Whether a note of absence holds a time ("closed today, back tomorrow at nine"), or at least more than that one is away."""
    return bool(reading.cues & _ABSENT) and (bool(reading.cues & _WHEN_OR_NOT) or reading.rest > FEW)


def _names_one(reading: Reading) -> bool:
    """Whether a reply says of somebody that it is them ("Ben does that, he is in at ten")."""
    return bool(reading.addressed) and reading.addressed[0][1] == INLINE and reading.rest <= SHORT and not reading.cues & _NO_NAME


def reasons_of_answer(reading: Reading, question: Question) -> tuple[str, ...]:
    """What is worth telling of a reply that answers: what in it says most."""
    cues = reading.cues
    if cues & _REDIRECT:
        return _HELPS_BESIDES
    if cues & _YES_OR_NO and question.asks:
        return _SAYS_YES_OR_NO
    for cue, reason in _OF_ANSWERS:
        if cues & cue:
            return reason
    return _SHARES_WORDS if not question.prints.isdisjoint(reading.fingerprints) else _SAYS_SOMETHING
