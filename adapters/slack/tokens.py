"""What a secret is, by how it begins. Pure. Source: docs.slack.dev, /authentication/tokens."""

from __future__ import annotations

import re
from typing import Final, Literal

TokenKind = Literal["bot", "app", "user", "rotating", "signing", "other"]
"""A bot token, an app-level token, a person's, one of an app whose tokens rotate, a signing secret (32 hexadecimal digits), or
something else."""

_BEGINS: Final[tuple[tuple[str, TokenKind], ...]] = (("xoxb-", "bot"), ("xapp-", "app"), ("xoxp-", "user"), ("xoxe", "rotating"))
_SIGNING: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)


def kind_of(secret: str) -> TokenKind:
    """What kind of secret this is."""
    for begins, kind in _BEGINS:
        if secret.startswith(begins):
            return kind
    return "signing" if _SIGNING.fullmatch(secret) else "other"
