"""Does this customer's message call for a reply? Features of its reading and of the conversation it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log1p

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.people import CUSTOMER, MEMBER
from bot.domain.reading import LEADING, Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.conversation import Conversation, Speaker
from bot.judge.cue_sets import MATTER, WANTS_ANSWER
from bot.judge.expects import features as flag
from bot.judge.expects.features import AMOUNTS, FEATURES, cue_flags
from bot.judge.linear import Values

BURST: Seconds = 90.0
SPLIT: Seconds = 2.0
FRESH: Seconds = 600.0
"""How long what the team said to a customer counts as just said, in seconds."""
PEER: Seconds = 600.0
SILENCE: Seconds = 900.0
CALLS = 0.5
LENGTH = 8
"""Words of content from which a message says more than that it's fine."""

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
_NEGATION = Cue.NEGATION.value | Cue.NO_START.value
_PROBLEM = Cue.PROBLEM.value
_ASKS_FOR = Cue.ASKS_FOR.value
_HOLDING = Cue.HOLDING.value | Cue.PROMISE.value
_STRANGER = Cue.STRANGER.value
_LITTLE = 3


def features(seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Values:
    """The features of a customer's message. Of `waits` only the customer's own matter."""
    conversation = Conversation.before(window, seen)
    reading = seen.reading
    cues = reading.cues
    rest = reading.rest
    asks = bool(cues & WANTS_ANSWER)
    statement = not asks and not cues & _SOFT and not cues & _BARE
    soft = not asks and bool(cues & _SOFT)
    little = rest <= _LITTLE

    wait = None
    for candidate in waits:
        if candidate.customer == seen.author and (
            candidate.thread == seen.thread or (seen.thread is not None and seen.thread in candidate.messages)
        ):
            wait = candidate

    speaker = conversation.people.get(seen.author)
    last = speaker.last if speaker is not None else None
    gap = seen.at - last.at if last is not None else 1e9
    adjacent = speaker is not None and speaker.last_n == conversation.n
    from_member = speaker.from_member if speaker is not None and speaker.from_members_since else None
    if from_member is not None and seen.at - from_member.at > FRESH * 6:
        from_member = None
    heard = from_member is not None
    member_cues = from_member.reading.cues if from_member is not None else 0
    asked = heard and speaker is not None and speaker.asked
    answered = heard and not asked
    burst = gap <= BURST and not heard
    own_calls = last.reply_probability if last is not None else 0.0

    member = customer = leading = 0
    for person, strength in reading.addressed:
        other = conversation.people.get(person)
        if other is not None and other.role is CUSTOMER:
            customer = max(customer, strength)
        else:
            member = max(member, strength)
    leading = max(member, customer)
    named_customer = customer > 1 and member <= customer
    named_member = member > 0 and not named_customer

    amounts = (
        log1p(reading.chars) / 5.0,
        log1p(rest) / 3.0,
        log1p(max(seen.at - wait.last_message_at, 0.0) / 60.0) / 5.0 if wait is not None else 0.0,  # it may be an earlier one
        own_calls if burst else 0.0,
        log1p(rest) / 3.0 if answered else 0.0,
    )
    matter = bool(cues & MATTER)
    accepts = bool(cues & _ACK)
    flags = cue_flags(cues)
    add = flags.append
    if rest == 2:
        add(flag.TWO_WORDS)
    elif rest == 1:
        add(flag.ONE_WORD)
    if reading.words == 0:
        add(flag.NO_WORDS)
    if soft:
        add(flag.SAYS_IT_IS_FINE_ASKS_NOTHING)
        if cues & (_PROBLEM | _NEGATION):
            add(flag.SAYS_IT_IS_FINE_BUT_TELLS_OF_A_PROBLEM)
        if rest > LENGTH:
            add(flag.SAYS_IT_IS_FINE_AT_LENGTH)
            if heard:
                add(flag.SAYS_IT_IS_FINE_AT_LENGTH_TEAM_JUST_SPOKE_TO_THEM)
        if cues & _THANKS:
            add(flag.THANKS_ASKS_NOTHING)
            if little:
                add(flag.THANKS_AND_LITTLE_ELSE)
    if accepts and not asks:
        add(flag.ACCEPTS_ASKS_NOTHING)
        if little:
            add(flag.ACCEPTS_AND_LITTLE_ELSE)
    if soft:
        if cues & _WILL:
            add(flag.OWN_NEXT_STEP_ASKS_NOTHING)
        if cues & _SOLVED:
            add(flag.SOLVED_ASKS_NOTHING)
        if cues & _PRAISE:
            add(flag.PRAISE_ASKS_NOTHING)
    if cues & ~_LOWER == 0:
        add(flag.NO_CUE_AT_ALL)
    if statement:
        add(flag.STATEMENT)
    if cues & _NEEDS and not cues & _THANKS:
        add(flag.PROBLEM_OR_WISH_NOT_THANKS)
    if cues & _GREETING and rest > _LITTLE:
        add(flag.GREETING_AND_CONTENT)
    if wait is not None:
        add(flag.OPEN_WAIT)
        if wait.replies:
            add(flag.OPEN_WAIT_WITH_A_REPLY)
        if statement:
            add(flag.OPEN_WAIT_STATEMENT)
        if matter:
            add(flag.OPEN_WAIT_CODE_OR_LINK)
        if cues & _BARE:
            add(flag.OPEN_WAIT_BARE)
    if burst:
        add(flag.BURST)
        if statement:
            add(flag.BURST_STATEMENT)
        if cues & _LOWER and not asks:
            add(flag.BURST_LOWER_START)
    if adjacent and gap <= SPLIT:
        add(flag.SPLIT_LINE)
    if burst:
        greeted = last is not None and last.reading.cues & _BARE and last.reading.cues & (_GREETING | _ACK | _THANKS)
        if greeted:
            add(flag.AFTER_OWN_GREETING)
        if own_calls >= CALLS:
            add(flag.AFTER_OWN_CALL)
        elif not greeted:
            add(flag.AFTER_OWN_NON_CALL)
    if heard:
        add(flag.TEAM_SPOKE_TO_THEM)
        if statement:
            add(flag.TEAM_SPOKE_TO_THEM_STATEMENT)
    if asked:
        add(flag.TEAM_ASKED)
        if statement:
            add(flag.TEAM_ASKED_STATEMENT)
        if accepts:
            add(flag.TEAM_ASKED_ACCEPTS)
        if cues & _WILL:
            add(flag.TEAM_ASKED_OWN_NEXT_STEP)
        if matter:
            add(flag.TEAM_ASKED_IDENTIFIER_OR_CODE)
        if member_cues & _ASKS_FOR:
            add(flag.TEAM_ASKED_FOR_SOMETHING)
    if answered:
        if statement:
            add(flag.TEAM_ANSWERED_STATEMENT)
        if accepts:
            add(flag.TEAM_ANSWERED_ACCEPTS_START)
        if cues & _PROBLEM:
            add(flag.TEAM_ANSWERED_PROBLEM)
        if cues & _NEGATION:
            add(flag.TEAM_ANSWERED_NEGATION)
    if member_cues & _HOLDING:
        add(flag.TEAM_HELD)
    if speaker is None or speaker.from_member is None:
        add(flag.TEAM_NEVER_SPOKE_TO_THEM)
    if speaker is None:
        add(flag.NEW_HERE)
        if statement:
            add(flag.NEW_HERE_STATEMENT)
    if named_member:
        add(flag.NAMES_A_MEMBER)
        if statement:
            add(flag.NAMES_A_MEMBER_STATEMENT)
        if leading >= LEADING:
            add(flag.NAMES_A_MEMBER_AT_THE_START)
    if named_customer:
        add(flag.NAMES_A_CUSTOMER)
        if asks:
            add(flag.NAMES_A_CUSTOMER_ASKS)
        if leading >= LEADING:
            add(flag.NAMES_A_CUSTOMER_AT_THE_START)
    if cues & _STRANGER:
        add(flag.NAMES_SOMEBODY_UNKNOWN)
    if speaker is not None:
        _partners(seen, speaker, add, statement=statement, asks=asks, named_member=named_member, named_customer=named_customer)
    before = conversation.last
    if before is not None:
        if before.role is CUSTOMER and before.author != seen.author:
            add(flag.OTHER_CUSTOMER_SPOKE_LAST)
        elif before.role is MEMBER:
            add(flag.MEMBER_SPOKE_LAST)
    if before is None or seen.at - before.at > SILENCE:
        add(flag.LONG_SILENCE)
    if seen.reply_to is not None or seen.thread is not None:
        _references(seen, window, conversation, add)
    return amounts, flags


def _partners(
    seen: MessageRecord,
    speaker: Speaker,
    add: Callable[[int], None],
    *,
    statement: bool,
    asks: bool,
    named_member: bool,
    named_customer: bool,
) -> None:
    """With whom the customer has been talking: what another customer said to them, whom they addressed last."""
    from_customer = speaker.from_customer
    fresh = from_customer is not None and seen.at - from_customer.at <= PEER
    if fresh and speaker.last_n < speaker.from_customer_n > speaker.from_member_n:
        add(flag.CUSTOMER_SPOKE_TO_THEM)
        if statement:
            add(flag.CUSTOMER_SPOKE_TO_THEM_STATEMENT)
    to_peer = to_team = -1
    if speaker.partner is not None:
        if speaker.partner_role is CUSTOMER:
            to_peer = speaker.partner_n
        elif speaker.partner_role is MEMBER:
            to_team = speaker.partner_n
    peers = max(to_peer, speaker.from_customer_n)
    team = max(to_team, speaker.from_member_n)
    if peers > team:
        if not named_member and speaker.last is not None and seen.at - speaker.last.at <= PEER:
            add(flag.TALKS_WITH_A_CUSTOMER)
            if asks:
                add(flag.TALKS_WITH_A_CUSTOMER_ASKS)
    elif team > peers and not named_customer:
        add(flag.TALKS_WITH_A_MEMBER)


def _references(seen: MessageRecord, window: Window, conversation: Conversation, add: Callable[[int], None]) -> None:
    """What the message replies to by the platform's own reference, and its thread."""
    target = window.get(seen.reply_to) if seen.reply_to is not None else None
    if target is not None and target.author != seen.author:
        if target.role is MEMBER:
            add(flag.REPLY_TO_MEMBER)
        elif target.role is CUSTOMER:
            add(flag.REPLY_TO_CUSTOMER)
    if seen.thread is not None:
        add(flag.THREAD)
        root = window.get(seen.thread)
        if root is not None and root.role is CUSTOMER and root.author != seen.author:
            add(flag.THREAD_OF_ANOTHER_CUSTOMER)
        spoke = conversation.threads.get(seen.thread)
        if spoke is not None and spoke.role is MEMBER:
            add(flag.MEMBER_SPOKE_LAST_IN_THE_THREAD)


__all__ = ["AMOUNTS", "FEATURES", "features"]
