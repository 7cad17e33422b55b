"""What is known beside a reply that its writer has checked: what its customer asked, and what others were told before."""

from __future__ import annotations

from bot.coaching.check import CheckedReply, EarlierReply, observe
from bot.domain.messages import Message
from bot.domain.people import Role
from bot.domain.reading import INLINE
from bot.domain.waits import Wait
from bot.language.personal import load_personal_words
from bot.language.pitches import shipped_pitches
from bot.queries.snapshot import ListedWait, Snapshot
from bot.wording.check import CheckFacts

LOOK_BACK = 2_000
"""Waits whose replies a checked one is compared with, the latest."""

MOST_NAMED = 200
"""Open waits among whose customers somebody is looked for whom a text names, the latest."""

_PLACE = "check"
"""Where a text is read that stands in no channel."""


def check_facts(snapshot: Snapshot, text: str, who: str, *, reply_to: ListedWait | None = None, message: str = "") -> CheckFacts:
    """What is seen of a text that a member wrote. `reply_to` is the wait it replies to, if that is known; else it is that of the
    one who waits whom it names. `message` is the id of the message that it is, which is no copy of itself."""
    lookups = snapshot.lookups
    listed = snapshot.open_waits(MOST_NAMED) if reply_to is None and not message else ()
    customers = {one.wait.customer for one in (*listed, *([] if reply_to is None else [reply_to]))}
    names = {customer: lookups.names_of(customer) for customer in customers}
    written = Message(channel=_PLACE, id=message, at=snapshot.now, author=who, role=Role.MEMBER, text=text)
    reading = lookups.judge.read(written, names)
    meant = [one for one in listed if reading.names(one.wait.customer) >= INLINE]
    reply_to = meant[0] if len(meant) == 1 else reply_to
    wait = None if reply_to is None else reply_to.wait
    asked = frozenset() if wait is None else _asked(snapshot, wait)
    seen = observe(
        CheckedReply(
            personal=load_personal_words().read(text),
            reading=reading,
            shared=lookups.judge.words_with(text, asked) if asked else None,
            offers=shipped_pitches().offers(text),
            asks=0 if wait is None else _cues(snapshot, wait),
            same_language=wait is not None and _same_language(snapshot, text, wait),
            before=_before(snapshot, None if wait is None else wait.customer, message),
        )
    )
    return CheckFacts(
        seen=seen,
        now=snapshot.now,
        zone=lookups.preferences.hours_of(who).zone,
        handle=None if reply_to is None or not asked else reply_to.handle,
        customer=None if wait is None or not asked else wait.customer,
    )


def replied_to(snapshot: Snapshot, message: Message) -> ListedWait | None:
    """The wait that a member's message replies to, if that is known: by what was decided of it, else by where it stands."""
    for id in dict.fromkeys((message.id, message.reply_to, message.thread)):
        found = () if id is None else snapshot.tx.waits_of(message.channel, id)
        if found:
            return snapshot.listed(found[0])
    return None


def _asked(snapshot: Snapshot, wait: Wait) -> frozenset[int]:
    """The fingerprints of what a customer asked, as far as they are kept."""
    return frozenset(word for seen in snapshot.tx.written_in(wait) for word in seen.reading.fingerprints)


def _cues(snapshot: Snapshot, wait: Wait) -> int:
    """The cues of what a customer asked."""
    cues = 0
    for seen in snapshot.tx.written_in(wait):
        cues |= seen.reading.cues
    return cues


def _same_language(snapshot: Snapshot, text: str, wait: Wait) -> bool:
    """Whether a text is surely in the language of what a customer asked. Nobody knows where their words aren't kept."""
    words = " ".join(kept.text for kept in snapshot.tx.texts(wait.id))
    return bool(words) and load_personal_words().same_language(text, words)


def _before(snapshot: Snapshot, customer: str | None, message: str) -> tuple[EarlierReply, ...]:
    """What other customers were told."""
    return tuple(
        EarlierReply(customer=reply.customer, at=reply.message.at, words=reply.message.reading.fingerprints)
        for reply in snapshot.tx.replies(LOOK_BACK)
        if reply.customer != customer and reply.message.id != message
    )
