"""What storage does for whoever sends: rows that fall due are leased, sent and settled."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Protocol

from bot.domain.delay_trial import TrialEntry
from bot.domain.durations import Instant, Seconds
from bot.domain.notifications import Appeal, Asking
from bot.domain.outgoing import NOTHING_PAUSED, Address, Attempt, Due, DueNotice, DueRemoval, LivePost, Paused, Post, SentReminder
from bot.domain.reasons import Reason
from bot.domain.writes import NoticeSubject
from bot.ports.store.queries import QueryTransaction
from bot.ports.store.writer import Writer


class OutboxTransaction(QueryTransaction, Writer, Protocol):
    """An open transaction in which messages are composed and their rows settled.

    A row is pending, leased while it is sent, then settled. The attempt is the lease: `renew` and every `mark_` but
    `mark_leaving` give False, and change nothing, when somebody else has leased the row meanwhile.
    """

    def claim_due(self, now: Instant, *, limit: int, lease: Seconds, paused: Paused = NOTHING_PAUSED) -> Sequence[Due]:
        """Lease up to `limit` rows that are due to the caller, expired leases among them, earliest first; none of what is
        paused."""
        ...

    def renew(self, due: Due, *, until: Instant) -> bool:
        """Keep a lease until then."""
        ...

    def mark_leaving(self, leaving: Iterable[tuple[Due, Attempt]]) -> None:
        """These go on their way now. Until one is settled nobody knows whether it arrived."""
        ...

    def note_asking(self, due: Due, asking: Asking) -> None:
        """How those are chosen whom a leased reminder goes to. It stays with the row."""
        ...

    def list_handover(self, due: DueNotice, waits: Iterable[str]) -> None:
        """The hand-over list in a leased row tells of these waits: its post follows them from then on."""
        ...

    def team_asked_at(self, *, but: Sequence[int] = ()) -> Instant | None:
        """When the team as a whole was asked last, or is about to be, because nobody could be; not counting the rows in `but`."""
        ...

    def reminders_due(self, after: Instant, until: Instant) -> Instant | None:
        """When the latest of the pending reminders falls due that do after an instant and until another; None where none does."""
        ...

    def appeal(self, digest: str, appeals: Iterable[Appeal]) -> None:
        """A digest (by its key) that goes on its way mentions these, and nobody else. Until it is given up they count as told."""
        ...

    def mark_sent(
        self,
        due: Due,
        *,
        at: Instant,
        to: tuple[str, ...],
        ref: str | None = None,
        address: Address | None = None,
        under: int | None = None,
    ) -> bool:
        """It left, and counts in the day of everybody in `to`: once, however many waits share the post. With `ref` and `address`
        (both or neither) its post is remembered; `under` is the post it is a line below."""
        ...

    def mark_again(self, due: Due, *, due_at: Instant, failed: bool = False, uncertain: bool = False) -> bool:
        """Back to pending, to be tried at `due_at` (held, off hours, or the platform asked for a pause). `failed` counts as a
        failed delivery; `uncertain`: it may have arrived, and stays leased until then, out of everybody's reach. When another row
        of the same wait or post is pending meanwhile, that one stands and this one is withdrawn."""
        ...

    def mark_moot(self, due: Due, *, reason: Reason) -> bool:
        """It isn't needed any more."""
        ...

    def mark_dead(self, due: Due, *, reason: Reason, refused: bool = False) -> bool:
        """It can't be delivered; `doctor` lists it with the reason. Where it was on its way to stays known, unless it was
        `refused`: then it surely didn't arrive anywhere."""
        ...

    def key_of(self, name: str) -> bytes:
        """A key of this database, by a name: made where there is none, the same ever after, and unlike any other's."""
        ...

    def enter_trial(self, entry: TrialEntry) -> None:
        """A wait is part of a trial of first reminders from now on. Where it was of one before, that stands."""
        ...

    def drop_given_up(self, due: Due) -> None:
        """What was given up earlier about the same rung of the same wait is listed no more: `due` says the same."""
        ...

    def claim_given_up(self, now: Instant, *, lease: Seconds, paused: Paused = NOTHING_PAUSED) -> Sequence[Due]:
        """Lease the reminders that are to be tried again after they were given up, before their time; none of what is paused."""
        ...

    def wake(self, now: Instant, *, given_up: bool) -> int:
        """Have what failed before tried at once; with `given_up` also what is to be tried again after it was given up. Gives how
        many rows."""
        ...

    def post(self, post: int) -> Post | None:
        """A post by its number."""
        ...

    def update_post(self, address: Address, ref: str, *, due_at: Instant) -> None:
        """Have a remembered post brought up to date. One that waits for it already isn't put down twice."""
        ...

    def update_given_up(self, *, due_at: Instant, places: Collection[Address] | None = None) -> int:
        """Have the posts at these places (None: anywhere) brought up to date whose update couldn't be made and was given up; that
        is listed no more. Gives how many posts."""
        ...

    def asked(self, wait: str, *, but: Due) -> Sequence[SentReminder]:
        """The reminders about a wait that left, or may have, in order; all `but` the row that is looked at."""
        ...

    def live_post(self, wait: str, address: Address) -> LivePost | None:
        """The post at an address in which a wait stands in full, the latest; None where there is none (any more)."""
        ...

    def update_posts_of(self, wait: str, *, due_at: Instant, but: tuple[Address, str] | None = None) -> None:
        """Have all posts in which a wait stands in full brought up to date, `but` one (by where it is and its reference)."""
        ...

    def post_gone(self, post: int, *, at: Instant) -> None:
        """Somebody deleted a post by hand: nobody reads it any more."""
        ...

    def update_notices(self, subject: NoticeSubject, *, due_at: Instant) -> bool:
        """Have the posts of a notice brought up to date. True when there are any."""
        ...

    def update_handovers(self, member: str, *, due_at: Instant) -> None:
        """Have the posted hand-over lists of a member brought up to date, as long as a wait of theirs is open."""
        ...

    def remember_post(self, address: Address, ref: str, *, at: Instant) -> None:
        """A post of ours was found, of which nothing else is known: it is removed with the others at that address."""
        ...

    def places(self) -> Sequence[Address]:
        """Everywhere where posts of ours are read."""
        ...

    def has_posts(self, address: Address) -> bool:
        """Whether a post of ours is read there."""
        ...

    def remove_posts(self, address: Address, *, due_at: Instant) -> int:
        """Have all posts at an address removed, those too whose removal was put off. From now on they aren't brought up to date.
        Gives how many."""
        ...

    def claim_removals(self, now: Instant, *, limit: int, lease: Seconds, rest: Seconds) -> Sequence[DueRemoval]:
        """Lease up to `limit` posts that are to be removed, the latest first; where there are more, those have their turn in
        `rest`. One that isn't settled comes again when its lease has ended: removing twice does no harm."""
        ...

    def remove_again(self, removal: DueRemoval, *, due_at: Instant | None) -> None:
        """It couldn't be removed: try again then; None: not before it is put down again."""
        ...

    def mark_removed(self, removal: DueRemoval, *, at: Instant) -> Sequence[tuple[str, int]]:
        """Nobody reads it any more. Gives the open waits (by id) nobody is reminded of now, since no other post tells of them
        and none is on its way, each with the latest rung whose post was taken away."""
        ...

    def drop_digests(self, now: Instant, *, but: Sequence[str]) -> int:
        """Withdraw the digests whose slot passed unseen, all but the latest of each subject and platform, and forget those to
        come that aren't planned any more: all `but` these, by key. Gives how many were withdrawn."""
        ...

    def forget_noted(self) -> int:
        """Forget all reminders that were only noted: they count as never sent. Gives how many there were."""
        ...
