"""Whom is a message meant for where everybody is a peer? The candidates with the values of their features."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from math import log1p

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.reading import FUZZY, INLINE, LEADING, MENTIONED, Cue
from bot.judge.cue_sets import YES_NO
from bot.judge.linear import Values
from bot.judge.peers import features as flag
from bot.judge.peers.conversation import CALLS, Peer, PeerConversation

MOST_RECENT = 4
"""People who spoke last and compete, besides those who are named or have been speaking with the author."""

RECENT: Seconds = 900.0
FAR = 100
"""How far back somebody's last message may lie for them to compete unnamed: seconds, and messages."""

LATELY = 40
NEAR = 15
WAITS = 60
QUESTION = 80
"""Messages for which a thing counts as lately said, a talk as going on, an asker as waiting, their question's words as worth
comparing."""

_QM = Cue.QUESTION_MARK.value
_THANKS = Cue.THANKS.value
_BARE = Cue.BARE.value
_ACK = Cue.ACK_START.value
_ADVICE = Cue.ADVICE.value | Cue.YOU.value
_GREETING = Cue.GREETING.value
_WELCOME = Cue.WELCOME.value
_COMMAND = Cue.COMMAND.value
_STRANGER = Cue.STRANGER.value
_FITS = YES_NO | _ADVICE | _ACK | _GREETING | _WELCOME | _COMMAND
_NAMES = {
    LEADING: flag.NAMED_AT_THE_START,
    MENTIONED: flag.MENTIONED,
    INLINE: flag.NAMED_INSIDE,
    FUZZY: flag.NAMED_IN_SHORT,
}
_LATELY = {INLINE: flag.NAMED_INSIDE_LATELY, FUZZY: flag.NAMED_IN_SHORT_LATELY}
_PLACES = (0, flag.SPOKE_LAST, flag.SPOKE_SECOND, flag.SPOKE_THIRD, flag.SPOKE_THIRD, *(flag.SPOKE_FIFTH,) * 4)
_UNTOLD = (flag.UNTOLD_FIRST, flag.UNTOLD_SECOND, flag.UNTOLD_THIRD)


def shape_of(cues: int) -> int:
    """What a message does: 0 asks, 1 thanks, 2 bare, 3 says."""
    if cues & _QM:
        return 0
    if cues & _THANKS:
        return 1
    return 2 if cues & _BARE else 3


class PeerMessageContext:
    """A message as it looks to every candidate."""

    __slots__ = (
        "calls", "conversation", "cues", "habit", "helped", "linked", "me", "n", "named", "partner", "partner_gap", "prints",
        "seen", "shape", "since_me", "top", "untold", "waits",
    )  # fmt: skip

    def __init__(self, seen: MessageRecord, conversation: PeerConversation, linked: Mapping[str, int]) -> None:
        self.seen = seen
        self.linked = linked
        self.conversation = conversation
        self.n = conversation.n
        reading = seen.reading
        people = conversation.people
        self.named = {person: how for person, how in reading.addressed if person != seen.author and person in people}
        self.top = max(self.named.values()) if self.named else 0
        self.cues = reading.cues
        self.shape = shape_of(reading.cues)
        self.calls = seen.reply_probability >= CALLS
        self.prints = set(reading.fingerprints)
        me = people.get(seen.author)
        self.me = me if me is not None and me.last is not None else None
        self.since_me = conversation.n - me.last_n if self.me is not None and me is not None else 999
        self.partner = me.to if me is not None else None
        self.partner_gap = conversation.n - me.to_n if me is not None and me.to is not None else 999
        self.habit = me.habit if me is not None else 0.5
        self.helped = log1p(me.helped) / 2.0 if me is not None else 0.0
        self.waits = me is not None and me.asked is not None and conversation.n - me.asked_n < WAITS
        self.untold = self._untold()

    def _untold(self) -> list[str]:
        """Who asked lately and heard nothing since, the latest first; three at most."""
        found: list[str] = []
        people, n, author = self.conversation.people, self.n, self.seen.author
        for person in reversed(self.conversation.asking):
            if n - people[person].last_n >= WAITS:
                break
            if person != author:
                found.append(person)
                if len(found) == len(_UNTOLD):
                    break
        return found

    def candidates(self) -> list[str]:
        """The people it may be meant for: who is named, and whose message it replies to by the platform's own reference;
        without one, and unless somebody is named at the start, also who has been speaking with its author, and who spoke
        last."""
        people, author = self.conversation.people, self.seen.author
        found = list(self.named)
        found += [person for person in self.linked if person not in found and person in people]
        if self.top >= MENTIONED or self.linked:
            return [person for person in found if people[person].last is not None]
        if self.me is not None:
            found += [person for person in dict.fromkeys((self.me.to, self.me.by)) if person in people and person not in found]
        found = [person for person in found if person != author and people[person].last is not None]
        recent = 0
        for person in reversed(self.conversation.order):
            if recent >= MOST_RECENT:
                break
            if person == author:
                continue
            peer = people[person]
            if self.n - peer.last_n > FAR or (peer.last is not None and self.seen.at - peer.last.at > RECENT):
                break
            recent += 1
            if person not in found:
                found.append(person)
        return found


def persons(context: PeerMessageContext, candidates: Iterable[str]) -> tuple[list[Values], float]:
    """The values of each candidate, and the rarity of the words that the message shares with anybody at most."""
    people = context.conversation.people
    rows: list[tuple[list[float], list[int], float]] = []
    best = 0.0
    for person in candidates:
        amounts, flags = _person(context, person, people[person])
        best = max(best, amounts[2])
        rows.append((amounts, flags, amounts[2]))
    if best > 0.0:
        for amounts, flags, common in rows:
            if common == best:
                flags.append(flag.MOST_WORDS)
            else:
                amounts[flag.FEWER_WORDS] = 2.0 * (best - common)
    return [(amounts, flags) for amounts, flags, _ in rows], 2.0 * best


def _person(context: PeerMessageContext, person: str, peer: Peer) -> tuple[list[float], list[int]]:
    seen, conversation, n = context.seen, context.conversation, context.n
    cues, shape, top = context.cues, context.shape, context.top
    author = seen.author
    last = peer.last
    assert last is not None
    last_cues = last.reading.cues
    gap = n - peer.last_n + 1
    asked = last.reply_probability >= CALLS
    theirs = conversation.pairs.get((person, author))
    flags: list[int] = []
    add = flags.append
    if top:
        how = context.named.get(person, 0)
        if how:
            add(_NAMES[how])
            if how in _LATELY and gap <= LATELY:
                add(_LATELY[how])
            if theirs is not None:
                add(flag.NAMED_SPOKE_BEFORE)
            if len(context.named) > 1:
                add(flag.NAMED_WITH_OTHERS)
        else:
            add(flag.SOMEBODY_ELSE_NAMED)
    if person in context.linked:
        add(context.linked[person])
    if gap <= 8:
        add(_PLACES[gap])
    if last.reading.addressed or last_cues & _STRANGER:
        if last.reading.addressed and last.reading.names(author):
            add(flag.LAST_NAMES_ME)
            add(flag.LAST_NAMES_ME_SHAPE + shape)
        else:
            add(flag.LAST_NAMES_ANOTHER)
    if last_cues & _QM:
        add(flag.LAST_ASKS_SHAPE + shape)
    if not peer.received_since:
        add(flag.NOBODY_SINCE)
        if asked:
            add(flag.NOBODY_SINCE_ASKED_SHAPE + shape)
    elif peer.by == author:
        add(flag.I_SINCE)
    mine = conversation.pairs.get((author, person))
    lately = 0.0
    if mine is None:
        add(flag.I_NEVER)
    else:
        add(flag.I_BEFORE)
        if mine > peer.last_n:
            add(flag.I_SILENT_SINCE)
        lately = 1.0 / (1.0 + log1p(n - mine))
    if theirs is not None:
        add(flag.THEY_BEFORE)
        if context.me is not None and theirs > context.me.last_n:
            add(flag.THEY_SINCE_SHAPE + shape)
        if cues & _THANKS:
            add(flag.THANKS_THEY)
    if context.partner == person:
        add(flag.PARTNER)
        if context.me is not None and peer.last_n <= context.me.to_n:
            add(flag.PARTNER_SILENT)
    elif context.partner_gap <= NEAR:
        add(flag.I_WITH_ANOTHER)
    if peer.to is not None and peer.to != author and n - peer.to_n <= NEAR:
        add(flag.THEY_WITH_ANOTHER)
    if peer.by is not None and peer.by != author and n - peer.by_n <= NEAR:
        add(flag.ANOTHER_WITH_THEM)
    if peer.messages == 1:
        add(flag.THEIR_FIRST)
    if context.me is None:
        add(flag.I_AM_NEW)
        if last.reply_probability < 0.3:
            add(flag.I_AM_NEW_NO_QUESTION)
    if context.waits or context.calls or cues & _FITS:
        _fits(context, peer, last_cues, asked, gap, add)
    helps = 0.0
    if person in context.untold:
        add(_UNTOLD[context.untold.index(person)])
        helps = context.helped
        if len(context.untold) == 1:
            add(flag.ONLY_UNTOLD)
    common, telling = _in_common(context, peer) if context.prints else (0.0, 0.0)
    return [
        log1p(gap) / 3.0,
        log1p((seen.at - last.at) / 60.0) / 2.0 if seen.at > last.at else 0.0,
        common / 2.0,
        telling,
        last.reply_probability,
        log1p(peer.received_since),
        lately,
        context.habit if not top else 0.0,
        context.habit if not top and context.partner == person else 0.0,
        helps,
        0.0,
    ], flags


def _fits(context: PeerMessageContext, peer: Peer, last_cues: int, asked: bool, gap: int, add: Callable[[int], None]) -> None:
    """Whether the message is what one would say to what they said last."""
    cues, author = context.cues, context.seen.author
    if cues & YES_NO and last_cues & _QM:
        add(flag.YES_NO_ASKED)
    if cues & _ADVICE:
        add(flag.ADVICE_ASKED if asked else flag.ADVICE)
    if cues & _ACK and peer.to == author:
        add(flag.ACCEPTS_THEY)
    if cues & _GREETING:
        add(flag.GREETING_RETURNED if last_cues & _GREETING else flag.GREETING)
    if cues & _WELCOME:
        add(flag.WELCOME_THANKED if last_cues & _THANKS else flag.WELCOME)
    if context.waits:
        add(flag.I_WAIT_AND_ASK if context.calls else flag.I_WAIT)
    if context.calls and peer.to != author:
        add(flag.ASKS_UNASKED)
    if cues & _COMMAND:
        add(flag.COMMAND)
        if asked and gap <= 4:
            add(flag.COMMAND_ASKED)


def _in_common(context: PeerMessageContext, peer: Peer) -> tuple[float, float]:
    """The rarity of the words shared with somebody's last messages and question, at most 3; that of the rarest."""
    prints = context.prints
    shared: set[int] = set()
    # As `shared_words` would, which as a call would be felt: this is asked about every candidate.
    for entry in (peer.last, peer.before, peer.asked if context.n - peer.asked_n < QUESTION else None):
        if entry is not None and not prints.isdisjoint(entry.reading.fingerprints):
            shared |= prints.intersection(entry.reading.fingerprints)
    if not shared:
        return 0.0, 0.0
    weights = context.conversation.rarities(shared)
    return max(0.0, min(sum(weights), 3.0)), max(weights)
