"""Text made safe for Discord: robbed of any markup, so that it is seen as it was written and calls nobody.

Discord reads Markdown of its own (https://docs.discord.com/developers/reference, "Message Formatting", and "Markdown Text 101" in
its help centre). A backslash takes its meaning from any sign but letters and digits. Whoever may be called is said besides, with
every message (allowed mentions); what looks like a call gets an invisible word joiner all the same, for where a text is read
otherwise.
"""

from __future__ import annotations

import re
from typing import Final

LONGEST_URL: Final = 512
"""Characters of an address (https://docs.discord.com/developers/components/reference, "Button")."""

_JOINER = "\u2060"

_SIGN = re.compile(
    r"[\\*`\[\]]"
    r"|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])"
    r"|~(?=~)|(?<=~)~|\|(?=\|)|(?<=\|)\|"
    r"|<(?=\S|\Z)"
    r"|(?<!\d):(?=[/\w+-]|\Z)|(?<=\d):(?!\d\d(?!\w*:))(?=[/\w+-]|\Z)"
)
"""What means something wherever it stands: styles, code, masked links, spoilers, tags (people, roles, channels, emoji, times),
and ":", which makes emoji of names and links of addresses. In the middle of a word (snake_case) "_" means nothing, and 14:05 is a
time of day."""

_AT_START = re.compile(r"(?m)^([ \t]*)(?:(-#|#{1,3}(?=\s|$)|>|[-+](?=\s|$))|(\d{1,9})(\.))")
"""What means something at the beginning of a line: small print, headings, quotes, lists."""

_CALLS = re.compile(r"@(?=everyone|here|[!&]?\d)|<(?=[@#:/]|a:|t:|id:)")
"""What looks like a call or another tag."""

_TICK: Final = "ˋ"

_SAFE_URL = re.compile(r"https?://[A-Za-z0-9\[][!#-'*-;=?-Z\[\]_a-~]*")


def escaped(text: str, *, starts: bool = True) -> str:
    """Clean text as it is to be seen. `starts`: it stands at the beginning of a line."""
    said = _SIGN.sub(r"\\\g<0>", text)
    head, newline, rest = ("", "", said) if starts else said.partition("\n")
    return _apart(head + newline + _AT_START.sub(_inert, rest))


def _apart(text: str) -> str:
    """A text in which nothing looks like a call."""
    return _CALLS.sub(r"\g<0>" + _JOINER, text) if "@" in text or "<" in text else text


def _inert(found: re.Match[str]) -> str:
    return f"{found[1]}\\{found[2]}" if found[2] else f"{found[1]}{found[3]}\\{found[4]}"


def code(text: str) -> str:
    """Clean text of one line as code. Within it only the backtick means something."""
    return f"`{_apart(text.replace('`', _TICK))}`"


def bold(text: str) -> str:
    """Clean text in bold. Discord reads the stars only where no blank is inside them."""
    inner = text.strip()
    if not inner:
        return text
    before, after = text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]
    return f"{before}**{escaped(inner, starts=False)}**{after}"


def small(text: str) -> str:
    """Markup of one line in small print."""
    return f"-# {text}"


def quoted(text: str) -> str:
    """Clean text, line by line, as a quote."""
    return "\n".join(f"> {escaped(line)}" for line in text.split("\n"))


def safe_url(url: str) -> str | None:
    """The address if it may become a link: http or https, printable ASCII, nothing that ends a link in markup."""
    return url if len(url) <= LONGEST_URL and _SAFE_URL.fullmatch(url) else None


def link(label: str, url: str) -> str:
    """A label (clean, one line) that leads somewhere, without a preview of what is there."""
    return f"[{escaped(label, starts=False)}](<{url}>)"


def literal(text: str) -> str:
    """Clean text where no markup is read (labels, options, forms); what looks like a call is none there either."""
    return _apart(text)
