"""Slack's refusals and the network's troubles as the bot's own errors, each with a sentence that says what to do. Pure.

Codes are those of docs.slack.dev, /reference/methods/*, "Errors"; statuses and Retry-After those of /apis/web-api/rate-limits.
No sentence holds an argument's text or anything of the token: `where` is an id.
"""

from __future__ import annotations

import re

import aiohttp

from bot.domain.durations import Seconds
from bot.errors import AccessLost, DeliveryError, Forbidden, Gone, OutOfReach, Rejected, RetryLater

UNKNOWN_PAUSE: Seconds = 30.0
"""How long to wait where Slack doesn't say: after a server's error, a dropped connection, a 429 without Retry-After."""

LONGEST_PAUSE: Seconds = 3600.0
"""A Retry-After beyond this is taken as this: Slack's are a minute at most, and nobody gains from sleeping for days."""

_REINSTALL = "reinstall the app to the workspace (api.slack.com/apps, Install App)"

_LOST = {
    "token_revoked": "the token was revoked",
    "token_expired": "the token has expired",
    "account_inactive": "the token's account or workspace was deactivated, or the app was uninstalled",
    "invalid_auth": "Slack doesn't know the token (it is mistyped, or its app is gone)",
    "not_authed": "no token was sent",
    "app_uninstalled": "the app was uninstalled",
    "team_access_not_granted": "the app isn't granted access to this workspace",
    "org_login_required": "the workspace is being moved into an organisation",
}

_GONE = {
    "channel_not_found": "there is no such channel, or the app can't see it: invite it to the channel if it's private",
    "is_archived": "the channel is archived: unarchive it or choose another",
    "message_not_found": "the message was deleted",
    "cant_update_message": "the message can't be changed any more",
    "edit_window_closed": "the workspace doesn't allow changing messages this old",
    "thread_not_found": "the thread was deleted",
    "user_not_found": "there is no such person",
    "users_not_found": "there is no such person",
    "user_disabled": "the person's account was deactivated",
    "no_such_subteam": "there is no such user group",
    "team_not_found": "there is no such workspace, or it shares no channel with this one any more",
    "view_not_found": "the form was closed meanwhile",
}

_FORBIDDEN = {
    "not_in_channel": "the app isn't in the channel: invite it there (/invite)",
    "restricted_action": "the workspace's settings don't let the app do this: ask an admin",
    "restricted_action_read_only_channel": "the channel is read-only for the app: choose another, or ask an admin",
    "restricted_action_thread_only_channel": "only thread replies may be posted there: choose another channel",
    "restricted_action_non_threadable_channel": "nobody may post in threads there: choose another channel",
    "channel_canvas_restricted": "the channel's settings don't let the app do this: ask an admin",
    "cant_post_message": "the app may not post there: ask an admin",
    "cant_delete_message": "the message can't be deleted",
    "compliance_exports_prevent_deletion": "the workspace's compliance exports don't let messages be deleted: ask an admin",
    "cannot_dm_bot": "that account is an app: nobody would read it",
    "messages_tab_disabled": "the app's own messages tab is off: turn it on (api.slack.com/apps, App Home)",
    "user_not_visible": "the app may not see this person",
    "user_not_in_channel": "the person isn't in the channel",
    "access_denied": "Slack denies the app access to this: ask an admin",
    "accesslimited": "Slack limits access from this network: ask an admin to allow this machine's address",
    "ekm_access_denied": "the workspace's admins have suspended access to messages: ask them",
    "enterprise_is_restricted": "this can't be done for a whole organisation: install the app to a workspace",
    "no_permission": "the app's token lacks a permission: reinstall it from the shipped manifest",
    "not_allowed_token_type": "this needs another kind of token: use the bot token (xoxb-...)",
    "team_access_denied": "the app isn't granted access to this workspace: ask an admin",
    "is_inactive": "the channel is frozen: choose another",
}

_TROUBLE = frozenset(
    {"fatal_error", "internal_error", "request_timeout", "service_unavailable", "team_added_to_org", "rollup_error"}
    | {"upstream_error", "external_channel_migrating"}
)
"""Slack's own trouble. "It's possible some aspect of the operation succeeded before the error was raised" (Slack, same pages)."""

_SLOW_DOWN = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})

_ADDRESS = "the address under slack.api isn't where Slack's methods are. Leave that line out, or correct it"

_SCOPE = re.compile(r"[a-z][a-z0-9_.:,-]{0,200}", re.ASCII)


class MissingScope(Forbidden):
    """The app wasn't given a permission. `needed` names it as Slack does ("groups:read"), "" where Slack doesn't say."""

    def __init__(self, message: str, *, needed: str) -> None:
        super().__init__(message)
        self.needed = needed


class MessageGone(Gone):
    """The message was deleted; its place may well be there."""


_APP_TOKEN = "apps.connections.open"
"""The one method that takes the app-level token (/reference/methods/apps.connections.open)."""

_NEW_APP_TOKEN = "make one with connections:write (api.slack.com/apps, Basic Information, App-Level Tokens)"


def refused(method: str, code: object, *, where: str = "", needed: object = None, detail: str = "") -> DeliveryError:
    """The error for an answer with `"ok": false`. `code` is its `error`, `needed` its scope, `detail` Slack's own remark."""
    what = f"Slack refused {method}{f' for {where}' if where else ''}"
    if not isinstance(code, str) or not _SCOPE.fullmatch(code):
        return Rejected(f"{what} without saying why: look at the app's log on api.slack.com/apps")
    if method == _APP_TOKEN and (failure := _app_token_refused(code)) is not None:
        return failure
    what = f"{what} ({code})"
    if code == "missing_scope":
        scope = needed if isinstance(needed, str) and _SCOPE.fullmatch(needed) else ""
        lacking = f"the permission {scope}" if scope else "a permission"
        return MissingScope(f"{what}: the app lacks {lacking}. Add it to its bot scopes and {_REINSTALL}", needed=scope)
    if code in _SLOW_DOWN:
        return RetryLater(f"{what}: it asks to slow down", after=UNKNOWN_PAUSE, uncertain=False)
    if code in _TROUBLE:
        return RetryLater(f"{what}: it has trouble of its own; it is tried again", after=UNKNOWN_PAUSE)
    if code in _LOST:
        return AccessLost(f"{what}: {_LOST[code]}. To go on, {_REINSTALL} and set the new bot token")
    if code in ("message_not_found", "thread_not_found"):
        return MessageGone(f"{what}: {_GONE[code]}")
    if code in ("is_archived", "channel_not_found"):
        return OutOfReach(f"{what}: {_GONE[code]}")
    if code in _GONE:
        return Gone(f"{what}: {_GONE[code]}")
    if code in _FORBIDDEN:
        return Forbidden(f"{what}: {_FORBIDDEN[code]}")
    if code == "unknown_method":
        return Rejected(f"{what}: {_ADDRESS}")
    return Rejected(f"{what}{f': {detail}' if detail else ''}. Sending it again would not help; please report it")


def _app_token_refused(code: str) -> DeliveryError | None:
    """What is another matter with the app-level token than with the bot's; None for the rest."""
    what = f"Slack refused the app token ({code})"
    if code == "missing_scope":
        return MissingScope(f"{what}: it lacks connections:write. To go on, {_NEW_APP_TOKEN}", needed="connections:write")
    if code == "not_allowed_token_type":
        return AccessLost(f"{what}: it is a token of another kind. To go on, {_NEW_APP_TOKEN}; it begins with xapp-")
    if code == "socket_mode_not_enabled":
        return Forbidden(f"{what}: Socket Mode is off. Turn it on for the app (api.slack.com/apps, Socket Mode)")
    if code in _LOST:
        return AccessLost(f"{what}: {_LOST[code]}. To go on, {_NEW_APP_TOKEN} and set it instead")
    return None


def too_fast(method: str, retry_after: str | None, *, where: str = "") -> RetryLater:
    """The error for HTTP 429. Nothing was done, so asking again is safe."""
    pause = _pause(retry_after)
    return RetryLater(
        f"Slack asks to slow down with {method}{f' for {where}' if where else ''}: again in {pause:.0f} s",
        after=pause,
        uncertain=False,
    )


def bad_status(method: str, status: int, retry_after: str | None, *, where: str = "") -> DeliveryError:
    """The error for an HTTP status other than 200 and 429 whose body says no more."""
    what = f"Slack answered {method}{f' for {where}' if where else ''} with HTTP {status}"
    if status >= 500 or status in (408, 425):
        return RetryLater(f"{what}: it has trouble of its own; it is tried again", after=_pause(retry_after))
    if 200 <= status < 300:
        return RetryLater(f"{what} but nothing readable: something in between may have changed it", after=UNKNOWN_PAUSE)
    if status in (401, 407):
        return AccessLost(f"{what}: the token, or a proxy in between, isn't accepted. Check both")
    if status == 403:
        return Forbidden(f"{what}: something in between doesn't let the bot through. Check the proxy or firewall")
    if status == 404:
        return Rejected(f"{what}: {_ADDRESS}; a proxy in between may answer so, too")
    return Rejected(f"{what}: check the proxy and the address the bot is told to use")


def broken(method: str, error: Exception, *, where: str = "") -> DeliveryError:
    """The error for trouble on the way: no connection, a dropped one, no answer in time, an unreadable one."""
    what = f"{method}{f' for {where}' if where else ''}"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ClientConnectorSSLError):
        message = f"Slack's certificate wasn't accepted ({what}). Check the machine's clock and certificates, and any proxy"
        return RetryLater(message, after=UNKNOWN_PAUSE, uncertain=False)
    if isinstance(error, aiohttp.ClientConnectorError | aiohttp.ConnectionTimeoutError):
        message = f"Slack couldn't be reached ({what}). Check this machine's network; it is tried again"
        return RetryLater(message, after=UNKNOWN_PAUSE, uncertain=False)
    if isinstance(error, TimeoutError):
        return RetryLater(f"Slack didn't answer in time ({what}); it is tried again", after=UNKNOWN_PAUSE)
    if isinstance(error, aiohttp.InvalidURL):
        return Rejected(f"the address under slack.api is none ({what}): correct it")
    if isinstance(error, aiohttp.ClientError | OSError):
        return RetryLater(f"the connection to Slack broke ({what}); it is tried again", after=UNKNOWN_PAUSE)
    return RetryLater(f"Slack's answer couldn't be read ({what}); it is tried again", after=UNKNOWN_PAUSE)


def _pause(retry_after: str | None) -> Seconds:
    """Seconds of a Retry-After header. At least one: zero would have us hammer."""
    if retry_after is None or not retry_after.strip().isdecimal() or len(retry_after) > 12:
        return UNKNOWN_PAUSE
    return min(max(float(retry_after), 1.0), LONGEST_PAUSE)
