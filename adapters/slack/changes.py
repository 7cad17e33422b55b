"""What an event changed about people and channels."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.moves import ChannelMove


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What an event changed. Ids are Slack's, not keys.

    `people`: who is on the team, or who has an account; everything the guard knows about readers may be wrong then.
    `readers_changed`: who reads `channel` (None: any channel) may have changed. `times`: this person's absences or zone may have.
    `joined`, `left`: the bot itself came into the channel (`meet` tells what it is) or is out of it for good; `deleted`: as
    everybody is. `archived`: it was
    archived (True) or taken back (False). `moved`: `channel` is the id it has now (of keys).
    """

    people: bool = False
    person: str | None = None
    times: str | None = None
    channel: str | None = None
    readers_changed: bool = False
    archived: bool | None = None
    moved: ChannelMove | None = None
    joined: bool = False
    left: bool = False
    deleted: bool = False


NOTHING = Changes()
