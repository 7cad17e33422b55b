"""Why a member's message is taken to be for a customer, in words."""

from __future__ import annotations

from collections.abc import Iterable

from bot.domain.judge import Evidence

FOR_THEM = {
    "named at the start": "it begins with their name",
    "mentioned": "it mentions them",
    "named inside": "it names them",
    "named in short or misspelt": "it names them, in short or misspelt",
    "their thread": "it is in their thread",
    "thread of their message": "it is in the thread of their message",
    "thread they wrote in": "it is in a thread in which they wrote",
    "reply to their message": "it is a reply to their message",
    "waits": "they were waiting",
    "waits, had a reply from this member": "who wrote it had replied to them before",
    "spoke last of all": "they had spoken last",
    "spoke last of the customers": "they were the last customer to speak",
    "next in line": "they were next in line",
    "this member's last partner": "who wrote it had spoken with them last",
    "this member's last partner, just now": "who wrote it was just speaking with them",
    "goes on at once": "it goes on with what was said to them just before",
    "goes on within seconds": "it goes on with what was said to them just before",
    "goes on within a minute": "it goes on with what was said to them just before",
    "they named this member": "they had asked for who wrote it",
    "they named this member in their wait": "they had asked for who wrote it",
    "most words in common": "it shares most words with what they wrote",
    "words in common": "it shares words with what they wrote",
    "telling words in common": "it shares telling words with what they wrote",
    "words in common with all they wrote": "it shares words with what they wrote",
    "their last message calls": "what they wrote last wants a reply",
    "their last message asks, yes or no is said": "they asked, and it says yes or no",
    "yes or no, they end asking": "they asked, and it says yes or no",
    "answers their question": "it says what they asked for",
    "asks, they told of a problem": "it asks, and they had told of a problem",
    "looks into it, they gave something to look at": "it looks into it, and they had given something to look at",
    "only one waiting": "nobody else was waiting",
    "never told since they began to wait": "nobody had told them anything yet",
    "nobody has told them anything": "nobody had told them anything yet",
    "this member is on it": "who wrote it was on it",
    "promised for about now": "an answer was promised for about then",
    "first to speak since this member last wrote": "they were the first to speak since who wrote it had written",
    "new here": "they are new here",
}
"""What speaks for a message being for this customer."""


def why_for_them(evidence: Iterable[Evidence]) -> tuple[str, ...]:
    """What spoke for it, heaviest first, each sentence once, where there are words for it."""
    return tuple(dict.fromkeys(FOR_THEM[item.name] for item in evidence if item.weight > 0 and item.name in FOR_THEM))
