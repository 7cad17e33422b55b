"""Does a reply send the customer to a private or other channel, and is that all it does?

A link to documentation is help, not a redirect; a contact form, a support address or "DM me" is one.
"""

from __future__ import annotations


def redirect_cues(raw: str, text: str, rest: int) -> int:
    """The bits REDIRECT and REDIRECT_ONLY of a reply. `raw` is its text, `text` the same in lower case without links."""
    return 0
