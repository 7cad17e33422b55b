"""Working hours: what is open, what is next, how much working time passes; through clock changes of many zones and years."""

from datetime import UTC, date, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.domain.hours import (
    ALWAYS,
    LOOKAHEAD,
    Hours,
    Own,
    WorkingSpan,
    closes,
    combine,
    day,
    holiday,
    is_open,
    next_day_open,
    next_open,
    wall,
    weekly,
    working_between,
)
from bot.domain.written_hours import read_span
from tests.domain.dates import Dates

ZONES = (
    "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "Africa/Casablanca",
    "America/Sao_Paulo", "America/Havana", "UTC",
)  # fmt: skip
BERLIN = ZoneInfo("Europe/Berlin")
HOUR, DAY = 3600.0, 86400.0


def office(*spans: str, zone: str = "Europe/Berlin", days: range = range(5)) -> Hours:
    return Hours(zone=ZoneInfo(zone), week=weekly(days, [read_span(span) for span in spans]))


def at(zone: str, *parts: int, fold: int = 0) -> float:
    return datetime(*parts, tzinfo=ZoneInfo(zone), fold=fold).timestamp()  # type: ignore[arg-type, misc]


def berlin(*parts: int, fold: int = 0) -> float:
    return at("Europe/Berlin", *parts, fold=fold)


NINE_TO_FIVE = office("09:00-17:00")


def test_open_from_the_opening_up_to_the_closing_instant() -> None:
    hours = office("09:00-12:30", "13:30-18:00")
    asked = {(9, 0): True, (8, 59): False, (12, 29): True, (12, 30): False, (13, 30): True, (17, 59): True, (18, 0): False}
    assert {clock: is_open(hours, berlin(2024, 5, 15, *clock)) for clock in asked} == asked
    assert not is_open(hours, berlin(2024, 5, 18, 10, 0))


def test_each_weekday_may_have_its_own_spans() -> None:
    hours = Hours(zone=BERLIN, week=((read_span("8-12"),), (), (read_span("14-18"),), (), (), (), ()))
    assert next_open(hours, berlin(2024, 5, 13, 12, 0)) == berlin(2024, 5, 15, 14, 0)
    assert next_open(hours, berlin(2024, 5, 15, 18, 0)) == berlin(2024, 5, 20, 8, 0)


def test_a_night_shift_belongs_to_the_day_it_starts_on() -> None:
    saturday = date(2024, 5, 18)
    hours = Hours(
        zone=BERLIN, week=weekly([4], [read_span("22:00-06:00 next day")]), holidays=(Dates(dates=frozenset({saturday})),)
    )
    assert is_open(hours, berlin(2024, 5, 18, 5, 59)) and not is_open(hours, berlin(2024, 5, 18, 6, 0))
    assert closes(hours, berlin(2024, 5, 17, 23, 0)) == berlin(2024, 5, 18, 6, 0)
    off = Hours(zone=BERLIN, week=hours.week, holidays=(Dates(dates=frozenset({date(2024, 5, 17)})),))
    assert not is_open(off, berlin(2024, 5, 18, 5, 0))


def test_a_sunday_night_shift_runs_into_the_next_week() -> None:
    hours = office("22:00-06:00 next day", days=range(6, 7))
    assert is_open(hours, berlin(2024, 5, 20, 3, 0))
    assert closes(hours, berlin(2024, 5, 19, 22, 0)) == berlin(2024, 5, 20, 6, 0)
    assert working_between(hours, berlin(2024, 5, 19, 0, 0), berlin(2024, 5, 21, 0, 0)) == 8 * HOUR


def test_always_is_always_open_and_knows_no_closing() -> None:
    now = berlin(2024, 5, 18, 3, 0)
    assert is_open(ALWAYS, now) and next_open(ALWAYS, now) == now and closes(ALWAYS, now) is None
    assert working_between(ALWAYS, now, now + 7.25) == 7.25


def test_a_week_without_hours_never_opens() -> None:
    never = Hours(zone=BERLIN, week=weekly([], []))
    now = berlin(2024, 5, 15, 10, 0)
    assert next_open(never, now) is None and next_day_open(never, now) is None
    assert closes(never, now) == now and working_between(never, now, now + 400 * DAY) == 0


def test_holidays_are_closed_and_have_a_name() -> None:
    labour_day = Dates(dates=frozenset({date(2024, 5, 1)}), name="Labour Day")
    hours = Hours(zone=BERLIN, week=NINE_TO_FIVE.week, holidays=(labour_day,))
    assert holiday(hours, date(2024, 5, 1)) == "Labour Day" and holiday(hours, date(2024, 5, 2)) is None
    assert next_open(hours, berlin(2024, 4, 30, 17, 0)) == berlin(2024, 5, 2, 9, 0)
    assert next_day_open(hours, berlin(2024, 4, 30, 8, 0)) == berlin(2024, 5, 2, 9, 0)


def test_time_away_is_cut_out_of_the_hours() -> None:
    hours = Hours(zone=BERLIN, week=NINE_TO_FIVE.week, away=((berlin(2024, 5, 15, 11, 0), berlin(2024, 5, 16, 10, 0)),))
    assert closes(hours, berlin(2024, 5, 15, 9, 0)) == berlin(2024, 5, 15, 11, 0)
    assert next_open(hours, berlin(2024, 5, 15, 12, 0)) == berlin(2024, 5, 16, 10, 0)
    assert working_between(hours, berlin(2024, 5, 15, 10, 0), berlin(2024, 5, 16, 11, 0)) == 2 * HOUR


def test_away_for_longer_than_the_look_ahead_is_no_next_opening() -> None:
    now = berlin(2024, 5, 15, 10, 0)
    assert next_open(Hours(zone=BERLIN, week=NINE_TO_FIVE.week, away=((now, now + 2 * LOOKAHEAD),)), now) is None


def test_working_time_skips_nights_and_weekends() -> None:
    friday = berlin(2024, 5, 17, 16, 30)
    assert working_between(NINE_TO_FIVE, friday, berlin(2024, 5, 17, 17, 0)) == HOUR / 2
    assert working_between(NINE_TO_FIVE, friday, berlin(2024, 5, 20, 9, 30)) == HOUR
    assert working_between(NINE_TO_FIVE, friday, friday - DAY) == 0


def test_a_persons_week_replaces_the_teams_and_holidays_add() -> None:
    team = Hours(zone=BERLIN, week=NINE_TO_FIVE.week, holidays=(Dates(dates=frozenset({date(2024, 5, 1)})),))
    own = Own(zone=ZoneInfo("America/New_York"), holidays=(Dates(dates=frozenset({date(2024, 5, 2)})),))
    assert next_open(combine(team, own), berlin(2024, 5, 1, 0, 0)) == at("America/New_York", 2024, 5, 3, 9, 0)
    late = combine(team, Own(week=weekly([2], [read_span("14-20")])))
    assert next_open(late, berlin(2024, 5, 2, 0, 0)) == berlin(2024, 5, 8, 14, 0)
    assert combine(team, Own()) == team
    assert combine(team, own) == combine(team, own) and hash(combine(team, own)) == hash(combine(team, own))


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("09:00-17:30", (540, 1050)), ("9-17", (540, 1020)), ("22:00-06:00 next day", (1320, 1800)), ("0:00-24:00", (0, 1440))],
)
def test_reads_spans(text: str, minutes: tuple[int, int]) -> None:
    assert (read_span(text).opens, read_span(text).closes) == minutes


@pytest.mark.parametrize("text", ["", "9", "9-25", "24:00-06:00", "9:60-10", "9-9", "nine to five", "9-17-18"])
def test_refuses_what_are_no_hours(text: str) -> None:
    with pytest.raises(ValueError, match=r"hours|starts and ends"):
        read_span(text)


def test_impossible_values_are_refused_at_birth() -> None:
    with pytest.raises(ValueError, match="impossible"):
        WorkingSpan(opens=600, closes=600)
    with pytest.raises(ValueError, match="7 days"):
        Hours(zone=UTC, week=((),))
    with pytest.raises(ValueError, match="end must come after"):
        Hours(zone=UTC, week=ALWAYS.week, away=((5.0, 5.0),))
    with pytest.raises(ValueError, match="milliseconds"):
        is_open(NINE_TO_FIVE, 1_700_000_000_000)


# --- clock changes: the policy in the module's docstring, case by case


def lasts(hours: Hours, on: date) -> float:
    return sum(end - start for start, end in day(hours, on))


def test_spring_gap_moves_an_edge_to_the_first_instant_after_it() -> None:
    sunday = date(2024, 3, 31)  # 02:00 to 03:00 don't exist in Berlin
    after_gap = berlin(2024, 3, 31, 3, 0)
    assert day(office("02:30-09:00", days=range(7)), sunday) == ((after_gap, berlin(2024, 3, 31, 9, 0)),)
    assert day(office("00:00-02:30", days=range(7)), sunday) == ((berlin(2024, 3, 31, 0, 0), after_gap),)
    assert day(office("02:10-02:50", days=range(7)), sunday) == ()
    assert lasts(office("00:00-04:00", days=range(7)), sunday) == 3 * HOUR


def test_autumn_fold_is_covered_in_both_passes() -> None:
    sunday = date(2024, 10, 27)  # 02:00 to 03:00 happen twice in Berlin
    assert lasts(office("00:00-04:00", days=range(7)), sunday) == 5 * HOUR
    assert day(office("02:30-04:00", days=range(7)), sunday)[0][0] == berlin(2024, 10, 27, 2, 30, fold=0)
    assert day(office("01:00-02:30", days=range(7)), sunday)[0][1] == berlin(2024, 10, 27, 2, 30, fold=1)
    assert lasts(office("01:00-02:00", days=range(7)), sunday) == HOUR
    assert lasts(office("02:00-03:00", days=range(7)), sunday) == 2 * HOUR
    assert lasts(office("03:00-04:00", days=range(7)), sunday) == HOUR


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    hours = office("22:00-06:00 next day", days=range(7))
    assert [lasts(hours, on) / HOUR for on in (date(2024, 3, 30), date(2024, 10, 26), date(2024, 5, 1))] == [7, 9, 8]


def test_lord_howe_changes_by_half_an_hour() -> None:
    hours = office("00:00-06:00", zone="Australia/Lord_Howe", days=range(7))
    assert [lasts(hours, on) / HOUR for on in (date(2024, 4, 7), date(2024, 10, 6))] == [6.5, 5.5]


def test_the_day_that_apia_skipped_has_no_working_time() -> None:
    hours = office("09:00-17:00", zone="Pacific/Apia")
    assert day(hours, date(2011, 12, 30)) == ()
    assert next_open(hours, at("Pacific/Apia", 2011, 12, 29, 17, 0)) == at("Pacific/Apia", 2012, 1, 2, 9, 0)
    night = office("22:00-06:00 next day", zone="Pacific/Apia", days=range(7))
    assert lasts(night, date(2011, 12, 29)) == 2 * HOUR


def test_a_midnight_that_does_not_exist_is_the_first_instant_of_the_day() -> None:
    hours = office("00:00-08:00", zone="America/Sao_Paulo", days=range(7))
    first, last = (at("America/Sao_Paulo", 2018, 11, 4, hour, 0) for hour in (1, 8))
    assert day(hours, date(2018, 11, 4)) == ((first, last),)
    assert lasts(office("18:00-24:00", zone="America/Sao_Paulo", days=range(7)), date(2018, 2, 17)) == 7 * HOUR


def test_a_span_to_midnight_ends_before_a_repeated_midnight() -> None:
    hours = office("18:00-24:00", zone="America/Havana", days=range(7))
    assert day(hours, date(2024, 11, 2))[0][1] == at("America/Havana", 2024, 11, 3, 0, 0, fold=0)


class BackOverMonday(tzinfo):
    """At 00:30 of Monday, 13 May 2024 (UTC) the clock goes back to 23:30 of Sunday."""

    CHANGE = datetime(2024, 5, 13, 0, 30)

    def utcoffset(self, local: datetime | None) -> timedelta:
        assert local is not None
        shown = local.replace(tzinfo=None, fold=0)
        after = shown >= self.CHANGE or (shown >= self.CHANGE - timedelta(hours=1) and bool(local.fold))
        return timedelta(hours=-1 if after else 0)

    def fromutc(self, utc: datetime) -> datetime:
        if utc.replace(tzinfo=None) < self.CHANGE:
            return utc
        return (utc - timedelta(hours=1)).replace(fold=int(utc.replace(tzinfo=None) < self.CHANGE + timedelta(hours=1)))


def test_a_clock_that_goes_back_over_mondays_midnight_loses_no_monday() -> None:
    hours = Hours(zone=BackOverMonday(), week=weekly([0], [read_span("00:00-08:00")]))
    change = BackOverMonday.CHANGE.replace(tzinfo=UTC).timestamp()
    assert all(is_open(hours, change + minutes * 60) for minutes in (-30, -1, 0, 29, 30, 509))
    assert not is_open(hours, change - 31 * 60) and not is_open(hours, change + 510 * 60)


# --- properties over years and zones

ODD_DAYS = st.sampled_from(
    [
        date(2024, 3, 31),
        date(2024, 10, 27),
        date(2011, 12, 30),
        date(2018, 11, 4),
        date(2018, 2, 18),
        date(2024, 4, 7),
        date(2023, 3, 19),
    ]
)
DATES = st.dates(date(1990, 1, 1), date(2060, 12, 31)) | ODD_DAYS
INSTANTS = st.builds(
    lambda on, offset: datetime(on.year, on.month, on.day, tzinfo=UTC).timestamp() + offset, DATES, st.integers(-86400, 2 * 86400)
)
SPANS = st.builds(
    lambda opens, length: WorkingSpan(opens=opens, closes=opens + length), st.integers(0, 1439), st.integers(1, 1440)
)
SETTLED = st.sampled_from(
    [
        tuple(read_span(span) for span in spans)
        for spans in (["09:00-12:30", "13:30-18:00"], ["22:00-06:00 next day"], ["00:00-24:00"])
    ]
)


@st.composite
def any_hours(draw: st.DrawFn) -> Hours:
    spans = SETTLED | st.lists(SPANS, min_size=1, max_size=3).map(tuple)
    days = draw(st.sets(st.integers(0, 6), min_size=1))
    week = tuple(draw(spans) if weekday in days else () for weekday in range(7))
    off = frozenset(draw(st.lists(DATES, max_size=3)))
    gone = draw(st.lists(st.tuples(INSTANTS, st.integers(60, 20 * 86400)), max_size=2))
    zone = ZoneInfo(draw(st.sampled_from(ZONES)))
    away = tuple((start, start + length) for start, length in gone)
    return Hours(zone=zone, week=week, holidays=(Dates(dates=off),), away=away)


def shown_open(hours: Hours, instant: float) -> bool:
    """The naive rule by the clock on the wall; right wherever the clock doesn't change nearby."""
    local = datetime.fromtimestamp(instant, hours.zone)
    minute = local.hour * 60 + local.minute
    for back in (0, 1):
        on = local.date() - timedelta(days=back)
        worked = any(span.opens <= minute + back * 1440 < span.closes for span in hours.week[on.weekday()])
        if worked and holiday(hours, on) is None:
            return not any(gone <= instant < back_at for gone, back_at in hours.away)
    return False


def settled(zone: tzinfo, instant: float) -> bool:
    offsets = {datetime.fromtimestamp(instant + days * DAY, zone).utcoffset() for days in (-2, -1, 0, 1, 2)}
    return len(offsets) == 1


@settings(max_examples=150, deadline=None)
@given(any_hours(), INSTANTS)
def test_open_is_what_the_clock_on_the_wall_shows(hours: Hours, instant: float) -> None:
    if settled(hours.zone, instant):
        assert is_open(hours, instant) == shown_open(hours, instant)


@settings(max_examples=150, deadline=None)
@given(any_hours(), INSTANTS)
@example(office("00:00-01:00", zone="America/Sao_Paulo", days=range(7)), at("America/Sao_Paulo", 2018, 11, 3, 23, 0))
def test_the_next_opening_is_open_and_nothing_before_it_is(hours: Hours, instant: float) -> None:
    found = next_open(hours, instant)
    assert found is not None and found >= instant and is_open(hours, found)
    assert working_between(hours, instant, found) == 0
    for part in range(20):
        earlier = instant + (found - instant) * part / 20
        assert earlier == found or not is_open(hours, earlier)
    until = closes(hours, found)
    if until is not None:
        assert until > found and not is_open(hours, until)
        assert working_between(hours, found, until) == until - found


@settings(max_examples=150, deadline=None)
@given(any_hours(), INSTANTS, st.integers(0, 30 * 86400), st.integers(0, 30 * 86400))
def test_working_time_adds_up_and_never_exceeds_the_wall_clock(hours: Hours, start: float, first: int, second: int) -> None:
    middle, end = start + first, start + first + second
    before, after, whole = (working_between(hours, *pair) for pair in ((start, middle), (middle, end), (start, end)))
    assert 0 <= before <= first and 0 <= after <= second
    assert whole == pytest.approx(before + after, abs=1e-4)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(ZONES), DATES)
def test_a_round_of_whole_days_has_no_gap_and_an_hour_is_an_hour(zone: str, on: date) -> None:
    whole = Hours(zone=ZoneInfo(zone), week=ALWAYS.week, holidays=(Dates(dates=frozenset()),))
    start = wall(whole.zone, on, 0)
    assert working_between(whole, start, start + 10 * DAY) == 10 * DAY
    assert working_between(whole, start, start + HOUR) == HOUR
    assert sum(lasts(whole, on + timedelta(days=n)) for n in range(3)) == wall(whole.zone, on + timedelta(days=3), 0) - start
