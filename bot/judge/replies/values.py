"""From a member's reply and the question it may answer to the features of `bot.judge.replies.features`."""

from __future__ import annotations

from math import log1p

from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.cue_sets import ASKS, QUESTION, YES_NO
from bot.judge.linear import Values
from bot.judge.replies import features as flag
from bot.judge.replies.context import Question, goes_on

FEW = 4
"""Words of content up to which a message has little to say."""

SOME = 8
"""Words of content up to which a hold or a receipt is all that a message is."""

MORE = 12
"""Words of content up to which a message that advises nothing may be a remark."""

MOST_COMMON = 4
"""Words in common that count."""

_QM = Cue.QUESTION_MARK.value
_BACK = Cue.ENDS_ASKING.value | Cue.ASKS_FOR.value
_THANKS = Cue.THANKS.value | Cue.WELCOME.value
_ACK = Cue.ACK_START.value | Cue.ACK_IN.value
_GREETING = Cue.GREETING.value | Cue.FAREWELL.value
_MIRTH = Cue.LAUGH.value | Cue.SMILE.value | Cue.PRAISE.value
_EXCLAIM = Cue.EXCLAIM.value
_OWN = Cue.OWN.value
_ADVICE = Cue.ADVICE.value
_ADVICE_OR_YOU = Cue.ADVICE.value | Cue.YOU.value
_PROBLEM = Cue.PROBLEM.value
_HOLDING = Cue.HOLDING.value
_PROMISE = Cue.PROMISE.value
_PASSED_ON = Cue.PASSED_ON.value
_RECEIPT = Cue.RECEIPT.value
_ABSENT = Cue.ABSENT.value
_NO_ANSWER = Cue.NO_ANSWER.value
_DONE = Cue.SOLVED.value | Cue.NEWS.value
_SMILE = Cue.SMILE.value
_STRANGER = Cue.STRANGER.value
_REQUEST = Cue.REQUEST.value | Cue.HELP.value
_WHEN = Cue.WHEN.value
_ASKS_WHERE = Cue.ASKS_WHERE.value
_BUMP = Cue.BUMP.value
_REDIRECT = Cue.REDIRECT.value
_SAYS_SOMETHING = (
    Cue.QUESTION_MARK.value | Cue.ASK_START.value | Cue.YES_START.value | Cue.NO_START.value | Cue.ADVICE.value
    | Cue.LINK.value | Cue.CODE.value | Cue.NEWS.value | Cue.SOLVED.value
)  # fmt: skip

_PUTS_OFF = _HOLDING | _PROMISE | _PASSED_ON | _RECEIPT | _ABSENT | _NO_ANSWER
_ELSEWHERE = _REDIRECT | _PASSED_ON
_SELDOM = _WHEN | _REDIRECT | _BUMP | _SMILE | _STRANGER
"""Several cues at once, which few replies have: one look spares the others."""

_PRECISE = Cue.PRECISE.value
_FACT = Cue.FACT.value
_BY_NUMBER = Cue.ABSENT.value | Cue.RECEIPT.value | Cue.PASSED_ON.value
_REMARK = Cue.REMARK.value
_HEDGE = Cue.HEDGE.value
_STATES = (
    Cue.PRECISE.value | Cue.FACT.value | Cue.ADVICE.value | Cue.LINK.value | Cue.CODE.value | Cue.NEWS.value | Cue.SOLVED.value
    | Cue.QUESTION_MARK.value | Cue.YES_START.value | Cue.NO_START.value
)  # fmt: skip
"""Cues of something that is told about the matter, or asked."""

_TELLING = (flag.NO_TELLING_WORDS, flag.ONE_TELLING_WORD, flag.TWO_TELLING_WORDS)


def values(seen: MessageRecord, wait: Wait, window: Window, question: Question, colleague: int, talking: bool) -> Values:
    """The features of a reply to a wait. `talking`: the team and its customer have just been. (One long function: it runs for
    every reply.)"""
    reading = seen.reading
    cues, rest = reading.cues, reading.rest
    if rest > MORE:
        cues &= ~_HOLDING  # at that length it also says something
    if cues & _BY_NUMBER:
        cues &= ~_PRECISE  # the day on which they are back, the number of a ticket
    flags = flag.CUE_FLAGS.raised(cues)
    add = flags.append
    says_nothing = not cues & _SAYS_SOMETHING
    few = rest <= FEW
    some = rest <= SOME
    if rest == 0:
        add(flag.NO_CONTENT)
        if reading.words == 0:
            add(flag.NO_WORDS)
        if cues & _QM:
            add(flag.ASKS_NO_CONTENT)
        if cues & _THANKS:
            add(flag.THANKS_NO_CONTENT)
        if cues & _ACK:
            add(flag.ACCEPTS_NO_CONTENT)
        if cues & _GREETING:
            add(flag.GREETS_NO_CONTENT)
        if cues & _MIRTH:
            add(flag.LAUGHS_NO_CONTENT)
    elif rest == 1:
        add(flag.ONE_WORD)
    elif rest == 2:
        add(flag.TWO_WORDS)
    elif few:
        add(flag.FOUR_WORDS)
    elif rest <= 7:
        add(flag.SEVEN_WORDS)
    elif rest <= 14:
        add(flag.FOURTEEN_WORDS)
    if cues & ASKS and cues & _BACK:
        add(flag.ASKS_BACK)
    if few:
        if says_nothing:
            add(flag.STATEMENT_FEW)
        if cues & _EXCLAIM:
            add(flag.EXCLAIMS_FEW)
        if cues & _DONE:
            add(flag.DONE_FEW)
        if cues & _PROBLEM:
            add(flag.PROBLEM_FEW)
        if cues & _ADVICE:
            add(flag.ADVISES_FEW)
    if cues & _OWN and not cues & _ADVICE_OR_YOU:
        add(flag.OWN_ADVISES_NOTHING)
        if some:
            add(flag.OWN_FEW)
    if cues & _PUTS_OFF:
        if cues & _HOLDING:
            add(flag.HOLDS_FEW if some else flag.HOLDS_AND_MORE)
            if cues & _ADVICE:
                add(flag.HOLDS_AND_ADVISES)
        if cues & _PROMISE:
            add(flag.PROMISES_FEW if some else flag.PROMISES_AND_MORE)
        if some:
            if cues & _PASSED_ON:
                add(flag.PASSES_ON_FEW)
            if cues & _RECEIPT:
                add(flag.RECEIVES_FEW)
            if cues & _ABSENT:
                add(flag.ABSENT_FEW)
        if cues & _NO_ANSWER:
            if some:
                add(flag.DOES_NOT_KNOW_FEW)
            if cues & _ADVICE:
                add(flag.DOES_NOT_KNOW_BUT_ADVISES)
    asked = question.cues
    asks = asked & QUESTION
    if cues & YES_NO and not (cues & _OWN and not few):  # "I have", "I am" begin more than a yes
        add(flag.YES_OR_NO_TO_A_QUESTION if asks else flag.YES_OR_NO_TO_NO_QUESTION)
    elif cues & _ACK and asks and few:
        add(flag.ACCEPTS_TO_A_QUESTION)
    if asks and asked & _WHEN:
        if some:
            add(flag.TIME_ASKED_FOR_FEW)
        if cues & (_HOLDING | _PROMISE):
            add(flag.TIME_ASKED_FOR_HOLDS_OR_PROMISES)
    if cues & _ELSEWHERE:
        if cues & _REDIRECT and asked & _ASKS_WHERE:
            add(flag.ASKED_WHERE_SENDS_ELSEWHERE)
        if cues & _PASSED_ON and asked & _PASSED_ON:
            add(flag.ASKED_TO_PASS_ON_PASSES_ON)
    prints = reading.fingerprints
    telling = len(prints)
    if telling <= 2:
        add(_TELLING[telling])
    if cues & _SELDOM:
        if cues & _WHEN:
            if some:
                add(flag.TIME_FEW)
            if says_nothing:
                add(flag.TIME_ADVISES_NOTHING)
        if cues & _REDIRECT and not asked & _ASKS_WHERE:
            add(flag.SENDS_ELSEWHERE_FEW if rest <= MORE else flag.SENDS_ELSEWHERE_AND_MORE)
        if cues & _QM and cues & _BUMP:
            add(flag.ASKS_AROUND)
        if cues & _SMILE and telling <= FEW:
            add(flag.SMILES_FEW)
        if cues & _STRANGER:
            if some:
                add(flag.STRANGER_FEW)
            if cues & ASKS or cues & _REQUEST:
                add(flag.STRANGER_ASKS)
    if says_nothing:
        if telling <= FEW:
            add(flag.ADVISES_NOTHING_FEW)
        elif rest <= MORE:
            add(flag.ADVISES_NOTHING_SOME)
    shared = len(question.prints.intersection(prints)) if prints else 0
    if shared:
        add(flag.SHARES_WORDS)
    else:
        add(flag.SHARES_NO_WORDS_FEW if some else flag.SHARES_NO_WORDS_AND_MORE)
    if reading.addressed and reading.names(wait.customer):
        add(flag.NAMES_THE_CUSTOMER)
    if colleague:
        add(flag.SPEAKS_TO_A_COLLEAGUE)
    if goes_on(seen, wait, window):
        add(flag.GOES_ON_FROM_THEIR_OWN_REPLY)
    if talking:
        add(flag.IN_TALK)
        if few:
            add(flag.IN_TALK_FEW if rest else flag.IN_TALK_NO_CONTENT)
        if says_nothing:
            add(flag.IN_TALK_ADVISES_NOTHING)
    if shared * 2 >= telling > 0:
        add(flag.MOSTLY_THE_OWN_WORDS_OF_THE_QUESTION)
    new = telling - shared
    if new == 0:
        add(flag.NO_NEW_WORDS)
        if cues & _PRECISE:
            add(flag.PRECISE_NO_NEW_WORDS)
    elif new == 1:
        add(flag.ONE_NEW_WORD)
    if cues & _STATES:
        if cues & _PRECISE and few:
            add(flag.PRECISE_FEW)
        if cues & _FACT:
            if few:
                add(flag.FACT_FEW)
            if says_nothing:
                add(flag.FACT_ADVISES_NOTHING)
    else:
        add(flag.STATES_NOTHING_FEW if few else flag.STATES_NOTHING_SOME if some else flag.STATES_NOTHING_MORE)
        if cues & _MIRTH:
            add(flag.SMILES_STATES_NOTHING)
        if cues & _EXCLAIM:
            add(flag.EXCLAIMS_STATES_NOTHING)
        if cues & _OWN:
            add(flag.OWN_STATES_NOTHING)
        if cues & _HEDGE:
            add(flag.HEDGES_STATES_NOTHING)
        if cues & (_PROMISE | _HOLDING):
            add(flag.PROMISES_STATES_NOTHING)
    if cues & _REMARK:
        if some:
            add(flag.REMARKS_FEW)
        if not cues & _FACT:
            add(flag.REMARKS_NO_FACT)
    share = shared / telling if prints else 0.0
    common = float(shared if shared < MOST_COMMON else MOST_COMMON)
    amounts = (log1p(rest), log1p(telling), log1p(new), common, share)
    return amounts, flags
