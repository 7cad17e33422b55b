"""Pitch first: the first that a member writes to a newcomer is mostly an offer or a bare link, and not about what they asked."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.coaching.noticed import Noticed
from bot.domain.durations import DAY, Seconds
from bot.domain.keys import message_key
from bot.domain.messages import MessageRecord
from bot.domain.people import Role
from bot.domain.reading import MENTIONED, Cue, Reading
from bot.domain.tips import Tip, TipKind
from bot.language.pitches import Pitches, link_words

LATELY: Seconds = DAY
"""How long ago somebody wrote what a message may still be the first word on."""

FEW = 4
"""Content words up to which a message with a link is mostly that link."""

MOST_OF_A_PITCH = 40
"""Content words up to which an offer is most of a message."""

_HELPS = (Cue.QUESTION_MARK | Cue.CODE | Cue.ASKS_FOR | Cue.SOLVED | Cue.PASSED_ON).value
"""Who asks back, shows how, or saw to it does something else than to offer."""


_ASKS_BACK = (Cue.QUESTION_MARK | Cue.ASKS_FOR).value
_ASKS = (Cue.QUESTION_MARK | Cue.ASK_START | Cue.ASK_IN | Cue.REQUEST).value
_ASKS_PLACE = (Cue.ASKS_FACT | Cue.ASKS_WHERE).value
_TELLS = (Cue.YES_START | Cue.NO_START | Cue.FACT | Cue.NEGATION).value


def pitch(noticed: Noticed, pitches: Pitches) -> Tip | None:
    """The tip that a message gives rise to, if it is the first to a newcomer and mostly promotes."""
    seen, reading = noticed.seen, noticed.seen.reading
    words = len(reading.fingerprints)
    text = noticed.message.text
    helps = _HELPS & ~_ASKS_BACK if pitches.only_teases(text) else _HELPS
    if words > MOST_OF_A_PITCH or reading.cues & helps:
        return None
    newcomers = [customer for customer in _whom_for(noticed) if _may_be_new(noticed, customer)]
    if not newcomers:
        return None
    offers, bare = pitches.offers(noticed.message.text), reading.has(Cue.LINK) and words <= FEW
    if not (offers or bare):
        return None
    for customer in newcomers:
        waits = any(wait.customer == customer for wait in noticed.waits) or any(noticed.state.waits_of(customer))
        if bare and not offers and not waits:
            continue  # where nothing was asked, a link may be all that there is to say
        if _wrote_before(noticed, customer) or not noticed.known.is_new(customer):
            continue
        if _asked(noticed, customer) & (noticed.words | _words_of_links(noticed)):
            continue  # it speaks of what they asked
        if _asks_for_it(noticed, customer, pitches, bare=not offers) or (offers and _tells_besides(noticed, pitches)):
            continue
        return Tip(
            kind=TipKind.PITCH,
            member=seen.author,
            at=seen.at,
            trigger=message_key(noticed.state.key, seen.id),
            count=1,
            messages=(noticed.place,),
            about=customer,
        )
    return None


def _asks_for_it(noticed: Noticed, customer: str, pitches: Pitches, *, bare: bool) -> bool:
    """Whether an offer, or a bare link, may be what they asked for: prices, hours; where something is. So it may where what
    they asked holds no word of content."""
    theirs = [one.reading for one in _theirs(noticed, customer) if one.role is Role.CUSTOMER]
    if not any(one.cues & _ASKS for one in theirs):
        return False
    asked = _asked(noticed, customer)
    if not asked or (bare and any(one.cues & _ASKS_PLACE for one in theirs)):
        return True
    return any(not asked.isdisjoint(_read(noticed, words).fingerprints) for words in pitches.asks)


def _tells_besides(noticed: Noticed, pitches: Pitches) -> bool:
    """Whether it says yes or no, or a fact, in a sentence beside the offer."""
    return any(_read(noticed, each).cues & _TELLS for each in pitches.beside_offers(noticed.message.text))


def _read(noticed: Noticed, text: str) -> Reading:
    return noticed.context.judge.read(replace(noticed.message, text=text, mentions=()), {})


def _may_be_new(noticed: Noticed, customer: str) -> bool:
    """Whether somebody may be a newcomer, as far as that shows in what is at hand. An exchange that this message makes isn't yet
    among those."""
    return not any(strength > 0 for strength, _ in noticed.state.acquainted.get(customer, {}).values())


def _whom_for(noticed: Noticed) -> Iterator[str]:
    """The customers a message is for: whose waits it replies to, whom it names, whose message it answers by the platform's own
    reference, whose thread it stands in."""
    seen, window = noticed.seen, noticed.state.window
    found = [wait.customer for wait in noticed.waits]
    found += [person for person, strength in seen.reading.addressed if strength >= MENTIONED]
    for id in (seen.reply_to, seen.thread):
        refers = None if id is None else window.get(id)
        if refers is not None and refers.role is Role.CUSTOMER:
            found.append(refers.author)
    for customer in dict.fromkeys(found):
        if customer not in noticed.state.team.members:
            yield customer


def _theirs(noticed: Noticed, customer: str) -> list[MessageRecord]:
    return [one for one in noticed.state.window.by(customer) if noticed.seen.at - LATELY <= one.at <= noticed.seen.at]


def _asked(noticed: Noticed, customer: str) -> frozenset[int]:
    """The content words of what a customer wrote lately."""
    theirs = [one for one in _theirs(noticed, customer) if one.role is Role.CUSTOMER]
    return frozenset(word for one in theirs for word in one.reading.fingerprints)


def _wrote_before(noticed: Noticed, customer: str) -> bool:
    """Whether the member wrote to them before, as far as it can be seen here."""
    seen = noticed.seen
    theirs = {one.id for one in noticed.state.window.by(customer)}
    for one in noticed.state.window.by(seen.author):
        if one.id == seen.id or (one.at, one.id) > (seen.at, seen.id):
            continue
        if one.reading.names(customer) >= MENTIONED or one.reply_to in theirs or one.thread in theirs:
            return True
    waits = [wait for wait in (*noticed.waits, *noticed.state.waits_of(customer)) if wait.customer == customer]
    return any(reply.by == seen.author and reply.message != seen.id for wait in waits for reply in wait.replies)


def _words_of_links(noticed: Noticed) -> frozenset[int]:
    """The words that the addresses of links are made of, as the judge reads words: "…/docs/csv-export" speaks of exports."""
    words = link_words(noticed.message.text)
    if not words:
        return frozenset()
    read = noticed.context.judge.read(replace(noticed.message, text=words, mentions=()), {})
    return frozenset(read.fingerprints)
