"""Does this customer's message call for a reply? Features of its reading and of the conversation it stands in."""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from bot.core.model import Role, Seconds, Seen, Wait
from bot.core.window import Window
from bot.judge.reading import Cue
from bot.judge.talk import Talk, talk_before

CUES: tuple[Cue, ...] = (
    Cue.QUESTION_MARK,
    Cue.ENDS_ASKING,
    Cue.ASK_START,
    Cue.ASK_IN,
    Cue.REQUEST,
    Cue.HELP,
    Cue.WANT,
    Cue.PROBLEM,
    Cue.NEGATION,
    Cue.THANKS,
    Cue.ACK_START,
    Cue.ACK_IN,
    Cue.YES_START,
    Cue.NO_START,
    Cue.SOLVED,
    Cue.WILL,
    Cue.GREETING,
    Cue.FAREWELL,
    Cue.SMILE,
    Cue.LAUGH,
    Cue.LINK,
    Cue.CODE,
    Cue.IDENTIFIER,
    Cue.BUMP,
    Cue.HEDGE,
    Cue.EXCLAIM,
    Cue.UNFINISHED,
    Cue.CORRECTION,
    Cue.LOWER_START,
    Cue.APOLOGY,
    Cue.PRAISE,
    Cue.OWN,
    Cue.BARE,
    Cue.STRANGER,
    Cue.QUOTE,
    Cue.FOREIGN,
    Cue.ONLY_LINK,
    Cue.ADVICE,
    Cue.YOU,
    Cue.WAITING,
    Cue.NARRATES,
    Cue.FILES,
    Cue.CALLS_TEAM,
)
"""Cues that are features by themselves."""

_BITS = tuple(cue.value for cue in CUES)

CONTEXT: tuple[str, ...] = (
    "two words",
    "one word",
    "no words",
    "says it is fine, asks nothing",
    "says it is fine, but tells of a problem",
    "says it is fine, at length",
    "says it is fine, at length, team just spoke to them",
    "thanks, asks nothing",
    "thanks and little else",
    "accepts, asks nothing",
    "accepts and little else",
    "own next step, asks nothing",
    "solved, asks nothing",
    "praise, asks nothing",
    "no cue at all",
    "statement",
    "problem or wish, not thanks",
    "greeting and content",
    "open wait",
    "open wait with a reply",
    "open wait, statement",
    "open wait, code or link",
    "open wait, bare",
    "burst",
    "burst, statement",
    "burst, lower start",
    "split line",
    "after own greeting",
    "after own call",
    "after own non-call",
    "team spoke to them",
    "team spoke to them, statement",
    "team asked",
    "team asked, statement",
    "team asked, accepts",
    "team asked, own next step",
    "team asked, identifier or code",
    "team asked for something",
    "team answered, statement",
    "team answered, accepts start",
    "team answered, problem",
    "team answered, negation",
    "team held",
    "team never spoke to them",
    "new here",
    "new here, statement",
    "names a member",
    "names a member, statement",
    "names a member, at the start",
    "names a customer",
    "names a customer, asks",
    "names a customer, at the start",
    "names somebody unknown",
    "customer spoke to them",
    "customer spoke to them, statement",
    "talks with a customer",
    "talks with a customer, asks",
    "talks with a member",
    "other customer spoke last",
    "member spoke last",
    "long silence",
    "reply to member",
    "reply to customer",
    "thread",
    "thread of another customer",
    "member spoke last in the thread",
)

MEASURES: tuple[str, ...] = ("long", "content", "open wait, minutes", "own last calls", "team answered, long")

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

FEATURES: tuple[str, ...] = MEASURES + tuple((cue.name or "").lower().replace("_", " ") for cue in CUES) + CONTEXT

BURST: Seconds = 90.0
SPLIT: Seconds = 2.0
FRESH: Seconds = 600.0
"""How long what the team said to a customer counts as just said, in seconds."""
PEER: Seconds = 600.0
SILENCE: Seconds = 900.0
CALLS = 0.5
LENGTH = 8
"""Words of content from which a message says more than that it's fine."""

_QM = Cue.QUESTION_MARK.value
_ASKS = _QM | Cue.ASK_START.value | Cue.ASK_IN.value | Cue.REQUEST.value | Cue.HELP.value | Cue.BUMP.value
_SOFT = (
    Cue.THANKS.value
    | Cue.ACK_START.value
    | Cue.PRAISE.value
    | Cue.SOLVED.value
    | Cue.WILL.value
    | Cue.LAUGH.value
    | Cue.FAREWELL.value
)
_NEEDS = Cue.PROBLEM.value | Cue.WANT.value
_THANKS = Cue.THANKS.value
_ACK = Cue.ACK_START.value | Cue.YES_START.value
_WILL = Cue.WILL.value
_SOLVED = Cue.SOLVED.value
_PRAISE = Cue.PRAISE.value
_BARE = Cue.BARE.value
_GREETING = Cue.GREETING.value
_LOWER = Cue.LOWER_START.value
_MATTER = Cue.CODE.value | Cue.LINK.value | Cue.IDENTIFIER.value
_ASKED = _QM | Cue.ASKS_FOR.value
_NEGATION = Cue.NEGATION.value | Cue.NO_START.value
_PROBLEM = Cue.PROBLEM.value
_HOLDING = Cue.HOLDING.value | Cue.PROMISE.value
_STRANGER = Cue.STRANGER.value
_LITTLE = 3


def features(seen: Seen, window: Window, waits: Sequence[Wait], talk: Talk | None = None) -> list[float]:
    """The values of FEATURES for a customer's message."""
    if talk is None:
        talk = talk_before(window, seen)
    reading = seen.reading
    cues = reading.cues
    rest = reading.rest
    asks = bool(cues & _ASKS)
    statement = not asks and not cues & _SOFT and not cues & _BARE
    soft = not asks and bool(cues & _SOFT)
    little = rest <= _LITTLE

    wait = None
    for candidate in waits:
        if candidate.customer == seen.author and (
            candidate.thread == seen.thread or (seen.thread is not None and seen.thread in candidate.messages)
        ):
            wait = candidate
    waiting = wait is not None
    replied = wait is not None and bool(wait.replies)

    voice = talk.people.get(seen.author)
    last = voice.last if voice is not None else None
    gap = seen.at - last.at if last is not None else 1e9
    adjacent = voice is not None and voice.last_n == talk.n
    told = voice.told if voice is not None and voice.told_since else None
    if told is not None and seen.at - told.at > FRESH * 6:
        told = None
    heard = told is not None
    told_cues = told.reading.cues if told is not None else 0
    asked = heard and voice is not None and voice.asked
    answered = heard and not asked
    held = bool(told_cues & _HOLDING)
    burst = gap <= BURST and not heard
    own_calls = last.calls if last is not None else 0.0
    after_greeting = (
        burst and last is not None and last.reading.cues & _BARE > 0 and last.reading.cues & (_GREETING | _ACK | _THANKS) > 0
    )
    split = adjacent and gap <= SPLIT

    member = customer = leading = 0
    for person, strength in reading.addressed:
        other = talk.people.get(person)
        if other is not None and other.role is Role.CUSTOMER:
            customer = max(customer, strength)
        else:
            member = max(member, strength)
        leading = max(leading, strength)
    named_customer = customer > 1 and member <= customer
    named_member = member > 0 and not named_customer

    peer = (
        voice is not None
        and voice.peer is not None
        and voice.peer_n > voice.last_n
        and voice.peer_n > voice.told_n
        and seen.at - voice.peer.at <= PEER
    )
    with_customer = with_member = False
    if voice is not None:
        to_peer = voice.partner_n if voice.partner is not None and voice.partner_role is Role.CUSTOMER else -1
        to_team = voice.partner_n if voice.partner is not None and voice.partner_role is Role.MEMBER else -1
        peers = max(to_peer, voice.peer_n)
        team = max(to_team, voice.told_n)
        with_customer = not named_member and peers > team and voice.last is not None and seen.at - voice.last.at <= PEER
        with_member = not named_customer and team > peers
    before = talk.last
    other_customer = before is not None and before.role is Role.CUSTOMER and before.author != seen.author
    member_last = before is not None and before.role is Role.MEMBER
    silence = before is None or seen.at - before.at > SILENCE
    never = voice is None or voice.told is None
    new = voice is None

    to_member = to_customer = foreign_thread = thread_member = False
    if seen.reply_to is not None:
        target = window.get(seen.reply_to)
        if target is not None and target.author != seen.author:
            to_member = target.role is Role.MEMBER
            to_customer = target.role is Role.CUSTOMER
    if seen.thread is not None:
        root = window.get(seen.thread)
        foreign_thread = root is not None and root.role is Role.CUSTOMER and root.author != seen.author
        spoke = talk.threads.get(seen.thread)
        thread_member = spoke is not None and spoke.role is Role.MEMBER

    values: list[float] = [
        log1p(reading.chars) / 5.0,
        log1p(rest) / 3.0,
        log1p((seen.at - wait.last_at) / 60.0) / 5.0 if wait is not None else 0.0,
        own_calls if burst else 0.0,
        log1p(rest) / 3.0 if answered else 0.0,
    ]
    values += [cues & bit > 0 for bit in _BITS]
    matter = bool(cues & _MATTER)
    accepts = bool(cues & _ACK)
    values += (
        rest == 2,
        rest == 1,
        reading.words == 0,
        soft,
        soft and bool(cues & (_PROBLEM | _NEGATION)),
        soft and rest > LENGTH,
        soft and rest > LENGTH and heard,
        not asks and bool(cues & _THANKS),
        little and bool(cues & _THANKS) and not asks,
        not asks and accepts,
        little and accepts and not asks,
        not asks and bool(cues & _WILL),
        not asks and bool(cues & _SOLVED),
        not asks and bool(cues & _PRAISE),
        cues & ~_LOWER == 0,
        statement,
        bool(cues & _NEEDS) and not cues & _THANKS,
        bool(cues & _GREETING) and rest > _LITTLE,
        waiting,
        replied,
        waiting and statement,
        waiting and matter,
        waiting and bool(cues & _BARE),
        burst,
        burst and statement,
        burst and bool(cues & _LOWER) and not asks,
        split,
        after_greeting,
        burst and own_calls >= CALLS,
        burst and own_calls < CALLS and not after_greeting,
        heard,
        heard and statement,
        asked,
        asked and statement,
        asked and accepts,
        asked and bool(cues & _WILL),
        asked and matter,
        asked and bool(told_cues & Cue.ASKS_FOR.value),
        answered and statement,
        answered and accepts,
        answered and bool(cues & _PROBLEM),
        answered and bool(cues & _NEGATION),
        held,
        never,
        new,
        new and statement,
        named_member,
        named_member and statement,
        named_member and leading >= 4,
        named_customer,
        named_customer and asks,
        named_customer and leading >= 4,
        cues & _STRANGER > 0,
        peer,
        peer and statement,
        with_customer,
        with_customer and asks,
        with_member,
        other_customer,
        member_last,
        silence,
        to_member,
        to_customer,
        seen.thread is not None,
        foreign_thread,
        thread_member,
    )
    return values
