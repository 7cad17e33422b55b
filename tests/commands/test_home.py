"""The own list and its forms: what is whose, what its buttons do, what nobody else learns."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from bot.commands import forms
from bot.commands import home as own_list
from bot.commands.command import Request
from bot.commands.inputs import inputs_of
from bot.commands.parse import parse_click
from bot.commands.table import COMMANDS
from bot.domain.hours import Hours, WorkingSpan, weekly
from bot.domain.outgoing import Address, Attempt
from bot.domain.preferences import Choices, OwnSwitch, Pause, SetPause
from bot.domain.reasons import Reason, ReasonCode
from bot.domain.refusal import Refusal
from bot.domain.tags import person_tag
from bot.domain.thanks import Thanks
from bot.domain.views import Button, Buttons, Fields, Form, View
from bot.domain.waits import BeforeHanding, Handing, Hold, HoldKind, WaitState
from bot.domain.writes import KeepText, SaveExchange, SaveThanks, SaveWait, SetReminder
from bot.queries.snapshot import ListedWait
from bot.wording.lists import ListPlace, listed_code, out_of_list
from tests.commands.test_commands import a_wait, answered, ask, here, words
from tests.queries.stored import HELP, OFFICE, TEN, transaction
from tests.waits.world import DAY, HOUR, NINE


def held(number: int, kind: HoldKind, by: str, customer: str = "dana", **changes: object) -> ListedWait:
    return a_wait(number, customer, hold=Hold(kind=kind, since=NINE, until=TEN + HOUR, by=by), **changes)


WAITS = (
    a_wait(1, owner="ana"),
    a_wait(2, "omar", owner="ben"),
    held(3, HoldKind.PROMISE, "ana", owner="ana"),
    held(4, HoldKind.PROMISE, "ben", "omar", owner="ben"),
    held(5, HoldKind.SNOOZE, "ana", "dan", owner="ben"),
    held(6, HoldKind.SNOOZE, "ben", "omar", owner="ana"),
)


def home(who: str = "ana", waits: tuple[ListedWait, ...] = WAITS, **more: Any) -> View:
    return own_list.home(here(who, waits, **more))


def buttons(view: View) -> dict[str, Button]:
    return {button.code: button for node in view.nodes if isinstance(node, Buttons) for button in (*node.buttons, *node.more)}


def test_what_is_whose() -> None:
    shown = words(home())
    parts = shown.partition("Your open ends")
    quiet = parts[2].partition("Quiet just now")
    assert "1 customer is waiting for you" in shown
    assert "w1" in parts[0] and not {"w2", "w3", "w5"} & set(parts[0].split())
    assert "w3" in quiet[0] and "w5" in quiet[0], "promised by them, and put off by them"
    assert "w6" in quiet[2] and "w5" not in quiet[2], "theirs, but put off by somebody else"
    assert "w4" not in shown and "w2" not in shown
    mine = words(ask("waiting mine", waits=WAITS).view)
    assert [handle for handle in re.findall(r"w\d", mine) if handle in shown] == re.findall(r"w\d", mine)
    assert "w4" not in mine.split() and "w2" not in mine.split()


def test_an_open_end_says_until_when_and_how_to_take_it_back() -> None:
    shown = words(home())
    assert "you promised an answer by" in shown and "you put it off until" in shown
    offered = buttons(home())
    assert {"answered:w3", "not_me:w3"} <= set(offered)
    assert (offered["answered:w3"].label, offered["not_me:w3"].label) == ("Done", "Give it back")
    undone = {code.partition("/")[0]: button.label for code, button in offered.items() if button.label == "Undo"}
    assert undone == {"unsnooze:w5": "Undo"}, "the other is somebody else's"


def test_a_lead_sees_everybody_and_how_the_team_stands() -> None:
    away = Choices(away={"ben": ((NINE, TEN + DAY),)})
    shown, members = words(home("mia", choices=away)), words(home("ana", choices=away))
    assert "Everybody: 2 customers are waiting, 4 promised or on hold" in shown and "The team now" in shown
    everybody = shown.partition("Everybody:")[2].partition("The team now")[0]
    everybody, _, quiet = everybody.partition("Promised or on hold")
    assert "w1" in everybody and "w2" in everybody and "w3" not in everybody
    assert "w3" in quiet and "w5" in quiet and "you" not in quiet.split(), "what is quiet is below"
    alone = words(home("mia", WAITS[2:3]))
    assert "Nobody else is waiting" not in alone and "Everybody: nobody is waiting just now, 1 promised or on hold" in alone
    assert "Nobody else is waiting" in words(home("mia", ()))
    team = shown.partition("The team now")[2]
    assert "#help (questions), #sales (questions)" in team
    assert "ben" in str([node for node in home("mia", choices=away).nodes if isinstance(node, Fields)]).casefold()
    assert "Everybody" not in members and "The team now" not in members
    assert "form:watch" in buttons(home("mia")) and "form:watch" not in buttons(home("ana"))


def test_what_is_paused_is_said_with_the_way_to_end_it() -> None:
    pauses = {"": Pause(since=NINE, until=TEN + HOUR, by="mia"), HELP: Pause(since=NINE, until=TEN + DAY, by="mia")}
    page = home("mia", choices=Choices(pauses=pauses))
    assert "Everything is paused until" in words(page) and "#help is paused until" in words(page)
    resumed = {code: button.label for code, button in buttons(page).items() if button.verb == "resume"}
    assert sorted(resumed.values()) == ["Resume #help", "Resume everything"]
    for code in resumed:
        given = answered(parse_click(code), here("mia", choices=Choices(pauses=pauses)), TEN)
        ended = {write.channel for write in given.choices if isinstance(write, SetPause) and write.until is None}
        assert ended == ({*pauses} if code.endswith(":all") else {HELP})
    listed = words(ask("waiting", choices=Choices(pauses=pauses)).view)
    assert "#help is paused until" in listed and "by  Mia" in listed
    assert "is paused" not in words(ask("waiting").view) and "resume" not in str(buttons(home("mia")))


def test_what_a_lead_chose_for_somebody_is_theirs_to_read() -> None:
    switches, muted = {"ana": OwnSwitch(budget=0)}, {"ana": OwnSwitch(muted_until=TEN + HOUR)}
    page = home("ana", choices=Choices(switches=switches, switched_by={"ana": "mia"}))
    assert "chosen for you by" in str(page) and "PersonName(person='mia'" in str(page)
    assert "chosen for you by" not in str(home("ana", choices=Choices(switches=switches, switched_by={"ana": "ana"})))
    for line, chosen in (("budget", switches), ("mute", muted)):
        assert "Mia  chose that" in words(ask(line, choices=Choices(switches=chosen, switched_by={"ana": "mia"})).view)


def test_where_nothing_is_kept_of_what_people_write_no_form_asks_for_it() -> None:
    for keeps, asked in ((True, ["when", "why"]), (False, ["when"])):
        snooze = COMMANDS["snooze"]
        assert [one.name for one in inputs_of(snooze, here(), keeps_text=keeps)] == asked
    kept = [param.name for command in COMMANDS.values() for param in command.params if param.kept]
    assert kept == ["why", "note"]


def test_who_was_asked_last_finds_it_on_their_list_and_lists_say_whom_it_was() -> None:
    waits = (a_wait(1, owner="ben"), a_wait(2, "omar", owner="ben"), held(3, HoldKind.CLAIM, "ben", "dan", owner="ben"))
    tx = transaction([one.wait for one in waits], [SetReminder(wait=waits[0].wait.id, step=0, to="owner", due_at=NINE)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    tx.mark_sent(due, at=TEN, to=("ana",))
    mine = home("ana", tx=tx)
    assert "1 customer is waiting for you" in words(mine) and ", asked:  you" in words(mine)
    assert "not_me:w1" in buttons(mine), "who was asked may pass it on"
    everybody = words(ask("waiting", "mia", tx=tx).view)
    assert ", asked:  Ana" in everybody and everybody.count(", with  Ben") == 1
    assert "2 customers are waiting for you" in words(home("ben", tx=tx)) and ", asked:  Ana" in words(home("ben", tx=tx))
    passed_on = replace(waits[0].wait, not_me=("ana",))
    tx.save([SaveWait(wait=passed_on)])
    assert "Nobody is waiting for you" in words(home("ana", tx=tx))
    tx.save([SaveWait(wait=replace(waits[0].wait, ladder_start=TEN + 1))])
    assert "Nobody is waiting for you" in words(home("ana", tx=tx)), "the ladder began anew since"


def test_the_page_says_how_to_ask_and_what_is_kept() -> None:
    assert "lists what you can ask me" in words(home()) and "only while they wait" in words(home())


def test_every_button_is_understood_and_every_form_opens() -> None:
    for who in ("ana", "mia"):
        busy = home(who, choices=Choices(away={who: ((NINE, TEN + DAY),)}), dm=True)
        for code in buttons(busy):
            if code.startswith("form:"):
                assert isinstance(forms.form(code, here(who, WAITS)), Form), code
            else:
                given = answered(parse_click(code), here(who, WAITS), TEN)
                assert not given.view.refused and "isn't known" not in words(given.view), code
    assert {"dm:off", "back:", "form:hours", "form:away", "form:snooze/w1"} <= set(buttons(home(choices=_away(), dm=True)))
    assert "dm:on" in buttons(home()) and "back:" not in buttons(home())


def _away() -> Choices:
    return Choices(away={"ana": ((TEN + DAY, TEN + 2 * DAY),)})


def test_settings_are_said() -> None:
    shown = words(home(choices=_away()))
    assert "Mon-Fri 09:00-17:00, UTC" in shown and "none" in shown and "from" in shown


TIP = 6
"""Nodes of a tip that is shown with the list."""


def thanks_to(member: str, number: int) -> Thanks:
    return Thanks(channel=HELP, message=f"{number}", at=TEN - number, customer="dana", member=member)


def test_however_much_there_is_it_stays_short() -> None:
    many = [a_wait(n, owner="mia") for n in range(1, 40)]
    many += [held(n, HoldKind.PROMISE, "mia", owner="mia") for n in range(40, 60)]
    many += [held(n, HoldKind.CLAIM, "mia", owner="mia") for n in range(60, 99)]
    many += [held(n, HoldKind.CLAIM, "ben", owner="mia") for n in range(100, 109)]
    many += [held(n, HoldKind.CLAIM, "ben", owner="ben") for n in range(110, 119)]
    many += [a_wait(n, owner="ben") for n in range(120, 129)]
    before = BeforeHanding(owner="mia", owner_reason="claimed", hold=None, ladder_start=NINE)
    handed = Handing(by="ana", to="ben", at=TEN, before=before)
    many += [a_wait(n, owner="ben", owner_reason="assigned", handed=handed) for n in range(130, 139)]
    told = [KeepText(wait=one.wait.id, message=one.wait.messages[0], text="where is it?") for one in many]
    reminders = [SetReminder(wait=one.wait.id, step=0, to="owner", due_at=NINE) for one in many[:9]]
    tx = transaction([one.wait for one in many], [*told, *reminders])
    for due in tx.claim_due(TEN, limit=9, lease=60):
        tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("no",)))
    tx.save(SaveThanks(channel=HELP, message=f"{n}", thanks=(thanks_to("mia", n),)) for n in range(9))
    tx.save(SaveExchange(channel=HELP, member="ana", customer=f"c{n}", strength=3.0, at=TEN) for n in range(9))
    unheard = [a_wait(n, customer=f"s{n % 9}") for n in range(-60_000, -59_980)]
    tx.save(SaveWait(wait=one.wait) for one in unheard)
    view = home("mia", tx=tx)
    shown = repr(view)
    assert shown.count(" thanked ") == shown.count("knows only") == shown.count("stopped asking") == 2
    assert len(view.nodes) <= 100 - TIP, "a tip may come on top"
    assert buttons(view)["waiting:mine"].label == "All of it (100 more)"


def test_what_couldnt_be_delivered_is_for_leads() -> None:
    tx = transaction([WAITS[0].wait], [SetReminder(wait=WAITS[0].wait.id, step=0, to="owner", due_at=NINE)])
    (due,) = tx.claim_due(TEN, limit=9, lease=60)
    tx.mark_leaving([(due, Attempt(address=Address("local", "person", "ana"), key="k", at=TEN, to=("ana",)))])
    tx.mark_dead(due, reason=Reason(code=ReasonCode.REFUSED, about=("the channel is gone",)))
    shown = words(home("mia", tx=tx))
    assert " w1 " in shown and "the channel is gone. It may have arrived all the same." in shown
    assert "the channel is gone" not in words(home("ana", tx=tx))


# Forms


def opened(code: str, **known: Any) -> Form:
    form = forms.form(code, here(**known))
    assert form is not None
    return form


def sent(form: Form, **changed: str) -> dict[str, str]:
    """What comes back of a form in which only this was changed."""
    return {asked.name: changed.get(asked.name.replace(".", "_"), asked.value) for asked in form.inputs}


def test_a_form_asks_what_the_command_takes() -> None:
    asks = opened("form:hours")
    assert [asked.kind for asked in asks.inputs] == ["days", "time", "time", "time", "time", "line"]
    again = forms.filled("hours:", sent(asks), here())
    given = answered(again, here(), TEN)  # what stands there is understood as it stands
    assert given.choices[0].hours.week == OFFICE.week  # type: ignore[union-attr]
    snooze = opened("form:snooze/w1", waits=WAITS)
    assert (snooze.verb, snooze.argument, snooze.inputs[0].kind) == ("snooze", "w1", "moment")
    for made in (asks, snooze, opened("form:away"), opened("form:watch", who="mia")):
        assert len(made.title) <= 24 and all(len(field.label) <= 45 for field in made.inputs)


@pytest.mark.parametrize(
    ("said", "inputs"),
    [
        ("mon-thu 9-12, 13-17, fri 9-13", 1),
        ("mon 8-12, tue 9-12, 13-18, sat 10-14, sun 00:00-24:00", 1),
        ("mon-fri 8-10, 11-13, 14-16", 1),
        ("mon-wed 22:00-23:00, 23:30-06:00 next day", 1),
        ("mon 8-9, 10-11, tue 8-9, 10-12, wed 8-9, 10-13, thu 8-9, 10-14, fri 8-9, 10-15, sat 8-9, 10-16, sun 8-9, 10-17", 1),
        ("mon-fri 22:00-06:00 next day", 6),
        ("mon-fri 9-12, 13-17 Asia/Tokyo", 6),
        ("sat 16:00-24:00", 6),
    ],
)
def test_hours_whose_form_is_saved_as_it_was_opened_stay_as_they_are(said: str, inputs: int) -> None:
    chosen = ask(f"hours {said}").choices[0].hours  # type: ignore[union-attr]
    known = here(choices=Choices(hours={"ana": chosen}))
    asks = opened("form:hours", choices=Choices(hours={"ana": chosen}))
    assert len(asks.inputs) == inputs
    (again,) = answered(forms.filled("hours:", sent(asks), known), known, TEN).choices
    assert again.hours.week == chosen.week and again.hours.zone in (chosen.zone, "UTC")  # type: ignore[union-attr]


def test_what_is_wrong_in_a_line_of_hours_is_said_there() -> None:
    for line in ("", "9-17 mon-fry", "x"):
        refused = forms.filled("hours:", {"hours.line": line}, here())
        shown = refused if isinstance(refused, Refusal) else answered(refused, here(), TEN).view
        assert isinstance(shown, Refusal) or shown.refused
        assert forms.main_input("hours:", {"hours.line": line}) == "hours.line"
    assert forms.main_input("hours:", {"hours.from": "x"}) == "hours.from"


def test_a_night_that_ends_before_it_begins_ends_on_the_next_day() -> None:
    values = sent(opened("form:hours"), hours_from="22:00", hours_to="06:00")
    chosen = answered(forms.filled("hours:", values, here()), here(), TEN).choices[0].hours  # type: ignore[union-attr]
    assert chosen.week[0] == (WorkingSpan(opens=22 * 60, closes=30 * 60),)


def test_a_day_may_end_at_midnight() -> None:
    values = sent(opened("form:hours"), hours_from="16:00", hours_to="00:00")
    chosen = answered(forms.filled("hours:", values, here()), here(), TEN).choices[0].hours  # type: ignore[union-attr]
    assert chosen.week[0] == (WorkingSpan(opens=16 * 60, closes=24 * 60),)
    assert [asked.value for asked in opened("form:hours", choices=Choices(hours={"ana": chosen})).inputs][1:3] == [
        "16:00",
        "00:00",
    ]


def test_a_day_round_the_clock_stays_one() -> None:
    always = Hours(zone=UTC, week=weekly(range(7), [WorkingSpan(opens=0, closes=24 * 60)]))
    chosen = answered(forms.filled("hours:", sent(opened("form:hours", hours=always)), here()), here(), TEN).choices[0].hours  # type: ignore[union-attr]
    assert chosen.week == always.week


def test_hours_with_a_break_are_chosen_by_days_and_times() -> None:
    asks = opened("form:hours")
    values = sent(asks, hours_days="mon,wed", hours_break="12:00", hours_back="13:00", hours_to="16:30")
    chosen = answered(forms.filled("hours:", values, here()), here(), TEN).choices[0].hours  # type: ignore[union-attr]
    assert chosen.week == weekly([0, 2], [WorkingSpan(opens=540, closes=720), WorkingSpan(opens=780, closes=990)])
    again = opened("form:hours", choices=Choices(hours={"ana": chosen}))
    assert [asked.value for asked in again.inputs][:5] == ["mon,wed", "09:00", "16:30", "12:00", "13:00"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"hours_days": ""}, "hours.days"),
        ({"hours_from": ""}, "hours.from"),
        ({"hours_break": "12:00"}, "hours.back"),
        ({"hours_back": "12:00"}, "hours.break"),
        ({"hours_break": "18:00", "hours_back": "19:00"}, "hours.back"),
        ({"hours_to": "09:00", "hours_break": "12:00", "hours_back": "13:00"}, "hours.to"),
        ({"hours_from": "25:00"}, "hours.from"),
        ({"hours_to": "17:75"}, "hours.to"),
        ({"hours_zone": "IST"}, "hours.zone"),
        ({"hours_zone": "EST"}, "hours.zone"),
        ({"hours_zone": "Atlantis"}, "hours.zone"),
        ({"hours_from": "09:00", "hours_to": "09:00"}, "hours.to"),
        ({"hours_from": "22:00", "hours_to": "06:00", "hours_break": "02:00", "hours_back": "02:30"}, "hours.break"),
    ],
)
def test_what_is_wrong_is_said_at_its_input(changed: dict[str, str], field: str) -> None:
    refused = forms.filled("hours:", sent(opened("form:hours"), **changed), here())
    assert isinstance(refused, Refusal) and refused.field == field


def test_being_away_is_chosen_by_its_two_ends() -> None:
    asks = opened("form:away")
    assert [(asked.kind, asked.required) for asked in asks.inputs] == [("moment", False), ("moment", True)]
    assert asks.inputs[1].value == str(int(NINE + DAY)), "tomorrow, when they begin"
    (now_on,) = answered(forms.filled("away:", sent(asks), here()), here(), TEN).choices
    assert (now_on.since, now_on.until) == (TEN, NINE + DAY)  # type: ignore[union-attr]
    values = sent(asks, when_from=str(int(NINE + DAY)), when_until=str(int(NINE + 3 * DAY)))
    (later,) = answered(forms.filled("away:", values, here()), here(), TEN).choices
    assert (later.since, later.until) == (NINE + DAY, NINE + 3 * DAY)  # type: ignore[union-attr]
    for values in (sent(asks, when_until=""), sent(asks, when_from=str(int(NINE + DAY)), when_until="")):
        refused = forms.filled("away:", values, here())
        assert isinstance(refused, Refusal) and refused.field == "when.until"


@pytest.mark.parametrize(
    ("since", "until", "field"),
    [
        (None, NINE, "when.until"),
        (None, NINE + 400 * DAY, "when.until"),
        (NINE + 400 * DAY, NINE + 401 * DAY, "when.until"),
        (NINE + 2 * DAY, NINE + DAY, "when.until"),
        (NINE + 2 * DAY, NINE + 2 * DAY, "when.until"),
    ],
)
def test_two_ends_that_cant_be_are_told_where_they_stand(since: float | None, until: float, field: str) -> None:
    values = sent(opened("form:away"), when_from="" if since is None else str(int(since)), when_until=str(int(until)))
    refused = forms.filled("away:", values, here())
    assert isinstance(refused, Refusal) and refused.field == field and "understand" not in refused.says


def test_an_absence_that_has_begun_counts_from_now_on() -> None:
    values = sent(opened("form:away"), when_from=str(int(NINE - DAY)), when_until=str(int(NINE + DAY)))
    (away,) = answered(forms.filled("away:", values, here()), here(), TEN).choices
    assert (away.since, away.until) == (TEN, NINE + DAY)  # type: ignore[union-attr]


def test_a_snooze_is_chosen_by_day_and_time() -> None:
    values = sent(opened("form:snooze/w1", waits=WAITS), when=str(int(NINE + DAY + 30 * 60)))
    request = forms.filled("snooze:w1", values, here(waits=WAITS))
    assert request == Request(verb="snooze", given={"wait": "w1", "when": "2026-03-03 09:30"})
    taken = answered(request, here(waits=WAITS), TEN)
    assert [(event.verb, event.until) for event in taken.events] == [("snooze", NINE + DAY + 30 * 60)]


def test_a_channel_is_chosen_from_those_there_are() -> None:
    asks = opened("form:watch", who="mia")
    assert [label for label, _ in asks.inputs[0].options] == ["#help", "#sales"]
    values = {"channel": asks.inputs[0].options[1][1], "mode": "mentions"}
    (chosen,) = answered(forms.filled("watch:", values, here("mia")), here("mia"), TEN).choices
    assert (chosen.channel, chosen.watch) == ("local:harbor:sales", "mentions")  # type: ignore[union-attr]


def test_a_form_that_was_opened_in_a_list_comes_back_with_its_page() -> None:
    form = opened(listed_code("form:snooze/w1", ListPlace(page=2)), waits=WAITS)
    assert out_of_list(f"{form.verb}:{form.argument}") == (ListPlace(page=2), "snooze:w1")


OVER = replace(WAITS[0], wait=replace(WAITS[0].wait, state=WaitState.ANSWERED, ended_at=TEN))


NO_FORM = ["form:", "form:snooze", "form:snooze/", "form:snooze/w99", "form:snooze/w1", "form:dismiss/w2", "x"]


@pytest.mark.parametrize("code", NO_FORM)
def test_what_opens_nothing(code: str) -> None:
    assert forms.form(code, here(waits=(OVER, *WAITS[1:]))) is None


@pytest.mark.parametrize(
    ("code", "text", "request_"),
    [
        ("hours:", "9-17 mon-thu", Request(verb="hours", given={"hours": "9-17 mon-thu"})),
        ("away:", "until monday", Request(verb="away", given={"when": "until monday"})),
        ("away:", "tomorrow until 1 December", Request(verb="away", given={"when": "tomorrow until 1 December"})),
        ("snooze:w17", " tomorrow 9am ", Request(verb="snooze", words=("w17", "tomorrow", "9am"))),
        ("snooze:17", "2h", Request(verb="snooze", words=("w17", "2h"))),
    ],
)
def test_a_form_comes_back_as_what_the_command_takes(code: str, text: str, request_: Request) -> None:
    assert forms.filled(code, {"text": text}, here(waits=WAITS)) == request_


@pytest.mark.parametrize(
    ("code", "text", "says"),
    [
        ("hours:", "", "Which hours?"),
        ("away:", "  ", "Until when?"),
        ("snooze:w17", "", "Until when?"),
        ("away:", "@ben until friday", "for yourself alone"),
        ("away:", f"{person_tag('ben')} until friday", "for yourself alone"),
        ("hours:", "x " * 40, "more than hours understands"),
        ("snooze:dana", "2h", "isn't known"),
        ("snooze:", "2h", "isn't known"),
        ("away:x", "2h", "isn't known"),
        ("unwatch:", "#help", "isn't known"),
        ("", "2h", "isn't known"),
        ("hours:", "9-17 " * 90, "longer than a command"),
    ],
)
def test_a_form_that_cant_be_read_is_refused(code: str, text: str, says: str) -> None:
    refused = forms.filled(code, {"text": text}, here(waits=WAITS))
    assert isinstance(refused, Refusal) and says in refused.says and refused.tries


def test_what_a_form_gives_is_read_as_one_param_each() -> None:
    """What stands in one input never spills into another: a line would read "dana 2h" as a customer and a time."""
    taken = answered(forms.filled("snooze:w1", {"text": "2h"}, here(waits=WAITS)), here(waits=WAITS), TEN)
    assert [(event.verb, event.until) for event in taken.events] == [("snooze", TEN + 2 * HOUR)]
    spilled = answered(Request(verb="snooze", given={"wait": "w1 2h", "when": "2h"}), here(waits=WAITS), TEN)
    assert not spilled.events and "takes only a wait; what is “2h”?" in spilled.view.fallback
    away = answered(forms.filled("away:", {"text": "friday"}, here(waits=WAITS)), here(), TEN)
    assert [type(choice).__name__ for choice in away.choices] == ["SetAway"]


def test_a_hold_that_ran_out_waits_again() -> None:
    past = held(1, HoldKind.PROMISE, "ana", owner="ana")
    assert "you promised" in words(home("ana", (past,)))
    shown = words(home("ana", (past,), now=TEN + 2 * HOUR))
    assert "1 customer is waiting for you" in shown and "promised" not in shown
