"""Who is asked where those whom a rung is for can't be, and in which order colleagues are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.domain.hours import ALWAYS, Hours, WorkingSpan, weekly
from bot.domain.notifications import Asking, Unavailable, counted
from bot.domain.people import Accounts, Team
from bot.domain.preferences import ORDINARY, OwnSwitch
from bot.domain.reasons import ReasonCode
from bot.domain.rules import ChannelRules, Step
from bot.domain.waits import HoldKind, Insistence, Target, Wait
from bot.domain.writes import SetReminder
from bot.waits import ladder
from bot.waits.availability import AskingFacts, Availability, QuietRules
from bot.waits.ladder import Later, Send, Skip, Verdict
from tests.waits.world import DAY, HOUR, LADDER, MINUTE, NINE

RULES = ChannelRules(steps=LADDER)
TEAM = Team(members=frozenset({"ana", "ben", "mia", "theo"}), leads=("mia",), duty=("ben",))
WAIT = Wait(
    id="local:h:help/1", channel="local:h:help", customer="dana", thread=None, messages=("1",), opened_at=NINE,
    last_message_at=NINE, ladder_start=NINE, owner="ana", owner_reason="named",
)  # fmt: skip
GONE = Hours(zone=ZoneInfo("UTC"), week=ALWAYS.week, away=((NINE - DAY, NINE + 9 * DAY),))


def told(**minutes_ago: list[float]) -> AskingFacts:
    """Members were told something so many minutes before NINE, each time."""

    def notified(member: str, since: float) -> list[float]:
        return [at for ago in minutes_ago.get(member, ()) if (at := NINE - ago * MINUTE) >= since]

    return AskingFacts(notified=notified)


def review(
    facts: AskingFacts | None = None,
    *,
    wait: Wait = WAIT,
    step: int = 0,
    now: float = NINE,
    away: tuple[str, ...] = (),
    team: Team = TEAM,
    budget: int | None = 3,
    switches: Mapping[str, OwnSwitch] | None = None,
    paused: float | None = None,
    rules: ChannelRules = RULES,
    patience: float = 15 * MINUTE,
) -> Verdict:
    quiet = QuietRules(
        hours_of=lambda member: GONE if member in away else ALWAYS,
        budget=budget,
        switch_of=lambda member: (switches or {}).get(member, ORDINARY),
        paused=lambda _channel, _now: paused,
        patience=patience,
    )
    return ladder.review(wait, rules, team, quiet, step=step, now=now, facts=facts or AskingFacts())


def to(verdict: Verdict) -> tuple[str, ...]:
    assert isinstance(verdict, Send), verdict
    return verdict.to


def test_what_is_within_ten_minutes_is_one_notification_but_a_chain_of_them_isnt() -> None:
    assert counted([]) == 0 and counted([0.0, 61.0, 599.0]) == 1 and counted([0.0, 600.0]) == 2
    assert counted([540.0 * n for n in range(10)]) == 5, "nine minutes apart each: every other one begins anew"


def test_colleagues_are_asked_by_acquaintance_then_duty_then_whom_the_day_left_alone() -> None:
    known = {("local:h:help", "theo"): (1.0, NINE - DAY)}
    assert to(review(replace(told(), known=lambda: known), away=("ana",))) == ("theo",)
    assert to(review(away=("ana",))) == ("ben",), "on duty"
    assert to(review(told(mia=[120]), away=("ana", "ben"))) == ("theo",), "nothing came to Theo today"
    assert to(review(told(theo=[120]), away=("ana", "ben"))) == ("mia",), "leads, too"
    assert to(review(away=("ana", "ben"))) == ("theo",), "a lead after another who is as idle"


def test_who_was_asked_of_this_wait_before_comes_last_and_who_said_not_me_never() -> None:
    assert to(review(replace(told(), asked=lambda: frozenset({"ben"})), away=("ana",))) == ("theo",)
    assert to(review(wait=replace(WAIT, not_me=("ben",)), away=("ana",))) == ("theo",)


def test_a_colleague_who_isnt_on_the_customers_platform_comes_after_all_who_are() -> None:
    accounts = Accounts({"ben": {"bay": "ben"}, "theo": {"local": "theo", "bay": "t"}, "mia": {"bay": "mia"}})
    assert to(review(away=("ana",), team=replace(TEAM, accounts=accounts))) == ("theo",)


@pytest.mark.parametrize(
    ("switch", "why"),
    [
        (OwnSwitch(budget=0), Unavailable.LIST_ONLY),
        (OwnSwitch(wanted=frozenset({"digests", "tips"})), Unavailable.UNWANTED),
        (OwnSwitch(muted_until=NINE + 5 * HOUR), Unavailable.MUTED),
        (OwnSwitch(budget=1), Unavailable.FULL),
    ],
)
def test_what_a_member_chose_is_kept_and_a_colleague_asked(switch: OwnSwitch, why: Unavailable) -> None:
    verdict = review(told(ana=[120]), switches={"ana": switch})
    assert isinstance(verdict, Send) and verdict.to == ("ben",)
    (passed,) = verdict.asking.passed
    assert (passed.member, passed.why) == ("ana", why)


def test_ones_own_budget_may_be_larger_than_the_teams() -> None:
    assert to(review(told(ana=[60, 120, 180]))) == ("ben",)
    assert to(review(told(ana=[60, 120, 180]), switches={"ana": OwnSwitch(budget=4)})) == ("ana",)


def muted(minutes: float) -> OwnSwitch:
    return OwnSwitch(muted_until=NINE + minutes * MINUTE)


def later(verdict: Verdict) -> float:
    assert isinstance(verdict, Later), verdict
    return (verdict.at - NINE) / MINUTE


@pytest.mark.parametrize(("step", "whose", "minutes"), [(0, "ana", 10), (1, "ben", 15), (2, "mia", 180)])
def test_a_short_mute_is_waited_for_and_no_longer_one(step: int, whose: str, minutes: float) -> None:
    assert later(review(step=step, switches={whose: muted(minutes)})) == minutes
    found = review(step=step, switches={whose: muted(minutes + 1)})
    assert isinstance(found, Send) and whose not in found.to and found.to
    ((passed),) = found.asking.passed
    assert (passed.member, passed.why, passed.until) == (whose, Unavailable.MUTED, NINE + (minutes + 1) * MINUTE)


def test_how_long_somebody_is_waited_for_counts_from_when_the_rung_first_waited() -> None:
    first = review(switches={"ana": muted(10)})
    assert isinstance(first, Later) and first.asking.since == NINE
    after = NINE + 9 * MINUTE
    found = review(AskingFacts(since=NINE), now=after, switches={"ana": muted(10)})
    assert isinstance(found, Later) and found.asking.since == NINE
    assert to(review(AskingFacts(since=NINE), now=after, switches={"ana": muted(11)})) == ("ben",)
    others = dict.fromkeys(("ben", "mia", "theo"), OwnSwitch(budget=0))
    assert later(review(AskingFacts(since=NINE), now=after, switches=others | {"ana": muted(109)})) == 109
    verdict = review(AskingFacts(since=NINE), now=after, switches=others | {"ana": muted(111)})
    assert isinstance(verdict, Send) and verdict.to == () and verdict.asking.lead == "mia", "nor where nobody else is"


def test_how_long_somebody_is_waited_for_is_the_settings_to_say() -> None:
    slow = replace(RULES, steps=tuple(replace(step, after=step.after * 10) for step in RULES.steps))
    assert later(review(rules=slow, patience=40 * MINUTE, switches={"ana": muted(40)})) == 40
    assert to(review(rules=slow, patience=40 * MINUTE, switches={"ana": muted(41)})) == ("ben",)
    for step in (0, 2):
        assert isinstance(review(step=step, patience=0.0, switches={"ana": muted(1), "mia": muted(1)}), Send), (
            "a colleague at once"
        )


def test_a_customer_in_a_hurry_isnt_kept_waiting_for_a_mute() -> None:
    again = replace(WAIT, insisted=Insistence(kind=HoldKind.CLAIM, by="ana", at=NINE))
    for urgent in (again, replace(WAIT, evidence=("urgent",)), replace(WAIT, evidence=("question mark", ladder.SAYS_URGENT))):
        assert later(review(wait=urgent, switches={"ana": muted(5)})) == 5
        assert to(review(wait=urgent, switches={"ana": muted(6)})) == ("ben",)
        assert to(review(wait=urgent, step=2, switches={"mia": muted(6)})) == ("ben",), "nor for a lead"
    soon = replace(WAIT, target=Target(first=2 * MINUTE, whose="customer"))
    assert later(review(wait=soon, switches={"ana": muted(2)})) == 2
    assert to(review(wait=soon, switches={"ana": muted(3)})) == ("ben",), "no longer than its first step takes"


def test_where_nobody_else_can_be_asked_whom_it_is_for_is_waited_for_until_the_next_rung() -> None:
    others = dict.fromkeys(("ben", "mia", "theo"), OwnSwitch(budget=0))
    assert later(review(switches=others | {"ana": muted(80)})) == 80
    verdict = review(switches=others | {"ana": muted(111)})
    assert isinstance(verdict, Send) and verdict.to == () and verdict.asking.lead == "mia"


def test_the_lead_who_is_named_has_an_account_where_the_customer_waits() -> None:
    nobody = dict.fromkeys(TEAM.members, OwnSwitch(budget=0))
    accounts = Accounts({"mia": {"bay": "mia"}, "theo": {"local": "theo"}})
    verdict = review(switches=nobody, team=replace(TEAM, leads=("mia", "theo"), accounts=accounts))
    assert isinstance(verdict, Send) and (verdict.to, verdict.asking.lead) == ((), "theo")
    verdict = review(switches=nobody, team=replace(TEAM, accounts=accounts))
    assert isinstance(verdict, Send) and verdict.asking.lead == "mia", "no other lead there is"


ALL = ChannelRules(steps=(*LADDER[:2], Step(after=4 * HOUR, to="team")))


def test_a_rung_for_the_team_names_whom_it_suits_best() -> None:
    unowned = replace(WAIT, owner=None)
    verdict = review(wait=unowned, step=2, rules=ALL)
    assert verdict == Send(to=("ben",), asking=Asking(anybody=True)), "on duty"
    known = {("local:h:help", "theo"): (1.0, NINE - DAY)}
    assert to(review(replace(told(), known=lambda: known), wait=unowned, step=2, rules=ALL)) == ("theo",)
    assert to(review(step=2, rules=ALL)) == ("ana",), "whose it is, if they weren't asked"

    def before() -> AskingFacts:
        return replace(told(), asked=lambda: frozenset({"ana", "ben"}))

    assert to(review(before(), step=2, rules=ALL)) == ("theo",), "who wasn't asked comes before who was"
    assert to(review(before(), step=2, rules=ALL, away=("theo",), switches={"mia": muted(60)})) == ("ben",), "on duty"
    only = {"ana": OwnSwitch(only_mine=True), "ben": OwnSwitch(only_mine=True)}
    assert to(review(step=2, rules=ALL, switches=only)) == ("ana",), "it is theirs"
    assert to(review(wait=unowned, step=2, rules=ALL, switches=only)) == ("theo",)


def test_a_rung_for_the_team_names_a_lead_where_nobody_can_be_asked_and_waits_while_nobody_is_there() -> None:
    verdict = review(step=2, rules=ALL, switches=dict.fromkeys(TEAM.members, OwnSwitch(budget=0)))
    assert isinstance(verdict, Send) and verdict.to == () and verdict.asking.lead == "mia"
    verdict = review(step=2, rules=ALL, away=tuple(TEAM.members))
    assert isinstance(verdict, Later) and verdict.at == NINE + 9 * DAY
    lately = replace(told(), lately=lambda _: NINE + HOUR)
    assert later(review(lately, step=2, rules=ALL)) == 60, "all were asked a moment ago"
    assert review(step=2, rules=ALL, budget=None) == Send(to=()), "where nothing is counted, as in a replay"


def test_only_mine_is_asked_of_their_own_and_of_nothing_else() -> None:
    only = {"ana": OwnSwitch(only_mine=True), "ben": OwnSwitch(only_mine=True)}
    assert to(review(switches=only)) == ("ana",)
    assert to(review(switches=only, step=1)) == ("theo",), "on duty, and not asked of the team's"
    assert to(review(switches=only, away=("ana", "theo"))) == ("mia",), "nor instead of others"


def test_nobody_is_told_something_twice_within_ten_minutes() -> None:
    verdict = review(told(ana=[3]))
    assert isinstance(verdict, Later) and verdict.at == NINE + 7 * MINUTE
    assert to(review(told(ana=[10]))) == ("ana",)
    assert to(review(told(ana=[3]), budget=None)) == ("ana",), "without a budget nothing is counted or kept apart"
    two = replace(TEAM, duty=("ben", "theo"))
    assert to(review(told(ben=[3]), step=1, team=two)) == ("theo",), "one of them is enough"


def test_where_nobodys_day_has_room_the_team_is_asked_with_a_lead_named_and_not_too_often() -> None:
    def full() -> AskingFacts:
        return told(**{member: [60.0, 120.0, 180.0] for member in TEAM.members})

    verdict = review(full())
    assert isinstance(verdict, Send) and verdict.to == ()
    assert verdict.asking.lead == "mia" and verdict.asking.days_full
    assert {(one.member, one.budget) for one in verdict.asking.passed} == {(name, 3) for name in TEAM.members}
    early = review(replace(full(), team_asked_at=lambda: NINE - HOUR))
    assert isinstance(early, Later) and early.at == NINE + HOUR
    assert to(review(replace(full(), team_asked_at=lambda: NINE - 2 * HOUR))) == ()


def test_where_all_chose_to_be_left_alone_the_team_is_asked_once_a_rung() -> None:
    verdict = review(switches=dict.fromkeys(TEAM.members, OwnSwitch(budget=0)))
    assert isinstance(verdict, Send) and verdict.to == () and not verdict.asking.days_full


def test_a_team_whose_settings_allow_no_reminders_gets_none() -> None:
    verdict = review(budget=0)
    assert isinstance(verdict, Skip) and verdict.reason.code is ReasonCode.OVER_BUDGET


def test_while_nobody_is_at_work_the_first_who_comes_is_waited_for() -> None:
    verdict = review(away=tuple(TEAM.members))
    assert isinstance(verdict, Later) and verdict.at == NINE + 9 * DAY


def test_what_is_paused_stands_still_until_then() -> None:
    assert review(paused=NINE + 4 * HOUR) == Later(at=NINE + 4 * HOUR)
    assert to(review(paused=NINE)) == ("ana",)


def test_a_full_day_is_over_at_midnight_and_a_mute_may_reach_into_the_next() -> None:
    quiet = QuietRules(
        hours_of=lambda _: ALWAYS,
        budget=1,
        switch_of=lambda member: OwnSwitch(muted_until=NINE + 30 * HOUR) if member == "ben" else ORDINARY,
    )
    people = Availability(quiet=quiet, facts=told(ana=[60]), now=NINE)
    assert people.back("ana", own=True) == NINE + 15 * HOUR
    assert people.back("ben", own=True) == NINE + 30 * HOUR
    assert people.back("mia", own=True) == NINE


OFFICE = Hours(zone=ZoneInfo("UTC"), week=weekly(range(5), [WorkingSpan(opens=9 * 60, closes=17 * 60)]))
CHOICES = (
    OwnSwitch(budget=0),
    OwnSwitch(wanted=frozenset({"digests", "tips"})),
    OwnSwitch(only_mine=True),
    OwnSwitch(muted_until=NINE + 30 * DAY),
)


@pytest.mark.parametrize("switch", CHOICES)
def test_who_wants_nothing_leaves_it_to_the_team_when_hours_open_however_late_it_is(switch: OwnSwitch) -> None:
    evening, morning = NINE + 10 * HOUR, NINE + DAY

    def look(now: float, hours: Mapping[str, Hours] | None = None) -> Verdict:
        quiet = QuietRules(
            hours_of=lambda member: (hours or {}).get(member, OFFICE),
            budget=3,
            switch_of=lambda member: switch if member not in (hours or {}) else ORDINARY,
        )
        return ladder.review(replace(WAIT, owner=None), RULES, TEAM, quiet, step=0, now=now, facts=AskingFacts())

    later = look(evening)
    assert isinstance(later, Later) and later.at == morning
    asked = look(morning)
    assert isinstance(asked, Send) and asked.to == () and (asked.asking.lead, asked.asking.back) == ("mia", None)
    waits = look(evening, {"theo": replace(OFFICE, away=((NINE, NINE + 4 * DAY),))})
    assert isinstance(waits, Later) and waits.at == morning, "and not until Theo, who wants to be asked, is back on Friday"


def asked_before(**minutes: float) -> AskingFacts:
    """Members were asked of the wait so lately that they aren't asked again for so many minutes."""
    return AskingFacts(lately=lambda member: NINE + minutes[member] * MINUTE if member in minutes else None)


def test_a_rung_for_whom_was_asked_lately_gives_way_to_the_next_or_waits_and_never_ends_the_ladder() -> None:
    last = replace(WAIT, ladder_start=NINE - 2 * DAY)
    later = review(asked_before(mia=90), wait=last, step=2)
    assert isinstance(later, Later) and later.at == NINE + 90 * MINUTE, "the last rung comes when its lead may be asked"
    early = replace(WAIT, ladder_start=NINE - 20 * MINUTE)
    left_out = review(asked_before(ana=105), wait=early)
    assert isinstance(left_out, Skip) and left_out.reason.code is ReasonCode.ASKED_LATELY, "rung 1 is due by then"
    overdue = review(asked_before(ana=105), wait=last)
    assert isinstance(overdue, Later), "two rungs at once would be one too many"


def test_whom_it_is_for_knows_of_it_so_no_colleague_is_asked_instead() -> None:
    """Undone a moment after it was put off, with the owner's day full by now."""
    facts = replace(told(ana=[60, 120, 180]), lately=asked_before(ana=105).lately)
    assert not isinstance(review(facts, wait=replace(WAIT, ladder_start=NINE - 20 * MINUTE)), Send)
    assert to(review(asked_before(ana=105), away=("ana",))) == ("ben",), "who went away doesn't see to it"
    assert to(review(asked_before(ben=105), away=("ana",))) == ("theo",), "nor who is asked already"


@pytest.mark.parametrize("step", [0, 1, 2])
def test_a_rung_that_is_for_nobody_goes_to_a_colleague_by_name(step: int) -> None:
    passed_on = replace(WAIT, owner=None, not_me=("ben", "mia"))
    assert to(review(wait=passed_on, step=step)) == ("ana",)
    assert to(review(wait=passed_on, step=step, away=("ana",))) == ("theo",)
    bare = Team(members=frozenset({"ana", "theo"}))
    assert to(review(told(ana=[60]), wait=replace(WAIT, owner=None), step=step, team=bare)) == ("theo",)


def test_where_all_passed_it_on_the_team_is_asked_with_a_lead_named() -> None:
    verdict = review(wait=replace(WAIT, owner=None, not_me=tuple(TEAM.members)))
    assert isinstance(verdict, Send) and verdict.to == () and verdict.asking.lead == "mia"


def test_a_lead_who_is_at_work_is_named_else_who_is_back_first_and_when() -> None:
    full = {member: OwnSwitch(budget=0) for member in ("ana", "ben", "theo")}
    two = replace(TEAM, leads=("mia", "theo"))
    assert isinstance(here := review(switches=full, away=("mia",), team=two), Send)
    assert (here.asking.lead, here.asking.back) == ("theo", None)
    assert isinstance(gone := review(switches=full, away=("mia",)), Send)
    assert (gone.asking.lead, gone.asking.back) == ("mia", NINE + 9 * DAY)


def test_a_mention_in_a_digest_keeps_its_distance_from_a_reminder() -> None:
    facts = AskingFacts(mentioned=lambda member, since: NINE - MINUTE if member == "ana" and since <= NINE - MINUTE else None)
    verdict = review(facts)
    assert isinstance(verdict, Later) and verdict.at == NINE + 9 * MINUTE


def test_what_was_put_off_goes_back_to_its_place_and_keeps_its_distance() -> None:
    def back(step: int, left: tuple[int, float] | None, now: float = NINE + 5 * HOUR) -> float:
        (write,) = ladder.put_back(WAIT, RULES, step=step, now=now, left=left)
        assert isinstance(write, SetReminder)
        return write.due_at - NINE

    assert back(1, None) == 5 * HOUR
    on_time = NINE + LADDER[0].after
    assert back(1, (0, on_time), NINE + HOUR) == LADDER[1].after
    late = NINE + 4 * HOUR + 55 * MINUTE
    assert back(1, (0, late)) == late - NINE + LADDER[1].after - LADDER[0].after
