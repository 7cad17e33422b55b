"""The features by which a member's message is matched with the conversations of the moment."""

from __future__ import annotations

from itertools import islice
from math import log1p

from bot.core.model import Role, Seconds, Seen, Wait
from bot.core.window import Window
from bot.judge.reading import FUZZY, INLINE, LEADING, MENTIONED, Cue
from bot.judge.talk import Talk

MEASURES: tuple[str, ...] = (
    "customers who spoke since",
    "minutes since they spoke",
    "messages since they spoke",
    "hours waiting",
    "goes on, names people usually",
    "goes on, answers in threads usually",
    "names people usually, but not now",
    "answers in threads usually, but not now",
    "words in common",
    "telling words in common",
    "fewer words in common than another",
    "their last message calls",
    "nobody, customers wait",
)

AMOUNTS = len(MEASURES)
"""The first features are amounts, all others flags."""

FEATURES: tuple[str, ...] = (
    *MEASURES,
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
    "this member wrote to another at once",
    "this member wrote to another within seconds",
    "this member is talking with somebody else",
    "this member is talking with somebody else who waits",
    "this member told them last",
    "another member told them last",
    "another member told them since they spoke",
    "this member told them since they spoke",
    "nobody has told them anything",
    "they named this member",
    "they named another member",
    "they spoke to a customer",
    "most words in common",
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
    "nobody, member spoke last",
    "nobody, laughs or smiles",
    "nobody, names a member",
)

_MOST_IN_COMMON = FEATURES.index("most words in common")
_FEWER_IN_COMMON = FEATURES.index("fewer words in common than another")
_NO_CUSTOMER = (0.0,) * (FEATURES.index("nobody") - AMOUNTS)
_NO_NAME = (False,) * 6
_NO_PLACE: tuple[float, ...] = (0.0,) * 6
_NO_PARTNER = (0.0,) * 10
_NO_OTHER = (0.0,) * 4

LAST_RANK = 24
"""Customers ranked by who spoke last; all others share this rank."""

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


def values_of(
    seen: Seen, window: Window, talk: Talk, named: dict[str, int], pairs: list[tuple[str, Wait | None]]
) -> tuple[list[tuple[float, ...]], tuple[float, ...]]:
    """The values of FEATURES for each (customer, open wait or None), and those of "nobody".

    A customer's row ends before the features of "nobody", which are 0 for it. What doesn't depend on the customer is
    worked out once, and blocks of features that can't apply are taken over as zeros.
    """
    reading = seen.reading
    cues = reading.cues
    people = talk.people
    me = people.get(seen.author)
    order = {customer: rank for rank, customer in enumerate(islice(reversed(talk.customers), LAST_RANK))}
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
    alone = len(open_waits) == 1
    others = (
        *_NO_PARTNER,
        partner is not None and me_gap <= AT_ONCE,
        partner is not None and AT_ONCE < me_gap <= SECONDS,
        partner is not None and partner_gap <= JUST_NOW,
        partner in waiting_people and partner_gap <= TALKING,
    )
    not_now = (0.0, 0.0, habit, threaded)
    placed = seen.thread is not None or seen.reply_to is not None
    chars = reading.chars
    said_yes_no = bool(cues & _YES_NO)
    greets = bool(cues & _GREETING)
    asks = bool(cues & _ASKS)
    bare = bool(cues & _BARE)
    welcomes = bool(cues & _WELCOME)
    holds = bool(cues & _HOLDING)

    for customer, wait in pairs:
        voice = people.get(customer)
        strength = named.get(customer, 0)
        spoke = voice.last if voice is not None else None
        told = voice.told if voice is not None else None
        since = seen.at - spoke.at if spoke is not None else (seen.at - wait.last_at if wait is not None else 1e5)
        since = max(since, 0.0)
        between = talk.n - voice.last_n if voice is not None and spoke is not None else 200
        rank = order.get(customer, LAST_RANK)
        if placed or (wait is not None and wait.thread is not None):
            place = _place(seen, customer, wait, spoke, root, target)
        else:
            place = _NO_PLACE
        if named:
            name = (
                strength == LEADING,
                strength == MENTIONED,
                strength == INLINE,
                strength == FUZZY,
                not strength and top_named > 0,
                not strength and top_named == LEADING,
            )
        else:
            name = _NO_NAME
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
        if partner == customer:
            goes_on = me_gap <= TALKING
            fresh = partner_gap <= RECENT
            mine: tuple[float, ...] = (
                fresh,
                partner_gap <= JUST_NOW,
                fresh and spoke_since,
                fresh and spoke_since and calls >= CALLS,
                me_gap <= AT_ONCE,
                AT_ONCE < me_gap <= SECONDS,
                SECONDS < me_gap <= JUST_NOW,
                lower and me_gap <= JUST_NOW,
                only_link and me_gap <= JUST_NOW,
                i_spoke_last and goes_on,
                *_NO_OTHER,
            )
            habits = (habit, threaded, 0.0, 0.0) if goes_on else _NO_OTHER
        else:
            mine = others
            habits = not_now
        rows.append(
            [
                log1p(rank) / 2.0,
                log1p(since / 60.0) / 4.0,
                log1p(between) / 4.0,
                log1p(max(seen.at - wait.opened_at, 0.0) / 600.0) / 3.0 if wait is not None else 0.0,
                *habits,
                min(common, 3.0) / 2.0,
                telling,
                0.0,
                calls,
                0.0,
                *name,
                *place,
                wait is not None,
                wait is not None and bool(wait.replies),
                mine_replied,
                last_author == customer,
                rank == 0,
                rank == 1,
                wait is not None and wait.opened_at == oldest and not alone,
                speed > TYPED,
                TYPED / 2 < speed <= TYPED,
                *mine,
                told_by_me,
                told is not None and not told_by_me,
                told_since and not told_by_me,
                told_since and told_by_me,
                told is None,
                names_me,
                names_other and not names_me,
                to_customer,
                False,
                said_yes_no and bool(spoke_cues & _QM),
                greets and bool(spoke_cues & _GREETING) and told is None,
                welcomes and bool(spoke_cues & _THANKS),
                not welcomes and bool(spoke_cues & _THANKS),
                asks and bool(wait_cues & _PROBLEM) and not told_since,
                holds and bool(wait_cues & _MATTER) and not told_since,
                asks and told is None,
                bare and bool(spoke_cues & _THANKS) and not told_since,
                alone and wait is not None,
                wait is not None and not wait.replies and (told is None or told.at < wait.opened_at),
            ]
        )
    best = min(max(overlaps, default=0.0), 3.0)
    if best > 0.0:
        for row, shares in zip(rows, overlaps, strict=True):
            common = min(shares, 3.0)
            row[_MOST_IN_COMMON] = common == best
            row[_FEWER_IN_COMMON] = best - common
    just_wrote = me_last is not None and seen.at - me_last.at <= JUST_NOW
    nobody = (
        1.0,
        bare,
        just_wrote,
        bool(cues & _STRANGER),
        not open_waits,
        last is not None and last.role is Role.MEMBER,
        bool(cues & _FUN),
        bool(named) and not named_customers,
    )
    return [tuple(row) for row in rows], ((0.0,) * (AMOUNTS - 1) + (log1p(len(open_waits)),) + _NO_CUSTOMER + nobody)


def _place(
    seen: Seen, customer: str, wait: Wait | None, spoke: Seen | None, root: Seen | None, target: Seen | None
) -> tuple[float, ...]:
    """What threads and reply references say: their thread, thread of their message, thread they wrote in, another thread,
    reply to their message, reply to another's."""
    thread = seen.thread
    their = their_message = wrote_in = other = False
    if thread is not None:
        their = wait is not None and thread == wait.thread
        their_message = (wait is not None and thread in wait.messages) or (root is not None and root.author == customer)
        wrote_in = spoke is not None and spoke.thread == thread
        other = not (their or their_message or wrote_in)
    elif wait is not None and wait.thread is not None:
        other = True
    reply = seen.reply_to is not None and (
        (wait is not None and seen.reply_to in wait.messages) or (target is not None and target.author == customer)
    )
    return (their, their_message, wrote_in, other, reply, seen.reply_to is not None and target is not None and not reply)
