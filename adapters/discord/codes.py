"""What a button, a menu or a form of ours carries on Discord: its `verb:argument`, and beside it what tells it from another one
in the same message, which message that is, and in which part of the own page it stands. Pure.

The spelling is "claim:w17" alone, or "~n2.h1~claim:w17" with marks before it. All of it is in `custom_id`, of 100 characters
(https://docs.discord.com/developers/components/reference, "Custom ID"), so that it works after a restart; anybody who can
send can forge one, so that nothing in it is believed before the bot has looked at who sends it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Final, Self

from bot.domain.views import MOST_IN_BUTTON

LONGEST_ID: Final = MOST_IN_BUTTON

_CARRIED = re.compile(r"~(?P<marks>[a-z][0-9a-z]*(?:\.[a-z][0-9a-z]*)*)~(?P<code>.*)", re.DOTALL)
_CODE = re.compile(r"[^:\s~][^:\s]*:.*", re.DOTALL)

MOST_NUMBER: Final = 2**31 - 1
"""Of a component's own number (`id`): Discord takes 32 bits, and nobody says whether with a sign."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What stands in a `custom_id`. `code` is `verb:argument`, "" of a menu, whose options carry theirs, and of a way to another
    part of the own page. `page`: it stands in that part of the own page, or leads there; `number` tells it from others in its
    message. `post` is the mark of the message's key."""

    code: str = ""
    page: int | None = None
    number: int | None = None
    post: str = ""

    def spell(self) -> str:
        """The `custom_id`. What there is no room for is left out, the key's mark first: none of it changes what is done. Raises
        ValueError where the code alone is too long."""
        for carried in (self, replace(self, post=""), replace(self, post="", page=None)):
            marks = ".".join(
                f"{name}{value}"
                for name, value in (("n", carried.number), ("h", carried.page), ("k", carried.post or None))
                if value is not None
            )
            spelled = f"~{marks}~{carried.code}" if marks else carried.code
            if 0 < len(spelled) <= LONGEST_ID:
                return spelled
        raise ValueError(f"a button carries at most {LONGEST_ID} characters: {self.code[:40]}...")

    @classmethod
    def parse(cls, custom_id: str) -> Self | None:
        """What is spelled so; None when it is none of ours."""
        found = _CARRIED.fullmatch(custom_id)
        code = custom_id if found is None else found["code"]
        if len(custom_id) > LONGEST_ID or (code and not _CODE.fullmatch(code)) or (found is None and not code):
            return None
        marks = {} if found is None else {mark[0]: mark[1:] for mark in found["marks"].split(".")}
        number, page = marks.get("n", ""), marks.get("h", "")
        return cls(
            code=code,
            page=int(page) if page.isdecimal() and len(page) < 4 else None,
            number=int(number) if number.isdecimal() and len(number) < 4 else None,
            post=marks.get("k", ""),
        )


def is_code(text: str) -> bool:
    """Whether it is a `verb:argument`, such as an option of a menu carries."""
    return len(text) <= LONGEST_ID and _CODE.fullmatch(text) is not None


def nonce_of(key: str) -> str:
    """What Discord knows two attempts at one message by: the key's digest, in the 25 characters there are for it."""
    return blake2b(key.encode(), digest_size=12).hexdigest()


def mark_of(key: str) -> str:
    """The mark of a key in a `custom_id`. Among the messages of some days in one channel no two have the same."""
    return blake2b(key.encode(), digest_size=5).hexdigest()


def number_of(key: str) -> int:
    """The mark of a key as a component's own number (`id`), for messages without buttons. Never so small that Discord, which
    counts the other components from 1, could give it to one of them."""
    digest = int.from_bytes(blake2b(key.encode(), digest_size=8).digest(), "big")
    return digest % (MOST_NUMBER - 1000) + 1000
