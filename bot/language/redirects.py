"""Does a reply send the customer to a private or other channel, and is that all it does?

A link to documentation is help, not a redirect; a contact form, a support address, "DM me" or "ask in #billing" is one.
Judged sentence by sentence: what remains besides the sentences that redirect decides whether it only redirects.

The words are the section `redirects` of each language's file. A sentence redirects by one of its language's `patterns`, by one
of its verbs (`turn_to`) with one of its `places` soon after, or by one of its `ways` after a preposition (`by`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.domain.reading import Cue
from bot.language.languages import Languages, shipped_languages
from bot.language.scripts import MARKED, PACKED, PACKED_LETTER

LITTLE = 4
"""Words up to which a sentence without a redirect ("sorry about that", "no idea") counts as saying nothing."""

LEAD_IN = 12
"""Words that may stand before the redirect in its own sentence before they count as help."""

MOST = 1_500
"""Characters looked at: who only redirects is brief."""

_LISTS = (
    "telling", "telling_in_company", "company", "telling_in_links", "link_paths", "link_hosts", "patterns", "to_you", "turn",
    "small", "team", "scraps", "turn_to", "ordered", "ordered_ticket", "places", "done_there", "by", "ways", "not_asked",
    "says_nothing", "more", "reason", "reason_work",
)  # fmt: skip
_VERB_AND_PLACE = r"\b(?:{turn_to})\b[^.?!]{0,45}?\b(?:{places})\b"
_BY_A_WAY = r"\b(?:{by}) (?:{ways})\b"
_CONTACT_LINK = (
    r"(?:https?://|www\.|\b[\w\-]+\.)[^\s]*(?:{link_paths}|(?:{link_hosts})\.[a-z])"
    r"|(?<![\w/.:])[\w.+\-]+@[\w\-]+\.[a-z]{2,}\b"
)

_ADDRESS = re.compile(r"\w@\w|#[a-z]")
_CHANNEL = re.compile(r"(?<![\w/#&])#(?![\da-f]{3,8}\b)[a-z][\w\-]+")
_PHONE = re.compile(
    r"(?<![a-z\d_.,:/#+-])(?!\d{1,4}[-./]\d\d?[-./]\d{2,4}\b)"
    r"(?:\+\d|\(\d|0\d|\d{2,4}(?=(?:[ -]\d{2,4}){2,}))(?=[\d ()/.-]*[ ()/.-])(?:[ ()/.-]{0,2}\d){6,13}(?![\d/-]|[.,:]\d)"
)
"""A telephone number as people write it: of groups, and no date. Long numbers in one piece are of orders and the like."""

CALLS = 8
"""Words of content up to which a channel or a telephone number is what a reply says."""

_TELLS = (
    Cue.OWN.value | Cue.WILL.value | Cue.PASSED_ON.value | Cue.HOLDING.value | Cue.CODE.value | Cue.SOLVED.value | Cue.NEWS.value
    | Cue.RECEIPT.value | Cue.ABSENT.value | Cue.QUESTION_MARK.value
)  # fmt: skip
"""Whoever says one of these of a channel tells of it ("I have asked in #billing")."""

_HELP = Cue.CODE.value | Cue.SOLVED.value | Cue.NEWS.value | Cue.QUESTION_MARK.value
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE = re.compile(rf"(?<=[.!?…])\s+|\n+|\s+-+\s+|;\s+|(?<=[\u3002\u0964])|(?<=[{PACKED}][!?])")
_WORDS = re.compile(rf"(?:[^\W\d_]|[{MARKED}]){{2,}}")
_BOUND = re.compile(r"(?<![\[\\])[\^$]|\(\?<?!")
"""In a pattern: what makes it look at where its text begins or ends, or at what stands beside."""

_REDIRECT_BIT = Cue.REDIRECT.value
_REDIRECT_ONLY_BIT = Cue.REDIRECT_ONLY.value


class _Forms:
    """How one language redirects: patterns for texts that hold one of its scraps; for all where it has none. `free` fit a text
    where they fit a sentence of it (`any_free`: any one of them); `bound` look at where a sentence ends."""

    __slots__ = ("any_free", "bound", "free", "scraps")

    def __init__(self, scraps: tuple[str, ...], free: Sequence[re.Pattern[str]], bound: Sequence[re.Pattern[str]]) -> None:
        self.scraps = scraps
        self.free = free
        self.any_free = re.compile("|".join(f"(?:{pattern.pattern})" for pattern in free) or "(?!)")
        self.bound = bound


class Redirects:
    """How all languages redirect."""

    __slots__ = (
        "_company", "_contact_link", "_hosts", "_in_company", "_in_links", "_more", "_not_asked", "_reason", "_redirects",
        "_says_nothing", "_telling", "_telling_packed",
    )  # fmt: skip

    def __init__(self, languages: Languages) -> None:
        section = languages.section("redirects", _LISTS, languages.spell)
        self._telling = section.words("telling")
        self._telling_packed = tuple(word for word in self._telling if PACKED_LETTER.search(word) is not None)
        self._in_company = section.words("telling_in_company")
        self._company = section.words("company")
        self._in_links = section.texts("telling_in_links")
        self._hosts = tuple(f"{host}." for host in section.texts("link_hosts"))
        self._contact_link = section.pattern(_CONTACT_LINK)
        self._not_asked = section.pattern(r"\b(?:{not_asked})\b")
        self._says_nothing = section.pattern(r"\b(?:{says_nothing})\b")
        self._more = section.pattern(r"\b(?:{more})\b")
        self._reason = section.pattern(r"\b(?:{reason})\b.{0,30}\b(?:{reason_work})\b")
        # Each language by itself: a verb of one with a place of another is no redirect.
        self._redirects: list[_Forms] = []
        for own in languages.sections("redirects", _LISTS, languages.spell):
            patterns = own.patterns("patterns")
            patterns += [own.pattern(_VERB_AND_PLACE)] if own.texts("turn_to") else []
            patterns += [own.pattern(_BY_A_WAY)] if own.texts("by") else []
            free = [pattern for pattern in patterns if _BOUND.search(pattern.pattern) is None]
            bound = [pattern for pattern in patterns if _BOUND.search(pattern.pattern) is not None]
            self._redirects.append(_Forms(own.texts("scraps"), free, bound))

    def may_redirect(self, text: str, words: Sequence[str], links: Sequence[str]) -> bool:
        """A quick look that spares most replies the patterns. `text` is lower case without links."""
        if not self._telling.isdisjoint(words) or (not text.isascii() and any(map(text.__contains__, self._telling_packed))):
            return True
        if not self._in_company.isdisjoint(words) and not self._company.isdisjoint(words):
            return True
        if ("@" in text or "#" in text) and _ADDRESS.search(text) is not None:
            return True
        return any(part in link for link in links for part in self._in_links)

    def points_elsewhere(self, text: str, cues: int, rest: int) -> bool:
        """Whether a brief reply of any language gives a telephone number or a channel, and nothing of its own besides. `text` is
        lower case without links, `rest` its words of content."""
        if rest > CALLS:
            return False
        if "#" in text and not cues & _TELLS and _CHANNEL.search(text) is not None:
            return True
        return not cues & _HELP and _PHONE.search(text) is not None

    def redirect_cues(self, raw: str) -> int:
        """The bits REDIRECT and REDIRECT_ONLY of a reply's text, for one that `may_redirect`."""
        whole = raw.lower()
        if not raw.isascii():
            whole = whole.replace("’", "'")
        sentences = _SENTENCE.split(whole[:MOST])
        plain = _LINK.sub(" ", whole) if "http" in whole or "www." in whole else whole
        patterns: list[re.Pattern[str]] = []
        for forms in self._redirects:
            if not forms.scraps or any(map(whole.__contains__, forms.scraps)):
                # In most texts none fits anywhere: one look for all of them at once spares one for each, at each sentence.
                if forms.any_free.search(plain) is not None:
                    patterns += forms.free
                patterns += forms.bound
        places = [self._redirect_at(sentence, patterns) for sentence in sentences]
        if max(places) < 0:
            return 0
        helps = False
        lead_in = 0
        for sentence, place in zip(sentences, places, strict=True):
            if place < 0:
                if not self._empty(sentence):
                    helps = True
                continue
            before = sentence[:place]
            words = _count(_LINK.sub(" ", before))
            if words > lead_in and not self._says_nothing.search(before):
                lead_in = words
            if self._more.search(sentence):
                helps = True
            if self._reason.search(sentence) and not self._contact_link.search(sentence):
                helps = True
        if helps or lead_in > LEAD_IN or len(whole) > MOST:
            return _REDIRECT_BIT
        return _REDIRECT_BIT | _REDIRECT_ONLY_BIT

    def _redirect_at(self, sentence: str, patterns: Sequence[re.Pattern[str]]) -> int:
        """Where in the sentence it redirects by one of these patterns, or by a link; -1 when it doesn't."""
        plain = _LINK.sub(" ", sentence) if "http" in sentence or "www." in sentence else sentence
        # Every form of a contact link has one of these.
        linked = "/" in sentence or "@" in sentence or any(map(sentence.__contains__, self._hosts))
        found = self._contact_link.search(sentence) if linked else None
        for pattern in patterns:
            match = pattern.search(plain)
            if match is not None:
                found = match
                break
        # Last, because most sentences don't redirect anyway.
        return found.start() if found is not None and self._not_asked.search(plain) is None else -1

    def _empty(self, sentence: str) -> bool:
        """Whether a sentence without a redirect gives the customer nothing."""
        plain = _LINK.sub(" ", sentence)
        if plain != sentence:
            return False
        if self._reason.search(plain) or plain.rstrip().endswith("?"):
            return False
        return _count(plain) <= LITTLE or self._says_nothing.search(plain) is not None


def _count(sentence: str) -> int:
    """Words of a sentence; of a packed script about two letters make one."""
    return len(_WORDS.findall(sentence)) + (0 if sentence.isascii() else len(PACKED_LETTER.findall(sentence)) // 2)


@cache
def load_redirects(languages: Languages | None = None) -> Redirects:
    """How these languages redirect, or those that ship with the package; compiled once. Raises ValueError for a bad entry."""
    return Redirects(languages or shipped_languages())
