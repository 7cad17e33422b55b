"""Which open wait does a member's message reply to? A choice among the conversations of the moment.

Every open wait, every customer the team has just been talking with, and "nobody in particular" are candidates; each gets a
score, and the scores compete (a softmax), so that a reply that clearly goes on with Dana's solved question doesn't end Omar's
wait only because his is the only one open.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter

from bot.domain.keys import message_of
from bot.domain.messages import MessageRecord
from bot.domain.people import MEMBER
from bot.domain.reading import MENTIONED
from bot.domain.waits import Wait
from bot.domain.window import Window
from bot.judge.attribution import everybody
from bot.judge.attribution.features import AMOUNTS, FEATURES
from bot.judge.attribution.message import RECENT
from bot.judge.attribution.values import values_of
from bot.judge.conversation import Conversation, Speaker
from bot.judge.linear import Values

MOST_WAITS = 6
"""Open waits scored for one message: those with evidence of their own, then the customers who spoke last."""

MOST_TALKS = 3
"""Conversations without an open wait that compete with the waits, the latest ones."""


@dataclass(slots=True)
class Candidate:
    """Somebody a member's message may be meant for: a customer with an open wait, or without one; None = nobody."""

    customer: str | None
    wait: Wait | None
    values: Values
    named: int = 0
    among: bool = False
    """Whether the message is for everybody, and their wait is among those it is for."""


def names_customer(found: Sequence[Candidate]) -> bool:
    """Whether the message names one of its candidates: names decide differently than everything else does."""
    return any(candidate.named for candidate in found)


def candidates(
    seen: MessageRecord, window: Window, waits: Sequence[Wait], conversation: Conversation | None = None
) -> list[Candidate]:
    """All candidates with their feature values; "nobody" is the last. `conversation`: what came before, if it is known."""
    conversation = conversation or Conversation.before(window, seen)
    named = {person: strength for person, strength in seen.reading.addressed if person != seen.author}
    referring = seen.thread is not None or seen.reply_to is not None
    strong = _with_evidence(seen, waits, named)[:MOST_WAITS] if named or referring else []
    surely = {
        person
        for person, strength in named.items()
        if strength >= MENTIONED and (person not in conversation.people or conversation.people[person].role is not MEMBER)
    }
    if surely:
        # A message that starts with a name is for that person: nobody else needs to be weighed, but for whom it replies to.
        theirs = [wait for wait in strong if wait.customer in surely or seen.reply_to in wait.messages]
        waiting = {wait.customer for wait in theirs}
        without = [person for person in surely if person not in waiting and person in conversation.people]
        return _made(seen, window, conversation, named, _pairs(theirs, without))
    if referring:
        # Nor does a reply in a thread, or with a reference, answer somebody who isn't there.
        linked = [wait for wait in strong if _refers(seen, wait)]
        there = {wait.customer for wait in linked} | _referred_to(seen, window, conversation)
        if there:
            # Who goes on in a thread under what they wrote before has their wait outside of it.
            theirs = linked or [wait for wait in waits if wait.customer in there and wait.thread is None]
            waiting = {wait.customer for wait in theirs}
            without = [person for person in there if person in conversation.people and person not in waiting]
            return _made(seen, window, conversation, named, _pairs(theirs, without))
        if seen.reply_to is not None and window.get(seen.reply_to) is None:
            return _made(seen, window, conversation, named, [])  # it goes on with something old, and with no open wait
    among = everybody.waits_meant(seen, window, conversation, waits) if seen.reading.cues & everybody.TELLING else None
    if among is not None and seen.reading.rest == 0:
        return _made(seen, window, conversation, named, [])  # a greeting to the group is for nobody
    scope = _shortlist(seen, waits, conversation, strong)
    if among:
        scope += [wait for wait in among if not any(wait is one for one in scope)]
    waiting = {wait.customer for wait in scope}
    pairs = _pairs(scope, _without_wait(seen, conversation, named, waiting))
    return _made(seen, window, conversation, named, pairs, among)


def _referred_to(seen: MessageRecord, window: Window, conversation: Conversation) -> set[str]:
    """The customers whom a message that stands in a thread, or replies to something, is for by that alone."""
    people: set[str] = set()
    for reference in (seen.reply_to, seen.thread):
        target = window.get(reference) if reference is not None else None
        if target is None:
            continue
        if target.role is not MEMBER:
            people.add(target.author)
        else:
            # Whoever refers to what a member said speaks to whom that was for.
            asked = (window.get(message_of(wait)) for wait in target.answers)
            people.update(entry.author for entry in asked if entry is not None)
    if not people and seen.thread is not None:
        # A thread under a member's message: who wrote in it last.
        last = conversation.threads.get(seen.thread)
        if last is not None and last.role is not MEMBER:
            people.add(last.author)
    return people - {seen.author}


def _pairs(waits: list[Wait], without: list[str]) -> list[tuple[str, Wait | None]]:
    """Those to be weighed: the customers of open waits, and customers without one."""
    return [*((wait.customer, wait) for wait in waits), *((customer, None) for customer in without)]


def _without_wait(seen: MessageRecord, conversation: Conversation, named: dict[str, int], waiting: set[str]) -> list[str]:
    """The customers without an open wait who compete: those named, and of those who spoke or were spoken to lately the ones
    who spoke last. Latest first."""
    people = conversation.people
    found: list[str] = [person for person in named if person in conversation.customers and person not in waiting]
    passed = waiting | named.keys() | {seen.author}
    room = MOST_TALKS
    for customer in reversed(conversation.customers):
        spoke = people[customer].last
        if not room or (spoke is not None and seen.at - spoke.at > RECENT):
            break
        if customer not in passed:
            found.append(customer)
            passed.add(customer)
            room -= 1
    if room:
        silent: list[str] = []
        for customer in reversed(conversation.addressees):
            from_member = people[customer].from_member
            if from_member is not None and seen.at - from_member.at > RECENT:
                break
            if customer not in passed and customer in conversation.customers:
                silent.append(customer)
        silent.sort(key=lambda customer: -people[customer].last_n)
        found += silent[:room]
    if len(found) > 1:
        found.sort(key=lambda customer: -people[customer].last_n)
    return found


_last_first = attrgetter("last_message_at", "id")


def _shortlist(seen: MessageRecord, waits: Sequence[Wait], conversation: Conversation, strong: list[Wait]) -> list[Wait]:
    """The waits to be weighed: those with evidence of their own, the next in line, then those of who spoke last."""
    author = seen.author
    if len(waits) <= MOST_WAITS:
        return [wait for wait in waits if wait.customer != author]
    found = list(strong)
    upcoming = _next_in_line(waits, conversation.people.get(author))
    if upcoming is not None and not any(upcoming is one for one in strong) and len(found) < MOST_WAITS:
        found.append(upcoming)
    taken = {wait.id for wait in found}
    theirs: dict[str, list[Wait]] = {}
    for wait in waits:
        customer = wait.customer
        if customer in theirs:
            theirs[customer].append(wait)
        elif customer != author:
            theirs[customer] = [wait]
    for customer in reversed(conversation.customers):
        if len(found) >= MOST_WAITS:
            break
        if customer in theirs:
            mine = theirs.pop(customer)
            if len(mine) > 1:
                mine.sort(key=_last_first, reverse=True)
            found += [wait for wait in mine if wait.id not in taken]
    if len(found) < MOST_WAITS:
        # Those who haven't spoken: the latest wait first.
        silent = sorted((wait for mine in theirs.values() for wait in mine), key=_last_first, reverse=True)
        found += [wait for wait in silent if wait.id not in taken]
    return found[:MOST_WAITS]


def _next_in_line(waits: Sequence[Wait], member: Speaker | None) -> Wait | None:
    """The wait that somebody comes to who works through them in order: the first after what they answered last."""
    if member is None or not member.cursor:
        return None
    cursor, found, first = member.cursor, None, 0.0
    for wait in waits:
        last = wait.last_message_at
        if last > cursor and (found is None or last < first or (last == first and wait.id > found.id)):
            found, first = wait, last
    return found


def _with_evidence(seen: MessageRecord, waits: Sequence[Wait], named: dict[str, int]) -> list[Wait]:
    """The waits of those whom a message names, and those it refers to (`_refers`, which as a call for each would be felt)."""
    author, thread, reply_to = seen.author, seen.thread, seen.reply_to
    found: list[Wait] = []
    for wait in waits:
        customer = wait.customer
        if customer == author:
            continue
        if (
            customer in named
            or (thread is not None and (thread == wait.thread or thread in wait.messages))
            or (reply_to is not None and reply_to in wait.messages)
        ):
            found.append(wait)
    return found


def _refers(seen: MessageRecord, wait: Wait) -> bool:
    """Whether a message stands in the wait's thread, in a thread of its messages, or replies to one of them."""
    thread = seen.thread
    if thread is not None and (thread == wait.thread or thread in wait.messages):
        return True
    return seen.reply_to is not None and seen.reply_to in wait.messages


def _made(
    seen: MessageRecord,
    window: Window,
    conversation: Conversation,
    named: dict[str, int],
    pairs: list[tuple[str, Wait | None]],
    among: list[Wait] | None = None,
) -> list[Candidate]:
    rows, nobody = values_of(seen, window, conversation, named, pairs, among)
    if named or among:
        found = [
            Candidate(customer, wait, row, named.get(customer, 0), bool(among) and any(wait is one for one in among or ()))
            for (customer, wait), row in zip(pairs, rows, strict=True)
        ]
    else:
        found = [Candidate(customer, wait, row) for (customer, wait), row in zip(pairs, rows, strict=True)]
    found.append(Candidate(None, None, nobody))
    return found


__all__ = ["AMOUNTS", "FEATURES", "MOST_TALKS", "MOST_WAITS", "Candidate", "candidates", "names_customer"]
