"""Names of the instants that outlive a restart (see `mark` in bot.ports.storage)."""

from __future__ import annotations

STARTED = "started"
"""When a lead let reminders begin, and who."""
