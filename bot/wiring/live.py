"""The bot that `realreply run` runs: every platform in the settings, one database. Composition only."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from functools import cache

from bot.domain.durations import DAY, Seconds
from bot.domain.hours import Hours, Own, combine
from bot.errors import CalendarError, UsageError
from bot.judge.standard import StandardJudge
from bot.outbox.digests import DigestSlot
from bot.ports import Connection, TeamCalendar
from bot.runtime.jobs import Retention
from bot.runtime.service import Service
from bot.settings.calendars import working_hours
from bot.settings.model import Settings
from bot.wiring.build import Bot, Policy, Timing, build, service
from bot.wiring.database import database


def connections(settings: Settings, *, time: Timing) -> list[Connection]:
    """A connection to each platform in the settings, none open yet. Raises UsageError when there is none, or a token is
    missing or wrong."""
    found: list[Connection] = []
    if settings.slack is not None:
        from bot.wiring import slack  # the SDK takes a quarter of a second to load

        found.append(slack.connect(settings, settings.slack, time=time))
    if settings.discord is not None:
        from bot.wiring import discord  # so does this one

        found.append(discord.connect(settings, settings.discord, time=time))
    if not found:
        raise UsageError(
            "There is nothing to run: the settings have no [slack] section and no [discord] section. config.example.toml shows "
            "both."
        )
    return found


@asynccontextmanager
async def running(
    settings: Settings, connected: Sequence[Connection], *, time: Timing, observe: bool = False
) -> AsyncIterator[tuple[Bot, Service]]:
    """A bot on these platforms, ready to run. Raises StorageError."""
    async with AsyncExitStack() as stack:
        store = await stack.enter_async_context(database(settings.storage.path))
        for connection in connected:
            stack.push_async_callback(connection.close)
        judge = StandardJudge(key=await store.key("fingerprints"))
        bot = build(
            connected,
            store,
            policy(settings, [connection.name for connection in connected]),
            judge=judge,
            time=time,
            observe=observe,
        )
        yield bot, service(bot)


def policy(settings: Settings, platforms: Sequence[str]) -> Policy:
    """What the settings say a team wants, on these platforms."""

    @cache
    def written(person: str) -> Hours:
        return working_hours(settings.working_time(settings.member(person) if person else None))

    def hours_of(person: str, told: Own) -> Hours:
        # A platform's time zone is for who has none in the settings.
        known = person and settings.member(person) is not None
        return combine(written(person), replace(told, zone=None) if known else told) if person else written(person)

    def wants_dm(person: str) -> bool:
        member = settings.member(person)
        return member is not None and member.dm

    backups = settings.storage.backups
    return Policy(
        hours_of=hours_of,
        rules_of=settings.channel_rules,
        customer_of=settings.customer_rule,
        dm_of=wants_dm,
        switch_of=settings.switch_of,
        accounts=settings.accounts(platforms),
        budget=settings.reminders.budget,
        digest_mentions=settings.reminders.digest_mentions,
        tips=settings.tips.kinds(),
        care=settings.shown_care(),
        takes_auto_dms=settings.reports.auto_dms,
        patience=settings.reminders.patience,
        trial_lasts=settings.reminders.trial_lasts,
        calendar=team_calendar(settings),
        calendar_people=settings.calendar_people(),
        digests=tuple(
            DigestSlot(days=slot.days, minute=slot.at, weekly=slot.what == "week") for slot in settings.reminders.digest
        ),
        retention=Retention(
            messages=settings.privacy.keep_messages,
            waits=settings.privacy.keep_waits,
            copies=backups.folder,
            copy_every=backups.every,
            copies_kept=backups.keep,
            keys=_keys(settings),
        ),
    )


def team_calendar(settings: Settings) -> TeamCalendar | None:
    """The calendar that the settings name, read by the team's clock. Its address is looked up when it is needed."""
    place = settings.team.duty_calendar
    if place is None:
        return None
    from adapters.calendars.feed import CalendarFeed  # the library takes a tenth of a second to load

    def address() -> str:
        try:
            return place.reveal()
        except UsageError as error:
            raise CalendarError(f"[team] duty_calendar: {error}") from error

    return CalendarFeed(address, zone=settings.team.time_zone)


def _keys(settings: Settings) -> Seconds:
    """How long it is known what happened already: as long as anything may be read back, and a week for clocks, retries and days
    that have begun."""
    slack, discord = settings.slack, settings.discord
    spans = (0.0 if slack is None else max(slack.first_read, slack.threads), 0.0 if discord is None else discord.first_read)
    return 7 * DAY + max(spans)
