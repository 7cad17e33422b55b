"""What a platform can say about the apps that are there, and the filter of its own that it lets the bot set up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.outgoing import Address
from bot.domain.value import value


@value
class PresentApp:
    """An app that is in a workspace or server, by its platform's id. `server` is what the keys of a server's channels begin with,
    and `server_name` what it is called, where a platform has several. `welcomes` is the address of the documentation that says
    that it can send direct messages to whoever joins; "" where none is known."""

    id: str
    name: str
    server: str = ""
    server_name: str = ""
    welcomes: str = ""


@value
class PresentApps:
    """The apps that a platform lists to the bot, and in a sentence what it doesn't tell."""

    apps: tuple[PresentApp, ...] = ()
    untold: str = ""


@value
class FilterProposal:
    """A filter of the platform's own against who poses as the team and gets customers into direct messages, as it would be made
    on one `server` (what its channels' keys begin with). It looks for words; whoever has one of the roles `exempt` isn't looked
    at; what it finds is shown in `alerts`.

    `obstacle`: why it can't be made, and what to do about it; "" where it can. `existing` is the name of the one that the bot
    made there before, None where there is none or that can't be told.
    """

    server: str
    server_name: str
    name: str
    exempt: tuple[str, ...] = ()
    alerts: Address | None = None
    alerts_name: str = ""
    obstacle: str = ""
    existing: str | None = None


class Moderation(Protocol):
    """The filters of a platform that the bot may set up there. Raises DeliveryError and its kinds."""

    async def proposals(self) -> Sequence[FilterProposal]:
        """What could be made on each server, as it is there now."""
        ...

    async def make(self, proposal: FilterProposal, words: Sequence[str], *, blocks: bool) -> FilterProposal:
        """Make it, unless the bot made one there before; the answer has `existing` then. `blocks`: what it finds isn't posted."""
        ...
