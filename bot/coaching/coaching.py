"""What of a member's message is worth a tip, the way in: the first thing that is noticed, or nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from bot.coaching.broadcast import broadcast
from bot.coaching.canned import canned
from bot.coaching.noticed import Noticed
from bot.coaching.pitch import pitch
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.tips import Tip, TipKind
from bot.domain.waits import Wait
from bot.domain.writes import SaveMessage, SaveWait, Write
from bot.language.pitches import shipped_pitches

NOTICES: Final[Mapping[TipKind, Callable[[Noticed], Tip | None]]] = {
    TipKind.CANNED: canned,
    TipKind.PITCH: lambda noticed: pitch(noticed, shipped_pitches()),
    TipKind.BROADCAST: broadcast,
}
"""How each kind is noticed that shows in what a member writes, in the order in which they are looked for."""


def came_of(message: str, writes: Iterable[Write]) -> tuple[MessageRecord, tuple[Wait, ...]] | None:
    """A member's message as it was decided on, and the waits it replies to; None where it is no member's own words."""
    seen: MessageRecord | None = None
    waits: dict[str, Wait] = {}
    for write in writes:
        if isinstance(write, SaveMessage) and write.seen.id == message:
            seen = write.seen
        elif isinstance(write, SaveWait):
            waits[write.wait.id] = write.wait
    if seen is None or seen.role is not Role.MEMBER or seen.reading.wordless:
        return None
    return seen, tuple(wait for wait in waits.values() if wait.id in seen.answers)
