"""The people of a workspace: those its list has (users.json, users.list), and those only their messages tell of (Slack
Connect, apps)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from types import MappingProxyType

from adapters.slack_format.text import clean_name, identifier
from bot.ports import ArchivePerson

MOST_BOTS = 5_000
"""Bots known at once to be workflows or not; after that they are learnt anew."""

SLACKBOT = "USLACKBOT"
"""Slack's own robot. It isn't flagged as a bot."""


def _dict(value: object) -> dict[str, object]:
    return value if isinstance(value, dict) else {}


def _names(*values: object) -> tuple[str, ...]:
    """Clean, different names in order."""
    return tuple(dict.fromkeys(name for value in values if (name := clean_name(value))))


def _flag(value: object) -> bool:
    return value is True


def person(entry: dict[str, object]) -> ArchivePerson | None:
    """A person as users.json has them; None when the entry has no id.

    Slack shows the display name, or the real name where there is none (Slack: users.info).
    """
    user = identifier(entry.get("id"))
    if not user:
        return None
    profile = _dict(entry.get("profile"))
    names = _names(
        profile.get("display_name"),
        profile.get("real_name") or entry.get("real_name"),
        entry.get("name"),
    )
    return ArchivePerson(
        id=user,
        names=names or (user,),
        home=identifier(entry.get("team_id")) or identifier(profile.get("team")) or None,
        app=_flag(entry.get("is_bot")) or _flag(entry.get("is_workflow_bot")) or user == SLACKBOT,
        guest=_flag(entry.get("is_restricted")) or _flag(entry.get("is_ultra_restricted")),
        stranger=_flag(entry.get("is_stranger")),
        deleted=_flag(entry.get("deleted")),
        timezone=clean_name(entry.get("tz")) or None,
    )


def _organisation(entry: dict[str, object]) -> str:
    return identifier(_dict(entry.get("enterprise_user")).get("enterprise_id"))


class People:
    """Everybody known by id, growing while messages are read. Without `home` the workspace is told from the people."""

    def __init__(self, entries: Iterable[dict[str, object]], *, home: str | None = None) -> None:
        self._people: dict[str, ArchivePerson] = {}
        self._profiled: set[str] = set()
        self._workflows: dict[str, bool] = {}
        organisations: dict[str, str] = {}
        says_stranger: set[str] = set()
        for entry in entries:
            found = person(entry)
            if found is not None and found.id not in self._people:
                self._people[found.id] = found
                self._profiled.add(found.id)
                self.learn_bot(entry)
                organisations[found.id] = _organisation(entry)
                if isinstance(entry.get("is_stranger"), bool):
                    says_stranger.add(found.id)
        self.home = home or self._find_home()
        self._mark_strangers(organisations, says_stranger)

    def _find_home(self) -> str | None:
        """The workspace most people belong to, strangers and apps left out."""
        homes = Counter(found.home for found in self._people.values() if found.home and not found.stranger and not found.app)
        return homes.most_common(1)[0][0] if homes else None

    def _mark_strangers(self, organisations: Mapping[str, str], says_stranger: set[str]) -> None:
        """Whoever's workspace differs is a stranger, unless Slack says otherwise or both belong to one organisation (Grid)."""
        ours = Counter(organisations[found.id] for found in self._people.values() if found.home == self.home)
        del ours[""]
        organisation = ours.most_common(1)[0][0] if ours else None
        for user, found in self._people.items():
            if (
                found.home
                and found.home != self.home
                and not found.app
                and user not in says_stranger
                and (not organisation or organisations[user] != organisation)
            ):
                self._people[user] = replace(found, stranger=True)

    @property
    def view(self) -> Mapping[str, ArchivePerson]:
        """A read-only view that follows what is learnt."""
        return MappingProxyType(self._people)

    def get(self, user: str) -> ArchivePerson | None:
        """A person by id."""
        return self._people.get(user)

    def name(self, user: str) -> str:
        """The name shown for an id; "" when nobody knows it."""
        found = self._people.get(user)
        return found.names[0] if found is not None and found.names[0] != user else ""

    def is_human(self, user: str) -> bool:
        """Whether this is somebody known well enough, and no app."""
        found = self._people.get(user)
        return found is not None and not found.app and user in self._profiled

    def is_settled(self, user: str) -> bool:
        """Whether messages can't teach us more about somebody."""
        return user in self._profiled

    def put(self, known: ArchivePerson) -> None:
        """Take somebody as the workspace's list has them now."""
        self._people[known.id] = known
        self._profiled.add(known.id)

    def drop(self, user: str) -> None:
        """Forget somebody; their next message teaches who they are again."""
        self._people.pop(user, None)
        self._profiled.discard(user)

    def learn(self, user: str, record: dict[str, object]) -> None:
        """Take from one of their messages who an unlisted author is: its workspace ids and its `user_profile` block."""
        profile = _dict(record.get("user_profile"))
        known = self._people.get(user)
        homes = (record.get("user_team"), record.get("source_team"), profile.get("team"), record.get("team"))
        home = next((found for value in homes if (found := identifier(value))), None) or (known.home if known else None)
        names = _names(profile.get("display_name"), profile.get("real_name"), profile.get("name"))
        if profile:
            self._profiled.add(user)
        self._people[user] = ArchivePerson(
            id=user,
            names=names or (known.names if known else (user,)),
            home=home,
            guest=_flag(profile.get("is_restricted")) or _flag(profile.get("is_ultra_restricted")),
            stranger=home is not None and self.home is not None and home != self.home,
        )

    def learn_bot(self, entry: dict[str, object]) -> None:
        """Take from a user or bot object whether it is a workflow's (Slack: users.info, bots.info). Of others nothing."""
        told = entry.get("is_workflow_bot")
        ids = (identifier(entry.get("id")), identifier(_dict(entry.get("profile")).get("bot_id")))
        if told is not True and not _flag(entry.get("is_bot")) and not ids[0].startswith("B"):
            return
        if len(self._workflows) > MOST_BOTS:
            self._workflows.clear()
        self._workflows |= {id: told is True for id in ids if id}

    def is_workflow(self, id: str) -> bool | None:
        """Whether a bot, by its user id or bot id, is a workflow's; None when nobody said so."""
        return self._workflows.get(id)

    def learn_app(self, app: str, name: object) -> None:
        """Note an app that posts and that users.json doesn't list."""
        if app not in self._people:
            self._people[app] = ArchivePerson(id=app, names=_names(name) or (app,), app=True)
            self._profiled.add(app)

    def learn_relayed(self, user: str, name: str) -> None:
        """Note a person who types through a trusted relay, known by the name under which it posts."""
        if user not in self._people:
            self._people[user] = ArchivePerson(id=user, names=(name,))
            self._profiled.add(user)
