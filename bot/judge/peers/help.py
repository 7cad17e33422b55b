"""Does a message that is meant for a waiting person answer the very thing they wait for? The values of its features."""

from __future__ import annotations

from collections.abc import Callable
from math import log, log1p

from bot.domain.messages import MessageRecord
from bot.domain.reading import Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.cue_sets import YES_NO
from bot.judge.linear import Values
from bot.judge.peers import features as flag
from bot.judge.peers.conversation import CALLS, OWN, Line, Peer, PeerConversation, Received

MOST_PLACES = 200
"""Messages since a question that has left the window."""

BEFORE = 60
"""Messages before a question in which people who spoke with its author may still be speaking with them."""

ALIKE = 0.6
"""Share of words in common from which a message repeats the question."""

_STRANGER = Cue.STRANGER.value
_CUES = (
    Cue.QUESTION_MARK.value,
    Cue.THANKS.value,
    Cue.ADVICE.value,
    Cue.YOU.value,
    Cue.LINK.value,
    YES_NO,
    Cue.ACK_START.value,
    Cue.BARE.value,
    Cue.GREETING.value,
    Cue.LAUGH.value | Cue.SMILE.value,
    Cue.CODE.value,
    Cue.NEGATION.value,
    Cue.WELCOME.value,
    Cue.OWN.value,
    Cue.COMMAND.value,
)
"""Cues of a message that may help, in the order of the features."""
_GREETING = Cue.GREETING.value
_QUESTION_MARK = Cue.QUESTION_MARK.value


def help_values(seen: MessageRecord, conversation: PeerConversation, window: Window, probability: float, wait: Wait) -> Values:
    """The values for a message that is meant for a waiting person with this probability."""
    asker = conversation.people.get(wait.customer) or Peer()
    author, n = seen.author, conversation.n
    question = window.get(wait.messages[0])
    place = conversation.places.get(wait.messages[0], max(n - MOST_PLACES, 0))
    prints = set(question.reading.fingerprints) if question is not None else set()
    flags: list[int] = []
    add = flags.append
    asked = next((line for line in asker.lines if line.n == place), None)
    since = [line for line in asker.lines if line.n > place]
    chain = 1.0
    like = 0.0
    for line in since:
        chain *= line.own
        if line.calls >= CALLS and line.nobody > 0.3 and flag.ASKED_AGAIN not in flags:
            add(flag.ASKED_AGAIN)
    if probability > 0.9:
        add(flag.SURE)
    if since:
        like = _last_line(since[-1], prints, author, add)
    else:
        add(flag.SILENT)
        chain = 1.0
    mine, others, count, best, me_since = _received(asker.received, place, author)
    if mine:
        add(flag.ME_BEFORE)
    if me_since:
        add(flag.ME_SINCE)
    if question is not None:
        _question(question, author, add)
    cues = seen.reading.cues
    if seen.reading.names(wait.customer):
        add(flag.NAMES_THEM)
    if seen.reply_to is not None and seen.reply_to in wait.messages:
        add(flag.REPLIES)
    if seen.thread is not None and (seen.thread == wait.thread or seen.thread in wait.messages):
        add(flag.IN_THREAD)
    elif seen.thread != wait.thread:
        add(flag.ELSEWHERE)
    for number, bits in enumerate(_CUES):
        if cues & bits:
            add(flag.HELP_CUES + number)
    common = len(prints.intersection(seen.reading.fingerprints)) if prints else 0
    if common:
        add(flag.ONE_WORD if common == 1 else flag.SEVERAL_WORDS)
    sure = min(max(probability, 1e-4), 1.0 - 1e-4)
    gap = log1p(n - place + 1)
    last = since[-1].n if since else place
    amounts = [
        log(sure / (1.0 - sure)) / 3.0,
        probability,
        gap / 4.0,
        log1p(max(seen.at - wait.opened_at, 0.0) / 60.0) / 3.0,
        log1p(n - last + 1) / 3.0,
        0.0 if since else gap / 4.0,
        asked.nobody if asked is not None else 0.5,
        question.reply_probability if question is not None else 0.5,
        log(max(chain, 1e-3)) / 3.0,
        chain if since else 0.0,
        log1p(len(since)),
        like,
        1.0 / (1.0 + log1p(place - mine)) if mine else 0.0,
        1.0 / (1.0 + log1p(place - others)) if others else 0.0,
        log1p(count),
        best,
        log1p(seen.reading.rest) / 3.0,
        seen.reply_probability,
    ]
    return amounts, flags


def _last_line(line: Line, prints: set[int], author: str, add: Callable[[int], None]) -> float:
    """What the asker wrote last since the question; how like the question that is."""
    to = line.to
    if to == OWN:
        add(flag.LAST_OWN)
    elif to is None:
        add(flag.LAST_NEW)
    else:
        add(flag.LAST_TO_ME if to == author else flag.LAST_TO_ANOTHER)
    if not line.prints or not prints:
        return 0.0
    like = len(prints.intersection(line.prints)) / min(len(prints), len(line.prints))
    if like > ALIKE:
        add(flag.REPEATED)
        if to is None:
            add(flag.REPEATED_NEW)
    return like


def _received(received: list[Received], place: int, author: str) -> tuple[int, int, int, float, bool]:
    """What the asker received: where the author, and where others, last spoke to them before the question (0: not), how
    many messages since were meant for them, the likeliest of those, and whether the author is among their writers."""
    mine = others = count = 0
    best = 0.0
    me_since = False
    for n, who, probability in received:
        if n <= place:
            if probability > 0.5 and place - n <= BEFORE:
                if who == author:
                    mine = n
                else:
                    others = n
        else:
            count += probability > 0.5
            best = max(best, probability)
            me_since = me_since or who == author
    return mine, 0 if mine else others, count, best, me_since


def _question(question: MessageRecord, author: str, add: Callable[[int], None]) -> None:
    reading = question.reading
    if reading.addressed or reading.cues & _STRANGER:
        add(flag.QUESTION_NAMES_ME if reading.names(author) else flag.QUESTION_NAMES_ANOTHER)
    if reading.cues & _GREETING:
        add(flag.QUESTION_GREETS)
    if not reading.cues & _QUESTION_MARK:
        add(flag.NO_QUESTION_MARK)
