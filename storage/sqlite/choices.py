"""What members chose in chat: away spans, DMs, own hours, what they want to be told, how channels are watched, what is paused,
who is on duty. A few rows per member."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from typing import Any

from bot.domain.absences import SaidHere
from bot.domain.delay_trial import DelayTrial
from bot.domain.durations import Instant
from bot.domain.duty import DutyPlan, Rotation, SaidOnDuty
from bot.domain.hours import Interval
from bot.domain.preferences import (
    ALL_KINDS,
    EVERYBODY,
    Choices,
    ChoiceWrite,
    EndAway,
    OwnHours,
    OwnSwitch,
    Pause,
    SetAnew,
    SetAway,
    SetDm,
    SetDuty,
    SetHere,
    SetHours,
    SetPause,
    SetSwitch,
    SetTrial,
    SetWatch,
    Watched,
    week_of,
)
from bot.domain.rules import Watch
from bot.domain.tips import ALL_TIPS

NOTHING = "nothing"

EVERY = "SELECT kind, subject, value, by, at FROM choices ORDER BY kind, subject"

SET = """
INSERT INTO choices (kind, subject, value, by, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (kind, subject) DO UPDATE SET value = excluded.value, by = excluded.by, at = excluded.at
"""

REVERT = "DELETE FROM choices WHERE kind = ? AND subject = ?"

EVERY_ABSENCE = "SELECT member, since, until FROM away ORDER BY member, since"

SET_AWAY = """
INSERT INTO away (member, since, until, by, at) VALUES (?, ?, ?, ?, ?)
ON CONFLICT (member, since) DO UPDATE SET until = excluded.until, by = excluded.by, at = excluded.at
"""

CUT_AWAY = "UPDATE away SET until = ? WHERE member = ? AND since = ? AND until > ?"

DROP_AWAY = "DELETE FROM away WHERE member = ? AND since = ?"

PRUNE_AWAY = "DELETE FROM away WHERE until < ?"

PRUNE_SPANS = """
DELETE FROM choices
WHERE kind IN ('pause', 'here') AND coalesce(json_extract(value, '$.over_at'), json_extract(value, '$.until')) < ?
"""


def every(connection: sqlite3.Connection) -> Choices:
    """All choices."""
    dm: dict[str, bool] = {}
    hours: dict[str, OwnHours] = {}
    watch: dict[str, Watched] = {}
    switches: dict[str, OwnSwitch] = {}
    switched_by: dict[str, str] = {}
    pauses: dict[str, Pause] = {}
    duty: dict[str, DutyPlan] = {}
    here: dict[str, SaidHere] = {}
    trials: dict[str, DelayTrial] = {}
    anew: dict[str, Instant] = {}
    for kind, subject, value, by, at in connection.execute(EVERY):
        read: Any = json.loads(value)
        if kind == "dm":
            dm[subject] = bool(read)
        elif kind == "hours":
            hours[subject] = OwnHours(zone=read["zone"], week=None if read["week"] is None else week_of(read["week"]))
        elif kind == "switch":
            switches[subject], switched_by[subject] = switch_of(read), by
        elif kind == "pause":
            pauses[subject] = Pause(since=read.get("since", at), until=read["until"], by=by)
        elif kind == "duty":
            duty[subject] = duty_plan(read)
        elif kind == "here":
            here[subject] = here_of(read)
        elif kind == "trial":
            trials[subject] = trial_of(read)
        elif kind == "anew":
            anew[subject] = float(read)
        else:
            watch[subject] = "nothing" if read == NOTHING else Watch(read)
    away: dict[str, tuple[Interval, ...]] = {}
    for member, since, until in connection.execute(EVERY_ABSENCE):
        away[member] = (*away.get(member, ()), (since, until))
    return Choices(
        away=away,
        dm=dm,
        hours=hours,
        watch=watch,
        switches=switches,
        switched_by=switched_by,
        pauses=pauses,
        duty=duty,
        here=here,
        trials=trials,
        anew=anew,
    )


def save(connection: sqlite3.Connection, writes: Iterable[ChoiceWrite]) -> None:
    """Store choices, in their order. Reverting one that was never made changes nothing."""
    for write in writes:
        match write:
            case SetAway(member=member, since=since, until=until, by=by, at=at):
                connection.execute(SET_AWAY, (member, since, until, by, at))
            case EndAway(member=member, since=since, at=at):
                # What has passed of it stays: figures in working time go on leaving it out.
                if since < at:
                    connection.execute(CUT_AWAY, (at, member, since, at))
                else:
                    connection.execute(DROP_AWAY, (member, since))
            case SetHere(member=member, here=here, by=by, at=at):
                _set(connection, "here", member, None if here is None else json.dumps(packed_here(here)), by, at)
            case SetDm(member=member, on=on, by=by, at=at):
                _set(connection, "dm", member, None if on is None else json.dumps(on), by, at)
            case SetHours(member=member, hours=hours, by=by, at=at):
                _set(connection, "hours", member, None if hours is None else _packed(hours), by, at)
            case SetWatch(channel=channel, watch=watch, by=by, at=at):
                _set(connection, "watch", channel, None if watch is None else json.dumps(str(watch)), by, at)
            case SetSwitch(member=member, switch=switch, by=by, at=at):
                _set(connection, "switch", member, None if switch is None else json.dumps(packed_switch(switch)), by, at)
            case SetPause(channel=channel, until=until, since=since, by=by, at=at):
                span = {"since": at if since is None else since, "until": until}
                _set(connection, "pause", channel, None if until is None else json.dumps(span), by, at)
            case SetDuty(plan=plan, by=by, at=at):
                _set(connection, "duty", EVERYBODY, None if plan is None else json.dumps(packed_duty(plan)), by, at)
            case SetAnew(channel=channel, since=since, by=by, at=at):
                _set(connection, "anew", channel, None if since is None else json.dumps(since), by, at)
            case SetTrial(trial=trial, by=by, at=at):
                _set(connection, "trial", EVERYBODY, None if trial is None else json.dumps(packed_trial(trial)), by, at)
            case _:
                raise TypeError(f"storage doesn't know how to write a {type(write).__name__}")


def packed_trial(trial: DelayTrial) -> dict[str, Any]:
    """A trial of first reminders, as it is stored."""
    return {"since": trial.since, "ends": trial.until, "by": trial.by}


def trial_of(read: Any) -> DelayTrial:
    """A trial of first reminders, from how it is stored."""
    return DelayTrial(since=read["since"], until=read["ends"], by=read["by"])


def _packed(hours: OwnHours) -> str:
    week = None if hours.week is None else [[(span.opens, span.closes) for span in day] for day in hours.week]
    return json.dumps({"zone": hours.zone, "week": week})


def packed_switch(switch: OwnSwitch) -> dict[str, Any]:
    """What a member wants to be told, as it is stored."""
    unwanted = sorted(ALL_KINDS - switch.wanted)  # a kind that comes later is wanted until somebody says otherwise
    packed: dict[str, Any] = {
        "budget": switch.budget,
        "muted": switch.muted_until,
        "only_mine": switch.only_mine,
        "unwanted": unwanted,
    }
    if switch.tips_off:
        packed["tips_off"] = sorted(switch.tips_off)
    if switch.thanks_public:
        packed["thanks_public"] = True
    return packed


def switch_of(read: Any) -> OwnSwitch:
    """What a member wants to be told, from how it is stored."""
    return OwnSwitch(
        budget=read["budget"],
        muted_until=read["muted"],
        only_mine=read["only_mine"],
        wanted=ALL_KINDS.difference(read["unwanted"]),
        tips_off=ALL_TIPS.intersection(read.get("tips_off", ())),  # versions until 0.5 knew no kinds of tips
        thanks_public=read.get("thanks_public", False),
    )


def packed_here(here: SaidHere) -> dict[str, Any]:
    """That somebody is here, as it is stored."""
    return {"since": here.since, "until": here.until, "earlier": here.earlier, "over_at": here.over_at}


def here_of(read: Any) -> SaidHere:
    """That somebody is here, from how it is stored; versions until 0.5 kept one span alone."""
    earlier = tuple((since, until) for since, until in read.get("earlier", ()))
    return SaidHere(since=read["since"], until=read["until"], earlier=earlier)


def packed_duty(plan: DutyPlan) -> Any:
    """Who is on duty when, as it is stored."""
    said, turns = plan.said, plan.rotation
    return {
        "said": None if said is None else [said.members, said.since, said.until],
        "turns": None if turns is None else [turns.members, turns.weekdays, turns.minute, turns.zone, turns.since],
    }


def duty_plan(read: Any) -> DutyPlan:
    """Who is on duty when, as it was stored."""
    said = rotation = None
    if read["said"] is not None:
        members, since, until = read["said"]
        said = SaidOnDuty(members=tuple(members), since=since, until=until)
    if read["turns"] is not None:
        members, days, minute, zone, since = read["turns"]
        weekdays = (days,) if isinstance(days, int) else tuple(days)  # it was one day once
        rotation = Rotation(members=tuple(members), weekdays=weekdays, minute=minute, zone=zone, since=since)
    return DutyPlan(said=said, rotation=rotation)


def _set(connection: sqlite3.Connection, kind: str, subject: str, value: str | None, by: str, at: Instant) -> None:
    if value is None:
        connection.execute(REVERT, (kind, subject))
    else:
        connection.execute(SET, (kind, subject, value, by, at))


def prune(connection: sqlite3.Connection, before: Instant) -> int:
    """Forget away spans, pauses and the like that ended before an instant. Gives how many rows went."""
    return connection.execute(PRUNE_AWAY, (before,)).rowcount + connection.execute(PRUNE_SPANS, (before,)).rowcount
