"""Reports of auto-DMs: a form on the message, and what is kept when it is sent. Customers report, too, so nothing is said that
isn't for everybody.

The form carries the fingerprint of its message alone, and is believed in nothing: what it is about was kept when it was opened,
for who opened it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from hashlib import blake2b

import structlog

from bot.coaching.auto_dm import auto_dm
from bot.commands.forms import TEXT
from bot.commands.responses import refusal
from bot.domain.auto_dms import APP_NAME, MOST_OF_ALL, MOST_OF_ONE, MOST_WORDS, OPEN_FOR, AutoDm, AutoDmSort, DirectMessage
from bot.domain.durations import DAY, Instant
from bot.domain.keys import joined
from bot.domain.letters import on_one_line
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.tips import STALE
from bot.domain.views import Form, View
from bot.domain.writes import KeepAutoDm
from bot.engine.engine import Engine
from bot.errors import described
from bot.ports import Clock, Lookup, Store, Transaction
from bot.queries.snapshot import Lookups
from bot.wording.answers import for_the_team
from bot.wording.auto_dms import (
    ALREADY,
    FULL,
    FULL_FOR_ALL,
    GONE,
    NOT_A_SORT,
    NOT_DIRECT,
    OFF,
    OURS,
    OWN,
    SORT,
    SORTS,
    TROUBLE,
    report_form,
    thanks,
    told,
)

KEY = "auto-dms"
"""The key of the database that fingerprints of messages and reporters are made with."""

LONGEST_READ = 4_000
"""Characters of a message that are read, for the fingerprints of its words."""

_PLACE = "direct"
"""Where a text is read that stands in no channel."""

log = structlog.get_logger()


class AutoDmReports:
    """Takes reports on one platform, `platform` by name; `on`: the settings want them."""

    def __init__(
        self, engine: Engine, store: Store, lookups: Lookups, *, clock: Clock, platform: str = "", on: bool = True
    ) -> None:
        self._engine = engine
        self._store = store
        self._lookups = lookups
        self._clock = clock
        self._platform = platform
        self._on = on

    async def open(self, who: str, message: DirectMessage | None) -> Form | View:
        """The form for a message that somebody reports, by their account, or why there is none."""
        if not self._on:
            return refusal(OFF) if self._is_member(who) else for_the_team()
        if message is None:
            return told(NOT_DIRECT)
        if self._member(message.author) == self._member(who):
            return told(OWN)
        if message.ours:
            return told(OURS)
        try:
            return await self._opened(who, message)
        except Exception as error:  # whatever it is, who reports must hear that it failed
            return _troubled(error)

    async def send(self, who: str, message: str, values: Mapping[str, str]) -> View:
        """Keep a report whose form was sent: `message` is what the form carries."""
        if not self._on:
            return refusal(OFF) if self._is_member(who) else for_the_team()
        sort = _sort_in(values)
        if sort is None:
            return replace(told(NOT_A_SORT), refused=True, field=SORT)
        try:
            return await self._sent(who, message, sort)
        except Exception as error:  # as above
            return _troubled(error)

    async def _opened(self, who: str, message: DirectMessage) -> Form | View:
        key, now = await self._store.key(KEY), self._clock.now()
        report = self._report(message, self._reporter(who, key), _seal(key, self._platform, message.id), now)

        def work(tx: Transaction) -> Form | View:
            refused = self._refused(tx, report, now)
            if refused is not None:
                return told(refused)
            tx.save([KeepAutoDm(report=report)])
            return report_form(report.message)

        return await self._engine.transact(self._store, work)

    async def _sent(self, who: str, message: str, sort: AutoDmSort) -> View:
        key, now = await self._store.key(KEY), self._clock.now()
        reporter, is_member = self._reporter(who, key), self._is_member(who)

        def work(tx: Transaction) -> View:
            opened = tx.auto_dm(message, reporter)
            if opened is None or (opened.reported_at is None and now - opened.opened_at > OPEN_FOR):
                return told(GONE)
            refused = self._refused(tx, opened, now)
            if refused is not None:
                return told(refused)
            tx.save([KeepAutoDm(report=replace(opened, reported_at=now, sort=sort))])
            if opened.sender is not None:
                self._tell(tx, opened.sender, key, now)
            return thanks(sort, member=is_member)

        return await self._engine.transact(self._store, work)

    def _refused(self, tx: Lookup, report: AutoDm, now: Instant) -> str | None:
        """Why a report isn't taken: it was before, or there are too many."""
        known = tx.auto_dm(report.message, report.reporter)
        if known is not None and known.reported_at is not None:
            return ALREADY
        if tx.count_auto_dms(now - DAY, reporter=report.reporter) >= MOST_OF_ONE:
            return FULL
        if tx.count_auto_dms(now - DAY) >= MOST_OF_ALL:
            say = "More auto-DMs were reported within a day than are kept; further ones are refused until there is room."
            log.warning("auto_dms_full", say=say, repeats=True, most=MOST_OF_ALL)
            return FULL_FOR_ALL
        return None

    def _tell(self, tx: Transaction, member: str, key: bytes, now: Instant) -> None:
        """Have the member in whose name it came be told some day, if what was reported is certain enough."""
        coach = self._engine.coach
        if coach is None or member not in self._engine.team.members:
            return
        reports = tx.auto_dms(now - STALE, sender=member)
        chance = int(_seal(key, "told", member, repr(now))[:8], 16) / 0xFFFFFFFF
        tip = auto_dm(member, reports, tx.tips(member, now - STALE), now, chance=chance)
        if tip is not None:
            tx.save(coach.give(tx, tip))

    def _report(self, message: DirectMessage, reporter: str, fingerprint: str, now: Instant) -> AutoDm:
        sender = self._member(message.author)
        app = (message.app or message.app_name or message.author) if message.marks else ""
        text = message.text[:LONGEST_READ]
        written = Message(channel=_PLACE, id="", at=now, author=message.author, role=Role.APP, text=text)
        words = self._lookups.judge.read(written, {}).fingerprints
        return AutoDm(
            platform=self._platform,
            message=fingerprint,
            reporter=reporter,
            sent_at=min(message.at, now),
            opened_at=now,
            sender=sender if sender in self._engine.team.members else None,
            app=on_one_line(app, APP_NAME),
            app_name=on_one_line(message.app_name, APP_NAME) if message.marks else "",
            words=tuple(sorted(words[:MOST_WORDS])),
        )

    def _reporter(self, who: str, key: bytes) -> str:
        """Who reports, as a fingerprint: a member is one person, whatever accounts they have."""
        member = self._member(who)
        return _seal(key, "member", member) if member in self._engine.team.members else _seal(key, self._platform, who)

    def _is_member(self, account: str) -> bool:
        return self._member(account) in self._engine.team.members

    def _member(self, account: str) -> str:
        return self._engine.team.accounts.member(self._platform, account)


def _seal(key: bytes, *parts: str) -> str:
    """A fingerprint that means nothing outside its database."""
    return blake2b(joined(*parts).encode("utf-8", "surrogatepass"), key=key, digest_size=10).hexdigest()


def _troubled(error: Exception) -> View:
    say = "A report of an auto-DM couldn't be taken. Who reported was told so, and can do it again."
    log.error("auto_dm_report_failed", say=say, error=described(error))
    return told(TROUBLE)


def _sort_in(values: Mapping[str, str]) -> AutoDmSort | None:
    """What somebody says that it was; None where it is none of the choices. In one typed line it may be a word of the choice."""
    said = values.get(SORT, values.get(TEXT, "")).strip().casefold()
    if not said:
        return AutoDmSort.UNSAID
    named = (sort for sort, label in SORTS.items() if said in (sort.value, label.casefold()))
    words = said.split()
    in_words = (sort for sort, label in SORTS.items() if TEXT in values and set(words) <= set(label.casefold().split()))
    return next(named, next(in_words, None))
