"""What lets us into Slack, and what a secret is by how it begins. Pure. Source: docs.slack.dev, /authentication/tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final, Literal

TokenKind = Literal["bot", "app", "user", "rotating", "signing", "other"]
"""A bot token, an app-level token, a person's, one of an app whose tokens rotate, a signing secret (32 hexadecimal digits), or
something else."""

_BEGINS: Final[tuple[tuple[str, TokenKind], ...]] = (("xoxb-", "bot"), ("xapp-", "app"), ("xoxp-", "user"), ("xoxe", "rotating"))
_SIGNING: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """What lets us in: the bot's token, and the signing secret or the app's token, as the mode needs it. `repr` keeps them."""

    bot: str
    secret: str | None
    app: str | None

    def __repr__(self) -> str:
        return "Tokens()"


def kind_of(secret: str) -> TokenKind:
    """What kind of secret this is."""
    for begins, kind in _BEGINS:
        if secret.startswith(begins):
            return kind
    return "signing" if _SIGNING.fullmatch(secret) else "other"
