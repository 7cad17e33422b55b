"""The features by which a customer's message is judged: their names, as in weights.json, and their places.

First amounts, then a flag for each cue, then flags of the context.
"""

from __future__ import annotations

from bot.domain.reading import Cue
from bot.judge.cue_flags import CueFlags

CUES: tuple[Cue, ...] = (
    Cue.QUESTION_MARK,
    Cue.ENDS_ASKING,
    Cue.ASK_START,
    Cue.ASK_IN,
    Cue.REQUEST,
    Cue.HELP,
    Cue.WANT,
    Cue.PROBLEM,
    Cue.NEGATION,
    Cue.THANKS,
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
    Cue.EXCLAIM,
    Cue.CORRECTION,
    Cue.APOLOGY,
    Cue.PRAISE,
    Cue.OWN,
    Cue.BARE,
    Cue.STRANGER,
    Cue.QUOTE,
    Cue.FOREIGN,
    Cue.ONLY_LINK,
    Cue.YOU,
    Cue.WAITING,
    Cue.NARRATES,
    Cue.FILES,
    Cue.CALLS_TEAM,
    Cue.EVERYBODY,
    Cue.NEWS,
    Cue.UNCOVERED,
    Cue.RECORDING,
)
"""Cues that are features by themselves."""


CONTEXT: tuple[str, ...] = (
    "two words",
    "one word",
    "no words",
    "says it is fine, asks nothing",
    "says it is fine, but tells of a problem",
    "says it is fine, at length",
    "thanks, asks nothing",
    "thanks and little else",
    "accepts and little else",
    "no cue at all",
    "statement",
    "greeting and content",
    "open wait",
    "open wait with a reply",
    "open wait, code or link",
    "open wait, bare",
    "burst",
    "burst, statement",
    "split line",
    "after own greeting",
    "after own call",
    "after own non-call",
    "team spoke to them",
    "team asked",
    "team asked, statement",
    "team asked, accepts",
    "team asked, own next step",
    "team asked, identifier or code",
    "team asked for something",
    "team answered, statement",
    "team answered, accepts start",
    "team held",
    "new here",
    "new here, statement",
    "names a member",
    "names a member, at the start",
    "names a customer",
    "names a customer, asks",
    "names a customer, at the start",
    "names somebody unknown",
    "customer spoke to them",
    "talks with a customer",
    "talks with a customer, asks",
    "reply to member",
    "reply to customer",
    "thread",
    "thread of another customer",
    "member spoke last in the thread",
    "team asked, tells",
    "team answered, but",
    "team answered, trouble",
    "team answered, wish",
    "team answered, narrates",
    "team answered, but at length",
    "team answered, denies",
    "help or alarm out of the blue",
    "begins with a wish",
    "begins with trouble",
    "begins with a statement",
    "absent, asks nothing",
    "for everybody, asks nothing",
    "beside another call, advises",
    "beside another call, asks them",
    "joins customers' talk",
)

MEASURES: tuple[str, ...] = ("long", "content", "open wait, minutes", "own last calls", "team answered, long", "calls lately")

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

FEATURES: tuple[str, ...] = MEASURES + tuple((cue.name or "").lower().replace("_", " ") for cue in CUES) + CONTEXT

# The places of CONTEXT's flags among FEATURES, in CONTEXT's order.
# fmt: off
(
    TWO_WORDS, ONE_WORD, NO_WORDS, SAYS_IT_IS_FINE_ASKS_NOTHING, SAYS_IT_IS_FINE_BUT_TELLS_OF_A_PROBLEM,
    SAYS_IT_IS_FINE_AT_LENGTH, THANKS_ASKS_NOTHING, THANKS_AND_LITTLE_ELSE, ACCEPTS_AND_LITTLE_ELSE, NO_CUE_AT_ALL, STATEMENT,
    GREETING_AND_CONTENT, OPEN_WAIT, OPEN_WAIT_WITH_A_REPLY, OPEN_WAIT_CODE_OR_LINK, OPEN_WAIT_BARE, BURST, BURST_STATEMENT,
    SPLIT_LINE, AFTER_OWN_GREETING, AFTER_OWN_CALL, AFTER_OWN_NON_CALL, TEAM_SPOKE_TO_THEM, TEAM_ASKED, TEAM_ASKED_STATEMENT,
    TEAM_ASKED_ACCEPTS, TEAM_ASKED_OWN_NEXT_STEP, TEAM_ASKED_IDENTIFIER_OR_CODE, TEAM_ASKED_FOR_SOMETHING,
    TEAM_ANSWERED_STATEMENT, TEAM_ANSWERED_ACCEPTS_START, TEAM_HELD, NEW_HERE, NEW_HERE_STATEMENT, NAMES_A_MEMBER,
    NAMES_A_MEMBER_AT_THE_START, NAMES_A_CUSTOMER, NAMES_A_CUSTOMER_ASKS, NAMES_A_CUSTOMER_AT_THE_START,
    NAMES_SOMEBODY_UNKNOWN, CUSTOMER_SPOKE_TO_THEM, TALKS_WITH_A_CUSTOMER, TALKS_WITH_A_CUSTOMER_ASKS, REPLY_TO_MEMBER,
    REPLY_TO_CUSTOMER, THREAD, THREAD_OF_ANOTHER_CUSTOMER, MEMBER_SPOKE_LAST_IN_THE_THREAD, TEAM_ASKED_TELLS,
    TEAM_ANSWERED_BUT, TEAM_ANSWERED_TROUBLE, TEAM_ANSWERED_WISH, TEAM_ANSWERED_NARRATES, TEAM_ANSWERED_BUT_AT_LENGTH,
    TEAM_ANSWERED_DENIES, HELP_OR_ALARM_OUT_OF_THE_BLUE,
    BEGINS_WITH_A_WISH, BEGINS_WITH_TROUBLE, BEGINS_WITH_A_STATEMENT, ABSENT_ASKS_NOTHING, FOR_EVERYBODY_ASKS_NOTHING,
    BESIDE_ANOTHER_CALL_ADVISES, BESIDE_ANOTHER_CALL_ASKS_THEM,
    JOINS_CUSTOMERS_TALK,
) = range(AMOUNTS + len(CUES), len(FEATURES))
# fmt: on

cue_flags = CueFlags(CUES, AMOUNTS).raised
"""The places of the flags that a reading's cues raise, in order."""
