"""By what words somebody who poses as the team gets customers into direct messages: for a platform's own filter to look for. The
bot itself doesn't judge by them: a member who writes so sends the customer elsewhere, which is a redirect."""

from __future__ import annotations

from functools import cache
from typing import Final

from bot.language.languages import Languages, shipped_languages

_LISTS = ("privately",)

LONGEST: Final = 60
"""Characters of a keyword (https://docs.discord.com/developers/resources/auto-moderation, "Trigger Metadata")."""


class Lures:
    """The words of all languages."""

    __slots__ = ("privately",)

    def __init__(self, languages: Languages) -> None:
        texts = languages.section("lures", _LISTS, str).texts("privately")
        self.privately = tuple(dict.fromkeys(text for text in texts if len(text) <= LONGEST))


@cache
def shipped_lures() -> Lures:
    """The words that ship with the package, read when they are first needed."""
    return Lures(shipped_languages())
