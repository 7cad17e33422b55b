"""Which wait, customer, member or channel somebody means by what they typed: a handle, a name, a tag, an id."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches

from bot.commands.context import CommandContext
from bot.domain.durations import Instant, Seconds
from bot.domain.keys import channel_id
from bot.domain.refusal import Refusal, quoted
from bot.domain.tags import tagged
from bot.queries.snapshot import ListedWait

HANDLE = re.compile(r"#?(?:w([0-9]{1,18})|([0-9]{1,9}))", re.IGNORECASE)
"""A bare number is short: longer ones are ids of people and messages."""

MOST_LISTED = 6
"""Waits that are offered when it isn't clear which one was meant."""

LATELY: Seconds = 120 * 24 * 3600
"""Customers whose last wait is older are found by their id or tag only."""

JUST_NOW: Seconds = 7 * 24 * 3600
"""Waits that opened longer ago are found by their handle alone once they are over."""

_LONGEST_NAME = 5
"""Words a name may have."""

_SHORTEST_START = 3
"""Letters that are enough of a name's beginning."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The wait that was meant, and the words left after its name."""

    listed: ListedWait
    rest: tuple[str, ...]


def handle_in(word: str) -> str | None:
    """The handle that a word is ("w17", "#W17", "17"), written the one way storage knows, or None."""
    found = HANDLE.fullmatch(word)
    return None if found is None else f"w{int(found[1] or found[2])}"


def find_wait(words: tuple[str, ...], ctx: CommandContext) -> Found | Refusal:
    """The wait that `words` begin with: a handle, or as many words as name a customer who waits."""
    handle = handle_in(words[0])
    if handle is not None:
        listed = ctx.by_handle(handle)
        if listed is None:
            return Refusal(says=f"There is no wait {quoted(words[0])}. {waiting_now(ctx)}", tries=("waiting",))
        return Found(listed=listed, rest=words[1:])
    customers = dict.fromkeys(listed.wait.customer for listed in ctx.waits)
    for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
        meant = find_people(" ".join(words[:length]), customers, ctx)
        found = [listed for listed in ctx.waits if listed.wait.customer in meant]
        if len(found) == 1:
            return Found(listed=found[0], rest=words[length:])
        if found:
            several = f"{quoted(' '.join(words[:length]))} could be {count_waits(found, ctx)}. Say which one by its handle."
            return Refusal(says=several, tries=tuple(listed.handle for listed in found[:MOST_LISTED]))
    ended = _ended(words, ctx)
    if ended is not None:
        return ended
    near = _near(words, customers, ctx)
    hint = f" Did you mean {near}?" if near is not None else ""
    return Refusal(says=f"Nobody called {quoted(words[0])} is waiting.{hint} {waiting_now(ctx)}", tries=("waiting",))


def _ended(words: tuple[str, ...], ctx: CommandContext) -> Found | None:
    """The wait of one customer that ended last, of those of the last days, where nobody of this name waits: "dismiss dana", a
    minute too late, is told which one is over and how."""
    lately = [wait for wait in ctx.snapshot.opened_since(ctx.now - JUST_NOW) if wait.ended_at is not None]
    customers = dict.fromkeys(wait.customer for wait in lately)
    for length in range(min(_LONGEST_NAME, len(words)), 0, -1):
        meant = find_people(" ".join(words[:length]), customers, ctx)
        if len(meant) == 1:
            last = max((wait for wait in lately if wait.customer == meant[0]), key=lambda wait: wait.ended_at or 0.0)
            return Found(listed=ctx.snapshot.listed(last), rest=words[length:])
    return None


def count_waits(found: Iterable[ListedWait], ctx: CommandContext) -> str:
    """ "w17 (Dana in #help) or w20 (Dana in #sales)", at most MOST_LISTED of them."""
    listed = tuple(found)
    said = [
        f"{one.handle} ({ctx.name(one.wait.customer)} in #{ctx.channel_name(one.wait.channel)})" for one in listed[:MOST_LISTED]
    ]
    if len(listed) > MOST_LISTED:
        said.append(f"{len(listed) - MOST_LISTED} more")
    return said[0] if len(said) == 1 else ", ".join(said[:-1]) + " or " + said[-1]


def waiting_now(ctx: CommandContext) -> str:
    """Which handles there are, in a sentence."""
    if not ctx.waits:
        return "Nobody is waiting just now."
    return f"Waiting now: {count_waits(ctx.waits, ctx).replace(' or ', ' and ')}."


def find_people(said: str, people: Iterable[str], ctx: CommandContext) -> tuple[str, ...]:
    """Those of `people` that may be meant: by tag or id, else by whole name, else by one word of a name, else by how one
    begins; last by the company that stands beside it. The first of these that fits somebody decides."""
    among = tuple(people)
    tag = tagged(said)
    if tag is not None:
        meant = ctx.member_of(tag)
        return tuple(person for person in among if person == meant)
    wanted = said.removeprefix("@").casefold()
    if not wanted:
        return ()
    meant = ctx.member_of(said.removeprefix("@"))
    called = {person: tuple(name.removeprefix("@").casefold() for name in ctx.names_of(person)) for person in among}
    for fits in (
        tuple(person for person in among if person.casefold() == wanted or person == meant),
        tuple(person for person in among if wanted in called[person]),
        tuple(person for person in among if any(wanted in name.split() for name in called[person])),
    ):
        if fits:
            return fits
    if len(wanted) < _SHORTEST_START:
        return ()
    begins = tuple(person for person in among if any(name.startswith(wanted) for name in called[person]))
    return begins or _of_company(wanted, among, ctx)


def _of_company(wanted: str, people: Iterable[str], ctx: CommandContext) -> tuple[str, ...]:
    """Those whose company is called so, or begins so."""
    company_of = ctx.snapshot.lookups.company_of
    known = {person: (company_of(person) or "").casefold() for person in people if person not in ctx.team.members}
    whole = tuple(person for person, company in known.items() if company == wanted)
    return whole or tuple(person for person, company in known.items() if f" {company}".find(f" {wanted}") >= 0)


def find_member(said: str, ctx: CommandContext) -> str | Refusal:
    """The one member of the team that is meant."""
    found = find_people(said, sorted(ctx.snapshot.members()), ctx)
    if len(found) == 1:
        return found[0]
    if found:
        names = " or ".join(ctx.name(member) for member in found[:MOST_LISTED])
        return Refusal(says=f"{quoted(said)} could be {names}. Say the whole name.")
    team = ", ".join(sorted(ctx.name(member) for member in ctx.snapshot.members())[:20])
    tag = tagged(said)
    if tag is not None:
        return Refusal(says=f"{ctx.name(ctx.member_of(tag))} isn't on the team. The team: {team or 'nobody yet'}.")
    return Refusal(says=f"Nobody on the team is called {quoted(said)}. The team: {team or 'nobody yet'}.")


def find_customer(words: tuple[str, ...], ctx: CommandContext, now: Instant) -> str | Refusal:
    """The one customer that is meant: of a wait, by name among those who waited lately, or by tag or id."""
    if handle_in(words[0]) is not None:
        found = find_wait(words, ctx)
        return found if isinstance(found, Refusal) else found.listed.wait.customer
    said = " ".join(words)
    known = dict.fromkeys(listed.wait.customer for listed in ctx.waits)
    known.update(dict.fromkeys(wait.customer for wait in ctx.snapshot.opened_since(now - LATELY)))
    people = find_people(said, known, ctx)
    if len(people) == 1:
        return people[0]
    if people:
        names = ", ".join(f"{ctx.name(person)} ({person})" for person in people[:MOST_LISTED])
        return Refusal(says=f"{quoted(said)} could be {names}. Mention the one you mean, or give the id.")
    person = tagged(said) or said
    if person not in ctx.team.members and ctx.snapshot.exchanges(person):
        return person
    near = _near(words, known, ctx)
    hint = f" Did you mean {near}?" if near is not None else ""
    return Refusal(says=f"No customer called {quoted(said)} has been here lately.{hint}", tries=("waiting",))


def find_channel(said: str, ctx: CommandContext) -> str | Refusal:
    """The key of the one channel that is meant: by name with or without "#", by tag or by id."""
    wanted = (tagged(said) or said).removeprefix("#").casefold()
    found = [key for key in ctx.channels if wanted in (key.casefold(), channel_id(key).casefold())]
    found = found or [key for key, name in ctx.channels.items() if name.removeprefix("#").casefold() == wanted]
    if len(found) == 1:
        return found[0]
    if found:
        return Refusal(
            says=f"There are {len(found)} channels called {quoted(said)}: {', '.join(found[:MOST_LISTED])}. Give one of these."
        )
    names = sorted({name.removeprefix("#") for name in ctx.channels.values()})
    near = get_close_matches(wanted[:80], names, n=3, cutoff=0.5) or names[:MOST_LISTED]
    known = ", ".join(f"#{name}" for name in near)
    those = f"Those I know: {known}." if known else "I know none yet."
    return Refusal(says=f"I watch no channel called {quoted(said)}. {those} I have to be invited into a channel to know it.")


def _near(words: tuple[str, ...], people: Iterable[str], ctx: CommandContext) -> str | None:
    """The name that was probably meant."""
    names = {name.casefold(): name for person in people for name in ctx.names_of(person)}
    names.update({name.split()[0].casefold(): name for name in tuple(names.values()) if name.split()})
    found = get_close_matches(words[0].removeprefix("@").casefold()[:80], names, n=1, cutoff=0.6)
    return names[found[0]] if found else None
