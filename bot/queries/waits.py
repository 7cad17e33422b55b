"""What is shown of waits: in lists, in reminders and their updates, and to who asks why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import tzinfo

from bot.domain import hours
from bot.domain.delay_trial import DELAY
from bot.domain.durations import HOUR, Instant, Seconds
from bot.domain.keys import ChannelKey
from bot.domain.notifications import STRAIGHT, PassedOver, Unavailable
from bot.domain.outgoing import Address, SentReminder, WaitInMessage
from bot.domain.thresholds import shift_under
from bot.domain.waits import Handover, Wait
from bot.queries.snapshot import ListedWait, Snapshot
from bot.waits import asked, holds, ladder, loops
from bot.wording.answers import Threshold, WhyFacts
from bot.wording.digest import Row
from bot.wording.ended import SettledFacts
from bot.wording.history import CustomerHistory
from bot.wording.lines import AskedFacts
from bot.wording.phrases import channel
from bot.wording.reminder import ReminderFacts

MOST_QUOTED = 60
MOST_IN_HISTORY = 3
"""Waits of a list or a message whose text is looked up, the longest; it shows far fewer."""


def rows(snapshot: Snapshot, waits: Iterable[ListedWait], *, with_reminders: bool = False) -> tuple[Row, ...]:
    """Waits as lists show them. `with_reminders`: also whether a day's budget left no room to remind anybody of them, and whether
    they have had their last reminder."""
    lookups, tx = snapshot.lookups, snapshot.tx
    return tuple(
        Row(
            wait=listed.wait,
            handle=listed.handle,
            channel_name=lookups.channel_name(listed.wait.channel),
            working_seconds=working_seconds(snapshot, listed.wait),
            link=lookups.link_of(listed.wait),
            texts=texts(snapshot, listed.wait) if place < MOST_QUOTED else (),
            unsent=with_reminders and tx.left_out(listed.wait.id),
            note=note_on(snapshot, listed.wait),
            company=lookups.company_of(listed.wait.customer),
            due_soon=_due_soon(snapshot, listed.wait),
            asked=asked_last(snapshot, listed.wait),
            after_last=with_reminders and _is_after_last(snapshot, listed.wait),
            handover=_handover(snapshot, listed.wait),
            asks_loop=loops.in_question(listed.wait, lookups.preferences.rules_of(listed.wait.channel)) is not None,
        )
        for place, listed in enumerate(waits)
    )


def _due_soon(snapshot: Snapshot, wait: Wait) -> Instant | None:
    """When a wait comes to its first step, where that is still to come, within the hour."""
    if not wait.open or wait.hold is not None:
        return None
    pending = snapshot.tx.pending(wait.id)
    if pending is None or pending.step or not 0 < pending.due_at - snapshot.now <= HOUR or snapshot.tx.sent_reminders(wait.id):
        return None
    return pending.due_at


def _handover(snapshot: Snapshot, wait: Wait) -> Handover | None:
    """How a wait was handed to whose it is, also once they have said that they are on it."""
    handed = wait.handed
    return snapshot.tx.handover(wait.id) if handed is not None and wait.owner == handed.to else None


def _is_after_last(snapshot: Snapshot, wait: Wait) -> bool:
    """Whether a wait climbed its ladder to the end, so that no reminder comes any more by itself."""
    tx = snapshot.tx
    if wait.hold is not None or wait.probability < ladder.SURE or tx.reminder_ahead(wait.id):
        return False
    return any(one.asking.promised is None for one in tx.sent_reminders(wait.id))


def reminder_facts(snapshot: Snapshot, waits: Sequence[WaitInMessage]) -> list[ReminderFacts]:
    """What a reminder of open waits says of each, with what the customers asked."""
    quoted = {one.wait.id for one in sorted(waits, key=lambda one: one.wait.opened_at)[:MOST_QUOTED]}
    team = snapshot.lookups.team()
    return [
        _reminder_facts(snapshot, one, quote=one.wait.id in quoted, asks_writer=ladder.asks_writer(one.wait, team, one.to))
        for one in waits
    ]


def updated_facts(snapshot: Snapshot, one: WaitInMessage) -> ReminderFacts:
    """What a posted reminder says of a wait that is still open, with what its customer has written since. One that went to nobody
    but who wrote what may be the answer is where they say whether it was. One that was handed to somebody is for them
    already, and not for whom the rung before was."""
    handed_to = _to_be_asked(snapshot, one.wait)
    if handed_to is not None:
        one = replace(one, to=(handed_to,), asking=STRAIGHT)
    apart = _asked_apart(snapshot, one) if one.apart and handed_to is None else None
    if apart is not None:
        one = replace(one, to=(), asking=STRAIGHT)
    maybe = one.wait.possible_answer
    asks_writer = maybe is not None and one.to == (maybe.by,) and maybe.by not in one.wait.not_me
    facts = _reminder_facts(snapshot, one, quote=True, asks_writer=asks_writer, posted=handed_to is None)
    return facts if apart is None else replace(facts, apart=apart)


def _asked_apart(snapshot: Snapshot, one: WaitInMessage) -> SentReminder | None:
    """The rung that asked somebody of a wait in a direct message; None where they have passed it on since."""
    sent = (rung for rung in snapshot.tx.sent_reminders(one.wait.id) if rung.step == one.step and rung.to == one.to)
    latest = max(sent, key=lambda rung: rung.at, default=None)
    if latest is None:
        return None
    to = tuple(member for member in latest.to if member not in one.wait.not_me)
    return replace(latest, to=to) if to else None


def _to_be_asked(snapshot: Snapshot, wait: Wait) -> str | None:
    """Whom a wait was handed to, until anybody is asked about it since: them, or a colleague where they can't be. So it is with
    whose it is, where the ladder began anew (a hold ran out) and nobody was asked since."""
    sent = snapshot.tx.sent_reminders(wait.id)
    if wait.owner in snapshot.lookups.team().members and sent and sent[-1].at < wait.ladder_start and wait.hold is None:
        return wait.owner
    member = asked.handed_to(wait, sent)
    if wait.handed is None or member not in snapshot.lookups.team().members:
        return None
    return None if any(one.at >= wait.handed.at for one in sent) else member


def _reminder_facts(
    snapshot: Snapshot, one: WaitInMessage, *, quote: bool, asks_writer: bool, posted: bool = False
) -> ReminderFacts:
    """`posted`: the rung it tells of has left."""
    lookups, wait = snapshot.lookups, one.wait
    left = snapshot.tx.sent_reminders(wait.id)
    sent = tuple(one for one in left if one.asking.promised is None)
    earlier = sent[:-1] if posted and left[-1:] == sent[-1:] else sent
    names = lookups.names_of(wait.customer)
    return ReminderFacts(
        wait=wait,
        handle=one.handle or snapshot.tx.handle(wait.id),
        to=tuple(member for member in one.to if member not in wait.not_me),
        now=snapshot.now,
        zone=_zone(snapshot, one.to),
        channel_name=lookups.channel_name(wait.channel),
        working_seconds=working_seconds(snapshot, wait),
        step=one.step,
        duty=lookups.team().duty,
        link=lookups.link_of(wait),
        texts=texts(snapshot, wait) if quote else (),
        last_exchange=last_exchange(snapshot, wait),
        promised_at=holds.promised_for(wait.hold),
        uncertain=wait.probability < ladder.SURE,
        asks_writer=asks_writer,
        customer_name=names[0] if names else None,
        asked_at=_asked_at(one, sent),
        lead=one.asking.lead,
        back=one.asking.back,
        passed=(*_cannot_be_asked(snapshot, wait), *one.asking.passed),
        anybody=one.asking.anybody,
        pressed=one.asking.pressed and wait.hold is not None,
        earlier=earlier,
        company=lookups.company_of(wait.customer),
        promise_due=one.asking.promised if wait.hold is not None else None,
        more=0 if not one.told else max(0, wait.written - one.told),
        history=_history(snapshot, wait),
    )


def _cannot_be_asked(snapshot: Snapshot, wait: Wait) -> tuple[PassedOver, ...]:
    """Why whose a wait is can't be asked for long, as things are now: the rung of the moment may be for others anyway."""
    owner = wait.owner
    if owner is None:
        return ()
    if snapshot.lookups.outside(owner, wait.channel):
        return (PassedOver(member=owner, why=Unavailable.OUTSIDE),)
    if not snapshot.lookups.reaches(owner):
        return (PassedOver(member=owner, why=Unavailable.UNREACHED),)
    away = snapshot.lookups.preferences.away_now(owner, snapshot.now)
    return () if away is None else (PassedOver(member=owner, why=Unavailable.AWAY, until=away.until),)


def _history(snapshot: Snapshot, wait: Wait) -> CustomerHistory | None:
    """What is known of a customer whose wait was handed to its owner; None where it wasn't."""
    handover = snapshot.tx.handover(wait.id) if wait.owner_reason == "assigned" else None
    if handover is None:
        return None
    latest: dict[str, Instant] = {}
    for exchange in snapshot.tx.exchanges(wait.customer):
        if exchange.member != handover.to:
            latest[exchange.member] = max(exchange.at, latest.get(exchange.member, exchange.at))
    spoke = sorted(latest.items(), key=lambda pair: -pair[1])[:MOST_IN_HISTORY]
    earlier: list[tuple[Instant, str | None]] = []
    before = wait.came_back_from
    while before is not None and len(earlier) < MOST_IN_HISTORY:
        found = snapshot.tx.wait(before)
        if found is None:
            break
        earlier.append((found.opened_at, snapshot.lookups.link_of(found)))
        before = found.came_back_from
    return CustomerHistory(handover=handover, was_on_it=wait.displaced_holder, spoke=tuple(spoke), earlier=tuple(earlier))


def asked_facts(snapshot: Snapshot, waits: Sequence[WaitInMessage]) -> list[AskedFacts]:
    """What stays true of the lines about these waits in a post, the longest wait first."""
    return [
        AskedFacts(
            customer=one.wait.customer,
            handle=one.handle or snapshot.tx.handle(one.wait.id),
            channel_name=snapshot.lookups.channel_name(one.wait.channel),
            to=one.to,
            at=snapshot.now if one.left_at is None else one.left_at,
        )
        for one in sorted(waits, key=lambda one: (one.wait.opened_at, one.wait.id))
    ]


def settled_facts(snapshot: Snapshot, wait: Wait) -> SettledFacts:
    """What a posted reminder says of a wait that is over or on hold."""
    return SettledFacts(
        wait=wait,
        handle=snapshot.tx.handle(wait.id),
        now=snapshot.now,
        zone=_zone(snapshot, ()),
        channel_name=snapshot.lookups.channel_name(wait.channel),
        link=snapshot.lookups.link_of(wait),
        can_reopen=True,
        note=note_on(snapshot, wait),
        newest="".join(texts(snapshot, wait)[-1:]) if wait.open and wait.insisted is not None and wait.hold is not None else "",
    )


def place_of(snapshot: Snapshot, wait: Wait, address: Address) -> str:
    """Where a wait is asked about, after "now with Ben": "in #support-team"."""
    if address.kind == "person":
        return "in a direct message"
    home = ChannelKey.parse(wait.channel)
    if home.platform != address.platform:
        return "in the team's channel"
    return "in " + channel(snapshot.lookups.channel_name(replace(home, channel=address.id).spell()))


def why_facts(snapshot: Snapshot, listed: ListedWait, zone: tzinfo) -> WhyFacts:
    """Why a wait counts as one and why it is whose it is, what was sent about it and what comes next, by the clock of `zone`."""
    lookups, tx, wait = snapshot.lookups, snapshot.tx, listed.wait
    pending = tx.pending(wait.id) if wait.open else None
    entry = tx.trial_entry(wait.id)
    return WhyFacts(
        wait=wait,
        handle=listed.handle,
        now=snapshot.now,
        zone=zone,
        channel_name=lookups.channel_name(wait.channel),
        working_seconds=working_seconds(snapshot, wait),
        link=lookups.link_of(wait),
        last_exchange=last_exchange(snapshot, wait),
        threshold=_threshold(snapshot, wait.channel),
        reminders=tx.sent_reminders(wait.id),
        skipped=tx.skipped_reminders(wait.id),
        next_reminder=None if pending is None else pending.due_at,
        note=note_on(snapshot, wait),
        next_passed=() if pending is None else pending.asking.passed,
        paused=lookups.preferences.choices.paused(wait.channel, snapshot.now) if wait.open else None,
        appeals=tx.appeals(wait.id),
        company=lookups.company_of(wait.customer),
        put_off=entry.at + DELAY if entry is not None and entry.delayed else None,
    )


def asked_last(snapshot: Snapshot, wait: Wait) -> tuple[str, ...]:
    """Who is asked about a wait, as its posts say it: whom it was handed to, else who were asked by its latest rung; nobody where
    it stands still, or began anew since. Nor who has passed it on."""
    if wait.hold is not None or not wait.open:
        return ()
    handed = _to_be_asked(snapshot, wait)
    if handed is not None:
        return (handed,)
    sent = [one for one in snapshot.tx.sent_reminders(wait.id) if not one.asking.loop]  # those are for one alone
    latest = asked.latest_rung(wait, sent) or (sent[-1] if sent else None)
    if latest is None or sent[-1].at < wait.ladder_start:
        return ()
    return tuple(member for member in latest.to if member not in wait.not_me)


def note_on(snapshot: Snapshot, wait: Wait) -> str:
    """What was said of why a wait is on hold; "" where nothing was, or it isn't."""
    return "" if wait.hold is None else snapshot.tx.note(wait.id, wait.hold.since)


def texts(snapshot: Snapshot, wait: Wait) -> tuple[str, ...]:
    """What a waiting customer wrote; nothing where no text is kept."""
    return tuple(kept.text for kept in snapshot.tx.texts(wait.id))


def working_seconds(snapshot: Snapshot, wait: Wait) -> Seconds:
    """How much of the team's working time a customer has waited, or had when it ended."""
    end = snapshot.now if wait.ended_at is None else wait.ended_at
    return hours.working_between(snapshot.lookups.preferences.hours_of(""), wait.opened_at, max(end, wait.opened_at))


def last_exchange(snapshot: Snapshot, wait: Wait) -> tuple[str, Instant] | None:
    """(owner, instant) of the owner's last exchange with the customer before this wait, where that is why it is theirs."""
    if wait.owner is None or wait.owner_reason != "acquaintance":
        return None
    known = snapshot.tx.exchanges(wait.customer)
    earlier = [one.at for one in known if one.member == wait.owner and one.at < wait.opened_at]
    return (wait.owner, max(earlier)) if earlier else None


def _asked_at(one: WaitInMessage, sent: Sequence[SentReminder]) -> Instant | None:
    """When an earlier rung went to everybody this one goes to."""
    if not one.step or not one.to:
        return None
    return max((earlier.at for earlier in sent if earlier.step < one.step and set(one.to) <= set(earlier.to)), default=None)


def _threshold(snapshot: Snapshot, channel: str) -> Threshold | None:
    """How sure the judge must be in a channel, where that isn't what the settings say."""
    shift = shift_under(snapshot.lookups.preferences.rules_of(channel), snapshot.tx.corrections(channel))
    if not shift.log_odds:
        return None
    judge, sensitivity = snapshot.lookups.judge, snapshot.lookups.preferences.rules_of(channel).sensitivity
    now, usual = judge.threshold(sensitivity, shift.log_odds), judge.threshold(sensitivity)
    return Threshold(now=now, usual=usual, corrections=shift.corrections)


def _zone(snapshot: Snapshot, to: tuple[str, ...]) -> tzinfo:
    """Of the one it is for, else the team's."""
    return snapshot.lookups.preferences.hours_of(to[0] if len(to) == 1 else "").zone
