"""A command as a value: its row in the table, what somebody asks for by it, and what it was given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from bot.commands.context import CommandContext
from bot.commands.responses import Act, Response
from bot.domain.durations import Instant
from bot.domain.params import WAIT, Param
from bot.domain.refusal import Moment, Permission, Refusal
from bot.queries.snapshot import ListedWait
from bot.wording.answers import Topic


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asks for: the name of a command in the table, and what it is to take. `words` are as they stood after the
    name, in a line or on a button; `given` is by the params' names, where a form or a platform asked for each by itself."""

    verb: str
    words: tuple[str, ...] = ()
    given: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arguments:
    """What a command was given, by kind; what wasn't given is None. `said` is the command as far as it was understood, with the
    handle or name of what was meant: what one may try instead begins so."""

    said: str
    wait: ListedWait | None = None
    member: str | None = None
    customer: str | None = None
    channel: str | None = None
    when: Moment | None = None
    choice: str | None = None
    number: int | None = None
    text: str | None = None

    @property
    def listed(self) -> ListedWait:
        """The wait, of a command that takes one. Raises ValueError when there is none."""
        if self.wait is None:
            raise ValueError(f"{self.said} was given no wait")
        return self.wait


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A row of the table: what it is called, what it does (one line, for help), whom it is for, what it takes, examples that work
    as they stand.

    `run` gives what comes of it. `button`: a button may carry it. `changes`: it is run in the transaction that saves what it
    changes. `open_only`: it is about waits that are open. `from_form` gives what the command takes for what its form was filled
    in with as one line. `topic` is where help lists it, unless it is for leads or about a wait.
    """

    name: str
    help: str
    run: Callable[[Arguments, CommandContext, Instant], Response | Act | Refusal]
    role: Permission = "member"
    params: tuple[Param, ...] = ()
    examples: tuple[str, ...] = ()
    button: bool = False
    changes: bool = False
    open_only: bool = False
    from_form: Callable[[str], str] = str
    topic: Topic = "me"

    @property
    def listed_under(self) -> Topic:
        """Where help lists it."""
        return "leads" if self.role == "lead" else "wait" if WAIT in self.params else self.topic

    @property
    def usage(self) -> str:
        """How it is written: "snooze WAIT WHEN"."""
        return " ".join((self.name, *(param.usage for param in self.params if param.usage)))

    @property
    def most_words(self) -> int:
        """How many words may follow its name."""
        return sum(param.most_words for param in self.params)

    @property
    def asked_by_form(self) -> Param | None:
        """What its form asks; None when it has none."""
        return next((param for param in self.params if param.form is not None), None)
