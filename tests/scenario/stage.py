"""The vocabulary of the scenarios: people who say and press things, a clock that is moved, and what there is to see.

One list of scenarios runs on every platform; each platform puts up a `Stage` of its own (`slack_stage`, `local_stage`) and stands
in `conftest.PLATFORMS`. On each: Ana, Ben (on duty) and Cleo (the lead) are the team, Dana, Omar and Pia are customers; everybody
reads #help, only the team reads #team, where reminders go. It is Monday, 2 March 2026, 12:00 UTC, and everybody is always at work
unless the setup says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, Protocol

from bot.domain.events import Says
from bot.domain.waits import Wait

NOON = 1_772_452_800.0
"""Monday, 2 March 2026, 12:00 UTC."""

MINUTE, HOUR, DAY = 60.0, 3600.0, 86400.0

MEMBERS = ("ana", "ben", "cleo")
DUTY, LEAD = "ben", "cleo"
CUSTOMERS = ("dana", "omar", "pia")


@dataclass(frozen=True, kw_only=True)
class Setup:
    """What differs from the default in a scenario. `hours` "09:00-17:00" are those of everybody, Monday to Friday, UTC; `digests`
    are times of day; `newcomer_first` and `promise_notice` are seconds; `started`: a lead let reminders
    begin yesterday. `grid`: the workspace is one of an organisation's."""

    started: bool = True
    observe: bool = False
    watch: Literal["mentions", "questions", "everything"] = "questions"
    rules: tuple[tuple[str, Literal["mentions", "questions", "everything"]], ...] = ()
    """Channels, by a pattern of their names, that are watched otherwise."""
    peers_may_answer: bool = False
    hours: str | None = None
    budget: int = 3
    digests: tuple[str, ...] = ()
    mode: Literal["socket", "http"] = "socket"
    trusted_apps: tuple[str, ...] = ()
    user_groups: tuple[str, ...] = ()
    grid: bool = False
    unlisted: tuple[str, ...] = ()
    """Members who aren't in the settings: the workspace is the team's own, and its customers are guests."""
    text: Literal["while_waiting", "never"] = "while_waiting"
    newcomer_first: float | None = None
    promise_notice: float = 0.0
    close_loop: bool = True
    greets: bool = False
    """Who comes into #help is greeted by hand."""
    customers: tuple[tuple[str, str, float | None], ...] = ()
    """Customers by id: what is shown beside their names, and after how many seconds they come to the first step."""
    steps: tuple[tuple[float, Literal["owner", "duty", "lead", "team"]], ...] = ()
    """The ladder, where it isn't the usual one: after how many seconds, to whom."""
    ack_seconds: float = 3.0
    ping: float = 10.0


@dataclass(frozen=True, kw_only=True)
class Shown:
    """Something to see: a post of the bot's as it reads now, a private answer, a form, a Home.

    `words` is all of its text, people by name; `quotes` what it quotes; `calls` whom it notifies; `links` where it leads;
    `buttons` labels, those that are tucked away too, `menus` the options by menu, `inputs` what a form asks. `below`: it stands
    below another post, in its thread or as a reply to it. `native` is the platform's own.
    """

    words: str
    quotes: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()
    menus: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    inputs: tuple[str, ...] = ()
    at: float = 0.0
    updates: int = 0
    below: bool = False
    native: Any = None


Filled = str | float | Sequence[str] | None
"""What is filled in: words, a time of day ("09:00"), a name or an option's label; an instant; options that are ticked;
nothing."""


class Actor(Protocol):
    """Somebody, and what they can do. What they say comes back as the platform's own message, to reply to, edit, delete."""

    name: str

    async def says(
        self, text: str, *, channel: str = "help", thread: Any = None, files: Sequence[str] = (), broadcast: bool = False
    ) -> Any:
        """Write; `@Ana` in the text is a mention."""
        ...

    async def joins(self, *, channel: str = "help") -> None:
        """Come into a channel (on Discord, the server)."""
        ...

    async def leaves(self, *, channel: str = "help") -> None:
        """Go out of it."""
        ...

    async def types(self, *, channel: str = "help", thread: Any = None) -> None:
        """Begin to write."""
        ...

    async def edits(self, said: Any, text: str) -> None:
        """Change what they said."""
        ...

    async def deletes(self, said: Any) -> None:
        """Delete what they said."""
        ...

    async def reacts(self, said: Any, emoji: str) -> None:
        """Put a reaction on a message."""
        ...

    async def unreacts(self, said: Any, emoji: str) -> None:
        """Take a reaction back."""
        ...

    async def clicks(self, shown: Shown, label: str, *, of: str = "") -> Shown:
        """Press a button, one that is tucked away too; `of`: that of the wait with this handle, in a list. What they are shown
        privately."""
        ...

    async def chooses(self, shown: Shown, menu: str, option: str) -> Shown:
        """Choose from a menu; what they are shown privately."""
        ...

    async def fills(self, form: Shown, filled: Mapping[str, Filled]) -> Shown:
        """Fill in a form, by the labels of its inputs, and send it; what they are shown. What isn't filled in stays as it was."""
        ...

    async def commands(self, text: str) -> Shown:
        """Type a command; what they are shown privately."""
        ...

    async def corrects(self, said: Any, says: Says) -> Shown:
        """Say of a message that it waits, or needs none."""
        ...

    async def checks(self, said: Any) -> Shown:
        """Ask whether a message is personal; what they are shown privately."""
        ...

    async def gets(self, sender: str, text: str, *, through: str = "") -> Any:
        """Get a direct message from somebody (`through` an app that has their token, where the platform has such), or from an app
        by its name. The bot isn't told of it."""
        ...

    async def reports(self, message: Any) -> Shown:
        """Report a direct message that they got, or another one; the form, or what they are told."""
        ...

    async def home(self) -> Shown:
        """Open their own page."""
        ...

    def told(self) -> list[Shown]:
        """What the bot showed them alone in channels, other than answers to commands, oldest first."""
        ...

    def direct(self) -> list[Shown]:
        """Direct messages from the bot, oldest first."""
        ...


class Team(Protocol):
    """The team's own channel."""

    def sees(self) -> list[Shown]:
        """The bot's posts, oldest first, as they read now."""
        ...


class Stage(Protocol):
    """A platform with a bot in it. Its database lies at `path`; `said` is all that anybody wrote or edited into something."""

    platform: str
    setup: Setup
    path: Path
    said: list[str]
    people: Mapping[str, Actor]
    team: Team

    @property
    def now(self) -> float: ...

    def arrives(self, name: str) -> Any:
        """Somebody new, who isn't in #help yet; from then on they are in `people`."""
        ...

    async def advance(self, *, minutes: float = 0.0, hours: float = 0.0, days: float = 0.0) -> None:
        """Let time pass; everything that falls due on the way happens at its own time."""
        ...

    async def restart(self) -> None:
        """End the bot and start it again, on the same database."""
        ...

    def away(self) -> AbstractAsyncContextManager[None]:
        """The bot doesn't run while the block does, and is told of nothing that happened in it."""
        ...

    async def app_says(self, text: str, *, channel: str = "help", thread: Any = None, as_person: str | None = None) -> Any:
        """An app posts, perhaps with somebody's token."""
        ...

    async def waits(self) -> tuple[Wait, ...]:
        """The open waits, oldest first."""
        ...

    async def all_waits(self) -> tuple[Wait, ...]:
        """All waits, oldest first."""
        ...

    def notified(self) -> list[tuple[str, ...]]:
        """Whom each post (not its updates) notified, in order."""
        ...

    def seen_outside(self) -> list[str]:
        """Whatever the bot wrote where somebody reads it who isn't on the team; private answers to their own commands too."""
        ...
