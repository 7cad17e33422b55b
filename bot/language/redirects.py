"""Does a reply send the customer to a private or other channel, and is that all it does?

A link to documentation is help, not a redirect; a contact form, a support address, "DM me" or "ask in #billing" is one.
Judged sentence by sentence: what remains besides the sentences that redirect decides whether it only redirects. After a
turn ("but", "however": `turns`) a sentence may help all the same.

The words are the section `redirects` of each language's file. A sentence redirects by one of its language's `patterns`, by one
of its verbs (`turn_to`) with one of its `places` soon after, or by one of its `ways` after a preposition (`by`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from itertools import groupby
from operator import attrgetter

from bot.domain.reading import Cue
from bot.language.languages import Languages, LatePattern, shipped_languages
from bot.language.pattern_needs import Needs, WaysToMatch
from bot.language.prefilter import Prefilter
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
    "says_nothing", "more", "turns", "reason", "reason_work",
)  # fmt: skip
_VERB_AND_PLACE = r"\b(?:{turn_to})\b[^.?!]{0,45}?\b(?:{places})\b"
_BY_A_WAY = r"\b(?:{by}) (?:{ways})\b"
_CONTACT_LINK = (
    r"(?:https?://|www\.|\b[\w\-]+\.)[^\s]*(?:{link_paths}|(?:{link_hosts})\.[a-z])"
    r"|(?<![\w/.:])[\w.+\-]+@[\w\-]+\.[a-z]{2,}\b"
)

_MAIL = re.compile(r"[\w.+\-]@[\w\-]")
_ADDRESS = re.compile(r"\w@\w|#[a-z]")
_CHANNEL = re.compile(r"(?<![\w/#&])#(?![\da-f]{3,8}\b)[a-z][\w\-]+")
_PHONE = re.compile(
    r"(?<![a-z\d_.,:/#+-])(?!\d{1,4}[-./]\d\d?[-./]\d{2,4}\b)"
    r"(?:\+\d|\(\d|0\d|\d{2,4}(?=(?:[ -]\d{2,4}){2,}))(?=[\d ()/.-]*[ ()/.-])(?:[ ()/.-]{0,2}\d){6,13}(?![\d/-]|[.,:]\d)"
)
"""A telephone number as people write it: of groups, and no date. Long numbers in one piece are of orders and the like."""

_DIGITS = re.compile(r"\d[ ()/.-]{0,2}\d")
"""What every such number holds, found far sooner."""

CALLS = 8
"""Words of content up to which a channel or a telephone number is what a reply says."""

_TELLS = (
    Cue.OWN.value | Cue.WILL.value | Cue.PASSED_ON.value | Cue.HOLDING.value | Cue.CODE.value | Cue.SOLVED.value | Cue.NEWS.value
    | Cue.RECEIPT.value | Cue.ABSENT.value | Cue.QUESTION_MARK.value
)  # fmt: skip
"""Whoever says one of these of a channel tells of it ("I have asked in #billing")."""

_HELP = Cue.CODE.value | Cue.SOLVED.value | Cue.NEWS.value | Cue.QUESTION_MARK.value
_WAY = re.compile(r"\w[»\"'”]? ?[>→»›] ?[\w\"'“«]|`\S")
"""A way through menus, or code: the shortest of help."""
_LINK = re.compile(r"(?:https?://|www\.)\S+")
_SENTENCE = re.compile(rf"(?<=[.!?…])\s+|\n+|\s+-+\s+|;\s+|(?<=[\u3002\u0964])|(?<=[{PACKED}][!?])")
_PLAIN_SENTENCE = re.compile(r"[\s;](?:(?<=[.!?]\s)\s*|(?<=\n)\n*|(?<=\s)\s*-+\s+|(?<=;)\s+)")
"""The same of a text in ASCII, in a third of the time."""

_WORDS = re.compile(rf"(?:[^\W\d_]|[{MARKED}]){{2,}}")
_BOUND = re.compile(r"(?<![\[\\])[\^$]|\(\?<?!")
"""In a pattern: what makes it look at where its text begins or ends, or at what stands beside."""

_REDIRECT_BIT = Cue.REDIRECT.value
_REDIRECT_ONLY_BIT = Cue.REDIRECT_ONLY.value


class _Form:
    """A way in which one language redirects: a pattern for texts that hold one of its scraps; for all where it has none. `bound`
    looks at where a sentence ends; a pattern that isn't fits a text where it fits a sentence of it."""

    __slots__ = ("bound", "language", "pattern", "scraps")

    def __init__(self, language: int, pattern: LatePattern, scraps: tuple[str, ...]) -> None:
        self.language = language
        self.pattern = pattern
        self.scraps = scraps
        self.bound = _BOUND.search(pattern.text) is not None


_language = attrgetter("language")


class Redirects:
    """How all languages redirect."""

    __slots__ = (
        "_company", "_contact_link", "_forms", "_hosts", "_in_company", "_in_links", "_more", "_not_asked", "_prefilter",
        "_reason", "_says_nothing", "_telling", "_telling_packed", "_turns",
    )  # fmt: skip

    def __init__(self, languages: Languages) -> None:
        section = languages.section("redirects", _LISTS, languages.spell)
        self._telling = section.words("telling")
        self._telling_packed = tuple(word for word in self._telling if PACKED_LETTER.search(word) is not None)
        self._in_company = section.words("telling_in_company")
        self._company = section.words("company")
        self._in_links = section.texts("telling_in_links")
        self._hosts = tuple(f"{host}." for host in section.texts("link_hosts"))
        self._contact_link = section.pattern_later(_CONTACT_LINK)
        self._not_asked = section.pattern_later(r"\b(?:{not_asked})\b")
        self._says_nothing = section.pattern_later(r"\b(?:{says_nothing})\b")
        self._more = section.pattern_later(r"\b(?:{more})\b")
        self._turns = section.pattern_later(r"(?:{turns})")
        self._reason = section.pattern_later(r"\b(?:{reason})\b.{0,30}\b(?:{reason_work})\b")
        # Each language by itself: a verb of one with a place of another is no redirect.
        self._forms: list[_Form] = []
        needs: list[WaysToMatch] = []
        for language, own in enumerate(languages.sections("redirects", _LISTS, languages.spell)):
            scraps = own.texts("scraps")
            patterns = own.patterns_later("patterns")
            patterns += [own.pattern_later(_VERB_AND_PLACE)] if own.texts("turn_to") else []
            patterns += [own.pattern_later(_BY_A_WAY)] if own.texts("by") else []
            forms = [_Form(language, pattern, scraps) for pattern in patterns]
            forms.sort(key=lambda form: form.bound)
            told = Needs(own.texts)
            self._forms += forms
            needs += [told.of(form.pattern.frame) for form in forms]
        self._prefilter = Prefilter(needs)

    def check(self) -> None:
        """Raise ValueError for an entry that is no regular expression."""
        for pattern in (self._contact_link, self._not_asked, self._says_nothing, self._more, self._turns, self._reason):
            pattern.check()
        for form in self._forms:
            form.pattern.check()

    def may_redirect(self, text: str, words: Sequence[str], links: Sequence[str]) -> bool:
        """A quick look that spares most replies the patterns. `text` is lower case without links."""
        if not self._telling.isdisjoint(words) or (not text.isascii() and any(map(text.__contains__, self._telling_packed))):
            return True
        if not self._in_company.isdisjoint(words) and not self._company.isdisjoint(words):
            return True
        if ("@" in text or "#" in text) and _ADDRESS.search(text) is not None:
            return True
        return bool(links) and any(part in link for link in links for part in self._in_links)

    def points_elsewhere(self, text: str, cues: int, rest: int) -> bool:
        """Whether a brief reply of any language gives a telephone number or a channel, and nothing of its own besides. `text` is
        lower case without links, `rest` its words of content."""
        if rest > CALLS:
            return False
        if "#" in text and not cues & _TELLS and _CHANNEL.search(text) is not None:
            return True
        return not cues & _HELP and _DIGITS.search(text) is not None and _PHONE.search(text) is not None

    def redirect_cues(self, raw: str) -> int:
        """The bits REDIRECT and REDIRECT_ONLY of a reply's text, for one that `may_redirect`."""
        whole = raw.lower()
        if not raw.isascii():
            whole = whole.replace("’", "'")
        patterns = self._likely(whole[:MOST])
        linked = self._may_hold_contact_link(whole)
        if not patterns and not linked:
            return 0
        sentences = (_PLAIN_SENTENCE if whole.isascii() else _SENTENCE).split(whole[:MOST])
        places = [self._redirect_at(sentence, patterns, linked=linked) for sentence in sentences]
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
            if words > lead_in and not self._says_nothing.get().search(before):
                lead_in = words
            if self._more.get().search(sentence):
                helps = True
            if self._reason.get().search(sentence) and not self._contact_link.get().search(sentence):
                helps = True
            if self._helps_after(sentence, place, patterns):
                helps = True
        if helps or lead_in > LEAD_IN or len(whole) > MOST:
            return _REDIRECT_BIT
        return _REDIRECT_BIT | _REDIRECT_ONLY_BIT

    def _likely(self, whole: str) -> list[re.Pattern[str]]:
        """The patterns that some sentence of a text in lower case may fit, in their order."""
        found: list[re.Pattern[str]] = []
        plain = _without_links(whole)
        # A sentence may end inside a link: then words of it are the next one's.
        candidates = self._prefilter.candidates(whole if plain == whole else f"{whole}\n{plain}")
        for _, alike in groupby((self._forms[number] for number in candidates), key=_language):
            forms = list(alike)
            scraps = forms[0].scraps
            if not scraps or any(map(whole.__contains__, scraps)):
                # Mostly none fits anywhere: one look at the whole text spares one at each sentence.
                free = [form.pattern.get() for form in forms if not form.bound]
                if any(pattern.search(plain) is not None for pattern in free):
                    found += free
                found += [form.pattern.get() for form in forms if form.bound]
        return found

    def _may_hold_contact_link(self, text: str) -> bool:
        """Whether a text holds what every form of a contact link does."""
        if "/" in text or ("@" in text and _MAIL.search(text) is not None):
            return True
        return any(map(text.__contains__, self._hosts))

    def _redirect_at(self, sentence: str, patterns: Sequence[re.Pattern[str]], *, linked: bool) -> int:
        """Where in the sentence it redirects by one of these patterns, or by a link, as `linked` it may; -1 when it doesn't."""
        plain = _without_links(sentence)
        found = self._contact_link.get().search(sentence) if linked and self._may_hold_contact_link(sentence) else None
        for pattern in patterns:
            match = pattern.search(plain)
            if match is not None:
                found = match
                break
        # Last, because most sentences don't redirect anyway.
        return found.start() if found is not None and self._not_asked.get().search(plain) is None else -1

    def _helps_after(self, sentence: str, place: int, patterns: Sequence[re.Pattern[str]]) -> bool:
        """Whether a sentence that redirects at a place turns to the matter itself after that ("..., but the fix is: ...")."""
        turn = self._turns.get().search(sentence, place)
        if turn is None:
            return False
        rest = sentence[turn.end() :]
        return (
            _count(rest) > LITTLE
            and self._says_nothing.get().search(rest) is None
            and self._redirect_at(rest, patterns, linked=True) < 0
        )

    def _empty(self, sentence: str) -> bool:
        """Whether a sentence without a redirect gives the customer nothing."""
        plain = _LINK.sub(" ", sentence)
        if plain != sentence:
            return False
        if self._reason.get().search(plain) or plain.rstrip().endswith("?") or _WAY.search(plain) is not None:
            return False
        return _count(plain) <= LITTLE or self._says_nothing.get().search(plain) is not None


def _without_links(text: str) -> str:
    return _LINK.sub(" ", text) if "http" in text or "www." in text else text


def _count(sentence: str) -> int:
    """Words of a sentence; of a packed script about two letters make one."""
    return len(_WORDS.findall(sentence)) + (0 if sentence.isascii() else len(PACKED_LETTER.findall(sentence)) // 2)


@cache
def load_redirects(languages: Languages | None = None) -> Redirects:
    """How these languages redirect. Raises ValueError for a bad entry. None: those that ship with the package, whose entries the
    tests have checked."""
    if languages is None:
        return Redirects(shipped_languages())
    made = Redirects(languages)
    made.check()
    return made
