"""Which waits stand in which hand-over lists: so that a posted list follows them, and none is told of twice."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.keys import HandoverKey
from bot.domain.outgoing import HandoverList, HandoverListing
from storage.sqlite.flushed import Flushed

FORGET = "DELETE FROM handover_lists WHERE notice = ?"

PUT = "INSERT INTO handover_lists (notice, wait) SELECT ?, no FROM waits WHERE id = ? ON CONFLICT DO NOTHING"

OF_WAIT = """
SELECT outgoing.key, coalesce(outgoing.sent_at, outgoing.left_at)
FROM waits CROSS JOIN handover_lists ON handover_lists.wait = waits.no CROSS JOIN outgoing ON outgoing.id = handover_lists.notice
WHERE waits.id = ? AND outgoing.id <> ?
    AND (outgoing.state = 'sent' OR (outgoing.state = 'sending' AND outgoing.left_at IS NOT NULL))
ORDER BY 2
"""

POSTS_OF = """
SELECT DISTINCT outgoing.post FROM outgoing
WHERE outgoing.kind IN ('digest', 'tip') AND outgoing.key >= :begins AND outgoing.key < :ends AND outgoing.post IS NOT NULL
    AND EXISTS (
        SELECT 1 FROM handover_lists CROSS JOIN waits ON waits.no = handover_lists.wait
        WHERE handover_lists.notice = outgoing.id AND waits.state = 'waiting'
    )
"""

IN_POST = """
SELECT outgoing.key, outgoing.person, waits.id, coalesce(outgoing.sent_at, outgoing.left_at, 0)
FROM outgoing CROSS JOIN handover_lists ON handover_lists.notice = outgoing.id CROSS JOIN waits ON waits.no = handover_lists.wait
WHERE outgoing.post = ? AND outgoing.kind = 'tip' ORDER BY outgoing.id, waits.opened_at, waits.no
"""


def put(connection: Flushed, notice: int, waits: Iterable[str]) -> None:
    """Keep which waits the list in this row tells of; what an earlier attempt told of doesn't count any more."""
    connection.execute(FORGET, (notice,))
    for wait in waits:
        connection.execute(PUT, (notice, wait))


def of_wait(connection: Flushed, wait: str, but: int) -> tuple[HandoverListing, ...]:
    """The lists that told of a wait, in order, but for the one in this row."""
    rows = connection.execute(OF_WAIT, (wait, but)).fetchall()
    occasions = ((HandoverKey.parse(key), at) for key, at in rows)
    return tuple(HandoverListing(member=occasion.member, at=at, why=occasion.why) for occasion, at in occasions)


def in_post(connection: Flushed, post: int) -> HandoverList | None:
    """The list that a post is; None when it is none."""
    rows = connection.execute(IN_POST, (post,)).fetchall()
    if not rows:
        return None
    key, person, _, at = rows[0]
    return HandoverList(key=key, person=person, at=at, waits=tuple(wait for _, _, wait, _ in rows))


def posts_of(connection: Flushed, member: str) -> tuple[int, ...]:
    """The posts that are a member's lists and tell of a wait that is still open."""
    begins = HandoverKey.prefix(member)
    found = connection.execute(POSTS_OF, {"begins": begins, "ends": f"{begins}\U0010ffff"}).fetchall()
    return tuple(post for (post,) in found)
