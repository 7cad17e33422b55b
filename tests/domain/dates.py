"""Holidays given as a list of dates, which no calendar changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True, kw_only=True)
class Dates:
    dates: frozenset[date]
    name: str = "holiday"

    def __call__(self, on: date) -> str | None:
        return self.name if on in self.dates else None
