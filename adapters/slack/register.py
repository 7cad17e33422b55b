"""Who is who: everybody known of a workspace, what they are to the team, and when they aren't there.

What is known is bounded: whoever is dropped is asked for again when they next write.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import structlog

from adapters.slack.absences import Absence, PersonTimes, do_not_disturb, vacation
from adapters.slack.accounts import SlackAccount, WhoIsWho, read_account
from adapters.slack.calls import Calls
from adapters.slack.failures import MissingScope
from adapters.slack.groups import Groups
from adapters.slack_format.people import SLACKBOT, People
from adapters.slack_format.text import identifier
from bot.domain.durations import Instant, Seconds
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.errors import AccessLost, DeliveryError, Gone, RetryLater, Unreachable
from bot.ports import Clock, KnownSince

MOST_PEOPLE: Final = 20_000
"""People known at once, about 1 KB each."""

ASKED_TOGETHER: Final = 4
ASK_FOR: Final[Seconds] = 2.0
"""An event waits so long for users.info at most: Slack wants its answer within 3 s, and an unknown author is a customer."""

ASK_AGAIN: Final[Seconds] = 60.0
ASK_AGAIN_GONE: Final[Seconds] = 3600.0
"""After a failed users.info, and after one that said there is no such person."""

UNTOLD_FOR: Final[Seconds] = 3600.0
"""What a bot posts waits so long for Slack to say what it is."""

TIMES_FOR: Final[Seconds] = 600.0
"""How long somebody's absences are believed. A change that comes as an event is seen at once."""

CERTAIN_FOR: Final[Seconds] = 60.0
"""How long somebody's standing is believed where something depends on it just now: a click, or who reads what is to leave."""

ANSWER_WITHIN: Final[Seconds] = 1.0
"""A click waits so long for users.info at most: a form opens only within 3 s of it."""

_PERSON: Final = re.compile(r"[UW][A-Z0-9]{1,40}", re.ASCII)

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Believed:
    """What is known of somebody's times, and how long it is believed."""

    times: PersonTimes
    since: KnownSince
    span: Seconds


class Register:
    """The people of one workspace. Nobody is known before `begin`."""

    def __init__(self, web: Calls, *, settings: WhoIsWho, clock: Clock) -> None:
        self._web = web
        self._settings = settings
        self._clock = clock
        self.people = People([])
        """What records are read with: names, and who is an app."""
        self.bot_user = ""
        self.at_home = True
        """Whether the workspace the app is in is the team's own."""
        self._homes: frozenset[str] = frozenset()
        self._accounts: dict[str, SlackAccount] = {}
        self._lists_everybody = False
        self._groups = Groups(settings.user_groups)
        self._asking: dict[str, asyncio.Future[None]] = {}
        self._ask_at: dict[str, Seconds] = {}
        """When who isn't known may be asked for again, by `Clock.elapsed`."""
        self._untold: dict[str, Seconds] = {}
        """Since when Slack couldn't be asked about a bot, likewise."""
        self._together = asyncio.Semaphore(ASKED_TOGETHER)
        self._times: dict[str, _Believed] = {}
        self._reads_dnd = True
        self._certain: dict[str, KnownSince] = {}
        """Since when what is known of a member is surely so."""
        self._groups_since: KnownSince | None = None
        self._news = False
        self._told_of: dict[str, int] = {}
        """How many events told of somebody."""
        self.on_news: Callable[[], None] = lambda: None
        """Called when who is on the team became another, or who reads public channels, whatever it was that showed it."""
        self._members: frozenset[str] | None = None

    def begin(self, own: frozenset[str], *, team: str) -> None:
        """Say which workspace this is: `own` are the ids of the workspace `team` the app is in and of its organisation. What was
        known of the same one stays known."""
        wanted = self._settings.home_workspace
        homes = own if wanted is None or wanted in own else frozenset({wanted})
        if homes == self._homes:
            return
        self._homes = homes
        self.at_home = homes == own
        self.people = People([], home=wanted or team)
        self._accounts.clear()
        self._ask_at.clear()
        self._times.clear()
        self._certain.clear()
        self._tell()

    def _tell(self) -> None:
        self._members = None
        self._news = True
        self.on_news()

    def news(self) -> bool:
        """Whether the team, or who reads public channels, changed since this was asked last."""
        news, self._news = self._news, False
        return news

    def news_again(self) -> None:
        """What was told of as news hasn't been dealt with."""
        self._tell()

    def role(self, user: str, message: Message | None = None) -> Role:
        """What somebody is, as the design says it in section 8, first match wins.

        1. Apps, by the platform's own marks: no list makes a robot's post a person's words (trusted relays aside).
        2. The explicit lists: `customers`, then `members`.
        3. The user groups.
        4. The e-mail domain, for people of our own workspace, guests too (a contractor with the team's address is on the team).
        5. The home workspace: its own people are members, guests and people of other organisations are customers.

        The last rule stands back where the settings list people or groups and name no `home_workspace`: that is a community
        workspace, where customers have accounts like everybody else, and everyone not on the team is a customer. Whoever lists
        a few leads of a company's own workspace says `home_workspace` besides, which keeps the rule in force. Taking an unlisted
        colleague for a customer costs a reminder too many, which a list or one setting corrects; taking a customer for a
        colleague would leave them waiting and, worse, let them read reminders.

        Somebody unknown (Slack couldn't be asked) is a customer, unless their own message shows them as one of the home
        workspace's people. `message` isn't needed: what it says about its author was learnt when it was read.
        """
        settings, account = self._settings, self._accounts.get(user)
        known = account.person if account is not None else self.people.get(user)
        if user == SLACKBOT or (known is not None and known.app):
            return Role.APP
        if user in settings.customers:
            return Role.CUSTOMER
        if user in settings.members or user in self._groups.people:
            return Role.MEMBER
        if account is None:
            seen = known is not None and self.people.is_settled(user) and known.home in self._homes and not known.guest
            return Role.MEMBER if seen and settings.home_counts else Role.CUSTOMER
        if account.standing == "hosted" or (account.standing == "home" and settings.home_counts):
            return Role.MEMBER
        return Role.CUSTOMER

    def members(self) -> frozenset[str]:
        """Everybody known to be on the team. Deactivated accounts are left out, whatever the lists say."""
        if self._members is None:
            named = {user for user in self._settings.members | self._groups.people if self.role(user) is Role.MEMBER}
            listed = {user for user in self._accounts if self.role(user) is Role.MEMBER}
            self._members = frozenset(user for user in named | listed if self._is_active(user))
        return self._members

    def is_certain(self, user: str) -> bool:
        """Whether somebody's role rests on Slack's word or on the settings, and not on what a message showed or on nothing."""
        listed = user in self._settings.customers or user in self._settings.members or user in self._groups.people
        return listed or user in self._accounts or user == SLACKBOT

    def _is_active(self, user: str) -> bool:
        account = self._accounts.get(user)
        return account is None or account.active

    def account(self, user: str) -> SlackAccount | None:
        """Somebody's account; None when Slack wasn't asked or knows nobody by this id."""
        return self._accounts.get(user)

    @property
    def groups_missing(self) -> tuple[str, ...]:
        """The user groups of the settings that the workspace doesn't have, as the settings name them."""
        return self._groups.missing

    @property
    def group_people(self) -> frozenset[str]:
        """Who is in the user groups of the settings."""
        return self._groups.people

    def calls_team(self, id: str) -> bool:
        """Whether naming this person or user group calls on the team: the bot itself, or one of the configured groups."""
        return id == self.bot_user or id in self._groups.ids

    def name(self, user: str) -> str:
        """The name shown for somebody; their id when nobody knows it."""
        return self.people.name(user) or user

    def names(self, user: str) -> tuple[str, ...]:
        """All names of somebody, the one shown first; their id when nobody knows any."""
        known = self.people.get(user)
        return known.names if known is not None else (user,)

    def timezone(self, user: str) -> str | None:
        """Somebody's time zone (IANA name) as their profile has it."""
        known = self.people.get(user)
        return None if known is None else known.timezone

    def take_event(self, user: str, entry: object) -> SlackAccount | None:
        """Learn the user object of an event. What is being asked of Slack just now about them may be older than it."""
        if len(self._told_of) >= MOST_PEOPLE:
            self._told_of.clear()
        self._told_of[user] = self._told_of.get(user, 0) + 1
        return self.take(entry)

    def take(self, entry: object) -> SlackAccount | None:
        """Learn a user object, wherever it was met. Gives the account; None when it is none. A change of the team is news."""
        account = read_account(entry, homes=self._homes, settings=self._settings) if isinstance(entry, dict) else None
        if account is not None:
            self._put_account(account)
            if account.standing == "app" and isinstance(entry, dict):
                self.people.learn_bot(entry)
        return account

    def _put_account(self, account: SlackAccount) -> None:
        user = account.person.id
        before, was_on_team = self._accounts.get(user), self._is_on_team(user)
        if before is None:
            self._make_room()
        self._accounts[user] = account
        self.people.put(account.person)
        self._ask_at.pop(user, None)
        if before is None or before.status != account.status:
            self._times.pop(user, None)
        if before is None:
            self._members = None
        is_on_team = self._is_on_team(user)
        if is_on_team:
            self._certain[user] = KnownSince.of(self._clock)
        else:
            self._certain.pop(user, None)
        others = before is not None and (before.standing, before.active) != (account.standing, account.active)
        if others or is_on_team is not was_on_team:
            self._tell()

    def _is_on_team(self, user: str) -> bool:
        return self.role(user) is Role.MEMBER and self._is_active(user)

    async def ask_account(self, user: str, *, patient: bool = False) -> SlackAccount | None:
        """Ask for somebody and learn what Slack says; None when that can't be read. Where an event told of them meanwhile the
        answer may be older than that: it is asked for again. Raises DeliveryError; Gone where there is nobody by this id any
        more, who is no member then."""
        while True:
            told_of = self._told_of.get(user, 0)
            try:
                told = await self._web.call("users.info", patient=patient, user=user)
            except Gone:
                self._person_gone(user)
                raise
            if told_of == self._told_of.get(user, 0):
                return self.take(told.get("user"))

    def _person_gone(self, user: str) -> None:
        account = self._accounts.get(user)
        if account is not None and account.active:
            self._put_account(replace(account, active=False))

    def take_group(self, kind: str, event: Mapping[str, Any]) -> bool:
        """Take an event about a user group. Gives whether the team's people or groups changed."""
        changed = self._groups.learn(kind, event)
        if changed:
            self._tell()
        return changed

    async def ask_groups(self, *, patient: bool, within: Seconds = 0.0) -> None:
        """Ask who is in the settings' user groups, unless that was asked less than `within` ago. Raises DeliveryError."""
        since = KnownSince.of(self._clock)
        if not self._settings.user_groups or (
            self._groups_since is not None and self._groups_since.is_within(within, self._clock)
        ):
            return
        before = self._groups.people, self._groups.ids
        await self._groups.start(self._web, patient=patient)
        self._groups_since = since
        if before != (self._groups.people, self._groups.ids):
            self._tell()

    def insist_on_homes(self) -> None:
        """Raises RetryLater before `begin`: nobody could be told from a customer yet."""
        if not self._homes:
            raise RetryLater("Slack's people aren't known yet; it is tried again", after=ASK_AGAIN, uncertain=False)

    async def is_member_now(self, user: str) -> bool | None:
        """Whether somebody is on the team, asked of Slack now; None when its answer can't be read. Raises DeliveryError."""
        self.insist_on_homes()
        await self.ask_groups(patient=False, within=CERTAIN_FOR)
        try:
            return None if await self.ask_account(user) is None else self._is_on_team(user)
        except Gone:
            return False

    async def role_now(self, user: str) -> Role:
        """What somebody is who asks something of us: a member's standing is asked for again when it is older than a minute. Where
        Slack doesn't say so at once, what it said last counts: answers go through it, too."""
        await self.ensure([user])
        since = self._certain.get(user)
        if self._is_on_team(user) and not (since is not None and since.is_within(CERTAIN_FOR, self._clock)):
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self.is_member_now(user)
            except (DeliveryError, TimeoutError) as error:
                say = "Slack couldn't be asked what somebody is who asks something; what it said last counts."
                log.warning(
                    "slack_standing_unknown", say=say, repeats=True, person=user, reason=str(error) or "no answer in time"
                )
        return self.role(user) if self._is_active(user) else Role.CUSTOMER

    def _make_room(self) -> None:
        """Once there are too many, drop a tenth: those known longest, people off the team before those on it, and whom the
        settings name not at all."""
        if len(self.people.view) < MOST_PEOPLE:
            return
        kept = self._settings.members | self._settings.customers | self._groups.people | {self.bot_user}
        droppable = [user for user in self.people.view if user not in kept]
        droppable.sort(key=lambda user: self.role(user) is Role.MEMBER)
        self._members = None
        for user in droppable[: MOST_PEOPLE // 10]:
            self.people.drop(user)
            self._accounts.pop(user, None)
            self._times.pop(user, None)
            self._certain.pop(user, None)
            self._lists_everybody = False
        for asked in (self._ask_at, self._untold):
            if len(asked) > MOST_PEOPLE:
                asked.clear()

    async def ensure(self, ids: Iterable[str], *, within: Seconds | None = ASK_FOR) -> None:
        """Ask for the people who aren't known, a few at a time, each once, and wait for it up to `within` seconds (None:
        patiently, at Slack's pace). Never raises on Slack's account: who stays unknown is asked for again later."""
        now = self._clock.elapsed()
        self._make_room()
        wanted = [id for id in dict.fromkeys(ids) if id not in self._accounts and id != SLACKBOT and _PERSON.fullmatch(id)]
        wanted = [id for id in wanted if self._ask_at.get(id, now) <= now]
        if wanted:
            await asyncio.gather(*(self._ask(id, within) for id in wanted))

    async def _ask(self, user: str, within: Seconds | None) -> None:
        asking = self._asking.get(user)
        if asking is not None:
            # Somebody else asks, perhaps with more patience than we have.
            await asyncio.wait([asking], timeout=within)
            return
        asking = self._asking[user] = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(within), self._together:
                known = await self.ask_account(user, patient=within is None)
            if known is None:
                self._ask_at[user] = self._clock.elapsed() + ASK_AGAIN
        except (DeliveryError, TimeoutError) as error:
            pause = max(ASK_AGAIN, error.after) if isinstance(error, RetryLater) else ASK_AGAIN
            self._ask_at[user] = self._clock.elapsed() + (ASK_AGAIN_GONE if isinstance(error, Gone) else pause)
            log.warning(
                "slack_person_unknown",
                say="Slack couldn't be asked who somebody is. Until it can they are what their messages show, else a customer.",
                repeats=True,
                person=user,
                error=str(error) or "no answer in time",
            )
        finally:
            del self._asking[user]
            asking.set_result(None)

    async def ensure_bot(self, bot: str, user: str = "", *, within: Seconds | None = ASK_FOR) -> None:
        """Ask whether a bot that isn't known is a workflow's, and wait for it up to `within` seconds (None: patiently). Whoever
        comes meanwhile waits for the same answer. `user` is the account it posts with, as far as a post tells.

        Raises RetryLater while Slack can't tell: what the bot posts must not be judged without. Where Slack has no such bot,
        won't say, or couldn't for an hour, it isn't asked for a while and the wording judges."""
        if self._is_settled_bot(bot):
            return
        asking = self._asking.get(bot)
        if asking is not None:
            await asyncio.wait([asking], timeout=within)
        else:
            asking = self._asking[bot] = asyncio.get_running_loop().create_future()
            try:
                async with asyncio.timeout(within):
                    await self._ask_bot(bot, user, patient=within is None)
            except (DeliveryError, TimeoutError) as error:
                self._bot_untold(bot, error)
            finally:
                del self._asking[bot]
                asking.set_result(None)
        if not self._is_settled_bot(bot):
            say = f"Slack couldn't be asked whether {bot} is a workflow's bot; it is tried again"
            raise RetryLater(say, after=ASK_AGAIN, uncertain=False)

    def _is_settled_bot(self, bot: str) -> bool:
        now = self._clock.elapsed()
        return self.people.is_workflow(bot) is not None or self._ask_at.get(bot, now) > now

    async def _ask_bot(self, bot: str, user: str, *, patient: bool) -> None:
        told = (await self._web.call("bots.info", patient=patient, bot=bot)).get("bot")
        entry = told if isinstance(told, dict) else {}
        account = identifier(entry.get("user_id")) or user
        workflow = entry.get("is_workflow_bot")
        if not isinstance(workflow, bool) and _PERSON.fullmatch(account):
            if self.people.is_workflow(account) is None and account not in self._accounts:
                self.take((await self._web.call("users.info", patient=patient, user=account)).get("user"))
            workflow = self.people.is_workflow(account)
        self.people.learn_bot({"id": bot, "is_bot": True, "is_workflow_bot": workflow})
        self._untold.pop(bot, None)

    def _bot_untold(self, bot: str, error: DeliveryError | TimeoutError) -> None:
        now = self._clock.elapsed()
        passes = isinstance(error, TimeoutError | RetryLater | Unreachable | AccessLost)
        since = self._untold.setdefault(bot, now)
        if not passes:
            self._ask_at[bot] = now + ASK_AGAIN_GONE
        elif now - since >= UNTOLD_FOR:
            self._ask_at[bot] = now + ASK_AGAIN
        log.warning(
            "slack_bot_unknown",
            say="Slack couldn't be asked whether a bot is a workflow's. Its posts are taken in when that is known, or judged by "
            "their wording where Slack doesn't say.",
            repeats=True,
            bot=bot,
            error=str(error) or "no answer in time",
        )

    async def person_times(self, user: str) -> PersonTimes:
        """Somebody's time zone and when they aren't there: vacation by their status, and do not disturb. At most 10 minutes old.

        Each is asked for by itself: where Slack can't be asked for one, what was known of it last still holds.
        """
        now, since = self._clock.now(), KnownSince.of(self._clock)
        last = self._times.get(user)
        if last is not None and last.since.is_within(last.span, self._clock):
            return last.times
        known = last.times.absences if last is not None else self._listed_absences(user, now)
        found: list[Absence] = []
        failed: list[str] = []
        for why, ask in (("vacation", self._ask_vacation), ("do_not_disturb", self._ask_dnd)):
            try:
                absence = await ask(user, now)
            except DeliveryError as error:
                failed.append(str(error))
                found += [one for one in known if one.why == why and one.until > now]
            else:
                found += [] if absence is None else [absence]
        if failed:
            log.warning(
                "slack_times_unknown",
                say="Slack couldn't be asked whether somebody is away; what was known last holds, and their working hours.",
                repeats=True,
                person=user,
                error="; ".join(failed),
            )
        times = PersonTimes(timezone=self.timezone(user), absences=tuple(sorted(found, key=lambda one: one.since)))
        if len(self._times) >= MOST_PEOPLE:
            self._times.clear()
        self._times[user] = _Believed(times=times, since=since, span=ASK_AGAIN if failed else TIMES_FOR)
        return times

    def _listed_absences(self, user: str, now: Instant) -> tuple[Absence, ...]:
        """What the status says that somebody's account had when it was listed or last told of."""
        account = self._accounts.get(user)
        away = vacation(account.status, now) if account is not None else None
        return () if away is None else (away,)

    async def _ask_vacation(self, user: str, now: Instant) -> Absence | None:
        account = await self.ask_account(user)
        return vacation(account.status, now) if account is not None else None

    def forget_times(self, user: str) -> None:
        """Somebody's absences changed: they are asked for again."""
        self._times.pop(user, None)

    async def _ask_dnd(self, user: str, now: Instant) -> Absence | None:
        if not self._reads_dnd:
            return None
        try:
            return do_not_disturb(await self._web.call("dnd.info", user=user), now)
        except MissingScope as error:
            self._reads_dnd = False
            log.warning("slack_dnd_hidden", say="Do not disturb can't be honoured: add dnd:read to the app.", error=str(error))
            return None
