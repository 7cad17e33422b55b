"""What came of something a member did by hand: decided once, in the transaction, and put into words afterwards."""

from __future__ import annotations

from bot.domain.value import value
from bot.domain.waits import Reply, Wait


@value
class Outcome:
    """What came of a verb or a correction, for whoever tells the member.

    `how` is a code that each verb defines for itself; two are common to all: "gone" (there is no such wait for this person) and
    "over" (it had ended already). `wait` is the wait as it is afterwards; `reply` the reply in question: the one that was asked
    about, or that the judge takes for the answer and the member overrules; `author` who wrote the message that was corrected;
    `note` what the member said of it, as it is kept.
    """

    how: str
    wait: Wait | None = None
    reply: Reply | None = None
    author: str | None = None
    note: str = ""
