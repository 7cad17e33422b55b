"""What apps posted to a customer who waits, in words."""

from __future__ import annotations

from bot.domain.waits import Wait


def only_automatic(wait: Wait) -> str:
    """That apps alone replied to a wait: "only an automatic reply so far (by Zap)"."""
    what = "an automatic reply" if wait.automatic_replies == 1 else f"{wait.automatic_replies} automatic replies"
    return f"only {what} so far{by_apps(wait)}"


def by_apps(wait: Wait) -> str:
    """Which apps replied to a wait automatically, in brackets; nothing where none told its name."""
    return f" (by {' and '.join(wait.automatic_by)})" if wait.automatic_by else ""
