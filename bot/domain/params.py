"""What a command or a verb takes, as values: how a line is read, what help and forms say, and what a platform may offer to choose
from, all follow from these."""

from __future__ import annotations

from math import inf
from typing import Literal

from bot.domain.durations import Seconds
from bot.domain.value import value

Kind = Literal["wait", "member", "customer", "channel", "when", "choice", "number", "text"]
"""What a param holds: a wait (by handle or customer), a member, a customer, a channel, a time ahead, one of a few words, a
number, or words that the command reads itself."""

ANYWAY = "anyway"
"""What who is asked "are you sure?" says to go on."""

MOST_WORDS: dict[Kind, int] = {
    "wait": 8,
    "member": 8,
    "customer": 8,
    "channel": 1,
    "when": 8,
    "choice": 1,
    "number": 1,
    "text": 8,
}
"""Words that a param of each kind may have: names and times have several."""

WHICH: dict[Kind, str] = {
    "wait": "which wait, by its handle or its customer's name",
    "member": "which member",
    "customer": "which customer",
    "channel": "which channel",
    "when": "when",
    "choice": "what",
    "number": "which number",
    "text": "what",
}
"""What is to be said where a param of each kind is missing."""


@value
class FormText:
    """How a form asks for a param: at most 24 characters of title and 45 of label (Slack's and Discord's limits). `parts`: a text
    that is asked for in several inputs, a span of time by its two ends, working hours by days and times."""

    title: str
    label: str
    parts: Literal["", "span", "hours"] = ""


@value
class Param:
    """Something a command takes; of each kind a command takes one at most.

    `tells`: it isn't required, and without it the command tells how things are. `hidden`: buttons give it, and usage doesn't
    show it. `options` are the words of a choice, and `wrong` what is said to another word ("{}" is that word). `written` is how
    usage shows it where that doesn't follow from its name. `question` asks for it where it is missing, with `examples` of how
    it is written; `form` is the form that does. `kept`: it is kept for others to read, so that nothing asks for it where nothing
    is kept of what people write. `furthest` is how far ahead a time may be, and `too_far` what is said where it isn't. `most` is
    how many words it may have where that doesn't follow from its kind; `longest` how many characters, where those are more than a
    command's.
    """

    name: str
    kind: Kind
    required: bool = True
    tells: bool = False
    hidden: bool = False
    options: tuple[str, ...] = ()
    wrong: str = ""
    written: str = ""
    question: str = ""
    examples: tuple[str, ...] = ()
    form: FormText | None = None
    kept: bool = False
    furthest: Seconds = inf
    too_far: str = ""
    most: int = 0
    longest: int = 0

    @property
    def most_words(self) -> int:
        """How many words it may have."""
        return self.most or MOST_WORDS[self.kind]

    @property
    def usage(self) -> str:
        """How usage shows it: "WAIT", "[@member]", "on|off|unset"; "" where it doesn't."""
        if self.hidden:
            return ""
        shown = self.written or self._shown()
        return shown if self.required or self.tells else f"[{shown}]"

    def _shown(self) -> str:
        if self.kind == "choice":
            return "|".join(self.options)
        return f"@{self.name}" if self.kind == "member" else self.name.upper()


WAIT = Param(name="wait", kind="wait")
"""The wait that a verb is about."""
