"""The one installation of the app that realreply works for: what bolt is told of it, and which events are its own.

Left to itself bolt asks `auth.test` on the way of an event, and answers that call's failure with 200: the event counts as
delivered and is gone. Here it is told what `Directory.start` learnt, and asks nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import structlog
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.async_context import AsyncBoltContext

from adapters.slack.directory import Directory
from adapters.slack_format.text import identifier

MOST_TOLD: Final = 50
"""Other workspaces that are named in the log."""

log = structlog.get_logger()


class Installation(AsyncAuthorize):
    """Fits bolt's `authorize`. Made once the directory was started.

    An app may be installed to several workspaces and hands all their events to the same place, while the token here is one
    workspace's. Commands, clicks and forms are looked at by who acts, whatever workspace they come from (in shared channels
    people of others click, too): whom the directory doesn't know as a member they show nothing.
    """

    def __init__(self, directory: Directory, token: str) -> None:
        self._directory = directory
        self._token = token
        self._told: set[str] = set()

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None,
        actor_enterprise_id: str | None = None,
        actor_team_id: str | None = None,
        actor_user_id: str | None = None,
    ) -> AuthorizeResult:
        """Whom the bot acts as: always itself. Nothing is asked, so nothing fails."""
        directory = self._directory
        return AuthorizeResult(
            enterprise_id=directory.enterprise_id or None,
            team_id=directory.team_id,
            bot_id=directory.bot_id,
            bot_user_id=directory.bot_user,
            bot_token=self._token,
            user_id=user_id,
        )

    def receives(self, body: Mapping[str, Any]) -> bool:
        """Whether an Events API body is for this installation; another one's is told once in the log.

        Slack names one installation of those that see an event, not necessarily ours where several share a channel
        (https://docs.slack.dev/apis/events-api, "authorizations"): what comes from a channel we are in is ours too. The body's
        own `team_id` may be another organisation's in a shared channel, so it counts only where no installation is named. A body
        that names nobody is ours.
        """
        named = _named(body)
        if not named or not named.isdisjoint((self._directory.team_id, self._directory.enterprise_id)):
            return True
        event = body.get("event")
        if isinstance(event, dict) and self._directory.knows_channel(_channel(event)):
            return True
        self._tell(min(named))
        return False

    def _tell(self, workspace: str) -> None:
        if workspace in self._told or len(self._told) >= MOST_TOLD:
            return
        self._told.add(workspace)
        log.warning(
            "slack_other_workspace",
            say="The app is installed to another workspace too. realreply works for the one its token is of, and leaves the "
            "other's events alone; run a second realreply with an app of its own there.",
            workspace=workspace,
        )


def _named(body: Mapping[str, Any]) -> frozenset[str]:
    """The workspaces or organisations whose installation a body names."""
    installations = body.get("authorizations")
    if isinstance(installations, list) and installations:
        given = [
            each.get("enterprise_id") if each.get("is_enterprise_install") is True else each.get("team_id")
            for each in installations
            if isinstance(each, dict)
        ]
    else:
        given = [body.get("team_id"), body.get("context_team_id")]
    return frozenset(found for each in given if (found := identifier(each)))


def _channel(event: Mapping[str, Any]) -> str:
    """The channel an event is about: a message's, a reaction's item's."""
    item = event.get("item")
    given = event.get("channel") or (item.get("channel") if isinstance(item, dict) else None)
    return identifier(given.get("id") if isinstance(given, dict) else given)
