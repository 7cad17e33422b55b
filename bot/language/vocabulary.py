"""The words a reader has met, each with all that is ever asked of it: what its phrases mean, and its fingerprint.

One look a word answers everything. A message has a dozen words, and between two messages so much else runs that each further look
costs more than what is looked up.
"""

from __future__ import annotations

import re
from hashlib import blake2b

from bot.domain.reading import Cue
from bot.language.cues import CueEntries, CueEntry, Longer, Meaning
from bot.language.scripts import FIRST_PACKED

MOST_KNOWN = 30_000
"""Words remembered; forgotten as a whole when there are more."""

SHORTEST_TOPIC = 3
"""Letters from which a word may be what a message is about."""

IDENTIFIER_CHARS = 10

STEM = 7
"""Letters of a word that count: a crude stem that works for many languages ("subscription", "subscribe" don't meet, but
"authentication" and "authenticate" do)."""

CUED = -1
"""Instead of a word's own cues: phrases begin with it, and say what it shows."""

KnownWord = tuple[int, int | None, Meaning | None, Longer | None]
"""The cues that a word shows by its spelling, or CUED; its fingerprint, if it may be what a message is about; what it means
alone; how the longer phrases go on that it begins. (A tuple: it is taken apart for every word of every message.)"""

_PAIRS = re.compile(r"([^\W\d_]{2})\1{2,}")
_LETTERS = re.compile(r"([^\W\d_])\1{2,}")
_DRAWN_OUT = re.compile(rf"{_LETTERS.pattern}|([^\W\d_]{{2}})\2{{2,}}")
"""A letter, or two in turn, three times and more."""

_DIGIT = re.compile(r"\d")
_IDENTIFIER = Cue.IDENTIFIER.value


class Vocabulary(dict[str, KnownWord]):
    """Word -> what is known of it, worked out when it is first met. `key` goes into the fingerprints."""

    def __init__(self, entries: CueEntries, key: bytes) -> None:
        super().__init__()
        self._entries = entries
        self._key = key

    def __missing__(self, word: str) -> KnownWord:
        entry = self._entries[word]
        if entry is None and len(word) > SHORTEST_TOPIC and _DRAWN_OUT.search(word) is not None:
            entry = self._in_short(word)
        long = len(word) >= SHORTEST_TOPIC
        if entry is not None:
            known: KnownWord = (CUED, self._fingerprint(word) if long else None, *entry)
        elif long or (word >= FIRST_PACKED and len(word) > 1):
            known = (_IDENTIFIER if _is_identifier(word) else 0, self._fingerprint(word), None, None)
        else:
            known = (0, None, None, None)
        if len(self) >= MOST_KNOWN:
            self.clear()
        self[word] = known
        return known

    def _in_short(self, word: str) -> CueEntry | None:
        """What a word means that is drawn out ("hahahahaha", "loool", "thanksss"): what it means as it is usually written."""
        pairs = _PAIRS.sub(r"\1\1", word)
        for letters in (3, 2, 1):
            short = _LETTERS.sub(r"\1" * letters, pairs)
            entry = self._entries[short] if len(short) > 1 else None
            if entry is not None and entry[0] is not None:
                return entry
        return None

    def _fingerprint(self, word: str) -> int:
        stem = word.replace("_", "").replace("-", "").rstrip("s")[:STEM]
        digest = blake2b(stem.encode("utf-8", "surrogatepass"), digest_size=4, key=self._key).digest()
        return int.from_bytes(digest, "little")


def _is_identifier(word: str) -> bool:
    return (len(word) >= IDENTIFIER_CHARS or "_" in word) and not word.isalpha() and _DIGIT.search(word) is not None
