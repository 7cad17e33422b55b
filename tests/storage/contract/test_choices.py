"""What members chose in chat, and short names of waits."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.absences import SaidHere
from bot.domain.choice_changes import is_undone, put_back, stands
from bot.domain.delay_trial import DelayTrial, TrialEntry
from bot.domain.duty import NO_PLAN, CalendarSpans, DutyPlan, MemberSpan, Rotation, SaidOnDuty
from bot.domain.hours import WorkingSpan, weekly
from bot.domain.preferences import (
    ALL_KINDS,
    EVERYWHERE,
    Choices,
    ChoiceWrite,
    EndAway,
    OwnHours,
    OwnSwitch,
    Pause,
    SetAway,
    SetDm,
    SetDuty,
    SetHere,
    SetHours,
    SetPause,
    SetSwitch,
    SetTrial,
    SetWatch,
)
from bot.domain.rules import Watch
from bot.domain.waits import WaitState
from bot.domain.writes import SaveWait
from bot.errors import StorageError
from bot.ports import Store
from tests.storage.contract.conftest import Opener
from tests.storage.samples import full_wait, wait

SWITCH = OwnSwitch(budget=0, muted_until=77.5, only_mine=True, wanted=frozenset({"digests"}))

OWN = OwnHours(
    zone="Europe/Berlin", week=weekly(range(4), [WorkingSpan(opens=540, closes=720), WorkingSpan(opens=780, closes=1620)])
)


async def chosen(store: Store, *writes: ChoiceWrite) -> Choices:
    await store.transact(lambda tx: tx.choose(writes))
    return await store.read(lambda tx: tx.choices())


async def test_every_choice_comes_back_after_a_restart(open_store: Opener) -> None:
    store = await open_store()
    before = await chosen(
        store,
        SetAway(member="ana", since=20.0, until=30.5, by="mia", at=1.0),
        SetAway(member="ana", since=1.5, until=5.0, by="ana", at=1.0),
        SetDm(member="ana", on=True, by="ana", at=1.0),
        SetDm(member="ben", on=False, by="ben", at=1.0),
        SetHours(member="ana", hours=OWN, by="ana", at=1.0),
        SetHours(member="ben", hours=OwnHours(zone="UTC"), by="ben", at=1.0),
        SetWatch(channel="slack:T1:C1", watch=Watch.MENTIONS, by="mia", at=1.0),
        SetWatch(channel="slack:T1:C2", watch="nothing", by="mia", at=1.0),
        SetSwitch(member="ana", switch=SWITCH, by="ana", at=1.0),
        SetSwitch(member="ben", switch=OwnSwitch(budget=2), by="mia", at=1.0),
        SetPause(channel="slack:T1:C1", until=9.5, by="mia", at=1.0),
        SetPause(channel=EVERYWHERE, until=8.0, by="mia", at=2.5),
        SetHere(member="ben", here=SaidHere(since=3.0, until=7.5, earlier=((1.0, 9.0),)), by="ben", at=3.0),
    )
    assert before == Choices(
        away={"ana": ((1.5, 5.0), (20.0, 30.5))},
        dm={"ana": True, "ben": False},
        hours={"ana": OWN, "ben": OwnHours(zone="UTC")},
        watch={"slack:T1:C1": Watch.MENTIONS, "slack:T1:C2": "nothing"},
        switches={"ana": SWITCH, "ben": OwnSwitch(budget=2, wanted=ALL_KINDS)},
        switched_by={"ana": "ana", "ben": "mia"},
        pauses={"slack:T1:C1": Pause(since=1.0, until=9.5, by="mia"), EVERYWHERE: Pause(since=2.5, until=8.0, by="mia")},
        here={"ben": SaidHere(since=3.0, until=7.5, earlier=((1.0, 9.0),))},
    )
    await store.close()
    again = await open_store()
    assert await again.read(lambda tx: tx.choices()) == before


async def test_what_a_choice_changed_is_kept_with_what_was_before(open_store: Opener) -> None:
    store = await open_store()
    await chosen(
        store, SetAway(member="ana", since=1.0, until=5.0, by="ana", at=1.0), SetDm(member="ben", on=True, by="ben", at=1.0)
    )
    writes: tuple[ChoiceWrite, ...] = (
        EndAway(member="ana", since=1.0, at=2.0),
        SetHours(member="ana", hours=OWN, by="ana", at=2.0),
        SetWatch(channel="slack:T1:C1", watch="nothing", by="ana", at=2.0),
        SetDm(member="ben", on=True, by="ana", at=2.0),
    )
    number = await store.transact(lambda tx: tx.choose(writes, by="ana", at=2.0))
    assert await store.transact(lambda tx: tx.choose(writes[3:], by="ana", at=3.0)) is None, "nothing changed"
    await store.close()
    again = await open_store()
    change = await again.read(lambda tx: tx.choice_change("ana"))
    assert change is not None and (change.number, change.by, change.at) == (number, "ana", 2.0)
    assert {(one.kind, one.subject, one.before, one.after) for one in change.changed} == {
        ("away", "ana", ((1.0, 5.0),), ((1.0, 2.0),)),
        ("hours", "ana", None, OWN),
        ("watch", "slack:T1:C1", None, "nothing"),
    }
    assert await again.read(lambda tx: tx.choice_change("ana", number)) == change
    assert await again.read(lambda tx: tx.choice_change("ben", number)) is None, "that was somebody else's"
    await again.transact(lambda tx: tx.prune(100.0, keep=1.0, window=5))
    assert await again.read(lambda tx: tx.choice_change("ana")) is None


async def test_what_was_undone_is_no_last_change_any_more(store: Store) -> None:
    switch, pause = OwnSwitch(budget=0, muted_until=90.0, wanted=frozenset({"tips"})), Pause(since=2.0, until=9.0, by="ana")
    first = await store.transact(
        lambda tx: tx.choose([SetSwitch(member="ana", switch=switch, by="ana", at=1.0)], by="ana", at=1.0)
    )
    paused = SetPause(channel="", until=9.0, by="ana", at=2.0)
    second = await store.transact(lambda tx: tx.choose([paused], by="ana", at=2.0))
    change = await store.read(lambda tx: tx.choice_change("ana"))
    assert change is not None and change.number == second
    assert [(one.kind, one.before, one.after) for one in change.changed] == [("pauses", None, pause)]
    back = replace(paused, until=None)
    assert await store.transact(lambda tx: tx.choose([back], by="ana", at=3.0, undoes=second)) is None
    change = await store.read(lambda tx: tx.choice_change("ana"))
    assert change is not None and change.number == first
    assert [(one.kind, one.before, one.after) for one in change.changed] == [("switches", None, switch)]
    undone = await store.read(lambda tx: tx.choice_change("ana", second))
    assert undone is not None and undone.changed == (), "it is known that it was undone"


async def test_being_here_is_put_back_and_forgotten_when_it_is_over(store: Store) -> None:
    here = SetHere(member="ana", here=SaidHere(since=1.0, until=5.0), by="ana", at=1.0)
    number = await store.transact(lambda tx: tx.choose([here], by="ana", at=1.0))
    assert await store.read(lambda tx: tx.latest()) == 1.0, "a town with a clock of its own goes on from then"
    change = await store.read(lambda tx: tx.choice_change("ana", number))
    assert change is not None and put_back(change.changed[0], "ana", 2.0) == (replace(here, here=None, at=2.0),)
    await store.transact(lambda tx: tx.prune(100.0, keep=1.0, window=5))
    assert (await store.read(lambda tx: tx.choices())).here == {}


async def test_the_last_choice_counts_and_none_reverts(store: Store) -> None:
    await chosen(store, SetDm(member="ana", on=True, by="ana", at=1.0), SetDm(member="ana", on=False, by="ana", at=2.0))
    assert (await store.read(lambda tx: tx.choices())).dm == {"ana": False}
    await chosen(
        store,
        SetSwitch(member="ana", switch=SWITCH, by="ana", at=2.0),
        SetPause(channel=EVERYWHERE, until=8.0, by="mia", at=2.5),
        SetPause(channel=EVERYWHERE, until=9.0, by="mia", at=2.6),
    )
    assert (await store.read(lambda tx: tx.choices())).pauses == {EVERYWHERE: Pause(since=2.6, until=9.0, by="mia")}
    reverted = await chosen(
        store,
        SetSwitch(member="ana", switch=None, by="ana", at=3.0),
        SetPause(channel=EVERYWHERE, until=None, by="mia", at=3.0),
        SetPause(channel="slack:T1:C9", until=None, by="mia", at=3.0),
        SetDm(member="ana", on=None, by="ana", at=3.0),
        SetHours(member="ana", hours=None, by="ana", at=3.0),
        SetWatch(channel="slack:T1:C1", watch=None, by="mia", at=3.0),
    )
    assert reverted == Choices()


async def test_coming_back_keeps_what_has_passed_and_drops_what_was_planned(store: Store) -> None:
    spans = (
        SetAway(member="ana", since=10.0, until=50.0, by="ana", at=9.0),
        SetAway(member="ana", since=70.0, until=90.0, by="ana", at=9.0),
    )
    found = await chosen(store, *spans, EndAway(member="ana", since=10.0, at=20.0), EndAway(member="ana", since=70.0, at=20.0))
    assert found.away == {"ana": ((10.0, 20.0),)}
    later = await chosen(store, EndAway(member="ana", since=10.0, at=40.0), EndAway(member="ben", since=1.0, at=2.0))
    assert later.away == {"ana": ((10.0, 20.0),)}, "what is over can't get longer"


async def test_pauses_that_are_long_over_are_forgotten(store: Store) -> None:
    await chosen(
        store,
        SetPause(channel=EVERYWHERE, until=50.0, by="mia", at=1.0),
        SetPause(channel="slack:T1:C1", until=150.0, by="mia", at=1.0),
        SetSwitch(member="ana", switch=OwnSwitch(muted_until=2.0, budget=1), by="ana", at=1.0),
    )
    assert await store.transact(lambda tx: tx.prune(200.0, keep=120.0, window=5)) == 1
    found = await store.read(lambda tx: tx.choices())
    assert set(found.pauses) == {"slack:T1:C1"} and set(found.switches) == {"ana"}


async def test_an_impossible_span_is_refused_whole(store: Store) -> None:
    writes = (SetDm(member="ana", on=True, by="ana", at=1.0), SetAway(member="ana", since=5.0, until=5.0, by="ana", at=1.0))
    with pytest.raises(StorageError):
        await chosen(store, *writes)
    assert await store.read(lambda tx: tx.choices()) == Choices()


async def test_a_wait_keeps_its_short_name(open_store: Opener) -> None:
    store = await open_store()
    await store.transact(lambda tx: tx.save([SaveWait(wait=wait(1)), SaveWait(wait=full_wait())]))
    handles = await store.read(lambda tx: (tx.handle(wait(1).id), tx.handle(full_wait().id)))
    assert handles == ("w1", "w2")
    await store.transact(lambda tx: tx.save([SaveWait(wait=wait(1, state=WaitState.DISMISSED, ended_at=9.0))]))
    await store.close()
    again = await open_store()
    assert await again.read(lambda tx: tx.wait_by_handle("w2")) == full_wait()
    ended = await again.read(lambda tx: tx.wait_by_handle("w1"))
    assert ended is not None and ended.state is WaitState.DISMISSED
    with pytest.raises(StorageError, match="never saved"):
        await again.read(lambda tx: tx.handle("nowhere"))


@pytest.mark.parametrize("handle", ["w3", "w", "", "x1", "w-1", "w1.0", "w١", "w1 ", "w" + "9" * 18, "w" + "9" * 30])
async def test_no_wait_has_another_name(store: Store, handle: str) -> None:
    await store.transact(lambda tx: tx.save([SaveWait(wait=wait(1))]))
    assert await store.read(lambda tx: tx.wait_by_handle(handle)) is None


async def test_open_waits_of_all_channels(store: Store) -> None:
    other = wait(2, channel="slack:T1:C2")
    await store.transact(lambda tx: tx.save([SaveWait(wait=one) for one in (wait(3), other, wait(1), full_wait())]))
    assert await store.read(lambda tx: tx.open_waits(9)) == (wait(1), other, wait(3))
    assert await store.read(lambda tx: tx.open_waits(2)) == (other, wait(3)), "the latest, oldest first"
    assert await store.read(lambda tx: list(tx.opened_since(3.0))) == [wait(3), full_wait()]


PLAN = DutyPlan(
    said=SaidOnDuty(members=("ana", "ben"), since=5.0, until=None),
    rotation=Rotation(members=("ben", "mia"), weekdays=(1, 4), minute=555, zone="Europe/Berlin", since=7.5),
)


async def test_who_is_on_duty_is_kept_and_undone(store: Store) -> None:
    assert (await chosen(store, SetDuty(plan=PLAN, by="mia", at=1.0))).duty_plan == PLAN
    said = SetDuty(plan=DutyPlan(said=SaidOnDuty(members=("mia",), since=8.0, until=9.5)), by="mia", at=2.0)
    number = await store.transact(lambda tx: tx.choose([said], by="mia", at=2.0))
    change = await store.read(lambda tx: tx.choice_change("mia", number))
    assert change is not None and [(one.kind, one.before, one.after) for one in change.changed] == [("duty", PLAN, said.plan)]
    back = put_back(change.changed[0], "mia", 3.0)
    assert (await chosen(store, *back)).duty_plan == PLAN
    assert (await chosen(store, SetDuty(plan=None, by="mia", at=4.0))).duty_plan == NO_PLAN


async def test_a_trial_is_kept_also_when_it_is_over_and_its_end_is_undone(store: Store) -> None:
    trial = DelayTrial(since=1.0, until=90.0, by="mia")
    begun = await chosen(store, SetTrial(trial=trial, by="mia", at=1.0))
    assert begun.trial == trial and begun.running_trial(1.0) == trial and begun.running_trial(90.0) is None
    over = SetTrial(trial=replace(trial, until=5.0), by="mia", at=5.0)
    number = await store.transact(lambda tx: tx.choose([over], by="mia", at=5.0))
    await store.transact(lambda tx: tx.prune(50.0, keep=60.0, window=5))
    found = await store.read(lambda tx: tx.choices())
    assert found.trial == over.trial, "what came of it can still be told"
    change = await store.read(lambda tx: tx.choice_change("mia", number))
    assert change is not None and not is_undone(change.changed[0], found, 6.0) and stands(change.changed[0], found, 6.0)
    assert (await chosen(store, *put_back(change.changed[0], "ben", 6.0))).trial == trial


async def test_a_wait_enters_a_trial_once(store: Store) -> None:
    await store.transact(lambda tx: tx.save([SaveWait(wait=wait(1)), SaveWait(wait=wait(2))]))
    first = TrialEntry(wait=wait(1).id, at=3.0, delayed=True)
    second = TrialEntry(wait=wait(2).id, at=2.0, delayed=False)
    for entry in (first, second, replace(first, at=9.0, delayed=False), replace(first, wait="unknown")):
        await store.transact(lambda tx, entry=entry: tx.enter_trial(entry))  # type: ignore[misc]
    assert await store.read(lambda tx: (tx.trial_entry(first.wait), tx.trial_entry("unknown"))) == (first, None)
    assert await store.read(lambda tx: tx.trial_entries(0.0)) == (second, first)
    assert await store.read(lambda tx: tx.trial_entries(2.5)) == (first,)
    keys = [await store.transact(lambda tx, name=name: tx.key_of(name)) for name in ("trial", "other", "trial")]  # type: ignore[misc]
    assert keys[0] == keys[2] != keys[1]


async def test_what_a_calendar_says_replaces_what_it_said(store: Store) -> None:
    ana, ben = MemberSpan(member="ana", since=1.0, until=2.5), MemberSpan(member="ben", since=0.5, until=2.0)
    first = CalendarSpans(duty=(ben, ana), away=(ben,))
    await store.transact(lambda tx: tx.put_calendar(first))
    assert await store.read(lambda tx: tx.calendar()) == first
    await store.transact(lambda tx: tx.put_calendar(CalendarSpans(away=(ana,))))
    assert await store.read(lambda tx: tx.calendar()) == CalendarSpans(away=(ana,))
