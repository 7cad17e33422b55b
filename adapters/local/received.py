"""A direct message that somebody in the town got: the town keeps none between people, so it is what its receiver says it was."""

from __future__ import annotations

from adapters.local.platform import LocalPlatform
from bot.domain.auto_dms import DirectMessage
from bot.domain.durations import Instant
from bot.domain.people import Role

BOT = "realreply"


def received(town: LocalPlatform, sender: str, text: str, *, number: int, at: Instant, through: str = "") -> DirectMessage:
    """A direct message from somebody in the town, perhaps `through` an app, or from an app by whatever name. `number` tells it
    from others."""
    person = town.people.get(sender.casefold())
    app = through or (person.name if person is not None and person.role is Role.APP else sender if person is None else "")
    return DirectMessage(
        id=f"{at}.{number}",
        at=at,
        author=person.id if person is not None else sender.casefold(),
        text=text,
        marks=("app",) if app else (),
        app=app.casefold(),
        app_name=app,
        ours=app.casefold() == BOT,
    )
