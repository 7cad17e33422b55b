"""Who somebody is, told from their user object alone. Pure.

Source: docs.slack.dev, /reference/objects/user-object. `is_stranger` is true only of people of another workspace in *no* channel
that the app can see; people of another workspace whom we do meet have it false or absent. So it is the differing workspace that
makes somebody a stranger, `is_stranger` merely confirms it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, Literal

from adapters.slack.absences import Status, read_status
from adapters.slack_format.people import SLACKBOT, person
from adapters.slack_format.text import identifier
from bot.ports import ArchivePerson

Standing = Literal["home", "guest", "hosted", "stranger", "app"]
"""What an account is to our workspace: its own person, a guest, either of them with one of the team's e-mail domains, somebody of
another organisation, an app."""

MOST_DOMAIN: Final = 253
"""Letters of a domain at most (RFC 1035)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WhoIsWho:
    """What the settings say about who is on the team. Ids are Slack's; user groups are named by id or handle.

    `home_workspace` None means auth.test's, and then counts only where nothing explicit is said (see Directory.role).
    """

    members: frozenset[str] = frozenset()
    customers: frozenset[str] = frozenset()
    user_groups: tuple[str, ...] = ()
    home_workspace: str | None = None
    email_domains: frozenset[str] = frozenset()
    trusted_apps: frozenset[str] = frozenset()

    @property
    def names_the_team(self) -> bool:
        """Whether the settings list people or groups."""
        return bool(self.members or self.user_groups)

    @property
    def home_counts(self) -> bool:
        """Whether belonging to the home workspace makes somebody a member."""
        return self.home_workspace is not None or not self.names_the_team


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackAccount:
    """Somebody in users.list. `active` is False once the account was deactivated."""

    person: ArchivePerson
    standing: Standing
    active: bool
    status: Status


def read_account(user: Mapping[str, Any], *, homes: frozenset[str], settings: WhoIsWho) -> SlackAccount | None:
    """A user object as an account; None when it has no id. `homes`: the ids of our workspace and of its organisation."""
    found = person(dict(user))
    if found is None:
        return None
    given = user.get("profile")
    profile: Mapping[str, Any] = given if isinstance(given, dict) else {}
    enterprise = user.get("enterprise_user")
    organisation = identifier(enterprise.get("enterprise_id")) if isinstance(enterprise, dict) else ""
    ours = found.home in homes or (bool(organisation) and organisation in homes)
    if found.app and _is_trusted(profile, settings.trusted_apps) and found.id != SLACKBOT:
        found = replace(found, app=False)
    found = replace(found, stranger=not found.app and not ours)
    return SlackAccount(
        person=found,
        standing=_standing(found, hosted=_domain(user, profile) in settings.email_domains),
        active=not found.deleted,
        status=read_status(profile),
    )


def _standing(found: ArchivePerson, *, hosted: bool) -> Standing:
    if found.app:
        return "app"
    if found.stranger:  # whatever their address says: another organisation vouches for it
        return "stranger"
    if hosted:
        return "hosted"
    return "guest" if found.guest else "home"


def _is_trusted(profile: Mapping[str, Any], trusted: frozenset[str]) -> bool:
    """Whether a bot user belongs to a relay through which people speak."""
    return not trusted.isdisjoint({identifier(profile.get("api_app_id")), identifier(profile.get("bot_id"))} - {""})


def _domain(user: Mapping[str, Any], profile: Mapping[str, Any]) -> str:
    """The domain of a confirmed e-mail address, in lower case; "" without users:read.email."""
    email = profile.get("email")
    if not isinstance(email, str) or user.get("is_email_confirmed") is False:
        return ""
    return email.rpartition("@")[2].casefold().strip()[:MOST_DOMAIN]
