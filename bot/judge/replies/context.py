"""What a reply is held against: the question its customer waits with, and whom the reply speaks to."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.people import MEMBER
from bot.domain.reading import MENTIONED, Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.conversation import Conversation
from bot.judge.cue_sets import QUESTION

MOST_MESSAGES = 3
"""Messages of a wait looked at, from either end: a question stands in its first ones, what was added in its last."""

TALK_AMONG_COLLEAGUES: Seconds = 600.0
"""How long after a colleague's word to a member what they say may be the answer to that."""

GOES_ON: Seconds = 240.0
"""A member who writes again within this time goes on with what they said."""

TALK: Seconds = 1800.0
"""The team last told a customer something within this time: they are talking."""

_ASKS_FACT = Cue.ASKS_FACT.value
_ASKS_WHO = Cue.ASKS_WHO.value
_ASKS_OPENLY = Cue.ASKS_OPENLY.value
_WHEN = Cue.WHEN.value
_ASKS_WHERE = Cue.ASKS_WHERE.value
_PASSED_ON = Cue.PASSED_ON.value
_NO_WORDS: frozenset[int] = frozenset()


class Question(NamedTuple):
    """What a customer waits with: the cues and the word fingerprints of their messages, together. No cues at all where the
    messages have left the window. (A tuple, because one is made for each reply.)"""

    cues: int
    prints: frozenset[int]

    @property
    def asks(self) -> bool:
        """Whether it is put as a question."""
        return bool(self.cues & QUESTION)

    @property
    def asks_yes_or_no(self) -> bool:
        """Whether a yes or no may answer it: it begins with no how, why or where."""
        return self.asks and not self.cues & _ASKS_OPENLY

    @property
    def asks_fact(self) -> bool:
        """Whether a word or a number may answer it: where, who, which, how many."""
        return bool(self.cues & _ASKS_FACT)

    @property
    def asks_who(self) -> bool:
        """Whether somebody's name may answer it."""
        return bool(self.cues & _ASKS_WHO)

    @property
    def asks_link(self) -> bool:
        """Whether a bare link may be what was asked for: where something is, or the link to it."""
        return bool(self.cues & (_ASKS_FACT | _ASKS_WHERE))

    @property
    def asks_when(self) -> bool:
        """Whether it asks for a time."""
        return bool(self.cues & _WHEN) and self.asks

    @property
    def asks_where(self) -> bool:
        """Whether it asks where to turn to."""
        return bool(self.cues & _ASKS_WHERE)

    @property
    def asks_to_pass_on(self) -> bool:
        """Whether it asks to have something passed on or filed."""
        return bool(self.cues & _PASSED_ON)


def question_of(wait: Wait, window: Window) -> Question:
    """The question a wait is about."""
    messages = wait.messages
    if len(messages) > 2 * MOST_MESSAGES:
        messages = messages[:MOST_MESSAGES] + messages[-MOST_MESSAGES:]
    cues = 0
    prints = _NO_WORDS
    get = window.get
    for id in messages:
        entry = get(id)
        if entry is not None:
            reading = entry.reading
            cues |= reading.cues
            prints = prints.union(reading.fingerprints) if prints else frozenset(reading.fingerprints)
    return Question(cues, prints)


def colleague(seen: MessageRecord, wait: Wait, window: Window, members: Collection[str]) -> int:
    """How strongly a member's message is put to a colleague by name, and not to a customer: 0 (not at all) to LEADING. `members`
    are the team's; who wrote here as one is one."""
    found = 0
    for person, strength in seen.reading.addressed:
        if person == wait.customer:
            return 0
        if strength >= MENTIONED:
            if person not in members:
                wrote = window.by(person)
                if not wrote or wrote[-1].role is not MEMBER:
                    return 0
            found = max(found, strength)
    return found


def names_colleague(seen: MessageRecord, wait: Wait, window: Window, members: Collection[str]) -> bool:
    """Whether a member's message holds the name of a colleague, wherever it stands, and not its customer's. `members` are the
    team's; who wrote here as one is one."""
    found = False
    for person, _ in seen.reading.addressed:
        if person == wait.customer:
            return False
        found = found or person in members or bool((wrote := window.by(person)) and wrote[-1].role is MEMBER)
    return found


def answers_colleague(seen: MessageRecord, wait: Wait, window: Window) -> bool:
    """Whether the last that was said there was a colleague's word to this member, by name, a moment ago, and they name no
    customer: then what they say in a few words is the answer to that."""
    if seen.reading.addressed and seen.reading.names(wait.customer):
        return False
    for other in window.before(seen.at, seen.id):
        if seen.at - other.at > TALK_AMONG_COLLEAGUES:
            break
        if other.thread == seen.thread:
            return other.role is MEMBER and other.author != seen.author and other.reading.names(seen.author) >= MENTIONED
    return False


def goes_on(seen: MessageRecord, wait: Wait, window: Window) -> bool:
    """Whether its author wrote just before, and after the customer: then it may be the rest of what they say."""
    for earlier in reversed(window.by(seen.author)):
        if (earlier.at, earlier.id) < (seen.at, seen.id):
            return seen.at - earlier.at <= GOES_ON and earlier.at > wait.last_message_at
    return False


def to_their_face(seen: MessageRecord, wait: Wait) -> bool:
    """Whether it is said to the customer by name, out of a thread, soon after they wrote: in a lively channel whoever does that
    talks with them, and few words say much."""
    return (
        seen.thread is None
        and seen.at - wait.last_message_at <= TALK
        and seen.reading.names(wait.customer) >= MENTIONED
        and not wait.replies
    )


def in_talk(seen: MessageRecord, wait: Wait, window: Window) -> bool:
    """Whether what the customer waits with goes on with a talk they had with the team just before: then little is said with few
    words, and still an answer."""
    if wait.replies or seen.at - wait.last_message_at > TALK:
        return False
    speaker = Conversation.before(window, seen).people.get(wait.customer)
    told = speaker.from_member if speaker is not None else None
    return told is not None and told.at < wait.last_message_at and seen.at - told.at <= TALK
