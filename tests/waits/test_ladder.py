"""Which reminder comes when, to whom, and what keeps it back."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import ALWAYS, Hours, WorkingSpan, weekly
from bot.domain.notifications import Asking, Unavailable
from bot.domain.people import Team
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.rules import ChannelRules, Step
from bot.domain.waits import Hold, HoldKind, Reply, ReplyKind, Target, Wait, WaitState
from bot.domain.writes import DropReminder, SaveWait, SetReminder
from bot.waits import ladder, loops
from bot.waits.availability import ROUND_THE_CLOCK, AskingFacts, QuietRules
from bot.waits.ladder import Later, Moot, Send
from tests.waits.world import DAY, HOUR, LADDER, NINE, World

RULES = ChannelRules(steps=LADDER)
TEAM = Team(members=frozenset({"ana", "ben", "mia"}), leads=("mia",), duty=("ben",))
BERLIN = Hours(zone=ZoneInfo("Europe/Berlin"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))


def a_wait(**changes: object) -> Wait:
    wait = Wait(
        id="c/1", channel="c", customer="dana", thread=None, messages=("1",), opened_at=NINE, last_message_at=NINE,
        ladder_start=NINE, owner="ana", owner_reason="named",
    )  # fmt: skip
    return replace(wait, **changes)  # type: ignore[arg-type]


def told(**times: int) -> AskingFacts:
    """What is stored where these members had so many messages today, an hour apart, the last one an hour ago."""

    def notified(member: str, since: float) -> list[float]:
        found = [NINE - (place + 1) * HOUR for place in range(times.get(member, 0))]
        return [at for at in found if at >= since]

    return AskingFacts(notified=notified)


def review(wait: Wait, quiet: QuietRules = ROUND_THE_CLOCK, *, step: int = 0, now: float = NINE, sent: int = 0) -> object:
    return ladder.review(wait, RULES, TEAM, quiet, step=step, now=now, facts=told(**dict.fromkeys(TEAM.members, sent)))


def test_each_rung_is_counted_from_the_opening() -> None:
    for step, rung in enumerate(LADDER):
        (write,) = ladder.schedule(a_wait(), RULES, step=step, now=NINE)
        assert isinstance(write, SetReminder) and write.due_at == NINE + rung.after and write.to == rung.to


def test_after_the_last_rung_nothing_is_pending() -> None:
    assert ladder.schedule(a_wait(), RULES, step=3, now=NINE) == [DropReminder(wait="c/1")]


def test_a_rung_is_never_due_in_the_past_or_before_the_hold_runs_out() -> None:
    (write,) = ladder.schedule(a_wait(), RULES, step=0, now=NINE + HOUR)
    assert isinstance(write, SetReminder) and write.due_at == NINE + HOUR
    held = a_wait(hold=Hold(kind=HoldKind.CLAIM, since=NINE, until=NINE + DAY, by="ana"))
    (write,) = ladder.schedule(held, RULES, step=0, now=NINE)
    assert isinstance(write, SetReminder) and write.due_at == NINE + DAY


def test_a_rung_that_left_late_keeps_the_next_one_at_its_distance() -> None:
    (write,) = ladder.schedule(a_wait(), RULES, step=1, now=NINE + 15 * HOUR, below_left=True)
    assert isinstance(write, SetReminder) and write.due_at == NINE + 15 * HOUR + 110 * 60
    (on_time,) = ladder.schedule(a_wait(), RULES, step=1, now=NINE + 600, below_left=True)
    assert isinstance(on_time, SetReminder) and on_time.due_at == NINE + 2 * HOUR
    (skipped,) = ladder.schedule(a_wait(), RULES, step=1, now=NINE + 15 * HOUR)
    assert isinstance(skipped, SetReminder) and skipped.due_at == NINE + 15 * HOUR


def test_on_a_short_ladder_rungs_keep_their_distance_too() -> None:
    rules = ChannelRules(steps=(Step(after=60, to="owner"), Step(after=180, to="duty")))
    (late,) = ladder.schedule(a_wait(), rules, step=1, now=NINE + 300, below_left=True)
    assert isinstance(late, SetReminder) and late.due_at == NINE + 420, "not a second one in the same moment"
    (on_time,) = ladder.schedule(a_wait(), rules, step=1, now=NINE + 65, below_left=True)
    assert isinstance(on_time, SetReminder) and on_time.due_at == NINE + 180


def due(verdict: object) -> float:
    assert isinstance(verdict, Later)
    return verdict.at


def test_an_unsure_wait_asks_once_and_doesnt_escalate() -> None:
    unsure = a_wait(probability=0.6)
    assert isinstance(ladder.schedule(unsure, RULES, step=0, now=NINE)[0], SetReminder)
    assert ladder.schedule(unsure, RULES, step=1, now=NINE) == [DropReminder(wait="c/1")]


def test_a_redirected_wait_climbs_on_like_a_broken_promise() -> None:
    redirect = Reply(message="2", by="ana", at=NINE, kind=ReplyKind.REDIRECT)
    for step in range(len(LADDER)):
        (write,) = ladder.schedule(a_wait(replies=(redirect,)), RULES, step=step, now=NINE)
        assert isinstance(write, SetReminder) and write.step == step


def test_a_wait_that_is_over_needs_no_reminder() -> None:
    verdict = review(a_wait(state=WaitState.ANSWERED))
    assert verdict == Moot(reason=Reason(code=ReasonCode.ENDED, about=("answered",)))


def test_a_held_wait_is_looked_at_again_when_the_hold_runs_out() -> None:
    held = a_wait(hold=Hold(kind=HoldKind.PROMISE, since=NINE, until=NINE + HOUR, by="ana"))
    assert review(held) == Later(at=NINE + HOUR)
    assert review(held, now=NINE + HOUR) == Send(to=("ana",))


@pytest.mark.parametrize(
    ("team", "owner", "step", "to"),
    [
        (TEAM, "ana", 0, ("ana",)),
        (TEAM, None, 0, ("ben",)),
        (TEAM, "ana", 1, ("ben",)),
        (TEAM, "ana", 2, ("mia",)),
        (Team(members=TEAM.members, leads=("mia",)), None, 1, ("mia",)),
        (Team(members=TEAM.members), None, 0, ()),
        (Team(members=TEAM.members), None, 2, ()),
    ],
)
def test_where_nobody_fits_the_next_wider_circle_is_asked(team: Team, owner: str | None, step: int, to: tuple[str, ...]) -> None:
    wait = a_wait(owner=owner)
    assert ladder.recipients(wait, RULES, team, step=step) == to


def test_who_said_not_me_isnt_asked_as_duty_or_lead_either() -> None:
    wait = a_wait(owner=None, not_me=("ben",))
    assert ladder.recipients(wait, RULES, TEAM, step=1) == ("mia",)


def test_a_reminder_is_held_until_the_persons_hours() -> None:
    quiet = QuietRules(hours_of=lambda _: BERLIN)
    sunday = NINE - DAY
    assert due(review(a_wait(opened_at=sunday), quiet, now=sunday)) == NINE - HOUR  # 09:00 in Berlin is 08:00 UTC
    assert review(a_wait(), quiet, now=NINE) == Send(to=("ana",))


@pytest.mark.parametrize(
    ("hours", "why"),
    [
        (replace(BERLIN, zone=ZoneInfo("Asia/Tokyo")), Unavailable.OFF_HOURS),
        (replace(BERLIN, away=((NINE - DAY, NINE + 7 * DAY),)), Unavailable.AWAY),
    ],
)
def test_for_an_owner_who_comes_another_day_a_colleague_is_asked_in_the_same_rung(hours: Hours, why: Unavailable) -> None:
    quiet = QuietRules(hours_of=lambda member: hours if member == "ana" else BERLIN)
    verdict = review(a_wait(), quiet)
    assert isinstance(verdict, Send) and verdict.to == ("ben",)
    ((passed),) = verdict.asking.passed
    assert (passed.member, passed.why) == ("ana", why) and passed.until is not None


@pytest.mark.parametrize(("minutes", "waited_for"), [(10, True), (11, False)])
def test_an_owner_who_is_back_in_a_moment_is_waited_for(minutes: float, waited_for: bool) -> None:
    lunch = replace(BERLIN, away=((NINE - 600, NINE + minutes * 60),))
    quiet = QuietRules(hours_of=lambda member: lunch if member == "ana" else BERLIN)
    verdict = review(a_wait(), quiet)
    assert (
        verdict.at == NINE + minutes * 60 if isinstance(verdict, Later) else verdict == Send(to=("ben",), asking=verdict.asking)
    )
    assert isinstance(verdict, Later) == waited_for


def test_overnight_the_one_who_knows_the_customer_is_asked_in_the_morning() -> None:
    evening = NINE + 11 * HOUR
    wait = a_wait(opened_at=evening, ladder_start=evening)
    assert due(review(wait, QuietRules(hours_of=lambda _: BERLIN), now=evening + 600)) == NINE + 23 * HOUR
    for minutes, at in ((10, NINE + 23 * HOUR + 600), (60, NINE + 23 * HOUR)):
        late_riser = replace(BERLIN, week=weekly(range(5), [WorkingSpan(opens=9 * 60 + minutes, closes=17 * 60)]))
        quiet = QuietRules(hours_of=lambda member, theirs=late_riser: theirs if member == "ana" else BERLIN)  # type: ignore[misc]
        assert due(review(wait, quiet, now=evening + 600)) == at, "a little later than the others, or the others are asked"


def test_nobody_ever_at_work_is_said_not_tried_for_ever() -> None:
    never = Hours(zone=ZoneInfo("UTC"), week=((),) * 7)
    verdict = review(a_wait(), QuietRules(hours_of=lambda _: never))
    assert isinstance(verdict, Moot)


def test_the_budgets_day_starts_at_the_persons_midnight() -> None:
    asked: list[float] = []

    def notified(person: str, since: float) -> list[float]:
        asked.append(since)
        return []

    quiet = QuietRules(hours_of=lambda _: BERLIN, budget=3)
    ladder.review(a_wait(), RULES, TEAM, quiet, step=0, now=NINE, facts=AskingFacts(notified=notified))
    assert asked[0] == NINE - 10 * HOUR  # it is 10:00 in Berlin


def test_a_restart_makes_the_first_rung_due_at_once() -> None:
    wait = a_wait(ladder_start=ladder.restart(a_wait(), RULES, NINE + DAY))
    (write,) = ladder.schedule(wait, RULES, now=NINE)
    assert isinstance(write, SetReminder) and write.due_at == NINE + DAY
    assert ladder.restart(a_wait(), ChannelRules(steps=()), NINE) == NINE


def perhaps(by: str = "ben", asked: tuple[str, ...] = ()) -> Reply:
    return Reply(message="2", by=by, at=NINE, kind=ReplyKind.PERSONAL, probability=0.3, asked=asked)


def by_hours(**hours: Hours) -> QuietRules:
    return QuietRules(hours_of=lambda member: hours.get(member, ALWAYS), budget=3)


LATE_SHIFT = Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [WorkingSpan(opens=12 * 60, closes=20 * 60)]))
EVENING = Hours(zone=ZoneInfo("UTC"), week=weekly(range(7), [WorkingSpan(opens=18 * 60, closes=20 * 60)]))


def test_who_wrote_what_may_be_the_answer_is_asked_once_instead_of_the_owner() -> None:
    assert review(a_wait(possible_answer=perhaps())) == Send(to=("ben",))
    assert review(a_wait(possible_answer=perhaps(asked=("ben",)))) == Send(to=("ana",))
    assert review(a_wait(possible_answer=perhaps(asked=("ana",)))) == Send(to=("ben",)), "each writer once"


@pytest.mark.parametrize(
    ("wait", "quiet", "sent"),
    [
        (a_wait(possible_answer=perhaps()), by_hours(ben=LATE_SHIFT), 0),  # asleep, while the owner is at work
        (a_wait(possible_answer=perhaps()), QuietRules(hours_of=lambda _: ALWAYS, budget=3), 3),
        (a_wait(possible_answer=perhaps("zoe")), ROUND_THE_CLOCK, 0),  # has left the team
        (a_wait(possible_answer=perhaps(), not_me=("ben",)), ROUND_THE_CLOCK, 0),
    ],
)
def test_for_a_writer_who_cant_be_asked_nobody_waits(wait: Wait, quiet: QuietRules, sent: int) -> None:
    assert ladder.review(wait, RULES, TEAM, quiet, step=0, now=NINE, facts=told(ben=sent)) == Send(to=("ana",))


def test_where_the_others_come_no_sooner_the_writers_hours_count() -> None:
    wait = a_wait(possible_answer=perhaps())
    quiet = by_hours(ben=LATE_SHIFT, ana=EVENING, mia=EVENING)
    assert review(wait, quiet) == Later(at=NINE + 3 * HOUR)
    assert review(wait, quiet, now=NINE + 3 * HOUR) == Send(to=("ben",))


def test_after_the_question_the_ladder_goes_on() -> None:
    sure, unsure = a_wait(possible_answer=perhaps()), a_wait(possible_answer=perhaps(), probability=0.6)

    def after(wait: Wait, step: int, *, asked: bool = True) -> list[tuple[int, float]]:
        writes = ladder.following(wait, RULES, step=step, now=NINE + 600, left=True, asked=asked)
        return [(write.step, write.due_at - NINE) for write in writes if isinstance(write, SetReminder)]

    assert after(sure, 0) == [(1, 2 * HOUR)] == after(sure, 0, asked=False)
    assert after(sure, 2) == [(2, 600 + DAY - 2 * HOUR)], "the last rung was the question: it comes once more"
    assert after(unsure, 0) == [(0, 1200)] and after(unsure, 0, asked=False) == []
    assert after(replace(sure, state=WaitState.ANSWERED), 2) == []


def test_a_customer_whose_next_words_leave_no_doubt_isnt_forgotten_after_the_one_question() -> None:
    world = World()
    world.dana.says("where is my boat?")
    doubtful = replace(world.wait, probability=0.6)
    world.state.apply([SaveWait(wait=doubtful)])
    world.reminders.clear()  # the one question has left
    world.later(25 * 60)
    world.dana.says("can somebody please tell me where it is?")
    assert world.wait.messages != doubtful.messages and world.due(world.wait) == LADDER[0].after

    early = World()
    early.dana.says("where is my boat?")
    early.state.apply([SaveWait(wait=replace(early.wait, probability=0.6))])
    early.later(60)
    early.dana.says("can somebody please tell me where it is?")
    assert early.due(early.wait) == LADDER[0].after - 60, "the question hasn't left: it comes at its own time"


PROMISED = NINE + 8 * HOUR


def promised(until: float = PROMISED, **changes: object) -> Wait:
    hold = Hold(kind=HoldKind.PROMISE, since=NINE, until=until, by="ana")
    return a_wait(hold=hold, ladder_start=ladder.restart(a_wait(), RULES, until), **changes)


def before_promise(
    wait: Wait, now: float, *, notice: float = HOUR, quiet: QuietRules = ROUND_THE_CLOCK, facts: AskingFacts | None = None
) -> object:
    rules = replace(RULES, promise_notice=notice)
    return ladder.review(wait, rules, TEAM, quiet, step=0, now=now, facts=facts or AskingFacts())


def test_a_target_moves_the_whole_ladder_and_a_newcomers_only_forward() -> None:
    def dues(target: Target) -> list[float]:
        wait = a_wait(target=target)
        found = [ladder.schedule(wait, RULES, step=step, now=NINE)[0] for step in range(3)]
        return [write.due_at - NINE for write in found if isinstance(write, SetReminder)]

    usual = [rung.after for rung in LADDER]
    assert dues(Target(first=usual[0] / 2, whose="customer")) == [after / 2 for after in usual]
    assert dues(Target(first=usual[0] * 2, whose="customer")) == [after * 2 for after in usual]
    assert dues(Target(first=usual[0] / 2, whose="newcomer")) == [after / 2 for after in usual]
    assert dues(Target(first=usual[0] * 2, whose="newcomer")) == usual


def test_who_promised_is_told_an_hour_of_their_working_time_before() -> None:
    assert before_promise(promised(), NINE) == Later(at=PROMISED - HOUR)
    sent = before_promise(promised(), PROMISED - HOUR)
    assert isinstance(sent, Send) and sent.to == ("ana",) and sent.asking.promised == PROMISED
    office = QuietRules(hours_of=lambda _: BERLIN)
    next_monday = NINE + 7 * DAY - HOUR / 2  # half an hour after its day begins
    assert before_promise(promised(next_monday), NINE, quiet=office) == Later(at=NINE + 4 * DAY + 6.5 * HOUR), "Friday 16:30"
    next_morning = NINE + DAY - HOUR  # no time was said: it lasts until the day opens
    assert before_promise(promised(next_morning), NINE, quiet=office) == Later(at=next_morning)


@pytest.mark.parametrize("notice", [0.0, 8 * HOUR, 9 * HOUR])
def test_no_word_where_none_is_wanted_or_the_promise_was_made_just_then(notice: float) -> None:
    assert before_promise(promised(), PROMISED - HOUR / 2, notice=notice) == Later(at=PROMISED)


def test_a_promise_is_told_of_once_and_not_where_who_made_it_cannot_be() -> None:
    told_before = AskingFacts(told_of_promises=lambda: frozenset({PROMISED}))
    assert before_promise(promised(), PROMISED - HOUR / 2, facts=told_before) == Later(at=PROMISED)
    full = QuietRules(hours_of=lambda _: ALWAYS, budget=1)
    busy = AskingFacts(notified=lambda _member, since: [at for at in (PROMISED - 2 * HOUR,) if at >= since])
    assert before_promise(promised(), PROMISED - HOUR / 2, quiet=full, facts=busy) == Later(at=PROMISED)
    assert before_promise(promised(not_me=("ana",)), PROMISED - HOUR / 2) == Later(at=PROMISED)


def test_after_a_word_before_a_promise_the_same_rung_comes_when_it_is_due() -> None:
    asking = Asking(promised=PROMISED)
    (write,) = ladder.following(promised(), RULES, step=0, now=PROMISED - HOUR, left=True, asking=asking)
    assert write == SetReminder(wait="c/1", step=0, to="owner", due_at=PROMISED)


def pointed_elsewhere(**changes: object) -> Wait:
    hold = Hold(kind=HoldKind.REDIRECT, since=NINE, until=NINE + DAY, by="ana")
    return a_wait(hold=hold, ladder_start=ladder.restart(a_wait(), RULES, hold.until), **changes)


def about_loop(
    now: float, *, close_loop: bool = True, quiet: QuietRules | None = None, facts: AskingFacts | None = None
) -> object:
    rules = replace(RULES, close_loop=close_loop)
    quiet = QuietRules(hours_of=lambda _: ALWAYS, direct=lambda member: member == "ana") if quiet is None else quiet
    return ladder.review(pointed_elsewhere(), rules, TEAM, quiet, step=0, now=now, facts=facts or AskingFacts())


def test_who_pointed_elsewhere_is_asked_once_after_a_moment_where_they_take_direct_messages() -> None:
    after = NINE + loops.ASKED_AFTER
    assert about_loop(NINE) == Later(at=after)
    sent = about_loop(after)
    assert isinstance(sent, Send) and sent.to == ("ana",) and sent.asking == Asking(promised=NINE + DAY, loop=True)
    held = Later(at=NINE + DAY)
    assert about_loop(after, close_loop=False) == held
    assert about_loop(after, quiet=ROUND_THE_CLOCK) == held, "their list asks"
    assert about_loop(after, facts=AskingFacts(asked_of_loops=lambda: frozenset({NINE + DAY}))) == held
    night = QuietRules(hours_of=lambda _: BERLIN, direct=lambda _: True)
    assert about_loop(NINE + 10 * HOUR, quiet=night) == Later(at=NINE + DAY - HOUR), "when their day begins"


def test_after_the_question_the_first_rung_comes_when_the_hold_has_run_out() -> None:
    asking = Asking(promised=NINE + DAY, loop=True)
    (write,) = ladder.following(pointed_elsewhere(), RULES, step=0, now=NINE + HOUR, left=True, asking=asking)
    assert isinstance(write, SetReminder) and (write.step, write.due_at) == (0, NINE + DAY)
