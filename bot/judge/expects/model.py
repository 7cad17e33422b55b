"""Does this customer's message call for a reply? Features of its reading and of the conversation it stands in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import inf, log1p

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.people import CUSTOMER, MEMBER
from bot.domain.reading import LEADING, Cue
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.conversation import EVEN, Conversation, Speaker
from bot.judge.cue_sets import ASKS, MATTER, WANTS_ANSWER
from bot.judge.expects import features as flag
from bot.judge.expects.features import AMOUNTS, FEATURES, cue_flags
from bot.judge.expects.tenor import AT_LENGTH, COURTESY, LATER, in_company, is_absence_note, takes_back, tells, turns
from bot.judge.linear import Values

BURST: Seconds = 90.0
SPLIT: Seconds = 2.0
HEARD: Seconds = 4 * 86_400.0
"""How long what the team said to a customer may be what they answer: thanks for Friday's answer come on Monday or Tuesday."""
BEGINS: Seconds = 4 * 3600.0
"""After so long a silence of their own a customer who neither waits nor was spoken to begins a new talk."""
PAUSE: Seconds = 1200.0
"""After so long a statement of theirs is no more of the talk before."""
PEER: Seconds = 600.0
NEAR: Seconds = 3600.0
"""How long another customer's call is what somebody may be talking about."""
NEIGHBOURS = 3
"""Customers looked at for such a call, the latest first."""
CALLS = 0.5
LENGTH = 8
"""Words of content from which a message says more than that it's fine."""

_SOFT = (
    Cue.THANKS.value | Cue.ACK_START.value | Cue.PRAISE.value | Cue.SOLVED.value | LATER | Cue.LAUGH.value | Cue.FAREWELL.value
)
_NEEDS = Cue.PROBLEM.value | Cue.WANT.value
_THANKS = Cue.THANKS.value
_ACK = Cue.ACK_START.value | Cue.YES_START.value
_SOLVED = Cue.SOLVED.value
_PRAISE = Cue.PRAISE.value
_NEWS = Cue.NEWS.value
_BARE = Cue.BARE.value
_GREETING = Cue.GREETING.value
_REMARK = Cue.EVERYBODY.value | Cue.ANNOUNCES.value | Cue.NEWS.value | Cue.STRANGER.value | Cue.LINK.value | Cue.HEDGE.value
_NEGATION = Cue.NEGATION.value | Cue.NO_START.value
_PROBLEM = Cue.PROBLEM.value
_WANT = Cue.WANT.value
_ALARM = Cue.HELP.value | Cue.URGENT.value
_URGENT = Cue.URGENT.value
_HELP = Cue.HELP.value
_IN_QUESTION = Cue.QUESTION_MARK.value | Cue.ASK_IN.value
_EVERYBODY = Cue.EVERYBODY.value
_NARRATES = Cue.NARRATES.value
_CONTRAST = Cue.CONTRAST.value
_ADVICE = Cue.ADVICE.value
_OWN = Cue.OWN.value
_ASKS_THEM = Cue.YOU.value | Cue.ASKS_FOR.value
_ASKS_FOR = Cue.ASKS_FOR.value
_ASK_IN = Cue.ASK_IN.value
_YOU = Cue.YOU.value
_NO_ADVICE = _OWN | _NEEDS | _GREETING | Cue.CALLS_TEAM.value
_HOLDING = Cue.HOLDING.value | Cue.PROMISE.value
_LOWER = Cue.LOWER_START.value
_STRANGER = Cue.STRANGER.value
_COMING = LATER | Cue.BARE.value | Cue.ACK_START.value
_LITTLE = 3


def features(seen: MessageRecord, window: Window, waits: Sequence[Wait]) -> Values:
    """The features of a customer's message. Of `waits` only the customer's own matter."""
    conversation = Conversation.before(window, seen)
    reading = seen.reading
    cues = in_company(reading.cues)
    rest = reading.rest
    content = len(reading.fingerprints)

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
    if from_member is not None and seen.at - from_member.at > HEARD:
        from_member = None
    asked = from_member is not None and speaker is not None and speaker.asked
    if speaker is not None and last is not None and from_member is None and _still_asked(seen, speaker, last):
        asked, from_member = True, speaker.from_member
    heard = from_member is not None
    member_cues = from_member.reading.cues if from_member is not None else 0
    answered = heard and not asked
    burst = gap <= BURST and not heard
    greeted = last is not None and bool(last.reading.cues & _BARE)
    alone = wait is None and not heard
    begins = alone and (speaker is None or gap > BEGINS or (greeted and speaker.messages == 1))
    # Who only said hello has said nothing yet, however often they were here before.
    pauses = gap > PAUSE or (greeted and last is not None and bool(last.reading.cues & _GREETING))

    asks = bool(cues & WANTS_ANSWER)
    against = bool(cues & _CONTRAST)
    taken_back = takes_back(cues, rest, content, heard=heard)
    told = False
    if taken_back and not heard and turns(cues, content):
        cues = (cues & ~(COURTESY | _SOLVED | _NEWS)) | _PROBLEM
    elif taken_back:
        cues &= ~(COURTESY | _SOLVED) if against else ~COURTESY
    elif asked and not asks and tells(cues, rest, content):
        cues &= ~COURTESY
        told = True
    statement = not asks and not cues & _SOFT and not cues & _BARE
    soft = not asks and bool(cues & _SOFT)
    little = rest <= _LITTLE
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
        speaker.calls - EVEN if speaker is not None and not (alone and pauses) else 0.0,
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
        if cues & _THANKS:
            add(flag.THANKS_ASKS_NOTHING)
            if little:
                add(flag.THANKS_AND_LITTLE_ELSE)
    if accepts and little and not asks:
        add(flag.ACCEPTS_AND_LITTLE_ELSE)
    if cues & ~_LOWER == 0:
        add(flag.NO_CUE_AT_ALL)
    if statement:
        add(flag.STATEMENT)
    if cues & _GREETING and rest > _LITTLE:
        add(flag.GREETING_AND_CONTENT)
    if wait is not None:
        add(flag.OPEN_WAIT)
        if wait.replies:
            add(flag.OPEN_WAIT_WITH_A_REPLY)
        if matter:
            add(flag.OPEN_WAIT_CODE_OR_LINK)
        if cues & _BARE:
            add(flag.OPEN_WAIT_BARE)
    if burst:
        add(flag.BURST)
        if statement:
            add(flag.BURST_STATEMENT)
        if greeted:
            add(flag.AFTER_OWN_GREETING)
        if own_calls >= CALLS:
            add(flag.AFTER_OWN_CALL)
        elif not greeted:
            add(flag.AFTER_OWN_NON_CALL)
    if adjacent and gap <= SPLIT:
        add(flag.SPLIT_LINE)
    if heard:
        add(flag.TEAM_SPOKE_TO_THEM)
    if asked:
        add(flag.TEAM_ASKED)
        if statement:
            add(flag.TEAM_ASKED_STATEMENT)
        if accepts:
            add(flag.TEAM_ASKED_ACCEPTS)
        if cues & LATER:
            add(flag.TEAM_ASKED_OWN_NEXT_STEP)
        if matter:
            add(flag.TEAM_ASKED_IDENTIFIER_OR_CODE)
        if member_cues & _ASKS_FOR:
            add(flag.TEAM_ASKED_FOR_SOMETHING)
        if (content or told) and not asks and not soft:
            add(flag.TEAM_ASKED_TELLS)
    elif heard:
        if statement:
            add(flag.TEAM_ANSWERED_STATEMENT)
        if accepts:
            add(flag.TEAM_ANSWERED_ACCEPTS_START)
        # One of these speaks for all of them: "thanks, but I want it to work" isn't thrice as much of a call.
        if not asks and not soft:
            if cues & _WANT:
                add(flag.TEAM_ANSWERED_WISH)
            elif against:
                add(flag.TEAM_ANSWERED_BUT)
                if rest > AT_LENGTH:
                    add(flag.TEAM_ANSWERED_BUT_AT_LENGTH)
            elif statement and cues & _PROBLEM:
                add(flag.TEAM_ANSWERED_TROUBLE)
                if rest > AT_LENGTH:
                    add(flag.TEAM_ANSWERED_BUT_AT_LENGTH)
            elif statement and cues & _NEGATION:
                add(flag.TEAM_ANSWERED_DENIES)
        if statement and cues & _NARRATES and not against:
            add(flag.TEAM_ANSWERED_NARRATES)
    if member_cues & _HOLDING:
        add(flag.TEAM_HELD)
    if speaker is None:
        add(flag.NEW_HERE)
        if statement:
            add(flag.NEW_HERE_STATEMENT)
    if named_member:
        add(flag.NAMES_A_MEMBER)
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
        _partners(seen, speaker, add, asks=asks, named_member=named_member)
    if not soft:
        if (begins or answered) and not cues & _IN_QUESTION and (cues & _URGENT or (cues & _HELP and not cues & _PROBLEM)):
            add(flag.HELP_OR_ALARM_OUT_OF_THE_BLUE)
        if begins:
            if cues & _WANT:
                add(flag.BEGINS_WITH_A_WISH)
            if cues & _PROBLEM:
                add(flag.BEGINS_WITH_TROUBLE)
    new_talk = alone and speaker is not None and (begins or pauses)
    if new_talk and statement and not named_customer and not cues & _REMARK:
        trouble = bool(cues & (_PROBLEM | _ALARM))
        # What is told of the past without any trouble in it is a story.
        if trouble or (content and rest > 1 and (not cues & _NARRATES or cues & _NEGATION)):
            add(flag.BEGINS_WITH_A_STATEMENT)
    if speaker is not None and alone and statement and not named_member and not named_customer and not cues & _NEEDS:
        before = conversation.last
        if before is not None and before.role is CUSTOMER and before.author != seen.author and seen.at - before.at <= PEER:
            add(flag.JOINS_CUSTOMERS_TALK)
    if is_absence_note(cues):
        add(flag.ABSENT_ASKS_NOTHING)
    if cues & _EVERYBODY and (not cues & (WANTS_ANSWER | _NEEDS) or (cues & _SOLVED and not asks)):
        add(flag.FOR_EVERYBODY_ASKS_NOTHING)
    if wait is None and not heard and not named_member and not cues & _NO_ADVICE:
        advises = bool(cues & _ADVICE)
        if (advises or (asks and cues & _ASKS_THEM)) and (beside := _since_another_call(seen, conversation)) <= NEAR:
            if advises:
                add(flag.BESIDE_ANOTHER_CALL_ADVISES)
            # "Is your API down?" is put to the team, and by whoever begins to talk so is most: who helps others has just been
            # talking, or asks them for something ("did you ..."), and does it at once.
            for_them = not begins or cues & _ASKS_FOR
            helping = speaker is not None and beside <= PEER and for_them
            if asks and (advises or helping) and (not cues & _ASK_IN or (cues & _YOU and for_them)):
                add(flag.BESIDE_ANOTHER_CALL_ASKS_THEM)
    if seen.reply_to is not None or seen.thread is not None:
        _references(seen, window, conversation, add)
    return amounts, flags


def _still_asked(seen: MessageRecord, speaker: Speaker, last: MessageRecord) -> bool:
    """Whether the team's question to a customer still stands: all they said to it was that the answer will come."""
    question = speaker.from_member
    if question is None or not question.reading.cues & ASKS or seen.at - question.at > HEARD:
        return False
    if last.at < question.at or (speaker.before is not None and speaker.before.at > question.at):
        return False
    return len(last.reading.fingerprints) <= 1 and bool(last.reading.cues & _COMING)


def _since_another_call(seen: MessageRecord, conversation: Conversation) -> Seconds:
    """How long ago another customer's latest call was heard, to which no member has said anything; infinite where there is none
    among the neighbours."""
    for looked, person in enumerate(reversed(conversation.customers)):
        if looked >= NEIGHBOURS:
            break
        other = conversation.people[person]
        call = other.last
        if person == seen.author or call is None or other.from_members_since:
            continue
        if call.reply_probability >= CALLS:
            return seen.at - call.at
    return inf


def _partners(
    seen: MessageRecord,
    speaker: Speaker,
    add: Callable[[int], None],
    *,
    asks: bool,
    named_member: bool,
) -> None:
    """With whom the customer has been talking: what another customer said to them, whom they addressed last."""
    from_customer = speaker.from_customer
    fresh = from_customer is not None and seen.at - from_customer.at <= PEER
    if fresh and speaker.last_n < speaker.from_customer_n > speaker.from_member_n:
        add(flag.CUSTOMER_SPOKE_TO_THEM)
    to_peer = to_team = -1
    if speaker.partner is not None:
        if speaker.partner_role is CUSTOMER:
            to_peer = speaker.partner_n
        elif speaker.partner_role is MEMBER:
            to_team = speaker.partner_n
    peers = max(to_peer, speaker.from_customer_n)
    team = max(to_team, speaker.from_member_n)
    if peers > team and not named_member and speaker.last is not None and seen.at - speaker.last.at <= PEER:
        add(flag.TALKS_WITH_A_CUSTOMER)
        if asks:
            add(flag.TALKS_WITH_A_CUSTOMER_ASKS)


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
