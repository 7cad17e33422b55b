"""Whose a wait was until a colleague handed it to somebody else. Pure."""

from __future__ import annotations

from bot.domain.waits import OwnerReason, Wait

_SAID: frozenset[OwnerReason] = frozenset({"claimed", "assigned", "promised"})
"""Why a wait was somebody's by what they, or a colleague, said: what changes that is news to them."""


def taken_from(wait: Wait, member: str) -> bool:
    """Whether an open wait that a member was on, or was handed, was handed to somebody else by a colleague."""
    handed = wait.handed
    if not wait.open or handed is None or handed.before is None or wait.handed_to is None:
        return False
    if member in (handed.by, wait.handed_to):
        return False
    before = handed.before
    held = before.hold is not None and before.hold.by == member
    return held or (before.owner == member and before.owner_reason in _SAID)
