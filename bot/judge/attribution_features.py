"""The features by which a member's message is matched with a conversation: their names, as in weights.json, and their places.

First amounts, then flags; the last flags are those of "nobody in particular".
"""

from __future__ import annotations

MEASURES: tuple[str, ...] = (
    "customers who spoke since",
    "minutes since they spoke",
    "messages since they spoke",
    "hours waiting",
    "goes on, names people usually",
    "goes on, answers in threads usually",
    "names people usually, but not now",
    "answers in threads usually, but not now",
    "words in common",
    "telling words in common",
    "fewer words in common than another",
    "their last message calls",
    "nobody, customers wait",
)

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

FEATURES: tuple[str, ...] = (
    *MEASURES,
    "named at the start",
    "mentioned",
    "named inside",
    "named in short or misspelt",
    "somebody else is named",
    "somebody else is named at the start",
    "their thread",
    "thread of their message",
    "thread they wrote in",
    "another thread",
    "reply to their message",
    "reply to another's message",
    "waits",
    "waits, had a reply",
    "waits, had a reply from this member",
    "spoke last of all",
    "spoke last of the customers",
    "spoke second last of the customers",
    "longest waiting",
    "too fast to be typed since",
    "nearly too fast",
    "this member's last partner",
    "this member's last partner, just now",
    "this member's last partner, they spoke since",
    "this member's last partner, they called since",
    "goes on at once",
    "goes on within seconds",
    "goes on within a minute",
    "goes on, lower start",
    "goes on, only a link",
    "goes on, as the last to speak",
    "this member wrote to another at once",
    "this member wrote to another within seconds",
    "this member is talking with somebody else",
    "this member is talking with somebody else who waits",
    "this member told them last",
    "another member told them last",
    "another member told them since they spoke",
    "this member told them since they spoke",
    "nobody has told them anything",
    "they named this member",
    "they named another member",
    "they spoke to a customer",
    "most words in common",
    "their last message asks, yes or no is said",
    "greeting returned",
    "thanks returned",
    "their thanks would be returned",
    "asks, they told of a problem",
    "looks into it, they gave something to look at",
    "question to a new customer",
    "bare message, just thanked",
    "only one waiting",
    "never told since they began to wait",
    "nobody",
    "nobody, bare message",
    "nobody, this member just wrote",
    "nobody, names a stranger",
    "nobody, nobody waits",
    "nobody, member spoke last",
    "nobody, laughs or smiles",
    "nobody, names a member",
)

# The places of the flags among FEATURES, in the same order.
# fmt: off
(
    NAMED_AT_THE_START, MENTIONED, NAMED_INSIDE, NAMED_IN_SHORT_OR_MISSPELT, SOMEBODY_ELSE_IS_NAMED,
    SOMEBODY_ELSE_IS_NAMED_AT_THE_START, THEIR_THREAD, THREAD_OF_THEIR_MESSAGE, THREAD_THEY_WROTE_IN, ANOTHER_THREAD,
    REPLY_TO_THEIR_MESSAGE, REPLY_TO_ANOTHER_MESSAGE, WAITS, WAITS_HAD_A_REPLY, WAITS_HAD_A_REPLY_FROM_THIS_MEMBER,
    SPOKE_LAST_OF_ALL, SPOKE_LAST_OF_THE_CUSTOMERS, SPOKE_SECOND_LAST_OF_THE_CUSTOMERS, LONGEST_WAITING,
    TOO_FAST_TO_BE_TYPED_SINCE, NEARLY_TOO_FAST, THIS_MEMBER_LAST_PARTNER, THIS_MEMBER_LAST_PARTNER_JUST_NOW,
    THIS_MEMBER_LAST_PARTNER_THEY_SPOKE_SINCE, THIS_MEMBER_LAST_PARTNER_THEY_CALLED_SINCE, GOES_ON_AT_ONCE,
    GOES_ON_WITHIN_SECONDS, GOES_ON_WITHIN_A_MINUTE, GOES_ON_LOWER_START, GOES_ON_ONLY_A_LINK, GOES_ON_AS_THE_LAST_TO_SPEAK,
    THIS_MEMBER_WROTE_TO_ANOTHER_AT_ONCE, THIS_MEMBER_WROTE_TO_ANOTHER_WITHIN_SECONDS,
    THIS_MEMBER_IS_TALKING_WITH_SOMEBODY_ELSE, THIS_MEMBER_IS_TALKING_WITH_SOMEBODY_ELSE_WHO_WAITS,
    THIS_MEMBER_TOLD_THEM_LAST, ANOTHER_MEMBER_TOLD_THEM_LAST, ANOTHER_MEMBER_TOLD_THEM_SINCE_THEY_SPOKE,
    THIS_MEMBER_TOLD_THEM_SINCE_THEY_SPOKE, NOBODY_HAS_TOLD_THEM_ANYTHING, THEY_NAMED_THIS_MEMBER,
    THEY_NAMED_ANOTHER_MEMBER, THEY_SPOKE_TO_A_CUSTOMER, MOST_WORDS_IN_COMMON, THEIR_LAST_MESSAGE_ASKS_YES_OR_NO_IS_SAID,
    GREETING_RETURNED, THANKS_RETURNED, THEIR_THANKS_WOULD_BE_RETURNED, ASKS_THEY_TOLD_OF_A_PROBLEM,
    LOOKS_INTO_IT_THEY_GAVE_SOMETHING_TO_LOOK_AT, QUESTION_TO_A_NEW_CUSTOMER, BARE_MESSAGE_JUST_THANKED, ONLY_ONE_WAITING,
    NEVER_TOLD_SINCE_THEY_BEGAN_TO_WAIT, NOBODY, NOBODY_BARE_MESSAGE, NOBODY_THIS_MEMBER_JUST_WROTE,
    NOBODY_NAMES_A_STRANGER, NOBODY_NOBODY_WAITS, NOBODY_MEMBER_SPOKE_LAST, NOBODY_LAUGHS_OR_SMILES, NOBODY_NAMES_A_MEMBER,
) = range(AMOUNTS, len(FEATURES))
# fmt: on

FEWER_WORDS_IN_COMMON = MEASURES.index("fewer words in common than another")
"""The place of this amount: it is known only when all candidates have been looked at."""
