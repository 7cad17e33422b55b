"""What the other parts of the adapter need of Slack's methods: one call, and a list page by page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any, Final, Protocol

PAGE: Final = 200
"""Entries asked for at once; Slack recommends no more (/apis/web-api/pagination)."""

LARGE_PAGE: Final = 1000
"""The most that Slack gives at once: for lists whose entries are small, or which may be asked for only 20 times a minute."""


class Calls(Protocol):
    """What the directory needs of Slack (see web.Web.call)."""

    async def call(self, method: str, *, patient: bool = False, **arguments: Any) -> dict[str, Any]:
        """Call a method. Raises DeliveryError and its kinds only."""
        ...


async def pages(
    web: Calls, method: str, field: str, *, most: int, page: int = PAGE, patient: bool = True, **arguments: Any
) -> AsyncIterator[tuple[list[Any], bool]]:
    """The pages of a list under `field`: (entries, whether there is more). Ends after `most` entries or with the last page."""
    cursor, count = "", 0
    while True:
        answer = await web.call(method, patient=patient, limit=page, cursor=cursor or None, **arguments)
        found = answer.get(field)
        entries = found if isinstance(found, list) else []
        metadata = answer.get("response_metadata")
        given = metadata.get("next_cursor") if isinstance(metadata, dict) else None
        following = given if isinstance(given, str) and given != cursor else ""
        count += len(entries)
        yield entries, bool(following)
        if not following or count >= most:
            return
        cursor = following
