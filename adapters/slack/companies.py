"""What the organisations are called from which people come in through Slack Connect.

Source: docs.slack.dev, /reference/methods/team.info. It tells of workspaces that share a channel with the app's own (else it says
team_not_found), and names the organisation besides where a workspace belongs to one. It needs team:read; without that nothing is
shown beside people's names but what the settings say.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import Final

import structlog

from adapters.slack.calls import Calls
from adapters.slack.failures import MissingScope
from adapters.slack_format.text import clean_name
from bot.domain.durations import DAY, HOUR, MINUTE, Seconds
from bot.errors import DeliveryError, RetryLater, Unreachable
from bot.ports import Clock

MOST_TEAMS: Final = 2_000
"""Organisations known at once; after that they are learnt anew."""

ASKED_TOGETHER: Final = 2

NAMED_FOR: Final[Seconds] = DAY
"""How long a name is believed. After that it is asked for when somebody of theirs writes, and shown meanwhile."""

ASK_AGAIN: Final[Seconds] = MINUTE
ASK_AGAIN_UNKNOWN: Final[Seconds] = HOUR
"""After Slack couldn't be asked, and after it said that it won't tell."""

_TEAM: Final = re.compile(r"[TE][A-Z0-9]{1,40}", re.ASCII)

log = structlog.get_logger()


class Companies:
    """The names of other organisations, by the ids of their workspaces. Kept in memory alone."""

    def __init__(self, web: Calls, *, clock: Clock) -> None:
        self._web = web
        self._clock = clock
        self._names: dict[str, str] = {}
        self._ask_at: dict[str, Seconds] = {}
        """When one may be asked for again, by `Clock.elapsed`; not in it: at once."""
        self._asking: dict[str, asyncio.Future[None]] = {}
        self._together = asyncio.Semaphore(ASKED_TOGETHER)
        self._refused = False

    def name(self, team: str) -> str | None:
        """What an organisation is called; None while that isn't known."""
        return self._names.get(team)

    def ask_anew(self) -> None:
        """The app may have been given the scope meanwhile."""
        self._refused = False

    async def ensure(self, teams: Iterable[str], *, within: Seconds | None) -> None:
        """Ask for the names that aren't known or are old, each once, and wait up to `within` seconds for them (None: patiently,
        at Slack's pace). Never raises on Slack's account."""
        now = self._clock.elapsed()
        wanted = [team for team in dict.fromkeys(teams) if _TEAM.fullmatch(team) and self._ask_at.get(team, now) <= now]
        if wanted and not self._refused:
            await asyncio.gather(*(self._ask(team, within) for team in wanted))

    async def _ask(self, team: str, within: Seconds | None) -> None:
        asking = self._asking.get(team)
        if asking is not None:
            await asyncio.wait([asking], timeout=within)
            return
        if len(self._ask_at) >= MOST_TEAMS:
            self._ask_at.clear()
            self._names.clear()
        asking = self._asking[team] = asyncio.get_running_loop().create_future()
        after = ASK_AGAIN
        try:
            async with asyncio.timeout(within), self._together:
                if not self._refused:
                    after = NAMED_FOR if await self._learn(team, patient=within is None) else ASK_AGAIN_UNKNOWN
        except MissingScope as error:
            if not self._refused:
                self._refused = True
                say = "What other organisations are called can't be shown beside their people: add team:read to the app."
                log.warning("slack_companies_hidden", say=say, error=str(error))
        except (DeliveryError, TimeoutError) as error:
            passes = isinstance(error, TimeoutError | RetryLater | Unreachable)
            after = max(ASK_AGAIN, error.after) if isinstance(error, RetryLater) else ASK_AGAIN if passes else ASK_AGAIN_UNKNOWN
            say = "Slack couldn't be asked what an organisation is called; its people are shown without it, or as it was."
            log.info("slack_company_unknown", say=say, repeats=True, team=team, error=str(error) or "no answer in time")
        finally:
            self._ask_at[team] = self._clock.elapsed() + after
            del self._asking[team]
            asking.set_result(None)

    async def _learn(self, team: str, *, patient: bool) -> bool:
        told = (await self._web.call("team.info", patient=patient, team=team)).get("team")
        entry = told if isinstance(told, dict) else {}
        name = clean_name(entry.get("enterprise_name")) or clean_name(entry.get("name"))
        if name:
            self._names[team] = name
        return bool(name)
