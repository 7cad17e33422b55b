"""How often apps and relays posted, by channel and day."""

from __future__ import annotations

import sqlite3

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.sources import Source, SourceKind, day_of
from bot.domain.writes import CountPost
from bot.ports import PostsOfSource

KEPT: Seconds = 92 * DAY
"""How long counts are kept, whatever is kept of messages: a quarter, to be compared with the one before."""

COUNT = """
INSERT INTO app_posts (channel, day, source, kind, trusted, name, posts, last_at) VALUES (?, ?, ?, ?, ?, ?, 1, ?)
ON CONFLICT (day, channel, source, kind, trusted) DO UPDATE SET
    posts = posts + 1,
    last_at = max(last_at, excluded.last_at),
    name = CASE WHEN name = '' THEN excluded.name WHEN excluded.name IN ('', name) THEN name END
"""

SINCE = """
SELECT channels.key, app_posts.source, app_posts.kind, app_posts.trusted,
    CASE WHEN count(app_posts.name) < count(*) OR count(DISTINCT nullif(app_posts.name, '')) > 1 THEN NULL
        ELSE coalesce(max(nullif(app_posts.name, '')), '') END,
    sum(app_posts.posts), max(app_posts.last_at)
FROM app_posts CROSS JOIN channels ON channels.no = app_posts.channel
WHERE app_posts.day >= ?
GROUP BY app_posts.channel, app_posts.source, app_posts.kind, app_posts.trusted
ORDER BY channels.key, app_posts.source, app_posts.kind, app_posts.trusted
"""

PRUNE = "DELETE FROM app_posts WHERE day < ?"


def count(connection: sqlite3.Connection, channel: int, post: CountPost) -> None:
    """Count a post."""
    source = post.source
    connection.execute(
        COUNT, (channel, day_of(post.at), source.id, source.kind, source.trusted, "" if source.trusted else post.name, post.at)
    )


def since(connection: sqlite3.Connection, at: Instant) -> tuple[PostsOfSource, ...]:
    """What was counted since the day of an instant, one for each source and channel."""
    return tuple(
        PostsOfSource(
            channel=channel,
            source=Source(id=source, kind=SourceKind(kind), trusted=bool(trusted)),
            name=name,
            posts=posts,
            last_at=last_at,
        )
        for channel, source, kind, trusted, name, posts, last_at in connection.execute(SINCE, (day_of(at),)).fetchall()
    )


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget the days before an instant's, and say how many rows that were."""
    return connection.execute(PRUNE, (day_of(before),)).rowcount
