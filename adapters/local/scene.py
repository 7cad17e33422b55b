"""Where a session in the made-up town takes place, and what can be typed there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Protocol

from adapters.local.platform import LocalPlatform
from adapters.local.timeline import Timeline
from bot.domain.durations import Instant
from bot.domain.people import Team
from bot.domain.refusal import Moment, Refusal
from bot.ports import Clock, InteractionHandler, Store

LINES: tuple[tuple[str, str], ...] = (
    ("dana: TEXT", "Dana writes in #help"),
    ("dana #billing: TEXT", "... in another channel"),
    ("ana > 3: TEXT", "... in the thread of message 3"),
    ("ines joins #help", "Ines comes into #help, and is to be greeted if that is the first time; ines leaves #help"),
    ("ana types", "Ana is typing in #help; ana types > 3: in the thread of message 3"),
    ("dana edit 3: TEXT", "Dana changes message 3"),
    ("dana delete 3", "... or takes it back"),
    ("ben :eyes: 3", "a reaction; -:eyes: 3 takes it back"),
    ("ana waits 3", "Ana says that message 3 was overlooked; ana needless 3: it needs no reply"),
    ("ana check 3", "Ana asks whether message 3, which Ana wrote, is personal"),
    (
        "dana reports ana: TEXT",
        "Dana reports a direct message from Ana; ana through Zap: sent by that app; Greeter: by an app itself",
    ),
    ("ana /waiting", "a command, as /realreply waiting; ana /help lists them"),
    ("ana @realreply waiting", "... the same, said to the bot directly; ana #team: @realreply waiting, in the team's channel"),
    ("ana !2", "Ana presses button 2 of what she saw last; !b3.2 that of post b3"),
    ("ana fill: TEXT", "... and fills in the form that it opened; until = TIME; from = TIME: one input after another"),
    ("ana home", "Ana's own list, with her figures and settings"),
    ("+30m, +1d", "time passes; so does tomorrow 9:00"),
    ("new customer Kira", "somebody new"),
    ("who", "who is here, and what time it is"),
    ("team", "what the team's channel shows now"),
    ("quit", "leave; so does Ctrl-D"),
)
"""What can be typed, and what it does."""


class SimulatedTime(Protocol):
    """The bot, as far as a session lets time pass and looks at it."""

    @property
    def store(self) -> Store:
        """Where waits are looked up for remarks."""
        ...

    async def advance(self, to: Instant) -> None:
        """Let time pass."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """Where a session takes place. `channel` is where customers write when they don't say where, `internal` the team's own."""

    town: LocalPlatform
    simulation: SimulatedTime
    interactions: InteractionHandler
    timeline: Timeline
    clock: Clock
    zone: tzinfo
    team: Team
    read_when: Callable[[str, Instant], Moment | Refusal]
    channel: str
    internal: str
