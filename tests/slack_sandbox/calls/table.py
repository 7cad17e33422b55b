"""What all Web API methods share: how one is declared, refused, paged and scoped."""

from __future__ import annotations

import base64
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.slack_sandbox.model import Conversation, Json

if TYPE_CHECKING:
    from tests.slack_sandbox.fake import FakeSlack

DEFAULT_SCOPES = frozenset(
    {"channels:history", "channels:read", "groups:history", "groups:read", "users:read", "reactions:read"}
    | {"dnd:read", "chat:write", "commands", "im:write", "app_mentions:read", "team:read"}
)
"""What our manifest asks for unless the settings want more of it."""

READ = {"channel": "channels:read", "group": "groups:read", "im": "im:read"}
HISTORY = {"channel": "channels:history", "group": "groups:history", "im": "im:history"}
OPEN = {"im": "im:write"}


class Refused(Exception):
    """The method answers `{"ok": false, "error": ...}`. With `offence`, an application should never have got here."""

    def __init__(self, error: str, *, offence: str = "", messages: Sequence[str] = (), **more: Any) -> None:
        super().__init__(error)
        self.error = error
        self.offence = offence
        self.answer: Json = {"ok": False, "error": error, **more}
        if messages:
            self.answer["response_metadata"] = {"messages": [f"[ERROR] {message}" for message in messages]}


@dataclass(kw_only=True)
class Call:
    """One call as received. `outcome` is "ok", Slack's error, or what broke."""

    method: str
    arguments: Json
    at: float
    sent: Json = field(default_factory=dict)
    outcome: str = ""


Handler = Callable[["FakeSlack", Json], Awaitable[Json] | Json]


@dataclass(frozen=True, kw_only=True)
class Method:
    """A Web API method: its arguments (see arguments.checked), the scope it always needs, and what it does."""

    arguments: str
    handler: Handler
    scope: str = ""
    app_token: bool = False


def conversation_of(fake: FakeSlack, key: str) -> Conversation:
    """A conversation by id, if the bot may know of it; channel_not_found otherwise, as for every private place it isn't in."""
    conversation = fake.workspace.conversations.get(key)
    if conversation is None or conversation.deleted:
        raise Refused("channel_not_found")
    if conversation.is_private and not fake.workspace.in_it(conversation):
        raise Refused("channel_not_found")
    return conversation


def need_scope(fake: FakeSlack, *scopes: str) -> None:
    """Raises missing_scope unless all are granted."""
    missing = [scope for scope in scopes if scope not in fake.scopes]
    if missing:
        provided = ",".join(sorted(fake.scopes))
        outside = [scope for scope in missing if scope not in DEFAULT_SCOPES]
        offence = f"needs the scope {', '.join(outside)}, which our manifest doesn't have" if outside else ""
        raise Refused("missing_scope", needed=",".join(missing), provided=provided, offence=offence)


def page(items: Sequence[Any], *, cursor: str | None, limit: int | None, default: int, most: int) -> tuple[list[Any], str]:
    """One page and the cursor of the next ("" at the end): https://docs.slack.dev/apis/web-api/pagination."""
    if limit is not None and not 1 <= limit <= most:
        raise Refused("invalid_limit", offence=f"limit must be from 1 to {most}, not {limit}")
    start = 0
    if cursor:
        try:
            word, number = base64.b64decode(cursor, validate=True).decode().split(":")
            start = int(number)
        except ValueError:
            raise Refused("invalid_cursor", offence=f"the cursor {cursor!r} isn't one we gave") from None
        if word != "offset" or start > len(items):
            raise Refused("invalid_cursor", offence=f"the cursor {cursor!r} isn't one we gave")
    size = limit or default
    rest = start + size < len(items)
    following = base64.b64encode(f"offset:{start + size}".encode()).decode() if rest else ""
    return list(items[start : start + size]), following
