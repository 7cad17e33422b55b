"""How a line of text names a person or a channel by id, on whichever platform it was written: "@{U17}", "#{C4}". Adapters put
their own markup into this spelling; nobody types it by accident, and what stands in it is nobody's name."""

from __future__ import annotations

import re
from collections.abc import Callable

_TAG = re.compile(r"[@#]\{([^{}\s]{1,80})\}")


def person_tag(id: str) -> str:
    """A person by id."""
    return f"@{{{id}}}"


def channel_tag(id: str) -> str:
    """A channel by id or key."""
    return f"#{{{id}}}"


def with_names(text: str, *, person: Callable[[str], str], channel: Callable[[str], str]) -> str:
    """A text in which whoever and whatever is tagged stands by name: "@Dana", "#help"."""
    return _TAG.sub(lambda found: f"@{person(found[1])}" if found[0][0] == "@" else f"#{channel(found[1])}", text)


def tagged(word: str) -> str | None:
    """The id in a word that is a tag, or None."""
    found = _TAG.fullmatch(word)
    return None if found is None else found[1]
