"""What says that somebody is away, in words."""

from __future__ import annotations

from bot.domain.absences import AbsenceSource


def said_by(source: AbsenceSource, *, own: bool) -> str:
    """What says so, behind "you are away until Friday"; nothing where it was said in chat. `own`: the reader is meant."""
    match source:
        case "chat":
            return ""
        case "calendar":
            return ", as the team's calendar says"
        case "platform":
            return f", as {'your' if own else 'their'} status or do-not-disturb says"


def who_says(source: AbsenceSource, *, own: bool) -> str:
    """What says so, as the subject of a sentence."""
    return "The team's calendar" if source == "calendar" else f"{'Your' if own else 'Their'} status or do-not-disturb"
