"""What others did to what is a member's, and nobody told them yet: a claim that was handed to somebody else, what a lead chose
for them. They read of it below the next answer they get, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from hashlib import sha256

from bot.domain.durations import DAY, Seconds
from bot.domain.marks import told_of
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.queries.snapshot import Snapshot
from bot.wording.untold import TakenFacts

AGO: Seconds = 7 * DAY
"""What was done earlier is no news any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Untold:
    """What a member wasn't told: `taken` are the waits that they were on and that were handed to somebody else, `switch` is what
    a lead (`by`) chose for them. `fingerprint` is of what they were told of that; it is `stale` where what is kept is another."""

    taken: tuple[TakenFacts, ...]
    switch: OwnSwitch | None
    by: str
    fingerprint: str
    stale: bool


def untold(snapshot: Snapshot, member: str) -> Untold:
    """What a member wasn't told yet."""
    mark = snapshot.tx.mark(told_of(member))
    since = snapshot.now - AGO if mark is None else max(mark.at, snapshot.now - AGO)
    taken = tuple(
        TakenFacts(wait=one.wait, handle=one.handle, channel_name=snapshot.lookups.channel_name(one.wait.channel))
        for one in snapshot.open_waits()
        if one.wait.handed is not None and one.wait.handed.at > since and one.wait.displaced_holder == member
    )
    choices = snapshot.lookups.preferences.choices
    by, switch = choices.switched_by.get(member, member), choices.switches.get(member)
    if switch is not None and not switch.muted_at(snapshot.now):
        switch = replace(switch, muted_until=None)
    if by == member or switch == ORDINARY:
        switch = None
    told = "" if switch is None else _fingerprint(by, switch)
    known = "" if mark is None else mark.by or ""
    return Untold(taken=taken, switch=switch if told != known else None, by=by, fingerprint=told, stale=told != known)


def _fingerprint(by: str, switch: OwnSwitch) -> str:
    spelt = f"{by} {switch.budget} {switch.muted_until} {switch.only_mine} {sorted(switch.wanted)}"
    return sha256(spelt.encode()).hexdigest()[:16]
