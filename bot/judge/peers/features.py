"""The features of channels where everybody is a peer: their names, as in weights_peers.json, and their places.

Four models share the choice whom a message is meant for: PERSON (somebody who spoke lately; weighed differently when the
message names somebody), OWN (it goes on with what its author said before) and NOBODY (it starts something new). HELP says
whether a message meant for a waiting person answers the very thing they wait for. Amounts come first in each, then flags.
"""

from __future__ import annotations

SHAPES = ("asks", "thanks", "bare", "says")
"""What a message does, in the order in which it is looked for; features that depend on it come as four in a row."""


def _shaped(name: str) -> tuple[str, ...]:
    return tuple(f"{name}, {shape}" for shape in SHAPES)


PERSON_AMOUNTS = 11
PERSON: tuple[str, ...] = (
    "messages since they spoke",
    "minutes since they spoke",
    "words in common",
    "telling word in common",
    "their last message calls",
    "messages to them since they spoke",
    "this person spoke to them, how lately",
    "names people usually, but not now",
    "names people usually, speaks on to the same",
    "helps others, they wait for a first word",
    "fewer words in common than another",
    "named at the start",
    "mentioned",
    "named inside",
    "named in short or misspelt",
    "named inside, spoke lately",
    "named in short or misspelt, spoke lately",
    "named, spoke to this person before",
    "named with others",
    "reply to their message",
    "thread of their message",
    "somebody else is named",
    "spoke last of all",
    "spoke second last",
    "spoke third or fourth last",
    "spoke fifth to eighth last",
    "their last names this person",
    "their last names another",
    *_shaped("their last names this person"),
    *_shaped("their last asks"),
    "nobody spoke to them since",
    *_shaped("nobody spoke to them since they asked"),
    "this person spoke to them since",
    "this person spoke to them before",
    "this person never spoke to them",
    "this person spoke to them, they are silent since",
    "they spoke to this person before",
    *_shaped("they spoke to this person since"),
    "thanks, they spoke to this person",
    "spoken with last",
    "spoken with last, silent since",
    "this person speaks with another",
    "they speak with another",
    "another speaks with them",
    "their first message",
    "this person is new",
    "this person is new, they ask nothing",
    "yes or no, they asked",
    "advice",
    "advice, they asked",
    "accepts, they spoke to this person",
    "greeting",
    "greeting returned",
    "welcome",
    "welcome, they thanked",
    "this person waits",
    "this person waits and asks",
    "asks, they didn't speak to this person",
    "only one without a first word",
    "latest without a first word",
    "second latest without a first word",
    "third latest without a first word",
    "command to a bot",
    "command to a bot, they asked",
    "most words in common",
)

# fmt: off
(
    NAMED_AT_THE_START, MENTIONED, NAMED_INSIDE, NAMED_IN_SHORT, NAMED_INSIDE_LATELY, NAMED_IN_SHORT_LATELY, NAMED_SPOKE_BEFORE,
    NAMED_WITH_OTHERS, REPLY_TO_THEIRS, THREAD_OF_THEIRS, SOMEBODY_ELSE_NAMED,
    SPOKE_LAST, SPOKE_SECOND, SPOKE_THIRD, SPOKE_FIFTH, LAST_NAMES_ME,
    LAST_NAMES_ANOTHER, LAST_NAMES_ME_SHAPE, _, _, _, LAST_ASKS_SHAPE, _, _, _, NOBODY_SINCE, NOBODY_SINCE_ASKED_SHAPE, _, _, _,
    I_SINCE, I_BEFORE, I_NEVER, I_SILENT_SINCE, THEY_BEFORE, THEY_SINCE_SHAPE, _, _, _, THANKS_THEY, PARTNER, PARTNER_SILENT,
    I_WITH_ANOTHER, THEY_WITH_ANOTHER, ANOTHER_WITH_THEM, THEIR_FIRST, I_AM_NEW, I_AM_NEW_NO_QUESTION, YES_NO_ASKED, ADVICE,
    ADVICE_ASKED, ACCEPTS_THEY, GREETING, GREETING_RETURNED, WELCOME, WELCOME_THANKED, I_WAIT, I_WAIT_AND_ASK, ASKS_UNASKED,
    ONLY_UNTOLD, UNTOLD_FIRST, UNTOLD_SECOND, UNTOLD_THIRD, COMMAND, COMMAND_ASKED, MOST_WORDS,
) = range(PERSON_AMOUNTS, len(PERSON))
# fmt: on
FEWER_WORDS = PERSON.index("fewer words in common than another")

OWN_AMOUNTS = 6
OWN: tuple[str, ...] = (
    "messages since",
    "minutes since",
    "words of content",
    "calls",
    "words in common",
    "words in common with the own question",
    "goes on",
    "just spoke",
    "spoke one message ago",
    "spoke two or three messages ago",
    "spoke up to seven messages ago",
    "names somebody in short",
    "names somebody inside",
    "mentions somebody",
    "names somebody at the start",
    "names whom they spoke with",
    "names a stranger",
    *SHAPES,
    *_shaped("was the last to speak"),
    *_shaped("was spoken to since"),
    "their last calls",
    "their last is unfinished",
    "their last names somebody",
    "lower start",
    "speaks with nobody",
    "just spoke with somebody",
    "goes on with the own question",
    "several in a row",
)
# fmt: off
(
    OWN_BIAS, OWN_JUST, OWN_ONE, OWN_TWO, OWN_SEVEN, OWN_NAMES_1, OWN_NAMES_2, OWN_NAMES_3, OWN_NAMES_4, OWN_NAMES_PARTNER,
    OWN_NAMES_STRANGER, OWN_SHAPE, _, _, _, OWN_LAST_SHAPE, _, _, _, OWN_TOLD_SHAPE, _, _, _, OWN_LAST_CALLS,
    OWN_LAST_UNFINISHED, OWN_LAST_NAMES, OWN_LOWER, OWN_NO_PARTNER, OWN_PARTNER_JUST, OWN_GOES_ON_QUESTION, OWN_ROW,
) = range(OWN_AMOUNTS, len(OWN))
# fmt: on

NOBODY_AMOUNTS = 8
NOBODY: tuple[str, ...] = (
    "calls",
    "words of content",
    "length",
    "names people usually, but not now",
    "messages since they spoke",
    "minutes since they spoke",
    "spoke with somebody, how lately",
    "most words in common with anybody",
    "starts something",
    *SHAPES,
    "names somebody in short",
    "names somebody inside",
    "mentions somebody",
    "names somebody at the start",
    "names a stranger",
    "is new",
    *_shaped("is new"),
    "was spoken to since",
    "just spoke",
    "greeting",
    "lower start",
    "accepts",
    "yes or no",
    "laughs or smiles",
    "you",
    "own words",
    "problem",
    "advice",
    "asks for help",
    "question word first",
    "link",
    "command to a bot",
    "nobody to speak with",
    "a bot spoke last",
    *_shaped("somebody waits for a first word"),
)
# fmt: off
(
    NEW_BIAS, NEW_SHAPE, _, _, _, NEW_NAMES_1, NEW_NAMES_2, NEW_NAMES_3, NEW_NAMES_4, NEW_NAMES_STRANGER, NEW_HERE,
    NEW_HERE_SHAPE, _, _, _, NEW_TOLD, NEW_JUST, NEW_GREETING, NEW_LOWER, NEW_ACCEPTS, NEW_YES_NO, NEW_LAUGHS, NEW_YOU, NEW_OWN,
    NEW_PROBLEM, NEW_ADVICE, NEW_HELP, NEW_ASK_START, NEW_LINK, NEW_COMMAND, NEW_NOBODY, NEW_BOT_LAST, NEW_UNTOLD_SHAPE, _, _, _,
) = range(NOBODY_AMOUNTS, len(NOBODY))
# fmt: on

HELP_AMOUNTS = 18
HELP: tuple[str, ...] = (
    "meant for them, log odds",
    "meant for them",
    "messages since the question",
    "minutes since the question",
    "messages since they spoke",
    "messages since the question, silent since",
    "the question starts something",
    "the question calls",
    "what they said since belongs to it, log",
    "what they said since belongs to it",
    "messages they wrote since",
    "their last is like the question",
    "the same person spoke to them before, how lately",
    "another spoke to them before, how lately",
    "helped before, messages",
    "helped before, likeliest",
    "words of content",
    "calls",
    "surely meant for them",
    "they are silent since",
    "their last goes on",
    "their last starts something",
    "their last is to this person",
    "their last is to another",
    "they asked again",
    "they repeated it",
    "they repeated it, as something new",
    "the same person spoke to them before",
    "the question names this person",
    "the question names another",
    "the question greets",
    "the question has no question mark",
    "this person spoke to them since",
    "names them",
    "reply to their message",
    "in their thread",
    "in another place",
    "question mark",
    "thanks",
    "advice",
    "you",
    "link",
    "yes or no",
    "accepts",
    "bare",
    "greeting",
    "laughs or smiles",
    "code",
    "negation",
    "welcome",
    "own words",
    "command to a bot",
    "one word in common",
    "several words in common",
)
# fmt: off
(
    SURE, SILENT, LAST_OWN, LAST_NEW, LAST_TO_ME, LAST_TO_ANOTHER, ASKED_AGAIN, REPEATED, REPEATED_NEW, ME_BEFORE,
    QUESTION_NAMES_ME, QUESTION_NAMES_ANOTHER, QUESTION_GREETS, NO_QUESTION_MARK, ME_SINCE, NAMES_THEM,
    REPLIES, IN_THREAD, ELSEWHERE, HELP_CUES, *_REST,
) = range(HELP_AMOUNTS, len(HELP))
# fmt: on
ONE_WORD = HELP.index("one word in common")
SEVERAL_WORDS = HELP.index("several words in common")

MODELS: dict[str, tuple[tuple[str, ...], int]] = {
    "person": (PERSON, PERSON_AMOUNTS),
    "person_named": (PERSON, PERSON_AMOUNTS),
    "own": (OWN, OWN_AMOUNTS),
    "nobody": (NOBODY, NOBODY_AMOUNTS),
    "help": (HELP, HELP_AMOUNTS),
    "help_named": (HELP, HELP_AMOUNTS),
}
"""Each model of weights_peers.json: its feature names, and how many of them, the first ones, are amounts."""
