"""What a member's message does: which waits it replies to, and whether that ends them or only holds them."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.context import Context
from bot.domain.durations import Instant, Seconds
from bot.domain.events import Typing
from bot.domain.judge import Attribution
from bot.domain.letters import on_one_line
from bot.domain.messages import Message, MessageRecord
from bot.domain.people import Role
from bot.domain.reading import MENTIONED, Cue, Reading
from bot.domain.trace import Trace
from bot.domain.waits import ANSWERING, Hold, HoldKind, Reply, ReplyKind, Wait, WaitState
from bot.domain.writes import SaveMessage, SaveWait, SetReminder, Write
from bot.waits import circumstances, crossing, holds, ladder
from bot.waits.channel_state import ChannelState
from bot.waits.reattribution import reconsider
from bot.waits.reply_kind import hold_until, kind_of_reply
from bot.waits.transitions import take_reply

MOST_APPS = 3
"""Apps that are named of those that answered automatically, the latest."""

APP_NAME = 40
"""Letters of an app's name that are kept: whoever made it chose it."""

LEARNS_OF_REPLY: Seconds = 24 * 3600
"""A wait that ended by a reaction, or by its customer's own word, still takes a member's message of the next day, in its thread
or replying to it, as the reply that went with it."""

LEARNS_BY_NAME: Seconds = 3600
"""The same for a message that names the customer."""

EMPTY = 0.2
"""Below this probability that it answers, what says nothing is no help among customers either, and isn't what they thank for."""


def reply_of_member(state: ChannelState, context: Context, message: Message, seen: MessageRecord, trace: Trace) -> list[Write]:
    """Decide which of the channel's waits a member's message replies to, and what that does to them. One without words of
    their own replies to none: passing on somebody else's, or a link to them, is no answer; about a picture, a voice message that
    nobody has written down, or words that the bot can't read, the reminder asks."""
    if says_nothing_yet(seen.reading):
        return _wordless(state, context, message, seen, trace)
    revision = reconsider(state, context, seen, trace)
    waits = [wait for wait in _candidates(state, seen) if wait.id not in revision.ended] + revision.reopened
    writes: list[Write] = [*revision.writes]
    answered: list[str] = []
    ended: list[tuple[Wait, Attribution]] = []
    weighed = _weighed(state, context, seen, waits, trace)
    asserted = _with_sharing(state, seen, _asserted(context, weighed), trace)
    for meant, attribution in asserted:
        wait = meant
        judged, kind, until = kind_of_reply(state, context, message, seen, wait, trace)
        if kind is ReplyKind.NOTHING:
            trace.say(f"is for wait {wait.id}, and says nothing yet: ends and holds nothing")
            continue
        if kind in ANSWERING and judged.doubtful:
            writes += _ask_about(seen, wait, kind, attribution.probability * judged.probability, trace)
            continue
        trace.say(f"is a {kind.value} reply to wait {wait.id}")
        late = crossing.crossed(state, wait, seen) if kind in ANSWERING and wait.open else ()
        if late:
            trace.say(f"  crossed another question of theirs, {late[0]}: that one is still open")
            wait, apart = crossing.part(state, wait, late)
            writes += apart
        canned = context.judge.canned(seen, wait.customer, state.replies_sent)
        if canned is not None:
            trace.say(f"  near-copy of what another customer was told ({canned:.0%} the same words); that decides nothing")
        reply = Reply(
            message=seen.id, by=seen.author, at=seen.at, kind=kind, probability=attribution.probability, canned=canned is not None
        )
        writes += take_reply(state, wait, reply, until=until)
        answered.append(wait.id)
        if kind is ReplyKind.PERSONAL:
            ended.append((meant, attribution))
    writes += _alike(state, seen, ended, trace)
    if not asserted:
        trace.say("replies to no open wait")
        writes += _perhaps(state, context, seen, weighed, trace)
    if not answered and message.thread is not None:
        writes += _give_a_moment(state, message.author, message.at, message.thread, trace)
    kept = seen.marked(reply_probability=0.0, answers=tuple(answered)) if answered else seen
    writes.append(SaveMessage(channel=state.key, seen=kept))
    return writes


def _alike(state: ChannelState, seen: MessageRecord, ended: list[tuple[Wait, Attribution]], trace: Trace) -> list[Write]:
    """An answer that names nobody may also be for whoever asks something like what it answers: it is asked about."""
    if not ended or seen.thread is not None or seen.reply_to is not None or seen.reading.addressed:
        return []
    writes: list[Write] = []
    replied = {wait.id for wait, _ in ended}
    for wait, attribution in ended:
        for other in circumstances.asking_the_same(state, wait)[1]:
            if other.id not in replied:
                replied.add(other.id)
                trace.say(f"what is said to wait {wait.id} may be said to {other.id} as well, which asks something like it")
                writes += _ask_about(seen, other, ReplyKind.PERSONAL, attribution.probability / 2, trace)
    return writes


def says_nothing_yet(reading: Reading) -> bool:
    """Whether a member's message has no words of its own, or hardly any beside a recording that nobody has written down."""
    return reading.wordless or (reading.has(Cue.RECORDING) and reading.rest <= circumstances.FEW)


def _with_sharing(
    state: ChannelState, seen: MessageRecord, asserted: list[tuple[Wait, Attribution]], trace: Trace
) -> list[tuple[Wait, Attribution]]:
    """What is said to one customer is said to those who have the same ("same here"), unless it names that one alone."""
    replied = {wait.id for wait, _ in asserted}
    also: list[tuple[Wait, Attribution]] = []
    for wait, attribution in asserted:
        alone = circumstances.joins(state, wait) is not None and seen.reading.names(wait.customer) > 0
        for other in circumstances.sharing(state, wait):
            if other.id not in replied and not alone:
                replied.add(other.id)
                trace.say(f"what is said to wait {wait.id} is said to {other.id} as well, which has the same")
                also.append((other, attribution))
        if seen.thread is None and seen.reply_to is None and not seen.reading.addressed:
            for other in circumstances.asking_the_same(state, wait)[0]:
                if other.id not in replied:
                    replied.add(other.id)
                    trace.say(f"what is said to wait {wait.id} is said to {other.id} as well, which asks the same")
                    also.append((other, attribution))
    return asserted + also


def _wordless(state: ChannelState, context: Context, message: Message, seen: MessageRecord, trace: Trace) -> list[Write]:
    trace.say("holds no words of its author's own: ends nothing")
    writes: list[Write] = []
    if message.unread:
        return [*_asked_unread(state, context, seen, trace), SaveMessage(channel=state.key, seen=seen)]
    if message.files:
        weighed = _weighed(state, context, seen, _candidates(state, seen), trace)
        writes += _perhaps(state, context, seen, weighed, trace, however_likely=True)
    if message.thread is not None:
        writes += _give_a_moment(state, message.author, message.at, message.thread, trace)
    return [*writes, SaveMessage(channel=state.key, seen=seen)]


def _asked_unread(
    state: ChannelState, context: Context, seen: MessageRecord, trace: Trace, waits: list[Wait] | None = None
) -> list[Write]:
    """A member wrote what the bot can't read, so only people can say whether it was an answer: of those who wait where it stands,
    and whom it doesn't rule out by replying to somebody else, the likeliest is asked about, and left alone for a moment."""
    trace.say("its platform keeps its words from the bot: who wrote it is asked")
    for wait, attribution in _weighed(state, context, seen, _candidates(state, seen) if waits is None else waits, trace):
        refers = seen.reply_to in wait.messages
        elsewhere = seen.reply_to is not None and state.window.get(seen.reply_to) is not None
        if refers or (_stands_with(wait, seen.thread) and not elsewhere):
            writes = _ask_about(seen, wait, ReplyKind.PERSONAL, attribution.probability, trace)
            asked = next((write.wait for write in writes if isinstance(write, SaveWait)), wait)
            return [*writes, *_hold_a_moment(state, asked, seen.author, seen.at, trace)]
    return []


def typing(state: ChannelState, event: Typing, trace: Trace) -> list[Write]:
    """A member is typing: whoever may be about to be answered is left alone for a moment. Nothing that was decided changes."""
    if not event.by_member:
        trace.say("only members' typing counts")
        return []
    return _give_a_moment(state, event.by, event.at, event.thread, trace)


def _give_a_moment(state: ChannelState, member: str, at: Instant, thread: str | None, trace: Trace) -> list[Write]:
    """Hold the waits that a member is visibly on, for a moment: in a thread its waits, outside threads those that wait there.
    A wait that is held already, or not due so soon, is left as it is."""
    writes: list[Write] = []
    for wait in state.near_waits(thread):
        if _stands_with(wait, thread):
            writes += _hold_a_moment(state, wait, member, at, trace)
    return writes


def _stands_with(wait: Wait, thread: str | None) -> bool:
    """Whether a wait is in this thread, or outside threads as what is asked about."""
    return thread in (wait.thread, *wait.messages) if thread is not None else wait.thread is None


def _hold_a_moment(state: ChannelState, wait: Wait, member: str, at: Instant, trace: Trace) -> list[Write]:
    until = holds.until(HoldKind.TYPING, state.rules.holds, at)
    due = ladder.schedule(wait, state.rules, now=at)
    soon = any(isinstance(write, SetReminder) and write.due_at <= until for write in due)
    if wait.hold is not None or not soon or not wait.open or wait.customer == member:
        return []
    trace.say(f"gives wait {wait.id} a moment: {member} is there")
    held = replace(wait, hold=Hold(kind=HoldKind.TYPING, since=at, until=until, by=member))
    return [SaveWait(wait=held), *ladder.schedule(held, state.rules, now=at)]


def reply_of_peer(state: ChannelState, context: Context, seen: MessageRecord, trace: Trace) -> tuple[list[Write], bool]:
    """A customer wrote where customers may answer each other: what it does to the waits it helps, the message itself last,
    and whether it names one of those it helps. Nothing at all if it helps none."""
    others = {wait.id: wait for wait in _candidates(state, seen) if wait.customer != seen.author}
    for person, _ in seen.reading.addressed:
        if person != seen.author:
            others |= {wait.id: wait for wait in state.waits_of(person) if wait.opened_at <= seen.at}
    writes: list[Write] = []
    helped: list[str] = []
    named = False
    if seen.reading.wordless:
        return [], False
    for attribution in context.judge.peers(seen, state.window, list(others.values())):
        trace.judged(f"helps with wait {attribution.wait}", attribution)
        if not context.judge.helps(attribution):
            continue
        wait = others[attribution.wait]
        judged = context.judge.reply_kind(seen, wait, state.window)
        kind = judged.kind
        if kind is ReplyKind.NOTHING:
            if judged.probability < EMPTY:
                continue
            kind = ReplyKind.PERSONAL  # whether customers help each other is weighed by `peers` already
        if kind not in ANSWERING:
            # What another customer promises binds nobody: it keeps the team back for a moment, as "one sec" does.
            kind = ReplyKind.HOLDING
        trace.say(f"helps wait {wait.id} ({kind.value})")
        reply = Reply(message=seen.id, by=seen.author, at=seen.at, kind=kind, probability=attribution.probability)
        until = hold_until(state, context, kind, seen.author, seen.at, None)
        writes += take_reply(state, wait, reply, until=until, helped=True)
        helped.append(wait.id)
        named = named or bool(seen.reading.names(wait.customer))
    if not helped:
        return [], False
    return [
        *writes,
        SaveMessage(channel=state.key, seen=seen.marked(reply_probability=seen.reply_probability, answers=tuple(helped))),
    ], named


def thanks_to_peer(state: ChannelState, context: Context, wait: Wait, seen: MessageRecord, trace: Trace) -> list[Write]:
    """The customer thanks another customer, whose message nobody took for the answer it was: it is taken as such now."""
    thanked = context.judge.thanked(seen, wait, state.window)
    reply = state.window.get(thanked) if thanked is not None else None
    if reply is None:
        return []
    trace.say(f"its thanks go to message {reply.id}, which helped wait {wait.id}")
    found = Reply(message=reply.id, by=reply.author, at=reply.at, kind=ReplyKind.PERSONAL)
    return [
        *take_reply(state, wait, found, until=None, helped=reply.role is not Role.MEMBER),
        SaveMessage(channel=state.key, seen=replace(reply, answers=(*reply.answers, wait.id))),
        SaveMessage(channel=state.key, seen=seen),
    ]


def reply_of_app(state: ChannelState, context: Context, message: Message, seen: MessageRecord, trace: Trace) -> list[Write]:
    """An automatic post ends nothing. What it looks like an answer to is counted, with the app's name, so that reminders and
    reports can say so."""
    by = on_one_line(message.app, APP_NAME)
    writes: list[Write] = []
    for wait, _ in _matches(state, context, seen, [wait for wait in _candidates(state, seen) if wait.open], trace):
        trace.say(f"looks like an answer to wait {wait.id}, but it is automatic")
        named = wait.automatic_by
        if by and by not in named:
            named = (*named, by)[-MOST_APPS:]
        writes.append(SaveWait(wait=replace(wait, automatic_replies=wait.automatic_replies + 1, automatic_by=named)))
    return [*writes, SaveMessage(channel=state.key, seen=seen)]


def later_replies(state: ChannelState, context: Context, wait: Wait, opening: MessageRecord, trace: Trace) -> list[Write]:
    """A wait opened at a place in the past (a late message, an edit): let the members' messages after it count. They are judged
    with the opening message before them, as if it had been there when they came."""
    writes: list[Write] = []
    later = state.window.after(wait.last_message_at, wait.messages[-1])
    if not later:
        return writes
    window = state.window.including(opening)
    for seen in later:
        if seen.role is Role.MEMBER and seen.reading.has(Cue.UNREAD):
            asked = _asked_unread(state, context, seen, trace, [wait])
            wait = next((write.wait for write in reversed(asked) if isinstance(write, SaveWait)), wait)
            writes += asked
            continue
        if seen.role is not Role.MEMBER or seen.reading.wordless:
            continue
        for attribution in context.judge.attribute(seen, window, [wait]):
            trace.judged(f"replies to wait {attribution.wait}", attribution)
            if not context.judge.answers(attribution):
                continue
            judged = context.judge.reply_kind(seen, wait, window, state.team.members)
            kind = judged.kind
            if kind is ReplyKind.NOTHING:
                continue
            if kind in ANSWERING and judged.doubtful:
                asked = _ask_about(seen, wait, kind, attribution.probability * judged.probability, trace)
                wait = next((write.wait for write in asked if isinstance(write, SaveWait)), wait)
                writes += asked
                continue
            trace.say(f"was answered later by message {seen.id} ({kind.value})")
            reply = Reply(message=seen.id, by=seen.author, at=seen.at, kind=kind, probability=attribution.probability)
            until = hold_until(state, context, kind, seen.author, seen.at, None)
            step = take_reply(state, wait, reply, until=until)
            answering = replace(seen, answers=(*seen.answers, wait.id))
            window.put(answering)
            writes += [*step, SaveMessage(channel=state.key, seen=answering)]
            wait = next(write.wait for write in step if isinstance(write, SaveWait))
        if not wait.open:
            break
    return writes


def record_overlooked(state: ChannelState, wait: Wait, reply: MessageRecord, kind: ReplyKind) -> list[Write]:
    """The customer's thanks show that an earlier message of a member was the answer: take it as such."""
    found = Reply(message=reply.id, by=reply.author, at=reply.at, kind=kind)
    return [
        *take_reply(state, wait, found, until=None),
        SaveMessage(channel=state.key, seen=replace(reply, answers=(*reply.answers, wait.id))),
    ]


def _candidates(state: ChannelState, seen: MessageRecord) -> list[Wait]:
    """The waits this message may reply to, as they were at its place: open ones, those that ended only after it (it came
    late), and those that ended before anybody wrote."""
    found = [wait for wait in state.near_waits(seen.thread, seen.reply_to) if wait.opened_at <= seen.at]
    for wait in state.unreplied_waits():
        refers = seen.reply_to in wait.messages or (seen.thread is not None and seen.thread in (wait.thread, *wait.messages))
        named = not refers and seen.reading.names(wait.customer) >= MENTIONED
        lasts = LEARNS_OF_REPLY if refers else LEARNS_BY_NAME
        if (refers or named) and wait.ended_at is not None and wait.opened_at <= seen.at <= wait.ended_at + lasts:
            found.append(wait)
    last = state.window.last
    if last is not None and last.at > seen.at:
        known = {wait.id for wait in found}
        for wait in state.ended_waits():
            overtaken = wait.ended_at is not None and wait.opened_at <= seen.at < wait.ended_at
            if overtaken and wait.state is WaitState.ANSWERED and wait.id not in known:
                found.append(wait)
    return found


def _matches(
    state: ChannelState, context: Context, seen: MessageRecord, waits: list[Wait], trace: Trace
) -> list[tuple[Wait, Attribution]]:
    return _asserted(context, _weighed(state, context, seen, waits, trace))


def _weighed(
    state: ChannelState, context: Context, seen: MessageRecord, waits: list[Wait], trace: Trace
) -> list[tuple[Wait, Attribution]]:
    """How likely a message replies to each of these waits, likeliest first."""
    if not waits:
        return []
    weighed: list[tuple[Wait, Attribution]] = []
    for attribution in context.judge.attribute(seen, state.window, waits):
        trace.judged(f"replies to wait {attribution.wait}", attribution)
        weighed.append((next(wait for wait in waits if wait.id == attribution.wait), attribution))
    return weighed


def _asserted(context: Context, weighed: list[tuple[Wait, Attribution]]) -> list[tuple[Wait, Attribution]]:
    return [(wait, attribution) for wait, attribution in weighed if context.judge.answers(attribution)]


def _perhaps(
    state: ChannelState,
    context: Context,
    seen: MessageRecord,
    weighed: list[tuple[Wait, Attribution]],
    trace: Trace,
    *,
    however_likely: bool = False,
) -> list[Write]:
    """A message that replies to nothing for sure may still have answered the likeliest wait. `however_likely`: what is unsure is
    what it says, not for whom it is."""
    for wait, attribution in weighed[:1]:
        may = context.judge.may_answer(attribution) or (however_likely and context.judge.answers(attribution))
        if not may:
            continue
        kind = ReplyKind.PERSONAL
        if not however_likely:
            kind = context.judge.reply_kind(seen, wait, state.window, state.team.members).kind
        if kind in ANSWERING:
            return _ask_about(seen, wait, kind, attribution.probability, trace)
    return []


def _ask_about(seen: MessageRecord, wait: Wait, kind: ReplyKind, probability: float, trace: Trace) -> list[Write]:
    """A message that may have answered an open wait is remembered, and the wait's next reminder asks who wrote it. Of several
    such messages the likeliest is asked about; who was asked isn't asked again."""
    known = wait.possible_answer
    if not wait.open or (known is not None and known.probability > probability):
        return []
    trace.say(f"may have answered wait {wait.id}: its reminder asks")
    asked = known.asked if known is not None else ()
    unread = seen.reading.has(Cue.UNREAD)
    maybe = Reply(message=seen.id, by=seen.author, at=seen.at, kind=kind, probability=probability, asked=asked, unread=unread)
    return [SaveWait(wait=replace(wait, possible_answer=maybe))]
