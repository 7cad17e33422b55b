"""The features by which a member's reply is judged ("does it answer what this customer waits for?"): their names, as in
weights_replies.json, and their places.

First amounts, then a flag for each cue of the reply, then flags of how it stands to the question.
"""

from __future__ import annotations

from bot.domain.reading import Cue
from bot.judge.cue_flags import CueFlags

CUES: tuple[Cue, ...] = (
    Cue.QUESTION_MARK,
    Cue.ASK_START,
    Cue.ASK_IN,
    Cue.REQUEST,
    Cue.HELP,
    Cue.WANT,
    Cue.PROBLEM,
    Cue.NEGATION,
    Cue.THANKS,
    Cue.ACK_START,
    Cue.ACK_IN,
    Cue.YES_START,
    Cue.NO_START,
    Cue.SOLVED,
    Cue.WILL,
    Cue.GREETING,
    Cue.FAREWELL,
    Cue.SMILE,
    Cue.LAUGH,
    Cue.LINK,
    Cue.CODE,
    Cue.IDENTIFIER,
    Cue.BUMP,
    Cue.HEDGE,
    Cue.EXCLAIM,
    Cue.UNFINISHED,
    Cue.APOLOGY,
    Cue.PRAISE,
    Cue.OWN,
    Cue.QUOTE,
    Cue.FOREIGN,
    Cue.STRANGER,
    Cue.ADVICE,
    Cue.YOU,
    Cue.WAITING,
    Cue.NARRATES,
    Cue.FILES,
    Cue.WELCOME,
    Cue.ASKS_FOR,
    Cue.HOLDING,
    Cue.PROMISE,
    Cue.REDIRECT,
    Cue.RECEIPT,
    Cue.PASSED_ON,
    Cue.ABSENT,
    Cue.NO_ANSWER,
    Cue.EVERYBODY,
    Cue.SAME,
    Cue.CONTRAST,
    Cue.LATE,
    Cue.NEWS,
    Cue.WHEN,
)
"""Cues that are features by themselves."""

CONTEXT: tuple[str, ...] = (
    "no words",
    "no content",
    "one word of content",
    "two words of content",
    "three or four words of content",
    "five to seven words of content",
    "eight to fourteen words of content",
    "asks back",
    "asks, no content",
    "thanks, no content",
    "accepts, no content",
    "greets, no content",
    "laughs or smiles, no content",
    "statement, few words",
    "exclaims, few words",
    "of their own, few words",
    "of their own, advises nothing",
    "advises, few words",
    "problem, few words",
    "holds, few words",
    "holds, and more",
    "holds, and advises",
    "promises, few words",
    "promises, and more",
    "passes on, few words",
    "receives, few words",
    "absent, few words",
    "doesn't know, few words",
    "doesn't know, but advises",
    "done, few words",
    "yes or no, to a question",
    "yes or no, to no question",
    "accepts, to a question",
    "time asked for, few words",
    "time asked for, holds or promises",
    "asked where, sends elsewhere",
    "asked to pass on, passes on",
    "no telling words",
    "one telling word",
    "two telling words",
    "a time to come, few words",
    "a time to come, advises nothing",
    "sends elsewhere, few words",
    "sends elsewhere, and more",
    "asks around",
    "smiles, few telling words",
    "names a stranger, few words",
    "names a stranger, asks",
    "advises nothing, few telling words",
    "advises nothing, some words",
    "shares words with the question",
    "shares no words, few words",
    "shares no words, and more",
    "names the customer",
    "speaks to a colleague",
    "goes on from their own reply",
    "in talk",
    "in talk, few words",
    "in talk, no content",
    "in talk, advises nothing",
    "mostly the question's own words",
)

MEASURES: tuple[str, ...] = ("content", "telling words", "words in common", "share of words in common")

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

FEATURES: tuple[str, ...] = MEASURES + tuple((cue.name or "").lower().replace("_", " ") for cue in CUES) + CONTEXT

# The places of CONTEXT's flags among FEATURES, in CONTEXT's order.
# fmt: off
(
    NO_WORDS, NO_CONTENT, ONE_WORD, TWO_WORDS, FOUR_WORDS, SEVEN_WORDS, FOURTEEN_WORDS, ASKS_BACK, ASKS_NO_CONTENT,
    THANKS_NO_CONTENT, ACCEPTS_NO_CONTENT, GREETS_NO_CONTENT, LAUGHS_NO_CONTENT, STATEMENT_FEW, EXCLAIMS_FEW, OWN_FEW,
    OWN_ADVISES_NOTHING, ADVISES_FEW, PROBLEM_FEW, HOLDS_FEW, HOLDS_AND_MORE, HOLDS_AND_ADVISES, PROMISES_FEW,
    PROMISES_AND_MORE, PASSES_ON_FEW, RECEIVES_FEW, ABSENT_FEW, DOES_NOT_KNOW_FEW, DOES_NOT_KNOW_BUT_ADVISES, DONE_FEW,
    YES_OR_NO_TO_A_QUESTION, YES_OR_NO_TO_NO_QUESTION, ACCEPTS_TO_A_QUESTION, TIME_ASKED_FOR_FEW,
    TIME_ASKED_FOR_HOLDS_OR_PROMISES, ASKED_WHERE_SENDS_ELSEWHERE, ASKED_TO_PASS_ON_PASSES_ON, NO_TELLING_WORDS,
    ONE_TELLING_WORD, TWO_TELLING_WORDS, TIME_FEW, TIME_ADVISES_NOTHING, SENDS_ELSEWHERE_FEW, SENDS_ELSEWHERE_AND_MORE,
    ASKS_AROUND, SMILES_FEW, STRANGER_FEW, STRANGER_ASKS, ADVISES_NOTHING_FEW, ADVISES_NOTHING_SOME, SHARES_WORDS,
    SHARES_NO_WORDS_FEW, SHARES_NO_WORDS_AND_MORE, NAMES_THE_CUSTOMER, SPEAKS_TO_A_COLLEAGUE, GOES_ON_FROM_THEIR_OWN_REPLY,
    IN_TALK, IN_TALK_FEW, IN_TALK_NO_CONTENT, IN_TALK_ADVISES_NOTHING, MOSTLY_THE_OWN_WORDS_OF_THE_QUESTION,
) = range(AMOUNTS + len(CUES), len(FEATURES))
# fmt: on

CUE_FLAGS = CueFlags(CUES, AMOUNTS)
