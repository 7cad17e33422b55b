"""Text in, `Reading` out: one pass over the words of a message, when it arrives."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import FUZZY, INLINE, LEADING, MENTIONED, MOST_ADDRESSED, MOST_FINGERPRINTS, Cue, Reading
from bot.language.clauses import LEAST, PUTS_OFF, clauses_of, helps, sentences_of, without_hold
from bot.language.cues import SMALL, TOPIC, WORD, load_cues
from bot.language.languages import Languages, shipped_languages
from bot.language.names import NameIndex, NameIndexes
from bot.language.names_in_text import NamesInText
from bot.language.redirects import load_redirects
from bot.language.scripts import PACKED_LETTER, UNUSUAL_LETTER
from bot.language.uncovered import UncoveredLanguages
from bot.language.vocabulary import CUED, SHORTEST_TOPIC, Vocabulary

HEAD_CHARS = 4_000
TAIL_CHARS = 500
"""What is read of a very long message: its beginning, and its end, where the question often stands."""

PACKED_HEAD = 1_000
"""The same where letters of other scripts occur: there a word takes fewer, and letters cost more."""

MOST_WORDS = 400
"""Words looked at, so that no message costs more than about half a millisecond."""

LOOK = 600
"""Characters searched for code, quotes and smiles: whoever writes code shows it early."""
MOST_LINKS = 3
MOST_POINTING = 5
"""Words up to which a link with them may be a bare one, if they only point to it."""
LINK_CHARS = 200

ASKING = "?？؟¿⸮՞፧꘏"
"""Question marks of all scripts; the Greek one looks like a semicolon and counts in Greek text only."""

_PLAIN_WORD = re.compile(r"\w[\w'\-]*", re.ASCII)
"""The same as `WORD` of a text in ASCII, and quicker."""
_LINK = re.compile(r"(?:https?|ftp)://\S+|www\.\S+")
_TICKED = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_CODE = re.compile(
    r"[{};=\-:(<$&\"'\[#](?:(?<=[{};])\s*$|(?<=[=\-])>|(?<=:):|(?<=\w\()\)|(?<=<)/\w|(?<=\$)\w|(?<==)=|(?<=&)&"
    r"|(?<=\w\()[^()]*\)\s*[;{]|(?<=^[<{\[#])\S|(?<=[\"'])\s?:\s?[\"'{\[]|(?<=\})\)?$)"
)
_QUOTE = re.compile(r"[>&\"“„«](?:(?<=^>)|(?<=^&)gt;|(?<=[\"“„«])[^\"”“»]{8,}[\"”“»])")
"""What code and quotes look like, in texts without white space around them. (The sign first, as of `_PRECISE`.)"""

_SMILE = re.compile(r"[:;=]'?-?[)(DPpd](?!\w)|<3|\^\^|[\U0001F300-\U0001FAFF\u2600-\u27BF]|:[a-z_]{3,}:")
_SHORTCODE = re.compile(r":(?:(?<![\w:]:)[a-z][a-z0-9_+\-]+:(?![\w:])|[+\-]1:)")
"""An emoji as chats write it down: no word of its author's. (The colon first: a search for a letter is the quickest.)"""
_PLUS_ONE = re.compile(r"(?<![\w+])\+\+?1(?!\w)")
_PATH_WORD = re.compile(r"[^\W\d_]{3,}")
_LATER_NAME = re.compile(
    r"(?:,\s+@?([\w\-|^`\[\]\\{}]+)\s*:"
    r"|(?:[.!?;…/]\s+|(?:^|\n)\s*(?:[*•–-]|\d{1,2}[.)])?\s*|\s\d{1,2}[.)]\s+)(?:\w{1,3}\s+)?@?([\w\-|^`\[\]\\{}]+)\s*(?:[:,→–-]|->))\s"
)
"""A name with a sign where a sentence, a line or an item of a list begins, or with a colon after a comma: from there on the
message is for that one."""

_VERSION = re.compile(r"\bv\d+(?:\.\d+)+\b|\b\d+\.\d+\.\d+\b")
_MEGAPHONES = ("\N{CHEERING MEGAPHONE}", "\N{PUBLIC ADDRESS LOUDSPEAKER}", ":loudspeaker:")
_GREEK = re.compile(r"[\u0370-\u03ff]")

_SIGNS = re.compile(r"[{};=<>$&#\[\]\"(]")
"""Without one of these a text holds neither code nor quote; one quick look instead of two slow ones."""

_SMILES = (":)", ":(", ":-", ":D", ":P", ":p", ":'", ";)", ";-", "=)", "<3", "^^")

# Looking a member of an Enum up costs as much as a small call, and these are asked for many times a message.
_CUSTOMER = Role.CUSTOMER
_LOWER_BIT = Cue.LOWER_START.value
_CODE_BIT = Cue.CODE.value
_QUOTE_BIT = Cue.QUOTE.value
_SMILE_BIT = Cue.SMILE.value
_PRECISE = re.compile(
    r"[\d>=→»/_↓↑←+\"'“„«.\-](?:(?<=\d)|(?<=\w\.)\w\w|(?<=\w[_↓↑←→+])\w|(?<=[\"'“„«])[^\s\"'“”„»]+[\"'”“»]"
    r"|(?:(?<=\w[>→»/=])|(?<=\w [>→»/=])) ?\w|(?:(?<=\w[\-=])|(?<=\w [\-=]))> ?\w|(?<!\w-)(?<=-)-?\w\w)"
)
"""What names something exactly: a number, a way through menus, an option, a key, a file, a word in quotes.
(The sign first and what stands before it then: a search that begins with a set of characters takes a tenth of the time.)"""
_QM = Cue.QUESTION_MARK.value
_LINK_BIT = Cue.LINK.value
_STRANGER_BIT = Cue.STRANGER.value
_FOREIGN_BIT = Cue.FOREIGN.value
_UNCOVERED_BIT = Cue.UNCOVERED.value | Cue.FOREIGN.value
_ONLY_LINK_BIT = Cue.ONLY_LINK.value
_BARE_BIT = Cue.BARE.value
_FILES_BIT = Cue.FILES.value
_RECORDING_BIT = Cue.RECORDING.value
_UNREAD_BIT = Cue.UNREAD.value
_CALLS_TEAM_BIT = Cue.CALLS_TEAM.value
_ENDS_ASKING_BIT = Cue.ENDS_ASKING.value
_EXCLAIM_BIT = Cue.EXCLAIM.value
_COMMAND_BIT = Cue.COMMAND.value
_NEWS_BIT = Cue.NEWS.value
_POINTING = Cue.ADVICE.value | Cue.UNFINISHED.value | Cue.NARRATES.value | Cue.YOU.value
_SOLVED_BIT = Cue.SOLVED.value
_ANNOUNCES_BIT = Cue.ANNOUNCES.value
_UNFINISHED_BIT = Cue.UNFINISHED.value
_CORRECTION_BIT = Cue.CORRECTION.value
_PRECISE_BIT = Cue.PRECISE.value
_REDIRECT_ONLY_BITS = Cue.REDIRECT.value | Cue.REDIRECT_ONLY.value


class Reader:
    """Reads messages. `key` goes into the word fingerprints, so that they mean nothing outside their database; `languages` are
    those that ship with the package unless given."""

    __slots__ = ("_cues", "_indexes", "_named", "_redirects", "_spell", "_uncovered", "_vocabulary")

    def __init__(self, key: bytes = b"", languages: Languages | None = None) -> None:
        self._cues = load_cues(languages)
        self._spell = (languages or shipped_languages()).spell
        self._redirects = load_redirects(languages)
        self._uncovered = UncoveredLanguages((languages or shipped_languages()).codes, self._cues.first_words)
        self._vocabulary = Vocabulary(self._cues.entries, key)
        self._named = NamesInText(self._vocabulary, self._cues.verbs)
        self._indexes = NameIndexes()

    def read(self, message: Message, names: Mapping[str, tuple[str, ...]]) -> Reading:
        """What the text says by itself. Never raises on any text; its cost is bounded."""
        raw = message.text
        chars = len(raw)
        if chars > HEAD_CHARS + TAIL_CHARS:
            raw = f"{raw[:HEAD_CHARS]} {raw[-TAIL_CHARS:]}"
        text = raw.lower()
        cues = 0
        runs = False
        links = False
        linked: list[str] = []
        if not text.isascii():
            text = text.replace("’", "'").replace("`s ", "'s ")
            if UNUSUAL_LETTER.search(text) is not None:
                if len(raw) > PACKED_HEAD + TAIL_CHARS:
                    raw = f"{raw[:PACKED_HEAD]} {raw[-TAIL_CHARS:]}"
                raw = self._spell(raw)
                text = raw.lower()
                runs = PACKED_LETTER.search(text) is not None
        if "://" in text or "www." in text:
            shorter = _LINK.sub(" ", text)
            if shorter != text:
                links = True
                linked = _LINK.findall(text)[:MOST_LINKS]
                cues |= _LINK_BIT
                text = shorter
        if "`" in text:
            shorter = _TICKED.sub(" ", text)
            if shorter != text:
                cues |= _CODE_BIT
                text = shorter
        if ":" in text and text.count(":") > 1:
            text = _SHORTCODE.sub(" ", text)
        if "+1" in text:
            text = _PLUS_ONE.sub(" ", text)
        stripped = text.strip()
        questions, cues = self._marks(stripped, raw, cues)
        if runs and not questions and (end := self._cues.question_end.search(stripped)) is not None:
            questions = 1
            cues |= _QM | (_ENDS_ASKING_BIT if len(stripped) - end.end() <= 24 else 0)
        index = self._indexes.of(message.channel, names)
        addressed: dict[str, int] = {}
        for person in message.mentions:
            addressed[person] = MENTIONED
        skip = self._named.leading(stripped, index, addressed, tells=not questions and message.role is not _CUSTOMER)
        if skip:
            cues &= ~_LOWER_BIT  # the name's letters, not the sentence's
            if skip < 0:
                cues |= _STRANGER_BIT
        if "@" in stripped:
            cues |= self._named.marked(stripped, index, addressed, message.role)
        words = (_PLAIN_WORD if stripped.isascii() else WORD).findall(stripped)
        doubled = 0
        if runs:
            cut = self._cues.packed.cut(words)
            words, doubled = cut.words, cut.doubled
            if not skip and words and (first := index.exact.get(words[0])) is not None:
                addressed[first] = LEADING  # what follows a name there is no space but a title or a comma
                skip = 1
        if len(words) > MOST_WORDS:
            words = words[: MOST_WORDS - MOST_WORDS // 8] + words[-MOST_WORDS // 8 :]
            doubled = min(doubled, MOST_WORDS // 2)
        said, rest, known, prints = self._words(words, index, addressed, skip)
        cues |= said
        count = len(words)
        if doubled:
            count -= doubled
            rest = max(rest - doubled, 0)
        if known * 5 < count * 2 and not cues & _CODE_BIT:
            if count >= 3 and known * 5 < count:
                cues |= _FOREIGN_BIT
            if self._uncovered.hold(words):
                cues |= _UNCOVERED_BIT
        if linked:
            if rest > 0 and count <= MOST_POINTING and message.role is not _CUSTOMER and self._cues.points.issuperset(words):
                # "see https://..." says no more than the link does.
                rest, prints = 0, ()
                cues &= ~_POINTING
            prints = self._link_words(linked, prints)
        if cues & _NEWS_BIT and not cues & _SOLVED_BIT and _VERSION.search(stripped, 0, LOOK) is not None:
            cues |= _ANNOUNCES_BIT  # "2.4.1 is live" is news of a release, "fixed in 2.4.1" an answer
        elif stripped.startswith(_MEGAPHONES):
            cues |= _ANNOUNCES_BIT
        if questions:
            cues &= ~_ANNOUNCES_BIT  # whoever asks wants to hear from somebody
        if links and rest == 0:
            cues |= _ONLY_LINK_BIT
        elif rest == 0 and not cues & _CODE_BIT:
            cues |= _BARE_BIT
            if message.unread:
                cues |= _UNREAD_BIT
        if message.files:
            cues |= _FILES_BIT
            if message.recording:
                cues |= _RECORDING_BIT
        if message.calls_team:
            cues |= _CALLS_TEAM_BIT
        addressed.pop(message.author, None)
        if message.role is not _CUSTOMER:
            if cues & PUTS_OFF and rest > LEAST and not questions:
                # Words of packed scripts are cut otherwise in a clause, and of very long texts some are left out.
                helpful = self._cues.helpful.found_in(words) if not runs and len(words) < MOST_WORDS else None
                if helpful is None or helpful:
                    cues = self._besides(stripped, index, cues, helpful)
            if len(addressed) > 1:
                for found in _LATER_NAME.finditer(stripped):
                    named = index.exact.get(found[1] or found[2])
                    if named is not None:
                        addressed[named] = LEADING
            if _PRECISE.search(stripped, 0, LOOK) is not None:
                cues |= _PRECISE_BIT
            if self._redirects.may_redirect(text, words, linked):
                cues |= self._redirects.redirect_cues(raw)
            if self._redirects.points_elsewhere(text, cues, rest):
                cues |= _REDIRECT_ONLY_BITS
        people = sorted(addressed.items(), key=_by_strength)[:MOST_ADDRESSED] if addressed else ()
        return Reading(
            cues=cues, chars=chars, words=count, rest=rest, questions=questions, fingerprints=prints, addressed=tuple(people)
        )

    def words_with(self, text: str, fingerprints: Collection[int]) -> tuple[str, ...]:
        """The words of a text that have one of these fingerprints, as they stand in it in lower case, each once. Its cost is
        bounded."""
        lowered = self._spell(text[:HEAD_CHARS]).lower().replace("’", "'")
        words = WORD.findall(_LINK.sub(" ", lowered))[:MOST_WORDS]
        if PACKED_LETTER.search(lowered) is not None:
            words = self._cues.packed.cut(words).words[:MOST_WORDS]
        return tuple(dict.fromkeys(word for word in words if self._vocabulary[word][1] in fingerprints))

    def _marks(self, stripped: str, raw: str, cues: int) -> tuple[int, int]:
        questions = stripped.count("?")
        plain = stripped.isascii()
        if not plain:
            questions += sum(stripped.count(mark) for mark in ASKING[1:])
            if ";" in stripped and _GREEK.search(stripped):
                questions += stripped.count(";")
        if questions:
            cues |= _QM
            last = max(stripped.rfind(mark) for mark in ASKING) if not plain else stripped.rfind("?")
            if last < 0:
                last = stripped.rfind(";")
            if len(stripped) - last <= 24:
                cues |= _ENDS_ASKING_BIT
        if "!" in stripped or (not plain and "！" in stripped):
            cues |= _EXCLAIM_BIT
            if stripped[0] == "!" and stripped[1:2].isalpha():
                cues |= _COMMAND_BIT
        if stripped:
            final = stripped[-1]
            if final in ":,…-" or stripped.endswith(".."):
                cues |= _UNFINISHED_BIT
            if final == "*" or stripped[0] == "*":
                cues |= _CORRECTION_BIT
            if raw.lstrip()[:1].islower():
                cues |= _LOWER_BIT
            if not plain or _SIGNS.search(stripped) is not None or "::" in stripped or "->" in stripped:
                if _CODE.search(stripped, 0, LOOK) is not None:
                    cues |= _CODE_BIT
                if _QUOTE.search(stripped, 0, LOOK) is not None:
                    cues |= _QUOTE_BIT
            if not plain or ":" in raw or "^^" in raw or "<3" in raw or ";" in raw or "=" in raw:
                for smile in _SMILES:
                    if smile in raw:
                        cues |= _SMILE_BIT
                        break
                else:
                    if (not plain or raw.count(":") > 1) and _SMILE.search(raw, 0, LOOK) is not None:
                        cues |= _SMILE_BIT
        return questions, cues

    def _words(
        self, words: list[str], index: NameIndex, addressed: dict[str, int], skip: int
    ) -> tuple[int, int, int, tuple[int, ...]]:
        """The cues of some words in a row, how many are words of content and how many are known, and their fingerprints."""
        cues = 0
        find, forms, exact, stems = self._vocabulary.__getitem__, index.forms, index.exact, index.stems
        prints: dict[int, None] = {}
        start = True
        rest = known = 0
        place = max(skip, 0)
        total = len(words)
        while place < total:
            word = words[place]
            place += 1
            spelt, topic, phrase, longer = find(word)
            if spelt != CUED:
                if word in forms:
                    if word in exact:
                        known += 1
                        addressed.setdefault(exact[word], INLINE)
                        continue
                    people = stems[word]
                    if topic is not None and len(people) == 1 and len(word) > SHORTEST_TOPIC:
                        addressed.setdefault(people[0], FUZZY)
                start = False
                rest += 1
                if topic is not None:
                    prints[topic] = None
                    if spelt:
                        cues |= spelt
                continue
            known += 1
            taken = 1
            if longer is not None and place < total:
                step = longer.get(words[place])
                if step is not None:
                    ahead = end = place
                    while step is not None:
                        meaning, more = step
                        ahead += 1
                        if meaning is not None:
                            phrase, end = meaning, ahead  # the longest that fits counts
                        step = more.get(words[ahead]) if more is not None and ahead < total else None
                    taken += end - place
                    known += end - place
                    place = end
            if phrase is None or phrase is SMALL:
                start = False
                rest += taken
                continue
            anywhere, at_start, light, goes_on, stop = phrase
            cues |= anywhere
            if start:
                cues |= at_start
                start = goes_on
            if not light:
                rest += taken
                if topic is not None and not stop and taken == 1:
                    prints[topic] = None
        kept = tuple(prints)
        return cues, rest, known, kept if len(kept) <= MOST_FINGERPRINTS else kept[:MOST_FINGERPRINTS]

    def _besides(self, stripped: str, index: NameIndex, cues: int, helpful: list[str] | None) -> int:
        """The cues of a reply that puts off, without those that say so where another clause of it helps. `helpful`: the words
        with one of which a phrase begins that may help; None: any."""
        clauses = clauses_of(stripped)
        own = self._helping(clauses, index, helpful)
        if own is None:
            own = self._helping([each for each in sentences_of(stripped) if each not in clauses], index, helpful)
        return cues if own is None else without_hold(cues, own)

    def _helping(self, clauses: Iterable[str], index: NameIndex, helpful: list[str] | None) -> int | None:
        """The cues of one of these clauses that helps; None: there is none."""
        beginnings = self._cues.helpful
        for clause in clauses:
            if helpful is not None and not any(map(clause.__contains__, helpful)):
                continue
            words = (_PLAIN_WORD if clause.isascii() else WORD).findall(clause)
            if not clause.isascii() and PACKED_LETTER.search(clause) is not None:
                words = self._cues.packed.cut(words).words
            # To read a clause costs little more than to look for such a word where one is likely.
            if len(words) < LEAST or (helpful is None and not beginnings.found_in(words)):
                continue
            own, rest, _, _ = self._words(words[:MOST_WORDS], index, {}, 0)
            if helps(own, rest):
                return own
        return None

    def _link_words(self, links: list[str], prints: tuple[int, ...]) -> tuple[int, ...]:
        """The words of links' paths, without the host, among the fingerprints: a bare link to a page about refunds is
        about refunds."""
        found = dict.fromkeys(prints)
        for link in links:
            path = link.partition("://")[2].partition("/")[2]
            for word in _PATH_WORD.findall(path[:LINK_CHARS]):
                spelt, topic, phrase, _ = self._vocabulary[word]
                if topic is not None and (spelt != CUED or phrase == TOPIC):
                    found[topic] = None
        return tuple(found)[:MOST_FINGERPRINTS]


def _by_strength(item: tuple[str, int]) -> int:
    return -item[1]
