"""What stands where a post of ours can't be removed: nobody's name and nothing that was asked."""

from __future__ import annotations

from bot.domain.views import Plain, Text, View

SAYS = "This was a message for the team. What it said was taken out, because others can read it here."


def removed() -> View:
    """The fixed sentence."""
    return View(nodes=(Text((Plain(SAYS),)),), fallback=SAYS)
