"""A member's message as it looks to every candidate it may be meant for."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from operator import attrgetter

from bot.domain.durations import Seconds
from bot.domain.messages import MessageRecord
from bot.domain.reading import LEADING
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.attribution import features as flag
from bot.judge.conversation import Conversation, Speaker
from bot.judge.word_frequency import Rarities

LAST_RANK = 24
"""Customers ranked by who spoke last; all others share this rank."""

NIGHT: Seconds = 4 * 3600.0
"""Who comes back after a silence of the team this long, in seconds, begins with whoever came first."""

AT_ONCE: Seconds = 4.0
SECONDS: Seconds = 15.0
JUST_NOW: Seconds = 60.0
RECENT: Seconds = 900.0
"""How far back a conversation without an open wait still competes, in seconds."""


_opened_at = attrgetter("opened_at")


class MessageContext:
    """A member's message as it looks to every candidate: what doesn't depend on whom it is compared with."""

    __slots__ = (
        "_rarities",
        "alone",
        "conversation",
        "elsewhere",
        "first",
        "first_of_night",
        "habits",
        "last_author",
        "line",
        "me",
        "me_gap",
        "named",
        "next_of_night",
        "only",
        "others",
        "partner",
        "partner_gap",
        "placed",
        "prints",
        "root",
        "seen",
        "target",
        "window",
    )

    def __init__(
        self,
        seen: MessageRecord,
        window: Window,
        conversation: Conversation,
        named: dict[str, int],
        pairs: list[tuple[str, Wait | None]],
        speakers: list[Speaker | None],
        top_named: int,
    ) -> None:
        """`speakers`: the candidates' entries in the conversation, in the order of `pairs`."""
        at, thread, reply_to = seen.at, seen.thread, seen.reply_to
        self.seen = seen
        self.window = window
        self.conversation = conversation
        self.named = named
        self.placed = thread is not None or reply_to is not None
        self.root = window.get(thread) if thread is not None else None
        self.target = window.get(reply_to) if reply_to is not None else None
        self.prints = set(seen.reading.fingerprints)
        self._rarities: Rarities | None = None
        last = conversation.last
        self.last_author = last.author if last is not None else None
        me = self.me = conversation.people.get(seen.author)
        self.partner = None
        self.partner_gap = self.me_gap = 1e9
        habit = cursor = 0.0
        if me is not None:
            self.partner = me.partner
            if me.partner is not None:
                self.partner_gap = at - me.partner_at
            if me.last is not None:
                self.me_gap = at - me.last.at
            cursor = me.cursor
            if not named:
                habit = me.habit
        self.habits = (habit, conversation.threaded if thread is None and not named else 0.0)
        waits = [wait for _, wait in pairs if wait is not None]
        self.alone = len(waits) == 1
        self.only = waits[0] if self.alone and (len(pairs) == 1 or self._nobody_is_told_anything(pairs)) else None
        """The one open wait, where no member has lately been speaking with anybody else either."""
        self.first_of_night = self._first_of_night(waits) if len(waits) > 1 else None
        # Whoever works through what piled up takes it in order: these come after what this member answered last.
        self.line = sorted(wait.last_message_at for wait in waits if wait.last_message_at > cursor) if cursor else []
        self.next_of_night = self._next_of_night(waits) if self.line else None
        self.first = self._first(pairs, speakers)
        # The flags of everybody whom the message doesn't name, and of everybody who isn't this member's partner.
        self.elsewhere: tuple[int, ...] = ()
        if top_named:
            self.elsewhere = (flag.SOMEBODY_ELSE_IS_NAMED,)
            if top_named == LEADING:
                self.elsewhere += (flag.SOMEBODY_ELSE_IS_NAMED_AT_THE_START,)
        others: list[int] = []
        if self.partner is not None:
            if self.me_gap <= AT_ONCE:
                others.append(flag.THIS_MEMBER_WROTE_TO_ANOTHER_AT_ONCE)
            elif self.me_gap <= SECONDS:
                others.append(flag.THIS_MEMBER_WROTE_TO_ANOTHER_WITHIN_SECONDS)
            if self.partner_gap <= JUST_NOW:
                others.append(flag.THIS_MEMBER_IS_TALKING_WITH_SOMEBODY_ELSE)
        self.others = others

    def _first(self, pairs: list[tuple[str, Wait | None]], speakers: list[Speaker | None]) -> str | None:
        """The candidate who was the first to speak since this member last wrote."""
        if self.me is None or self.me.last is None:
            return None
        mine, found, first = self.me.last.at, None, 0.0
        for (customer, _), speaker in zip(pairs, speakers, strict=True):
            if speaker is not None and speaker.last is not None:
                spoke = speaker.last.at
                if spoke > mine and (found is None or spoke < first):
                    found, first = customer, spoke
        return found

    def _nobody_is_told_anything(self, pairs: list[tuple[str, Wait | None]]) -> bool:
        """Whether no member wrote lately to those without a wait."""
        people, since = self.conversation.people, self.seen.at - RECENT
        for customer, wait in pairs:
            if wait is None:
                speaker = people.get(customer)
                if speaker is not None and speaker.from_member is not None and speaker.from_member.at > since:
                    return False
        return True

    def _first_of_night(self, waits: list[Wait]) -> Wait | None:
        """Of several waits that came since a member wrote last, the one that came first, if that was long ago."""
        since = self.conversation.silence.since
        came = [wait for wait in waits if wait.opened_at > since]
        if len(came) < 2:
            return None
        first = min(came, key=_opened_at)
        return first if self.seen.at - first.opened_at > NIGHT else None

    def _next_of_night(self, waits: list[Wait]) -> Wait | None:
        """Whom a member comes to who works through what a night piled up, having answered somebody of it before: the first of
        those who wrote after that one. Not at once: whoever goes on at once goes on with what they said."""
        me = self.me
        if me is None or me.last is None or self.me_gap <= JUST_NOW:
            return None
        if not me.cursor or me.last.at - me.cursor <= NIGHT or not me.last.answers:
            return None
        return next((wait for wait in waits if wait.last_message_at == self.line[0] < me.last.at - NIGHT), None)

    def rarities(self, words: Iterable[int]) -> list[float]:
        """How telling each of these words is. (The same words are shared with several candidates, or mostly none.)"""
        known = self._rarities
        if known is None:
            known = self._rarities = self.conversation.frequency.at(self.conversation.n)
        return list(map(known.__getitem__, words))

    def rarity(self, words: Collection[int]) -> float:
        """How telling the words are that the message shares with these, all in all."""
        return sum(self.rarities(self.prints.intersection(words)))
