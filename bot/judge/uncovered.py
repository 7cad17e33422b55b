"""Does somebody write in a language that no cue list covers? Told by what they, and the channel, wrote before, too.

A reading says it of its own text, where that is long enough to say it. "Joo" or a product's name isn't: there their author's
last messages tell, or else the channel's. A short text that looks like one is believed only if its author's others don't say
otherwise.
All of it is in the window, so that the same messages always give the same answer, also after a restart and in a replay.
"""

from __future__ import annotations

from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue, Reading
from bot.domain.window import Window, position

TELLING = 20
"""Characters from which a text tells what language it is in, ..."""

SURELY = 40
"""... and from which nothing else is asked."""

OWN, OTHERS = 6, 12
"""How many telling messages of the author, and of the channel, are looked at."""

CONTRARY = 3
"""Messages in covered languages alone from which an author is known to write in those."""

SEVERAL = 2
"""Messages in uncovered ones from which an author is known to write in those."""

MOSTLY = 4
"""Of a channel's messages more than this many in uncovered languages for each in a covered one make a word one of those, too. One
question in such a language and nothing else suffices: what answers it with a word can't be told."""

LOOK_BACK = 40
"""Messages of the channel looked through for telling ones."""

_BARE = Cue.BARE.value
_UNCOVERED = Cue.UNCOVERED.value
_SAYS_LITTLE = Cue.FOREIGN.value | Cue.CODE.value | Cue.BARE.value | Cue.ONLY_LINK.value


def writes_uncovered(seen: MessageRecord, window: Window) -> bool:
    """Whether a message is, as far as anybody can tell, in a language that no list covers: what it says can't be known."""
    reading = seen.reading
    alone = bool(reading.cues & _UNCOVERED)
    if alone and reading.chars >= SURELY:
        return True
    if not alone and (_tells(reading) or reading.cues & _BARE):
        return False
    here = position(seen)
    uncovered = covered = 0
    for other in reversed(window.by(seen.author)):
        if position(other) < here and _tells(other.reading):
            if other.reading.cues & _UNCOVERED:
                uncovered += 1
            else:
                covered += 1
            if uncovered + covered == OWN:
                break
    if alone:
        return uncovered > 0 or covered < CONTRARY
    if uncovered + covered >= SEVERAL:
        return uncovered >= SEVERAL and uncovered > covered
    return _channel_is_uncovered(seen, window)


def _channel_is_uncovered(seen: MessageRecord, window: Window) -> bool:
    uncovered = covered = 0
    for looked, other in enumerate(window.before(seen.at, seen.id)):
        if looked >= LOOK_BACK or uncovered + covered >= OTHERS:
            break
        if _tells(other.reading):
            if other.reading.cues & _UNCOVERED:
                uncovered += 1
            else:
                covered += 1
    return uncovered > MOSTLY * covered


def _tells(reading: Reading) -> bool:
    """Whether a text says by itself whether its language is covered."""
    return bool(reading.cues & _UNCOVERED) or (reading.chars >= TELLING and not reading.cues & _SAYS_LITTLE)
