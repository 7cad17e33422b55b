"""The user groups whose people are on the team.

Sources: docs.slack.dev, /reference/methods/usergroups.list, /reference/events/subteam_updated, .../subteam_members_changed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from adapters.slack.calls import Calls
from adapters.slack_format.text import clean_name, identifier

log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Group:
    handle: str
    people: frozenset[str]


class Groups:
    """The groups that the settings name, by id or handle ("support", "@support"), and their people."""

    def __init__(self, wanted: tuple[str, ...]) -> None:
        self._wanted = frozenset(name.removeprefix("@").casefold() for name in wanted)
        self._groups: dict[str, _Group] = {}
        self._told = 0
        self.people: frozenset[str] = frozenset()
        self.ids: frozenset[str] = frozenset()
        self.missing: tuple[str, ...] = ()
        """The groups named that weren't there at the last `start`, in lower case, without @."""

    async def start(self, web: Calls, *, patient: bool = True) -> None:
        """Ask for them, again where an event told of a group meanwhile: the answer may be older than that. Raises DeliveryError;
        a group that doesn't exist is told in the log, once."""
        while True:
            told = self._told
            found = await self._ask(web, patient=patient)
            if told == self._told:
                break
        self._groups = found
        self._sum_up()
        named = self.ids | {group.handle for group in self._groups.values()}
        before, self.missing = self.missing, tuple(sorted(self._wanted - {name.casefold() for name in named}))
        if self.missing and self.missing != before:
            log.warning(
                "slack_groups_missing",
                say="The settings name user groups that the workspace doesn't have: correct slack_user_groups.",
                groups=list(self.missing),
            )

    async def _ask(self, web: Calls, *, patient: bool) -> dict[str, _Group]:
        told = await web.call("usergroups.list", patient=patient, include_users=True, include_disabled=False)
        listed = told.get("usergroups")
        found: dict[str, _Group] = {}
        for group in listed if isinstance(listed, list) else ():
            if not isinstance(group, dict) or not self._is_wanted(group):
                continue
            users, id = group.get("users"), identifier(group.get("id"))
            if not isinstance(users, list):
                users = (await web.call("usergroups.users.list", patient=patient, usergroup=id)).get("users")
            if id:
                found[id] = _Group(handle=_handle(group), people=_people(users))
        return found

    def learn(self, kind: str, event: Mapping[str, Any]) -> bool:
        """Take a subteam event. Gives whether the team's people or groups changed."""
        self._told += 1
        before = self.people, self.ids
        if kind in ("subteam_created", "subteam_updated"):
            group = event.get("subteam")
            if isinstance(group, dict) and identifier(group.get("id")):
                self._change(group)
        elif kind == "subteam_members_changed":
            id = identifier(event.get("subteam_id"))
            known = self._groups.get(id)
            if known is not None:
                people = (known.people | _people(event.get("added_users"))) - _people(event.get("removed_users"))
                self._groups[id] = _Group(handle=known.handle, people=people)
        self._sum_up()
        return before != (self.people, self.ids)

    def _change(self, group: dict[str, Any]) -> None:
        id = identifier(group.get("id"))
        known = self._groups.get(id)
        if not self._is_wanted(group) or group.get("date_delete"):
            self._groups.pop(id, None)
        elif known is not None and not isinstance(group.get("users"), list):
            self._groups[id] = _Group(handle=_handle(group), people=known.people)
        else:
            self._groups[id] = _Group(handle=_handle(group), people=_people(group.get("users")))

    def _is_wanted(self, group: Mapping[str, Any]) -> bool:
        return identifier(group.get("id")).casefold() in self._wanted or _handle(group).casefold() in self._wanted

    def _sum_up(self) -> None:
        self.ids = frozenset(self._groups)
        self.people = frozenset().union(*(group.people for group in self._groups.values()))


def _handle(group: Mapping[str, Any]) -> str:
    return clean_name(group.get("handle"))


def _people(value: object) -> frozenset[str]:
    return frozenset(found for each in value if (found := identifier(each))) if isinstance(value, list) else frozenset()
