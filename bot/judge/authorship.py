"""Did a person write this, or an app? Only the platform's own marks say so; wording never does."""

from __future__ import annotations

from collections.abc import Collection

_NAMED = ("app_id=", "bot_id=", "webhook_id=", "application_id=")
_FORWARDS = frozenset({"snapshot", "forward", "crossposted"})


def automatic(marks: Collection[str], trusted: Collection[str] = ()) -> bool:
    """Whether a post was made by an app. `marks` are the platform's evidence, `trusted` the ids of apps, bots and webhooks
    through which people type: a post whose app is trusted counts as the person's own words.

    A post that carries somebody's own words on (a forward) is automatic too: nobody wrote it here and now.
    """
    if not marks:
        return False
    for mark in marks:
        for prefix in _NAMED:
            if mark.startswith(prefix) and mark[len(prefix) :] in trusted:
                return False
    return True


def forwarded(marks: Collection[str]) -> bool:
    """Whether the post only carries on a message that was written elsewhere."""
    return any(mark in _FORWARDS for mark in marks)
