"""What a verb on a wait is made of, and what it may use to say what came of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.durations import Instant
from bot.domain.events import Acted
from bot.domain.hours import Hours
from bot.domain.notifications import Telling
from bot.domain.params import WAIT, Param
from bot.domain.refusal import Permission, Refusal
from bot.domain.trace import Trace
from bot.domain.views import Button, Span, Spans, View
from bot.domain.waits import Holds, Reply, Wait
from bot.domain.writes import SaveWait, Write
from bot.waits.channel_state import ChannelState
from bot.waits.outcome import Outcome

WHICH_HOLD = Param(name="which", kind="text", required=False, hidden=True, most=1)
"""The hold that is to be taken back: a button names it by its number, so that an older one takes nothing newer back."""

Decided = tuple[list[Write], Outcome]
"""What a verb changes, and what came of it."""


class Speech(Protocol):
    """The words for who did something, about the one wait it was about. What is said is for them alone."""

    @property
    def handle(self) -> str:
        """The wait's short name ("w17")."""
        ...

    def which(self, wait: Wait) -> Spans:
        """Which wait: "w17, Dana in #help"."""
        ...

    def date_of(self, at: Instant) -> str:
        """The date of an instant by the asker's calendar, with its weekday: "Thu 5 March"."""
        ...

    def how_it_ended(self, wait: Wait) -> Spans:
        """How a wait ended, as it reads after a colon: "answered by Ana after 42 min"."""
        ...

    def how_it_is_held(self, wait: Wait) -> Spans:
        """What holds a wait, as it reads after a colon: "Ana put it off until Thu 9:00"; nothing where nothing does."""
        ...

    def is_member(self, person: str) -> bool:
        """Whether somebody is on the team."""
        ...

    def telling(self, member: str) -> Telling:
        """When a member is told of what is theirs, and what keeps them from being told at once."""
        ...

    def silent(self) -> Spans:
        """That nothing leaves at all, because this run only observes or reminders haven't begun; nothing where it does."""
        ...

    def said(self, *spans: Span) -> View:
        """A sentence."""
        ...

    def offering(self, spans: Spans, *buttons: Button) -> View:
        """A sentence with buttons."""
        ...

    def refused(self, refused: Refusal) -> View:
        """Why not, and what to try instead."""
        ...

    def over(self, wait: Wait) -> View:
        """It is over already, and how it ended, with the way to put it back on the list."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    """Something a member does to a wait. Its row in the table of commands, what it changes, and what is said of that.

    `decide` runs inside the transaction, on the wait as it is then, and gives what is to be stored with what came of it;
    `respond` says so. `button`: a button may carry it. `on_ended`: it is decided on a wait that has ended, too; the others find
    it over. `due`: when what they say they will do is due, where it takes a time and none was given: by the channel's holds,
    the member's hours, from an instant on. `asked`: people ask for it by a command or a button; the others are part of another
    command."""

    name: str
    help: str
    examples: tuple[str, ...]
    decide: Callable[[ChannelState, Wait, Acted, Trace], Decided]
    respond: Callable[[Outcome, Speech], View]
    params: tuple[Param, ...] = (WAIT,)
    role: Permission = "member"
    button: bool = True
    on_ended: bool = False
    asked: bool = True
    due: Callable[[Holds, Hours, Instant], Instant] | None = None

    @property
    def written(self) -> str:
        """The name as people write it: "not-me" for not_me."""
        return self.name.replace("_", "-")


def outcome_of(how: str, wait: Wait, writes: Sequence[Write] = (), *, reply: Reply | None = None, note: str = "") -> Outcome:
    """An outcome about a wait, as these writes leave it."""
    after = [write.wait for write in writes if isinstance(write, SaveWait) and write.wait.id == wait.id]
    return Outcome(how=how, wait=after[-1] if after else wait, reply=reply, note=note)


def wait_in(outcome: Outcome) -> Wait:
    """The wait that an outcome is about. Raises ValueError where it is about none."""
    if outcome.wait is None:
        raise ValueError(f"the outcome {outcome.how!r} is about no wait")
    return outcome.wait


def claim_button(speech: Speech, label: str = "I'm on it") -> Button:
    """A button to be on it."""
    return Button(label, "claim", speech.handle)


def reopen_button(speech: Speech) -> Button:
    """A button to put what is over back on the list."""
    return Button("Still waiting", "reopen", speech.handle)


def dismiss_button(speech: Speech) -> Button:
    """A button to take it off the list."""
    return Button("No reply needed", "dismiss", speech.handle)
