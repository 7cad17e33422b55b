"""What is kept of a message's text: marks, counts and word fingerprints, never the text.

A text is read once, when it arrives (see reader.py). Everything later looks at the `Reading` alone, so that nothing needs to
keep what people wrote.
"""

from __future__ import annotations

import struct
from enum import IntFlag

from bot.domain.value import value

LAYOUT = 3
"""Version of the packed form. `unpack` reads those before as well, and refuses any other."""

HEAD = struct.Struct("<BQHHHHBBB")
"""layout, cues (the first 64, then the next 16), chars, words, rest, questions, number of fingerprints, of addressed people."""

SECOND_HEAD = struct.Struct("<BQBHHHBBB")
"""That of layout 2, which knew 72 cues."""

FIRST_HEAD = struct.Struct("<BQHHHBBB")
"""That of layout 1, which knew 64 cues."""

_LOW = (1 << 64) - 1

MOST_CHARS = 0xFFFF
MOST_FINGERPRINTS = 48
"""Fingerprints kept of one message: enough to compare topics, little enough to keep hundreds in memory."""
MOST_ADDRESSED = 8

PRINTS = tuple(struct.Struct(f"<{count}I") for count in range(MOST_FINGERPRINTS + 1))
"""By their number: the fingerprints."""

LEADING = 4
"""Strength of an address: the message starts with the name ("Dana: ...", "@dana ...")."""
MENTIONED = 3
"""The platform's own mention."""
INLINE = 2
"""The name stands inside the text."""
FUZZY = 1
"""A shortened or misspelt form of the name."""


class Cue(IntFlag):
    """What a text shows by itself. `_START` = in its first words, greetings and fillers apart."""

    QUESTION_MARK = 1 << 0
    ENDS_ASKING = 1 << 1
    ASK_START = 1 << 2
    ASK_IN = 1 << 3
    REQUEST = 1 << 4
    HELP = 1 << 5
    WANT = 1 << 6
    PROBLEM = 1 << 7
    NEGATION = 1 << 8
    THANKS = 1 << 9
    ACK_START = 1 << 10
    ACK_IN = 1 << 11
    YES_START = 1 << 12
    NO_START = 1 << 13
    SOLVED = 1 << 14
    WILL = 1 << 15
    GREETING = 1 << 16
    FAREWELL = 1 << 17
    SMILE = 1 << 18
    LAUGH = 1 << 19
    LINK = 1 << 20
    CODE = 1 << 21
    IDENTIFIER = 1 << 22
    BUMP = 1 << 23
    HEDGE = 1 << 24
    EXCLAIM = 1 << 25
    UNFINISHED = 1 << 26
    CORRECTION = 1 << 27
    LOWER_START = 1 << 28
    APOLOGY = 1 << 29
    PRAISE = 1 << 30
    OWN = 1 << 31
    BARE = 1 << 32
    STRANGER = 1 << 33
    HOLDING = 1 << 34
    PROMISE = 1 << 35
    REDIRECT = 1 << 36
    REDIRECT_ONLY = 1 << 37
    ASKS_FOR = 1 << 38
    QUOTE = 1 << 39
    FOREIGN = 1 << 40
    ONLY_LINK = 1 << 41
    ADVICE = 1 << 42
    YOU = 1 << 43
    WAITING = 1 << 44
    NARRATES = 1 << 45
    FILES = 1 << 46
    CALLS_TEAM = 1 << 47
    WELCOME = 1 << 48
    COMMAND = 1 << 49
    RECEIPT = 1 << 50
    PASSED_ON = 1 << 51
    ABSENT = 1 << 52
    NO_ANSWER = 1 << 53
    EVERYBODY = 1 << 54
    SAME = 1 << 55
    CONTRAST = 1 << 56
    LATE = 1 << 57
    URGENT = 1 << 58
    NEWS = 1 << 59
    UNCOVERED = 1 << 60
    RECORDING = 1 << 61
    WHEN = 1 << 62
    ASKS_WHERE = 1 << 63
    ANNOUNCES = 1 << 64
    ASKS_OPENLY = 1 << 65
    PRECISE = 1 << 66
    FACT = 1 << 67
    REMARK = 1 << 68
    ASKS_FACT = 1 << 69
    TIDINGS = 1 << 70
    ASKS_AROUND = 1 << 71
    LEAVES_TO = 1 << 72
    ASKS_WHO = 1 << 73
    UNREAD = 1 << 74
    READS_EMPTY = 1 << 75
    ASKS_WHY = 1 << 76
    FORMULAS = 1 << 77


@value
class Reading:
    """What a text says by itself.

    `cues` is a set of `Cue` bits; `chars` and `words` are lengths; `rest` counts the words left when greetings, thanks,
    acknowledgements, fillers and names are taken away; `questions` counts question marks outside links and code;
    `fingerprints` are 32-bit keyed hashes of its content words, in order, each once; `addressed` are the people it names,
    as (person id, strength), strongest first.
    """

    cues: int = 0
    chars: int = 0
    words: int = 0
    rest: int = 0
    questions: int = 0
    fingerprints: tuple[int, ...] = ()
    addressed: tuple[tuple[str, int], ...] = ()

    def has(self, cue: Cue) -> bool:
        """Whether a cue was seen."""
        return bool(self.cues & cue.value)

    @property
    def wordless(self) -> bool:
        """Whether its author wrote nothing of their own (`Message.text`)."""
        return self.chars == 0

    def names(self, person: str) -> int:
        """How strongly the text addresses this person: 0 (not at all) to LEADING."""
        for who, strength in self.addressed:
            if who == person:
                return strength
        return 0

    def pack(self) -> bytes:
        """The reading as bytes, for storage."""
        addressed = self.addressed[:MOST_ADDRESSED]
        prints = self.fingerprints[:MOST_FINGERPRINTS]
        chars, words, rest, questions = self.chars, self.words, self.rest, self.questions
        head = HEAD.pack(
            LAYOUT,
            self.cues & _LOW,
            self.cues >> 64,
            chars if chars < MOST_CHARS else MOST_CHARS,
            words if words < MOST_CHARS else MOST_CHARS,
            rest if rest < MOST_CHARS else MOST_CHARS,
            questions if questions < 255 else 255,
            len(prints),
            len(addressed),
        ) + PRINTS[len(prints)].pack(*prints)
        if not addressed:
            return head
        parts = [head]
        for person, strength in addressed:
            name = person.encode("utf-8", "surrogatepass")[:255]
            parts.append(bytes((strength, len(name))))
            parts.append(name)
        return b"".join(parts)


def unpack(packed: bytes) -> Reading:
    """The reading that `Reading.pack` wrote. Raises ValueError for anything else."""
    try:
        layout, more, head = packed[0], 0, HEAD
        if layout == LAYOUT:
            _, cues, more, chars, words, rest, questions, prints, people = HEAD.unpack_from(packed)
        elif layout == 2:
            head = SECOND_HEAD
            _, cues, more, chars, words, rest, questions, prints, people = SECOND_HEAD.unpack_from(packed)
        elif layout == 1:
            head = FIRST_HEAD
            _, cues, chars, words, rest, questions, prints, people = FIRST_HEAD.unpack_from(packed)
        else:
            raise ValueError(f"a reading of layout {layout}; this version reads layouts 1 to {LAYOUT}")
        fingerprints = struct.unpack_from(f"<{prints}I", packed, head.size)
        place = head.size + 4 * prints
        addressed = []
        for _ in range(people):
            strength, length = packed[place], packed[place + 1]
            name = packed[place + 2 : place + 2 + length]
            if len(name) != length:
                raise ValueError("a reading cut short")
            addressed.append((name.decode("utf-8", "surrogatepass"), strength))
            place += 2 + length
    except (struct.error, IndexError, UnicodeDecodeError) as error:
        raise ValueError("not a packed reading") from error
    return Reading(
        cues=cues | more << 64,
        chars=chars,
        words=words,
        rest=rest,
        questions=questions,
        fingerprints=fingerprints,
        addressed=tuple(addressed),
    )
