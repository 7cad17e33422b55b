"""What messages say, gathered from storage at the moment they leave. Words are wording.reminder's; nothing is kept here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.domain import hours
from bot.domain.durations import DAY, WEEK, Instant, Seconds
from bot.domain.hours import Hours
from bot.domain.outgoing import DueNotice, WaitInMessage
from bot.domain.people import Team
from bot.domain.views import PersonName, Plain, Spans, View
from bot.domain.waits import Wait
from bot.engine.activation import MOST_OPEN, PREVIEW, STARTED, Activation
from bot.ports import QueryTransaction
from bot.waits import holds, ladder
from bot.waits.figures import Figures
from bot.wording import digest as wording_digest
from bot.wording import ended
from bot.wording import reminder as wording
from bot.wording.digest import DigestFacts, Row, WeekFacts
from bot.wording.ended import SettledFacts
from bot.wording.holds import hold_line
from bot.wording.phrases import channel
from bot.wording.preview import PreviewFacts, WouldBe, begun, preview
from bot.wording.reminder import ReminderFacts

MOST_IN_DIGEST = 500
"""Open waits a digest looks at, the latest; it lists far fewer."""


MOST_QUOTED = 60
"""Waits of a message whose text is looked up; a message lists far fewer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredContents:
    """The `Views` of ports. `hours_of` gives working hours by member id ("" = the team's), `names_of` what a person is called,
    `channel_name` what a channel is called by its key, `link_of` the address of a wait's first message, `activation` whether
    reminders have begun (None: they always did)."""

    team: Team
    hours_of: Callable[[str], Hours]
    names_of: Callable[[str], tuple[str, ...]]
    channel_name: Callable[[str], str]
    link_of: Callable[[Wait], str | None] = lambda _: None
    activation: Activation | None = None

    def reminder(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """A reminder of one or several open waits, longest first, with what each customer asked."""
        quoted = {told.wait.id for told in sorted(waits, key=lambda told: told.wait.opened_at)[:MOST_QUOTED]}
        return wording.reminders([self._facts(tx, told, now, quote=told.wait.id in quoted) for told in waits])

    def updated(self, tx: QueryTransaction, waits: Sequence[WaitInMessage], now: Instant) -> View:
        """What the post says now: how each wait ended, who is on it, or still that somebody waits; nothing is quoted and
        nobody is notified again."""
        waits = [replace(told, wait=told.wait.as_of(now)) for told in waits]
        if len(waits) == 1:
            return self._updated_one(tx, waits[0], now)
        waiting: list[ReminderFacts] = []
        over: list[Spans] = []
        for told in waits:
            if told.wait.open and told.wait.hold is None:
                waiting.append(self._facts(tx, told, now, quote=False))
            elif told.wait.open:
                where = Plain(f" in {channel(self.channel_name(told.wait.channel))}: ")
                held = ended.going_on(hold_line(told.wait))
                over.append((PersonName(told.wait.customer), where, *held))
            else:
                over.append(ended.outcome_line(self._settled(tx, told.wait, now)))
        return replace(wording.reminders(waiting, over=over), addressed=())

    def notice(self, tx: QueryTransaction, notice: DueNotice, now: Instant) -> View | None:
        """A digest, None when nobody waits. Tips have no words yet, so there is nothing to say."""
        if notice.kind != "digest":
            return None
        if notice.subject == "week":
            return self._week(tx, now)
        if notice.subject == PREVIEW:
            return self._preview(tx, now)
        waits = [wait.as_of(now) for wait in tx.open_waits(MOST_IN_DIGEST)]
        rows = tuple(
            Row(
                wait=wait,
                handle=tx.handle(wait.id),
                channel_name=self.channel_name(wait.channel),
                working_seconds=self._working(wait, now),
                link=self.link_of(wait),
                texts=_texts(tx, wait) if place < MOST_QUOTED else (),
                unsent=tx.left_out(wait.id, now - DAY),
            )
            for place, wait in enumerate(waits)
        )
        return wording_digest.digest(DigestFacts(rows=rows, now=now, zone=self.hours_of("").zone))

    def _week(self, tx: QueryTransaction, now: Instant) -> View | None:
        """The sums of the last seven days beside those of the seven before."""
        last, before = Figures(end=now), Figures(end=now - WEEK)
        for wait in tx.opened_since(now - 2 * WEEK):
            if wait.opened_at <= now:
                (last if wait.opened_at > now - WEEK else before).add(wait)
        open_now = len(tx.open_waits(MOST_IN_DIGEST))
        return wording_digest.week(WeekFacts(figures=last, open_now=open_now, before=before if before.waits else None))

    def notice_now(self, tx: QueryTransaction, subject: str, now: Instant) -> View | None:
        """What a posted preview says once reminders have begun; every other notice stays as it was posted."""
        started = tx.mark(STARTED) if subject == PREVIEW else None
        return None if started is None else begun(at=started.at, by=started.by)

    def _preview(self, tx: QueryTransaction, now: Instant) -> View | None:
        """What a new house would have sent in the last day. None once reminders have begun."""
        if self.activation is None or tx.mark(STARTED) is not None:
            return None
        open_now = [wait.as_of(now) for wait in tx.open_waits(MOST_OPEN)]
        waiting = [wait for wait in open_now if wait.hold is None]
        rows = tuple(
            WouldBe(wait=wait, channel_name=self.channel_name(wait.channel), at=sent.at, to=sent.to)
            for wait, sent in self.activation.noted(tx, now - DAY)
        )
        old = sum(wait.opened_at < now - DAY for wait in waiting)
        return preview(PreviewFacts(rows=rows, waiting=len(waiting), old=old, leads=self.team.leads))

    def _updated_one(self, tx: QueryTransaction, told: WaitInMessage, now: Instant) -> View:
        if not told.wait.open:
            return ended.settled(self._settled(tx, told.wait, now))
        if told.wait.hold is not None:
            return ended.held(self._settled(tx, told.wait, now))
        return replace(wording.reminder(self._facts(tx, told, now, quote=False)), addressed=())

    def _facts(self, tx: QueryTransaction, told: WaitInMessage, now: Instant, *, quote: bool) -> ReminderFacts:
        wait = told.wait
        names = self.names_of(wait.customer)
        return ReminderFacts(
            wait=wait,
            handle=told.handle or tx.handle(wait.id),
            to=tuple(member for member in told.to if member not in wait.not_me),
            now=now,
            zone=self._zone(told.to),
            channel_name=self.channel_name(wait.channel),
            working_seconds=self._working(wait, now),
            step=told.step,
            duty=self.team.duty,
            link=self.link_of(wait),
            texts=_texts(tx, wait) if quote else (),
            last_exchange=_last_exchange(tx, wait),
            promised_at=holds.promised_for(wait.hold),
            uncertain=wait.probability < ladder.SURE,
            customer_name=names[0] if names else None,
            asked_at=_asked(tx, told),
        )

    def _settled(self, tx: QueryTransaction, wait: Wait, now: Instant) -> SettledFacts:
        return SettledFacts(
            wait=wait,
            handle=tx.handle(wait.id),
            now=now,
            zone=self._zone(()),
            channel_name=self.channel_name(wait.channel),
            link=self.link_of(wait),
            can_reopen=True,
        )

    def _zone(self, to: tuple[str, ...]) -> tzinfo:
        """Of the one it is for, else the team's."""
        return self.hours_of(to[0] if len(to) == 1 else "").zone

    def _working(self, wait: Wait, now: Instant) -> Seconds:
        return hours.working_between(self.hours_of(""), wait.opened_at, max(now, wait.opened_at))


def _texts(tx: QueryTransaction, wait: Wait) -> tuple[str, ...]:
    return tuple(kept.text for kept in tx.texts(wait.id))


def _asked(tx: QueryTransaction, told: WaitInMessage) -> Instant | None:
    """When an earlier rung went to everybody this one goes to."""
    sent = tx.sent_reminders(told.wait.id) if told.step and told.to else ()
    return max((one.at for one in sent if one.step < told.step and set(told.to) <= set(one.to)), default=None)


def _last_exchange(tx: QueryTransaction, wait: Wait) -> tuple[str, Instant] | None:
    """The owner's last exchange with the customer before this wait, where that is why it's theirs."""
    if wait.owner is None or wait.owner_reason != "acquaintance":
        return None
    earlier = [known.at for known in tx.exchanges(wait.customer) if known.member == wait.owner and known.at < wait.opened_at]
    return (wait.owner, max(earlier)) if earlier else None
