"""What a customer's message does: opens a wait, extends theirs, says that it is over, or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.context import Context
from bot.domain.durations import Seconds
from bot.domain.judge import Evidence, Judgement
from bot.domain.keys import message_key
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import Cue
from bot.domain.rules import ChannelRules, Watch
from bot.domain.trace import Trace
from bot.domain.value import value
from bot.domain.waits import ANSWERING, FollowUp, Insistence, OpenedBy, ReplyKind, Target, Wait, WaitState
from bot.domain.writes import KeepText, SaveMessage, SaveWait, SetReminder, Write
from bot.waits import circumstances, holds, ladder, ownership
from bot.waits.channel_state import ChannelState
from bot.waits.circumstances import Circumstance
from bot.waits.member_messages import later_replies, record_overlooked, reply_of_peer, thanks_to_peer
from bot.waits.transitions import end

BURST: Seconds = 5 * 60
"""Messages of a waiting customer within this time of their last one belong to the same burst, question or not."""

TELLING = 2
"""Words of content from which a question says what it is about."""

MOST_FOLLOW_UPS = 100
"""Messages without a question that a wait counts; nobody needs to know of more."""

_GOES_ON = (Cue.BUMP | Cue.WAITING | Cue.URGENT | Cue.CONTRAST).value
"""What speaks of something that was said before."""

CHATTER = 0.08
"""Below this probability of calling for a reply a message is thanks or chatter, even where everything counts."""


@value
class CertainRequest:
    """The judgement of what the platform itself calls a request: its words decide nothing."""

    probability: float = 1.0

    def evidence(self) -> tuple[Evidence, ...]:
        """That it is one."""
        return (Evidence(name="is_request", value=1.0, weight=1.0),)


_CERTAIN = CertainRequest()


def customer_message(state: ChannelState, context: Context, message: Message, seen: MessageRecord, trace: Trace) -> list[Write]:
    """Decide about a message of a customer. Its place is its own time: one that comes late is judged on what came before
    it, and what members said after its place may already answer it."""
    known = next((wait for wait in state.waits_with(message.id) if message.id in wait.messages), None)
    mine = state.open_wait_of(message.author, message)
    judgement = calls_for_reply(state, context, message, seen, state.waits_of(message.author), trace)
    if state.shift.log_odds and trace.on:
        trace.say(_moved(state, context))
    seen = seen.marked(reply_probability=judgement.probability)
    if known is not None:
        trace.say(f"belongs to wait {known.id} already: a member said so before it came")
        return [SaveMessage(channel=state.key, seen=seen.marked(reply_probability=seen.reply_probability, wait=known.id))]
    if says_nothing(message, seen):
        trace.say("holds no words of its author's own: opens nothing")
        return [SaveMessage(channel=state.key, seen=seen.marked(reply_probability=0.0))]
    if message.is_request:
        return _own(state, context, message, seen, judgement, mine, trace)
    if mine is not None and message.at >= mine.opened_at:
        over = context.judge.closes(seen, state.window, mine)
        if over is not None:
            trace.judged("says it is over", over)
            resolved = _resolve(state, context, mine, seen, trace)
            if resolved:
                return resolved
    helped: list[Write] = []
    if state.rules.peers_may_answer:
        thanks = thanks_to_peer(state, context, mine, seen, trace) if mine is not None else []
        if thanks:
            return thanks
        helped, named = reply_of_peer(state, context, seen, trace)
        if helped:
            # Who helps and names whom asks nothing of the team; a question that names nobody may be their own besides.
            if named or not counts(state, context, message, seen, judgement, mine):
                return helped
            helped = helped[:-1]
    return [*helped, *_own(state, context, message, seen, judgement, mine, trace)]


def says_nothing(message: Message, seen: MessageRecord) -> bool:
    """Whether a message is nobody's own words and shows nothing either: somebody else's words passed on, a link to them. A
    customer's own picture does show something."""
    return seen.reading.wordless and not message.files


def calls_for_reply(
    state: ChannelState, context: Context, message: Message, seen: MessageRecord, waits: Sequence[Wait], trace: Trace
) -> Judgement:
    """Whether a customer's message calls for a reply: what the platform says, else the judge, with `waits` in view, and
    the circumstances where they say more."""
    judgement: Judgement = _CERTAIN
    if not message.is_request:
        judged = context.judge.expects_reply(seen, state.window, waits)
        judgement = circumstances.weigh(state, message, seen, waits, judged)
    trace.judged("calls for a reply", judgement)
    return judgement


def _own(
    state: ChannelState,
    context: Context,
    message: Message,
    seen: MessageRecord,
    judgement: Judgement,
    mine: Wait | None,
    trace: Trace,
) -> list[Write]:
    """What a message does to its author's own waits."""
    if mine is not None and message.at >= mine.opened_at:
        if counts(state, context, message, seen, judgement, mine):
            goes_on = _insists(mine, seen) or context.judge.belongs(seen, mine, state.window)
            if goes_on and not _is_apart(state, mine, seen):
                return _extend(state, mine, message, seen, trace, calls=True)
            trace.say(f"is another matter than wait {mine.id}")
            return open_wait(state, context, message, seen, judgement, trace)
        in_burst = message.at - mine.last_message_at <= BURST and seen.reply_probability >= CHATTER and not mine.replies
        if in_burst:
            return _extend(state, mine, message, seen, trace, calls=False)
        if _follows_up(state, mine, message, seen):
            trace.say(f"goes on about wait {mine.id}, and asks nothing")
            longer = replace(mine, went_on=(*mine.went_on, FollowUp(message=message.id, at=message.at)))
            return [SaveMessage(channel=state.key, seen=seen), SaveWait(wait=longer)]
    elif counts(state, context, message, seen, judgement, None):
        return open_wait(state, context, message, seen, judgement, trace)
    trace.say("opens nothing")
    return [SaveMessage(channel=state.key, seen=seen)]


def _follows_up(state: ChannelState, wait: Wait, message: Message, seen: MessageRecord) -> bool:
    """Whether a waiting customer's message that asks nothing is about what they wait for, as far as can be told: it isn't
    chatter, and speaks to nobody but the team."""
    if seen.reply_probability < CHATTER or len(wait.went_on) >= MOST_FOLLOW_UPS:
        return False
    if any(further.message == message.id for further in wait.went_on):
        return False
    to = state.window.get(message.reply_to) if message.reply_to is not None else None
    if to is not None and to.role is Role.CUSTOMER and to.author != wait.customer:
        return False
    return all(person in state.team.members for person in message.mentions)


def _insists(wait: Wait, seen: MessageRecord) -> bool:
    """Whether a customer whose wait is put off, or somebody's, says that it is urgent: then it is about that one."""
    if not seen.reading.has(Cue.URGENT):
        return False
    return holds.ends_by_bump(wait.hold, seen.at, urgent=True) or holds.stands_pressed(wait.hold, seen.at, urgent=True)


def _is_apart(state: ChannelState, wait: Wait, seen: MessageRecord) -> bool:
    """Whether a question has nothing to do with a wait that a member has put off, or whose hold its customer has thanked for: it
    is one of its own, and the other stays on hold. Without a word in common it is new, however soon it comes."""
    reading = seen.reading
    if not holds.puts_off(wait.hold, seen.at) and not _thanked_for_hold(state, wait, seen):
        return False
    if reading.cues & _GOES_ON or len(reading.fingerprints) < TELLING or seen.reply_to in wait.messages:
        return False
    words = set(reading.fingerprints)
    known = (state.window.get(id) for id in wait.messages)
    return all(words.isdisjoint(entry.reading.fingerprints) for entry in known if entry is not None)


def _thanked_for_hold(state: ChannelState, wait: Wait, seen: MessageRecord) -> bool:
    """Whether a wait's customer took what holds it for a good word (see `_resolve`)."""
    hold = wait.hold
    if hold is None or not hold.since < seen.at < hold.until:
        return False
    since = (one for one in reversed(state.window.by(wait.customer)) if hold.since < one.at < seen.at)
    return any(one.reading.has(Cue.THANKS) and one.id not in wait.messages for one in since)


def counts(
    state: ChannelState, context: Context, message: Message, seen: MessageRecord, judgement: Judgement, mine: Wait | None
) -> bool:
    """Whether the message is a mention in the sense of the channel's `watch`."""
    if message.is_request:
        return True
    if says_nothing(message, seen):
        return False
    rules = state.rules
    judged = context.judge.calls(judgement, rules.sensitivity, state.shift.log_odds)
    if rules.watch is Watch.QUESTIONS:
        return judged
    if rules.watch is Watch.EVERYTHING:
        return judged or seen.reply_probability >= CHATTER
    if mine is not None:
        return judged
    called = message.calls_team or message.pings_member
    named = called or bool(named_members(state, message, seen)) or has_watched_word(rules, message)
    return named and (judged or seen.reply_probability >= CHATTER)


def _moved(state: ChannelState, context: Context) -> str:
    sensitivity, shift = state.rules.sensitivity, state.shift
    usual, now = context.judge.threshold(sensitivity), context.judge.threshold(sensitivity, shift.log_odds)
    corrections = f"{shift.corrections} correction" + ("" if shift.corrections == 1 else "s")
    return f"this channel's threshold is {now:.0%} instead of {usual:.0%} after {corrections}"


def has_watched_word(rules: ChannelRules, message: Message) -> bool:
    """Whether a message has one of the words that call on the team."""
    if not rules.watched_words:
        return False
    text = message.text.casefold()
    return any(word in text for word in rules.watched_words)


def named_members(state: ChannelState, message: Message, seen: MessageRecord) -> tuple[str, ...]:
    """The members a message mentions or names, mentions first."""
    named = [person for person in message.mentions if person in state.team.members]
    named += [person for person, _ in seen.reading.addressed if person in state.team.members and person not in named]
    return tuple(named)


def open_wait(
    state: ChannelState, context: Context, message: Message, seen: MessageRecord, judgement: Judgement, trace: Trace
) -> list[Write]:
    """Open a wait with this message, and look whether something later in the channel answers it already."""
    weighed = not message.is_request and not isinstance(judgement, Circumstance)
    by_judge = weighed and context.judge.calls(judgement, state.rules.sensitivity, state.shift.log_odds)
    wait = new_wait(state, context, message, seen, judgement, opened_by="judge" if by_judge else "rules")
    owner, reason = ownership.choose(state, wait, message.at)
    if owner is not None:
        wait = replace(wait, owner=owner, owner_reason=reason)
    before = wait.came_back_from
    trace.say(f"opens wait {wait.id}" + (f", coming back from {before}" if before is not None else ""))
    seen = seen.marked(reply_probability=seen.reply_probability, wait=wait.id)
    writes: list[Write] = [SaveWait(wait=wait), SaveMessage(channel=state.key, seen=seen)]
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=wait.id, message=message.id, text=message.text))
    writes += ladder.schedule(wait, state.rules, now=message.at)
    writes += later_replies(state, context, wait, seen, trace)
    return writes


def new_wait(
    state: ChannelState, context: Context, message: Message, seen: MessageRecord, judgement: Judgement, *, opened_by: OpenedBy
) -> Wait:
    """A wait that opens with this message, as nobody's yet."""
    newcomer = state.is_newcomer(message.author, message_key(state.key, message.id))
    before = state.last_ended_of(message.author, message.at)
    return Wait(
        id=message_key(state.key, message.id),
        channel=state.key,
        customer=message.author,
        thread=message.thread,
        messages=(message.id,),
        opened_at=message.at,
        last_message_at=message.at,
        probability=judgement.probability,
        evidence=_with_urgency(tuple(item.name for item in judgement.evidence()[:5] if item.weight > 0), seen),
        came_back_from=before.id if before is not None else None,
        named_members=named_members(state, message, seen),
        ladder_start=message.at,
        opened_by=opened_by,
        newcomer=newcomer,
        target=_target(context.customer_of(message.author).first, state.rules.newcomer_first if newcomer else None),
    )


def _with_urgency(evidence: tuple[str, ...], seen: MessageRecord) -> tuple[str, ...]:
    """The evidence of a wait, with that a message of it says that it is urgent."""
    if not seen.reading.has(Cue.URGENT) or not ladder.URGENT.isdisjoint(evidence):
        return evidence
    return (*evidence, ladder.SAYS_URGENT)


def _target(customer: Seconds | None, newcomer: Seconds | None) -> Target | None:
    """The target of a wait: the customer's own, or that of newcomers where it is shorter."""
    if newcomer is not None and (customer is None or newcomer < customer):
        return Target(first=newcomer, whose="newcomer")
    return None if customer is None else Target(first=customer, whose="customer")


def _extend(state: ChannelState, wait: Wait, message: Message, seen: MessageRecord, trace: Trace, *, calls: bool) -> list[Write]:
    trace.say(f"extends wait {wait.id}" + ("" if calls else " as part of the burst"))
    named = wait.named_members + tuple(
        person for person in named_members(state, message, seen) if person not in wait.named_members
    )
    longer = replace(
        wait,
        messages=(*wait.messages, message.id),
        last_message_at=max(wait.last_message_at, message.at),
        probability=max(wait.probability, seen.reply_probability) if calls else wait.probability,
        evidence=_with_urgency(wait.evidence, seen),
        named_members=named,
        possible_answer=None
        if calls and wait.possible_answer is not None and wait.possible_answer.at < message.at
        else wait.possible_answer,
    )
    writes: list[Write] = []
    bumped = calls and holds.ends_by_bump(wait.hold, message.at, urgent=seen.reading.has(Cue.URGENT))
    if bumped and wait.hold is not None:
        trace.say("ends the hold: the customer asks again")
        insisted = Insistence(kind=wait.hold.kind, by=wait.hold.by, at=message.at)
        again = min(wait.ladder_start, ladder.restart(wait, state.rules, message.at))
        longer = replace(longer, hold=None, insisted=insisted, ladder_start=again)
    urgent = seen.reading.has(Cue.URGENT)
    pressed = calls and wait.insisted is None and holds.stands_pressed(wait.hold, message.at, urgent=urgent)
    if pressed and wait.hold is not None:
        trace.say("what was promised stands: whoever is to keep it is told that the customer asks again")
        longer = replace(longer, insisted=Insistence(kind=wait.hold.kind, by=wait.hold.by, at=message.at))
    surer = ladder.becomes_sure(wait, longer, state.rules, message.at)
    if surer and not bumped:
        trace.say("is surely waiting now: the ladder begins anew")
        longer = replace(longer, ladder_start=message.at)
    if named != wait.named_members:
        owner, reason = ownership.choose(state, longer, message.at)
        longer = replace(longer, owner=owner, owner_reason=reason)
    writes += [
        SaveWait(wait=longer),
        SaveMessage(channel=state.key, seen=seen.marked(reply_probability=seen.reply_probability, wait=wait.id)),
    ]
    if state.rules.keep_text and message.text:
        writes.append(KeepText(wait=wait.id, message=message.id, text=message.text))
    if bumped or surer:
        writes += ladder.schedule(longer, state.rules, now=message.at)
    if pressed and state.rules.steps:
        writes.append(SetReminder(wait=wait.id, step=0, to=state.rules.steps[0].to, due_at=message.at))
    return writes


def _resolve(state: ChannelState, context: Context, wait: Wait, seen: MessageRecord, trace: Trace) -> list[Write]:
    """The customer says it's over. If an earlier message of a member was the answer, it is recorded as such. Nothing where they
    only thank for being told that an answer will come, or where to ask: what was promised stands."""
    saved = SaveMessage(channel=state.key, seen=seen)
    thanks_for_hold = bool(wait.replies) and not seen.reading.has(Cue.SOLVED)
    overlooked = context.judge.overlooked(seen, wait, state.window) if not wait.replies or thanks_for_hold else None
    if wait.possible_answer is not None and seen.reading.has(Cue.THANKS):
        overlooked = wait.possible_answer.message
    reply = state.window.get(overlooked) if overlooked is not None else None
    if (
        reply is not None
        and thanks_for_hold
        and context.judge.reply_kind(reply, wait, state.window, state.team.members).kind not in ANSWERING
    ):
        reply = None
    if reply is not None:
        trace.say(f"its thanks go to message {reply.id}, which was the answer")
        return [*record_overlooked(state, wait, reply, ReplyKind.PERSONAL), saved]
    if thanks_for_hold:
        trace.say(f"thanks for what was said to wait {wait.id}, which answered nothing yet")
        return []
    trace.say(f"ends wait {wait.id}: resolved")
    return [*end(wait, WaitState.RESOLVED, seen.at), saved]
