"""The features by which a member's message is matched with the conversations of the moment."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from math import log, log1p

from bot.domain.durations import DAY, Instant, Seconds
from bot.domain.messages import MessageRecord
from bot.domain.people import MEMBER
from bot.domain.reading import FUZZY, INLINE, LEADING, MENTIONED, Cue
from bot.domain.waits import ReplyKind, Wait
from bot.domain.window import Window
from bot.judge.attribution import features as flag
from bot.judge.attribution.features import AMOUNTS
from bot.judge.attribution.message import AT_ONCE, JUST_NOW, LAST_RANK, RECENT, SECONDS, MessageContext
from bot.judge.conversation import Conversation, Speaker
from bot.judge.cue_sets import ASKS, MATTER, YES_NO
from bot.judge.linear import Values
from bot.judge.silence import LULL
from bot.judge.walk import shared_words

TALKING: Seconds = 180.0
AMPLE = 0.68
"""Characters for each second since somebody spoke up to which there was ample time to type them."""

HASTY = 54.0
"""Times as many, beyond which no haste is any less likely."""

READ: Seconds = 2.0
"""Seconds added to the time somebody had to type: what was said may have been read while it was being written."""

SHARED = 3.0
"""Rarity-weighted words in common beyond which more say nothing more."""

LONG: Seconds = 7200.0
"""Somebody who has waited this long may be told that one is sorry to be late."""

KEPT: Seconds = DAY
"""How long after its time a promise may still be kept."""

WITH_THEM: Seconds = 120.0
"""How long somebody whom another member has just written to counts as being looked after, in seconds."""

LOOKED_AT = 5
"""Messages of a wait whose words are compared: its first and its latest."""

_RANKS = tuple(log1p(rank) / 2.0 for rank in range(LAST_RANK + 1))
"""What the rank of who spoke last weighs."""

_NO_HABITS = (0.0, 0.0, 0.0, 0.0)
_NO_WORDS: set[int] = set()
_NO_AMOUNTS = (0.0,) * (AMOUNTS - 1)

_GREETING = Cue.GREETING.value
_QM = Cue.QUESTION_MARK.value
_ENDS_ASKING = Cue.ENDS_ASKING.value
_BARE = Cue.BARE.value
_THANKS = Cue.THANKS.value
_STRANGER = Cue.STRANGER.value
_LOWER = Cue.LOWER_START.value
_ONLY_LINK = Cue.ONLY_LINK.value
_WELCOME = Cue.WELCOME.value
_HOLDING = Cue.HOLDING.value
_PROBLEM = Cue.PROBLEM.value
_PROMISE = ReplyKind.PROMISE
_ON_IT = ("claimed", "promised")
_ANNOUNCES = Cue.ANNOUNCES.value
_LATE = Cue.LATE.value
_FUN = Cue.LAUGH.value | Cue.SMILE.value
_FITS = YES_NO | ASKS | _GREETING | _HOLDING
_INVITES = ASKS | _THANKS
"""What a message may hold, and what it may follow, for `_fits` to have anything to say."""


_NAMES = {
    LEADING: flag.NAMED_AT_THE_START,
    MENTIONED: flag.MENTIONED,
    INLINE: flag.NAMED_INSIDE,
    FUZZY: flag.NAMED_IN_SHORT_OR_MISSPELT,
}


def values_of(
    seen: MessageRecord,
    window: Window,
    conversation: Conversation,
    named: dict[str, int],
    pairs: list[tuple[str, Wait | None]],
    among: list[Wait] | None = None,
) -> tuple[Sequence[Values], Values]:
    """The features for each (customer, open wait or None), and those of "nobody". `among`: the waits that a message for everybody
    is for; None where it isn't for everybody. (One long function: some six candidates are weighed for each message of a member,
    so that what they share is looked up once.)"""
    # Conditions instead of min() and max(): as calls they would be a tenth of what this costs.
    people = conversation.people
    speakers = [people.get(customer) for customer, _ in pairs]
    named_customers = [how for person, how in named.items() if (other := people.get(person)) is None or other.role is not MEMBER]
    context = MessageContext(seen, window, conversation, named, pairs, speakers, max(named_customers, default=0))
    at, author, cues = seen.at, seen.author, seen.reading.cues
    chars = seen.reading.chars
    me, prints, partner = context.me, context.prints, context.partner
    mine = me.last.at if me is not None and me.last is not None else None
    told_lately, placed, line, others = context.me_gap <= TALKING, context.placed, context.line, context.others
    last_author, first, n, only = context.last_author, context.first, conversation.n, context.only
    habit, threaded = context.habits
    theirs_habits = (habit, threaded, 0.0, 0.0) if told_lately else _NO_HABITS
    others_habits = (0.0, 0.0, habit, threaded)
    fits, differs = cues & _FITS, prints.isdisjoint
    announces, late = cues & _ANNOUNCES, cues & _LATE
    found: list[tuple[list[float], list[int]]] = []
    shares: list[tuple[float, int]] = []
    best = 0.0
    silence: Callable[[Instant], Seconds] | None = None
    ranks = conversation.customers_since([customer for customer, _ in pairs])
    for (customer, wait), speaker, rank in zip(pairs, speakers, ranks, strict=True):
        spoke = from_member = None
        from_members_since = 0
        between = 200
        if speaker is not None:
            spoke, from_member, from_members_since = speaker.last, speaker.from_member, speaker.from_members_since
            if spoke is not None:
                between = n - speaker.last_n
        if spoke is not None:
            spoke_at = spoke.at
            since = at - spoke_at if at > spoke_at else 0.0
            spoke_cues, calls = spoke.reading.cues, spoke.reply_probability
        else:
            since = 1e5 if wait is None else at - wait.last_message_at if at > wait.last_message_at else 0.0
            spoke_at, spoke_cues, calls = 0.0, 0, 0.0
        flags: list[int] = []
        add = flags.append

        if named:
            strength = named.get(customer, 0)
            if strength:
                add(_NAMES[strength])
            else:
                flags += context.elsewhere
        if placed or (wait is not None and wait.thread is not None):
            _place(context, customer, wait, spoke, add)
        passed = 0
        if wait is not None:
            add(flag.WAITS)
            if wait.replies:
                add(flag.WAITS_HAD_A_REPLY)
                if any(reply.by == author for reply in wait.replies):
                    add(flag.WAITS_HAD_A_REPLY_FROM_THIS_MEMBER)
        if last_author == customer:
            add(flag.SPOKE_LAST_OF_ALL)
        if rank == 0:
            add(flag.SPOKE_LAST_OF_THE_CUSTOMERS)
        if line and wait is not None:
            passed = bisect_left(line, wait.last_message_at)
            if passed == 0:
                add(flag.NEXT_IN_LINE if wait.last_message_at == line[0] else flag.WAS_PASSED_OVER)
        if partner == customer:
            _partner(context, add)
            habits = theirs_habits
        else:
            flags += others
            habits = others_habits
        heard = 0.0
        by_me = False
        if from_member is None:
            add(flag.NOBODY_HAS_TOLD_THEM_ANYTHING)
        else:
            by_me = from_member.author == author
            if by_me:
                add(flag.THIS_MEMBER_TOLD_THEM_LAST)
                if from_members_since:
                    add(flag.THIS_MEMBER_TOLD_THEM_SINCE_THEY_SPOKE)
            else:
                add(flag.ANOTHER_MEMBER_TOLD_THEM_LAST)
                if from_members_since:
                    add(flag.ANOTHER_MEMBER_TOLD_THEM_SINCE_THEY_SPOKE)
            if not differs(from_member.reading.fingerprints):
                heard = context.rarity(from_member.reading.fingerprints)
        common, telling, wait_cues = _in_common(context, speaker, wait)
        if spoke is not None and mine is not None and spoke_at > mine:
            add(flag.SPOKE_SINCE_THIS_MEMBER_LAST_WROTE)
            if first == customer:
                add(flag.FIRST_TO_SPEAK_SINCE_THIS_MEMBER_LAST_WROTE)
        if announces and not common:
            add(flag.ANNOUNCES_NO_WORD_IN_COMMON)
        if from_member is not None and not by_me and at - from_member.at < WITH_THEM:
            add(flag.ANOTHER_MEMBER_IS_WITH_THEM)
        if speaker is not None and speaker.messages < 2:
            add(flag.NEW_HERE)
        if wait is not None and author in wait.named_members:
            add(flag.THEY_NAMED_THIS_MEMBER_IN_THEIR_WAIT)
        if spoke is not None and spoke.reading.addressed:
            _named_by(context, spoke, add)
        place = len(flags)
        if fits or spoke_cues & _INVITES:
            _fits(cues, spoke_cues, wait_cues, from_member is not None, from_members_since > 0, add)
        if from_member is not None and not from_members_since and from_member.reading.cues & ASKS:
            if cues & _THANKS:
                add(flag.THANKS_THEY_WERE_ASKED)
            if by_me:
                add(flag.THIS_MEMBER_ASKED_THEM_THEY_SPOKE_SINCE)
        haste = chars / (since + READ) / AMPLE
        moment = at - since
        if since > LULL:
            silence = silence or conversation.silence.up_to(at, window.worked)
            since = silence(moment)
        minutes = log1p(since / 60.0) / 4.0
        waiting = alone = on_it = 0.0
        if wait is not None:
            if context.alone:
                add(flag.ONLY_ONE_WAITING)
            opened_at = wait.opened_at
            if not wait.replies and (from_member is None or from_member.at < opened_at):
                add(flag.NEVER_TOLD_SINCE_THEY_BEGAN_TO_WAIT)
            opened = at - opened_at
            if opened > LULL:
                silence = silence or conversation.silence.up_to(at, window.worked)
                opened = since if opened_at == moment else silence(opened_at)  # most waits are of one message
            if opened > 0.0:
                waiting = log1p(opened / 600.0) / 3.0
            if only is wait:
                alone = minutes
            if wait.replies or wait.hold is not None or wait.owner == author:
                on_it = _promised(context, wait, add) * minutes
            if late and at - opened_at >= LONG:
                add(flag.SORRY_TO_BE_LATE_THEY_WAIT_LONG)
            if context.first_of_night is wait:
                add(flag.FIRST_TO_COME_IN_THE_NIGHT)
            if context.next_of_night is wait:
                add(flag.NEXT_IN_LINE_AFTER_THE_NIGHT)
        if among is not None:
            meant = wait is not None and any(wait is one for one in among)
            add(flag.FOR_EVERYBODY_THEIRS_AMONG_IT if meant else flag.FOR_EVERYBODY_THEIRS_IS_ANOTHER_MATTER)
        written = speaker.words() if prints and speaker is not None else None
        amounts = [
            _RANKS[rank if rank < LAST_RANK else LAST_RANK],
            minutes,
            log1p(between) / 4.0,
            waiting,
            *habits,
            common / 2.0,
            telling,
            calls,
            log1p(passed) if passed else 0.0,
            log1p(context.rarity(written)) if written is not None and not differs(written) else 0.0,
            0.0 if haste <= 1.0 else log(haste if haste < HASTY else HASTY),
            log1p(me.recent.count(customer)) if me is not None else 0.0,
            (heard if heard < SHARED else SHARED) / 2.0,
            alone,
            on_it,
            0.0,
        ]
        best = common if common > best else best
        shares.append((common, place))
        found.append((amounts, flags))
    if best > 0.0:
        for (_, flags), (common, place) in zip(found, shares, strict=True):
            if common == best:
                flags.insert(place, flag.MOST_WORDS_IN_COMMON)
    return found, _nobody(
        context, sum(wait is not None for _, wait in pairs), bool(named) and not named_customers, among is not None
    )


def _nobody(context: MessageContext, waiting: int, names_a_member: bool, for_all: bool) -> Values:
    cues = context.seen.reading.cues
    last = context.conversation.last
    flags = [flag.NOBODY]
    if cues & _BARE:
        flags.append(flag.NOBODY_BARE_MESSAGE)
    if context.me_gap <= JUST_NOW:
        flags.append(flag.NOBODY_THIS_MEMBER_JUST_WROTE)
    if cues & _STRANGER:
        flags.append(flag.NOBODY_NAMES_A_STRANGER)
    if not waiting:
        flags.append(flag.NOBODY_NOBODY_WAITS)
    if last is not None and last.role is MEMBER:
        flags.append(flag.NOBODY_MEMBER_SPOKE_LAST)
    if cues & _FUN:
        flags.append(flag.NOBODY_LAUGHS_OR_SMILES)
    if names_a_member:
        flags.append(flag.NOBODY_NAMES_A_MEMBER)
    if for_all:
        flags.append(flag.NOBODY_FOR_EVERYBODY)
    if cues & _ANNOUNCES:
        flags.append(flag.NOBODY_ANNOUNCES)
    return (*_NO_AMOUNTS, log1p(waiting)), flags


def _fits(cues: int, spoke: int, wait: int, has_heard: bool, heard_since: bool, add: Callable[[int], None]) -> None:
    """Whether the message is what one would say to what the customer said last (`spoke`, cues) and to their wait (`wait`)."""
    if spoke & _QM and cues & YES_NO:
        add(flag.THEIR_LAST_MESSAGE_ASKS_YES_OR_NO_IS_SAID)
    if not has_heard and spoke & _GREETING and cues & _GREETING:
        add(flag.GREETING_RETURNED)
    if spoke & _THANKS:
        add(flag.THANKS_RETURNED if cues & _WELCOME else flag.THEIR_THANKS_WOULD_BE_RETURNED)
    if not heard_since:
        if wait & _PROBLEM and cues & ASKS:
            add(flag.ASKS_THEY_TOLD_OF_A_PROBLEM)
        if wait & MATTER and cues & _HOLDING:
            add(flag.LOOKS_INTO_IT_THEY_GAVE_SOMETHING_TO_LOOK_AT)
    if not has_heard and cues & ASKS:
        add(flag.QUESTION_TO_A_NEW_CUSTOMER)
    if not has_heard and cues & _GREETING:
        add(flag.GREETS_NEW_CUSTOMER)
    if spoke & ASKS:
        add(flag.ASKS_THEY_ASKED if cues & ASKS else flag.ANSWERS_THEIR_QUESTION)
    if spoke & _ENDS_ASKING and cues & YES_NO:
        add(flag.YES_OR_NO_THEY_END_ASKING)
    if not heard_since and spoke & _THANKS and cues & _BARE:
        add(flag.BARE_MESSAGE_JUST_THANKED)


def _promised(context: MessageContext, wait: Wait, add: Callable[[int], None]) -> float:
    """Whether the wait is this member's to answer: 1 if they claimed, held, promised or redirected it, else 0."""
    author, at, hold = context.seen.author, context.seen.at, wait.hold
    mine = (
        (hold is not None and hold.by == author)
        or (wait.owner == author and wait.owner_reason in _ON_IT)
        or any(reply.by == author for reply in wait.replies)
    )
    if mine:
        add(flag.THIS_MEMBER_IS_ON_IT)
    promised = hold is not None and any(reply.kind is _PROMISE for reply in wait.replies)
    if hold is not None and promised and hold.since + (hold.until - hold.since) / 2 <= at <= hold.until + KEPT:
        add(flag.PROMISED_FOR_ABOUT_NOW)
    return 1.0 if mine else 0.0


def _partner(context: MessageContext, add: Callable[[int], None]) -> None:
    """What it says that the candidate is whom this member spoke with last."""
    gap, partner_gap = context.me_gap, context.partner_gap
    cues = context.seen.reading.cues
    fresh = partner_gap <= RECENT
    if fresh:
        add(flag.THIS_MEMBER_LAST_PARTNER)
    if partner_gap <= JUST_NOW:
        add(flag.THIS_MEMBER_LAST_PARTNER_JUST_NOW)
    if gap <= AT_ONCE:
        add(flag.GOES_ON_AT_ONCE)
    elif gap <= SECONDS:
        add(flag.GOES_ON_WITHIN_SECONDS)
    elif gap <= JUST_NOW:
        add(flag.GOES_ON_WITHIN_A_MINUTE)
    if gap <= JUST_NOW:
        if cues & _LOWER:
            add(flag.GOES_ON_LOWER_START)
        if cues & _ONLY_LINK:
            add(flag.GOES_ON_ONLY_A_LINK)
    if gap <= TALKING and context.last_author == context.seen.author:
        add(flag.GOES_ON_AS_THE_LAST_TO_SPEAK)


def _named_by(context: MessageContext, spoke: MessageRecord, add: Callable[[int], None]) -> None:
    """Whom the customer named in their last message."""
    names_me = names_other = to_customer = False
    for person, _ in spoke.reading.addressed:
        if person == context.seen.author:
            names_me = True
        else:
            addressee = context.conversation.people.get(person)
            if addressee is not None and addressee.role is MEMBER:
                names_other = True
            elif addressee is not None:
                to_customer = True
    if names_me:
        add(flag.THEY_NAMED_THIS_MEMBER)
    elif names_other:
        add(flag.THEY_NAMED_ANOTHER_MEMBER)
    if to_customer:
        add(flag.THEY_SPOKE_TO_A_CUSTOMER)


def _in_common(context: MessageContext, speaker: Speaker | None, wait: Wait | None) -> tuple[float, float, int]:
    """The rarity of the words the message shares with a wait (or with somebody's last two messages), at most 3; that of the
    rarest of them; and the wait's cues."""
    cues = 0
    shared: set[int] = _NO_WORDS
    prints = context.prints
    if wait is not None:
        get, differs = context.window.get, prints.isdisjoint
        ids = wait.messages if len(wait.messages) <= LOOKED_AT else (wait.messages[0], *wait.messages[-LOOKED_AT + 1 :])
        for id in ids:
            entry = get(id)
            if entry is not None:
                reading = entry.reading
                cues |= reading.cues
                if not differs(reading.fingerprints):
                    shared = shared | prints.intersection(reading.fingerprints)
    elif speaker is not None and prints:
        shared = shared_words(prints, (speaker.last, speaker.before))
    if not shared:
        return 0.0, 0.0, cues
    weights = context.rarities(shared)
    return min(sum(weights), SHARED), max(0.0, *weights), cues


def _place(
    context: MessageContext, customer: str, wait: Wait | None, spoke: MessageRecord | None, add: Callable[[int], None]
) -> None:
    """What threads and reply references say."""
    thread, reply_to = context.seen.thread, context.seen.reply_to
    if thread is not None:
        count = 0
        if wait is not None and thread == wait.thread:
            add(flag.THEIR_THREAD)
            count += 1
        if (wait is not None and thread in wait.messages) or (context.root is not None and context.root.author == customer):
            add(flag.THREAD_OF_THEIR_MESSAGE)
            count += 1
        if spoke is not None and spoke.thread == thread:
            add(flag.THREAD_THEY_WROTE_IN)
            count += 1
        if not count:
            add(flag.ANOTHER_THREAD)
    elif wait is not None and wait.thread is not None:
        add(flag.ANOTHER_THREAD)
    if reply_to is not None:
        if (wait is not None and reply_to in wait.messages) or (context.target is not None and context.target.author == customer):
            add(flag.REPLY_TO_THEIR_MESSAGE)
        else:
            add(flag.REPLY_TO_ANOTHER_MESSAGE)
