"""Which open wait does a member's message reply to? A choice among the conversations of the moment.

Every open wait, every customer the team has just been talking with, and "nobody in particular" are candidates; each gets a
score, and the scores compete (a softmax), so that a reply that clearly goes on with Dana's solved question doesn't end Omar's
wait only because his is the only one open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log1p

from bot.core.model import Role, Seconds, Seen, Wait
from bot.core.window import Window
from bot.judge.reading import FUZZY, INLINE, LEADING, MENTIONED, Cue
from bot.judge.talk import Talk, Voice, talk_before

MOST_WAITS = 6
"""Open waits scored for one message: those with evidence of their own, then the customers who spoke last."""

MOST_TALKS = 3
"""Conversations without an open wait that compete with the waits, the latest ones."""

FEATURES: tuple[str, ...] = (
    "named at the start",
    "mentioned",
    "named inside",
    "named in short or misspelt",
    "somebody else is named",
    "somebody else is named at the start",
    "their thread",
    "thread of their message",
    "thread they wrote in",
    "another thread",
    "reply to their message",
    "reply to another's message",
    "waits",
    "waits, had a reply",
    "waits, had a reply from this member",
    "spoke last of all",
    "spoke last of the customers",
    "spoke second last of the customers",
    "customers who spoke since",
    "minutes since they spoke",
    "messages since they spoke",
    "hours waiting",
    "longest waiting",
    "too fast to be typed since",
    "nearly too fast",
    "this member's last partner",
    "this member's last partner, just now",
    "this member's last partner, they spoke since",
    "this member's last partner, they called since",
    "goes on at once",
    "goes on within seconds",
    "goes on within a minute",
    "goes on, lower start",
    "goes on, only a link",
    "goes on, as the last to speak",
    "goes on, names people usually",
    "goes on, answers in threads usually",
    "this member wrote to another at once",
    "this member wrote to another within seconds",
    "this member is talking with somebody else",
    "this member is talking with somebody else who waits",
    "names people usually, but not now",
    "answers in threads usually, but not now",
    "this member told them last",
    "another member told them last",
    "another member told them since they spoke",
    "this member told them since they spoke",
    "nobody has told them anything",
    "they named this member",
    "they named another member",
    "they spoke to a customer",
    "words in common",
    "telling words in common",
    "most words in common",
    "fewer words in common than another",
    "their last message calls",
    "their last message asks, yes or no is said",
    "greeting returned",
    "thanks returned",
    "their thanks would be returned",
    "asks, they told of a problem",
    "looks into it, they gave something to look at",
    "question to a new customer",
    "bare message, just thanked",
    "only one waiting",
    "never told since they began to wait",
    "nobody",
    "nobody, bare message",
    "nobody, this member just wrote",
    "nobody, names a stranger",
    "nobody, nobody waits",
    "nobody, customers wait",
    "nobody, member spoke last",
    "nobody, laughs or smiles",
    "nobody, names a member",
)

WIDTH = len(FEATURES)
_NOBODY = FEATURES.index("nobody")

AT_ONCE: Seconds = 4.0
SECONDS: Seconds = 15.0
JUST_NOW: Seconds = 60.0
TALKING: Seconds = 180.0
RECENT: Seconds = 900.0
"""How far back a conversation without an open wait still competes, in seconds."""

TYPED = 14.0
"""Characters a second nobody types for long: a long answer that came sooner wasn't to what was just said."""

LOOKED_AT = 5
"""Messages of a wait whose words are compared: its first and its latest."""

CALLS = 0.5

_YES_NO = Cue.YES_START.value | Cue.NO_START.value
_GREETING = Cue.GREETING.value
_ASKS = Cue.QUESTION_MARK.value | Cue.ASKS_FOR.value
_QM = Cue.QUESTION_MARK.value
_BARE = Cue.BARE.value
_THANKS = Cue.THANKS.value
_STRANGER = Cue.STRANGER.value
_LOWER = Cue.LOWER_START.value
_ONLY_LINK = Cue.ONLY_LINK.value
_WELCOME = Cue.WELCOME.value
_HOLDING = Cue.HOLDING.value
_PROBLEM = Cue.PROBLEM.value
_MATTER = Cue.CODE.value | Cue.LINK.value | Cue.IDENTIFIER.value
_FUN = Cue.LAUGH.value | Cue.SMILE.value


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody a member's message may be meant for: a customer with an open wait, or without one; None = nobody."""

    customer: str | None
    wait: Wait | None
    values: tuple[float, ...]
    named: int = 0


def names_customer(found: Sequence[Candidate]) -> bool:
    """Whether the message names one of its candidates: names decide differently than everything else does."""
    return any(candidate.named for candidate in found)


def candidates(seen: Seen, window: Window, waits: Sequence[Wait], talk: Talk | None = None) -> list[Candidate]:
    """All candidates with their feature values; "nobody" is the last."""
    if talk is None:
        talk = talk_before(window, seen)
    named = {person: strength for person, strength in seen.reading.addressed if person != seen.author}
    scope = _shortlist(seen, waits, talk, named)
    surely = {
        person
        for person, strength in named.items()
        if strength >= MENTIONED and (person not in talk.people or talk.people[person].role is not Role.MEMBER)
    }
    if surely:
        # A message that starts with a name is for that person: nobody else needs to be weighed.
        scope = [wait for wait in scope if wait.customer in surely]
        waiting = {wait.customer for wait in scope}
        without = [person for person in surely if person not in waiting and person in talk.people]
        return _score(seen, window, talk, named, [(wait.customer, wait) for wait in scope] + [(p, None) for p in without])
    waiting = {wait.customer for wait in scope}
    pairs: list[tuple[str, Wait | None]] = [(wait.customer, wait) for wait in scope]
    others = 0
    for customer in reversed(talk.customers):
        if customer in waiting or customer == seen.author:
            continue
        voice = talk.people[customer]
        strong = customer in named
        if not strong:
            spoke = voice.last
            latest = max(spoke.at if spoke else 0.0, voice.told.at if voice.told else 0.0)
            if others >= MOST_TALKS or seen.at - latest > RECENT:
                if others >= MOST_TALKS and not named:
                    break
                continue
            others += 1
        pairs.append((customer, None))
    return _score(seen, window, talk, named, pairs)


def _shortlist(seen: Seen, waits: Sequence[Wait], talk: Talk, named: dict[str, int]) -> list[Wait]:
    if len(waits) <= MOST_WAITS:
        return [wait for wait in waits if wait.customer != seen.author]
    people = talk.people

    def merit(wait: Wait) -> tuple[int, float]:
        voice = people.get(wait.customer)
        referred = seen.reply_to in wait.messages or (
            seen.thread is not None and (seen.thread in wait.messages or seen.thread == wait.thread)
        )
        strong = named.get(wait.customer, 0) + 8 * referred
        return (strong, float(voice.last_n) if voice is not None else -1.0)

    return sorted((wait for wait in waits if wait.customer != seen.author), key=merit, reverse=True)[:MOST_WAITS]


def _score(
    seen: Seen, window: Window, talk: Talk, named: dict[str, int], pairs: list[tuple[str, Wait | None]]
) -> list[Candidate]:
    reading = seen.reading
    cues = reading.cues
    people = talk.people
    me = people.get(seen.author)
    order = {customer: rank for rank, customer in enumerate(reversed(talk.customers))} if talk.customers else {}
    root = window.get(seen.thread) if seen.thread is not None else None
    target = window.get(seen.reply_to) if seen.reply_to is not None else None
    partner = me.partner if me is not None else None
    partner_gap = seen.at - me.partner_at if me is not None and me.partner is not None else 1e9
    me_last = me.last if me is not None else None
    last = talk.last
    last_author = last.author if last is not None else None
    prints = set(reading.fingerprints)
    named_customers = {
        person: strength
        for person, strength in named.items()
        if (other := people.get(person)) is None or other.role is not Role.MEMBER
    }
    top_named = max(named_customers.values(), default=0)
    open_waits = [wait for _, wait in pairs if wait is not None]
    oldest = min((wait.opened_at for wait in open_waits), default=0.0)
    waiting_people = {wait.customer for wait in open_waits}
    overlaps: list[float] = []
    rarity = talk.rarity
    me_gap = seen.at - me_last.at if me_last is not None else 1e9
    i_spoke_last = last_author == seen.author
    unnamed = not named
    habit = me.habit if me is not None and unnamed else 0.0
    threaded = talk.threaded if seen.thread is None and unnamed else 0.0
    lower = bool(cues & _LOWER)
    only_link = bool(cues & _ONLY_LINK)
    rows: list[list[float]] = []
    chars = reading.chars
    said_yes_no = bool(cues & _YES_NO)
    greets = bool(cues & _GREETING)
    asks = bool(cues & _ASKS)
    bare = bool(cues & _BARE)
    welcomes = bool(cues & _WELCOME)
    holds = bool(cues & _HOLDING)
    partner_waits = partner in waiting_people

    for customer, wait in pairs:
        voice = people.get(customer)
        strength = named.get(customer, 0)
        spoke = voice.last if voice is not None else None
        told = voice.told if voice is not None else None
        since = seen.at - spoke.at if spoke is not None else (seen.at - wait.last_at if wait is not None else 1e5)
        since = max(since, 0.0)
        between = talk.n - voice.last_n if voice is not None and spoke is not None else 200
        rank = order.get(customer, 50)
        their = their_message = wrote_in = other_thread = False
        if seen.thread is not None:
            if wait is not None and (seen.thread == wait.thread):
                their = True
            if wait is not None and seen.thread in wait.messages:
                their_message = True
            elif root is not None and root.author == customer:
                their_message = True
            if spoke is not None and spoke.thread == seen.thread:
                wrote_in = True
            other_thread = not (their or their_message or wrote_in)
        elif wait is not None and wait.thread is not None:
            other_thread = True
        reply_theirs = seen.reply_to is not None and (
            (wait is not None and seen.reply_to in wait.messages) or (target is not None and target.author == customer)
        )
        reply_other = seen.reply_to is not None and target is not None and not reply_theirs
        common = telling = 0.0
        wait_cues = 0
        shared: set[int] = set()
        if wait is not None:
            ids = wait.messages if len(wait.messages) <= LOOKED_AT else (wait.messages[0], *wait.messages[-LOOKED_AT + 1 :])
            for id in ids:
                entry = window.get(id)
                if entry is not None:
                    wait_cues |= entry.reading.cues
                    shared.update(prints.intersection(entry.reading.fingerprints))
        elif voice is not None:
            for entry in (voice.last, voice.before):
                if entry is not None:
                    shared.update(prints.intersection(entry.reading.fingerprints))
        if shared:
            for word in shared:
                weight = rarity(word)
                common += weight
                telling = max(telling, weight)
        overlaps.append(common)
        my_partner = partner == customer
        spoke_since = voice is not None and me is not None and voice.last_n > me.partner_n
        told_since = voice is not None and voice.told_since > 0
        told_by_me = told is not None and told.author == seen.author
        spoke_cues = spoke.reading.cues if spoke is not None else 0
        names_me = names_other = to_customer = False
        if spoke is not None:
            for person, _ in spoke.reading.addressed:
                if person == seen.author:
                    names_me = True
                else:
                    addressee = people.get(person)
                    if addressee is not None and addressee.role is Role.MEMBER:
                        names_other = True
                    elif addressee is not None:
                        to_customer = True
        calls = spoke.calls if spoke is not None else 0.0
        speed = chars / (since + 2.0)
        mine_replied = wait is not None and any(reply.by == seen.author for reply in wait.replies)
        rows.append(
            [
                strength == LEADING,
                strength == MENTIONED,
                strength == INLINE,
                strength == FUZZY,
                not strength and top_named > 0,
                not strength and top_named == LEADING,
                their,
                their_message,
                wrote_in,
                other_thread,
                reply_theirs,
                reply_other,
                wait is not None,
                wait is not None and bool(wait.replies),
                mine_replied,
                last_author == customer,
                rank == 0,
                rank == 1,
                log1p(rank) / 2.0,
                log1p(since / 60.0) / 4.0,
                log1p(between) / 4.0,
                log1p(max(seen.at - wait.opened_at, 0.0) / 600.0) / 3.0 if wait is not None else 0.0,
                wait is not None and wait.opened_at == oldest and len(open_waits) > 1,
                speed > TYPED,
                TYPED / 2 < speed <= TYPED,
                my_partner and partner_gap <= RECENT,
                my_partner and partner_gap <= JUST_NOW,
                my_partner and spoke_since and partner_gap <= RECENT,
                my_partner and spoke_since and calls >= CALLS and partner_gap <= RECENT,
                my_partner and me_gap <= AT_ONCE,
                my_partner and AT_ONCE < me_gap <= SECONDS,
                my_partner and SECONDS < me_gap <= JUST_NOW,
                my_partner and lower and me_gap <= JUST_NOW,
                my_partner and only_link and me_gap <= JUST_NOW,
                my_partner and i_spoke_last and me_gap <= TALKING,
                habit if my_partner and me_gap <= TALKING else 0.0,
                threaded if my_partner and me_gap <= TALKING else 0.0,
                not my_partner and partner is not None and me_gap <= AT_ONCE,
                not my_partner and partner is not None and AT_ONCE < me_gap <= SECONDS,
                not my_partner and partner is not None and partner_gap <= JUST_NOW,
                not my_partner and partner_waits and partner_gap <= TALKING,
                habit if not my_partner else 0.0,
                threaded if not my_partner else 0.0,
                told_by_me,
                told is not None and not told_by_me,
                told_since and not told_by_me,
                told_since and told_by_me,
                told is None,
                names_me,
                names_other and not names_me,
                to_customer,
                min(common, 3.0) / 2.0,
                telling,
                0.0,
                0.0,
                calls,
                said_yes_no and bool(spoke_cues & _QM),
                greets and bool(spoke_cues & _GREETING) and told is None,
                welcomes and bool(spoke_cues & _THANKS),
                not welcomes and bool(spoke_cues & _THANKS),
                asks and bool(wait_cues & _PROBLEM) and not told_since,
                holds and bool(wait_cues & _MATTER) and not told_since,
                asks and told is None,
                bare and bool(spoke_cues & _THANKS) and not told_since,
                len(open_waits) == 1 and wait is not None,
                wait is not None and not wait.replies and (told is None or told.at < wait.opened_at),
            ]
        )
    best = min(max(overlaps, default=0.0), 3.0)
    if best > 0.0:
        column = FEATURES.index("most words in common")
        for row, shares in zip(rows, overlaps, strict=True):
            common = min(shares, 3.0)
            row[column] = float(common == best)
            row[column + 1] = best - common
    found = [
        Candidate(customer, wait, tuple(row) + _PAD, named.get(customer, 0))
        for (customer, wait), row in zip(pairs, rows, strict=True)
    ]
    just_wrote = me_last is not None and seen.at - me_last.at <= JUST_NOW
    nobody = (
        1.0,
        bare,
        just_wrote,
        bool(cues & _STRANGER),
        not open_waits,
        log1p(len(open_waits)),
        last is not None and last.role is Role.MEMBER,
        bool(cues & _FUN),
        bool(named) and not named_customers,
    )
    found.append(Candidate(None, None, (0.0,) * _NOBODY + nobody))
    return found


_PAD = (0.0,) * (WIDTH - _NOBODY)

__all__ = ["FEATURES", "Candidate", "Voice", "candidates"]
