"""The whole life of a wait, moment by moment, in the words of *Why?*."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.domain.durations import Instant
from bot.domain.events import Acted, Corrected, Deleted, Edited, Event, Posted, Reacted
from bot.domain.keys import message_of
from bot.domain.outgoing import SentReminder
from bot.domain.trace import TracedReason
from bot.domain.views import BULLET, PersonName, Plain, Spans, Timestamp
from bot.domain.waits import Reply, ReplyKind, Wait, WaitState
from bot.wording.answers import SAID_OF_REPLIES, WhyFacts, left_out, reminded, repeated, sureness, whom_to_ask
from bot.wording.ended import SettledFacts, going_on, outcome
from bot.wording.evidence import KINDS, reasons
from bot.wording.for_whom import why_for_them
from bot.wording.holds import hold_line
from bot.wording.owner_reasons import OWNER_WORDS
from bot.wording.phrases import waited

_WAIT = re.compile(r"\bwait (\S+/[^\s,:]+)")

MOST_REASONS = 5
"""Reasons of one judgement that are told, the heaviest."""

BY_ITS_TIME = ("it promises", "it says how long", "it gives another time")
"""How the sentences begin that make a promise of a reply, whatever it looked like before."""

OVER = "says it is over"
"""The question whether a customer ends their wait, as decisions call it."""

CALLS = "calls for a reply"
"""The question whether a customer's message wants one, as decisions call it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangedWait:
    """What an event made of a wait; `before` is None where it opened it."""

    before: Wait | None
    after: Wait


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplainedEvent:
    """An event with the reasons of its decision and the waits that it changed."""

    event: Event
    reasons: tuple[TracedReason, ...]
    changed: tuple[ChangedWait, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeFacts:
    """What is told of a wait. Its working time (`why`) is that until the archive ends (`archive_ends`): what comes later never
    happened. `asked_for`: the message that somebody named; `entries`: what happened to it, perhaps to others, too."""

    why: WhyFacts
    duty: tuple[str, ...]
    leads: tuple[str, ...]
    archive_ends: Instant
    asked_for: str | None = None
    entries: tuple[ExplainedEvent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LifeMoment:
    """Something that happened: when (None: that isn't known), in one line, with what was written and what came of it."""

    at: Instant
    says: Spans
    timed: bool = True
    quote: str = ""
    lines: tuple[Spans, ...] = ()


def headline(facts: LifeFacts) -> Spans:
    """Who waited where, how long, and how it ended."""
    wait, why = facts.why.wait, facts.why
    end = facts.archive_ends if wait.ended_at is None else wait.ended_at
    lasted = waited(max(0.0, end - wait.opened_at), why.working_seconds)
    begins: Spans = (PersonName(wait.customer), Plain(f" in #{why.channel_name.removeprefix('#')}: "))
    if wait.open:
        return (*begins, Plain("has waited "), *lasted, Plain(" when the archive ends"))
    return (*begins, Plain("waited "), *lasted, Plain("; "), *going_on(outcome(_settled(why))))


def moments(facts: LifeFacts) -> tuple[LifeMoment, ...]:
    """All that happened to a wait, in order: what was written, what it counted as and why, who was asked and why them."""
    found = [_moment(facts, entry) for entry in facts.entries if _of(facts, entry) is not None]
    for sent in facts.why.reminders:
        as_then = replace(facts.why, now=sent.at)
        found.append(LifeMoment(at=sent.at, says=reminded(as_then, sent, _because(facts, sent))))
    for alike in repeated(facts.why.skipped):
        as_then = replace(facts.why, now=alike[-1].at)
        found.append(LifeMoment(at=alike[-1].at, says=left_out(as_then, alike)))
    if facts.why.wait.open or any(one.at > facts.archive_ends for one in found):
        says = "The archive ends here, and the customer still waits." if facts.why.wait.open else "The archive ends here."
        later = any(one.at > facts.archive_ends for one in found) or facts.why.next_reminder is not None
        would = ((Plain("What follows is what the bot would have done without an answer."),),) if later else ()
        found.append(LifeMoment(at=facts.archive_ends, says=(Plain(says),), lines=would))
    if facts.why.next_reminder is not None:
        found.append(LifeMoment(at=facts.why.next_reminder, says=(Plain("The next reminder would be due."),)))
    # What happened at one instant stays in the order in which it was found: a message, then what the bot did.
    return tuple(sorted(found, key=lambda one: one.at))


def unwaited(entry: ExplainedEvent) -> LifeMoment:
    """An event that changed no wait, with why it didn't, for who asked about its message."""
    return LifeMoment(at=entry.event.at, says=_happened(entry.event), timed=_timed(entry.event), quote=_words(entry.event),
                  lines=tuple(_reason_lines(entry.reasons)))  # fmt: skip


def _of(facts: LifeFacts, entry: ExplainedEvent) -> ChangedWait | None:
    return next((changed for changed in entry.changed if changed.after.id == facts.why.wait.id), None)


def _moment(facts: LifeFacts, entry: ExplainedEvent) -> LifeMoment:
    changed = _of(facts, entry)
    assert changed is not None, "only those that changed the wait are told"
    event = entry.event
    named = facts.asked_for is not None and event.key.message == facts.asked_for
    says = _happened(event, " (the message you named)" if named else "")
    lines = [*_reply_lines(changed, entry.reasons), *_change_lines(facts, changed, entry)]
    if not lines:
        lines = _reason_lines(entry.reasons)
    return LifeMoment(at=event.at, says=says, timed=_timed(event), quote=_words(event), lines=tuple(lines))


def _timed(event: Event) -> bool:
    return event.timed if isinstance(event, Reacted) else True


def _words(event: Event) -> str:
    return event.message.text if isinstance(event, Posted | Edited) else ""


def _happened(event: Event, remark: str = "") -> Spans:
    """What happened, in a line; of a message with a remark."""
    match event:
        case Posted():
            ends = ":" if event.message.text.strip() else ", without words"
            return (PersonName(event.message.author), Plain(f" wrote{remark}{ends}"))
        case Edited():
            return (PersonName(event.message.author), Plain(" changed it to:"))
        case Deleted():
            return (Plain("A message was deleted"),)
        case Reacted():
            did = "put" if event.added else "took back"
            when = "" if event.timed else " (the archive doesn't say when)"
            return (PersonName(event.by), Plain(f" {did} :{event.emoji}:{when}"))
        case Corrected():
            what = "the customer waits for an answer" if event.says == "waits" else "no reply is needed"
            return (PersonName(event.by), Plain(f" said: {what}"))
        case Acted():
            return (PersonName(event.by), Plain(f" chose {event.verb.replace('_', ' ')}"))
        case _:
            return (Plain("Something happened to the channel or the thread"),)


def _reply_lines(changed: ChangedWait, given: tuple[TracedReason, ...]) -> list[Spans]:
    """What a message counted as for this wait, and why; and why it is for this customer."""
    before, after = changed.before, changed.after
    known = () if before is None else before.replies
    fresh = [reply for reply in after.replies if reply not in known]
    maybe = after.possible_answer
    doubted = maybe if maybe is not None and (before is None or maybe != before.possible_answer) else None
    lines: list[Spans] = []
    for reply in fresh:
        lines += _reply(after, reply, given)
    if doubted is not None and not fresh:
        says = "Its words can't be read; it may answer" if doubted.unread else f"It may answer ({doubted.probability:.0%})"
        lines.append((Plain(f"{says}: the next reminder asks "), PersonName(doubted.by), Plain(".")))
        lines += _bullets(_why_kind(after, given))
    return lines


def _reply(wait: Wait, reply: Reply, given: tuple[TracedReason, ...]) -> list[Spans]:
    because = _why_kind(wait, given)
    if reply.kind is ReplyKind.PROMISE:
        because = tuple(one for one in because if one.startswith(BY_ITS_TIME)) or because
    counts: Spans = (PersonName(reply.by), Plain(f" {SAID_OF_REPLIES[reply.kind]}: it counts as {KINDS[reply.kind]}"))
    lines: list[Spans] = [(*counts, Plain(", because:" if because else "."))]
    lines += _bullets(because)
    judged = next((one for one in given if one.probability is not None and one.says.endswith(f" wait {wait.id}")), None)
    if judged is not None:
        whom = why_for_them(judged.evidence)[:MOST_REASONS]
        sure: Spans = (Plain(f"I'm {sureness(reply.probability)} that it is for "), PersonName(wait.customer))
        lines.append((*sure, Plain(", because:" if whom else ".")))
        lines += _bullets(whom)
    if reply.canned:
        lines.append((Plain("It is nearly what another customer was told; that decides nothing."),))
    return lines


def _why_kind(wait: Wait, given: tuple[TracedReason, ...]) -> tuple[str, ...]:
    """The sentences that led to what a message is to this wait: they stand before the line that names it."""
    collected: list[str] = []
    for reason in given:
        if reason.probability is not None:
            collected = []
        elif reason.says.startswith("  "):
            collected.append(reason.says.strip())
        elif wait.id in reason.says.replace(",", " ").replace(":", " ", 0).split():
            return tuple(dict.fromkeys(collected))
        else:
            collected = []
    return tuple(dict.fromkeys(collected))


def _change_lines(facts: LifeFacts, changed: ChangedWait, entry: ExplainedEvent) -> list[Spans]:
    """What else an event changed about a wait."""
    before, after, lines = changed.before, changed.after, list[Spans]()
    why = replace(facts.why, wait=after, now=entry.event.at)
    if before is None:
        lines += _opened(after, entry.reasons)
    else:
        lines += _grown(before, after, entry.reasons)
        if after.automatic_replies > before.automatic_replies:
            lines.append((Plain("It is automatic, and ends no wait."),))
    if after.open and (before is None or (before.owner, before.owner_reason) != (after.owner, after.owner_reason)):
        lines.append(whom_to_ask(why))
    held = None if before is None else before.hold
    if after.open and after.hold is not None and after.hold != held:
        line = going_on(hold_line(after))
        told = any(isinstance(span, Timestamp) for span in line)
        until: Spans = () if told else (Plain(", until "), Timestamp(after.hold.until))
        lines.append((Plain("Quiet just now: "), *line, *until, Plain(".")))
    elif after.open and held is not None and after.hold is None and held.until > entry.event.at:
        lines.append((Plain("It is quiet no more."),))
    if before is not None and not before.open and after.open:
        lines.append((Plain("The customer waits again."),))
    if not after.open and (before is None or before.open):
        over = next((one.probability for one in entry.reasons if one.says == OVER and one.probability is not None), None)
        if over is not None and after.state is WaitState.RESOLVED:
            lines.append((Plain(f"I'm {sureness(over)} that they say it is over."),))
        lines.append((Plain("It ends the wait: "), *going_on(outcome(_settled(why))), Plain(".")))
    return lines


def _opened(wait: Wait, given: tuple[TracedReason, ...]) -> list[Spans]:
    judged = next((one for one in given if one.says == CALLS), None)
    told = () if judged is None else reasons(judged.evidence, against=False)[:MOST_REASONS]
    opens: Spans = (Plain(f"It opens the wait: I'm {sureness(wait.probability)} that it wants a reply"),)
    if wait.opened_by == "rules":
        opens = (Plain("It opens the wait: in this channel everything like it does"),)
    elif wait.opened_by == "member":
        opens = (Plain("It opens the wait: a member says so"),)
    back: tuple[Spans, ...] = ()
    if wait.came_back_from is not None:
        back = ((Plain(f"They had waited before: see message {message_of(wait.came_back_from)}."),),)
    return [(*opens, Plain(", because:" if told else ".")), *_bullets(told), *back]


def _grown(before: Wait, after: Wait, given: tuple[TracedReason, ...]) -> list[Spans]:
    if len(after.messages) > len(before.messages):
        judged = next((one for one in given if one.says == CALLS), None)
        told = () if judged is None else reasons(judged.evidence, against=False)[:MOST_REASONS]
        if judged is None or judged.probability is None or not told:
            return [(Plain("It belongs to the wait."),)]
        return [
            (Plain(f"It belongs to the wait ({judged.probability:.0%} that it wants a reply by itself), because:"),),
            *_bullets(told),
        ]
    if len(after.went_on) > len(before.went_on):
        return [(Plain("It goes on about it, and asks nothing more."),)]
    return []


def _bullets(sentences: tuple[str, ...]) -> list[Spans]:
    return [(Plain(f"{BULLET}{sentence}"),) for sentence in sentences]


def _reason_lines(given: tuple[TracedReason, ...]) -> list[Spans]:
    """The reasons of a decision as they were taken down, without features."""
    lines: list[Spans] = []
    for reason in map(_readable, given):
        if reason.says == CALLS and reason.probability is not None:
            opened = any(one.says.startswith(("opens wait", "extends wait", "belongs to wait")) for one in given)
            lines.append((Plain(f"It {CALLS}: {reason.probability:.0%}"),))
            lines += _bullets(reasons(reason.evidence, against=not opened)[:MOST_REASONS])
        elif reason.probability is not None:
            lines.append((Plain(f"It {reason.says}: {reason.probability:.0%}"),))
            lines += _bullets(why_for_them(reason.evidence)[:MOST_REASONS])
        elif reason.says.startswith("  "):
            lines += _bullets((reason.says.strip(),))
        else:
            lines.append((Plain(f"It {reason.says}." if not reason.says.startswith(("its ", "the ")) else f"{reason.says}."),))
    return lines


def _readable(reason: TracedReason) -> TracedReason:
    """The same, where it names a wait by the message that opened it."""
    return replace(reason, says=_WAIT.sub(lambda found: f"the wait of message {message_of(found[1])}", reason.says))


def _because(facts: LifeFacts, sent: SentReminder) -> Spans:
    """Why those were asked, after their names."""
    if sent.asking.promised is not None:
        return ()  # what it is about says it
    if not sent.to:
        return (Plain(" as a whole, which notifies nobody"),)
    several = len(sent.to) > 1
    owner, reason = facts.why.wait.owner, facts.why.wait.owner_reason
    for entry in facts.entries:
        changed = _of(facts, entry)
        if changed is not None and entry.event.at <= sent.at:
            owner, reason = changed.after.owner, changed.after.owner_reason
    if sent.to == (owner,):
        return (Plain(f", who {OWNER_WORDS[reason].why}"),)
    if set(sent.to) <= set(facts.duty):
        return (Plain(f", who {'are' if several else 'is'} on duty"),)
    if set(sent.to) <= set(facts.leads):
        return (Plain(f", who {'lead' if several else 'leads'} the team"),)
    return (Plain(", the team's own at work"),) if several else (Plain(", who was at work"),)


def _settled(why: WhyFacts) -> SettledFacts:
    return SettledFacts(wait=why.wait, handle=why.handle, now=why.now, zone=why.zone, channel_name=why.channel_name, by=why.by)
