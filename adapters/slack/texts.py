"""Text made safe for Slack: robbed of any markup, and measured as it goes out."""

from __future__ import annotations

import re

from bot.domain.visible import units

LONGEST_URL = 3_000
"""Characters, for buttons (https://docs.slack.dev/reference/block-kit/block-elements/button-element); links say nothing else."""

_CALL = re.compile(r"<(?=[!@#])")
_WORD_JOINER = "\u2060"
_MARK = re.compile(r"`|(?<![A-Za-z0-9])[*_~]|[*_~](?![A-Za-z0-9])")
_LIKENESS = {"*": "∗", "_": "ˍ", "~": "∼", "`": "ˋ", ">": "›"}
_QUOTING = re.compile(r"\A(\s*)>")
_SAFE_URL = re.compile(r"(?:https?|slack)://[A-Za-z0-9\[][!#-;=?-\[\]-{}~]*")


def escaped_units(text: str) -> int:
    """How long a text is once escaped."""
    return units(text) + 4 * text.count("&") + 3 * (text.count("<") + text.count(">"))


def literal(text: str) -> str:
    """Clean text for elements that know no markup (plain_text, the text of rich_text).

    They need no escaping. Still, what looks like a mention in markup gets an invisible word joiner, so that nothing calls
    anybody where a client, a mail or an export flattens such an element into markup and forgets to escape.
    """
    return _CALL.sub("<" + _WORD_JOINER, text)


def as_mrkdwn(text: str) -> str:
    """Clean text of one line where Slack reads markup (mrkdwn), as it is to be seen.

    `& < >` have escapes; `* _ ~ ` >` have none, so where they could style something a look-alike stands for them. In the middle
    of a word (snake_case) Slack doesn't read them, and they stay. Source: https://docs.slack.dev/messaging/formatting-message-text
    """
    text = _QUOTING.sub(lambda found: found[1] + _LIKENESS[">"], text)
    text = _MARK.sub(lambda found: _LIKENESS[found[0]], text)
    return escape(text)


def escape(text: str) -> str:
    """`& < >` as Slack wants them."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def code_as_mrkdwn(text: str) -> str:
    """Clean text of one line as code. Within it only the backtick means something."""
    return f"`{escape(text.replace('`', _LIKENESS['`']))}`"


def safe_url(url: str) -> str | None:
    """The address if it may become a link: http, https or slack, printable ASCII, nothing that ends a link in markup."""
    return url if len(url) <= LONGEST_URL and _SAFE_URL.fullmatch(url) else None
