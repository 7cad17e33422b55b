"""What config.toml says, as frozen values. `load` reads the file and reports everything that is wrong with it at once.

`Settings()` are the settings without a file: questions are watched, the default ladder reminds. Defaults below are written
as they would stand in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import partial
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainValidator, StrictBool, StrictInt, ValidationInfo

from bot.domain.care import Care
from bot.domain.durations import Seconds
from bot.domain.emoji import canonical
from bot.domain.hours import WorkingSpan
from bot.domain.people import Accounts, Team
from bot.domain.preferences import ALL_KINDS, ORDINARY, NotificationKind, OwnSwitch
from bot.domain.rules import (
    NO_RULE,
    REACTIONS,
    Audience,
    ChannelRules,
    CustomerRule,
    Sensitivity,
    Step,
    Watch,
    in_proportion,
)
from bot.domain.tips import TipKind
from bot.domain.waits import Holds
from bot.language.calendar_entries import CalendarPeople
from bot.settings import file as settings_file
from bot.settings import values
from bot.settings.values import Calendar, Secret

PlatformName = Literal["slack", "discord"]


def _choice(*words: str) -> PlainValidator:
    return PlainValidator(lambda value: values.read_choice(value, words))


def _enum(kind: type[Watch] | type[Sensitivity]) -> PlainValidator:
    return PlainValidator(lambda value: kind(values.read_choice(value, tuple(kind))))


def _optional(read: Callable[[object], Any]) -> PlainValidator:
    # The default None is "not given"; a file can't write it.
    return PlainValidator(lambda value: None if value is None else read(value))


def _folder(info: ValidationInfo) -> Path | None:
    return (info.context or {}).get("folder")


def _secret(value: object, info: ValidationInfo) -> Secret | None:
    return None if value is None else values.read_secret(value, _folder(info))


_slack_person = partial(values.read_id, kind="a Slack member id", pattern=r"[UW][A-Z0-9]+", example="U024BE7LH")
_discord_id = partial(values.read_id, kind="a Discord id", pattern=r"\d{1,20}", example="80351110224678912")
_person = partial(values.read_id, kind="a Slack or Discord person's id", pattern=r"[UW][A-Z0-9]+|\d{1,20}", example="U024BE7LH")
_workspace = partial(values.read_id, kind="a Slack workspace id", pattern=r"[TE][A-Z0-9]+", example="T024BE7LD")

Name = Annotated[str, PlainValidator(values.read_name)]
Names = tuple[Name, ...]
SpanOrNone = Annotated[Seconds, PlainValidator(values.read_span_or_none)]
SpanOfTime = Annotated[Seconds, PlainValidator(values.read_span)]
Days = frozenset[int]
Emoji = Annotated[str, PlainValidator(values.read_emoji)]
SecretPlace = Annotated[Secret | None, PlainValidator(_secret)]
FilePath = Annotated[Path, PlainValidator(lambda value, info: values.read_path(value, _folder(info)))]


def _written(value: object) -> Any:
    """A default as it would stand in the file; it is read like what does."""
    return Field(default=value)


class Section(BaseModel):
    """A table of the file."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, hide_input_in_errors=True)


class TeamSection(Section):
    """[team]: who the team is and when it works. `customers` are ids that are customers whatever else says."""

    name: Name = "the team"
    time_zone: Annotated[str, PlainValidator(values.read_zone)] = "UTC"
    hours: Annotated[tuple[WorkingSpan, ...], PlainValidator(values.read_hours)] = _written("09:00-17:00")
    days: Annotated[Days, PlainValidator(values.read_days)] = _written("mon-fri")
    holidays: Annotated[Calendar | None, _optional(values.read_calendar)] = None
    home_workspace: Annotated[str | None, _optional(_workspace)] = None
    slack_user_groups: Names = ()
    discord_roles: Names = ()
    host_email_domains: tuple[Annotated[str, PlainValidator(values.read_domain)], ...] = ()
    customers: tuple[Annotated[str, PlainValidator(_person)], ...] = ()
    duty_calendar: SecretPlace = None


class MemberSection(Section):
    """[[members]]: one member of the team. What isn't given (None) is the team's. `relayed_as` are names under which they speak
    through a relay."""

    name: Name
    slack: Annotated[str | None, _optional(_slack_person)] = None
    discord: Annotated[str | None, _optional(_discord_id)] = None
    email: Annotated[str | None, _optional(values.read_email)] = None
    relayed_as: Names = ()
    time_zone: Annotated[str | None, _optional(values.read_zone)] = None
    hours: Annotated[tuple[WorkingSpan, ...] | None, _optional(values.read_hours)] = None
    days: Annotated[Days | None, _optional(values.read_days)] = None
    holidays: Annotated[Calendar | None, _optional(values.read_calendar)] = None
    lead: StrictBool = False
    duty: StrictBool = False
    dm: StrictBool = False
    budget: Annotated[StrictInt | None, Field(ge=0, le=100)] = None
    only_mine: StrictBool = False
    wants: tuple[Annotated[NotificationKind, _choice(*sorted(ALL_KINDS))], ...] = _written(("reminders", "digests", "tips"))

    @property
    def accounts(self) -> dict[str, str]:
        """The member's account ids by platform. The first is what they go by everywhere (see domain.people.Accounts)."""
        return {name: id for name, id in (("slack", self.slack), ("discord", self.discord)) if id is not None}


class StepSection(Section):
    """One step of the ladder: after how long, to whom."""

    after: SpanOfTime
    to: Annotated[Audience, _choice("owner", "duty", "lead", "team")]


class ChannelSection(Section):
    """[[channels]]: how the channels whose name fits `match` are watched."""

    match: Annotated[str, PlainValidator(values.read_channel)]
    watch: Annotated[Watch, _enum(Watch)] = _written("questions")
    judgement: Annotated[Sensitivity, _enum(Sensitivity)] = _written("balanced")
    peers_may_answer: StrictBool = False
    watched_words: Names = ()
    steps: tuple[StepSection, ...] | None = None
    first: Annotated[Seconds | None, _optional(values.read_span)] = None

    def fits(self, name: str) -> bool:
        """Whether the channel's name (without #) fits `match`; case doesn't count."""
        return fnmatchcase(name.removeprefix("#").casefold(), self.match.casefold())


class CustomerSection(Section):
    """[[customers]]: customers by id, or whose name fits `match`; what is shown beside their names, and after how long they
    come to the first step."""

    match: Annotated[str | None, _optional(values.read_name)] = None
    ids: tuple[Annotated[str, PlainValidator(_person)], ...] = ()
    name: Annotated[str | None, _optional(values.read_name)] = None
    first: Annotated[Seconds | None, _optional(values.read_span)] = None

    def fits(self, id: str, names: Collection[str]) -> bool:
        """Whether it is about somebody, by their id or what they are called; case doesn't count."""
        match = None if self.match is None else self.match.casefold()
        return id in self.ids or (match is not None and any(fnmatchcase(name.casefold(), match) for name in names))


class HoldsSection(Section):
    """[reminders.holds]: how long each hold keeps the ladder still; `outcome` 0: until the member's next working day."""

    claim: SpanOfTime = _written("2h")
    holding: SpanOfTime = _written("15m")
    redirect: SpanOfTime = _written("1d")
    outcome: SpanOrNone = _written("0")


class DigestSection(Section):
    """A slot at which the team's digest is posted: `at` in minutes after midnight, the team's time. `what` it tells: who is
    waiting, or the week in sums."""

    days: Annotated[Days, PlainValidator(values.read_days)] = _written("mon-fri")
    at: Annotated[int, PlainValidator(values.read_moment)]
    what: Annotated[Literal["waiting", "week"], _choice("waiting", "week")] = "waiting"


class RemindersSection(Section):
    """[reminders]: when, to whom, where to. `budget` counts notifications per person and day; `digest_mentions`: in how many
    digests who should reply is mentioned about a wait after its last step; `newcomer_first`: after how long a newcomer's first
    question comes to the first step; `promise_notice`: how much working time before a promise is due who made it is told;
    `close_loop`: whether who points a customer elsewhere is asked if they close the loop; `patience`: how long a step waits for
    somebody who is back soon; `trial_lasts`: how long a trial of first reminders lasts that a lead begins;
    `marks_move_threshold`: what members mark as needless or overlooked moves their channel's threshold."""

    steps: tuple[StepSection, ...] = _written(
        ({"after": "30m", "to": "owner"}, {"after": "2h", "to": "duty"}, {"after": "1d", "to": "lead"})
    )
    newcomer_first: SpanOrNone = _written("10m")
    promise_notice: SpanOrNone = _written("1h")
    close_loop: StrictBool = True
    budget: Annotated[StrictInt, Field(ge=0, le=100)] = 3
    patience: SpanOrNone = _written("15m")
    digest_mentions: Annotated[StrictInt, Field(ge=0, le=20)] = 5
    trial_lasts: SpanOrNone = _written("56d")
    marks_move_threshold: StrictBool = True
    destination: Annotated[str | None, _optional(values.read_channel)] = None
    digest: tuple[DigestSection, ...] = _written(({"days": "mon-fri", "at": "09:00"},))
    on_it_reactions: tuple[Emoji, ...] = REACTIONS["claim"]
    answered_reactions: tuple[Emoji, ...] = REACTIONS["answered"]
    holds: HoldsSection = _written({})

    REACTIONS: ClassVar[dict[str, str]] = {"on_it_reactions": "claim", "answered_reactions": "answered"}
    """The keys that list reactions, and what a member says with one of them."""

    def reactions(self) -> dict[str, str]:
        """What a member says with an emoji, in its neutral spelling."""
        return {canonical(emoji): verb for key, verb in self.REACTIONS.items() for emoji in getattr(self, key)}


class TipsSection(Section):
    """[tips]: which kinds of tips members may get."""

    canned: StrictBool = True
    pitch: StrictBool = True
    broadcast: StrictBool = True
    auto_dm: StrictBool = True

    def kinds(self) -> frozenset[TipKind]:
        """The kinds that are given."""
        return frozenset(kind for kind in TipKind if getattr(self, kind.value))


class GreetingsSection(Section):
    """[greetings]: who comes into these channels (by patterns of their names) is greeted by hand; those who come within `gather`
    are told of together."""

    channels: tuple[Annotated[str, PlainValidator(values.read_channel)], ...] = ()
    gather: SpanOfTime = _written("30m")

    def fits(self, name: str) -> bool:
        """Whether who comes into the channel of this name (without #) is greeted; case doesn't count."""
        wanted = (pattern.removeprefix("#").casefold() for pattern in self.channels)
        return any(fnmatchcase(name.removeprefix("#").casefold(), pattern) for pattern in wanted)


class CareSection(Section):
    """[care]: what of customers' ways the team is shown beside who waits. `thanks`: whom customers thank reads of it;
    `introductions`: leads see who stopped asking, and who knows only one of us; `topics`: what several customers asked within a
    month; `came_back`: how many asked the same again soon after an answer."""

    thanks: StrictBool = True
    introductions: StrictBool = True
    topics: StrictBool = True
    came_back: StrictBool = True


class ReportsSection(Section):
    """[reports]: what people may report to the bot."""

    auto_dms: StrictBool = True


class PrivacySection(Section):
    """[privacy]: what is kept, and for how long (seconds)."""

    text: Annotated[Literal["while_waiting", "never"], _choice("while_waiting", "never")] = "while_waiting"
    keep_messages: SpanOfTime = _written("30d")
    keep_waits: SpanOfTime = _written("400d")


class BackupsSection(Section):
    """[storage.backups]: a copy into `folder` every so often; the latest `keep` stay."""

    folder: FilePath = Path("backups")
    every: SpanOfTime = _written("1d")
    keep: Annotated[StrictInt, Field(ge=1, le=1000)] = 7


class StorageSection(Section):
    """[storage]: the database file. Paths start at the settings file's folder."""

    path: FilePath = Path("realreply.db")
    backups: BackupsSection = _written({})


class SlackSection(Section):
    """[slack]: tokens of the app, how events come in, what the app asks for, how far back is read, and apps through which people
    speak. `api` is where Slack's methods are."""

    bot_token: SecretPlace = None
    app_token: SecretPlace = None
    signing_secret: SecretPlace = None
    mode: Annotated[Literal["socket", "http"], _choice("socket", "http")] = "socket"
    listen: Annotated[tuple[str, int], PlainValidator(values.read_endpoint)] = _written("127.0.0.1:3000")
    private_channels: StrictBool = True
    direct_messages: StrictBool = True
    first_read: SpanOfTime = _written("30d")
    threads: SpanOfTime = _written("14d")
    trusted_apps: Names = ()
    api: Annotated[str, PlainValidator(values.read_api)] = "https://slack.com/api/"


class GuildSection(Section):
    """[[discord.guilds]]: a server that is looked at. What isn't given is that of [team] and [reminders]."""

    id: Annotated[str, PlainValidator(_discord_id)]
    team_roles: Names = ()
    channels: Annotated[tuple[str, ...], PlainValidator(values.read_channels)] = _written(["*"])
    destination: Annotated[str | None, _optional(values.read_channel)] = None
    solved_tags: Names = ()


class DiscordSection(Section):
    """[discord]: the bot's token, the servers that are looked at, how far back is read, and webhooks through which people speak.
    `api` and `gateway` are where Discord is."""

    token: SecretPlace = None
    guilds: tuple[GuildSection, ...] = ()
    first_read: SpanOfTime = _written("30d")
    relays: tuple[Annotated[str, PlainValidator(_discord_id)], ...] = ()
    api: Annotated[str, PlainValidator(values.read_api)] = "https://discord.com/api/v10/"
    gateway: Annotated[str, PlainValidator(values.read_gateway)] = "wss://gateway.discord.gg/"


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkingTime:
    """When somebody works: zone, hours of a day, days (0 = Monday) and the holidays of their calendar."""

    time_zone: str
    hours: tuple[WorkingSpan, ...]
    days: frozenset[int]
    holidays: Calendar | None


class Settings(Section):
    """The whole file. `slack` and `discord` are None when the file doesn't have them."""

    team: TeamSection = _written({})
    members: tuple[MemberSection, ...] = ()
    channels: tuple[ChannelSection, ...] = ()
    customers: tuple[CustomerSection, ...] = ()
    reminders: RemindersSection = _written({})
    tips: TipsSection = _written({})
    greetings: GreetingsSection = _written({})
    care: CareSection = _written({})
    reports: ReportsSection = _written({})
    privacy: PrivacySection = _written({})
    storage: StorageSection = _written({})
    slack: SlackSection | None = None
    discord: DiscordSection | None = None

    def channel(self, name: str) -> ChannelSection:
        """The first [[channels]] entry that fits a channel's name; the defaults when none does."""
        for entry in self.channels:
            if entry.fits(name):
                return entry
        return ChannelSection(match="*")

    def channel_rules(self, name: str) -> ChannelRules:
        """The rules of the channel with this name: its own entry, completed by [reminders] and [privacy]."""
        entry = self.channel(name)
        rungs = self.reminders.steps if entry.steps is None else entry.steps
        return ChannelRules(
            watch=entry.watch,
            sensitivity=entry.judgement,
            peers_may_answer=entry.peers_may_answer,
            watched_words=frozenset(entry.watched_words),
            steps=_from_first(tuple(Step(after=rung.after, to=rung.to) for rung in rungs), entry.first),
            holds=Holds(**dict(self.reminders.holds)),
            reactions=self.reminders.reactions(),
            keep_text=self.privacy.text == "while_waiting",
            newcomer_first=self.reminders.newcomer_first or None,
            promise_notice=self.reminders.promise_notice,
            close_loop=self.reminders.close_loop,
            greeted_after=self.greetings.gather if self.greetings.fits(name) else None,
            learns=self.reminders.marks_move_threshold,
        )

    def shown_care(self) -> Care:
        """What of customers' ways is shown. What was asked is compared only where texts may be kept."""
        compared = self.privacy.text != "never"
        return Care(
            thanks=self.care.thanks,
            introductions=self.care.introductions,
            topics=self.care.topics and compared,
            came_back=self.care.came_back and compared,
        )

    def customer_rule(self, id: str, names: Collection[str]) -> CustomerRule:
        """What the first [[customers]] entry says that is about somebody, by their id or what they are called."""
        for entry in self.customers:
            if entry.fits(id, names):
                return CustomerRule(company=entry.name, first=entry.first)
        return NO_RULE

    def member(self, id: str) -> MemberSection | None:
        """The member with this Slack or Discord id."""
        for member in self.members:
            if id in (member.slack, member.discord):
                return member
        return None

    def switch_of(self, id: str) -> OwnSwitch:
        """What the member with this id wants to be told."""
        member = self.member(id)
        if member is None:
            return ORDINARY
        return OwnSwitch(budget=member.budget, only_mine=member.only_mine, wanted=frozenset(member.wants))

    def working_time(self, member: MemberSection | None = None) -> WorkingTime:
        """When a member works, completed by the team's; the team's own without a member."""
        team = self.team
        if member is None:
            return WorkingTime(time_zone=team.time_zone, hours=team.hours, days=team.days, holidays=team.holidays)
        return WorkingTime(
            time_zone=member.time_zone or team.time_zone,
            hours=member.hours or team.hours,
            days=member.days or team.days,
            holidays=member.holidays or team.holidays,
        )

    def accounts(self, platforms: Collection[str]) -> Accounts:
        """Whose accounts are whose on these platforms. Empty for one platform where everybody goes by their id there."""
        found: dict[str, dict[str, str]] = {}
        for member in self.members:
            there = {platform: id for platform, id in member.accounts.items() if platform in platforms}
            if there:
                found[next(iter(member.accounts.values()))] = there
        needed = len(platforms) > 1 or any(member not in there.values() for member, there in found.items())
        return Accounts(found if needed else {})

    def calendar_people(self) -> CalendarPeople:
        """The members as a calendar may name them: by the names and addresses in this file."""
        keys = [(next(iter(member.accounts.values())), member) for member in self.members]
        return CalendarPeople(
            names={key: (member.name,) for key, member in keys},
            emails={member.email: key for key, member in keys if member.email is not None},
        )

    def team_on(self, platform: PlatformName) -> Team:
        """The members' ids on one platform; leads and duty in the order of the file."""
        known = [(id, member) for member in self.members if (id := getattr(member, platform)) is not None]
        return Team(
            members=frozenset(id for id, _ in known),
            leads=tuple(id for id, member in known if member.lead),
            duty=tuple(id for id, member in known if member.duty),
        )


def _from_first(steps: tuple[Step, ...], first: Seconds | None) -> tuple[Step, ...]:
    """The same ladder with its first step at another time; the later ones keep their proportion to it."""
    return steps if first is None or not steps else in_proportion(steps, first)


def load(path: Path) -> Settings:
    """The settings in the file at `path`. Raises SettingsError with every problem: its line, its key, what to write instead."""
    return settings_file.load(path, Settings)
