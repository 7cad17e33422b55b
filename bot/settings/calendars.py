"""Working hours as the settings say them, turned into the core's; public holidays come from the `holidays` package."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.hours import Hours, weekly
from bot.settings.model import WorkingTime


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a country (ISO 3166) and, where they differ, of a part of it. Hashable by these two."""

    country: str
    subdivision: str | None = None

    def __call__(self, on: date) -> str | None:
        """The holiday's name on that date, or None."""
        return _year(self.country, self.subdivision, on.year).get(on)


@lru_cache(maxsize=64)
def _year(country: str, subdivision: str | None, year: int) -> dict[date, str]:
    import holidays  # 4 MB of memory, which only whoever names a calendar is to pay

    return dict(holidays.country_holidays(country, subdiv=subdivision, years=year).items())


def working_hours(time: WorkingTime) -> Hours:
    """The core's hours for what the settings say."""
    calendar = time.holidays
    return Hours(
        zone=ZoneInfo(time.time_zone),
        week=weekly(time.days, time.hours),
        holidays=(PublicHolidays(calendar.country, calendar.subdivision),) if calendar is not None else (),
    )
