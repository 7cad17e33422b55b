"""What was rendered, as the library takes it: components and forms whole, as JSON.

The library's own views keep in memory what is clicked where, for as long as somebody may click; ours carry all of it in their
`custom_id`, so that none of it is kept (adapters.discord.surfaces).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import discord

from adapters.discord.spans import JsonObject


class Laid(discord.ui.LayoutView):
    """A message's components as they were rendered. The library asks a view for these things alone when it sends one (2.7.1,
    http.py `handle_message_parameters`, abc.py `send`)."""

    def __init__(self, components: Sequence[JsonObject]) -> None:
        super().__init__(timeout=None)
        self._rendered = list(components)

    def to_components(self) -> list[dict[str, Any]]:
        """The components as they are sent."""
        return self._rendered

    def has_components_v2(self) -> bool:
        """They are Components V2, always: a message that is one stays one."""
        return True

    def is_dispatchable(self) -> bool:
        """Nothing here is to be kept in mind."""
        return False

    def is_finished(self) -> bool:
        """The same: what isn't finished is kept where some ways of sending don't ask whether it can be clicked."""
        return True


class Asked(discord.ui.Modal, title="realreply"):
    """A form as it was rendered."""

    def __init__(self, rendered: JsonObject) -> None:
        super().__init__(timeout=None)
        self._rendered = rendered

    def to_dict(self) -> dict[str, Any]:
        """The form as it is sent."""
        return self._rendered

    def is_finished(self) -> bool:
        """It isn't kept in mind either: two people with the same form would share one."""
        return True


def only(called: Iterable[str]) -> discord.AllowedMentions:
    """Allows a message to notify these accounts, and nobody else, whatever stands in it. Given with everything that is sent: the
    library leaves out what the client is told once, where an edit has no plain content (2.7.1, message.py `edit`)."""
    people = [discord.Object(int(person)) for person in called]
    return discord.AllowedMentions(everyone=False, roles=False, users=people or False, replied_user=False)
